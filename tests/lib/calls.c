// SPDX-License-Identifier: GPL-2.0
/*
 * Whole calls between two clients, for tests that are about something else.
 */
#include <string.h>

#include "binder_client.h"

static void answer(struct client *s, struct client *c)
{
	long ret = bc_reply(s, .code = 0);

	if (ret || strcmp(bc_read(s), "NOOP TC"))
		test_abort("%s cannot reply: %s", s->a->name, s->read_text);
	if (strcmp(bc_read(c), "NOOP TC REPLY"))
		test_abort("%s gets no reply: %s", c->a->name, c->read_text);
	bc_free(c, bc_txn(c)->data.ptr.buffer);
}

/**
 * bc_deliver_msg() - make a call of which the receiver keeps the buffer
 * @s: the context manager, idle
 * @c: a client of another process, idle
 * @m: what to send
 *
 * Return: address of the payload in the receiver's mapping; 0 if the call was
 * refused, and then c->ee_text tells why.
 */
binder_uintptr_t bc_deliver_msg(struct client *s, struct client *c,
				const struct msg *m)
{
	binder_uintptr_t buffer;
	long ret = bc_msg(c, BC_TRANSACTION, m);

	if (ret)
		test_abort("%s: BC_TRANSACTION: %s", c->a->name,
			   errno_name(ret));
	if (strcmp(bc_ee(c), "OK 0")) {
		bc_read(c);
		return 0;
	}
	buffer = bc_take(s).data.ptr.buffer;
	answer(s, c);
	return buffer;
}

/**
 * bc_works() - check that a call goes through, with its content
 * @s: the context manager, idle
 * @c: a client of another process, idle
 *
 * Return: false if the message did not arrive as it was sent.
 */
bool bc_works(struct client *s, struct client *c)
{
	static const char text[] = "does it work?";
	binder_uintptr_t buffer;
	bool same;

	buffer = bc_deliver(s, c, .data = text, .size = sizeof(text));
	if (!buffer)
		return false;
	same = bc_same(s, buffer, text, sizeof(text));
	return !bc_free(s, buffer) && same;
}

/**
 * bc_room() - check that a receiver's mapping is completely free
 * @s: the context manager, idle
 * @c: a client of another process, idle
 *
 * Return: true if a message of the size of the whole mapping fits.
 */
bool bc_room(struct client *s, struct client *c)
{
	size_t size = s->f->size;
	binder_uintptr_t buffer;

	buffer = bc_deliver(s, c, .data = stage_scratch(size), .size = size);
	return buffer && !bc_free(s, buffer);
}
