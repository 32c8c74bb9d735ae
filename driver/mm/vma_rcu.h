/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A look at a vma under RCU alone.
 *
 * With per-VMA locks a vma is freed after a grace period, so its memory may be
 * read inside rcu_read_lock() without any lock. What is read there means
 * nothing by itself: a vma on its way out keeps its rcu_head where vm_start and
 * vm_end were, so that even a single field can turn out to be a kernel address.
 * Hence nobody gets to hold such a vma. bmm_vma_rcu_lookup() copies the fields,
 * makes sure that no writer held the mmap lock meanwhile, and hands out the
 * copy:
 *
 *  - All of it was true at one moment. It may be stale at once; the vma can be
 *    unmapped, split or moved before the caller looks at the copy.
 *    bmm_vma_rcu_unchanged() says whether anybody could have done so.
 *  - What the pointers of a vma point to is out of reach. The file, above all,
 *    is put when the vma is unmapped, not after the grace period. @ops and
 *    @private are there to be compared.
 *
 * It serves to answer "is anything of ours still there?" without disturbing
 * anybody. To change something, lock.
 */
#ifndef BINDER_MM_VMA_RCU_H
#define BINDER_MM_VMA_RCU_H

#include "mm/vma.h"

/**
 * struct bmm_vma_rcu - what a vma once was.
 * @start: user address of the first byte
 * @end: user address after the last byte
 * @flags: VM_ flags
 * @pgoff: page of the file at @start
 * @ops: its operations; compared, never dereferenced
 * @private: its private data; compared, never dereferenced
 * @seq: when it was, for bmm_vma_rcu_unchanged()
 */
struct bmm_vma_rcu {
	unsigned long start;
	unsigned long end;
	vm_flags_t flags;
	pgoff_t pgoff;
	const void *ops;
	const void *private;
	unsigned int seq;
};

/* vma_rcu.c APIs: */
int __must_check bmm_vma_rcu_lookup(struct bmm_user u, unsigned long addr,
				    struct bmm_vma_rcu *r);
bool bmm_vma_rcu_is(const struct bmm_vma_rcu *r, unsigned long addr,
		    const struct bmm_vma_id *id);
bool bmm_vma_rcu_unchanged(struct bmm_user u, unsigned int seq);

#endif
