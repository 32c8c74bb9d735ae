/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parcels: messages with objects in them.
 *
 * A parcel lies on the stage and collects the data of a message and the array
 * that tells where its objects are:
 *
 *	struct parcel *p = parcel();
 *
 *	p_bytes(p, "head", 4);
 *	p_binder(p, ptr, cookie, 0);
 *	bc_send(c, .parcel = p);
 *
 * An object lies where the data ended before, so that it is up to the test
 * whether it is aligned, and what there is in front of it.
 */
#ifndef TESTS_LIB_PARCEL_H
#define TESTS_LIB_PARCEL_H

#include "binder_client.h"

#define PARCEL_DATA	((size_t)16 << 10)
#define PARCEL_OBJECTS	512

/**
 * struct parcel - data and offsets of a message, see parcel()
 * @data: the data, PARCEL_DATA bytes of memory
 * @size: length of the data in bytes
 * @offsets: positions of the objects in @data
 * @n: entries of @offsets
 */
struct parcel {
	u8 *data;
	size_t size;
	binder_size_t *offsets;
	size_t n;
};

/**
 * union object - an object of any type, as it is sent or delivered
 * @hdr: what all have in common: the type
 * @flat: BINDER, WEAK_BINDER, HANDLE and WEAK_HANDLE
 * @fd: FD
 * @ptr: PTR
 * @fda: FDA
 */
union object {
	struct binder_object_header hdr;
	struct flat_binder_object flat;
	struct binder_fd_object fd;
	struct binder_buffer_object ptr;
	struct binder_fd_array_object fda;
};

/* Building. What returns size_t adds an object and tells its index. */
struct parcel *parcel(void);
void p_bytes(struct parcel *p, const void *data, size_t len);
void p_offset(struct parcel *p, binder_size_t offset);
size_t p_object(struct parcel *p, const void *object, size_t len);
size_t p_flat(struct parcel *p, u32 type, u32 flags, u64 value, u64 cookie);
size_t p_binder(struct parcel *p, u64 ptr, u64 cookie, u32 flags);
size_t p_weak_binder(struct parcel *p, u64 ptr, u64 cookie, u32 flags);
size_t p_handle(struct parcel *p, u32 handle);
size_t p_weak_handle(struct parcel *p, u32 handle);
size_t p_fd(struct parcel *p, u32 fd, u64 cookie);
size_t p_ptr(struct parcel *p, const void *addr, size_t len);
size_t p_ptr_in(struct parcel *p, const void *addr, size_t len,
		size_t parent, u64 parent_offset);
size_t p_fda(struct parcel *p, u64 num_fds, size_t parent, u64 parent_offset);
union object *p_at(struct parcel *p, size_t index);

/* What was delivered */
size_t object_size(u32 type);
const char *object_name(u32 type);
size_t bc_objects(const struct binder_transaction_data *t);
const union object *bc_object(struct client *c,
			      const struct binder_transaction_data *t,
			      size_t index);
const char *bc_object_names(struct client *c,
			    const struct binder_transaction_data *t);

#endif /* TESTS_LIB_PARCEL_H */
