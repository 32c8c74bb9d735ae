// SPDX-License-Identifier: GPL-2.0
/*
 * Range allocator: the part that all implementations share.
 *
 * A production kernel has one implementation, range_bins.c, and every function
 * here is a jump to it. With the KUnit tests or the benchmarks compiled in, the
 * allocator remembers which implementation it was made with.
 */
#include <linux/align.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "range_impl.h"

/* Here, so that the compiler sees which functions a production kernel calls. */
const struct range_alloc_ops range_bins_ops = {
	.name		= "bins",
	.init		= range_bins_init,
	.destroy	= range_bins_destroy,
	.reserve	= range_bins_reserve,
	.release	= range_bins_release,
	.find		= range_bins_find,
	.next		= range_bins_next,
	.largest_gap	= range_bins_largest_gap,
#ifdef RANGE_VALIDATE
	.validate	= range_bins_validate,
#endif
};

static inline const struct range_alloc_ops *impl(const struct range_alloc *ra)
{
#ifdef RANGE_ALL_IMPLS
	return ra->ops;
#else
	return &range_bins_ops;
#endif
}

#ifdef RANGE_ALL_IMPLS
const struct range_alloc_ops *const range_impls[RANGE_NR_IMPLS] = {
	&range_bins_ops,
	&range_rbtree_ops,
	&range_array_ops,
	&range_maple_ops,
};

/**
 * range_impl_name() - what tests and benchmarks call an implementation
 * @ops: one of range_impls[]
 *
 * Context: Any.
 * Return: a string that is never freed.
 */
const char *range_impl_name(const struct range_alloc_ops *ops)
{
	return ops->name;
}
#endif

/**
 * range_alloc_init() - make an allocator whose bytes are all free
 * @ra: the allocator, its content is ignored
 * @ops: implementation, NULL for the default; others exist only in kernels
 *	 with tests or benchmarks
 * @size: bytes of the arena, a multiple of RANGE_ALIGN up to RANGE_SIZE_MAX;
 *	  0 is valid and has no room for anything
 *
 * Context: Process context. Takes no lock, may sleep (GFP_KERNEL_ACCOUNT).
 * Return: 0; -EINVAL for a size that is too large or not aligned or for an
 * implementation that this kernel does not have; -ENOMEM if there is no memory
 * for the index. After an error nothing has to be destroyed.
 */
int range_alloc_init(struct range_alloc *ra, const struct range_alloc_ops *ops, size_t size)
{
	if (size > RANGE_SIZE_MAX || !IS_ALIGNED(size, RANGE_ALIGN))
		return -EINVAL;

	memset(ra, 0, sizeof(*ra));
	ra->size = size;
	ra->end.start = size;
	ra->end.gap = size;
#ifdef RANGE_ALL_IMPLS
	ra->ops = ops ?: range_impls[0];
#else
	if (ops)
		return -EINVAL;
#endif
	return impl(ra)->init(ra);
}

/**
 * range_alloc_destroy() - free the allocator's own memory
 * @ra: the allocator; ranges that are still live are forgotten, their records
 *	belong to the caller
 *
 * Context: Process context. Nobody else uses @ra. May sleep.
 */
void range_alloc_destroy(struct range_alloc *ra)
{
	impl(ra)->destroy(ra);
}

/* In a production kernel these two are empty and inline. */
#ifdef RANGE_ALL_IMPLS
/**
 * range_prepare() - get the memory that a reservation may need
 * @ra: the allocator
 * @pre: filled, its content is ignored
 * @gfp: how to allocate; must allow sleeping
 *
 * The default implementation needs none, then this does nothing. One call
 * serves attempts up to the first that does not return -EAGAIN; end with
 * range_unprepare() in any case, after the lock is dropped.
 *
 * Context: Process context. Must not hold the lock of @ra. May sleep.
 * Return: 0, or -ENOMEM, when @pre needs no range_unprepare().
 */
int range_prepare(struct range_alloc *ra, struct range_prealloc *pre, gfp_t gfp)
{
	memset(pre, 0, sizeof(*pre));
	return ra->ops->prepare ? ra->ops->prepare(ra, pre, gfp) : 0;
}

/**
 * range_unprepare() - free what is left of a preparation
 * @ra: the allocator
 * @pre: from range_prepare()
 *
 * Context: Process context. Must not hold the lock of @ra.
 */
void range_unprepare(struct range_alloc *ra, struct range_prealloc *pre)
{
	if (ra->ops->unprepare)
		ra->ops->unprepare(ra, pre);
}
#endif

/**
 * range_reserve() - take a range out of the free bytes
 * @ra: the allocator
 * @r: record of the range, filled on success and unchanged otherwise
 * @size: bytes, a multiple of RANGE_ALIGN above 0
 * @pre: from range_prepare()
 * @b: filled on success with the live neighbours of the new range
 *
 * Succeeds whenever some contiguous free range of @size bytes exists.
 *
 * Context: The caller holds the lock of @ra. Does not sleep, does not allocate.
 * Return: 0; -EINVAL for a size of 0 or one that is not aligned; -ENOSPC if no
 * free range is large enough; -EAGAIN if others have used up what @pre was
 * sized for: drop the lock, unprepare, prepare and try again.
 */
int range_reserve(struct range_alloc *ra, struct arena_range *r, size_t size,
		  struct range_prealloc *pre, struct range_bounds *b)
{
	if (unlikely(!size || !IS_ALIGNED(size, RANGE_ALIGN)))
		return -EINVAL;
	return impl(ra)->reserve(ra, r, size, pre, b);
}

/**
 * range_release() - give a range back
 * @ra: the allocator
 * @r: a live range of @ra; afterwards its @size is 0 and the record is the
 *     caller's alone
 * @b: filled with the live neighbours of what is free now
 *
 * Context: The caller holds the lock of @ra. Does not sleep, does not allocate,
 * does not fail.
 */
void range_release(struct range_alloc *ra, struct arena_range *r, struct range_bounds *b)
{
	impl(ra)->release(ra, r, b);
}

/**
 * range_find() - look up a live range by its first byte
 * @ra: the allocator
 * @start: offset, any value
 *
 * Context: The caller holds the lock of @ra.
 * Return: the live range that starts exactly at @start, or NULL.
 */
struct arena_range *range_find(struct range_alloc *ra, size_t start)
{
	return impl(ra)->find(ra, start);
}

/**
 * range_next() - walk the live ranges in ascending order
 * @ra: the allocator
 * @prev: a live range, or NULL for the lowest
 *
 * Context: The caller holds the lock of @ra.
 * Return: the live range after @prev, or NULL after the last.
 */
struct arena_range *range_next(struct range_alloc *ra, struct arena_range *prev)
{
	return impl(ra)->next(ra, prev);
}

/**
 * range_largest_gap() - size of the largest reservation that would succeed
 * @ra: the allocator
 *
 * Context: The caller holds the lock of @ra.
 * Return: bytes, 0 if nothing is free.
 */
size_t range_largest_gap(struct range_alloc *ra)
{
	return impl(ra)->largest_gap(ra);
}

/**
 * range_live_bytes() - how much is reserved
 * @ra: the allocator
 *
 * Context: The caller holds the lock of @ra.
 * Return: the sum of the sizes of all live ranges, bytes.
 */
size_t range_live_bytes(const struct range_alloc *ra)
{
	return ra->live_bytes;
}

/**
 * range_nr() - how many ranges are live
 * @ra: the allocator
 *
 * Context: The caller holds the lock of @ra.
 * Return: the number of live ranges.
 */
size_t range_nr(const struct range_alloc *ra)
{
	return ra->nr;
}

#ifdef RANGE_VALIDATE
/**
 * range_validate() - check that the books of an allocator agree
 * @ra: the allocator
 *
 * Live ranges ascend without overlap inside the arena, each is found by its
 * start, counters and the largest gap match what a walk sees, and the
 * implementation's own index structures are consistent.
 *
 * Only in kernels with CONFIG_BINDER_IPC_DEBUG, tests or benchmarks.
 *
 * Context: The caller holds the lock of @ra. Walks everything.
 * Return: true; or false, after the first thing found wrong was printed.
 */
bool range_validate(struct range_alloc *ra)
{
	size_t end = 0, nr = 0, bytes = 0, largest = 0;
	struct arena_range *r = NULL;

	while ((r = range_next(ra, r))) {
		if (!range_check(r->size && IS_ALIGNED(r->size, RANGE_ALIGN), r) ||
		    !range_check(r->start >= end && IS_ALIGNED(r->start, RANGE_ALIGN), r) ||
		    !range_check(r->start <= ra->size, r) ||
		    !range_check(r->size <= ra->size - r->start, r) ||
		    !range_check(range_find(ra, r->start) == r, r) ||
		    !range_check(nr < ra->nr, r))
			return false;
		largest = max(largest, r->start - end);
		end = r->start + r->size;
		bytes += r->size;
		nr++;
	}
	largest = max(largest, ra->size - end);

	return range_check(nr == ra->nr, &ra->end) &&
	       range_check(bytes == ra->live_bytes, &ra->end) &&
	       impl(ra)->validate(ra) &&
	       range_check(largest == range_largest_gap(ra), &ra->end);
}
#endif
