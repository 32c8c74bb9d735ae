// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of range_validate(), on which all other tests of the range allocator
 * rely: each of its checks, and of those of the implementations, must see what
 * it exists for.
 *
 * Everything that is damaged lies in struct books, so that a copy of it from
 * better days mends whatever was done. Each line of the tests below plants one
 * defect and names the check that is to find it.
 */
#include <kunit/test.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "arena/range_impl.h"
#include "arena_fixture.h"

#define NR_SMALL	20	/* ranges of 64 bytes */
#define NR_RECORDS	(NR_SMALL + 4)
#define HOLE		4
/* Two large gaps in one bin, and the ranges right behind them. */
#define LARGE		(NR_SMALL + 0)
#define AFTER_LARGE	(NR_SMALL + 1)
#define LARGER		(NR_SMALL + 2)
#define AFTER_LARGER	(NR_SMALL + 3)

struct books {
	struct range_alloc ra;
	struct arena_range rec[NR_RECORDS];
	struct arena_range extra;		/* never reserved */
};

struct fixture {
	struct books now;
	struct books healthy;
	struct range_alloc_ops liar;		/* the implementation, with one lie in it */
	bool initialized;
};

static struct fixture *init(struct kunit *test, const char *impl)
{
	struct fixture *f = test->priv;
	int i;

	for (i = 0; i < RANGE_NR_IMPLS; i++) {
		if (!strcmp(range_impl_name(range_impls[i]), impl))
			break;
	}
	KUNIT_ASSERT_LT(test, i, RANGE_NR_IMPLS);
	KUNIT_ASSERT_EQ(test, range_alloc_init(&f->now.ra, range_impls[i], SZ_4K), 0);
	f->initialized = true;
	return f;
}

static void reserve(struct kunit *test, int i, size_t size)
{
	struct fixture *f = test->priv;
	struct range_prealloc pre;
	struct range_bounds b;
	int err;

	do {
		KUNIT_ASSERT_EQ(test, range_prepare(&f->now.ra, &pre, GFP_KERNEL), 0);
		err = range_reserve(&f->now.ra, &f->now.rec[i], size, &pre, &b);
		range_unprepare(&f->now.ra, &pre);
	} while (err == -EAGAIN);
	KUNIT_ASSERT_EQ(test, err, 0);
}

static void release(struct kunit *test, int i)
{
	struct fixture *f = test->priv;
	struct range_bounds b;

	range_release(&f->now.ra, &f->now.rec[i], &b);
}

/* Ranges of 64 bytes, a hole of 64 among them, and two that are larger. */
static struct fixture *setup(struct kunit *test, const char *impl)
{
	struct fixture *f = init(test, impl);
	int i;

	for (i = 0; i < NR_SMALL; i++)
		reserve(test, i, 64);
	reserve(test, LARGE, 520);
	reserve(test, AFTER_LARGE, 64);
	reserve(test, LARGER, 600);
	reserve(test, AFTER_LARGER, 64);
	release(test, HOLE);
	release(test, LARGE);
	release(test, LARGER);
	KUNIT_ASSERT_TRUE(test, range_validate(&f->now.ra));
	f->healthy = f->now;
	arenat_log_begin(test);
	return f;
}

/* Is the damage seen? Mends it. */
static void expect_seen(struct kunit *test, bool valid, const char *check, const char *damage)
{
	struct fixture *f = test->priv;

	arenat_expect_said(test, check, damage);
	KUNIT_EXPECT_FALSE_MSG(test, valid, "%s is not seen", damage);
	f->now = f->healthy;
	KUNIT_EXPECT_TRUE_MSG(test, range_validate(&f->now.ra), "%s is not mended", damage);
}

/* Behind the check there may be others that would see it as well. */
#define SEEN(check, ...)							\
do {										\
	__VA_ARGS__;								\
	expect_seen(test, range_validate(ra), check, #__VA_ARGS__);		\
} while (0)

/* What the implementation sees in its own books, without range.c before it. */
#define SEEN_BY_IMPL(check, ...)						\
do {										\
	__VA_ARGS__;								\
	expect_seen(test, ra->ops->validate(ra), check, #__VA_ARGS__);		\
} while (0)

static struct arena_range *find_nothing(struct range_alloc *ra, size_t start)
{
	return NULL;
}

static size_t too_large(struct range_alloc *ra)
{
	return ra->size;
}

static void test_common(struct kunit *test)
{
	const struct range_alloc_ops *ops = *(const struct range_alloc_ops *const *)
					    test->param_value;
	struct fixture *f = setup(test, range_impl_name(ops));
	struct range_alloc *ra = &f->now.ra;
	struct arena_range *rec = f->now.rec;

	SEEN("r->size && IS_ALIGNED(r->size", rec[7].size = 0);
	SEEN("r->size && IS_ALIGNED(r->size", rec[7].size += 4);
	SEEN("r->start >= end", rec[7].start -= 8);
	SEEN("r->start >= end", rec[7].size += 8);
	SEEN("IS_ALIGNED(r->start", rec[HOLE + 1].start -= 4);
	SEEN("r->start <= ra->size", rec[AFTER_LARGER].start += SZ_4K);
	SEEN("r->size <= ra->size - r->start", rec[AFTER_LARGER].size += SZ_4K);
	SEEN("nr < ra->nr", ra->nr--);
	SEEN("nr == ra->nr", ra->nr++);
	SEEN("bytes == ra->live_bytes", ra->live_bytes += 8);

	f->liar = *ops;
	f->liar.find = find_nothing;
	SEEN("range_find(ra, r->start) == r", ra->ops = &f->liar);
	f->liar = *ops;
	f->liar.largest_gap = too_large;
	SEEN("largest == range_largest_gap(ra)", ra->ops = &f->liar);
}

/* The two large gaps as a tree in which the larger one comes first. */
static void disorder(struct fixture *f)
{
	struct rb_root *root = &f->now.ra.large[0];
	struct rb_node *top = &f->now.rec[AFTER_LARGE].rb;

	*root = RB_ROOT;
	rb_link_node(top, NULL, &root->rb_node);
	rb_link_node(&f->now.rec[AFTER_LARGER].rb, top, &top->rb_left);
}

static void test_bins_gaps(struct kunit *test)
{
	struct fixture *f = setup(test, "bins");
	struct range_alloc *ra = &f->now.ra;
	struct arena_range *rec = f->now.rec;

	SEEN("ra->end.start == ra->size", ra->size -= 8);
	SEEN("r->gap == r->start - end", rec[HOLE + 1].gap -= 8);
	SEEN("ra->end.gap == ra->size - end", ra->end.gap -= 8);

	SEEN("hlist_empty(&ra->small[bin]) == !listed", ra->small_map ^= BIT_ULL(8));
	SEEN("hlist_empty(&ra->small[bin]) == !listed", ra->small_map ^= BIT_ULL(9));
	SEEN("r->gap == bin * RANGE_ALIGN", swap(ra->small[8], ra->small[9]);
	     ra->small_map = BIT_ULL(9));
	SEEN("r->gap && r->gap == bin", hlist_add_head(&rec[1].bin, &ra->small[0]);
	     ra->small_map |= BIT_ULL(0));
	SEEN("*r->bin.pprev == &r->bin", rec[HOLE + 1].bin.pprev = &rec[1].bin.next);
	SEEN("(*gaps)++ < ra->nr", rec[HOLE + 1].bin.next = &rec[HOLE + 1].bin);

	SEEN("ra->large_map < BIT(RANGE_LARGE_BINS)", ra->large_map |= BIT(RANGE_LARGE_BINS));
	SEEN("RB_EMPTY_ROOT(&ra->large[bin]) == !listed", ra->large_map ^= BIT(0));
	SEEN("RB_EMPTY_ROOT(&ra->large[bin]) == !listed", ra->large_map ^= BIT(3));
	SEEN("large_bin(r->gap) == bin", swap(ra->large[0], ra->large[1]);
	     ra->large_map = BIT(1));
	SEEN("r->gap >= LARGE_GAP",
	     rb_link_node(&rec[1].rb, &rec[AFTER_LARGE].rb, &rec[AFTER_LARGE].rb.rb_left));
	SEEN("r->gap >= last", disorder(f));
	SEEN("(*gaps)++ < ra->nr", rec[AFTER_LARGER].rb.rb_right = &rec[AFTER_LARGER].rb);

	SEEN("gaps == binned", ra->small[8].first = NULL; ra->small_map = 0);
}

/* The last range in the bucket of a range. */
static struct hlist_node *chain_end(struct arena_range *r)
{
	struct hlist_node *n = &r->hash;

	while (n->next)
		n = n->next;
	return n;
}

static void test_bins_hash(struct kunit *test)
{
	struct fixture *f = setup(test, "bins");
	struct range_alloc *ra = &f->now.ra;
	struct hlist_node *end = chain_end(&f->now.rec[0]);
	int other = 1;

	while (chain_end(&f->now.rec[other]) == end)
		KUNIT_ASSERT_LT(test, other++, HOLE);

	SEEN("hash_bucket(ra, r->start) == &ra->hash[i]", end->next = &f->now.rec[other].hash);
	SEEN("nr++ < ra->nr", end->next = end);
	SEEN_BY_IMPL("nr == ra->nr", ra->nr++);
}

static void check_tree(struct kunit *test, struct fixture *f)
{
	struct range_alloc *ra = &f->now.ra;
	struct arena_range *rec = f->now.rec;

	SEEN("r->gap == r->start - end", rec[HOLE + 1].gap -= 8);
	SEEN("r->max_gap == max_t", rec[HOLE + 1].max_gap += 8);
	SEEN("r->max_gap == max_t", ra->end.max_gap += 8);
	SEEN("is_end == !rb_next(node)",
	     rb_link_node(&f->now.extra.rb, &ra->end.rb, &ra->end.rb.rb_right));
}

static void test_rbtree(struct kunit *test)
{
	struct fixture *f = setup(test, "rbtree");
	struct range_alloc *ra = &f->now.ra;

	check_tree(test, f);
	SEEN_BY_IMPL("nr == ra->nr + 1", ra->nr++);
}

/* So many ranges that it has become a tree. */
static void test_array_grown(struct kunit *test)
{
	struct fixture *f = setup(test, "array");
	struct range_alloc *ra = &f->now.ra;

	check_tree(test, f);
	SEEN_BY_IMPL(": ra->nr", ra->nr = 0);
}

static void test_array(struct kunit *test)
{
	struct fixture *f = init(test, "array");
	struct range_alloc *ra = &f->now.ra;

	reserve(test, 0, 64);
	f->healthy = f->now;
	arenat_log_begin(test);
	SEEN_BY_IMPL("ra->nr <= RANGE_ARRAY_MAX", ra->nr = RANGE_ARRAY_MAX + 1);
}

static void test_maple(struct kunit *test)
{
	struct fixture *f = setup(test, "maple");
	struct range_alloc *ra = &f->now.ra;
	struct arena_range *rec = f->now.rec;

	SEEN("mas.index == r->start", rec[7].start += 8; rec[7].size -= 8; ra->live_bytes -= 8);
	SEEN("mas.last == r->start + r->size - 1", rec[HOLE - 1].size += 8; ra->live_bytes += 8);
	SEEN("ra->spare_nr >= store_need", ra->spare_nr = 0);
	SEEN("ra->spare_nr == nodes_nr(ra->spare)", ra->spare_nr++);
}

static int validate_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct fixture), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void validate_test_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (f && f->initialized)
		range_alloc_destroy(&f->now.ra);
}

static void impl_desc(const struct range_alloc_ops *const *ops, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s", range_impl_name(*ops));
}

KUNIT_ARRAY_PARAM(impl, range_impls, impl_desc);

static struct kunit_case validate_test_cases[] = {
	KUNIT_CASE_PARAM(test_common, impl_gen_params),
	KUNIT_CASE(test_bins_gaps),
	KUNIT_CASE(test_bins_hash),
	KUNIT_CASE(test_rbtree),
	KUNIT_CASE(test_array),
	KUNIT_CASE(test_array_grown),
	KUNIT_CASE(test_maple),
	{}
};

static struct kunit_suite validate_test_suite = {
	.name = "binder_range_validate",
	.init = validate_test_init,
	.exit = validate_test_exit,
	.test_cases = validate_test_cases,
};

kunit_test_suite(validate_test_suite);
