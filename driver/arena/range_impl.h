/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the implementations of the range allocator share with range.c.
 */
#ifndef BINDER_ARENA_RANGE_IMPL_H
#define BINDER_ARENA_RANGE_IMPL_H

#include <linux/printk.h>

#include "range.h"

#if defined(RANGE_ALL_IMPLS) || defined(CONFIG_BINDER_IPC_DEBUG)
#define RANGE_VALIDATE 1
#endif

/**
 * struct range_alloc_ops - one implementation
 * @name: for test and benchmark output
 * @init: sizes, counters and the sentinel are set; may sleep; 0 or -ENOMEM
 * @destroy: frees what @init and @prepare allocated; may sleep
 * @prepare: see range_prepare()
 * @unprepare: see range_unprepare()
 * @reserve: see range_reserve(); @size is valid
 * @release: see range_release()
 * @find: see range_find()
 * @next: see range_next()
 * @largest_gap: see range_largest_gap()
 * @validate: checks the implementation's own books, prints what is wrong
 */
struct range_alloc_ops {
	const char *name;
	int (*init)(struct range_alloc *ra);
	void (*destroy)(struct range_alloc *ra);
	int (*prepare)(struct range_alloc *ra, struct range_prealloc *pre, gfp_t gfp);
	void (*unprepare)(struct range_alloc *ra, struct range_prealloc *pre);
	int (*reserve)(struct range_alloc *ra, struct arena_range *r, size_t size,
		       struct range_prealloc *pre, struct range_bounds *b);
	void (*release)(struct range_alloc *ra, struct arena_range *r, struct range_bounds *b);
	struct arena_range *(*find)(struct range_alloc *ra, size_t start);
	struct arena_range *(*next)(struct range_alloc *ra, struct arena_range *prev);
	size_t (*largest_gap)(struct range_alloc *ra);
	bool (*validate)(struct range_alloc *ra);
};

/* Says what is wrong and where; the value is the condition's. */
#define range_check(cond, at)						\
({									\
	const struct arena_range *__at = (at);				\
	bool __ok = (cond);						\
									\
	if (!__ok)							\
		pr_err("range: not true at %zu, size %u, gap %u: %s\n", \
		       __at->start, __at->size, __at->gap, #cond);	\
	__ok;								\
})

static inline void range_account_reserve(struct range_alloc *ra, const struct arena_range *r)
{
	ra->nr++;
	ra->live_bytes += r->size;
}

static inline void range_account_release(struct range_alloc *ra, struct arena_range *r)
{
	ra->nr--;
	ra->live_bytes -= r->size;
	r->size = 0;
}

/* range_bins.c: the default. */
int range_bins_init(struct range_alloc *ra);
void range_bins_destroy(struct range_alloc *ra);
int range_bins_reserve(struct range_alloc *ra, struct arena_range *r, size_t size,
		       struct range_prealloc *pre, struct range_bounds *b);
void range_bins_release(struct range_alloc *ra, struct arena_range *r, struct range_bounds *b);
struct arena_range *range_bins_find(struct range_alloc *ra, size_t start);
struct arena_range *range_bins_next(struct range_alloc *ra, struct arena_range *prev);
size_t range_bins_largest_gap(struct range_alloc *ra);
bool range_bins_validate(struct range_alloc *ra);

extern const struct range_alloc_ops range_bins_ops;
#ifdef RANGE_ALL_IMPLS
extern const struct range_alloc_ops range_rbtree_ops;
extern const struct range_alloc_ops range_array_ops;
extern const struct range_alloc_ops range_maple_ops;

/* range_rbtree.c, also what range_array.c grows into. */
int range_rbtree_init(struct range_alloc *ra);
void range_rbtree_append(struct range_alloc *ra, struct arena_range *r);
int range_rbtree_reserve(struct range_alloc *ra, struct arena_range *r, size_t size,
			 struct range_prealloc *pre, struct range_bounds *b);
void range_rbtree_release(struct range_alloc *ra, struct arena_range *r, struct range_bounds *b);
struct arena_range *range_rbtree_find(struct range_alloc *ra, size_t start);
struct arena_range *range_rbtree_next(struct range_alloc *ra, struct arena_range *prev);
size_t range_rbtree_largest_gap(struct range_alloc *ra);
bool range_rbtree_validate(struct range_alloc *ra);
#endif

#endif
