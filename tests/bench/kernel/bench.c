// SPDX-License-Identifier: GPL-2.0
/*
 * debugfs: binder_bench/, a file for each benchmark. Reading it runs it.
 *
 * The task that reads lends its address space: the regions are mapped there,
 * and what is copied comes from there.
 */
#include <linux/debugfs.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/sort.h>

#include "bench.h"

struct bench {
	const char *name;
	int (*show)(struct seq_file *m);
};

static const struct bench benches[] = {
	{ "copy",	copy_bench_show },
	{ "install",	install_bench_show },
	{ "metadata",	metadata_bench_show },
	{ "range",	range_bench_show },
	{ "reclaim",	reclaim_bench_show },
};

/* Two at a time would measure each other. */
static DEFINE_MUTEX(one_at_a_time);

/**
 * bench_add() - take a sample
 * @s: the samples; more than BENCH_SAMPLES are not kept
 * @milli: in thousandths of the unit
 *
 * Context: any.
 */
void bench_add(struct bench_samples *s, u64 milli)
{
	if (!WARN_ON_ONCE(s->nr == BENCH_SAMPLES))
		s->milli[s->nr++] = milli;
}

/**
 * bench_add_time() - take a sample of the time of an operation
 * @s: the samples
 * @ns: what all the operations of the sample took
 * @ops: how many they were
 *
 * Context: any.
 */
void bench_add_time(struct bench_samples *s, u64 ns, u64 ops)
{
	bench_add(s, div64_u64(ns * 1000, ops));
}

/**
 * bench_add_ratio() - take a sample of how two costs compare
 * @s: the samples
 * @a: one cost
 * @b: the other, of the same moment
 *
 * Context: any.
 */
void bench_add_ratio(struct bench_samples *s, u64 a, u64 b)
{
	bench_add(s, div64_u64(a * 1000, max(b, 1ULL)));
}

static int ascending(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static void print_milli(struct seq_file *m, u64 milli)
{
	u32 rest;
	u64 whole = div_u64_rem(milli, 1000, &rest);

	seq_printf(m, ",%llu.%03u", whole, rest);
}

/**
 * bench_print() - print a row
 * @m: where to
 * @bench: name of the benchmark
 * @variant: which of the things it compares
 * @n: size of the problem
 * @s: the samples; sorted
 *
 * Context: may sleep.
 */
void bench_print(struct seq_file *m, const char *bench, const char *variant,
		 size_t n, struct bench_samples *s)
{
	if (WARN_ON_ONCE(!s->nr))
		return;
	sort(s->milli, s->nr, sizeof(s->milli[0]), ascending, NULL);
	seq_printf(m, "%s,%s,%zu", bench, variant, n);
	print_milli(m, s->milli[s->nr / 2]);
	print_milli(m, s->milli[s->nr / 10]);
	print_milli(m, s->milli[s->nr * 9 / 10]);
	seq_putc(m, '\n');
}

/**
 * bench_breathe() - let others run, between two samples
 *
 * Context: task context, sleeps.
 * Return: 0, or -EINTR if the reader is being killed.
 */
int bench_breathe(void)
{
	cond_resched();
	return fatal_signal_pending(current) ? -EINTR : 0;
}

/**
 * bench_warm_memory() - have all free memory touched once
 *
 * The memory of User-Mode Linux is a file of the host, which makes a page of it
 * when it is touched first: that is not to be measured.
 *
 * Context: task context, sleeps.
 */
void bench_warm_memory(void)
{
	const gfp_t gfp = (GFP_HIGHUSER & ~__GFP_RECLAIM) | __GFP_ZERO |
			  __GFP_NORETRY | __GFP_NOWARN;
	static bool is_warm;
	struct page *page, *next;
	LIST_HEAD(pages);

	if (is_warm)
		return;
	while ((page = alloc_pages(gfp, MAX_PAGE_ORDER)))
		list_add(&page->lru, &pages);
	list_for_each_entry_safe(page, next, &pages, lru)
		__free_pages(page, MAX_PAGE_ORDER);
	is_warm = true;
}

static int run(struct seq_file *m, void *unused)
{
	const struct bench *b = m->private;

	guard(mutex)(&one_at_a_time);
	return b->show(m);
}

/* Room for all rows: a seq_file whose buffer overflows starts over. */
static int bench_open(struct inode *inode, struct file *file)
{
	return single_open_size(file, run, inode->i_private, SZ_64K);
}

static const struct file_operations bench_fops = {
	.owner = THIS_MODULE,
	.open = bench_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

static int __init bench_init(void)
{
	struct dentry *dir = debugfs_create_dir("binder_bench", NULL);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(benches); i++)
		debugfs_create_file(benches[i].name, 0400, dir,
				    (void *)&benches[i], &bench_fops);
	return 0;
}
late_initcall(bench_init);
