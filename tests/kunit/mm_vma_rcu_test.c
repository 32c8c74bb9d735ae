// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of looking at a vma under RCU alone.
 */
#include <kunit/static_stub.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mmu_context.h>

#include "mm/vma_rcu.h"
#include "mm_fixture.h"

static struct bmmt_map *rcu_map(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_PER_VMA_LOCK))
		kunit_skip(test, "needs CONFIG_PER_VMA_LOCK");
	return bmmt_map(test, 4);
}

static void test_look(struct kunit *test)
{
	struct bmmt_map *map = bmmt_file(test);
	struct bmm_vma_rcu r = { };
	struct bmm_user u;

	if (!IS_ENABLED(CONFIG_PER_VMA_LOCK))
		kunit_skip(test, "needs CONFIG_PER_VMA_LOCK");
	bmmt_mmap(map, 0, 4, PROT_READ, 7);
	u = bmmt_user(test);
	KUNIT_ASSERT_EQ(test, 0, bmm_vma_rcu_lookup(u, map->addr + PAGE_SIZE + 9, &r));
	KUNIT_EXPECT_EQ(test, r.start, map->addr);
	KUNIT_EXPECT_EQ(test, r.end, map->addr + 4 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, r.pgoff, 7);
	KUNIT_EXPECT_EQ(test, r.flags & (VM_READ | VM_WRITE | VM_MIXEDMAP),
			VM_READ | VM_MIXEDMAP);
	KUNIT_EXPECT_TRUE(test, bmm_vma_rcu_is(&r, map->addr, &map->id));
	KUNIT_EXPECT_TRUE(test, bmm_vma_rcu_unchanged(u, r.seq));
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&u.mm->mmap_lock));
}

static void test_identity(struct kunit *test)
{
	static const struct vm_operations_struct foreign_ops = { };
	struct bmmt_map *map = rcu_map(test);
	struct bmm_vma_rcu r = { };
	struct bmm_vma_id id;

	KUNIT_ASSERT_EQ(test, 0, bmm_vma_rcu_lookup(bmmt_user(test), map->addr, &r));
	id = map->id;
	id.ops = &foreign_ops;
	KUNIT_EXPECT_FALSE(test, bmm_vma_rcu_is(&r, map->addr, &id));
	id = map->id;
	id.private = &id;
	KUNIT_EXPECT_FALSE(test, bmm_vma_rcu_is(&r, map->addr, &id));
	id = map->id;
	id.pgoff++;
	KUNIT_EXPECT_FALSE(test, bmm_vma_rcu_is(&r, map->addr, &id));
	id = map->id;
	id.start += PAGE_SIZE;
	id.pgoff++;
	KUNIT_EXPECT_FALSE(test, bmm_vma_rcu_is(&r, map->addr, &id));
	KUNIT_EXPECT_TRUE(test, bmm_vma_rcu_is(&r, map->addr + PAGE_SIZE, &id));
}

/* The last page of a file would look like one before the first. */
static void test_identity_wraps(struct kunit *test)
{
	struct bmmt_map *map = rcu_map(test);
	struct bmm_vma_rcu r = { };
	struct bmm_vma_id id;

	bmmt_mmap(map, map->addr, 1, PROT_READ, (ULONG_MAX >> PAGE_SHIFT) - 1);
	KUNIT_ASSERT_EQ(test, 0, bmm_vma_rcu_lookup(bmmt_user(test), map->addr, &r));
	id = map->id;
	id.start = map->addr + 2 * PAGE_SIZE;
	id.pgoff = 0;
	KUNIT_EXPECT_FALSE(test, bmm_vma_rcu_is(&r, map->addr, &id));
	KUNIT_EXPECT_TRUE(test, bmm_vma_rcu_is(&r, map->addr, &map->id));
}

static void test_nothing_there(struct kunit *test)
{
	struct bmmt_map *map = rcu_map(test);
	struct bmm_vma_rcu r = { .seq = 99 };

	vm_munmap(map->addr + 3 * PAGE_SIZE, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, -ENOENT, bmm_vma_rcu_lookup(bmmt_user(test),
							  map->addr + 3 * PAGE_SIZE, &r));
	KUNIT_EXPECT_EQ(test, r.seq, 99U);
}

/* A writer at work, whatever it works on, is in the way. */
static void test_writer(struct kunit *test)
{
	struct bmmt_map *map = rcu_map(test);
	struct bmm_vma_rcu r = { .seq = 99 };

	CLASS(bmm_mmap_write, w)(bmmt_user(test));
	KUNIT_EXPECT_EQ(test, -EAGAIN, bmm_vma_rcu_lookup(bmmt_user(test), map->addr, &r));
	KUNIT_EXPECT_EQ(test, r.seq, 99U);
}

static bool let_writer_in(struct bmm_user u, unsigned int seq)
{
	struct kunit *test = kunit_get_current_test();

	kunit_deactivate_static_stub(test, bmm_vma_rcu_unchanged);

	/* A write lock that does not sleep, for this is inside an RCU section. */
	if (down_write_trylock(&u.mm->mmap_lock)) {
		mm_lock_seqcount_begin(u.mm);
		mmap_write_unlock(u.mm);
	}
	return bmm_vma_rcu_unchanged(u, seq);
}

/* A writer comes and goes while the fields are read: nothing is handed out. */
static void test_writer_meanwhile(struct kunit *test)
{
	struct bmmt_map *map = rcu_map(test);
	struct bmm_user u = bmmt_user(test);
	struct bmm_vma_rcu r = { .seq = 99 }, outside = { };
	int err;

	kunit_activate_static_stub(test, bmm_vma_rcu_unchanged, let_writer_in);
	/* Not for whoever is not part of the test. */
	current->kunit_test = NULL;
	err = bmm_vma_rcu_lookup(u, map->addr, &outside);
	current->kunit_test = test;
	KUNIT_EXPECT_EQ(test, 0, err);
	KUNIT_EXPECT_EQ(test, outside.start, map->addr);

	KUNIT_EXPECT_EQ(test, -EAGAIN, bmm_vma_rcu_lookup(bmmt_user(test), map->addr, &r));
	KUNIT_EXPECT_EQ(test, r.seq, 99U);
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_rcu_lookup(bmmt_user(test), map->addr, &r));
}

/* What was seen is a copy: it survives the vma, and is known to be old. */
static void test_stale(struct kunit *test)
{
	struct bmmt_map *map = rcu_map(test);
	struct bmm_user u = bmmt_user(test);
	struct bmm_vma_rcu before = { }, after = { };

	KUNIT_ASSERT_EQ(test, 0, bmm_vma_rcu_lookup(u, map->addr, &before));
	vm_munmap(map->addr + 2 * PAGE_SIZE, 2 * PAGE_SIZE);
	KUNIT_EXPECT_FALSE(test, bmm_vma_rcu_unchanged(u, before.seq));
	KUNIT_EXPECT_EQ(test, before.end, map->addr + 4 * PAGE_SIZE);

	KUNIT_ASSERT_EQ(test, 0, bmm_vma_rcu_lookup(u, map->addr, &after));
	KUNIT_EXPECT_EQ(test, after.end, map->addr + 2 * PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, bmm_vma_rcu_unchanged(u, after.seq));
}

/* A task that cuts the mapping in two and makes it whole, over and over. */
struct changer {
	struct bmmt_map *map;
	unsigned long errors;
	struct completion done;
};

#define ROUNDS 10

static int change_thread(void *arg)
{
	struct changer *c = arg;
	int i;

	kthread_use_mm(c->map->mm);
	for (i = 0; i < ROUNDS; i++) {
		if (vm_munmap(c->map->addr + 2 * PAGE_SIZE, 2 * PAGE_SIZE))
			c->errors++;
		schedule_timeout_uninterruptible(3);
		if (vm_mmap(c->map->file, c->map->addr, 4 * PAGE_SIZE, PROT_READ,
			    MAP_SHARED | MAP_FIXED, 0) != c->map->addr)
			c->errors++;
		schedule_timeout_uninterruptible(3);
	}
	kthread_unuse_mm(c->map->mm);
	complete(&c->done);
	return 0;
}

/* Readers beside a writer see it before or after, never half of it. */
static void test_race(struct kunit *test)
{
	struct changer c = { .map = rcu_map(test) };
	unsigned long seen[2] = { }, wrong = 0, tries = 0;
	unsigned long addr = c.map->addr;
	struct bmm_user u = bmmt_user(test);
	struct bmm_vma_id id = c.map->id;
	struct task_struct *task;

	init_completion(&c.done);
	task = kthread_run(change_thread, &c, "bmmt_changer");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	while (!completion_done(&c.done)) {
		struct bmm_vma_rcu r;

		if (!bmm_vma_rcu_lookup(u, addr, &r)) {
			bool whole = r.end == addr + 4 * PAGE_SIZE;

			seen[whole]++;
			if (r.start != addr || !bmm_vma_rcu_is(&r, addr, &id) ||
			    (!whole && r.end != addr + 2 * PAGE_SIZE))
				wrong++;
		}
		/* Let a clock that counts sleeps only go on. */
		if (!(++tries % 128))
			schedule_timeout_uninterruptible(1);
	}

	KUNIT_EXPECT_EQ(test, c.errors, 0);
	KUNIT_EXPECT_EQ(test, wrong, 0);
	KUNIT_EXPECT_GT(test, seen[false], 0);
	KUNIT_EXPECT_GT(test, seen[true], 0);
}

static void test_unsupported(struct kunit *test)
{
	struct bmmt_map *map = bmmt_map(test, 4);
	struct bmm_vma_rcu r = { .seq = 99 };

	bmmt_no_vma_lock(test);
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, bmm_vma_rcu_lookup(bmmt_user(test), map->addr, &r));
	KUNIT_EXPECT_EQ(test, r.seq, 99U);
}

static struct kunit_case vma_rcu_cases[] = {
	KUNIT_CASE(test_look),
	KUNIT_CASE(test_identity),
	KUNIT_CASE(test_identity_wraps),
	KUNIT_CASE(test_nothing_there),
	KUNIT_CASE(test_writer),
	KUNIT_CASE(test_writer_meanwhile),
	KUNIT_CASE(test_stale),
	KUNIT_CASE_SLOW(test_race),
	KUNIT_CASE(test_unsupported),
	{ }
};

static struct kunit_suite vma_rcu_suite = {
	.name = "binder_mm_vma_rcu",
	.test_cases = vma_rcu_cases,
};

kunit_test_suite(vma_rcu_suite);
