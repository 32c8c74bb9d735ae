// SPDX-License-Identifier: GPL-2.0
/*
 * Calls within calls: two threads call each other, several levels deep, until
 * one of them disappears. And in which order things come when the other one is
 * quicker.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"

#include "refs.h"

#define PTR		0x1000ULL
#define MAX_DEPTH	8

FIXTURE(nested) {
	struct client *s;
	struct client *c;
	struct client *b;	/* looks on */
	u32 s_handle;		/* of S, to an object of C */
};

FIXTURE_VARIANT(nested) {
	bool s_disappears;	/* or C */
	bool is_killed;		/* or its thread exits */
};

FIXTURE_VARIANT_ADD(nested, s_is_killed) {
	.s_disappears = true,
	.is_killed = true,
};

FIXTURE_VARIANT_ADD(nested, c_is_killed) {
	.is_killed = true,
};

FIXTURE_VARIANT_ADD(nested, thread_of_s_exits) {
	.s_disappears = true,
};

FIXTURE_VARIANT_ADD(nested, thread_of_c_exits) { };

FIXTURE_SETUP(nested)
{
}

FIXTURE_TEARDOWN(nested)
{
	actors_end();
}

static void begin(FIXTURE_DATA(nested) *self)
{
	self->s = bc_server("S", BC_MAP_SIZE);
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	self->b = bc_start("B", BC_DEVICE, BC_MAP_SIZE);
	self->s_handle = bc_give(self->c, self->s, PTR, 0, 0);
}

/* C calls S, S calls C, and so on: the last of them is busy. */
static void nest(FIXTURE_DATA(nested) *self, unsigned int depth)
{
	unsigned int i;

	for (i = 0; i < depth; i++) {
		struct client *from = i % 2 ? self->s : self->c;
		struct client *to = i % 2 ? self->c : self->s;

		bc_send(from, .handle = i % 2 ? self->s_handle : 0);
		bc_take_and_free(to);
	}
}

/*
 * Have B watch an object of the one who is to be killed. It hears of it when its
 * threads are gone, and with them all the calls they took part in.
 */
static void watch(FIXTURE_DATA(nested) *self, struct client *victim)
{
	u32 handle = 0;

	if (victim == self->s)
		bc_ref(self->b, BC_ACQUIRE, 0);
	else
		handle = bc_receive(self->b, self->s, self->s_handle);
	bc_handle_cmd(self->b, BC_REQUEST_DEATH_NOTIFICATION, handle, 1);
}

/* What is to be read by the one that is left, who answers what it can. */
static const char *expected(bool s_is_left, unsigned int depth)
{
	char *text = stage_scratch(1024);
	bool served = false;
	size_t len = 0;

	*text = 0;
	while (depth--) {
		bool calls = (depth % 2) == s_is_left;

		/* The completion is that of the call, or of the reply before. */
		if (calls)
			len += snprintf(text + len, 1024 - len, "NOOP TC DR; ");
		else
			len += snprintf(text + len, 1024 - len, "reply; ");
		served = !calls;
	}
	if (served)
		snprintf(text + len, 1024 - len, "NOOP TC; ");
	return text;
}

/*
 * Read what there is, and answer while there is something to be answered. That
 * nobody holds the object of C any more is left out: it may come later.
 */
static const char *unwind(struct client *c, bool *released)
{
	char *text = stage_scratch(1024);
	size_t len = 0;

	*text = 0;
	for (;;) {
		while (strcmp(bc_read(c), "EAGAIN")) {
			if (!strcmp(c->read_text, "NOOP RELEASE DECREFS"))
				*released = true;
			else
				len += snprintf(text + len, 1024 - len, "%s; ",
						c->read_text);
		}
		bc_reply(c, .code = 0);
		if (!strcmp(bc_ee(c), "FR EPROTO"))
			break;
		len += snprintf(text + len, 1024 - len, "reply; ");
	}
	bc_read(c);
	return text;
}

/* Whoever is left works on, with whom it had to do or with somebody new. */
static bool still_works(FIXTURE_DATA(nested) *self, bool is_killed,
			bool s_disappears)
{
	struct client *s = self->s, *c = self->c;

	if (is_killed && s_disappears)
		s = bc_server("another S", BC_MAP_SIZE);
	else if (is_killed)
		c = bc_start("another C", BC_DEVICE, BC_MAP_SIZE);
	bc_ready(s);
	bc_ready(c);
	return bc_works(s, c) && bc_room(s, c);
}

TEST_F(nested, one_disappears)
{
	unsigned int depth;

	for (depth = 1; depth <= MAX_DEPTH; depth++) {
		struct client *gone, *left;
		bool released = false;

		begin(self);
		gone = variant->s_disappears ? self->s : self->c;
		left = variant->s_disappears ? self->c : self->s;
		if (variant->is_killed)
			watch(self, gone);
		nest(self, depth);
		if (variant->is_killed) {
			actor_kill(gone->a);
			ASSERT_STREQ("NOOP DEAD_BINDER", bc_wait(self->b));
		} else {
			ASSERT_EQ(0, bc_u32_ioctl(gone, BINDER_THREAD_EXIT, 0));
		}
		ASSERT_STREQ(expected(!variant->s_disappears, depth),
			     unwind(left, &released)) {
			TH_LOG("%u calls", depth);
		}
		if (variant->is_killed && variant->s_disappears && !released)
			ASSERT_STREQ("NOOP RELEASE DECREFS", bc_wait(left));
		ASSERT_TRUE(still_works(self, variant->is_killed,
					variant->s_disappears));
		actors_end();
	}
}

/*
 * Both are killed, one after the other. Nobody is left who could tell; what was
 * between them must be gone, which kmemleak looks for after the suite.
 */
TEST_F(nested, both_disappear)
{
	unsigned int depth;

	for (depth = 1; depth <= MAX_DEPTH; depth++) {
		begin(self);
		nest(self, depth);
		if (variant->is_killed) {
			actor_kill(variant->s_disappears ? self->s->a :
				   self->c->a);
		} else {
			bc_u32_ioctl(variant->s_disappears ? self->s : self->c,
				     BINDER_THREAD_EXIT, 0);
			bc_u32_ioctl(variant->s_disappears ? self->c : self->s,
				     BINDER_THREAD_EXIT, 0);
		}
		actors_end();
		begin(self);
		ASSERT_TRUE(bc_works(self->s, self->c));
		ASSERT_TRUE(bc_room(self->s, self->c));
		actors_end();
	}
}

/* Two calls of one client, the second of which is made when the first returns. */
struct quick {
	int fd;
	struct binder_write_read first;
	struct binder_write_read second;
};

static long make_calls(struct actor *a, void *arg)
{
	struct quick *q = arg;

	if (ioctl(q->fd, BINDER_WRITE_READ, &q->first) ||
	    ioctl(q->fd, BINDER_WRITE_READ, &q->second))
		return -errno;
	return 0;
}

static struct quick *call_and_reply(struct client *c, u32 handle)
{
	struct quick *q = stage_keep(sizeof(*q));
	struct wbuf w = { .p = stage_keep(256), .size = 256 };

	w_txn(&w, .handle = handle);
	q->fd = c->f->fd;
	q->first.write_buffer = (binder_uintptr_t)w.p;
	q->first.write_size = w.len;
	q->first.read_buffer = (binder_uintptr_t)c->rbuf;
	q->first.read_size = BC_READ_SIZE;
	w_reply(&w, .code = 0);
	q->second.write_buffer = q->first.write_buffer + q->first.write_size;
	q->second.write_size = w.len - q->first.write_size;
	return q;
}

/*
 * S waits for a reply, and runs the moment it is there: before C, who gives it,
 * is back from the driver, C has got something else from S. Nevertheless C hears
 * first that its reply is sent. Clients that wait for that, as they do before
 * they go on, would take anything else for something they did not ask for.
 */
TEST(completion_before_consequences)
{
	struct sched_param param = { .sched_priority = 1 };
	struct client *s = bc_server("S", BC_MAP_SIZE);
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	u32 handle = bc_give(c, s, PTR, 0, 0);
	int i;

	for (i = 0; i < 20; i++) {
		EXPECT_EQ(0, bc_send(c, .handle = 0));
		bc_take_and_free(s);
		bc_nonblock(s, false);
		actor_begin(s->a, make_calls, call_and_reply(s, handle));
		ASSERT_TRUE(actor_blocked(s->a));
		ASSERT_EQ(0, sched_setscheduler(s->a->tid, SCHED_FIFO, &param));
		bc_take_and_free(c);
		EXPECT_EQ(0, bc_reply(c, .code = 0));
		EXPECT_EQ(0, actor_end(s->a));
		ASSERT_STREQ("NOOP TC REPLY", bc_read(c));
		bc_free(c, bc_txn(c)->data.ptr.buffer);
		ASSERT_EQ(0, sched_setscheduler(s->a->tid, SCHED_OTHER,
						&(struct sched_param) { }));
		ASSERT_STREQ("NOOP TC", bc_read(s));
	}
	actors_end();
}

TEST_HARNESS_MAIN
