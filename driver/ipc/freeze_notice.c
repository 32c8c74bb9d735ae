// SPDX-License-Identifier: GPL-2.0
/*
 * Freeze notifications, see freeze.h.
 */
#include <linux/slab.h>

#include "ipc/freeze.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/ref.h"
#include "ipc/stats.h"

static void free_freeze(struct kref *ref)
{
	struct binder_freeze *freeze = container_of(ref, struct binder_freeze,
						    ref);

	binder_proc_put(freeze->proc);
	binder_stat_del(BINDER_STAT_FREEZE);
	kfree(freeze);
}

/**
 * binder_freeze_put() - let go of a registration
 * @freeze: the registration; may be gone on return
 *
 * Context: any but hard interrupt; under proc->lock of the holder only if the
 *	holder is kept otherwise.
 */
void binder_freeze_put(struct binder_freeze *freeze)
{
	kref_put(&freeze->ref, free_freeze);
}

static struct binder_freeze *create(struct binder_proc *proc,
				    binder_uintptr_t cookie)
{
	struct binder_freeze *freeze = kzalloc(sizeof(*freeze),
					       GFP_KERNEL_ACCOUNT);

	if (!freeze)
		return NULL;
	kref_init(&freeze->ref);
	binder_stat_add(BINDER_STAT_FREEZE);
	freeze->proc = binder_proc_get(proc);
	freeze->cookie = cookie;
	INIT_LIST_HEAD(&freeze->watch);
	INIT_LIST_HEAD(&freeze->work.entry);
	return freeze;
}

/* Queues the message for the holder; a list of it may hold @freeze already. */
static void queue(struct binder_freeze *freeze)
{
	freeze->state = BINDER_FREEZE_QUEUED;
	freeze->work.type = BINDER_WORK_FROZEN;
	binder_proc_queue_any(freeze->proc, &freeze->work);
}

static void queue_cleared(struct binder_freeze *freeze)
{
	freeze->state = BINDER_FREEZE_OVER;
	freeze->work.type = BINDER_WORK_FROZEN_CLEARED;
	binder_proc_queue_any(freeze->proc, &freeze->work);
}

/* The owner was frozen or thawed, perhaps once more. */
static void tell(struct binder_freeze *freeze, bool frozen)
{
	guard(spinlock)(&freeze->proc->lock);
	switch (freeze->state) {
	case BINDER_FREEZE_IDLE:
		freeze->frozen = frozen;
		kref_get(&freeze->ref);
		queue(freeze);
		break;
	case BINDER_FREEZE_QUEUED:
		freeze->frozen = frozen;
		break;
	case BINDER_FREEZE_DELIVERED:
		if (freeze->frozen != frozen)
			freeze->again = true;
		freeze->frozen = frozen;
		break;
	case BINDER_FREEZE_OVER:
		break;
	}
}

/*
 * Returns false if the node is dead: nothing is ever told then. Else the first
 * message is under way already, so that an event which is faster than tell_first()
 * changes what it says.
 */
static bool watch(struct binder_node *node, struct binder_freeze *freeze)
{
	guard(spinlock)(&node->proc->lock);
	if (!node->dead)
		freeze->state = BINDER_FREEZE_QUEUED;
	freeze->frozen = node->proc->stays_frozen;
	freeze->round = node->proc->freeze_round;
	kref_get(&freeze->ref);
	list_add_tail(&freeze->watch, &node->freezes);
	return !node->dead;
}

static void unwatch(struct binder_node *node, struct binder_freeze *freeze)
{
	guard(spinlock)(&node->proc->lock);
	list_del_init(&freeze->watch);
	/* Not the last: the caller has one, too. */
	binder_freeze_put(freeze);
}

static void tell_first(struct binder_freeze *freeze)
{
	guard(spinlock)(&freeze->proc->lock);
	kref_get(&freeze->ref);
	queue(freeze);
}

static int request(struct binder_proc *proc, u32 handle,
		   struct binder_freeze *freeze)
{
	struct binder_ref *ref;

	guard(mutex)(&proc->refs_lock);
	ref = binder_ref_find(proc, handle);
	if (!ref || ref->freeze)
		return -EINVAL;
	ref->freeze = freeze;
	if (watch(ref->node, freeze))
		tell_first(freeze);
	return 0;
}

/**
 * binder_freeze_request() - BC_REQUEST_FREEZE_NOTIFICATION
 * @proc: the holder
 * @handle: its handle of the node
 * @cookie: what it wants to hear
 *
 * Context: task context, no lock held, may sleep.
 * Return: 0; -EINVAL if there is no such handle, or it has a registration
 *	already; -ENOMEM.
 */
int binder_freeze_request(struct binder_proc *proc, u32 handle,
			  binder_uintptr_t cookie)
{
	struct binder_freeze *freeze = create(proc, cookie);
	int err;

	if (!freeze)
		return -ENOMEM;
	err = request(proc, handle, freeze);
	if (err)
		binder_freeze_put(freeze);
	return err;
}

static struct binder_freeze *detach(struct binder_proc *proc, u32 handle,
				    binder_uintptr_t cookie)
{
	struct binder_freeze *freeze;
	struct binder_ref *ref;

	guard(mutex)(&proc->refs_lock);
	ref = binder_ref_find(proc, handle);
	if (!ref || !ref->freeze || ref->freeze->cookie != cookie)
		return NULL;
	freeze = ref->freeze;
	ref->freeze = NULL;
	unwatch(ref->node, freeze);
	return freeze;
}

/**
 * binder_freeze_clear() - BC_CLEAR_FREEZE_NOTIFICATION
 * @proc: the holder
 * @handle: its handle of the node
 * @cookie: as registered
 *
 * A message that has not been read is replaced by the confirmation.
 *
 * Context: task context, no lock held, may sleep.
 * Return: 0; -EINVAL if there is no such registration.
 */
int binder_freeze_clear(struct binder_proc *proc, u32 handle,
			binder_uintptr_t cookie)
{
	struct binder_freeze *freeze = detach(proc, handle, cookie);

	if (!freeze)
		return -EINVAL;
	scoped_guard(spinlock, &proc->lock) {
		freeze->cleared = true;
		if (freeze->state == BINDER_FREEZE_IDLE) {
			kref_get(&freeze->ref);
			queue_cleared(freeze);
		} else if (freeze->state == BINDER_FREEZE_QUEUED) {
			freeze->state = BINDER_FREEZE_OVER;
			freeze->work.type = BINDER_WORK_FROZEN_CLEARED;
		}
	}
	binder_freeze_put(freeze);
	return 0;
}

/**
 * binder_freeze_done() - BC_FREEZE_NOTIFICATION_DONE
 * @proc: the holder
 * @cookie: as delivered
 *
 * Context: takes proc->lock.
 * Return: 0; -EINVAL if none with this cookie is delivered and unacknowledged.
 */
int binder_freeze_done(struct binder_proc *proc, binder_uintptr_t cookie)
{
	struct binder_freeze *freeze;

	guard(spinlock)(&proc->lock);
	list_for_each_entry(freeze, &proc->delivered_freezes, work.entry) {
		if (freeze->cookie != cookie)
			continue;
		list_del_init(&freeze->work.entry);
		freeze->state = BINDER_FREEZE_IDLE;
		if (freeze->cleared) {
			queue_cleared(freeze);
		} else if (freeze->again) {
			freeze->again = false;
			queue(freeze);
		} else {
			binder_freeze_put(freeze);
		}
		return 0;
	}
	return -EINVAL;
}

/**
 * binder_freeze_take() - the holder is about to be told
 * @freeze: the registration, off the todo a moment ago; the caller gets a reference
 *
 * Context: proc->lock of the holder held.
 * Return: what to tell: whether the owner of the node is frozen.
 */
bool binder_freeze_take(struct binder_freeze *freeze)
{
	lockdep_assert_held(&freeze->proc->lock);

	kref_get(&freeze->ref);
	freeze->state = BINDER_FREEZE_DELIVERED;
	list_add_tail(&freeze->work.entry, &freeze->proc->delivered_freezes);
	return freeze->frozen;
}

/**
 * binder_freeze_cancel() - the reference goes, and its registration with it
 * @ref: the reference
 *
 * Context: proc->refs_lock of the holder held.
 */
void binder_freeze_cancel(struct binder_ref *ref)
{
	struct binder_freeze *freeze = ref->freeze;

	ref->freeze = NULL;
	unwatch(ref->node, freeze);
	scoped_guard(spinlock, &freeze->proc->lock) {
		freeze->state = BINDER_FREEZE_OVER;
		if (!list_empty(&freeze->work.entry)) {
			list_del_init(&freeze->work.entry);
			binder_freeze_put(freeze);
		}
	}
	binder_freeze_put(freeze);
}

/*
 * One that has not been told in this round; those that have stand behind it.
 * @from is the ptr of the node to go on at.
 */
static struct binder_freeze *next_watcher(struct binder_proc *proc,
					  unsigned long round,
					  binder_uintptr_t *from, bool *frozen)
{
	struct binder_node *node;

	guard(spinlock)(&proc->lock);
	*frozen = proc->stays_frozen;
	for (node = binder_node_from(proc, *from); node;
	     node = binder_node_next(proc, node->ptr)) {
		struct binder_freeze *freeze;

		if (list_empty(&node->freezes))
			continue;
		freeze = list_first_entry(&node->freezes, struct binder_freeze,
					  watch);
		if (freeze->round >= round)
			continue;
		freeze->round = round;
		list_move_tail(&freeze->watch, &node->freezes);
		kref_get(&freeze->ref);
		*from = node->ptr;
		return freeze;
	}
	return NULL;
}

/**
 * binder_freeze_tell_all() - a process was frozen or thawed, perhaps once more
 * @proc: the process
 *
 * Context: task context, no lock held.
 */
void binder_freeze_tell_all(struct binder_proc *proc)
{
	struct binder_freeze *freeze;
	binder_uintptr_t from = 0;
	unsigned long round;
	bool frozen;

	scoped_guard(spinlock, &proc->lock)
		round = ++proc->freeze_round;
	while ((freeze = next_watcher(proc, round, &from, &frozen))) {
		tell(freeze, frozen);
		binder_freeze_put(freeze);
	}
}

/**
 * binder_freeze_drop_delivered() - a holder dies and will acknowledge nothing
 * @proc: the holder
 *
 * Context: takes proc->lock.
 */
void binder_freeze_drop_delivered(struct binder_proc *proc)
{
	struct binder_freeze *freeze, *next;

	guard(spinlock)(&proc->lock);
	list_for_each_entry_safe(freeze, next, &proc->delivered_freezes,
				 work.entry) {
		list_del_init(&freeze->work.entry);
		binder_freeze_put(freeze);
	}
}
