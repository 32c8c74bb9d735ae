// SPDX-License-Identifier: GPL-2.0
/*
 * A vma inside ->mmap: the one place where its flags can be changed.
 */
#include "mm/vma_new.h"

/**
 * bmm_vma_new_from_raw() - see the vma that ->mmap was given.
 * @vma: argument of ->mmap
 *
 * Context: Inside ->mmap, which holds the mmap write lock.
 * Return: the view, valid until ->mmap returns.
 */
struct bmm_vma_new bmm_vma_new_from_raw(struct vm_area_struct *vma)
{
	mmap_assert_write_locked(vma->vm_mm);
	return (struct bmm_vma_new) { vma };
}

/**
 * bmm_vma_new_view() - a new vma is a vma.
 * @n: a view
 *
 * Context: Inside ->mmap.
 * Return: the plain view of the same vma.
 */
struct bmm_vma bmm_vma_new_view(struct bmm_vma_new n)
{
	return (struct bmm_vma) { .vma = n.vma };
}

/**
 * bmm_vma_new_bind() - make a vma one's own.
 * @n: a view
 * @ops: the operations of the driver
 * @private: what the driver's operations find in vm_private_data
 *
 * Context: Inside ->mmap.
 * Return: the identity by which bmm_vma_lock() finds this vma again.
 */
struct bmm_vma_id bmm_vma_new_bind(struct bmm_vma_new n,
				   const struct vm_operations_struct *ops,
				   void *private)
{
	n.vma->vm_ops = ops;
	n.vma->vm_private_data = private;
	return (struct bmm_vma_id) {
		.ops = ops,
		.private = private,
		.start = n.vma->vm_start,
		.pgoff = n.vma->vm_pgoff,
	};
}

/**
 * bmm_vma_new_set_mixedmap() - let pages be inserted one by one.
 * @n: a view
 *
 * Context: Inside ->mmap.
 * Return: the view through which pages are inserted.
 */
struct bmm_vma_mixed bmm_vma_new_set_mixedmap(struct bmm_vma_new n)
{
	vm_flags_set(n.vma, VM_MIXEDMAP);
	return (struct bmm_vma_mixed) { .vma = n.vma };
}

/**
 * bmm_vma_new_set_io() - mark the mapping as memory of a device.
 * @n: a view
 *
 * get_user_pages() refuses it from now on.
 *
 * Context: Inside ->mmap.
 */
void bmm_vma_new_set_io(struct bmm_vma_new n)
{
	vm_flags_set(n.vma, VM_IO);
}

/**
 * bmm_vma_new_set_dontexpand() - forbid mremap() to grow the mapping.
 * @n: a view
 *
 * Context: Inside ->mmap.
 */
void bmm_vma_new_set_dontexpand(struct bmm_vma_new n)
{
	vm_flags_set(n.vma, VM_DONTEXPAND);
}

/**
 * bmm_vma_new_set_dontcopy() - keep the mapping out of children.
 * @n: a view
 *
 * User space can undo it with madvise(MADV_DOFORK) unless the mapping is
 * VM_IO too.
 *
 * Context: Inside ->mmap.
 */
void bmm_vma_new_set_dontcopy(struct bmm_vma_new n)
{
	vm_flags_set(n.vma, VM_DONTCOPY);
}

/**
 * bmm_vma_new_set_dontdump() - keep the mapping out of core files.
 * @n: a view
 *
 * User space can undo it with madvise(MADV_DODUMP) unless the mapping is
 * VM_IO too.
 *
 * Context: Inside ->mmap.
 */
void bmm_vma_new_set_dontdump(struct bmm_vma_new n)
{
	vm_flags_set(n.vma, VM_DONTDUMP);
}

/**
 * bmm_vma_new_readable() - did user space ask for PROT_READ?
 * @n: a view
 *
 * Context: Inside ->mmap.
 * Return: true if so.
 */
bool bmm_vma_new_readable(struct bmm_vma_new n)
{
	return n.vma->vm_flags & VM_READ;
}

/**
 * bmm_vma_new_writable() - did user space ask for PROT_WRITE?
 * @n: a view
 *
 * Context: Inside ->mmap.
 * Return: true if so.
 */
bool bmm_vma_new_writable(struct bmm_vma_new n)
{
	return n.vma->vm_flags & VM_WRITE;
}

/**
 * bmm_vma_new_executable() - did user space ask for PROT_EXEC?
 * @n: a view
 *
 * Context: Inside ->mmap.
 * Return: true if so.
 */
bool bmm_vma_new_executable(struct bmm_vma_new n)
{
	return n.vma->vm_flags & VM_EXEC;
}

/* An access that exists cannot be forbidden: VM_WRITE implies VM_MAYWRITE. */
static int try_clear(struct bmm_vma_new n, vm_flags_t access, vm_flags_t may)
{
	if (n.vma->vm_flags & access)
		return -EINVAL;
	vm_flags_clear(n.vma, may);
	return 0;
}

/**
 * bmm_vma_new_try_clear_mayread() - forbid reading for good.
 * @n: a view
 *
 * Context: Inside ->mmap.
 * Return: 0, and mprotect(PROT_READ) will fail; -EINVAL if the mapping is
 *         readable, which it stays.
 */
int bmm_vma_new_try_clear_mayread(struct bmm_vma_new n)
{
	return try_clear(n, VM_READ, VM_MAYREAD);
}

/**
 * bmm_vma_new_try_clear_maywrite() - forbid writing for good.
 * @n: a view
 *
 * Context: Inside ->mmap.
 * Return: 0, and mprotect(PROT_WRITE) will fail; -EINVAL if the mapping is
 *         writable, which it stays.
 */
int bmm_vma_new_try_clear_maywrite(struct bmm_vma_new n)
{
	return try_clear(n, VM_WRITE, VM_MAYWRITE);
}

/**
 * bmm_vma_new_try_clear_mayexec() - forbid execution for good.
 * @n: a view
 *
 * Context: Inside ->mmap.
 * Return: 0, and mprotect(PROT_EXEC) will fail; -EINVAL if the mapping is
 *         executable, which it stays.
 */
int bmm_vma_new_try_clear_mayexec(struct bmm_vma_new n)
{
	return try_clear(n, VM_EXEC, VM_MAYEXEC);
}
