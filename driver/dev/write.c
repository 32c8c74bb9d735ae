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
#include "ipc/proc.h"
#include "ipc/thread.h"
#include "ipc/txn.h"

union payload {
	struct binder_transaction_data tr;
	binder_uintptr_t ptr;
};

static void transaction(struct binder_thread *thread, const union payload *p)
{
	binder_send(thread, &p->tr);
}

static void reply(struct binder_thread *thread, const union payload *p)
{
	binder_reply(thread, &p->tr);
}

/* What is not the address of a buffer that the process has is ignored. */
static void free_buffer(struct binder_thread *thread, const union payload *p)
{
	struct arena_buf *b = arena_take(thread->proc->arena, p->ptr);

	if (b)
		binder_txn_free_buffer(container_of(b, struct binder_txn, buf));
}

static void register_looper(struct binder_thread *thread, const union payload *p)
{
	binder_thread_register(thread);
}

static void enter_looper(struct binder_thread *thread, const union payload *p)
{
	binder_thread_enter(thread);
}

static void exit_looper(struct binder_thread *thread, const union payload *p)
{
	guard(spinlock)(&thread->proc->lock);
	thread->looper |= BINDER_LOOPER_EXITED;
}

static const struct command {
	__u32 code;
	void (*fn)(struct binder_thread *thread, const union payload *p);
} commands[] = {
	{ BC_TRANSACTION,	transaction },
	{ BC_REPLY,		reply },
	{ BC_FREE_BUFFER,	free_buffer },
	{ BC_REGISTER_LOOPER,	register_looper },
	{ BC_ENTER_LOOPER,	enter_looper },
	{ BC_EXIT_LOOPER,	exit_looper },
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

	if (get_user(code, (const __u32 __user *)from))
		return -EFAULT;
	command = find_command(code);
	if (!command)
		return -EINVAL;
	size = _IOC_SIZE(code);
	if (copy_from_user(&payload, from + sizeof(code), size))
		return -EFAULT;
	command->fn(thread, &payload);
	return sizeof(code) + size;
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
 * Return: 0; -EFAULT if a command cannot be read; -EINVAL if one is unknown.
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
