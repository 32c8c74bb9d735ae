// SPDX-License-Identifier: GPL-2.0
/*
 * Range allocator, for comparison: the kernel's maple tree with gap tracking.
 *
 * The tree maps each byte of a live range to its record; mas_empty_area() finds
 * the lowest gap that is large enough. Unlike the other implementations it
 * stores outside of the records, in nodes of 256 bytes, and a store may need
 * new ones: up to 3 * height + 1 of them when a store of NULL merges across two
 * leaves. A release must neither allocate nor fail, so the nodes are there
 * before they are needed:
 *
 *	ra->spare holds enough for the worst release at the present height.
 *	A reservation must leave as many behind, for the height that the tree
 *	has afterwards; it starts only with that many in reserve.
 *	A release never makes the tree larger. The nodes that it replaces go to
 *	the spare ones, because the tree is not in RCU mode, so that what is
 *	left suffices for the next release.
 *
 * range_prepare() refills outside of the lock when a hint says so. It also takes
 * away what a long series of releases has collected.
 *
 * Limits of the tree's interface in 6.12: nodes that do not belong to a
 * particular store come only from mas_expected_entries(), which always uses
 * GFP_KERNEL, so the caller's gfp is not honoured and nodes are not charged to
 * anybody; and the largest gap is not readable, so finding it is a walk.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/minmax.h>

#include "range_impl.h"

#define SPARE_MAX_FACTOR	8	/* more spare nodes than this many times the need go back */

static unsigned int height(const struct maple_tree *mt)
{
	return (READ_ONCE(mt->ma_flags) & MT_FLAGS_HEIGHT_MASK) >> MT_FLAGS_HEIGHT_OFFSET;
}

/* Nodes that no single store at height @h exceeds. */
static unsigned int store_need(unsigned int h)
{
	return 3 * h + 1;
}

/* A split at height @h, then the worst release in a tree that has grown. */
static unsigned int reserve_need(unsigned int h)
{
	return 2 * h + 1 + store_need(h + 1);
}

static unsigned long nodes_nr(const struct maple_alloc *nodes)
{
	return nodes ? nodes->total : 0;
}

static void free_nodes(struct range_alloc *ra, struct maple_alloc *nodes)
{
	MA_STATE(mas, &ra->mt, 0, 0);

	mas.alloc = nodes;
	mas_destroy(&mas);
}

/* Stores @entry at @mas with the spare nodes and nothing else. */
static void store_from_spare(struct range_alloc *ra, struct ma_state *mas, void *entry)
{
	int err;

	mas->alloc = ra->spare;
	/* Classifies the store; finds that it has all the nodes already. */
	err = mas_preallocate(mas, entry, 0);
	if (!WARN_ON_ONCE(err))
		mas_store(mas, entry);
	ra->spare = mas->alloc;
	WRITE_ONCE(ra->spare_nr, nodes_nr(ra->spare));
	mas->alloc = NULL;
}

static int maple_init(struct range_alloc *ra)
{
	mt_init_flags(&ra->mt, MT_FLAGS_ALLOC_RANGE | MT_FLAGS_LOCK_EXTERN);
	return 0;
}

static void maple_destroy(struct range_alloc *ra)
{
	__mt_destroy(&ra->mt);
	free_nodes(ra, ra->spare);
	ra->spare = NULL;
}

static int maple_prepare(struct range_alloc *ra, struct range_prealloc *pre, gfp_t gfp)
{
	MA_STATE(mas, &ra->mt, 0, 0);
	unsigned long need = reserve_need(height(&ra->mt));
	unsigned long nr = READ_ONCE(ra->spare_nr);
	int err;

	if (nr >= need && nr <= need * SPARE_MAX_FACTOR)
		return 0;
	/* It counts two entries for each and 14 of these to a node. */
	err = mas_expected_entries(&mas, 2 * need * 7);
	pre->nodes = mas.alloc;
	return err;
}

static void maple_unprepare(struct range_alloc *ra, struct range_prealloc *pre)
{
	free_nodes(ra, pre->nodes);
	pre->nodes = NULL;
}

static int maple_reserve(struct range_alloc *ra, struct arena_range *r, size_t size,
			 struct range_prealloc *pre, struct range_bounds *b)
{
	MA_STATE(mas, &ra->mt, 0, 0);
	unsigned long need = reserve_need(height(&ra->mt));
	struct arena_range *next;

	if (size > ra->size || mas_empty_area(&mas, 0, ra->size - 1, size))
		return -ENOSPC;
	if (nodes_nr(pre->nodes) >= need &&
	    (ra->spare_nr < need || ra->spare_nr > need * SPARE_MAX_FACTOR))
		swap(pre->nodes, ra->spare);
	if (nodes_nr(ra->spare) < need)
		return -EAGAIN;

	r->start = mas.index;
	r->size = size;
	store_from_spare(ra, &mas, r);
	mas_set_range(&mas, r->start, r->start);
	mas_walk(&mas);
	next = mas_next(&mas, ra->size - 1);
	/* The lowest gap that is large enough was taken from its start. */
	b->prev_end = r->start;
	b->next_start = next ? next->start : ra->size;
	range_account_reserve(ra, r);
	return 0;
}

static void maple_release(struct range_alloc *ra, struct arena_range *r, struct range_bounds *b)
{
	MA_STATE(mas, &ra->mt, r->start, r->start);
	struct arena_range *next, *prev;

	mas_walk(&mas);
	prev = mas_prev(&mas, 0);
	mas_set(&mas, r->start);
	mas_walk(&mas);
	next = mas_next(&mas, ra->size - 1);
	b->prev_end = prev ? prev->start + prev->size : 0;
	b->next_start = next ? next->start : ra->size;

	mas_set_range(&mas, r->start, r->start + r->size - 1);
	store_from_spare(ra, &mas, NULL);
	range_account_release(ra, r);
}

static struct arena_range *maple_find(struct range_alloc *ra, size_t start)
{
	MA_STATE(mas, &ra->mt, start, start);
	struct arena_range *r = mas_walk(&mas);

	return r && r->start == start ? r : NULL;
}

static struct arena_range *maple_next(struct range_alloc *ra, struct arena_range *prev)
{
	unsigned long start = prev ? prev->start + prev->size : 0;

	return start < ra->size ? mt_find(&ra->mt, &start, ra->size - 1) : NULL;
}

static size_t maple_largest_gap(struct range_alloc *ra)
{
	MA_STATE(mas, &ra->mt, 0, 0);
	size_t end = 0, largest = 0;
	struct arena_range *r;

	mas_for_each(&mas, r, ULONG_MAX) {
		largest = max(largest, r->start - end);
		end = r->start + r->size;
	}
	return max(largest, ra->size - end);
}

static bool maple_validate(struct range_alloc *ra)
{
	MA_STATE(mas, &ra->mt, 0, 0);
	struct arena_range *r;

	mas_for_each(&mas, r, ULONG_MAX) {
		if (!range_check(mas.index == r->start, r) ||
		    !range_check(mas.last == r->start + r->size - 1, r))
			return false;
	}
	return range_check(!ra->nr || ra->spare_nr >= store_need(height(&ra->mt)), &ra->end) &&
	       range_check(ra->spare_nr == nodes_nr(ra->spare), &ra->end);
}

const struct range_alloc_ops range_maple_ops = {
	.name		= "maple",
	.init		= maple_init,
	.destroy	= maple_destroy,
	.prepare	= maple_prepare,
	.unprepare	= maple_unprepare,
	.reserve	= maple_reserve,
	.release	= maple_release,
	.find		= maple_find,
	.next		= maple_next,
	.largest_gap	= maple_largest_gap,
	.validate	= maple_validate,
};
