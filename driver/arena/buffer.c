// SPDX-License-Identifier: GPL-2.0
/*
 * Ranges of an arena: reserve, hand over, take back.
 *
 * A reservation is made in two steps. First, under arena->lock, the bytes are
 * taken and the pages that become covered are marked in use; from then on no
 * reclaim touches them. Then, without any lock, the missing pages are brought.
 * If that fails the bytes are given back and nothing has happened.
 */
#include <linux/align.h>
#include <linux/errno.h>
#include <linux/overflow.h>

#include "arena/page.h"

/**
 * arena_is_mapped() - can anything be sent here?
 * @a: the arena
 *
 * Context: any. The answer may be out of date at once.
 * Return: true if the arena is mapped and always was since it was.
 */
bool arena_is_mapped(const struct arena *a)
{
	/* Pairs with the release in arena_mmap(): mapped means set up. */
	return smp_load_acquire(&a->mapped);
}

/* The slots from @first up to @end, if there are any, change their state. */
static void trace_update(const struct arena *a, bool allocate, size_t first,
			 size_t end)
{
	trace_binder_update_page_range(a, allocate, first << PAGE_SHIFT,
				       first < end ? (end - first) << PAGE_SHIFT
						   : 0);
}

/* Marks the slots of a fresh range; tells whether one of them has no page. */
static bool cover_slots(struct arena *a, const struct arena_range *r,
			const struct range_bounds *bounds)
{
	size_t first, end, last, i;
	bool missing = false;

	lockdep_assert_held(&a->lock);

	arena_covered(r, bounds, &first, &end);
	trace_update(a, true, first, end);
	for (i = first; i < end; i++) {
		if (!a->slots[i])
			continue;
		trace_binder_alloc_lru_start(a, i);
		a->slots[i]->in_use = true;
		trace_binder_alloc_lru_end(a, i);
	}

	/* A neighbour's page may be on its way still: look at all of them. */
	last = (r->start + r->size - 1) >> PAGE_SHIFT;
	for (i = r->start >> PAGE_SHIFT; i <= last; i++)
		missing |= !a->slots[i];
	return missing;
}

/*
 * If these are just the slots that became idle last, then they are the youngest
 * on the LRU already, and in this order: messages that come and go in one place
 * cost no list traffic.
 */
static void uncover_slots(struct arena *a, const struct arena_range *r,
			  const struct range_bounds *bounds)
{
	size_t first, end, i;
	bool again;

	lockdep_assert_held(&a->lock);

	arena_covered(r, bounds, &first, &end);
	trace_update(a, false, first, end);
	if (first >= end)
		return;
	again = first == a->idle_first && end == a->idle_end;
	a->idle_first = first;
	a->idle_end = end;
	for (i = first; i < end; i++) {
		struct arena_page *p = a->slots[i];

		if (!p)
			continue;
		trace_binder_free_lru_start(a, i);
		p->in_use = false;
		if (!again || !p->listed)
			arena_lru_idle(p);
		trace_binder_free_lru_end(a, i);
	}
}

/* More than this many oneway buffers of one sender are a flood. */
#define FLOOD_BUFFERS	50

/*
 * Is it this sender who floods the receiver? Asked while less than a tenth of
 * the arena is left of the oneway space, answered with yes once, and then not
 * again until there was room.
 */
static bool suspect(struct arena *a, const struct arena_buf *b)
{
	struct arena_range *r = NULL;
	size_t buffers = 0, bytes = 0;

	lockdep_assert_held(&a->lock);

	if (a->oneway_free >= a->size / 10) {
		a->oneway_suspected = false;
		return false;
	}
	if (a->oneway_suspected)
		return false;
	while ((r = range_next(&a->ranges, r))) {
		struct arena_buf *other = container_of(r, struct arena_buf,
						       range);

		if (other != b && other->oneway && other->sender == b->sender) {
			buffers++;
			bytes += r->size;
		}
	}
	a->oneway_suspected = buffers > FLOOD_BUFFERS || bytes > a->size / 4;
	return a->oneway_suspected;
}

static int reserve_locked(struct arena *a, struct arena_buf *b, size_t size,
			  struct range_prealloc *pre, bool *missing)
{
	struct range_bounds bounds;
	int err;

	lockdep_assert_held(&a->lock);

	if (b->oneway && size > a->oneway_free)
		return -ENOSPC;
	err = range_reserve(&a->ranges, &b->range, size, pre, &bounds);
	if (err)
		return err;
	if (b->oneway) {
		a->oneway_free -= size;
		b->suspect = suspect(a, b);
	}
	*missing = cover_slots(a, &b->range, &bounds);
	return 0;
}

/**
 * arena_reserve() - reserve bytes and bring the pages for them
 * @a: the arena of the receiver
 * @b: zeroed record, embedded by the caller
 * @size: bytes, more than 0; rounded up to RANGE_ALIGN
 * @oneway: charge the oneway space too
 *
 * On success every page that the range overlaps is present and stays so until
 * arena_release(). The content of the bytes is that of earlier messages to
 * this receiver, or zero.
 *
 * Context: task context, no lock held; sleeps for memory, never for a lock
 *	that the receiver's user space can hold for long.
 * Return: 0; -ESRCH if the arena is not mapped, not wholly mapped any more, or
 *	its address space is gone; -ENOSPC if there is no gap of that size or
 *	not enough oneway space; -ENOMEM if there is no page to be had.
 */
int arena_reserve(struct arena *a, struct arena_buf *b, size_t size, bool oneway)
{
	struct range_prealloc pre = {};
	bool missing;
	int err;

	if (!arena_is_mapped(a))
		return -ESRCH;
	if (size > a->size)
		return -ENOSPC;
	size = ALIGN(size, RANGE_ALIGN);
	b->oneway = oneway;
	atomic_set(&b->with_user, 0);

	do {
		err = range_prepare(&a->ranges, &pre, GFP_KERNEL);
		if (err)
			return err;
		scoped_guard(spinlock, &a->lock)
			err = reserve_locked(a, b, size, &pre, &missing);
		range_unprepare(&a->ranges, &pre);
	} while (err == -EAGAIN);
	if (err)
		return err;

	if (unlikely(missing)) {
		err = arena_fill(a, b->range.start >> PAGE_SHIFT,
				 PAGE_ALIGN(b->range.start + size) >> PAGE_SHIFT);
		if (err)
			arena_release(a, b);
	}
	return err;
}

/**
 * arena_release() - give a range back
 * @a: the arena
 * @b: a reserved buffer that the user does not have (any more)
 *
 * Pages that no other range overlaps become idle; their content stays.
 *
 * Context: any context that may take a spinlock; does not sleep, does not
 *	allocate, cannot fail.
 */
void arena_release(struct arena *a, struct arena_buf *b)
{
	const struct arena_range was = b->range;
	struct range_bounds bounds;

	guard(spinlock)(&a->lock);
	if (b->oneway)
		a->oneway_free += was.size;
	range_release(&a->ranges, &b->range, &bounds);
	uncover_slots(a, &was, &bounds);
}

/**
 * arena_deliver() - let the receiver give a buffer back
 * @b: a reserved buffer whose content is complete
 *
 * Before this call arena_take() does not find the buffer, so that the receiver
 * cannot free what is still being filled by guessing its address.
 *
 * Context: any.
 */
void arena_deliver(struct arena_buf *b)
{
	atomic_set_release(&b->with_user, 1);
}

/**
 * arena_take() - take a delivered buffer back from the receiver
 * @a: the arena
 * @addr: user address that the receiver names, unchecked
 *
 * Of several callers with the same address exactly one gets the buffer; it then
 * owns it and ends it with arena_release().
 *
 * Context: any context that may take a spinlock.
 * Return: the buffer, or NULL if @addr is not the first byte of one that is
 *	delivered and not yet taken.
 */
struct arena_buf *arena_take(struct arena *a, unsigned long addr)
{
	struct arena_range *r;
	struct arena_buf *b;

	if (!a->size || addr < a->id.start || addr - a->id.start >= a->size)
		return NULL;

	guard(spinlock)(&a->lock);
	r = range_find(&a->ranges, addr - a->id.start);
	if (!r)
		return NULL;
	b = container_of(r, struct arena_buf, range);
	return atomic_cmpxchg(&b->with_user, 1, 0) == 1 ? b : NULL;
}

/**
 * arena_take_any() - take some delivered buffer back from the receiver
 * @a: the arena
 *
 * For the end of the receiver: repeat until there is none.
 *
 * Context: any context that may take a spinlock.
 * Return: a buffer as arena_take() does, or NULL if no delivered one is left.
 */
struct arena_buf *arena_take_any(struct arena *a)
{
	struct arena_range *r = NULL;

	if (!a->size)
		return NULL;

	guard(spinlock)(&a->lock);
	while ((r = range_next(&a->ranges, r))) {
		struct arena_buf *b = container_of(r, struct arena_buf, range);

		if (atomic_cmpxchg(&b->with_user, 1, 0) == 1)
			return b;
	}
	return NULL;
}

/**
 * arena_buf_for_each() - look at every reserved buffer
 * @a: the arena
 * @fn: called for each, in ascending order, under arena->lock
 * @arg: passed to @fn
 *
 * Context: any context that may take a spinlock.
 */
void arena_buf_for_each(struct arena *a, void (*fn)(struct arena_buf *b, void *arg), void *arg)
{
	struct arena_range *r = NULL;

	if (!arena_is_set_up(a))
		return;

	guard(spinlock)(&a->lock);
	while ((r = range_next(&a->ranges, r)))
		fn(container_of(r, struct arena_buf, range), arg);
}
