// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of buffers: which bytes and pages they take, what they cost of the
 * oneway space, and who may give them back.
 */
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "arena/range_impl.h"
#include "arena_fixture.h"

/*
 * A model of the slots, from the definition alone: in use if a live buffer has a
 * byte in the page, else idle once there was one.
 */
#define MODEL_SLOTS 64

struct model {
	struct kunit *test;
	struct arena *a;
	bool present[MODEL_SLOTS];
	struct arena_buf buf[48];
};

static bool live(const struct arena_buf *b)
{
	return b->range.size;
}

static bool overlaps(const struct arena_buf *b, size_t slot)
{
	return live(b) && b->range.start < (slot + 1) << PAGE_SHIFT &&
	       b->range.start + b->range.size > slot << PAGE_SHIFT;
}

static bool slot_right(struct model *m, size_t slot)
{
	struct arena_page *p = m->a->slots[slot];
	bool in_use = false;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(m->buf); i++)
		in_use |= overlaps(&m->buf[i], slot);
	m->present[slot] |= in_use;
	if (m->present[slot] != !!p || (p && p->in_use != in_use)) {
		kunit_err(m->test, "slot %zu: %s, should be %s\n", slot,
			  !p ? "absent" : p->in_use ? "in use" : "idle",
			  in_use ? "in use" : m->present[slot] ? "idle" : "absent");
		return false;
	}
	return true;
}

static bool model_right(struct model *m)
{
	size_t slot;

	for (slot = 0; slot < arena_nr_slots(m->a); slot++) {
		if (!slot_right(m, slot))
			return false;
	}
	return arenat_settled(m->a);
}

static struct model *model(struct kunit *test, size_t slots)
{
	struct model *m = arenat_alloc(test, sizeof(*m));

	m->test = test;
	m->a = arenat_rx(test, slots << PAGE_SHIFT)->a;
	return m;
}

/*
 * Three buffers side by side, of sizes that make every kind of page: with one
 * owner, shared by two or all three, with a border on its edge. Released in
 * every order; one is taken again in between.
 */
static void check_three(struct model *m, const size_t *sizes, const int *order)
{
	struct kunit *test = m->test;
	int i;

	for (i = 0; i < 3; i++) {
		KUNIT_ASSERT_EQ(test, 0, arena_reserve(m->a, &m->buf[i], sizes[i], false));
		KUNIT_ASSERT_TRUE(test, model_right(m));
	}
	arena_release(m->a, &m->buf[order[0]]);
	KUNIT_ASSERT_TRUE(test, model_right(m));
	arena_release(m->a, &m->buf[order[1]]);
	KUNIT_ASSERT_TRUE(test, model_right(m));
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(m->a, &m->buf[order[0]], sizes[order[1]], false));
	KUNIT_ASSERT_TRUE(test, model_right(m));
	arena_release(m->a, &m->buf[order[2]]);
	KUNIT_ASSERT_TRUE(test, model_right(m));
	arena_release(m->a, &m->buf[order[0]]);
	KUNIT_ASSERT_TRUE(test, model_right(m));
}

static void test_slot_states(struct kunit *test)
{
	static const size_t sizes[] = { 8, PAGE_SIZE / 2, PAGE_SIZE, PAGE_SIZE + 8, 2 * PAGE_SIZE };
	static const int orders[][3] = {
		{ 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 },
	};
	struct model *m = model(test, 8);
	int n, i;

	for (n = 0; n < 5 * 5 * 5; n++) {
		const size_t three[3] = { sizes[n % 5], sizes[n / 5 % 5], sizes[n / 25] };

		for (i = 0; i < ARRAY_SIZE(orders); i++) {
			check_three(m, three, orders[i]);
			if (n % 7 || i)
				continue;
			/* Now and then from absent pages. */
			arenat_drain(test);
			memset(m->present, 0, sizeof(m->present));
			KUNIT_ASSERT_TRUE(test, model_right(m));
		}
	}
}

static void test_random(struct kunit *test)
{
	struct model *m = model(test, MODEL_SLOTS);
	u32 seed = get_random_u32();
	struct rnd_state rnd;
	int step;

	kunit_info(test, "seed %u\n", seed);
	prandom_seed_state(&rnd, seed);
	for (step = 0; step < 3000; step++) {
		u32 r = prandom_u32_state(&rnd);
		struct arena_buf *b = &m->buf[r % ARRAY_SIZE(m->buf)];
		size_t size = 1 + (r >> 8) % (r & BIT(7) ? 5 * PAGE_SIZE : 200);

		if (live(b)) {
			arena_release(m->a, b);
		} else {
			int err = arena_reserve(m->a, b, size, r & BIT(6));

			KUNIT_ASSERT_TRUE(test, !err || err == -ENOSPC);
		}
		if (step % 256 == 255) {
			size_t slot;

			arenat_drain(test);
			for (slot = 0; slot < MODEL_SLOTS; slot++)
				m->present[slot] = false;
		}
		KUNIT_ASSERT_TRUE_MSG(test, model_right(m), "seed %u step %d", seed, step);
	}
}

static void test_sizes(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena *a = rx->a;
	struct arena_buf b = {}, c = {};

	KUNIT_EXPECT_EQ(test, -EINVAL, arena_reserve(a, &b, 0, false));
	KUNIT_EXPECT_EQ(test, -ENOSPC, arena_reserve(a, &b, SIZE_MAX, false));
	KUNIT_EXPECT_EQ(test, -ENOSPC, arena_reserve(a, &b, SIZE_MAX - 7, false));
	KUNIT_EXPECT_EQ(test, -ENOSPC, arena_reserve(a, &b, SZ_64K + 1, false));
	ARENAT_EXPECT(test, a, 0, 0, 16);

	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, &b, 1, false));
	KUNIT_EXPECT_EQ(test, b.range.size, 8);
	KUNIT_EXPECT_EQ(test, b.range.start, 0);
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, &c, 17, false));
	KUNIT_EXPECT_EQ(test, c.range.size, 24);
	KUNIT_EXPECT_EQ(test, c.range.start, 8);
	ARENAT_EXPECT(test, a, 1, 0, 15);
	arena_release(a, &b);
	ARENAT_EXPECT(test, a, 1, 0, 15);
	arena_release(a, &c);
	ARENAT_EXPECT(test, a, 0, 1, 15);
}

static void test_enospc(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena_buf *b = arenat_alloc(test, 32 * sizeof(*b)), more = {};
	struct arena *a = rx->a;
	int i;

	for (i = 0; i < 32; i++)
		KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, &b[i], SZ_2K, false));
	KUNIT_EXPECT_EQ(test, -ENOSPC, arena_reserve(a, &more, 8, false));
	KUNIT_EXPECT_EQ(test, -ENOSPC, arena_reserve(a, &more, 8, true));
	ARENAT_EXPECT(test, a, 16, 0, 0);

	/* Enough bytes in all, but not in one piece. */
	for (i = 0; i < 32; i += 2)
		arena_release(a, &b[i]);
	KUNIT_EXPECT_EQ(test, -ENOSPC, arena_reserve(a, &more, SZ_2K + 8, false));
	ARENAT_EXPECT(test, a, 16, 0, 0);

	/* One piece more makes one that is large enough. */
	arena_release(a, &b[15]);
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, &more, SZ_4K + SZ_2K, false));
	KUNIT_EXPECT_EQ(test, more.range.start, 14 * SZ_2K);
	ARENAT_EXPECT(test, a, 16, 0, 0);
	arena_release(a, &more);
	for (i = 1; i < 32; i += 2) {
		if (i != 15)
			arena_release(a, &b[i]);
	}
	ARENAT_EXPECT(test, a, 0, 16, 0);
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, &more, SZ_64K, false));
	arena_release(a, &more);
}

static void test_oneway(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena_buf b[3] = {}, sync = {};
	struct arena *a = rx->a;

	KUNIT_EXPECT_EQ(test, a->oneway_free, SZ_32K);
	KUNIT_EXPECT_EQ(test, -ENOSPC, arena_reserve(a, &b[0], SZ_32K + 1, true));

	/* Exactly half at once. */
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, &b[0], SZ_32K, true));
	KUNIT_EXPECT_EQ(test, a->oneway_free, 0);
	KUNIT_EXPECT_EQ(test, -ENOSPC, arena_reserve(a, &b[1], 1, true));
	arena_release(a, &b[0]);
	KUNIT_EXPECT_EQ(test, a->oneway_free, SZ_32K);

	/* Exactly half in pieces; what is rounded up is charged. */
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, &b[0], SZ_16K, true));
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, &b[1], SZ_16K - 15, true));
	KUNIT_EXPECT_EQ(test, a->oneway_free, 8);
	KUNIT_EXPECT_EQ(test, -ENOSPC, arena_reserve(a, &b[2], 9, true));
	KUNIT_EXPECT_EQ(test, a->oneway_free, 8);
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, &b[2], 1, true));
	KUNIT_EXPECT_EQ(test, a->oneway_free, 0);
	KUNIT_EXPECT_TRUE(test, arenat_settled(a));

	/* Others do not care, and do not pay. */
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, &sync, SZ_32K, false));
	KUNIT_EXPECT_EQ(test, a->oneway_free, 0);
	arena_release(a, &b[1]);
	KUNIT_EXPECT_EQ(test, a->oneway_free, SZ_16K - 8);
	KUNIT_EXPECT_TRUE(test, arenat_settled(a));

	/* Space enough for oneway, but no gap: nothing is charged. */
	arena_release(a, &b[0]);
	arena_release(a, &b[2]);
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, &b[0], SZ_32K - 64, false));
	KUNIT_EXPECT_EQ(test, -ENOSPC, arena_reserve(a, &b[1], 128, true));
	KUNIT_EXPECT_EQ(test, a->oneway_free, SZ_32K);
	KUNIT_EXPECT_EQ(test, 0, arena_reserve(a, &b[1], 64, true));
	KUNIT_EXPECT_TRUE(test, arenat_settled(a));
	arena_release(a, &b[0]);
	arena_release(a, &b[1]);
	arena_release(a, &sync);
	KUNIT_EXPECT_EQ(test, a->oneway_free, SZ_32K);
	ARENAT_EXPECT(test, a, 0, 16, 0);
}

static void test_take(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena_buf *b = arenat_reserve(rx, 100);
	struct arena_buf *c = arenat_reserve(rx, SZ_8K);
	struct arena *a = rx->a;
	unsigned long addr = arena_user_addr(a, b);

	KUNIT_EXPECT_EQ(test, addr, rx->addr);
	KUNIT_EXPECT_NULL(test, arena_take(a, addr));
	arena_deliver(b);

	/* The first byte and no other names it. */
	KUNIT_EXPECT_NULL(test, arena_take(a, addr - 1));
	KUNIT_EXPECT_NULL(test, arena_take(a, addr + 1));
	KUNIT_EXPECT_NULL(test, arena_take(a, addr + 8));
	KUNIT_EXPECT_NULL(test, arena_take(a, addr + 96));
	KUNIT_EXPECT_NULL(test, arena_take(a, 0));
	KUNIT_EXPECT_NULL(test, arena_take(a, ULONG_MAX));
	KUNIT_EXPECT_NULL(test, arena_take(a, addr + SZ_64K));
	KUNIT_EXPECT_NULL(test, arena_take(a, addr + SZ_64K - 8));
	KUNIT_EXPECT_NULL(test, arena_take(a, arena_user_addr(a, c)));
	KUNIT_EXPECT_PTR_EQ(test, arena_take(a, addr), b);
	KUNIT_EXPECT_NULL(test, arena_take(a, addr));
	KUNIT_EXPECT_TRUE(test, arenat_settled(a));
	arena_release(a, b);
	KUNIT_EXPECT_NULL(test, arena_take(a, addr));

	/* A record that is used again starts undelivered. */
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, b, 100, false));
	KUNIT_EXPECT_NULL(test, arena_take(a, addr));
	arena_deliver(c);
	KUNIT_EXPECT_PTR_EQ(test, arena_take(a, arena_user_addr(a, c)), c);
	arena_release(a, c);
	arena_deliver(b);
	arena_release(a, arena_take(a, addr));
	ARENAT_EXPECT(test, a, 0, 3, 13);
}

static void test_take_any(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena *a = rx->a;
	struct arena_buf *b[6], *t;
	int i, nr = 0;

	for (i = 0; i < 6; i++)
		b[i] = arenat_reserve(rx, SZ_2K);
	KUNIT_EXPECT_NULL(test, arena_take_any(a));
	for (i = 1; i < 6; i += 2)
		arena_deliver(b[i]);
	KUNIT_EXPECT_PTR_EQ(test, arena_take(a, arena_user_addr(a, b[3])), b[3]);

	while ((t = arena_take_any(a))) {
		KUNIT_EXPECT_TRUE(test, t == b[1] || t == b[5]);
		arena_release(a, t);
		KUNIT_EXPECT_TRUE(test, arenat_settled(a));
		nr++;
	}
	KUNIT_EXPECT_EQ(test, nr, 2);
	ARENAT_EXPECT(test, a, 3, 0, 13);
	for (i = 0; i < 4; i++) {
		if (i != 1)
			arena_release(a, b[i]);
	}
	arena_release(a, b[4]);
	ARENAT_EXPECT(test, a, 0, 3, 13);
	KUNIT_EXPECT_NULL(test, arena_take_any(a));
}

/* A page is fresh once; after that it has what was last there. */
static void test_content_stays(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena *a = rx->a;
	struct arena_buf *b = arenat_reserve(rx, SZ_8K);
	u8 *text = arenat_alloc(test, SZ_8K);

	KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr, NULL, SZ_8K));
	arenat_pattern(text, SZ_8K, 1);
	KUNIT_EXPECT_EQ(test, 0, arena_write(a, b, 0, text, SZ_8K));
	arena_release(a, b);
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr, text, SZ_8K));
	KUNIT_EXPECT_EQ(test, arenat_event(a, ARENA_PAGE_NEW), 2);

	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, b, SZ_8K + 8, false));
	KUNIT_EXPECT_EQ(test, b->range.start, 0);
	KUNIT_EXPECT_EQ(test, arenat_event(a, ARENA_PAGE_NEW), 3);
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr, text, SZ_8K));
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr + SZ_8K, NULL, PAGE_SIZE));
	arena_release(a, b);

	arenat_drain(test);
	ARENAT_EXPECT(test, a, 0, 0, 16);
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, b, SZ_8K + 8, false));
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr, NULL, 3 * PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, a->watermark, 3);
	arena_release(a, b);
}

/* A range allocator that needs memory for a reservation, and tells of others. */
static struct {
	unsigned int prepared;		/* and not unprepared */
	unsigned int prepares;
	unsigned int fail;		/* which of them has no memory */
	unsigned int again;		/* so many reservations find it used up */
} needy;

static int needy_prepare(struct range_alloc *ra, struct range_prealloc *pre, gfp_t gfp)
{
	if (++needy.prepares == needy.fail)
		return -ENOMEM;
	needy.prepared++;
	return 0;
}

static void needy_unprepare(struct range_alloc *ra, struct range_prealloc *pre)
{
	needy.prepared--;
}

static int needy_reserve(struct range_alloc *ra, struct arena_range *r, size_t size,
			 struct range_prealloc *pre, struct range_bounds *b)
{
	return needy.again-- ? -EAGAIN : range_bins_reserve(ra, r, size, pre, b);
}

static void check_needy(struct kunit *test, struct arena *a, unsigned int fail,
			unsigned int again, int err, unsigned int prepares)
{
	struct range_alloc_ops ops = *range_impls[0];
	struct arena_buf b = {};

	ops.prepare = needy_prepare;
	ops.unprepare = needy_unprepare;
	ops.reserve = needy_reserve;
	needy = (typeof(needy)) { .fail = fail, .again = again };
	a->ranges.ops = &ops;
	KUNIT_EXPECT_EQ(test, err, arena_reserve(a, &b, PAGE_SIZE, true));
	a->ranges.ops = range_impls[0];
	KUNIT_EXPECT_EQ(test, needy.prepares, prepares);
	KUNIT_EXPECT_EQ(test, needy.prepared, 0);
	if (!err) {
		ARENAT_EXPECT(test, a, 1, 0, 15);
		KUNIT_EXPECT_EQ(test, a->oneway_free, SZ_32K - PAGE_SIZE);
		arena_release(a, &b);
		arenat_drain(test);
	}
	ARENAT_EXPECT(test, a, 0, 0, 16);
	KUNIT_EXPECT_EQ(test, a->oneway_free, SZ_32K);
	KUNIT_EXPECT_EQ(test, range_nr(&a->ranges), 0);
}

/* Memory for a reservation: it is had once for each attempt, or nothing happens. */
static void test_prepare(struct kunit *test)
{
	struct arena *a = arenat_rx(test, SZ_64K)->a;

	check_needy(test, a, 0, 0, 0, 1);
	check_needy(test, a, 1, 0, -ENOMEM, 1);
	check_needy(test, a, 0, 3, 0, 4);
	check_needy(test, a, 2, 3, -ENOMEM, 2);
}

static struct kunit_case buffer_cases[] = {
	KUNIT_CASE(test_slot_states),
	KUNIT_CASE(test_random),
	KUNIT_CASE(test_sizes),
	KUNIT_CASE(test_enospc),
	KUNIT_CASE(test_oneway),
	KUNIT_CASE(test_take),
	KUNIT_CASE(test_take_any),
	KUNIT_CASE(test_content_stays),
	KUNIT_CASE(test_prepare),
	{ }
};

static struct kunit_suite buffer_suite = {
	.name = "binder_arena_buffer",
	.init = arenat_init,
	.exit = arenat_exit,
	.test_cases = buffer_cases,
};

kunit_test_suite(buffer_suite);
