# SPDX-License-Identifier: GPL-2.0
"""The flags of vmas and of page table entries, in letters."""

# The letters of VmFlags in /proc/PID/smaps, by the bits of
# include/linux/mm.h: macros, which are not in the debug information.
_VM_FLAGS = (
    (0x00000001, "rd"), (0x00000002, "wr"), (0x00000004, "ex"),
    (0x00000008, "sh"), (0x00000010, "mr"), (0x00000020, "mw"),
    (0x00000040, "me"), (0x00000080, "ms"), (0x00000100, "gd"),
    (0x00000400, "pf"), (0x00002000, "lo"), (0x00004000, "io"),
    (0x00008000, "sr"), (0x00010000, "rr"), (0x00020000, "dc"),
    (0x00040000, "de"), (0x00080000, "lf"), (0x00100000, "ac"),
    (0x00200000, "nr"), (0x00400000, "ht"), (0x00800000, "sf"),
    (0x01000000, "ar"), (0x02000000, "wf"), (0x04000000, "dd"),
    (0x08000000, "sd"), (0x10000000, "mm"), (0x20000000, "hg"),
    (0x40000000, "nh"), (0x80000000, "mg"),
)

# arch/um/include/asm/pgtable.h.
_PTE_FLAGS = (
    (0x001, "present"), (0x002, "newpage"), (0x004, "newprot"),
    (0x010, "protnone"), (0x020, "rw"), (0x040, "user"),
    (0x080, "accessed"), (0x100, "dirty"),
)


def _words(value, names):
    words = [name for bit, name in names if value & bit]
    rest = value & ~sum(bit for bit, _ in names)
    return words, rest


def vma_flags(value):
    """vm_flags as in the VmFlags line of /proc/PID/smaps."""
    words, rest = _words(value, _VM_FLAGS)
    return " ".join(words + ([f"{rest:#x}"] if rest else []))


def pte_flags(value):
    """The low bits of a page table entry, in words."""
    return " ".join(_words(value & 0xfff, _PTE_FLAGS)[0]) or "none"
