// SPDX-License-Identifier: GPL-2.0
/*
 * Processes: from open() to the end of the last reference.
 *
 * The end comes in two steps. release_work runs after the last close: the
 * process is marked dead, so that nobody starts anything with it, and whatever
 * waits for it is told. Senders that had started before are still copying into
 * its arena. The last of them to leave, or release_work itself if there is
 * none, starts teardown_work, which frees the buffers and the arena. The record
 * itself stays until the last thread and node that point to it.
 */
#include <linux/cred.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "arena/arena.h"
#include "ipc/context.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/thread.h"
#include "ipc/txn.h"

static struct workqueue_struct *binder_wq;

/* Every thread's next read returns, and those asleep in one now. */
static void flush(struct work_struct *work)
{
	struct binder_proc *proc = container_of(work, struct binder_proc,
						flush_work);
	struct rb_node *n;

	scoped_guard(spinlock, &proc->lock) {
		for (n = rb_first(&proc->threads); n; n = rb_next(n)) {
			struct binder_thread *thread;

			thread = rb_entry(n, struct binder_thread, node);
			thread->must_return = true;
			wake_up_interruptible(&thread->wait);
		}
	}
	binder_proc_put(proc);
}

static struct binder_thread *first_thread(struct binder_proc *proc)
{
	struct rb_node *n;

	guard(spinlock)(&proc->lock);
	n = rb_first(&proc->threads);
	return n ? rb_entry(n, struct binder_thread, node) : NULL;
}

/* Messages that wait for their turn at a node are dropped without a word. */
static struct binder_work *next_waiting_oneway(struct binder_proc *proc)
{
	struct binder_node *node;
	struct binder_work *work;

	guard(spinlock)(&proc->lock);
	list_for_each_entry(node, &proc->nodes, owned) {
		work = list_first_entry_or_null(&node->oneway_todo,
						struct binder_work, entry);
		if (work) {
			list_del_init(&work->entry);
			return work;
		}
	}
	return NULL;
}

static struct binder_work *next_todo(struct binder_proc *proc)
{
	struct binder_work *work;

	guard(spinlock)(&proc->lock);
	work = list_first_entry_or_null(&proc->todo, struct binder_work, entry);
	if (work)
		list_del_init(&work->entry);
	return work;
}

static void release(struct work_struct *work)
{
	struct binder_proc *proc = container_of(work, struct binder_proc,
						release_work);
	struct binder_thread *thread;
	struct binder_work *w;

	binder_context_drop_manager(proc);
	scoped_guard(spinlock, &proc->lock)
		proc->dead = true;
	while ((thread = first_thread(proc)))
		binder_thread_exit(thread);
	while ((w = next_waiting_oneway(proc)) || (w = next_todo(proc)))
		binder_txn_drop(container_of(w, struct binder_txn, work),
				BR_DEAD_REPLY);
	binder_proc_leave(proc);
}

static void teardown(struct work_struct *work)
{
	struct binder_proc *proc = container_of(work, struct binder_proc,
						teardown_work);
	struct arena_buf *b;

	while ((b = arena_take_any(proc->arena)))
		binder_txn_free_buffer(container_of(b, struct binder_txn, buf));
	arena_destroy(proc->arena);
	proc->arena = NULL;
	binder_proc_put(proc);
}

/**
 * binder_proc_create() - a process for an open file
 * @context: the device that is opened
 * @cred: credentials of the file
 *
 * Context: task context of the opener, may sleep.
 * Return: the process, ended by binder_proc_release(); or NULL: no memory.
 */
struct binder_proc *binder_proc_create(struct binder_context *context,
				       const struct cred *cred)
{
	struct binder_proc *proc = kzalloc(sizeof(*proc), GFP_KERNEL_ACCOUNT);

	if (!proc)
		return NULL;
	proc->arena = arena_create(current->mm);
	if (!proc->arena) {
		kfree(proc);
		return NULL;
	}
	kref_init(&proc->ref);
	proc->leader = get_task_struct(current->group_leader);
	proc->cred = get_cred(cred);
	proc->context = binder_context_get(context);
	proc->pid = current->tgid;
	spin_lock_init(&proc->lock);
	proc->inflight = 1;
	proc->threads = RB_ROOT;
	INIT_LIST_HEAD(&proc->nodes);
	INIT_LIST_HEAD(&proc->todo);
	INIT_LIST_HEAD(&proc->waiting);
	INIT_WORK(&proc->flush_work, flush);
	INIT_WORK(&proc->release_work, release);
	INIT_WORK(&proc->teardown_work, teardown);
	return proc;
}

/**
 * binder_proc_flush() - some descriptor of the file was closed
 * @proc: the process
 *
 * Context: any; the threads are woken later, from a worker.
 */
void binder_proc_flush(struct binder_proc *proc)
{
	binder_proc_get(proc);
	if (!queue_work(binder_wq, &proc->flush_work))
		binder_proc_put(proc);
}

/**
 * binder_proc_release() - the file is gone
 * @proc: the process; not the caller's any more on return
 *
 * Context: any; the process is taken apart later, by a worker.
 */
void binder_proc_release(struct binder_proc *proc)
{
	queue_work(binder_wq, &proc->release_work);
}

static void free_proc(struct kref *ref)
{
	struct binder_proc *proc = container_of(ref, struct binder_proc, ref);

	put_task_struct(proc->leader);
	put_cred(proc->cred);
	binder_context_put(proc->context);
	kfree(proc);
}

/**
 * binder_proc_put() - let go of the record of a process
 * @proc: the process; may be gone on return
 *
 * Context: any but hard interrupt.
 */
void binder_proc_put(struct binder_proc *proc)
{
	kref_put(&proc->ref, free_proc);
}

/**
 * binder_proc_enter() - start to work in a process's arena
 * @proc: the process, kept by the caller in some way
 *
 * Context: takes proc->lock.
 * Return: true, and then the arena stays until binder_proc_leave(); false if
 *	the process is dead.
 */
bool binder_proc_enter(struct binder_proc *proc)
{
	guard(spinlock)(&proc->lock);
	if (proc->dead)
		return false;
	proc->inflight++;
	return true;
}

/**
 * binder_proc_leave_locked() - the end of binder_proc_enter()
 * @proc: the process
 *
 * Context: proc->lock held.
 */
void binder_proc_leave_locked(struct binder_proc *proc)
{
	lockdep_assert_held(&proc->lock);

	if (!--proc->inflight)
		queue_work(binder_wq, &proc->teardown_work);
}

/**
 * binder_proc_leave() - the end of binder_proc_enter()
 * @proc: the process
 *
 * Context: takes proc->lock.
 */
void binder_proc_leave(struct binder_proc *proc)
{
	guard(spinlock)(&proc->lock);
	binder_proc_leave_locked(proc);
}

/*
 * Nobody sleeps in a read. Whoever polls and is free for the work may fetch it,
 * and the driver cannot know which of them will: tell all.
 */
static void wake_pollers(struct binder_proc *proc)
{
	struct rb_node *n;

	for (n = rb_first(&proc->threads); n; n = rb_next(n)) {
		struct binder_thread *thread;

		thread = rb_entry(n, struct binder_thread, node);
		if (thread->looper & BINDER_LOOPER_POLL &&
		    binder_thread_is_free(thread))
			wake_up_interruptible(&thread->wait);
	}
}

/**
 * binder_proc_wake_one() - wake the thread that fell asleep last
 * @proc: the process; has something on its todo
 *
 * Context: proc->lock held.
 * Return: true if there was one.
 */
bool binder_proc_wake_one(struct binder_proc *proc)
{
	struct binder_thread *thread;

	lockdep_assert_held(&proc->lock);

	thread = list_first_entry_or_null(&proc->waiting, struct binder_thread,
					  waiting);
	if (thread)
		wake_up_interruptible(&thread->wait);
	return thread;
}

/**
 * binder_proc_queue() - give work to a process
 * @proc: the process, not dead
 * @work: on no list
 *
 * The thread that fell asleep last gets it: its stack and its caches are warm.
 * If none sleeps, the next one that is free does.
 *
 * Context: proc->lock held.
 */
void binder_proc_queue(struct binder_proc *proc, struct binder_work *work)
{
	struct binder_thread *thread;

	lockdep_assert_held(&proc->lock);

	thread = list_first_entry_or_null(&proc->waiting, struct binder_thread,
					  waiting);
	if (thread) {
		list_del_init(&thread->waiting);
		binder_thread_queue(thread, work);
	} else {
		list_add_tail(&work->entry, &proc->todo);
		wake_pollers(proc);
	}
}

/**
 * binder_proc_queue_any() - give work to whichever thread comes for it first
 * @proc: the process, not dead
 * @work: on no list
 *
 * Unlike binder_proc_queue() this commits nobody: a thread that is woken and
 * cannot take the work leaves it to the next.
 *
 * Context: proc->lock held.
 */
void binder_proc_queue_any(struct binder_proc *proc, struct binder_work *work)
{
	lockdep_assert_held(&proc->lock);

	list_add_tail(&work->entry, &proc->todo);
	if (!binder_proc_wake_one(proc))
		wake_pollers(proc);
}

/**
 * binder_proc_init() - set up what all processes share
 *
 * Context: at boot, may sleep.
 * Return: 0 or -ENOMEM.
 */
int __init binder_proc_init(void)
{
	binder_wq = alloc_workqueue("binder", WQ_UNBOUND, 0);
	return binder_wq ? 0 : -ENOMEM;
}
