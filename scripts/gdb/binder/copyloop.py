# SPDX-License-Identifier: GPL-2.0
"""binder-break-copy and binder-copy: the loop that copies a message.

arena_copy_from_user() copies run by run: as much as lies in pages that follow
each other; where it is, is in its struct runs. Below it the architecture copies
piece by piece, for it looks up each page of the sender by itself; a piece is
what one memcpy() does. Where bytes go is enough to find the rest: the page tells
the slot, the slot the range, the range the message.
"""

import gdb

from binder import arena as arenas
from binder import command, frames, kernel, objects, pte, vmas

# The copy loop: the line of FUNCTION that has CALL in it.
FUNCTION = "arena_copy_from_user"
CALL = "bmm_copy_from_user("
# Finds the runs.
NEXT = "runs_next"
# Copies LEN bytes from FROM, where the kernel sees a page of the sender, to
# *ARG; called for each page of the sender.
PIECE = "copy_chunk_from_user"
# Its callers, which are given ARG, too.
PIECEWISE = ("do_op_one_page", "buffer_op")


def line_with(text):
    """The first line of the copy loop's function that has a text in it."""
    symbol = gdb.lookup_global_symbol(FUNCTION)
    if symbol is None:
        raise gdb.GdbError(f"no {FUNCTION}(): is it a kernel with our driver, "
                           "and with debug information?")
    with open(symbol.symtab.fullname(), encoding="utf-8") as source:
        for number, line in enumerate(source, 1):
            if number > symbol.line and text in line:
                return symbol.symtab.filename, number
    raise gdb.GdbError(f"{symbol.symtab.filename}: {FUNCTION}() does not call "
                       f"{text[:-1]}() any more")


def loop_line():
    """Where the copy loop is, as file:line, whatever the line is today."""
    return "{}:{}".format(*line_with(CALL))


def select_loop(event):
    """On a stop at our breakpoint show the loop, not what is inlined there."""
    if not isinstance(event, gdb.BreakpointEvent):
        return
    if any(isinstance(b, LoopBreakpoint) for b in event.breakpoints):
        frame = frames.on_stack(FUNCTION)
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
        return frames.on_stack(FUNCTION) is not None


class Piece:
    """What is being copied: bytes, from and to as the kernel sees them."""

    def __init__(self, source, target, size):
        self.source = source
        self.target = target
        self.size = size


def piece_at_hand():
    """The piece that the stack is about to copy, or copying; or None."""
    frame = frames.on_stack(PIECE)
    if frame is None:
        return None
    if frames.is_at_entry(frame):
        values = [int(frame.read_register(r)) for r in ("rdi", "rsi", "rdx")]
    else:
        values = [frames.parameter(frame, n) for n in ("from", "len", "arg")]
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


class Loop:
    """What the loop has in hand.

    src		where the sender has the first byte, or None
    runs	its struct runs, or None: not begun, or nobody has kept it
    begun	the first run has been looked for
    over	the run at hand has been copied
    """

    def __init__(self, frame):
        self.frame = frame
        self.src = frames.parameter(frame, "src")
        self.runs, self.over = None, False
        self.begun = not frames.is_at_entry(frame) and self._look_at_line()
        if self.begun:
            self.runs = frames.local(frame, "it", "struct runs")

    def _look_at_line(self):
        sal = self.frame.find_sal()
        file, first = line_with(NEXT + "(")
        if sal.symtab is None or sal.symtab.filename != file:
            return True     # in an inlined macro
        if frames.is_newest(self.frame):
            # Back at the loop's head nothing has failed; but within that line
            # runs_next() may just have returned.
            self.over = sal.line == first and self.frame.pc() == sal.pc
        return sal.line >= first

    def argument(self, name, register):
        """What the loop was called with as a number, or None."""
        if frames.is_at_entry(self.frame):
            return int(self.frame.read_register(register))
        value = frames.parameter(self.frame, name)
        return None if value is None else int(value)

    def run(self):
        """The run at hand, or None between two of them."""
        if self.runs is None or not self.runs['pages']['page'] or \
                frames.on_stack(NEXT):
            return None
        if self.runs['done'] + self.runs['len'] > self.runs['size']:
            return None
        source = None if self.src is None else \
            int(self.src) + int(self.runs['done'])
        target = kernel.page_address(self.runs['pages']['page']) + \
            int(self.runs['off'])
        return Stretch("run", source, target, int(self.runs['len']))

    def piece(self):
        """The piece at hand, or None."""
        at_hand = piece_at_hand()
        if at_hand is None:
            return None
        run = self.run()
        table = kernel.page_table(_sender()['mm'])
        pfn = (at_hand.source - kernel.physical_base()) >> kernel.PAGE_SHIFT
        if run is not None and run.source is not None:
            # *ARG has been advanced when the piece is done.
            for target in (at_hand.target, at_hand.target - at_hand.size):
                at = target - run.target
                if 0 <= at < run.size and \
                        (run.source + at - at_hand.source) % \
                        kernel.PAGE_SIZE == 0 and \
                        table.pfn(run.source + at) == pfn:
                    return Stretch("piece", run.source + at, target,
                                   at_hand.size)
        # Only the frame is known; the sender may have it in several places.
        found = [address for address in table.addresses(pfn)
                 if self.src is None or
                 address >= int(self.src) & ~(kernel.PAGE_SIZE - 1)]
        return Stretch("piece", min(found) + at_hand.source % kernel.PAGE_SIZE
                       if found else None, at_hand.target, at_hand.size)

    @staticmethod
    def pieces_done(run):
        """How much of a run the pieces before have copied."""
        for name in PIECEWISE:
            frame = frames.on_stack(name)
            arg = None if frame is None or frames.is_at_entry(frame) else \
                frames.parameter(frame, "arg")
            if arg is not None:
                done = kernel.read_ulong(int(arg)) - run.target
                return done if 0 <= done <= run.size else 0
        return 0


class Stretch:
    """Bytes that are copied together: a run, or a piece of one."""

    def __init__(self, kind, source, target, size):
        self.kind = kind
        self.source = source
        self.target = target
        self.size = size


class Place:
    """Where a stretch goes: arena, slot, range, message."""

    def __init__(self, stretch):
        self.arena, self.slot = slot_at(stretch.target)
        self.offset = stretch.target % kernel.PAGE_SIZE
        at = (self.slot.index << kernel.PAGE_SHIFT) + self.offset
        self.buf = buffer_at(self.arena, at)
        self.start = int(self.buf['range']['start'])
        self.position = at - self.start


def _sender():
    return kernel.current_task()


def _write_progress(loop, stretch, place):
    if loop.runs is not None:
        first = int(loop.runs['start']) - place.start
        total = int(loop.runs['size'])
    else:
        first = loop.argument("off", "rdx") or 0
        total = loop.argument("len", "r8")
    done = place.position - first
    last = ""
    if stretch.kind == "run" and loop.over:
        done, last = done + stretch.size, "the last "
    elif stretch.kind == "run":
        done += loop.pieces_done(stretch)
    of = "" if total is None else f" of {total}"
    gdb.write(f"  {done}{of} bytes done, {last}{stretch.size} in this "
              f"{stretch.kind}: bytes {place.position}-"
              f"{place.position + stretch.size - 1} of the buffer\n")


def _write_source(stretch):
    sender = _sender()
    who = f"process {int(sender['tgid'])} ({objects.comm(sender)})"
    if stretch.source is None:
        gdb.write(f"  from somewhere in {who}: its page is not mapped any more, "
                  "or the compiler\n    has not kept the address\n")
        return
    gdb.write(f"  from {stretch.source:#x} of {who}")
    pfn = kernel.page_table(sender['mm']).pfn(stretch.source)
    if pfn is not None and kernel.page_of(pfn) is not None:
        at = kernel.page_address(kernel.page_of(pfn)) + \
            stretch.source % kernel.PAGE_SIZE
        gdb.write(f", {at:#x} to the kernel")
    gdb.write("\n")
    _write_mapped(sender['mm'], stretch.source)


def _write_target(stretch, place):
    last = (place.slot.index << kernel.PAGE_SHIFT) + place.offset + \
        stretch.size - 1 >> kernel.PAGE_SHIFT
    more = f" and on to slot {last}" if last > place.slot.index else ""
    gdb.write(f"  to   {place.slot.address + place.offset:#x} of "
              f"{objects.describe_proc(objects.proc_of_arena(place.arena))}, "
              f"{stretch.target:#x} to the kernel\n"
              f"    slot {place.slot.index}, offset {place.offset} in the page,"
              f" {place.slot.state}{more}\n")
    _write_mapped(place.arena['mm']['mm'], place.slot.address)


def _bytes_of(mm, address, size):
    """What a process has at an address, up to the first page it lacks."""
    data, end = b"", address + size
    while address < end:
        pfn = kernel.page_table(mm).pfn(address)
        page = None if pfn is None else kernel.page_of(pfn)
        if page is None:
            break
        part = min(end - address, kernel.PAGE_SIZE - address % kernel.PAGE_SIZE)
        data += bytes(gdb.selected_inferior().read_memory(
            kernel.page_address(page) + address % kernel.PAGE_SIZE, part))
        address += part
    return data


def _write_alike(stretch):
    """Between call and return nothing but the memory tells how far it is."""
    if stretch.source is None:
        return
    source = _bytes_of(_sender()['mm'], stretch.source, stretch.size)
    target = bytes(gdb.selected_inferior().read_memory(stretch.target,
                                                       stretch.size))
    same = next((i for i, (a, b) in enumerate(zip(source, target)) if a != b),
                len(source))
    gdb.write(f"  all of this {stretch.kind} is the same in both places: it is "
              "copied, or was there before\n" if same == stretch.size else
              f"  the first {same} bytes of this {stretch.kind} are the same in "
              "both places\n")


def _write_message(place):
    txn = arenas.txn_of(place.buf)
    address = int(place.arena['id']['start']) + place.start
    gdb.write(f"  transaction {int(txn['id'])} {int(txn):#x}, buffer at "
              f"{address:#x} +{int(place.buf['range']['size'])}\n")


def _write_stretch(loop, stretch):
    place = Place(stretch)
    _write_progress(loop, stretch, place)
    _write_source(stretch)
    _write_target(stretch, place)
    _write_message(place)
    _write_alike(stretch)


def _write_unbegun(loop):
    src, size = loop.argument("src", "rcx"), loop.argument("len", "r8")
    known = "" if size is None else f" {size} bytes"
    gdb.write(f"  nothing is copied yet; it is to be{known or ' a message'}\n")
    if src is not None:
        _write_source(Stretch("message", src, None, size))


def _write_between(loop):
    if loop.runs is None:
        gdb.write("  the compiler has not kept where it is; binder-break-copy "
                  "--pieces and\n  \"continue\" go to the next piece, which "
                  "can be told\n")
        return
    done, size = int(loop.runs['done']), int(loop.runs['size'])
    gdb.write(f"  all {size} bytes done\n" if done == size else
              f"  {done} of {size} bytes done, or a run more: it is just "
              "looking for the next one\n")


class BinderCopy(command.Command):
    """Show what is being copied.

binder-copy

At any stop in the copy loop, or in what it calls: how much is done, where the
run at hand comes from and where it goes, what is mapped in both places, which
message it is part of, and how far both places are the same. A run is what lies
in pages that follow each other at the receiver. Where the architecture copies a
piece of it, which lies in one page of the sender (binder-break-copy --pieces
stops there), it is about that piece."""

    NAME = "binder-copy"

    def run(self, arg, from_tty):
        if arg.strip():
            raise gdb.GdbError("usage: binder-copy")
        frame = frames.on_stack(FUNCTION)
        if frame is None:
            raise gdb.GdbError("the kernel is not copying a message; "
                               "binder-break-copy stops where it does")
        gdb.write(f"in the copy loop of {FUNCTION}()\n")
        loop = Loop(frame)
        stretch = loop.piece() or loop.run()
        if stretch is not None:
            _write_stretch(loop, stretch)
        elif not loop.begun:
            _write_unbegun(loop)
        else:
            _write_between(loop)


class BinderBreakCopy(command.Command):
    """Stop where the next message is copied.

binder-break-copy [--pieces]

Sets a temporary breakpoint in the loop that copies a message from the
memory of its sender into the pages of its receiver. With --pieces a lasting
one before each piece: what lies in one page of the sender, and in pages that
follow each other at the receiver."""

    NAME = "binder-break-copy"
    LOOKS = False
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
