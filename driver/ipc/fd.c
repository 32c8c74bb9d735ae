// SPDX-License-Identifier: GPL-2.0
/*
 * File descriptors in messages, see fd.h.
 */
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/task_work.h>

#include "arena/arena.h"
#include "ipc/fd.h"
#include "ipc/proc.h"
#include "ipc/thread.h"
#include "ipc/txn.h"
#include "report/trace.h"

/**
 * binder_fd_add() - take a file from the sender
 * @t: the message
 * @sender: who sends it, the calling task's thread
 * @fd: a descriptor of the calling task
 * @at: where in the buffer the receiver finds its own
 * @accepts_fds: the receiver wants files
 *
 * Context: task context, no lock held, may sleep.
 * Return: 0; -EPERM if the receiver does not want files, or the security module
 *	forbids it; -EBADF; -ENOMEM.
 */
int binder_fd_add(struct binder_txn *t, struct binder_thread *sender, int fd,
		  size_t at, bool accepts_fds)
{
	struct binder_fd *f;
	struct file *file;

	if (!accepts_fds)
		return binder_because(t, BINDER_WHY_FD_UNWANTED, -EPERM);
	file = fget(fd);
	if (!file)
		return binder_because(t, BINDER_WHY_FD_BAD, -EBADF);
	if (security_binder_transfer_file(sender->proc->cred, t->to->cred,
					  file)) {
		fput(file);
		return binder_because(t, BINDER_WHY_FD_FORBIDDEN, -EPERM);
	}
	f = kmalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);
	if (!f) {
		fput(file);
		return -ENOMEM;
	}
	f->file = file;
	f->at = at;
	f->fd = -1;
	list_add_tail(&f->entry, &t->files);
	trace_binder_transaction_fd_send(t, fd, at);
	return 0;
}

/**
 * binder_fds_reserve() - find numbers for the files of a message
 * @t: the message, off its queue
 *
 * The numbers are in the buffer then, and mean nothing before
 * binder_fds_install().
 *
 * Context: task context of the receiver, may sleep.
 * Return: 0; -EMFILE or -ENOMEM, and then none is reserved.
 */
int binder_fds_reserve(struct binder_txn *t)
{
	struct binder_fd *f;
	int err = 0;

	list_for_each_entry(f, &t->files, entry) {
		u32 number;

		f->fd = get_unused_fd_flags(O_CLOEXEC);
		if (f->fd < 0) {
			err = f->fd;
			break;
		}
		trace_binder_transaction_fd_recv(t, f->fd, f->at);
		number = f->fd;
		WARN_ON_ONCE(arena_write(t->to->arena, &t->buf, f->at, &number,
					 sizeof(number)));
	}
	if (err)
		binder_fds_unreserve(t);
	return err;
}

/**
 * binder_fds_unreserve() - undo binder_fds_reserve()
 * @t: the message
 *
 * Context: task context of the receiver.
 */
void binder_fds_unreserve(struct binder_txn *t)
{
	struct binder_fd *f;

	list_for_each_entry(f, &t->files, entry) {
		if (f->fd >= 0)
			put_unused_fd(f->fd);
		f->fd = -1;
	}
}

/**
 * binder_fds_install() - the receiver has the message: give it the files
 * @t: the message
 *
 * Context: task context of the receiver.
 */
void binder_fds_install(struct binder_txn *t)
{
	struct binder_fd *f, *next;

	list_for_each_entry_safe(f, next, &t->files, entry) {
		fd_install(f->fd, f->file);
		list_del(&f->entry);
		kfree(f);
	}
}

/**
 * binder_fds_drop() - the message will not be delivered
 * @t: the message
 *
 * Context: task context, no lock held, may sleep.
 */
void binder_fds_drop(struct binder_txn *t)
{
	struct binder_fd *f, *next;

	list_for_each_entry_safe(f, next, &t->files, entry) {
		fput(f->file);
		list_del(&f->entry);
		kfree(f);
	}
}

struct late_put {
	struct callback_head work;
	struct file *file;
};

static void put_late(struct callback_head *work)
{
	struct late_put *late = container_of(work, struct late_put, work);

	fput(late->file);
	kfree(late);
}

/**
 * binder_fd_close() - close a descriptor that belongs to a buffer
 * @closer: the calling task's thread
 * @fd: a descriptor of the calling task; if it is none, nothing happens
 *
 * It may be the very one that this ioctl was called on. So the file is kept
 * until the task returns to user mode, and the thread is not to sleep in a read
 * before that.
 *
 * Context: task context, no lock held, may sleep.
 */
void binder_fd_close(struct binder_thread *closer, int fd)
{
	struct late_put *late = kmalloc(sizeof(*late),
					GFP_KERNEL | __GFP_NOFAIL);
	struct file *file = file_close_fd(fd);

	if (!file) {
		kfree(late);
		return;
	}
	late->file = get_file(file);
	init_task_work(&late->work, put_late);
	filp_close(file, current->files);
	/* Fails only for a task that exits: this one is in an ioctl. */
	WARN_ON_ONCE(task_work_add(current, &late->work, TWA_RESUME));
	guard(spinlock)(&closer->proc->lock);
	closer->must_return = true;
}
