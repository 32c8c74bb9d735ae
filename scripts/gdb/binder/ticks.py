# SPDX-License-Identifier: GPL-2.0
"""Stepping without the guest's timer coming in between.

The timer is SIGALRM, and one is due whenever somebody has looked around for
longer than a tick. gdb steps over its handler only from where it has begun to
step; in the middle of a function that is inlined there, a "next" ends in the
handler, and so does each one after it. So signals of the timer are dropped while
gdb steps, and one is sent when the guest goes on. A guest that idles does not
need them, as its clock then goes by itself; but only in UML's time-travel mode.
"""

import gdb

STEP = ("step", "next", "stepi", "nexti")
GO_ON = ("continue", "finish", "advance", "until", "jump", "detach", "run",
         "kill")


class Ticks:
    """Whether the timer's signals get through."""

    held = False

    @classmethod
    def hold(cls):
        """Before gdb steps."""
        args = gdb.execute("show args", to_string=True)
        if "time-travel" in args and not cls.held:
            gdb.execute("handle SIGALRM nopass", to_string=True)
            cls.held = True

    @classmethod
    def release(cls):
        """Before the guest goes on: one stands for all that were dropped."""
        if not cls.held:
            return
        gdb.execute("handle SIGALRM pass", to_string=True)
        cls.held = False
        if gdb.selected_inferior().pid:
            gdb.execute("queue-signal SIGALRM")

    @classmethod
    def on_exit(cls, _):
        """The guest has ended; the next one begins afresh."""
        cls.release()


def _hook(command, method):
    gdb.execute(f"define hook-{command}\n"
                f"python binder.ticks.Ticks.{method}()\nend")


for name in STEP:
    _hook(name, "hold")
for name in GO_ON:
    _hook(name, "release")
gdb.events.exited.connect(Ticks.on_exit)
