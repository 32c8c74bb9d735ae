// SPDX-License-Identifier: GPL-2.0
/*
 * What a region costs in memory beside its pages, in bytes:
 *
 *	slot		for each page slot that never had a page: what a region
 *			of @n slots takes more than a region of a single one
 *	page		for each page that is there, beside the page itself
 *	region		for a region of a single slot that never had a page,
 *			with its file and its vma
 *
 * The kernel's own memory (slab and vmalloc; page tables are neither) is read
 * before and after many regions are made, so that nothing can be forgotten. The
 * first of them only empty the stock of the slab caches.
 */
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/vmstat.h>

#include "bench.h"

#define SLOTS		1024
#define STOCK		64	/* regions that empty the stock, */
#define REGIONS		512	/* and that count */
#define STOCK_FILLED	1	/* regions with pages likewise */
#define FILLED		8

struct metadata {
	struct bench_region regions[STOCK + REGIONS];
	struct arena_buf bufs[STOCK_FILLED + FILLED];
	struct bench_samples slot, page, region;
};

static long kernel_bytes(void)
{
	long slab = global_node_page_state_pages(NR_SLAB_UNRECLAIMABLE_B) +
		    global_node_page_state_pages(NR_SLAB_RECLAIMABLE_B);

	return (slab + (long)vmalloc_nr_pages()) << PAGE_SHIFT;
}

/* Bytes that REGIONS regions of @slots slots take. */
static int take_regions(struct metadata *md, size_t slots, long *bytes)
{
	unsigned int made;
	long before = 0;
	int err = 0;

	rcu_barrier();
	for (made = 0; made < STOCK + REGIONS; made++) {
		if (made == STOCK)
			before = kernel_bytes();
		err = bench_region_open(&md->regions[made],
					slots << PAGE_SHIFT);
		if (err)
			break;
	}
	*bytes = kernel_bytes() - before;
	while (made)
		bench_region_close(&md->regions[--made]);
	return err;
}

/* Bytes that the pages of FILLED full regions of SLOTS slots take. */
static int take_pages(struct metadata *md, long *bytes)
{
	unsigned int made, filled = 0;
	long before = 0;
	int err = 0;

	for (made = 0; made < STOCK_FILLED + FILLED && !err; made += !err)
		err = bench_region_open(&md->regions[made],
					SLOTS << PAGE_SHIFT);
	rcu_barrier();
	while (!err && filled < made) {
		if (filled == STOCK_FILLED)
			before = kernel_bytes();
		err = arena_reserve(md->regions[filled].arena,
				    &md->bufs[filled], SLOTS << PAGE_SHIFT,
				    false);
		filled += !err;
	}
	*bytes = kernel_bytes() - before;
	while (filled--)
		arena_release(md->regions[filled].arena, &md->bufs[filled]);
	while (made)
		bench_region_close(&md->regions[--made]);
	return err;
}

static int sample(struct metadata *md)
{
	long large, small, pages;
	int err;

	err = take_regions(md, SLOTS, &large) ?:
	      take_regions(md, 1, &small) ?: take_pages(md, &pages);
	if (err)
		return err;
	/* Memory that somebody else gave back meanwhile spoils the sample. */
	if (large <= small || small <= 0 || pages <= 0)
		return -EAGAIN;
	bench_add_ratio(&md->slot, large - small, REGIONS * (SLOTS - 1));
	bench_add_ratio(&md->page, pages, FILLED * SLOTS);
	bench_add_ratio(&md->region, small, REGIONS);
	return bench_breathe();
}

/**
 * metadata_bench_show() - print the rows "metadata,variant,slots,..."
 * @m: where to
 *
 * In bytes.
 *
 * Context: task with an address space, sleeps.
 * Return: 0; -ENOMEM; -EAGAIN if the kernel's memory did not stay quiet;
 *	-EINTR if the reader is being killed.
 */
int metadata_bench_show(struct seq_file *m)
{
	struct metadata *md = kvzalloc(sizeof(*md), GFP_KERNEL);
	unsigned int i;
	int err = 0;

	if (!md)
		return -ENOMEM;
	for (i = 0; i < 5 && !err; i++)
		err = sample(md);
	if (!err) {
		bench_print(m, "metadata", "slot", SLOTS, &md->slot);
		bench_print(m, "metadata", "page", SLOTS, &md->page);
		bench_print(m, "metadata", "region", 1, &md->region);
	}
	kvfree(md);
	return err;
}
