// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of putting pages into a vma, taking them out, and what user space
 * sees of it.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "mm_fixture.h"

#define PAGES 4

/* A mapping of PAGES pages, locked, ready for insertion. */
struct target {
	struct bmmt_map *map;
	struct bmm_vma_guard guard;
	struct bmm_vma_mixed mixed;
};

static void target_lock(struct kunit *test, struct target *t)
{
	KUNIT_ASSERT_EQ(test, 0, bmm_vma_lock(&t->guard, bmmt_user(test), t->map->addr,
					      &t->map->id, BMM_WAIT));
	KUNIT_EXPECT_TRUE(test, bmm_vma_as_mixed(bmm_guard_vma(&t->guard), &t->mixed));
}

static void target_init(struct kunit *test, struct target *t)
{
	bmmt_lock_mode_init(test, test->param_value);
	t->map = bmmt_map(test, PAGES);
	t->guard = (struct bmm_vma_guard) { };
	target_lock(test, t);
}

static unsigned long addr_of(const struct target *t, unsigned long page)
{
	return t->map->addr + (page << PAGE_SHIFT);
}

static void test_insert(struct kunit *test)
{
	struct page *page = bmmt_page(test, 0xa5);
	struct target t;

	target_init(test, &t);
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_insert_page(t.mixed, addr_of(&t, 1), page));
	bmm_vma_unlock(&t.guard);

	KUNIT_EXPECT_TRUE(test, bmmt_user_sees(addr_of(&t, 1), 0xa5));
	KUNIT_EXPECT_FALSE(test, bmmt_user_sees(addr_of(&t, 0), 0xa5));
	KUNIT_EXPECT_FALSE(test, bmmt_user_sees(addr_of(&t, 2), 0xa5));

	/* The mapping has a reference of its own and shows later writes. */
	KUNIT_EXPECT_EQ(test, page_ref_count(page), 2);
	KUNIT_EXPECT_EQ(test, 0, bmm_zero(bmm_borrow(page, 1), 0, PAGE_SIZE));
	KUNIT_EXPECT_TRUE(test, bmmt_user_sees(addr_of(&t, 1), 0));
	KUNIT_EXPECT_EQ(test, 0, vm_munmap(t.map->addr, PAGES * PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, page_ref_count(page), 1);
}

static void test_insert_errors(struct kunit *test)
{
	struct page *page = bmmt_page(test, 1), *other = bmmt_page(test, 2);
	void *slab = kunit_kzalloc(test, 64, GFP_KERNEL);
	struct target t;

	KUNIT_ASSERT_NOT_NULL(test, slab);
	target_init(test, &t);
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_insert_page(t.mixed, addr_of(&t, 0), page));
	KUNIT_EXPECT_EQ(test, -EBUSY, bmm_vma_insert_page(t.mixed, addr_of(&t, 0), other));
	KUNIT_EXPECT_EQ(test, -EINVAL, bmm_vma_insert_page(t.mixed, addr_of(&t, 1) + 1, other));
	KUNIT_EXPECT_EQ(test, -EINVAL, bmm_vma_insert_page(t.mixed, addr_of(&t, 1),
							   virt_to_page(slab)));
	KUNIT_EXPECT_EQ(test, -EFAULT, bmm_vma_insert_page(t.mixed, addr_of(&t, PAGES), other));
	KUNIT_EXPECT_EQ(test, -EFAULT, bmm_vma_insert_page(t.mixed, addr_of(&t, 0) - PAGE_SIZE,
							   other));
	bmm_vma_unlock(&t.guard);

	KUNIT_EXPECT_TRUE(test, bmmt_user_sees(addr_of(&t, 0), 1));
	KUNIT_EXPECT_FALSE(test, bmmt_user_sees(addr_of(&t, 1), 2));
	KUNIT_EXPECT_EQ(test, page_ref_count(other), 1);
}

/* Every allocation of a page table, and the site of ours, fails once. */
static void test_insert_nomem(struct kunit *test)
{
	struct page *page = bmmt_page(test, 3);
	struct target t;
	int ret, fails = 0;

	target_init(test, &t);
	for (;;) {
		bmmt_fail_begin(test, fails + 1);
		ret = bmm_vma_insert_page(t.mixed, addr_of(&t, 0), page);
		if (!bmmt_fail_end())
			break;
		KUNIT_EXPECT_EQ(test, -ENOMEM, ret);
		KUNIT_EXPECT_EQ(test, page_ref_count(page), 1);
		if (++fails > 10)
			break;
	}
	bmm_vma_unlock(&t.guard);
	KUNIT_EXPECT_EQ(test, 0, ret);
	KUNIT_EXPECT_GE(test, fails, IS_ENABLED(CONFIG_BINDER_IPC_DEBUG) ? 2 : 1);
	KUNIT_EXPECT_TRUE(test, bmmt_user_sees(addr_of(&t, 0), 3));
}

static void test_insert_many(struct kunit *test)
{
	struct page *pages[PAGES];
	unsigned long inserted = 99;
	struct target t;
	int i;

	for (i = 0; i < PAGES; i++)
		pages[i] = bmmt_page(test, 10 + i);
	target_init(test, &t);
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_insert_pages(t.mixed, addr_of(&t, 0), pages, 0,
						      &inserted));
	KUNIT_EXPECT_EQ(test, inserted, 0);
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_insert_pages(t.mixed, addr_of(&t, 0), pages, PAGES,
						      &inserted));
	KUNIT_EXPECT_EQ(test, inserted, PAGES);
	bmm_vma_unlock(&t.guard);

	for (i = 0; i < PAGES; i++) {
		KUNIT_EXPECT_TRUE(test, bmmt_user_sees(addr_of(&t, i), 10 + i));
		KUNIT_EXPECT_EQ(test, page_ref_count(pages[i]), 2);
	}
}

/* More than the core takes a lock for, and across a page table. */
static void test_insert_lots(struct kunit *test)
{
	unsigned long nr = PTRS_PER_PTE + 30, inserted = 0, i;
	struct page **pages = kunit_kcalloc(test, nr, sizeof(*pages), GFP_KERNEL);
	struct target t;

	KUNIT_ASSERT_NOT_NULL(test, pages);
	for (i = 0; i < nr; i++)
		pages[i] = bmmt_page(test, i);
	bmmt_lock_mode_init(test, test->param_value);
	t.map = bmmt_map(test, nr);
	t.guard = (struct bmm_vma_guard) { };
	target_lock(test, &t);
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_insert_pages(t.mixed, t.map->addr, pages, nr,
						      &inserted));
	KUNIT_EXPECT_EQ(test, inserted, nr);
	bmm_vma_unlock(&t.guard);
	for (i = 0; i < nr; i++)
		KUNIT_EXPECT_TRUE(test, bmmt_user_sees(addr_of(&t, i), i));
}

static void test_insert_many_errors(struct kunit *test)
{
	struct page *pages[PAGES];
	unsigned long inserted = 99;
	struct target t;
	int i;

	for (i = 0; i < PAGES; i++)
		pages[i] = bmmt_page(test, 20 + i);
	target_init(test, &t);

#define EXPECT_NONE(err, addr, nr)							\
do {											\
	inserted = 99;									\
	KUNIT_EXPECT_EQ(test, err, bmm_vma_insert_pages(t.mixed, addr, pages, nr,	\
							&inserted));			\
	KUNIT_EXPECT_EQ(test, inserted, 0);						\
} while (0)
	EXPECT_NONE(-EINVAL, addr_of(&t, 0) + 8, 1);
	EXPECT_NONE(-EFAULT, addr_of(&t, 0) - PAGE_SIZE, 1);
	EXPECT_NONE(-EFAULT, addr_of(&t, PAGES), 1);
	EXPECT_NONE(-EFAULT, addr_of(&t, 1), PAGES);
	EXPECT_NONE(-EFAULT, addr_of(&t, 0), ULONG_MAX);
	EXPECT_NONE(-EFAULT, addr_of(&t, 1), (ULONG_MAX >> PAGE_SHIFT) + 1);
#undef EXPECT_NONE

	/* The third is taken: two are mapped, and the caller learns it. */
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_insert_page(t.mixed, addr_of(&t, 2), pages[3]));
	KUNIT_EXPECT_EQ(test, -EBUSY, bmm_vma_insert_pages(t.mixed, addr_of(&t, 0), pages,
							   PAGES, &inserted));
	KUNIT_EXPECT_EQ(test, inserted, 2);
	bmm_vma_unlock(&t.guard);
	KUNIT_EXPECT_TRUE(test, bmmt_user_sees(addr_of(&t, 1), 21));
	KUNIT_EXPECT_TRUE(test, bmmt_user_sees(addr_of(&t, 2), 23));
	KUNIT_EXPECT_FALSE(test, bmmt_user_sees(addr_of(&t, 3), 23));
	KUNIT_EXPECT_EQ(test, page_ref_count(pages[2]), 1);
}

static void test_insert_many_nomem(struct kunit *test)
{
	struct page *pages[2] = { bmmt_page(test, 5), bmmt_page(test, 6) };
	unsigned long inserted;
	struct target t;
	int ret, fails = 0;

	target_init(test, &t);
	for (;;) {
		bmmt_fail_begin(test, fails + 1);
		ret = bmm_vma_insert_pages(t.mixed, addr_of(&t, 0), pages, 2, &inserted);
		if (!bmmt_fail_end())
			break;
		KUNIT_EXPECT_EQ(test, -ENOMEM, ret);
		KUNIT_EXPECT_EQ(test, inserted, 0);
		if (++fails > 10)
			break;
	}
	bmm_vma_unlock(&t.guard);
	KUNIT_EXPECT_EQ(test, 0, ret);
	KUNIT_EXPECT_EQ(test, inserted, 2);
	KUNIT_EXPECT_GE(test, fails, IS_ENABLED(CONFIG_BINDER_IPC_DEBUG) ? 2 : 1);
}

/* A compound page can be mapped as a whole or tail by tail. */
static void test_insert_compound(struct kunit *test)
{
	struct bmm_page p;
	struct page *head;
	struct target t;
	int i;

	target_init(test, &t);
	p = bmm_pages_alloc(GFP_KERNEL, 2);
	head = p.page;
	KUNIT_ASSERT_NOT_NULL(test, head);
	for (i = 0; i < 4; i++)
		memset(page_address(head + i), 30 + i, PAGE_SIZE);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, 0, bmm_vma_insert_page(t.mixed, addr_of(&t, 3 - i),
							     head + i));
	bmm_vma_unlock(&t.guard);
	KUNIT_EXPECT_EQ(test, page_ref_count(head), 5);

	/* The owner may leave first: the mapping keeps the pages. */
	get_page(head);
	bmm_pages_free(&p);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_TRUE(test, bmmt_user_sees(addr_of(&t, 3 - i), 30 + i));
	KUNIT_EXPECT_EQ(test, 0, vm_munmap(t.map->addr, PAGES * PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, page_ref_count(head), 1);
	put_page(head);
}

static void test_zap(struct kunit *test)
{
	struct page *pages[PAGES];
	unsigned long inserted;
	struct target t;
	struct bmm_vma v;
	int i;

	for (i = 0; i < PAGES; i++)
		pages[i] = bmmt_page(test, 40 + i);
	target_init(test, &t);
	v = bmm_vma_mixed_view(t.mixed);
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_insert_pages(t.mixed, addr_of(&t, 0), pages, PAGES,
						      &inserted));
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_zap(v, addr_of(&t, 1), 0));
	KUNIT_EXPECT_EQ(test, page_ref_count(pages[1]), 2);
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_zap(v, addr_of(&t, 1), 2 * PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, page_ref_count(pages[1]), 1);
	KUNIT_EXPECT_EQ(test, page_ref_count(pages[2]), 1);
	/* nothing there: nothing to do */
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_zap(v, addr_of(&t, 1), PAGE_SIZE));
	/* what was zapped may be filled again */
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_insert_page(t.mixed, addr_of(&t, 1), pages[2]));
	bmm_vma_unlock(&t.guard);

	KUNIT_EXPECT_TRUE(test, bmmt_user_sees(addr_of(&t, 0), 40));
	KUNIT_EXPECT_TRUE(test, bmmt_user_sees(addr_of(&t, 1), 42));
	KUNIT_EXPECT_FALSE(test, bmmt_user_sees(addr_of(&t, 2), 42));
	KUNIT_EXPECT_TRUE(test, bmmt_user_sees(addr_of(&t, 3), 43));
}

static void test_zap_bounds(struct kunit *test)
{
	unsigned long start, whole = PAGES * PAGE_SIZE;
	struct page *page = bmmt_page(test, 50);
	struct target t;
	struct bmm_vma v;

	target_init(test, &t);
	v = bmm_vma_mixed_view(t.mixed);
	start = addr_of(&t, 0);
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_insert_page(t.mixed, start, page));

	KUNIT_EXPECT_EQ(test, -EINVAL, bmm_vma_zap(v, start - PAGE_SIZE, 2 * PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, -EINVAL, bmm_vma_zap(v, start, whole + PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, -EINVAL, bmm_vma_zap(v, start + PAGE_SIZE, whole));
	KUNIT_EXPECT_EQ(test, -EINVAL, bmm_vma_zap(v, start + whole + PAGE_SIZE, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL, bmm_vma_zap(v, start + PAGE_SIZE, -PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, -EINVAL, bmm_vma_zap(v, start, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL, bmm_vma_zap(v, start + 1, PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_zap(v, start + whole, 0));
	KUNIT_EXPECT_EQ(test, page_ref_count(page), 2);

	KUNIT_EXPECT_EQ(test, 0, bmm_vma_zap(v, start, whole));
	KUNIT_EXPECT_EQ(test, page_ref_count(page), 1);
	bmm_vma_unlock(&t.guard);
}

/* A page that is missing is brought by ->fault, or by nobody. */
static void test_fault(struct kunit *test)
{
	struct bmmt_map *map;

	bmmt_lock_mode_init(test, test->param_value);
	map = bmmt_map(test, PAGES);
	KUNIT_EXPECT_FALSE(test, bmmt_user_sees(map->addr, 60));
	KUNIT_EXPECT_GE(test, map->faults, 1U);
	map->faults = 0;
	map->fault_page = bmmt_page(test, 60);
	KUNIT_EXPECT_TRUE(test, bmmt_user_sees(map->addr + PAGE_SIZE, 60));
	KUNIT_EXPECT_EQ(test, map->faults, 1U);
	KUNIT_EXPECT_TRUE(test, bmmt_user_sees(map->addr + PAGE_SIZE, 60));
	KUNIT_EXPECT_EQ(test, map->faults, 1U);
}

/* Without VM_MIXEDMAP only the write lock lets a first page in. */
static void test_mut(struct kunit *test)
{
	struct page *page = bmmt_page(test, 70), *other = bmmt_page(test, 71);
	struct bmmt_map *map = bmmt_file(test);
	struct bmm_vma_guard g __free(bmm_vma_guard) = { };
	struct bmm_vma_mixed mixed = { };
	struct bmm_user u;

	map->plain = true;
	bmmt_mmap(map, 0, PAGES, PROT_READ, 0);
	u = bmmt_user(test);
	KUNIT_ASSERT_EQ(test, 0, bmm_vma_lock(&g, u, map->addr, &map->id, BMM_WAIT));
	KUNIT_EXPECT_FALSE(test, bmm_vma_as_mixed(bmm_guard_vma(&g), &mixed));
	KUNIT_EXPECT_NULL(test, mixed.vma);
	bmm_vma_unlock(&g);
	{
		CLASS(bmm_mmap_write, w)(u);
		struct bmm_vma_mut m;

		KUNIT_ASSERT_TRUE(test, bmm_mmap_write_lookup(&w, map->addr, &m));
		KUNIT_EXPECT_EQ(test, -EINVAL, bmm_vma_mut_insert_page(m, map->addr + 1, page));
		KUNIT_EXPECT_EQ(test, -EFAULT,
				bmm_vma_mut_insert_page(m, map->addr + PAGES * PAGE_SIZE, page));
		KUNIT_EXPECT_FALSE(test, bmm_vma_as_mixed(bmm_vma_mut_view(m), &mixed));
		KUNIT_EXPECT_EQ(test, 0, bmm_vma_mut_insert_page(m, map->addr, page));
		KUNIT_EXPECT_EQ(test, -EBUSY, bmm_vma_mut_insert_page(m, map->addr, page));
		KUNIT_EXPECT_TRUE(test, bmm_vma_as_mixed(bmm_vma_mut_view(m), &mixed));
	}
	KUNIT_ASSERT_EQ(test, 0, bmm_vma_lock(&g, u, map->addr, &map->id, BMM_WAIT));
	KUNIT_EXPECT_TRUE(test, bmm_vma_as_mixed(bmm_guard_vma(&g), &mixed));
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_insert_page(mixed, map->addr + PAGE_SIZE, other));
	bmm_vma_unlock(&g);
	KUNIT_EXPECT_TRUE(test, bmmt_user_sees(map->addr, 70));
	KUNIT_EXPECT_TRUE(test, bmmt_user_sees(map->addr + PAGE_SIZE, 71));
}

static void make_pfnmap(struct bmmt_map *map, struct bmm_vma_new n)
{
	vm_flags_set(n.vma, VM_PFNMAP);
}

static void test_mut_pfnmap(struct kunit *test)
{
	struct page *page = bmmt_page(test, 80);
	struct bmmt_map *map = bmmt_file(test);
	struct bmm_vma_mixed mixed;
	struct bmm_vma_mut m;

	map->plain = true;
	map->on_mmap = make_pfnmap;
	bmmt_mmap(map, 0, PAGES, PROT_READ, 0);

	CLASS(bmm_mmap_write, w)(bmmt_user(test));
	KUNIT_ASSERT_TRUE(test, bmm_mmap_write_lookup(&w, map->addr, &m));
	KUNIT_EXPECT_EQ(test, -EINVAL, bmm_vma_mut_insert_page(m, map->addr, page));
	KUNIT_EXPECT_FALSE(test, bmm_vma_as_mixed(bmm_vma_mut_view(m), &mixed));
}

static struct kunit_case insert_cases[] = {
	KUNIT_CASE_PARAM(test_insert, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_insert_errors, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_insert_nomem, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_insert_many, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_insert_lots, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_insert_many_errors, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_insert_many_nomem, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_insert_compound, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_zap, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_zap_bounds, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_fault, bmmt_lock_mode_gen_params),
	KUNIT_CASE(test_mut),
	KUNIT_CASE(test_mut_pfnmap),
	{ }
};

static struct kunit_suite insert_suite = {
	.name = "binder_mm_insert",
	.test_cases = insert_cases,
};

kunit_test_suite(insert_suite);
