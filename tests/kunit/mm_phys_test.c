// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of pages by physical address.
 */
#include <kunit/static_stub.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/random.h>

#include "mm/phys.h"
#include "mm_fixture.h"

static void test_round_trip(struct kunit *test)
{
	unsigned int order;

	for (order = 0; order <= 3; order++) {
		struct bmm_page p __free(bmm_pages_free) = bmm_pages_alloc(GFP_KERNEL, order);
		struct page *page = p.page;
		phys_addr_t phys;

		KUNIT_ASSERT_NOT_NULL(test, page);
		phys = bmm_pages_into_phys(&p);
		KUNIT_EXPECT_NULL(test, p.page);
		KUNIT_EXPECT_EQ(test, phys, page_to_phys(page));
		KUNIT_EXPECT_EQ(test, page_ref_count(page), 1);

		p = bmm_pages_from_phys(phys, order);
		KUNIT_EXPECT_PTR_EQ(test, p.page, page);
		KUNIT_EXPECT_EQ(test, p.order, order);
		KUNIT_EXPECT_EQ(test, page_ref_count(page), 1);
		KUNIT_EXPECT_EQ(test, page_private(page), 0);
	}
}

static void test_borrow(struct kunit *test)
{
	struct bmm_page p __free(bmm_pages_free) = bmm_pages_alloc(GFP_KERNEL, 1);
	struct bmm_borrowed own = bmm_page_borrow(&p), b = { };
	u64 value, seen = 0;
	phys_addr_t phys;

	KUNIT_ASSERT_NOT_NULL(test, p.page);
	phys = bmm_page_phys(own);
	KUNIT_EXPECT_EQ(test, phys, page_to_phys(p.page));
	KUNIT_ASSERT_TRUE(test, bmm_borrow_phys(phys, 2, &b));
	KUNIT_EXPECT_PTR_EQ(test, b.page, p.page);
	KUNIT_EXPECT_EQ(test, b.nr, 2U);
	KUNIT_EXPECT_EQ(test, page_ref_count(p.page), 1);

	/* The same memory, through either. */
	get_random_bytes(&value, sizeof(value));
	KUNIT_EXPECT_EQ(test, 0, bmm_write(b, PAGE_SIZE - 4, &value, 8));
	KUNIT_EXPECT_EQ(test, 0, bmm_read(own, PAGE_SIZE - 4, &seen, 8));
	KUNIT_EXPECT_EQ(test, seen, value);

	b = bmm_borrow_phys_unchecked(phys + PAGE_SIZE, 1);
	KUNIT_EXPECT_PTR_EQ(test, b.page, nth_page(p.page, 1));
	KUNIT_EXPECT_EQ(test, b.nr, 1U);
}

static phys_addr_t end_of_memory(struct kunit *test)
{
	unsigned long pfn = page_to_pfn(bmmt_page(test, 0));

	while (pfn_valid(pfn))
		pfn++;
	return PFN_PHYS(pfn);
}

static void test_borrow_refused(struct kunit *test)
{
	phys_addr_t phys = page_to_phys(bmmt_page(test, 0)), end = end_of_memory(test);
	struct bmm_borrowed b = { };

	KUNIT_EXPECT_FALSE(test, bmm_borrow_phys(phys + 1, 1, &b));
	KUNIT_EXPECT_FALSE(test, bmm_borrow_phys(phys, 0, &b));
	KUNIT_EXPECT_FALSE(test, bmm_borrow_phys(end, 1, &b));
	KUNIT_EXPECT_FALSE(test, bmm_borrow_phys(end - PAGE_SIZE, 2, &b));
	KUNIT_EXPECT_FALSE(test, bmm_borrow_phys(PFN_PHYS(ULONG_MAX >> PAGE_SHIFT), 1, &b));
	KUNIT_EXPECT_FALSE(test, bmm_borrow_phys(~(phys_addr_t)0 & PAGE_MASK, 2, &b));
	KUNIT_EXPECT_NULL(test, b.page);
}

static unsigned long not_ram;

static bool not_quite_ram(unsigned long pfn)
{
	return pfn != not_ram;
}

/* A struct page does not make it memory: any page of a range is checked. */
static void test_borrow_not_ram(struct kunit *test)
{
	struct bmm_page p __free(bmm_pages_free) = bmm_pages_alloc(GFP_KERNEL, 2);
	struct bmm_borrowed b = { };
	phys_addr_t phys;
	bool is_ram;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, p.page);
	phys = page_to_phys(p.page);
	kunit_activate_static_stub(test, bmm_pfn_is_ram, not_quite_ram);
	for (i = 0; i < 4; i++) {
		not_ram = PHYS_PFN(phys) + i;
		KUNIT_EXPECT_FALSE(test, bmm_borrow_phys(phys, 4, &b));
		KUNIT_EXPECT_NULL(test, b.page);
	}
	not_ram = PHYS_PFN(phys) + 4;
	KUNIT_EXPECT_TRUE(test, bmm_borrow_phys(phys, 4, &b));

	/* For whoever is not part of the test it is what it is. */
	not_ram = PHYS_PFN(phys);
	KUNIT_EXPECT_FALSE(test, bmm_pfn_is_ram(not_ram));
	current->kunit_test = NULL;
	is_ram = bmm_pfn_is_ram(not_ram);
	current->kunit_test = test;
	KUNIT_EXPECT_TRUE(test, is_ram);
}

static void test_is_ram(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, bmm_pfn_is_ram(page_to_pfn(bmmt_page(test, 0))));
	KUNIT_EXPECT_FALSE(test, bmm_pfn_is_ram(PHYS_PFN(end_of_memory(test))));
	KUNIT_EXPECT_FALSE(test, bmm_pfn_is_ram(ULONG_MAX >> PAGE_SHIFT));
}

static struct kunit_case phys_cases[] = {
	KUNIT_CASE(test_round_trip),
	KUNIT_CASE(test_borrow),
	KUNIT_CASE(test_borrow_refused),
	KUNIT_CASE(test_borrow_not_ram),
	KUNIT_CASE(test_is_ram),
	{ }
};

static struct kunit_suite phys_suite = {
	.name = "binder_mm_phys",
	.test_cases = phys_cases,
};

kunit_test_suite(phys_suite);
