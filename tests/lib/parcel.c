// SPDX-License-Identifier: GPL-2.0
/*
 * Parcels: building messages with objects, and reading what was delivered.
 */
#include <stdio.h>
#include <string.h>

#include "parcel.h"

/**
 * parcel() - begin a message
 *
 * It lies in scratch memory of the stage, and thus lasts for a good while.
 *
 * Return: the empty parcel.
 */
struct parcel *parcel(void)
{
	struct parcel *p = stage_scratch(sizeof(*p));

	*p = (struct parcel) {
		.data = stage_scratch(PARCEL_DATA),
		.offsets = stage_scratch(PARCEL_OBJECTS * sizeof(*p->offsets)),
	};
	return p;
}

/**
 * p_bytes() - append bytes that are no object
 * @p: the parcel
 * @data: the bytes
 * @len: how many
 */
void p_bytes(struct parcel *p, const void *data, size_t len)
{
	if (len > PARCEL_DATA - p->size)
		test_abort("parcel full");
	memcpy(p->data + p->size, data, len);
	p->size += len;
}

/**
 * p_offset() - append an entry to the offsets, whatever lies there
 * @p: the parcel
 * @offset: in bytes
 */
void p_offset(struct parcel *p, binder_size_t offset)
{
	if (p->n == PARCEL_OBJECTS)
		test_abort("parcel full of objects");
	p->offsets[p->n++] = offset;
}

/**
 * p_object() - append any object
 * @p: the parcel
 * @object: the object
 * @len: its length in bytes
 *
 * Return: its index in the offsets.
 */
size_t p_object(struct parcel *p, const void *object, size_t len)
{
	p_offset(p, p->size);
	p_bytes(p, object, len);
	return p->n - 1;
}

/**
 * p_flat() - append an object that is a struct flat_binder_object
 * @p: the parcel
 * @type: BINDER_TYPE_ code
 * @flags: flags
 * @value: all 64 bits of the field for the ptr or the handle
 * @cookie: cookie
 *
 * Return: its index in the offsets.
 */
size_t p_flat(struct parcel *p, u32 type, u32 flags, u64 value, u64 cookie)
{
	struct flat_binder_object o = {
		.hdr.type = type,
		.flags = flags,
		.binder = value,
		.cookie = cookie,
	};

	return p_object(p, &o, sizeof(o));
}

/**
 * p_binder() - append a BINDER object: the sender's own, strongly
 * @p: the parcel
 * @ptr: the sender's name for it
 * @cookie: what goes with it
 * @flags: flags; FLAT_BINDER_FLAG_ACCEPTS_FDS matters when it is sent first
 *
 * Return: its index in the offsets.
 */
size_t p_binder(struct parcel *p, u64 ptr, u64 cookie, u32 flags)
{
	return p_flat(p, BINDER_TYPE_BINDER, flags, ptr, cookie);
}

/**
 * p_weak_binder() - append a WEAK_BINDER object: the sender's own, weakly
 * @p: the parcel
 * @ptr: the sender's name for it
 * @cookie: what goes with it
 * @flags: as for p_binder()
 *
 * Return: its index in the offsets.
 */
size_t p_weak_binder(struct parcel *p, u64 ptr, u64 cookie, u32 flags)
{
	return p_flat(p, BINDER_TYPE_WEAK_BINDER, flags, ptr, cookie);
}

/**
 * p_handle() - append a HANDLE object: somebody else's, strongly
 * @p: the parcel
 * @handle: the sender's handle
 *
 * Return: its index in the offsets.
 */
size_t p_handle(struct parcel *p, u32 handle)
{
	return p_flat(p, BINDER_TYPE_HANDLE, 0, handle, 0);
}

/**
 * p_weak_handle() - append a WEAK_HANDLE object: somebody else's, weakly
 * @p: the parcel
 * @handle: the sender's handle
 *
 * Return: its index in the offsets.
 */
size_t p_weak_handle(struct parcel *p, u32 handle)
{
	return p_flat(p, BINDER_TYPE_WEAK_HANDLE, 0, handle, 0);
}

/**
 * p_fd() - append an FD object
 * @p: the parcel
 * @fd: descriptor, in the sender's process
 * @cookie: what goes with it
 *
 * Return: its index in the offsets.
 */
size_t p_fd(struct parcel *p, u32 fd, u64 cookie)
{
	return p_flat(p, BINDER_TYPE_FD, 0, fd, cookie);
}

/**
 * p_ptr() - append a PTR object
 * @p: the parcel, to be sent with .sg = room for all buffers
 * @addr: the buffer, on the stage or in the sender's memory
 * @len: its length in bytes
 *
 * Return: its index in the offsets.
 */
size_t p_ptr(struct parcel *p, const void *addr, size_t len)
{
	struct binder_buffer_object o = {
		.hdr.type = BINDER_TYPE_PTR,
		.buffer = (binder_uintptr_t)addr,
		.length = len,
	};

	return p_object(p, &o, sizeof(o));
}

/**
 * p_ptr_in() - append a PTR object that another buffer points to
 * @p: the parcel
 * @addr: the buffer
 * @len: its length in bytes
 * @parent: index of the PTR object whose buffer holds the pointer
 * @parent_offset: where the pointer lies in that buffer, in bytes
 *
 * Return: its index in the offsets.
 */
size_t p_ptr_in(struct parcel *p, const void *addr, size_t len,
		size_t parent, u64 parent_offset)
{
	struct binder_buffer_object o = {
		.hdr.type = BINDER_TYPE_PTR,
		.flags = BINDER_BUFFER_FLAG_HAS_PARENT,
		.buffer = (binder_uintptr_t)addr,
		.length = len,
		.parent = parent,
		.parent_offset = parent_offset,
	};

	return p_object(p, &o, sizeof(o));
}

/**
 * p_fda() - append an FDA object: descriptors that lie in a buffer
 * @p: the parcel
 * @num_fds: how many
 * @parent: index of the PTR object whose buffer holds them
 * @parent_offset: where the first lies in that buffer, in bytes
 *
 * Return: its index in the offsets.
 */
size_t p_fda(struct parcel *p, u64 num_fds, size_t parent, u64 parent_offset)
{
	struct binder_fd_array_object o = {
		.hdr.type = BINDER_TYPE_FDA,
		.num_fds = num_fds,
		.parent = parent,
		.parent_offset = parent_offset,
	};

	return p_object(p, &o, sizeof(o));
}

/**
 * p_at() - an object of a parcel, to be changed
 * @p: the parcel
 * @index: index in the offsets
 *
 * Return: the object in the parcel's data; 4 bytes aligned or worse.
 */
union object *p_at(struct parcel *p, size_t index)
{
	if (index >= p->n || p->offsets[index] >= p->size)
		test_abort("there is no object %zu", index);
	return (union object *)(p->data + p->offsets[index]);
}

static const struct {
	u32 type;
	size_t size;
	const char *name;
} types[] = {
	{ BINDER_TYPE_BINDER, sizeof(struct flat_binder_object), "BINDER" },
	{ BINDER_TYPE_WEAK_BINDER, sizeof(struct flat_binder_object),
	  "WEAK_BINDER" },
	{ BINDER_TYPE_HANDLE, sizeof(struct flat_binder_object), "HANDLE" },
	{ BINDER_TYPE_WEAK_HANDLE, sizeof(struct flat_binder_object),
	  "WEAK_HANDLE" },
	{ BINDER_TYPE_FD, sizeof(struct binder_fd_object), "FD" },
	{ BINDER_TYPE_PTR, sizeof(struct binder_buffer_object), "PTR" },
	{ BINDER_TYPE_FDA, sizeof(struct binder_fd_array_object), "FDA" },
};

/**
 * object_size() - length of an object
 * @type: BINDER_TYPE_ code
 *
 * Return: the length in bytes, 0 if there is no such type.
 */
size_t object_size(u32 type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (types[i].type == type)
			return types[i].size;
	return 0;
}

/**
 * object_name() - short name of a type of objects
 * @type: BINDER_TYPE_ code
 *
 * Return: its name as tests write it, or the number.
 */
const char *object_name(u32 type)
{
	static char unknown[16];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (types[i].type == type)
			return types[i].name;
	snprintf(unknown, sizeof(unknown), "%#x", type);
	return unknown;
}

/**
 * bc_objects() - number of objects of a received message
 * @t: the message
 *
 * Return: the number of entries in its offsets array.
 */
size_t bc_objects(const struct binder_transaction_data *t)
{
	return t->offsets_size / sizeof(binder_size_t);
}

/**
 * bc_object() - an object of a received message
 * @c: the receiver, which has not freed the buffer
 * @t: the message
 * @index: of the object in the offsets
 *
 * The test fails if there is no such object or the receiver cannot read it.
 *
 * Return: a copy on the stage, 0 behind its end.
 */
const union object *bc_object(struct client *c,
			      const struct binder_transaction_data *t,
			      size_t index)
{
	union object *o = stage_scratch(sizeof(*o));
	const binder_size_t *offset;
	binder_uintptr_t addr;
	const void *copy;
	const u32 *type;

	if (index >= bc_objects(t))
		test_abort("%s: only %zu objects", c->a->name, bc_objects(t));
	offset = bc_peek(c, t->data.ptr.offsets + index * sizeof(*offset),
			 sizeof(*offset));
	if (!offset)
		test_abort("%s cannot read the offsets", c->a->name);
	addr = t->data.ptr.buffer + *offset;
	type = bc_peek(c, addr, sizeof(*type));
	copy = type ? bc_peek(c, addr, object_size(*type)) : NULL;
	if (!copy)
		test_abort("%s cannot read object %zu", c->a->name, index);
	memset(o, 0, sizeof(*o));
	memcpy(o, copy, object_size(*type));
	o->hdr.type = *type;
	return o;
}

/**
 * bc_object_names() - types of all objects of a received message
 * @c: the receiver, which has not freed the buffer
 * @t: the message
 *
 * Return: for example "HANDLE FD", on the stage.
 */
const char *bc_object_names(struct client *c,
			    const struct binder_transaction_data *t)
{
	size_t n = bc_objects(t), i, len = 0, size = 16 * (n + 1);
	char *text = stage_scratch(size);

	*text = 0;
	for (i = 0; i < n; i++)
		len += snprintf(text + len, size - len, "%s%s", i ? " " : "",
				object_name(bc_object(c, t, i)->hdr.type));
	return text;
}
