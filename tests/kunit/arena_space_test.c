// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of what a sender is told when its message did not fit: how much is free,
 * and who has most of the rest.
 */
#include <linux/sizes.h>

#include "arena_fixture.h"

/* The limits of stats.c: so many buffers are looked at, so many senders told apart. */
#define LOOKED_AT	1024
#define SENDERS		16

static void reserve_as(struct kunit *test, struct arena *a, struct arena_buf *b, pid_t sender,
		       size_t size, bool oneway)
{
	b->sender = sender;
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, b, size, oneway));
}

static void expect_holder(struct kunit *test, struct arena *a, bool oneway, pid_t holder,
			  size_t held, size_t nr)
{
	struct arena_space s;

	arena_get_space(a, oneway, &s);
	KUNIT_EXPECT_EQ(test, s.holder, holder);
	KUNIT_EXPECT_EQ(test, s.held, held);
	KUNIT_EXPECT_EQ(test, s.held_nr, nr);
}

static void expect_free(struct kunit *test, struct arena *a, size_t largest, size_t free,
			size_t oneway_free)
{
	struct arena_space s;

	arena_get_space(a, false, &s);
	KUNIT_EXPECT_EQ(test, s.size, SZ_64K);
	KUNIT_EXPECT_EQ(test, s.largest, largest);
	KUNIT_EXPECT_EQ(test, s.free, free);
	KUNIT_EXPECT_EQ(test, s.oneway_free, oneway_free);
}

static void test_space(struct kunit *test)
{
	struct arena *a = arenat_rx(test, SZ_64K)->a;
	struct arena_buf b[4] = {};
	int i;

	expect_free(test, a, SZ_64K, SZ_64K, SZ_32K);
	expect_holder(test, a, false, 0, 0, 0);
	expect_holder(test, a, true, 0, 0, 0);

	reserve_as(test, a, &b[0], 7, 100, false);
	reserve_as(test, a, &b[1], 8, 1000, true);
	reserve_as(test, a, &b[2], 7, 100, false);
	expect_free(test, a, SZ_64K - 1208, SZ_64K - 1208, SZ_32K - 1000);
	expect_holder(test, a, false, 8, 1000, 1);
	expect_holder(test, a, true, 8, 1000, 1);

	/* Of oneway space the others have nothing, however much they send. */
	reserve_as(test, a, &b[3], 7, SZ_32K, false);
	expect_free(test, a, SZ_32K - 1208, SZ_32K - 1208, SZ_32K - 1000);
	expect_holder(test, a, false, 7, SZ_32K + 208, 3);
	expect_holder(test, a, true, 8, 1000, 1);

	arena_release(a, &b[1]);
	expect_free(test, a, SZ_32K - 1208, SZ_32K - 208, SZ_32K);
	expect_holder(test, a, true, 0, 0, 0);
	for (i = 0; i < 4; i++) {
		if (i != 1)
			arena_release(a, &b[i]);
	}
}

/* The senders whom there is no room to tell apart do not count, but do no harm. */
static void test_many_senders(struct kunit *test)
{
	struct arena *a = arenat_rx(test, SZ_64K)->a;
	struct arena_buf b[SENDERS + 2] = {};
	size_t i;

	for (i = 0; i < SENDERS; i++)
		reserve_as(test, a, &b[i], 100 + i, i == 5 ? 200 : 80, false);
	expect_holder(test, a, false, 105, 200, 1);
	reserve_as(test, a, &b[SENDERS], 100 + SENDERS, SZ_4K, false);
	expect_holder(test, a, false, 105, 200, 1);
	/* The last of those who have a place still has it. */
	reserve_as(test, a, &b[SENDERS + 1], 100 + SENDERS - 1, 400, false);
	expect_holder(test, a, false, 100 + SENDERS - 1, 480, 2);
	for (i = 0; i < ARRAY_SIZE(b); i++)
		arena_release(a, &b[i]);
}

/* No more than so many buffers are looked at, in ascending order. */
static void test_many_buffers(struct kunit *test)
{
	struct arena *a = arenat_rx(test, SZ_64K)->a;
	struct arena_buf *b = arenat_alloc(test, LOOKED_AT * sizeof(*b)), last = {};
	size_t i;

	for (i = 0; i < LOOKED_AT; i++)
		reserve_as(test, a, &b[i], 1, 8, false);
	reserve_as(test, a, &last, 2, SZ_32K, false);
	expect_holder(test, a, false, 1, LOOKED_AT * 8, LOOKED_AT);
	arena_release(a, &b[0]);
	expect_holder(test, a, false, 2, SZ_32K, 1);
	for (i = 1; i < LOOKED_AT; i++)
		arena_release(a, &b[i]);
	arena_release(a, &last);
}

static struct kunit_case space_cases[] = {
	KUNIT_CASE(test_space),
	KUNIT_CASE(test_many_senders),
	KUNIT_CASE(test_many_buffers),
	{ }
};

static struct kunit_suite space_suite = {
	.name = "binder_arena_space",
	.init = arenat_init,
	.exit = arenat_exit,
	.test_cases = space_cases,
};

kunit_test_suite(space_suite);
