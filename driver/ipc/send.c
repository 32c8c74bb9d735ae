// SPDX-License-Identifier: GPL-2.0
/*
 * BC_TRANSACTION: from the command to the receiver's queue.
 *
 *   find the target -> check that the sender may send now -> fill: reserve,
 *   bring pages, copy, translate objects -> queue
 *
 * A failure at any step undoes the steps before it and is told to the sender.
 */
#include <linux/security.h>

#include "arena/arena.h"
#include "ipc/attempt.h"
#include "ipc/context.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/ref.h"
#include "ipc/thread.h"
#include "ipc/txn.h"
#include "report/netlink.h"
#include "report/trace.h"

static struct binder_failure find_manager(struct binder_proc *proc,
					  struct binder_node **target)
{
	struct binder_node *node = binder_context_get_manager(proc->context);

	if (!node)
		return binder_dead(-EINVAL, BINDER_WHY_NO_MANAGER);
	if (node->proc->pid == proc->pid) {
		binder_node_put(node);
		return binder_failed(-EINVAL, BINDER_WHY_OWN_MANAGER);
	}
	binder_node_hold(node, true);
	*target = node;
	return binder_ok;
}

static struct binder_failure find_node(struct binder_proc *proc, u32 handle,
				       struct binder_node **target)
{
	__u32 id;

	*target = binder_ref_hold_node(proc, handle, true, &id);
	return *target ? binder_ok :
			 binder_failed(-EINVAL, BINDER_WHY_NO_HANDLE);
}

static void let_go(struct binder_node *node)
{
	binder_node_unhold(node, true);
	binder_node_put(node);
}

/* The target with a reference and a strong count, its process entered. */
static struct binder_failure find_target(struct binder_proc *proc, u32 handle,
					 struct binder_node **target)
{
	struct binder_failure f;

	/* Handle 0 is the manager at hand, whatever the process holds as 0. */
	f = handle ? find_node(proc, handle, target) :
		     find_manager(proc, target);
	if (!binder_is_ok(f))
		return f;
	if (!binder_proc_enter((*target)->proc)) {
		let_go(*target);
		return binder_dead(-EINVAL, BINDER_WHY_TARGET_DEAD);
	}
	if (security_binder_transaction(proc->cred, (*target)->proc->cred)) {
		binder_proc_leave((*target)->proc);
		let_go(*target);
		return binder_failed(-EPERM, BINDER_WHY_FORBIDDEN);
	}
	return f;
}

static bool was_sent_something(const struct binder_thread *thread)
{
	const struct binder_work *first;

	if (list_empty(&thread->todo))
		return false;
	first = list_first_entry(&thread->todo, struct binder_work, entry);
	return first->type == BINDER_WORK_TRANSACTION ||
	       first->type == BINDER_WORK_REPLY;
}

/*
 * Every attempt starts with a clean record of it. Returns whether the thread may
 * make a call now: it waits for one reply at a time, and has to look at what it
 * was sent before.
 */
static bool begin_attempt(struct binder_thread *thread)
{
	guard(spinlock)(&thread->proc->lock);
	binder_thread_begin_attempt(thread);
	if (was_sent_something(thread))
		return false;
	return !thread->stack || thread->stack->from != thread;
}

/* The sender's side of a call: its stack, and the completion that can wait. */
static void push_call(struct binder_thread *thread, struct binder_txn *t)
{
	t->from = binder_thread_get(thread);

	guard(spinlock)(&thread->proc->lock);
	t->from_below = thread->stack;
	t->from_parent = thread->stack;
	if (t->from_parent)
		kref_get(&t->from_parent->ref);
	kref_get(&t->ref);
	thread->stack = t;
	kref_get(&t->ref);
	binder_stat_add(BINDER_STAT_TRANSACTION_COMPLETE);
	binder_thread_queue_deferred(thread, &t->complete);
}

static void unpush_call(struct binder_thread *thread, struct binder_txn *t)
{
	scoped_guard(spinlock, &thread->proc->lock)
		thread->stack = t->from_below;
	binder_txn_put(t);
	binder_thread_uncomplete(thread, t);
	binder_txn_end(t);
}

/*
 * A call on behalf of a call: the thread of the target that waits further up
 * the chain handles it, as if the first caller had called itself.
 */
static struct binder_thread *waiting_caller(struct binder_proc *to,
					    struct binder_txn *up)
{
	lockdep_assert_held(&to->lock);

	for (; up; up = up->from_parent) {
		if (up->from->proc == to && !up->from->dead)
			return up->from;
	}
	return NULL;
}

/* The thread that will have to handle it, as far as that is known by now. */
static pid_t likely_receiver(struct binder_thread *thread, struct binder_txn *t)
{
	struct binder_thread *waiting;

	if (binder_txn_is_oneway(t) || !thread->stack)
		return 0;
	guard(spinlock)(&t->to->lock);
	waiting = waiting_caller(t->to, thread->stack);
	return waiting ? waiting->pid : 0;
}

/* Is @old out of date as soon as @new is queued? */
static bool supersedes(const struct binder_txn *new, const struct binder_txn *old)
{
	return old->flags & TF_UPDATE_TXN && old->flags == new->flags &&
	       old->code == new->code && old->from_pid == new->from_pid;
}

static struct binder_txn *take_superseded(struct binder_txn *new)
{
	struct binder_txn *old;

	list_for_each_entry(old, &new->node->oneway_todo, work.entry) {
		if (supersedes(new, old)) {
			list_del_init(&old->work.entry);
			return old;
		}
	}
	return NULL;
}

static void queue_oneway(struct binder_txn *t, struct binder_txn **superseded)
{
	struct binder_proc *to = t->to;

	if (to->frozen) {
		to->async_recv = true;
		t->pending_frozen = true;
	}
	if (!t->node->oneway_busy) {
		t->node->oneway_busy = true;
		t->has_turn = true;
		binder_proc_queue(to, t);
		return;
	}
	if (to->frozen && t->flags & TF_UPDATE_TXN)
		*superseded = take_superseded(t);
	list_add_tail(&t->work.entry, &t->node->oneway_todo);
}

static void queue_call(struct binder_thread *sender, struct binder_txn *t)
{
	struct binder_thread *thread = waiting_caller(t->to, t->from_parent);

	if (thread) {
		sender->attempt.to_tid = thread->pid;
		binder_thread_queue_txn(thread, t);
	} else {
		t->to_tid = 0;
		sender->attempt.to_tid = 0;
		binder_proc_queue(t->to, t);
	}
}

/* Hands the transaction over. */
static struct binder_failure queue(struct binder_thread *thread,
				   struct binder_txn *t,
				   struct binder_txn **superseded)
{
	struct binder_proc *to = t->to;

	guard(spinlock)(&to->lock);
	if (to->frozen && !binder_txn_is_oneway(t)) {
		to->sync_recv = true;
		return binder_frozen();
	}
	if (to->dead)
		return binder_dead(0, BINDER_WHY_TARGET_DEAD);
	kref_get(&t->ref);
	t->outstanding = true;
	to->outstanding++;
	if (binder_txn_is_oneway(t))
		queue_oneway(t, superseded);
	else
		queue_call(thread, t);
	return binder_ok;
}

static struct binder_failure send_call(struct binder_thread *thread,
				       struct binder_txn *t)
{
	struct binder_failure f;

	push_call(thread, t);
	f = queue(thread, t, NULL);
	if (!binder_is_ok(f))
		unpush_call(thread, t);
	return f;
}

static struct binder_failure send_oneway(struct binder_thread *thread,
					 struct binder_txn *t)
{
	struct binder_txn *superseded = NULL;
	struct binder_failure f;

	/* Before anything that may come of it. */
	binder_thread_complete(thread, t);
	f = queue(thread, t, &superseded);
	if (superseded) {
		trace_binder_transaction_update_buffer_release(superseded);
		binder_txn_drop(superseded, BR_DEAD_REPLY);
	}
	if (!binder_is_ok(f))
		binder_thread_uncomplete(thread, t);
	return f;
}

/* Fills and queues @t; the buffer is the receiver's on success. */
static struct binder_failure send_to(struct binder_thread *thread,
				     struct binder_txn *t,
				     const struct binder_parcel *parcel)
{
	bool accepts_fds = t->node->flags & FLAT_BINDER_FLAG_ACCEPTS_FDS;
	struct binder_failure f;

	f = binder_txn_fill(t, thread, parcel, accepts_fds);
	if (!binder_is_ok(f))
		return f;
	/* As soon as it is queued it may be received, freed and answered. */
	kref_get(&t->ref);
	f = binder_txn_is_oneway(t) ? send_oneway(thread, t) :
				      send_call(thread, t);
	if (!binder_is_ok(f))
		binder_txn_unfill(t);
	else if (t->pending_frozen)
		binder_netlink_report(thread, BR_TRANSACTION_PENDING_FROZEN);
	binder_txn_put(t);
	return f;
}

static struct binder_failure send_new(struct binder_thread *thread,
				      struct binder_node *node,
				      const struct binder_parcel *parcel)
{
	struct binder_failure f;
	struct binder_txn *t;

	t = binder_txn_alloc();
	if (!t)
		return binder_failed(-ENOMEM, BINDER_WHY_NO_MEMORY);
	t->id = thread->ee.id;
	t->flags = parcel->tr->flags;
	t->to = node->proc;
	t->node = binder_node_get(node);
	t->to_tid = likely_receiver(thread, t);
	thread->attempt.to_tid = t->to_tid;
	f = send_to(thread, t, parcel);
	if (!binder_is_ok(f))
		binder_txn_put(t);
	return f;
}

static struct binder_failure transaction(struct binder_thread *thread,
					 const struct binder_parcel *parcel,
					 bool may_call)
{
	struct binder_node *node;
	struct binder_failure f;

	f = find_target(thread->proc, parcel->tr->target.handle, &node);
	if (!binder_is_ok(f))
		return f;
	thread->attempt.to_pid = node->proc->pid;
	thread->attempt.node = node->id;
	binder_attempt_update(thread);
	if (!(parcel->tr->flags & TF_ONE_WAY) && !may_call)
		f = binder_failed(-EPROTO, BINDER_WHY_NOT_NOW);
	else
		f = send_new(thread, node, parcel);
	binder_proc_leave(node->proc);
	/* The count goes with the buffer, or back. */
	if (!binder_is_ok(f))
		binder_node_unhold(node, true);
	binder_node_put(node);
	return f;
}

/**
 * binder_send() - BC_TRANSACTION
 * @thread: the sender, the calling task's
 * @parcel: what to send, as user space gave it
 *
 * What comes of it is told by the sender's next reads.
 *
 * Context: task context, no lock held, sleeps.
 */
void binder_send(struct binder_thread *thread,
		 const struct binder_parcel *parcel)
{
	bool oneway = parcel->tr->flags & TF_ONE_WAY;
	bool may_call = begin_attempt(thread);
	struct binder_failure f;

	binder_attempt_begin(thread, oneway ? BINDER_ATTEMPT_ONEWAY :
			     BINDER_ATTEMPT_CALL, parcel->tr);
	f = transaction(thread, parcel, may_call);
	binder_attempt_end(thread, f);
	if (binder_is_ok(f))
		return;
	binder_thread_fail_attempt(thread, f.cmd, f.err);
	binder_netlink_report(thread, f.cmd);
}
