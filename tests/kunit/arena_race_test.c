// SPDX-License-Identifier: GPL-2.0
/*
 * Several senders, a shrinker and a receiver that changes its mapping, all at
 * the same arena at the same time.
 *
 * Each sender knows what it has sent and looks at it in every way before it
 * gives it back. When all have come to rest the books must be right.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "arena_fixture.h"

#define SENDERS		2
#define HELD		8	/* buffers that a sender has at a time */
#define SRC_BYTES	(64 * PAGE_SIZE)
#define MAX_BYTES	(5 * PAGE_SIZE)

struct race {
	struct kunit *test;
	struct arenat_rx *rx;
	u8 *text;			/* what is at arenat_src() */
	atomic_long_t sent, full, scanned, zapped;
	atomic_t failures;
	const char *first;		/* what went wrong first */
};

/**
 * struct actor - one of the threads
 * @race: what it takes part in
 * @task: the thread
 * @rnd: its own source of chance
 * @held: with a buffer each while @range.size is not 0
 * @src: where in the source their bytes are from
 * @len: how many those are
 * @got: room for what is read
 */
struct actor {
	struct race *race;
	struct task_struct *task;
	struct rnd_state rnd;
	struct arena_buf held[HELD];
	size_t src[HELD];
	size_t len[HELD];
	u8 got[MAX_BYTES];
};

static void fail(struct race *r, const char *what)
{
	if (!atomic_fetch_inc(&r->failures))
		WRITE_ONCE(r->first, what);
}

static u32 chance(struct actor *me, u32 below)
{
	return prandom_u32_state(&me->rnd) % below;
}

/*
 * The receiver may take a page out of its page table at any time, and UML looks
 * at the page table only once after the page fault that put it back.
 */
static bool user_reads(struct actor *me, unsigned long addr, size_t len)
{
	int tries;

	for (tries = 0; tries < 100; tries++) {
		if (!copy_from_user(me->got, (void __user *)addr, len))
			return true;
		cond_resched();
	}
	return false;
}

static void send(struct actor *me, int i)
{
	struct race *r = me->race;
	struct arena *a = r->rx->a;
	struct arena_buf *b = &me->held[i];
	size_t len = 1 + chance(me, chance(me, 4) ? 3000 : MAX_BYTES);
	int err = arena_reserve(a, b, len, chance(me, 3) == 0);

	if (err == -ENOSPC) {
		atomic_long_inc(&r->full);
		return;
	}
	if (err) {
		fail(r, "reserve");
		return;
	}
	me->len[i] = len;
	me->src[i] = chance(me, SRC_BYTES - len);
	err = arena_copy_from_user(a, b, 0,
				   (void __user *)(arenat_src(r->test) + me->src[i]), len);
	if (err)
		fail(r, "copy");
	arena_deliver(b);
	atomic_long_inc(&r->sent);
}

static void look(struct actor *me, int i)
{
	struct race *r = me->race;
	struct arena_buf *b = &me->held[i];

	if (chance(me, 2)) {
		if (!user_reads(me, arena_user_addr(r->rx->a, b), me->len[i])) {
			fail(r, "user cannot read");
			return;
		}
	} else if (arena_read(r->rx->a, b, 0, me->got, me->len[i])) {
		fail(r, "read");
	}
	if (memcmp(me->got, r->text + me->src[i], me->len[i]))
		fail(r, "content");
}

static void give_back(struct actor *me, int i)
{
	struct arena *a = me->race->rx->a;
	struct arena_buf *b = arena_take(a, arena_user_addr(a, &me->held[i]));

	if (b != &me->held[i])
		fail(me->race, "take");
	else
		arena_release(a, b);
}

static int sender(void *arg)
{
	struct actor *me = arg;
	int i;

	kthread_use_mm(me->race->rx->mm);
	while (!kthread_should_stop()) {
		i = chance(me, HELD);
		if (me->held[i].range.size) {
			look(me, i);
			give_back(me, i);
		} else {
			send(me, i);
		}
		if (!chance(me, 16))
			cond_resched();
		if (!chance(me, 200))
			usleep_range(100, 2000);
	}
	for (i = 0; i < HELD; i++) {
		if (me->held[i].range.size) {
			look(me, i);
			give_back(me, i);
		}
	}
	kthread_unuse_mm(me->race->rx->mm);
	return 0;
}

static int reclaimer(void *arg)
{
	struct actor *me = arg;

	while (!kthread_should_stop()) {
		atomic_long_add(arenat_scan(me->race->test, NULL, 1 + chance(me, 64)),
				&me->race->scanned);
		usleep_range(50, 50 + chance(me, 3000));
	}
	return 0;
}

/* What a receiver can do to its mapping and still have one. */
static int receiver(void *arg)
{
	struct actor *me = arg;
	struct arenat_rx *rx = me->race->rx;
	size_t slots = rx->len >> PAGE_SHIFT;

	while (!kthread_should_stop()) {
		size_t slot = chance(me, slots), nr = 1 + chance(me, slots - slot);

		switch (chance(me, 4)) {
		case 0:
			mmap_write_lock(rx->mm);
			vma_start_write(vma_lookup(rx->mm, rx->addr));
			usleep_range(50, 500);
			mmap_write_unlock(rx->mm);
			break;
		case 1:
			if (do_madvise(rx->mm, rx->addr + (slot << PAGE_SHIFT), nr << PAGE_SHIFT,
				       chance(me, 2) ? MADV_RANDOM : MADV_SEQUENTIAL))
				fail(me->race, "madvise");
			break;
		default:
			if (do_madvise(rx->mm, rx->addr + (slot << PAGE_SHIFT), nr << PAGE_SHIFT,
				       MADV_DONTNEED))
				fail(me->race, "zap");
			atomic_long_inc(&me->race->zapped);
		}
		usleep_range(50, 50 + chance(me, 5000));
	}
	return 0;
}

static void stop(void *task)
{
	kthread_stop(task);
	put_task_struct(task);
}

static struct actor *start(struct race *r, int (*fn)(void *arg), u32 seed)
{
	struct actor *actor = arenat_alloc(r->test, sizeof(*actor));

	actor->race = r;
	prandom_seed_state(&actor->rnd, seed);
	actor->task = kthread_create(fn, actor, "arenat_%ps", fn);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(r->test, actor->task);
	get_task_struct(actor->task);
	KUNIT_ASSERT_EQ(r->test, 0, kunit_add_action_or_reset(r->test, stop, actor->task));
	wake_up_process(actor->task);
	return actor;
}

/* It was a race, and not one after the other. */
static bool enough(struct race *r)
{
	struct arena *a = r->rx->a;

	return atomic_long_read(&r->sent) > 100 && arenat_event(a, ARENA_RECLAIMED) > 10 &&
	       arenat_event(a, ARENA_MAP_FAULT) > 10 &&
	       arenat_event(a, arenat_map_event(r->test)) > 10;
}

/* Pages that came in and were not taken are still there. */
static void expect_rest(struct race *r)
{
	struct kunit *test = r->test;
	struct arena *a = r->rx->a;
	struct arena_slot_counts c;
	long came = arenat_event(a, ARENA_PAGE_NEW), went = arenat_event(a, ARENA_RECLAIMED);
	int e;

	for (e = 0; e < ARENA_NR_EVENTS; e++)
		kunit_info(test, "%s %ld\n", arena_event_name(e), arenat_event(a, e));
	KUNIT_EXPECT_EQ_MSG(test, atomic_read(&r->failures), 0, "first: %s", r->first);
	KUNIT_EXPECT_TRUE(test, arenat_settled(a));
	KUNIT_EXPECT_EQ(test, range_nr(&a->ranges), 0);
	KUNIT_EXPECT_EQ(test, a->oneway_free, a->size / 2);
	arena_count_slots(a, &c);
	KUNIT_EXPECT_EQ(test, c.in_use, 0);
	KUNIT_EXPECT_EQ(test, c.idle, came - went);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&r->scanned), went);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), c.idle);

	arenat_drain(test);
	KUNIT_EXPECT_TRUE(test, arenat_counts(a, 0, 0, arena_nr_slots(a)));
}

static void test_all_at_once(struct kunit *test)
{
	struct race *r = arenat_alloc(test, sizeof(*r));
	u32 seed = get_random_u32();
	struct actor *actor[SENDERS + 2];
	int i;

	kunit_info(test, "seed %u\n", seed);
	r->test = test;
	r->text = arenat_alloc(test, SRC_BYTES);
	arenat_pattern(r->text, SRC_BYTES, seed);
	arenat_load(test, 0, r->text, SRC_BYTES);
	r->rx = arenat_rx(test, 32 * PAGE_SIZE);

	for (i = 0; i < SENDERS; i++)
		actor[i] = start(r, sender, seed + i);
	actor[i] = start(r, reclaimer, seed + i);
	actor[i + 1] = start(r, receiver, seed + i + 1);
	/* A second, or longer if the host has no time. */
	for (i = 0; i < 10 || (i < 300 && !enough(r)); i++)
		msleep(100);
	for (i = 0; i < ARRAY_SIZE(actor); i++)
		kunit_release_action(test, stop, actor[i]->task);
	kunit_info(test, "%ld sent, %ld found no room, %ld reclaimed, %ld zaps\n",
		   atomic_long_read(&r->sent), atomic_long_read(&r->full),
		   atomic_long_read(&r->scanned), atomic_long_read(&r->zapped));
	KUNIT_EXPECT_TRUE(test, enough(r));
	expect_rest(r);
}

/*
 * Two senders whose buffers lie in one page that is not there yet: one page is
 * brought, both use it, and the other's is given back.
 */
struct half {
	struct arenat_rx *rx;
	struct arena_buf b;
	struct task_struct *task;
	int err;
};

static int reserve_half(void *arg)
{
	struct half *h = arg;

	h->err = arena_reserve(h->rx->a, &h->b, PAGE_SIZE / 2, false);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void test_same_page(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct half *h = arenat_alloc(test, 2 * sizeof(*h));
	int i, round;

	for (round = 0; round < 25; round++) {
		memset(h, 0, 2 * sizeof(*h));
		for (i = 0; i < 2; i++) {
			h[i].rx = rx;
			h[i].task = kthread_create(reserve_half, &h[i], "arenat_half");
			KUNIT_ASSERT_NOT_ERR_OR_NULL(test, h[i].task);
		}
		/* The first is preempted when the second wakes up, somewhere. */
		wake_up_process(h[0].task);
		udelay(get_random_u32_below(200));
		sched_set_fifo_low(h[1].task);
		wake_up_process(h[1].task);
		schedule_timeout_uninterruptible(1);
		for (i = 0; i < 2; i++)
			kthread_stop(h[i].task);
		KUNIT_ASSERT_EQ(test, 0, h[0].err | h[1].err);
		KUNIT_EXPECT_EQ(test, h[0].b.range.start + h[1].b.range.start, PAGE_SIZE / 2);
		ARENAT_EXPECT(test, rx->a, 1, 0, 15);
		KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_PAGE_NEW), round + 1);
		KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr, NULL, PAGE_SIZE));
		arena_release(rx->a, &h[round & 1].b);
		ARENAT_EXPECT(test, rx->a, 1, 0, 15);
		arena_release(rx->a, &h[~round & 1].b);
		arenat_drain(test);
		ARENAT_EXPECT(test, rx->a, 0, 0, 16);
	}
}

struct meanwhile {
	struct half half;
	unsigned int brought;		/* so often a page is on its way to the slot */
};

/* Of higher priority, it runs as soon as the kernel can be preempted again. */
static void let_other_in(void *arg, const struct arena *a, size_t slot)
{
	struct meanwhile *m = arg;

	m->brought++;
	wake_up_process(m->half.task);
}

/* Returns whether both had a page in hand for the same slot. */
static bool meet(struct kunit *test, struct arenat_rx *rx, struct meanwhile *m)
{
	struct arena_buf b = {};

	*m = (struct meanwhile) { .half = { .rx = rx, .err = -EINPROGRESS } };
	m->half.task = kthread_create(reserve_half, &m->half, "arenat_half");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, m->half.task);
	sched_set_fifo(m->half.task);
	KUNIT_EXPECT_EQ(test, 0, register_trace_binder_alloc_page_start(let_other_in, m));
	KUNIT_EXPECT_EQ(test, 0, arena_reserve(rx->a, &b, PAGE_SIZE / 2, false));
	unregister_trace_binder_alloc_page_start(let_other_in, m);
	tracepoint_synchronize_unregister();
	kthread_stop(m->half.task);

	KUNIT_ASSERT_EQ(test, 0, m->half.err);
	KUNIT_EXPECT_EQ(test, m->half.b.range.start, PAGE_SIZE / 2);
	ARENAT_EXPECT(test, rx->a, 1, 0, 15);
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr, NULL, PAGE_SIZE));
	arena_release(rx->a, &b);
	arena_release(rx->a, &m->half.b);
	arenat_drain(test);
	return m->brought == 2;
}

/*
 * The same, with the second from start to end while the first has its page in
 * hand; unless just then the scheduler protects the first from starving.
 */
static void test_same_page_meanwhile(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct meanwhile *m = arenat_alloc(test, sizeof(*m));
	int tries = 1;

	if (!IS_ENABLED(CONFIG_PREEMPTION) || !IS_ENABLED(CONFIG_TRACEPOINTS))
		kunit_skip(test, "needs CONFIG_PREEMPTION and CONFIG_TRACEPOINTS");
	while (!meet(test, rx, m)) {
		KUNIT_ASSERT_LT(test, tries++, 20);
		schedule_timeout_uninterruptible(HZ / 10);
	}
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_PAGE_NEW), tries);
}

static struct kunit_case race_cases[] = {
	KUNIT_CASE_PARAM_ATTR(test_all_at_once, bmmt_lock_mode_gen_params,
			      ((struct kunit_attributes) { .speed = KUNIT_SPEED_SLOW })),
	KUNIT_CASE_PARAM(test_same_page, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_same_page_meanwhile, bmmt_lock_mode_gen_params),
	{ }
};

static struct kunit_suite race_suite = {
	.name = "binder_arena_race",
	.init = arenat_init_lock_mode,
	.exit = arenat_exit,
	.test_cases = race_cases,
};

kunit_test_suite(race_suite);
