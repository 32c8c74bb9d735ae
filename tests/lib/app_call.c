// SPDX-License-Identifier: GPL-2.0
/*
 * A program that uses Binder: what its threads write, and what they read.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>

#include "app.h"

/**
 * app_put() - write a command that goes with the next ioctl
 * @t: the thread
 * @cmd: BC_ code
 * @payload: of the command
 * @len: bytes of it
 */
void app_put(struct app_thread *t, u32 cmd, const void *payload, size_t len)
{
	if (t->out_len + sizeof(cmd) + len > sizeof(t->out))
		app_fail(t->app, "too many commands at once");
	memcpy(t->out + t->out_len, &cmd, sizeof(cmd));
	t->out_len += sizeof(cmd);
	if (len)
		memcpy(t->out + t->out_len, payload, len);
	t->out_len += len;
}

/**
 * app_talk() - one BINDER_WRITE_READ
 * @t: the thread
 * @reading: read, too; all that was read before has been handled
 *
 * The driver stops at a message it cannot send, until it has told so. What it
 * has not taken remains to be written.
 *
 * Return: false if there is nothing to read yet.
 */
bool app_talk(struct app_thread *t, bool reading)
{
	struct binder_write_read bwr = {
		.write_size = t->out_len,
		.write_buffer = (binder_uintptr_t)t->out,
		.read_size = reading ? sizeof(t->in) : 0,
		.read_buffer = (binder_uintptr_t)t->in,
	};
	int err = ioctl(t->app->fd, BINDER_WRITE_READ, &bwr) ? errno : 0;

	if (err && err != EINTR && err != EAGAIN)
		app_fail(t->app, "BINDER_WRITE_READ: %s", strerror(err));
	t->out_len -= bwr.write_consumed;
	memmove(t->out, t->out + bwr.write_consumed, t->out_len);
	if (reading) {
		t->in_pos = 0;
		t->in_len = bwr.read_consumed;
	}
	return !err;
}

/**
 * app_command() - write what there is, now
 * @t: the thread; none of it is a message
 */
void app_command(struct app_thread *t)
{
	app_talk(t, false);
	if (t->out_len)
		app_fail(t->app, "%zu bytes of commands were left",
			 t->out_len);
}

/* Have something to take(). */
static void fill(struct app_thread *t)
{
	struct pollfd p = { .fd = t->app->fd, .events = POLLIN };

	while (t->in_pos == t->in_len)
		if (!app_talk(t, true) && t->app->nonblock)
			poll(&p, 1, -1);
}

static void take(struct app_thread *t, void *p, size_t len)
{
	if (len > t->in_len - t->in_pos)
		app_fail(t->app, "a return is cut short");
	memcpy(p, t->in + t->in_pos, len);
	t->in_pos += len;
}

static void put_message(struct app_thread *t, u32 cmd, u32 handle, u32 code,
			u32 flags, const struct letter *l)
{
	struct binder_transaction_data_sg sg = {
		.transaction_data = {
			.target.handle = handle,
			.code = code,
			.flags = flags,
			.data_size = l->size,
			.offsets_size = l->nr_objects * sizeof(binder_size_t),
			.data.ptr.buffer = (binder_uintptr_t)l->data,
			.data.ptr.offsets = (binder_uintptr_t)l->objects,
		},
		.buffers_size = l->buffers,
	};

	app_put(t, cmd, &sg, sizeof(sg));
	t->due++;
}

static void put_free(struct app_thread *t, const void *buffer)
{
	binder_uintptr_t address = (binder_uintptr_t)buffer;

	app_put(t, BC_FREE_BUFFER, &address, sizeof(address));
}

/* Each message must come to an object there is, into the mapping. */
static void serve_message(struct app_thread *t)
{
	struct app *app = t->app;
	struct binder_transaction_data txn;
	struct letter reply = { };
	struct proxy *kept;
	struct object *o;
	struct mail m;

	take(t, &txn, sizeof(txn));
	mail_open(&m, &txn);
	if (m.data < app->map || m.data + m.size > app->map + app->size)
		app_fail(app, "a message outside of the mapping");
	o = object_get(app, txn.target.ptr, txn.cookie);
	o->fn(t, o, &m, &reply);
	if (m.bad)
		app_fail(app, "message %u is not what it should be", m.code);
	put_free(t, m.data);
	if (!(m.flags & TF_ONE_WAY))
		put_message(t, BC_REPLY_SG, 0, 0, 0, &reply);
	app_command(t);
	kept = reply.kept;
	letter_done(&reply);
	if (kept)
		proxy_put(t, kept);
	object_put(app, o);
	app_count(app, APP_SERVED);
	if (t->depth)
		app_count(app, APP_NESTED);
}

static void *spawned_main(void *arg)
{
	struct app_thread t;

	app_thread_init(&t, arg);
	app_put(&t, BC_REGISTER_LOOPER, NULL, 0);
	for (;;)
		app_serve_one(&t);
	return NULL;
}

static void spawn(struct app *app)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, spawned_main, app))
		app_fail(app, "cannot start a thread");
	pthread_detach(thread);
	app_count(app, APP_SPAWNED);
}

/* Whatever may come to any thread. */
static void serve(struct app_thread *t, u32 cmd)
{
	struct binder_ptr_cookie node;
	binder_uintptr_t cookie;

	switch (cmd) {
	case BR_NOOP:
		return;
	case BR_SPAWN_LOOPER:
		return spawn(t->app);
	case BR_TRANSACTION_COMPLETE:
		if (!t->due--)
			app_fail(t->app, "a completion of nothing");
		return;
	case BR_TRANSACTION:
		return serve_message(t);
	case BR_INCREFS:
	case BR_ACQUIRE:
	case BR_RELEASE:
	case BR_DECREFS:
		take(t, &node, sizeof(node));
		return object_told(t, cmd, &node);
	case BR_DEAD_BINDER:
		take(t, &cookie, sizeof(cookie));
		return death_arrived(t, cookie);
	case BR_CLEAR_DEATH_NOTIFICATION_DONE:
		take(t, &cookie, sizeof(cookie));
		return death_cleared(t, cookie);
	default:
		app_fail(t->app, "unexpected return %#x", cmd);
	}
}

/**
 * app_serve_one() - wait for the driver, and do as it says
 * @t: the thread
 */
void app_serve_one(struct app_thread *t)
{
	u32 cmd;

	fill(t);
	take(t, &cmd, sizeof(cmd));
	serve(t, cmd);
}

/**
 * app_serve_pending() - do what the driver says, until it has nothing to say
 * @t: the thread; the device does not block
 */
void app_serve_pending(struct app_thread *t)
{
	while (t->in_pos < t->in_len || app_talk(t, true))
		if (t->in_pos < t->in_len)
			app_serve_one(t);
}

/* The completion does not come before the error, if the sending failed. */
static enum app_end refused(struct app_thread *t, u32 cmd)
{
	struct binder_extended_error ee;

	if (t->due > 1)
		app_fail(t->app, "%u completions missing", t->due);
	t->due = 0;
	if (cmd == BR_DEAD_REPLY)
		return APP_DEAD;
	if (ioctl(t->app->fd, BINDER_GET_EXTENDED_ERROR, &ee))
		app_fail(t->app, "BINDER_GET_EXTENDED_ERROR: %m");
	t->error = -ee.param;
	return APP_REFUSED;
}

/*
 * Wait for the reply; or without one, for all completions. An error is taken
 * for that of the last message, so nobody may die in whose call a thread of
 * ours serves another.
 */
static enum app_end await_end(struct app_thread *t, struct mail *reply)
{
	struct binder_transaction_data txn;
	u32 cmd;

	while (reply || t->due) {
		fill(t);
		take(t, &cmd, sizeof(cmd));
		switch (cmd) {
		case BR_DEAD_REPLY:
		case BR_FAILED_REPLY:
			return refused(t, cmd);
		case BR_REPLY:
			take(t, &txn, sizeof(txn));
			if (!reply || t->due)
				app_fail(t->app, "a reply to %s, with %u completions due",
					 reply ? "a call" : "nothing", t->due);
			mail_open(reply, &txn);
			return APP_ANSWERED;
		default:
			serve(t, cmd);
		}
	}
	return APP_ANSWERED;
}

/**
 * app_call() - send a message, and wait for the reply
 * @t: the thread
 * @handle: to whom
 * @code: what about
 * @l: the message; done with afterwards
 * @reply: the reply if there is one; app_done() must follow
 *
 * Meanwhile the thread serves what is sent to it.
 *
 * Return: how it ended.
 */
enum app_end app_call(struct app_thread *t, u32 handle, u32 code,
		      struct letter *l, struct mail *reply)
{
	enum app_end end;

	put_message(t, BC_TRANSACTION_SG, handle, code, TF_ACCEPT_FDS, l);
	t->depth++;
	end = await_end(t, reply);
	t->depth--;
	letter_done(l);
	if (end == APP_ANSWERED)
		app_count(t->app, APP_CALLS);
	if (end == APP_DEAD)
		app_count(t->app, APP_DEAD_CALLS);
	return end;
}

/**
 * app_done() - give back the buffer of a reply
 * @t: the thread
 * @reply: the reply, which must have been as expected
 */
void app_done(struct app_thread *t, struct mail *reply)
{
	if (reply->bad)
		app_fail(t->app, "a reply is not what it should be");
	put_free(t, reply->data);
	app_command(t);
}

/**
 * app_oneway() - send a message that has no reply
 * @t: the thread
 * @handle: to whom
 * @code: what about
 * @l: the message; done with afterwards
 *
 * Return: how it ended. That it was answered means no more than that it was
 * sent.
 */
enum app_end app_oneway(struct app_thread *t, u32 handle, u32 code,
			struct letter *l)
{
	enum app_end end;

	put_message(t, BC_TRANSACTION_SG, handle, code, TF_ONE_WAY, l);
	end = await_end(t, NULL);
	letter_done(l);
	if (end == APP_ANSWERED)
		app_count(t->app, APP_ONEWAYS);
	return end;
}
