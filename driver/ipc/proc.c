// SPDX-License-Identifier: GPL-2.0
/*
 * Processes: made by open(), found by pid, given work.
 */
#include <linux/cred.h>
#include <linux/overflow.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "arena/arena.h"
#include "ipc/context.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/stats.h"
#include "ipc/thread.h"
#include "ipc/txn.h"

/* Outermost: who shows all processes takes the others under it. */
static DEFINE_MUTEX(all_lock);
static LIST_HEAD(all);

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
	binder_stat_add(BINDER_STAT_PROC);
	proc->leader = get_task_struct(current->group_leader);
	proc->cred = get_cred(cred);
	proc->context = binder_context_get(context);
	proc->tgid = get_pid(task_tgid(current));
	proc->pid = current->tgid;
	proc->default_nice = task_nice(current);
	mutex_init(&proc->refs_lock);
	xa_init_flags(&proc->handles, XA_FLAGS_ALLOC);
	proc->refs_by_node = RB_ROOT;
	spin_lock_init(&proc->lock);
	proc->inflight = 1;
	proc->threads = RB_ROOT;
	proc->nodes = RB_ROOT;
	INIT_LIST_HEAD(&proc->todo);
	INIT_LIST_HEAD(&proc->waiting);
	INIT_LIST_HEAD(&proc->delivered_deaths);
	INIT_LIST_HEAD(&proc->delivered_freezes);
	init_waitqueue_head(&proc->freeze_wait);
	binder_proc_init_release(proc);
	guard(mutex)(&all_lock);
	list_add(&proc->all, &all);
	return proc;
}

/**
 * binder_procs_of() - the open files of a process
 * @pid: process id, as the calling task sees it
 * @procs: an array of them, each with a reference, if there is any; the
 *	caller's to kfree()
 *
 * Context: task context, no lock held, may sleep.
 * Return: how many; -ENOMEM.
 */
int binder_procs_of(pid_t pid, struct binder_proc ***procs)
{
	struct pid_namespace *ns = task_active_pid_ns(current);
	struct binder_proc *proc;
	int n = 0;

	/* 0 is what one that cannot be seen from here is called. */
	if (!pid)
		return 0;
	guard(mutex)(&all_lock);
	list_for_each_entry(proc, &all, all)
		n += pid_nr_ns(proc->tgid, ns) == pid;
	if (!n)
		return 0;
	*procs = kmalloc_array(n, sizeof(**procs), GFP_KERNEL);
	if (!*procs)
		return -ENOMEM;
	n = 0;
	list_for_each_entry(proc, &all, all) {
		if (pid_nr_ns(proc->tgid, ns) == pid)
			(*procs)[n++] = binder_proc_get(proc);
	}
	return n;
}

/**
 * binder_proc_for_each() - look at every process
 * @fn: called for each, the one opened last first; it is not released meanwhile
 * @arg: passed to @fn
 *
 * Context: task context, no lock held, may sleep, as @fn may.
 */
void binder_proc_for_each(void (*fn)(struct binder_proc *proc, void *arg), void *arg)
{
	struct binder_proc *proc;

	guard(mutex)(&all_lock);
	list_for_each_entry(proc, &all, all)
		fn(proc, arg);
}

/**
 * binder_proc_hide() - a process is not to be found any more
 * @proc: the process
 *
 * Context: task context, no lock held, may sleep.
 */
void binder_proc_hide(struct binder_proc *proc)
{
	guard(mutex)(&all_lock);
	list_del_init(&proc->all);
}

/**
 * binder_proc_settle() - one message less is outstanding
 * @proc: the process
 *
 * Context: proc->lock held.
 */
void binder_proc_settle(struct binder_proc *proc)
{
	lockdep_assert_held(&proc->lock);

	if (!--proc->outstanding)
		wake_up_interruptible(&proc->freeze_wait);
}

static void free_proc(struct kref *ref)
{
	struct binder_proc *proc = container_of(ref, struct binder_proc, ref);

	put_task_struct(proc->leader);
	put_pid(proc->tgid);
	put_cred(proc->cred);
	binder_context_put(proc->context);
	binder_stat_del(BINDER_STAT_PROC);
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
		binder_proc_teardown(proc);
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

/* Of those that sleep in a read, of whom there is one. */
static struct binder_thread *last_asleep(struct binder_proc *proc)
{
	return list_first_entry(&proc->waiting, struct binder_thread, waiting);
}

/**
 * binder_proc_wake() - somebody is to look at the todo of a process
 * @proc: the process; has something on its todo
 *
 * Of those that sleep in a read it is the one that fell asleep last.
 *
 * Context: proc->lock held.
 */
void binder_proc_wake(struct binder_proc *proc)
{
	lockdep_assert_held(&proc->lock);

	if (!list_empty(&proc->waiting))
		wake_up_interruptible(&last_asleep(proc)->wait);
	else if (proc->polled)
		wake_pollers(proc);
}

/**
 * binder_proc_queue() - give a transaction to a process
 * @proc: the process, not dead
 * @t: on no list
 *
 * The thread that fell asleep last gets it: its stack and its caches are warm.
 * If none sleeps, the next one that is free does.
 *
 * Context: proc->lock held.
 */
void binder_proc_queue(struct binder_proc *proc, struct binder_txn *t)
{
	struct binder_thread *thread;

	lockdep_assert_held(&proc->lock);

	if (!list_empty(&proc->waiting)) {
		thread = last_asleep(proc);
		list_del_init(&thread->waiting);
		binder_thread_queue_txn(thread, t);
	} else {
		list_add_tail(&t->work.entry, &proc->todo);
		if (proc->polled)
			wake_pollers(proc);
	}
}

/**
 * binder_proc_queue_any() - give work to whichever thread comes for it first
 * @proc: the process
 * @work: on no list
 *
 * Unlike binder_proc_queue() this commits nobody: a thread that is woken and
 * cannot take the work leaves it to the next. If the process is dead its end
 * deals with the work, too.
 *
 * Context: proc->lock held.
 */
void binder_proc_queue_any(struct binder_proc *proc, struct binder_work *work)
{
	lockdep_assert_held(&proc->lock);

	list_add_tail(&work->entry, &proc->todo);
	binder_proc_wake(proc);
}
