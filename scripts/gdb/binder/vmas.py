# SPDX-License-Identifier: GPL-2.0
"""um-vmas: the address space of any process, as /proc/PID/maps has it."""

import gdb

from binder import arena as arenas
from binder import command, kernel, objects, svg, vmflags

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


def _symbol(address):
    text = gdb.execute(f"info symbol {address:#x}", to_string=True)
    return text.split()[0] if " in section" in text else f"{address:#x}"


def ops_name(vma):
    """Its operations by the name of their table, or "no ops"."""
    ops = int(vma['vm_ops'])
    if not ops:
        return "no ops"
    return "ops " + kernel.Memo.of(("symbol", ops), lambda: _symbol(ops))


def notes(vma):
    """What /proc/PID/maps does not say of a vma."""
    yield f"{vmflags.vma_flags(int(vma['vm_flags']))}, {ops_name(vma)}"
    arena = arenas.arena_of_vma(vma)
    if arena is not None:
        yield f"^ {arenas.summary(arena)}"


def who_is(subject):
    """The owner of an address space in a few words."""
    if subject.task:
        return (f"process {int(subject.task['tgid'])} "
                f"({objects.comm(subject.task)})")
    return "a process that is gone"


def show(subject):
    """Lines as in maps, each with its notes."""
    mm = subject.mm
    count = int(mm['map_count'])
    gdb.write(f"# {who_is(subject)}: mm {int(mm):#x}, {count} vmas\n")
    found = 0
    for vma in vmas(mm):
        found += 1
        gdb.write(maps_line(vma) + "\n")
        for note in notes(vma):
            gdb.write(f"#   {note}\n")
    if found != count:
        gdb.write(f"# {found} vmas are in the tree: it is just being changed, "
                  "or broken\n")


def draw(subject, path):
    """The same as a picture."""
    rows = []
    for vma in vmas(subject.mm):
        arena = arenas.arena_of_vma(vma)
        perms = maps_line(vma).split()[1]
        kind = "arena" if arena is not None else perms[:3].strip("-") or "none"
        text = _name(vma)
        if arena is not None:
            text += f" - {arenas.summary(arena)}"
        rows.append(svg.Bar(int(vma['vm_start']), int(vma['vm_end']), kind,
                            perms, text))
    svg.write_bars(path, f"Address space of {who_is(subject)}", rows)


class UmVmas(command.Command):
    """Show the virtual memory areas of a process.

um-vmas [PID | EXPRESSION] [--svg FILE]

The lines are those of /proc/PID/maps. Lines that begin with '#' are added:
one before the first, and below each area its flags in the letters of
/proc/PID/smaps and its operations, and whose arena it is if it is one.
EXPRESSION points to a struct binder_proc, binder_thread, arena, mm_struct,
vm_area_struct or task_struct. Without an argument it is the process whose
arena the functions on the stack work on, which in the copy loop is the
receiver; else the current one. With --svg it is drawn into FILE."""

    NAME = "um-vmas"
    OPTIONS = ("--svg",)

    def pids(self):
        return (int(t['tgid']) for t in kernel.all_tasks() if t['mm'])

    def run(self, arg, from_tty):
        path, rest = command.take_option(arg, "--svg")
        subject = objects.wanted_space(rest)
        if path:
            draw(subject, path)
        else:
            show(subject)


UmVmas()
