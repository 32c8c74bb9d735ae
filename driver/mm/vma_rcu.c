// SPDX-License-Identifier: GPL-2.0
/*
 * A look at a vma under RCU alone.
 *
 * mm->mm_lock_seq is odd while the mmap lock is held for writing and has
 * changed once it was. Every field read here is only written under that lock,
 * so reads between two equal even values belong together. (What mainline
 * later called mmap_lock_speculate_try_begin() and _retry().)
 */
#include <linux/rcupdate.h>
#include <linux/seqlock.h>

#include "mm/vma_rcu.h"

#ifdef CONFIG_PER_VMA_LOCK

/* The first releases of 6.12 had a plain integer there, which is no help. */
#define RCU_IS_ENOUGH \
	__same_type(typeof_member(struct mm_struct, mm_lock_seq), seqcount_t)

static bool begin(struct mm_struct *mm, unsigned int *seq)
{
	*seq = raw_read_seqcount((seqcount_t *)&mm->mm_lock_seq);
	return !(*seq & 1);
}

static bool unchanged(struct mm_struct *mm, unsigned int seq)
{
	return !read_seqcount_retry((seqcount_t *)&mm->mm_lock_seq, seq);
}

#else

/* Without per-VMA locks a vma is freed at once: RCU protects nothing. */
#define RCU_IS_ENOUGH false

static bool begin(struct mm_struct *mm, unsigned int *seq)
{
	return false;
}

static bool unchanged(struct mm_struct *mm, unsigned int seq)
{
	return false;
}

#endif

/**
 * bmm_vma_rcu_lookup() - look at the vma at an address without a lock.
 * @u: the address space
 * @addr: user address; need not be aligned
 * @r: the view, valid until rcu_read_unlock(); written only on success
 *
 * Context: Inside rcu_read_lock().
 * Return: 0; -EAGAIN if a writer holds the mmap lock; -ENOENT if there is no
 *         vma, which may have changed meanwhile; -EOPNOTSUPP if the kernel has
 *         no per-VMA locks.
 */
int bmm_vma_rcu_lookup(struct bmm_user u, unsigned long addr, struct bmm_vma_rcu *r)
{
	struct vm_area_struct *vma;
	unsigned int seq;

	RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "vma looked up without RCU");

	if (!RCU_IS_ENOUGH || bmm_vma_lock_off())
		return -EOPNOTSUPP;
	if (!begin(u.mm, &seq))
		return -EAGAIN;
	vma = vma_lookup(u.mm, addr);
	if (!vma)
		return -ENOENT;
	*r = (struct bmm_vma_rcu) { vma, seq };
	return 0;
}

/**
 * bmm_vma_rcu_start() - where the vma started.
 * @r: a view
 *
 * Context: The RCU section of the lookup.
 * Return: user address of the first byte; may be stale.
 */
unsigned long bmm_vma_rcu_start(struct bmm_vma_rcu r)
{
	return READ_ONCE(r.vma->vm_start);
}

/**
 * bmm_vma_rcu_end() - where the vma ended.
 * @r: a view
 *
 * Context: The RCU section of the lookup.
 * Return: user address after the last byte; may be stale.
 */
unsigned long bmm_vma_rcu_end(struct bmm_vma_rcu r)
{
	return READ_ONCE(r.vma->vm_end);
}

/**
 * bmm_vma_rcu_flags() - the flags that the vma had.
 * @r: a view
 *
 * Context: The RCU section of the lookup.
 * Return: VM_ flags; may be stale.
 */
vm_flags_t bmm_vma_rcu_flags(struct bmm_vma_rcu r)
{
	return READ_ONCE(r.vma->vm_flags);
}

/**
 * bmm_vma_rcu_is() - was this the vma that the caller means?
 * @r: a view
 * @addr: user address inside of it
 * @id: which vma the caller means
 *
 * Context: The RCU section of the lookup.
 * Return: true if operations, private data and the page of the file behind
 *         @addr were those of @id; may be stale, and is a guess until
 *         bmm_vma_rcu_valid().
 */
bool bmm_vma_rcu_is(struct bmm_vma_rcu r, unsigned long addr, const struct bmm_vma_id *id)
{
	unsigned long start = bmm_vma_rcu_start(r);

	if (READ_ONCE(r.vma->vm_ops) != id->ops ||
	    READ_ONCE(r.vma->vm_private_data) != id->private)
		return false;
	return addr >= id->start &&
	       READ_ONCE(r.vma->vm_pgoff) + ((addr - start) >> PAGE_SHIFT) ==
	       id->pgoff + ((addr - id->start) >> PAGE_SHIFT);
}

/**
 * bmm_vma_rcu_valid() - do all the values read so far belong together?
 * @u: the address space of the lookup
 * @r: a view
 *
 * Context: The RCU section of the lookup, after the last read.
 * Return: true if no writer has held the mmap lock since the lookup; they were
 *         all true at once then, which says nothing about now.
 */
bool bmm_vma_rcu_valid(struct bmm_user u, struct bmm_vma_rcu r)
{
	return unchanged(u.mm, r.seq);
}
