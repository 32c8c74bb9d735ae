# SPDX-License-Identifier: GPL-2.0
"""um-procs: the processes of the guest, and those of the host they run in."""

import gdb

from binder import command, kernel, objects

# TASK_REPORT and further bits of include/linux/sched.h, which are macros.
_STATES = ((0x01, "S"), (0x02, "D"), (0x04, "T"), (0x08, "t"), (0x10, "X"),
           (0x20, "Z"), (0x40, "P"))
_TASK_NOLOAD = 0x400
# MM_FILEPAGES, MM_ANONPAGES, MM_SHMEMPAGES of include/linux/mm_types_task.h: an
# enum without a name, for which gdb would search everything.
_RSS = (0, 1, 3)


def state(task):
    """The letter of /proc/PID/stat."""
    value = int(task['__state']) | int(task['exit_state'])
    if value & 0x02 and value & _TASK_NOLOAD:
        return "I"
    for bit, letter in _STATES:
        if value & bit:
            return letter
    return "R"


def resident_pages(mm):
    """Pages that are mapped, file, anonymous and shared memory."""
    return sum(max(int(mm['rss_stat'][counter]['count']), 0)
               for counter in _RSS)


def _row(task, current, files):
    mm = task['mm']
    if mm:
        memory = (f"{int(mm):#x}", int(mm['map_count']),
                  resident_pages(mm) << 2, int(mm['context']['id']['u']['pid'])
                  if _has_union(mm) else int(mm['context']['id']['pid']))
    else:
        memory = ("-", "-", "-", "-")
    tid, pid = int(task['pid']), int(task['tgid'])
    return (("*" if task == current else "") + str(tid), pid,
            int(task['real_parent']['tgid']), state(task), objects.comm(task),
            *memory, files.get(pid, ""), f"{int(task):#x}")


def _has_union(mm):
    return any(f.name == "u" for f in mm['context']['id'].type.fields())


def _binder_files():
    files = {}
    for proc in objects.all_procs():
        files.setdefault(int(proc['pid']), []).append(
            proc['context']['name'].string())
    return {pid: " ".join(names) for pid, names in files.items()}


_HEAD = ("TID", "PID", "PPID", "S", "NAME", "MM", "VMAS", "RSS KIB", "HOST PID",
         "BINDER", "TASK_STRUCT")


class UmProcs(command.Command):
    """List the processes of the guest.

um-procs [-a]

Those that have an address space, with -a also the kernel's threads. '*' is
the one that the kernel stopped in; HOST PID is the process of the host that
runs its user space; BINDER are the devices it has open."""

    NAME = "um-procs"
    OPTIONS = ("-a",)

    def run(self, arg, from_tty):
        everything, rest = command.take_flag(arg, "-a")
        if rest:
            raise gdb.GdbError("usage: um-procs [-a]")
        current = kernel.current_task()
        files = _binder_files()
        if not command.table(_HEAD, (_row(task, current, files)
                                     for task in kernel.all_tasks()
                                     if everything or task['mm'])):
            gdb.write("the kernel is still booting: there is none yet\n")


UmProcs()
