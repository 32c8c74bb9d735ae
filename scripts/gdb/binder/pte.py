# SPDX-License-Identifier: GPL-2.0
"""um-pte: from a user address to the page, level by level."""

import gdb

from binder import arena as arenas
from binder import command, kernel, objects, vmas, vmflags


def vma_at(mm, address):
    """The vma that an address is in, or None."""
    for vma in vmas.vmas(mm):
        if int(vma['vm_start']) <= address < int(vma['vm_end']):
            return vma
    return None


def describe_page(pfn):
    """A page frame in one line."""
    page = kernel.page_of(pfn)
    if page is None:
        return f"page frame {pfn:#x}, which is no memory of the kernel"
    return (f"page frame {pfn:#x}, struct page {int(page):#x}, the kernel sees "
            f"it at {kernel.page_address(page):#x}, "
            f"{int(page['_refcount']['counter'])} references, mapped "
            f"{int(page['_mapcount']['counter']) + 1} times")


def _write_vma(mm, address):
    vma = vma_at(mm, address)
    if vma is None:
        gdb.write("  no vma: touching it is SIGSEGV\n")
        return
    gdb.write(f"  vma   {vmas.maps_line(vma)}\n")
    for note in vmas.notes(vma):
        gdb.write(f"        {note}\n")
    arena = arenas.arena_of_vma(vma)
    if arena is not None:
        _write_slot(arena, address)


def _write_slot(arena, address):
    start, end = arenas.bounds(arena)
    if not start <= address < end:
        gdb.write("  slot  none: beyond what the arena uses\n")
        return
    slot = arenas.slots(arena)[(address - start) >> kernel.PAGE_SHIFT]
    gdb.write(f"  slot  {slot.index}, {slot.state}\n")


def _write_walk(mm, address):
    for level, where, entry in kernel.page_table(mm).walk(address):
        gdb.write(f"  {level:4}  {entry:#018x} at {where:#x}: "
                  f"{vmflags.pte_flags(entry)}\n")


class UmPte(command.Command):
    """Show what a user address of a process leads to.

um-pte PID ADDRESS

The vma, each level of the page table, the page, and for an address in an
arena its slot. PID may be an expression as for um-vmas, and ADDRESS any
expression without blanks."""

    NAME = "um-pte"

    def pids(self):
        return (int(t['tgid']) for t in kernel.all_tasks() if t['mm'])

    def run(self, arg, from_tty):
        words = gdb.string_to_argv(arg)
        if len(words) < 2:
            raise gdb.GdbError("usage: um-pte PID ADDRESS")
        subject = objects.wanted_space(" ".join(words[:-1]))
        address = int(objects.evaluate(words[-1]).cast(
            gdb.lookup_type("unsigned long")))
        gdb.write(f"{address:#x} of {vmas.who_is(subject)}\n")
        command.attempt("vma", _write_vma, subject.mm, address)
        if not kernel.has_page_table(subject.mm):
            gdb.write("  its page table is gone\n")
            return
        _write_walk(subject.mm, address)
        pfn = kernel.page_table(subject.mm).pfn(address)
        gdb.write("  page  none: not mapped\n" if pfn is None else
                  f"  page  {describe_page(pfn)}\n")


UmPte()
