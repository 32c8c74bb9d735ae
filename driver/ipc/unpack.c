// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a buffer: the counts that its objects hold are given back.
 *
 * What they are is read from the buffer, which the receiver cannot have changed.
 * It may have given back more than it had, though: a handle that is not there
 * any more is passed over.
 */
#include <linux/align.h>

#include "arena/arena.h"
#include "ipc/fd.h"
#include "ipc/node.h"
#include "ipc/object.h"
#include "ipc/proc.h"
#include "ipc/ref.h"
#include "ipc/txn.h"

static void read_object(struct binder_txn *t, size_t index,
			union binder_object *object)
{
	binder_size_t offset;

	binder_txn_read(t, ALIGN(t->data_size, sizeof(u64)) +
			index * sizeof(offset), &offset, sizeof(offset));
	binder_txn_read(t, offset, &object->hdr, sizeof(object->hdr));
	binder_txn_read(t, offset, object, binder_object_size(object->hdr.type));
}

static void unpack_binder(struct binder_proc *proc,
			  const struct flat_binder_object *object)
{
	struct binder_node *node = binder_node_find(proc, object->binder);

	if (!node)
		return;
	binder_node_dec_local(node, binder_object_is_strong(object->hdr.type));
	binder_node_put(node);
}

static void close_fds(struct binder_txn *t, struct binder_thread *closer,
		      const struct binder_fd_array_object *object)
{
	union binder_object parent;
	size_t at, i;
	u32 fd;

	read_object(t, object->parent, &parent);
	at = parent.buffer.buffer - arena_user_addr(t->to->arena, &t->buf) +
	     object->parent_offset;
	for (i = 0; i < object->num_fds; i++) {
		binder_txn_read(t, at + i * sizeof(fd), &fd, sizeof(fd));
		binder_fd_close(closer, fd);
	}
}

/**
 * binder_unpack() - give back what the objects of a buffer hold
 * @t: the message; its buffer is not with the user (any more)
 * @closer: the thread that frees the buffer, in which the descriptors that
 *	belong to it are closed; NULL if there are none yet, or none any more
 *
 * Context: task context, no lock held, may sleep.
 */
void binder_unpack(struct binder_txn *t, struct binder_thread *closer)
{
	size_t i;

	/* A process that dies gives everything back at once, in its own order. */
	if (READ_ONCE(t->to->dead))
		return;
	for (i = 0; i < t->nr_objects; i++) {
		union binder_object object;

		read_object(t, i, &object);
		switch (object.hdr.type) {
		case BINDER_TYPE_BINDER:
		case BINDER_TYPE_WEAK_BINDER:
			unpack_binder(t->to, &object.flat);
			break;
		case BINDER_TYPE_HANDLE:
		case BINDER_TYPE_WEAK_HANDLE:
			binder_ref_dec(t->to, object.flat.handle,
				       binder_object_is_strong(object.hdr.type));
			break;
		case BINDER_TYPE_FDA:
			if (closer)
				close_fds(t, closer, &object.fd_array);
			break;
		}
	}
	t->nr_objects = 0;
}
