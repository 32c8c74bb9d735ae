# SPDX-License-Identifier: GPL-2.0
"""binder-vmas: the address space of any process, as /proc/PID/maps has it."""

import gdb

from binder import arena as arenas
from binder import kernel, objects

_VM_READ = 0x1
_VM_WRITE = 0x2
_VM_EXEC = 0x4
_VM_MAYSHARE = 0x80

# The column that names start in: seq_setwidth() in fs/proc/task_mmu.c.
_NAME_COLUMN = 25 + 8 * 6


def vmas(mm):
    """The vmas of an address space, ascending."""
    return (kernel.pointer(address, "struct vm_area_struct")
            for address in kernel.maple_entries(mm['mm_mt']))


def _anon_name(vma):
    """The name that prctl(PR_SET_VMA) gave, or None."""
    if not any(f.name == 'anon_name' for f in vma.type.target().fields()):
        return None
    name = vma['anon_name']
    return name['name'].string() if name else None


def _special_name(vma):
    """The name of a special mapping such as the vdso, or None."""
    ops = vma['vm_ops']
    if not ops or ops != gdb.parse_and_eval("&special_mapping_vmops"):
        return None
    mapping = vma['vm_private_data'].cast(
        kernel.type_of("struct vm_special_mapping").pointer())
    return mapping['name'].string()


def _name(vma):
    """get_vma_name(), with the architecture's arch_vma_name() for UML."""
    anon = _anon_name(vma)
    if vma['vm_file']:
        if anon is not None:
            return f"[anon_shmem:{anon}]"
        return kernel.path_name(vma['vm_file']['f_path'])
    special = _special_name(vma)
    if special is not None:
        return special
    mm = vma['vm_mm']
    start, end = vma['vm_start'], vma['vm_end']
    if start < mm['brk'] and end > mm['start_brk']:
        return "[heap]"
    if start <= mm['start_stack'] <= end:
        return "[stack]"
    return f"[anon:{anon}]" if anon is not None else ""


def maps_line(vma):
    """One line of /proc/PID/maps."""
    flags = int(vma['vm_flags'])
    perms = (("r" if flags & _VM_READ else "-") +
             ("w" if flags & _VM_WRITE else "-") +
             ("x" if flags & _VM_EXEC else "-") +
             ("s" if flags & _VM_MAYSHARE else "p"))
    pgoff = dev = ino = 0
    if vma['vm_file']:
        inode = vma['vm_file']['f_inode']
        pgoff = int(vma['vm_pgoff']) << kernel.PAGE_SHIFT
        dev = int(inode['i_sb']['s_dev'])
        ino = int(inode['i_ino'])
    line = (f"{int(vma['vm_start']):08x}-{int(vma['vm_end']):08x} {perms} "
            f"{pgoff:08x} {dev >> 20:02x}:{dev & 0xfffff:02x} {ino} ")
    name = _name(vma)
    return line.ljust(_NAME_COLUMN) + name if name else line


class BinderVmas(gdb.Command):
    """Show the virtual memory areas of a process.

binder-vmas [PID | EXPRESSION]

The lines are those of /proc/PID/maps. Lines that begin with '#' are
added: one before the first, and one below each area that is a binder
arena. EXPRESSION points to a struct binder_proc, binder_thread, arena,
mm_struct, vm_area_struct or task_struct. Without an argument it is the
process whose arena the functions on the stack work on, which in the
copy loop is the receiver; else the current one."""

    def __init__(self):
        super().__init__("binder-vmas", gdb.COMMAND_DATA,
                         gdb.COMPLETE_EXPRESSION)

    def invoke(self, arg, from_tty):
        """Called by gdb."""
        subject = objects.resolve(arg)
        if subject.mm is None:
            raise gdb.GdbError("that process has no address space")
        found = list(vmas(subject.mm))
        if subject.task:
            who = f"process {int(subject.task['tgid'])} " \
                  f"({objects.comm(subject.task)})"
        else:
            who = "a process that is gone"
        gdb.write(f"# {who}: mm {int(subject.mm):#x}, {len(found)} vmas\n")
        for vma in found:
            gdb.write(maps_line(vma) + "\n")
            arena = arenas.arena_of_vma(vma)
            if arena is not None:
                gdb.write(f"#   ^ {arenas.summary(arena)}\n")


BinderVmas()
