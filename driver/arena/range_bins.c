// SPDX-License-Identifier: GPL-2.0
/*
 * Range allocator, the default: gaps in bins by size, ranges in a hash by
 * start, both in the records of the callers.
 *
 * Every live range owns the gap right before it; a sentinel at the arena's end
 * owns the last one. So the number of gaps never exceeds the number of records,
 * no gap needs memory of its own, and a list of the live ranges in ascending
 * order is enough to merge: whoever is released leaves its bytes and its gap to
 * the next in the list.
 *
 * A gap between live ranges is linked in a bin through the record of its owner.
 * Below RANGE_SMALL_BINS units of RANGE_ALIGN bytes each size has a bin, a list
 * whose first is the gap made last. From there up a bin holds the gaps of one
 * power of two, an rbtree by size, again the newest first among equals. Two
 * bitmaps tell which bins are not empty. A reservation takes the smallest gap
 * that is large enough, of several the one most recently touched, because its
 * pages are there and warm, and in it the lowest address.
 *
 * The last gap is in no bin and is taken when no other will do: beyond it lie
 * the pages that nobody has touched yet. It is also the only gap of an arena
 * whose messages come and go one by one, and then a reservation and its release
 * are a few additions and a link in two lists.
 *
 * Cost: small gaps cost the same whatever the population. Large ones cost a walk
 * in a tree of at most size-of-arena / size-of-gap others.
 *
 * range_find() needs an index: a hash table with a bucket for each 4 KiB of
 * arena, allocated once. Chains get a new range at their front, so that the
 * range reserved last is found first.
 */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "range_impl.h"

/* Gaps from here up are in ra->large. */
#define LARGE_GAP	(RANGE_SMALL_BINS * RANGE_ALIGN)

static_assert(RANGE_SMALL_BINS == 64);			/* small_map */
static_assert(RANGE_LARGE_BINS <= 32);			/* large_map */
static_assert((size_t)LARGE_GAP << (RANGE_LARGE_BINS - 1) == RANGE_SIZE_MAX);

#define HASH_BYTES_SHIFT	12	/* a bucket for each 4 KiB */
#define HASH_MIN_BITS		4

static unsigned int small_bin(size_t gap)
{
	return gap / RANGE_ALIGN;
}

static unsigned int large_bin(size_t gap)
{
	return __fls(gap) - const_ilog2(LARGE_GAP);
}

static struct arena_range *large_entry(struct rb_node *node)
{
	return rb_entry(node, struct arena_range, rb);
}

/* Any @start has a bucket, those outside of the arena, too. */
static struct hlist_head *hash_bucket(struct range_alloc *ra, size_t start)
{
	return &ra->hash[hash_32(start / RANGE_ALIGN, ra->hash_bits)];
}

static void large_insert(struct rb_root *root, struct arena_range *r)
{
	struct rb_node **link = &root->rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		/* Left of its equals: the newest is used first. */
		if (r->gap <= large_entry(parent)->gap)
			link = &parent->rb_left;
		else
			link = &parent->rb_right;
	}
	rb_link_node(&r->rb, parent, link);
	rb_insert_color(&r->rb, root);
}

/* Smallest gap of at least @size bytes in one tree, or NULL. */
static struct arena_range *large_find(const struct rb_root *root, size_t size)
{
	struct rb_node *node = root->rb_node;
	struct arena_range *best = NULL;

	while (node) {
		struct arena_range *r = large_entry(node);

		if (r->gap >= size) {
			best = r;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return best;
}

static void gap_link(struct range_alloc *ra, struct arena_range *r)
{
	unsigned int bin;

	if (!r->gap)
		return;
	if (r->gap < LARGE_GAP) {
		bin = small_bin(r->gap);
		hlist_add_head(&r->bin, &ra->small[bin]);
		ra->small_map |= BIT_ULL(bin);
	} else {
		bin = large_bin(r->gap);
		large_insert(&ra->large[bin], r);
		ra->large_map |= BIT(bin);
	}
}

static void gap_unlink(struct range_alloc *ra, struct arena_range *r)
{
	unsigned int bin;

	if (!r->gap)
		return;
	if (r->gap < LARGE_GAP) {
		bin = small_bin(r->gap);
		__hlist_del(&r->bin);
		if (hlist_empty(&ra->small[bin]))
			ra->small_map &= ~BIT_ULL(bin);
	} else {
		bin = large_bin(r->gap);
		rb_erase(&r->rb, &ra->large[bin]);
		if (RB_EMPTY_ROOT(&ra->large[bin]))
			ra->large_map &= ~BIT(bin);
	}
}

static void gap_resize(struct range_alloc *ra, struct arena_range *r, size_t gap)
{
	if (r == &ra->end) {
		r->gap = gap;
		return;
	}
	gap_unlink(ra, r);
	r->gap = gap;
	gap_link(ra, r);
}

/* Not inline, or the short way of a release would save registers for it. */
static noinline void gap_merge(struct range_alloc *ra, struct arena_range *r,
			       struct arena_range *next, size_t size)
{
	gap_unlink(ra, r);
	gap_resize(ra, next, next->gap + r->gap + size);
}

/* The owner of the smallest gap of at least @size bytes in a bin, or NULL. */
static struct arena_range *best_fit(struct range_alloc *ra, size_t size)
{
	u32 large = ra->large_map;

	if (size < LARGE_GAP) {
		u64 small = ra->small_map & (~0ULL << small_bin(size));

		if (small)
			return hlist_entry(ra->small[__ffs64(small)].first,
					   struct arena_range, bin);
	} else if (size <= RANGE_SIZE_MAX) {
		unsigned int bin = large_bin(size);
		struct arena_range *r = large_find(&ra->large[bin], size);

		if (r)
			return r;
		large &= ~0U << bin << 1;
	} else {
		return NULL;
	}
	if (!large)
		return NULL;
	return large_find(&ra->large[__ffs(large)], size);
}

/* Puts @r at the start of the gap before @next, which is to be made smaller. */
static void place(struct range_alloc *ra, struct arena_range *r, size_t size,
		  struct arena_range *next, struct range_bounds *b)
{
	r->start = next->start - next->gap;
	r->size = size;
	r->gap = 0;
	b->prev_end = r->start;
	b->next_start = next->start;
	list_add_tail(&r->order, &next->order);
	hlist_add_head(&r->hash, hash_bucket(ra, r->start));
	range_account_reserve(ra, r);
}

/* Where kernel-doc is missing below, it is in range.c at range_<name>(). */

int range_bins_init(struct range_alloc *ra)
{
	u32 bits = order_base_2(ra->size >> HASH_BYTES_SHIFT);

	ra->hash_bits = max_t(u32, bits, HASH_MIN_BITS);
	ra->hash = kvcalloc(1UL << ra->hash_bits, sizeof(*ra->hash), GFP_KERNEL_ACCOUNT);
	if (!ra->hash)
		return -ENOMEM;
	INIT_LIST_HEAD(&ra->end.order);
	return 0;
}

void range_bins_destroy(struct range_alloc *ra)
{
	kvfree(ra->hash);
	ra->hash = NULL;
}

int range_bins_reserve(struct range_alloc *ra, struct arena_range *r, size_t size,
		       struct range_prealloc *pre, struct range_bounds *b)
{
	struct arena_range *next = best_fit(ra, size);

	if (next) {
		place(ra, r, size, next, b);
		gap_resize(ra, next, next->gap - size);
		return 0;
	}
	if (size > ra->end.gap)
		return -ENOSPC;
	place(ra, r, size, &ra->end, b);
	ra->end.gap -= size;
	return 0;
}

void range_bins_release(struct range_alloc *ra, struct arena_range *r, struct range_bounds *b)
{
	struct arena_range *next = list_next_entry(r, order);
	size_t size = r->size;

	b->prev_end = r->start - r->gap;
	b->next_start = next->start;

	__list_del_entry(&r->order);
	__hlist_del(&r->hash);
	range_account_release(ra, r);
	if (next == &ra->end && !r->gap)
		next->gap += size;
	else
		gap_merge(ra, r, next, size);
}

struct arena_range *range_bins_find(struct range_alloc *ra, size_t start)
{
	struct arena_range *r;

	hlist_for_each_entry(r, hash_bucket(ra, start), hash) {
		if (r->start == start)
			return r;
	}
	return NULL;
}

struct arena_range *range_bins_next(struct range_alloc *ra, struct arena_range *prev)
{
	struct arena_range *next = list_next_entry(prev ?: &ra->end, order);

	return next == &ra->end ? NULL : next;
}

size_t range_bins_largest_gap(struct range_alloc *ra)
{
	size_t largest = 0;

	if (ra->large_map)
		largest = large_entry(rb_last(&ra->large[__fls(ra->large_map)]))->gap;
	else if (ra->small_map)
		largest = (size_t)(fls64(ra->small_map) - 1) * RANGE_ALIGN;
	return max_t(size_t, largest, ra->end.gap);
}

#ifdef RANGE_VALIDATE
static bool validate_small(struct range_alloc *ra, size_t *gaps)
{
	for (unsigned int bin = 0; bin < RANGE_SMALL_BINS; bin++) {
		bool listed = ra->small_map & BIT_ULL(bin);
		struct arena_range *r;

		if (!range_check(hlist_empty(&ra->small[bin]) == !listed, &ra->end))
			return false;
		hlist_for_each_entry(r, &ra->small[bin], bin) {
			if (!range_check(r->gap && r->gap == bin * RANGE_ALIGN, r) ||
			    !range_check(*r->bin.pprev == &r->bin, r) ||
			    !range_check((*gaps)++ < ra->nr, r))
				return false;
		}
	}
	return true;
}

static bool validate_large(struct range_alloc *ra, size_t *gaps)
{
	if (!range_check(ra->large_map < BIT(RANGE_LARGE_BINS), &ra->end))
		return false;
	for (unsigned int bin = 0; bin < RANGE_LARGE_BINS; bin++) {
		bool listed = ra->large_map & BIT(bin);
		struct rb_node *node;
		size_t last = 0;

		if (!range_check(RB_EMPTY_ROOT(&ra->large[bin]) == !listed, &ra->end))
			return false;
		for (node = rb_first(&ra->large[bin]); node; node = rb_next(node)) {
			struct arena_range *r = large_entry(node);

			if (!range_check(r->gap >= LARGE_GAP && large_bin(r->gap) == bin, r) ||
			    !range_check(r->gap >= last, r) ||
			    !range_check((*gaps)++ < ra->nr, r))
				return false;
			last = r->gap;
		}
	}
	return true;
}

static bool validate_hash(struct range_alloc *ra)
{
	size_t nr = 0;

	for (size_t i = 0; i < 1UL << ra->hash_bits; i++) {
		struct arena_range *r;

		hlist_for_each_entry(r, &ra->hash[i], hash) {
			if (!range_check(hash_bucket(ra, r->start) == &ra->hash[i], r) ||
			    !range_check(nr++ < ra->nr, r))
				return false;
		}
	}
	return range_check(nr == ra->nr, &ra->end);
}

bool range_bins_validate(struct range_alloc *ra)
{
	size_t end = 0, gaps = 0, binned = 0;
	struct arena_range *r;

	list_for_each_entry(r, &ra->end.order, order) {
		if (!range_check(r->gap == r->start - end, r))
			return false;
		gaps += r->gap > 0;
		end = r->start + r->size;
	}

	return range_check(ra->end.start == ra->size, &ra->end) &&
	       range_check(ra->end.gap == ra->size - end, &ra->end) &&
	       validate_small(ra, &binned) && validate_large(ra, &binned) &&
	       range_check(gaps == binned, &ra->end) &&
	       validate_hash(ra);
}
#endif
