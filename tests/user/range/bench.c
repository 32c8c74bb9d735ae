// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's benchmark of the range allocator as an ordinary program.
 *
 *	range_bench				CSV, nanoseconds
 *	range_bench IMPL LIVE PATTERN NR	does that one thing NR times; the script
 *						instructions runs it under callgrind
 */
#include <stdlib.h>
#include <string.h>

#include "bench_shim.h"
#include "../../bench/kernel/range_bench.c"
#include "shim.h"

bool shim_fail_alloc;

void bench_add(struct bench_samples *s, u64 milli)
{
	s->milli[s->nr++] = milli;
}

static int ascending(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

void bench_print(struct seq_file *m, const char *bench, const char *variant, size_t n,
		 struct bench_samples *s)
{
	qsort(s->milli, s->nr, sizeof(s->milli[0]), ascending);
	fprintf(m->file, "%s,%s,%zu,%.1f,%.1f,%.1f\n", bench, variant, n,
		s->milli[s->nr / 2] / 1000.0, s->milli[s->nr / 10] / 1000.0,
		s->milli[s->nr * 9 / 10] / 1000.0);
}

static int run_one(const char *impl, unsigned int live, const char *pattern, unsigned long nr)
{
	struct load *l = load_alloc();
	unsigned int i, what;

	for (i = 0; i < RANGE_NR_IMPLS; i++) {
		if (!strcmp(impl, range_impl_name(range_impls[i])))
			break;
	}
	for (what = 0; what < PAGES; what++) {
		if (!strcmp(pattern, pattern_names[what]))
			break;
	}
	if (i == RANGE_NR_IMPLS || what == PAGES || !live || live > MAX_LIVE)
		return 2;
	prandom_seed_state(&l->rnd, live);
	choose_picks(l, live);
	return range_alloc_init(&l->ra, range_impls[i], ARENA) ||
	       populate(l, live, what != QUIET) || run_pattern(l, what, nr);
}

int main(int argc, char **argv)
{
	struct seq_file m = { stdout };

	maple_tree_init();
	if (argc == 5)
		return run_one(argv[1], atoi(argv[2]), argv[3], atol(argv[4]));
	if (argc != 1) {
		fprintf(stderr, "usage: %s [IMPL LIVE PATTERN NR]\n", argv[0]);
		return 2;
	}
	printf("bench,variant,n,median,p10,p90\n");
	return range_bench_show(&m) ? 1 : 0;
}
