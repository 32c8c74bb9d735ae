# SPDX-License-Identifier: GPL-2.0
"""um-core: write the guest into a core file.

The memory of the guest is a file in /dev/shm that is deleted already, so it is
written as if it were anonymous. KASAN keeps 16 TiB of address space for its
notes on the rest, next to all of it untouched: that is left out.
"""

import os

import gdb

from binder import command, validate

_MADV_DONTDUMP = 16
_MADV_DODUMP = 17
# Larger than any memory that a guest is given.
_HUGE = 64 << 30


def huge_areas(pid):
    """(start, size) of what is address space rather than memory."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps:
        for line in maps:
            start, end = (int(x, 16) for x in line.split()[0].split("-"))
            if end - start >= _HUGE:
                yield start, end - start


def _advise(areas, advice):
    for start, size in areas:
        failed = gdb.parse_and_eval(
            "((int (*)(unsigned long, unsigned long, int))madvise)"
            f"({start}, {size}, {advice})")
        if int(failed):
            raise gdb.GdbError(f"madvise of {start:#x} failed")


class UmCore(command.Command):
    """Write a core file of the guest.

um-core FILE

As generate-core-file, but without the address space that KASAN has set aside,
which makes that fail. Look at it with "gdb -x scripts/gdb/um.gdb ./linux FILE":
the commands work there, too."""

    NAME = "um-core"
    KIND = gdb.COMMAND_FILES

    def run(self, arg, from_tty):
        words = gdb.string_to_argv(arg)
        if len(words) != 1:
            raise gdb.GdbError("usage: um-core FILE")
        if not validate.is_alive():
            raise gdb.GdbError("there is no guest to write")
        areas = list(huge_areas(gdb.selected_inferior().pid))
        _advise(areas, _MADV_DONTDUMP)
        try:
            gdb.execute(f"generate-core-file {os.path.abspath(words[0])}")
        finally:
            _advise(areas, _MADV_DODUMP)


UmCore()
