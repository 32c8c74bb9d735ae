/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Views of a vma, and what may be done through each of them.
 *
 * A vma is never kept. It is looked up by address under a lock, used, and
 * forgotten before the lock is dropped. What the holder may do with it is in
 * the type of the view:
 *
 *	struct bmm_vma		read its bounds and flags, take pages out
 *	struct bmm_vma_mixed	the same vma, known to be VM_MIXEDMAP: put pages in
 *	struct bmm_vma_mut	under the mmap write lock: make it VM_MIXEDMAP
 *	struct bmm_vma_new	inside ->mmap, before anybody sees it: change flags
 *
 * User space can put anything at the address where a driver's vma once was,
 * or move the driver's vma elsewhere. bmm_vma_lock() therefore asks for the
 * identity of the vma that the caller means and hands out no other: same
 * operations, same private data, and the address still backed by the same
 * page of the file. The private pointer is compared and never followed; it
 * cannot name a stranger as long as the caller lives, since only the caller's
 * own ->mmap puts it there.
 */
#ifndef BINDER_MM_VMA_H
#define BINDER_MM_VMA_H

#include <linux/cleanup.h>
#include <linux/mm.h>

#include "mm/mm.h"

struct bmm_vma {
	struct vm_area_struct *vma;
	struct bmm_ticket ticket;
};

struct bmm_vma_mixed {
	struct vm_area_struct *vma;
	struct bmm_ticket ticket;
};

struct bmm_vma_mut {
	struct vm_area_struct *vma;
	struct bmm_ticket ticket;
};

struct bmm_vma_new {
	struct vm_area_struct *vma;
};

/**
 * struct bmm_vma_id - which vma a driver calls its own.
 * @ops: its operations
 * @private: its private data; compared, never dereferenced
 * @start: user address of its first byte when it was mapped
 * @pgoff: page of the file that was mapped there
 */
struct bmm_vma_id {
	const struct vm_operations_struct *ops;
	const void *private;
	unsigned long start;
	pgoff_t pgoff;
};

/* Which lock a guard holds. */
enum bmm_lock_kind {
	BMM_LOCK_NONE,
	BMM_LOCK_VMA,		/* the read lock of this one vma */
	BMM_LOCK_MMAP,		/* the mmap read lock of the whole address space */
};

/* What to do when the per-VMA lock is not to be had. */
enum bmm_lock_how {
	BMM_TRY,		/* try the mmap read lock, never sleep */
	BMM_WAIT,		/* wait for the mmap read lock */
	BMM_TRY_ZAP,	/* as BMM_TRY, in order to unmap pages */
};

/* Keeps one vma as it is. Zero-initialise; @kind says whether it is held. */
struct bmm_vma_guard {
	struct vm_area_struct *vma;
	enum bmm_lock_kind kind;
	struct bmm_ticket ticket;
};

/* vma.c APIs: lookup */
int __must_check bmm_vma_lock(struct bmm_vma_guard *g, struct bmm_user u,
			      unsigned long addr, const struct bmm_vma_id *id,
			      enum bmm_lock_how how);
bool __must_check bmm_vma_trylock_rcu(struct bmm_vma_guard *g, struct bmm_user u,
				      unsigned long addr);
void bmm_vma_unlock(struct bmm_vma_guard *g);
struct bmm_vma bmm_guard_vma(const struct bmm_vma_guard *g);
bool __must_check bmm_mmap_read_lookup(const struct bmm_mmap_read *guard,
				       unsigned long addr, struct bmm_vma *v);
bool __must_check bmm_mmap_write_lookup(const struct bmm_mmap_write *guard,
					unsigned long addr, struct bmm_vma_mut *m);
bool bmm_vma_is(struct bmm_vma v, unsigned long addr, const struct bmm_vma_id *id);

/* vma.c APIs: use */
struct bmm_vma bmm_vma_from_raw(struct vm_area_struct *vma);
struct bmm_user bmm_vma_mm(struct bmm_vma v);
unsigned long bmm_vma_start(struct bmm_vma v);
unsigned long bmm_vma_end(struct bmm_vma v);
vm_flags_t bmm_vma_flags(struct bmm_vma v);
bool __must_check bmm_vma_as_mixed(struct bmm_vma v, struct bmm_vma_mixed *m);
int __must_check bmm_vma_insert_page(struct bmm_vma_mixed m, unsigned long addr,
				     struct page *page);
int __must_check bmm_vma_insert_pages(struct bmm_vma_mixed m, unsigned long addr,
				      struct page **pages, unsigned long nr,
				      unsigned long *inserted);
int bmm_vma_zap(struct bmm_vma v, unsigned long addr, unsigned long size);
int __must_check bmm_vma_mut_insert_page(struct bmm_vma_mut m, unsigned long addr,
					 struct page *page);

/**
 * bmm_guard_kind() - which lock is it?
 * @g: a guard
 *
 * Context: Task that owns the guard.
 * Return: the kind of lock, BMM_LOCK_NONE if @g holds nothing.
 */
static inline enum bmm_lock_kind bmm_guard_kind(const struct bmm_vma_guard *g)
{
	return g->kind;
}

/**
 * bmm_vma_as_raw() - the kernel's own pointer.
 * @v: a view
 *
 * Context: The lock of the view.
 * Return: the vma; not to be kept.
 */
static inline struct vm_area_struct *bmm_vma_as_raw(struct bmm_vma v)
{
	return v.vma;
}

/**
 * bmm_vma_mixed_view() - a mixed map is a vma.
 * @m: a view
 *
 * Context: The lock of the view.
 * Return: the plain view of the same vma.
 */
static inline struct bmm_vma bmm_vma_mixed_view(struct bmm_vma_mixed m)
{
	return (struct bmm_vma) { m.vma, m.ticket };
}

/**
 * bmm_vma_mut_view() - a vma that may be changed may be read.
 * @m: a view
 *
 * Context: The mmap write lock.
 * Return: the plain view of the same vma.
 */
static inline struct bmm_vma bmm_vma_mut_view(struct bmm_vma_mut m)
{
	return (struct bmm_vma) { m.vma, m.ticket };
}

/* struct bmm_vma_guard g __free(bmm_vma_guard) = { }; */
DEFINE_FREE(bmm_vma_guard, struct bmm_vma_guard, _T.kind ? bmm_vma_unlock(&_T) : (void)0)

#endif
