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
# *ARG; called for each page of the sender.
PIECE = "copy_chunk_from_user"


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


def source_address(piece):
    """Where the sender has the piece, or None.

    By its page table: nobody keeps it where the piece is copied. If the sender
    has the page twice, the loop may know.
    """
    sender, offset = kernel.current_task(), piece.source % kernel.PAGE_SIZE
    pfn = (piece.source - kernel.physical_base()) >> kernel.PAGE_SHIFT
    found = [address + offset for address in
             kernel.page_table(sender['mm']).addresses(pfn)]
    start = parameter(frame_of(FUNCTION), "src")
    if start is not None:
        after = [address for address in found if address >= int(start)]
        found = after or found
    return min(found) if found else None


class Place:
    """Where a piece goes: arena, slot, range, message."""

    def __init__(self, piece):
        self.arena, self.slot = slot_at(piece.target)
        self.offset = piece.target % kernel.PAGE_SIZE
        at = (self.slot.index << kernel.PAGE_SHIFT) + self.offset
        self.buf = buffer_at(self.arena, at)
        self.start = int(self.buf['range']['start'])
        self.position = at - self.start
        self.txn = arenas.txn_of(self.buf)


def _write_progress(piece, place):
    loop = frame_of(FUNCTION)
    start, total = parameter(loop, "off"), parameter(loop, "len")
    done = place.position - (int(start) if start is not None else 0)
    of = int(total) if total is not None else int(place.txn['data_size'])
    gdb.write(f"  {done} of {of} bytes done, {piece.size} in this piece: bytes "
              f"{place.position}-{place.position + piece.size - 1} of the "
              "buffer\n")


def _write_source(piece):
    sender = kernel.current_task()
    address = source_address(piece)
    if address is None:
        gdb.write(f"  from a page of process {int(sender['tgid'])} that is not "
                  f"mapped any more, {piece.source:#x} to the kernel\n")
        return
    gdb.write(f"  from {address:#x} of process {int(sender['tgid'])} "
              f"({objects.comm(sender)}), {piece.source:#x} to the kernel\n")
    _write_mapped(sender['mm'], address)


def _write_piece(piece):
    place = Place(piece)
    _write_progress(piece, place)
    _write_source(piece)
    gdb.write(f"  to   {place.slot.address + place.offset:#x} of "
              f"{objects.describe_proc(objects.proc_of_arena(place.arena))}, "
              f"{piece.target:#x} to the kernel\n"
              f"    slot {place.slot.index}, offset {place.offset} in the page,"
              f" {place.slot.state}\n")
    _write_mapped(place.arena['mm']['mm'], place.slot.address)
    address = int(place.arena['id']['start']) + place.start
    gdb.write(f"  transaction {int(place.txn['id'])} {int(place.txn):#x}, "
              f"buffer at {address:#x} +{int(place.buf['range']['size'])}\n")


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
