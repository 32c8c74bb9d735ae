# SPDX-License-Identifier: GPL-2.0
"""binder-locks: who holds what.

With lockdep each task has a list of the locks that it holds. Without, a mutex
and an address space still say who holds them; a spinlock on one CPU is nothing
at all.
"""

import gdb

from binder import books, command, kernel, objects


def has_lockdep():
    """Is it a kernel that keeps track of locks?"""
    return any(f.name == "held_locks"
               for f in kernel.type_of("struct task_struct").fields())


def _parts(proc):
    yield "lock", proc['lock']
    yield "refs_lock", proc['refs_lock']
    if proc['arena']:
        yield "arena->lock", proc['arena']['lock']
        yield "arena->map_mutex", proc['arena']['map_mutex']
        yield "mmap_lock", proc['arena']['mm']['mm']['mmap_lock']


def known_locks():
    """(first byte, one past the last, whose, which) of the driver's locks."""
    found = []
    for proc in objects.all_procs():
        for name, lock in _parts(proc):
            start = int(lock.address)
            found.append((start, start + lock.type.sizeof,
                          objects.describe_proc(proc), name))
    return found


def _owner(address, known):
    for start, end, whose, name in known:
        if start <= address < end:
            return f"{name} of {whose}"
    return ""


def _where(address):
    text = gdb.execute(f"info symbol {address:#x}", to_string=True)
    return text.split(" in section")[0].strip()


def held(task):
    """The struct held_lock of a task, outermost first."""
    depth = int(task['lockdep_depth'])
    low, high = task['held_locks'].type.range()
    if depth > high - low + 1:
        raise kernel.Broken(f"the task {int(task):#x} says that it holds "
                            f"{depth} locks")
    return [task['held_locks'][i] for i in range(depth)]


_MODES = ("write", "read", "read, recursive")


def _held_rows(known):
    for task in kernel.all_tasks():
        for lock in held(task):
            instance = lock['instance']
            yield (int(task['pid']), objects.comm(task),
                   instance['name'].string(), f"{int(instance):#x}",
                   _MODES[int(lock['read'])] +
                   (", tried" if lock['trylock'] else ""),
                   _where(int(lock['acquire_ip'])),
                   _owner(int(instance), known))


_HEAD = ("TID", "NAME", "LOCK", "LOCKDEP_MAP", "MODE", "TAKEN AT", "WHICH IS")


def _task_name(address):
    task = kernel.pointer(address, "struct task_struct")
    return f"thread {int(task['pid'])} ({objects.comm(task)})"


def waiters(mutex):
    """The tasks that wait for a mutex."""
    return [int(w['task']) for w in
            kernel.entries(mutex['wait_list'], "struct mutex_waiter", "list")]


def mutexes():
    """(its name, struct mutex) of the driver."""
    for proc in objects.all_procs():
        for name, lock in _parts(proc):
            if str(lock.type.strip_typedefs()) == "struct mutex":
                yield f"{name} of {objects.describe_proc(proc)}", lock


def _write_mutexes():
    count = 0
    for name, mutex in mutexes():
        owner, waiting = books.mutex_owner(mutex), waiters(mutex)
        if not owner and not waiting:
            continue
        count += 1
        holder = _task_name(owner) if owner else "nobody, handed over just now"
        gdb.write(f"{name}: held by {holder}\n")
        for task in waiting:
            gdb.write(f"  {_task_name(task)} waits for it\n")
    return count


class BinderLocks(command.Command):
    """Show who holds which locks.

binder-locks

On kernels with lockdep all locks of all tasks, and where they were taken; the
driver's are told apart by whose they are. On all kernels the driver's mutexes
that are held, and who waits for them."""

    NAME = "binder-locks"

    def run(self, arg, from_tty):
        if arg.strip():
            raise gdb.GdbError("usage: binder-locks")
        if has_lockdep():
            rows = list(_held_rows(known_locks()))
            if rows:
                command.table(_HEAD, rows)
            else:
                gdb.write("no task holds a lock\n")
        else:
            gdb.write("no lockdep in this kernel: only mutexes can be told\n")
        if not _write_mutexes():
            gdb.write("no mutex of the driver is held\n")


BinderLocks()
