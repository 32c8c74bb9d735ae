// SPDX-License-Identifier: GPL-2.0
/*
 * What is in a buffer: data, offsets array, what PTR objects point to, security
 * context, in this order, each padded to 8 bytes.
 */
#include <linux/align.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/security.h>
#include <uapi/linux/android/binder.h>

#include "arena/arena.h"
#include "ipc/fd.h"
#include "ipc/node.h"
#include "ipc/object.h"
#include "ipc/pointer.h"
#include "ipc/proc.h"
#include "ipc/thread.h"
#include "ipc/txn.h"
#include "report/trace.h"

/* A sender's security context, as text; empty if nobody wants it. */
struct secctx {
	char *text;
	u32 len;
};

static int secctx_get(struct secctx *ctx, const struct cred *sender)
{
	u32 secid;

	security_cred_getsecid(sender, &secid);
	return security_secid_to_secctx(secid, &ctx->text, &ctx->len);
}

static void secctx_put(struct secctx *ctx)
{
	if (ctx->text)
		security_release_secctx(ctx->text, ctx->len);
}

/* To a multiple of 8; SIZE_MAX if there is none that large. */
static size_t pad(size_t bytes)
{
	return bytes > ALIGN_DOWN(SIZE_MAX, sizeof(u64)) ?
	       SIZE_MAX : ALIGN(bytes, sizeof(u64));
}

/* SIZE_MAX, which is no multiple of 8, stands for all that is larger. */
static size_t buffer_size(const struct binder_parcel *parcel,
			  const struct secctx *ctx)
{
	size_t size = size_add(pad(parcel->tr->data_size),
			       pad(parcel->tr->offsets_size));

	size = size_add(size, pad(size_add(pad(ctx->len), parcel->buffers_size)));
	return max(size, sizeof(u64));
}

static enum binder_why why_no_buffer(struct binder_txn *t, int err,
				     struct binder_attempt *attempt)
{
	bool oneway = binder_txn_is_oneway(t);

	if (err != -ENOSPC)
		return BINDER_WHY_NO_PAGES;
	/* Asked a moment later: for words that is exact enough. */
	arena_get_space(t->to->arena, oneway, &attempt->space);
	return oneway && attempt->asked > attempt->space.oneway_free ?
	       BINDER_WHY_NO_ONEWAY_SPACE : BINDER_WHY_NO_SPACE;
}

static struct binder_failure reserve(struct binder_txn *t,
				     struct binder_thread *sender,
				     const struct binder_parcel *parcel,
				     const struct secctx *ctx)
{
	struct arena *arena = t->to->arena;
	size_t size = buffer_size(parcel, ctx);
	int err;

	if (size == SIZE_MAX && arena_is_mapped(arena))
		return binder_failed(-EINVAL, BINDER_WHY_SIZES);
	t->buf.sender = current->tgid;
	t->extra_size = ALIGN(ctx->len, sizeof(u64)) + parcel->buffers_size;
	err = arena_reserve(arena, &t->buf, size, binder_txn_is_oneway(t));
	if (err == -ESRCH)
		return binder_dead(err, BINDER_WHY_NOT_MAPPED);
	sender->attempt.asked = size;
	if (err)
		return binder_failed(err, why_no_buffer(t, err,
							&sender->attempt));
	trace_binder_transaction_alloc_buf(t);
	return binder_ok;
}

/* The security context is the kernel's, and goes to the very end. */
static void put_secctx(struct binder_txn *t, const struct secctx *ctx)
{
	if (!ctx->len)
		return;
	t->secctx = t->buf.range.size - ALIGN(ctx->len, sizeof(u64));
	WARN_ON_ONCE(arena_write(t->to->arena, &t->buf, t->secctx, ctx->text,
				 ctx->len));
}

/* Read once: what the objects are found by later is the copy. */
static int copy_offsets(struct binder_txn *t, const struct binder_parcel *parcel)
{
	const void __user *offsets =
		u64_to_user_ptr(parcel->tr->data.ptr.offsets);
	int err = 0;

	if (t->offsets_size)
		err = arena_copy_from_user(t->to->arena, &t->buf,
					   ALIGN(t->data_size, sizeof(u64)),
					   offsets, t->offsets_size);
	if (err)
		return binder_because(t, BINDER_WHY_OFFSETS_FAULT, err);
	if (!IS_ALIGNED(t->offsets_size | parcel->buffers_size, sizeof(u64)))
		return binder_because(t, BINDER_WHY_OFFSETS_SIZE, -EINVAL);
	return 0;
}

static int copy(struct binder_txn *t, struct binder_thread *sender,
		const struct binder_parcel *parcel, bool accepts_fds)
{
	struct binder_pieces pieces;
	int err;

	err = copy_offsets(t, parcel);
	if (err)
		return err;
	binder_pieces_init(&pieces, t,
			   ALIGN(t->data_size, sizeof(u64)) + t->offsets_size,
			   parcel->buffers_size);
	err = binder_pack(t, sender, parcel, accepts_fds, &pieces);
	if (!err)
		err = binder_pieces_copy(&pieces);
	binder_pieces_free(&pieces);
	return err;
}

/**
 * binder_txn_unfill() - undo binder_txn_fill()
 * @t: the message, that nobody was told of
 *
 * Nothing of what was copied stays readable: it was not sent.
 *
 * Context: task context, no lock held, may sleep. The arena is kept by the
 *	caller.
 */
void binder_txn_unfill(struct binder_txn *t)
{
	struct arena *arena = t->to->arena;

	trace_binder_transaction_failed_buffer_release(t);
	binder_fds_drop(t);
	binder_unpack(t, NULL);
	arena_zero(arena, &t->buf, 0, t->buf.range.size);
	arena_release(arena, &t->buf);
}

/* What has no reason of its own. */
static enum binder_why why_not_filled(const struct binder_txn *t, int err)
{
	if (t->why != BINDER_WHY_NONE)
		return t->why;
	return err == -ESRCH ? BINDER_WHY_TARGET_DEAD : BINDER_WHY_NO_MEMORY;
}

static struct binder_failure fill(struct binder_txn *t,
				  struct binder_thread *sender,
				  const struct binder_parcel *parcel,
				  const struct secctx *ctx, bool accepts_fds)
{
	struct binder_failure f = reserve(t, sender, parcel, ctx);
	enum binder_why why;
	int err;

	if (!binder_is_ok(f))
		return f;
	put_secctx(t, ctx);
	err = copy(t, sender, parcel, accepts_fds);
	if (!err)
		return binder_ok;
	binder_txn_unfill(t);
	why = why_not_filled(t, err);
	return err == -ESRCH ? binder_dead(0, why) : binder_failed(err, why);
}

/**
 * binder_txn_fill() - reserve the buffer of a message and put it there
 * @t: the message; @to and @node say where it goes
 * @sender: who sends it, the calling task's thread
 * @parcel: what to send, as user space gave it
 * @accepts_fds: the receiver wants files
 *
 * Context: task context of the sender, no lock held, sleeps. The arena is kept
 *	by the caller.
 * Return: binder_ok, and then the buffer is the transaction's; BR_DEAD_REPLY
 *	with -ESRCH if the receiver has no usable mapping, or with 0 if it has
 *	died; BR_FAILED_REPLY with -EINVAL (sizes), -ENOSPC, -ENOMEM, what
 *	binder_pack() and binder_pieces_copy() return, or what the security
 *	module says.
 */
struct binder_failure binder_txn_fill(struct binder_txn *t,
				      struct binder_thread *sender,
				      const struct binder_parcel *parcel,
				      bool accepts_fds)
{
	struct secctx ctx = {};
	struct binder_failure f;
	int err;

	t->code = parcel->tr->code;
	t->flags = parcel->tr->flags;
	t->data_size = parcel->tr->data_size;
	t->offsets_size = parcel->tr->offsets_size;
	t->from_pid = sender->proc->pid;
	t->from_tid = sender->pid;
	t->sender_euid = task_euid(sender->proc->leader);
	t->nice = task_nice(current);
	trace_binder_transaction(t);
	t->has_secctx = t->node &&
			t->node->flags & FLAT_BINDER_FLAG_TXN_SECURITY_CTX;
	if (t->has_secctx) {
		err = secctx_get(&ctx, sender->proc->cred);
		if (err)
			return binder_failed(err, BINDER_WHY_NO_SECCTX);
	}
	f = fill(t, sender, parcel, &ctx, accepts_fds);
	secctx_put(&ctx);
	return f;
}
