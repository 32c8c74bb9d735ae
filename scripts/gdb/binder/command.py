# SPDX-License-Identifier: GPL-2.0
"""What all commands have in common.

A command is written for structures that are as they should be. Where they are
not, because the kernel is broken or was just changing them, reading fails
somewhere in the middle. Command.invoke() turns that into a message, after
whatever could be shown.
"""

import gdb

from binder import kernel, objects


class Command(gdb.Command):
    """A command: subclasses have a NAME, a docstring and run()."""

    NAME = ""
    KIND = gdb.COMMAND_DATA
    OPTIONS = ()
    # Of no use before the guest has been started.
    LOOKS = True

    def __init__(self):
        super().__init__(self.NAME, self.KIND)

    def run(self, arg, from_tty):
        """What it does."""
        raise NotImplementedError

    def pids(self):
        """What may be completed: the processes it makes sense for."""
        return ()

    def invoke(self, arg, from_tty):
        """Called by gdb."""
        kernel.Memo.begin()
        try:
            if self.LOOKS and not gdb.selected_inferior().pid:
                raise gdb.GdbError("there is no guest to look at: \"run\" "
                                   "starts one, \"core FILE\" takes a core file")
            self.run(arg, from_tty)
        except (gdb.GdbError, KeyboardInterrupt):
            raise
        except Exception as error:  # pylint: disable=broad-except
            if gdb.parameter("python print-stack") == "full":
                raise
            raise gdb.GdbError(f"{self.NAME}: {explain(error)}") from None
        finally:
            kernel.Memo.end()

    def complete(self, text, word):
        """Called by gdb: pids and options, else an expression.

        The word is what gdb takes for one: less than what is being typed, after
        a "-".
        """
        typed = text.split(" ")[-1]
        known = len(typed) - len(word)
        found = [option for option in self.OPTIONS if option.startswith(typed)]
        if not typed or typed.isdigit():
            found += self._pids_like(typed)
        elif not found and not typed.startswith("-"):
            return gdb.COMPLETE_EXPRESSION
        return [full[known:] for full in found]

    def _pids_like(self, typed):
        try:
            pids = sorted(set(self.pids()))
        except Exception:  # pylint: disable=broad-except
            return []   # a broken structure: no reason to disturb who types
        return [str(pid) for pid in pids if str(pid).startswith(typed)]


class ProcCommand(Command):
    """A command about processes that use binder."""

    def pids(self):
        return (int(p['pid']) for p in objects.all_procs())


class ProcTable(ProcCommand):
    """A table for each binder file of a process, or of all processes."""

    HEAD = ()

    def title(self, proc):
        """What stands above the table, after whose it is."""
        return ""

    def rows(self, proc):
        """The rows of the table."""
        raise NotImplementedError

    def run(self, arg, from_tty):
        procs = objects.wanted_procs(arg)
        for proc in procs:
            gdb.write(f"{objects.describe_proc(proc)}, "
                      f"{proc['context']['name'].string()}{self.title(proc)}\n")
            table(self.HEAD, self.rows(proc), "  ")
        if not procs:
            gdb.write("no process has a binder device open\n")


def explain(error):
    """A failure in words."""
    if isinstance(error, kernel.Broken):
        return f"a structure is broken: {error}"
    if isinstance(error, gdb.MemoryError):
        return (f"a structure is broken, or is just being changed: {error} "
                "(a pointer leads nowhere)")
    if isinstance(error, UnicodeDecodeError):
        return "a structure is broken: a name is no text"
    if isinstance(error, gdb.error):
        return str(error)
    return (f"a structure is broken: {type(error).__name__}: {error} "
            "(\"set python print-stack full\" shows where)")


def attempt(what, function, *args):
    """Call a function; if it fails say so as part of the output."""
    try:
        return function(*args)
    except gdb.GdbError:
        raise
    except Exception as error:  # pylint: disable=broad-except
        gdb.write(f"  {what}: {explain(error)}\n")
        return None


def table(head, rows, indent=""):
    """Write rows in columns; if making one fails, those before it."""
    done = [tuple(head)]
    try:
        for row in rows:
            done.append(tuple(str(cell) for cell in row))
    finally:
        widths = [max(len(row[i]) for row in done) for i in range(len(head))]
        for row in done:
            line = "  ".join(c.ljust(w) for c, w in zip(row, widths))
            gdb.write(indent + line.rstrip() + "\n")
    return len(done) - 1


def take_option(arg, name):
    """(what follows the option or None, the rest) of an argument."""
    words = gdb.string_to_argv(arg)
    if name not in words:
        return None, arg
    at = words.index(name)
    if at + 1 >= len(words):
        raise gdb.GdbError(f"{name} needs a file name")
    return words[at + 1], " ".join(words[:at] + words[at + 2:])


def take_flag(arg, name):
    """(is it there, the rest) of an argument."""
    words = arg.split()
    return name in words, " ".join(w for w in words if w != name)
