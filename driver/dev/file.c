// SPDX-License-Identifier: GPL-2.0
/*
 * File operations but for ioctl.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>

#include "arena/arena.h"
#include "dev/dev.h"
#include "fs/logs.h"
#include "ipc/proc.h"
#include "ipc/thread.h"

static int binder_open(struct inode *inode, struct file *file)
{
	struct binder_proc *proc;

	proc = binder_proc_create(binder_device_context(inode, file),
				  file->f_cred);
	if (!proc)
		return -ENOMEM;
	file->private_data = proc;
	binder_logs_add_proc(proc, inode->i_sb);
	return 0;
}

static int binder_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct binder_proc *proc = file->private_data;

	if (proc->leader != current->group_leader)
		return -EINVAL;
	return arena_mmap(proc->arena, vma);
}

static __poll_t binder_poll(struct file *file, struct poll_table_struct *wait)
{
	struct binder_proc *proc = file->private_data;
	struct binder_thread *thread = binder_thread_find(proc);
	bool work;

	if (!thread)
		return EPOLLERR;
	scoped_guard(spinlock, &proc->lock) {
		thread->looper |= BINDER_LOOPER_POLL;
		proc->polled = true;
	}
	poll_wait(file, &thread->wait, wait);

	guard(spinlock)(&proc->lock);
	work = thread->ready || thread->must_return ||
	       (binder_thread_is_free(thread) && !list_empty(&proc->todo));
	return work ? EPOLLIN : 0;
}

static int binder_flush(struct file *file, fl_owner_t id)
{
	binder_proc_flush(file->private_data);
	return 0;
}

static int binder_release(struct inode *inode, struct file *file)
{
	struct binder_proc *proc = file->private_data;

	binder_logs_del_proc(proc);
	binder_proc_release(proc);
	return 0;
}

const struct file_operations binder_fops = {
	.owner = THIS_MODULE,
	.open = binder_open,
	.mmap = binder_mmap,
	.poll = binder_poll,
	.unlocked_ioctl = binder_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.flush = binder_flush,
	.release = binder_release,
};
