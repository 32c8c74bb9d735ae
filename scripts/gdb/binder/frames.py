# SPDX-License-Identifier: GPL-2.0
"""Functions on the stack, and what can be known of their variables.

The debug information does not have all of them: where the compiler has kept a
value in no place for long, and, in kernels with KASAN, those whose address is
taken, which live between red zones. KASAN itself describes the latter, for its
reports.
"""

import gdb

from binder import kernel

# KASAN_CURRENT_STACK_FRAME_MAGIC of mm/kasan/kasan.h.
_KASAN_MAGIC = 0x41b58ab3


def on_stack(name):
    """The frame of a function on the stack, or None."""
    frame = gdb.newest_frame() if gdb.selected_thread() else None
    while frame and frame.name() != name:
        frame = frame.older()
    return frame


def is_newest(frame):
    """Does it call nothing now, inlined functions included?"""
    return frame == gdb.newest_frame()


def is_at_entry(frame):
    """Is the first instruction of the function still to come?"""
    return frame.pc() == int(gdb.parse_and_eval(
        f"(unsigned long)&{frame.name()}"))


def variable(frame, name):
    """A variable of a frame, or None if nobody has kept it."""
    try:
        value = frame.read_var(name)
        if value.is_optimized_out or value.type.code == gdb.TYPE_CODE_FUNC:
            return None     # a function that has the name elsewhere
        return value
    except (ValueError, gdb.error):
        return None


def parameter(frame, name):
    """What a function was called with, or None if nobody has kept it."""
    chosen = gdb.selected_frame()
    frame.select()
    try:
        value = gdb.parse_and_eval(f"{name}@entry")
        return variable(frame, name) if value.is_optimized_out else value
    except gdb.error:
        return variable(frame, name)
    finally:
        chosen.select()


def local(frame, name, type_name):
    """A variable that lives in memory, or None."""
    value = variable(frame, name)
    if value is not None and value.address is not None:
        return value
    address = _red_zoned(frame).get(name)
    if address is None:
        return None
    return kernel.pointer(address, type_name).dereference()


def _red_zoned(frame):
    """{name: address} of the variables that KASAN guards in a function."""
    older = frame.older()
    if older is None:
        return {}
    start, end = (int(f.read_register("rsp")) for f in (frame, older))
    if not 0 < end - start < 1 << 14:
        return {}
    function = int(frame.function().value().address)
    words = kernel.read_ulongs(start, (end - start) // 8)
    for at, word in enumerate(words[:-2]):
        if word == _KASAN_MAGIC and words[at + 2] == function:
            return {name: start + 8 * at + offset
                    for name, offset in _described(words[at + 1])}
    return {}


def _described(address):
    """(name, offset) of each in KASAN's words, if these are there already.

    How many they are, then for each its offset, its size, and the length of its
    name, which the line may be part of: "1 48 56 5 it:84".
    """
    try:
        data = bytes(gdb.selected_inferior().read_memory(address, 1024))
        text = data.split(b"\0", 1)[0].decode("ascii")
        count, _, rest = text.partition(" ")
        for _ in range(int(count)):
            offset, _, length, rest = rest.split(" ", 3)
            name, rest = rest[:int(length)], rest[int(length) + 1:]
            yield name.split(":")[0], int(offset)
    except (ValueError, gdb.MemoryError):
        return      # the function is just beginning
