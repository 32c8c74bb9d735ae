// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of pages: owning, borrowing, and reaching their bytes.
 */
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "mm_fixture.h"

/* How far pages reach, and whether a run is accessed in one go. */
struct shape {
	const char *name;
	unsigned int order;
	bool page_by_page;
};

static const struct shape shapes[] = {
	{ "1 page", 0, false },
	{ "2 pages", 1, false },
	{ "4 pages", 2, false },
	{ "8 pages", 3, false },
	{ "1 page, mapped", 0, true },
	{ "2 pages, each mapped", 1, true },
	{ "4 pages, each mapped", 2, true },
	{ "8 pages, each mapped", 3, true },
};

KUNIT_ARRAY_PARAM_DESC(shape, shapes, name);

static void free_pages_action(void *arg)
{
	bmm_pages_free(arg);
}

/* Pages of the shape of this case, and the same bytes for comparison. */
struct subject {
	struct bmm_borrowed p;
	size_t size;
	u8 *expected;
};

static void subject_init(struct kunit *test, struct subject *s)
{
	const struct shape *shape = test->param_value;
	struct bmm_page *owner = kunit_kzalloc(test, sizeof(*owner), GFP_KERNEL);

	if (shape->page_by_page)
		bmmt_page_by_page(test);
	KUNIT_ASSERT_NOT_NULL(test, owner);
	*owner = bmm_pages_alloc(GFP_KERNEL, shape->order);
	KUNIT_ASSERT_NOT_NULL(test, owner->page);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_pages_action, owner));

	s->p = bmm_page_borrow(owner);
	s->size = PAGE_SIZE << shape->order;
	KUNIT_ASSERT_EQ(test, s->p.nr, 1U << shape->order);
	s->expected = kunit_kmalloc(test, s->size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s->expected);
	get_random_bytes(s->expected, s->size);
	KUNIT_ASSERT_EQ(test, 0, bmm_write(s->p, 0, s->expected, s->size));
}

/* No byte of the pages is other than expected, also where nothing was done. */
static void expect_bytes(struct kunit *test, const struct subject *s)
{
	unsigned int i;

	for (i = 0; i < s->p.nr; i++) {
		const void *page = kmap_local_page(nth_page(s->p.page, i));

		KUNIT_EXPECT_MEMEQ(test, page, s->expected + i * PAGE_SIZE, PAGE_SIZE);
		kunmap_local(page);
	}
	KUNIT_EXPECT_EQ(test, bmm_maps_outstanding(), 0);
}

static void test_alloc(struct kunit *test)
{
	unsigned int order;

	for (order = 0; order <= 3; order++) {
		struct bmm_page p __free(bmm_pages_free) = bmm_pages_alloc(GFP_KERNEL, order);

		KUNIT_ASSERT_NOT_NULL(test, p.page);
		KUNIT_EXPECT_EQ(test, p.order, order);
		KUNIT_EXPECT_EQ(test, page_ref_count(p.page), 1);
		KUNIT_EXPECT_EQ(test, compound_order(p.page), order);
		KUNIT_EXPECT_EQ(test, bmm_page_borrow(&p).nr, 1U << order);
		KUNIT_EXPECT_PTR_EQ(test, bmm_page_as_raw(bmm_page_borrow(&p)), p.page);
		KUNIT_EXPECT_EQ(test, bmm_nid(bmm_page_borrow(&p)), page_to_nid(p.page));
	}
}

static void test_alloc_zeroed(struct kunit *test)
{
	struct bmm_page p __free(bmm_pages_free) = bmm_page_alloc(GFP_KERNEL | __GFP_ZERO);

	KUNIT_ASSERT_NOT_NULL(test, p.page);
	KUNIT_EXPECT_NULL(test, memchr_inv(page_address(p.page), 0, PAGE_SIZE));
}

static void test_alloc_fails(struct kunit *test)
{
	struct bmm_page p;

	p = bmm_pages_alloc(GFP_KERNEL, MAX_PAGE_ORDER + 1);
	KUNIT_EXPECT_NULL(test, p.page);
	p = bmm_pages_alloc(GFP_KERNEL, UINT_MAX);
	KUNIT_EXPECT_NULL(test, p.page);
	KUNIT_EXPECT_EQ(test, bmm_page_borrow(&p).nr, 0U);

	bmmt_fail_begin(test, 1);
	p = bmm_page_alloc(GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, bmmt_fail_end());
	KUNIT_EXPECT_NULL(test, p.page);
	bmm_pages_free(&p);
}

static void test_free(struct kunit *test)
{
	struct bmm_page p = bmm_pages_alloc(GFP_KERNEL, 1);
	struct page *page = p.page;

	KUNIT_ASSERT_NOT_NULL(test, page);
	get_page(page);
	bmm_pages_free(&p);
	KUNIT_EXPECT_NULL(test, p.page);
	KUNIT_EXPECT_EQ(test, page_ref_count(page), 1);
	/* An owner that owns nothing frees nothing. */
	bmm_pages_free(&p);
	KUNIT_EXPECT_EQ(test, page_ref_count(page), 1);
	put_page(page);
}

static void test_free_moved(struct kunit *test)
{
	struct bmm_page kept = { };
	{
		struct bmm_page p __free(bmm_pages_free) = bmm_page_alloc(GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, p.page);
		kept = bmm_take(p);
		KUNIT_EXPECT_NULL(test, p.page);
	}
	KUNIT_EXPECT_EQ(test, page_ref_count(kept.page), 1);
	bmm_pages_free(&kept);
}

static void test_borrow_run(struct kunit *test)
{
	struct bmm_page p __free(bmm_pages_free) = bmm_pages_alloc(GFP_KERNEL, 2);
	struct page *pages[4];
	struct bmm_borrowed run;

	KUNIT_ASSERT_NOT_NULL(test, p.page);
	pages[0] = p.page;
	pages[1] = nth_page(p.page, 1);
	pages[2] = nth_page(p.page, 3);
	pages[3] = nth_page(p.page, 2);
	run = bmm_borrow_run(pages, 4);
	KUNIT_EXPECT_PTR_EQ(test, run.page, pages[0]);
	KUNIT_EXPECT_EQ(test, run.nr, 2U);
	KUNIT_EXPECT_EQ(test, bmm_borrow_run(pages, 1).nr, 1U);
	KUNIT_EXPECT_EQ(test, bmm_borrow_run(pages + 1, 3).nr, 1U);
	KUNIT_EXPECT_EQ(test, bmm_borrow_run(pages + 2, 2).nr, 1U);
	pages[2] = nth_page(p.page, 2);
	pages[3] = nth_page(p.page, 3);
	KUNIT_EXPECT_EQ(test, bmm_borrow_run(pages, 4).nr, 4U);
	KUNIT_EXPECT_EQ(test, bmm_borrow_run(pages, 3).nr, 3U);
}

static void test_align(struct kunit *test)
{
	unsigned long up = 99;

	KUNIT_EXPECT_TRUE(test, bmm_page_align(0, &up));
	KUNIT_EXPECT_EQ(test, up, 0);
	KUNIT_EXPECT_TRUE(test, bmm_page_align(1, &up));
	KUNIT_EXPECT_EQ(test, up, PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, bmm_page_align(PAGE_SIZE, &up));
	KUNIT_EXPECT_EQ(test, up, PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, bmm_page_align(PAGE_SIZE + 1, &up));
	KUNIT_EXPECT_EQ(test, up, 2 * PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, bmm_page_align(-PAGE_SIZE, &up));
	KUNIT_EXPECT_EQ(test, up, -PAGE_SIZE);
	KUNIT_EXPECT_FALSE(test, bmm_page_align(-PAGE_SIZE + 1, &up));
	KUNIT_EXPECT_FALSE(test, bmm_page_align(ULONG_MAX, &up));
	KUNIT_EXPECT_EQ(test, up, -PAGE_SIZE);
}

/* Ranges around each edge: inside of a run of @size bytes, or not? */
static bool inside(size_t size, size_t off, size_t len)
{
	return off <= size && len <= size && off + len <= size;
}

#define NR_EDGES 11

static void edges(size_t size, size_t *edge)
{
	const size_t e[NR_EDGES] = {
		0, 1, 7, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1,
		size - 1, size, size + 1, SIZE_MAX / 2 + 1, SIZE_MAX,
	};

	memcpy(edge, e, sizeof(e));
}

/* Adds up what a bmm_access_fn is given. */
struct visits {
	size_t bytes;
	unsigned int calls, stop_at;
	u8 *expected;
	bool wrong;
};

static int visit(void *at, size_t len, void *arg)
{
	struct visits *v = arg;

	if (memcmp(at, v->expected + v->bytes, len))
		v->wrong = true;
	if (bmm_maps_outstanding() != (IS_ENABLED(CONFIG_BINDER_IPC_DEBUG) ? 1 : 0))
		v->wrong = true;
	v->bytes += len;
	return ++v->calls == v->stop_at ? -EINTR : 0;
}

static unsigned int pieces(struct kunit *test, size_t off, size_t len)
{
	const struct shape *shape = test->param_value;

	if (!len)
		return 0;
	if (!shape->page_by_page && !IS_ENABLED(CONFIG_HIGHMEM))
		return 1;
	return ((off + len - 1) >> PAGE_SHIFT) - (off >> PAGE_SHIFT) + 1;
}

static void test_with_page(struct kunit *test)
{
	size_t edge[NR_EDGES];
	struct subject s;
	int i, j;

	/* Without the option nothing is reported, the result is the same. */
	if (IS_ENABLED(CONFIG_BINDER_IPC_DEBUG))
		bmmt_count_misuse(test);
	subject_init(test, &s);
	edges(s.size, edge);
	for (i = 0; i < NR_EDGES; i++) {
		for (j = 0; j < NR_EDGES; j++) {
			size_t off = edge[i], len = edge[j];
			struct visits v = { .expected = s.expected + off };
			int ret = bmm_with_page(s.p, off, len, visit, &v);

			if (inside(s.size, off, len)) {
				KUNIT_EXPECT_EQ(test, ret, 0);
				KUNIT_EXPECT_EQ(test, v.bytes, len);
				KUNIT_EXPECT_EQ(test, v.calls, pieces(test, off, len));
			} else {
				KUNIT_EXPECT_EQ(test, ret, -EINVAL);
				KUNIT_EXPECT_EQ(test, v.calls, 0U);
			}
			KUNIT_EXPECT_FALSE(test, v.wrong);
		}
	}
	KUNIT_EXPECT_EQ(test, bmm_maps_outstanding(), 0);
}

/* The first result that is not 0 is the last. */
static void test_with_page_stops(struct kunit *test)
{
	struct subject s;
	struct visits v = { .stop_at = 1 };
	unsigned int all;

	subject_init(test, &s);
	v.expected = s.expected;
	KUNIT_EXPECT_EQ(test, -EINTR, bmm_with_page(s.p, 0, s.size, visit, &v));
	KUNIT_EXPECT_EQ(test, v.calls, 1U);

	all = pieces(test, 1, s.size - 1);
	v = (struct visits) { .expected = s.expected + 1, .stop_at = all };
	KUNIT_EXPECT_EQ(test, -EINTR, bmm_with_page(s.p, 1, s.size - 1, visit, &v));
	KUNIT_EXPECT_EQ(test, v.calls, all);
	KUNIT_EXPECT_EQ(test, bmm_maps_outstanding(), 0);
}

struct inner {
	struct bmm_borrowed p;
	size_t off;
};

static int copy_inner(void *at, size_t len, void *arg)
{
	struct inner *in = arg;
	int ret = bmm_read(in->p, in->off, at, len);

	in->off += len;
	return ret;
}

/* Two pages are mapped at once, and unmapped in reverse order. */
static void test_with_page_nests(struct kunit *test)
{
	struct subject to, from;
	struct inner in;

	subject_init(test, &to);
	subject_init(test, &from);
	in = (struct inner) { from.p, 5 };
	KUNIT_EXPECT_EQ(test, 0, bmm_with_page(to.p, 3, to.size - 10, copy_inner, &in));
	memcpy(to.expected + 3, from.expected + 5, to.size - 10);
	expect_bytes(test, &to);
	expect_bytes(test, &from);
}

static void test_bytes(struct kunit *test)
{
	u8 *buf, *check;
	size_t edge[NR_EDGES];
	struct subject s;
	int i, j;

	if (IS_ENABLED(CONFIG_BINDER_IPC_DEBUG))
		bmmt_count_misuse(test);
	subject_init(test, &s);
	buf = kunit_kzalloc(test, 2 * s.size, GFP_KERNEL);
	check = kunit_kmalloc(test, 2 * s.size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, buf);
	KUNIT_ASSERT_NOT_NULL(test, check);
	edges(s.size, edge);
	for (i = 0; i < NR_EDGES; i++) {
		for (j = 0; j < NR_EDGES; j++) {
			size_t off = edge[i], len = edge[j];
			int ret = inside(s.size, off, len) ? 0 : -EINVAL;

			memset(check, 0x5c, 2 * s.size);
			memset(buf, 0x5c, 2 * s.size);
			KUNIT_EXPECT_EQ(test, ret, bmm_read(s.p, off, buf, len));
			if (!ret)
				memcpy(check, s.expected + off, len);
			KUNIT_EXPECT_MEMEQ(test, buf, check, 2 * s.size);

			get_random_bytes(buf, 2 * s.size);
			KUNIT_EXPECT_EQ(test, ret, bmm_write(s.p, off, buf, len));
			if (!ret)
				memcpy(s.expected + off, buf, len);
			expect_bytes(test, &s);

			KUNIT_EXPECT_EQ(test, ret, bmm_zero(s.p, off, len));
			if (!ret)
				memset(s.expected + off, 0, len);
			expect_bytes(test, &s);
		}
	}
}

static void vfree_action(void *addr)
{
	vfree(addr);
}

static void test_vmalloc(struct kunit *test)
{
	static const size_t sizes[] = { 1, PAGE_SIZE, PAGE_SIZE + 1, 5 * PAGE_SIZE };
	struct bmm_page_iter it;
	struct bmm_borrowed p;
	size_t i, nr;
	u8 *area;

	area = vmalloc(5 * PAGE_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, area);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, vfree_action, area));
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		get_random_bytes(area, 5 * PAGE_SIZE);
		it = bmm_vmalloc_iter(area, sizes[i]);
		nr = 0;
		while (bmm_page_iter_next(&it, &p)) {
			KUNIT_EXPECT_EQ(test, p.nr, 1U);
			KUNIT_EXPECT_PTR_EQ(test, p.page, vmalloc_to_page(area + nr * PAGE_SIZE));
			/* The borrow reaches what the area shows. */
			KUNIT_EXPECT_EQ(test, 0, bmm_zero(p, 8, 8));
			KUNIT_EXPECT_NULL(test, memchr_inv(area + nr * PAGE_SIZE + 8, 0, 8));
			nr++;
		}
		KUNIT_EXPECT_EQ(test, nr, DIV_ROUND_UP(sizes[i], PAGE_SIZE));
		KUNIT_EXPECT_FALSE(test, bmm_page_iter_next(&it, &p));
	}
}

/* An iterator that was told too much ends where the pages do. */
static void test_vmalloc_end(struct kunit *test)
{
	struct bmm_page_iter it;
	struct bmm_borrowed p;
	size_t nr = 0;
	u8 *area;

	area = vmalloc(2 * PAGE_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, area);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, vfree_action, area));
	/* Behind each area is a page without memory. */
	it = bmm_vmalloc_iter(area, 4 * PAGE_SIZE);
	while (bmm_page_iter_next(&it, &p))
		nr++;
	KUNIT_EXPECT_EQ(test, nr, 2);
}

static struct kunit_case page_cases[] = {
	KUNIT_CASE(test_alloc),
	KUNIT_CASE(test_alloc_zeroed),
	KUNIT_CASE(test_alloc_fails),
	KUNIT_CASE(test_free),
	KUNIT_CASE(test_free_moved),
	KUNIT_CASE(test_borrow_run),
	KUNIT_CASE(test_align),
	KUNIT_CASE(test_vmalloc),
	KUNIT_CASE(test_vmalloc_end),
	KUNIT_CASE_PARAM(test_with_page, shape_gen_params),
	KUNIT_CASE_PARAM(test_with_page_stops, shape_gen_params),
	KUNIT_CASE_PARAM(test_with_page_nests, shape_gen_params),
	KUNIT_CASE_PARAM(test_bytes, shape_gen_params),
	{ }
};

static struct kunit_suite page_suite = {
	.name = "binder_mm_page",
	.test_cases = page_cases,
};

kunit_test_suite(page_suite);
