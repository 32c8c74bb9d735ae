// SPDX-License-Identifier: GPL-2.0
/*
 * Transactions: their references, and their ends.
 */
#include <linux/atomic.h>
#include <linux/slab.h>

#include "ipc/fd.h"
#include "ipc/node.h"
#include "ipc/object.h"
#include "ipc/proc.h"
#include "ipc/stats.h"
#include "ipc/thread.h"
#include "ipc/txn.h"
#include "report/trace.h"

static struct kmem_cache *txn_cache;

/**
 * binder_next_id() - a debug id
 *
 * Ids name attempts to send, nodes and references, in logs and in the extended
 * error. They are shared by all contexts and ascend.
 *
 * Context: any.
 * Return: the id, never 0.
 */
__u32 binder_next_id(void)
{
	static atomic_t last;
	__u32 id;

	do {
		id = atomic_inc_return(&last);
	} while (!id);	/* LCOV_EXCL_BR_LINE: after four thousand million */
	return id;
}

/**
 * binder_txn_alloc() - an empty transaction
 *
 * Context: task context, no lock held, may sleep.
 * Return: the transaction with one reference, that of its buffer to be; or
 *	NULL if there is no memory.
 */
struct binder_txn *binder_txn_alloc(void)
{
	struct binder_txn *t = kmem_cache_zalloc(txn_cache, GFP_KERNEL_ACCOUNT);

	if (!t)
		return NULL;
	kref_init(&t->ref);
	INIT_LIST_HEAD(&t->work.entry);
	INIT_LIST_HEAD(&t->complete.entry);
	INIT_LIST_HEAD(&t->files);
	t->work.type = BINDER_WORK_TRANSACTION;
	t->complete.type = BINDER_WORK_COMPLETE;
	t->started = jiffies;
	binder_stat_add(BINDER_STAT_TRANSACTION);
	return t;
}

static void free_txn(struct kref *ref)
{
	struct binder_txn *t = container_of(ref, struct binder_txn, ref);

	/* Not even sent. */
	if (!t->over)
		trace_binder_txn_latency_free(t);
	if (t->from)
		binder_thread_put(t->from);
	if (t->node)
		binder_node_put(t->node);
	binder_stat_del(BINDER_STAT_TRANSACTION);
	kmem_cache_free(txn_cache, t);
}

/**
 * binder_txn_put() - one of the ends of a transaction
 * @t: the transaction; may be gone on return
 *
 * Context: any but hard interrupt, no proc->lock held.
 */
void binder_txn_put(struct binder_txn *t)
{
	kref_put(&t->ref, free_txn);
}

/*
 * A oneway message has been consumed: the next one to the same node may go to
 * the process.
 */
static void next_oneway(struct binder_node *node)
{
	struct binder_proc *proc = node->proc;
	struct binder_txn *next;

	guard(spinlock)(&proc->lock);
	if (list_empty(&node->oneway_todo)) {
		node->oneway_busy = false;
		return;
	}
	next = list_first_entry(&node->oneway_todo, struct binder_txn, work.entry);
	list_del_init(&next->work.entry);
	next->has_turn = true;
	binder_proc_queue_any(proc, &next->work);
}

/**
 * binder_txn_free_buffer() - give the buffer of a transaction back
 * @t: the transaction; its buffer is not with the user (any more). May be gone
 *	on return
 * @closer: the thread that frees it, in which the descriptors that belong to
 *	the buffer are closed; NULL if it was not delivered or the receiver dies
 *
 * Context: task context, no lock held, may sleep. The arena is kept by the
 *	caller.
 */
void binder_txn_free_buffer(struct binder_txn *t, struct binder_thread *closer)
{
	if (t->node) {
		if (t->has_turn)
			next_oneway(t->node);
		binder_node_dec_local(t->node, true);
	}
	binder_unpack(t, closer);
	WRITE_ONCE(t->buffer_freed, true);
	if (t->flags & TF_CLEAR_BUF)
		arena_zero(t->to->arena, &t->buf, 0, t->buf.range.size);
	arena_release(t->to->arena, &t->buf);
	binder_txn_put(t);
}

/**
 * binder_txn_settle() - a transaction is not outstanding any more
 * @t: the transaction: answered, delivered if it needs no answer, or dropped
 *
 * Context: takes proc->lock of the receiver.
 */
void binder_txn_settle(struct binder_txn *t)
{
	guard(spinlock)(&t->to->lock);
	trace_binder_txn_latency_free(t);
	WRITE_ONCE(t->over, true);
	if (!t->outstanding)
		return;
	t->outstanding = false;
	binder_proc_settle(t->to);
}

/**
 * binder_txn_end() - a synchronous transaction is over, in whatever way
 * @t: the transaction, on nobody's stack as far as the receiver is concerned
 *
 * Lets go of the call on whose behalf it was made. It is on nobody's chain any
 * more, see txn.h.
 *
 * Context: task context, no lock held.
 */
void binder_txn_end(struct binder_txn *t)
{
	struct binder_txn *parent = t->from_parent;

	binder_txn_settle(t);
	t->from_parent = NULL;
	if (parent)
		binder_txn_put(parent);
}

/* True if the caller could be told, false if it is gone. */
static bool tell_caller(struct binder_txn *t, u32 cmd)
{
	struct binder_thread *caller = t->from;

	scoped_guard(spinlock, &caller->proc->lock) {
		if (caller->dead)
			return false;
		if (WARN_ON_ONCE(caller->stack != t))
			return true;
		caller->stack = t->from_below;
		binder_thread_queue_error(caller, &caller->late_error, cmd);
	}
	binder_txn_put(t);
	return true;
}

/**
 * binder_txn_fail() - tell the caller of a synchronous transaction that it
 *	will not be answered
 * @t: the transaction, on nobody's stack but its caller's; held by the caller
 *	of this function
 * @cmd: the BR_ code
 *
 * If the caller is gone, then what it was answering itself when it made this
 * call will not be answered either, and so on up the chain.
 *
 * Context: task context, no lock held.
 */
void binder_txn_fail(struct binder_txn *t, u32 cmd)
{
	kref_get(&t->ref);
	for (;;) {
		struct binder_txn *parent = NULL;

		if (!tell_caller(t, cmd)) {
			parent = t->from_parent;
			if (parent)
				kref_get(&parent->ref);
		}
		binder_txn_end(t);
		binder_txn_put(t);
		if (!parent)
			return;
		t = parent;
	}
}

/**
 * binder_txn_drop() - a queued transaction will not be delivered
 * @t: the transaction, on no list; not the caller's any more on return
 * @cmd: what to tell who waits for it, if anybody does
 *
 * Context: task context, no lock held. The arena of the receiver is kept by
 *	the caller.
 */
void binder_txn_drop(struct binder_txn *t, u32 cmd)
{
	if (t->from)
		binder_txn_fail(t, cmd);
	else
		binder_txn_settle(t);
	binder_fds_drop(t);
	binder_txn_free_buffer(t, NULL);
	binder_txn_put(t);
}

/**
 * binder_txn_completion() - how the sender is told that a transaction is sent
 * @t: the transaction
 * @sender: the sending process
 *
 * Context: any.
 * Return: the BR_ code.
 */
u32 binder_txn_completion(struct binder_txn *t, struct binder_proc *sender)
{
	if (t->pending_frozen)
		return BR_TRANSACTION_PENDING_FROZEN;
	if (t->buf.suspect && READ_ONCE(sender->spam_detection))
		return BR_ONEWAY_SPAM_SUSPECT;
	return BR_TRANSACTION_COMPLETE;
}

/**
 * binder_txn_init() - set up what all transactions share
 *
 * Context: at boot, may sleep.
 * Return: 0 or -ENOMEM.
 */
int __init binder_txn_init(void)
{
	txn_cache = KMEM_CACHE(binder_txn, 0);
	return txn_cache ? 0 : -ENOMEM;
}

/**
 * binder_txn_exit() - undo binder_txn_init()
 *
 * Context: at boot, when there is no transaction; may sleep.
 */
void __init binder_txn_exit(void)
{
	kmem_cache_destroy(txn_cache);
}
