// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of a vma inside ->mmap.
 *
 * Each case maps a file whose ->mmap runs the test, then looks at what became
 * of the vma.
 */
#include <linux/mm.h>

#include "mm_fixture.h"

static vm_flags_t flags_of(struct bmmt_map *map)
{
	struct bmm_vma v;

	CLASS(bmm_mmap_read, r)(bmmt_user(map->test));
	KUNIT_ASSERT_TRUE(map->test, bmm_mmap_read_lookup(&r, map->addr, &v));
	return bmm_vma_flags(v);
}

/* Map with @prot, running @on_mmap; the flags that the vma ends up with. */
static vm_flags_t map_with(struct kunit *test, unsigned long prot,
			   void (*on_mmap)(struct bmmt_map *map, struct bmm_vma_new n))
{
	struct bmmt_map *map = bmmt_file(test);

	map->plain = true;
	map->on_mmap = on_mmap;
	bmmt_mmap(map, 0, 2, prot, 0);
	return flags_of(map);
}

#define FLAGS_SET (VM_MIXEDMAP | VM_IO | VM_DONTEXPAND | VM_DONTCOPY | VM_DONTDUMP)

static void set_mixedmap(struct bmmt_map *map, struct bmm_vma_new n)
{
	bmm_vma_new_set_mixedmap(n);
}

static void set_io(struct bmmt_map *map, struct bmm_vma_new n)
{
	bmm_vma_new_set_io(n);
}

static void set_dontexpand(struct bmmt_map *map, struct bmm_vma_new n)
{
	bmm_vma_new_set_dontexpand(n);
}

static void set_dontcopy(struct bmmt_map *map, struct bmm_vma_new n)
{
	bmm_vma_new_set_dontcopy(n);
}

static void set_dontdump(struct bmmt_map *map, struct bmm_vma_new n)
{
	bmm_vma_new_set_dontdump(n);
}

static void set_all(struct bmmt_map *map, struct bmm_vma_new n)
{
	bmm_vma_new_set_mixedmap(n);
	bmm_vma_new_set_io(n);
	bmm_vma_new_set_dontexpand(n);
	bmm_vma_new_set_dontcopy(n);
	bmm_vma_new_set_dontdump(n);
}

/* Each setter sets its flag and no other. */
static void test_setters(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, map_with(test, PROT_READ, NULL) & FLAGS_SET, 0);
	KUNIT_EXPECT_EQ(test, map_with(test, PROT_READ, set_mixedmap) & FLAGS_SET, VM_MIXEDMAP);
	KUNIT_EXPECT_EQ(test, map_with(test, PROT_READ, set_io) & FLAGS_SET, VM_IO);
	KUNIT_EXPECT_EQ(test, map_with(test, PROT_READ, set_dontexpand) & FLAGS_SET,
			VM_DONTEXPAND);
	KUNIT_EXPECT_EQ(test, map_with(test, PROT_READ, set_dontcopy) & FLAGS_SET, VM_DONTCOPY);
	KUNIT_EXPECT_EQ(test, map_with(test, PROT_READ, set_dontdump) & FLAGS_SET, VM_DONTDUMP);
	KUNIT_EXPECT_EQ(test, map_with(test, PROT_READ, set_all) & FLAGS_SET, FLAGS_SET);
}

/* What user space asked for, in the order of the parameters. */
struct access {
	const char *name;
	unsigned long prot;
	vm_flags_t access;
	vm_flags_t may;
};

static const struct access accesses[] = {
	{ "none", PROT_NONE, 0, 0 },
	{ "read", PROT_READ, VM_READ, VM_MAYREAD },
	{ "write", PROT_WRITE, VM_WRITE, VM_MAYWRITE },
	{ "execute", PROT_NONE, VM_EXEC, VM_MAYEXEC },
};

KUNIT_ARRAY_PARAM_DESC(access, accesses, name);

/* The file may be on a mount without execution: make the flags oneself. */
static void allow_only(struct bmm_vma_new n, vm_flags_t access)
{
	vm_flags_clear(n.vma, VM_READ | VM_WRITE | VM_EXEC);
	vm_flags_set(n.vma, access | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC);
}

static void check_access(struct bmmt_map *map, struct bmm_vma_new n)
{
	const struct access *a = map->test->param_value;
	struct kunit *test = map->test;

	allow_only(n, a->access);
	KUNIT_EXPECT_EQ(test, bmm_vma_new_readable(n), a->access == VM_READ);
	KUNIT_EXPECT_EQ(test, bmm_vma_new_writable(n), a->access == VM_WRITE);
	KUNIT_EXPECT_EQ(test, bmm_vma_new_executable(n), a->access == VM_EXEC);
	KUNIT_EXPECT_EQ(test, bmm_vma_flags(bmm_vma_new_view(n)) &
			(VM_READ | VM_WRITE | VM_EXEC), a->access);
}

static void test_access(struct kunit *test)
{
	const struct access *a = test->param_value;

	map_with(test, a->prot, check_access);
}

static void forbid_all(struct bmmt_map *map, struct bmm_vma_new n)
{
	const struct access *a = map->test->param_value;
	struct kunit *test = map->test;

	allow_only(n, a->access);
	KUNIT_EXPECT_EQ(test, bmm_vma_new_try_clear_mayread(n),
			a->access == VM_READ ? -EINVAL : 0);
	KUNIT_EXPECT_EQ(test, bmm_vma_new_try_clear_maywrite(n),
			a->access == VM_WRITE ? -EINVAL : 0);
	KUNIT_EXPECT_EQ(test, bmm_vma_new_try_clear_mayexec(n),
			a->access == VM_EXEC ? -EINVAL : 0);
	/* again: there is nothing left to clear, which is no error */
	KUNIT_EXPECT_EQ(test, bmm_vma_new_try_clear_mayread(n),
			a->access == VM_READ ? -EINVAL : 0);
}

/* All that is not in use can be forbidden, and nothing that is. */
static void test_try_clear(struct kunit *test)
{
	const struct access *a = test->param_value;

	KUNIT_EXPECT_EQ(test, map_with(test, a->prot, forbid_all) &
			(VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC), a->may);
}

static void forbid_write(struct bmmt_map *map, struct bmm_vma_new n)
{
	KUNIT_EXPECT_EQ(map->test, 0, bmm_vma_new_try_clear_maywrite(n));
}

/* Each clears its own flag only. */
static void test_try_clear_one(struct kunit *test)
{
	vm_flags_t flags = map_with(test, PROT_READ, forbid_write);

	KUNIT_EXPECT_EQ(test, flags & (VM_MAYREAD | VM_MAYWRITE), VM_MAYREAD);
}

static const struct vm_operations_struct bound_ops = { };

static void bind(struct bmmt_map *map, struct bmm_vma_new n)
{
	map->id = bmm_vma_new_bind(n, &bound_ops, &map->id);
	KUNIT_EXPECT_PTR_EQ(map->test, map->id.ops, &bound_ops);
	KUNIT_EXPECT_PTR_EQ(map->test, map->id.private, (const void *)&map->id);
	KUNIT_EXPECT_EQ(map->test, map->id.pgoff, 3);
	KUNIT_EXPECT_TRUE(map->test, bmm_vma_is(bmm_vma_new_view(n), map->id.start, &map->id));
}

/* The identity that ->mmap got finds the vma later. */
static void test_bind(struct kunit *test)
{
	struct bmm_vma_guard g __free(bmm_vma_guard) = { };
	struct bmmt_map *map = bmmt_file(test);

	map->on_mmap = bind;
	bmmt_mmap(map, 0, 2, PROT_READ, 3);
	KUNIT_EXPECT_EQ(test, map->id.start, map->addr);
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_lock(&g, bmmt_user(test), map->addr,
					      &map->id, BMM_TRY));
}

static void insert_at_once(struct bmmt_map *map, struct bmm_vma_new n)
{
	struct bmm_vma_mixed m = bmm_vma_new_set_mixedmap(n);

	KUNIT_EXPECT_EQ(map->test, 0, bmm_vma_insert_page(m, map->id.start, map->fault_page));
}

/* A driver that has its pages ready may map them before mmap() returns. */
static void test_insert(struct kunit *test)
{
	struct bmmt_map *map = bmmt_file(test);

	map->plain = true;
	map->on_mmap = insert_at_once;
	map->fault_page = bmmt_page(test, 0x77);
	bmmt_mmap(map, 0, 2, PROT_READ, 0);
	KUNIT_EXPECT_TRUE(test, bmmt_user_sees(map->addr, 0x77));
	KUNIT_EXPECT_EQ(test, map->faults, 0U);
}

static struct kunit_case vma_new_cases[] = {
	KUNIT_CASE(test_setters),
	KUNIT_CASE_PARAM(test_access, access_gen_params),
	KUNIT_CASE_PARAM(test_try_clear, access_gen_params),
	KUNIT_CASE(test_try_clear_one),
	KUNIT_CASE(test_bind),
	KUNIT_CASE(test_insert),
	{ }
};

static struct kunit_suite vma_new_suite = {
	.name = "binder_mm_vma_new",
	.test_cases = vma_new_cases,
};

kunit_test_suite(vma_new_suite);
