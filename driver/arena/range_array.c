// SPDX-License-Identifier: GPL-2.0
/*
 * Range allocator, for comparison: a small array first, then a tree.
 *
 * Up to RANGE_ARRAY_MAX live ranges are an array of pointers sorted by start,
 * and everything is a linear scan. One more moves them all into the tree of
 * range_rbtree.c, which needs no memory but the records; when the last range of
 * the tree is gone, the array takes over again.
 *
 * ra->tree is empty exactly while the array is in use.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "range_impl.h"

static bool in_array(struct range_alloc *ra)
{
	return RB_EMPTY_ROOT(&ra->tree);
}

/* The arena seen as gaps between array entries: gap @i lies before entry @i. */
static size_t gap_start(struct range_alloc *ra, size_t i)
{
	return i ? ra->array[i - 1]->start + ra->array[i - 1]->size : 0;
}

static size_t gap_end(struct range_alloc *ra, size_t i)
{
	return i < ra->nr ? ra->array[i]->start : ra->size;
}

static void become_tree(struct range_alloc *ra)
{
	ra->end.gap = ra->size;
	range_rbtree_init(ra);
	for (size_t i = 0; i < ra->nr; i++)
		range_rbtree_append(ra, ra->array[i]);
}

/* Where kernel-doc is missing below, it is in range.c at range_<name>(). */

static int array_init(struct range_alloc *ra)
{
	ra->tree = RB_ROOT;
	return 0;
}

static void no_memory_to_free(struct range_alloc *ra)
{
}

static int array_reserve(struct range_alloc *ra, struct arena_range *r, size_t size,
			 struct range_prealloc *pre, struct range_bounds *b)
{
	size_t i;

	if (in_array(ra) && ra->nr == RANGE_ARRAY_MAX)
		become_tree(ra);
	if (!in_array(ra))
		return range_rbtree_reserve(ra, r, size, pre, b);

	for (i = 0; gap_end(ra, i) - gap_start(ra, i) < size; i++) {
		if (i == ra->nr)
			return -ENOSPC;
	}
	b->prev_end = gap_start(ra, i);
	b->next_start = gap_end(ra, i);
	r->start = b->prev_end;
	r->size = size;
	memmove(&ra->array[i + 1], &ra->array[i], (ra->nr - i) * sizeof(ra->array[0]));
	ra->array[i] = r;
	range_account_reserve(ra, r);
	return 0;
}

static void array_release(struct range_alloc *ra, struct arena_range *r, struct range_bounds *b)
{
	size_t i = 0;

	if (!in_array(ra)) {
		range_rbtree_release(ra, r, b);
		if (!ra->nr)
			ra->tree = RB_ROOT;
		return;
	}
	while (ra->array[i] != r)
		i++;
	b->prev_end = gap_start(ra, i);
	b->next_start = gap_end(ra, i + 1);
	memmove(&ra->array[i], &ra->array[i + 1], (ra->nr - i - 1) * sizeof(ra->array[0]));
	range_account_release(ra, r);
}

static struct arena_range *array_find(struct range_alloc *ra, size_t start)
{
	if (!in_array(ra))
		return range_rbtree_find(ra, start);
	for (size_t i = 0; i < ra->nr; i++) {
		if (ra->array[i]->start == start)
			return ra->array[i];
	}
	return NULL;
}

static struct arena_range *array_next(struct range_alloc *ra, struct arena_range *prev)
{
	size_t i = 0;

	if (!in_array(ra))
		return range_rbtree_next(ra, prev);
	if (prev) {
		while (ra->array[i++] != prev)
			;
	}
	return i < ra->nr ? ra->array[i] : NULL;
}

static size_t array_largest_gap(struct range_alloc *ra)
{
	size_t largest = 0;

	if (!in_array(ra))
		return range_rbtree_largest_gap(ra);
	for (size_t i = 0; i <= ra->nr; i++)
		largest = max(largest, gap_end(ra, i) - gap_start(ra, i));
	return largest;
}

static bool array_validate(struct range_alloc *ra)
{
	if (in_array(ra))
		return range_check(ra->nr <= RANGE_ARRAY_MAX, &ra->end);
	return range_check(ra->nr, &ra->end) && range_rbtree_validate(ra);
}

const struct range_alloc_ops range_array_ops = {
	.name		= "array",
	.init		= array_init,
	.destroy	= no_memory_to_free,
	.reserve	= array_reserve,
	.release	= array_release,
	.find		= array_find,
	.next		= array_next,
	.largest_gap	= array_largest_gap,
	.validate	= array_validate,
};
