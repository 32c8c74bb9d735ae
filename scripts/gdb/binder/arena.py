# SPDX-License-Identifier: GPL-2.0
"""binder-arena: a receiver's region, its ranges and its page slots."""

import gdb

from binder import kernel, objects

_ROW = 64


def arena_of_vma(vma):
    """The arena that a vma is the mapping of, or None."""
    if vma['vm_ops'] != gdb.parse_and_eval("&arena_vm_ops"):
        return None
    return kernel.pointer(vma['vm_private_data'], "struct arena")


def nr_slots(arena):
    """How many page slots an arena has."""
    return int(arena['size']) >> kernel.PAGE_SHIFT


class Slot:
    """One page slot; page is None if it is absent."""

    def __init__(self, arena, index, record, table):
        self.index = index
        self.address = int(arena['id']['start']) + \
            (index << kernel.PAGE_SHIFT)
        self.record = record
        self.page = self.pfn = None
        if record:
            self.page = record['page']
            self.pfn = kernel.pfn_of(self.page)
            self.in_use = bool(record['in_use'])
            self.listed = bool(record['listed'])
        self.mapped_pfn = table.pfn(self.address) if table else None

    @property
    def is_mapped(self):
        """The receiver's page table has the page."""
        return self.pfn is not None and self.mapped_pfn == self.pfn

    @property
    def state(self):
        """The word of driver/arena/arena.h."""
        if self.page is None:
            return "absent"
        return "in use" if self.in_use else "idle"

    @property
    def sign(self):
        """The state as one character of the picture."""
        if self.page is None:
            return "!" if self.mapped_pfn is not None else "."
        if self.in_use:
            return "#" if self.is_mapped else "+"
        return "o" if self.is_mapped else "-"


SIGNS = ("slots: # in use, o idle, both mapped; + in use, - idle, both not "
         "in the page table; . absent")


def slots(arena):
    """All slots of an arena."""
    count = nr_slots(arena)
    if not count:
        return []
    mm = arena['mm']['mm']
    table = kernel.PageTable(mm) if int(mm['mm_users']['counter']) else None
    records = kernel.read_ulongs(arena['slots'], count)
    return [Slot(arena, i, kernel.pointer(r, "struct arena_page")
                 if r else None, table) for i, r in enumerate(records)]


def ranges(arena):
    """The live ranges, ascending, as struct arena_buf *."""
    if not int(arena['size']):
        return
    ends_with = arena['ranges']['end'].address
    first = kernel.entries(arena['ranges']['end']['order'],
                           "struct arena_range", "order")
    for found in first:
        if found != ends_with:
            yield objects.container(found, "struct arena_buf", "range")


def count_states(all_slots):
    """How many slots are in which state."""
    counts = {"in use": 0, "idle": 0, "absent": 0}
    for slot in all_slots:
        counts[slot.state] += 1
    return counts


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
    txn = objects.container(buf, "struct binder_txn", "buf")
    return (f"{int(arena['id']['start']) + start:#x} +{size} bytes, slots "
            f"{first}-{last}, transaction {int(txn):#x}, " + ", ".join(words))


def events(arena):
    """The counters, by the names of enum arena_event."""
    for field in kernel.type_of("enum arena_event").fields():
        if field.name != "ARENA_NR_EVENTS":
            name = field.name[len("ARENA_"):].lower()
            yield name, int(arena['events'][field.enumval]['counter'])


def disagreements(arena, all_slots):
    """Where slots and ranges contradict each other; see arena_validate().

    Legitimate only in the middle of a change, under arena->lock.
    """
    covered = set()
    for buf in ranges(arena):
        start, size = int(buf['range']['start']), int(buf['range']['size'])
        covered.update(range(start >> kernel.PAGE_SHIFT,
                             (start + size - 1 >> kernel.PAGE_SHIFT) + 1))
    for slot in all_slots:
        if slot.page is None:
            if slot.mapped_pfn is not None:
                yield f"slot {slot.index} has no page, but one is mapped"
            continue
        if slot.record['arena'] != arena or \
                int(slot.record['index']) != slot.index:
            yield f"slot {slot.index} has the page of another one"
        if slot.in_use != (slot.index in covered):
            yield (f"slot {slot.index} is {slot.state}, but under "
                   f"{'a' if slot.index in covered else 'no'} range")
        if not slot.in_use and not slot.listed:
            yield f"slot {slot.index} is idle, but not on the LRU"
        if slot.mapped_pfn not in (None, slot.pfn):
            yield f"slot {slot.index}: another page is mapped there"


def _write_picture(all_slots):
    """Rows that repeat are told, not shown."""
    signs = "".join(s.sign for s in all_slots)
    last, told = None, False
    gdb.write("  " + SIGNS + "\n")
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


def show(arena):
    """All that there is to say about an arena."""
    gdb.write(f"arena {int(arena):#x} of "
              f"{objects.describe_proc(objects.proc_of_arena(arena))}\n")
    if not int(arena['size']):
        gdb.write("  not mapped yet\n")
        return
    start, end = bounds(arena)
    cut = "" if arena['mapped'] else ", not (wholly) mapped any more"
    gdb.write(f"  region: {start:#x}-{end:#x}, {(end - start) >> 10} KiB"
              f"{cut}\n")
    gdb.write(f"  ranges: {int(arena['ranges']['nr'])} live, "
              f"{int(arena['oneway_free'])} bytes of oneway space free\n")
    for buf in ranges(arena):
        gdb.write(f"    {describe_range(arena, buf)}\n")
    all_slots = slots(arena)
    counts = count_states(all_slots)
    listed = sum(1 for s in all_slots if s.page is not None and s.listed)
    gdb.write(f"  pages: {counts['in use']} in use, {counts['idle']} idle, "
              f"{counts['absent']} absent, {listed} on the LRU, watermark "
              f"{int(arena['watermark'])}\n")
    _write_picture(all_slots)
    _write_pages(all_slots)
    wrong = list(disagreements(arena, all_slots))
    for text in wrong:
        gdb.write(f"  BOOKS DISAGREE: {text}\n")
    if not wrong:
        gdb.write("  books: slots, ranges, LRU and page table agree\n")
    gdb.write("  events: " + ", ".join(
        f"{name} {count}" for name, count in events(arena) if count) + "\n")


class BinderArena(gdb.Command):
    """Show the region that a process receives messages in.

binder-arena [PID | EXPRESSION]

The region, the live ranges, a picture of the page slots, each page
with its frame, its state and whether the receiver's page table has it,
the LRU, and the events counted. The argument is as for binder-vmas."""

    def __init__(self):
        super().__init__("binder-arena", gdb.COMMAND_DATA,
                         gdb.COMPLETE_EXPRESSION)

    def invoke(self, arg, from_tty):
        """Called by gdb."""
        subject = objects.resolve(arg)
        if subject.arena is None:
            raise gdb.GdbError("that process has no arena; binder-procs lists "
                               "those that have")
        show(subject.arena)


BinderArena()
