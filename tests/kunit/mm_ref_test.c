// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the references to an address space and of the guards of its lock.
 */
#include <linux/iopoll.h>
#include <linux/preempt.h>

#include "mm_fixture.h"

static int users(struct mm_struct *mm)
{
	return atomic_read(&mm->mm_users);
}

static int structs(struct mm_struct *mm)
{
	return atomic_read(&mm->mm_count);
}

/* A struct without a life, and an address space that ends with its one user. */
static struct mm_struct *lonely_mm(struct kunit *test)
{
	struct mm_struct *mm = mm_alloc();

	KUNIT_ASSERT_NOT_NULL(test, mm);
	KUNIT_ASSERT_EQ(test, users(mm), 1);
	return mm;
}

static void test_grab_drop(struct kunit *test)
{
	struct mm_struct *mm = lonely_mm(test);
	int before = structs(mm);
	struct bmm b = bmm_grab(mm);

	KUNIT_EXPECT_EQ(test, structs(mm), before + 1);
	KUNIT_EXPECT_EQ(test, users(mm), 1);
	KUNIT_EXPECT_PTR_EQ(test, bmm_as_raw(b), mm);
	KUNIT_EXPECT_PTR_EQ(test, bmm_as_raw(bmm_from_raw(mm)), mm);
	KUNIT_EXPECT_EQ(test, structs(mm), before + 1);
	KUNIT_EXPECT_FALSE(test, bmm_is_current(b));
	bmm_drop(b);
	KUNIT_EXPECT_EQ(test, structs(mm), before);
	mmput(mm);
}

static void test_get_not_zero(struct kunit *test)
{
	struct mm_struct *mm = lonely_mm(test);
	struct bmm b = bmm_grab(mm);
	struct bmm_user u = { };

	KUNIT_EXPECT_TRUE(test, bmm_get_not_zero(b, &u));
	KUNIT_EXPECT_PTR_EQ(test, u.mm, mm);
	KUNIT_EXPECT_EQ(test, users(mm), 2);
	KUNIT_EXPECT_PTR_EQ(test, bmm_as_raw(bmm_user_view(u)), mm);
	bmm_put(u);
	KUNIT_EXPECT_EQ(test, users(mm), 1);
	mmput(mm);
	bmm_drop(b);
}

static void test_get_from_dead(struct kunit *test)
{
	struct mm_struct *mm = lonely_mm(test);
	struct bmm b = bmm_grab(mm);
	struct bmm_user u = { (void *)1 };

	mmput(mm);
	KUNIT_EXPECT_EQ(test, users(mm), 0);
	KUNIT_EXPECT_FALSE(test, bmm_get_not_zero(b, &u));
	KUNIT_EXPECT_PTR_EQ(test, u.mm, (void *)1);
	KUNIT_EXPECT_EQ(test, users(mm), 0);
	bmm_drop(b);
}

static void test_user_clone(struct kunit *test)
{
	struct mm_struct *mm = lonely_mm(test);
	struct bmm_user u = bmm_user_from_raw(mm), again;

	KUNIT_EXPECT_PTR_EQ(test, u.mm, mm);
	KUNIT_EXPECT_EQ(test, users(mm), 1);
	again = bmm_user_get(u);
	KUNIT_EXPECT_PTR_EQ(test, again.mm, mm);
	KUNIT_EXPECT_EQ(test, users(mm), 2);
	bmm_put(again);
	KUNIT_EXPECT_EQ(test, users(mm), 1);
	bmm_put(u);
}

static void test_put_async(struct kunit *test)
{
	struct mm_struct *mm = lonely_mm(test);
	struct bmm b = bmm_grab(mm);
	struct bmm_user_async last = bmm_into_async(bmm_user_from_raw(mm)), u;
	int count;

	u = bmm_into_async(bmm_user_get(bmm_async_user(last)));
	KUNIT_EXPECT_PTR_EQ(test, bmm_async_user(u).mm, mm);
	KUNIT_EXPECT_EQ(test, users(mm), 2);

	/* Both from where a teardown would be a bug. */
	preempt_disable();
	bmm_put_async(u);
	KUNIT_EXPECT_EQ(test, users(mm), 1);
	bmm_put_async(last);
	KUNIT_EXPECT_EQ(test, users(mm), 0);
	KUNIT_EXPECT_GT(test, structs(mm), 1);
	preempt_enable();

	/* The worker gives back what the users held together. */
	KUNIT_EXPECT_EQ(test, 0, read_poll_timeout(structs, count, count == 1,
						   1000, 5000000, false, mm));
	bmm_drop(b);
}

static void test_current(struct kunit *test)
{
	struct bmm_user u = { (void *)1 };

	KUNIT_ASSERT_NULL(test, current->mm);
	KUNIT_EXPECT_FALSE(test, bmm_user_current(&u));
	KUNIT_EXPECT_PTR_EQ(test, u.mm, (void *)1);

	bmmt_map(test, 1);
	KUNIT_EXPECT_TRUE(test, bmm_user_current(&u));
	KUNIT_EXPECT_PTR_EQ(test, u.mm, current->mm);
	KUNIT_EXPECT_TRUE(test, bmm_is_current(bmm_user_view(u)));
}

static void test_free(struct kunit *test)
{
	struct mm_struct *mm = lonely_mm(test);
	int before = structs(mm);

	{
		struct bmm b __free(bmm_drop) = bmm_grab(mm);
		struct bmm_user u __free(bmm_put) = { };
		struct bmm_user moved __free(bmm_put) = { };
		struct bmm_user_async a __free(bmm_put_async) = { };
		struct bmm none __free(bmm_drop) = { };

		KUNIT_EXPECT_TRUE(test, bmm_get_not_zero(b, &u));
		KUNIT_EXPECT_TRUE(test, bmm_get_not_zero(b, &moved));
		KUNIT_EXPECT_EQ(test, users(mm), 3);
		a = bmm_into_async(bmm_take(moved));
		KUNIT_EXPECT_NULL(test, moved.mm);
		KUNIT_EXPECT_NULL(test, none.mm);
		KUNIT_EXPECT_EQ(test, structs(mm), before + 1);
	}
	KUNIT_EXPECT_EQ(test, users(mm), 1);
	KUNIT_EXPECT_EQ(test, structs(mm), before);
	mmput(mm);
}

/* A reader lets readers in, a writer nobody. */
static void try_lock(void *arg)
{
	struct bmm_mmap_read *r = arg;
	struct bmm_user u = { r->mm };

	*r = bmm_mmap_read_trylock(u);
	if (r->mm)
		bmm_mmap_read_unlock(r);
	else
		r->mm = ERR_PTR(-EAGAIN);
}

static bool other_may_read(struct kunit *test, struct bmm_user u)
{
	struct bmm_mmap_read r = { .mm = u.mm };

	bmmt_in_other_task(test, try_lock, &r);
	return !r.mm;
}

static void test_mmap_guards(struct kunit *test)
{
	struct bmm_user u;

	bmmt_map(test, 1);
	u = bmmt_user(test);
	{
		CLASS(bmm_mmap_read, r)(u);

		KUNIT_EXPECT_TRUE(test, bmm_mmap_read_held(&r));
		mmap_assert_locked(u.mm);
		KUNIT_EXPECT_TRUE(test, other_may_read(test, u));
		KUNIT_EXPECT_EQ(test, bmm_tickets_live(),
				IS_ENABLED(CONFIG_BINDER_IPC_DEBUG) ? 1 : 0);
	}
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&u.mm->mmap_lock));
	{
		CLASS(bmm_mmap_write, w)(u);

		KUNIT_EXPECT_PTR_EQ(test, w.mm, u.mm);
		mmap_assert_write_locked(u.mm);
		KUNIT_EXPECT_FALSE(test, other_may_read(test, u));
	}
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&u.mm->mmap_lock));
	KUNIT_EXPECT_EQ(test, bmm_tickets_live(), 0);
}

static void test_mmap_trylock(struct kunit *test)
{
	struct bmmt_writer writer = { };
	struct bmm_user u;

	bmmt_map(test, 1);
	u = bmmt_user(test);
	writer.mm = u.mm;
	bmmt_writer_start(test, &writer);
	{
		CLASS(bmm_mmap_read_try, r)(u);

		KUNIT_EXPECT_FALSE(test, bmm_mmap_read_held(&r));
	}
	bmmt_writer_stop(&writer);
	{
		CLASS(bmm_mmap_read_try, r)(u);

		KUNIT_EXPECT_TRUE(test, bmm_mmap_read_held(&r));
	}
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&u.mm->mmap_lock));
}

static void test_mmap_unlock_early(struct kunit *test)
{
	struct bmm_user u;

	bmmt_map(test, 1);
	u = bmmt_user(test);
	{
		CLASS(bmm_mmap_read, r)(u);

		bmm_mmap_read_unlock(&r);
		KUNIT_EXPECT_FALSE(test, bmm_mmap_read_held(&r));
		KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&u.mm->mmap_lock));
	}
	{
		CLASS(bmm_mmap_write, w)(u);

		bmm_mmap_write_unlock(&w);
		KUNIT_EXPECT_NULL(test, w.mm);
		KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&u.mm->mmap_lock));
	}
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&u.mm->mmap_lock));
}

/* The lock is waited for, not given up on. */
static void test_mmap_lock_waits(struct kunit *test)
{
	struct bmmt_writer writer = { .until_waited_for = true };
	struct bmm_user u;

	bmmt_map(test, 1);
	u = bmmt_user(test);
	writer.mm = u.mm;
	bmmt_writer_start(test, &writer);
	{
		CLASS(bmm_mmap_read, r)(u);

		KUNIT_EXPECT_TRUE(test, bmm_mmap_read_held(&r));
	}
	bmmt_writer_stop(&writer);

	bmmt_writer_start(test, &writer);
	{
		CLASS(bmm_mmap_write, w)(u);

		KUNIT_EXPECT_PTR_EQ(test, w.mm, u.mm);
	}
	bmmt_writer_stop(&writer);
}

/* Faults that are injected look like the real thing. */
static void test_injected(struct kunit *test)
{
	struct bmm_user u, got = { };

	if (!IS_ENABLED(CONFIG_BINDER_IPC_DEBUG))
		kunit_skip(test, "needs CONFIG_BINDER_IPC_DEBUG");
	bmmt_map(test, 1);
	u = bmmt_user(test);

	bmmt_fail_begin(test, 1);
	KUNIT_EXPECT_FALSE(test, bmm_get_not_zero(bmm_user_view(u), &got));
	KUNIT_EXPECT_TRUE(test, bmmt_fail_end());
	KUNIT_EXPECT_NULL(test, got.mm);

	bmmt_fail_begin(test, 1);
	{
		CLASS(bmm_mmap_read_try, r)(u);

		KUNIT_EXPECT_FALSE(test, bmm_mmap_read_held(&r));
	}
	KUNIT_EXPECT_TRUE(test, bmmt_fail_end());
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&u.mm->mmap_lock));
}

static struct kunit_case ref_cases[] = {
	KUNIT_CASE(test_grab_drop),
	KUNIT_CASE(test_get_not_zero),
	KUNIT_CASE(test_get_from_dead),
	KUNIT_CASE(test_user_clone),
	KUNIT_CASE(test_put_async),
	KUNIT_CASE(test_current),
	KUNIT_CASE(test_free),
	KUNIT_CASE(test_mmap_guards),
	KUNIT_CASE(test_mmap_trylock),
	KUNIT_CASE(test_mmap_unlock_early),
	KUNIT_CASE(test_mmap_lock_waits),
	KUNIT_CASE(test_injected),
	{ }
};

static struct kunit_suite ref_suite = {
	.name = "binder_mm_ref",
	.test_cases = ref_cases,
};

kunit_test_suite(ref_suite);
