# SPDX-License-Identifier: GPL-2.0
"""binder-arena: a receiver's region, its ranges and its page slots."""

import gdb

from binder import books, command, kernel, objects, svg

_ROW = 64
# The largest arena: RANGE_SIZE_MAX of driver/arena/range.h.
_MAX_SIZE = 256 << 20


def arena_of_vma(vma):
    """The arena that a vma is the mapping of, or None."""
    if vma['vm_ops'] != gdb.parse_and_eval("&arena_vm_ops"):
        return None
    return kernel.pointer(vma['vm_private_data'], "struct arena")


def nr_slots(arena):
    """How many page slots an arena has."""
    return int(arena['size']) >> kernel.PAGE_SHIFT


class Slot:
    """One page slot; page is None if there is none in it.

    record	int, the struct arena_page in the slot; 0 if there is none
    covered	a live range overlaps it
    """

    def __init__(self, arena, index, record, table, covered):
        self.index = index
        self.address = int(arena['id']['start']) + \
            (index << kernel.PAGE_SHIFT)
        self.covered = covered
        self.record = self.page = self.pfn = None
        self.in_use = self.listed = False
        if record:
            self.record = kernel.pointer(record, "struct arena_page")
            self.page = self.record['page']
            self.pfn = kernel.pfn_of(self.page)
            self.in_use = bool(self.record['in_use'])
            self.listed = bool(self.record['listed'])
        self.mapped_pfn = table.pfn(self.address) if table else None

    @property
    def is_mapped(self):
        """The receiver's page table has the page."""
        return self.pfn is not None and self.mapped_pfn == self.pfn

    @property
    def state(self):
        """The word of driver/arena/arena.h, or that it is on its way."""
        if self.page is not None:
            return "in use" if self.in_use else "idle"
        if self.mapped_pfn is not None:
            return "moving out"
        return "moving in" if self.covered else "absent"

    @property
    def sign(self):
        """The state as one character of the picture."""
        mapped, unmapped = SIGNS[self.state]
        return mapped if self.is_mapped else unmapped


# Of each state: the sign if the receiver's page table has the page, and if not.
SIGNS = {"absent": "..", "in use": "#+", "idle": "o-", "moving in": ">>",
         "moving out": "<<"}

LEGEND = ("slots: # in use, o idle (+ and - the same, but not in the page "
          "table), . absent,\n  being moved: > reserved and its page not "
          "here yet, < out of the slot and still mapped")


def _covered(arena):
    """The indices of the slots that live ranges overlap."""
    covered = set()
    for buf in ranges(arena):
        start, size = int(buf['range']['start']), int(buf['range']['size'])
        if start + size > int(arena['size']):
            raise kernel.Broken(f"the range at {start:#x} +{size} ends behind "
                                "its arena")
        covered.update(range(start >> kernel.PAGE_SHIFT,
                             (start + size - 1 >> kernel.PAGE_SHIFT) + 1))
    return covered


def slots(arena):
    """All slots of an arena."""
    count = nr_slots(arena)
    if count << kernel.PAGE_SHIFT > _MAX_SIZE:
        raise kernel.Broken(f"the arena {int(arena):#x} says that it has "
                            f"{count} page slots")
    if not count:
        return []
    mm = arena['mm']['mm']
    table = kernel.page_table(mm) if kernel.has_page_table(mm) else None
    records = kernel.read_ulongs(arena['slots'], count)
    covered = _covered(arena)
    return [Slot(arena, i, r, table, i in covered)
            for i, r in enumerate(records)]


def ranges(arena):
    """The live ranges, ascending, as struct arena_buf *."""
    if not int(arena['size']):
        return
    for found in kernel.entries(arena['ranges']['end']['order'],
                                "struct arena_range", "order"):
        yield objects.container(found, "struct arena_buf", "range")


def txn_of(buf):
    """The transaction whose buffer it is."""
    return objects.container(buf, "struct binder_txn", "buf")


def count_states(all_slots):
    """How many slots are in which state."""
    counts = {state: 0 for state in SIGNS}
    for slot in all_slots:
        counts[slot.state] += 1
    return counts


def count_absent(counts):
    """Those that the driver calls absent: nothing is in the slot."""
    return counts['absent'] + counts['moving in'] + counts['moving out']


def bounds(arena):
    """The user addresses that the arena uses."""
    start = int(arena['id']['start'])
    return start, start + int(arena['size'])


def summary(arena):
    """An arena in one line."""
    owner = objects.describe_proc(objects.proc_of_arena(arena))
    if not int(arena['size']):
        return f"arena of {owner}: not mapped yet"
    counts = count_states(slots(arena))
    start, end = bounds(arena)
    live = int(arena['ranges']['nr'])
    return (f"arena of {owner}: {start:08x}-{end:08x} used, {live} ranges, "
            f"pages {counts['in use']} in use, {counts['idle']} idle")


def describe_range(arena, buf):
    """A live range in one line."""
    start, size = int(buf['range']['start']), int(buf['range']['size'])
    first = start >> kernel.PAGE_SHIFT
    last = (start + size - 1) >> kernel.PAGE_SHIFT
    words = ["with the receiver" if int(buf['with_user']['counter'])
             else "not delivered"]
    if buf['oneway']:
        words.append("oneway")
    txn = txn_of(buf)
    return (f"{int(arena['id']['start']) + start:#x} +{size} bytes, slots "
            f"{first}-{last}, transaction {int(txn['id'])} {int(txn):#x}, " +
            ", ".join(words))


def events(arena):
    """The counters, by the names of debugfs."""
    names = gdb.lookup_static_symbol("event_names").value()
    low, high = arena['events'].type.range()
    for event in range(low, high + 1):
        yield (names[event].string(), int(arena['events'][event]['counter']))


def _write_picture(all_slots):
    """Rows that repeat are told, not shown."""
    signs = "".join(s.sign for s in all_slots)
    last, told = None, False
    gdb.write("  " + LEGEND + "\n")
    for start in range(0, len(signs), _ROW):
        row = signs[start:start + _ROW]
        if row != last:
            gdb.write(f"  {start:6} {row}\n")
        elif not told:
            gdb.write("       *\n")
        told = row == last
        last = row


def _write_pages(all_slots):
    present = [s for s in all_slots if s.page is not None]
    if not present:
        return
    gdb.write("  slot  user address     pfn     kernel address  state   "
              "mapped  LRU\n")
    for slot in present:
        gdb.write(f"  {slot.index:4}  {slot.address:#014x}  {slot.pfn:6x}  "
                  f"{kernel.page_address(slot.page):#14x}  {slot.state:6}  "
                  f"{'yes' if slot.is_mapped else 'no':6}  "
                  f"{'yes' if slot.listed else 'no'}\n")


def _write_region(arena):
    start, end = bounds(arena)
    cut = "" if arena['mapped'] else ", not (wholly) mapped any more"
    gdb.write(f"  region: {start:#x}-{end:#x}, {(end - start) >> 10} KiB"
              f"{cut}\n")


def _write_ranges(arena):
    gdb.write(f"  ranges: {int(arena['ranges']['nr'])} live, "
              f"{int(arena['oneway_free'])} bytes of oneway space free\n")
    for buf in ranges(arena):
        gdb.write(f"    {describe_range(arena, buf)}\n")


def pages_line(arena, all_slots):
    """The counts of slots in one line."""
    counts = count_states(all_slots)
    listed = sum(1 for s in all_slots if s.page is not None and s.listed)
    moving = counts['moving in'] + counts['moving out']
    return (f"pages: {counts['in use']} in use, {counts['idle']} idle, "
            f"{count_absent(counts)} absent, " +
            (f"{moving} of them being moved, " if moving else "") +
            f"{listed} on the LRU, watermark {int(arena['watermark'])}")


def _write_slots(arena):
    all_slots = slots(arena)
    gdb.write(f"  {pages_line(arena, all_slots)}\n")
    _write_picture(all_slots)
    _write_pages(all_slots)
    wrong = list(books.slots_and_ranges(arena, all_slots))
    for text in wrong:
        gdb.write(f"  BOOKS DISAGREE: {text}\n")
    if not wrong:
        gdb.write("  books: slots, ranges, LRU and page table agree\n")


def _write_events(arena):
    gdb.write("  events: " + ", ".join(
        f"{name} {count}" for name, count in events(arena) if count) + "\n")


def title(arena):
    """Which arena it is."""
    return (f"arena {int(arena):#x} of "
            f"{objects.describe_proc(objects.proc_of_arena(arena))}")


def show(arena):
    """All that there is to say about an arena."""
    gdb.write(title(arena) + "\n")
    if not int(arena['size']):
        gdb.write("  not mapped yet\n")
        return
    for part, write in (("region", _write_region), ("ranges", _write_ranges),
                        ("slots", _write_slots), ("events", _write_events)):
        command.attempt(part, write, arena)


def draw(arena, path):
    """The same as a picture."""
    all_slots = slots(arena)
    cells = [svg.Cell(s.state, s.is_mapped or s.page is None,
                      f"slot {s.index}, {s.address:#x}: {s.state}" +
                      (f", page frame {s.pfn:#x}" if s.page is not None else "")
                      ) for s in all_slots]
    bars = [(int(b['range']['start']), int(b['range']['size']),
             describe_range(arena, b)) for b in ranges(arena)]
    start, end = bounds(arena)
    svg.write_slots(path, title(arena), cells, bars,
                    [f"region {start:#x}-{end:#x}, {len(bars)} ranges",
                     pages_line(arena, all_slots)])


class BinderArena(command.ProcCommand):
    """Show the region that a process receives messages in.

binder-arena [PID | EXPRESSION] [--svg FILE]

The region, the live ranges, a picture of the page slots, each page with
its frame, its state and whether the receiver's page table has it, the LRU,
and the events counted. The argument is as for um-vmas. With --svg it is
drawn into FILE."""

    NAME = "binder-arena"
    OPTIONS = ("--svg",)

    def run(self, arg, from_tty):
        path, rest = command.take_option(arg, "--svg")
        arena = objects.wanted_arena(rest)
        if path:
            draw(arena, path)
        else:
            show(arena)


BinderArena()
