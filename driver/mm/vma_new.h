/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A vma inside ->mmap: the one place where its flags can be changed.
 *
 * The core holds the mmap write lock and has not put the vma into the tree
 * yet, so nobody else can see it. There is no way to set VM_PFNMAP, hence none
 * to combine it with VM_MIXEDMAP.
 */
#ifndef BINDER_MM_VMA_NEW_H
#define BINDER_MM_VMA_NEW_H

#include "mm/vma.h"

/* vma_new.c APIs: */
struct bmm_vma_new bmm_vma_new_from_raw(struct vm_area_struct *vma);
struct bmm_vma bmm_vma_new_view(struct bmm_vma_new n);
struct bmm_vma_id bmm_vma_new_bind(struct bmm_vma_new n,
				   const struct vm_operations_struct *ops,
				   void *private);

struct bmm_vma_mixed bmm_vma_new_set_mixedmap(struct bmm_vma_new n);
void bmm_vma_new_set_io(struct bmm_vma_new n);
void bmm_vma_new_set_dontexpand(struct bmm_vma_new n);
void bmm_vma_new_set_dontcopy(struct bmm_vma_new n);
void bmm_vma_new_set_dontdump(struct bmm_vma_new n);

bool bmm_vma_new_readable(struct bmm_vma_new n);
bool bmm_vma_new_writable(struct bmm_vma_new n);
bool bmm_vma_new_executable(struct bmm_vma_new n);

int __must_check bmm_vma_new_try_clear_mayread(struct bmm_vma_new n);
int __must_check bmm_vma_new_try_clear_maywrite(struct bmm_vma_new n);
int __must_check bmm_vma_new_try_clear_mayexec(struct bmm_vma_new n);

#endif
