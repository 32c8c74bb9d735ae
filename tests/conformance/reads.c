// SPDX-License-Identifier: GPL-2.0
/*
 * 10 Files and ioctls: the read part of BINDER_WRITE_READ.
 */
#include "conf.h"

/* Leave a send error pending in the thread. */
static void fail_to_send(struct client *c)
{
	long ret = bc_send(c, .handle = 5);

	if (ret)
		test_abort("BC_TRANSACTION: %s", errno_name(ret));
}

static u32 word(const struct client *c, size_t offset)
{
	u32 w;

	memcpy(&w, c->rbuf + offset, sizeof(w));
	return w;
}

#define POISON_WORD (BC_POISON * 0x01010101U)

TEST_F(solo, F_050)
{
	static const size_t sizes[] = { 4, 8, 79 };
	struct client *c = self->c;
	size_t i;

	fail_to_send(c);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		EXPECT_STREQ("NOOP", bc_read_size(c, sizes[i]));
		EXPECT_EQ(4, c->bwr.read_consumed);
	}
	EXPECT_STREQ("NOOP FR", bc_read(c));
}

TEST_F(solo, F_051)
{
	fail_to_send(self->c);
	EXPECT_STREQ("NOOP FR", bc_read_size(self->c, 80));
	EXPECT_EQ(8, self->c->bwr.read_consumed);
}

/*
 * The kernel's driver takes the room left in a buffer that is already overrun
 * for huge and goes on storing. Ours stores nothing that does not fit.
 */
TEST_F(solo, F_052)
{
	struct client *c = self->c;
	size_t size;

	for (size = 1; size <= 3; size++) {
		fail_to_send(c);
		bc_read_size(c, size);
		EXPECT_EQ(0, c->br.ret);
		if (on_stock()) {
			EXPECT_EQ(8, c->bwr.read_consumed);
			EXPECT_EQ(BR_NOOP, word(c, 0));
			EXPECT_EQ(BR_FAILED_REPLY, word(c, 4));
			continue;
		}
		EXPECT_EQ(0, c->bwr.read_consumed);
		EXPECT_EQ(POISON_WORD, word(c, 0));
		EXPECT_EQ(POISON_WORD, word(c, 4));
		EXPECT_STREQ("NOOP FR", bc_read(c));
	}
}

static long read_from(struct client *c, size_t size, u64 consumed)
{
	bc_nonblock(c, true);
	c->bwr = (struct binder_write_read) {
		.read_size = size,
		.read_consumed = consumed,
		.read_buffer = (binder_uintptr_t)c->rbuf,
	};
	return bc_io(c);
}

/* The same with a start position behind the end. */
TEST_F(solo, F_052_start_behind_end)
{
	struct client *c = self->c;

	fail_to_send(c);
	EXPECT_EQ(0, read_from(c, 256, 300));
	if (on_stock()) {
		EXPECT_EQ(304, c->bwr.read_consumed);
		EXPECT_EQ(BR_FAILED_REPLY, word(c, 300));
		return;
	}
	EXPECT_EQ(300, c->bwr.read_consumed);
	EXPECT_EQ(POISON_WORD, word(c, 300));
	EXPECT_STREQ("NOOP FR", bc_read(c));
}

TEST_F(solo, F_053)
{
	struct client *c = self->c;

	fail_to_send(c);
	EXPECT_EQ(0, read_from(c, 256, 4));
	EXPECT_EQ(8, c->bwr.read_consumed);
	EXPECT_EQ(POISON_WORD, word(c, 0));
	EXPECT_EQ(BR_FAILED_REPLY, word(c, 4));
}

TEST_F(solo, F_054)
{
	EXPECT_EQ(-EAGAIN, read_from(self->c, 256, 8));
	EXPECT_EQ(8, self->c->bwr.read_consumed);
}

TEST_F(solo, F_055)
{
	struct client *c = self->c;

	fail_to_send(c);
	EXPECT_EQ(0, read_from(c, 256, 256));
	EXPECT_EQ(256, c->bwr.read_consumed);
	EXPECT_EQ(POISON_WORD, word(c, 0));
	EXPECT_EQ(POISON_WORD, word(c, 256));
	EXPECT_STREQ("NOOP FR", bc_read(c));
}

TEST_F(solo, F_056)
{
	bc_nonblock(self->c, false);
	EXPECT_EQ(-EFAULT, bc_read_into(self->c, BAD_POINTER, 256));
	EXPECT_EQ(0, self->c->bwr.read_consumed);
}

TEST_F(solo, F_057)
{
	fail_to_send(self->c);
	EXPECT_EQ(-EFAULT, bc_read_into(self->c, BAD_POINTER, 256));
	EXPECT_STREQ("NOOP FR", bc_read(self->c));
}

/*
 * The kernel's driver loses an error whose delivery faults, but goes on taking
 * it for undelivered, so that the thread can never write again. With ours the
 * next read settles it.
 */
TEST_F(solo, F_058)
{
	struct client *c = self->c;

	fail_to_send(c);
	EXPECT_EQ(-EFAULT, bc_read_into(c, bc_edge(c) - 4, 256));
	bc_read(c);
	if (on_stock()) {
		EXPECT_STREQ("EAGAIN", c->read_text);
		EXPECT_EQ(0, bc_cmd(c, BC_ENTER_LOOPER));
		EXPECT_EQ(0, c->bwr.write_consumed);
		EXPECT_EQ(0, bc_u32_ioctl(c, BINDER_THREAD_EXIT, 0));
	}
	EXPECT_EQ(0, bc_cmd(c, BC_ENTER_LOOPER));
	EXPECT_EQ(4, c->bwr.write_consumed);
}

TEST_F(solo, F_059)
{
	struct client *c = self->c;
	struct wbuf *w = wb(c);

	w_u32(w, BC_ENTER_LOOPER);
	bc_begin_read(c, w, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(c));
	actor_signal(c->a, SIGUSR1);
	EXPECT_STREQ("EINTR", bc_end(c));
	EXPECT_EQ(4, c->bwr.write_consumed);
	EXPECT_EQ(0, c->bwr.read_consumed);
}

TEST_F(solo, F_060)
{
	bc_begin_read(self->c, NULL, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(self->c));
	actor_signal(self->c->a, SIGUSR2);
	EXPECT_TRUE(bc_blocked(self->c));
}

TEST_F(solo, F_061)
{
	struct client *c = self->c;

	bc_begin_read(c, NULL, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(c));
	actor_signal(c->a, SIGSTOP);
	while (actor_state(c->a) != 'T')
		sleep_ms(1);
	actor_signal(c->a, SIGCONT);
	EXPECT_STREQ("EINTR", bc_end(c));
}

TEST_F(conf, F_062)
{
	struct client *c = self->c, *s = self->s;
	struct wbuf *w = wb(c);

	w_txn(w, .code = 1);
	bc_begin_read(c, w, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(c));
	actor_signal(c->a, SIGUSR1);
	EXPECT_STREQ("EINTR", bc_end(c));
	EXPECT_EQ(68, c->bwr.write_consumed);

	bc_take(s);
	EXPECT_EQ(0, bc_reply(s, .code = 2));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(c));
	EXPECT_EQ(2, bc_txn(c)->code);
}

/* Poll */

TEST_F(solo, F_112)
{
	struct client *t = bc_thread(self->c, "t");

	EXPECT_EQ(POLLIN, bc_poll(t, 0));
	EXPECT_EQ(POLLIN, bc_poll(t, 0));
}

TEST_F(solo, F_113)
{
	EXPECT_EQ(0, bc_poll(self->c, 0));
}

TEST_F(conf, F_114)
{
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_EQ(POLLIN, bc_poll(self->s, 0));
}

static void begin_poll(struct client *c)
{
	struct pollfd *p = stage_keep(sizeof(*p));

	*p = (struct pollfd) { .fd = c->f->fd, .events = POLLIN };
	actor_begin_sys(c->a, SYS_poll, (const long[6]) { (long)p, 1, -1 });
}

TEST_F(conf, F_115)
{
	struct client *t1 = bc_thread(self->s, "t1");
	struct client *t2 = bc_thread(self->s, "t2");

	bc_ready(t1);
	bc_ready(t2);
	begin_poll(t1);
	begin_poll(t2);
	ASSERT_TRUE(bc_blocked(t1));
	ASSERT_TRUE(bc_blocked(t2));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_EQ(1, actor_end(t1->a));
	EXPECT_EQ(1, actor_end(t2->a));
}

TEST_F(conf, F_116)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_EQ(0, bc_poll(self->c, 0));
}

TEST_F(conf, F_117)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	begin_poll(self->c);
	ASSERT_TRUE(bc_blocked(self->c));
	EXPECT_EQ(0, bc_reply(self->s, .code = 2));
	EXPECT_EQ(1, actor_end(self->c->a));
	EXPECT_EQ(POLLIN, bc_poll(self->c, 0));
}

TEST_F(conf, F_118)
{
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_EQ(POLLIN, bc_poll(self->c, 0));
}

/* Edge-triggered: what the thread queues for itself is an event as well. */
TEST_F(conf, F_118_edge)
{
	struct epoll_event *ev = stage_scratch(sizeof(*ev));
	struct client *c = self->c;
	long ep = bc_sys(c, epoll_create1, 0);

	ASSERT_GE(ep, 0);
	*ev = (struct epoll_event) { .events = EPOLLIN | EPOLLET };
	ASSERT_EQ(0, bc_sys(c, epoll_ctl, ep, EPOLL_CTL_ADD, c->f->fd,
			    (long)ev));
	EXPECT_EQ(0, bc_sys(c, epoll_wait, ep, (long)ev, 1, 0));
	EXPECT_EQ(0, bc_oneway(c, .code = 1));
	EXPECT_EQ(1, bc_sys(c, epoll_wait, ep, (long)ev, 1, 0));
	EXPECT_EQ(0, bc_sys(c, epoll_wait, ep, (long)ev, 1, 0));
	EXPECT_STREQ("NOOP TC", bc_read(c));
	EXPECT_EQ(0, bc_oneway(c, .handle = 5));
	EXPECT_EQ(1, bc_sys(c, epoll_wait, ep, (long)ev, 1, 0));
}

/* A thread that sleeps in epoll_wait is woken by work of its process. */
TEST_F(conf, F_114_epoll)
{
	struct epoll_event *ev = stage_scratch(sizeof(*ev));
	struct client *s = self->s;
	long ep = bc_sys(s, epoll_create1, 0);

	ASSERT_GE(ep, 0);
	*ev = (struct epoll_event) { .events = EPOLLIN };
	ASSERT_EQ(0, bc_sys(s, epoll_ctl, ep, EPOLL_CTL_ADD, s->f->fd,
			    (long)ev));
	actor_begin_sys(s->a, SYS_epoll_wait,
			(const long[6]) { ep, (long)ev, 1, -1 });
	ASSERT_TRUE(bc_blocked(s));
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_EQ(1, actor_end(s->a));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
	EXPECT_EQ(0, bc_sys(s, epoll_wait, ep, (long)ev, 1, 0));
}

TEST_F(solo, F_119)
{
	struct epoll_event *ev = stage_scratch(sizeof(*ev));
	struct client *c = self->c;
	long ep = bc_sys(c, epoll_create1, 0);

	ASSERT_GE(ep, 0);
	*ev = (struct epoll_event) { .events = EPOLLIN };
	ASSERT_EQ(0, bc_sys(c, epoll_ctl, ep, EPOLL_CTL_ADD, c->f->fd,
			    (long)ev));
	EXPECT_EQ(0, bc_sys(c, epoll_wait, ep, (long)ev, 1, 0));
	EXPECT_EQ(0, bc_u32_ioctl(c, BINDER_THREAD_EXIT, 0));
	EXPECT_EQ(1, bc_sys(c, epoll_wait, ep, (long)ev, 1, 0));
	EXPECT_EQ(EPOLLIN, ev->events);
	EXPECT_EQ(0, bc_sys(c, close, ep));
}

/* Flush */

TEST_F(solo, F_120)
{
	struct client *c = self->c, *t = bc_thread(c, "t");
	long copy = bc_sys(t, dup, c->f->fd);

	ASSERT_GE(copy, 0);
	bc_begin_read(c, NULL, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(c));
	EXPECT_EQ(0, bc_sys(t, close, copy));
	EXPECT_STREQ("NOOP", bc_end(c));
	EXPECT_EQ(4, c->bwr.read_consumed);
}

static long fork_and_exit(struct actor *a, void *arg)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(0);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return status;
}

TEST_F(solo, F_121)
{
	struct client *c = self->c, *t = bc_thread(c, "t");

	bc_begin_read(c, NULL, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(c));
	EXPECT_EQ(0, actor_call(t->a, fork_and_exit, NULL));
	EXPECT_STREQ("NOOP", bc_end(c));
	EXPECT_EQ(4, c->bwr.read_consumed);
}

TEST_HARNESS_MAIN
