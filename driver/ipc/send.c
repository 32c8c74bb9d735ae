// SPDX-License-Identifier: GPL-2.0
/*
 * BC_TRANSACTION and BC_REPLY: from the command to the receiver's queue.
 *
 *   find the target -> check that the sender may send now -> fill: reserve,
 *   bring pages, copy -> queue
 *
 * A failure at any step undoes the steps before it and is told to whom it
 * concerns: a transaction's to its sender, a reply's to the caller that waits
 * for it.
 */
#include <linux/atomic.h>
#include <linux/cred.h>
#include <linux/security.h>

#include "arena/arena.h"
#include "ipc/context.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/thread.h"
#include "ipc/txn.h"

/* Ids are shared by all contexts; 0 is never one of a transaction. */
static __u32 next_id(void)
{
	static atomic_t last;
	__u32 id;

	do {
		id = atomic_inc_return(&last);
	} while (!id);
	return id;
}

static void set_extended_error(struct binder_thread *thread, __u32 id,
			       struct binder_failure f)
{
	thread->ee.id = id;
	thread->ee.command = f.cmd;
	thread->ee.param = f.err;
}

/* Handle 0 is the context manager; there are no other handles yet. */
static struct binder_failure find_target(struct binder_proc *proc, u32 handle,
					 struct binder_node **target)
{
	struct binder_node *node;

	if (handle)
		return binder_failed(-EINVAL);
	node = binder_context_get_manager(proc->context);
	if (!node)
		return binder_dead(-EINVAL);
	if (node->proc->pid == proc->pid) {
		binder_node_put(node);
		return binder_failed(-EINVAL);
	}
	if (security_binder_transaction(proc->cred, node->proc->cred)) {
		binder_node_put(node);
		return binder_failed(-EPERM);
	}
	*target = node;
	return binder_ok;
}

/*
 * Every attempt starts with a clean record of it. Returns whether the thread may
 * make a call now: it waits for one reply at a time, and has to look at what it
 * was sent before.
 */
static bool begin_attempt(struct binder_thread *thread)
{
	struct binder_work *first;

	guard(spinlock)(&thread->proc->lock);
	set_extended_error(thread, next_id(), binder_ok);
	first = list_first_entry_or_null(&thread->todo, struct binder_work,
					 entry);
	if (first && (first->type == BINDER_WORK_TRANSACTION ||
		      first->type == BINDER_WORK_REPLY))
		return false;
	return !thread->stack || thread->stack->from != thread;
}

/* The sender's side of a call: its stack, and the completion that can wait. */
static void push_call(struct binder_thread *thread, struct binder_txn *t)
{
	t->from = binder_thread_get(thread);

	guard(spinlock)(&thread->proc->lock);
	t->from_parent = thread->stack;
	if (t->from_parent)
		kref_get(&t->from_parent->ref);
	kref_get(&t->ref);
	thread->stack = t;
	kref_get(&t->ref);
	binder_thread_queue_deferred(thread, &t->complete);
}

static void unpush_call(struct binder_thread *thread, struct binder_txn *t)
{
	scoped_guard(spinlock, &thread->proc->lock) {
		list_del_init(&t->complete.entry);
		thread->stack = t->from_parent;
	}
	binder_txn_put(t);
	binder_txn_put(t);
	binder_txn_end(t);
}

static void complete_now(struct binder_thread *thread, struct binder_txn *t)
{
	guard(spinlock)(&thread->proc->lock);
	kref_get(&t->ref);
	binder_thread_queue(thread, &t->complete);
}

/*
 * A call on behalf of a call: the thread of the target that waits further up
 * the chain handles it, as if the first caller had called itself.
 */
static struct binder_thread *waiting_caller(struct binder_txn *t)
{
	struct binder_txn *up;

	lockdep_assert_held(&t->to->lock);

	for (up = t->from_parent; up; up = up->from_parent) {
		if (up->from && up->from->proc == t->to && !up->from->dead)
			return up->from;
	}
	return NULL;
}

/* Hands the transaction over; false if the target died meanwhile. */
static bool queue(struct binder_txn *t)
{
	struct binder_proc *to = t->to;
	struct binder_thread *thread;

	guard(spinlock)(&to->lock);
	if (to->dead)
		return false;
	kref_get(&t->ref);
	if (binder_txn_is_oneway(t)) {
		if (t->node->oneway_busy) {
			list_add_tail(&t->work.entry, &t->node->oneway_todo);
		} else {
			t->node->oneway_busy = true;
			binder_proc_queue(to, &t->work);
		}
		return true;
	}
	thread = waiting_caller(t);
	if (thread)
		binder_thread_queue(thread, &t->work);
	else
		binder_proc_queue(to, &t->work);
	return true;
}

static struct binder_failure send_filled(struct binder_thread *thread,
					 struct binder_txn *t)
{
	bool oneway = binder_txn_is_oneway(t);

	if (!oneway)
		push_call(thread, t);
	/* As soon as it is queued it may be received, freed and answered. */
	kref_get(&t->ref);
	if (queue(t)) {
		if (oneway)
			complete_now(thread, t);
		binder_txn_put(t);
		return binder_ok;
	}
	binder_txn_put(t);
	if (!oneway)
		unpush_call(thread, t);
	arena_release(t->to->arena, &t->buf);
	return binder_dead(0);
}

/* Fills and queues @t to @node; both are the transaction's on success. */
static struct binder_failure send_to(struct binder_thread *thread,
				     struct binder_txn *t,
				     struct binder_node *node,
				     const struct binder_transaction_data *tr)
{
	struct binder_proc *to = node->proc;
	struct binder_failure f;

	t->to = to;
	t->node = node;
	t->sender_euid = task_euid(thread->proc->leader);
	if (!binder_proc_enter(to))
		return binder_dead(-EINVAL);
	f = binder_txn_fill(t, tr, thread->proc->cred);
	if (binder_is_ok(f))
		f = send_filled(thread, t);
	/* Transaction and node may be gone, but not who is still entered. */
	binder_proc_leave(to);
	return f;
}

static struct binder_failure transaction(struct binder_thread *thread,
					 const struct binder_transaction_data *tr)
{
	bool may_call = begin_attempt(thread);
	struct binder_node *node;
	struct binder_failure f;
	struct binder_txn *t;

	f = find_target(thread->proc, tr->target.handle, &node);
	if (!binder_is_ok(f))
		return f;
	if (!(tr->flags & TF_ONE_WAY) && !may_call) {
		binder_node_put(node);
		return binder_failed(-EPROTO);
	}
	t = binder_txn_alloc();
	if (!t) {
		binder_node_put(node);
		return binder_failed(-ENOMEM);
	}
	f = send_to(thread, t, node, tr);
	if (!binder_is_ok(f)) {
		binder_node_put(node);
		binder_txn_put(t);
	}
	return f;
}

static void tell_sender(struct binder_thread *thread, struct binder_failure f)
{
	guard(spinlock)(&thread->proc->lock);
	set_extended_error(thread, thread->ee.id, f);
	binder_thread_queue_error(thread, &thread->send_error, f.cmd);
}

/**
 * binder_send() - BC_TRANSACTION
 * @thread: the sender, the calling task's
 * @tr: what to send, as user space gave it
 *
 * What comes of it is told by the sender's next reads.
 *
 * Context: task context, no lock held, sleeps.
 */
void binder_send(struct binder_thread *thread,
		 const struct binder_transaction_data *tr)
{
	struct binder_failure f = transaction(thread, tr);

	if (!binder_is_ok(f))
		tell_sender(thread, f);
}

/* The call that the thread has to answer, off its stack; NULL if there is none. */
static struct binder_txn *pop_incoming(struct binder_thread *thread)
{
	struct binder_txn *t;

	guard(spinlock)(&thread->proc->lock);
	set_extended_error(thread, next_id(), binder_ok);
	t = thread->stack;
	if (!t || t->from == thread)
		return NULL;
	thread->stack = t->to_parent;
	return t;
}

/* Is the caller still there and waiting for just this reply? */
static bool caller_waits(struct binder_txn *call)
{
	struct binder_thread *caller = call->from;

	guard(spinlock)(&caller->proc->lock);
	if (caller->dead)
		return false;
	caller->proc->inflight++;
	return true;
}

/* Gives the reply to the caller and takes the call off its stack. */
static bool queue_reply(struct binder_txn *call, struct binder_txn *reply)
{
	struct binder_thread *caller = call->from;

	scoped_guard(spinlock, &caller->proc->lock) {
		if (caller->dead)
			return false;
		caller->stack = call->from_parent;
		kref_get(&reply->ref);
		binder_thread_queue(caller, &reply->work);
	}
	binder_txn_put(call);
	return true;
}

static struct binder_failure send_reply(struct binder_txn *call,
					struct binder_txn *reply,
					const struct binder_transaction_data *tr)
{
	struct binder_failure f;

	reply->work.type = BINDER_WORK_REPLY;
	reply->to = call->from->proc;
	f = binder_txn_fill(reply, tr, NULL);
	if (!binder_is_ok(f))
		return f;
	if (queue_reply(call, reply))
		return binder_ok;
	arena_release(reply->to->arena, &reply->buf);
	return binder_dead(0);
}

/* The caller hears of a reply that failed as if its own call had failed. */
static void fail_call(struct binder_txn *call, __u32 id, struct binder_failure f)
{
	struct binder_thread *caller = call->from;

	scoped_guard(spinlock, &caller->proc->lock) {
		if (!caller->dead && caller->ee.command == BR_OK)
			set_extended_error(caller, id, f);
	}
	binder_txn_fail(call, f.cmd);
}

/* Sends the reply, or fails the call if that does not work. */
static bool answer(struct binder_thread *thread, struct binder_txn *call,
		   struct binder_txn *reply,
		   const struct binder_transaction_data *tr)
{
	struct binder_proc *to = call->from->proc;
	struct binder_failure f;

	if (!caller_waits(call)) {
		binder_txn_fail(call, BR_DEAD_REPLY);
		return false;
	}
	reply->sender_euid = task_euid(thread->proc->leader);
	f = send_reply(call, reply, tr);
	binder_proc_leave(to);
	if (binder_is_ok(f))
		binder_txn_end(call);
	else
		fail_call(call, thread->ee.id, f);
	return binder_is_ok(f);
}

static void reply_to(struct binder_thread *thread, struct binder_txn *call,
		     const struct binder_transaction_data *tr)
{
	struct binder_txn *reply = binder_txn_alloc();

	if (!reply) {
		fail_call(call, thread->ee.id, binder_failed(-ENOMEM));
		guard(spinlock)(&thread->proc->lock);
		binder_thread_queue_error(thread, &thread->send_error,
					  BR_TRANSACTION_COMPLETE);
		return;
	}
	kref_get(&reply->ref);
	if (!answer(thread, call, reply, tr))
		binder_txn_put(reply);
	complete_now(thread, reply);
	binder_txn_put(reply);
}

/**
 * binder_reply() - BC_REPLY
 * @thread: who answers, the calling task's
 * @tr: the answer, as user space gave it
 *
 * The call that is answered is over afterwards, even if the reply could not be
 * delivered: then the caller is told, and the replier sees a completion.
 *
 * Context: task context, no lock held, sleeps.
 */
void binder_reply(struct binder_thread *thread,
		  const struct binder_transaction_data *tr)
{
	struct binder_txn *call = pop_incoming(thread);

	if (!call) {
		tell_sender(thread, binder_failed(-EPROTO));
		return;
	}
	reply_to(thread, call, tr);
	binder_txn_put(call);
}
