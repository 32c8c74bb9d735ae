// SPDX-License-Identifier: GPL-2.0
/*
 * Thread records: found by tid at each call, asleep in reads, and taken apart
 * when the task says so or the process is released.
 */
#include <linux/freezer.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "ipc/death.h"
#include "ipc/freeze.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/stats.h"
#include "ipc/thread.h"
#include "ipc/txn.h"

static struct binder_thread *lookup(struct binder_proc *proc, pid_t pid,
				    struct rb_node ***link,
				    struct rb_node **parent)
{
	lockdep_assert_held(&proc->lock);

	*link = &proc->threads.rb_node;
	*parent = NULL;
	while (**link) {
		struct binder_thread *thread;

		*parent = **link;
		thread = rb_entry(*parent, struct binder_thread, node);
		if (pid == thread->pid)
			return thread;
		*link = pid < thread->pid ? &(*parent)->rb_left :
					    &(*parent)->rb_right;
	}
	return NULL;
}

static struct binder_thread *create(struct binder_proc *proc, pid_t pid)
{
	struct binder_thread *thread = kzalloc(sizeof(*thread),
					       GFP_KERNEL_ACCOUNT);

	if (!thread)
		return NULL;
	kref_init(&thread->ref);
	binder_stat_add(BINDER_STAT_THREAD);
	thread->proc = binder_proc_get(proc);
	thread->pid = pid;
	thread->must_return = true;
	INIT_LIST_HEAD(&thread->waiting);
	INIT_LIST_HEAD(&thread->todo);
	init_waitqueue_head(&thread->wait);
	thread->send_error.cmd = BR_OK;
	thread->send_error.work.type = BINDER_WORK_ERROR;
	thread->late_error.cmd = BR_OK;
	thread->late_error.work.type = BINDER_WORK_ERROR;
	thread->ee.command = BR_OK;
	return thread;
}

/**
 * binder_thread_find() - the record of the calling task, made if need be
 * @proc: the open file that it uses
 *
 * Context: task context, no lock held, may sleep.
 * Return: the record, valid until the task ends it; NULL if there is no memory.
 */
struct binder_thread *binder_thread_find(struct binder_proc *proc)
{
	struct binder_thread *thread, *fresh;
	struct rb_node **link, *parent;
	pid_t pid = current->pid;

	scoped_guard(spinlock, &proc->lock)
		thread = lookup(proc, pid, &link, &parent);
	if (likely(thread))
		return thread;

	/* Nobody else makes a record for this task in the meantime. */
	fresh = create(proc, pid);
	if (!fresh)
		return NULL;
	guard(spinlock)(&proc->lock);
	lookup(proc, pid, &link, &parent);
	rb_link_node(&fresh->node, parent, link);
	rb_insert_color(&fresh->node, &proc->threads);
	return fresh;
}

static void free_thread(struct kref *ref)
{
	struct binder_thread *thread = container_of(ref, struct binder_thread,
						    ref);

	binder_proc_put(thread->proc);
	binder_stat_del(BINDER_STAT_THREAD);
	/* Who polls it looks at ->wait under RCU, see wake_up_pollfree(). */
	kfree_rcu(thread, rcu);	/* LCOV_EXCL_BR_LINE: it asks whether this is NULL */
}

/**
 * binder_thread_put() - let go of a thread record
 * @thread: the thread; may be gone on return
 *
 * Context: any but hard interrupt; proc->lock not held.
 */
void binder_thread_put(struct binder_thread *thread)
{
	kref_put(&thread->ref, free_thread);
}

/*
 * Was the work the process's before it was this thread's? Nobody else needs to
 * miss it because the thread goes.
 */
static bool is_of_process(const struct binder_work *work)
{
	switch (work->type) {
	case BINDER_WORK_TRANSACTION:
		return binder_txn_is_oneway(container_of(work,
							 struct binder_txn,
							 work));
	case BINDER_WORK_NODE:
	case BINDER_WORK_DEAD_CLEARED:
		return true;
	default:
		return false;
	}
}

/* Work that ends with the thread; what does not goes to the process. */
static struct binder_work *pop_left(struct binder_thread *thread)
{
	struct binder_proc *proc = thread->proc;
	struct binder_work *work;

	guard(spinlock)(&proc->lock);
	while (!list_empty(&thread->todo)) {
		work = list_first_entry(&thread->todo, struct binder_work, entry);
		list_del_init(&work->entry);
		if (!is_of_process(work))
			return work;
		binder_proc_queue_any(proc, work);
	}
	return NULL;
}

/*
 * Takes the thread out of all transactions that it is in. What it was answering
 * on top fails at once; what lies below that waits for a call of this thread
 * that is still going on, and is failed when that ends and finds nobody.
 */
static void unwind_stack(struct binder_thread *thread)
{
	struct binder_proc *proc = thread->proc;
	struct binder_txn *t, *below;
	bool top = true;

	/* Dead and out of the tree: nobody else changes the stack any more. */
	for (t = thread->stack; t; t = below, top = false) {
		scoped_guard(spinlock, &proc->lock) {
			below = t->from == thread ? t->from_below :
						    t->to_below;
			thread->stack = below;
		}
		if (top && t->from != thread)
			binder_txn_fail(t, BR_DEAD_REPLY);
		binder_txn_put(t);
	}
}

/**
 * binder_thread_exit() - the end of a thread record
 * @thread: of the calling task, or of a process that is being released; not
 *	the caller's any more on return
 *
 * Context: task context, no lock held, may sleep.
 */
void binder_thread_exit(struct binder_thread *thread)
{
	struct binder_proc *proc = thread->proc;
	struct binder_work *work;

	scoped_guard(spinlock, &proc->lock) {
		rb_erase(&thread->node, &proc->threads);
		thread->dead = true;
		if (thread->looper & BINDER_LOOPER_POLL)
			wake_up_pollfree(&thread->wait);
	}
	unwind_stack(thread);
	while ((work = pop_left(thread)))
		binder_work_drop(work);
	binder_thread_put(thread);
}

/**
 * binder_thread_queue_deferred() - queue work that can wait for other work
 * @thread: the thread, not dead
 * @work: on no list
 *
 * Context: proc->lock held.
 */
void binder_thread_queue_deferred(struct binder_thread *thread,
				  struct binder_work *work)
{
	lockdep_assert_held(&thread->proc->lock);

	list_add_tail(&work->entry, &thread->todo);
}

/**
 * binder_thread_queue() - queue work for one thread and wake it
 * @thread: the thread, not dead
 * @work: on no list
 *
 * Context: proc->lock held.
 */
void binder_thread_queue(struct binder_thread *thread, struct binder_work *work)
{
	lockdep_assert_held(&thread->proc->lock);

	list_add_tail(&work->entry, &thread->todo);
	thread->ready = true;
	wake_up_interruptible(&thread->wait);
}

/**
 * binder_thread_queue_txn() - queue a transaction or reply for one thread
 * @thread: the thread, not dead
 * @t: on no list
 *
 * Context: proc->lock held.
 */
void binder_thread_queue_txn(struct binder_thread *thread, struct binder_txn *t)
{
	t->to_tid = thread->pid;
	binder_thread_queue(thread, &t->work);
}

/**
 * binder_thread_queue_error() - queue the end of a transaction
 * @thread: the sender, not dead
 * @error: its send_error or late_error
 * @cmd: the BR_ code
 *
 * There is room for one error of each kind: a thread waits for one reply at a
 * time, and sends nothing while it has not read that sending failed.
 *
 * Context: proc->lock held.
 */
void binder_thread_queue_error(struct binder_thread *thread,
			       struct binder_error *error, u32 cmd)
{
	lockdep_assert_held(&thread->proc->lock);

	if (error->cmd != BR_OK)
		return;
	error->cmd = cmd;
	binder_thread_queue(thread, &error->work);
}

/**
 * binder_thread_begin_attempt() - a thread tries to send
 * @thread: the calling task's
 *
 * Every attempt has an id and a clean extended error.
 *
 * Context: proc->lock held.
 */
void binder_thread_begin_attempt(struct binder_thread *thread)
{
	lockdep_assert_held(&thread->proc->lock);

	thread->ee = (struct binder_extended_error) {
		.id = binder_next_id(),
		.command = BR_OK,
	};
}

/**
 * binder_thread_fail_attempt() - the attempt failed, and its sender is told
 * @thread: the calling task's
 * @cmd: the BR_ code
 * @err: for the extended error: a negative errno, or 0
 *
 * Context: takes proc->lock.
 */
void binder_thread_fail_attempt(struct binder_thread *thread, u32 cmd, int err)
{
	guard(spinlock)(&thread->proc->lock);
	thread->ee.command = cmd;
	thread->ee.param = err;
	binder_thread_queue_error(thread, &thread->send_error, cmd);
}

/**
 * binder_thread_complete() - tell a sender that its oneway message or its reply
 *	is sent
 * @thread: the sender, the calling task's
 * @t: what it has sent
 *
 * Context: takes proc->lock.
 */
void binder_thread_complete(struct binder_thread *thread, struct binder_txn *t)
{
	binder_stat_add(BINDER_STAT_TRANSACTION_COMPLETE);
	guard(spinlock)(&thread->proc->lock);
	kref_get(&t->ref);
	if (t->flags & TF_DEFER_COMPLETE)
		binder_thread_queue_deferred(thread, &t->complete);
	else
		binder_thread_queue(thread, &t->complete);
}

/**
 * binder_thread_uncomplete() - it was not sent after all
 * @thread: the sender, the calling task's
 * @t: what it tried to send; the completion is queued and not read
 *
 * Context: takes proc->lock.
 */
void binder_thread_uncomplete(struct binder_thread *thread,
			      struct binder_txn *t)
{
	scoped_guard(spinlock, &thread->proc->lock)
		list_del_init(&t->complete.entry);
	binder_stat_del(BINDER_STAT_TRANSACTION_COMPLETE);
	binder_txn_put(t);
}

/**
 * binder_thread_register() - BC_REGISTER_LOOPER
 * @thread: the calling task's
 *
 * Context: takes proc->lock.
 */
void binder_thread_register(struct binder_thread *thread)
{
	struct binder_proc *proc = thread->proc;

	guard(spinlock)(&proc->lock);
	if (thread->looper & BINDER_LOOPER_ENTERED || !proc->requested) {
		thread->looper |= BINDER_LOOPER_INVALID;
	} else {
		proc->requested--;
		proc->started++;
	}
	thread->looper |= BINDER_LOOPER_REGISTERED;
}

/**
 * binder_thread_enter() - BC_ENTER_LOOPER
 * @thread: the calling task's
 *
 * Context: takes proc->lock.
 */
void binder_thread_enter(struct binder_thread *thread)
{
	guard(spinlock)(&thread->proc->lock);
	if (thread->looper & BINDER_LOOPER_REGISTERED)
		thread->looper |= BINDER_LOOPER_INVALID;
	thread->looper |= BINDER_LOOPER_ENTERED;
}

/**
 * binder_thread_is_free() - may the thread take work of the process?
 * @thread: the thread
 *
 * Context: proc->lock held.
 * Return: true if it is in no transaction and has nothing to do of its own.
 */
bool binder_thread_is_free(struct binder_thread *thread)
{
	lockdep_assert_held(&thread->proc->lock);

	return !thread->stack && list_empty(&thread->todo);
}

static bool has_work(struct binder_thread *thread, bool proc_work)
{
	return thread->ready || thread->must_return ||
	       (proc_work && !list_empty(&thread->proc->todo));
}

/* Returns -EAGAIN to go on sleeping. */
static int check_work(struct binder_thread *thread, bool proc_work, bool slept)
{
	struct binder_proc *proc = thread->proc;

	guard(spinlock)(&proc->lock);
	list_del_init(&thread->waiting);
	thread->looper &= ~BINDER_LOOPER_WAITING;
	if (slept && signal_pending(current))
		return -EINTR;
	if (has_work(thread, proc_work))
		return 0;
	thread->looper |= BINDER_LOOPER_WAITING;
	if (proc_work)
		list_add(&thread->waiting, &proc->waiting);
	return -EAGAIN;
}

static bool work_now(struct binder_thread *thread, bool proc_work)
{
	guard(spinlock)(&thread->proc->lock);
	return has_work(thread, proc_work);
}

/**
 * binder_thread_wait() - wait until there is something to read
 * @thread: the calling task's
 * @proc_work: it may take work of the process
 * @nonblock: do not wait
 *
 * Context: task context, no lock held, sleeps.
 * Return: 0; -EAGAIN if there is nothing and @nonblock; -EINTR if a signal came
 *	while asleep.
 */
int binder_thread_wait(struct binder_thread *thread, bool proc_work,
		       bool nonblock)
{
	bool slept = false;
	DEFINE_WAIT(wait);
	int err;

	if (nonblock)
		return work_now(thread, proc_work) ? 0 : -EAGAIN;

	for (;;) {
		prepare_to_wait(&thread->wait, &wait,
				TASK_INTERRUPTIBLE | TASK_FREEZABLE);
		err = check_work(thread, proc_work, slept);
		if (err != -EAGAIN)
			break;
		schedule();
		slept = true;
	}
	finish_wait(&thread->wait, &wait);
	return err;
}

/* What is told of it is decided now: as soon as the lock is dropped it may change. */
static void take(struct binder_work *work, struct binder_news *news)
{
	struct binder_node *node;

	list_del_init(&work->entry);
	switch (work->type) {
	case BINDER_WORK_NODE:
		node = binder_node_get(container_of(work, struct binder_node, work));
		binder_node_take_news(node, news->node);
		break;
	case BINDER_WORK_DEAD:
		binder_death_take(container_of(work, struct binder_death, work));
		break;
	case BINDER_WORK_FROZEN:
		news->frozen = binder_freeze_take(container_of(work,
							       struct binder_freeze,
							       work));
		break;
	default:
		break;
	}
}

/**
 * binder_thread_next_work() - take what is to be told next
 * @thread: the calling task's
 * @proc_work: it may take work of the process
 * @news: what it tells, if it is of a node, or a freeze notification
 *
 * Context: takes proc->lock.
 * Return: work, that user space counts as told of, with the reference of its list,
 *	or one more if it goes from one to another; NULL if there is none.
 */
struct binder_work *binder_thread_next_work(struct binder_thread *thread,
					    bool proc_work,
					    struct binder_news *news)
{
	struct binder_proc *proc = thread->proc;
	struct binder_work *work;

	guard(spinlock)(&proc->lock);
	work = list_first_entry_or_null(&thread->todo, struct binder_work,
					entry);
	if (!work && proc_work)
		work = list_first_entry_or_null(&proc->todo, struct binder_work,
						entry);
	if (work)
		take(work, news);
	if (list_empty(&thread->todo))
		thread->ready = false;
	return work;
}
