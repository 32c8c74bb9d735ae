/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Scatter-gather: BINDER_TYPE_PTR and BINDER_TYPE_FDA.
 *
 * A PTR object names memory of the sender, a piece, that is copied behind the
 * offsets array. A piece may contain the pointer to another one: a hole in its
 * parent, into which goes where the receiver finds it. An FDA object is a hole,
 * too, for descriptors.
 *
 * Holes are made in ascending order, depth first: a new one lies in the last
 * piece, or in one that this lies in, behind the hole through which it does.
 */
#ifndef BINDER_IPC_POINTER_H
#define BINDER_IPC_POINTER_H

#include <linux/list.h>
#include <linux/types.h>
#include <uapi/linux/android/binder.h>

struct binder_piece;
struct binder_thread;
struct binder_txn;

/**
 * struct binder_pieces - the pieces of a message that is being sent
 * @t: the message
 * @list: all of them, in the order of the objects
 * @at: where the next goes in the buffer, bytes
 * @left: bytes that are left for them
 * @last: the last piece that can have holes, or NULL
 * @min: where in it the next hole may start at the earliest, bytes
 */
struct binder_pieces {
	struct binder_txn *t;
	struct list_head list;
	size_t at;
	size_t left;
	struct binder_piece *last;
	size_t min;
};

/* pointer.c APIs: */
void binder_pieces_init(struct binder_pieces *pieces, struct binder_txn *t,
			size_t at, size_t size);
int binder_pieces_add(struct binder_pieces *pieces, size_t index, size_t offset,
		      struct binder_buffer_object *object);
int binder_pieces_add_fds(struct binder_pieces *pieces,
			  struct binder_thread *sender,
			  const struct binder_fd_array_object *object,
			  bool accepts_fds);
int binder_pieces_copy(struct binder_pieces *pieces);
void binder_pieces_free(struct binder_pieces *pieces);

#endif
