// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the LRU: which page is taken before which, and which is not.
 */
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/sizes.h>

#include "arena_fixture.h"

static bool present(struct arenat_rx *rx, size_t slot)
{
	return rx->a->slots[slot];
}

/* Takes the page again, in the slot where it was, and gives it back. */
static void use_again(struct arenat_rx *rx, struct arena_buf *b)
{
	size_t start = b->range.start;

	KUNIT_ASSERT_EQ(rx->test, 0, arena_reserve(rx->a, b, PAGE_SIZE, false));
	KUNIT_ASSERT_EQ(rx->test, b->range.start, start);
	arenat_release(rx, b);
}

/* Whoever was given back first goes first. */
static void test_order(struct kunit *test)
{
	static const size_t order[] = { 3, 0, 7, 5, 1, 2, 6, 4 };
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena_buf **b = arenat_pages(rx, 8);
	size_t i, j;

	for (i = 0; i < 8; i++)
		arenat_release(rx, b[order[i]]);
	for (i = 0; i < 8; i++) {
		KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 1), 1);
		for (j = 0; j < 8; j++)
			KUNIT_EXPECT_EQ(test, present(rx, order[j]), j > i);
		KUNIT_EXPECT_TRUE(test, arenat_settled(rx->a));
	}
}

/* A page that was used again is the youngest from then on. */
static void test_used_again(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena_buf **b = arenat_pages(rx, 3);
	struct arena_buf *rest = arenat_reserve(rx, PAGE_SIZE);

	arenat_release(rx, b[0]);
	arenat_release(rx, b[2]);
	use_again(rx, b[2]);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 2);
	arenat_release(rx, b[1]);
	/* Order now: 0, 2, 1. The gap 0-2 is one: it is taken from its start. */
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(rx->a, b[0], PAGE_SIZE, false));
	KUNIT_EXPECT_EQ(test, b[0]->range.start, 0);
	arenat_release(rx, b[0]);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 3);

	/* Order now: 2, 1, 0. */
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 1), 1);
	KUNIT_EXPECT_FALSE(test, present(rx, 2));
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 1), 1);
	KUNIT_EXPECT_FALSE(test, present(rx, 1));
	KUNIT_EXPECT_TRUE(test, present(rx, 0));
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 1), 1);
	ARENAT_EXPECT(test, rx->a, 1, 0, 15);
	arenat_release(rx, rest);
}

/*
 * What comes and goes in one place costs no list traffic: it stays where it is,
 * even though a page of another arena has come behind it.
 */
static void test_used_again_in_place(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K), *other = arenat_rx(test, SZ_64K);
	struct arena_buf *b = arenat_reserve(rx, 3 * PAGE_SIZE);
	struct arena_buf *one = arenat_reserve(other, PAGE_SIZE), *all;

	arenat_release(rx, b);
	arenat_release(other, one);
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(rx->a, b, 3 * PAGE_SIZE, false));
	arenat_release(rx, b);
	KUNIT_EXPECT_PTR_EQ(test, rx->a->slots[2]->lru.next, &other->a->slots[0]->lru);

	/* Other bounds, though the same pages are among them: it moves. */
	all = arenat_reserve(rx, 4 * PAGE_SIZE);
	arenat_release(rx, all);
	KUNIT_EXPECT_PTR_EQ(test, other->a->slots[0]->lru.next, &rx->a->slots[0]->lru);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 5);

	/* In place again, but some of it is new: all of it is listed. */
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 3), 3);
	ARENAT_EXPECT(test, rx->a, 0, 2, 14);
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(rx->a, all, 4 * PAGE_SIZE, false));
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 2);
	arenat_release(rx, all);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 4);
	ARENAT_EXPECT(test, rx->a, 0, 4, 12);
}

/* Takes all idle pages one by one; each must be of those given back earliest. */
static void expect_order(struct arenat_rx *rx, unsigned int *given_back, size_t slots)
{
	struct kunit *test = rx->test;
	unsigned int last = 0;
	bool was[64];
	size_t i;

	do {
		for (i = 0; i < slots; i++)
			was[i] = present(rx, i);
		KUNIT_EXPECT_LE(test, arenat_scan(test, NULL, 1), 1);
		for (i = 0; i < slots; i++) {
			if (!was[i] || present(rx, i))
				continue;
			KUNIT_EXPECT_GE_MSG(test, given_back[i], last, "slot %zu", i);
			last = given_back[i];
		}
		KUNIT_ASSERT_TRUE(test, arenat_settled(rx->a));
	} while (arenat_listed(test, NULL));
}

/* The same by chance: what became idle when is known from the outside. */
static void test_order_random(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_256K);
	struct arena_buf *b = arenat_alloc(test, 24 * sizeof(*b));
	unsigned int given_back[64] = {}, step;
	u32 seed = get_random_u32();
	struct rnd_state rnd;

	kunit_info(test, "seed %u\n", seed);
	prandom_seed_state(&rnd, seed);
	for (step = 1; step <= 1500; step++) {
		struct arena_buf *one = &b[prandom_u32_state(&rnd) % 24];
		bool in_use[64];
		size_t i;

		if (!one->range.size) {
			size_t size = 1 + prandom_u32_state(&rnd) % (4 * PAGE_SIZE);
			int err = arena_reserve(rx->a, one, size, false);

			KUNIT_ASSERT_TRUE(test, !err || err == -ENOSPC);
			continue;
		}
		for (i = 0; i < 64; i++)
			in_use[i] = present(rx, i) && rx->a->slots[i]->in_use;
		arenat_release(rx, one);
		for (i = 0; i < 64; i++) {
			if (in_use[i] && !rx->a->slots[i]->in_use)
				given_back[i] = step;
		}
		if (step % 100 == 0)
			expect_order(rx, given_back, 64);
	}
	for (step = 0; step < 24; step++) {
		if (b[step].range.size)
			arenat_release(rx, &b[step]);
	}
}

/* A page in use that is met on the list leaves the list, not its slot. */
static void test_in_use(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_256K);
	struct arena_buf *b = arenat_reserve(rx, 30 * PAGE_SIZE);
	struct arena_buf *rest = arenat_reserve(rx, 34 * PAGE_SIZE);
	u8 *text = arenat_alloc(test, 20 * PAGE_SIZE);

	arenat_release(rx, b);
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(rx->a, b, 20 * PAGE_SIZE, false));
	arenat_pattern(text, 20 * PAGE_SIZE, 2);
	KUNIT_ASSERT_EQ(test, 0, arena_write(rx->a, b, 0, text, 20 * PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 30);
	ARENAT_EXPECT(test, rx->a, 54, 10, 0);

	/* They do not count: one is asked for, the oldest idle one is taken. */
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 1), 1);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_DELISTED_IN_USE), 20);
	KUNIT_EXPECT_FALSE(test, present(rx, 20));
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 9);
	ARENAT_EXPECT(test, rx->a, 54, 9, 1);
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr, text, 20 * PAGE_SIZE));

	/* Given back, they are on the list again. */
	arenat_release(rx, b);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 29);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 9), 9);
	ARENAT_EXPECT(test, rx->a, 34, 20, 10);
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr, text, 20 * PAGE_SIZE));
	arenat_drain(test);
	ARENAT_EXPECT(test, rx->a, 34, 0, 30);
	arenat_release(rx, rest);
}

static void test_only_in_use(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_256K);
	struct arena_buf *b = arenat_reserve(rx, SZ_256K);

	arenat_release(rx, b);
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(rx->a, b, SZ_256K, false));
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 1), 0);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_DELISTED_IN_USE), 64);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 0);
	ARENAT_EXPECT(test, rx->a, 64, 0, 0);
	arenat_release(rx, b);
}

static struct kunit_case lru_cases[] = {
	KUNIT_CASE(test_order),
	KUNIT_CASE(test_used_again),
	KUNIT_CASE(test_used_again_in_place),
	KUNIT_CASE(test_order_random),
	KUNIT_CASE_PARAM(test_in_use, bmmt_lock_mode_gen_params),
	KUNIT_CASE(test_only_in_use),
	{ }
};

static struct kunit_suite lru_suite = {
	.name = "binder_arena_lru",
	.init = arenat_init_lock_mode,
	.exit = arenat_exit,
	.test_cases = lru_cases,
};

kunit_test_suite(lru_suite);
