// SPDX-License-Identifier: GPL-2.0
/*
 * BINDER_FREEZE and BINDER_GET_FROZEN_INFO.
 *
 * Both address a process by its pid, and with it every open file of it, on
 * whichever device. Procs are dealt with one after the other; the first that
 * cannot be frozen ends it, and those before it stay frozen. One that was frozen
 * before, and cannot be once more, is thawed, and nobody is told: so it always was.
 */
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "ipc/freeze.h"
#include "ipc/proc.h"
#include "ipc/thread.h"

/* Somebody's call is in it, or it is in a call itself. */
static bool is_busy(struct binder_proc *proc)
{
	struct rb_node *n;

	lockdep_assert_held(&proc->lock);

	if (proc->outstanding)
		return true;
	for (n = rb_first(&proc->threads); n; n = rb_next(n)) {
		if (rb_entry(n, struct binder_thread, node)->stack)
			return true;
	}
	return false;
}

static void set_frozen(struct binder_proc *proc, bool frozen)
{
	guard(spinlock)(&proc->lock);
	proc->frozen = frozen && !proc->dead;
	proc->stays_frozen &= frozen;
	proc->sync_recv = false;
	proc->async_recv = false;
}

static int freeze(struct binder_proc *proc, u32 timeout_ms)
{
	long left = 0;

	set_frozen(proc, true);
	if (timeout_ms)
		left = wait_event_interruptible_timeout(proc->freeze_wait,
							!READ_ONCE(proc->outstanding),
							msecs_to_jiffies(timeout_ms));
	guard(spinlock)(&proc->lock);
	if (left < 0 || is_busy(proc)) {
		proc->frozen = false;
		proc->stays_frozen = false;
		return left < 0 ? left : -EAGAIN;
	}
	proc->stays_frozen = proc->frozen;
	return 0;
}

static int set_state(struct binder_proc *proc,
		     const struct binder_freeze_info *info)
{
	int err = 0;

	if (info->enable)
		err = freeze(proc, info->timeout_ms);
	else
		set_frozen(proc, false);
	if (!err)
		binder_freeze_tell_all(proc);
	return err;
}

/**
 * binder_freeze() - BINDER_FREEZE
 * @info: whom, whether to freeze or to thaw, and how long to wait for messages
 *	that are being dealt with
 *
 * Context: task context, no lock held, sleeps up to the timeout.
 * Return: 0; -EINVAL if no process has that pid; -EAGAIN if it is in the middle
 *	of a call, and then it is not frozen; -ERESTARTSYS if a signal came;
 *	-ENOMEM.
 */
int binder_freeze(const struct binder_freeze_info *info)
{
	struct binder_proc **procs;
	int i, n, err = 0;

	n = binder_procs_of(info->pid, &procs);
	if (n <= 0)
		return n ?: -EINVAL;
	for (i = 0; i < n && !err; i++)
		err = set_state(procs[i], info);
	for (i = 0; i < n; i++)
		binder_proc_put(procs[i]);
	kfree(procs);
	return err;
}

/**
 * binder_frozen_info() - BINDER_GET_FROZEN_INFO
 * @info: whom; and what came to it since it was last frozen or thawed
 *
 * Context: task context, no lock held, may sleep.
 * Return: 0; -EINVAL if no process has that pid; -ENOMEM.
 */
int binder_frozen_info(struct binder_frozen_status_info *info)
{
	struct binder_proc **procs;
	int i, n;

	n = binder_procs_of(info->pid, &procs);
	if (n <= 0)
		return n ?: -EINVAL;
	info->sync_recv = 0;
	info->async_recv = 0;
	for (i = 0; i < n; i++) {
		scoped_guard(spinlock, &procs[i]->lock) {
			info->sync_recv |= procs[i]->sync_recv |
					   is_busy(procs[i]) << 1;
			info->async_recv |= procs[i]->async_recv;
		}
		binder_proc_put(procs[i]);
	}
	kfree(procs);
	return 0;
}
