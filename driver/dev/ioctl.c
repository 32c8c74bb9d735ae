// SPDX-License-Identifier: GPL-2.0
/*
 * ioctls: a table of numbers and handlers.
 *
 * The whole number has to match, direction and size included; anything else is
 * unknown. Which errno a bad pointer gives differs from one to the next; so it
 * always was, and clients may know.
 */
#include <linux/fs.h>
#include <linux/uaccess.h>

#include "dev/dev.h"
#include "ipc/context.h"
#include "ipc/freeze.h"
#include "ipc/info.h"
#include "ipc/log.h"
#include "ipc/proc.h"
#include "ipc/thread.h"
#include "report/trace.h"

static long write_read(struct file *file, struct binder_thread *thread,
		       void __user *arg)
{
	struct binder_write_read bwr;
	int err = 0;

	if (copy_from_user(&bwr, arg, sizeof(bwr)))
		return -EFAULT;
	if (bwr.write_size) {
		err = binder_write(thread, &bwr);
		trace_binder_write_done(err);
		if (err)
			bwr.read_consumed = 0;
	}
	if (!err && bwr.read_size) {
		err = binder_read(thread, &bwr, file->f_flags & O_NONBLOCK);
		trace_binder_read_done(err);
	}
	if (copy_to_user(arg, &bwr, sizeof(bwr)))
		return -EFAULT;
	return err;
}

static long set_max_threads(struct file *file, struct binder_thread *thread,
			    void __user *arg)
{
	__u32 max_threads;

	if (copy_from_user(&max_threads, arg, sizeof(max_threads)))
		return -EINVAL;
	guard(spinlock)(&thread->proc->lock);
	thread->proc->max_threads = max_threads;
	return 0;
}

static long set_context_mgr(struct file *file, struct binder_thread *thread,
			    void __user *arg)
{
	static const struct flat_binder_object plain;

	return binder_context_set_manager(thread->proc, &plain);
}

static long set_context_mgr_ext(struct file *file, struct binder_thread *thread,
				void __user *arg)
{
	struct flat_binder_object object;

	if (copy_from_user(&object, arg, sizeof(object)))
		return -EINVAL;
	return binder_context_set_manager(thread->proc, &object);
}

static long thread_exit(struct file *file, struct binder_thread *thread,
			void __user *arg)
{
	binder_thread_exit(thread);
	return 0;
}

static long version(struct file *file, struct binder_thread *thread,
		    void __user *arg)
{
	const struct binder_version v = {
		.protocol_version = BINDER_CURRENT_PROTOCOL_VERSION,
	};

	return copy_to_user(arg, &v, sizeof(v)) ? -EINVAL : 0;
}

static long get_extended_error(struct file *file, struct binder_thread *thread,
			       void __user *arg)
{
	struct binder_extended_error ee;

	scoped_guard(spinlock, &thread->proc->lock) {
		ee = thread->ee;
		thread->ee = (struct binder_extended_error) {
			.command = BR_OK,
		};
	}
	return copy_to_user(arg, &ee, sizeof(ee)) ? -EFAULT : 0;
}

static long node_debug_info(struct file *file, struct binder_thread *thread,
			    void __user *arg)
{
	struct binder_node_debug_info info;

	if (copy_from_user(&info, arg, sizeof(info)))
		return -EFAULT;
	binder_node_debug_info(thread->proc, &info);
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long node_info_for_ref(struct file *file, struct binder_thread *thread,
			      void __user *arg)
{
	struct binder_node_info_for_ref info;
	int err;

	if (copy_from_user(&info, arg, sizeof(info)))
		return -EFAULT;
	err = binder_node_info_for_ref(thread->proc, &info);
	if (err)
		return err;
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long freeze(struct file *file, struct binder_thread *thread,
		   void __user *arg)
{
	struct binder_freeze_info info;

	if (copy_from_user(&info, arg, sizeof(info)))
		return -EFAULT;
	return binder_freeze(&info);
}

static long get_frozen_info(struct file *file, struct binder_thread *thread,
			    void __user *arg)
{
	struct binder_frozen_status_info info;
	int err;

	if (copy_from_user(&info, arg, sizeof(info)))
		return -EFAULT;
	err = binder_frozen_info(&info);
	if (err)
		return err;
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long enable_oneway_spam_detection(struct file *file,
					 struct binder_thread *thread,
					 void __user *arg)
{
	__u32 enable;

	if (copy_from_user(&enable, arg, sizeof(enable)))
		return -EFAULT;
	guard(spinlock)(&thread->proc->lock);
	thread->proc->spam_detection = enable;
	return 0;
}

static const struct {
	unsigned int cmd;
	long (*fn)(struct file *file, struct binder_thread *thread,
		   void __user *arg);
} ioctls[] = {
	{ BINDER_WRITE_READ,		write_read },
	{ BINDER_SET_MAX_THREADS,	set_max_threads },
	{ BINDER_SET_CONTEXT_MGR,	set_context_mgr },
	{ BINDER_SET_CONTEXT_MGR_EXT,	set_context_mgr_ext },
	{ BINDER_THREAD_EXIT,		thread_exit },
	{ BINDER_VERSION,		version },
	{ BINDER_GET_NODE_DEBUG_INFO,	node_debug_info },
	{ BINDER_GET_NODE_INFO_FOR_REF,	node_info_for_ref },
	{ BINDER_FREEZE,		freeze },
	{ BINDER_GET_FROZEN_INFO,	get_frozen_info },
	{ BINDER_ENABLE_ONEWAY_SPAM_DETECTION, enable_oneway_spam_detection },
	{ BINDER_GET_EXTENDED_ERROR,	get_extended_error },
};

static long execute(struct file *file, struct binder_thread *thread,
		    unsigned int cmd, void __user *arg)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(ioctls); i++) {
		if (ioctls[i].cmd == cmd)
			return ioctls[i].fn(file, thread, arg);
	}
	return -EINVAL;
}

static long dispatch(struct file *file, unsigned int cmd, void __user *arg)
{
	struct binder_proc *proc = file->private_data;
	struct binder_thread *thread;
	long ret;

	ret = binder_wait_if_stopped();
	if (ret)
		return ret;
	thread = binder_thread_find(proc);
	if (!thread)
		return -ENOMEM;
	ret = execute(file, thread, cmd, arg);
	if (cmd != BINDER_THREAD_EXIT) {
		guard(spinlock)(&proc->lock);
		thread->must_return = false;
	}
	/* Whatever it was, it is done: a signal does not undo it. */
	binder_wait_if_stopped();
	return ret;
}

/**
 * binder_ioctl() - every ioctl on a binder device
 * @file: the open device
 * @cmd: which
 * @arg: user address of its argument, unchecked
 *
 * Context: task context, sleeps.
 * Return: 0; -ENOMEM if there is no memory for a record of the calling thread;
 *	-EINVAL if @cmd is unknown; -ERESTARTSYS if a signal came while
 *	stop_on_user_error made it wait; else see the handlers above.
 */
long binder_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	long ret;

	trace_binder_ioctl(cmd, arg);
	ret = dispatch(file, cmd, (void __user *)arg);
	trace_binder_ioctl_done(ret);
	return ret;
}
