// SPDX-License-Identifier: GPL-2.0
/*
 * Views of a vma: looking one up, and using it.
 */
#include <kunit/static_stub.h>

#include "mm/vma.h"

/* Does somebody, with lockdep this task, hold a lock that keeps @vma as it is? */
static bool is_locked(struct vm_area_struct *vma)
{
#ifdef CONFIG_PER_VMA_LOCK
	if (rwsem_is_locked(&vma->vm_lock->lock))
		return true;
#endif
#ifdef CONFIG_LOCKDEP
	return lockdep_is_held(&vma->vm_mm->mmap_lock);
#else
	return rwsem_is_locked(&vma->vm_mm->mmap_lock);
#endif
}

/* The first step of each use of a view. */
static bool usable(struct vm_area_struct *vma, struct bmm_ticket ticket)
{
	if (!IS_ENABLED(CONFIG_BINDER_IPC_DEBUG))
		return true;
	if (!bmm_ticket_valid(ticket, "vma view"))
		return false;
	if (likely(is_locked(vma)))
		return true;
	bmm_misuse("vma used without a lock");
	return false;
}

/* The same for what needs the mmap write lock; only lockdep can tell. */
static bool changeable(struct vm_area_struct *vma)
{
#if defined(CONFIG_BINDER_IPC_DEBUG) && defined(CONFIG_LOCKDEP)
	if (!lockdep_is_held_type(&vma->vm_mm->mmap_lock, 0)) {
		bmm_misuse("vma changed without the mmap write lock");
		return false;
	}
#endif
	return true;
}

static bool is_ours(const struct vm_area_struct *vma, unsigned long addr,
		    const struct bmm_vma_id *id)
{
	if (vma->vm_ops != id->ops || vma->vm_private_data != id->private)
		return false;

	/* Below the first address nothing was ever mapped. */
	if (addr < id->start)
		return false;
	return vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT) ==
	       id->pgoff + ((addr - id->start) >> PAGE_SHIFT);
}

/* A held guard that is locked again would never be unlocked. */
static bool is_free(const struct bmm_vma_guard *g)
{
	if (!IS_ENABLED(CONFIG_BINDER_IPC_DEBUG) || likely(!g->kind))
		return true;
	bmm_misuse("vma guard locked that is held already");
	return false;
}

/*
 * When two tasks unmap pages at once, User-Mode Linux walks all vmas to flush
 * the TLB, and relies on the mmap lock for it.
 */
static struct vm_area_struct *lock_one(struct bmm_user u, unsigned long addr,
				       enum bmm_lock_how how)
{
	if (bmm_vma_lock_off() || (how == BMM_TRY_ZAP && IS_ENABLED(CONFIG_UML)))
		return NULL;
	return lock_vma_under_rcu(u.mm, addr);
}

/**
 * bmm_vma_lock() - find one's own vma at an address and keep it as it is.
 * @g: a guard that is not held; held on success, zero otherwise
 * @u: the address space; its reference outlives the guard
 * @addr: user address; need not be aligned
 * @id: which vma the caller means
 * @how: what to do when the per-VMA lock is not to be had, be it that the
 *       kernel has none, that a writer is at work, or that nothing is there
 *
 * Context: Task. BMM_WAIT sleeps for as long as user space can make a writer
 *          hold the mmap lock, the others never sleep.
 * Return: 0; -EAGAIN if a lock would have to be waited for; -ENOENT if @addr
 *         is not mapped, or mapped to something else than @id says, which is
 *         final unless the owner moves it back; -EINVAL, after a report, if
 *         @g is held.
 */
int bmm_vma_lock(struct bmm_vma_guard *g, struct bmm_user u, unsigned long addr,
		 const struct bmm_vma_id *id, enum bmm_lock_how how)
{
	struct vm_area_struct *vma;
	enum bmm_lock_kind kind;

	KUNIT_STATIC_STUB_REDIRECT(bmm_vma_lock, g, u, addr, id, how);

	if (!is_free(g))
		return -EINVAL;
	*g = (struct bmm_vma_guard) { };

	if (how != BMM_WAIT && bmm_should_fail())
		return -EAGAIN;

	vma = lock_one(u, addr, how);
	if (vma) {
		kind = BMM_LOCK_VMA;
	} else {
		if (how == BMM_WAIT)
			mmap_read_lock(u.mm);
		else if (!mmap_read_trylock(u.mm))
			return -EAGAIN;
		vma = vma_lookup(u.mm, addr);
		kind = BMM_LOCK_MMAP;
	}

	if (vma && is_ours(vma, addr, id)) {
		*g = (struct bmm_vma_guard) { vma, kind, bmm_ticket_issue() };
		return 0;
	}

	if (kind == BMM_LOCK_VMA)
		vma_end_read(vma);
	else
		mmap_read_unlock(u.mm);
	return -ENOENT;
}

/**
 * bmm_vma_trylock_rcu() - lock whatever vma is at an address, on its own.
 * @g: a guard that is not held; held on success, zero otherwise
 * @u: the address space; its reference outlives the guard
 * @addr: user address; need not be aligned
 *
 * For callers that have no identity to compare and find out in another way
 * whose vma it is. A failure says nothing: fall back to bmm_mmap_read_lock().
 *
 * Context: Any task context; never sleeps.
 * Return: true; false if there is no vma, a writer is at work, the kernel has
 *         no per-VMA locks, or, after a report, @g is held.
 */
bool bmm_vma_trylock_rcu(struct bmm_vma_guard *g, struct bmm_user u, unsigned long addr)
{
	struct vm_area_struct *vma;

	if (!is_free(g))
		return false;
	*g = (struct bmm_vma_guard) { };

	vma = lock_one(u, addr, BMM_TRY);
	if (!vma)
		return false;
	*g = (struct bmm_vma_guard) { vma, BMM_LOCK_VMA, bmm_ticket_issue() };
	return true;
}

/**
 * bmm_vma_unlock() - end a guard.
 * @g: a held guard of the calling task; zero afterwards
 *
 * Context: Task that took the lock. Views made under the guard die with it.
 */
void bmm_vma_unlock(struct bmm_vma_guard *g)
{
	if (!g->kind) {
		bmm_misuse("vma guard unlocked that is not held");
		return;
	}
	if (!bmm_ticket_redeem(&g->ticket, "vma guard"))
		return;

	if (g->kind == BMM_LOCK_VMA)
		vma_end_read(g->vma);
	else
		mmap_read_unlock(g->vma->vm_mm);
	*g = (struct bmm_vma_guard) { };
}

/**
 * bmm_guard_vma() - what a guard guards.
 * @g: a held guard of the calling task
 *
 * Context: Task that owns the guard.
 * Return: the view, valid until the guard is unlocked.
 */
struct bmm_vma bmm_guard_vma(const struct bmm_vma_guard *g)
{
	if (!g->kind)
		bmm_misuse("vma taken from a guard that is not held");
	return (struct bmm_vma) { g->vma, g->ticket };
}

/**
 * bmm_mmap_read_lookup() - find a vma under the mmap read lock.
 * @guard: a held guard
 * @addr: user address; need not be aligned
 * @v: the view, valid until @guard is unlocked; written only on success
 *
 * Context: Task that owns the guard.
 * Return: true; false if no vma is at @addr, or, after a report, @guard is
 *         not held.
 */
bool bmm_mmap_read_lookup(const struct bmm_mmap_read *guard, unsigned long addr,
			  struct bmm_vma *v)
{
	struct vm_area_struct *vma;

	if (!guard->mm) {
		bmm_misuse("lookup by an mmap read guard that is not held");
		return false;
	}
	if (!bmm_ticket_valid(guard->ticket, "mmap read guard"))
		return false;
	vma = vma_lookup(guard->mm, addr);
	if (!vma)
		return false;
	*v = (struct bmm_vma) { vma, guard->ticket };
	return true;
}

/**
 * bmm_mmap_write_lookup() - find a vma under the mmap write lock.
 * @guard: a held guard
 * @addr: user address; need not be aligned
 * @m: the view, valid until @guard is unlocked; written only on success
 *
 * Context: Task that owns the guard.
 * Return: as bmm_mmap_read_lookup().
 */
bool bmm_mmap_write_lookup(const struct bmm_mmap_write *guard, unsigned long addr,
			   struct bmm_vma_mut *m)
{
	struct vm_area_struct *vma;

	if (!guard->mm) {
		bmm_misuse("lookup by an mmap write guard that is not held");
		return false;
	}
	if (!bmm_ticket_valid(guard->ticket, "mmap write guard"))
		return false;
	vma = vma_lookup(guard->mm, addr);
	if (!vma)
		return false;
	*m = (struct bmm_vma_mut) { vma, guard->ticket };
	return true;
}

/**
 * bmm_vma_is() - is this the vma that the caller means?
 * @v: a view
 * @addr: user address inside of it
 * @id: which vma the caller means
 *
 * For a vma that did not come from bmm_vma_lock(), as in ->fault.
 *
 * Context: The lock of the view.
 * Return: true if operations, private data and the page of the file behind
 *         @addr are those of @id.
 */
bool bmm_vma_is(struct bmm_vma v, unsigned long addr, const struct bmm_vma_id *id)
{
	return usable(v.vma, v.ticket) && is_ours(v.vma, addr, id);
}

/**
 * bmm_vma_from_raw() - see a vma that the core handed out.
 * @vma: a vma whose lock is held while the result is used, as in ->fault
 *
 * Context: The mmap lock or the per-VMA lock of @vma.
 * Return: the view.
 */
struct bmm_vma bmm_vma_from_raw(struct vm_area_struct *vma)
{
	struct bmm_vma v = { .vma = vma };

	usable(v.vma, v.ticket);
	return v;
}

/**
 * bmm_vma_mm() - the address space that a vma is part of.
 * @v: a view
 *
 * The lock implies that it is alive.
 *
 * Context: The lock of the view.
 * Return: a view, not to be put; none (@mm is NULL), after a report, if @v may
 *         not be used.
 */
struct bmm_user bmm_vma_mm(struct bmm_vma v)
{
	return (struct bmm_user) { usable(v.vma, v.ticket) ? v.vma->vm_mm : NULL };
}

/**
 * bmm_vma_start() - where a vma starts.
 * @v: a view
 *
 * Context: The lock of the view.
 * Return: user address of the first byte; 0, after a report, if @v may not be
 *         used.
 */
unsigned long bmm_vma_start(struct bmm_vma v)
{
	return usable(v.vma, v.ticket) ? v.vma->vm_start : 0;
}

/**
 * bmm_vma_end() - where a vma ends.
 * @v: a view
 *
 * Context: The lock of the view.
 * Return: user address after the last byte; 0, after a report, if @v may not
 *         be used.
 */
unsigned long bmm_vma_end(struct bmm_vma v)
{
	return usable(v.vma, v.ticket) ? v.vma->vm_end : 0;
}

/**
 * bmm_vma_flags() - the flags of a vma.
 * @v: a view
 *
 * Context: The lock of the view.
 * Return: VM_ flags; 0, after a report, if @v may not be used.
 */
vm_flags_t bmm_vma_flags(struct bmm_vma v)
{
	return usable(v.vma, v.ticket) ? v.vma->vm_flags : 0;
}

/**
 * bmm_vma_as_mixed() - may pages be put into this vma?
 * @v: a view
 * @m: the view that allows it; written only on success
 *
 * Context: The lock of the view.
 * Return: true if the vma is VM_MIXEDMAP.
 */
bool bmm_vma_as_mixed(struct bmm_vma v, struct bmm_vma_mixed *m)
{
	if (!(bmm_vma_flags(v) & VM_MIXEDMAP))
		return false;
	*m = (struct bmm_vma_mixed) { v.vma, v.ticket };
	return true;
}

/**
 * bmm_vma_insert_page() - map a page into user space.
 * @m: where; a read lock is enough since VM_MIXEDMAP is set
 * @addr: user address, page aligned
 * @page: a page, not anonymous, not of a slab, not special
 *
 * The core takes a reference of its own and drops it when the page is
 * unmapped; the caller's ownership does not change.
 *
 * Context: The lock of the view. Sleeps in order to allocate page tables.
 * Return: 0; -EBUSY if a page is mapped at @addr; -EFAULT if @addr is outside
 *         of the vma; -ENOMEM if a page table could not be allocated; -EINVAL
 *         if @addr is not aligned, @page cannot be mapped, or, after a report,
 *         @m may not be used.
 */
int bmm_vma_insert_page(struct bmm_vma_mixed m, unsigned long addr, struct page *page)
{
	KUNIT_STATIC_STUB_REDIRECT(bmm_vma_insert_page, m, addr, page);

	if (!usable(m.vma, m.ticket) || !PAGE_ALIGNED(addr))
		return -EINVAL;
	if (bmm_should_fail())
		return -ENOMEM;
	return vm_insert_page(m.vma, addr, page);
}

/**
 * bmm_vma_insert_pages() - map pages into user space, one after the other.
 * @m: where
 * @addr: user address of the first, page aligned
 * @pages: the pages, as for bmm_vma_insert_page()
 * @nr: how many
 * @inserted: how many were mapped before the first error; always written
 *
 * Takes the page table lock once for several pages.
 *
 * Context: As bmm_vma_insert_page().
 * Return: 0 and all are mapped; -EFAULT if any address is outside of the vma,
 *         then none is mapped; otherwise as bmm_vma_insert_page(), then the
 *         first @inserted ones are.
 */
int bmm_vma_insert_pages(struct bmm_vma_mixed m, unsigned long addr, struct page **pages,
			 unsigned long nr, unsigned long *inserted)
{
	unsigned long left = nr;
	int ret;

	*inserted = 0;
	KUNIT_STATIC_STUB_REDIRECT(bmm_vma_insert_pages, m, addr, pages, nr, inserted);

	if (!usable(m.vma, m.ticket) || !PAGE_ALIGNED(addr))
		return -EINVAL;
	if (!nr)
		return 0;
	if (addr < m.vma->vm_start || addr >= m.vma->vm_end ||
	    nr > (m.vma->vm_end - addr) >> PAGE_SHIFT)
		return -EFAULT;
	if (bmm_should_fail())
		return -ENOMEM;

	ret = vm_insert_pages(m.vma, addr, pages, &left);
	*inserted = nr - left;

	/* All is inside: the core means that it got no upper page table. */
	return ret == -EFAULT ? -ENOMEM : ret;
}

/**
 * bmm_vma_zap() - unmap pages from user space.
 * @v: a view; any lock will do
 * @addr: user address of the first, page aligned
 * @size: bytes, a multiple of PAGE_SIZE
 *
 * Pages that are not there are passed over. When the call returns no CPU can
 * reach the pages through this vma any more.
 *
 * Context: The lock of the view. May sleep.
 * Return: 0; -EINVAL if the range is not aligned, wraps, or leaves the vma, or,
 *         after a report, if @v may not be used; then nothing was unmapped.
 */
int bmm_vma_zap(struct bmm_vma v, unsigned long addr, unsigned long size)
{
	if (!usable(v.vma, v.ticket) || !PAGE_ALIGNED(addr | size))
		return -EINVAL;
	if (addr < v.vma->vm_start || addr > v.vma->vm_end ||
	    size > v.vma->vm_end - addr)
		return -EINVAL;
	if (size)
		zap_page_range_single(v.vma, addr, size, NULL);
	return 0;
}

/**
 * bmm_vma_mut_insert_page() - map a page and make the vma VM_MIXEDMAP.
 * @m: where
 * @addr: user address, page aligned
 * @page: as for bmm_vma_insert_page()
 *
 * For a driver that did not set VM_MIXEDMAP in ->mmap. Afterwards
 * bmm_vma_as_mixed() succeeds, also under a read lock.
 *
 * Context: The mmap write lock. Sleeps in order to allocate page tables.
 * Return: as bmm_vma_insert_page(), also -EINVAL if the vma is VM_PFNMAP,
 *         which cannot be both.
 */
int bmm_vma_mut_insert_page(struct bmm_vma_mut m, unsigned long addr, struct page *page)
{
	if (!usable(m.vma, m.ticket) || !PAGE_ALIGNED(addr) ||
	    !changeable(m.vma))	/* LCOV_EXCL_BR_LINE: CONFIG_LOCKDEP is not built */
		return -EINVAL;
	if (m.vma->vm_flags & VM_PFNMAP)
		return -EINVAL;
	return vm_insert_page(m.vma, addr, page);
}
