/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A process: one open file of a binder device.
 *
 * Locks of this floor, outermost first; none of them is held over a copy from
 * or to user memory, an allocation that sleeps, or a call into driver/arena.
 *
 *   proc->lock		never two of them at once
 *     context->lock
 *
 * What a process does to another it does in steps, each under one lock, and
 * each leaves both in a state that they may die in.
 */
#ifndef BINDER_IPC_PROC_H
#define BINDER_IPC_PROC_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct arena;
struct binder_context;
struct binder_work;
struct cred;
struct task_struct;

/**
 * struct binder_proc - one open file
 *
 * I: immutable, L: @lock.
 *
 * @ref:	one for the file, one for each thread record and node.
 * @leader:	I: leader of the thread group that opened the file.
 * @cred:	I: credentials of the file.
 * @context:	I: the device; with a reference.
 * @arena:	I: where messages to it are put; NULL once it is torn down.
 * @pid:	I: of @leader, in the initial pid namespace.
 * @lock:	guards what is marked L here and in its threads and nodes.
 * @dead:	L: released. Nothing is sent to it any more.
 * @inflight:	L: senders that are at work in @arena, plus one until released.
 * @threads:	L: records by tid.
 * @nodes:	L: nodes it owns.
 * @todo:	L: work for any thread that is free for it.
 * @waiting:	L: threads asleep in a read that are free for it, the one that
 *		fell asleep last at the head.
 * @max_threads: L: how many loopers user space is willing to start.
 * @requested:	L: BR_SPAWN_LOOPER told and not yet answered, 0 or 1.
 * @started:	L: loopers started at our request.
 * @flush_work:	wakes all readers after a close().
 * @release_work: marks it dead after the last close(), and tells who waits.
 * @teardown_work: frees the buffers and the arena, when @inflight is 0.
 */
struct binder_proc {
	struct kref ref;
	struct task_struct *leader;
	const struct cred *cred;
	struct binder_context *context;
	struct arena *arena;
	pid_t pid;

	spinlock_t lock;	/* all that changes */
	bool dead;
	unsigned int inflight;
	struct rb_root threads;
	struct list_head nodes;
	struct list_head todo;
	struct list_head waiting;
	u32 max_threads;
	u32 requested;
	u32 started;

	struct work_struct flush_work;
	struct work_struct release_work;
	struct work_struct teardown_work;
};

/* proc.c APIs: */
struct binder_proc *binder_proc_create(struct binder_context *context,
				       const struct cred *cred);
void binder_proc_flush(struct binder_proc *proc);
void binder_proc_release(struct binder_proc *proc);
void binder_proc_put(struct binder_proc *proc);
bool __must_check binder_proc_enter(struct binder_proc *proc);
void binder_proc_leave(struct binder_proc *proc);
void binder_proc_leave_locked(struct binder_proc *proc);
void binder_proc_queue(struct binder_proc *proc, struct binder_work *work);
void binder_proc_queue_any(struct binder_proc *proc, struct binder_work *work);
bool binder_proc_wake_one(struct binder_proc *proc);
int binder_proc_init(void);

/**
 * binder_proc_get() - keep the record of a process in memory
 * @proc: the process, kept already
 *
 * Context: any.
 * Return: @proc.
 */
static inline struct binder_proc *binder_proc_get(struct binder_proc *proc)
{
	kref_get(&proc->ref);
	return proc;
}

#endif
