// SPDX-License-Identifier: GPL-2.0
/*
 * BC_ commands: a table of codes and handlers; a code includes the size of its
 * payload.
 *
 * A command is read, executed, and only then counted as consumed. A handler
 * returns an errno only where the interface says that the ioctl fails; all else
 * is told by a later read, or not at all.
 */
#include <linux/uaccess.h>

#include "arena/arena.h"
#include "dev/dev.h"
#include "ipc/context.h"
#include "ipc/death.h"
#include "ipc/freeze.h"
#include "ipc/log.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/ref.h"
#include "ipc/thread.h"
#include "ipc/txn.h"
#include "report/trace.h"

union payload {
	struct binder_transaction_data tr;
	struct binder_transaction_data_sg sg;
	binder_uintptr_t ptr;
	binder_uintptr_t cookie;
	__u32 handle;
	struct binder_ptr_cookie node;
	struct binder_handle_cookie notice;
};

static int transaction(struct binder_thread *thread, const union payload *p)
{
	binder_send(thread, &(struct binder_parcel) { .tr = &p->tr });
	return 0;
}

static int transaction_sg(struct binder_thread *thread, const union payload *p)
{
	binder_send(thread, &(struct binder_parcel) {
			.tr = &p->sg.transaction_data,
			.buffers_size = p->sg.buffers_size });
	return 0;
}

static int reply(struct binder_thread *thread, const union payload *p)
{
	binder_reply(thread, &(struct binder_parcel) { .tr = &p->tr });
	return 0;
}

static int reply_sg(struct binder_thread *thread, const union payload *p)
{
	binder_reply(thread, &(struct binder_parcel) {
			.tr = &p->sg.transaction_data,
			.buffers_size = p->sg.buffers_size });
	return 0;
}

/* What is not the address of a buffer that the process has is ignored. */
static int free_buffer(struct binder_thread *thread, const union payload *p)
{
	struct arena_buf *b = arena_take(thread->proc->arena, p->ptr);
	struct binder_txn *t;

	if (!b) {
		binder_user_error("frees no buffer of its own: %llx\n", p->ptr);
		return 0;
	}
	t = container_of(b, struct binder_txn, buf);
	trace_binder_transaction_buffer_release(t);
	binder_txn_free_buffer(t, thread);
	return 0;
}

/*
 * Handle 0 is the context manager, whom everybody may refer to without having
 * been given a reference; but for the manager itself.
 */
static int inc_manager(struct binder_proc *proc, bool strong, bool *done)
{
	struct binder_node *node = binder_context_get_manager(proc->context);
	struct binder_ref_name name;
	int err = 0;

	*done = node;
	if (!node)
		return 0;
	if (node->proc == proc) {
		binder_user_error("context manager refers to itself\n");
		err = -EINVAL;
	} else if (binder_ref_add(proc, node, strong, NULL, &name)) {
		binder_user_error("no reference to the context manager\n");
	}
	binder_node_put(node);
	return err;
}

static int inc(struct binder_thread *thread, u32 handle, bool strong)
{
	bool done = false;
	int err = 0;

	if (!handle)
		err = inc_manager(thread->proc, strong, &done);
	if (!done && !binder_ref_inc(thread->proc, handle, strong))
		binder_user_error("has no handle %u to count\n", handle);
	return err;
}

static int dec(struct binder_thread *thread, u32 handle, bool strong)
{
	if (!binder_ref_dec(thread->proc, handle, strong))
		binder_user_error("has no count of handle %u\n", handle);
	return 0;
}

static int increfs(struct binder_thread *thread, const union payload *p)
{
	return inc(thread, p->handle, false);
}

static int acquire(struct binder_thread *thread, const union payload *p)
{
	return inc(thread, p->handle, true);
}

static int release(struct binder_thread *thread, const union payload *p)
{
	return dec(thread, p->handle, true);
}

static int decrefs(struct binder_thread *thread, const union payload *p)
{
	return dec(thread, p->handle, false);
}

static int acked(struct binder_thread *thread, const union payload *p,
		 bool strong)
{
	if (!binder_node_acked(thread->proc, &p->node, strong))
		binder_user_error("has nothing to acknowledge for %llx\n",
				  p->node.ptr);
	return 0;
}

static int increfs_done(struct binder_thread *thread, const union payload *p)
{
	return acked(thread, p, false);
}

static int acquire_done(struct binder_thread *thread, const union payload *p)
{
	return acked(thread, p, true);
}

static int register_looper(struct binder_thread *thread, const union payload *p)
{
	binder_thread_register(thread);
	return 0;
}

static int enter_looper(struct binder_thread *thread, const union payload *p)
{
	binder_thread_enter(thread);
	return 0;
}

static int exit_looper(struct binder_thread *thread, const union payload *p)
{
	guard(spinlock)(&thread->proc->lock);
	thread->looper |= BINDER_LOOPER_EXITED;
	return 0;
}

static int request_death(struct binder_thread *thread, const union payload *p)
{
	int err = binder_death_request(thread->proc, p->notice.handle,
				       p->notice.cookie);

	if (err == -ENOMEM) {
		guard(spinlock)(&thread->proc->lock);
		binder_thread_queue_error(thread, &thread->send_error,
					  BR_ERROR);
	} else if (err) {
		binder_user_error("cannot watch handle %u\n",
				  p->notice.handle);
	}
	return 0;
}

static int clear_death(struct binder_thread *thread, const union payload *p)
{
	if (!binder_death_clear(thread, p->notice.handle, p->notice.cookie))
		binder_user_error("does not watch handle %u\n",
				  p->notice.handle);
	return 0;
}

static int death_done(struct binder_thread *thread, const union payload *p)
{
	if (!binder_death_done(thread, p->cookie))
		binder_user_error("was not told of a death: %llx\n", p->cookie);
	return 0;
}

/* Unlike those of death notifications these fail the ioctl. */
static int request_freeze(struct binder_thread *thread, const union payload *p)
{
	return binder_freeze_request(thread->proc, p->notice.handle,
				     p->notice.cookie);
}

static int clear_freeze(struct binder_thread *thread, const union payload *p)
{
	return binder_freeze_clear(thread->proc, p->notice.handle,
				   p->notice.cookie);
}

static int freeze_done(struct binder_thread *thread, const union payload *p)
{
	return binder_freeze_done(thread->proc, p->cookie);
}

static const struct command {
	__u32 code;
	int (*fn)(struct binder_thread *thread, const union payload *p);
} commands[] = {
	{ BC_TRANSACTION,			transaction },
	{ BC_TRANSACTION_SG,			transaction_sg },
	{ BC_REPLY,				reply },
	{ BC_REPLY_SG,				reply_sg },
	{ BC_FREE_BUFFER,			free_buffer },
	{ BC_INCREFS,				increfs },
	{ BC_ACQUIRE,				acquire },
	{ BC_RELEASE,				release },
	{ BC_DECREFS,				decrefs },
	{ BC_INCREFS_DONE,			increfs_done },
	{ BC_ACQUIRE_DONE,			acquire_done },
	{ BC_REGISTER_LOOPER,			register_looper },
	{ BC_ENTER_LOOPER,			enter_looper },
	{ BC_EXIT_LOOPER,			exit_looper },
	{ BC_REQUEST_DEATH_NOTIFICATION,	request_death },
	{ BC_CLEAR_DEATH_NOTIFICATION,		clear_death },
	{ BC_DEAD_BINDER_DONE,			death_done },
	{ BC_REQUEST_FREEZE_NOTIFICATION,	request_freeze },
	{ BC_CLEAR_FREEZE_NOTIFICATION,		clear_freeze },
	{ BC_FREEZE_NOTIFICATION_DONE,		freeze_done },
};

static const struct command *find_command(__u32 code)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (commands[i].code == code)
			return &commands[i];
	}
	return NULL;
}

/* Returns the size of the command with its payload, or an errno. */
static ssize_t execute(struct binder_thread *thread, const void __user *from)
{
	const struct command *command;
	union payload payload;
	size_t size;
	__u32 code;
	int err;

	if (get_user(code, (const __u32 __user *)from))
		return -EFAULT;
	trace_binder_command(code);
	binder_count_bc(&thread->proc->codes, code);
	command = find_command(code);
	if (!command)
		return -EINVAL;
	size = _IOC_SIZE(code);
	if (copy_from_user(&payload, from + sizeof(code), size))
		return -EFAULT;
	err = command->fn(thread, &payload);
	return err ?: sizeof(code) + size;
}

static bool may_go_on(struct binder_thread *thread)
{
	return thread->send_error.cmd == BR_OK;
}

/**
 * binder_write() - the write part of BINDER_WRITE_READ
 * @thread: of the calling task
 * @bwr: its argument; write_consumed counts the commands executed
 *
 * Stops without error after a command that failed in-band: the thread has to
 * read of the failure first. The last command may reach beyond write_size, as
 * it always could.
 *
 * Context: task context, no lock held, sleeps.
 * Return: 0; -EFAULT if a command cannot be read; -EINVAL if one is unknown, if
 *	the context manager would refer to itself, or from the freeze
 *	notifications; -ENOMEM from these, too.
 */
int binder_write(struct binder_thread *thread, struct binder_write_read *bwr)
{
	while (bwr->write_consumed < bwr->write_size && may_go_on(thread)) {
		ssize_t size = execute(thread,
				       u64_to_user_ptr(bwr->write_buffer +
						       bwr->write_consumed));

		if (size < 0)
			return size;
		bwr->write_consumed += size;
	}
	return 0;
}
