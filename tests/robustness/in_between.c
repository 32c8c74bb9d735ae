// SPDX-License-Identifier: GPL-2.0
/*
 * Processes and threads that go, or change, between two steps of what somebody
 * else does with them.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"

#include "gate.h"
#include "holdings.h"
#include "logs.h"
#include "refs.h"
#include "system.h"

#define PTR		0x1000ULL
#define COOKIE		0x77ULL

/* S is the context manager, B looks on. */
FIXTURE(between) {
	struct client *s;
	struct client *c;
	struct client *b;
};

FIXTURE_SETUP(between)
{
	self->s = bc_server("S", BC_MAP_SIZE);
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	self->b = bc_start("B", BC_DEVICE, BC_MAP_SIZE);
}

FIXTURE_TEARDOWN(between)
{
	actors_end();
}

/* Kill S, and go on when it is as dead as can be. */
static void kill_and_await(FIXTURE_DATA(between) *self)
{
	bc_ref(self->b, BC_ACQUIRE, 0);
	bc_handle_cmd(self->b, BC_REQUEST_DEATH_NOTIFICATION, 0, COOKIE);
	actor_kill(self->s->a);
	if (strcmp(bc_wait(self->b), "NOOP DEAD_BINDER"))
		test_abort("B reads %s", self->b->read_text);
}

/* C sends @p to S, of which all but the first page is held up. */
static struct gate *send_held_up(struct client *c, struct parcel *p, u32 flags)
{
	struct gate *g = gate_new(c, 2 * PAGE, 1, 0);
	u8 *content = stage_keep(2 * PAGE);
	struct wbuf *w = wb(c);

	memcpy(content, p->data, p->size);
	bc_sys(c, mprotect, (long)g->mem, PAGE, PROT_READ | PROT_WRITE);
	g->content = content;
	w_txn(w, .raw = true, .flags = flags, .data = g->mem, .size = p->size,
	      .offsets = p->offsets,
	      .offsets_size = p->n * sizeof(p->offsets[0]));
	c->bwr = (struct binder_write_read) {
		.write_size = w->len,
		.write_buffer = (binder_uintptr_t)w->p,
	};
	actor_begin_sys(c->a, SYS_ioctl, (const long[6]) {
			c->f->fd, BINDER_WRITE_READ, (long)&c->bwr });
	if (gate_await(g) != 1)
		test_abort("held up at another page");
	return g;
}

/*
 * The receiver is dead by the time that an object would give it something. The
 * sender hears of that, and keeps what it has.
 */
static const char *dies_before_object(FIXTURE_DATA(between) *self,
				      struct parcel *objects, u32 flags)
{
	struct client *c = self->c;
	struct parcel *p = parcel();
	const char *held = bc_holdings(c);
	struct gate *g;
	size_t i;

	p_bytes(p, stage_scratch(PAGE + 8), PAGE + 8);
	for (i = 0; i < objects->n; i++) {
		const union object *o = p_at(objects, i);

		p_object(p, o, object_size(o->hdr.type));
	}
	g = send_held_up(c, p, flags);
	kill_and_await(self);
	gate_open(g);
	if (actor_end(c->a) || strcmp(bc_ee(c), "DR 0") ||
	    strcmp(bc_read(c), "NOOP DR"))
		return stage_text("C reads %s: %s", c->read_text, c->ee_text);
	bc_sys(c, close, g->uffd);
	if (strcmp(held, bc_holdings(c)))
		return stage_text("C had %s and has %s", held, bc_holdings(c));
	return strcmp(bc_read(c), "EAGAIN") ? c->read_text : "";
}

TEST_F(between, receiver_dies_before_a_binder)
{
	struct parcel *p = parcel();

	p_binder(p, PTR, COOKIE, 0);
	EXPECT_STREQ("", dies_before_object(self, p, 0));
}

TEST_F(between, receiver_dies_before_a_binder_of_a_oneway)
{
	struct parcel *p = parcel();

	p_binder(p, PTR, COOKIE, 0);
	EXPECT_STREQ("", dies_before_object(self, p, TF_ONE_WAY));
}

TEST_F(between, receiver_dies_before_a_handle)
{
	u32 handle = bc_pass(self->b, self->s, self->c, PTR, COOKIE, 0);
	struct parcel *p = parcel();

	bc_read(self->b);
	p_handle(p, handle);
	EXPECT_STREQ("", dies_before_object(self, p, 0));
}

TEST_F(between, receiver_dies_before_a_descriptor)
{
	struct fd_pipe pipe = bc_pipe(self->c);
	struct parcel *p = parcel();

	p_fd(p, pipe.w, 0);
	EXPECT_STREQ("", dies_before_object(self, p, 0));
	bc_sys(self->c, close, pipe.w);
	EXPECT_STREQ("EOF", pipe_await(&pipe));
}

/* Everything is copied, and only then it turns out. */
TEST_F(between, receiver_dies_before_the_end)
{
	EXPECT_STREQ("", dies_before_object(self, parcel(), 0));
}

TEST_F(between, receiver_dies_before_the_end_of_a_oneway)
{
	EXPECT_STREQ("", dies_before_object(self, parcel(), TF_ONE_WAY));
}

/*
 * The thread that waits further up the chain has gone: a call back to its process
 * is for any thread.
 */
TEST_F(between, caller_exits_before_a_call_back)
{
	struct client *s = self->s, *c = self->c, *c2 = bc_thread(c, "C2");
	u32 handle = bc_give(c, s, PTR, 0, 0);

	bc_ready(c2);
	EXPECT_EQ(0, bc_send(c, .code = 1));
	bc_take_and_free(s);
	EXPECT_EQ(0, bc_u32_ioctl(c, BINDER_THREAD_EXIT, 0));
	EXPECT_EQ(0, bc_send(s, .handle = handle, .code = 2));
	ASSERT_STREQ("NOOP TRANSACTION", bc_read(c2));
	EXPECT_EQ(2, bc_txn(c2)->code);
	EXPECT_EQ(0, bc_free(c2, bc_txn(c2)->data.ptr.buffer));
	EXPECT_EQ(0, bc_reply(c2, .code = 3));
	ASSERT_STREQ("NOOP TC REPLY", bc_read(s));
	EXPECT_EQ(3, bc_txn(s)->code);
	EXPECT_EQ(0, bc_free(s, bc_txn(s)->data.ptr.buffer));
	EXPECT_EQ(0, bc_reply(s, .code = 0));
	EXPECT_STREQ("NOOP TC", bc_read(s));
	EXPECT_STREQ("NOOP TC", bc_read(c2));
	EXPECT_TRUE(bc_works(s, c));
}

/*
 * C waits for S, S for B, and S dies. As long as B does not answer, C waits for a
 * dead process whose node nobody refers to; only then it hears of it.
 */
TEST_F(between, called_process_dies_in_a_call)
{
	struct client *s = self->s, *c = self->c, *b = self->b;
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	u32 handle = bc_give(b, s, PTR, 0, 0);
	const char *state;

	EXPECT_EQ(0, bc_send(c, .code = 1));
	bc_take_and_free(s);
	EXPECT_EQ(0, bc_send(s, .handle = handle, .code = 2));
	bc_take_and_free(b);
	self->b = d;
	kill_and_await(self);
	EXPECT_EQ(0, bc_ref(d, BC_RELEASE, 0));
	EXPECT_STREQ("EAGAIN", bc_read(c));
	state = log_about(c, "state");
	EXPECT_NE(NULL, strstr(state, "outgoing transaction #1: PTR from C:C to 0:"))
		TH_LOG("%s", state);
	EXPECT_EQ(0, bc_reply(b, .code = 0));
	/* That S has let go of its object may have come before. */
	EXPECT_STREQ("NOOP TC DR", bc_read(c));
	EXPECT_STREQ("EAGAIN", bc_read(c));
}

/* All that outlives an owner is in the log under one title. */
TEST_F(between, several_nodes_outlive_their_owner)
{
	struct client *s = self->s, *c = self->c;
	const char *state, *title = "dead nodes:\n";
	u32 last = 0;
	int i;

	for (i = 0; i < 3; i++)
		last = bc_give(c, s, PTR + i, COOKIE + i, 0);
	EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_DEATH_NOTIFICATION, last, 1));
	actor_kill(c->a);
	ASSERT_STREQ("NOOP DEAD_BINDER", bc_wait(s));
	state = strstr(log_text(log_path("state")), title);
	ASSERT_NE(NULL, state);
	EXPECT_EQ(NULL, strstr(state + 1, title));
	for (i = 0; i < 3; i++) {
		const char *node = stage_text(": u%016llx c%016llx ", PTR + i,
					      COOKIE + i);

		EXPECT_NE(NULL, strstr(state, node))
			TH_LOG("%s", state);
	}
}

/* A receiver that closes what it got does not close it once more. */
TEST_F(between, descriptors_closed_before_their_buffer)
{
	struct client *s = self->s, *c = self->c;
	struct fd_pipe pipe = bc_pipe(c);
	struct binder_transaction_data t;
	struct parcel *p = parcel();
	u32 *fds = stage_keep(64);
	const u32 *got;

	fds[0] = pipe.w;
	fds[1] = pipe.w;
	p_bytes(p, "in front", 8);
	p_fda(p, 2, p_ptr(p, fds, 8), 0);
	EXPECT_EQ(0, bc_send(c, .parcel = p, .sg = 8));
	t = bc_take(s);
	got = bc_peek(s, bc_object(s, &t, 0)->ptr.buffer, 8);
	EXPECT_EQ(0, bc_sys(s, close, got[1]));
	EXPECT_EQ(0, bc_free(s, t.data.ptr.buffer));
	EXPECT_EQ(0, bc_reply(s, .code = 0));
	EXPECT_EQ(0, bc_sys(c, close, pipe.w));
	EXPECT_STREQ("EOF", pipe_await(&pipe));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(c));
}

/* A node that only a buffer, weakly, keeps: its owner hears of it at the end. */
TEST_F(between, kept_weakly_by_a_buffer)
{
	struct client *s = self->s, *c = self->c;
	u32 handle = bc_give(c, s, PTR, COOKIE, 0);
	struct parcel *p = parcel();
	struct binder_transaction_data t;

	p_weak_handle(p, handle);
	EXPECT_EQ(0, bc_send(c, .code = 1));
	bc_take_and_free(s);
	EXPECT_EQ(0, bc_reply(s, .parcel = p));
	bc_read(s);
	t = bc_take(c);
	EXPECT_EQ(0, bc_ref(s, BC_RELEASE, handle));
	EXPECT_STREQ("NOOP RELEASE", bc_read(c));
	EXPECT_STREQ("hs 0 hw 1 ls 0 lw 1 is 0 iw 0", log_node(c, PTR));
	EXPECT_EQ(0, bc_free(c, t.data.ptr.buffer));
	EXPECT_STREQ("NOOP DECREFS", bc_read(c));
	EXPECT_STREQ("none", log_node(c, PTR));
}

/* What a thread does wrong itself, it hears; not what comes of its call later. */
TEST_F(between, error_of_its_own_before_that_of_the_reply)
{
	struct client *s = self->s, *c = self->c;
	struct parcel *bad = parcel();

	p_flat(bad, 0x12345678, 0, 0, 0);
	EXPECT_EQ(0, bc_send(c, .code = 1));
	bc_take_and_free(s);
	/* It waits for a reply, and has nothing to reply to. */
	EXPECT_EQ(0, bc_reply(c, .code = 2));
	EXPECT_EQ(0, bc_reply(s, .parcel = bad));
	EXPECT_STREQ("FR EPROTO", bc_ee(c));
	EXPECT_STREQ("NOOP TC FR FR", bc_read(c));
}

/*
 * A thread that makes a call again without having read that the last one came to
 * nothing, and again nothing comes of it.
 */
TEST_F(between, two_calls_fail_before_a_read)
{
	struct client *s = self->s, *c = self->c;
	int i;

	for (i = 0; i < 2; i++) {
		EXPECT_EQ(0, bc_send(c, .code = i));
		bc_take_and_free(s);
		EXPECT_EQ(0, bc_u32_ioctl(s, BINDER_THREAD_EXIT, 0));
		bc_ready(s);
	}
	EXPECT_STREQ("NOOP TC DR TC", bc_read(c));
	EXPECT_STREQ("EAGAIN", bc_read(c));
	EXPECT_TRUE(bc_works(s, c));
}

static long close_all(struct actor *a, void *arg)
{
	const struct sched_param fifo = { .sched_priority = 1 };
	unsigned int *range = arg;

	/* Nobody else runs in between, not even the worker that is to wake others. */
	if (sched_setscheduler(0, SCHED_FIFO, &fifo) ||
	    syscall(SYS_close_range, range[0], range[1], 0))
		return -errno;
	return sched_setscheduler(0, SCHED_OTHER, &(struct sched_param) { });
}

/* Descriptors of one file are closed faster than each can have an effect. */
TEST_F(between, many_closes)
{
	struct client *c = self->c, *t = bc_thread(c, "T");
	unsigned int *range = stage_keep(2 * sizeof(*range));
	unsigned int i;

	range[0] = bc_sys(c, fcntl, c->f->fd, F_DUPFD, 200);
	for (i = 1; i < 20; i++)
		range[1] = bc_sys(c, fcntl, c->f->fd, F_DUPFD, 200);
	bc_ready(t);
	bc_begin_read(t, NULL, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(t));
	EXPECT_EQ(0, actor_call(c->a, close_all, range));
	EXPECT_STREQ("NOOP", bc_end(t));
	EXPECT_TRUE(bc_works(self->s, c));
}

/* BINDER_FREEZE */

static struct binder_freeze_info *freeze_info(struct client *c, u32 timeout_ms)
{
	struct binder_freeze_info *info = stage_keep(sizeof(*info));

	*info = (struct binder_freeze_info) {
		.pid = c->a->pid,
		.enable = 1,
		.timeout_ms = timeout_ms,
	};
	return info;
}

static void begin_freeze(struct client *by, struct client *c, u32 timeout_ms)
{
	actor_begin_sys(by->a, SYS_ioctl, (const long[6]) {
			by->f->fd, BINDER_FREEZE,
			(long)freeze_info(c, timeout_ms) });
	if (!actor_blocked(by->a))
		test_abort("BINDER_FREEZE does not wait");
}

/*
 * A process has two files, of which one is closed while the call that keeps the
 * other from being frozen goes on.
 */
TEST_F(between, one_of_two_files_is_closed_before_it_is_frozen)
{
	struct client *b = self->b, *c = self->c, *c2, *s2;

	c2 = bc_second_file(c, BC_DEVICE_2, BC_MAP_SIZE);
	ASSERT_EQ(0, bc_manager(c2, 0));
	s2 = bc_start("S2", BC_DEVICE_2, BC_MAP_SIZE);
	EXPECT_EQ(0, bc_send(s2, .code = 1));
	bc_take_and_free(c2);
	begin_freeze(b, c, ACTOR_PATIENCE_MS);
	EXPECT_EQ(0, bc_unmap(c));
	EXPECT_EQ(0, bc_close(c));
	while (strstr(log_text(log_path("state")), "proc C\ncontext binder\n"))
		sleep_ms(1);
	EXPECT_EQ(0, bc_reply(c2, .code = 0));
	EXPECT_EQ(0, actor_end(b->a));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(s2));
	EXPECT_STREQ("NOOP ZR, ZR 0", bc_outcome(s2, .code = 2));
}

static long notice(struct client *c, u32 *is_frozen)
{
	if (strcmp(bc_read(c), "NOOP FROZEN_BINDER"))
		return -ENOMSG;
	*is_frozen = c->br.v[1].frozen.is_frozen;
	return bc_cookie_cmd(c, BC_FREEZE_NOTIFICATION_DONE,
			     c->br.v[1].frozen.cookie);
}

/*
 * Who begins to watch while a process is being frozen has heard the truth when
 * that has come to nothing. The kernel's driver tells him that it is frozen, and
 * never that it is not.
 */
TEST_F(between, watched_while_it_is_being_frozen)
{
	struct client *s = self->s, *b = self->b, *c = self->c;
	u32 handle = bc_give(c, s, PTR, 0, 0), is_frozen = 77;
	struct client *d = bc_thread(s, "D");

	EXPECT_EQ(0, bc_send(d, .handle = handle, .code = 1));
	bc_take_and_free(c);
	begin_freeze(b, c, 200);
	EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_FREEZE_NOTIFICATION, handle,
				   COOKIE));
	EXPECT_EQ(0, notice(s, &is_frozen));
	EXPECT_EQ(-EAGAIN, actor_end(b->a));
	EXPECT_NE(0, notice(s, &is_frozen));
	EXPECT_EQ(on_stock(), is_frozen);
	/* And when it is frozen it hears of that. */
	EXPECT_EQ(0, bc_reply(c, .code = 0));
	EXPECT_EQ(0, bc_ioctl(b, BINDER_FREEZE, freeze_info(c, 0)));
	EXPECT_EQ(0, notice(s, &is_frozen));
	EXPECT_EQ(1, is_frozen);
}

/*
 * One that is frozen already is not any more if it cannot be frozen once more,
 * because of a message that came since. That is told to who begins to watch then.
 */
TEST_F(between, watched_when_it_was_frozen_again_in_vain)
{
	struct client *s = self->s, *b = self->b, *c = self->c;
	u32 handle = bc_give(c, s, PTR, 0, 0), is_frozen = 77;

	EXPECT_EQ(0, bc_ioctl(b, BINDER_FREEZE, freeze_info(c, 0)));
	EXPECT_EQ(0, bc_oneway(s, .handle = handle, .code = 1));
	EXPECT_STREQ("NOOP PENDING_FROZEN", bc_read(s));
	EXPECT_EQ(-EAGAIN, bc_ioctl(b, BINDER_FREEZE, freeze_info(c, 0)));
	EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_FREEZE_NOTIFICATION, handle,
				   COOKIE));
	EXPECT_EQ(0, notice(s, &is_frozen));
	EXPECT_EQ(0, is_frozen);
	EXPECT_EQ(0, bc_send(s, .handle = handle, .code = 2));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(c));
}

static long reply_and_linger(struct actor *a, void *arg)
{
	const struct sched_param fifo = { .sched_priority = 1 };
	struct client *c = arg;
	u64 until = now_ms() + 400;
	long ret;

	if (sched_setscheduler(0, SCHED_FIFO, &fifo))
		return -errno;
	ret = ioctl(c->f->fd, BINDER_WRITE_READ, &c->bwr) ? -errno : 0;
	/* Whoever waits for the end of the call runs too late. */
	while (now_ms() < until)
		;
	return sched_setscheduler(0, SCHED_OTHER, &(struct sched_param) { }) ?: ret;
}

/* The last call ends in time, though nobody sees that before the time is over. */
TEST_F(between, frozen_at_the_last_moment)
{
	struct client *s = self->s, *b = self->b, *c = self->c;
	struct wbuf *w = wb(s);

	EXPECT_EQ(0, bc_send(c, .code = 1));
	bc_take_and_free(s);
	w_reply(w, .code = 0);
	s->bwr = (struct binder_write_read) {
		.write_buffer = (binder_uintptr_t)w->p,
		.write_size = w->len,
	};
	begin_freeze(b, s, 200);
	EXPECT_EQ(0, actor_call(s->a, reply_and_linger, s));
	EXPECT_EQ(0, actor_end(b->a));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(c));
	EXPECT_STREQ("NOOP ZR, ZR 0", bc_outcome(c, .code = 2));
}

TEST_F(between, freezing_is_interrupted)
{
	struct client *s = self->s, *b = self->b, *c = self->c;

	EXPECT_EQ(0, bc_send(c, .code = 1));
	bc_take_and_free(s);
	actor_interruptible(b->a);
	begin_freeze(b, s, ACTOR_PATIENCE_MS);
	actor_signal(b->a, SIGUSR1);
	EXPECT_EQ(-EINTR, actor_end(b->a));
	/* It is not frozen. */
	EXPECT_EQ(0, bc_reply(s, .code = 0));
	bc_read(s);
	EXPECT_STREQ("NOOP TC REPLY", bc_read(c));
	EXPECT_TRUE(bc_works(s, c));
}

TEST_HARNESS_MAIN
