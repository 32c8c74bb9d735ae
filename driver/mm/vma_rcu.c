// SPDX-License-Identifier: GPL-2.0
/*
 * A look at a vma under RCU alone.
 *
 * mm->mm_lock_seq is odd while the mmap lock is held for writing and has
 * changed once it was. Every field read here is only written under that lock,
 * and a vma leaves the tree under it before it is freed, so reads between two
 * equal even values belong together. (What mainline later called
 * mmap_lock_speculate_try_begin() and _retry().)
 */
#include <linux/rcupdate.h>
#include <linux/seqlock.h>
#include <kunit/static_stub.h>

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
 * @r: what is there; written only on success
 *
 * Context: Any; never sleeps, disturbs nobody.
 * Return: 0; -EAGAIN if a writer holds the mmap lock or came by meanwhile;
 *         -ENOENT if there is no vma; -EOPNOTSUPP if the kernel has no per-VMA
 *         locks.
 */
int bmm_vma_rcu_lookup(struct bmm_user u, unsigned long addr, struct bmm_vma_rcu *r)
{
	struct bmm_vma_rcu copy = { };
	const struct vm_area_struct *vma;

	if (!RCU_IS_ENOUGH || bmm_vma_lock_off())
		return -EOPNOTSUPP;

	guard(rcu)();
	if (!begin(u.mm, &copy.seq))
		return -EAGAIN;
	vma = vma_lookup(u.mm, addr);
	if (vma) {
		copy.start = READ_ONCE(vma->vm_start);
		copy.end = READ_ONCE(vma->vm_end);
		copy.flags = READ_ONCE(vma->vm_flags);
		copy.pgoff = READ_ONCE(vma->vm_pgoff);
		copy.ops = READ_ONCE(vma->vm_ops);
		copy.private = READ_ONCE(vma->vm_private_data);
	}
	if (!bmm_vma_rcu_unchanged(u, copy.seq))
		return -EAGAIN;
	if (!vma)
		return -ENOENT;
	*r = copy;
	return 0;
}

/**
 * bmm_vma_rcu_is() - was this the vma that the caller means?
 * @r: from bmm_vma_rcu_lookup()
 * @addr: user address inside of it
 * @id: which vma the caller means
 *
 * Context: Any.
 * Return: true if operations, private data and the page of the file behind
 *         @addr were those of @id.
 */
bool bmm_vma_rcu_is(const struct bmm_vma_rcu *r, unsigned long addr,
		    const struct bmm_vma_id *id)
{
	return r->ops == id->ops && r->private == id->private && addr >= id->start &&
	       r->pgoff + ((addr - r->start) >> PAGE_SHIFT) ==
	       id->pgoff + ((addr - id->start) >> PAGE_SHIFT);
}

/**
 * bmm_vma_rcu_unchanged() - is what was seen then still so?
 * @u: the address space of the lookup
 * @seq: @seq of what bmm_vma_rcu_lookup() copied
 *
 * Context: Any.
 * Return: true if no writer has held the mmap lock since. One may come now.
 */
bool bmm_vma_rcu_unchanged(struct bmm_user u, unsigned int seq)
{
	KUNIT_STATIC_STUB_REDIRECT(bmm_vma_rcu_unchanged, u, seq);

	return unchanged(u.mm, seq);
}
