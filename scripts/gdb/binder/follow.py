# SPDX-License-Identifier: GPL-2.0
"""binder-follow: one message from the reservation to the shrinker.

A station is reached when a function has returned, seldom when it is entered.
The functions are those that one floor of the driver calls of another, which are
never inlined, and their arguments are taken from the registers at the first
instruction: that works the same in all builds, whatever the compiler has made
of variables and lines.
"""

import gdb

from binder import arena as arenas
from binder import command, frames, kernel, objects, txn


# Who reclaims pages; others free those of a region that ends.
_SHRINKER = "scan_batch"
# Who frees a message while it sends one: the older of two of which only the
# newer counts.
_SENDER = "send_oneway"
# Stations at which the message is no more, and those at which its pages are not.
_FREED = ("freed", "given up", "superseded")
_GONE = ("reclaimed", "gone")


def _register(name):
    return int(gdb.newest_frame().read_register(name)) & (1 << 64) - 1


class After(gdb.Breakpoint):
    """At an address that followed calls return to."""

    def __init__(self, journey, address):
        super().__init__(f"*{address:#x}", internal=True)
        self.silent = True
        self.journey = journey
        self.waiting = {}

    def expect(self, stack, station, arguments):
        """A call that was made with that stack pointer."""
        self.waiting[stack] = (station, arguments)

    def stop(self):
        """Called by gdb."""
        found = self.waiting.pop(_register("rsp") - 8, None)
        return found is not None and self.journey.reached(*found)


class Before(gdb.Breakpoint):
    """At the first instruction of a function."""

    def __init__(self, journey, function, station, matches, at_return=True):
        super().__init__(f"*{function}", internal=True)
        self.silent = True
        self.journey = journey
        self.station = station
        self.matches = matches
        self.at_return = at_return

    def stop(self):
        """Called by gdb."""
        arguments = [_register(r) for r in ("rdi", "rsi")]
        if not self.matches(*arguments):
            return False
        if not self.at_return:
            return self.journey.reached(self.station, arguments)
        stack = _register("rsp")
        self.journey.after(kernel.read_ulong(stack)).expect(
            stack, self.station, arguments)
        return False


class Journey:
    """One message, and the breakpoints that follow it."""

    def __init__(self, transaction):
        self.txn = transaction
        self.from_start = transaction is None
        self.seen = []
        self.news = None
        self.buffer = None
        self.slots = range(0)
        self.name = "that was followed"
        self.pages = set()
        self.returns = {}
        if transaction is not None and int(transaction['buf']['range']['size']):
            self._remember_place()
        self.breakpoints = self._breakpoints()

    def _breakpoints(self):
        return [
            Before(self, "binder_txn_fill", "copied", self._is_sent),
            Before(self, "arena_fill", "reserved", self._is_filled, False),
            Before(self, "arena_reserve", "pages in", self._is_second),
            Before(self, "binder_proc_queue", "queued", self._is_second_txn),
            Before(self, "binder_thread_queue_txn", "queued",
                   self._is_second_txn),
            Before(self, "binder_proc_leave", "waits for its turn",
                   self._has_to_wait, False),
            Before(self, "arena_deliver", "delivered",
                   lambda b, _: self._is_buffer(b)),
            Before(self, "arena_release", "freed", self._is_second),
            Before(self, "arena_page_free", "reclaimed", self._is_page, False),
        ]

    # What a function is called with, first argument and second.

    def _is_sent(self, transaction, _):
        if self.txn is None:
            self.txn = kernel.pointer(transaction, "struct binder_txn")
        return transaction == int(self.txn)

    def _is_buffer(self, buf):
        return self.txn is not None and buf == int(self.txn['buf'].address)

    def _is_second(self, _, buf):
        return self._is_buffer(buf)

    def _is_second_txn(self, _, transaction):
        return self.txn is not None and transaction == int(self.txn) and \
            "queued" not in self.seen

    def _is_filled(self, arena, first):
        if self.txn is None or self.seen:
            return False
        rng = self.txn['buf']['range']
        return int(self.txn['to']['arena']) == arena and int(rng['size']) and \
            int(rng['start']) >> kernel.PAGE_SHIFT == first

    def _has_to_wait(self, proc, _):
        if not self.seen or self.seen[-1] != "copied" or \
                int(self.txn['to']) != proc:
            return False
        entry = self.txn['work']['entry']
        return entry['next'] != entry.address

    def _is_page(self, record, _):
        return record in self.pages

    def after(self, address):
        """The breakpoint where calls return to."""
        if address not in self.returns:
            self.returns[address] = After(self, address)
        return self.returns[address]

    def reached(self, station, arguments):
        """A station, at which gdb then stops; or not, after all."""
        if station == "reclaimed":
            self.pages.discard(arguments[0])
            if self.pages:
                return False
            if not frames.on_stack(_SHRINKER):
                station = "gone with the region"
        elif station == "pages in":
            if not int(self.txn['buf']['range']['size']):
                station = "refused: no room, or no page"
        elif station == "queued" and station in self.seen:
            return False    # one of its functions calls the other
        elif station == "copied":
            if not int(self.txn['buf']['range']['size']):
                return False
        elif station == "freed":
            self._remember_pages()
            station = self._how_freed()
        if int(self.txn['buf']['range']['size']):
            self._remember_place()
        self.seen.append(station)
        self.news = station
        return True

    def _how_freed(self):
        """By whom, and why."""
        if not self.txn['buffer_freed']:
            return "given up"
        if frames.on_stack(_SENDER):
            return "superseded"
        words = "freed"
        if self.from_start and "delivered" not in self.seen:
            words += ", never delivered"
        if self.txn['to']['dead']:
            words += ", its receiver being dead"
        return words

    def _remember_place(self):
        rng = self.txn['buf']['range']
        start, size = int(rng['start']), int(rng['size'])
        self.buffer = (self.txn['to']['arena'], start, size)
        self.slots = range(start >> kernel.PAGE_SHIFT,
                           (start + size - 1 >> kernel.PAGE_SHIFT) + 1)

    def _remember_pages(self):
        """Those that were given back: who is under another range stays."""
        if self.buffer is None:
            return
        for slot in arenas.slots(self.buffer[0]):
            if slot.index in self.slots and slot.state == "idle":
                self.pages.add(int(slot.record))

    def is_over(self):
        """Nothing more will be heard of it."""
        return self.news is not None and (
            self.news.startswith(("refused",) + _GONE) or
            (self.news.startswith(_FREED) and not self.pages))

    def end(self):
        """Follow no more."""
        for breakpoint_ in self.breakpoints + list(self.returns.values()):
            if breakpoint_.is_valid():
                breakpoint_.delete()
        self.breakpoints, self.returns = [], {}

    def tell(self):
        """Where it is."""
        gdb.write(f"\nSTATION {self.news}: ")
        if self.news.startswith(_FREED + _GONE):
            gdb.write(f"the message {self.name}\n")
            self._tell_why()
        else:
            gdb.write(f"{txn.describe(self.txn)}\n")
            self.name = str(int(self.txn['id']))
        if self.buffer is None or self.news == "gone with the region":
            return
        arena, start, size = self.buffer
        address = int(arena['id']['start']) + start
        signs = "".join(s.sign for s in arenas.slots(arena)
                        if s.index in self.slots)
        gdb.write(f"  {size} bytes at {address:#x} of "
                  f"{objects.describe_proc(objects.proc_of_arena(arena))}, "
                  f"slots {self.slots[0]}-{self.slots[-1]}: {signs}\n")

    def _tell_why(self):
        if self.news == "given up" and \
                str(self.txn['why']) != "BINDER_WHY_NONE":
            gdb.write(f"  for the reason {self.txn['why']}\n")


class _Follower:
    """The journey at hand, if there is one."""

    journey = None

    @classmethod
    def start(cls, transaction):
        """Follow this one, and no other any more."""
        cls.stop()
        cls.journey = Journey(transaction)

    @classmethod
    def stop(cls):
        """Follow nothing."""
        if cls.journey is not None:
            cls.journey.end()
        cls.journey = None

    @classmethod
    def on_stop(cls, _):
        """Called by gdb whenever the kernel has stopped."""
        journey = cls.journey
        if journey is None or journey.news is None:
            return
        try:
            journey.tell()
        except (gdb.error, kernel.Broken) as error:
            gdb.write(f"  {command.explain(error)}\n")
        over = journey.is_over()
        journey.news = None
        if over:
            gdb.write("  that was the last station\n")
            cls.stop()


gdb.events.stop.connect(_Follower.on_stop)
gdb.events.exited.connect(lambda event: _Follower.stop())


def find(arg):
    """The transaction that an argument names."""
    value = objects.evaluate(arg)
    if kernel.is_pointer_to(value, "struct binder_txn"):
        return value
    for found, _ in txn.all_txns().values():
        if int(found['id']) == int(value):
            return found
    raise gdb.GdbError(f"there is no message {arg}; binder-transactions lists "
                       "those that there are")


class BinderFollow(command.Command):
    """Stop at each station of one message.

binder-follow next | ID | EXPRESSION | off

"continue" then goes from station to station: reserved (if pages are missing),
pages in, copied, queued, delivered, freed, and reclaimed, when the shrinker has
taken the last page that the message left behind. A oneway message may have to
wait for its turn, or be superseded by a newer one; one that fails is refused, or
given up; a receiver that dies frees what it has, and its pages are gone with
its region. "next" is whichever message comes next; ID is the number of one on
its way, and EXPRESSION points to a struct binder_txn."""

    NAME = "binder-follow"
    LOOKS = False   # what comes next, it may come after "run"
    KIND = gdb.COMMAND_BREAKPOINTS
    OPTIONS = ("next", "off")

    def pids(self):
        return (int(found['id']) for found, _ in txn.all_txns().values())

    def run(self, arg, from_tty):
        word = arg.strip()
        if not word:
            raise gdb.GdbError("usage: binder-follow next | ID | EXPRESSION | "
                               "off")
        if word == "off":
            _Follower.stop()
            gdb.write("following nothing\n")
        elif word == "next":
            _Follower.start(None)
            gdb.write("following the next message\n")
        else:
            found = find(word)
            _Follower.start(found)
            gdb.write(f"following {txn.describe(found)}\n")


BinderFollow()
