// SPDX-License-Identifier: GPL-2.0
/*
 * 20 Commands, 60 Nodes, references, notifications: death notifications.
 *
 * C owns the nodes and dies, S holds handles to them and watches. S is a
 * looper.
 */
#include "conf.h"
#include "logs.h"
#include "refs.h"

#define WATCH	0x77	/* cookie of a registration */

static long request(struct client *c, u32 handle, u64 cookie)
{
	return bc_handle_cmd(c, BC_REQUEST_DEATH_NOTIFICATION, handle, cookie);
}

static long clear(struct client *c, u32 handle, u64 cookie)
{
	return bc_handle_cmd(c, BC_CLEAR_DEATH_NOTIFICATION, handle, cookie);
}

static long done(struct client *c, u64 cookie)
{
	return bc_cookie_cmd(c, BC_DEAD_BINDER_DONE, cookie);
}

/* The cookie that came with the last return of the last read. */
static u64 cookie_of(struct client *c)
{
	return c->br.n ? c->br.v[c->br.n - 1].cookie : 0;
}

/* A node of C that S holds strongly and watches. */
static u32 watched(struct client *c, struct client *s, u64 ptr, u64 cookie)
{
	u32 handle = bc_give(c, s, ptr, 0, 0);
	long ret = request(s, handle, cookie);

	if (ret)
		test_abort("BC_REQUEST_DEATH_NOTIFICATION: %s",
			   errno_name(ret));
	return handle;
}

/* The commands */

TEST_F(conf, C_033)
{
	static const u32 handles[] = { 0, 99, 0xffffffff };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(handles); i++) {
		EXPECT_EQ(0, request(self->c, handles[i], 7));
		EXPECT_EQ(16, self->c->bwr.write_consumed);
		EXPECT_EQ(0, clear(self->c, handles[i], 7));
	}
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, C_034)
{
	u32 handle = bc_give(self->c, self->s, 0x1000, 1, 0);

	EXPECT_EQ(0, request(self->s, handle, 7));
	EXPECT_EQ(0, request(self->s, handle, 8));
	EXPECT_EQ(16, self->s->bwr.write_consumed);
	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(7, cookie_of(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

TEST_F(conf, C_035)
{
	u32 handle = bc_give_weak(self->c, self->s, 0x1000, 1, 0);

	EXPECT_EQ(0, request(self->s, handle, 7));
	EXPECT_EQ(16, self->s->bwr.write_consumed);
	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(7, cookie_of(self->s));
}

TEST_F(conf, C_036)
{
	u32 handle = bc_give(self->c, self->s, 0x1000, 1, 0);

	EXPECT_EQ(0, request(self->s, handle, 7));
	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(0, done(self->s, 7));
	EXPECT_EQ(0, clear(self->s, handle, 7));
	EXPECT_STREQ("NOOP CLEAR_DONE", bc_read(self->s));

	EXPECT_EQ(0, request(self->s, handle, 8));
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_read(self->s));
	EXPECT_EQ(8, cookie_of(self->s));
}

/* The thread that asks hears of it, even if it sleeps in epoll_wait() alone. */
TEST_F(conf, C_036_epoll)
{
	struct client *c = self->c, *s = self->s, *t = bc_thread(s, "t");
	u32 handle = bc_give(c, s, 0x1000, 1, 0);
	struct epoll_event *e = stage_scratch(sizeof(*e));
	long epfd;

	EXPECT_EQ(0, request(s, handle, 7));
	actor_kill(c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(s));
	EXPECT_EQ(0, done(s, 7));
	EXPECT_EQ(0, clear(s, handle, 7));
	EXPECT_STREQ("NOOP CLEAR_DONE", bc_read(s));

	bc_ready(t);
	epfd = bc_sys(t, epoll_create1, 0);
	ASSERT_LE(0, epfd);
	*e = (struct epoll_event) { .events = EPOLLIN | EPOLLET };
	ASSERT_EQ(0, bc_sys(t, epoll_ctl, epfd, EPOLL_CTL_ADD, t->f->fd,
			    (long)e));
	EXPECT_EQ(0, bc_sys(t, epoll_wait, epfd, (long)e, 1, 0));
	EXPECT_EQ(0, request(t, handle, 8));
	EXPECT_EQ(1, bc_sys(t, epoll_wait, epfd, (long)e, 1,
			    ACTOR_PATIENCE_MS));
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_read(t));
	EXPECT_EQ(8, cookie_of(t));
}

TEST_F(conf, C_037)
{
	u32 none = bc_give(self->c, self->s, 0x1000, 1, 0);
	u32 handle = bc_give(self->c, self->s, 0x2000, 2, 0);

	EXPECT_EQ(0, request(self->s, handle, 7));
	EXPECT_EQ(0, clear(self->s, none, 7));
	EXPECT_EQ(16, self->s->bwr.write_consumed);
	EXPECT_EQ(0, clear(self->s, handle, 8));
	EXPECT_EQ(16, self->s->bwr.write_consumed);
	EXPECT_EQ(0, clear(self->s, 99, 7));
	EXPECT_EQ(16, self->s->bwr.write_consumed);
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	/* The registration is untouched. */
	EXPECT_EQ(0, clear(self->s, handle, 7));
	EXPECT_STREQ("NOOP CLEAR_DONE", bc_read(self->s));
	EXPECT_EQ(0, clear(self->s, handle, 7));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

TEST_F(conf, C_038)
{
	u32 handle = bc_give(self->c, self->s, 0x1000, 1, 0);
	struct wbuf *w;

	EXPECT_EQ(0, request(self->s, handle, 7));
	w = wb(self->s);
	w_handle_cmd(w, BC_CLEAR_DEATH_NOTIFICATION, handle, 7);
	EXPECT_STREQ("NOOP CLEAR_DONE",
		     bc_write_read(self->s, w, BC_READ_SIZE));
	EXPECT_EQ(7, cookie_of(self->s));
	EXPECT_EQ(16, self->s->bwr.write_consumed);
}

/* It is the looper's own: no other thread gets it. */
TEST_F(conf, C_038_own)
{
	u32 handle = bc_give(self->c, self->s, 0x1000, 1, 0);
	struct client *t = bc_thread(self->s, "t");

	bc_ready(t);
	EXPECT_EQ(0, request(self->s, handle, 7));
	EXPECT_EQ(0, clear(self->s, handle, 7));
	EXPECT_STREQ("none", log_todo(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(t));
	EXPECT_STREQ("NOOP CLEAR_DONE", bc_read(self->s));
}

TEST_F(conf, C_039)
{
	u32 handle = bc_give(self->c, self->s, 0x1000, 1, 0);
	struct client *t = bc_thread(self->s, "t");

	EXPECT_EQ(0, request(self->s, handle, 7));
	EXPECT_EQ(0, clear(t, handle, 7));
	EXPECT_STREQ("has cleared death notification", log_todo(self->s));
	EXPECT_STREQ("NOOP CLEAR_DONE", bc_read(self->s));
	EXPECT_EQ(7, cookie_of(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(t));
}

TEST_F(conf, C_040)
{
	u32 handle = bc_give(self->c, self->s, 0x1000, 1, 0);

	EXPECT_EQ(0, request(self->s, handle, 7));
	EXPECT_EQ(0, done(self->s, 7));
	EXPECT_EQ(12, self->s->bwr.write_consumed);
	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(0, done(self->s, 8));
	EXPECT_EQ(12, self->s->bwr.write_consumed);
	EXPECT_STREQ("has delivered dead binder", log_todo(self->s));
	EXPECT_EQ(0, done(self->s, 7));
	EXPECT_STREQ("none", log_todo(self->s));
	EXPECT_EQ(0, done(self->s, 7));
	EXPECT_EQ(12, self->s->bwr.write_consumed);
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

/* What follows from them */

/*
 * Death takes the time it takes. S sees it by a node of its own, with the
 * greatest ptr of all, whose notification comes last.
 */
#define LAST_PTR	(~(u64)0)
#define LAST_WATCH	0xeeee

static const char *next_before_last(struct client *s)
{
	const char *text = bc_wait(s);

	if (!strcmp(text, "NOOP DEAD_BINDER") && cookie_of(s) == LAST_WATCH)
		return "nothing";
	return text;
}

TEST_F(conf, N_022)
{
	watched(self->c, self->s, 0x1000, WATCH);
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	bc_begin_read(self->s, NULL, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(self->s));
	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_end(self->s));
	EXPECT_EQ(WATCH, cookie_of(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

/* The driver looks at no bit of a cookie, and they may be the same. */
TEST_F(conf, N_022_cookies)
{
	watched(self->c, self->s, 0x1000, ~(u64)0);
	watched(self->c, self->s, 0x2000, 0);
	watched(self->c, self->s, 0x3000, 0);
	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(~(u64)0, cookie_of(self->s));
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(0, cookie_of(self->s));
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(0, cookie_of(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

/* A process that goes on, but without its file and mapping, is as dead. */
TEST_F(conf, N_022_closed)
{
	watched(self->c, self->s, 0x1000, WATCH);
	EXPECT_EQ(0, bc_close(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_EQ(0, bc_unmap(self->c));
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(WATCH, cookie_of(self->s));
}

/* Each holder is told, by its own cookie, whatever kind of count it has. */
TEST_F(conf, N_022_holders)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	handle = bc_receive_weak(d, self->s, handle);
	EXPECT_EQ(0, request(d, handle, 0xd));
	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(d));
	EXPECT_EQ(0xd, cookie_of(d));
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(WATCH, cookie_of(self->s));
}

/* It is process work: not for a thread that waits for a reply. */
TEST_F(conf, N_022_any_thread)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	struct client *t = bc_thread(self->s, "t");
	u32 to_d;

	watched(self->c, self->s, 0x1000, WATCH);
	to_d = bc_give(d, self->s, 0x2000, 0, 0);
	EXPECT_EQ(0, bc_send(self->s, .handle = to_d));
	bc_ready(t);
	bc_begin_read(t, NULL, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(t));
	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_end(t));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

TEST_F(conf, N_022_waits_for_reply)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	struct client *t = bc_thread(self->s, "t");
	u32 to_d;

	watched(self->c, self->s, 0x1000, WATCH);
	to_d = bc_give(d, self->s, 0x2000, 0, 0);
	EXPECT_EQ(0, bc_send(self->s, .handle = to_d));
	actor_kill(self->c->a);
	bc_ready(t);
	ASSERT_EQ(POLLIN, bc_poll(t, ACTOR_PATIENCE_MS));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	bc_take(d);
	EXPECT_EQ(0, bc_reply(d, .code = 1));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(self->s));
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_read(self->s));
}

/* Nobody can be called any more, but the handle is still one. */
TEST_F(conf, N_022_handle)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_STREQ("NOOP DR, DR EINVAL",
		     bc_outcome(self->s, .handle = handle));
	EXPECT_EQ(0, bc_ref(self->s, BC_ACQUIRE, handle));
	EXPECT_EQ(0, bc_ref(self->s, BC_INCREFS, handle));
	EXPECT_STREQ("dead s 2 w 1", log_ref(self->s, handle));
	EXPECT_STREQ("has delivered dead binder", log_todo(self->s));
}

TEST_F(conf, N_023)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_STREQ("NOOP CLEAR_DONE", bc_read(self->s));
	EXPECT_EQ(WATCH, cookie_of(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_STREQ("none", log_todo(self->s));
}

/*
 * A looper exits and has not read its CLEAR_DONE. With the kernel's driver it
 * is lost; ours gives it back to the process. The registration is gone.
 */
TEST_F(conf, N_023_thread_exit)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);
	struct client *t = bc_thread(self->s, "t");

	bc_ready(t);
	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_EQ(0, bc_u32_ioctl(self->s, BINDER_THREAD_EXIT, 0));
	EXPECT_STREQ(on_stock() ? "EAGAIN" : "NOOP CLEAR_DONE", bc_read(t));
	EXPECT_EQ(0, request(t, handle, WATCH));
	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(t));
	EXPECT_STREQ("EAGAIN", bc_read(t));
}

/* What a reader with a bad buffer gets counts as read. */
TEST_F(conf, N_023_fault)
{
	struct client *s = self->s;
	u32 handle = watched(self->c, s, 0x1000, WATCH);

	actor_kill(self->c->a);
	ASSERT_EQ(POLLIN, bc_poll(s, ACTOR_PATIENCE_MS));
	EXPECT_EQ(-EFAULT, bc_read_into(s, bc_edge(s) - 4, BC_READ_SIZE));
	EXPECT_STREQ("EAGAIN", bc_read(s));
	EXPECT_EQ(0, clear(s, handle, WATCH));
	EXPECT_STREQ("EAGAIN", bc_read(s));
	EXPECT_EQ(0, done(s, WATCH));
	EXPECT_EQ(-EFAULT, bc_read_into(s, bc_edge(s) - 4, BC_READ_SIZE));
	EXPECT_STREQ("EAGAIN", bc_read(s));
	/* Nothing is left of it. */
	EXPECT_EQ(0, request(s, handle, WATCH));
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_read(s));
}

TEST_F(conf, N_024)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("NOOP CLEAR_DONE", bc_read(self->s));
	EXPECT_EQ(WATCH, cookie_of(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

/* DONE decides whose it is: the thread's if it is a looper. */
TEST_F(conf, N_024_looper)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);
	struct client *t = bc_thread(self->s, "t");

	bc_ready(t);
	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(t));
	EXPECT_EQ(0, clear(t, handle, WATCH));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("EAGAIN", bc_read(t));
	EXPECT_STREQ("NOOP CLEAR_DONE", bc_read(self->s));
}

TEST_F(conf, N_024_no_looper)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);
	struct client *t = bc_thread(self->s, "t");

	bc_ready(t);
	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_EQ(0, done(t, WATCH));
	EXPECT_STREQ("has cleared death notification", log_todo(self->s));
	EXPECT_STREQ("NOOP CLEAR_DONE", bc_read(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(t));
}

TEST_F(conf, N_025)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	actor_kill(self->c->a);
	ASSERT_EQ(POLLIN, bc_poll(self->s, ACTOR_PATIENCE_MS));
	EXPECT_STREQ("has dead binder", log_todo(self->s));
	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_STREQ("has cleared dead binder", log_todo(self->s));
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_read(self->s));
	EXPECT_EQ(WATCH, cookie_of(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("NOOP CLEAR_DONE", bc_read(self->s));
	EXPECT_EQ(WATCH, cookie_of(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

TEST_F(conf, N_026)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_EQ(0, request(self->s, handle, WATCH + 1));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	/* It is still the old registration. */
	EXPECT_EQ(0, clear(self->s, handle, WATCH + 1));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_STREQ("NOOP CLEAR_DONE", bc_read(self->s));
}

TEST_F(conf, N_027)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_STREQ("NOOP CLEAR_DONE", bc_read(self->s));
	EXPECT_EQ(0, request(self->s, handle, WATCH + 1));
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_read(self->s));
	EXPECT_EQ(WATCH + 1, cookie_of(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

/* The clear is pending, yet the handle is free for the next registration. */
TEST_F(conf, N_027_clear_pending)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_EQ(0, request(self->s, handle, WATCH));
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_read(self->s));
	/* The oldest of that cookie is acknowledged first. */
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("NOOP CLEAR_DONE", bc_read(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_STREQ("NOOP CLEAR_DONE", bc_read(self->s));
}

TEST_F(conf, N_028)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	watched(self->c, self->s, LAST_PTR, LAST_WATCH);
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	actor_kill(self->c->a);
	EXPECT_STREQ("nothing", next_before_last(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

/* The notification is queued already when the last count goes. */
TEST_F(conf, N_028_queued)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	actor_kill(self->c->a);
	ASSERT_EQ(POLLIN, bc_poll(self->s, ACTOR_PATIENCE_MS));
	EXPECT_STREQ("has dead binder", log_todo(self->s));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("none", log_todo(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

TEST_F(conf, N_029)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("none", log_ref(self->s, handle));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_STREQ("NOOP CLEAR_DONE", bc_read(self->s));
	EXPECT_EQ(WATCH, cookie_of(self->s));
}

/* While the node lives: CLEAR_DONE is queued when the last count goes. */
TEST_F(conf, N_029_alive)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	EXPECT_EQ(0, clear(self->s, handle, WATCH));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("NOOP CLEAR_DONE", bc_read(self->s));
	EXPECT_EQ(WATCH, cookie_of(self->s));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(self->c));
}

TEST_F(conf, N_030)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_STREQ("has delivered dead binder", log_todo(self->s));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("none", log_todo(self->s));
	EXPECT_EQ(0, done(self->s, WATCH));
	EXPECT_EQ(12, self->s->bwr.write_consumed);
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

TEST_F(conf, N_031)
{
	static const u64 given[] = { 0x3000, 0x1000, (u64)1 << 63, 0x2000 };
	static const u64 order[] = { 0x1000, 0x2000, 0x3000, (u64)1 << 63 };
	u32 handle[ARRAY_SIZE(given)];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(given); i++)
		handle[i] = bc_give(self->c, self->s, given[i], 0, 0);
	for (i = ARRAY_SIZE(given); i--; )
		EXPECT_EQ(0, request(self->s, handle[i], given[i]));
	actor_kill(self->c->a);
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
		EXPECT_EQ(order[i], cookie_of(self->s));
	}
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

TEST_F(conf, N_032)
{
	u32 handle = watched(self->c, self->s, 0x1000, WATCH);

	EXPECT_EQ(0, bc_u32_ioctl(self->c, BINDER_THREAD_EXIT, 0));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	/* It still works. */
	EXPECT_EQ(0, bc_oneway(self->s, .handle = handle, .code = 3));
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
	EXPECT_STREQ("NOOP TRANSACTION", bc_wait(self->c));
	EXPECT_EQ(3, bc_txn(self->c)->code);
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

TEST_F(conf, N_033)
{
	EXPECT_EQ(0, bc_ref(self->c, BC_INCREFS, 0));
	EXPECT_EQ(0, request(self->c, 0, WATCH));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	actor_kill(self->s->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->c));
	EXPECT_EQ(WATCH, cookie_of(self->c));
}

/* Without a count of its own, C has nothing to watch. */
TEST_F(conf, N_033_no_ref)
{
	EXPECT_EQ(0, request(self->c, 0, WATCH));
	EXPECT_EQ(16, self->c->bwr.write_consumed);
	EXPECT_EQ(0, bc_ref(self->c, BC_INCREFS, 0));
	EXPECT_EQ(0, clear(self->c, 0, WATCH));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

/*
 * The holder dies, whatever it had to do with its registrations. D's nodes are
 * told in this order: cleared, delivered, cleared before read, queued.
 */
TEST_F(conf, N_033_holder_dies)
{
	struct client *s = self->s;
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	u32 handle[4];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(handle); i++)
		handle[i] = watched(d, s, 0x1000 * (i + 1), i);
	watched(self->c, s, 0x1000, WATCH);
	actor_kill(d->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(s));
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(s));
	EXPECT_EQ(1, cookie_of(s));
	ASSERT_EQ(POLLIN, bc_poll(s, ACTOR_PATIENCE_MS));
	EXPECT_EQ(0, clear(s, handle[0], 0));
	EXPECT_EQ(0, clear(s, handle[2], 2));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	actor_kill(s->a);
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_wait(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, N_034)
{
	EXPECT_EQ(0, bc_ref(self->c, BC_ACQUIRE, 0));
	EXPECT_EQ(0, request(self->c, 0, WATCH));
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	bc_begin_read(self->c, NULL, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(self->c));
	actor_kill(self->s->a);
	EXPECT_STREQ("NOOP TC DR", bc_end(self->c));
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->c));
	EXPECT_EQ(WATCH, cookie_of(self->c));
}

/* S dies, who holds a node of C: C hears of the death first. */
static void death_then_counts(struct __test_metadata *_metadata,
			      struct client *s, struct client *c)
{
	EXPECT_EQ(0, bc_ref(c, BC_ACQUIRE, 0));
	EXPECT_EQ(0, request(c, 0, WATCH));
	actor_kill(s->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(c));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_wait(c));
}

TEST_F(conf, N_034_counts_last)
{
	bc_give(self->c, self->s, 0x1000, 0, 0);
	death_then_counts(_metadata, self->s, self->c);
}

/* Even if the counts are those of a oneway whose turn had not come. */
TEST_F(conf, N_034_counts_last_queued)
{
	struct parcel *p = parcel();

	p_binder(p, 0x1000, 0, 0);
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_EQ(0, bc_oneway(self->c, .parcel = p));
	EXPECT_STREQ("NOOP TC INCREFS ACQUIRE TC", bc_read(self->c));
	bc_acknowledge(self->c);
	death_then_counts(_metadata, self->s, self->c);
}

TEST_HARNESS_MAIN
