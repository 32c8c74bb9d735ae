// SPDX-License-Identifier: GPL-2.0
/*
 * Command buffers: what clients write.
 */
#include <string.h>

#include "parcel.h"

/**
 * wb() - begin a new command buffer
 * @c: the client it is for; it has one buffer
 *
 * Return: the empty buffer.
 */
struct wbuf *wb(struct client *c)
{
	c->w.len = 0;
	return &c->w;
}

/**
 * w_put() - append bytes to a command buffer
 * @w: the buffer
 * @p: the bytes
 * @len: how many
 */
void w_put(struct wbuf *w, const void *p, size_t len)
{
	if (w->len + len > w->size)
		test_abort("command buffer full");
	memcpy(w->p + w->len, p, len);
	w->len += len;
}

/**
 * w_u32() - append a command, or 32 bits of payload
 * @w: the buffer
 * @v: value
 */
void w_u32(struct wbuf *w, u32 v)
{
	w_put(w, &v, sizeof(v));
}

/**
 * w_u64() - append 64 bits of payload
 * @w: the buffer
 * @v: value
 */
void w_u64(struct wbuf *w, u64 v)
{
	w_put(w, &v, sizeof(v));
}

/**
 * w_free() - append BC_FREE_BUFFER
 * @w: the buffer
 * @buffer: address to free
 */
void w_free(struct wbuf *w, binder_uintptr_t buffer)
{
	w_u32(w, BC_FREE_BUFFER);
	w_u64(w, buffer);
}

static binder_uintptr_t staged(const void *p, size_t len)
{
	void *copy;

	if (!len)
		return (binder_uintptr_t)p;
	copy = stage_scratch(len);
	memcpy(copy, p, len);
	return (binder_uintptr_t)copy;
}

static struct binder_transaction_data msg_data(const struct msg *m)
{
	const struct parcel *p = m->parcel;
	struct binder_transaction_data t = {
		.target.handle = m->handle,
		.code = m->code,
		.flags = m->flags,
		.data_size = m->size,
		.offsets_size = m->offsets_size,
		.data.ptr.buffer = (binder_uintptr_t)m->data,
		.data.ptr.offsets = (binder_uintptr_t)m->offsets,
	};

	if (p) {
		t.data_size = p->size;
		t.offsets_size = p->n * sizeof(*p->offsets);
		t.data.ptr.buffer = (binder_uintptr_t)p->data;
		t.data.ptr.offsets = (binder_uintptr_t)p->offsets;
	} else if (!m->raw) {
		t.data.ptr.buffer = staged(m->data, m->size);
		t.data.ptr.offsets = staged(m->offsets, m->offsets_size);
	}
	return t;
}

/**
 * w_msg() - append BC_TRANSACTION or BC_REPLY, or their _SG kind
 * @w: the buffer
 * @cmd: BC_TRANSACTION or BC_REPLY; @m tells whether it becomes the _SG one
 * @m: what to send
 */
void w_msg(struct wbuf *w, u32 cmd, const struct msg *m)
{
	struct binder_transaction_data t = msg_data(m);
	bool sg = m->sg || m->use_sg;

	if (sg)
		cmd = cmd == BC_REPLY ? BC_REPLY_SG : BC_TRANSACTION_SG;
	w_u32(w, cmd);
	w_put(w, &t, sizeof(t));
	if (sg)
		w_u64(w, m->sg);
}
