// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of memory cgroups: what is brought for a receiver is the receiver's to
 * pay, is reclaimed with the receiver's cgroup, and never gets it killed.
 */
#include <linux/memcontrol.h>
#include <linux/sizes.h>

#include "arena_fixture.h"

/* A sender that is in another cgroup than the receiver. */
struct send {
	struct arenat_rx *rx;
	struct arenat_group *from;	/* of the sender, NULL for the root */
	struct arena_buf b;
	size_t size;
	int err;
};

static void reserve(void *arg)
{
	struct send *s = arg;

	if (s->from)
		arenat_group_enter(s->from);
	s->err = arena_reserve(s->rx->a, &s->b, s->size, false);
}

static int send(struct arenat_rx *rx, struct send *s, size_t size)
{
	memset(s, 0, sizeof(*s));
	s->rx = rx;
	s->size = size;
	bmmt_in_other_task(rx->test, reserve, s);
	return s->err;
}

static void expect_charged(struct arenat_group *g, struct arena *a, size_t slots)
{
	size_t i;

	guard(rcu)();
	for (i = 0; i < slots; i++) {
		struct arena_page *p = a->slots[i];

		KUNIT_EXPECT_PTR_EQ(g->test, folio_memcg(page_folio(p->page)), g->memcg);
		KUNIT_EXPECT_PTR_EQ(g->test, mem_cgroup_from_slab_obj(p), g->memcg);
	}
}

static void test_receiver_pays(struct kunit *test)
{
	struct arenat_group *g = arenat_group(test);
	struct arenat_rx *rx;
	struct send s;
	long before;

	arenat_group_enter(g);
	rx = arenat_rx(test, SZ_256K);
	before = arenat_group_kmem(g);
	KUNIT_ASSERT_EQ(test, 0, send(rx, &s, 40 * PAGE_SIZE));
	expect_charged(g, rx->a, 40);
	KUNIT_EXPECT_GE(test, arenat_group_kmem(g), before + 40);
	ARENAT_EXPECT(test, rx->a, 40, 0, 24);

	/* On the list of the cgroup and on no other. */
	arena_release(rx->a, &s.b);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 0);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, g->memcg), 40);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 100), 0);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, g->memcg, 15), 15);
	ARENAT_EXPECT(test, rx->a, 0, 25, 39);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, g->memcg), 25);

	/* A page that is used again moves on its own list. */
	KUNIT_ASSERT_EQ(test, 0, send(rx, &s, 40 * PAGE_SIZE));
	arena_release(rx->a, &s.b);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, g->memcg), 40);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, g->memcg, 100), 40);
	KUNIT_EXPECT_LT(test, arenat_group_kmem(g), before + 15);
	ARENAT_EXPECT(test, rx->a, 0, 0, 64);
}

/* The sender is in a cgroup, the receiver is not. */
static void test_sender_does_not_pay(struct kunit *test)
{
	struct arenat_group *g = arenat_group(test);
	struct arenat_rx *rx = arenat_rx(test, SZ_256K);
	struct send s = { .rx = rx, .from = g, .size = 40 * PAGE_SIZE };
	int i;

	bmmt_in_other_task(test, reserve, &s);
	KUNIT_ASSERT_EQ(test, 0, s.err);
	scoped_guard(rcu) {
		for (i = 0; i < 40; i++)
			KUNIT_EXPECT_PTR_NE(test, folio_memcg(page_folio(rx->a->slots[i]->page)),
					    g->memcg);
	}
	KUNIT_EXPECT_LT(test, arenat_group_kmem(g), 20);
	arena_release(rx->a, &s.b);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 40);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, g->memcg), 0);
}

/* The cgroup is removed: its list goes to the root, and from there to nowhere. */
static void test_group_removed(struct kunit *test)
{
	struct arenat_group *g = arenat_group(test);
	struct arenat_rx *rx;
	struct arena_buf *b, *c;
	int tries;

	arenat_group_enter(g);
	rx = arenat_rx(test, SZ_256K);
	b = arenat_reserve(rx, 30 * PAGE_SIZE);
	c = arenat_reserve(rx, 5 * PAGE_SIZE);
	arena_release(rx->a, b);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, g->memcg), 30);
	arenat_group_leave(g);
	arenat_group_remove(g);
	for (tries = 0; tries < 500 && arenat_listed(test, NULL) < 30; tries++)
		schedule_timeout_uninterruptible(1);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 30);

	/* What was charged to it is given back and used again as before. */
	arena_release(rx->a, c);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 35);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 10), 10);
	ARENAT_EXPECT(test, rx->a, 0, 25, 39);
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(rx->a, b, 40 * PAGE_SIZE, false));
	arena_release(rx->a, b);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 40);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 100), 40);
	ARENAT_EXPECT(test, rx->a, 0, 0, 64);
}

/* A sender cannot have the receiver killed by filling its cgroup up. */
static void test_limit(struct kunit *test)
{
	struct arenat_group *g = arenat_group(test);
	struct arenat_rx *rx;
	struct send s;

	arenat_group_enter(g);
	rx = arenat_rx(test, ARENA_MAX_SIZE);
	arenat_group_set(g, "memory.max", "1M");
	KUNIT_EXPECT_EQ(test, -ENOMEM, send(rx, &s, SZ_2M));
	KUNIT_EXPECT_EQ(test, s.b.range.size, 0);
	KUNIT_EXPECT_TRUE(test, arenat_settled(rx->a));
	KUNIT_EXPECT_GT(test, arenat_group_get(g, "memory.events", "max"), 0);
	KUNIT_EXPECT_EQ(test, arenat_group_get(g, "memory.events", "oom"), 0);
	KUNIT_EXPECT_EQ(test, arenat_group_get(g, "memory.events", "oom_kill"), 0);

	/* What there is room for can be sent. */
	KUNIT_EXPECT_EQ(test, 0, send(rx, &s, SZ_512K));
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, arena_user_addr(rx->a, &s.b), NULL, SZ_512K));
	arena_release(rx->a, &s.b);
	arenat_group_set(g, "memory.max", "max");
	KUNIT_EXPECT_EQ(test, 0, send(rx, &s, SZ_2M));
	arena_release(rx->a, &s.b);
	arenat_scan(test, g->memcg, LONG_MAX);
	ARENAT_EXPECT(test, rx->a, 0, 0, 1024);
}

/* Idle pages make room for new ones: the kernel's own reclaim takes them. */
static void test_reclaim_makes_room(struct kunit *test)
{
	struct arenat_group *g = arenat_group(test);
	struct arenat_rx *old, *rx;
	struct send s;

	arenat_group_enter(g);
	old = arenat_rx(test, SZ_1M);
	rx = arenat_rx(test, SZ_1M);
	KUNIT_ASSERT_EQ(test, 0, send(old, &s, 200 * PAGE_SIZE));
	arena_release(old->a, &s.b);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, g->memcg), 200);
	arenat_group_set(g, "memory.max", "1200K");

	KUNIT_EXPECT_EQ(test, 0, send(rx, &s, 180 * PAGE_SIZE));
	KUNIT_EXPECT_GT(test, arenat_event(old->a, ARENA_RECLAIMED), 50);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_RECLAIMED), 0);
	KUNIT_EXPECT_EQ(test, arenat_group_get(g, "memory.events", "oom"), 0);
	KUNIT_EXPECT_TRUE(test, arenat_settled(old->a));
	ARENAT_EXPECT(test, rx->a, 180, 0, 76);
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr, NULL, 180 * PAGE_SIZE));
	arena_release(rx->a, &s.b);
	KUNIT_EXPECT_GE(test, arenat_scan(test, g->memcg, LONG_MAX), 180);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, g->memcg), 0);
}

static struct kunit_case memcg_cases[] = {
	KUNIT_CASE(test_receiver_pays),
	KUNIT_CASE(test_sender_does_not_pay),
	KUNIT_CASE(test_group_removed),
	KUNIT_CASE(test_limit),
	KUNIT_CASE(test_reclaim_makes_room),
	{ }
};

static struct kunit_suite memcg_suite = {
	.name = "binder_arena_memcg",
	.init = arenat_init,
	.exit = arenat_exit,
	.test_cases = memcg_cases,
};

kunit_test_suite(memcg_suite);
