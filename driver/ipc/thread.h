/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A thread record: one task that uses one open file.
 */
#ifndef BINDER_IPC_THREAD_H
#define BINDER_IPC_THREAD_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <uapi/linux/android/binder.h>

#include "ipc/attempt.h"
#include "ipc/work.h"

struct binder_proc;
struct binder_txn;

/* struct binder_thread.looper: what the task has told us of itself. */
enum {
	BINDER_LOOPER_REGISTERED	= 0x01,
	BINDER_LOOPER_ENTERED		= 0x02,
	BINDER_LOOPER_EXITED		= 0x04,
	BINDER_LOOPER_INVALID		= 0x08,
	BINDER_LOOPER_WAITING		= 0x10,
	BINDER_LOOPER_POLL		= 0x20,
};

/**
 * struct binder_thread - one task of one process
 *
 * I: immutable, L: proc->lock, T: its own task.
 *
 * @ref:	one for proc->threads, one for each transaction it sent.
 * @proc:	I: with a reference.
 * @pid:	I: tid in the initial pid namespace.
 * @node:	L: entry in proc->threads.
 * @waiting:	L: entry in proc->waiting, or empty.
 * @wait:	where it sleeps in a read, and pollers with it.
 * @looper:	L: BINDER_LOOPER_*.
 * @must_return: L: the next read does not wait.
 * @ready:	L: @todo has something that a read should not wait with.
 * @dead:	L: out of proc->threads; nothing is queued any more.
 * @todo:	L: work for this thread alone.
 * @stack:	L: the innermost synchronous transaction it is in, with a
 *		reference. Its own if ->from is the thread itself, and then it
 *		waits for the reply; else one that it has to answer.
 * @send_error:	L: its own last BC_TRANSACTION or BC_REPLY failed.
 * @late_error:	L: a transaction that it waited for failed.
 * @attempt:	T: what it sends, or has sent last.
 * @ee:		L: what BINDER_GET_EXTENDED_ERROR tells.
 * @rcu:	frees the record when nobody polls it any more.
 */
struct binder_thread {
	struct kref ref;
	struct binder_proc *proc;
	pid_t pid;
	struct rb_node node;
	struct list_head waiting;
	wait_queue_head_t wait;
	u32 looper;
	bool must_return;
	bool ready;
	bool dead;
	struct list_head todo;
	struct binder_txn *stack;
	struct binder_error send_error;
	struct binder_error late_error;
	struct binder_attempt attempt;
	struct binder_extended_error ee;
	struct rcu_head rcu;
};

/* thread.c APIs: */
struct binder_thread *binder_thread_find(struct binder_proc *proc);
void binder_thread_exit(struct binder_thread *thread);
void binder_thread_put(struct binder_thread *thread);
void binder_thread_queue(struct binder_thread *thread, struct binder_work *work);
void binder_thread_queue_deferred(struct binder_thread *thread,
				  struct binder_work *work);
void binder_thread_queue_txn(struct binder_thread *thread, struct binder_txn *t);
void binder_thread_queue_error(struct binder_thread *thread,
			       struct binder_error *error, u32 cmd);
void binder_thread_begin_attempt(struct binder_thread *thread);
void binder_thread_fail_attempt(struct binder_thread *thread, u32 cmd, int err);
void binder_thread_complete(struct binder_thread *thread, struct binder_txn *t);
void binder_thread_uncomplete(struct binder_thread *thread,
			      struct binder_txn *t);
void binder_thread_register(struct binder_thread *thread);
void binder_thread_enter(struct binder_thread *thread);
bool binder_thread_is_free(struct binder_thread *thread);
int binder_thread_wait(struct binder_thread *thread, bool proc_work,
		       bool nonblock);
struct binder_work *binder_thread_next_work(struct binder_thread *thread,
					    bool proc_work,
					    struct binder_news *news);

/**
 * binder_thread_get() - keep a thread record in memory
 * @thread: the thread, kept already
 *
 * Context: any.
 * Return: @thread.
 */
static inline struct binder_thread *binder_thread_get(struct binder_thread *thread)
{
	kref_get(&thread->ref);
	return thread;
}

#endif
