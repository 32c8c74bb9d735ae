# SPDX-License-Identifier: GPL-2.0
"""binder-procs: every process that has a binder device open."""

import gdb

from binder import arena as arenas
from binder import kernel, nodes, objects


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
            "dead" if proc['dead'] else "")


def _thread_row(thread):
    task = kernel.task_by_pid(int(thread['pid']))
    todo = _count(kernel.entries(thread['todo'], "struct binder_work",
                                 "entry"))
    return (f"    {objects.describe_thread(thread)}: "
            f"{objects.looper(thread) or 'no looper'}, {todo} to do, "
            f"{'in a transaction' if thread['stack'] else 'free'}"
            f"{'' if task else ', gone without telling'}\n")


_HEAD = ("PID", "NAME", "CONTEXT", "THREADS", "NODES", "TODO", "REGION",
         "IN USE+IDLE/PAGES", "BINDER_PROC", "")


class BinderProcs(gdb.Command):
    """List the processes that use binder, one line for each open file.

binder-procs [-t]

With -t also their threads."""

    def __init__(self):
        super().__init__("binder-procs", gdb.COMMAND_DATA)

    def invoke(self, arg, from_tty):
        """Called by gdb."""
        if arg.strip() not in ("", "-t"):
            raise gdb.GdbError("usage: binder-procs [-t]")
        procs = list(objects.all_procs())
        rows = [_HEAD] + [_row(proc) for proc in procs]
        widths = [max(len(r[i]) for r in rows) for i in range(len(_HEAD))]
        for nr, row in enumerate(rows):
            gdb.write("  ".join(c.ljust(w) for c, w in
                                zip(row, widths)).rstrip() + "\n")
            if nr and arg.strip():
                for thread in objects.threads(procs[nr - 1]):
                    gdb.write(_thread_row(thread))


BinderProcs()
