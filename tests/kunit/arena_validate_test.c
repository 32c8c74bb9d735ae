// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of arena_validate(), on which all other tests of driver/arena rely: each
 * of its checks must see what it exists for. Each line plants one defect, names
 * what is to be said of it, and mends it.
 */
#include <linux/sizes.h>

#include "arena_fixture.h"

/* Slots 0-9 in use by @sync, 10 idle, 11-12 in use by @oneway, the rest absent. */
static struct arena *set_scene(struct kunit *test, struct arena_buf **sync,
			       struct arena_buf **oneway)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena_buf *idle;

	*sync = arenat_reserve(rx, 10 * PAGE_SIZE);
	idle = arenat_reserve(rx, PAGE_SIZE);
	*oneway = arenat_alloc(test, sizeof(**oneway));
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(rx->a, *oneway, 2 * PAGE_SIZE, true));
	arenat_release(rx, idle);
	ARENAT_EXPECT(test, rx->a, 12, 1, 3);
	arenat_log_begin(test);
	return rx->a;
}

/* Planted before, mended after it. */
static void expect_seen(struct kunit *test, struct arena *a, const char *said,
			const char *damage)
{
	bool valid = arena_validate(a);

	arenat_expect_said(test, said, damage);
	KUNIT_EXPECT_FALSE_MSG(test, valid, "%s is not seen", damage);
}

#define SEEN(said, damage, repair)						\
do {										\
	damage;									\
	expect_seen(test, a, said, #damage);					\
	repair;									\
	KUNIT_EXPECT_TRUE_MSG(test, arena_validate(a), "after %s", #repair);	\
} while (0)

static void test_slots(struct kunit *test)
{
	struct arena_buf *sync, *oneway;
	struct arena *a = set_scene(test, &sync, &oneway);
	struct arena_page **slots = a->slots;

	SEEN("page of another slot at 2", slots[2]->index = 3, slots[2]->index = 2);
	SEEN("page of another slot at 2", slots[2]->arena = NULL, slots[2]->arena = a);
	SEEN("page of another slot at 1", swap(slots[1], slots[2]), swap(slots[1], slots[2]));
	SEEN("idle page under a live range at 9", slots[9]->in_use = false,
	     slots[9]->in_use = true);
	SEEN("page in use without a range at 10", slots[10]->in_use = true,
	     slots[10]->in_use = false);
	SEEN("idle page not on the LRU at 10", slots[10]->listed = false,
	     slots[10]->listed = true);
	SEEN("page above the watermark at 12", a->watermark = 12, a->watermark = 13);

	arena_release(a, sync);
	arena_release(a, oneway);
}

static void test_counts(struct kunit *test)
{
	struct arena_buf *sync, *oneway;
	struct arena *a = set_scene(test, &sync, &oneway);

	SEEN("range: not true at", a->ranges.nr++, a->ranges.nr--);
	SEEN("oneway space overdrawn at 0", sync->oneway = true, sync->oneway = false);
	SEEN("oneway space miscounted at", a->oneway_free -= 8, a->oneway_free += 8);
	SEEN("oneway space miscounted at", oneway->oneway = false, oneway->oneway = true);

	arena_release(a, sync);
	arena_release(a, oneway);
}

static struct kunit_case validate_cases[] = {
	KUNIT_CASE(test_slots),
	KUNIT_CASE(test_counts),
	{ }
};

static struct kunit_suite validate_suite = {
	.name = "binder_arena_validate",
	.init = arenat_init,
	.exit = arenat_exit,
	.test_cases = validate_cases,
};

kunit_test_suite(validate_suite);
