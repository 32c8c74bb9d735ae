// SPDX-License-Identifier: GPL-2.0
/*
 * What is in a buffer: data, offsets array, security context, in this order,
 * each padded to 8 bytes.
 */
#include <linux/align.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/security.h>
#include <uapi/linux/android/binder.h>

#include "arena/arena.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/txn.h"

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

/* To a multiple of 8; false if there is none that large. */
static bool pad(size_t bytes, size_t *padded)
{
	*padded = ALIGN(bytes, sizeof(u64));
	return *padded >= bytes;
}

static bool buffer_size(const struct binder_transaction_data *tr,
			const struct secctx *ctx, size_t *size)
{
	size_t data, offsets, extra;

	if (!pad(tr->data_size, &data) || !pad(tr->offsets_size, &offsets) ||
	    !pad(ctx->len, &extra) ||
	    check_add_overflow(data, offsets, size) ||
	    check_add_overflow(*size, extra, size))
		return false;
	*size = max(*size, sizeof(u64));
	return true;
}

static struct binder_failure reserve(struct binder_txn *t,
				     const struct binder_transaction_data *tr,
				     const struct secctx *ctx)
{
	struct arena *arena = t->to->arena;
	size_t size;
	int err;

	if (!arena_is_mapped(arena))
		return binder_dead(-ESRCH);
	if (!buffer_size(tr, ctx, &size))
		return binder_failed(-EINVAL);
	err = arena_reserve(arena, &t->buf, size,
			    binder_txn_is_oneway(t) && !binder_txn_is_reply(t));
	if (err == -ESRCH)
		return binder_dead(err);
	return err ? binder_failed(err) : binder_ok;
}

/* Objects are not known yet: an entry in the offsets array is of no known type. */
static int copy(struct binder_txn *t, const struct binder_transaction_data *tr,
		const struct secctx *ctx)
{
	struct arena *arena = t->to->arena;
	const void __user *data = u64_to_user_ptr(tr->data.ptr.buffer);
	const void __user *offsets = u64_to_user_ptr(tr->data.ptr.offsets);
	int err;

	if (ctx->len) {
		t->secctx = t->buf.range.size - ALIGN(ctx->len, sizeof(u64));
		err = arena_write(arena, &t->buf, t->secctx, ctx->text, ctx->len);
		if (err)
			return err;
	}
	if (tr->offsets_size) {
		err = arena_copy_from_user(arena, &t->buf,
					   ALIGN(tr->data_size, sizeof(u64)),
					   offsets, tr->offsets_size);
		return err ?: -EINVAL;
	}
	return arena_copy_from_user(arena, &t->buf, 0, data, tr->data_size);
}

static struct binder_failure fill(struct binder_txn *t,
				  const struct binder_transaction_data *tr,
				  const struct secctx *ctx)
{
	struct binder_failure f = reserve(t, tr, ctx);
	int err;

	if (!binder_is_ok(f))
		return f;
	err = copy(t, tr, ctx);
	if (!err)
		return binder_ok;
	arena_zero(t->to->arena, &t->buf, 0, t->buf.range.size);
	arena_release(t->to->arena, &t->buf);
	return binder_failed(err);
}

/**
 * binder_txn_fill() - reserve the buffer of a message and put it there
 * @t: the message; @to and @node say where it goes
 * @tr: what to send, as user space gave it
 * @sender: whose security context a node gets that asks for it; NULL: nobody's
 *
 * If it fails halfway nothing of what was copied stays readable: it was not
 * sent.
 *
 * Context: task context of the sender, no lock held, sleeps. The arena is kept
 *	by the caller.
 * Return: binder_ok, and then the buffer is the transaction's; BR_DEAD_REPLY
 *	with -ESRCH if the receiver has no usable mapping; BR_FAILED_REPLY with
 *	-EINVAL (sizes, objects), -ENOSPC, -ENOMEM, -EFAULT (the sender's
 *	memory), or what the security module says.
 */
struct binder_failure binder_txn_fill(struct binder_txn *t,
				      const struct binder_transaction_data *tr,
				      const struct cred *sender)
{
	struct secctx ctx = {};
	struct binder_failure f;
	int err;

	t->code = tr->code;
	t->flags = tr->flags;
	t->data_size = tr->data_size;
	t->offsets_size = tr->offsets_size;
	t->has_secctx = sender &&
			t->node->flags & FLAT_BINDER_FLAG_TXN_SECURITY_CTX;
	if (t->has_secctx) {
		err = secctx_get(&ctx, sender);
		if (err)
			return binder_failed(err);
	}
	f = fill(t, tr, &ctx);
	secctx_put(&ctx);
	return f;
}
