// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the checks of what C cannot refuse: each rule is broken on purpose,
 * is reported once, and nothing comes of it.
 *
 * The reports are counted instead of warned about, also in the other task.
 */
#include <linux/hash.h>
#include <linux/io.h>
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "mm/phys.h"
#include "mm_fixture.h"

static int misuse_init(struct kunit *test)
{
	bmmt_count_misuse(test);
	return 0;
}

/* Locks are free and nothing is mapped, whatever was tried. */
static void expect_clean(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, bmm_tickets_live(), 0U);
	KUNIT_EXPECT_EQ(test, bmm_maps_outstanding(), 0U);
	if (current->mm)
		KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&current->mm->mmap_lock));
}

/* A correct use of everything, for a report that comes too often. */
static void test_silent(struct kunit *test)
{
	struct bmm_page p __free(bmm_pages_free) = bmm_page_alloc(GFP_KERNEL);
	struct bmmt_map *map = bmmt_map(test, 4);
	struct bmm_vma_guard g = { };
	void *outer, *inner;

	KUNIT_ASSERT_NOT_NULL(test, p.page);
	KUNIT_EXPECT_EQ(test, 0, bmm_vma_lock(&g, bmmt_user(test), map->addr,
					      &map->id, BMM_WAIT));
	KUNIT_EXPECT_EQ(test, bmm_vma_start(bmm_guard_vma(&g)), map->addr);
	bmm_vma_unlock(&g);
	outer = bmm_map(p.page);
	inner = bmm_map(p.page);
	KUNIT_EXPECT_EQ(test, bmm_maps_outstanding(), 2U);
	bmm_unmap(inner);
	bmm_unmap(outer + 17);
	KUNIT_EXPECT_TRUE(test, bmm_assert_no_maps());
	p = bmm_pages_from_phys(bmm_pages_into_phys(&p), 0);
	KUNIT_EXPECT_EQ(test, bmmt_misuse_count(), 0U);
	expect_clean(test);
}

static void unlock_vma(void *guard)
{
	bmm_vma_unlock(guard);
}

static void unlock_read(void *guard)
{
	bmm_mmap_read_unlock(guard);
}

static void unlock_write(void *guard)
{
	bmm_mmap_write_unlock(guard);
}

/* A lock stays with the task that took it. */
static void test_unlock_by_other_task(struct kunit *test)
{
	struct bmmt_map *map = bmmt_map(test, 4);
	struct bmm_user u = bmmt_user(test);
	struct bmm_mmap_write w;
	struct bmm_mmap_read r;
	struct bmm_vma_guard g = { };

	KUNIT_ASSERT_EQ(test, 0, bmm_vma_lock(&g, u, map->addr, &map->id, BMM_WAIT));
	BMMT_EXPECT_MISUSE(test, "vma guard belongs to another task",
			   bmmt_in_other_task(test, unlock_vma, &g));
	KUNIT_EXPECT_NE(test, bmm_guard_kind(&g), BMM_LOCK_NONE);
	bmm_vma_unlock(&g);

	r = bmm_mmap_read_lock(u);
	BMMT_EXPECT_MISUSE(test, "mmap read guard belongs to another task",
			   bmmt_in_other_task(test, unlock_read, &r));
	KUNIT_EXPECT_TRUE(test, bmm_mmap_read_held(&r));
	mmap_assert_locked(u.mm);
	bmm_mmap_read_unlock(&r);

	w = bmm_mmap_write_lock(u);
	BMMT_EXPECT_MISUSE(test, "mmap write guard belongs to another task",
			   bmmt_in_other_task(test, unlock_write, &w));
	mmap_assert_write_locked(u.mm);
	bmm_mmap_write_unlock(&w);
	expect_clean(test);
}

static void test_unlock_twice(struct kunit *test)
{
	struct bmmt_map *map = bmmt_map(test, 4);
	struct bmm_user u = bmmt_user(test);
	struct bmm_vma_guard g = { }, g_copy;
	struct bmm_mmap_read r, r_copy;
	struct bmm_mmap_write w, w_copy;

	KUNIT_ASSERT_EQ(test, 0, bmm_vma_lock(&g, u, map->addr, &map->id, BMM_TRY));
	g_copy = g;
	bmm_vma_unlock(&g);
	BMMT_EXPECT_MISUSE(test, "vma guard unlocked that is not held", bmm_vma_unlock(&g));
	BMMT_EXPECT_MISUSE(test, "vma guard used after", bmm_vma_unlock(&g_copy));

	r = bmm_mmap_read_lock(u);
	r_copy = r;
	bmm_mmap_read_unlock(&r);
	BMMT_EXPECT_MISUSE(test, "read guard unlocked that is not", bmm_mmap_read_unlock(&r));
	BMMT_EXPECT_MISUSE(test, "read guard used after", bmm_mmap_read_unlock(&r_copy));

	w = bmm_mmap_write_lock(u);
	w_copy = w;
	bmm_mmap_write_unlock(&w);
	BMMT_EXPECT_MISUSE(test, "write guard unlocked that is not", bmm_mmap_write_unlock(&w));
	BMMT_EXPECT_MISUSE(test, "write guard used after", bmm_mmap_write_unlock(&w_copy));
	expect_clean(test);
}

static void test_lock_twice(struct kunit *test)
{
	struct bmmt_map *map = bmmt_map(test, 4);
	struct bmm_user u = bmmt_user(test);
	struct bmm_vma_guard g = { };

	KUNIT_ASSERT_EQ(test, 0, bmm_vma_lock(&g, u, map->addr, &map->id, BMM_TRY));
	BMMT_EXPECT_MISUSE(test, "held already",
			   KUNIT_EXPECT_EQ(test, -EINVAL, bmm_vma_lock(&g, u, map->addr,
								       &map->id, BMM_TRY)));
	BMMT_EXPECT_MISUSE(test, "held already",
			   KUNIT_EXPECT_FALSE(test, bmm_vma_trylock_rcu(&g, u, map->addr)));
	bmm_vma_unlock(&g);
	expect_clean(test);
}

/* All that can be done with a view, none of which is to work. */
static void expect_refused(struct kunit *test, struct bmmt_map *map, struct bmm_vma v,
			   const char *why)
{
	struct page *page = bmmt_page(test, 1), *pages[] = { page };
	struct bmm_vma_mixed m = { v.vma, v.ticket }, none = { };
	struct bmm_vma_mut w = { v.vma, v.ticket };
	unsigned long inserted = 99;

	BMMT_EXPECT_MISUSE(test, why, KUNIT_EXPECT_EQ(test, 0, bmm_vma_start(v)));
	BMMT_EXPECT_MISUSE(test, why, KUNIT_EXPECT_EQ(test, 0, bmm_vma_end(v)));
	BMMT_EXPECT_MISUSE(test, why, KUNIT_EXPECT_EQ(test, 0, bmm_vma_flags(v)));
	BMMT_EXPECT_MISUSE(test, why, KUNIT_EXPECT_NULL(test, bmm_vma_mm(v).mm));
	BMMT_EXPECT_MISUSE(test, why, KUNIT_EXPECT_FALSE(test, bmm_vma_as_mixed(v, &none)));
	BMMT_EXPECT_MISUSE(test, why,
			   KUNIT_EXPECT_FALSE(test, bmm_vma_is(v, map->addr, &map->id)));
	BMMT_EXPECT_MISUSE(test, why,
			   KUNIT_EXPECT_EQ(test, -EINVAL,
					   bmm_vma_insert_page(m, map->addr, page)));
	BMMT_EXPECT_MISUSE(test, why,
			   KUNIT_EXPECT_EQ(test, -EINVAL,
					   bmm_vma_insert_pages(m, map->addr, pages, 1,
								&inserted)));
	BMMT_EXPECT_MISUSE(test, why,
			   KUNIT_EXPECT_EQ(test, -EINVAL,
					   bmm_vma_mut_insert_page(w, map->addr, page)));
	BMMT_EXPECT_MISUSE(test, why,
			   KUNIT_EXPECT_EQ(test, -EINVAL,
					   bmm_vma_zap(v, map->addr, PAGE_SIZE)));
	KUNIT_EXPECT_EQ(test, inserted, 0);
	KUNIT_EXPECT_NULL(test, none.vma);
	KUNIT_EXPECT_EQ(test, page_ref_count(page), 1);
}

/* A view dies with its guard, also when the vma has been freed since. */
static void test_view_outlives_guard(struct kunit *test)
{
	struct bmmt_map *map = bmmt_map(test, 4);
	struct bmm_user u = bmmt_user(test);
	struct bmm_vma_guard g = { };
	struct bmm_mmap_read r;
	struct bmm_vma v;

	KUNIT_ASSERT_EQ(test, 0, bmm_vma_lock(&g, u, map->addr, &map->id, BMM_WAIT));
	v = bmm_guard_vma(&g);
	bmm_vma_unlock(&g);
	expect_refused(test, map, v, "used after its guard was unlocked");

	r = bmm_mmap_read_lock(u);
	KUNIT_ASSERT_TRUE(test, bmm_mmap_read_lookup(&r, map->addr, &v));
	bmm_mmap_read_unlock(&r);
	vm_munmap(map->addr, 4 * PAGE_SIZE);
	rcu_barrier();
	expect_refused(test, map, v, "used after its guard was unlocked");

	/* A new guard does not revive an old view. */
	bmmt_mmap(map, map->addr, 4, PROT_READ, 0);
	KUNIT_ASSERT_EQ(test, 0, bmm_vma_lock(&g, u, map->addr, &map->id, BMM_WAIT));
	expect_refused(test, map, v, "used after its guard was unlocked");
	bmm_vma_unlock(&g);
	expect_clean(test);
}

struct lent {
	struct kunit *test;
	struct bmmt_map *map;
	struct bmm_vma v;
	struct bmm_mmap_read *r;
	struct bmm_mmap_write *w;
};

static void use_view(void *arg)
{
	struct lent *lent = arg;

	expect_refused(lent->test, lent->map, lent->v, "belongs to another task");
}

static void test_view_lent(struct kunit *test)
{
	struct lent lent = { .test = test, .map = bmmt_map(test, 4) };
	struct bmm_vma_guard g = { };

	KUNIT_ASSERT_EQ(test, 0, bmm_vma_lock(&g, bmmt_user(test), lent.map->addr,
					      &lent.map->id, BMM_WAIT));
	lent.v = bmm_guard_vma(&g);
	bmmt_in_other_task(test, use_view, &lent);
	KUNIT_EXPECT_EQ(test, bmm_vma_start(lent.v), lent.map->addr);
	bmm_vma_unlock(&g);
	expect_clean(test);
}

static void lookup_read(void *arg)
{
	struct lent *lent = arg;

	KUNIT_EXPECT_FALSE(lent->test, bmm_mmap_read_lookup(lent->r, lent->map->addr, &lent->v));
}

static void lookup_write(void *arg)
{
	struct bmm_vma_mut m = { };
	struct lent *lent = arg;

	KUNIT_EXPECT_FALSE(lent->test, bmm_mmap_write_lookup(lent->w, lent->map->addr, &m));
	KUNIT_EXPECT_NULL(lent->test, m.vma);
}

static void test_guard_lent(struct kunit *test)
{
	struct lent lent = { .test = test, .map = bmmt_map(test, 4) };
	struct bmm_user u = bmmt_user(test);
	struct bmm_mmap_write w;
	struct bmm_mmap_read r;

	lent.r = &r;
	r = bmm_mmap_read_lock(u);
	BMMT_EXPECT_MISUSE(test, "mmap read guard belongs",
			   bmmt_in_other_task(test, lookup_read, &lent));
	bmm_mmap_read_unlock(&r);
	BMMT_EXPECT_MISUSE(test, "mmap read guard that is not held", lookup_read(&lent));
	KUNIT_EXPECT_NULL(test, lent.v.vma);

	lent.w = &w;
	w = bmm_mmap_write_lock(u);
	BMMT_EXPECT_MISUSE(test, "mmap write guard belongs",
			   bmmt_in_other_task(test, lookup_write, &lent));
	bmm_mmap_write_unlock(&w);
	BMMT_EXPECT_MISUSE(test, "mmap write guard that is not held", lookup_write(&lent));
	expect_clean(test);
}

static void test_guard_not_held(struct kunit *test)
{
	struct bmm_vma_guard g = { };

	BMMT_EXPECT_MISUSE(test, "guard that is not held",
			   KUNIT_EXPECT_NULL(test, bmm_guard_vma(&g).vma));
}

/* Whoever vouches for a raw vma must at least have it locked. */
static void test_raw_without_lock(struct kunit *test)
{
	struct bmmt_map *map = bmmt_map(test, 4);
	struct bmm_user u = bmmt_user(test);
	struct vm_area_struct *vma;
	struct bmm_vma v;

	scoped_class(bmm_mmap_read, r, u)
		vma = vma_lookup(u.mm, map->addr);
	BMMT_EXPECT_MISUSE(test, "without a lock", v = bmm_vma_from_raw(vma));
	expect_refused(test, map, v, "without a lock");
	expect_clean(test);
}

/* Only the mmap write lock lets a vma be changed. */
static void test_mut_under_read_lock(struct kunit *test)
{
	struct page *page = bmmt_page(test, 1);
	struct bmmt_map *map = bmmt_map(test, 4);
	struct bmm_vma_mut forged;
	struct bmm_vma v;

	if (!IS_ENABLED(CONFIG_LOCKDEP))
		kunit_skip(test, "needs CONFIG_LOCKDEP to tell a read lock from a write lock");

	CLASS(bmm_mmap_read, r)(bmmt_user(test));
	KUNIT_ASSERT_TRUE(test, bmm_mmap_read_lookup(&r, map->addr, &v));
	forged = (struct bmm_vma_mut) { v.vma, v.ticket };
	BMMT_EXPECT_MISUSE(test, "without the mmap write lock",
			   KUNIT_EXPECT_EQ(test, -EINVAL,
					   bmm_vma_mut_insert_page(forged, map->addr, page)));
	KUNIT_EXPECT_EQ(test, page_ref_count(page), 1);
}

static void test_no_users(struct kunit *test)
{
	struct mm_struct *mm = mm_alloc();
	struct bmm_user forged = { mm };
	struct bmm b;

	KUNIT_ASSERT_NOT_NULL(test, mm);
	b = bmm_grab(mm);
	mmput(mm);
	BMMT_EXPECT_MISUSE(test, "no users",
			   KUNIT_EXPECT_NULL(test, bmm_user_from_raw(mm).mm));
	BMMT_EXPECT_MISUSE(test, "no users", KUNIT_EXPECT_NULL(test, bmm_user_get(forged).mm));
	BMMT_EXPECT_MISUSE(test, "no users",
			   KUNIT_EXPECT_NULL(test, bmm_mmap_read_lock(forged).mm));
	BMMT_EXPECT_MISUSE(test, "no users",
			   KUNIT_EXPECT_NULL(test, bmm_mmap_read_trylock(forged).mm));
	BMMT_EXPECT_MISUSE(test, "no users",
			   KUNIT_EXPECT_NULL(test, bmm_mmap_write_lock(forged).mm));
	KUNIT_EXPECT_EQ(test, atomic_read(&mm->mm_users), 0);
	bmm_drop(b);
	expect_clean(test);
}

static void test_outside_of_page(struct kunit *test)
{
	struct bmm_borrowed p = bmm_borrow(bmmt_page(test, 9), 1);
	u64 value = 0;

	BMMT_EXPECT_MISUSE(test, "access to 8 bytes at 4089 of 1 pages",
			   KUNIT_EXPECT_EQ(test, -EINVAL, bmm_read(p, PAGE_SIZE - 7, &value, 8)));
	BMMT_EXPECT_MISUSE(test, "access to",
			   KUNIT_EXPECT_EQ(test, -EINVAL, bmm_write(p, SIZE_MAX, &value, 8)));
	BMMT_EXPECT_MISUSE(test, "access to",
			   KUNIT_EXPECT_EQ(test, -EINVAL, bmm_zero(p, 0, PAGE_SIZE + 1)));
	KUNIT_EXPECT_EQ(test, value, 0);
	expect_clean(test);
}

static void unmap_foreign(void *at)
{
	bmm_unmap(at);
}

static void test_maps(struct kunit *test)
{
	struct page *a = bmmt_page(test, 1), *b = bmmt_page(test, 2);
	void *at_a, *at_b;

	at_a = bmm_map(a);
	at_b = bmm_map(b);
	BMMT_EXPECT_MISUSE(test, "before one that was mapped later", bmm_unmap(at_a));
	KUNIT_EXPECT_EQ(test, bmm_maps_outstanding(), 2U);
	BMMT_EXPECT_MISUSE(test, "this task has not mapped",
			   bmmt_in_other_task(test, unmap_foreign, at_b));
	BMMT_EXPECT_MISUSE(test, "2 page mapping(s) left behind",
			   KUNIT_EXPECT_FALSE(test, bmm_assert_no_maps()));
	bmm_unmap(at_b);
	BMMT_EXPECT_MISUSE(test, "this task has not mapped", bmm_unmap(at_b));
	bmm_unmap(at_a);
	expect_clean(test);
}

static void test_phys(struct kunit *test)
{
	struct bmm_page p = bmm_pages_alloc(GFP_KERNEL, 1), none;
	phys_addr_t phys, other;

	KUNIT_ASSERT_NOT_NULL(test, p.page);
	other = page_to_phys(bmmt_page(test, 1));
	phys = bmm_pages_into_phys(&p);
	BMMT_EXPECT_MISUSE(test, "owned address of order 0", none = bmm_pages_from_phys(phys, 0));
	KUNIT_EXPECT_NULL(test, none.page);
	BMMT_EXPECT_MISUSE(test, "owned address", none = bmm_pages_from_phys(phys + 8, 1));
	KUNIT_EXPECT_NULL(test, none.page);
	BMMT_EXPECT_MISUSE(test, "owned address", none = bmm_pages_from_phys(other, 0));
	KUNIT_EXPECT_NULL(test, none.page);
	BMMT_EXPECT_MISUSE(test, "owned address",
			   none = bmm_pages_from_phys(~(phys_addr_t)0 & PAGE_MASK, 0));
	KUNIT_EXPECT_NULL(test, none.page);

	p = bmm_pages_from_phys(phys, 1);
	KUNIT_EXPECT_NOT_NULL(test, p.page);
	BMMT_EXPECT_MISUSE(test, "owned address", none = bmm_pages_from_phys(phys, 1));
	KUNIT_EXPECT_NULL(test, none.page);
	bmm_pages_free(&p);
	BMMT_EXPECT_MISUSE(test, "nothing owned",
			   KUNIT_EXPECT_EQ(test, bmm_pages_into_phys(&p), 0));
}

static void test_not_vmalloc(struct kunit *test)
{
	void *area __free(kvfree) = vmalloc(PAGE_SIZE);
	void *slab = kunit_kzalloc(test, 64, GFP_KERNEL);
	struct bmm_page_iter it;
	struct bmm_borrowed p;

	KUNIT_ASSERT_NOT_NULL(test, slab);
	KUNIT_ASSERT_NOT_NULL(test, area);
	BMMT_EXPECT_MISUSE(test, "not a vmalloc area", it = bmm_vmalloc_iter(slab, 64));
	KUNIT_EXPECT_FALSE(test, bmm_page_iter_next(&it, &p));
	BMMT_EXPECT_MISUSE(test, "not a vmalloc area", it = bmm_vmalloc_iter(area + 8, 64));
	KUNIT_EXPECT_FALSE(test, bmm_page_iter_next(&it, &p));
}

/* More guards than there are tickets: no check, and no false report. */
static void test_tickets_run_out(struct kunit *test)
{
	const unsigned int nr = 2048;
	struct bmm_ticket *tickets = kunit_kcalloc(test, nr, sizeof(*tickets), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, tickets);
	for (i = 0; i < nr; i++)
		tickets[i] = bmm_ticket_issue();
	KUNIT_EXPECT_LT(test, bmm_tickets_live(), nr);
	KUNIT_EXPECT_GT(test, bmm_tickets_live(), 100U);
	for (i = 0; i < nr; i++) {
		KUNIT_EXPECT_TRUE(test, bmm_ticket_valid(tickets[i], "guard"));
		KUNIT_EXPECT_TRUE(test, bmm_ticket_redeem(&tickets[i], "guard"));
	}
	KUNIT_EXPECT_EQ(test, bmmt_misuse_count(), 0U);
	expect_clean(test);
}

/* More mappings than there are notes: the same. */
static void test_notes_run_out(struct kunit *test)
{
	const unsigned int nr = 4096;
	unsigned int i;

	for (i = 0; i < nr; i++)
		bmm_map_note((void *)((unsigned long)i << PAGE_SHIFT));
	KUNIT_EXPECT_LT(test, bmm_maps_outstanding(), nr);
	KUNIT_EXPECT_GT(test, bmm_maps_outstanding(), 100U);
	while (i--)
		KUNIT_EXPECT_TRUE(test, bmm_map_forget((void *)((unsigned long)i << PAGE_SHIFT)));
	KUNIT_EXPECT_EQ(test, bmmt_misuse_count(), 0U);

	/* and once there are notes again, the checks are back */
	BMMT_EXPECT_MISUSE(test, "has not mapped",
			   KUNIT_EXPECT_FALSE(test, bmm_map_forget((void *)PAGE_SIZE)));
	expect_clean(test);
}

/* The books can be kept in any context, and leave it as it is. */
static void test_interrupts_off(struct kunit *test)
{
	struct bmm_ticket ticket;
	bool valid, redeemed, forgotten;
	unsigned int live, maps;
	unsigned long flags;
	int still_off = 0;

	local_irq_save(flags);
	ticket = bmm_ticket_issue();
	still_off += irqs_disabled();
	valid = bmm_ticket_valid(ticket, "guard");
	still_off += irqs_disabled();
	live = bmm_tickets_live();
	still_off += irqs_disabled();
	redeemed = bmm_ticket_redeem(&ticket, "guard");
	still_off += irqs_disabled();
	bmm_map_note((void *)PAGE_SIZE);
	still_off += irqs_disabled();
	maps = bmm_maps_outstanding();
	still_off += irqs_disabled();
	forgotten = bmm_map_forget((void *)PAGE_SIZE);
	still_off += irqs_disabled();
	local_irq_restore(flags);

	KUNIT_EXPECT_EQ(test, still_off, 7);
	KUNIT_EXPECT_TRUE(test, valid);
	KUNIT_EXPECT_EQ(test, live, 1U);
	KUNIT_EXPECT_TRUE(test, redeemed);
	KUNIT_EXPECT_EQ(test, maps, 1U);
	KUNIT_EXPECT_TRUE(test, forgotten);
	KUNIT_EXPECT_EQ(test, bmmt_misuse_count(), 0U);
	expect_clean(test);
}

/* @stmt is the first that a task does which is to give way: it does so in it. */
#define EXPECT_GIVES_WAY(test, stmt)						\
do {										\
	set_tsk_need_resched(current);						\
	set_preempt_need_resched();						\
	stmt;									\
	KUNIT_EXPECT_FALSE(test, need_resched());				\
} while (0)

/* Nor does it hold up the scheduler. */
static void test_preempted(struct kunit *test)
{
	struct bmm_ticket ticket;
	unsigned int live, maps;
	bool valid, forgotten;

	if (!IS_ENABLED(CONFIG_PREEMPTION))
		kunit_skip(test, "needs CONFIG_PREEMPTION");
	EXPECT_GIVES_WAY(test, ticket = bmm_ticket_issue());
	EXPECT_GIVES_WAY(test, valid = bmm_ticket_valid(ticket, "guard"));
	EXPECT_GIVES_WAY(test, live = bmm_tickets_live());
	EXPECT_GIVES_WAY(test, bmm_map_note((void *)PAGE_SIZE));
	EXPECT_GIVES_WAY(test, maps = bmm_maps_outstanding());
	EXPECT_GIVES_WAY(test, forgotten = bmm_map_forget((void *)PAGE_SIZE));
	KUNIT_EXPECT_TRUE(test, valid);
	KUNIT_EXPECT_EQ(test, live, 1U);
	KUNIT_EXPECT_EQ(test, maps, 1U);
	KUNIT_EXPECT_TRUE(test, forgotten);
	KUNIT_EXPECT_TRUE(test, bmm_ticket_redeem(&ticket, "guard"));
	expect_clean(test);
}

struct neighbour {
	struct kunit *test;
	struct completion mapped;
};

/* Does something in between, and sees nothing but what it did itself. */
static int neighbour_thread(void *arg)
{
	struct neighbour *n = arg;

	current->kunit_test = n->test;
	KUNIT_EXPECT_EQ(n->test, bmm_tickets_live(), 0U);
	KUNIT_EXPECT_EQ(n->test, bmm_maps_outstanding(), 0U);
	bmm_map_note((void *)(2 * PAGE_SIZE));
	KUNIT_EXPECT_EQ(n->test, bmm_maps_outstanding(), 1U);
	complete(&n->mapped);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	KUNIT_EXPECT_TRUE(n->test, bmm_map_forget((void *)(2 * PAGE_SIZE)));
	return 0;
}

/* A task whose notes are in one list with those of this one. */
static struct task_struct *neighbour(struct kunit *test, struct neighbour *n)
{
	unsigned int nr = 0, max = 1024;
	struct task_struct **tasks = kunit_kcalloc(test, max, sizeof(*tasks), GFP_KERNEL), *found;

	KUNIT_ASSERT_NOT_NULL(test, tasks);
	init_completion(&n->mapped);
	do {
		found = kthread_create(neighbour_thread, n, "bmmt_neighbour");
		if (IS_ERR(found))
			break;
		tasks[nr++] = found;
	} while (nr < max && hash_long((unsigned long)found, 6) !=
			     hash_long((unsigned long)current, 6));
	while (nr--) {
		if (tasks[nr] != found)
			kthread_stop(tasks[nr]);
	}
	KUNIT_ASSERT_FALSE(test, IS_ERR(found));
	return found;
}

/* Whose is it? Each task has its own guards and mappings. */
static void test_neighbours(struct kunit *test)
{
	struct neighbour n = { .test = test };
	struct task_struct *task = neighbour(test, &n);
	struct bmm_ticket ticket = bmm_ticket_issue();

	bmm_map_note((void *)PAGE_SIZE);
	wake_up_process(task);
	wait_for_completion(&n.mapped);
	KUNIT_EXPECT_EQ(test, bmm_tickets_live(), 1U);
	KUNIT_EXPECT_EQ(test, bmm_maps_outstanding(), 1U);
	BMMT_EXPECT_MISUSE(test, "has not mapped",
			   KUNIT_EXPECT_FALSE(test, bmm_map_forget((void *)(2 * PAGE_SIZE))));
	/* What the other did later does not matter. */
	KUNIT_EXPECT_TRUE(test, bmm_map_forget((void *)PAGE_SIZE));
	kthread_stop(task);
	KUNIT_EXPECT_TRUE(test, bmm_ticket_redeem(&ticket, "guard"));
	expect_clean(test);
}

static struct kunit_case misuse_cases[] = {
	KUNIT_CASE(test_silent),
	KUNIT_CASE(test_unlock_by_other_task),
	KUNIT_CASE(test_unlock_twice),
	KUNIT_CASE(test_lock_twice),
	KUNIT_CASE(test_view_outlives_guard),
	KUNIT_CASE(test_view_lent),
	KUNIT_CASE(test_guard_lent),
	KUNIT_CASE(test_guard_not_held),
	KUNIT_CASE(test_raw_without_lock),
	KUNIT_CASE(test_mut_under_read_lock),
	KUNIT_CASE(test_no_users),
	KUNIT_CASE(test_outside_of_page),
	KUNIT_CASE(test_maps),
	KUNIT_CASE(test_phys),
	KUNIT_CASE(test_not_vmalloc),
	KUNIT_CASE(test_tickets_run_out),
	KUNIT_CASE(test_notes_run_out),
	KUNIT_CASE(test_interrupts_off),
	KUNIT_CASE(test_preempted),
	KUNIT_CASE(test_neighbours),
	{ }
};

static struct kunit_suite misuse_suite = {
	.name = "binder_mm_misuse",
	.init = misuse_init,
	.test_cases = misuse_cases,
};

kunit_test_suite(misuse_suite);
