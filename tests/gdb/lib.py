# SPDX-License-Identifier: GPL-2.0
"""What the gdb scripts of the tests have in common; on_guest() loads it."""

import gdb

from binder import kernel, objects


class Stage(gdb.Command):
    """Go on to where the guest says that it is: see at_stage() in guest.c."""

    found = None

    def __init__(self):
        super().__init__("stage", gdb.COMMAND_RUNNING)

    def invoke(self, arg, from_tty):
        """Called by gdb."""
        if Stage.found is None:
            Stage.found = gdb.Breakpoint("__set_task_comm")
            Stage.found.condition = "buf[0] == '@'"
        gdb.execute("continue" if gdb.selected_inferior().pid else "run")


class Named(gdb.Function):
    """$named(NAME): the struct binder_proc * of the process of that name."""

    def __init__(self):
        super().__init__("named")

    def invoke(self, name):  # pylint: disable=arguments-differ
        """Called by gdb."""
        return proc(name.string())


def proc(name):
    """The binder file of the process of that name."""
    return next(p for p in objects.all_procs()
                if objects.comm(p['leader']) == name)


def pid(name):
    """The number of a thread by its name."""
    return next(int(t['pid']) for t in kernel.all_tasks()
                if objects.comm(t) == name)


def show(title, command):
    """A section of the log: what a command says, be it an error."""
    gdb.write(f"<{title}>\n")
    try:
        gdb.execute(command)
    except gdb.error as error:
        gdb.write(f"error: {error}\n")


Stage()
Named()
