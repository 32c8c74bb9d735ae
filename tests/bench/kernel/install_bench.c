// SPDX-License-Identifier: GPL-2.0
/*
 * What it costs to bring pages that are missing, by their number: reserving
 * ranges on an empty region, where every page has to be allocated, cleared, put
 * into its slot and mapped.
 *
 *	at_once		one reservation of n pages
 *	one_by_one	n reservations of a page each
 *	alloc_only	n pages allocated and cleared one by one: what a page
 *			costs before the driver has done anything with it
 *	present		one reservation of n pages that are all there
 *	ratio		at_once against the one_by_one of the same moment
 *
 * Each sample has a region of its own and repeats its variant at other slots
 * until the region is full. The variants take turns, so that what slows the
 * machine down for a while slows all of them down.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "bench.h"

#define SLOTS		1024

enum variant { AT_ONCE, ONE_BY_ONE, ALLOC_ONLY, PRESENT, NR_TIMED,
	       RATIO = NR_TIMED, NR_VARIANTS };

static const char *const names[NR_VARIANTS] = {
	[AT_ONCE]	= "at_once",
	[ONE_BY_ONE]	= "one_by_one",
	[ALLOC_ONLY]	= "alloc_only",
	[PRESENT]	= "present",
	[RATIO]		= "ratio",
};

struct install {
	struct bench_region region;
	struct arena_buf bufs[SLOTS];
	struct page *pages[SLOTS];
	struct bench_samples samples[NR_VARIANTS];
};

/* Fills the region with ranges of @pages pages, and takes them away again. */
static int reserve_all(struct install *in, size_t pages, u64 *ns)
{
	struct arena *a = in->region.arena;
	u64 start = bench_now();
	size_t got = 0;
	int err = 0;

	while (got < SLOTS / pages && !err) {
		err = arena_reserve(a, &in->bufs[got], pages << PAGE_SHIFT,
				    false);
		got += !err;
	}
	*ns = bench_now() - start;
	while (got)
		arena_release(a, &in->bufs[--got]);
	return err;
}

/* Nothing else may bring pages or leave some out. */
static int check_brought(struct install *in)
{
	struct arena_slot_counts c;

	arena_count_slots(in->region.arena, &c);
	return c.in_use || c.idle != SLOTS ? -EIO : 0;
}

static int alloc_all(struct install *in, u64 *ns)
{
	u64 start = bench_now();
	size_t got = 0;
	int err = 0;

	while (got < SLOTS && !err) {
		in->pages[got] = alloc_page(GFP_HIGHUSER | __GFP_ZERO);
		if (in->pages[got])
			got++;
		else
			err = -ENOMEM;
	}
	*ns = bench_now() - start;
	while (got)
		__free_page(in->pages[--got]);
	return err;
}

static int in_region(struct install *in, enum variant v, size_t pages, u64 *ns)
{
	int err = bench_region_open(&in->region, SLOTS << PAGE_SHIFT);

	if (err)
		return err;
	err = reserve_all(in, v == ONE_BY_ONE ? 1 : pages, ns);
	if (!err && v == PRESENT)
		err = reserve_all(in, pages, ns);
	if (!err)
		err = check_brought(in);
	bench_region_close(&in->region);
	return err;
}

static int sample(struct install *in, unsigned int turn, size_t pages)
{
	u64 ns[NR_TIMED];
	unsigned int i;

	for (i = 0; i < NR_TIMED; i++) {
		unsigned int v = (i + turn) % NR_TIMED;
		int err = v == ALLOC_ONLY ? alloc_all(in, &ns[v]) :
					    in_region(in, v, pages, &ns[v]);

		if (err)
			return err;
		bench_add_time(&in->samples[v], ns[v], SLOTS / pages);
	}
	bench_add_ratio(&in->samples[RATIO], ns[AT_ONCE], ns[ONE_BY_ONE]);
	return bench_breathe();
}

static int measure(struct install *in, struct seq_file *m, size_t pages)
{
	unsigned int i;
	int err = 0;

	memset(in->samples, 0, sizeof(in->samples));
	for (i = 0; i < BENCH_SAMPLES && !err; i++)
		err = sample(in, i, pages);
	if (err)
		return err;
	for (i = 0; i < NR_VARIANTS; i++)
		bench_print(m, "install", names[i], pages, &in->samples[i]);
	return 0;
}

/**
 * install_bench_show() - print the rows "install,variant,pages,..."
 * @m: where to
 *
 * Nanoseconds for all the pages together.
 *
 * Context: task with an address space, sleeps.
 * Return: 0; -ENOMEM; -EIO if not exactly the reserved pages were brought;
 *	-EINTR if the reader is being killed.
 */
int install_bench_show(struct seq_file *m)
{
	struct install *in = kvzalloc(sizeof(*in), GFP_KERNEL);
	size_t pages;
	int err = 0;

	if (!in)
		return -ENOMEM;
	bench_warm_memory();
	for (pages = 1; pages <= SLOTS && !err; pages *= 4)
		err = measure(in, m, pages);
	kvfree(in);
	return err;
}
