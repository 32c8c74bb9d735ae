/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A process: one open file of a binder device.
 *
 * Locks of this floor, outermost first; none of them is held over a copy from
 * or to user memory or a call into driver/arena.
 *
 *   context->claim_lock a mutex
 *   proc->refs_lock	a mutex, never two of them at once
 *     proc->lock	never two of them at once
 *     context->lock
 *
 * What a process does to another it does in steps, each under one lock, and
 * each leaves both in a state that they may die in.
 */
#ifndef BINDER_IPC_PROC_H
#define BINDER_IPC_PROC_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "ipc/stats.h"

struct arena;
struct binder_context;
struct binder_txn;
struct binder_work;
struct cred;
struct dentry;
struct pid;
struct task_struct;

/**
 * struct binder_proc - one open file
 *
 * I: immutable, L: @lock, R: @refs_lock, A: the lock of the list of all.
 *
 * @ref:	one for the file, one for each thread record, node, and
 *		registration for a notification.
 * @all:	A: entry in the list of all processes.
 * @leader:	I: leader of the thread group that opened the file.
 * @cred:	I: credentials of the file.
 * @context:	I: the device; with a reference.
 * @arena:	I: where messages to it are put; NULL once it is torn down.
 * @tgid:	I: of @leader, also when that is gone.
 * @pid:	I: the same, as a number of the initial pid namespace.
 * @default_nice: I: of the thread that opened the file.
 * @refs_lock:	guards what is marked R here and in its references.
 * @handles:	R: its references, by handle.
 * @refs_by_node: R: the same, by node.
 * @lock:	guards what is marked L here and in its threads and nodes.
 * @dead:	L: released. Nothing is sent to it any more.
 * @inflight:	L: senders that are at work in @arena, plus one until released.
 * @threads:	L: records by tid.
 * @nodes:	L: nodes it owns, by ptr.
 * @todo:	L: work for any thread that is free for it.
 * @waiting:	L: threads asleep in a read that are free for it, the one that
 *		fell asleep last at the head.
 * @polled:	L: a thread has called poll() at some time.
 * @max_threads: L: how many loopers user space is willing to start.
 * @requested:	L: BR_SPAWN_LOOPER told and not yet answered, 0 or 1.
 * @started:	L: loopers started at our request.
 * @spam_detection: L: it wants to be told when it floods somebody.
 * @delivered_deaths: L: told and not acknowledged, oldest first.
 * @delivered_freezes: L: the same.
 * @frozen:	L: see ipc/freeze.h.
 * @stays_frozen: L: nor is it being frozen, which may come to nothing: this is
 *		what those hear who watch its nodes.
 * @sync_recv:	L: a call came since it was frozen, and was refused.
 * @async_recv:	L: a oneway message came since it was frozen.
 * @outstanding: L: messages to it that are not delivered, and calls to it that
 *		are not answered.
 * @freeze_wait: whoever waits for @outstanding to be 0.
 * @freeze_round: L: how often it was frozen or thawed.
 * @log:	its own log file, if it is the first open file of its process;
 *		belongs to fs/logs.c, as does
 * @binderfs_log: the same in the file system of its device.
 * @codes:	what it was told and what it told.
 * @flush_work:	wakes all readers after a close().
 * @release_work: marks it dead after the last close(), and tells who waits.
 * @teardown_work: frees the buffers and the arena, when @inflight is 0.
 */
struct binder_proc {
	struct kref ref;
	struct list_head all;
	struct task_struct *leader;
	const struct cred *cred;
	struct binder_context *context;
	struct arena *arena;
	struct pid *tgid;
	pid_t pid;
	int default_nice;

	struct mutex refs_lock;	/* what it refers to */
	struct xarray handles;
	struct rb_root refs_by_node;

	spinlock_t lock;	/* all that changes */
	bool dead;
	unsigned int inflight;
	struct rb_root threads;
	struct rb_root nodes;
	struct list_head todo;
	struct list_head waiting;
	bool polled;
	u32 max_threads;
	u32 requested;
	u32 started;
	bool spam_detection;
	struct list_head delivered_deaths;
	struct list_head delivered_freezes;

	bool frozen;
	bool stays_frozen;
	bool sync_recv;
	bool async_recv;
	unsigned int outstanding;
	wait_queue_head_t freeze_wait;
	unsigned long freeze_round;

	struct dentry *log;
	struct dentry *binderfs_log;
	struct binder_codes codes;
	struct work_struct flush_work;
	struct work_struct release_work;
	struct work_struct teardown_work;
};

/* proc.c APIs: */
struct binder_proc *binder_proc_create(struct binder_context *context,
				       const struct cred *cred);
int binder_procs_of(pid_t pid, struct binder_proc ***procs);
void binder_proc_for_each(void (*fn)(struct binder_proc *proc, void *arg), void *arg);
void binder_proc_hide(struct binder_proc *proc);
void binder_proc_put(struct binder_proc *proc);
bool __must_check binder_proc_enter(struct binder_proc *proc);
void binder_proc_leave(struct binder_proc *proc);
void binder_proc_leave_locked(struct binder_proc *proc);
void binder_proc_queue(struct binder_proc *proc, struct binder_txn *t);
void binder_proc_queue_any(struct binder_proc *proc, struct binder_work *work);
void binder_proc_wake(struct binder_proc *proc);
void binder_proc_settle(struct binder_proc *proc);

/* release.c APIs: */
void binder_proc_init_release(struct binder_proc *proc);
void binder_proc_flush(struct binder_proc *proc);
void binder_proc_release(struct binder_proc *proc);
void binder_proc_teardown(struct binder_proc *proc);
int binder_release_init(void);
void binder_release_exit(void);

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
