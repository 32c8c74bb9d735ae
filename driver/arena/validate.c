// SPDX-License-Identifier: GPL-2.0
/*
 * Do the books of an arena agree with each other?
 *
 * Recomputes from the live ranges alone what the slots and the counters must
 * say, in the words of the comment at the top of arena.h. For tests, and for
 * gdb: "p arena_validate(a)".
 */
#include <linux/printk.h>

#include "arena/page.h"

static bool wrong(const struct arena *a, const char *what, size_t at)
{
	pr_err("binder: arena at %#lx: %s at %zu\n", a->id.start, what, at);
	return false;
}

static bool check_slot(struct arena *a, size_t slot, bool covered)
{
	struct arena_page *p = a->slots[slot];

	if (!p)
		return true;
	if (p->arena != a || p->index != slot)
		return wrong(a, "page of another slot", slot);
	if (p->in_use != covered)
		return wrong(a, covered ? "idle page under a live range" :
			     "page in use without a range", slot);
	if (!p->in_use && !p->listed)
		return wrong(a, "idle page not on the LRU", slot);
	if (slot >= a->watermark)
		return wrong(a, "page above the watermark", slot);
	return true;
}

/* Walks slots and ranges together; both ascend. */
static bool check_slots(struct arena *a)
{
	struct arena_range *r = range_next(&a->ranges, NULL);
	size_t slot;

	for (slot = 0; slot < arena_nr_slots(a); slot++) {
		size_t start = slot << PAGE_SHIFT;

		while (r && r->start + r->size <= start)
			r = range_next(&a->ranges, r);
		if (!check_slot(a, slot, r && r->start < start + PAGE_SIZE))
			return false;
	}
	return true;
}

static bool check_oneway(struct arena *a)
{
	size_t left = a->size / 2;
	struct arena_range *r;

	for (r = range_next(&a->ranges, NULL); r; r = range_next(&a->ranges, r)) {
		if (!container_of(r, struct arena_buf, range)->oneway)
			continue;
		if (r->size > left)
			return wrong(a, "oneway space overdrawn", r->start);
		left -= r->size;
	}
	if (left != a->oneway_free)
		return wrong(a, "oneway space miscounted", left);
	return true;
}

/**
 * arena_validate() - check every invariant of an arena
 * @a: the arena, mapped or not
 *
 * Walks everything; for tests and debuggers.
 *
 * Context: takes arena->lock.
 * Return: true if all is well; else false, and the kernel log says what is not.
 */
bool arena_validate(struct arena *a)
{
	if (!a->size)
		return true;

	guard(spinlock)(&a->lock);
	return range_validate(&a->ranges) && check_slots(a) && check_oneway(a);
}
