// SPDX-License-Identifier: GPL-2.0
/*
 * Clients and servers that run by themselves; loops.h says what for. What is
 * here runs in the actors, except for the functions that others call.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "loops.h"

#define CODE_CALL	1
#define CODE_QUIT	2
#define ONEWAY_EVERY	8

/* What a message begins with; a pattern of @seed fills the rest. */
struct head {
	u64 seed;
	u64 size;
};

/* One thread's exchange with the driver. */
struct exchange {
	int fd;
	struct wbuf w;
	u8 wspace[512];
	u8 rspace[256];
	size_t rpos;
	size_t rend;
	u8 *out;	/* message being sent */
};

static void exchange_init(struct exchange *x, int fd, size_t max_size)
{
	x->fd = fd;
	x->w = (struct wbuf) { .p = x->wspace, .size = sizeof(x->wspace) };
	x->rpos = 0;
	x->rend = 0;
	x->out = malloc(max_size + sizeof(struct head));
	if (!x->out)
		test_abort("out of memory");
}

/* Make the message that belongs to @seed; returns its size. */
static size_t make_message(struct exchange *x, u64 seed, size_t size)
{
	struct head h = { seed, size };

	memcpy(x->out, &h, sizeof(h));
	fill_pattern(x->out + sizeof(h), size, seed);
	return sizeof(h) + size;
}

static const char *check_message(const struct binder_transaction_data *t,
				 u64 *seed, size_t *size)
{
	const u8 *p = (const u8 *)t->data.ptr.buffer;
	struct head h;

	if (t->data_size < sizeof(h))
		return "too short";
	memcpy(&h, p, sizeof(h));
	if (h.size != t->data_size - sizeof(h))
		return "of the wrong size";
	if (find_mismatch(p + sizeof(h), h.size, h.seed) >= 0)
		return "of the wrong content";
	*seed = h.seed;
	*size = h.size;
	return NULL;
}

static void put_message(struct exchange *x, u32 cmd, u32 code, u32 flags,
			size_t size)
{
	struct binder_transaction_data t = {
		.code = code,
		.flags = flags,
		.data_size = size,
		.data.ptr.buffer = (binder_uintptr_t)x->out,
	};

	w_u32(&x->w, cmd);
	w_put(&x->w, &t, sizeof(t));
}

/* Write what there is, and read if everything read before is used up. */
static int exchange_io(struct exchange *x)
{
	struct binder_write_read bwr = {
		.write_size = x->w.len,
		.write_buffer = (binder_uintptr_t)x->w.p,
		.read_size = sizeof(x->rspace),
		.read_buffer = (binder_uintptr_t)x->rspace,
	};

	if (ioctl(x->fd, BINDER_WRITE_READ, &bwr))
		return errno == EINTR && bwr.write_consumed == x->w.len ? 0 :
		       -errno;
	if (bwr.write_consumed != x->w.len)
		return -EIO;
	x->w.len = 0;
	x->rpos = 0;
	x->rend = bwr.read_consumed;
	return 0;
}

/* Write what there is, and leave what there is to read to others. */
static int exchange_flush(struct exchange *x)
{
	struct binder_write_read bwr = {
		.write_size = x->w.len,
		.write_buffer = (binder_uintptr_t)x->w.p,
	};

	return ioctl(x->fd, BINDER_WRITE_READ, &bwr) ? -errno : 0;
}

/* The next return; reads when there is none left. */
static int next_return(struct exchange *x, struct br *b)
{
	int ret;

	while (x->rpos + 4 > x->rend || x->w.len) {
		ret = exchange_io(x);
		if (ret)
			return ret;
	}
	memcpy(&b->cmd, x->rspace + x->rpos, 4);
	memcpy(&b->secctx, x->rspace + x->rpos + 4, _IOC_SIZE(b->cmd));
	x->rpos += 4 + _IOC_SIZE(b->cmd);
	return 0;
}

/* Answer one message; true if it was the one that says to end. */
static bool serve_one(struct server_loop *l, struct exchange *x,
		      const struct binder_transaction_data *t)
{
	const char *wrong = NULL;
	size_t size = 0;
	u64 seed = 0;

	if (t->code == CODE_CALL)
		wrong = check_message(t, &seed, &size);
	if (wrong)
		snprintf(l->trouble, sizeof(l->trouble), "message %u is %s",
			 l->served, wrong);
	l->served++;
	w_free(&x->w, t->data.ptr.buffer);
	if (!(t->flags & TF_ONE_WAY))
		put_message(x, BC_REPLY, t->code, 0,
			    make_message(x, seed + 1, size / 2));
	return t->code == CODE_QUIT;
}

static long serve(struct actor *a, void *arg)
{
	struct server_loop *l = arg;
	struct exchange x;
	struct br b;
	int ret;

	exchange_init(&x, l->c->f->fd, l->c->f->size);
	w_u32(&x.w, BC_ENTER_LOOPER);
	while (!l->trouble[0]) {
		ret = next_return(&x, &b);
		if (ret) {
			snprintf(l->trouble, sizeof(l->trouble), "ioctl: %s",
				 errno_name(ret));
			break;
		}
		if (b.cmd == BR_TRANSACTION && serve_one(l, &x, &b.txn))
			break;
	}
	/* The buffer goes back, and so the node's next message may come. */
	if (exchange_flush(&x))
		test_abort("%s cannot free a buffer", a->name);
	free(x.out);
	return l->trouble[0] ? LOOP_TROUBLE : LOOP_DONE;
}

/* Wait for what a call leads to: 0, or how the loop ends. */
static int finish_call(struct caller_loop *l, struct exchange *x, bool oneway,
		       u64 seed)
{
	const char *wrong;
	struct br b;
	u64 got = 0;
	size_t size;
	int ret;

	for (;;) {
		ret = next_return(x, &b);
		if (ret)
			break;
		if (b.cmd == BR_DEAD_REPLY)
			return LOOP_DEAD;
		if (oneway && b.cmd == BR_TRANSACTION_COMPLETE)
			return 0;
		if (b.cmd == BR_FAILED_REPLY)
			break;
		if (b.cmd != BR_REPLY)
			continue;
		wrong = check_message(&b.txn, &got, &size);
		w_free(&x->w, b.txn.data.ptr.buffer);
		if (!wrong && got == seed + 1)
			return 0;
		snprintf(l->trouble, sizeof(l->trouble), "reply %u is %s",
			 l->made, wrong ? wrong : "another one's");
		return LOOP_TROUBLE;
	}
	snprintf(l->trouble, sizeof(l->trouble), "call %u: %s", l->made,
		 ret ? errno_name(ret) : "BR_FAILED_REPLY");
	return LOOP_TROUBLE;
}

static long call(struct actor *a, void *arg)
{
	struct caller_loop *l = arg;
	unsigned int seed = l->seed;
	struct exchange x;
	int end = 0;

	exchange_init(&x, l->c->f->fd, l->max_size);
	while (!end && l->made < l->count) {
		bool oneway = l->made % ONEWAY_EVERY == ONEWAY_EVERY - 1;
		size_t max = oneway ? l->max_size / 8 : l->max_size;
		u64 id = ((u64)l->seed << 32) | l->made;
		size_t size;

		size = make_message(&x, id, rand_r(&seed) % max);
		put_message(&x, BC_TRANSACTION, CODE_CALL,
			    oneway ? TF_ONE_WAY : 0, size);
		end = finish_call(l, &x, oneway, id);
		l->made++;
	}
	free(x.out);
	return end;
}

/**
 * serve_begin() - have a thread answer calls
 * @c: the thread, idle
 *
 * Return: the loop, whose end loop_end() awaits.
 */
struct server_loop *serve_begin(struct client *c)
{
	struct server_loop *l = stage_keep(sizeof(*l));

	l->c = c;
	bc_nonblock(c, false);
	actor_begin(c->a, serve, l);
	return l;
}

/**
 * call_begin() - have a thread make calls
 * @c: the thread, idle
 * @count: how many
 * @max_size: of a message, in bytes, without 16 bytes of header
 * @seed: of the sizes and contents; no two loops may have the same
 *
 * Return: the loop, whose end loop_end() awaits.
 */
struct caller_loop *call_begin(struct client *c, unsigned int count,
			       size_t max_size, unsigned int seed)
{
	struct caller_loop *l = stage_keep(sizeof(*l));

	l->c = c;
	l->count = count;
	l->max_size = max_size;
	l->seed = seed;
	bc_nonblock(c, false);
	actor_begin(c->a, call, l);
	return l;
}

/**
 * loop_end() - wait for the end of a loop
 * @c: the thread it runs in
 *
 * Return: how it ended.
 */
enum loop_end loop_end(struct client *c)
{
	return actor_end(c->a);
}

/**
 * serve_quit() - tell one server thread to end
 * @caller: an idle thread of another process
 *
 * Each such message ends the thread that gets it. It is a oneway, so that all
 * oneways sent before have been answered then.
 */
void serve_quit(struct client *caller)
{
	long ret = bc_send(caller, .code = CODE_QUIT, .flags = TF_ONE_WAY);

	if (ret || strcmp(bc_read(caller), "NOOP TC"))
		test_abort("%s cannot tell a server to end: %s", caller->a->name,
			   ret ? errno_name(ret) : caller->read_text);
}
