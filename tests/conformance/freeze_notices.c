// SPDX-License-Identifier: GPL-2.0
/*
 * 20 Commands, 60 Nodes, references, notifications: freeze notifications.
 *
 * C owns the nodes and is frozen, S holds handles to them and watches.
 */
#include <stdio.h>

#include "conf.h"
#include "logs.h"
#include "refs.h"

#define WATCH	0x77	/* cookie of a registration */

static long request(struct client *c, u32 handle, u64 cookie)
{
	return bc_handle_cmd(c, BC_REQUEST_FREEZE_NOTIFICATION, handle, cookie);
}

static long clear(struct client *c, u32 handle, u64 cookie)
{
	return bc_handle_cmd(c, BC_CLEAR_FREEZE_NOTIFICATION, handle, cookie);
}

static long done(struct client *c, u64 cookie)
{
	return bc_cookie_cmd(c, BC_FREEZE_NOTIFICATION_DONE, cookie);
}

/* Any process may do it; here it is S. */
static long set_frozen(struct client *s, struct client *c, u32 enable)
{
	struct binder_freeze_info *info = stage_scratch(sizeof(*info));

	*info = (struct binder_freeze_info) {
		.pid = c->a->pid,
		.enable = enable,
	};
	return bc_ioctl(s, BINDER_FREEZE, info);
}

static long freeze(struct client *s, struct client *c)
{
	return set_frozen(s, c, 1);
}

static long thaw(struct client *s, struct client *c)
{
	return set_frozen(s, c, 0);
}

/*
 * A read as text, and what the return in it carries: "FROZEN_BINDER 77 1" is
 * the cookie and the state, "CLEAR_FREEZE_DONE 77" the cookie, "nothing" a read
 * that would block.
 */
static const char *notice(struct client *c)
{
	const char *text = bc_read(c);
	const struct br *b = &c->br.v[1];
	char *out = stage_scratch(2100);

	if (!strcmp(text, "EAGAIN"))
		return "nothing";
	if (!strcmp(text, "NOOP FROZEN_BINDER") && !b->frozen.reserved)
		snprintf(out, 2100, "FROZEN_BINDER %llx %u",
			 (unsigned long long)b->frozen.cookie,
			 b->frozen.is_frozen);
	else if (!strcmp(text, "NOOP CLEAR_FREEZE_DONE"))
		snprintf(out, 2100, "CLEAR_FREEZE_DONE %llx",
			 (unsigned long long)b->cookie);
	else
		snprintf(out, 2100, "%s", text);
	return out;
}

/* A node of C that S holds and watches; what came at once is yet to be read. */
static u32 watched(struct client *c, struct client *s, u64 ptr, u64 cookie)
{
	u32 handle = bc_give(c, s, ptr, 0, 0);
	long ret = request(s, handle, cookie);

	if (ret)
		test_abort("BC_REQUEST_FREEZE_NOTIFICATION: %s",
			   errno_name(ret));
	return handle;
}

/* As watched(), with what came at once read and acknowledged. */
static u32 settled(struct client *c, struct client *s, u64 ptr, u64 cookie)
{
	u32 handle = watched(c, s, ptr, cookie);
	const char *text = bc_read(s);

	if (strcmp(text, "NOOP FROZEN_BINDER") || done(s, cookie))
		test_abort("no first freeze notification but: %s", text);
	return handle;
}

/* The commands */

TEST_F(conf, C_041)
{
	static const u32 handles[] = { 0, 99, 0xffffffff };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(handles); i++) {
		EXPECT_EQ(-EINVAL, request(self->c, handles[i], 7));
		EXPECT_EQ(0, self->c->bwr.write_consumed);
	}
	EXPECT_STREQ("nothing", notice(self->c));
}

TEST_F(conf, C_042)
{
	u32 handle = bc_give(self->c, self->s, 0x1000, 1, 0);

	EXPECT_EQ(0, request(self->s, handle, 7));
	EXPECT_EQ(16, self->s->bwr.write_consumed);
	EXPECT_EQ(-EINVAL, request(self->s, handle, 8));
	EXPECT_EQ(0, self->s->bwr.write_consumed);
	EXPECT_EQ(-EINVAL, request(self->s, handle, 7));
	EXPECT_STREQ("FROZEN_BINDER 7 0", notice(self->s));
	EXPECT_STREQ("nothing", notice(self->s));
}

TEST_F(conf, C_043)
{
	u32 none = bc_give(self->c, self->s, 0x1000, 1, 0);
	u32 handle = bc_give(self->c, self->s, 0x2000, 2, 0);

	EXPECT_EQ(0, request(self->s, handle, 7));
	EXPECT_EQ(-EINVAL, clear(self->s, 99, 7));
	EXPECT_EQ(0, self->s->bwr.write_consumed);
	EXPECT_EQ(-EINVAL, clear(self->s, none, 7));
	EXPECT_EQ(0, self->s->bwr.write_consumed);
	EXPECT_EQ(-EINVAL, clear(self->s, handle, 8));
	EXPECT_EQ(0, self->s->bwr.write_consumed);
	EXPECT_STREQ("FROZEN_BINDER 7 0", notice(self->s));
	EXPECT_STREQ("nothing", notice(self->s));
}

TEST_F(conf, C_044)
{
	u32 handle = bc_give(self->c, self->s, 0x1000, 1, 0);

	EXPECT_EQ(-EINVAL, done(self->s, 7));
	EXPECT_EQ(0, self->s->bwr.write_consumed);
	EXPECT_EQ(0, request(self->s, handle, 7));
	/* Queued is not delivered. */
	EXPECT_EQ(-EINVAL, done(self->s, 7));
	EXPECT_STREQ("FROZEN_BINDER 7 0", notice(self->s));
	EXPECT_EQ(-EINVAL, done(self->s, 8));
	EXPECT_EQ(0, done(self->s, 7));
	EXPECT_EQ(12, self->s->bwr.write_consumed);
	EXPECT_EQ(-EINVAL, done(self->s, 7));
}

TEST_F(conf, C_045)
{
	struct wbuf *w = wb(self->c);

	w_free(w, 0);
	w_handle_cmd(w, BC_REQUEST_FREEZE_NOTIFICATION, 99, 7);
	w_u32(w, BC_ENTER_LOOPER);
	EXPECT_EQ(-EINVAL, bc_write(self->c, w));
	EXPECT_EQ(12, self->c->bwr.write_consumed);
	EXPECT_STREQ("l 00", log_thread(self->c));

	w = wb(self->c);
	w_u32(w, BC_ENTER_LOOPER);
	w_cookie_cmd(w, BC_FREEZE_NOTIFICATION_DONE, 7);
	EXPECT_EQ(-EINVAL, bc_write(self->c, w));
	EXPECT_EQ(4, self->c->bwr.write_consumed);
	EXPECT_STREQ("l 02", log_thread(self->c));
}

/* What follows from them */

TEST_F(conf, N_035)
{
	watched(self->c, self->s, 0x1000, WATCH);
	EXPECT_STREQ("FROZEN_BINDER 77 0", notice(self->s));
	EXPECT_EQ(24, self->s->bwr.read_consumed);
	EXPECT_STREQ("nothing", notice(self->s));
}

/* Weak handles may be watched, by several, and cookies are opaque. */
TEST_F(conf, N_035_holders)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	u32 handle = watched(self->c, self->s, 0x1000, 0);

	EXPECT_STREQ("FROZEN_BINDER 0 0", notice(self->s));
	handle = bc_receive_weak(d, self->s, handle);
	EXPECT_EQ(0, request(d, handle, ~(u64)0));
	EXPECT_STREQ("FROZEN_BINDER ffffffffffffffff 0", notice(d));
	EXPECT_EQ(0, done(self->s, 0));
	EXPECT_EQ(0, done(d, ~(u64)0));
	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_STREQ("FROZEN_BINDER 0 1", notice(self->s));
	EXPECT_STREQ("FROZEN_BINDER ffffffffffffffff 1", notice(d));
}

/* It is process work, for any thread. */
TEST_F(conf, N_035_any_thread)
{
	struct client *t = bc_thread(self->s, "t");

	settled(self->c, self->s, 0x1000, WATCH);
	bc_ready(t);
	bc_begin_read(t, NULL, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(t));
	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_STREQ("NOOP FROZEN_BINDER", bc_end(t));
	EXPECT_STREQ("nothing", notice(self->s));
}

/* The context manager's node, by handle 0. */
TEST_F(conf, N_035_manager)
{
	EXPECT_EQ(0, bc_ref(self->c, BC_INCREFS, 0));
	EXPECT_EQ(0, request(self->c, 0, WATCH));
	EXPECT_STREQ("FROZEN_BINDER 77 0", notice(self->c));
	EXPECT_EQ(0, done(self->c, WATCH));
	EXPECT_EQ(0, freeze(self->c, self->s));
	EXPECT_STREQ("FROZEN_BINDER 77 1", notice(self->c));
}

TEST_F(conf, N_036)
{
	u32 handle = bc_give(self->c, self->s, 0x1000, 0, 0);

	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_STREQ("nothing", notice(self->s));
	EXPECT_EQ(0, request(self->s, handle, WATCH));
	EXPECT_STREQ("FROZEN_BINDER 77 1", notice(self->s));
	EXPECT_STREQ("nothing", notice(self->s));
}

TEST_F(conf, N_037)
{
	watched(self->c, self->s, 0x1000, WATCH);
	EXPECT_STREQ("FROZEN_BINDER 77 0", notice(self->s));
	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_STREQ("nothing", notice(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("FROZEN_BINDER 77 1", notice(self->s));
	EXPECT_STREQ("nothing", notice(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("nothing", notice(self->s));
}

/* Without DONE nothing comes, however often the state changes. */
TEST_F(conf, N_037_never_done)
{
	unsigned int i;

	watched(self->c, self->s, 0x1000, WATCH);
	EXPECT_STREQ("FROZEN_BINDER 77 0", notice(self->s));
	EXPECT_STREQ("has delivered freeze binder", log_todo(self->s));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, freeze(self->s, self->c));
		EXPECT_STREQ("nothing", notice(self->s));
		EXPECT_EQ(0, thaw(self->s, self->c));
		EXPECT_STREQ("nothing", notice(self->s));
	}
}

TEST_F(conf, N_038)
{
	settled(self->c, self->s, 0x1000, WATCH);
	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_STREQ("FROZEN_BINDER 77 1", notice(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_STREQ("FROZEN_BINDER 77 1", notice(self->s));
	EXPECT_STREQ("nothing", notice(self->s));
}

/* The same state once more, not acknowledged: there is nothing to resend. */
TEST_F(conf, N_038_unacknowledged)
{
	settled(self->c, self->s, 0x1000, WATCH);
	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_STREQ("FROZEN_BINDER 77 1", notice(self->s));
	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("nothing", notice(self->s));
}

TEST_F(conf, N_039)
{
	settled(self->c, self->s, 0x1000, WATCH);
	EXPECT_EQ(0, thaw(self->s, self->c));
	EXPECT_STREQ("FROZEN_BINDER 77 0", notice(self->s));
	EXPECT_STREQ("nothing", notice(self->s));
}

TEST_F(conf, N_040)
{
	watched(self->c, self->s, 0x1000, WATCH);
	EXPECT_STREQ("has frozen binder", log_todo(self->s));
	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_STREQ("has frozen binder", log_todo(self->s));
	EXPECT_STREQ("FROZEN_BINDER 77 1", notice(self->s));
	EXPECT_STREQ("nothing", notice(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("nothing", notice(self->s));
}

TEST_F(conf, N_041)
{
	watched(self->c, self->s, 0x1000, WATCH);
	EXPECT_STREQ("FROZEN_BINDER 77 0", notice(self->s));
	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_EQ(0, thaw(self->s, self->c));
	EXPECT_STREQ("nothing", notice(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("FROZEN_BINDER 77 0", notice(self->s));
	EXPECT_STREQ("nothing", notice(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("nothing", notice(self->s));
}

TEST_F(conf, N_042)
{
	u32 handle = settled(self->c, self->s, 0x1000, WATCH);
	struct client *t = bc_thread(self->s, "t");

	EXPECT_EQ(0, bc_send(t, .handle = handle));
	EXPECT_EQ(-EAGAIN, freeze(self->s, self->c));
	EXPECT_STREQ("nothing", notice(self->s));
	/* C is thawed: it can be called. */
	bc_take(self->c);
	EXPECT_EQ(0, bc_reply(self->c, .code = 1));
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(t));
	EXPECT_EQ(0, bc_oneway(self->s, .handle = handle));
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
	bc_take_and_free(self->c);
	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_STREQ("FROZEN_BINDER 77 1", notice(self->s));
}

/* A failure thaws who was frozen, and does not tell. */
TEST_F(conf, N_042_was_frozen)
{
	u32 handle = settled(self->c, self->s, 0x1000, WATCH);

	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_STREQ("FROZEN_BINDER 77 1", notice(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_EQ(0, bc_oneway(self->s, .handle = handle));
	EXPECT_STREQ("NOOP PENDING_FROZEN", bc_read(self->s));
	EXPECT_EQ(-EAGAIN, freeze(self->s, self->c));
	EXPECT_STREQ("nothing", notice(self->s));
	EXPECT_EQ(0, bc_oneway(self->s, .handle = handle));
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
}

TEST_F(conf, N_043)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_STREQ("has cleared freeze notification", log_todo(self->s));
	EXPECT_STREQ("CLEAR_FREEZE_DONE 77", notice(self->s));
	EXPECT_STREQ("nothing", notice(self->s));
	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_STREQ("nothing", notice(self->s));
}

/* CLEAR_DONE takes the place of the event in the queue. */
TEST_F(conf, N_043_same_place)
{
	u32 a = bc_give(self->c, self->s, 0x1000, 0, 0);
	u32 b = bc_give(self->c, self->s, 0x2000, 0, 0);

	EXPECT_EQ(0, request(self->s, a, WATCH));
	EXPECT_EQ(0, request(self->s, b, 0x88));
	EXPECT_EQ(0, clear(self->s, a, WATCH));
	EXPECT_STREQ("NOOP CLEAR_FREEZE_DONE FROZEN_BINDER", bc_read(self->s));
	EXPECT_EQ(WATCH, self->s->br.v[1].cookie);
	EXPECT_EQ(0x88, self->s->br.v[2].frozen.cookie);
}

TEST_F(conf, N_044)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	EXPECT_STREQ("FROZEN_BINDER 77 0", notice(self->s));
	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_STREQ("nothing", notice(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("CLEAR_FREEZE_DONE 77", notice(self->s));
	EXPECT_STREQ("nothing", notice(self->s));
}

/* A state that has changed meanwhile does not come any more. */
TEST_F(conf, N_044_changed)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	EXPECT_STREQ("FROZEN_BINDER 77 0", notice(self->s));
	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("CLEAR_FREEZE_DONE 77", notice(self->s));
	EXPECT_STREQ("nothing", notice(self->s));
}

TEST_F(conf, N_044_acknowledged)
{
	u32 handle = settled(self->c, self->s, 0x1000, WATCH);

	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_STREQ("CLEAR_FREEZE_DONE 77", notice(self->s));
	EXPECT_EQ(-EINVAL, clear(self->s, handle, WATCH));
	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_STREQ("nothing", notice(self->s));
}

TEST_F(conf, N_045)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	EXPECT_STREQ("FROZEN_BINDER 77 0", notice(self->s));
	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_EQ(0, request(self->s, handle, WATCH));
	EXPECT_STREQ("FROZEN_BINDER 77 1", notice(self->s));
	/* The oldest of that cookie is acknowledged first. */
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("CLEAR_FREEZE_DONE 77", notice(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_EQ(-EINVAL, done(self->s, WATCH));
	EXPECT_EQ(0, thaw(self->s, self->c));
	EXPECT_STREQ("FROZEN_BINDER 77 0", notice(self->s));
}

TEST_F(conf, N_045_other_cookie)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	EXPECT_STREQ("FROZEN_BINDER 77 0", notice(self->s));
	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_EQ(0, request(self->s, handle, 0x88));
	EXPECT_STREQ("FROZEN_BINDER 88 0", notice(self->s));
	EXPECT_EQ(0, done(self->s, 0x88));
	EXPECT_STREQ("nothing", notice(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("CLEAR_FREEZE_DONE 77", notice(self->s));
}

/* The death is told to who asked for that; it shows here when it has come. */
static void await_death(struct __test_metadata *_metadata, struct client *s,
			struct client *c, u32 handle)
{
	EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_DEATH_NOTIFICATION, handle,
				   0xdd));
	actor_kill(c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(s));
	EXPECT_EQ(0, bc_cookie_cmd(s, BC_DEAD_BINDER_DONE, 0xdd));
}

TEST_F(conf, N_046)
{
	u32 handle = settled(self->c, self->s, 0x1000, WATCH);

	await_death(_metadata, self->s, self->c, handle);
	EXPECT_STREQ("nothing", notice(self->s));
	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_STREQ("CLEAR_FREEZE_DONE 77", notice(self->s));
	EXPECT_STREQ("nothing", notice(self->s));
}

/* What was queued before it died still comes. */
TEST_F(conf, N_046_queued)
{
	u32 handle = settled(self->c, self->s, 0x1000, WATCH);

	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_EQ(0, bc_handle_cmd(self->s, BC_REQUEST_DEATH_NOTIFICATION,
				   handle, 0xdd));
	actor_kill(self->c->a);
	EXPECT_STREQ("FROZEN_BINDER 77 1", notice(self->s));
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("nothing", notice(self->s));
}

TEST_F(conf, N_047)
{
	u32 handle = bc_give(self->c, self->s, 0x1000, 0, 0);

	await_death(_metadata, self->s, self->c, handle);
	EXPECT_EQ(0, request(self->s, handle, WATCH));
	EXPECT_STREQ("nothing", notice(self->s));
	EXPECT_EQ(-EINVAL, request(self->s, handle, WATCH));
	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_STREQ("CLEAR_FREEZE_DONE 77", notice(self->s));
	EXPECT_STREQ("nothing", notice(self->s));
}

TEST_F(conf, N_048)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	EXPECT_STREQ("FROZEN_BINDER 77 0", notice(self->s));
	EXPECT_STREQ("has delivered freeze binder", log_todo(self->s));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("none", log_todo(self->s));
	EXPECT_EQ(-EINVAL, done(self->s, WATCH));
	EXPECT_EQ(0, self->s->bwr.write_consumed);
	EXPECT_STREQ("nothing", notice(self->s));
}

/* The event is queued already when the last count goes. */
TEST_F(conf, N_048_queued)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	EXPECT_STREQ("has frozen binder", log_todo(self->s));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("none", log_todo(self->s));
	EXPECT_STREQ("nothing", notice(self->s));
	EXPECT_EQ(-EINVAL, done(self->s, WATCH));
}

/* The clear is pending when the last count goes. */
TEST_F(conf, N_048_clear_pending)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	EXPECT_STREQ("FROZEN_BINDER 77 0", notice(self->s));
	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("none", log_ref(self->s, handle));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("CLEAR_FREEZE_DONE 77", notice(self->s));
}

/* What a reader with a bad buffer gets counts as delivered. */
TEST_F(conf, N_048_fault)
{
	struct client *s = self->s;
	u32 handle = watched(self->c, s, 0x1000, WATCH);

	EXPECT_EQ(-EFAULT, bc_read_into(s, bc_edge(s) - 4, BC_READ_SIZE));
	EXPECT_STREQ("nothing", notice(s));
	EXPECT_EQ(0, done(s, WATCH));
	EXPECT_EQ(0, clear(s, handle, WATCH));
	EXPECT_EQ(-EFAULT, bc_read_into(s, bc_edge(s) - 4, BC_READ_SIZE));
	EXPECT_STREQ("nothing", notice(s));
	EXPECT_EQ(0, request(s, handle, WATCH));
	EXPECT_STREQ("FROZEN_BINDER 77 0", notice(s));
}

/*
 * The holder dies, whatever it had to do with its registrations: acknowledged,
 * delivered, delivered and cleared, queued and cleared, queued.
 */
TEST_F(conf, N_048_holder_dies)
{
	struct client *s = self->s, *c = self->c;
	unsigned int i, dropped = 0;
	u32 handle[5];

	for (i = 0; i < ARRAY_SIZE(handle); i++)
		handle[i] = bc_give(c, s, 0x1000 * (i + 1), i, 0);
	for (i = 0; i < ARRAY_SIZE(handle); i++)
		EXPECT_EQ(0, request(s, handle[i], i));
	EXPECT_STREQ("FROZEN_BINDER 0 0", notice(s));
	EXPECT_STREQ("FROZEN_BINDER 1 0", notice(s));
	EXPECT_STREQ("FROZEN_BINDER 2 0", notice(s));
	EXPECT_EQ(0, done(s, 0));
	EXPECT_EQ(0, clear(s, handle[2], 2));
	EXPECT_EQ(0, clear(s, handle[3], 3));
	actor_kill(s->a);
	/* The counts of all are dropped, in one read or several. */
	while (dropped < ARRAY_SIZE(handle)) {
		bc_wait(c);
		for (i = 1; i < c->br.n; i += 2, dropped++) {
			ASSERT_EQ(BR_RELEASE, c->br.v[i].cmd);
			ASSERT_EQ(BR_DECREFS, c->br.v[i + 1].cmd);
			EXPECT_EQ(0x1000 * (dropped + 1), c->br.v[i].node.ptr);
		}
	}
}

TEST_F(conf, N_049)
{
	settled(self->c, self->s, 0x2000, 0x22);
	settled(self->c, self->s, 0x3000, 0x33);
	settled(self->c, self->s, 0x1000, 0x11);
	EXPECT_EQ(0, freeze(self->s, self->c));
	EXPECT_STREQ("FROZEN_BINDER 11 1", notice(self->s));
	EXPECT_STREQ("FROZEN_BINDER 22 1", notice(self->s));
	EXPECT_STREQ("FROZEN_BINDER 33 1", notice(self->s));
	EXPECT_STREQ("nothing", notice(self->s));
}

/* Whatever the process has open belongs to it. */
TEST_F(conf, N_049_two_files)
{
	struct client *second = bc_second_file(self->c, BC_DEVICE, BC_MAP_SIZE);
	u64 cookies = 0;

	settled(self->c, self->s, 0x1000, 0x11);
	settled(second, self->s, 0x1000, 0x22);
	EXPECT_EQ(0, freeze(self->s, self->c));
	/* In which order is not said. */
	EXPECT_STREQ("NOOP FROZEN_BINDER", bc_read(self->s));
	cookies += self->s->br.v[1].frozen.cookie;
	EXPECT_STREQ("NOOP FROZEN_BINDER", bc_read(self->s));
	cookies += self->s->br.v[1].frozen.cookie;
	EXPECT_EQ(0x33, cookies);
	EXPECT_STREQ("nothing", notice(self->s));
}

/* Who freezes itself can still do anything, and hears of it, too. */
TEST_F(conf, N_049_itself)
{
	settled(self->c, self->s, 0x1000, WATCH);
	EXPECT_EQ(0, freeze(self->c, self->c));
	EXPECT_STREQ("FROZEN_BINDER 77 1", notice(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_EQ(0, thaw(self->c, self->c));
	EXPECT_STREQ("FROZEN_BINDER 77 0", notice(self->s));
}

TEST_HARNESS_MAIN
