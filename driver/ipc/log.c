// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel log, and the way to stop at the first mistake.
 *
 * With stop_on_user_error set, a mistake of user space makes every ioctl wait,
 * its own too, until the parameter is written again: time to look around with a
 * debugger.
 */
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include "ipc/log.h"
#include "ipc/stats.h"
#include "params.h"

struct binder_stats binder_stats;

/* Bits of the parameter debug_mask. */
#define LOG_USER_ERROR	BIT(0)

uint binder_debug_mask = 7;
module_param_named(debug_mask, binder_debug_mask, uint, 0644);
MODULE_PARM_DESC(debug_mask, "what to log: 1 mistakes of user space");

/* Nothing here has messages of its own for it; scripts that set it may go on. */
uint binder_alloc_debug_mask = 1;
module_param_named(alloc_debug_mask, binder_alloc_debug_mask, uint, 0644);
MODULE_PARM_DESC(alloc_debug_mask, "accepted, without effect");

static DECLARE_WAIT_QUEUE_HEAD(stop_wait);
/* 0: do not stop; 1: stop at the next mistake; 2: stopped. */
int binder_stop_on_user_error;

static int set_stop(const char *value, const struct kernel_param *kp)
{
	int err = param_set_int(value, kp);

	if (READ_ONCE(binder_stop_on_user_error) < 2)
		wake_up(&stop_wait);
	return err;
}

const struct kernel_param_ops binder_stop_ops = {
	.set = set_stop,
	.get = param_get_int,
};
module_param_cb(stop_on_user_error, &binder_stop_ops, &binder_stop_on_user_error,
		0644);
MODULE_PARM_DESC(stop_on_user_error,
		 "1: let all ioctls wait after a mistake of user space");

/**
 * binder_user_error() - the current task made a mistake
 * @fmt: what, for printk
 *
 * Context: any.
 */
void binder_user_error(const char *fmt, ...)
{
	static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL,
				      DEFAULT_RATELIMIT_BURST);
	struct va_format vaf;
	va_list args;

	if (READ_ONCE(binder_stop_on_user_error))
		WRITE_ONCE(binder_stop_on_user_error, 2);
	if (!(READ_ONCE(binder_debug_mask) & LOG_USER_ERROR) || !__ratelimit(&limit))
		return;
	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	pr_info("binder: %d:%d %pV", current->tgid, current->pid, &vaf);
	va_end(args);
}

/**
 * binder_wait_if_stopped() - wait while stop_on_user_error says so
 *
 * Context: task context, no lock held, sleeps.
 * Return: 0; -ERESTARTSYS if a signal came.
 */
int binder_wait_if_stopped(void)
{
	return wait_event_interruptible(stop_wait,
					READ_ONCE(binder_stop_on_user_error) < 2);
}
