// SPDX-License-Identifier: GPL-2.0
/*
 * What the implementations of the range allocator cost, by live ranges. Each
 * variant is named by the implementation and by what is repeated:
 *
 *	hot	reserve 128 bytes, find them by address, release them: a message
 *		whose receiver is quick
 *	quiet	the same without a hole below the end of the arena
 *	random	release a random live range, reserve one of another size
 *	find	find a random live range by address
 *	pages	not a time: pages that hold a live range, after TURNS random pairs
 *		for each of them
 *
 * "n" is the number of live ranges. There are as many holes between them (not in
 * "quiet"): twice as many were reserved, and a random half was released. All
 * implementations see the same sequence. Time is that of the calls alone, with
 * the preparation that some need and without a lock.
 *
 * tests/user/range builds this file, too, as a program that can be run under
 * callgrind.
 */
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/prandom.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "arena/range.h"
#include "bench.h"

#define ARENA		SZ_4M
#define MAX_LIVE	10000
#define PICKS		SZ_64K
#define TURNS		20

enum pattern { HOT, QUIET, RANDOM, FIND, PAGES, NR_PATTERNS };

static const char *const pattern_names[NR_PATTERNS] = {
	[HOT]		= "hot",
	[QUIET]		= "quiet",
	[RANDOM]	= "random",
	[FIND]		= "find",
	[PAGES]		= "pages",
};

/* A range is a part of something larger; objects of a slab have such a size. */
struct record {
	struct arena_range range;
	char rest[256 - sizeof(struct arena_range)];
};

/* Chosen before the clock starts. */
struct pick {
	u32 victim;		/* index of a live record */
	u32 size;		/* of its successor, bytes */
};

struct load {
	struct range_alloc ra;
	struct rnd_state rnd;
	struct record *records;		/* the live ones */
	struct record *fillers;		/* where the holes will be */
	struct pick *picks;
	struct record hot;
	u32 at;
	struct bench_samples samples;
};

static u32 random_size(struct load *l)
{
	u32 units = prandom_u32_state(&l->rnd) % 8 ? 32 : 64;

	return RANGE_ALIGN * (1 + prandom_u32_state(&l->rnd) % units);
}

static int reserve(struct load *l, struct arena_range *r, size_t size)
{
	struct range_prealloc pre;
	struct range_bounds b;
	int err;

	do {
		err = range_prepare(&l->ra, &pre, GFP_KERNEL);
		if (err)
			return err;
		err = range_reserve(&l->ra, r, size, &pre, &b);
		range_unprepare(&l->ra, &pre);
	} while (err == -EAGAIN);
	return err;
}

static void release(struct load *l, struct arena_range *r)
{
	struct range_bounds b;

	range_release(&l->ra, r, &b);
}

/* @live ranges, between as many holes if there shall be any. */
static int populate(struct load *l, unsigned int live, bool holes)
{
	unsigned int fillers = holes ? live : 0, i = 0, n = 0;
	int err;

	while (i < live || n < fillers) {
		bool fill = i == live || (n < fillers && prandom_u32_state(&l->rnd) % 2);
		struct record *r = fill ? &l->fillers[n++] : &l->records[i++];

		err = reserve(l, &r->range, random_size(l));
		if (err)
			return err;
	}
	while (n)
		release(l, &l->fillers[--n].range);
	return 0;
}

/* What will be done to the @live ranges. */
static void choose_picks(struct load *l, unsigned int live)
{
	for (unsigned int i = 0; i < PICKS; i++) {
		l->picks[i].victim = prandom_u32_state(&l->rnd) % live;
		l->picks[i].size = random_size(l);
	}
}

static int run_hot(struct load *l, unsigned long nr)
{
	int err = 0;

	while (nr-- && !err) {
		err = reserve(l, &l->hot.range, 128);
		if (!err)
			release(l, range_find(&l->ra, l->hot.range.start));
	}
	return err;
}

static int run_random(struct load *l, unsigned long nr)
{
	int err = 0;

	while (nr-- && !err) {
		struct pick *p = &l->picks[l->at++ % PICKS];

		release(l, &l->records[p->victim].range);
		err = reserve(l, &l->records[p->victim].range, p->size);
	}
	return err;
}

static int run_find(struct load *l, unsigned long nr)
{
	while (nr--) {
		struct pick *p = &l->picks[l->at++ % PICKS];
		struct arena_range *r = &l->records[p->victim].range;

		if (range_find(&l->ra, r->start) != r)
			return -EIO;
	}
	return 0;
}

static int run_pattern(struct load *l, enum pattern what, unsigned long nr)
{
	switch (what) {
	case HOT:
	case QUIET:
		return run_hot(l, nr);
	case RANDOM:
		return run_random(l, nr);
	default:
		return run_find(l, nr);
	}
}

static int count_pages(struct load *l, unsigned int live)
{
	struct arena_range *r = NULL;
	size_t end = 0, page, nr = 0;	/* pages below @end are counted */
	int err;

	err = run_random(l, TURNS * live);
	if (err)
		return err;
	while ((r = range_next(&l->ra, r))) {
		page = max(r->start / SZ_4K, end);
		end = DIV_ROUND_UP(r->start + r->size, SZ_4K);
		nr += end > page ? end - page : 0;
	}
	bench_add(&l->samples, nr * 1000);
	return 0;
}

static int take_samples(struct load *l, enum pattern what)
{
	unsigned long batch = 1;
	u64 start, ns;
	int i, err;

	/* Warms up and finds how many make a sample. */
	do {
		batch *= 2;
		start = bench_now();
		err = run_pattern(l, what, batch);
		ns = bench_now() - start;
	} while (!err && ns < BENCH_SAMPLE_NS);

	for (i = 0; i < BENCH_SAMPLES && !err; i++) {
		start = bench_now();
		err = run_pattern(l, what, batch);
		bench_add_time(&l->samples, bench_now() - start, batch);
		if (!err)
			err = bench_breathe();
	}
	return err;
}

static int measure(struct seq_file *m, struct load *l, const struct range_alloc_ops *ops,
		   unsigned int live, enum pattern what)
{
	char variant[32];
	int err;

	l->samples.nr = 0;
	l->at = 0;
	prandom_seed_state(&l->rnd, live);
	choose_picks(l, live);
	err = range_alloc_init(&l->ra, ops, ARENA);
	if (err)
		return err;
	err = populate(l, live, what != QUIET);
	if (!err)
		err = what == PAGES ? count_pages(l, live) : take_samples(l, what);
	range_alloc_destroy(&l->ra);
	if (err)
		return err;
	snprintf(variant, sizeof(variant), "%s_%s", range_impl_name(ops), pattern_names[what]);
	bench_print(m, "range", variant, live, &l->samples);
	return 0;
}

static int measure_all(struct seq_file *m, struct load *l)
{
	static const unsigned int lives[] = { 1, 10, 100, 1000, MAX_LIVE };
	unsigned int what, i, n;
	int err;

	for (what = 0; what < NR_PATTERNS; what++) {
		for (i = 0; i < RANGE_NR_IMPLS; i++) {
			for (n = 0; n < ARRAY_SIZE(lives); n++) {
				err = measure(m, l, range_impls[i], lives[n], what);
				if (err)
					return err;
			}
		}
	}
	return 0;
}

static struct load *load_alloc(void)
{
	struct load *l = kvzalloc(sizeof(*l), GFP_KERNEL);

	if (l) {
		l->records = kvcalloc(MAX_LIVE, sizeof(*l->records), GFP_KERNEL);
		l->fillers = kvcalloc(MAX_LIVE, sizeof(*l->fillers), GFP_KERNEL);
		l->picks = kvcalloc(PICKS, sizeof(*l->picks), GFP_KERNEL);
	}
	return l;
}

static void load_free(struct load *l)
{
	if (l) {
		kvfree(l->picks);
		kvfree(l->fillers);
		kvfree(l->records);
	}
	kvfree(l);
}

/**
 * range_bench_show() - compare the implementations of the range allocator
 * @m: where the rows go
 *
 * Context: task context, sleeps; a few seconds.
 * Return: 0; -ENOMEM; -EINTR if the reader is being killed; -EIO if a range was
 * not found where it is.
 */
int range_bench_show(struct seq_file *m)
{
	struct load *l = load_alloc();
	int err = -ENOMEM;

	if (l && l->records && l->fillers && l->picks)
		err = measure_all(m, l);
	load_free(l);
	return err;
}
