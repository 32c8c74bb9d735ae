// SPDX-License-Identifier: GPL-2.0
/*
 * An arena's life: created with the open file, mapped at most once, destroyed
 * when the file is gone and every range has been given back.
 *
 * The driver never keeps a pointer to a vma. It keeps what tells its vma from
 * any other (struct bmm_vma_id) and looks it up each time. A vma holds the
 * file, the file's owner holds the arena, so a vma that names this arena cannot
 * outlive it; and the pair of operations and private data cannot be had by user
 * space in any other way than from arena_mmap().
 */
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "arena/page.h"
#include "mm/vma_new.h"

/*
 * munmap, mremap, or exit took some part of the mapping away. From now on
 * nothing is sent here: the receiver could not read all of it. A child that got
 * a copy (MADV_DOFORK) loses only its copy.
 */
static void vma_close(struct vm_area_struct *vma)
{
	struct arena *a = vma->vm_private_data;

	if (vma->vm_mm == a->mm.mm)
		WRITE_ONCE(a->mapped, false);
}

static const struct vm_operations_struct arena_vm_ops = {
	.close = vma_close,
	.fault = arena_fault,
};

/**
 * arena_create() - an arena that is not mapped yet
 * @mm: the only address space that may map it
 *
 * Context: task context, may sleep.
 * Return: the arena, ended by arena_destroy(); NULL if there is no memory.
 */
struct arena *arena_create(struct mm_struct *mm)
{
	struct arena *a = kzalloc(sizeof(*a), GFP_KERNEL_ACCOUNT);

	if (!a)
		return NULL;
	kref_init(&a->ref);
	a->mm = bmm_grab(mm);
	a->pid = current->tgid;
	spin_lock_init(&a->lock);
	mutex_init(&a->map_mutex);
	INIT_LIST_HEAD(&a->all);
	return a;
}

/* A mapping that is refused is thrown away, so its flags do not matter. */
static int claim(struct arena *a, struct vm_area_struct *vma)
{
	if (bmm_vma_new_try_clear_maywrite(bmm_vma_new_from_raw(vma)))
		return -EPERM;
	if (vma->vm_mm != a->mm.mm)
		return -EINVAL;
	return atomic_cmpxchg(&a->claimed, 0, 1) ? -EBUSY : 0;
}

static int set_up(struct arena *a, struct vm_area_struct *vma)
{
	size_t size = min_t(size_t, vma->vm_end - vma->vm_start,
			    ARENA_MAX_SIZE);
	int err;

	a->slots = kvcalloc(size >> PAGE_SHIFT, sizeof(*a->slots),
			    GFP_KERNEL_ACCOUNT);
	if (!a->slots)
		return -ENOMEM;
	err = range_alloc_init(&a->ranges, NULL, size);
	if (err) {
		kvfree(a->slots);
		a->slots = NULL;
		return err;
	}
	a->oneway_free = size / 2;
	/* Pairs with arena_is_set_up(). */
	smp_store_release(&a->size, size);
	return 0;
}

/**
 * arena_mmap() - make a new vma the arena's mapping
 * @a: the arena
 * @vma: the vma that ->mmap was given
 *
 * Nothing is populated. The first ARENA_MAX_SIZE bytes are usable, half of them
 * for oneway messages.
 *
 * Context: in ->mmap, mmap write lock held, may sleep.
 * Return: 0; -EPERM if the mapping is to be writable; -EINVAL if it belongs to
 *	another address space than the arena; -EBUSY if the arena has, or ever
 *	had, a mapping; -ENOMEM.
 */
int arena_mmap(struct arena *a, struct vm_area_struct *vma)
{
	struct bmm_vma_new new = bmm_vma_new_from_raw(vma);
	int err = claim(a, vma);

	if (err)
		return err;
	err = set_up(a, vma);
	if (err) {
		atomic_set(&a->claimed, 0);
		return err;
	}
	bmm_vma_new_set_dontcopy(new);
	bmm_vma_new_set_mixedmap(new);
	a->id = bmm_vma_new_bind(new, &arena_vm_ops, a);
	arena_stats_add(a);
	/* Pairs with the acquire in arena_reserve(). */
	smp_store_release(&a->mapped, true);
	return 0;
}

static void free_slots(struct arena *a)
{
	size_t i;

	for (i = 0; i < arena_nr_slots(a); i++) {
		struct arena_page *p;

		/* A shrinker at work either has the page already, or not at all. */
		scoped_guard(spinlock, &a->lock) {
			p = a->slots[i];
			if (p) {
				arena_lru_forget(p);
				WRITE_ONCE(a->slots[i], NULL);
			}
		}
		if (p)
			arena_page_free(p);
	}
	kvfree(a->slots);
}

static void free_last(struct kref *ref)
{
	struct arena *a = container_of(ref, struct arena, ref);

	if (a->size) {
		free_slots(a);
		range_alloc_destroy(&a->ranges);
	}
	bmm_drop(a->mm);
	mutex_destroy(&a->map_mutex);
	kfree(a);
}

/**
 * arena_put() - drop a reference to an arena
 * @a: the arena; may be gone on return
 *
 * Context: task context, no lock held, may sleep.
 */
void arena_put(struct arena *a)
{
	kref_put(&a->ref, free_last);
}

/**
 * arena_destroy() - the owner's end of an arena
 * @a: the arena; every range has been released, no vma names it any more
 *
 * The pages are freed here, or by the shrinker if that is just at work on them.
 *
 * Context: task context, no lock held, may sleep.
 */
void arena_destroy(struct arena *a)
{
	if (a->size)
		arena_stats_del(a);
	arena_put(a);
}

/**
 * arena_init() - set up what all arenas share
 *
 * Context: at boot, may sleep.
 * Return: 0 or -ENOMEM.
 */
int __init arena_init(void)
{
	return arena_reclaim_init();
}

/**
 * arena_exit() - undo arena_init()
 *
 * Context: at boot, when there is no arena; may sleep.
 */
void __init arena_exit(void)
{
	arena_reclaim_exit();
}
