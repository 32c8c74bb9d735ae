/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Range allocator: which bytes of an arena are taken.
 *
 * An arena of @size bytes is cut into live ranges and the gaps between them.
 * A live range is a struct arena_range that the caller embeds in its own record, so
 * that a reservation needs no memory of its own unless an implementation says
 * so in range_prepare(). Sizes and offsets are bytes, multiples of
 * RANGE_ALIGN.
 *
 * Everything here is bookkeeping on integers: no page, no lock, no user
 * memory. The same files are compiled into the kernel and, for tests under
 * sanitizers, into an ordinary program.
 *
 * Several implementations meet this interface (see RANGE.md for what they
 * cost). A production kernel has one, called directly; kernels with the KUnit
 * tests or the benchmarks have all of them, chosen by range_alloc_init().
 */
#ifndef BINDER_ARENA_RANGE_H
#define BINDER_ARENA_RANGE_H

#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/types.h>

#if defined(CONFIG_BINDER_IPC_KUNIT_TEST) || defined(CONFIG_BINDER_IPC_BENCH)
#define RANGE_ALL_IMPLS 1
#include <linux/maple_tree.h>
#endif

#define RANGE_ALIGN	8
#define RANGE_SIZE_MAX	(256UL << 20)	/* the largest arena, bytes */

/* Gaps below RANGE_SMALL_BINS * RANGE_ALIGN bytes have a bin for each size. */
#define RANGE_SMALL_BINS	64
/* A bin for each power of two from there up to RANGE_SIZE_MAX. */
#define RANGE_LARGE_BINS	20
/* The small array first: this many live ranges before it becomes a tree. */
#define RANGE_ARRAY_MAX		8

/**
 * struct arena_range - one live range, embedded in a record of the caller
 * @start: offset of the first byte in the arena
 * @size: bytes, above 0 from range_reserve() to range_release()
 *
 * The rest is private to the implementations. The record must stay where it is
 * while it is reserved.
 */
struct arena_range {
	size_t start;
	u32 size;
	/* private: a cache line, and of it only a large gap's tree node sticks out */
	u32 gap;			/* free bytes right before @start */
	struct list_head order;		/* all live ranges, ascending */
	struct hlist_node hash;		/* by @start, for range_find() */
	union {
		struct hlist_node bin;	/* small gaps of one size */
		struct rb_node rb;	/* large gaps by size, or ranges by @start */
	};
#ifdef RANGE_ALL_IMPLS
	size_t max_gap;			/* largest @gap in the subtree at @rb */
#endif
};

/**
 * struct range_bounds - the ends of the live neighbours of a range
 * @prev_end: end of the live range before it, or 0
 * @next_start: start of the live range after it, or the arena's size
 *
 * Nothing lives between the two but the range that was reserved or released.
 */
struct range_bounds {
	size_t prev_end;
	size_t next_start;
};

/**
 * struct range_prealloc - memory that a reservation may need
 *
 * Filled by range_prepare(); empty and free of cost with the default
 * implementation.
 */
struct range_prealloc {
#ifdef RANGE_ALL_IMPLS
	/* private: */
	struct maple_alloc *nodes;
#endif
};

struct range_alloc_ops;

/**
 * struct range_alloc - the ranges of one arena
 *
 * Embedded by value. All of it is protected by the caller's lock, except for
 * what range_alloc_init() sets once.
 */
struct range_alloc {
	/* private: */
	size_t size;			/* of the arena, bytes */
	size_t nr;			/* live ranges */
	size_t live_bytes;		/* their sum */
	struct arena_range end;		/* sentinel at @size, owns the last gap */

	u64 small_map;			/* which of @small are not empty */
	u32 large_map;			/* which of @large are not empty */
	u32 hash_bits;
	struct hlist_head *hash;
	struct rb_root large[RANGE_LARGE_BINS];
	struct hlist_head small[RANGE_SMALL_BINS];
#ifdef RANGE_ALL_IMPLS
	const struct range_alloc_ops *ops;
	struct rb_root tree;			/* rbtree, array */
	struct arena_range *array[RANGE_ARRAY_MAX];	/* array */
	struct maple_tree mt;			/* maple */
	struct maple_alloc *spare;		/* maple: nodes for what cannot allocate */
	unsigned long spare_nr;			/* maple: how many, read without the lock */
#endif
};

/* range.c APIs: */
#ifdef RANGE_ALL_IMPLS
#define RANGE_NR_IMPLS	4
extern const struct range_alloc_ops *const range_impls[RANGE_NR_IMPLS];	/* the default first */
const char *range_impl_name(const struct range_alloc_ops *ops);
#endif

int range_alloc_init(struct range_alloc *ra, const struct range_alloc_ops *ops, size_t size);
void range_alloc_destroy(struct range_alloc *ra);

#ifdef RANGE_ALL_IMPLS
int __must_check range_prepare(struct range_alloc *ra, struct range_prealloc *pre, gfp_t gfp);
void range_unprepare(struct range_alloc *ra, struct range_prealloc *pre);
#else
static inline int range_prepare(struct range_alloc *ra, struct range_prealloc *pre, gfp_t gfp)
{
	return 0;
}

static inline void range_unprepare(struct range_alloc *ra, struct range_prealloc *pre)
{
}
#endif

int __must_check range_reserve(struct range_alloc *ra, struct arena_range *r, size_t size,
			       struct range_prealloc *pre, struct range_bounds *b);
void range_release(struct range_alloc *ra, struct arena_range *r, struct range_bounds *b);

struct arena_range *range_find(struct range_alloc *ra, size_t start);
struct arena_range *range_next(struct range_alloc *ra, struct arena_range *prev);
size_t range_largest_gap(struct range_alloc *ra);
size_t range_live_bytes(const struct range_alloc *ra);
size_t range_nr(const struct range_alloc *ra);
bool range_validate(struct range_alloc *ra);

#endif
