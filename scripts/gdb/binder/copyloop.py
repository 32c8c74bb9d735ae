# SPDX-License-Identifier: GPL-2.0
"""binder-break-copy and binder-copy: the loop that copies a message.

arena_copy_from_user() copies run by run: as much as lies in pages that follow
each other. Below it the architecture copies piece by piece, for it looks up
each page of the sender by itself; a piece is what one memcpy() does. The
compiler keeps next to nothing of the loop's variables, but where a piece goes
is enough: the page tells the slot, the slot the range, the range the message.
"""

import gdb

from binder import arena as arenas
from binder import command, kernel, objects, pte, vmas

# The copy loop: the line of FUNCTION that has CALL in it.
FUNCTION = "arena_copy_from_user"
CALL = "bmm_copy_from_user("
# Copies LEN bytes from FROM, where the kernel sees a page of the sender, to
# *ARG; called by RUN for each page of the sender.
PIECE = "copy_chunk_from_user"
RUN = "raw_copy_from_user"


def loop_line():
    """Where the copy loop is, as file:line, whatever the line is today."""
    symbol = gdb.lookup_global_symbol(FUNCTION)
    if symbol is None:
        raise gdb.GdbError(f"no {FUNCTION}(): is it a kernel with our driver, "
                           "and with debug information?")
    with open(symbol.symtab.fullname(), encoding="utf-8") as source:
        for number, text in enumerate(source, 1):
            if number > symbol.line and CALL in text:
                return f"{symbol.symtab.filename}:{number}"
    raise gdb.GdbError(f"{symbol.symtab.filename}: {FUNCTION}() does not call "
                       f"{CALL[:-1]}() any more")


def frame_of(name):
    """The frame of a function on the stack, or None."""
    frame = gdb.newest_frame()
    while frame and frame.name() != name:
        frame = frame.older()
    return frame


def select_loop(event):
    """On a stop at our breakpoint show the loop, not what is inlined there."""
    if not isinstance(event, gdb.BreakpointEvent):
        return
    if any(isinstance(b, LoopBreakpoint) for b in event.breakpoints):
        frame = frame_of(FUNCTION)
        if frame:
            frame.select()


gdb.events.stop.connect(select_loop)


class LoopBreakpoint(gdb.Breakpoint):
    """A temporary breakpoint in the copy loop."""

    def __init__(self):
        super().__init__(loop_line(), temporary=True)


class PieceBreakpoint(gdb.Breakpoint):
    """Stops before each piece of a message, and of nothing else."""

    def __init__(self):
        super().__init__("*" + PIECE)

    def stop(self):
        """Called by gdb."""
        return frame_of(FUNCTION) is not None


def parameter(frame, name):
    """What a function was called with, or None if nobody has kept it."""
    chosen = gdb.selected_frame()
    frame.select()
    try:
        for text in (f"{name}@entry", name):
            try:
                value = gdb.parse_and_eval(text)
            except gdb.error:
                continue
            if not value.is_optimized_out:
                return value
        return None
    finally:
        chosen.select()


def _at_entry(frame):
    """Is the first instruction of the function still to come?"""
    return frame.pc() == int(gdb.parse_and_eval(
        f"(unsigned long)&{frame.name()}"))


class Piece:
    """What is being copied: bytes, from and to as the kernel sees them."""

    def __init__(self, source, target, size):
        self.source = source
        self.target = target
        self.size = size


def piece_at_hand():
    """The piece that the stack is about to copy, or copying; or None."""
    frame = frame_of(PIECE)
    if frame is None:
        return None
    if _at_entry(frame):
        values = [int(frame.read_register(r)) for r in ("rdi", "rsi", "rdx")]
    else:
        values = [parameter(frame, n) for n in ("from", "len", "arg")]
        if any(v is None for v in values):
            return None
        values = [int(v) for v in values]
    source, size, arg = values
    return Piece(source, kernel.read_ulong(arg), size & 0xffffffff)


def slot_at(address):
    """(arena, slot) of the page that the kernel sees at an address."""
    pfn = (address - kernel.physical_base()) >> kernel.PAGE_SHIFT
    for proc in objects.all_procs():
        if not proc['arena'] or not int(proc['arena']['size']):
            continue
        for slot in arenas.slots(proc['arena']):
            if slot.pfn == pfn:
                return proc['arena'], slot
    raise gdb.GdbError(f"{address:#x} is in no page of any arena")


def buffer_at(arena, offset):
    """The range that a byte of an arena is in."""
    for buf in arenas.ranges(arena):
        start = int(buf['range']['start'])
        if start <= offset < start + int(buf['range']['size']):
            return buf
    raise gdb.GdbError(f"no range has the byte at {offset:#x} of the arena")


def _write_mapped(mm, address):
    vma = pte.vma_at(mm, address)
    gdb.write(f"    {vmas.maps_line(vma) if vma is not None else 'no vma'}\n")
    pfn = kernel.page_table(mm).pfn(address) if kernel.has_page_table(mm) \
        else None
    gdb.write("    not in the page table\n" if pfn is None else
              f"    {pte.describe_page(pfn)}\n")


def _write_piece(piece):
    arena, slot = slot_at(piece.target)
    at = (slot.index << kernel.PAGE_SHIFT) + piece.target % kernel.PAGE_SIZE
    buf = buffer_at(arena, at)
    txn = arenas.txn_of(buf)
    position = at - int(buf['range']['start'])
    loop = frame_of(FUNCTION)
    start = parameter(loop, "off")
    total = parameter(loop, "len")
    done = position - int(start) if start is not None else position
    of = int(total) if total is not None else int(buf['range']['size'])
    gdb.write(f"  {done} of {of} bytes done, {piece.size} in this piece: bytes "
              f"{position}-{position + piece.size - 1} of the buffer\n")
    sender = kernel.current_task()
    gdb.write(f"  from {source_address(loop, piece, done):#x} of process "
              f"{int(sender['tgid'])} ({objects.comm(sender)}), "
              f"{piece.source:#x} to the kernel\n")
    _write_mapped(sender['mm'], source_address(loop, piece, done))
    gdb.write(f"  to   {slot.address + piece.target % kernel.PAGE_SIZE:#x} of "
              f"{objects.describe_proc(objects.proc_of_arena(arena))}, "
              f"{piece.target:#x} to the kernel\n"
              f"    slot {slot.index}, offset {piece.target % kernel.PAGE_SIZE}"
              f" in the page, {slot.state}\n")
    _write_mapped(arena['mm']['mm'], slot.address)
    gdb.write(f"  transaction {int(txn['id'])} {int(txn):#x}, buffer at "
              f"{slot.address - (slot.index << kernel.PAGE_SHIFT) + int(buf['range']['start']):#x}"
              f" +{int(buf['range']['size'])}\n")


def source_address(loop, piece, done):
    """Where the sender has the piece: at most the page is unsure."""
    run = frame_of(RUN)
    start, base = parameter(loop, "src"), run and parameter(run, "from")
    address = int(start) + done if start is not None else None
    if address is None or address % kernel.PAGE_SIZE != \
            piece.source % kernel.PAGE_SIZE:
        if base is None:
            raise gdb.GdbError("the compiler has not kept the source address")
        address = int(base) & ~(kernel.PAGE_SIZE - 1) | \
            piece.source % kernel.PAGE_SIZE
    return address


class BinderCopy(command.Command):
    """Show what is being copied.

binder-copy

In the copy loop, with a piece at hand (see binder-break-copy --pieces): how
much is done, where the piece comes from, where it goes, what is mapped in both
places, and which message it is part of."""

    NAME = "binder-copy"

    def run(self, arg, from_tty):
        loop = frame_of(FUNCTION)
        if loop is None:
            raise gdb.GdbError("the kernel is not copying a message; "
                               "binder-break-copy stops where it does")
        gdb.write(f"in the copy loop of {FUNCTION}()\n")
        piece = piece_at_hand()
        if piece is not None:
            _write_piece(piece)
            return
        values = {n: parameter(loop, n) for n in ("off", "src", "len")}
        known = ", ".join(f"{n} {int(v):#x}" for n, v in values.items()
                          if v is not None)
        gdb.write(f"  called with {known}; between two pieces. "
                  "binder-break-copy --pieces\n  and \"continue\" go to the "
                  "next piece\n")


class BinderBreakCopy(command.Command):
    """Stop where the next message is copied.

binder-break-copy [--pieces]

Sets a temporary breakpoint in the loop that copies a message from the
memory of its sender into the pages of its receiver. With --pieces a lasting
one before each piece: what lies in one page of the sender, and in pages that
follow each other at the receiver."""

    NAME = "binder-break-copy"
    KIND = gdb.COMMAND_BREAKPOINTS
    OPTIONS = ("--pieces",)

    def run(self, arg, from_tty):
        if arg.strip() not in ("", "--pieces"):
            raise gdb.GdbError("usage: binder-break-copy [--pieces]")
        if arg.strip():
            PieceBreakpoint()
        else:
            LoopBreakpoint()


BinderCopy()
BinderBreakCopy()
