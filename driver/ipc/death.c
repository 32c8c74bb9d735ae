// SPDX-License-Identifier: GPL-2.0
/*
 * Death notifications, see death.h.
 *
 * The two lists that a registration can be on belong to two processes, so it
 * goes from one to the other in two steps. In between, whoever takes it back
 * finds it on neither, and marks it OVER: then the second step does nothing.
 */
#include <linux/slab.h>

#include "ipc/death.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/ref.h"
#include "ipc/stats.h"
#include "ipc/thread.h"

static void free_death(struct kref *ref)
{
	struct binder_death *death = container_of(ref, struct binder_death, ref);

	binder_proc_put(death->proc);
	binder_stat_del(BINDER_STAT_DEATH);
	kfree(death);
}

/**
 * binder_death_put() - let go of a registration
 * @death: the registration; may be gone on return
 *
 * Context: any but hard interrupt; under proc->lock of the holder only if the
 *	holder is kept otherwise.
 */
void binder_death_put(struct binder_death *death)
{
	kref_put(&death->ref, free_death);
}

static struct binder_death *create(struct binder_proc *proc,
				   binder_uintptr_t cookie)
{
	struct binder_death *death = kzalloc(sizeof(*death), GFP_KERNEL_ACCOUNT);

	if (!death)
		return NULL;
	kref_init(&death->ref);
	binder_stat_add(BINDER_STAT_DEATH);
	death->proc = binder_proc_get(proc);
	death->cookie = cookie;
	INIT_LIST_HEAD(&death->watch);
	INIT_LIST_HEAD(&death->work.entry);
	return death;
}

/* The second step of the node's death. */
static void tell(struct binder_death *death)
{
	struct binder_proc *proc = death->proc;

	guard(spinlock)(&proc->lock);
	if (death->state != BINDER_DEATH_ARMED)
		return;
	death->state = BINDER_DEATH_QUEUED;
	death->work.type = BINDER_WORK_DEAD;
	kref_get(&death->ref);
	binder_proc_queue_any(proc, &death->work);
}

/* Returns false if the node is dead already. */
static bool watch(struct binder_node *node, struct binder_death *death)
{
	guard(spinlock)(&node->proc->lock);
	if (node->dead)
		return false;
	kref_get(&death->ref);
	list_add_tail(&death->watch, &node->deaths);
	return true;
}

static void unwatch(struct binder_node *node, struct binder_death *death)
{
	guard(spinlock)(&node->proc->lock);
	if (list_empty(&death->watch))
		return;
	list_del_init(&death->watch);
	/* Not the last: the caller has one, too. */
	binder_death_put(death);
}

/* Returns false if the registration has not become the reference's. */
static bool request(struct binder_proc *proc, u32 handle,
		    struct binder_death *death)
{
	struct binder_ref *ref;

	guard(mutex)(&proc->refs_lock);
	ref = binder_ref_find(proc, handle);
	if (!ref || ref->death)
		return false;
	ref->death = death;
	if (!watch(ref->node, death))
		tell(death);
	return true;
}

/**
 * binder_death_request() - BC_REQUEST_DEATH_NOTIFICATION
 * @proc: the holder
 * @handle: its handle of the node
 * @cookie: what it wants to hear
 *
 * Context: task context, no lock held, may sleep.
 * Return: 0; -ENOMEM; -EINVAL if there is no such handle, or it has a
 *	registration already.
 */
int binder_death_request(struct binder_proc *proc, u32 handle,
			 binder_uintptr_t cookie)
{
	struct binder_death *death = create(proc, cookie);

	if (!death)
		return -ENOMEM;
	if (request(proc, handle, death))
		return 0;
	binder_death_put(death);
	return -EINVAL;
}

/* A looper hears of it itself, else whoever reads next does. */
static void queue_cleared(struct binder_thread *thread,
			  struct binder_death *death)
{
	death->state = BINDER_DEATH_OVER;
	death->work.type = BINDER_WORK_DEAD_CLEARED;
	if (thread->looper & (BINDER_LOOPER_REGISTERED | BINDER_LOOPER_ENTERED))
		binder_thread_queue(thread, &death->work);
	else
		binder_proc_queue_any(thread->proc, &death->work);
}

static struct binder_death *detach(struct binder_proc *proc, u32 handle,
				   binder_uintptr_t cookie)
{
	struct binder_death *death;
	struct binder_ref *ref;

	guard(mutex)(&proc->refs_lock);
	ref = binder_ref_find(proc, handle);
	if (!ref || !ref->death || ref->death->cookie != cookie)
		return NULL;
	death = ref->death;
	ref->death = NULL;
	unwatch(ref->node, death);
	return death;
}

/**
 * binder_death_clear() - BC_CLEAR_DEATH_NOTIFICATION
 * @thread: the holder's, the calling task's
 * @handle: its handle of the node
 * @cookie: as registered
 *
 * Context: task context, no lock held, may sleep.
 * Return: false if there is no such registration.
 */
bool binder_death_clear(struct binder_thread *thread, u32 handle,
			binder_uintptr_t cookie)
{
	struct binder_death *death = detach(thread->proc, handle, cookie);

	if (!death)
		return false;
	scoped_guard(spinlock, &thread->proc->lock) {
		death->cleared = true;
		if (death->state == BINDER_DEATH_ARMED ||
		    death->state == BINDER_DEATH_ACKED) {
			kref_get(&death->ref);
			queue_cleared(thread, death);
		}
	}
	binder_death_put(death);
	return true;
}

/**
 * binder_death_done() - BC_DEAD_BINDER_DONE
 * @thread: the holder's, the calling task's
 * @cookie: as delivered
 *
 * Context: takes proc->lock.
 * Return: false if none with this cookie is delivered and unacknowledged.
 */
bool binder_death_done(struct binder_thread *thread, binder_uintptr_t cookie)
{
	struct binder_proc *proc = thread->proc;
	struct binder_death *death;

	guard(spinlock)(&proc->lock);
	list_for_each_entry(death, &proc->delivered_deaths, work.entry) {
		if (death->cookie != cookie)
			continue;
		list_del_init(&death->work.entry);
		if (death->cleared) {
			queue_cleared(thread, death);
		} else {
			death->state = BINDER_DEATH_ACKED;
			binder_death_put(death);
		}
		return true;
	}
	return false;
}

/**
 * binder_death_take() - the holder is about to be told of a death
 * @death: the registration, off the todo a moment ago; the caller gets a reference
 *
 * Context: proc->lock of the holder held.
 */
void binder_death_take(struct binder_death *death)
{
	lockdep_assert_held(&death->proc->lock);

	kref_get(&death->ref);
	death->state = BINDER_DEATH_DELIVERED;
	list_add_tail(&death->work.entry, &death->proc->delivered_deaths);
}

/**
 * binder_death_cancel() - the reference goes, and its registration with it
 * @ref: the reference
 *
 * Context: proc->refs_lock of the holder held.
 */
void binder_death_cancel(struct binder_ref *ref)
{
	struct binder_death *death = ref->death;

	ref->death = NULL;
	unwatch(ref->node, death);
	scoped_guard(spinlock, &death->proc->lock) {
		death->state = BINDER_DEATH_OVER;
		if (!list_empty(&death->work.entry)) {
			list_del_init(&death->work.entry);
			binder_death_put(death);
		}
	}
	binder_death_put(death);
}

static struct binder_death *next_watcher(struct binder_node *node)
{
	struct binder_death *death;

	guard(spinlock)(&node->proc->lock);
	if (list_empty(&node->deaths))
		return NULL;
	death = list_first_entry(&node->deaths, struct binder_death, watch);
	list_del_init(&death->watch);
	return death;
}

/**
 * binder_death_tell_all() - a node has died
 * @node: the node, dead
 *
 * Context: task context, no lock held.
 */
void binder_death_tell_all(struct binder_node *node)
{
	struct binder_death *death;

	while ((death = next_watcher(node))) {
		tell(death);
		binder_death_put(death);
	}
}

/**
 * binder_death_drop_delivered() - a holder dies and will acknowledge nothing
 * @proc: the holder
 *
 * Context: takes proc->lock.
 */
void binder_death_drop_delivered(struct binder_proc *proc)
{
	struct binder_death *death, *next;

	guard(spinlock)(&proc->lock);
	list_for_each_entry_safe(death, next, &proc->delivered_deaths,
				 work.entry) {
		list_del_init(&death->work.entry);
		binder_death_put(death);
	}
}
