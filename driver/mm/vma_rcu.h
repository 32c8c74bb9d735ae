/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A look at a vma under RCU alone.
 *
 * With per-VMA locks a vma is freed after a grace period, so a reader inside
 * rcu_read_lock() may load its fields without any lock. What it gets:
 *
 *  - Each field is a value that the vma had at some moment, never a torn one.
 *  - It may be stale at once: the vma can be unmapped, shrunk, split or moved
 *    while it is being read. The memory stays valid until rcu_read_unlock().
 *  - Two fields need not belong together until bmm_vma_rcu_valid() has said,
 *    after the last read, that no writer held the mmap lock in between.
 *  - The file is out of reach. vma->vm_file is put when the vma is unmapped,
 *    not after the grace period, hence no accessor leads to it, nor to
 *    anything else that a pointer in the vma points to.
 *
 * It serves to answer "is anything of ours still there?" without disturbing
 * anybody. To change something, lock.
 */
#ifndef BINDER_MM_VMA_RCU_H
#define BINDER_MM_VMA_RCU_H

#include "mm/vma.h"

struct bmm_vma_rcu {
	const struct vm_area_struct *vma;
	unsigned int seq;
};

/* vma_rcu.c APIs: */
int __must_check bmm_vma_rcu_lookup(struct bmm_user u, unsigned long addr,
				    struct bmm_vma_rcu *r);
unsigned long bmm_vma_rcu_start(struct bmm_vma_rcu r);
unsigned long bmm_vma_rcu_end(struct bmm_vma_rcu r);
vm_flags_t bmm_vma_rcu_flags(struct bmm_vma_rcu r);
bool bmm_vma_rcu_is(struct bmm_vma_rcu r, unsigned long addr,
		    const struct bmm_vma_id *id);
bool __must_check bmm_vma_rcu_valid(struct bmm_user u, struct bmm_vma_rcu r);

#endif
