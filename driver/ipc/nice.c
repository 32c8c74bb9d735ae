// SPDX-License-Identifier: GPL-2.0
/*
 * Nice values: a thread works on a call with the urgency of its caller, or with
 * that of the node if this is more. Real-time policies are left alone.
 */
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <uapi/linux/android/binder.h>

#include "ipc/log.h"
#include "ipc/nice.h"
#include "ipc/node.h"
#include "ipc/txn.h"

/**
 * binder_set_nice() - change the urgency of the current task
 * @nice: to what; if RLIMIT_NICE does not allow it, as near as it does
 *
 * Context: task context.
 */
void binder_set_nice(int nice)
{
	if (nice == task_nice(current))
		return;
	if (!can_nice(current, nice)) {
		nice = rlimit_to_nice(rlimit(RLIMIT_NICE));
		if (nice > MAX_NICE) {
			binder_user_error("RLIMIT_NICE is not set\n");
			return;
		}
	}
	set_user_nice(current, nice);
}

/**
 * binder_inherit_nice() - the current task takes a transaction
 * @t: the transaction
 *
 * Context: task context of the receiver.
 */
void binder_inherit_nice(struct binder_txn *t)
{
	int least = t->node->flags & FLAT_BINDER_FLAG_PRIORITY_MASK;

	t->saved_nice = task_nice(current);
	if (!binder_txn_is_oneway(t))
		binder_set_nice(min(t->nice, least));
	else if (t->saved_nice > least)
		binder_set_nice(least);
}
