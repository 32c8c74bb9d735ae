/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of the kernel's bench.h as range_bench.c uses. It has the same include
 * guard, so that whoever includes it first keeps the original out.
 */
#ifndef BINDER_BENCH_H
#define BINDER_BENCH_H

#include <linux/types.h>
#include <stdio.h>
#include <time.h>

#define BENCH_SAMPLES	101
#define BENCH_SAMPLE_NS	50000

struct seq_file {
	FILE *file;
};

struct bench_samples {
	unsigned int nr;
	u64 milli[BENCH_SAMPLES];
};

void bench_add(struct bench_samples *s, u64 milli);
void bench_print(struct seq_file *m, const char *bench, const char *variant, size_t n,
		 struct bench_samples *s);

static inline void bench_add_time(struct bench_samples *s, u64 ns, u64 ops)
{
	bench_add(s, ns * 1000 / ops);
}

static inline int bench_breathe(void)
{
	return 0;
}

static inline u64 bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

int range_bench_show(struct seq_file *m);

#endif
