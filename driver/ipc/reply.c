// SPDX-License-Identifier: GPL-2.0
/*
 * BC_REPLY: from the command to the caller's queue.
 *
 * The call is over once a thread has tried to answer it. A reply that cannot be
 * delivered is the caller's to know of, not the replier's.
 */
#include "arena/arena.h"
#include "ipc/attempt.h"
#include "ipc/nice.h"
#include "ipc/proc.h"
#include "ipc/thread.h"
#include "ipc/txn.h"
#include "report/netlink.h"

/* The call that the thread has to answer, off its stack; NULL if there is none. */
static struct binder_txn *pop_incoming(struct binder_thread *thread)
{
	struct binder_txn *t;

	guard(spinlock)(&thread->proc->lock);
	binder_thread_begin_attempt(thread);
	t = thread->stack;
	if (!t || t->from == thread)
		return NULL;
	thread->stack = t->to_below;
	return t;
}

/* Is the caller still there? Then its arena is kept. */
static bool enter_caller(struct binder_txn *call)
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
		caller->stack = call->from_below;
		kref_get(&reply->ref);
		reply->outstanding = true;
		caller->proc->outstanding++;
		binder_thread_queue_txn(caller, reply);
	}
	binder_txn_put(call);
	return true;
}

static struct binder_failure send_reply(struct binder_thread *thread,
					struct binder_txn *call,
					struct binder_txn *reply,
					const struct binder_parcel *parcel)
{
	struct binder_failure f;

	f = binder_txn_fill(reply, thread, parcel, call->flags & TF_ACCEPT_FDS);
	if (!binder_is_ok(f))
		return f;
	/* Before anything that may come of it. */
	binder_thread_complete(thread, reply);
	if (queue_reply(call, reply))
		return binder_ok;
	binder_thread_uncomplete(thread, reply);
	binder_txn_unfill(reply);
	return binder_dead(0, BINDER_WHY_CALLER_DEAD);
}

/*
 * The replier has sent something all the same, and reads of its completion; but
 * as after any failure it writes nothing before. To be called before the caller is
 * told: that may be the replier itself, further up the chain.
 */
static void complete_failed(struct binder_thread *thread)
{
	guard(spinlock)(&thread->proc->lock);
	binder_thread_queue_error(thread, &thread->send_error,
				  BR_TRANSACTION_COMPLETE);
}

/* The caller hears of a reply that failed as if its own call had failed. */
static void fail_call(struct binder_txn *call, __u32 id, struct binder_failure f)
{
	struct binder_thread *caller = call->from;

	scoped_guard(spinlock, &caller->proc->lock) {
		if (!caller->dead && caller->ee.command == BR_OK)
			caller->ee = (struct binder_extended_error) {
				.id = id,
				.command = f.cmd,
				.param = f.err,
			};
	}
	binder_txn_fail(call, f.cmd);
}

/* Sends the reply, or fails the call if that does not work. */
static struct binder_failure answer(struct binder_thread *thread,
				    struct binder_txn *call,
				    struct binder_txn *reply,
				    const struct binder_parcel *parcel)
{
	struct binder_proc *to = call->from->proc;
	struct binder_failure f;

	if (!enter_caller(call)) {
		complete_failed(thread);
		binder_txn_fail(call, BR_DEAD_REPLY);
		return binder_dead(0, BINDER_WHY_CALLER_DEAD);
	}
	f = send_reply(thread, call, reply, parcel);
	binder_proc_leave(to);
	if (binder_is_ok(f)) {
		binder_txn_end(call);
	} else {
		complete_failed(thread);
		fail_call(call, reply->id, f);
	}
	return f;
}

/* Nobody is there to answer if the caller is dead. */
static void note_caller(struct binder_thread *thread,
			struct binder_thread *caller)
{
	if (READ_ONCE(caller->dead))
		return;
	thread->attempt.to_pid = caller->proc->pid;
	thread->attempt.to_tid = caller->pid;
	binder_attempt_update(thread);
}

static struct binder_failure reply_to(struct binder_thread *thread,
				      struct binder_txn *call,
				      const struct binder_parcel *parcel)
{
	struct binder_txn *reply = binder_txn_alloc();
	struct binder_failure f = binder_failed(-ENOMEM, BINDER_WHY_NO_MEMORY);

	if (!reply) {
		complete_failed(thread);
		fail_call(call, thread->ee.id, f);
		return f;
	}
	reply->work.type = BINDER_WORK_REPLY;
	reply->id = thread->ee.id;
	reply->to = call->from->proc;
	reply->to_tid = call->from->pid;
	reply->flags = parcel->tr->flags;
	kref_get(&reply->ref);
	f = answer(thread, call, reply, parcel);
	if (!binder_is_ok(f))
		binder_txn_put(reply);
	binder_txn_put(reply);
	return f;
}

/**
 * binder_reply() - BC_REPLY
 * @thread: who answers, the calling task's
 * @parcel: the answer, as user space gave it
 *
 * The call that is answered is over afterwards, even if the reply could not be
 * delivered: then the caller is told, and the replier sees a completion.
 *
 * Context: task context, no lock held, sleeps.
 */
void binder_reply(struct binder_thread *thread,
		  const struct binder_parcel *parcel)
{
	struct binder_txn *call = pop_incoming(thread);
	struct binder_failure f = binder_failed(-EPROTO, BINDER_WHY_NO_CALL);

	binder_attempt_begin(thread, BINDER_ATTEMPT_REPLY, parcel->tr);
	if (call) {
		note_caller(thread, call->from);
		binder_set_nice(call->saved_nice);
		f = reply_to(thread, call, parcel);
		binder_txn_put(call);
	} else {
		binder_thread_fail_attempt(thread, f.cmd, f.err);
	}
	binder_attempt_end(thread, f);
	if (!binder_is_ok(f))
		binder_netlink_report(thread, f.cmd);
}
