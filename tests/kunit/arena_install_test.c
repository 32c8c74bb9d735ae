// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of bringing pages: mapped at once by the sender, or later by the
 * receiver's page fault, and refused where nothing was sent.
 */
#include <kunit/static_stub.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "arena_fixture.h"

/* Page @slot holds bytes that say which arena and slot it belongs to. */
static void stamp(struct arenat_rx *rx, struct arena_buf *b, size_t slot)
{
	u64 mark = rx->addr + slot;
	size_t at = max(slot << PAGE_SHIFT, b->range.start) - b->range.start;

	KUNIT_EXPECT_EQ(rx->test, 0, arena_write(rx->a, b, at, &mark, sizeof(mark)));
}

static bool stamped(struct arenat_rx *rx, struct arena_buf *b, size_t slot)
{
	size_t at = max(slot << PAGE_SHIFT, b->range.start);
	u64 mark = rx->addr + slot;

	return arenat_sees(rx->test, rx->addr + at, &mark, sizeof(mark));
}

/* All of [@first, @end) is visible to the receiver, with the right content. */
static void expect_stamps(struct arenat_rx *rx, struct arena_buf *b, size_t first, size_t end)
{
	size_t slot;

	for (slot = first; slot < end; slot++)
		stamp(rx, b, slot);
	for (slot = first; slot < end; slot++)
		KUNIT_EXPECT_TRUE_MSG(rx->test, stamped(rx, b, slot), "slot %zu", slot);
}

static bool mapped(struct arena *a, size_t first, size_t end)
{
	for (; first < end; first++) {
		if (!arenat_mapped(a, first))
			return false;
	}
	return true;
}

static bool unmapped(struct arena *a, size_t first, size_t end)
{
	for (; first < end; first++) {
		if (arenat_mapped(a, first))
			return false;
	}
	return true;
}

static struct bmmt_writer *writer(struct arenat_rx *rx, unsigned long addr)
{
	struct bmmt_writer *w = arenat_alloc(rx->test, sizeof(*w));

	w->mm = rx->mm;
	w->addr = addr;
	return w;
}

/* Sizes around what is handled together, and all there is. */
static void test_at_once(struct kunit *test)
{
	static const size_t pages[] = { 1, 2, 3, 31, 32, 33, 64, 65, 1024 };
	enum arena_event event = arenat_map_event(test);
	int i;

	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		struct arenat_rx *rx = arenat_rx(test, ARENA_MAX_SIZE);
		size_t nr = pages[i];
		struct arena_buf *b = arenat_reserve(rx, nr << PAGE_SHIFT);

		KUNIT_EXPECT_TRUE(test, mapped(rx->a, 0, nr));
		ARENAT_EXPECT(test, rx->a, nr, 0, 1024 - nr);
		KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_PAGE_NEW), nr);
		KUNIT_EXPECT_EQ(test, arenat_event(rx->a, event), nr);
		KUNIT_EXPECT_EQ(test, rx->a->watermark, nr);
		KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr, NULL, nr << PAGE_SHIFT));
		expect_stamps(rx, b, 0, nr);
		KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_MAP_FAULT), 0);
		if (nr < 1024)
			KUNIT_EXPECT_TRUE(test, arenat_sigbus(test, rx->addr + (nr << PAGE_SHIFT)));
		arena_release(rx->a, b);
		ARENAT_EXPECT(test, rx->a, 0, nr, 1024 - nr);
	}
}

/* Every second page is there already. */
static void test_holes(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_256K);
	struct arena_buf *b[64], *all;
	struct arena *a = rx->a;
	size_t i;

	for (i = 0; i < 64; i++)
		b[i] = arenat_reserve(rx, PAGE_SIZE);
	for (i = 0; i < 64; i += 2)
		arena_release(a, b[i]);
	arenat_drain(test);
	ARENAT_EXPECT(test, a, 32, 0, 32);
	for (i = 1; i < 64; i += 2)
		arena_release(a, b[i]);
	ARENAT_EXPECT(test, a, 0, 32, 32);

	all = arenat_reserve(rx, SZ_256K);
	ARENAT_EXPECT(test, a, 64, 0, 0);
	KUNIT_EXPECT_EQ(test, arenat_event(a, ARENA_PAGE_NEW), 96);
	KUNIT_EXPECT_EQ(test, arenat_event(a, arenat_map_event(test)), 96);
	KUNIT_EXPECT_TRUE(test, mapped(a, 0, 64));
	expect_stamps(rx, all, 0, 64);
	arena_release(a, all);
}

/* A receiver that changes its mappings all the time does not hold a sender up. */
static void test_contended(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_256K);
	struct bmmt_writer *w = writer(rx, rx->addr);
	struct arena_buf *first = arenat_reserve(rx, 100);
	struct arena_buf b = {};
	struct arena *a = rx->a;
	int err;

	bmmt_writer_start(test, w);
	err = arena_reserve(a, &b, 40 * PAGE_SIZE, false);
	KUNIT_EXPECT_TRUE(test, rwsem_is_locked(&rx->mm->mmap_lock));
	bmmt_writer_stop(w);
	KUNIT_ASSERT_EQ(test, 0, err);

	ARENAT_EXPECT(test, a, 41, 0, 23);
	KUNIT_EXPECT_EQ(test, b.range.start, 104);
	KUNIT_EXPECT_TRUE(test, mapped(a, 0, 1));
	KUNIT_EXPECT_TRUE(test, unmapped(a, 1, 41));
	KUNIT_EXPECT_EQ(test, arenat_event(a, ARENA_MAP_LATER_CONTENDED), 40);
	KUNIT_EXPECT_EQ(test, arenat_event(a, arenat_map_event(test)), 1);
	KUNIT_EXPECT_FALSE(test, arenat_sees_now(rx->addr + 3 * PAGE_SIZE));

	/* The driver reaches the pages, and so does the receiver's page fault. */
	expect_stamps(rx, &b, 0, 41);
	KUNIT_EXPECT_EQ(test, arenat_event(a, ARENA_MAP_FAULT), 40);
	KUNIT_EXPECT_TRUE(test, mapped(a, 0, 41));
	KUNIT_EXPECT_TRUE(test, arenat_sees_now(rx->addr + 3 * PAGE_SIZE));
	expect_stamps(rx, &b, 0, 41);
	KUNIT_EXPECT_EQ(test, arenat_event(a, ARENA_MAP_FAULT), 40);

	arena_release(a, &b);
	arena_release(a, first);
	ARENAT_EXPECT(test, a, 0, 41, 23);
}

/* A writer that is not at this vma holds up those without per-VMA locks only. */
static void test_other_vma_contended(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct bmmt_writer *w = writer(rx, 0);
	struct arena_buf b = {};
	bool later = arenat_map_event(test) == ARENA_MAP_MMAP_LOCK;
	int err;

	bmmt_writer_start(test, w);
	err = arena_reserve(rx->a, &b, 4 * PAGE_SIZE, false);
	bmmt_writer_stop(w);
	KUNIT_ASSERT_EQ(test, 0, err);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_MAP_LATER_CONTENDED), later ? 4 : 0);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_MAP_VMA_LOCK), later ? 0 : 4);
	KUNIT_EXPECT_EQ(test, mapped(rx->a, 0, 4), !later);
	expect_stamps(rx, &b, 0, 4);
	ARENAT_EXPECT(test, rx->a, 4, 0, 12);
	arena_release(rx->a, &b);
}

/* Nothing was ever sent there, or it is over: no page fault brings a page. */
static void test_sigbus(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct bmmt_writer *w = writer(rx, rx->addr);
	struct arena_buf b = {};
	int err;

	KUNIT_EXPECT_TRUE(test, arenat_sigbus(test, rx->addr));
	bmmt_writer_start(test, w);
	err = arena_reserve(rx->a, &b, 2 * PAGE_SIZE, false);
	bmmt_writer_stop(w);
	KUNIT_ASSERT_EQ(test, 0, err);
	KUNIT_EXPECT_TRUE(test, arenat_sigbus(test, rx->addr + 2 * PAGE_SIZE));

	/* Idle, and was never mapped. */
	stamp(rx, &b, 0);
	KUNIT_EXPECT_TRUE(test, stamped(rx, &b, 0));
	arena_release(rx->a, &b);
	ARENAT_EXPECT(test, rx->a, 0, 2, 14);
	KUNIT_EXPECT_TRUE(test, stamped(rx, &b, 0));
	KUNIT_EXPECT_TRUE(test, arenat_sigbus(test, rx->addr + PAGE_SIZE));
	KUNIT_EXPECT_TRUE(test, unmapped(rx->a, 1, 2));
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_MAP_FAULT), 1);

	/* In use again: the fault maps it now. */
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(rx->a, &b, 2 * PAGE_SIZE, false));
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_PAGE_NEW), 2);
	expect_stamps(rx, &b, 0, 2);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_MAP_FAULT), 2);
	arena_release(rx->a, &b);
}

/* What the receiver throws out of its page table comes back while it is in use. */
static void test_dontneed(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena_buf *b = arenat_reserve(rx, 6 * PAGE_SIZE);
	struct arena_buf *idle = arenat_reserve(rx, 2 * PAGE_SIZE);
	struct arena *a = rx->a;

	expect_stamps(rx, b, 0, 6);
	expect_stamps(rx, idle, 6, 8);
	arena_release(a, idle);
	KUNIT_ASSERT_EQ(test, 0, do_madvise(rx->mm, rx->addr + PAGE_SIZE, 7 * PAGE_SIZE,
					    MADV_DONTNEED));
	KUNIT_EXPECT_TRUE(test, mapped(a, 0, 1));
	KUNIT_EXPECT_TRUE(test, unmapped(a, 1, 8));
	ARENAT_EXPECT(test, a, 6, 2, 8);

	KUNIT_EXPECT_TRUE(test, stamped(rx, b, 3));
	KUNIT_EXPECT_TRUE(test, stamped(rx, b, 1));
	KUNIT_EXPECT_TRUE(test, stamped(rx, b, 5));
	KUNIT_EXPECT_EQ(test, arenat_event(a, ARENA_MAP_FAULT), 3);
	KUNIT_EXPECT_TRUE(test, unmapped(a, 2, 3));
	KUNIT_EXPECT_TRUE(test, arenat_sigbus(test, rx->addr + 6 * PAGE_SIZE));

	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, idle, 2 * PAGE_SIZE, false));
	KUNIT_EXPECT_TRUE(test, stamped(rx, idle, 6));
	arena_release(a, idle);
	arena_release(a, b);
	ARENAT_EXPECT(test, a, 0, 8, 8);
}

/* A range that goes across the border of two vmas, and one around a third. */
static void test_split(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_256K);
	struct arena_buf *b[2];
	struct arena *a = rx->a;

	arenat_split(rx, 5);
	arenat_split(rx, 20);
	arenat_split(rx, 40);
	b[0] = arenat_reserve(rx, 18 * PAGE_SIZE);
	b[1] = arenat_reserve(rx, 46 * PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, mapped(a, 0, 64));
	KUNIT_EXPECT_EQ(test, arenat_event(a, arenat_map_event(test)), 64);
	expect_stamps(rx, b[0], 0, 18);
	expect_stamps(rx, b[1], 18, 64);
	KUNIT_EXPECT_EQ(test, arenat_event(a, ARENA_MAP_FAULT), 0);

	/* The fault finds its page in each piece. */
	KUNIT_ASSERT_EQ(test, 0, do_madvise(rx->mm, rx->addr, SZ_256K, MADV_DONTNEED));
	KUNIT_EXPECT_TRUE(test, stamped(rx, b[0], 4));
	KUNIT_EXPECT_TRUE(test, stamped(rx, b[0], 5));
	KUNIT_EXPECT_TRUE(test, stamped(rx, b[1], 39));
	KUNIT_EXPECT_TRUE(test, stamped(rx, b[1], 40));
	arena_release(a, b[0]);
	arena_release(a, b[1]);
	ARENAT_EXPECT(test, a, 0, 64, 0);
}

/* One of two vmas is locked by a writer, the other is not. */
static void test_split_contended(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct bmmt_writer *w = writer(rx, rx->addr + SZ_32K);
	bool all = arenat_map_event(test) == ARENA_MAP_MMAP_LOCK;
	struct arena_buf b = {};
	int err;

	arenat_split(rx, 6);
	bmmt_writer_start(test, w);
	err = arena_reserve(rx->a, &b, SZ_64K, false);
	bmmt_writer_stop(w);
	KUNIT_ASSERT_EQ(test, 0, err);
	KUNIT_EXPECT_EQ(test, mapped(rx->a, 0, 6), !all);
	KUNIT_EXPECT_TRUE(test, unmapped(rx->a, 6, 16));
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_MAP_LATER_CONTENDED), all ? 16 : 10);
	expect_stamps(rx, &b, 0, 16);
	arena_release(rx->a, &b);
	ARENAT_EXPECT(test, rx->a, 0, 16, 0);
}

/*
 * What happens between "published" and "mapped": the stub runs there, once,
 * and then lets the real function do its work.
 */
static struct {
	struct arenat_rx *rx;
	void (*then)(struct arenat_rx *rx);
	int err;
} between;

static int lock_after(struct bmm_vma_guard *g, struct bmm_user u, unsigned long addr,
		      const struct bmm_vma_id *id, enum bmm_lock_how how)
{
	*g = (struct bmm_vma_guard) { };
	kunit_deactivate_static_stub(between.rx->test, bmm_vma_lock);
	if (between.then)
		between.then(between.rx);
	return between.err ?: bmm_vma_lock(g, u, addr, id, how);
}

static void set_between(struct arenat_rx *rx, void (*then)(struct arenat_rx *rx), int err)
{
	between.rx = rx;
	between.then = then;
	between.err = err;
	kunit_activate_static_stub(rx->test, bmm_vma_lock, lock_after);
}

static void touch_some(struct arenat_rx *rx)
{
	static const size_t slots[] = { 0, 3, 4, 9, 31 };
	int i;

	for (i = 0; i < ARRAY_SIZE(slots); i++)
		KUNIT_EXPECT_TRUE(rx->test, arenat_sees(rx->test,
							arena_slot_addr(rx->a, slots[i]),
							NULL, PAGE_SIZE));
}

static void test_fault_first(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_256K);
	struct arena_buf *b;

	set_between(rx, touch_some, 0);
	b = arenat_reserve(rx, 32 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_MAP_FAULT), 5);
	KUNIT_EXPECT_TRUE(test, mapped(rx->a, 0, 32));
	expect_stamps(rx, b, 0, 32);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_MAP_FAULT), 5);
	arena_release(rx->a, b);
}

static void unmap_all(struct arenat_rx *rx)
{
	arenat_unmap(rx);
}

static void test_unmapped_meanwhile(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena_buf *b;

	set_between(rx, unmap_all, 0);
	b = arenat_reserve(rx, 5 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_MAP_LATER_NOT_OURS), 5);
	KUNIT_EXPECT_FALSE(test, arena_is_mapped(rx->a));
	KUNIT_EXPECT_TRUE(test, unmapped(rx->a, 0, 5));
	KUNIT_EXPECT_EQ(test, 0, arena_zero(rx->a, b, 0, 5 * PAGE_SIZE));
	arena_release(rx->a, b);
	ARENAT_EXPECT(test, rx->a, 0, 5, 11);
	arenat_close(rx);
}

/* Somebody else's mapping is where ours was. */
static void replace(struct arenat_rx *rx)
{
	unsigned long addr = vm_mmap(NULL, rx->addr, rx->len, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, 0);

	KUNIT_EXPECT_EQ(rx->test, addr, rx->addr);
}

static void test_replaced_meanwhile(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena_buf *b;

	set_between(rx, replace, 0);
	b = arenat_reserve(rx, 5 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_MAP_LATER_NOT_OURS), 5);
	stamp(rx, b, 0);
	KUNIT_EXPECT_FALSE(test, stamped(rx, b, 0));
	arena_release(rx->a, b);
	ARENAT_EXPECT(test, rx->a, 0, 5, 11);
}

/* The first pages go in, then there is no memory for a page table. */
static int insert_three(struct bmm_vma_mixed m, unsigned long addr, struct page **pages,
			unsigned long nr, unsigned long *inserted)
{
	kunit_deactivate_static_stub(between.rx->test, bmm_vma_insert_pages);
	return bmm_vma_insert_pages(m, addr, pages, 3, inserted) ?: -ENOMEM;
}

static void test_no_page_table(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_256K);
	struct arena_buf *b;

	between.rx = rx;
	kunit_activate_static_stub(test, bmm_vma_insert_pages, insert_three);
	b = arenat_reserve(rx, 40 * PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, mapped(rx->a, 0, 3));
	KUNIT_EXPECT_TRUE(test, unmapped(rx->a, 3, 32));
	KUNIT_EXPECT_TRUE(test, mapped(rx->a, 32, 40));
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_MAP_LATER_NO_MEMORY), 32);
	expect_stamps(rx, b, 0, 40);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_MAP_FAULT), 29);
	arena_release(rx->a, b);
	ARENAT_EXPECT(test, rx->a, 0, 40, 24);
}

static bool never_alive(struct bmm b, struct bmm_user *user)
{
	return false;
}

/* The last user of the address space goes just before the pages are brought. */
static void test_dead(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena_buf *old = arenat_reserve(rx, 100), b = {};

	kunit_activate_static_stub(test, bmm_get_not_zero, never_alive);
	KUNIT_EXPECT_EQ(test, -ESRCH, arena_reserve(rx->a, &b, PAGE_SIZE, true));
	KUNIT_EXPECT_EQ(test, b.range.size, 0);
	KUNIT_EXPECT_EQ(test, rx->a->oneway_free, SZ_32K);
	ARENAT_EXPECT(test, rx->a, 1, 0, 15);

	/* What needs no new page needs no address space either. */
	KUNIT_EXPECT_EQ(test, 0, arena_reserve(rx->a, &b, 100, true));
	kunit_deactivate_static_stub(test, bmm_get_not_zero);
	arena_release(rx->a, &b);
	arena_release(rx->a, old);
}

static int insert_error;

static int insert_fails(struct bmm_vma_mixed m, unsigned long addr, struct page *page)
{
	return insert_error;
}

static vm_fault_t fault_at(struct vm_area_struct *vma, unsigned long addr)
{
	struct vm_fault vmf = { .vma = vma, .address = addr };

	return vma->vm_ops->fault(&vmf);
}

static void expect_fault(struct kunit *test, struct vm_area_struct *vma,
			 unsigned long addr, vm_fault_t want)
{
	KUNIT_EXPECT_EQ(test, (__force u32)fault_at(vma, addr), (__force u32)want);
}

static void test_fault_errors(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, 2 * ARENA_MAX_SIZE);
	struct arena_buf *b = arenat_reserve(rx, PAGE_SIZE);
	struct vm_area_struct *vma, *copy = arenat_alloc(test, sizeof(*copy));

	kunit_activate_static_stub(test, bmm_vma_insert_page, insert_fails);
	mmap_read_lock(rx->mm);
	vma = vma_lookup(rx->mm, rx->addr);
	insert_error = -ENOMEM;
	expect_fault(test, vma, rx->addr, VM_FAULT_OOM);
	insert_error = -EFAULT;
	expect_fault(test, vma, rx->addr, VM_FAULT_SIGBUS);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_MAP_FAULT), 0);
	insert_error = -EBUSY;
	expect_fault(test, vma, rx->addr, VM_FAULT_NOPAGE);
	insert_error = 0;
	expect_fault(test, vma, rx->addr + 4095, VM_FAULT_NOPAGE);
	expect_fault(test, vma, rx->addr + PAGE_SIZE, VM_FAULT_SIGBUS);
	expect_fault(test, vma, rx->addr + ARENA_MAX_SIZE, VM_FAULT_SIGBUS);
	expect_fault(test, vma, rx->addr + ARENA_MAX_SIZE - 1, VM_FAULT_SIGBUS);

	/* The same file at another place, as mremap() with an old size of 0 makes it. */
	memcpy(copy, vma, sizeof(*copy));
	copy->vm_start += SZ_64K;
	copy->vm_end += SZ_64K;
	expect_fault(test, copy, copy->vm_start, VM_FAULT_SIGBUS);
	copy->vm_start -= 2 * SZ_64K;
	expect_fault(test, copy, copy->vm_start, VM_FAULT_SIGBUS);
	mmap_read_unlock(rx->mm);
	arena_release(rx->a, b);
}

/* A vma that lost VM_MIXEDMAP cannot take pages without its flags being changed. */
static void test_not_mixed(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct vm_area_struct *vma;
	struct arena_buf *b;

	mmap_write_lock(rx->mm);
	vma = vma_lookup(rx->mm, rx->addr);
	vm_flags_clear(vma, VM_MIXEDMAP);
	mmap_write_unlock(rx->mm);

	b = arenat_reserve(rx, 2 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, arenat_event(rx->a, ARENA_MAP_LATER_NOT_OURS), 2);
	KUNIT_EXPECT_TRUE(test, arenat_sigbus(test, rx->addr));
	KUNIT_EXPECT_TRUE(test, unmapped(rx->a, 0, 2));
	arena_release(rx->a, b);
	ARENAT_EXPECT(test, rx->a, 0, 2, 14);
}

/* The receiver only reads. */
static void test_write_refused(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena_buf *b = arenat_reserve(rx, PAGE_SIZE);
	u64 __user *to = (u64 __user *)rx->addr;

	stamp(rx, b, 0);
	KUNIT_EXPECT_NE(test, 0, put_user(0, to));
	KUNIT_EXPECT_NE(test, 0, clear_user(to, 8));
	KUNIT_EXPECT_TRUE(test, stamped(rx, b, 0));
	arena_release(rx->a, b);
}

static struct kunit_case install_cases[] = {
	KUNIT_CASE_PARAM(test_at_once, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_holes, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_contended, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_other_vma_contended, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_sigbus, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_dontneed, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_split, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_split_contended, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_fault_first, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_unmapped_meanwhile, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_replaced_meanwhile, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_no_page_table, bmmt_lock_mode_gen_params),
	KUNIT_CASE_PARAM(test_dead, bmmt_lock_mode_gen_params),
	KUNIT_CASE(test_fault_errors),
	KUNIT_CASE_PARAM(test_not_mixed, bmmt_lock_mode_gen_params),
	KUNIT_CASE(test_write_refused),
	{ }
};

static struct kunit_suite install_suite = {
	.name = "binder_arena_install",
	.init = arenat_init_lock_mode,
	.exit = arenat_exit,
	.test_cases = install_cases,
};

kunit_test_suite(install_suite);
