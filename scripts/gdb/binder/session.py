# SPDX-License-Identifier: GPL-2.0
"""What scripts/gdb-run and scripts/gdb-attach do once gdb has started."""

import os

import gdb

from binder import copyloop, frames, kernel

WELCOME = """\
binder-procs -threads -nodes -refs -transactions -arena -page -lru -locks, and
um-procs -vmas -pte show; binder-validate checks; binder-break-copy -copy -follow
stop. "help binder-arena" says more; the kernel's lx- commands are there, too.
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


def _run_to(arrived, what):
    """Start the guest, and show where it stops if it has arrived."""
    gdb.execute("run")
    if not _is_alive():
        gdb.write(f"The guest came to its end without {what}.\n")
        _leave(1)
        return
    if not arrived():
        gdb.write(f"The guest stopped, but not for {what}.\n")
        gdb.execute("backtrace 16")
        _leave(1)
        return
    gdb.write("\n")
    show_stop()
    _leave(0)


def run_to_copy():
    """Start the guest and stop in the copy loop of the first message."""
    gdb.execute("binder-break-copy")
    _run_to(lambda: frames.on_stack(copyloop.FUNCTION), "sending a message")


# Where a binderfs is mounted.
MOUNT = "binderfs.c:init_fs_context"


class EntryBreakpoint(gdb.Breakpoint):
    """Where programs enter the driver; init, which prepares, does not count."""

    arrived = False

    def stop(self):
        """Called by gdb."""
        if int(kernel.current_task()['pid']) == 1:
            return False
        EntryBreakpoint.arrived = True
        return True


def entries():
    """The functions that a program can enter the driver by."""
    fops = gdb.lookup_global_symbol("binder_fops").value()
    pointers = [fops[name] for name in ("open", "mmap", "unlocked_ioctl")]
    yield from (gdb.block_for_pc(int(pointer)).function.name
                for pointer in pointers)
    try:
        gdb.decode_line(MOUNT)
        yield MOUNT
    except gdb.error:
        pass    # a kernel without binderfs


def run_to_entry():
    """Start the guest and stop where a test enters the driver."""
    found = [EntryBreakpoint(name) for name in entries()]
    _run_to(lambda: EntryBreakpoint.arrived, "a test entering the driver")
    for breakpoint_ in found:
        breakpoint_.delete()


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
