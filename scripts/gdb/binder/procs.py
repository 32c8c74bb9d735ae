# SPDX-License-Identifier: GPL-2.0
"""binder-procs: every process that has a binder device open."""

import gdb

from binder import arena as arenas
from binder import command, kernel, nodes, objects


def _count(generator):
    return sum(1 for _ in generator)


def _region(proc):
    arena = proc['arena']
    if not arena or not int(arena['size']):
        return "-", "-"
    start, end = arenas.bounds(arena)
    counts = arenas.count_states(arenas.slots(arena))
    return (f"{start:x}-{end:x}",
            f"{counts['in use']}+{counts['idle']}/{arenas.nr_slots(arena)}")


def _row(proc):
    region, pages = _region(proc)
    todo = _count(kernel.entries(proc['todo'], "struct binder_work", "entry"))
    return (str(int(proc['pid'])), objects.comm(proc['leader']),
            proc['context']['name'].string(),
            str(_count(objects.threads(proc))), str(_count(nodes.nodes(proc))),
            str(todo), region, pages, f"{int(proc):#x}",
            " ".join(word for word in ("dead", "frozen") if proc[word]))


_HEAD = ("PID", "NAME", "CONTEXT", "THREADS", "NODES", "TODO", "REGION",
         "IN USE+IDLE/PAGES", "BINDER_PROC", "")


class BinderProcs(command.Command):
    """List the processes that use binder, one line for each open file.

binder-procs

binder-threads has their threads."""

    NAME = "binder-procs"

    def run(self, arg, from_tty):
        if arg.strip():
            raise gdb.GdbError("usage: binder-procs")
        if not command.table(_HEAD, map(_row, objects.all_procs())):
            gdb.write("no process has a binder device open\n")


BinderProcs()
