// SPDX-License-Identifier: GPL-2.0
/*
 * What the one copy of a message costs, beside a plain copy_from_user() of the
 * same bytes into one contiguous kernel buffer.
 *
 *	plain		copy_from_user()
 *	arena		arena_copy_from_user() into a reserved range
 *	message		reserve the range, copy, release it; the pages are there
 *	arena_ratio, message_ratio
 *			these against the plain copy of the same moment
 *
 * The three take turns within each sample, in another order each time, so that
 * drift of the machine's speed cancels. Each has a target of its own; what they
 * read is the same. Every size is copied once more with its content compared.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "bench.h"

#define MAX_LEN		SZ_4M

enum variant { PLAIN, ARENA, MESSAGE, NR_TIMED,
	       ARENA_RATIO = NR_TIMED, MESSAGE_RATIO, NR_VARIANTS };

static const char *const names[NR_VARIANTS] = {
	[PLAIN]		= "plain",
	[ARENA]		= "arena",
	[MESSAGE]	= "message",
	[ARENA_RATIO]	= "arena_ratio",
	[MESSAGE_RATIO]	= "message_ratio",
};

/* @src: MAX_LEN bytes of the reader's memory; @plain: as many of the kernel's */
struct copy {
	struct bench_region region;
	struct arena_buf buf;
	unsigned long src;
	void *plain;
	struct bench_samples samples[NR_VARIANTS];
};

static int copy_plain(struct copy *c, size_t len, unsigned int repeat)
{
	while (repeat--) {
		if (copy_from_user(c->plain, (void __user *)c->src, len))
			return -EFAULT;
	}
	return 0;
}

static int copy_arena(struct copy *c, size_t len, unsigned int repeat)
{
	int err = 0;

	while (repeat-- && !err)
		err = arena_copy_from_user(c->region.arena, &c->buf, 0,
					   (void __user *)c->src, len);
	return err;
}

static int copy_message(struct copy *c, size_t len, unsigned int repeat)
{
	struct arena *a = c->region.arena;
	int err = 0;

	while (repeat-- && !err) {
		err = arena_reserve(a, &c->buf, len, false);
		if (err)
			break;
		err = copy_arena(c, len, 1);
		arena_release(a, &c->buf);
	}
	return err;
}

/* The time of @repeat copies, in nanoseconds. */
static int time_one(struct copy *c, enum variant v, size_t len,
		    unsigned int repeat, u64 *ns)
{
	u64 start;
	int err;

	if (v == ARENA) {
		err = arena_reserve(c->region.arena, &c->buf, len, false);
		if (err)
			return err;
	}
	start = bench_now();
	if (v == PLAIN)
		err = copy_plain(c, len, repeat);
	else if (v == ARENA)
		err = copy_arena(c, len, repeat);
	else
		err = copy_message(c, len, repeat);
	*ns = bench_now() - start;
	if (v == ARENA)
		arena_release(c->region.arena, &c->buf);
	return err;
}

static int sample(struct copy *c, unsigned int turn, size_t len)
{
	unsigned int repeat = max(SZ_256K / len, 1UL);
	u64 ns[NR_TIMED];
	unsigned int i;

	for (i = 0; i < NR_TIMED; i++) {
		unsigned int v = (i + turn) % NR_TIMED;
		int err = time_one(c, v, len, repeat, &ns[v]);

		if (err)
			return err;
		bench_add_time(&c->samples[v], ns[v], repeat);
	}
	bench_add_ratio(&c->samples[ARENA_RATIO], ns[ARENA], ns[PLAIN]);
	bench_add_ratio(&c->samples[MESSAGE_RATIO], ns[MESSAGE], ns[PLAIN]);
	return bench_breathe();
}

/* Does the region get the bytes that a plain copy gets? */
static int check_content(struct copy *c, size_t len)
{
	struct arena *a = c->region.arena;
	u8 piece[256];
	size_t at;
	int err;

	err = copy_plain(c, len, 1) ?: arena_reserve(a, &c->buf, len, false);
	if (err)
		return err;
	err = arena_zero(a, &c->buf, 0, len) ?: copy_arena(c, len, 1);
	for (at = 0; at < len && !err; at += sizeof(piece)) {
		size_t n = min(len - at, sizeof(piece));

		err = arena_read(a, &c->buf, at, piece, n);
		if (!err && memcmp(piece, c->plain + at, n))
			err = -EIO;
	}
	arena_release(a, &c->buf);
	return err;
}

static int measure(struct copy *c, struct seq_file *m, size_t len)
{
	unsigned int i;
	int err;

	err = check_content(c, len);
	memset(c->samples, 0, sizeof(c->samples));
	for (i = 0; i < BENCH_SAMPLES && !err; i++)
		err = sample(c, i, len);
	if (err)
		return err;
	for (i = 0; i < NR_VARIANTS; i++)
		bench_print(m, "copy", names[i], len, &c->samples[i]);
	return 0;
}

/* Each word its own offset, so that no two pages are alike. */
static int fill_source(unsigned long src)
{
	size_t at;

	for (at = 0; at < MAX_LEN; at += sizeof(u32)) {
		if (put_user((u32)at, (u32 __user *)(src + at)))
			return -EFAULT;
	}
	return 0;
}

static int measure_all(struct copy *c, struct seq_file *m)
{
	size_t len;
	int err;

	err = fill_source(c->src) ?: bench_region_open(&c->region, MAX_LEN);
	if (err)
		return err;
	for (len = 64; len <= MAX_LEN && !err; len *= 4)
		err = measure(c, m, len);
	bench_region_close(&c->region);
	return err;
}

static int with_buffers(struct copy *c, struct seq_file *m)
{
	int err;

	c->plain = (void *)__get_free_pages(GFP_KERNEL, get_order(MAX_LEN));
	if (!c->plain)
		return -ENOMEM;
	c->src = vm_mmap(NULL, 0, MAX_LEN, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (IS_ERR_VALUE(c->src)) {
		err = (long)c->src;
	} else {
		err = measure_all(c, m);
		vm_munmap(c->src, MAX_LEN);
	}
	free_pages((unsigned long)c->plain, get_order(MAX_LEN));
	return err;
}

/**
 * copy_bench_show() - print the rows "copy,variant,bytes,..."
 * @m: where to
 *
 * Nanoseconds for a message of that many bytes; the ratios are what they say.
 *
 * Context: task with an address space, sleeps.
 * Return: 0; -ENOMEM; -EIO if the region did not get what was copied; -EFAULT;
 *	-EINTR if the reader is being killed.
 */
int copy_bench_show(struct seq_file *m)
{
	struct copy *c = kzalloc(sizeof(*c), GFP_KERNEL);
	int err;

	if (!c)
		return -ENOMEM;
	err = with_buffers(c, m);
	kfree(c);
	return err;
}
