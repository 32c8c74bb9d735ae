// SPDX-License-Identifier: GPL-2.0
/*
 * The receiver's end of a transaction: what a read does with one besides
 * writing it to user memory.
 */
#include <linux/pid_namespace.h>

#include "arena/arena.h"
#include "ipc/fd.h"
#include "ipc/nice.h"
#include "ipc/proc.h"
#include "ipc/thread.h"
#include "ipc/txn.h"

/**
 * binder_txn_sender_pid() - whom the receiver may take a call for
 * @t: the transaction
 *
 * Context: task context of the receiver.
 * Return: process id of the caller as the current task sees it; 0 if it cannot
 *	see it, if the caller is gone, or if nobody waits for an answer.
 */
pid_t binder_txn_sender_pid(struct binder_txn *t)
{
	if (!t->from || READ_ONCE(t->from->dead))
		return 0;
	return task_tgid_nr_ns(t->from->proc->leader,
			       task_active_pid_ns(current));
}

/**
 * binder_deliver() - user space has been told of a transaction
 * @thread: who read it
 * @t: the transaction, off its queue; not the caller's any more on return
 *
 * From now on the receiver owns the buffer, and a call has to be answered by
 * @thread.
 *
 * Context: task context of @thread, no lock held.
 */
void binder_deliver(struct binder_thread *thread, struct binder_txn *t)
{
	WRITE_ONCE(t->to_tid, thread->pid);
	binder_fds_install(t);
	if (!binder_txn_is_reply(t))
		binder_inherit_nice(t);
	/* Its buffer may be given back by another thread at once. */
	if (t->from) {
		guard(spinlock)(&thread->proc->lock);
		t->to_parent = thread->stack;
		thread->stack = t;
		arena_deliver(&t->buf);
		return;
	}
	binder_txn_settle(t);
	arena_deliver(&t->buf);
	binder_txn_put(t);
}

/**
 * binder_undeliver() - user space could not be told of a transaction
 * @thread: who tried to read it
 * @t: the transaction, off its queue; not the caller's any more on return
 *
 * A call fails, and a reply is lost with the thread's read. A oneway message
 * has nobody who would send it again, so it goes back to the process.
 *
 * Context: task context of @thread, no lock held, may sleep.
 */
void binder_undeliver(struct binder_thread *thread, struct binder_txn *t)
{
	binder_fds_unreserve(t);
	if (t->from || binder_txn_is_reply(t)) {
		binder_txn_drop(t, BR_FAILED_REPLY);
		return;
	}
	guard(spinlock)(&thread->proc->lock);
	list_add(&t->work.entry, &thread->proc->todo);
}
