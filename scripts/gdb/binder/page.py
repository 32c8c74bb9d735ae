# SPDX-License-Identifier: GPL-2.0
"""binder-page: one page slot of an arena."""

import gdb

from binder import arena as arenas
from binder import command, kernel, lru, objects, pte, vmflags


def _write_ranges(arena, slot):
    first = slot.index << kernel.PAGE_SHIFT
    found = 0
    for buf in arenas.ranges(arena):
        start, size = int(buf['range']['start']), int(buf['range']['size'])
        if start < first + kernel.PAGE_SIZE and start + size > first:
            found += 1
            gdb.write(f"  range {arenas.describe_range(arena, buf)}\n")
    if not found:
        gdb.write("  range none overlaps it\n")


def _write_record(slot):
    if slot.page is None:
        gdb.write("  page  none in the slot\n")
        return
    gdb.write(f"  page  {pte.describe_page(slot.pfn)}\n"
              f"  state struct arena_page {int(slot.record):#x}: "
              f"{'in use' if slot.in_use else 'idle'}, "
              f"{'' if slot.listed else 'not '}marked as listed\n")
    place = lru.place_of(slot.record)
    gdb.write("  LRU   not on it\n" if place is None else
              f"  LRU   {place[0]} of {place[1]}, counted from the oldest\n")


def _write_mapping(arena, slot):
    mm = arena['mm']['mm']
    if not kernel.has_page_table(mm):
        gdb.write("  pte   the receiver's page table is gone\n")
        return
    level, where, entry = list(kernel.page_table(mm).walk(slot.address))[-1]
    note = "no page table there" if level != "pte" else \
        vmflags.pte_flags(entry)
    gdb.write(f"  {level}   {entry:#018x} at {where:#x}: {note}\n")
    if slot.mapped_pfn is not None and not slot.is_mapped:
        gdb.write(f"        maps page frame {slot.mapped_pfn:#x}, which is "
                  "not the slot's\n")


def _write_bytes(slot):
    if slot.page is None:
        return
    data = bytes(gdb.selected_inferior().read_memory(
        kernel.page_address(slot.page), 64))
    for at in range(0, len(data), 16):
        row = data[at:at + 16]
        text = "".join(chr(b) if 32 <= b < 127 else "." for b in row)
        gdb.write(f"  {slot.address + at:#x}  {row.hex(' ')}  {text}\n")


class BinderPage(command.ProcCommand):
    """Show one page slot of an arena.

binder-page PID INDEX

Its state, the page and its first bytes, the ranges that overlap it, its place
on the LRU and the receiver's page table entry. PID may be an expression as for
um-vmas; INDEX counts from 0."""

    NAME = "binder-page"

    def run(self, arg, from_tty):
        words = gdb.string_to_argv(arg)
        if len(words) < 2:
            raise gdb.GdbError("usage: binder-page PID INDEX")
        arena = objects.wanted_arena(" ".join(words[:-1]))
        index = int(objects.evaluate(words[-1]))
        if not 0 <= index < arenas.nr_slots(arena):
            raise gdb.GdbError(f"there is no slot {index}: the arena has "
                               f"{arenas.nr_slots(arena)}")
        slot = arenas.slots(arena)[index]
        gdb.write(f"slot {index} of {arenas.title(arena)}: {slot.state}, "
                  f"{slot.address:#x} to the receiver\n")
        for what, write, args in (("record", _write_record, (slot,)),
                                  ("mapping", _write_mapping, (arena, slot)),
                                  ("range", _write_ranges, (arena, slot)),
                                  ("bytes", _write_bytes, (slot,))):
            command.attempt(what, write, *args)


BinderPage()
