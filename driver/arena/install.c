// SPDX-License-Identifier: GPL-2.0
/*
 * Bring the missing pages of a range, and map them.
 *
 * Three steps, so that no lock is held while memory is allocated, and none that
 * the receiver can keep is waited for:
 *
 *   allocate	pages and their records, no lock. Charged to the receiver.
 *   publish	put them into the slots, map_mutex and arena->lock. Whoever needs
 *		the same page at the same time uses the one that came first. A
 *		page that is on its way out of the same slot leaves the page table
 *		first: the receiver would read it in place of the new one.
 *   map	put them into the receiver's page table, under the per-VMA lock or
 *		the mmap read lock if one of them is free right now.
 *
 * Only "publish" has to succeed: the driver reaches a page through its slot, and
 * the receiver, should it look before the page is mapped, faults and maps it
 * itself in arena_fault().
 */
#include <linux/gfp.h>
#include <linux/memcontrol.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "arena/page.h"
#include "mm/page.h"

/* Pages that are handled together: bounded by the kernel stack. */
#define BATCH 32

/*
 * Memory for a receiver is charged to the receiver. When its memory cgroup is
 * full the transaction fails: a sender must not be able to have the receiver
 * killed, which is what plain GFP_KERNEL would do.
 */
#define ARENA_GFP (GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

/*
 * Cleared pages, as many of @want as one trip to the allocator brings: 0 if there
 * is not even one. Single pages come from the CPU's own list, where those are
 * that were freed last: to clear those costs as little as half of what a block of
 * neighbours costs, which nobody has touched for long. The allocator charges
 * nobody for pages in bulk, so that is done here, as it does for a single one.
 */
static unsigned int alloc_pages_charged(struct page **pages, unsigned int want)
{
	const gfp_t gfp = ARENA_GFP | __GFP_HIGHMEM | __GFP_ZERO;
	unsigned int got, nr = 0;

	memset(pages, 0, want * sizeof(*pages));
	got = alloc_pages_bulk_array(gfp & ~__GFP_ACCOUNT, want, pages);
	while (nr < got && !memcg_kmem_charge_page(pages[nr], gfp, 0))
		nr++;
	while (got > nr)
		__free_page(pages[--got]);
	return nr;
}

static void free_batch(struct arena_page **batch, unsigned int nr)
{
	while (nr)
		arena_page_free(batch[--nr]);
}

/* All of @want or nothing. */
static int alloc_batch(struct arena *a, struct arena_page **batch,
		       unsigned int want)
{
	struct page *pages[BATCH];
	unsigned int got = 0, more, i;

	do {
		more = alloc_pages_charged(pages + got, want - got);
		got += more;
	} while (more && got < want);
	if (got < want || arena_page_alloc_records(batch, want, ARENA_GFP)) {
		while (got)
			__free_page(pages[--got]);
		return -ENOMEM;
	}
	for (i = 0; i < want; i++) {
		batch[i]->page = pages[i];
		batch[i]->arena = a;
	}
	return 0;
}

/*
 * Only the pages and their records are charged to the receiver. A page table
 * that is made on the way is allocated by the memory management as it likes,
 * which is to say with the out-of-memory killer.
 */
static int alloc_charged(struct arena *a, struct bmm_user mm,
			 struct arena_page **batch, unsigned int want)
{
	struct mem_cgroup *receiver = get_mem_cgroup_from_mm(mm.mm);
	struct mem_cgroup *before = set_active_memcg(receiver);
	int err = alloc_batch(a, batch, want);

	set_active_memcg(before);
	mem_cgroup_put(receiver);
	return err;
}

/* The next absent slots in [*@next, @end), at most BATCH of them. */
static unsigned int find_absent(struct arena *a, size_t *next, size_t end,
				u32 *absent)
{
	unsigned int nr = 0;

	guard(spinlock)(&a->lock);
	for (; *next < end && nr < BATCH; ++*next) {
		if (!a->slots[*next])
			absent[nr++] = *next;
	}
	return nr;
}

/*
 * Puts the pages into the slots. What somebody else brought in the meantime is
 * left in place, and ours stays in @batch. Returns the number published; those
 * come first in @batch.
 */
static unsigned int publish(struct arena *a, struct arena_page **batch,
			    const u32 *absent, unsigned int nr)
{
	unsigned int i, published = 0;

	guard(spinlock)(&a->lock);
	for (i = 0; i < nr; i++) {
		struct arena_page *p = batch[i];

		if (a->slots[absent[i]])
			continue;
		p->index = absent[i];
		p->in_use = true;
		WRITE_ONCE(a->slots[p->index], p);
		a->watermark = max_t(size_t, a->watermark, p->index + 1);
		swap(batch[published], batch[i]);
		published++;
	}
	return published;
}

/* Maps neighbouring slots; -EBUSY is a page that a fault has mapped already. */
static int map_run(struct arena *a, struct bmm_vma_mixed vma,
		   struct arena_page **run, unsigned int nr)
{
	struct page *pages[BATCH];
	unsigned int i, from = 0;

	for (i = 0; i < nr; i++)
		pages[i] = run[i]->page;
	while (from < nr) {
		unsigned long done = 0;
		int err = bmm_vma_insert_pages(vma,
					       arena_slot_addr(a, run[from]->index),
					       pages + from, nr - from, &done);

		from += done;
		if (err == -EBUSY)
			from++;
		else if (err)
			return err;
	}
	return 0;
}

static int map_under(struct arena *a, struct bmm_vma_guard *g,
		     struct arena_page **batch, unsigned int nr)
{
	struct bmm_vma_mixed vma;
	unsigned int from, to;
	int err = 0;

	if (!bmm_vma_as_mixed(bmm_guard_vma(g), &vma))
		return -ENOENT;

	guard(mutex)(&a->map_mutex);
	for (from = 0; from < nr && !err; from = to) {
		for (to = from + 1; to < nr; to++) {
			if (batch[to]->index != batch[to - 1]->index + 1)
				break;
		}
		err = map_run(a, vma, batch + from, to - from);
	}
	if (!err)
		arena_count(a, bmm_guard_kind(g) == BMM_LOCK_VMA ?
			    ARENA_MAP_VMA_LOCK : ARENA_MAP_MMAP_LOCK, nr);
	return err;
}

static enum arena_event why_later(int err)
{
	switch (err) {
	case -EAGAIN:
		return ARENA_MAP_LATER_CONTENDED;
	case -ENOMEM:
		return ARENA_MAP_LATER_NO_MEMORY;
	default:
		return ARENA_MAP_LATER_NOT_OURS;
	}
}

/*
 * Maps the published pages as far as that is possible at once. The mapping may
 * have been split, so each run looks up the vma at its own address.
 */
static void map_now(struct arena *a, struct bmm_user mm,
		    struct arena_page **batch, unsigned int nr)
{
	while (nr) {
		unsigned long addr = arena_slot_addr(a, batch[0]->index);
		struct bmm_vma_guard g = {};
		unsigned int fits = nr;
		int err;

		err = bmm_vma_lock(&g, mm, addr, &a->id, BMM_TRY);
		if (!err) {
			unsigned long end = bmm_vma_end(bmm_guard_vma(&g));

			fits = 1;
			while (fits < nr &&
			       arena_slot_addr(a, batch[fits]->index) < end)
				fits++;
			err = map_under(a, &g, batch, fits);
			bmm_vma_unlock(&g);
		}
		if (err)
			arena_count(a, why_later(err), fits);
		batch += fits;
		nr -= fits;
	}
}

static int fill_batch(struct arena *a, struct bmm_user mm, const u32 *absent,
		      unsigned int nr)
{
	struct arena_page *batch[BATCH];
	unsigned int published, i;
	int err;

	for (i = 0; i < nr; i++)
		trace_binder_alloc_page_start(a, absent[i]);
	err = alloc_charged(a, mm, batch, nr);
	if (err)
		return err;
	scoped_guard(mutex, &a->map_mutex)
		published = publish(a, batch, absent, nr);
	arena_count(a, ARENA_PAGE_NEW, published);
	map_now(a, mm, batch, published);
	for (i = 0; i < nr; i++)
		trace_binder_alloc_page_end(a, absent[i]);
	free_batch(batch + published, nr - published);
	return 0;
}

/**
 * arena_fill() - bring the missing pages of a reserved range
 * @a: the arena
 * @first: first slot
 * @end: one past the last slot; all of them lie under a live range
 *
 * Context: task context, no lock held; sleeps for memory.
 * Return: 0, and then every slot has a page, mapped or mappable by a fault;
 *	-ESRCH if the receiver's address space is gone; -ENOMEM if there is no
 *	memory, or the receiver's memory cgroup is full.
 */
int arena_fill(struct arena *a, size_t first, size_t end)
{
	u32 absent[BATCH];
	struct bmm_user mm;
	unsigned int nr;
	int err = 0;

	if (!bmm_get_not_zero(a->mm, &mm))
		return -ESRCH;
	while (!err && (nr = find_absent(a, &first, end, absent)))
		err = fill_batch(a, mm, absent, nr);
	/*
	 * The receiver may have exited meanwhile, and the last reference be
	 * ours. Tearing its address space down can wait for the receiver's
	 * files, and so for this very call: let somebody else do it.
	 */
	bmm_put_async(bmm_into_async(mm));
	return err;
}

/**
 * arena_fault() - the receiver touched a page that is not mapped
 * @vmf: the fault
 *
 * A page that is in use but not mapped is mapped: its sender could not get the
 * lock, or the receiver dropped it with madvise().
 *
 * Context: task context, mmap or per-VMA lock held for reading; takes
 *	arena->map_mutex, may sleep.
 * Return: VM_FAULT_NOPAGE if the page is mapped now, VM_FAULT_SIGBUS if nothing
 *	was sent to that place, VM_FAULT_OOM.
 */
vm_fault_t arena_fault(struct vm_fault *vmf)
{
	struct bmm_vma vma = bmm_vma_from_raw(vmf->vma);
	struct arena *a = vmf->vma->vm_private_data;
	unsigned long addr = vmf->address & PAGE_MASK;
	size_t slot = (addr - a->id.start) >> PAGE_SHIFT;
	struct bmm_vma_mixed mixed;
	struct page *page = NULL;
	int err;

	if (!bmm_vma_is(vma, addr, &a->id) || slot >= arena_nr_slots(a) ||
	    !bmm_vma_as_mixed(vma, &mixed))
		return VM_FAULT_SIGBUS;

	guard(mutex)(&a->map_mutex);
	scoped_guard(spinlock, &a->lock) {
		if (a->slots[slot] && a->slots[slot]->in_use)
			page = a->slots[slot]->page;
	}
	/* It cannot go away: reclaim needs the mutex. */
	if (!page)
		return VM_FAULT_SIGBUS;
	err = bmm_vma_insert_page(mixed, addr, page);
	if (err == -ENOMEM)
		return VM_FAULT_OOM;
	if (err && err != -EBUSY)
		return VM_FAULT_SIGBUS;
	arena_count(a, ARENA_MAP_FAULT, 1);
	return VM_FAULT_NOPAGE;
}

/**
 * arena_page_free() - free a page that is in no slot and on no list
 * @p: the page's record
 *
 * A page table may still hold the page; it then goes when that lets go.
 *
 * Context: any but hard interrupt.
 */
void arena_page_free(struct arena_page *p)
{
	__free_page(p->page);
	arena_page_free_record(p);
}
