# SPDX-License-Identifier: GPL-2.0
"""binder-validate: do all books agree with each other?"""

import gdb

from binder import arena as arenas
from binder import books, command, kernel, lru, nodes, objects, txn


def _check_arena(proc):
    arena = proc['arena']
    if not arena or not int(arena['size']):
        return
    all_slots, bufs = arenas.slots(arena), list(arenas.ranges(arena))
    yield from books.slots_and_ranges(arena, all_slots)
    yield from books.delivered_pages(bufs, all_slots)
    yield from books.range_sums(arena, bufs)
    yield from books.linked_back(arena['ranges']['end']['order'])
    for buf in bufs:
        found = arenas.txn_of(buf)
        if found['to'] != proc:
            yield (f"the buffer at {int(buf['range']['start']):#x} is that of "
                   f"transaction {int(found['id'])}, which is to somebody else")


def _check_threads(proc):
    last, known = -1, set()
    for thread in objects.threads(proc):
        tid = int(thread['pid'])
        known.add(int(thread))
        if thread['proc'] != proc:
            yield f"thread {tid} is among those of another process"
        if thread['dead']:
            yield f"thread {tid} is dead, but still in proc->threads"
        if tid <= last:
            yield f"thread {tid} comes after thread {last} in proc->threads"
        last = tid
        yield from books.linked_back(thread['todo'])
        for found, own in txn.stack(thread):
            if not own and (found['to'] != proc or
                            int(found['to_tid']) != tid):
                yield (f"thread {tid} has to answer transaction "
                       f"{int(found['id'])}, which was not sent to it")
    for thread in kernel.entries(proc['waiting'], "struct binder_thread",
                                 "waiting"):
        if int(thread) not in known:
            yield f"{int(thread):#x} is asleep, but no thread of the process"
    yield from books.linked_back(proc['waiting'])
    yield from books.linked_back(proc['todo'])


def _check_nodes(proc):
    last = -1
    for node in nodes.nodes(proc):
        name = f"node {int(node['id'])}"
        if node['proc'] != proc:
            yield f"{name} is among those of another process"
        if int(node['ptr']) <= last:
            yield f"{name} is out of order in proc->nodes"
        last = int(node['ptr'])
        held = list(nodes.holders(node))
        strong = sum(1 for ref in held if int(ref['strong']))
        if any(ref['node'] != node for ref in held):
            yield f"{name} is held by a reference to another one"
        if strong != int(node['strong_refs']):
            yield (f"{name} has {strong} strong handles, but "
                   f"{int(node['strong_refs'])} are counted")
        yield from books.linked_back(node['refs'])
        yield from books.linked_back(node['oneway_todo'])
        if not node['oneway_busy'] and any(nodes.waiting_oneway(node)):
            yield f"{name} is not busy, but oneway messages wait"


def _check_refs(proc):
    by_node = {int(r) for r in kernel.tree_entries(
        proc['refs_by_node'], "struct binder_ref", "by_node")}
    by_handle = set()
    for index, address in kernel.xarray_entries(proc['handles']):
        ref = kernel.pointer(address, "struct binder_ref")
        by_handle.add(address)
        if int(ref['handle']) != index:
            yield (f"handle {index} finds a reference that is "
                   f"{int(ref['handle'])}")
        if ref['proc'] != proc:
            yield f"handle {index} is that of another process"
        if not int(ref['strong']) and not int(ref['weak']):
            yield f"handle {index} has no count"
    busy = books.mutex_owner(proc['refs_lock'])
    if by_node != by_handle and not busy:
        yield "proc->handles and proc->refs_by_node have different references"


CHECKS = (("arena", _check_arena), ("threads", _check_threads),
          ("nodes", _check_nodes), ("references", _check_refs))


def wrong_with(proc):
    """What is wrong with a process, in words."""
    for what, check in CHECKS:
        yield from _complaints(what, check, proc)


def _complaints(what, check, *args):
    """What a check says, and why it could not go on."""
    try:
        yield from check(*args)
    except Exception as error:  # pylint: disable=broad-except
        yield f"{what}: {command.explain(error)}"


def wrong_with_lru():
    """What is wrong with the list of idle pages."""
    listed = set()
    for name, one in lru.lists():
        found = list(lru.records(one))
        if len(found) != int(one['nr_items']):
            yield (f"{name}: {len(found)} pages are listed, but "
                   f"{int(one['nr_items'])} are counted")
        for record in found:
            listed.add(int(record))
            if not record['listed']:
                yield (f"{name}: {int(record):#x} does not know that it is "
                       "listed")
    for proc in objects.all_procs():
        if not proc['arena'] or not int(proc['arena']['size']):
            continue
        for slot in arenas.slots(proc['arena']):
            if slot.page is not None and slot.listed and \
                    int(slot.record) not in listed:
                yield (f"slot {slot.index} of {objects.describe_proc(proc)} is "
                       "marked as listed, but on no list")


def is_alive():
    """Is there a process, and not just its remains?"""
    inferior = gdb.selected_inferior()
    return inferior.pid != 0 and inferior.connection is not None and \
        inferior.connection.type != "core"


def _lock_is_held(lock):
    raw = lock['rlock']
    if not any(f.name == "owner" for f in raw.type.fields()):
        return False
    return int(raw['owner']) & (1 << 64) - 1 != (1 << 64) - 1


def why_not_call(arena):
    """Why arena_validate() of the kernel cannot be called now, or None."""
    if not is_alive():
        return "there is no process, only its remains"
    if gdb.lookup_global_symbol("arena_validate") is None:
        return "this kernel has no arena_validate()"
    if _lock_is_held(arena['lock']):
        return "arena->lock is held"
    return None


def call_kernel(arena):
    """arena_validate(), with the guest's interrupts off."""
    enabled = int(gdb.parse_and_eval("signals_enabled"))
    gdb.execute("set var signals_enabled = 0")
    try:
        return bool(gdb.lookup_global_symbol("arena_validate").value()(arena))
    finally:
        gdb.execute(f"set var signals_enabled = {enabled}")


def _second_opinion(proc, wrong):
    """What the kernel itself says of the arena, and whether all is well."""
    if wrong:
        return "the kernel was not asked: that could be its end", True
    arena = proc['arena']
    if not arena or not int(arena['size']):
        return "no arena to ask the kernel about", True
    reason = why_not_call(arena)
    if reason is not None:
        return f"the kernel was not asked: {reason}", True
    if call_kernel(arena):
        return "arena_validate() agrees", True
    return "arena_validate() of the kernel says no, and lx-dmesg why", False


class BinderValidate(command.ProcCommand):
    """Check whether the books of the driver agree with each other.

binder-validate [PID | EXPRESSION]

Arenas (ranges, page slots, counters, page table, LRU), threads, nodes and
references, of one process or of all. The checks read memory only. Where it can
be done arena_validate() of the kernel is called as well, with the guest's
interrupts off: not on a core file, in kernels without it, while somebody
holds arena->lock, or if something is wrong already. In the middle of a change
the books may disagree for good reason."""

    NAME = "binder-validate"

    def run(self, arg, from_tty):
        count = 0
        for proc in objects.wanted_procs(arg):
            wrong = list(wrong_with(proc))
            opinion, agrees = _second_opinion(proc, wrong)
            count += len(wrong) + (not agrees)
            gdb.write(f"{objects.describe_proc(proc)}, "
                      f"{proc['context']['name'].string()}: "
                      f"{len(wrong) or 'nothing'} wrong; {opinion}\n")
            for text in wrong:
                gdb.write(f"  WRONG: {text}\n")
        for text in _complaints("LRU", wrong_with_lru):
            count += 1
            gdb.write(f"LRU WRONG: {text}\n")
        if not count and not objects.all_procs():
            gdb.write("no process has a binder device open\n")
        gdb.write("all books agree\n" if not count else
                  f"{count} complaint{'s' * (count > 1)}\n")


BinderValidate()
