// SPDX-License-Identifier: GPL-2.0
/*
 * Scatter-gather, see pointer.h.
 */
#include <linux/align.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "arena/arena.h"
#include "ipc/fd.h"
#include "ipc/pointer.h"
#include "ipc/proc.h"
#include "ipc/thread.h"
#include "ipc/txn.h"

/**
 * struct hole - bytes of a piece that are not copied from the sender
 * @entry: in binder_piece.holes, ascending
 * @at: from the start of the piece, bytes
 * @size: bytes
 * @is_pointer: it is part of the piece that @pointer points to; else it is for
 *	descriptors, which have no numbers yet
 * @pointer: what goes there
 */
struct hole {
	struct list_head entry;
	size_t at;
	size_t size;
	bool is_pointer;
	binder_uintptr_t pointer;
};

/**
 * struct binder_piece - memory of the sender
 * @entry: in binder_pieces.list
 * @index: of the object in the offsets array
 * @from: user address at the sender
 * @length: bytes
 * @at: where it goes in the buffer, bytes
 * @parent: the piece that has the pointer to it, or NULL
 * @hole: that pointer
 * @holes: in it
 */
struct binder_piece {
	struct list_head entry;
	size_t index;
	binder_uintptr_t from;
	size_t length;
	size_t at;
	struct binder_piece *parent;
	struct hole hole;
	struct list_head holes;
};

/* Where a hole goes: its piece, and how far the next must be behind the start. */
struct place {
	struct binder_piece *piece;
	size_t min;
};

/**
 * binder_pieces_init() - a message that may have pieces
 * @pieces: to fill in
 * @t: the message
 * @at: where in its buffer the first goes, bytes
 * @size: bytes there for all of them
 *
 * Context: any.
 */
void binder_pieces_init(struct binder_pieces *pieces, struct binder_txn *t,
			size_t at, size_t size)
{
	*pieces = (struct binder_pieces) { .t = t, .at = at, .left = size };
	INIT_LIST_HEAD(&pieces->list);
}

/* Looks for the piece of object @parent, from the last one upwards. */
static bool find_place(struct binder_pieces *pieces, binder_size_t parent,
		       struct place *place)
{
	struct binder_piece *piece = pieces->last;
	size_t min = pieces->min;

	while (piece && piece->index != parent) {
		if (piece->parent)
			min = piece->hole.at + sizeof(binder_uintptr_t);
		piece = piece->parent;
	}
	*place = (struct place) { piece, min };
	return piece;
}

/* Is there room for a hole of @size at @at? */
static bool fits(const struct place *place, binder_size_t at, size_t size)
{
	return at >= place->min && size <= place->piece->length &&
	       at <= place->piece->length - size;
}

static int add_hole(struct binder_pieces *pieces,
		    const struct binder_buffer_object *object,
		    struct binder_piece *piece)
{
	struct place place;

	if (!find_place(pieces, object->parent, &place))
		return binder_because(pieces->t, BINDER_WHY_PTR_PARENT,
				      -EINVAL);
	if (!fits(&place, object->parent_offset, sizeof(binder_uintptr_t)))
		return binder_because(pieces->t, BINDER_WHY_PTR_PLACE, -EINVAL);
	piece->parent = place.piece;
	piece->hole.at = object->parent_offset;
	piece->hole.size = sizeof(binder_uintptr_t);
	piece->hole.is_pointer = true;
	piece->hole.pointer = object->buffer;
	list_add_tail(&piece->hole.entry, &place.piece->holes);
	return 0;
}

/**
 * binder_pieces_add() - a PTR object
 * @pieces: those before it
 * @index: of the object in the offsets array
 * @offset: of the object in the data, bytes
 * @object: the object; gets the address at the receiver
 *
 * Context: task context, may sleep.
 * Return: 0; -EINVAL if there is no room for the piece, or its pointer may not
 *	be where it is said to be; -ENOMEM.
 */
int binder_pieces_add(struct binder_pieces *pieces, size_t index, size_t offset,
		      struct binder_buffer_object *object)
{
	struct binder_piece *piece;

	if (object->length > pieces->left)
		return binder_because(pieces->t, BINDER_WHY_PTR_SIZE, -EINVAL);
	piece = kzalloc(sizeof(*piece), GFP_KERNEL_ACCOUNT);
	if (!piece)
		return -ENOMEM;
	piece->index = index;
	piece->from = object->buffer;
	piece->length = object->length;
	piece->at = pieces->at;
	INIT_LIST_HEAD(&piece->holes);
	list_add_tail(&piece->entry, &pieces->list);
	object->buffer = arena_user_addr(pieces->t->to->arena, &pieces->t->buf) +
			 piece->at;
	if (object->flags & BINDER_BUFFER_FLAG_HAS_PARENT) {
		int err = add_hole(pieces, object, piece);

		if (err)
			return err;
	}
	pieces->at += ALIGN(piece->length, sizeof(u64));
	pieces->left -= min(pieces->left, ALIGN(piece->length, sizeof(u64)));
	/* The first bytes of the data never hold a parent: old clients know. */
	pieces->last = offset ? piece : NULL;
	pieces->min = 0;
	return 0;
}

static int add_fds(struct binder_pieces *pieces, struct binder_thread *sender,
		   const struct binder_piece *piece, size_t at, size_t nr,
		   bool accepts_fds)
{
	const u32 __user *from = u64_to_user_ptr(piece->from + at);
	size_t i;

	for (i = 0; i < nr; i++) {
		u32 fd;
		int err;

		if (get_user(fd, from + i))
			return binder_because(pieces->t, BINDER_WHY_FDA_FAULT,
					      -EINVAL);
		err = binder_fd_add(pieces->t, sender, fd,
				    piece->at + at + i * sizeof(fd),
				    accepts_fds);
		if (err)
			return err;
	}
	return 0;
}

/**
 * binder_pieces_add_fds() - an FDA object
 * @pieces: those before it
 * @sender: who sends it, the calling task's thread
 * @object: the object
 * @accepts_fds: the receiver wants files
 *
 * Context: task context, no lock held, may sleep.
 * Return: 0; -EINVAL if the array may not be where it is said to be; else see
 *	binder_fd_add().
 */
int binder_pieces_add_fds(struct binder_pieces *pieces,
			  struct binder_thread *sender,
			  const struct binder_fd_array_object *object,
			  bool accepts_fds)
{
	binder_size_t at = object->parent_offset;
	struct place place;
	struct hole *hole;
	size_t size;

	if (!find_place(pieces, object->parent, &place))
		return binder_because(pieces->t, BINDER_WHY_FDA_PARENT,
				      -EINVAL);
	/* An empty array may be anywhere, but what follows is behind it. */
	pieces->last = place.piece;
	pieces->min = at;
	if (!object->num_fds)
		return 0;
	if (object->num_fds > place.piece->length / sizeof(u32))
		return binder_because(pieces->t, BINDER_WHY_FDA_PLACE, -EINVAL);
	size = object->num_fds * sizeof(u32);
	if (!fits(&place, at, size) ||
	    !IS_ALIGNED((place.piece->from + at) | (place.piece->at + at),
			sizeof(u32)))
		return binder_because(pieces->t, BINDER_WHY_FDA_PLACE, -EINVAL);
	hole = kzalloc(sizeof(*hole), GFP_KERNEL_ACCOUNT);
	if (!hole)
		return -ENOMEM;
	hole->at = at;
	hole->size = size;
	list_add_tail(&hole->entry, &place.piece->holes);
	pieces->min = at + size;
	return add_fds(pieces, sender, place.piece, at, object->num_fds,
		       accepts_fds);
}

static int copy_part(struct binder_txn *t, const struct binder_piece *piece,
		     size_t at, size_t end)
{
	if (at == end)
		return 0;
	if (arena_copy_from_user(t->to->arena, &t->buf, piece->at + at,
				 u64_to_user_ptr(piece->from + at), end - at))
		return binder_because(t, BINDER_WHY_PTR_FAULT, -EINVAL);
	return 0;
}

static int fill_hole(struct binder_txn *t, const struct binder_piece *piece,
		     const struct hole *hole)
{
	size_t at = piece->at + hole->at;

	if (!IS_ALIGNED(at, sizeof(u32)))
		return binder_because(t, BINDER_WHY_PTR_PLACE, -EINVAL);
	if (!hole->is_pointer)
		return arena_zero(t->to->arena, &t->buf, at, hole->size);
	return arena_write(t->to->arena, &t->buf, at, &hole->pointer,
			   hole->size);
}

static int copy_piece(struct binder_txn *t, const struct binder_piece *piece)
{
	const struct hole *hole;
	size_t at = 0;
	int err;

	list_for_each_entry(hole, &piece->holes, entry) {
		err = copy_part(t, piece, at, hole->at);
		if (!err)
			err = fill_hole(t, piece, hole);
		if (err)
			return err;
		at = hole->at + hole->size;
	}
	return copy_part(t, piece, at, piece->length);
}

/**
 * binder_pieces_copy() - copy what the objects point to
 * @pieces: all of the message
 *
 * Context: task context of the sender, no lock held, sleeps in its page faults.
 * Return: 0; -EINVAL if a piece is not readable, or a pointer is not aligned.
 */
int binder_pieces_copy(struct binder_pieces *pieces)
{
	const struct binder_piece *piece;

	list_for_each_entry(piece, &pieces->list, entry) {
		int err = copy_piece(pieces->t, piece);

		if (err)
			return err;
	}
	return 0;
}

static void free_holes(struct binder_piece *piece)
{
	struct hole *hole, *next;

	list_for_each_entry_safe(hole, next, &piece->holes, entry) {
		if (!hole->is_pointer)
			kfree(hole);
	}
}

/**
 * binder_pieces_free() - the message is complete, or has failed
 * @pieces: all of it
 *
 * Context: any.
 */
void binder_pieces_free(struct binder_pieces *pieces)
{
	struct binder_piece *piece, *next;

	/* Holes lie in other pieces than the one that they are listed in. */
	list_for_each_entry(piece, &pieces->list, entry)
		free_holes(piece);
	list_for_each_entry_safe(piece, next, &pieces->list, entry)
		kfree(piece);
}
