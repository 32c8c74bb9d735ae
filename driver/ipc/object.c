// SPDX-License-Identifier: GPL-2.0
/*
 * The data of a message: copied from one object to the next, each object
 * translated from what it is to the sender into what it is to the receiver.
 *
 * No byte of the sender is read twice: the data between two objects goes
 * straight into the buffer, an object goes through here.
 */
#include <linux/align.h>
#include <linux/security.h>
#include <linux/uaccess.h>

#include "arena/arena.h"
#include "ipc/fd.h"
#include "ipc/node.h"
#include "ipc/object.h"
#include "ipc/pointer.h"
#include "ipc/proc.h"
#include "ipc/ref.h"
#include "ipc/thread.h"
#include "ipc/txn.h"
#include "report/trace.h"

/*
 * A message at work. @data are the sender's bytes, @size of them, @done of
 * which are in the buffer.
 */
struct packer {
	struct binder_txn *t;
	struct binder_thread *sender;
	struct binder_pieces *pieces;
	bool accepts_fds;
	const void __user *data;
	binder_size_t size;
	binder_size_t done;
};

/* Copies the data up to @end. */
static int copy_data(struct packer *p, binder_size_t end)
{
	int err;

	if (end == p->done)
		return 0;
	if (end < p->done || end > p->size)
		return binder_because(p->t, BINDER_WHY_ORDER, -EFAULT);
	err = arena_copy_from_user(p->t->to->arena, &p->t->buf, p->done,
				   p->data + p->done, end - p->done);
	p->done = end;
	return err ? binder_because(p->t, BINDER_WHY_DATA_FAULT, err) : 0;
}

/* Reads the object at @offset. Returns its size, or -EINVAL. */
static ssize_t read_object(struct packer *p, binder_size_t offset,
			   union binder_object *object)
{
	const void __user *from = p->data + offset;
	size_t size;

	/* Not beyond the end: the data up to it has been copied. */
	if (!IS_ALIGNED(offset, sizeof(u32)) ||
	    p->size - offset < sizeof(object->hdr))
		return binder_because(p->t, BINDER_WHY_OBJECT_OFFSET, -EINVAL);
	if (copy_from_user(&object->hdr, from, sizeof(object->hdr)))
		return binder_because(p->t, BINDER_WHY_OBJECT_FAULT, -EINVAL);
	size = binder_object_size(object->hdr.type);
	if (!size)
		return binder_because(p->t, BINDER_WHY_OBJECT_TYPE, -EINVAL);
	if (p->size - offset < size)
		return binder_because(p->t, BINDER_WHY_OBJECT_CUT, -EINVAL);
	if (copy_from_user(&object->hdr + 1, from + sizeof(object->hdr),
			   size - sizeof(object->hdr)))
		return binder_because(p->t, BINDER_WHY_OBJECT_FAULT, -EINVAL);
	return size;
}

static void make_handle(struct flat_binder_object *object, bool strong,
			u32 handle)
{
	object->hdr.type = strong ? BINDER_TYPE_HANDLE :
				    BINDER_TYPE_WEAK_HANDLE;
	object->binder = 0;
	object->handle = handle;
	object->cookie = 0;
}

static int may_transfer(struct packer *p)
{
	if (security_binder_transfer_binder(p->sender->proc->cred,
					    p->t->to->cred))
		return binder_because(p->t, BINDER_WHY_OBJECT_FORBIDDEN,
				      -EPERM);
	return 0;
}

/* The sender's own node becomes a handle. */
static int pack_binder(struct packer *p, struct flat_binder_object *object)
{
	bool strong = binder_object_is_strong(object->hdr.type);
	struct binder_ref_name dest;
	struct binder_node *node;
	int err;

	node = binder_node_hold_own(p->sender->proc, object);
	if (node == ERR_PTR(-EINVAL))
		return binder_because(p->t, BINDER_WHY_OBJECT_COOKIE, -EINVAL);
	if (IS_ERR(node))
		return PTR_ERR(node);
	err = may_transfer(p);
	if (!err)
		err = binder_ref_add(p->t->to, node, strong, p->sender, &dest);
	if (!err) {
		trace_binder_transaction_node_to_ref(p->t, node, &dest);
		make_handle(object, strong, dest.handle);
	}
	binder_node_unhold(node, false);
	binder_node_put(node);
	return err;
}

/* The receiver gets its own node back, with a local count. */
static void give_back(struct binder_node *node, bool strong,
		      struct flat_binder_object *object)
{
	object->hdr.type = strong ? BINDER_TYPE_BINDER :
				    BINDER_TYPE_WEAK_BINDER;
	object->binder = node->ptr;
	object->cookie = node->cookie;
	binder_node_inc_local(node, strong);
}

/* The sender's handle becomes another handle, or the receiver's own node. */
static int pack_handle(struct packer *p, struct flat_binder_object *object)
{
	bool strong = binder_object_is_strong(object->hdr.type);
	struct binder_ref_name src = { .handle = object->handle }, dest;
	struct binder_node *node;
	int err;

	node = binder_ref_hold_node(p->sender->proc, src.handle, strong,
				    &src.id);
	if (!node)
		return binder_because(p->t, BINDER_WHY_OBJECT_HANDLE, -EINVAL);
	err = may_transfer(p);
	if (!err && node->proc == p->t->to) {
		trace_binder_transaction_ref_to_node(p->t, node, &src);
		give_back(node, strong, object);
	} else if (!err) {
		err = binder_ref_add(p->t->to, node, strong, NULL, &dest);
		if (!err) {
			trace_binder_transaction_ref_to_ref(p->t, node, &src,
							    &dest);
			make_handle(object, strong, dest.handle);
		}
	}
	binder_node_unhold(node, strong);
	binder_node_put(node);
	return err;
}

static int pack_fd(struct packer *p, struct binder_fd_object *object,
		   binder_size_t offset)
{
	u32 fd = object->fd;

	object->pad_binder = 0;
	return binder_fd_add(p->t, p->sender, fd,
			     offset + offsetof(struct binder_fd_object, fd),
			     p->accepts_fds);
}

static int translate(struct packer *p, size_t index, binder_size_t offset,
		     union binder_object *object)
{
	switch (object->hdr.type) {
	case BINDER_TYPE_BINDER:
	case BINDER_TYPE_WEAK_BINDER:
		return pack_binder(p, &object->flat);
	case BINDER_TYPE_HANDLE:
	case BINDER_TYPE_WEAK_HANDLE:
		return pack_handle(p, &object->flat);
	case BINDER_TYPE_FD:
		return pack_fd(p, &object->fd, offset);
	case BINDER_TYPE_PTR:
		return binder_pieces_add(p->pieces, index, offset,
					 &object->buffer);
	default: /* BINDER_TYPE_FDA: read_object() knows no other */
		return binder_pieces_add_fds(p->pieces, p->sender,
					     &object->fd_array,
					     p->accepts_fds);
	}
}

static int pack_object(struct packer *p, size_t index, binder_size_t offset)
{
	union binder_object object;
	ssize_t size;
	int err;

	err = copy_data(p, offset);
	if (err)
		return err;
	size = read_object(p, offset, &object);
	if (size < 0)
		return size;
	err = translate(p, index, offset, &object);
	if (err)
		return err;
	/* It has its count: from here on binder_unpack() takes it back. */
	p->t->nr_objects = index + 1;
	p->done = offset + size;
	return arena_write(p->t->to->arena, &p->t->buf, offset, &object, size);
}

/**
 * binder_pack() - copy the data of a message, and translate its objects
 * @t: the message, with a buffer and with the offsets array in it
 * @sender: who sends it, the calling task's thread
 * @parcel: what to send
 * @accepts_fds: the receiver wants files
 * @pieces: where PTR objects go, see binder_pieces_init()
 *
 * If it fails binder_unpack() and binder_fds_drop() undo what it has done.
 *
 * Context: task context of the sender, no lock held, sleeps in its page faults.
 * Return: 0; -EFAULT if data is not readable, or objects overlap or are not in
 *	ascending order; -EINVAL if an object is not readable, not one, cut
 *	off, or names what is not there; -EPERM, -EBADF (see
 *	binder_fd_add()); -ESRCH if the receiver died; -ENOMEM.
 */
int binder_pack(struct binder_txn *t, struct binder_thread *sender,
		const struct binder_parcel *parcel, bool accepts_fds,
		struct binder_pieces *pieces)
{
	struct packer p = {
		.t = t,
		.sender = sender,
		.pieces = pieces,
		.accepts_fds = accepts_fds,
		.data = u64_to_user_ptr(parcel->tr->data.ptr.buffer),
		.size = t->data_size,
	};
	size_t offsets = ALIGN(t->data_size, sizeof(u64));
	size_t i, nr = t->offsets_size / sizeof(binder_size_t);

	for (i = 0; i < nr; i++) {
		binder_size_t offset;
		int err;

		binder_txn_read(t, offsets + i * sizeof(offset), &offset,
				sizeof(offset));
		err = pack_object(&p, i, offset);
		if (err)
			return err;
	}
	return copy_data(&p, p.size);
}
