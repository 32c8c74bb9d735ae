# SPDX-License-Identifier: GPL-2.0
"""What scripts/gdb-run and scripts/gdb-attach do once gdb has started."""

import os

import gdb

# The copy loop: the line of FUNCTION that has CALL in it.
COPY_FUNCTION = "arena_copy_from_user"
COPY_CALL = "bmm_copy_from_user("

WELCOME = """
  binder-vmas    virtual memory areas of the receiver, or of any process
  binder-arena   its region: ranges, page slots, LRU, events
  binder-txn     who waits for whom

binder-procs, binder-nodes, $binder_proc(PID) and the kernel's lx- commands are
there too; "help binder-vmas" says more. The guest waits while you look.
"""


def copy_loop():
    """Where the copy loop is, as file:line, whatever the line is today."""
    symbol = gdb.lookup_global_symbol(COPY_FUNCTION)
    if symbol is None:
        raise gdb.GdbError(f"no {COPY_FUNCTION}(): is it a kernel with our "
                           "driver, and with debug information?")
    with open(symbol.symtab.fullname(), encoding="utf-8") as source:
        for number, text in enumerate(source, 1):
            if number > symbol.line and COPY_CALL in text:
                return f"{symbol.symtab.filename}:{number}"
    raise gdb.GdbError(f"{symbol.symtab.filename}: {COPY_FUNCTION}() does not "
                       f"call {COPY_CALL[:-1]}() any more")


def copy_frame():
    """The frame of the copy loop on the stack, or None."""
    frame = gdb.newest_frame()
    while frame and frame.name() != COPY_FUNCTION:
        frame = frame.older()
    return frame


def select_copy_frame(event):
    """On a stop at our breakpoint show the loop, not what is inlined there."""
    if not isinstance(event, gdb.BreakpointEvent):
        return
    if any(isinstance(b, CopyBreakpoint) for b in event.breakpoints):
        frame = copy_frame()
        if frame:
            frame.select()


class CopyBreakpoint(gdb.Breakpoint):
    """A temporary breakpoint in the copy loop."""

    def __init__(self):
        super().__init__(copy_loop(), temporary=True)


gdb.events.stop.connect(select_copy_frame)


class BinderBreakCopy(gdb.Command):
    """Stop where the next message is copied.

binder-break-copy

Sets a temporary breakpoint in the loop that copies a message from the
memory of its sender into the pages of its receiver."""

    def __init__(self):
        super().__init__("binder-break-copy", gdb.COMMAND_BREAKPOINTS)

    def invoke(self, arg, from_tty):
        """Called by gdb."""
        CopyBreakpoint()


BinderBreakCopy()


def is_batch():
    """Nobody is there to type commands."""
    return bool(os.environ.get("GDB_BATCH"))


def _is_alive():
    return gdb.selected_inferior().pid != 0


def show_stop():
    """Where the kernel is, how it came there, and whose memory it is at."""
    gdb.execute("frame")
    gdb.execute("backtrace 16")
    gdb.write("\n")
    gdb.execute("binder-vmas")


def run_to_copy():
    """Start the guest and stop in the copy loop of the first message."""
    gdb.execute("binder-break-copy")
    gdb.execute("run")
    if not _is_alive():
        gdb.write("The guest came to its end without sending a message.\n")
        _leave(1)
        return
    if not copy_frame():
        gdb.write("The guest stopped, but not in the copy loop.\n")
        gdb.execute("backtrace 16")
        _leave(1)
        return
    gdb.write("\n")
    show_stop()
    gdb.write(WELCOME)
    _leave(0)


def attached():
    """After gdb has attached to a running guest."""
    gdb.execute("backtrace 6")
    gdb.write("\n")
    gdb.execute("binder-procs")
    gdb.write(WELCOME)
    gdb.write("\"detach\" or \"quit\" lets the guest go on.\n")
    if is_batch():
        gdb.execute("detach")
        _leave(0)


def _leave(status):
    if is_batch():
        gdb.execute(f"quit {status}")
