// SPDX-License-Identifier: GPL-2.0
/*
 * Writing and reading messages; letter.h says how they are made.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "letter.h"

#define OBJECT_FLAGS	(0x7f | FLAT_BINDER_FLAG_ACCEPTS_FDS)

static size_t round8(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

static void *piece(struct letter *l, size_t len)
{
	size_t need = l->size + round8(len);
	void *p;

	if (need > l->room) {
		l->room = need * 2;
		l->data = realloc(l->data, l->room);
		if (!l->data)
			test_abort("no memory for a message");
	}
	p = l->data + l->size;
	memset(p, 0, round8(len));
	l->size = need;
	return p;
}

static void *object(struct letter *l, size_t len)
{
	if (l->nr_objects == LETTER_OBJECTS)
		test_abort("more than %d objects in a message", LETTER_OBJECTS);
	l->objects[l->nr_objects++] = l->size;
	return piece(l, len);
}

/**
 * letter_u64() - write a number
 * @l: the letter
 * @value: the number
 */
void letter_u64(struct letter *l, u64 value)
{
	letter_bytes(l, &value, sizeof(value));
}

/**
 * letter_bytes() - write bytes
 * @l: the letter
 * @p: the bytes, copied
 * @len: how many
 */
void letter_bytes(struct letter *l, const void *p, size_t len)
{
	if (len)
		memcpy(piece(l, len), p, len);
}

/**
 * letter_binder() - write an object of the sender's own
 * @l: the letter
 * @ptr: its name
 * @cookie: its cookie
 */
void letter_binder(struct letter *l, binder_uintptr_t ptr, u64 cookie)
{
	struct flat_binder_object *o = object(l, sizeof(*o));

	o->hdr.type = BINDER_TYPE_BINDER;
	o->flags = OBJECT_FLAGS;
	o->binder = ptr;
	o->cookie = cookie;
}

/**
 * letter_handle() - write an object of somebody else's
 * @l: the letter
 * @handle: the sender's handle
 */
void letter_handle(struct letter *l, u32 handle)
{
	struct flat_binder_object *o = object(l, sizeof(*o));

	o->hdr.type = BINDER_TYPE_HANDLE;
	o->flags = OBJECT_FLAGS;
	o->handle = handle;
}

/**
 * letter_fd() - write a file descriptor
 * @l: the letter
 * @fd: the descriptor, which the sender keeps
 */
void letter_fd(struct letter *l, int fd)
{
	struct binder_fd_object *o = object(l, sizeof(*o));

	o->hdr.type = BINDER_TYPE_FD;
	o->fd = fd;
}

/**
 * letter_own_fd() - write a file descriptor, and close it when that is done
 * @l: the letter
 * @fd: the descriptor, now the letter's
 */
void letter_own_fd(struct letter *l, int fd)
{
	letter_fd(l, fd);
	l->fds[l->nr_fds++] = fd;
}

static struct binder_buffer_object *buffer(struct letter *l, const void *p,
					   size_t len)
{
	struct binder_buffer_object *o = object(l, sizeof(*o));

	o->hdr.type = BINDER_TYPE_PTR;
	o->buffer = (binder_uintptr_t)p;
	o->length = len;
	l->buffers += round8(len);
	return o;
}

/**
 * letter_buffer() - have memory go along with the message
 * @l: the letter; may not begin with this
 * @p: the memory, read when the letter is sent
 * @len: bytes
 *
 * Return: number of the object, for its children.
 */
u32 letter_buffer(struct letter *l, const void *p, size_t len)
{
	buffer(l, p, len);
	return l->nr_objects - 1;
}

/**
 * letter_child() - have memory go along to which other such memory points
 * @l: the letter
 * @p: the memory, read when the letter is sent
 * @len: bytes
 * @parent: object that has the pointer
 * @at: where, in bytes; behind the children that @parent has already
 *
 * Return: number of the object, for its children.
 */
u32 letter_child(struct letter *l, const void *p, size_t len, u32 parent,
		 size_t at)
{
	struct binder_buffer_object *o = buffer(l, p, len);

	o->flags = BINDER_BUFFER_FLAG_HAS_PARENT;
	o->parent = parent;
	o->parent_offset = at;
	return l->nr_objects - 1;
}

/**
 * letter_fds() - say that memory that goes along holds file descriptors
 * @l: the letter
 * @num: of the descriptors, 32 bits each
 * @parent: object they are in
 * @at: where, in bytes
 */
void letter_fds(struct letter *l, size_t num, u32 parent, size_t at)
{
	struct binder_fd_array_object *o = object(l, sizeof(*o));

	o->hdr.type = BINDER_TYPE_FDA;
	o->num_fds = num;
	o->parent = parent;
	o->parent_offset = at;
}

/**
 * letter_done() - free a letter, which is empty then
 * @l: the letter; what it keeps is the caller's to put
 */
void letter_done(struct letter *l)
{
	while (l->nr_fds)
		close(l->fds[--l->nr_fds]);
	free(l->data);
	*l = (struct letter) { };
}

/**
 * mail_open() - begin to read a message
 * @m: the mail
 * @txn: payload of BR_TRANSACTION or BR_REPLY
 */
void mail_open(struct mail *m, const struct binder_transaction_data *txn)
{
	*m = (struct mail) {
		.code = txn->code,
		.flags = txn->flags,
		.data = (const u8 *)txn->data.ptr.buffer,
		.size = txn->data_size,
		.objects = (const binder_size_t *)txn->data.ptr.offsets,
		.nr_objects = txn->offsets_size / sizeof(binder_size_t),
	};
}

/**
 * mail_bytes() - read bytes
 * @m: the mail
 * @len: how many
 *
 * Return: where they are; NULL if the message is shorter.
 */
const void *mail_bytes(struct mail *m, size_t len)
{
	const void *p = m->data + m->pos;

	if (len > m->size || m->pos > m->size - len) {
		m->bad = true;
		return NULL;
	}
	m->pos += round8(len);
	return p;
}

/**
 * mail_u64() - read a number
 * @m: the mail
 *
 * Return: the number; 0 if there is none.
 */
u64 mail_u64(struct mail *m)
{
	const u64 *p = mail_bytes(m, sizeof(*p));

	return p ? *p : 0;
}

/* The next piece, if it is an object, and of that type. */
static const void *take_object(struct mail *m, u32 type, size_t len)
{
	const struct binder_object_header *hdr;

	if (m->next >= m->nr_objects || m->objects[m->next] != m->pos) {
		m->bad = true;
		return NULL;
	}
	hdr = mail_bytes(m, len);
	if (!hdr || hdr->type != type) {
		m->bad = true;
		return NULL;
	}
	m->next++;
	return hdr;
}

/**
 * mail_handle() - read an object of somebody else's
 * @m: the mail
 *
 * Return: the receiver's handle, which is valid as long as the buffer.
 */
u32 mail_handle(struct mail *m)
{
	const struct flat_binder_object *o;

	o = take_object(m, BINDER_TYPE_HANDLE, sizeof(*o));
	return o ? o->handle : ~0u;
}

/**
 * mail_binder() - read an object of the receiver's own that has come home
 * @m: the mail
 *
 * Return: the object, or NULL.
 */
const struct flat_binder_object *mail_binder(struct mail *m)
{
	return take_object(m, BINDER_TYPE_BINDER,
			   sizeof(struct flat_binder_object));
}

/**
 * mail_fd() - read a file descriptor
 * @m: the mail
 *
 * Return: the descriptor, which is the receiver's to close; or -1.
 */
int mail_fd(struct mail *m)
{
	const struct binder_fd_object *o;

	o = take_object(m, BINDER_TYPE_FD, sizeof(*o));
	return o ? (int)o->fd : -1;
}

/**
 * mail_buffer() - read memory that came along with the message
 * @m: the mail
 * @len: bytes it must have
 *
 * Return: where it is in the receiver's mapping, or NULL.
 */
const void *mail_buffer(struct mail *m, size_t len)
{
	const struct binder_buffer_object *o;

	o = take_object(m, BINDER_TYPE_PTR, sizeof(*o));
	if (!o || o->length != len) {
		m->bad = true;
		return NULL;
	}
	return (const void *)o->buffer;
}

/**
 * mail_fds() - read that memory that came along holds file descriptors
 * @m: the mail
 * @num: of descriptors; they are closed together with the buffer
 */
void mail_fds(struct mail *m, size_t num)
{
	const struct binder_fd_array_object *o;

	o = take_object(m, BINDER_TYPE_FDA, sizeof(*o));
	if (!o || o->num_fds != num)
		m->bad = true;
}

/**
 * digest() - a checksum (64-bit FNV-1a)
 * @p: the bytes
 * @len: how many
 *
 * Return: the checksum.
 */
u64 digest(const void *p, size_t len)
{
	const u8 *byte = p;
	u64 sum = 0xcbf29ce484222325;

	while (len--)
		sum = (sum ^ *byte++) * 0x100000001b3;
	return sum;
}
