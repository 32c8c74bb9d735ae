// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of finding a vma: which one, under which lock, and when not.
 */
#include <linux/mm.h>

#include "mm_fixture.h"

static unsigned long page_addr(struct bmmt_map *map, unsigned long nr)
{
	return map->addr + (nr << PAGE_SHIFT);
}

static int try_lock(struct bmmt_map *map, unsigned long addr, const struct bmm_vma_id *id)
{
	struct bmm_vma_guard g __free(bmm_vma_guard) = { };
	int ret = bmm_vma_lock(&g, bmmt_user(map->test), addr, id, BMM_TRY);

	KUNIT_EXPECT_EQ(map->test, bmm_guard_kind(&g) != BMM_LOCK_NONE, !ret);
	return ret;
}

/* All that a guard shows of its vma. */
static void expect_guarded(struct bmmt_map *map, struct bmm_vma_guard *g)
{
	struct kunit *test = map->test;
	struct bmm_vma v = bmm_guard_vma(g);

	KUNIT_EXPECT_EQ(test, bmm_vma_start(v), map->addr);
	KUNIT_EXPECT_EQ(test, bmm_vma_end(v), page_addr(map, 4));
	KUNIT_EXPECT_EQ(test, bmm_vma_flags(v) & (VM_READ | VM_WRITE | VM_EXEC), VM_READ);
	KUNIT_EXPECT_TRUE(test, bmm_vma_flags(v) & VM_MIXEDMAP);
	KUNIT_EXPECT_PTR_EQ(test, bmm_vma_mm(v).mm, map->mm);
	KUNIT_EXPECT_PTR_EQ(test, bmm_vma_as_raw(v)->vm_file, map->file);
	KUNIT_EXPECT_TRUE(test, bmm_vma_is(v, map->addr, &map->id));
}

static void test_lock(struct kunit *test)
{
	const struct bmmt_lock_mode *mode = test->param_value;
	enum bmm_lock_how how;
	struct bmmt_map *map;
	struct bmm_user u;

	bmmt_lock_mode_init(test, mode);
	map = bmmt_map(test, 4);
	u = bmmt_user(test);

	for (how = BMM_TRY; how <= BMM_WAIT; how++) {
		struct bmm_vma_guard g __free(bmm_vma_guard) = { };

		KUNIT_ASSERT_EQ(test, 0, bmm_vma_lock(&g, u, page_addr(map, 2) + 7,
						      &map->id, how));
		KUNIT_EXPECT_EQ(test, bmm_guard_kind(&g), mode->kind);
		KUNIT_EXPECT_EQ(test, rwsem_is_locked(&u.mm->mmap_lock), mode->mmap_lock);
		expect_guarded(map, &g);
	}
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&u.mm->mmap_lock));

	/* Nothing of ours is locked any more: a writer gets through. */
	mmap_write_lock(u.mm);
	vma_start_write(vma_lookup(u.mm, map->addr));
	mmap_write_unlock(u.mm);
	KUNIT_EXPECT_EQ(test, bmm_tickets_live(), 0);
}

static void test_unlock_early(struct kunit *test)
{
	const struct bmmt_lock_mode *mode = test->param_value;
	struct bmmt_map *map;

	bmmt_lock_mode_init(test, mode);
	map = bmmt_map(test, 4);
	{
		struct bmm_vma_guard g __free(bmm_vma_guard) = { };

		KUNIT_ASSERT_EQ(test, 0, bmm_vma_lock(&g, bmmt_user(test), map->addr,
						      &map->id, BMM_TRY));
		bmm_vma_unlock(&g);
		KUNIT_EXPECT_EQ(test, bmm_guard_kind(&g), BMM_LOCK_NONE);
		KUNIT_EXPECT_NULL(test, g.vma);
		KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&current->mm->mmap_lock));

		/* and may be used again */
		KUNIT_EXPECT_EQ(test, 0, bmm_vma_lock(&g, bmmt_user(test), map->addr,
						      &map->id, BMM_WAIT));
	}
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&current->mm->mmap_lock));
}

static void test_bounds(struct kunit *test)
{
	struct bmmt_map *map;

	bmmt_lock_mode_init(test, test->param_value);
	map = bmmt_map(test, 4);
	vm_munmap(page_addr(map, 3), PAGE_SIZE);

	KUNIT_EXPECT_EQ(test, 0, try_lock(map, map->addr, &map->id));
	KUNIT_EXPECT_EQ(test, 0, try_lock(map, page_addr(map, 3) - 1, &map->id));
	KUNIT_EXPECT_EQ(test, -ENOENT, try_lock(map, page_addr(map, 3), &map->id));
	KUNIT_EXPECT_EQ(test, -ENOENT, try_lock(map, 0, &map->id));
	KUNIT_EXPECT_EQ(test, -ENOENT, try_lock(map, ULONG_MAX, &map->id));
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&current->mm->mmap_lock));
}

static void test_identity(struct kunit *test)
{
	static const struct vm_operations_struct foreign_ops = { };
	struct bmm_vma_id id;
	struct bmmt_map *map;

	bmmt_lock_mode_init(test, test->param_value);
	map = bmmt_map(test, 4);

	id = map->id;
	id.ops = &foreign_ops;
	KUNIT_EXPECT_EQ(test, -ENOENT, try_lock(map, map->addr, &id));
	id = map->id;
	id.private = &id;
	KUNIT_EXPECT_EQ(test, -ENOENT, try_lock(map, map->addr, &id));
	id = map->id;
	id.pgoff++;
	KUNIT_EXPECT_EQ(test, -ENOENT, try_lock(map, map->addr, &id));
	id = map->id;
	id.start -= PAGE_SIZE;
	KUNIT_EXPECT_EQ(test, -ENOENT, try_lock(map, map->addr, &id));

	/* The part from the third page on is as good as the whole ... */
	id = map->id;
	id.start += 2 * PAGE_SIZE;
	id.pgoff += 2;
	KUNIT_EXPECT_EQ(test, 0, try_lock(map, page_addr(map, 2), &id));
	KUNIT_EXPECT_EQ(test, 0, try_lock(map, page_addr(map, 4) - 1, &id));
	/* ... and does not include what is before. */
	KUNIT_EXPECT_EQ(test, -ENOENT, try_lock(map, page_addr(map, 2) - 1, &id));
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&current->mm->mmap_lock));
}

/* The last page of a file would look like one before the first. */
static void test_identity_wraps(struct kunit *test)
{
	struct bmmt_map *map = bmmt_file(test);
	struct bmm_vma_id id;

	bmmt_lock_mode_init(test, test->param_value);
	bmmt_mmap(map, 0, 1, PROT_READ, (ULONG_MAX >> PAGE_SHIFT) - 1);
	id = map->id;
	id.start = map->addr + 2 * PAGE_SIZE;
	id.pgoff = 0;
	KUNIT_EXPECT_EQ(test, -ENOENT, try_lock(map, map->addr, &id));
	KUNIT_EXPECT_EQ(test, 0, try_lock(map, map->addr, &map->id));
}

/* Something else has been mapped where ours was. */
static void test_replaced(struct kunit *test)
{
	struct bmmt_map *map, *other;
	struct bmm_vma_id id;
	unsigned long addr;

	bmmt_lock_mode_init(test, test->param_value);
	map = bmmt_map(test, 4);
	id = map->id;
	addr = map->addr;

	KUNIT_ASSERT_EQ(test, addr, kunit_vm_mmap(test, NULL, addr, 4 * PAGE_SIZE, PROT_READ,
						  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, 0));
	KUNIT_EXPECT_EQ(test, -ENOENT, try_lock(map, addr, &id));

	/* another file of the same driver */
	other = bmmt_file(test);
	bmmt_mmap(other, addr, 4, PROT_READ, 0);
	KUNIT_EXPECT_EQ(test, -ENOENT, try_lock(map, addr, &id));
	KUNIT_EXPECT_EQ(test, 0, try_lock(map, addr, &other->id));

	/* the same file, one page further on: every page has another address */
	bmmt_mmap(map, addr, 4, PROT_READ, 1);
	KUNIT_EXPECT_EQ(test, -ENOENT, try_lock(map, addr, &id));
	KUNIT_EXPECT_EQ(test, -ENOENT, try_lock(map, addr + PAGE_SIZE, &id));

	/* back as it was */
	bmmt_mmap(map, addr, 4, PROT_READ, 0);
	KUNIT_EXPECT_EQ(test, 0, try_lock(map, addr, &id));
}

/* User space cuts a hole: both pieces are still ours, the hole is not. */
static void test_split(struct kunit *test)
{
	struct bmm_vma_guard g __free(bmm_vma_guard) = { };
	struct bmmt_map *map;

	bmmt_lock_mode_init(test, test->param_value);
	map = bmmt_map(test, 4);
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(page_addr(map, 1), PAGE_SIZE));

	KUNIT_EXPECT_EQ(test, 0, try_lock(map, map->addr, &map->id));
	KUNIT_EXPECT_EQ(test, -ENOENT, try_lock(map, page_addr(map, 1), &map->id));
	KUNIT_ASSERT_EQ(test, 0, bmm_vma_lock(&g, bmmt_user(test), page_addr(map, 3),
					      &map->id, BMM_TRY));
	KUNIT_EXPECT_EQ(test, bmm_vma_start(bmm_guard_vma(&g)), page_addr(map, 2));
	KUNIT_EXPECT_EQ(test, bmm_vma_end(bmm_guard_vma(&g)), page_addr(map, 4));
}

static void test_contention(struct kunit *test)
{
	const struct bmmt_lock_mode *mode = test->param_value;
	struct bmmt_writer w = { };
	struct bmmt_map *map;

	bmmt_lock_mode_init(test, mode);
	map = bmmt_map(test, 4);
	w.mm = current->mm;

	/* A writer that is busy elsewhere is only in the way of the mmap lock. */
	bmmt_writer_start(test, &w);
	KUNIT_EXPECT_EQ(test, try_lock(map, map->addr, &map->id),
			mode->mmap_lock ? -EAGAIN : 0);
	bmmt_writer_stop(&w);

	/* One that changes this vma is in the way of both. */
	w.addr = map->addr;
	bmmt_writer_start(test, &w);
	KUNIT_EXPECT_EQ(test, -EAGAIN, try_lock(map, map->addr, &map->id));
	bmmt_writer_stop(&w);
	KUNIT_EXPECT_EQ(test, 0, try_lock(map, map->addr, &map->id));
}

static void test_contention_wait(struct kunit *test)
{
	struct bmm_vma_guard g __free(bmm_vma_guard) = { };
	struct bmmt_writer w = { .until_waited_for = true };
	struct bmmt_map *map;

	bmmt_lock_mode_init(test, test->param_value);
	map = bmmt_map(test, 4);
	w.mm = current->mm;
	w.addr = map->addr;

	bmmt_writer_start(test, &w);
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_lock(&g, bmmt_user(test), map->addr,
					      &map->id, BMM_WAIT));
	/* Having waited for the mmap lock, it keeps that one. */
	KUNIT_EXPECT_EQ(test, bmm_guard_kind(&g), BMM_LOCK_MMAP);
	bmmt_writer_stop(&w);
}

static void test_trylock_rcu(struct kunit *test)
{
	const struct bmmt_lock_mode *mode = test->param_value;
	struct bmm_vma_guard g __free(bmm_vma_guard) = { };
	struct bmmt_writer w = { };
	struct bmmt_map *map;

	bmmt_lock_mode_init(test, mode);
	map = bmmt_map(test, 4);
	w.mm = current->mm;
	w.addr = map->addr;

	KUNIT_EXPECT_EQ(test, bmm_vma_trylock_rcu(&g, bmmt_user(test), map->addr),
			!mode->mmap_lock);
	if (!mode->mmap_lock) {
		KUNIT_EXPECT_EQ(test, bmm_guard_kind(&g), BMM_LOCK_VMA);
		expect_guarded(map, &g);
		bmm_vma_unlock(&g);
	}

	bmmt_writer_start(test, &w);
	KUNIT_EXPECT_FALSE(test, bmm_vma_trylock_rcu(&g, bmmt_user(test), map->addr));
	bmmt_writer_stop(&w);

	vm_munmap(map->addr, PAGE_SIZE);
	KUNIT_EXPECT_FALSE(test, bmm_vma_trylock_rcu(&g, bmmt_user(test), map->addr));
	KUNIT_EXPECT_EQ(test, bmm_guard_kind(&g), BMM_LOCK_NONE);
}

struct second_guard {
	struct bmmt_map *map;
	struct bmm_user user;
	int ret;
};

static void take_second(void *arg)
{
	struct bmm_vma_guard g __free(bmm_vma_guard) = { };
	struct second_guard *second = arg;

	second->ret = bmm_vma_lock(&g, second->user, page_addr(second->map, 3),
				   &second->map->id, BMM_TRY);
	if (!second->ret)
		expect_guarded(second->map, &g);
}

/* Guards of one vma do not disturb each other. */
static void test_shared(struct kunit *test)
{
	struct bmm_vma_guard g __free(bmm_vma_guard) = { };
	struct second_guard second = { .ret = 1 };

	bmmt_lock_mode_init(test, test->param_value);
	second.map = bmmt_map(test, 4);
	second.user = bmmt_user(test);
	KUNIT_ASSERT_EQ(test, 0, bmm_vma_lock(&g, second.user, second.map->addr,
					      &second.map->id, BMM_TRY));
	bmmt_in_other_task(test, take_second, &second);
	KUNIT_EXPECT_EQ(test, second.ret, 0);
	expect_guarded(second.map, &g);
}

static void test_mmap_lookup(struct kunit *test)
{
	struct bmmt_map *map = bmmt_map(test, 4);
	struct bmm_user u = bmmt_user(test);
	struct bmm_vma v = { };
	struct bmm_vma_mut m = { };

	vm_munmap(page_addr(map, 3), PAGE_SIZE);
	{
		CLASS(bmm_mmap_read, r)(u);

		KUNIT_EXPECT_FALSE(test, bmm_mmap_read_lookup(&r, page_addr(map, 3), &v));
		KUNIT_EXPECT_NULL(test, v.vma);
		KUNIT_EXPECT_TRUE(test, bmm_mmap_read_lookup(&r, map->addr, &v));
		KUNIT_EXPECT_EQ(test, bmm_vma_end(v), page_addr(map, 3));
		KUNIT_EXPECT_TRUE(test, bmm_vma_is(v, map->addr, &map->id));
	}
	{
		CLASS(bmm_mmap_write, w)(u);

		KUNIT_EXPECT_FALSE(test, bmm_mmap_write_lookup(&w, page_addr(map, 3), &m));
		KUNIT_EXPECT_NULL(test, m.vma);
		KUNIT_EXPECT_TRUE(test, bmm_mmap_write_lookup(&w, map->addr, &m));
		KUNIT_EXPECT_EQ(test, bmm_vma_start(bmm_vma_mut_view(m)), map->addr);
	}
}

static void test_from_raw(struct kunit *test)
{
	struct bmmt_map *map = bmmt_map(test, 4);
	struct bmm_user u = bmmt_user(test);
	struct bmm_vma_id id = map->id;
	struct bmm_vma v;

	CLASS(bmm_mmap_read, r)(u);
	v = bmm_vma_from_raw(vma_lookup(u.mm, map->addr));
	KUNIT_EXPECT_EQ(test, bmm_vma_start(v), map->addr);
	KUNIT_EXPECT_TRUE(test, bmm_vma_is(v, map->addr, &id));
	id.pgoff++;
	KUNIT_EXPECT_FALSE(test, bmm_vma_is(v, map->addr, &id));
}

/* The contended lock that fault injection makes looks like a real one. */
static void test_injected(struct kunit *test)
{
	struct bmm_vma_guard g __free(bmm_vma_guard) = { };
	struct bmmt_map *map;

	if (!IS_ENABLED(CONFIG_BINDER_IPC_DEBUG))
		kunit_skip(test, "needs CONFIG_BINDER_IPC_DEBUG");
	map = bmmt_map(test, 4);

	bmmt_fail_begin(test, 1);
	KUNIT_EXPECT_EQ(test, -EAGAIN, try_lock(map, map->addr, &map->id));
	KUNIT_EXPECT_TRUE(test, bmmt_fail_end());

	/* Who waits for a lock gets it. */
	bmmt_fail_begin(test, 1);
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_lock(&g, bmmt_user(test), map->addr,
					      &map->id, BMM_WAIT));
	KUNIT_EXPECT_FALSE(test, bmmt_fail_end());
}

static struct kunit_case vma_cases[] = {
	KUNIT_CASE_PARAM(test_lock, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_unlock_early, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_bounds, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_identity, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_identity_wraps, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_replaced, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_split, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_contention, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_contention_wait, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_trylock_rcu, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_shared, bmmt_lock_mode_gen_params),
	KUNIT_CASE(test_mmap_lookup),
	KUNIT_CASE(test_from_raw),
	KUNIT_CASE(test_injected),
	{ }
};

static struct kunit_suite vma_suite = {
	.name = "binder_mm_vma",
	.test_cases = vma_cases,
};

kunit_test_suite(vma_suite);
