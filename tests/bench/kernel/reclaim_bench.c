// SPDX-License-Identifier: GPL-2.0
/*
 * What the shrinker takes for some of the idle pages of a region, by how many it
 * is asked for at once: off the LRU, out of their slots, out of the page table,
 * freed.
 *
 *	in_order	the pages went idle in the order of their addresses, as
 *			those of one message do
 *	shuffled	they went idle one by one in any order: no two that
 *			follow each other on the LRU are neighbours
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "bench.h"

#define SLOTS	1024
#define STRIDE		389	/* no factor in common with SLOTS */

enum variant { IN_ORDER, SHUFFLED, NR_VARIANTS };

static const char *const names[NR_VARIANTS] = {
	[IN_ORDER]	= "in_order",
	[SHUFFLED]	= "shuffled",
};

struct reclaim {
	struct bench_region region;
	struct arena_buf bufs[SLOTS];
	struct bench_samples samples[NR_VARIANTS];
};

static int make_idle(struct reclaim *rc, enum variant v)
{
	struct arena *a = rc->region.arena;
	size_t got = 0, i;
	int err = 0;

	while (got < SLOTS && !err) {
		err = arena_reserve(a, &rc->bufs[got], PAGE_SIZE, false);
		got += !err;
	}
	if (err) {
		while (got)
			arena_release(a, &rc->bufs[--got]);
		return err;
	}
	for (i = 0; i < SLOTS; i++)
		arena_release(a, &rc->bufs[v == SHUFFLED ?
					   i * STRIDE % SLOTS : i]);
	return 0;
}

/* Pages of anybody else on the LRU would be taken for ours. */
static int sample(struct reclaim *rc, enum variant v, size_t pages)
{
	struct arena_slot_counts c;
	size_t freed = 0, i;
	u64 start, ns;
	int err;

	err = make_idle(rc, v);
	if (err)
		return err;
	start = bench_now();
	for (i = 0; i < SLOTS; i += pages)
		freed += arena_shrink(pages);
	ns = bench_now() - start;
	arena_count_slots(rc->region.arena, &c);
	if (freed != SLOTS || c.idle || c.in_use)
		return -EBUSY;
	bench_add_time(&rc->samples[v], ns, SLOTS / pages);
	return bench_breathe();
}

static int measure(struct reclaim *rc, struct seq_file *m, size_t pages)
{
	unsigned int i, v;

	memset(rc->samples, 0, sizeof(rc->samples));
	for (i = 0; i < BENCH_SAMPLES; i++) {
		for (v = 0; v < NR_VARIANTS; v++) {
			int err = sample(rc, v, pages);

			if (err)
				return err;
		}
	}
	for (v = 0; v < NR_VARIANTS; v++)
		bench_print(m, "reclaim", names[v], pages, &rc->samples[v]);
	return 0;
}

/**
 * reclaim_bench_show() - print the rows "reclaim,variant,pages,..."
 * @m: where to
 *
 * Nanoseconds for all the pages together.
 *
 * Context: task with an address space, sleeps.
 * Return: 0; -ENOMEM; -EBUSY if the shrinker did not take exactly the pages it
 *	was asked for, because something else uses Binder at the same time;
 *	-EINTR if the reader is being killed.
 */
int reclaim_bench_show(struct seq_file *m)
{
	struct reclaim *rc = kvzalloc(sizeof(*rc), GFP_KERNEL);
	size_t pages;
	int err;

	if (!rc)
		return -ENOMEM;
	bench_warm_memory();
	err = bench_region_open(&rc->region, SLOTS << PAGE_SHIFT);
	if (!err) {
		for (pages = 1; pages <= SLOTS && !err; pages *= 4)
			err = measure(rc, m, pages);
		bench_region_close(&rc->region);
	}
	kvfree(rc);
	return err;
}
