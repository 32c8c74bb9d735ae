// SPDX-License-Identifier: GPL-2.0
/*
 * References: a table of a process by handle, and the same by node.
 *
 * The table has a lock of its own that may be slept under, so that it can grow
 * while nobody spins, and it is taken before any proc->lock.
 */
#include <linux/slab.h>
#include <linux/xarray.h>

#include "ipc/context.h"
#include "ipc/death.h"
#include "ipc/freeze.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/ref.h"
#include "ipc/stats.h"
#include "ipc/txn.h"

/**
 * binder_ref_find() - the reference behind a handle
 * @proc: the holder
 * @handle: its handle
 *
 * Context: proc->refs_lock held.
 * Return: the reference, or NULL.
 */
struct binder_ref *binder_ref_find(struct binder_proc *proc, u32 handle)
{
	lockdep_assert_held(&proc->refs_lock);

	return xa_load(&proc->handles, handle);
}

static struct binder_ref *find_by_node(struct binder_proc *proc,
				       struct binder_node *node,
				       struct rb_node ***link,
				       struct rb_node **parent)
{
	*link = &proc->refs_by_node.rb_node;
	*parent = NULL;
	while (**link) {
		struct binder_ref *ref;

		*parent = **link;
		ref = rb_entry(*parent, struct binder_ref, by_node);
		if (node == ref->node)
			return ref;
		*link = node < ref->node ? &(*parent)->rb_left :
					   &(*parent)->rb_right;
	}
	return NULL;
}

static struct binder_ref *create(struct binder_proc *proc,
				 struct binder_node *node)
{
	u32 first = binder_context_is_manager(proc->context, node) ? 0 : 1;
	struct binder_ref *ref = kzalloc(sizeof(*ref), GFP_KERNEL_ACCOUNT);

	if (!ref)
		return NULL;
	if (xa_alloc(&proc->handles, &ref->handle, ref, XA_LIMIT(first, U32_MAX),
		     GFP_KERNEL_ACCOUNT)) {
		kfree(ref);
		return NULL;
	}
	ref->proc = proc;
	binder_stat_add(BINDER_STAT_REF);
	ref->node = binder_node_get(node);
	ref->id = binder_next_id();
	binder_node_add_ref(node, ref);
	return ref;
}

static void destroy(struct binder_ref *ref)
{
	struct binder_proc *proc = ref->proc;

	if (ref->death)
		binder_death_cancel(ref);
	if (ref->freeze)
		binder_freeze_cancel(ref);
	xa_erase(&proc->handles, ref->handle);
	rb_erase(&ref->by_node, &proc->refs_by_node);
	binder_node_put(ref->node);
	binder_stat_del(BINDER_STAT_REF);
	kfree(ref);
}

static void inc(struct binder_ref *ref, bool strong,
		struct binder_thread *sender)
{
	unsigned long *count = strong ? &ref->strong : &ref->weak;

	if (!(*count)++)
		binder_node_inc_ref(ref->node, strong, sender);
}

/**
 * binder_ref_add() - a process gets a reference, or one more of what it has
 * @proc: the process
 * @node: the node, held by the caller in the way of @strong
 * @strong: the kind
 * @sender: the thread of the node's owner that sends it; NULL if another does
 * @name: out: the reference
 *
 * Context: task context, no lock held, may sleep.
 * Return: 0; -ENOMEM; -ESRCH if the process is dead.
 */
int binder_ref_add(struct binder_proc *proc, struct binder_node *node,
		   bool strong, struct binder_thread *sender,
		   struct binder_ref_name *name)
{
	struct rb_node **link, *parent;
	struct binder_ref *ref;

	guard(mutex)(&proc->refs_lock);
	if (READ_ONCE(proc->dead))
		return -ESRCH;
	ref = find_by_node(proc, node, &link, &parent);
	if (!ref) {
		ref = create(proc, node);
		if (!ref)
			return -ENOMEM;
		rb_link_node(&ref->by_node, parent, link);
		rb_insert_color(&ref->by_node, &proc->refs_by_node);
	}
	inc(ref, strong, sender);
	name->id = ref->id;
	name->handle = ref->handle;
	return 0;
}

/**
 * binder_ref_inc() - count a reference that a process has
 * @proc: the process
 * @handle: its handle
 * @strong: which count; a reference cannot make itself strong
 *
 * Context: task context, no lock held, may sleep.
 * Return: false if there is no such handle, or it is not strong.
 */
bool binder_ref_inc(struct binder_proc *proc, u32 handle, bool strong)
{
	struct binder_ref *ref;

	guard(mutex)(&proc->refs_lock);
	ref = binder_ref_find(proc, handle);
	if (!ref || (strong && !ref->strong))
		return false;
	inc(ref, strong, NULL);
	return true;
}

/**
 * binder_ref_dec() - the end of binder_ref_add() and binder_ref_inc()
 * @proc: the process
 * @handle: its handle, which is free if it has no count left
 * @strong: which count
 *
 * Context: task context, no lock held, may sleep.
 * Return: false if there is no such handle, or the count is 0.
 */
bool binder_ref_dec(struct binder_proc *proc, u32 handle, bool strong)
{
	struct binder_ref *ref;
	unsigned long *count;
	bool last;

	guard(mutex)(&proc->refs_lock);
	ref = binder_ref_find(proc, handle);
	if (!ref)
		return false;
	count = strong ? &ref->strong : &ref->weak;
	if (!*count)
		return false;
	if (--*count)
		return true;
	last = !ref->strong && !ref->weak;
	if (strong || last)
		binder_node_dec_ref(ref->node, ref, strong, last);
	if (last)
		destroy(ref);
	return true;
}

/**
 * binder_ref_hold_node() - the node behind a handle, for use
 * @proc: the holder
 * @handle: its handle
 * @strong: the reference has to be strong
 * @id: out: the id of the reference
 *
 * Context: task context, no lock held, may sleep.
 * Return: the node with a reference, held by binder_node_hold() in the way of
 *	@strong; NULL if there is no such handle, or it is not strong.
 */
struct binder_node *binder_ref_hold_node(struct binder_proc *proc, u32 handle,
					 bool strong, __u32 *id)
{
	struct binder_ref *ref;

	guard(mutex)(&proc->refs_lock);
	ref = binder_ref_find(proc, handle);
	if (!ref || (strong && !ref->strong))
		return NULL;
	*id = ref->id;
	binder_node_hold(ref->node, strong);
	return binder_node_get(ref->node);
}

/**
 * binder_ref_drop_all() - a process dies: it refers to nothing any more
 * @proc: the process, dead
 *
 * Context: task context, no lock held, may sleep.
 */
void binder_ref_drop_all(struct binder_proc *proc)
{
	struct binder_ref *ref;
	unsigned long handle;

	guard(mutex)(&proc->refs_lock);
	xa_for_each(&proc->handles, handle, ref) {
		binder_node_dec_ref(ref->node, ref, ref->strong, true);
		destroy(ref);
	}
	xa_destroy(&proc->handles);
}
