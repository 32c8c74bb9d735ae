# SPDX-License-Identifier: GPL-2.0
"""binder-nodes: the objects that processes own."""

from binder import command, kernel

_FLAGS = ((0x100, "accepts-fds"), (0x1000, "txn-security-ctx"))
_PRIORITY_MASK = 0xff


def nodes(proc):
    """The nodes of a process, by ptr."""
    return kernel.tree_entries(proc['nodes'], "struct binder_node", "by_ptr")


def holders(node):
    """The references to a node."""
    return kernel.entries(node['refs'], "struct binder_ref", "holder")


def waiting_oneway(node):
    """The oneway messages that wait for the one before them."""
    return kernel.entries(node['oneway_todo'], "struct binder_work", "entry")


def _flags(node):
    value = int(node['flags'])
    words = [name for bit, name in _FLAGS if value & bit]
    if value & _PRIORITY_MASK:
        words.append(f"priority {value & _PRIORITY_MASK}")
    if node['proc']['context']['manager'] == node:
        words.append(f"manager of {node['proc']['context']['name'].string()}")
    return ", ".join(words) or "-"


def _told(node):
    words = [word for word, told in (("strong", node['told_strong']),
                                     ("weak", node['told_weak'])) if told]
    return "+".join(words) or "-"


def _oneway(node):
    if not node['oneway_busy']:
        return "-"
    return f"busy, {sum(1 for _ in waiting_oneway(node))} wait"


def _row(node):
    held_by = [str(int(ref['proc']['pid'])) for ref in holders(node)]
    return (int(node['id']), f"{int(node['ptr']):#x}",
            f"{int(node['cookie']):#x}", len(held_by),
            int(node['strong_refs']), int(node['local_strong']),
            int(node['local_weak']), _told(node), _oneway(node), _flags(node),
            " ".join(reversed(held_by)) or "-", f"{int(node):#x}")


class BinderNodes(command.ProcTable):
    """Show the nodes of a process, or of all.

binder-nodes [PID | EXPRESSION]

ID is the number of the log files; HANDLES how many processes have a handle for
it, STRONG how many of those a strong one; OWN are the counts that are no
handle; TOLD what the owner was told of all that. The argument is as for
um-vmas."""

    NAME = "binder-nodes"
    HEAD = ("ID", "PTR", "COOKIE", "HANDLES", "STRONG", "OWN STRONG",
            "OWN WEAK", "TOLD", "ONEWAY", "FLAGS", "HELD BY", "BINDER_NODE")

    def rows(self, proc):
        return map(_row, nodes(proc))


BinderNodes()
