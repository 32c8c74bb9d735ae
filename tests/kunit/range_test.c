// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the range allocator. Each case runs once for each
 * implementation, and the validator runs after every step.
 *
 * tests/user/range compiles this file, too, into an ordinary program under
 * sanitizers, and adds long random runs there.
 */
#include <kunit/test.h>
#include <linux/align.h>
#include <linux/minmax.h>
#include <linux/prandom.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "arena/range.h"

#define NR_RECORDS	512
#define RANDOM_ARENA	SZ_16K
#define RANDOM_UNITS	(RANDOM_ARENA / RANGE_ALIGN)
#define RANDOM_RECORDS	96
#define RANDOM_STEPS	2500
#define RANDOM_SEED	0x62696e64ULL

struct fixture {
	struct range_alloc ra;
	bool initialized;
	struct arena_range rec[NR_RECORDS];
	struct range_bounds b;			/* of the last step */
	bool taken[RANDOM_UNITS];		/* the model of the random run */
	bool live[RANDOM_RECORDS];
};

static const struct range_alloc_ops *impl(struct kunit *test)
{
	return *(const struct range_alloc_ops *const *)test->param_value;
}

static bool is_impl(struct kunit *test, const char *name)
{
	return !strcmp(range_impl_name(impl(test)), name);
}

static struct fixture *setup(struct kunit *test, size_t size)
{
	struct fixture *f = test->priv;

	if (f->initialized)
		range_alloc_destroy(&f->ra);
	f->initialized = false;
	KUNIT_ASSERT_EQ(test, range_alloc_init(&f->ra, impl(test), size), 0);
	f->initialized = true;
	KUNIT_ASSERT_TRUE(test, range_validate(&f->ra));
	return f;
}

static int reserve(struct kunit *test, struct arena_range *r, size_t size)
{
	struct fixture *f = test->priv;
	struct range_prealloc pre;
	int err;

	do {
		KUNIT_ASSERT_EQ(test, range_prepare(&f->ra, &pre, GFP_KERNEL), 0);
		err = range_reserve(&f->ra, r, size, &pre, &f->b);
		range_unprepare(&f->ra, &pre);
	} while (err == -EAGAIN);
	KUNIT_ASSERT_TRUE(test, range_validate(&f->ra));
	return err;
}

/* Reserves and expects where. */
static void reserve_at(struct kunit *test, struct arena_range *r, size_t size, size_t start)
{
	KUNIT_ASSERT_EQ(test, reserve(test, r, size), 0);
	KUNIT_EXPECT_EQ(test, r->start, start);
	KUNIT_EXPECT_EQ(test, r->size, size);
}

static void release(struct kunit *test, struct arena_range *r)
{
	struct fixture *f = test->priv;
	size_t start = r->start;

	range_release(&f->ra, r, &f->b);
	KUNIT_EXPECT_EQ(test, r->size, 0);
	KUNIT_EXPECT_NULL(test, range_find(&f->ra, start));
	KUNIT_ASSERT_TRUE(test, range_validate(&f->ra));
}

static void expect_bounds(struct kunit *test, size_t prev_end, size_t next_start)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, f->b.prev_end, prev_end);
	KUNIT_EXPECT_EQ(test, f->b.next_start, next_start);
}

static void expect_empty(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, range_nr(&f->ra), 0);
	KUNIT_EXPECT_EQ(test, range_live_bytes(&f->ra), 0);
	KUNIT_EXPECT_EQ(test, range_largest_gap(&f->ra), f->ra.size);
	KUNIT_EXPECT_NULL(test, range_next(&f->ra, NULL));
}

static void test_init(struct kunit *test)
{
	static const size_t good[] = { 0, RANGE_ALIGN, SZ_4K, SZ_1M - SZ_8K, RANGE_SIZE_MAX };
	static const size_t bad[] = { 1, RANGE_ALIGN - 1, RANGE_ALIGN + 1, SZ_4K + 4,
				      RANGE_SIZE_MAX + RANGE_ALIGN, SIZE_MAX };
	struct range_alloc *ra = kunit_kzalloc(test, sizeof(*ra), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, ra);
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		setup(test, good[i]);
		expect_empty(test);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ(test, range_alloc_init(ra, impl(test), bad[i]), -EINVAL);
}

static void test_default_is_first(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, range_alloc_init(&f->ra, NULL, SZ_4K), 0);
	f->initialized = true;
	KUNIT_EXPECT_PTR_EQ(test, f->ra.ops, range_impls[0]);
	KUNIT_EXPECT_STREQ(test, range_impl_name(range_impls[0]), "bins");
}

static void test_bad_sizes(struct kunit *test)
{
	static const size_t invalid[] = { 0, 1, RANGE_ALIGN - 1, RANGE_ALIGN + 1, SIZE_MAX };
	static const size_t too_large[] = { SZ_4K + RANGE_ALIGN, SZ_8K, RANGE_SIZE_MAX,
					    RANGE_SIZE_MAX + RANGE_ALIGN, SIZE_MAX / 2 + 1,
					    SIZE_MAX - (RANGE_ALIGN - 1) };
	struct fixture *f = setup(test, SZ_4K);
	struct arena_range before;
	int i;

	memset(&f->rec[0], 0xcc, sizeof(f->rec[0]));
	before = f->rec[0];
	for (i = 0; i < ARRAY_SIZE(invalid); i++)
		KUNIT_EXPECT_EQ(test, reserve(test, &f->rec[0], invalid[i]), -EINVAL);
	for (i = 0; i < ARRAY_SIZE(too_large); i++)
		KUNIT_EXPECT_EQ(test, reserve(test, &f->rec[0], too_large[i]), -ENOSPC);
	KUNIT_EXPECT_MEMEQ(test, &f->rec[0], &before, sizeof(before));
	expect_empty(test);
}

static void test_no_room_at_all(struct kunit *test)
{
	struct fixture *f = setup(test, 0);

	KUNIT_EXPECT_EQ(test, reserve(test, &f->rec[0], RANGE_ALIGN), -ENOSPC);
	KUNIT_EXPECT_NULL(test, range_find(&f->ra, 0));
	expect_empty(test);
}

static void test_whole_arena(struct kunit *test)
{
	struct fixture *f = setup(test, SZ_1M);
	int i;

	for (i = 0; i < 3; i++) {
		reserve_at(test, &f->rec[0], SZ_1M, 0);
		expect_bounds(test, 0, SZ_1M);
		KUNIT_EXPECT_EQ(test, range_largest_gap(&f->ra), 0);
		KUNIT_EXPECT_EQ(test, reserve(test, &f->rec[1], RANGE_ALIGN), -ENOSPC);
		release(test, &f->rec[0]);
		expect_bounds(test, 0, SZ_1M);
		expect_empty(test);
	}
}

/* Half of the bytes are free and nothing larger than one unit fits. */
static void test_fragmented(struct kunit *test)
{
	size_t size = NR_RECORDS * RANGE_ALIGN;
	struct fixture *f = setup(test, size);
	struct arena_range *other = kunit_kzalloc(test, sizeof(*other), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, other);
	for (i = 0; i < NR_RECORDS; i++)
		reserve_at(test, &f->rec[i], RANGE_ALIGN, i * RANGE_ALIGN);
	KUNIT_EXPECT_EQ(test, reserve(test, other, RANGE_ALIGN), -ENOSPC);
	KUNIT_EXPECT_EQ(test, range_live_bytes(&f->ra), size);

	for (i = 0; i < NR_RECORDS; i += 2) {
		release(test, &f->rec[i]);
		expect_bounds(test, i * RANGE_ALIGN, (i + 1) * RANGE_ALIGN);
	}
	KUNIT_EXPECT_EQ(test, range_nr(&f->ra), NR_RECORDS / 2);
	KUNIT_EXPECT_EQ(test, range_live_bytes(&f->ra), size / 2);
	KUNIT_EXPECT_EQ(test, range_largest_gap(&f->ra), RANGE_ALIGN);
	KUNIT_EXPECT_EQ(test, reserve(test, other, 2 * RANGE_ALIGN), -ENOSPC);
	for (i = 0; i < NR_RECORDS; i += 2)
		KUNIT_EXPECT_EQ(test, reserve(test, &f->rec[i], RANGE_ALIGN), 0);
	KUNIT_EXPECT_EQ(test, reserve(test, other, RANGE_ALIGN), -ENOSPC);

	for (i = 0; i < NR_RECORDS; i++)
		release(test, &f->rec[i]);
	expect_empty(test);
	reserve_at(test, &f->rec[0], size, 0);
}

/* Four neighbours are released in every order: each merges what it can. */
static void test_merge_orders(struct kunit *test)
{
	static const size_t size[] = { 24, 600, 8, 4096 };
	struct fixture *f = setup(test, 24 + 600 + 8 + 4096);
	int perm, i;

	for (perm = 0; perm < 24; perm++) {
		int left[] = { 0, 1, 2, 3 }, n, p = perm;
		bool live[] = { true, true, true, true };
		size_t start[4], at = 0;

		for (i = 0; i < 4; i++) {
			start[i] = at;
			reserve_at(test, &f->rec[i], size[i], at);
			expect_bounds(test, at, f->ra.size);
			at += size[i];
		}
		for (n = 4; n > 0; p /= n, n--) {
			size_t prev_end = 0, next_start = f->ra.size;
			int k = p % n, who = left[k];

			memmove(&left[k], &left[k + 1], (n - k - 1) * sizeof(left[0]));
			live[who] = false;
			for (i = 0; i < who; i++)
				if (live[i])
					prev_end = start[i] + size[i];
			for (i = 3; i > who; i--)
				if (live[i])
					next_start = start[i];
			release(test, &f->rec[who]);
			expect_bounds(test, prev_end, next_start);
		}
		expect_empty(test);
	}
}

/* Reserve, release, reserve: the same bytes, whose pages are there. */
static void test_same_place(struct kunit *test)
{
	static const size_t sizes[] = { 8, 128, 504, 512, 520, 4096, 65536 };
	struct fixture *f = setup(test, SZ_1M);
	size_t start;
	int i, n;

	for (i = 0; i < 8; i++) {
		for (n = 0; n < ARRAY_SIZE(sizes); n++) {
			KUNIT_ASSERT_EQ(test, reserve(test, &f->rec[i], sizes[n]), 0);
			start = f->rec[i].start;
			release(test, &f->rec[i]);
			reserve_at(test, &f->rec[i], sizes[n], start);
			release(test, &f->rec[i]);
		}
		/* Once more with one more range below. */
		reserve_at(test, &f->rec[i], 96, i * 96);
	}
}

/*
 * One hole in an arena that is full otherwise: what fits is found, what is one
 * unit larger is refused, at every border between two bins and around it.
 */
static void test_exact_hole(struct kunit *test)
{
	struct fixture *f = setup(test, SZ_4M);
	size_t border, hole;

	for (border = RANGE_ALIGN; border <= SZ_1M; border *= 2) {
		for (hole = border - RANGE_ALIGN; hole <= border + RANGE_ALIGN;
		     hole += RANGE_ALIGN) {
			if (!hole)
				continue;
			reserve_at(test, &f->rec[0], 64, 0);
			reserve_at(test, &f->rec[1], hole, 64);
			reserve_at(test, &f->rec[2], SZ_4M - 64 - hole, 64 + hole);
			release(test, &f->rec[1]);
			expect_bounds(test, 64, 64 + hole);

			KUNIT_EXPECT_EQ(test, range_largest_gap(&f->ra), hole);
			KUNIT_EXPECT_EQ(test, reserve(test, &f->rec[1], hole + RANGE_ALIGN),
					-ENOSPC);
			reserve_at(test, &f->rec[1], hole, 64);
			release(test, &f->rec[1]);
			/* A small and a middle piece of it. */
			reserve_at(test, &f->rec[1], RANGE_ALIGN, 64);
			expect_bounds(test, 64, 64 + hole);
			release(test, &f->rec[1]);
			reserve_at(test, &f->rec[1], ALIGN(hole / 2, RANGE_ALIGN), 64);
			expect_bounds(test, 64, 64 + hole);
			release(test, &f->rec[1]);
			release(test, &f->rec[0]);
			release(test, &f->rec[2]);
			expect_empty(test);
		}
	}
}

/* Holes of one power of two: the only one that is large enough is found. */
static void test_similar_holes(struct kunit *test)
{
	const int nr = 32;
	struct fixture *f = setup(test, SZ_1M);
	size_t at = 0, start[32];
	int i;

	/* Holes of 1032, 1064, ... up to just below 2048, 8 bytes apart. */
	for (i = 0; i < nr; i++) {
		start[i] = at;
		reserve_at(test, &f->rec[2 * i], 1032 + i * 32, at);
		reserve_at(test, &f->rec[2 * i + 1], 8, at + 1032 + i * 32);
		at += 1032 + i * 32 + 8;
	}
	reserve_at(test, &f->rec[2 * nr], SZ_1M - at, at);
	for (i = 0; i < nr; i++)
		release(test, &f->rec[2 * (i * 7 % nr)]);
	KUNIT_EXPECT_EQ(test, range_nr(&f->ra), nr + 1);

	for (i = nr - 1; i >= 0; i--) {
		KUNIT_EXPECT_EQ(test, range_largest_gap(&f->ra), 1032 + i * 32);
		reserve_at(test, &f->rec[2 * i], 1032 + i * 32 - 8, start[i]);
	}
	KUNIT_EXPECT_EQ(test, reserve(test, &f->rec[NR_RECORDS - 1], 16), -ENOSPC);
}

/* What is documented of the fit: smallest hole, end last; or lowest address. */
static void test_fit(struct kunit *test)
{
	static const size_t hole[] = { 64, 2000, 48, 32, 1400, 56, 1040 };
	bool best = is_impl(test, "bins");
	struct fixture *f = setup(test, SZ_64K);
	size_t at = 0, start[ARRAY_SIZE(hole)];
	int i;

	for (i = 0; i < ARRAY_SIZE(hole); i++) {
		start[i] = at;
		reserve_at(test, &f->rec[2 * i], hole[i], at);
		at += hole[i];
		reserve_at(test, &f->rec[2 * i + 1], 16, at);
		at += 16;
	}
	for (i = 0; i < ARRAY_SIZE(hole); i++)
		release(test, &f->rec[2 * i]);

	reserve_at(test, &f->rec[100], 40, best ? start[2] : start[0]);
	reserve_at(test, &f->rec[101], 32, best ? start[3] : start[1]);
	reserve_at(test, &f->rec[102], 1032, best ? start[6] : start[1] + 32);
	reserve_at(test, &f->rec[103], 56, best ? start[5] : start[1] + 32 + 1032);
	/* 64 is the smallest left; with lowest addresses the 2000 has 880 left. */
	reserve_at(test, &f->rec[104], 64, best ? start[0] : start[1] + 32 + 1032 + 56);
	/* No hole is that large: the end. */
	reserve_at(test, &f->rec[105], 4096, at);
}

/* Of holes of one size the one made last; or the lowest. */
static void test_fit_equal(struct kunit *test)
{
	static const size_t sizes[] = { 64, 504, 512, 1040 };
	static const int order[] = { 1, 3, 0, 2 };	/* of release */
	bool newest = is_impl(test, "bins");
	size_t size, stride;
	struct fixture *f;
	int s, i;

	for (s = 0; s < ARRAY_SIZE(sizes); s++) {
		f = setup(test, SZ_64K);
		size = sizes[s];
		stride = size + 16;
		for (i = 0; i < 4; i++) {
			reserve_at(test, &f->rec[2 * i], size, i * stride);
			reserve_at(test, &f->rec[2 * i + 1], 16, i * stride + size);
		}
		for (i = 0; i < 4; i++)
			release(test, &f->rec[2 * order[i]]);
		for (i = 0; i < 4; i++)
			reserve_at(test, &f->rec[100 + i], size,
				   (newest ? order[3 - i] : i) * stride);
		reserve_at(test, &f->rec[104], size, 4 * stride);
	}
}

static void test_find(struct kunit *test)
{
	struct fixture *f = setup(test, SZ_64K);
	size_t at;
	int i;

	for (i = 0; i < 64; i++)
		reserve_at(test, &f->rec[i], 24 + i * 8, i * (20 + i * 4));
	for (i = 0; i < 64; i++)
		KUNIT_EXPECT_PTR_EQ(test, range_find(&f->ra, f->rec[i].start), &f->rec[i]);
	for (i = 0; i < 64; i++) {
		for (at = f->rec[i].start + 1; at < f->rec[i].start + f->rec[i].size; at++)
			KUNIT_ASSERT_NULL(test, range_find(&f->ra, at));
	}
	KUNIT_EXPECT_NULL(test, range_find(&f->ra, f->rec[63].start + f->rec[63].size));
	KUNIT_EXPECT_NULL(test, range_find(&f->ra, SZ_64K - RANGE_ALIGN));
	KUNIT_EXPECT_NULL(test, range_find(&f->ra, SZ_64K));
	KUNIT_EXPECT_NULL(test, range_find(&f->ra, SIZE_MAX));
	KUNIT_EXPECT_NULL(test, range_find(&f->ra, SIZE_MAX - (RANGE_ALIGN - 1)));
	/* Beyond the bits that an index of the arena needs. */
	KUNIT_EXPECT_NULL(test, range_find(&f->ra, f->rec[5].start + SZ_64K));
	KUNIT_EXPECT_NULL(test, range_find(&f->ra, f->rec[5].start + ((size_t)1 << 35)));
	/* release() checks that what is gone is not found. */
	for (i = 0; i < 64; i++)
		release(test, &f->rec[i]);
}

static void test_next(struct kunit *test)
{
	struct fixture *f = setup(test, SZ_64K);
	struct arena_range *r = NULL;
	int i;

	KUNIT_EXPECT_NULL(test, range_next(&f->ra, NULL));
	for (i = 0; i < 30; i++)
		reserve_at(test, &f->rec[i], 40, i * 40);
	for (i = 0; i < 30; i += 3)
		release(test, &f->rec[i]);
	for (i = 0; i < 30; i++) {
		if (i % 3 == 0)
			continue;
		r = range_next(&f->ra, r);
		KUNIT_ASSERT_PTR_EQ(test, r, &f->rec[i]);
	}
	KUNIT_EXPECT_NULL(test, range_next(&f->ra, r));
}

/* Through the size where the array becomes a tree, and back, in three orders. */
static void test_grow_and_shrink(struct kunit *test)
{
	const int nr = 3 * RANGE_ARRAY_MAX;
	struct fixture *f = setup(test, SZ_4K);
	int order, i;

	for (order = 0; order < 3; order++) {
		for (i = 0; i < nr; i++)
			KUNIT_ASSERT_EQ(test, reserve(test, &f->rec[i], 8 + i * 8), 0);
		for (i = 0; i < nr; i++) {
			int who = order == 0 ? i : order == 1 ? nr - 1 - i : i * 5 % nr;

			release(test, &f->rec[who]);
		}
		expect_empty(test);
	}
	/* Around the threshold, never empty. */
	for (i = 0; i < RANGE_ARRAY_MAX; i++)
		KUNIT_ASSERT_EQ(test, reserve(test, &f->rec[i], 64), 0);
	for (i = 0; i < 20; i++) {
		KUNIT_ASSERT_EQ(test, reserve(test, &f->rec[RANGE_ARRAY_MAX], 64), 0);
		release(test, &f->rec[i % 2 ? RANGE_ARRAY_MAX : 0]);
		if (i % 2 == 0) {
			KUNIT_ASSERT_EQ(test, reserve(test, &f->rec[0], 32), 0);
			release(test, &f->rec[RANGE_ARRAY_MAX]);
		}
	}
}

/* Who says that no preparation is needed gets by without; who needs it says so. */
static void test_prepare(struct kunit *test)
{
	struct fixture *f = setup(test, SZ_64K);
	bool needs_memory = is_impl(test, "maple");
	struct range_prealloc pre = {};
	int i, done = 0;

	for (i = 0; i < 200; i++) {
		int err = range_reserve(&f->ra, &f->rec[i], 64, &pre, &f->b);

		if (err == -EAGAIN) {
			KUNIT_EXPECT_TRUE(test, needs_memory);
			err = reserve(test, &f->rec[i], 64);
		} else {
			done++;
		}
		KUNIT_ASSERT_EQ(test, err, 0);
		KUNIT_ASSERT_TRUE(test, range_validate(&f->ra));
	}
	if (needs_memory)
		KUNIT_EXPECT_LT(test, done, 200);
	else
		KUNIT_EXPECT_EQ(test, done, 200);
	/* Releases, which cannot prepare, all work. */
	for (i = 0; i < 200; i++)
		release(test, &f->rec[i * 77 % 200]);
	expect_empty(test);
	/* A preparation that is not used is given back. */
	KUNIT_ASSERT_EQ(test, range_prepare(&f->ra, &pre, GFP_KERNEL), 0);
	range_unprepare(&f->ra, &pre);
}

/* Two get ready at once: the second finds all that is needed there already. */
static void test_prepare_twice(struct kunit *test)
{
	struct fixture *f = setup(test, SZ_64K);
	struct range_prealloc pre[2];
	int i;

	for (i = 0; i < 2; i++)
		KUNIT_ASSERT_EQ(test, range_prepare(&f->ra, &pre[i], GFP_KERNEL), 0);
	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_EQ(test, range_reserve(&f->ra, &f->rec[i], 64, &pre[i], &f->b), 0);
		KUNIT_EXPECT_EQ(test, f->rec[i].start, i * 64);
		KUNIT_ASSERT_TRUE(test, range_validate(&f->ra));
	}
	for (i = 0; i < 2; i++) {
		range_unprepare(&f->ra, &pre[i]);
		release(test, &f->rec[i]);
	}
	expect_empty(test);
}

/* The longest run of free units in the model. */
static size_t model_largest(const struct fixture *f)
{
	size_t i, run = 0, largest = 0;

	for (i = 0; i < RANDOM_UNITS; i++) {
		run = f->taken[i] ? 0 : run + 1;
		largest = max(largest, run);
	}
	return largest * RANGE_ALIGN;
}

/* Takes or frees units of the model that are all in the other state. */
static void model_set(struct kunit *test, size_t start, size_t size, bool taken)
{
	struct fixture *f = test->priv;
	size_t i;

	KUNIT_ASSERT_LE(test, start + size, RANDOM_ARENA);
	for (i = start / RANGE_ALIGN; i < (start + size) / RANGE_ALIGN; i++) {
		KUNIT_ASSERT_EQ(test, f->taken[i], !taken);
		f->taken[i] = taken;
	}
}

/* What the last step told about its neighbours. */
static void expect_model_bounds(struct kunit *test, size_t start, size_t size)
{
	struct fixture *f = test->priv;
	size_t prev = start / RANGE_ALIGN, next = (start + size) / RANGE_ALIGN;

	while (prev > 0 && !f->taken[prev - 1])
		prev--;
	while (next < RANDOM_UNITS && !f->taken[next])
		next++;
	expect_bounds(test, prev * RANGE_ALIGN, next * RANGE_ALIGN);
}

static void random_step(struct kunit *test, struct rnd_state *rnd, bool filling)
{
	struct fixture *f = test->priv;
	int i = prandom_u32_state(rnd) % RANDOM_RECORDS;
	struct arena_range *r = &f->rec[i];
	size_t start, size, units;
	int err;

	if (f->live[i]) {
		if (filling && prandom_u32_state(rnd) % 4)
			return;
		start = r->start;
		size = r->size;
		release(test, r);
		f->live[i] = false;
		model_set(test, start, size, false);
		expect_model_bounds(test, start, size);
		return;
	}
	units = prandom_u32_state(rnd) % 8 ? 40 : 200;
	size = (1 + prandom_u32_state(rnd) % units) * RANGE_ALIGN;
	err = reserve(test, r, size);
	if (err) {
		KUNIT_ASSERT_EQ(test, err, -ENOSPC);
		KUNIT_EXPECT_LT(test, model_largest(f), size);
		return;
	}
	f->live[i] = true;
	KUNIT_ASSERT_EQ(test, r->size, size);
	model_set(test, r->start, size, true);
	expect_model_bounds(test, r->start, size);
}

static void test_random(struct kunit *test)
{
	struct fixture *f = setup(test, RANDOM_ARENA);
	struct rnd_state rnd;
	int step;

	kunit_info(test, "seed %#llx\n", RANDOM_SEED);
	prandom_seed_state(&rnd, RANDOM_SEED);
	for (step = 0; step < RANDOM_STEPS; step++) {
		random_step(test, &rnd, step / 250 % 2 == 0);
		KUNIT_ASSERT_EQ(test, range_largest_gap(&f->ra), model_largest(f));
	}
	for (step = 0; step < RANDOM_RECORDS; step++) {
		if (f->live[step])
			release(test, &f->rec[step]);
	}
	expect_empty(test);
}

static int range_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct fixture), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void range_test_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (f && f->initialized)
		range_alloc_destroy(&f->ra);
}

static void impl_desc(const struct range_alloc_ops *const *ops, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s", range_impl_name(*ops));
}

KUNIT_ARRAY_PARAM(impl, range_impls, impl_desc);

static struct kunit_case range_test_cases[] = {
	KUNIT_CASE(test_default_is_first),
	KUNIT_CASE_PARAM(test_init, impl_gen_params),
	KUNIT_CASE_PARAM(test_bad_sizes, impl_gen_params),
	KUNIT_CASE_PARAM(test_no_room_at_all, impl_gen_params),
	KUNIT_CASE_PARAM(test_whole_arena, impl_gen_params),
	KUNIT_CASE_PARAM(test_fragmented, impl_gen_params),
	KUNIT_CASE_PARAM(test_merge_orders, impl_gen_params),
	KUNIT_CASE_PARAM(test_same_place, impl_gen_params),
	KUNIT_CASE_PARAM(test_exact_hole, impl_gen_params),
	KUNIT_CASE_PARAM(test_similar_holes, impl_gen_params),
	KUNIT_CASE_PARAM(test_fit, impl_gen_params),
	KUNIT_CASE_PARAM(test_fit_equal, impl_gen_params),
	KUNIT_CASE_PARAM(test_find, impl_gen_params),
	KUNIT_CASE_PARAM(test_next, impl_gen_params),
	KUNIT_CASE_PARAM(test_grow_and_shrink, impl_gen_params),
	KUNIT_CASE_PARAM(test_prepare, impl_gen_params),
	KUNIT_CASE_PARAM(test_prepare_twice, impl_gen_params),
	KUNIT_CASE_PARAM(test_random, impl_gen_params),
	{}
};

static struct kunit_suite range_test_suite = {
	.name = "binder_range",
	.init = range_test_init,
	.exit = range_test_exit,
	.test_cases = range_test_cases,
};

kunit_test_suite(range_test_suite);
