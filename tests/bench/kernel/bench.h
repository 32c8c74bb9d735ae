/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the in-kernel benchmarks share.
 *
 * Each benchmark is a function that prints rows of six columns,
 *
 *	bench,variant,n,median,p10,p90
 *
 * where @n is the size of the problem and the rest is what one operation cost,
 * over all samples. The unit is nanoseconds unless the benchmark says
 * otherwise. A benchmark that could not do what it measures returns an errno,
 * which the reader of its file gets: no row is better than a wrong one.
 */
#ifndef BINDER_BENCH_H
#define BINDER_BENCH_H

#include <linux/seq_file.h>
#include <linux/timekeeping.h>
#include <linux/types.h>

#include "arena/arena.h"

#define BENCH_SAMPLES	101

/*
 * A sample takes at least this long where the benchmark can repeat its
 * operation: the clock of User-Mode Linux has steps of 256 ns.
 */
#define BENCH_SAMPLE_NS	(50 * NSEC_PER_USEC)

/**
 * struct bench_samples - one figure, measured many times
 * @nr: samples taken
 * @milli: each in thousandths of the unit that is printed
 */
struct bench_samples {
	unsigned int nr;
	u64 milli[BENCH_SAMPLES];
};

/**
 * struct bench_region - an arena mapped by the task that runs the benchmark
 * @arena: the arena
 * @file: what is mapped
 * @addr: where, in the address space of that task
 * @size: bytes
 */
struct bench_region {
	struct arena *arena;
	struct file *file;
	unsigned long addr;
	size_t size;
};

/* bench.c APIs: */
void bench_add(struct bench_samples *s, u64 milli);
void bench_add_time(struct bench_samples *s, u64 ns, u64 ops);
void bench_add_ratio(struct bench_samples *s, u64 a, u64 b);
void bench_print(struct seq_file *m, const char *bench, const char *variant,
		 size_t n, struct bench_samples *s);
int bench_breathe(void);
void bench_warm_memory(void);

/* region.c APIs: */
int bench_region_open(struct bench_region *r, size_t size);
void bench_region_close(struct bench_region *r);

/* One benchmark a file: */
int copy_bench_show(struct seq_file *m);
int install_bench_show(struct seq_file *m);
int metadata_bench_show(struct seq_file *m);
int range_bench_show(struct seq_file *m);
int reclaim_bench_show(struct seq_file *m);

/**
 * bench_now() - read the clock
 *
 * Context: any.
 * Return: nanoseconds since some moment in the past.
 */
static inline u64 bench_now(void)
{
	return ktime_get_ns();
}

#endif
