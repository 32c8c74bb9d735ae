# SPDX-License-Identifier: GPL-2.0
"""binder-threads: the threads that use binder."""

from binder import command, kernel, objects, txn


def _stack(thread):
    words = []
    for transaction, own in txn.stack(thread):
        words.append(("waits for the reply to " if own else "has to answer ") +
                     str(int(transaction['id'])))
    return ", ".join(words) or "-"


def _errors(thread):
    words = []
    for name in ("send_error", "late_error"):
        if int(thread[name]['cmd']) != txn.BR_OK:
            words.append(f"{name} {int(thread[name]['cmd']):#x}")
    return " ".join(words) or "-"


def _row(thread):
    task = kernel.task_by_pid(int(thread['pid']))
    todo = sum(1 for _ in kernel.list_nodes(thread['todo']))
    asleep = thread['waiting']['next'] != thread['waiting'].address
    return (int(thread['pid']), objects.comm(task) if task else "gone",
            f"{int(thread['looper']):02x} {objects.looper(thread)}".strip(),
            "free" if asleep else "busy", todo, int(thread['must_return']),
            _errors(thread), _stack(thread), f"{int(thread):#x}")


class BinderThreads(command.ProcTable):
    """Show the threads of a process, or of all.

binder-threads [PID | EXPRESSION]

What each has told the driver of itself, whether it is free (asleep in a read
and ready for any work), what is queued for it, whether its next read returns
at once, and the calls that it is in, innermost first. The argument is as for
um-vmas."""

    NAME = "binder-threads"
    HEAD = ("TID", "NAME", "LOOPER", "STATE", "TODO", "RETURN", "ERRORS",
            "STACK", "BINDER_THREAD")

    def title(self, proc):
        return (f": at most {int(proc['max_threads'])} more, "
                f"{int(proc['requested'])} asked for, "
                f"{int(proc['started'])} started")

    def rows(self, proc):
        return map(_row, objects.threads(proc))


BinderThreads()
