// SPDX-License-Identifier: GPL-2.0
/*
 * Plays: what the driver has answered, as text that is the same in each run.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fuzz.h"

/**
 * play_say() - tell something
 * @p: the play
 * @fmt: as for printf()
 */
void play_say(struct play *p, const char *fmt, ...)
{
	va_list args;

	if (!p->out)
		return;
	va_start(args, fmt);
	vfprintf(p->out, fmt, args);
	va_end(args);
}

static const char *who(struct play *p, pid_t pid)
{
	size_t i;

	for (i = 0; i < PLAY_CLIENTS; i++)
		if (p->c[i]->a->pid == pid)
			return p->c[i]->a->leader->name;
	return pid ? "?" : "-";
}

/* FNV-1a, of which a few bits will do. */
static u32 sum(const u8 *data, size_t len)
{
	u32 h = 2166136261u;

	while (len--)
		h = (h ^ *data++) * 16777619u;
	return h & 0xffff;
}

/* Pointers into the message say how far into it they point. */
static void forget_addresses(u8 *data, size_t len, binder_uintptr_t base)
{
	binder_uintptr_t v;
	size_t i;

	for (i = 0; i + sizeof(v) <= len; i += sizeof(v)) {
		memcpy(&v, data + i, sizeof(v));
		if (v - base < PLAY_MAP) {
			v -= base;
			memcpy(data + i, &v, sizeof(v));
		}
	}
}

static u8 *copy_of(struct play *p, struct client *c, binder_uintptr_t at, size_t len)
{
	const void *data = bc_peek(c, at, len);

	if (!data && len) {
		snprintf(p->trouble, sizeof(p->trouble), "step %u: %s cannot read %zu bytes",
			 p->step, c->a->name, len);
		data = stage_scratch(len);
	}
	return (u8 *)data;
}

static void say_fd(struct play *p, struct client *c, u32 fd, u64 cookie)
{
	long flags = bc_sys(c, fcntl, fd, 1 /* F_GETFD */, 0);

	play_say(p, " fd%s(%#llx)", flags < 0 ? " that is none" : "",
		 (unsigned long long)cookie);
	bc_sys(c, close, fd);
}

/* Handles can be used from now on. */
static void note_object(struct play *p, struct client *c, const union object *o)
{
	if (o->hdr.type == BINDER_TYPE_HANDLE && o->flat.handle < 32)
		play_file(p, c)->handles |= 1u << o->flat.handle;
}

static void say_object(struct play *p, struct client *c,
		       const struct binder_transaction_data *t, size_t index)
{
	const union object *o = bc_object(c, t, index);
	binder_uintptr_t base = t->data.ptr.buffer;
	u8 *payload;

	note_object(p, c, o);
	play_say(p, " %s", object_name(o->hdr.type));
	switch (o->hdr.type) {
	case BINDER_TYPE_FD:
		say_fd(p, c, o->fd.fd, o->fd.cookie);
		break;
	case BINDER_TYPE_PTR:
		payload = copy_of(p, c, o->ptr.buffer, o->ptr.length);
		forget_addresses(payload, o->ptr.length, base);
		play_say(p, "(+%#llx %llu bytes %04x parent %llu+%llu flags %#x)",
			 (unsigned long long)(o->ptr.buffer - base),
			 (unsigned long long)o->ptr.length, sum(payload, o->ptr.length),
			 (unsigned long long)o->ptr.parent,
			 (unsigned long long)o->ptr.parent_offset, o->ptr.flags);
		break;
	case BINDER_TYPE_FDA:
		play_say(p, "(%llu in %llu+%llu)", (unsigned long long)o->fda.num_fds,
			 (unsigned long long)o->fda.parent,
			 (unsigned long long)o->fda.parent_offset);
		break;
	default:
		play_say(p, "(%#llx %#llx flags %#x)", (unsigned long long)o->flat.binder,
			 (unsigned long long)o->flat.cookie, o->flat.flags);
	}
}

static void say_message(struct play *p, struct client *c,
			const struct binder_transaction_data *t, bool reply)
{
	struct play_file *file = play_file(p, c);
	u8 *data = copy_of(p, c, t->data.ptr.buffer, t->data_size);
	size_t i;

	if (!reply)
		play_say(p, " to %#llx %#llx", (unsigned long long)t->target.ptr,
			 (unsigned long long)t->cookie);
	play_say(p, " code %u flags %#x from %s uid %u: %llu bytes", t->code, t->flags,
		 who(p, t->sender_pid), t->sender_euid, (unsigned long long)t->data_size);
	for (i = 0; i < bc_objects(t); i++)
		say_object(p, c, t, i);
	if (!bc_objects(t))
		play_say(p, " %04x", sum(data, t->data_size));
	if (file->nr_held == PLAY_HELD)
		test_abort("%s holds too much", c->a->name);
	file->held[file->nr_held++] = t->data.ptr.buffer;
	p->received++;
	if (!reply && !(t->flags & TF_ONE_WAY))
		++*play_owes(p, c);
}

static void say_return(struct play *p, struct client *c, const struct br *b)
{
	play_say(p, "\n\t%s", br_name(b->cmd));
	switch (b->cmd) {
	case BR_TRANSACTION:
	case BR_TRANSACTION_SEC_CTX:
	case BR_REPLY:
		say_message(p, c, &b->txn, b->cmd == BR_REPLY);
		break;
	case BR_INCREFS:
	case BR_ACQUIRE:
	case BR_RELEASE:
	case BR_DECREFS:
		play_say(p, " %#llx %#llx", (unsigned long long)b->node.ptr,
			 (unsigned long long)b->node.cookie);
		break;
	case BR_DEAD_BINDER:
	case BR_CLEAR_DEATH_NOTIFICATION_DONE:
	case BR_CLEAR_FREEZE_NOTIFICATION_DONE:
		play_say(p, " %#llx", (unsigned long long)b->cookie);
		break;
	case BR_FROZEN_BINDER:
		play_say(p, " %#llx %u", (unsigned long long)b->frozen.cookie,
			 b->frozen.is_frozen);
		break;
	}
}

/*
 * A read that has no room for a message leaves all work where it is, and work of
 * which nothing is to be told any more counts for one driver and not for the other.
 */
static bool had_no_room(struct client *c)
{
	return c->bwr.read_size < 4 + 4 + sizeof(struct binder_transaction_data_secctx) &&
	       (c->br.ret == -EAGAIN || (c->br.n == 1 && c->br.v[0].cmd == BR_NOOP));
}

/**
 * play_say_read() - tell what a client's last read has given it
 * @p: the play
 * @c: the client
 *
 * Its process holds the buffers of messages from now on.
 */
void play_say_read(struct play *p, struct client *c)
{
	struct br_list l = c->br;
	unsigned int i;

	if (had_no_room(c)) {
		play_say(p, " no room");
		return;
	}
	if (l.ret)
		play_say(p, " %s", errno_name(l.ret));
	for (i = 0; i < l.n; i++)
		say_return(p, c, &l.v[i]);
	if (l.trailing)
		play_say(p, "\n\tand %zu bytes", l.trailing);
}
