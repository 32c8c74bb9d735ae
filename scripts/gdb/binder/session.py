# SPDX-License-Identifier: GPL-2.0
"""What scripts/gdb-run and scripts/gdb-attach do once gdb has started."""

import os

import gdb

from binder import copyloop

WELCOME = """\
binder-procs -threads -nodes -refs -transactions -arena -page -lru -locks, um-procs
-vmas -pte show things; binder-validate checks; binder-break-copy -copy -follow stop.
"help binder-arena" says more, and so for each; the kernel's lx- commands are there.
"""


def welcome():
    """Say what there is."""
    gdb.write(WELCOME)


def is_batch():
    """Nobody is there to type commands."""
    return bool(os.environ.get("GDB_BATCH"))


def _is_alive():
    return gdb.selected_inferior().pid != 0


def show_stop():
    """Where the kernel is, how it came there, and whose memory it is at."""
    gdb.execute("frame")
    gdb.execute("backtrace 24")
    gdb.write("\n")
    gdb.execute("um-vmas")


def run_to_copy():
    """Start the guest and stop in the copy loop of the first message."""
    gdb.execute("binder-break-copy")
    gdb.execute("run")
    if not _is_alive():
        gdb.write("The guest came to its end without sending a message.\n")
        _leave(1)
        return
    if not copyloop.frame_of(copyloop.FUNCTION):
        gdb.write("The guest stopped, but not in the copy loop.\n")
        gdb.execute("backtrace 16")
        _leave(1)
        return
    gdb.write("\n")
    show_stop()
    _leave(0)


def attached():
    """After gdb has attached to a running guest."""
    gdb.execute("backtrace 6")
    gdb.write("\n")
    gdb.execute("binder-procs")
    gdb.write("\"detach\" or \"quit\" lets the guest go on.\n")
    if is_batch():
        gdb.execute("detach")
        _leave(0)


def _leave(status):
    if is_batch():
        gdb.execute(f"quit {status}")
