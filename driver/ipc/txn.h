/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A transaction: a message on its way, and its buffer at the receiver.
 *
 * One object serves as the message, as the two work items that tell the two
 * sides of it, and as the record of the buffer, so that a message costs one
 * allocation. These ends come in any order; each holds a reference:
 *
 *   buffer	from the start until BC_FREE_BUFFER (or the receiver's end)
 *   complete	while the sender has not been told that it is sent
 *   sender	sync only: on the stack of the sending thread
 *   receiver	queued; then, sync only, on the stack of the thread that has
 *		to answer. A oneway message or a reply is over when delivered.
 *   child	a nested call made on behalf of this one
 *
 * @from and @from_parent do not change while the transaction is in progress.
 * So a chain of nested calls can be walked without locks, from a transaction
 * that the walker has to answer, up to the first caller; whether a caller on it
 * is alive is asked under that caller's proc->lock.
 */
#ifndef BINDER_IPC_TXN_H
#define BINDER_IPC_TXN_H

#include <linux/bug.h>
#include <linux/kref.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <uapi/linux/android/binder.h>

#include "arena/arena.h"
#include "ipc/proc.h"
#include "ipc/why.h"
#include "ipc/work.h"

/* In newer UAPI headers. */
#ifndef TF_DEFER_COMPLETE
#define TF_DEFER_COMPLETE	0x80
#endif

struct binder_node;
struct binder_proc;
struct binder_thread;
struct cred;

/**
 * struct binder_txn - a message
 *
 * I: immutable once queued, P: proc->lock of the process whose list it is on.
 *
 * @ref:	see above.
 * @work:	P: in the todo of the receiver, or the node's oneway_todo.
 * @complete:	P: in the todo of the sender.
 * @id:		I: debug id of the attempt.
 * @buf:	where the data is, in the arena of @to.
 * @to:		I: the receiving process; valid while it lives or @buf is held.
 * @from:	I: who waits for the reply, with a reference; NULL for a oneway
 *		message or a reply.
 * @from_parent: I: what @from was answering when it sent this, with a
 *		reference.
 * @from_below:	the next on @from's stack, which has the reference; guarded by
 *		its proc->lock.
 * @to_below:	the same for the stack of the receiving thread.
 * @node:	I: whom it was sent to, with a reference, and until the buffer
 *		is freed a strong count; NULL for a reply.
 * @from_pid:	I: the sending process.
 * @from_tid:	I: the sending thread.
 * @to_tid:	P: the receiving thread, 0 while it is not known.
 * @code:	I: as sent.
 * @flags:	I: as sent.
 * @data_size:	I: bytes of data.
 * @offsets_size: I: bytes of the offsets array.
 * @has_secctx:	I: the sender's security context is in the buffer.
 * @secctx:	I: where, in bytes from its start.
 * @sender_euid: I: of the sending process.
 * @nice:	I: of the sending thread.
 * @saved_nice:	of the receiving thread, before it took this.
 * @nr_objects:	I: entries of the offsets array that the buffer holds counts
 *		for.
 * @files:	files on their way: binder_fd.entry. With the sender, then with
 *		who takes it off its queue.
 * @has_turn:	P: its node is busy with it.
 * @outstanding: P: counted in @to->outstanding.
 * @over:	answered, delivered if it needs no answer, or dropped.
 * @buffer_freed: the receiver has given the buffer back.
 * @started:	I: when, in jiffies.
 * @extra_size:	I: bytes behind the offsets array.
 * @pending_frozen: I: @to was frozen.
 * @why:	belongs to the sender, until it is queued: what was wrong.
 */
struct binder_txn {
	struct kref ref;
	struct binder_work work;
	struct binder_work complete;
	__u32 id;
	struct arena_buf buf;
	struct binder_proc *to;
	struct binder_thread *from;
	struct binder_txn *from_parent;
	struct binder_txn *from_below;
	struct binder_txn *to_below;
	struct binder_node *node;
	pid_t from_pid;
	pid_t from_tid;
	pid_t to_tid;
	__u32 code;
	__u32 flags;
	binder_size_t data_size;
	binder_size_t offsets_size;
	bool has_secctx;
	size_t secctx;
	kuid_t sender_euid;
	int nice;
	int saved_nice;
	size_t nr_objects;
	struct list_head files;
	bool has_turn;
	bool outstanding;
	bool over;
	bool buffer_freed;
	bool pending_frozen;
	unsigned long started;
	size_t extra_size;
	enum binder_why why;
};

/* What is to be sent, as user space gave it. */
struct binder_parcel {
	const struct binder_transaction_data *tr;
	binder_size_t buffers_size;	/* bytes for what BINDER_TYPE_PTR points to */
};

/**
 * struct binder_failure - why a transaction failed, as user space is told
 * @cmd: the BR_ code, BR_OK if it did not fail
 * @err: for the extended error: a negative errno, or 0
 * @why: for people
 *
 * Not to be mixed up with the errno of the ioctl, which says that the driver
 * could not do what it was told; this says that it did, and what came of it.
 */
struct binder_failure {
	__u32 cmd;
	int err;
	enum binder_why why;
};

static const struct binder_failure binder_ok = { .cmd = BR_OK };

static inline struct binder_failure binder_failed(int err, enum binder_why why)
{
	return (struct binder_failure) { BR_FAILED_REPLY, err, why };
}

static inline struct binder_failure binder_dead(int err, enum binder_why why)
{
	return (struct binder_failure) { BR_DEAD_REPLY, err, why };
}

static inline struct binder_failure binder_frozen(void)
{
	return (struct binder_failure) { BR_FROZEN_REPLY, 0, BINDER_WHY_FROZEN };
}

/**
 * binder_because() - a check of a message has failed
 * @t: the message
 * @why: which
 * @err: a negative errno
 *
 * Return: @err.
 */
static inline int binder_because(struct binder_txn *t, enum binder_why why,
				 int err)
{
	t->why = why;
	return err;
}

static inline bool binder_is_ok(struct binder_failure f)
{
	return f.cmd == BR_OK;
}

/* txn.c APIs: */
__u32 binder_next_id(void);
struct binder_txn *binder_txn_alloc(void);
void binder_txn_put(struct binder_txn *t);
void binder_txn_free_buffer(struct binder_txn *t, struct binder_thread *closer);
void binder_txn_fail(struct binder_txn *t, u32 cmd);
void binder_txn_end(struct binder_txn *t);
void binder_txn_settle(struct binder_txn *t);
void binder_txn_drop(struct binder_txn *t, u32 cmd);
u32 binder_txn_completion(struct binder_txn *t, struct binder_proc *sender);
int binder_txn_init(void);
void binder_txn_exit(void);

/* fill.c APIs: */
struct binder_failure binder_txn_fill(struct binder_txn *t,
				      struct binder_thread *sender,
				      const struct binder_parcel *parcel,
				      bool accepts_fds);
void binder_txn_unfill(struct binder_txn *t);

/* send.c APIs: */
void binder_send(struct binder_thread *thread,
		 const struct binder_parcel *parcel);

/* reply.c APIs: */
void binder_reply(struct binder_thread *thread,
		  const struct binder_parcel *parcel);

/* deliver.c APIs: */
void binder_deliver(struct binder_thread *thread, struct binder_txn *t);
void binder_undeliver(struct binder_thread *thread, struct binder_txn *t);
pid_t binder_txn_sender_pid(struct binder_txn *t);

/**
 * binder_txn_read() - read from a buffer what is known to be inside of it
 * @t: the message
 * @at: where in its buffer, bytes
 * @dst: where to
 * @size: bytes
 *
 * Context: any. The arena is kept by the caller.
 */
static inline void binder_txn_read(const struct binder_txn *t, size_t at, void *dst,
				   size_t size)
{
	if (WARN_ON_ONCE(arena_read(t->to->arena, &t->buf, at, dst, size)))
		memset(dst, 0, size);	/* LCOV_EXCL_LINE: all places are checked before */
}

static inline bool binder_txn_is_reply(const struct binder_txn *t)
{
	return t->work.type == BINDER_WORK_REPLY;
}

/* The flag means nothing in a reply. */
static inline bool binder_txn_is_oneway(const struct binder_txn *t)
{
	return t->flags & TF_ONE_WAY && !binder_txn_is_reply(t);
}

#endif
