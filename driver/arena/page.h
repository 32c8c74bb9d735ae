/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Page slots: shared by the files of this folder, of no use outside it.
 */
#ifndef BINDER_ARENA_PAGE_H
#define BINDER_ARENA_PAGE_H

#include <linux/list.h>
#include <linux/mm.h>

#include "arena/arena.h"
#include "report/trace.h"

/**
 * struct arena_page - a page that is in a slot
 *
 * Allocated with the page, so that a slot that never had one costs one
 * pointer. No field of struct page is used: the page may be mapped, and its
 * fields belong to the memory management.
 *
 * @lru:	in the list_lru, guarded by the lock of that.
 * @page:	immutable: the page, owned.
 * @arena:	immutable: the arena. Valid while the record is in a slot.
 * @index:	immutable: the slot.
 * @in_use:	arena->lock: a live range overlaps the page.
 * @listed:	arena->lock: in the list_lru.
 */
struct arena_page {
	struct list_head lru;
	struct page *page;
	struct arena *arena;
	u32 index;
	bool in_use;
	bool listed;
};

/* install.c: bring pages */
int arena_fill(struct arena *a, size_t first, size_t end);
vm_fault_t arena_fault(struct vm_fault *vmf);
void arena_page_free(struct arena_page *p);

/* reclaim.c: let pages go */
int arena_page_alloc_records(struct arena_page **records, unsigned int nr,
			     gfp_t gfp);
void arena_page_free_record(struct arena_page *p);
void arena_lru_idle(struct arena_page *p);
void arena_lru_forget(struct arena_page *p);
int arena_reclaim_init(void);
void arena_reclaim_exit(void);

/* arena.c */
void arena_put(struct arena *a);

/* stats.c */
void arena_stats_add(struct arena *a);
void arena_stats_del(struct arena *a);

static inline void arena_count(struct arena *a, enum arena_event event,
			       long nr)
{
	atomic_long_add(nr, &a->events[event]);
	trace_binder_arena_event(a, event, nr);
}

static inline size_t arena_nr_slots(const struct arena *a)
{
	return a->size >> PAGE_SHIFT;
}

static inline unsigned long arena_slot_addr(const struct arena *a, size_t slot)
{
	return a->id.start + (slot << PAGE_SHIFT);
}

/**
 * arena_covered() - the slots whose state a range decides alone
 * @r: the range
 * @bounds: the ends of its live neighbours
 * @first: out: first slot that no neighbour overlaps
 * @end: out: one past the last such slot; not above @first if there is none
 */
static inline void arena_covered(const struct arena_range *r,
				 const struct range_bounds *bounds,
				 size_t *first, size_t *end)
{
	*first = r->start >> PAGE_SHIFT;
	if (bounds->prev_end > *first << PAGE_SHIFT)
		++*first;
	*end = (r->start + r->size + PAGE_SIZE - 1) >> PAGE_SHIFT;
	if (bounds->next_start < *end << PAGE_SHIFT)
		--*end;
}

#endif
