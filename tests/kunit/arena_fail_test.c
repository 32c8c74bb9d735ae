// SPDX-License-Identifier: GPL-2.0
/*
 * Each allocation, and each site of driver/mm that a test may make fail, fails
 * once, in every operation that has any. Whatever comes of it, the books are
 * right, nothing is lost, and what succeeded works.
 */
#include <linux/sizes.h>

#include "arena_fixture.h"

/* More pages than are handled together, and borders inside of pages. */
#define SIZE	(70 * PAGE_SIZE + 200)
#define SLOTS	71

/* A sweep over a receiver in a memory cgroup, and what it has seen. */
struct sweep {
	struct arenat_rx *rx;
	struct arenat_group *group;
	unsigned int sites;
	unsigned int failed;
	unsigned int tolerated;
};

/* All that is known of a range that could not be had. */
static void expect_nothing(struct kunit *test, struct arena *a, struct arena_buf *b)
{
	struct arena_slot_counts c;

	arena_count_slots(a, &c);
	KUNIT_EXPECT_EQ(test, c.in_use, 0);
	KUNIT_EXPECT_EQ(test, b->range.size, 0);
	KUNIT_EXPECT_EQ(test, a->oneway_free, a->size / 2);
	KUNIT_EXPECT_EQ(test, range_nr(&a->ranges), 0);
	KUNIT_EXPECT_TRUE(test, arenat_settled(a));
}

/* The @nth site of a reservation fails. Returns false when there are less. */
static bool reserve_once(struct kunit *test, struct sweep *s, unsigned int nth, bool oneway)
{
	struct arena *a = s->rx->a;
	struct arena_buf b = {};
	bool injected;
	int err;

	arenat_fail_begin(test, nth);
	err = arena_reserve(a, &b, SIZE, oneway);
	injected = arenat_fail_end();
	s->sites += injected;
	if (err) {
		KUNIT_EXPECT_TRUE(test, injected);
		KUNIT_EXPECT_TRUE(test, err == -ENOMEM || err == -ESRCH);
		expect_nothing(test, a, &b);
		s->failed++;
	} else {
		s->tolerated += injected;
		KUNIT_EXPECT_EQ(test, b.range.start, 0);
		KUNIT_EXPECT_TRUE(test, arenat_settled(a));
		KUNIT_EXPECT_TRUE_MSG(test, arenat_sees(test, s->rx->addr, NULL, SIZE),
				      "nth %u", nth);
		arena_release(a, &b);
		expect_nothing(test, a, &b);
	}
	arenat_scan(test, s->group->memcg, LONG_MAX);
	KUNIT_EXPECT_TRUE(test, arenat_counts(a, 0, 0, arena_nr_slots(a)));
	return injected;
}

static void sweep_reserve(struct kunit *test, struct arenat_rx *rx, struct arenat_group *group,
			  bool oneway)
{
	struct sweep s = { .rx = rx, .group = group };
	unsigned int nth = 1;

	while (reserve_once(test, &s, nth, oneway))
		KUNIT_ASSERT_LT(test, nth++, 5000);
	kunit_info(test, "%u sites, %u fail it, %u do not\n", s.sites, s.failed, s.tolerated);
	/*
	 * The slots come in three batches. What fails it is each batch's pages and
	 * its records, the first and the others; what does not, for example, is
	 * that there is no page table yet. Not each run has the same sites, as the
	 * allocators now and then need something for themselves.
	 */
	KUNIT_EXPECT_GE(test, s.failed, 2);
	KUNIT_EXPECT_GE(test, s.tolerated, 1);
}

/* In a cgroup of its own, whose account shows whether a page was lost. */
static void test_reserve(struct kunit *test)
{
	struct arenat_group *g = arenat_group(test);
	struct arenat_rx *rx;
	long before;

	arenat_group_enter(g);
	rx = arenat_rx(test, SZ_1M);
	arena_release(rx->a, arenat_reserve(rx, SIZE));
	arenat_scan(test, g->memcg, LONG_MAX);
	before = arenat_group_kmem(g);

	sweep_reserve(test, rx, g, false);
	sweep_reserve(test, rx, g, true);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, g->memcg), 0);
	kunit_info(test, "%ld pages charged before, %ld after\n", before, arenat_group_kmem(g));
	KUNIT_EXPECT_LE(test, arenat_group_kmem(g), before + 2);
}

/* Half of the pages are there: others' pages must not be touched by a failure. */
static void test_reserve_beside(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_256K);
	struct arena_buf *low = arenat_reserve(rx, 100), b = {};
	u8 *text = arenat_alloc(test, 100);
	struct arena *a = rx->a;
	unsigned int nth = 1, failed = 0;
	bool injected;

	arenat_pattern(text, 100, 1);
	KUNIT_ASSERT_EQ(test, 0, arena_write(a, low, 0, text, 100));
	do {
		int err;

		arenat_fail_begin(test, nth);
		err = arena_reserve(a, &b, 3 * PAGE_SIZE, true);
		injected = arenat_fail_end();
		failed += !!err;
		if (err)
			KUNIT_EXPECT_TRUE(test, injected);
		else
			arena_release(a, &b);
		KUNIT_EXPECT_TRUE(test, arenat_settled(a));
		KUNIT_EXPECT_EQ(test, a->oneway_free, SZ_128K);
		arenat_drain(test);
		ARENAT_EXPECT(test, a, 1, 0, 63);
		KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr, text, 100));
		KUNIT_ASSERT_LT(test, nth++, 1000);
	} while (injected);
	/* Its pages, and their records. */
	KUNIT_EXPECT_GE(test, failed, 2);
	arena_release(a, low);
}

/* The page fault that maps what the sender could not. */
static void test_fault(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena_buf *b = arenat_reserve(rx, 2 * PAGE_SIZE);
	struct vm_area_struct *vma;
	unsigned int nth = 1, failed = 0;
	bool injected;

	KUNIT_ASSERT_EQ(test, 0, arena_write(rx->a, b, 0, "text", 4));
	/* May end the test, hence once without a lock. */
	arenat_fail_begin(test, 0);
	do {
		vm_fault_t fault;

		KUNIT_ASSERT_EQ(test, 0, do_madvise(rx->mm, rx->addr, SZ_64K, MADV_DONTNEED));
		KUNIT_EXPECT_FALSE(test, arenat_sees_now(rx->addr));
		mmap_read_lock(rx->mm);
		vma = vma_lookup(rx->mm, rx->addr);
		arenat_fail_begin(test, nth);
		fault = handle_mm_fault(vma, rx->addr, 0, NULL);
		injected = arenat_fail_end();
		mmap_read_unlock(rx->mm);
		if (fault & VM_FAULT_ERROR) {
			KUNIT_EXPECT_TRUE(test, injected);
			KUNIT_EXPECT_TRUE(test, fault == VM_FAULT_OOM);
			KUNIT_EXPECT_FALSE(test, arenat_sees_now(rx->addr));
			failed++;
		}
		KUNIT_EXPECT_TRUE(test, arenat_settled(rx->a));
		KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr, "text", 4));
		KUNIT_ASSERT_LT(test, nth++, 1000);
	} while (injected);
	if (IS_ENABLED(CONFIG_BINDER_IPC_DEBUG))
		KUNIT_EXPECT_GE(test, failed, 1);
	arena_release(rx->a, b);
}

/*
 * A lock that the shrinker does not get costs it some pages, never the books. The
 * address space is alive, so no page may go without being unmapped.
 */
static void test_scan(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K), *other = arenat_rx(test, SZ_64K);
	struct arena_buf b = {}, c = {};
	unsigned int nth = 1;
	bool injected;

	do {
		unsigned long freed, i;

		KUNIT_ASSERT_EQ(test, 0, arena_reserve(rx->a, &b, 6 * PAGE_SIZE, false));
		KUNIT_ASSERT_EQ(test, 0, arena_reserve(other->a, &c, 6 * PAGE_SIZE, false));
		KUNIT_ASSERT_EQ(test, 0, arena_write(rx->a, &b, 0, "text", 4));
		arena_release(rx->a, &b);
		arena_release(other->a, &c);

		arenat_fail_begin(test, nth);
		freed = arenat_scan(test, NULL, 12);
		injected = arenat_fail_end();
		KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 12 - freed);
		KUNIT_EXPECT_TRUE(test, arenat_settled(rx->a));
		KUNIT_EXPECT_TRUE(test, arenat_settled(other->a));
		for (i = 0; i < 6; i++) {
			if (!rx->a->slots[i])
				KUNIT_EXPECT_FALSE_MSG(test,
						       arenat_sees_now(arena_slot_addr(rx->a, i)),
						       "nth %u: slot %zu still mapped", nth, i);
		}
		arenat_drain(test);
		ARENAT_EXPECT(test, rx->a, 0, 0, 16);
		ARENAT_EXPECT(test, other->a, 0, 0, 16);
		KUNIT_ASSERT_LT(test, nth++, 1000);
	} while (injected);
	if (IS_ENABLED(CONFIG_BINDER_IPC_DEBUG))
		KUNIT_EXPECT_GE(test, nth, 4);
}

static struct kunit_case fail_cases[] = {
	KUNIT_CASE_PARAM_ATTR(test_reserve, bmmt_lock_mode_gen_params,
			      ((struct kunit_attributes) { .speed = KUNIT_SPEED_SLOW })),
	KUNIT_CASE_PARAM(test_reserve_beside, bmmt_lock_mode_gen_params),
	KUNIT_CASE(test_fault),
	KUNIT_CASE_PARAM(test_scan, bmmt_lock_mode_gen_params),
	{ }
};

static struct kunit_suite fail_suite = {
	.name = "binder_arena_fail",
	.init = arenat_init_lock_mode,
	.exit = arenat_exit,
	.test_cases = fail_cases,
};

kunit_test_suite(fail_suite);
