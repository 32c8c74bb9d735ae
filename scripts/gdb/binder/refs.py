# SPDX-License-Identifier: GPL-2.0
"""binder-refs: what a process calls the nodes of others."""

from binder import command, kernel, objects


def refs(proc):
    """The references of a process, by handle."""
    return (kernel.pointer(address, "struct binder_ref")
            for _, address in kernel.xarray_entries(proc['handles']))


def _state(registration):
    if not registration:
        return "-"
    name = str(registration['state']).replace("BINDER_", "")
    words = [name.split("_", 1)[-1].lower(),
             f"cookie {int(registration['cookie']):#x}"]
    return ", ".join(words)


def _row(ref):
    node = ref['node']
    dead = ", dead" if node['dead'] else ""
    return (int(ref['handle']), int(ref['id']), int(node['id']),
            f"{objects.describe_proc(node['proc'])}{dead}", int(ref['strong']),
            int(ref['weak']), _state(ref['death']), _state(ref['freeze']),
            f"{int(ref):#x}")


class BinderRefs(command.ProcTable):
    """Show the handles of a process, or of all.

binder-refs [PID | EXPRESSION]

ID and NODE are the numbers of the log files; DEATH and FREEZE are the
notifications that the process has asked for. The argument is as for um-vmas."""

    NAME = "binder-refs"
    HEAD = ("HANDLE", "ID", "NODE", "OWNER", "STRONG", "WEAK", "DEATH",
            "FREEZE", "BINDER_REF")

    def rows(self, proc):
        return map(_row, refs(proc))


BinderRefs()
