// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the shrinker: what it takes, of whom, and what gets in its way.
 */
#include <kunit/static_stub.h>
#include <linux/file.h>
#include <linux/kthread.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "arena_fixture.h"

static void test_counts_exactly(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_256K);
	struct arena_buf *b;

	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 0);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 100), 0);
	b = arenat_reserve(rx, 50 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 0);
	arenat_release(rx, b);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 50);

	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 0), 0);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 1), 1);
	ARENAT_EXPECT(test, rx->a, 0, 49, 15);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 17), 17);
	ARENAT_EXPECT(test, rx->a, 0, 32, 32);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 32);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 1000), 32);
	ARENAT_EXPECT(test, rx->a, 0, 0, 64);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 0);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_RECLAIMED), 50);
	KUNIT_EXPECT_EQ(test, rx->a->watermark, 50);
}

/* A page that was taken is gone for good: for user space, and from memory. */
static void test_page_is_gone(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena_buf *b = arenat_reserve(rx, 8 * PAGE_SIZE);
	u8 *text = arenat_alloc(test, 8 * PAGE_SIZE);
	struct page *page[8];
	size_t i;

	arenat_pattern(text, 8 * PAGE_SIZE, 1);
	KUNIT_ASSERT_EQ(test, 0, arena_write(rx->a, b, 0, text, 8 * PAGE_SIZE));
	for (i = 0; i < 8; i++) {
		page[i] = rx->a->slots[i]->page;
		get_page(page[i]);
	}
	arenat_release(rx, b);
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr, text, 8 * PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 6), 6);
	for (i = 0; i < 8; i++) {
		KUNIT_EXPECT_EQ(test, page_count(page[i]), i < 6 ? 1 : 3);
		KUNIT_EXPECT_EQ(test, arenat_sigbus(test, arena_slot_addr(rx->a, i)), i < 6);
		put_page(page[i]);
	}
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr + 6 * PAGE_SIZE,
					    text + 6 * PAGE_SIZE, 2 * PAGE_SIZE));

	KUNIT_ASSERT_EQ(test, 0, arena_reserve(rx->a, b, 8 * PAGE_SIZE, false));
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr, NULL, 6 * PAGE_SIZE));
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr + 6 * PAGE_SIZE,
					    text + 6 * PAGE_SIZE, 2 * PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_PAGE_NEW), 14);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, arenat_map_event(test)), 14);
	arenat_release(rx, b);
}

/* Pages of three arenas in turn on the list: a batch for each, in order. */
static void test_interleaved(struct kunit *test)
{
	struct arenat_rx *rx[3];
	struct arena_buf **b[3];
	struct arena_buf *all;
	int i, j;

	for (i = 0; i < 3; i++) {
		rx[i] = arenat_rx(test, SZ_64K);
		b[i] = arenat_pages(rx[i], 16);
	}
	for (j = 0; j < 16; j++) {
		for (i = 0; i < 3; i++)
			arenat_release(rx[i], b[i][j]);
	}
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 4), 4);
	ARENAT_EXPECT(test, rx[0]->a, 0, 14, 2);
	ARENAT_EXPECT(test, rx[1]->a, 0, 15, 1);
	ARENAT_EXPECT(test, rx[2]->a, 0, 15, 1);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 26), 26);
	for (i = 0; i < 3; i++)
		ARENAT_EXPECT(test, rx[i]->a, 0, 6, 10);

	/* Those of one arena are in use by now. */
	all = arenat_reserve(rx[1], SZ_64K);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 18);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 12), 12);
	KUNIT_EXPECT_EQ(test, arenat_event(rx[1]->a, ARENA_DELISTED_IN_USE), 6);
	ARENAT_EXPECT(test, rx[1]->a, 16, 0, 0);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 0);
	for (i = 0; i < 3; i += 2) {
		ARENAT_EXPECT(test, rx[i]->a, 0, 0, 16);
		KUNIT_EXPECT_TRUE(test, arenat_sigbus(test, rx[i]->addr + 15 * PAGE_SIZE));
	}
	arenat_release(rx[1], all);
}

/* Two receivers with 8 idle pages each; the first is in the shrinker's way. */
static void two(struct kunit *test, struct arenat_rx *rx[2])
{
	int i;

	for (i = 0; i < 2; i++) {
		rx[i] = arenat_rx(test, SZ_64K);
		arenat_release(rx[i], arenat_reserve(rx[i], SZ_32K));
	}
}

/* The first could not be touched, for reason @why; the second went its way. */
static void expect_skipped(struct kunit *test, struct arenat_rx *rx[2], unsigned long freed,
			   enum arena_event why)
{
	static const enum arena_event whys[] = {
		ARENA_SKIP_MAP_MUTEX, ARENA_SKIP_VMA_LOCK, ARENA_SKIP_LOCK,
	};
	int i;

	KUNIT_EXPECT_EQ(test, freed, 8);
	ARENAT_EXPECT(test, rx[0]->a, 0, 8, 8);
	ARENAT_EXPECT(test, rx[1]->a, 0, 0, 16);
	KUNIT_EXPECT_GE(test, arenat_event(rx[0]->a, why), 8);
	for (i = 0; i < ARRAY_SIZE(whys); i++) {
		if (whys[i] != why)
			KUNIT_EXPECT_EQ(test, arenat_event(rx[0]->a, whys[i]), 0);
		KUNIT_EXPECT_EQ(test, arenat_event(rx[1]->a, whys[i]), 0);
	}
	KUNIT_EXPECT_EQ(test, arenat_event(rx[0]->a, ARENA_RECLAIMED), 0);
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx[0]->addr, NULL, SZ_32K));

	/* Out of the way, it is reclaimed like any other. */
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 8), 8);
	ARENAT_EXPECT(test, rx[0]->a, 0, 0, 16);
}

static void test_skip_map_mutex(struct kunit *test)
{
	struct arenat_rx *rx[2];
	unsigned long freed;

	two(test, rx);
	mutex_lock(&rx[0]->a->map_mutex);
	freed = arenat_scan(test, NULL, 16);
	mutex_unlock(&rx[0]->a->map_mutex);
	KUNIT_EXPECT_EQ(test, arenat_event(rx[0]->a, ARENA_SKIP_MAP_MUTEX), 8);
	expect_skipped(test, rx, freed, ARENA_SKIP_MAP_MUTEX);
}

static void test_skip_vma_lock(struct kunit *test)
{
	struct bmmt_writer w = {};
	struct arenat_rx *rx[2];
	unsigned long freed;
	int i;

	/* Of different address spaces, lest both be in the way. */
	rx[1] = arenat_rx_dying(test, SZ_64K);
	rx[0] = arenat_rx(test, SZ_64K);
	for (i = 0; i < 2; i++)
		arenat_release(rx[i], arenat_reserve(rx[i], SZ_32K));

	w.mm = rx[0]->mm;
	w.addr = rx[0]->addr;
	bmmt_writer_start(test, &w);
	freed = arenat_scan(test, NULL, 16);
	bmmt_writer_stop(&w);
	KUNIT_EXPECT_EQ(test, arenat_event(rx[0]->a, ARENA_SKIP_VMA_LOCK), 8);
	expect_skipped(test, rx, freed, ARENA_SKIP_VMA_LOCK);
	arenat_die(rx[1]);
}

static void test_skip_lock(struct kunit *test)
{
	struct arenat_rx *rx[2];
	unsigned long freed;

	if (!IS_ENABLED(CONFIG_SMP))
		kunit_skip(test, "without CONFIG_SMP a spinlock is never found taken");
	two(test, rx);

	/* Not to be held while others are zapped: give it the first alone. */
	spin_lock(&rx[0]->a->lock);
	freed = arenat_scan(test, NULL, 8);
	spin_unlock(&rx[0]->a->lock);
	KUNIT_EXPECT_EQ(test, freed, 0);
	KUNIT_EXPECT_EQ(test, arenat_event(rx[0]->a, ARENA_SKIP_LOCK), 8);
	ARENAT_EXPECT(test, rx[0]->a, 0, 8, 8);

	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 16), 16);
	ARENAT_EXPECT(test, rx[0]->a, 0, 0, 16);
	ARENAT_EXPECT(test, rx[1]->a, 0, 0, 16);
}

/* The address space is dead: nothing to unmap from, its locks are not needed. */
static void test_mm_dead(struct kunit *test)
{
	struct arenat_rx *dead = arenat_rx_dying(test, SZ_64K);
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct page *page;

	arenat_release(dead, arenat_reserve(dead, 10 * PAGE_SIZE));
	arenat_release(rx, arenat_reserve(rx, 3 * PAGE_SIZE));
	page = dead->a->slots[4]->page;
	get_page(page);
	KUNIT_EXPECT_EQ(test, page_count(page), 3);
	arenat_die(dead);
	KUNIT_EXPECT_EQ(test, page_count(page), 2);

	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 12), 12);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	put_page(page);
	ARENAT_EXPECT(test, dead->a, 0, 0, 16);
	ARENAT_EXPECT(test, rx->a, 0, 1, 15);
	KUNIT_EXPECT_EQ(test, arenat_event(dead->a, ARENA_RECLAIMED), 10);
	arenat_close(dead);
}

static bool never_alive(struct bmm b, struct bmm_user *user)
{
	return false;
}

/* The last user is gone, but not the mapping yet: no page may go from under it. */
static void test_mm_dying(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);

	arenat_release(rx, arenat_reserve(rx, 5 * PAGE_SIZE));
	kunit_activate_static_stub(test, bmm_get_not_zero, never_alive);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 5), 0);
	kunit_deactivate_static_stub(test, bmm_get_not_zero);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_SKIP_VMA_LOCK), 5);
	ARENAT_EXPECT(test, rx->a, 0, 5, 11);
	KUNIT_EXPECT_TRUE(test, arenat_sees_now(rx->addr));
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 5), 5);
}

/* The mapping is gone, wholly or from some slot on; the receiver lives. */
static void check_unmapped(struct kunit *test, size_t slots)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);

	arenat_release(rx, arenat_reserve(rx, 12 * PAGE_SIZE));
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(rx->addr, slots << PAGE_SHIFT));
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 7), 7);
	ARENAT_EXPECT(test, rx->a, 0, 5, 11);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 100), 5);
	ARENAT_EXPECT(test, rx->a, 0, 0, 16);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_RECLAIMED), 12);
	KUNIT_EXPECT_FALSE(test, arenat_sees_now(rx->addr));
	KUNIT_EXPECT_FALSE(test, arenat_sees_now(rx->addr + 11 * PAGE_SIZE));
	arenat_unmap(rx);
	arenat_close(rx);
}

static void test_unmapped(struct kunit *test)
{
	check_unmapped(test, 16);
	check_unmapped(test, 5);
	check_unmapped(test, 1);
}

/* What lies where the mapping was is left alone. */
static void test_replaced(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	unsigned long addr;

	arenat_release(rx, arenat_reserve(rx, 4 * PAGE_SIZE));
	addr = vm_mmap(NULL, rx->addr, SZ_64K, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, 0);
	KUNIT_ASSERT_EQ(test, addr, rx->addr);
	KUNIT_ASSERT_EQ(test, 0, put_user(1234, (u32 __user *)addr));
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 4), 4);
	KUNIT_EXPECT_TRUE(test, arenat_sees_now(addr));
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, addr, &(u32){ 1234 }, 4));
	ARENAT_EXPECT(test, rx->a, 0, 0, 16);
}

/* Slots of several vmas, in an order that makes runs of all kinds. */
static void test_split(struct kunit *test)
{
	static const size_t order[] = { 0, 1, 2, 3, 4, 5, 6, 15, 14, 13, 7, 8, 10, 9, 11, 12 };
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena_buf **b = arenat_pages(rx, 16);
	struct page *page[16];
	size_t i;

	arenat_split(rx, 4);
	arenat_split(rx, 9);
	for (i = 0; i < 16; i++) {
		page[i] = rx->a->slots[i]->page;
		get_page(page[i]);
	}
	for (i = 0; i < 16; i++)
		arenat_release(rx, b[order[i]]);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 8), 8);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 8), 8);
	for (i = 0; i < 16; i++) {
		KUNIT_EXPECT_EQ_MSG(test, page_count(page[i]), 1, "slot %zu", i);
		put_page(page[i]);
	}
	ARENAT_EXPECT(test, rx->a, 0, 0, 16);
}

/* The owner is on its way to the pages to free them: hands off. */
static void test_being_destroyed(struct kunit *test)
{
	struct arenat_rx *dead = arenat_rx_dying(test, SZ_64K);
	struct arenat_rx *rx[2];
	int i;

	rx[0] = arenat_rx(test, SZ_64K);
	rx[1] = dead;
	for (i = 0; i < 2; i++)
		arenat_release(rx[i], arenat_reserve(rx[i], 4 * PAGE_SIZE));
	arenat_die(dead);

	/* What arena_destroy() does first, as seen from a preempting shrinker. */
	for (i = 0; i < 2; i++)
		refcount_set(&rx[i]->a->ref.refcount, 0);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 100), 0);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 8);
	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_FALSE(test, mutex_is_locked(&rx[i]->a->map_mutex));
		KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&rx[i]->a->mm.mm->mmap_lock));
		refcount_set(&rx[i]->a->ref.refcount, 1);
		ARENAT_EXPECT(test, rx[i]->a, 0, 4, 12);
	}
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 100), 8);
	arenat_close(dead);
}

/*
 * While a batch is on its way out nothing may come in its place: the stub looks
 * at the locks when the batch has just been begun.
 */
static struct {
	struct arenat_rx *rx;
	int batches;
} begun;

static int look_at_batch(struct bmm_vma_guard *g, struct bmm_user u, unsigned long addr,
			 const struct bmm_vma_id *id, enum bmm_lock_how how)
{
	struct kunit *test = begun.rx->test;
	struct arena *a = begun.rx->a;
	int err;

	begun.batches++;
	KUNIT_EXPECT_TRUE(test, mutex_is_locked(&a->map_mutex));
	KUNIT_EXPECT_EQ(test, how, BMM_TRY_ZAP);
	KUNIT_EXPECT_PTR_EQ(test, id, &a->id);

	/* The real one: outside of a test nothing is redirected. */
	current->kunit_test = NULL;
	err = bmm_vma_lock(g, u, addr, id, how);
	current->kunit_test = test;
	return err;
}

static void test_batch_holds_map_mutex(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);

	arenat_release(rx, arenat_reserve(rx, SZ_64K));
	begun.rx = rx;
	begun.batches = 0;
	kunit_activate_static_stub(test, bmm_vma_lock, look_at_batch);
	KUNIT_EXPECT_EQ(test, arenat_scan(test, NULL, 16), 16);
	kunit_deactivate_static_stub(test, bmm_vma_lock);

	/* One vma, one arena: one batch. */
	KUNIT_EXPECT_EQ(test, begun.batches, 1);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&rx->a->map_mutex));
}

/* A sender in another task. */
struct coming {
	struct arenat_rx *rx;
	struct arena_buf b;
	struct completion done;
	int err;
};

static int come(void *arg)
{
	struct coming *c = arg;

	c->err = arena_reserve(c->rx->a, &c->b, 2 * PAGE_SIZE, false);
	complete(&c->done);
	return 0;
}

/*
 * map_mutex is held from before a page leaves its slot until after it has left
 * the page table. If another came into the slot in between, and were left to the
 * page fault, the receiver would read the old one: there would be no fault.
 */
static void test_nothing_comes_into_batch(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct bmmt_writer w = { .mm = rx->mm, .addr = rx->addr };
	struct coming c = { .rx = rx };
	struct task_struct *task;

	init_completion(&c.done);
	task = kthread_create(come, &c, "arenat_coming");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	bmmt_writer_start(test, &w);
	mutex_lock(&rx->a->map_mutex);
	wake_up_process(task);
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&c.done, HZ / 10), 0);
	KUNIT_EXPECT_TRUE(test, arenat_counts(rx->a, 0, 0, 16));
	mutex_unlock(&rx->a->map_mutex);
	wait_for_completion(&c.done);
	bmmt_writer_stop(&w);

	KUNIT_ASSERT_EQ(test, 0, c.err);
	ARENAT_EXPECT(test, rx->a, 2, 0, 14);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_MAP_LATER_CONTENDED), 2);
	arenat_release(rx, &c.b);
}

/* A shrinker that does nothing but scan, for as long as it is wanted. */
static int scanner(void *arg)
{
	struct kunit *test = arg;

	while (!kthread_should_stop()) {
		arenat_scan(test, NULL, 1 + jiffies % 97);
		cond_resched();
	}
	return 0;
}

static void stop(void *task)
{
	kthread_stop(task);
}

/* Arenas come and go under a shrinker at work; at the end all is freed. */
static void test_destroy_race(struct kunit *test)
{
	struct task_struct *task = kthread_run(scanner, test, "arenat_scanner");
	unsigned int round;
	long taken = 0;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, stop, task));
	sched_set_normal(task, -5);
	for (round = 0; round < 24; round++) {
		struct arenat_rx *rx = round & 1 ? arenat_rx_dying(test, SZ_1M) :
						    arenat_rx(test, SZ_1M);
		struct arena_buf b = {};
		int err = arena_reserve(rx->a, &b, SZ_1M, false);

		KUNIT_EXPECT_EQ(test, 0, err);
		if (!err)
			arena_release(rx->a, &b);
		KUNIT_EXPECT_TRUE(test, arena_validate(rx->a));
		if (round & 1)
			arenat_die(rx);
		else
			arenat_unmap(rx);
		if (round % 3)
			schedule_timeout_uninterruptible(round % 2);
		taken += arenat_event(rx->a, ARENA_RECLAIMED);
		fput(rx->file);
		rx->file = NULL;
	}
	kunit_release_action(test, stop, task);
	flush_delayed_fput();
	kunit_info(test, "%ld of %u pages were taken before\n", taken, round * 256);
	KUNIT_EXPECT_GT(test, taken, 0);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 0);
}

static struct kunit_case reclaim_cases[] = {
	KUNIT_CASE(test_counts_exactly),
	KUNIT_CASE_PARAM(test_page_is_gone, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_interleaved, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_skip_map_mutex, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_skip_vma_lock, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_skip_lock, bmmt_lock_mode_gen_params),
	KUNIT_CASE(test_mm_dead),
	KUNIT_CASE(test_mm_dying),
	KUNIT_CASE_PARAM(test_unmapped, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_replaced, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_split, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_being_destroyed, bmmt_lock_mode_gen_params),
	KUNIT_CASE(test_batch_holds_map_mutex),
	KUNIT_CASE_PARAM(test_nothing_comes_into_batch, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM_ATTR(test_destroy_race, bmmt_lock_mode_gen_params,
			      ((struct kunit_attributes) { .speed = KUNIT_SPEED_SLOW })),
	{ }
};

static struct kunit_suite reclaim_suite = {
	.name = "binder_arena_reclaim",
	.init = arenat_init_lock_mode,
	.exit = arenat_exit,
	.test_cases = reclaim_cases,
};

kunit_test_suite(reclaim_suite);
