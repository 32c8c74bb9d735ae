// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the copy loop: each way into and out of a buffer, against a shadow
 * of its bytes, over pages that lie in memory in all kinds of order.
 */
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "arena_fixture.h"

/**
 * struct copy - a buffer and what must be in it
 * @test: whose
 * @rx: the receiver
 * @b: the buffer; with a neighbour on either side, in the same pages
 * @below: that neighbour
 * @above: the other
 * @size: of @b, bytes
 * @shadow: what @b must hold
 * @text: @size bytes to copy from; also at arenat_src()
 * @got: room for @size bytes
 */
struct copy {
	struct kunit *test;
	struct arenat_rx *rx;
	struct arena_buf *b;
	struct arena_buf *below;
	struct arena_buf *above;
	size_t size;
	u8 *shadow;
	u8 *text;
	u8 *got;
};

#define NEIGHBOUR	24	/* bytes; makes the buffer start in mid-page */

static void copy_init(struct kunit *test, struct copy *c, size_t size)
{
	u8 full[NEIGHBOUR];

	c->test = test;
	c->size = size;
	c->rx = arenat_rx(test, PAGE_ALIGN(size + 2 * NEIGHBOUR));
	c->below = arenat_reserve(c->rx, NEIGHBOUR);
	c->b = arenat_reserve(c->rx, size);
	c->above = arenat_reserve(c->rx, NEIGHBOUR);
	KUNIT_ASSERT_EQ(test, c->b->range.start, NEIGHBOUR);
	KUNIT_ASSERT_EQ(test, c->above->range.start, NEIGHBOUR + size);
	memset(full, 0xff, NEIGHBOUR);
	KUNIT_ASSERT_EQ(test, 0, arena_write(c->rx->a, c->below, 0, full, NEIGHBOUR));
	KUNIT_ASSERT_EQ(test, 0, arena_write(c->rx->a, c->above, 0, full, NEIGHBOUR));

	c->shadow = arenat_alloc(test, size);
	c->text = arenat_alloc(test, size);
	c->got = arenat_alloc(test, size);
	arenat_pattern(c->text, size, 42);
	arenat_load(test, 0, c->text, size);
}

static bool full(struct copy *c, struct arena_buf *b)
{
	u8 got[NEIGHBOUR];

	return !arena_read(c->rx->a, b, 0, got, NEIGHBOUR) && !memchr_inv(got, 0xff, NEIGHBOUR);
}

/* The buffer is what it should be, for kernel and receiver, and no byte beside it. */
static bool right(struct copy *c)
{
	struct arena *a = c->rx->a;

	if (arena_read(a, c->b, 0, c->got, c->size) || memcmp(c->got, c->shadow, c->size))
		return false;
	return full(c, c->below) && full(c, c->above);
}

static bool right_for_user(struct copy *c)
{
	return right(c) &&
	       arenat_sees(c->test, arena_user_addr(c->rx->a, c->b), c->shadow, c->size);
}

static void copy_end(struct copy *c)
{
	KUNIT_EXPECT_TRUE(c->test, right_for_user(c));
	arena_release(c->rx->a, c->b);
	arena_release(c->rx->a, c->below);
	arena_release(c->rx->a, c->above);
	KUNIT_EXPECT_TRUE(c->test, arenat_settled(c->rx->a));
}

static int from_user(struct copy *c, size_t off, size_t src, size_t len)
{
	return arena_copy_from_user(c->rx->a, c->b, off,
				    (void __user *)(arenat_src(c->test) + src), len);
}

/* Each way in and out once at [off, off + len). */
static bool all_ways(struct copy *c, size_t off, size_t len)
{
	struct arena *a = c->rx->a;
	size_t src = (off * 7) % (c->size - len + 1);

	if (from_user(c, off, src, len))
		return false;
	memcpy(c->shadow + off, c->text + src, len);
	if (!right(c))
		return false;

	memset(c->got, 0xaa, c->size);
	if (arena_read(a, c->b, off, c->got + off, len) ||
	    memcmp(c->got + off, c->shadow + off, len) ||
	    memchr_inv(c->got, 0xaa, off) ||
	    memchr_inv(c->got + off + len, 0xaa, c->size - off - len))
		return false;

	if (arena_zero(a, c->b, off, len))
		return false;
	memset(c->shadow + off, 0, len);
	if (!right(c))
		return false;

	src = c->size - len - src;
	if (arena_write(a, c->b, off, c->text + src, len))
		return false;
	memcpy(c->shadow + off, c->text + src, len);
	return right(c);
}

static const struct how {
	const char *name;
	bool page_by_page;
} hows[] = {
	{ "runs in one go", false },
	{ "page by page", true },
};

KUNIT_ARRAY_PARAM_DESC(how, hows, name);

static void set_how(struct kunit *test)
{
	const struct how *how = test->param_value;

	if (how->page_by_page)
		bmmt_page_by_page(test);
}

/* Everything that starts or ends near the border of two pages. */
static void test_crossings(struct kunit *test)
{
	static const size_t lens[] = {
		0, 1, 7, 8, 9, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 2 * PAGE_SIZE + 3,
	};
	struct copy c;
	size_t border, off, i;

	set_how(test);
	copy_init(test, &c, 4 * PAGE_SIZE + 104);
	arenat_pattern(c.shadow, c.size, 1);
	KUNIT_ASSERT_EQ(test, 0, arena_write(c.rx->a, c.b, 0, c.shadow, c.size));
	KUNIT_ASSERT_TRUE(test, right_for_user(&c));

	for (border = PAGE_SIZE - NEIGHBOUR; border < c.size; border += PAGE_SIZE) {
		for (off = border - 9; off <= border + 9; off++) {
			for (i = 0; i < ARRAY_SIZE(lens); i++) {
				if (lens[i] > c.size - off)
					continue;
				KUNIT_ASSERT_TRUE_MSG(test, all_ways(&c, off, lens[i]),
						      "%zu bytes at %zu", lens[i], off);
			}
			KUNIT_ASSERT_TRUE_MSG(test, all_ways(&c, off, c.size - off),
					      "to the end from %zu", off);
		}
	}
	KUNIT_EXPECT_TRUE(test, all_ways(&c, 0, c.size));
	copy_end(&c);
}

/* What is not inside the buffer is refused, and nothing is touched. */
static void test_outside(struct kunit *test)
{
	static const struct { size_t off, len; } bad[] = {
		{ 0, 2 * PAGE_SIZE + 1 }, { 1, 2 * PAGE_SIZE }, { 2 * PAGE_SIZE, 1 },
		{ 2 * PAGE_SIZE + 1, 0 }, { 2 * PAGE_SIZE - 8, 9 }, { 8, SIZE_MAX },
		{ 8, SIZE_MAX - 7 }, { SIZE_MAX, 0 }, { SIZE_MAX, 1 }, { SIZE_MAX, SIZE_MAX },
		{ 0, SIZE_MAX },
	};
	struct arena *a;
	struct copy c;
	long copies;
	int i;

	copy_init(test, &c, 2 * PAGE_SIZE);
	a = c.rx->a;
	arenat_pattern(c.shadow, c.size, 3);
	KUNIT_ASSERT_EQ(test, 0, arena_write(a, c.b, 0, c.shadow, c.size));
	copies = arenat_event(a, ARENA_COPY_IN);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		size_t off = bad[i].off, len = bad[i].len;

		KUNIT_EXPECT_EQ(test, -EINVAL, from_user(&c, off, 0, len));
		KUNIT_EXPECT_EQ(test, -EINVAL, arena_write(a, c.b, off, c.text, len));
		KUNIT_EXPECT_EQ(test, -EINVAL, arena_read(a, c.b, off, c.got, len));
		KUNIT_EXPECT_EQ(test, -EINVAL, arena_zero(a, c.b, off, len));
		KUNIT_EXPECT_TRUE(test, right(&c));
	}
	KUNIT_EXPECT_EQ(test, arenat_event(a, ARENA_COPY_IN), copies);

	/* Nothing at the very end is inside, wherever it would come from. */
	KUNIT_EXPECT_EQ(test, 0, from_user(&c, c.size, 0, 0));
	KUNIT_EXPECT_EQ(test, 0, arena_copy_from_user(a, c.b, c.size, (void __user *)8, 0));
	KUNIT_EXPECT_EQ(test, 0, arena_write(a, c.b, c.size, NULL, 0));
	KUNIT_EXPECT_EQ(test, 0, arena_read(a, c.b, c.size, NULL, 0));
	KUNIT_EXPECT_EQ(test, 0, arena_zero(a, c.b, c.size, 0));
	KUNIT_EXPECT_EQ(test, arenat_event(a, ARENA_COPY_IN), copies + 2);
	copy_end(&c);
}

#define RUN_PAGES 64

static int by_pfn(const void *a, const void *b)
{
	unsigned long p = page_to_pfn(*(struct page **)a), q = page_to_pfn(*(struct page **)b);

	return p < q ? -1 : p > q;
}

/* Has the first RUN_PAGES slots hold the pages of one block, which follow each other. */
static void bring_block(struct copy *c)
{
	const unsigned int order = ilog2(RUN_PAGES);
	struct page *block = alloc_pages(GFP_KERNEL, order);
	struct arena *a = c->rx->a;
	size_t i;

	KUNIT_ASSERT_NOT_NULL(c->test, block);
	split_page(block, order);
	KUNIT_EXPECT_EQ(c->test, 0, do_madvise(c->rx->mm, c->rx->addr, c->rx->len, MADV_DONTNEED));
	for (i = 0; i < RUN_PAGES; i++) {
		KUNIT_EXPECT_FALSE(c->test, arenat_mapped(a, i));
		__free_page(a->slots[i]->page);
		a->slots[i]->page = block + i;
	}
}

/*
 * Deals the pages of the first RUN_PAGES slots out anew: first in physical
 * order, so that all that can follow each other do, and then as @order says.
 */
static void deal(struct copy *c, void (*order)(struct page **pages, struct rnd_state *rnd),
		 struct rnd_state *rnd)
{
	struct page **pages = arenat_alloc(c->test, RUN_PAGES * sizeof(*pages));
	struct arena *a = c->rx->a;
	size_t i;

	KUNIT_ASSERT_EQ(c->test, 0, do_madvise(c->rx->mm, c->rx->addr, c->rx->len, MADV_DONTNEED));
	for (i = 0; i < RUN_PAGES; i++) {
		KUNIT_ASSERT_FALSE(c->test, arenat_mapped(a, i));
		pages[i] = a->slots[i]->page;
	}
	sort(pages, RUN_PAGES, sizeof(*pages), by_pfn, NULL);
	order(pages, rnd);
	for (i = 0; i < RUN_PAGES; i++)
		a->slots[i]->page = pages[i];
}

static void ascending(struct page **pages, struct rnd_state *rnd) { }

static void descending(struct page **pages, struct rnd_state *rnd)
{
	size_t i;

	for (i = 0; i < RUN_PAGES / 2; i++)
		swap(pages[i], pages[RUN_PAGES - 1 - i]);
}

/* One by one and two by two in turn. */
static void pairs(struct page **pages, struct rnd_state *rnd)
{
	size_t i;

	for (i = 0; i + 3 <= RUN_PAGES / 2; i += 3)
		swap(pages[i], pages[RUN_PAGES - 1 - i]);
}

static void shuffled(struct page **pages, struct rnd_state *rnd)
{
	size_t n = 1 + prandom_u32_state(rnd) % RUN_PAGES;

	/* Cut here and there, so that runs of all lengths remain. */
	while (n--) {
		size_t i = prandom_u32_state(rnd) % RUN_PAGES;
		size_t j = prandom_u32_state(rnd) % RUN_PAGES;

		swap(pages[i], pages[j]);
	}
}

static size_t longest_run(struct arena *a)
{
	size_t i, run = 1, longest = 1;

	for (i = 1; i < RUN_PAGES; i++) {
		if (page_to_pfn(a->slots[i]->page) == page_to_pfn(a->slots[i - 1]->page) + 1)
			run++;
		else
			run = 1;
		longest = max(longest, run);
	}
	return longest;
}

static void check_order(struct copy *c, struct rnd_state *rnd)
{
	struct kunit *test = c->test;
	size_t i;

	memset(c->got, 0xff, NEIGHBOUR);
	KUNIT_ASSERT_EQ(test, 0, arena_write(c->rx->a, c->below, 0, c->got, NEIGHBOUR));
	KUNIT_ASSERT_EQ(test, 0, arena_write(c->rx->a, c->above, 0, c->got, NEIGHBOUR));
	KUNIT_ASSERT_EQ(test, 0, arena_zero(c->rx->a, c->b, 0, c->size));
	memset(c->shadow, 0, c->size);
	KUNIT_ASSERT_TRUE(test, right_for_user(c));
	KUNIT_ASSERT_TRUE(test, all_ways(c, 0, c->size));
	for (i = 0; i < 12; i++) {
		size_t off = prandom_u32_state(rnd) % c->size;
		size_t len = prandom_u32_state(rnd) % (c->size - off + 1);

		KUNIT_ASSERT_TRUE_MSG(test, all_ways(c, off, len), "%zu bytes at %zu", len, off);
	}
	KUNIT_ASSERT_TRUE(test, right_for_user(c));
}

static void test_runs(struct kunit *test)
{
	u32 seed = get_random_u32();
	struct rnd_state rnd;
	struct copy c;
	int i;

	kunit_info(test, "seed %u\n", seed);
	prandom_seed_state(&rnd, seed);
	set_how(test);
	copy_init(test, &c, (RUN_PAGES << PAGE_SHIFT) - 2 * NEIGHBOUR);

	bring_block(&c);
	deal(&c, ascending, &rnd);
	KUNIT_EXPECT_EQ(test, longest_run(c.rx->a), RUN_PAGES);
	check_order(&c, &rnd);
	deal(&c, descending, &rnd);
	KUNIT_EXPECT_EQ(test, longest_run(c.rx->a), 1);
	check_order(&c, &rnd);
	deal(&c, pairs, &rnd);
	check_order(&c, &rnd);
	for (i = 0; i < 8; i++) {
		deal(&c, shuffled, &rnd);
		check_order(&c, &rnd);
	}
	copy_end(&c);
}

/*
 * The sender's memory ends after @good pages. Whatever the buffer then holds, no
 * byte of it is from anywhere else, and it can be cleared and given back.
 */
static void check_efault(struct copy *c, size_t good, size_t skew)
{
	unsigned long end = arenat_src(c->test) + (RUN_PAGES << PAGE_SHIFT);
	void __user *src = (void __user *)(end - (good << PAGE_SHIFT) - skew);
	size_t readable = min(c->size, (good << PAGE_SHIFT) + skew), i;
	const u8 *sent = c->text + (RUN_PAGES << PAGE_SHIFT) - (good << PAGE_SHIFT) - skew;
	int want = readable < c->size ? -EFAULT : 0;

	KUNIT_ASSERT_EQ(c->test, 0, arena_write(c->rx->a, c->b, 0, c->shadow, c->size));
	KUNIT_ASSERT_EQ(c->test, want, arena_copy_from_user(c->rx->a, c->b, 0, src, c->size));
	KUNIT_ASSERT_EQ(c->test, 0, arena_read(c->rx->a, c->b, 0, c->got, c->size));
	for (i = 0; i < c->size; i++) {
		u8 byte = c->got[i];

		if (byte == c->shadow[i] || !byte || (i < readable && byte == sent[i]))
			continue;
		KUNIT_FAIL_AND_ABORT(c->test, "byte %zu of %zu is %#x\n", i, readable, byte);
	}
	if (!want)
		KUNIT_ASSERT_FALSE(c->test, memcmp(c->got, sent, c->size));
	KUNIT_ASSERT_TRUE(c->test, full(c, c->below) && full(c, c->above));
	KUNIT_ASSERT_TRUE(c->test, arenat_settled(c->rx->a));
	KUNIT_ASSERT_EQ(c->test, 0, arena_zero(c->rx->a, c->b, 0, c->size));
	arena_release(c->rx->a, c->b);
	KUNIT_ASSERT_TRUE(c->test, arenat_settled(c->rx->a));
	KUNIT_ASSERT_EQ(c->test, 0, arena_reserve(c->rx->a, c->b, c->size, false));
	KUNIT_ASSERT_TRUE(c->test, arenat_settled(c->rx->a));
}

static void test_efault(struct kunit *test)
{
	size_t size = (RUN_PAGES << PAGE_SHIFT) - 2 * NEIGHBOUR, good;
	u8 *text = arenat_alloc(test, RUN_PAGES << PAGE_SHIFT);
	struct copy c;

	set_how(test);
	copy_init(test, &c, size);
	arenat_pattern(text, RUN_PAGES << PAGE_SHIFT, 4);
	arenat_load(test, 0, text, RUN_PAGES << PAGE_SHIFT);
	c.text = text;
	arenat_pattern(c.shadow, size, 5);
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(arenat_src(test) + (RUN_PAGES << PAGE_SHIFT),
					   PAGE_SIZE));

	for (good = 0; good <= RUN_PAGES; good++)
		check_efault(&c, good, 0);
	for (good = 0; good < RUN_PAGES; good += 7)
		check_efault(&c, good, 1);
	for (good = 0; good < RUN_PAGES; good += 7)
		check_efault(&c, good, PAGE_SIZE - 1);
	KUNIT_EXPECT_EQ(test, -EFAULT,
			arena_copy_from_user(c.rx->a, c.b, 0, (void __user *)-4096L, 8));
	KUNIT_EXPECT_EQ(test, -EFAULT, arena_copy_from_user(c.rx->a, c.b, 0, NULL, 8));
	KUNIT_EXPECT_EQ(test, 0, arena_write(c.rx->a, c.b, 0, c.shadow, size));
	copy_end(&c);
}

/* One receiver's buffer is a sender's source: the arena may be read from, too. */
static void test_from_arena(struct kunit *test)
{
	struct arenat_rx *from = arenat_rx(test, SZ_64K), *to = arenat_rx(test, SZ_64K);
	struct arena_buf *f = arenat_reserve(from, SZ_32K), *t = arenat_reserve(to, SZ_32K);
	u8 *text = arenat_alloc(test, SZ_32K);

	arenat_pattern(text, SZ_32K, 6);
	KUNIT_ASSERT_EQ(test, 0, arena_write(from->a, f, 0, text, SZ_32K));
	KUNIT_EXPECT_EQ(test, 0, arena_copy_from_user(to->a, t, 0, (void __user *)from->addr,
						      SZ_32K));
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, to->addr, text, SZ_32K));

	/* Where nothing was sent there is nothing to read; then a buffer onto itself. */
	KUNIT_EXPECT_EQ(test, -EFAULT, arena_copy_from_user(to->a, t, SZ_16K,
							    (void __user *)to->addr + SZ_32K, 8));
	KUNIT_EXPECT_EQ(test, 0, arena_copy_from_user(to->a, t, SZ_4K, (void __user *)to->addr,
						      SZ_4K));
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, to->addr + SZ_4K, text, SZ_4K));
	arena_release(from->a, f);
	arena_release(to->a, t);
}

static struct kunit_case copy_cases[] = {
	KUNIT_CASE_PARAM(test_crossings, how_gen_params),
	KUNIT_CASE(test_outside),
	KUNIT_CASE_PARAM(test_runs, how_gen_params),
	KUNIT_CASE_PARAM(test_efault, how_gen_params),
	KUNIT_CASE(test_from_arena),
	{ }
};

static struct kunit_suite copy_suite = {
	.name = "binder_arena_copy",
	.init = arenat_init,
	.exit = arenat_exit,
	.test_cases = copy_cases,
};

kunit_test_suite(copy_suite);
