# SPDX-License-Identifier: GPL-2.0
"""binder-lru: the pages that the shrinker may take, oldest first."""

import gdb

from binder import command, kernel, objects


def lru():
    """The list_lru of all arenas."""
    symbol = gdb.lookup_static_symbol("arena_lru")
    if symbol is None:
        raise gdb.GdbError("no arena_lru: is it a kernel with our driver?")
    return symbol.value()


def lists():
    """(name, struct list_lru_one) of each list: a node, a memory cgroup."""
    whole = lru()
    if not whole['node']:
        return      # the kernel is still booting
    nodes = int(gdb.parse_and_eval("nr_node_ids")) if \
        gdb.lookup_global_symbol("nr_node_ids") else 1
    for node in range(nodes):
        yield f"node {node}, root", whole['node'][node]['lru']
    if not any(f.name == "xa" for f in whole.type.fields()):
        return
    for group, address in kernel.xarray_entries(whole['xa']):
        per_group = kernel.pointer(address, "struct list_lru_memcg")
        for node in range(nodes):
            yield (f"node {node}, memory cgroup {group}",
                   per_group['node'][node])


def records(one):
    """The pages on one list, oldest first."""
    return kernel.entries(one['list'], "struct arena_page", "lru")


def place_of(record):
    """(place from the oldest, length of its list), or None."""
    for _, one in lists():
        found = [int(r) for r in records(one)]
        if int(record) in found:
            return found.index(int(record)) + 1, len(found)
    return None


def _row(place, record):
    arena = record['arena']
    index = int(record['index'])
    proc = objects.proc_of_arena(arena)
    address = int(arena['id']['start']) + (index << kernel.PAGE_SHIFT)
    owner = (int(proc['pid']), objects.comm(proc['leader'])) \
        if proc is not None else ("-", "gone")
    return (place, *owner,
            index, f"{address:#x}", f"{kernel.pfn_of(record['page']):x}",
            "in use" if record['in_use'] else "idle")


_HEAD = ("PLACE", "PID", "NAME", "SLOT", "ADDRESS", "PFN", "STATE")


class BinderLru(command.Command):
    """Show the pages that wait for the shrinker, oldest first.

binder-lru

A list for each memory node and memory cgroup. A page that is in use again
stays where it is until the shrinker meets it."""

    NAME = "binder-lru"

    def run(self, arg, from_tty):
        if arg.strip():
            raise gdb.GdbError("usage: binder-lru")
        total = 0
        for name, one in lists():
            count = int(one['nr_items'])
            if not count and not any(True for _ in records(one)):
                continue
            gdb.write(f"{name}: {count} pages\n")
            found = command.table(_HEAD, (
                _row(place, record)
                for place, record in enumerate(records(one), 1)), "  ")
            total += found
            if found != count:
                gdb.write(f"  {found} are on the list: it is just being "
                          "changed, or broken\n")
        gdb.write(f"{total} pages on the LRU\n" if lru()['node'] else
                  "the kernel is still booting: the LRU is not there yet\n")


BinderLru()
