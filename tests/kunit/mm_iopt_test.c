// SPDX-License-Identifier: GPL-2.0
/*
 * A page table as an IOMMU walks it, built with owned and borrowed pages.
 *
 * This is what physical addresses in and out are for: each table is a page
 * that is owned by the entry of the table above it, as a physical address and
 * nothing else. The driver of such a device needs map, unmap, walk and a
 * teardown that gives each table back exactly once; so does this test.
 */
#include <linux/bits.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/random.h>

#include "mm/phys.h"
#include "mm_fixture.h"

/* 512 entries of 8 bytes in each table: 9 bits of the address a level. */
#define LEVEL_BITS 9
#define ENTRIES BIT(LEVEL_BITS)
#define VALID BIT_ULL(0)
#define MAX_LEVELS 4

struct iopt {
	struct kunit *test;
	unsigned int levels;
	struct bmm_page root;
	unsigned int tables;		/* below the root */
	unsigned int tables_max;
};

static unsigned int slot_of(u64 iova, unsigned int level)
{
	return (iova >> (PAGE_SHIFT + level * LEVEL_BITS)) & (ENTRIES - 1);
}

static u64 get_entry(struct bmm_borrowed table, unsigned int slot)
{
	u64 entry = 0;

	return bmm_read(table, slot * sizeof(entry), &entry, sizeof(entry)) ? 0 : entry;
}

static int set_entry(struct bmm_borrowed table, unsigned int slot, u64 entry)
{
	return bmm_write(table, slot * sizeof(entry), &entry, sizeof(entry));
}

/* The table that an entry of the level above owns. */
static bool table_below(u64 entry, struct bmm_borrowed *table)
{
	return (entry & VALID) && bmm_borrow_phys(entry & ~VALID, 1, table);
}

static int add_table(struct iopt *pt, struct bmm_borrowed above, unsigned int slot)
{
	struct bmm_page p = bmm_page_alloc(GFP_KERNEL | __GFP_ZERO);

	if (!p.page)
		return -ENOMEM;
	pt->tables_max = max(pt->tables_max, ++pt->tables);
	return set_entry(above, slot, bmm_pages_into_phys(&p) | VALID);
}

static void drop_table(struct iopt *pt, struct bmm_borrowed above, unsigned int slot)
{
	struct bmm_page p = bmm_pages_from_phys(get_entry(above, slot) & ~VALID, 0);

	KUNIT_EXPECT_EQ(pt->test, 0, set_entry(above, slot, 0));
	pt->tables--;
	bmm_pages_free(&p);
}

static int iopt_map(struct iopt *pt, u64 iova, phys_addr_t phys)
{
	struct bmm_borrowed table = bmm_page_borrow(&pt->root);
	unsigned int level;
	int ret;

	for (level = pt->levels - 1; level; level--) {
		unsigned int slot = slot_of(iova, level);

		if (!(get_entry(table, slot) & VALID)) {
			ret = add_table(pt, table, slot);
			if (ret)
				return ret;
		}
		if (!table_below(get_entry(table, slot), &table))
			return -EIO;
	}
	if (get_entry(table, slot_of(iova, 0)) & VALID)
		return -EEXIST;
	return set_entry(table, slot_of(iova, 0), phys | VALID);
}

/* As the hardware does it: 0 where nothing is mapped. */
static phys_addr_t iopt_walk(struct iopt *pt, u64 iova)
{
	struct bmm_borrowed table = bmm_page_borrow(&pt->root);
	unsigned int level;
	u64 entry;

	for (level = pt->levels - 1; level; level--)
		if (!table_below(get_entry(table, slot_of(iova, level)), &table))
			return 0;
	entry = get_entry(table, slot_of(iova, 0));
	return entry & VALID ? (entry & ~VALID) + offset_in_page(iova) : 0;
}

static bool is_empty(struct bmm_borrowed table)
{
	unsigned int slot;

	for (slot = 0; slot < ENTRIES; slot++)
		if (get_entry(table, slot) & VALID)
			return false;
	return true;
}

/* Unmap, and give back the tables that have become empty, bottom up. */
static int iopt_unmap(struct iopt *pt, u64 iova)
{
	struct bmm_borrowed path[MAX_LEVELS];
	unsigned int level = pt->levels - 1;

	path[level] = bmm_page_borrow(&pt->root);
	for (; level; level--)
		if (!table_below(get_entry(path[level], slot_of(iova, level)), &path[level - 1]))
			return -ENOENT;
	if (!(get_entry(path[0], slot_of(iova, 0)) & VALID))
		return -ENOENT;
	KUNIT_EXPECT_EQ(pt->test, 0, set_entry(path[0], slot_of(iova, 0), 0));
	for (level = 1; level < pt->levels && is_empty(path[level - 1]); level++)
		drop_table(pt, path[level], slot_of(iova, level));
	return 0;
}

static void free_below(struct iopt *pt, struct bmm_borrowed table, unsigned int level)
{
	struct bmm_borrowed below;
	unsigned int slot;

	for (slot = 0; level && slot < ENTRIES; slot++) {
		if (!table_below(get_entry(table, slot), &below))
			continue;
		free_below(pt, below, level - 1);
		drop_table(pt, table, slot);
	}
}

static void iopt_free(void *arg)
{
	struct iopt *pt = arg;

	free_below(pt, bmm_page_borrow(&pt->root), pt->levels - 1);
	KUNIT_EXPECT_EQ(pt->test, pt->tables, 0U);
	bmm_pages_free(&pt->root);
}

static const struct shape {
	const char *name;
	unsigned int levels;
} shapes[] = {
	{ "3 levels", 3 },
	{ "4 levels", 4 },
};

KUNIT_ARRAY_PARAM_DESC(shape, shapes, name);

static struct iopt *iopt_new(struct kunit *test)
{
	struct iopt *pt = kunit_kzalloc(test, sizeof(*pt), GFP_KERNEL);
	const struct shape *shape = test->param_value;

	KUNIT_ASSERT_NOT_NULL(test, pt);
	pt->test = test;
	pt->levels = shape->levels;
	pt->root = bmm_page_alloc(GFP_KERNEL | __GFP_ZERO);
	KUNIT_ASSERT_NOT_NULL(test, pt->root.page);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, iopt_free, pt));
	return pt;
}

static u64 top(const struct iopt *pt)
{
	return BIT_ULL(PAGE_SHIFT + pt->levels * LEVEL_BITS);
}

static void test_map_walk_unmap(struct kunit *test)
{
	struct iopt *pt = iopt_new(test);
	/* both ends, neighbours in one table, and neighbours across all levels */
	u64 iovas[] = { 0, PAGE_SIZE, top(pt) / 2 - PAGE_SIZE, top(pt) / 2, top(pt) - PAGE_SIZE };
	phys_addr_t phys[ARRAY_SIZE(iovas)];
	int i;

	for (i = 0; i < ARRAY_SIZE(iovas); i++) {
		phys[i] = page_to_phys(bmmt_page(test, i));
		KUNIT_EXPECT_EQ(test, iopt_walk(pt, iovas[i]), 0);
		KUNIT_EXPECT_EQ(test, -ENOENT, iopt_unmap(pt, iovas[i]));
		KUNIT_EXPECT_EQ(test, 0, iopt_map(pt, iovas[i], phys[i]));
		KUNIT_EXPECT_EQ(test, -EEXIST, iopt_map(pt, iovas[i], 0));
	}
	/* 0 and its neighbour share all their tables, the others share none. */
	KUNIT_EXPECT_EQ(test, pt->tables, 4 * (pt->levels - 1));
	for (i = 0; i < ARRAY_SIZE(iovas); i++)
		KUNIT_EXPECT_EQ(test, iopt_walk(pt, iovas[i] + 123), phys[i] + 123);
	KUNIT_EXPECT_EQ(test, iopt_walk(pt, 2 * PAGE_SIZE), 0);

	KUNIT_EXPECT_EQ(test, 0, iopt_unmap(pt, iovas[0]));
	KUNIT_EXPECT_EQ(test, iopt_walk(pt, iovas[0]), 0);
	KUNIT_EXPECT_EQ(test, iopt_walk(pt, iovas[1]), phys[1]);
	KUNIT_EXPECT_EQ(test, pt->tables, 4 * (pt->levels - 1));
	KUNIT_EXPECT_EQ(test, 0, iopt_unmap(pt, iovas[1]));
	KUNIT_EXPECT_EQ(test, pt->tables, 3 * (pt->levels - 1));
	for (i = 2; i < ARRAY_SIZE(iovas); i++)
		KUNIT_EXPECT_EQ(test, 0, iopt_unmap(pt, iovas[i]));
	KUNIT_EXPECT_EQ(test, pt->tables, 0U);
}

#define NR_RANDOM 64

static bool seen_before(const u64 *iovas, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		if (iovas[i] == iovas[nr])
			return true;
	return false;
}

/* What is still mapped at the end is given back by the teardown. */
static void test_random(struct kunit *test)
{
	struct iopt *pt = iopt_new(test);
	phys_addr_t phys = page_to_phys(bmmt_page(test, 0));
	u64 iovas[NR_RANDOM];
	int i;

	for (i = 0; i < NR_RANDOM; i++) {
		do
			iovas[i] = get_random_u64() & (top(pt) - 1) & PAGE_MASK;
		while (seen_before(iovas, i));
		KUNIT_ASSERT_EQ(test, 0, iopt_map(pt, iovas[i], phys + ((u64)i << PAGE_SHIFT)));
	}
	for (i = 0; i < NR_RANDOM; i++)
		KUNIT_EXPECT_EQ(test, iopt_walk(pt, iovas[i]), phys + ((u64)i << PAGE_SHIFT));
	for (i = 0; i < NR_RANDOM; i += 2)
		KUNIT_EXPECT_EQ(test, 0, iopt_unmap(pt, iovas[i]));
	for (i = 0; i < NR_RANDOM; i++)
		KUNIT_EXPECT_EQ(test, iopt_walk(pt, iovas[i]),
				i % 2 ? phys + ((u64)i << PAGE_SHIFT) : 0);
	KUNIT_EXPECT_GT(test, pt->tables, NR_RANDOM / 2U);
	KUNIT_EXPECT_LT(test, pt->tables, pt->tables_max);
}

static struct kunit_case iopt_cases[] = {
	KUNIT_CASE_PARAM(test_map_walk_unmap, shape_gen_params),
	KUNIT_CASE_PARAM(test_random, shape_gen_params),
	{ }
};

static struct kunit_suite iopt_suite = {
	.name = "binder_mm_iopt",
	.test_cases = iopt_cases,
};

kunit_test_suite(iopt_suite);
