/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Objects: what the offsets array of a message points to. They are rewritten on
 * the way, and the buffer holds a count for each of them until it is freed.
 */
#ifndef BINDER_IPC_OBJECT_H
#define BINDER_IPC_OBJECT_H

#include <linux/types.h>
#include <uapi/linux/android/binder.h>

struct binder_parcel;
struct binder_pieces;
struct binder_thread;
struct binder_txn;

/* object.c APIs: */
int binder_pack(struct binder_txn *t, struct binder_thread *sender,
		const struct binder_parcel *parcel, bool accepts_fds,
		struct binder_pieces *pieces);

/* unpack.c APIs: */
void binder_unpack(struct binder_txn *t, struct binder_thread *closer);

/* What an object may be. */
union binder_object {
	struct binder_object_header hdr;
	struct flat_binder_object flat;
	struct binder_fd_object fd;
	struct binder_buffer_object buffer;
	struct binder_fd_array_object fd_array;
};

/**
 * binder_object_size() - how long an object is
 * @type: its type
 *
 * Return: bytes; 0 if there is no such type.
 */
static inline size_t binder_object_size(__u32 type)
{
	switch (type) {
	case BINDER_TYPE_BINDER:
	case BINDER_TYPE_WEAK_BINDER:
	case BINDER_TYPE_HANDLE:
	case BINDER_TYPE_WEAK_HANDLE:
		return sizeof(struct flat_binder_object);
	case BINDER_TYPE_FD:
		return sizeof(struct binder_fd_object);
	case BINDER_TYPE_PTR:
		return sizeof(struct binder_buffer_object);
	case BINDER_TYPE_FDA:
		return sizeof(struct binder_fd_array_object);
	default:
		return 0;
	}
}

/**
 * binder_object_is_strong() - which count an object stands for
 * @type: its type: a binder or a handle
 *
 * Return: true if it is the strong one.
 */
static inline bool binder_object_is_strong(__u32 type)
{
	return type == BINDER_TYPE_BINDER || type == BINDER_TYPE_HANDLE;
}

#endif
