// SPDX-License-Identifier: GPL-2.0
/*
 * BR_ returns: what a read tells user space.
 *
 * Work is taken off its list, told without any lock held, and then finished:
 * delivered if user space has it, dealt with as undeliverable if its buffer
 * faulted.
 */
#include <linux/user_namespace.h>
#include <linux/sched.h>
#include <linux/uaccess.h>

#include "arena/arena.h"
#include "dev/dev.h"
#include "ipc/death.h"
#include "ipc/fd.h"
#include "ipc/freeze.h"
#include "ipc/nice.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/thread.h"
#include "ipc/txn.h"
#include "report/trace.h"

/* No work is taken unless the largest return fits. */
#define LARGEST_RETURN	(sizeof(__u32) + \
			 sizeof(struct binder_transaction_data_secctx))

/*
 * A read at work. @at is where the next return goes, @room the bytes left, @news
 * what there is to tell of the work at hand. A return that ends the read sets
 * @done.
 */
struct reader {
	struct binder_thread *thread;
	void __user *at;
	u64 room;
	struct binder_news news;
	bool done;
};

static int put(struct reader *r, const void *what, size_t size)
{
	if (copy_to_user(r->at, what, size))
		return -EFAULT;
	r->at += size;
	r->room -= size;
	return 0;
}

static void note_return(struct reader *r, __u32 cmd)
{
	trace_binder_return(cmd);
	binder_count_br(&r->thread->proc->codes, cmd);
}

/* A return: its code comes first. */
static int put_return(struct reader *r, const void *what, size_t size)
{
	int err = put(r, what, size);

	if (!err)
		note_return(r, *(const __u32 *)what);
	return err;
}

static int put_cmd(struct reader *r, __u32 cmd)
{
	return put_return(r, &cmd, sizeof(cmd));
}

static int tell_complete(struct reader *r, struct binder_txn *t)
{
	int err = put_cmd(r, binder_txn_completion(t, r->thread->proc));

	binder_stat_del(BINDER_STAT_TRANSACTION_COMPLETE);
	binder_txn_put(t);
	return err;
}

/* Told or not, it is over: a thread whose buffer faults can go on sending. */
static int tell_error(struct reader *r, struct binder_error *error)
{
	__u32 cmd;

	scoped_guard(spinlock, &r->thread->proc->lock) {
		cmd = error->cmd;
		error->cmd = BR_OK;
	}
	return put_cmd(r, cmd);
}

static void describe(struct reader *r, struct binder_txn *t,
		     struct binder_transaction_data *tr)
{
	unsigned long addr = arena_user_addr(r->thread->proc->arena, &t->buf);

	*tr = (struct binder_transaction_data) {
		.code = t->code,
		.flags = t->flags,
		.sender_pid = binder_txn_sender_pid(t),
		.sender_euid = from_kuid(current_user_ns(), t->sender_euid),
		.data_size = t->data_size,
		.offsets_size = t->offsets_size,
		.data.ptr.buffer = addr,
		.data.ptr.offsets = addr + ALIGN(t->data_size, 8),
	};
	if (!binder_txn_is_reply(t)) {
		tr->target.ptr = t->node->ptr;
		tr->cookie = t->node->cookie;
	}
}

static int put_transaction(struct reader *r, struct binder_txn *t, __u32 cmd)
{
	struct {
		__u32 cmd;
		struct binder_transaction_data_secctx tr;
	} __packed ret = { .cmd = cmd };
	size_t size = sizeof(cmd) + sizeof(ret.tr.transaction_data);
	int err;

	describe(r, t, &ret.tr.transaction_data);
	if (t->has_secctx) {
		ret.cmd = BR_TRANSACTION_SEC_CTX;
		ret.tr.secctx = ret.tr.transaction_data.data.ptr.buffer +
				t->secctx;
		size = sizeof(ret);
	}
	err = put(r, &ret, size);
	if (err)
		return err;
	trace_binder_transaction_received(t);
	note_return(r, ret.cmd);
	return 0;
}

/*
 * There is no room for its files. Nobody but the caller hears of a call; a reply
 * is what this thread waits for.
 */
static int cannot_receive(struct reader *r, struct binder_txn *t)
{
	bool reply = binder_txn_is_reply(t);

	binder_txn_drop(t, BR_FAILED_REPLY);
	if (!reply)
		return 0;
	r->done = true;
	return put_cmd(r, BR_FAILED_REPLY);
}

static int tell_transaction(struct reader *r, struct binder_txn *t, __u32 cmd)
{
	int err;

	if (binder_fds_reserve(t))
		return cannot_receive(r, t);
	err = put_transaction(r, t, cmd);
	if (err) {
		binder_undeliver(r->thread, t);
		return err;
	}
	binder_deliver(r->thread, t);
	r->done = true;
	return 0;
}

static int tell_node(struct reader *r, struct binder_node *node)
{
	struct {
		__u32 cmd;
		struct binder_ptr_cookie node;
	} __packed ret = {
		.node = { .ptr = node->ptr, .cookie = node->cookie },
	};
	const __u32 *cmd;
	int err = 0;

	for (cmd = r->news.node; *cmd && !err; cmd++) {
		ret.cmd = *cmd;
		err = put_return(r, &ret, sizeof(ret));
	}
	binder_node_put(node);
	return err;
}

static int put_cookie(struct reader *r, __u32 cmd, binder_uintptr_t cookie)
{
	struct {
		__u32 cmd;
		binder_uintptr_t cookie;
	} __packed ret = { cmd, cookie };

	return put_return(r, &ret, sizeof(ret));
}

static int tell_dead(struct reader *r, struct binder_death *death)
{
	int err = put_cookie(r, BR_DEAD_BINDER, death->cookie);

	binder_death_put(death);
	r->done = true;
	return err;
}

static int tell_dead_cleared(struct reader *r, struct binder_death *death)
{
	int err = put_cookie(r, BR_CLEAR_DEATH_NOTIFICATION_DONE,
			     death->cookie);

	binder_death_put(death);
	return err;
}

static int tell_frozen(struct reader *r, struct binder_freeze *freeze)
{
	struct {
		__u32 cmd;
		struct binder_frozen_state_info info;
	} __packed ret = {
		.cmd = BR_FROZEN_BINDER,
		.info = { .cookie = freeze->cookie,
			  .is_frozen = r->news.frozen },
	};
	int err = put_return(r, &ret, sizeof(ret));

	binder_freeze_put(freeze);
	r->done = true;
	return err;
}

static int tell_frozen_cleared(struct reader *r, struct binder_freeze *freeze)
{
	int err = put_cookie(r, BR_CLEAR_FREEZE_NOTIFICATION_DONE,
			     freeze->cookie);

	binder_freeze_put(freeze);
	return err;
}

static int tell(struct reader *r, struct binder_work *work)
{
	switch (work->type) {
	case BINDER_WORK_COMPLETE:
		return tell_complete(r, container_of(work, struct binder_txn,
						     complete));
	case BINDER_WORK_ERROR:
		return tell_error(r, container_of(work, struct binder_error,
						  work));
	case BINDER_WORK_REPLY:
		return tell_transaction(r, container_of(work, struct binder_txn,
							work), BR_REPLY);
	case BINDER_WORK_TRANSACTION:
		return tell_transaction(r, container_of(work, struct binder_txn,
							work), BR_TRANSACTION);
	case BINDER_WORK_NODE:
		return tell_node(r, container_of(work, struct binder_node,
						 work));
	case BINDER_WORK_DEAD:
		return tell_dead(r, container_of(work, struct binder_death,
						 work));
	case BINDER_WORK_DEAD_CLEARED:
		return tell_dead_cleared(r, container_of(work,
							 struct binder_death,
							 work));
	case BINDER_WORK_FROZEN:
		return tell_frozen(r, container_of(work, struct binder_freeze,
						   work));
	case BINDER_WORK_FROZEN_CLEARED:
		break;
	}
	return tell_frozen_cleared(r, container_of(work, struct binder_freeze,
						   work));
}

/* Tells what there is, until something ends the read. */
static int tell_all(struct reader *r, bool proc_work, bool *empty)
{
	int err = 0;

	*empty = false;
	while (!err && !r->done && r->room >= LARGEST_RETURN) {
		struct binder_work *work;

		work = binder_thread_next_work(r->thread, proc_work, &r->news);
		if (!work) {
			*empty = true;
			break;
		}
		err = tell(r, work);
	}
	return err;
}

/*
 * Should the process start another looper? Asked at the end of each read, and
 * not again until the last request was answered.
 */
static bool want_looper(struct binder_thread *thread)
{
	struct binder_proc *proc = thread->proc;

	guard(spinlock)(&proc->lock);
	if (proc->requested || !list_empty(&proc->waiting) ||
	    proc->started >= proc->max_threads ||
	    !(thread->looper & (BINDER_LOOPER_REGISTERED |
				BINDER_LOOPER_ENTERED)))
		return false;
	proc->requested++;
	return true;
}

/* Work came while nobody slept, or its sleeper was interrupted: pass it on. */
static void wake_another(struct binder_proc *proc)
{
	guard(spinlock)(&proc->lock);
	if (!list_empty(&proc->todo))
		binder_proc_wake(proc);
}

static bool available(struct binder_thread *thread)
{
	bool free;

	guard(spinlock)(&thread->proc->lock);
	free = binder_thread_is_free(thread);
	trace_binder_wait_for_work(free, thread->stack,
				   !list_empty(&thread->todo));
	return free;
}

static int read_work(struct reader *r, bool nonblock, void __user *start)
{
	bool proc_work, empty;
	int err;

	/* A wake-up with nothing to tell after all goes unnoticed. */
	do {
		proc_work = available(r->thread);
		if (proc_work)
			binder_set_nice(r->thread->proc->default_nice);
		err = binder_thread_wait(r->thread, proc_work, nonblock);
		if (err)
			return err;
		err = tell_all(r, proc_work, &empty);
	} while (!err && empty && !READ_ONCE(r->thread->must_return) &&
		 r->at == start + sizeof(__u32));
	return err;
}

/**
 * binder_read() - the read part of BINDER_WRITE_READ
 * @thread: of the calling task
 * @bwr: its argument; read_consumed says where to start, and on success where
 *	the returns end
 * @nonblock: do not wait for work
 *
 * Context: task context, no lock held, sleeps.
 * Return: 0; -EAGAIN if there is nothing to tell and @nonblock; -EINTR if a
 *	signal came while waiting; -EFAULT if read_buffer is not writable.
 */
int binder_read(struct binder_thread *thread, struct binder_write_read *bwr,
		bool nonblock)
{
	void __user *start = u64_to_user_ptr(bwr->read_buffer);
	struct reader r = {
		.thread = thread,
		.at = start + bwr->read_consumed,
		.room = bwr->read_size > bwr->read_consumed ?
			bwr->read_size - bwr->read_consumed : 0,
	};
	const __u32 noop = BR_NOOP;
	int err = 0;

	if (!bwr->read_consumed && r.room >= sizeof(noop))
		err = put(&r, &noop, sizeof(noop));
	if (!err)
		err = read_work(&r, nonblock, start);
	wake_another(thread->proc);
	if (err)
		return err;
	bwr->read_consumed = r.at - start;
	if (r.at == start || !want_looper(thread))
		return 0;
	note_return(&r, BR_SPAWN_LOOPER);
	return put_user(BR_SPAWN_LOOPER, (__u32 __user *)start) ? -EFAULT : 0;
}
