# SPDX-License-Identifier: GPL-2.0
"""binder-nodes: the objects that processes own."""

import gdb
from linux import rbtree

from binder import kernel, objects

_FLAGS = ((0x100, "accepts-fds"), (0x1000, "txn-security-ctx"))
_PRIORITY_MASK = 0xff


def nodes(proc):
    """The nodes of a process, by ptr."""
    return rbtree.rb_inorder_for_each_entry(
        proc['nodes'], kernel.type_of("struct binder_node").pointer(),
        "by_ptr")


def _flags(node):
    value = int(node['flags'])
    words = [name for bit, name in _FLAGS if value & bit]
    words.append(f"priority {value & _PRIORITY_MASK}")
    return ", ".join(words)


def _waiting_oneway(node):
    count = sum(1 for _ in kernel.entries(node['oneway_todo'],
                                          "struct binder_work", "entry"))
    if count:
        return f", {count} oneway waiting"
    return ", oneway under way" if node['oneway_busy'] else ""


def _counts(node):
    """What others have of it, and what its owner knows of that."""
    refs = sum(1 for _ in kernel.entries(node['refs'], "struct binder_ref",
                                         "holder"))
    told = [word for word, told in (("strong", node['told_strong']),
                                    ("weak", node['told_weak'])) if told]
    return (f"{refs} handles, {int(node['strong_refs'])} of them strong, "
            f"{int(node['local_strong'])} strong and "
            f"{int(node['local_weak'])} weak counts of its own, owner told "
            f"of {' and '.join(told) or 'none'}")


def describe(node):
    """A node in one line."""
    proc = node['proc']
    manager = ""
    if proc['context']['manager'] == node:
        manager = f", manager of {proc['context']['name'].string()}"
    return (f"node {int(node):#x}: ptr {int(node['ptr']):#x}, cookie "
            f"{int(node['cookie']):#x}, {_counts(node)}, "
            f"{_flags(node)}{_waiting_oneway(node)}{manager}")


class BinderNodes(gdb.Command):
    """Show the nodes of a process, or of all.

binder-nodes [PID | EXPRESSION]

The argument is as for binder-vmas."""

    def __init__(self):
        super().__init__("binder-nodes", gdb.COMMAND_DATA,
                         gdb.COMPLETE_EXPRESSION)

    def invoke(self, arg, from_tty):
        """Called by gdb."""
        for proc in objects.wanted_procs(arg):
            gdb.write(f"{objects.describe_proc(proc)}, "
                      f"{proc['context']['name'].string()}\n")
            for node in nodes(proc):
                gdb.write(f"  {describe(node)}\n")


BinderNodes()
