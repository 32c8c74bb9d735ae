// SPDX-License-Identifier: GPL-2.0
/*
 * Plays: messages at random, with all kinds of objects, most of them good.
 */
#include <string.h>

#include "fuzz.h"

#define PTRS		4	/* names of objects that a process has */
#define PAYLOAD		64	/* bytes of a PTR object, at most */

static bool one_in(struct play *p, u32 n)
{
	return !play_random(p, n);
}

static u64 some_cookie(struct play *p, u64 ptr)
{
	return ptr + (one_in(p, 30) ? 1 : 0x100);
}

static void *some_payload(struct play *p, size_t len)
{
	u8 *payload = stage_scratch(PAYLOAD);

	memset(payload, 0, PAYLOAD);
	fill_pattern(payload, len, p->sent);
	return payload;
}

/* A PTR with descriptors in it, and the FDA that says so. */
static void put_fda(struct play *p, struct client *c, struct parcel *parcel)
{
	const struct fd_pipe *pipe = &play_file(p, c)->pipe;
	u32 n = play_random(p, 4), i, *fds;
	size_t parent;

	fds = some_payload(p, PAYLOAD);
	for (i = 0; i < n; i++)
		fds[i] = one_in(p, 20) ? 999 : pipe->w;
	parent = p_ptr(parcel, fds, 16);
	p_fda(parcel, one_in(p, 20) ? 100 : n, one_in(p, 20) ? parent + 1 : parent,
	      one_in(p, 20) ? 12 : 0);
}

static void put_ptr(struct play *p, struct parcel *parcel)
{
	size_t len = play_random(p, PAYLOAD + 1);
	void *payload = some_payload(p, len);
	size_t i;

	if (one_in(p, 2) || !parcel->n) {
		p_ptr(parcel, payload, len);
		return;
	}
	i = play_random(p, parcel->n);
	p_ptr_in(parcel, payload, len, i, 8 * play_random(p, 4));
}

static void put_object(struct play *p, struct client *c, struct parcel *parcel)
{
	u64 ptr = 0x1000 * (1 + play_random(p, PTRS));
	u32 handle = play_handle(p, c);
	u32 flags = one_in(p, 2) ? FLAT_BINDER_FLAG_ACCEPTS_FDS : 0;

	switch (play_random(p, 16)) {
	case 0 ... 3:
		p_binder(parcel, ptr, some_cookie(p, ptr), flags);
		break;
	case 4 ... 5:
		p_weak_binder(parcel, ptr, some_cookie(p, ptr), flags);
		break;
	case 6 ... 8:
		p_handle(parcel, handle);
		break;
	case 9 ... 10:
		p_weak_handle(parcel, handle);
		break;
	case 11:
		p_fd(parcel, one_in(p, 20) ? 999 : play_file(p, c)->pipe.w, ptr);
		break;
	case 12 ... 13:
		put_ptr(p, parcel);
		break;
	case 14:
		put_fda(p, c, parcel);
		break;
	default:
		if (one_in(p, 4))
			p_flat(parcel, 0x12345678, 0, 0, 0);
	}
}

/* What is said of the objects is not where they are. */
static void spoil(struct play *p, struct parcel *parcel)
{
	binder_size_t *offset = &parcel->offsets[play_random(p, parcel->n)];

	switch (play_random(p, 4)) {
	case 0:
		*offset += 4;
		break;
	case 1:
		*offset = parcel->offsets[0];
		break;
	case 2:
		*offset -= 1 + play_random(p, 8);
		break;
	default:
		parcel->size -= 1 + play_random(p, 24);
	}
}

/**
 * play_parcel() - make up a message
 * @p: the play
 * @c: who sends it
 * @m: what goes with it: room for the buffers of PTR objects
 *
 * Return: the parcel.
 */
struct parcel *play_parcel(struct play *p, struct client *c, struct msg *m)
{
	struct parcel *made = parcel();
	u32 objects = one_in(p, 2) ? 0 : 1 + play_random(p, 4);
	u8 text[128];
	size_t len;

	p->sent++;
	fill_pattern(text, sizeof(text), p->sent);
	len = one_in(p, 8) ? play_random(p, sizeof(text)) : 8 * play_random(p, 16);
	p_bytes(made, text, len);
	if (objects && len % 4 && !one_in(p, 8))
		p_bytes(made, text, 4 - len % 4);
	while (objects--)
		put_object(p, c, made);
	if (made->n && one_in(p, 15))
		spoil(p, made);
	if (one_in(p, 40))
		p_bytes(made, made->data, PAGE * (1 + play_random(p, 3)) - 200);
	m->sg = one_in(p, 15) ? play_random(p, 200) : 8 * 72;
	return made;
}
