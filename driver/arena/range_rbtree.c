// SPDX-License-Identifier: GPL-2.0
/*
 * Range allocator, for comparison: one augmented rbtree.
 *
 * The tree holds the live ranges by start and, at its right end, the sentinel.
 * Each knows the gap before it, and each subtree its largest gap, so that the
 * lowest gap that is large enough is found by one walk down. A tree by address
 * serves range_find() too.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/rbtree_augmented.h>

#include "range_impl.h"

static size_t own_gap(const struct arena_range *r)
{
	return r->gap;
}

RB_DECLARE_CALLBACKS_MAX(static, gap_callbacks, struct arena_range, rb, size_t, max_gap, own_gap)

static struct arena_range *entry(struct rb_node *node)
{
	return rb_entry(node, struct arena_range, rb);
}

static size_t max_gap(struct rb_node *node)
{
	return node ? entry(node)->max_gap : 0;
}

/* The owner of the lowest gap of at least @size bytes, or NULL. */
static struct arena_range *first_fit(struct range_alloc *ra, size_t size)
{
	struct rb_node *node = ra->tree.rb_node;

	if (max_gap(node) < size)
		return NULL;
	for (;;) {
		if (max_gap(node->rb_left) >= size) {
			node = node->rb_left;
			continue;
		}
		if (entry(node)->gap >= size)
			return entry(node);
		node = node->rb_right;
	}
}

/* Links @r, which has no gap, as the one right before @next. */
static void insert_before(struct range_alloc *ra, struct arena_range *r, struct arena_range *next)
{
	struct rb_node **link = &next->rb.rb_left, *parent = &next->rb;

	while (*link) {
		parent = *link;
		link = &parent->rb_right;
	}
	rb_link_node(&r->rb, parent, link);
	/* No ancestor's maximum grows by a range without a gap. */
	r->gap = 0;
	r->max_gap = 0;
	rb_insert_augmented(&r->rb, &ra->tree, &gap_callbacks);
}

/* Where kernel-doc is missing below, it is in range.c at range_<name>(). */

int range_rbtree_init(struct range_alloc *ra)
{
	ra->tree = RB_ROOT;
	ra->end.max_gap = ra->end.gap;
	rb_link_node(&ra->end.rb, NULL, &ra->tree.rb_node);
	rb_insert_augmented(&ra->end.rb, &ra->tree, &gap_callbacks);
	return 0;
}

static void no_memory_to_free(struct range_alloc *ra)
{
}

/**
 * range_rbtree_append() - add a range that was reserved elsewhere
 * @ra: the allocator, nothing in its tree is above @r->start
 * @r: start and size are set
 *
 * Context: The caller holds the lock of @ra.
 */
void range_rbtree_append(struct range_alloc *ra, struct arena_range *r)
{
	size_t gap = r->start - (ra->size - ra->end.gap);

	ra->end.gap -= gap + r->size;
	insert_before(ra, r, &ra->end);
	r->gap = gap;
	gap_callbacks_propagate(&ra->end.rb, NULL);
	gap_callbacks_propagate(&r->rb, NULL);
}

int range_rbtree_reserve(struct range_alloc *ra, struct arena_range *r, size_t size,
			 struct range_prealloc *pre, struct range_bounds *b)
{
	struct arena_range *next = first_fit(ra, size);

	if (!next)
		return -ENOSPC;
	r->start = next->start - next->gap;
	r->size = size;
	b->prev_end = r->start;
	b->next_start = next->start;

	next->gap -= size;
	gap_callbacks_propagate(&next->rb, NULL);
	insert_before(ra, r, next);
	range_account_reserve(ra, r);
	return 0;
}

void range_rbtree_release(struct range_alloc *ra, struct arena_range *r, struct range_bounds *b)
{
	struct arena_range *next = entry(rb_next(&r->rb));

	b->prev_end = r->start - r->gap;
	b->next_start = next->start;

	rb_erase_augmented(&r->rb, &ra->tree, &gap_callbacks);
	next->gap += r->gap + r->size;
	gap_callbacks_propagate(&next->rb, NULL);
	range_account_release(ra, r);
}

struct arena_range *range_rbtree_find(struct range_alloc *ra, size_t start)
{
	struct rb_node *node = ra->tree.rb_node;

	while (node) {
		struct arena_range *r = entry(node);

		if (start < r->start)
			node = node->rb_left;
		else if (start > r->start)
			node = node->rb_right;
		else
			return r == &ra->end ? NULL : r;
	}
	return NULL;
}

struct arena_range *range_rbtree_next(struct range_alloc *ra, struct arena_range *prev)
{
	struct arena_range *next = entry(prev ? rb_next(&prev->rb) : rb_first(&ra->tree));

	return next == &ra->end ? NULL : next;
}

size_t range_rbtree_largest_gap(struct range_alloc *ra)
{
	return max_gap(ra->tree.rb_node);
}

bool range_rbtree_validate(struct range_alloc *ra)
{
	struct rb_node *node;
	size_t end = 0, nr = 0;

	for (node = rb_first(&ra->tree); node; node = rb_next(node)) {
		struct arena_range *r = entry(node);
		size_t below = max(max_gap(node->rb_left), max_gap(node->rb_right));
		bool is_end = r == &ra->end;

		if (!range_check(r->gap == r->start - end, r) ||
		    !range_check(r->max_gap == max_t(size_t, r->gap, below), r) ||
		    !range_check(is_end == !rb_next(node), r))
			return false;
		end = r->start + r->size;
		nr++;
	}
	return range_check(nr == ra->nr + 1, &ra->end);
}

const struct range_alloc_ops range_rbtree_ops = {
	.name		= "rbtree",
	.init		= range_rbtree_init,
	.destroy	= no_memory_to_free,
	.reserve	= range_rbtree_reserve,
	.release	= range_rbtree_release,
	.find		= range_rbtree_find,
	.next		= range_rbtree_next,
	.largest_gap	= range_rbtree_largest_gap,
	.validate	= range_rbtree_validate,
};
