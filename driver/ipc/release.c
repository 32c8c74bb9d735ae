// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a process, and the wake-up call at each close().
 *
 * The end comes in two steps. release_work runs after the last close: the
 * process is marked dead, so that nobody starts anything with it, and whatever
 * waits for it is told. Senders that had started before are still copying into
 * its arena. The last of them to leave, or release_work itself if there is
 * none, starts teardown_work, which frees the buffers and the arena. The record
 * itself stays until the last thread and node that point to it.
 */
#include "arena/arena.h"
#include "ipc/context.h"
#include "ipc/death.h"
#include "ipc/freeze.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/ref.h"
#include "ipc/thread.h"
#include "ipc/txn.h"
#include "report/trace.h"

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

static struct binder_work *pop(struct binder_proc *proc, struct list_head *list)
{
	struct binder_work *work;

	guard(spinlock)(&proc->lock);
	if (list_empty(list))
		return NULL;
	work = list_first_entry(list, struct binder_work, entry);
	list_del_init(&work->entry);
	return work;
}

/* Messages that wait for their turn at a node are dropped without a word. */
static void bury_nodes(struct binder_proc *proc)
{
	struct binder_node *node;
	struct binder_work *work;

	while ((node = binder_node_bury_first(proc))) {
		while ((work = pop(proc, &node->oneway_todo)))
			binder_work_drop(work);
		binder_death_tell_all(node);
		binder_node_put(node);
	}
}

static void release(struct work_struct *work)
{
	struct binder_proc *proc = container_of(work, struct binder_proc,
						release_work);
	struct binder_thread *thread;
	struct binder_work *w;

	binder_proc_hide(proc);
	binder_context_drop_manager(proc);
	scoped_guard(spinlock, &proc->lock) {
		proc->dead = true;
		proc->frozen = false;
	}
	while ((thread = first_thread(proc)))
		binder_thread_exit(thread);
	bury_nodes(proc);
	binder_ref_drop_all(proc);
	while ((w = pop(proc, &proc->todo)))
		binder_work_drop(w);
	binder_death_drop_delivered(proc);
	binder_freeze_drop_delivered(proc);
	binder_proc_leave(proc);
}

static void teardown(struct work_struct *work)
{
	struct binder_proc *proc = container_of(work, struct binder_proc,
						teardown_work);
	struct arena_buf *b;

	while ((b = arena_take_any(proc->arena))) {
		struct binder_txn *t = container_of(b, struct binder_txn, buf);

		trace_binder_transaction_buffer_release(t);
		binder_txn_free_buffer(t, NULL);
	}
	arena_destroy(proc->arena);
	proc->arena = NULL;
	binder_proc_put(proc);
}

/**
 * binder_proc_init_release() - get ready for the end
 * @proc: the process, new
 *
 * Context: any.
 */
void binder_proc_init_release(struct binder_proc *proc)
{
	INIT_WORK(&proc->flush_work, flush);
	INIT_WORK(&proc->release_work, release);
	INIT_WORK(&proc->teardown_work, teardown);
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

/**
 * binder_proc_teardown() - nobody works in the arena of a dead process any more
 * @proc: the process
 *
 * Context: any; the arena is freed later, by a worker.
 */
void binder_proc_teardown(struct binder_proc *proc)
{
	queue_work(binder_wq, &proc->teardown_work);
}

/**
 * binder_release_init() - set up what all processes share
 *
 * Context: at boot, may sleep.
 * Return: 0 or -ENOMEM.
 */
int __init binder_release_init(void)
{
	binder_wq = alloc_workqueue("binder", WQ_UNBOUND, 0);
	return binder_wq ? 0 : -ENOMEM;
}

/**
 * binder_release_exit() - undo binder_release_init()
 *
 * Context: at boot, when there is no process; may sleep.
 */
void __init binder_release_exit(void)
{
	destroy_workqueue(binder_wq);
}
