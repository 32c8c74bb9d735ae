# SPDX-License-Identifier: GPL-2.0
"""Finding the driver's objects, and naming them.

Every command takes the object that it is about in the same ways; see
resolve(). Without an argument it is about whatever is at hand: the arena that
some function on the stack works on, else the process that the kernel stopped
in.
"""

import gdb
from linux import utils

from binder import frames, kernel


def container(ptr, type_name, member):
    """container_of(), with the type by name."""
    return utils.container_of(ptr, kernel.type_of(type_name).pointer(), member)


def all_procs():
    """Every open binder file, as struct binder_proc *.

    Found in the file tables: whatever lists the driver keeps may be half way
    through a change. A process whose files are all closed is not found.
    """
    return kernel.Memo.of("procs", lambda: list(_find_procs()))


def _find_procs():
    fops = gdb.parse_and_eval("&binder_fops")
    seen, tables = set(), set()
    for task in kernel.all_tasks():
        table = int(task['files'])
        if not table or table in tables:
            continue
        tables.add(table)
        for file in kernel.open_files(task):
            address = int(file['private_data'])
            if file['f_op'] == fops and address not in seen:
                seen.add(address)
                yield kernel.pointer(address, "struct binder_proc")


def procs_of(pid):
    """The binder files opened by the process with that pid."""
    return [p for p in all_procs() if int(p['pid']) == pid]


def proc_of_arena(arena):
    """Whose arena it is, or None if its owner is being torn down."""
    for proc in all_procs():
        if proc['arena'] == arena:
            return proc
    return None


def threads(proc):
    """The thread records of a process, by tid."""
    return kernel.tree_entries(proc['threads'], "struct binder_thread",
                               "node")


def all_threads():
    """Every thread record."""
    for proc in all_procs():
        yield from threads(proc)


def comm(task):
    """The name of a task."""
    return task['comm'].string()


def describe_proc(proc):
    """A process in a few words."""
    if proc is None:
        return "a process that is gone"
    return f"process {int(proc['pid'])} ({comm(proc['leader'])})"


def describe_thread(thread):
    """A thread in a few words."""
    tid, pid = int(thread['pid']), int(thread['proc']['pid'])
    task = kernel.task_by_pid(tid)
    name = comm(task) if task else "gone"
    of = "" if tid == pid else f" of process {pid}"
    return f"thread {tid} ({name}){of}"


# BINDER_LOOPER_*: an enum without a name, which the compiler leaves out of the
# debug information.
_LOOPER = ("registered", "entered", "exited", "invalid", "waiting", "poll")


def looper(thread):
    """What a thread has told the driver of itself, in words."""
    flags = int(thread['looper'])
    return " ".join(name for bit, name in enumerate(_LOOPER)
                    if flags & 1 << bit)


def arena_on_stack():
    """The arena that some function on the stack has in its hands, or None."""
    frame = gdb.selected_frame() if gdb.selected_thread() else None
    while frame:
        for name, type_name, arena_of in _LEADS:
            value = frames.variable(frame, name)
            if value is not None and kernel.is_pointer_to(value, type_name) \
                    and int(value):
                arena = arena_of(value)
                if arena is not None:
                    return arena
        frame = frame.older()
    return None


def arena_of_buf(buf):
    """The arena in which a struct arena_buf * is reserved, or None."""
    wanted = buf['range'].address
    for proc in all_procs():
        arena = proc['arena']
        if arena and arena['size'] and any(
                r == wanted for r in kernel.entries(
                    arena['ranges']['end']['order'], "struct arena_range",
                    "order")):
            return arena
    return None


# What a function that works on an arena has in its hands: the compiler does not
# keep all of it.
_LEADS = (("a", "struct arena", lambda a: a),
          ("b", "struct arena_buf", arena_of_buf))


class Subject:
    """What a command is about: as much of it as could be told.

    task	a task of the process, or None
    mm		its address space, or None
    proc	its struct binder_proc, or None
    arena	its struct arena, or None
    """

    def __init__(self, task=None, mm=None, proc=None, arena=None):
        self.task = task
        self.mm = mm
        self.proc = proc
        self.arena = arena

    @classmethod
    def of_proc(cls, proc):
        """About an open file."""
        arena = proc['arena'] if proc['arena'] else None
        mm = arena['mm']['mm'] if arena else proc['leader']['mm']
        return cls(proc['leader'], mm, proc, arena)

    @classmethod
    def of_arena(cls, arena):
        """About an arena, whoever has it."""
        proc = proc_of_arena(arena)
        task = proc['leader'] if proc is not None else None
        return cls(task, arena['mm']['mm'], proc, arena)

    @classmethod
    def of_mm(cls, mm):
        """About an address space."""
        users = kernel.mm_users(mm)
        for proc in all_procs():
            if proc['arena'] and proc['arena']['mm']['mm'] == mm:
                return cls(proc['leader'], mm, proc, proc['arena'])
        return cls(users[0] if users else None, mm)

    @classmethod
    def of_task(cls, task):
        """About the process of a task."""
        procs = procs_of(int(task['tgid']))
        if procs:
            return cls.of_proc(procs[0])
        return cls(task, task['mm'] if task['mm'] else None)


_POINTERS = {
    "struct binder_proc": Subject.of_proc,
    "struct binder_thread": lambda t: Subject.of_proc(t['proc']),
    "struct binder_txn": lambda t: Subject.of_proc(t['to']),
    "struct arena": Subject.of_arena,
    "struct mm_struct": Subject.of_mm,
    "struct vm_area_struct": lambda v: Subject.of_mm(v['vm_mm']),
    "struct task_struct": Subject.of_task,
}


def evaluate(arg):
    """An argument as an expression."""
    try:
        return gdb.parse_and_eval(arg)
    except gdb.error as error:
        raise gdb.GdbError(f"{arg}: no number, and no expression: {error}") \
            from None


def resolve(arg):
    """The subject that an argument names.

    PID, or an expression whose value points to a struct binder_proc,
    binder_thread, binder_txn (its receiver), arena, mm_struct, vm_area_struct
    or task_struct.
    """
    if not arg.strip():
        return _at_hand()
    value = evaluate(arg)
    for name, make in _POINTERS.items():
        if kernel.is_pointer_to(value, name):
            return make(value)
    if value.type.strip_typedefs().code != gdb.TYPE_CODE_INT:
        raise gdb.GdbError(f"{arg}: neither a pid nor a pointer to any of " +
                           ", ".join(_POINTERS))
    task = kernel.task_by_pid(int(value))
    if task is None:
        raise gdb.GdbError(f"there is no process {int(value)}; lx-ps lists "
                           "all, binder-procs those that use binder")
    return Subject.of_task(task)


def _at_hand():
    arena = arena_on_stack()
    if arena is not None:
        return Subject.of_arena(arena)
    return Subject.of_task(kernel.current_task())


def wanted_procs(arg):
    """The binder processes a command is to show: those named, or all."""
    if not arg.strip():
        return list(all_procs())
    subject = resolve(arg)
    if subject.proc is None:
        raise gdb.GdbError(f"{arg}: has no binder file open")
    if kernel.is_pointer_to(gdb.parse_and_eval(arg), "struct binder_proc"):
        return [subject.proc]
    return procs_of(int(subject.proc['pid']))


def wanted_space(arg):
    """The process that an argument is about, which has an address space."""
    subject = resolve(arg)
    if subject.mm is None:
        raise gdb.GdbError(f"process {int(subject.task['tgid'])} "
                           f"({comm(subject.task)}) has no address space")
    return subject


def wanted_arena(arg):
    """The arena that an argument is about."""
    arena = resolve(arg).arena
    if arena is None:
        raise gdb.GdbError("that process has no arena; binder-procs lists "
                           "those that have")
    return arena


class BinderProcFunction(gdb.Function):
    """The struct binder_proc * of a process.

$binder_proc(PID): the first binder file that process PID has open, as
in "p *$binder_proc(27)"."""

    def __init__(self):
        super().__init__("binder_proc")

    def invoke(self, pid):  # pylint: disable=arguments-differ
        """Called by gdb."""
        procs = procs_of(int(pid))
        if not procs:
            raise gdb.GdbError(f"process {int(pid)} has no binder file open")
        return procs[0]


class BinderThreadFunction(gdb.Function):
    """The struct binder_thread * of a thread.

$binder_thread(TID): the first record that any binder file has of the
thread TID."""

    def __init__(self):
        super().__init__("binder_thread")

    def invoke(self, tid):  # pylint: disable=arguments-differ
        """Called by gdb."""
        for thread in all_threads():
            if int(thread['pid']) == int(tid):
                return thread
        raise gdb.GdbError(f"no binder file has a record of thread {int(tid)}")


class BinderArenaFunction(gdb.Function):
    """The struct arena * at hand.

$binder_arena(): the arena that some function on the stack works on, also where
the compiler has not kept the variable, as in "p *$binder_arena()"."""

    def __init__(self):
        super().__init__("binder_arena")

    def invoke(self):  # pylint: disable=arguments-differ
        """Called by gdb."""
        arena = arena_on_stack()
        if arena is None:
            raise gdb.GdbError("no function on the stack works on an arena")
        return arena


BinderProcFunction()
BinderThreadFunction()
BinderArenaFunction()
