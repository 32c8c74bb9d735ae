# SPDX-License-Identifier: GPL-2.0
"""Do the books of an arena, and of the processes, agree with each other?

Each function yields what is wrong, in words. What may be so for a moment, in
the middle of a change that somebody is making right now, is not reported as far
as it can be told: that somebody holds arena->map_mutex, or has entered
the process as a sender.
"""

from binder import kernel


def mutex_owner(mutex):
    """The task that holds a mutex as a number, or 0."""
    return int(mutex['owner']['counter']) & ~7


def slots_and_ranges(arena, all_slots):
    """Slots, ranges, LRU and page table; see driver/arena/validate.c."""
    moving = mutex_owner(arena['map_mutex'])
    for slot in all_slots:
        if slot.page is None:
            if slot.mapped_pfn is not None and not moving:
                yield f"slot {slot.index} has no page, but one is mapped"
            continue
        yield from _slot(arena, slot)
        if slot.mapped_pfn not in (None, slot.pfn) and not moving:
            yield f"slot {slot.index}: another page is mapped there"


def _slot(arena, slot):
    if slot.record['arena'] != arena or \
            int(slot.record['index']) != slot.index:
        yield f"slot {slot.index} has the page of another one"
    if slot.in_use != slot.covered:
        yield (f"slot {slot.index} is {slot.state}, but under "
               f"{'a' if slot.covered else 'no'} range")
    if not slot.in_use and not slot.listed:
        yield f"slot {slot.index} is idle, but not on the LRU"
    if slot.index >= int(arena['watermark']):
        yield f"slot {slot.index} has a page above the watermark"


def delivered_pages(bufs, all_slots):
    """What the receiver has must be there to be read."""
    for buf in bufs:
        if not int(buf['with_user']['counter']):
            continue
        start, size = int(buf['range']['start']), int(buf['range']['size'])
        for index in range(start >> kernel.PAGE_SHIFT,
                           (start + size - 1 >> kernel.PAGE_SHIFT) + 1):
            if all_slots[index].page is None:
                yield (f"slot {index} has no page, but the receiver has a "
                       f"message there, at {start:#x} +{size}")


def range_sums(arena, bufs):
    """The counters against the ranges themselves."""
    live = sum(int(b['range']['size']) for b in bufs)
    if len(bufs) != int(arena['ranges']['nr']):
        yield (f"{len(bufs)} ranges are live, but "
               f"{int(arena['ranges']['nr'])} are counted")
    if live != int(arena['ranges']['live_bytes']):
        yield (f"{live} bytes are live, but "
               f"{int(arena['ranges']['live_bytes'])} are counted")
    oneway = sum(int(b['range']['size']) for b in bufs if b['oneway'])
    if int(arena['size']) // 2 - oneway != int(arena['oneway_free']):
        yield (f"oneway messages have {oneway} bytes, but "
               f"{int(arena['oneway_free'])} of {int(arena['size']) // 2} are "
               "counted as free")
    end = 0
    for buf in bufs:
        start, size = int(buf['range']['start']), int(buf['range']['size'])
        if start < end:
            yield f"the range at {start:#x} begins within the one before it"
        if not size:
            yield f"the range at {start:#x} is empty"
        if start - end != int(buf['range']['gap']):
            yield (f"{start - end} bytes are free before the range at "
                   f"{start:#x}, but {int(buf['range']['gap'])} are counted")
        end = start + size


def linked_back(head):
    """A list: does each entry point back to the one before it?"""
    before = start = int(head.address)
    offset = kernel.offset_of("struct list_head", "prev")
    for node in list(kernel.list_nodes(head)) + [start]:
        if kernel.read_ulong(node + offset) != before:
            yield (f"the list at {start:#x}: {node:#x} does not point back to "
                   f"{before:#x}")
        before = node
