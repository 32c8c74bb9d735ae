// SPDX-License-Identifier: GPL-2.0
/*
 * 30 Returns.
 */
#include "conf.h"

TEST_F(conf, R_001)
{
	u32 first;

	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	bc_read(self->s);
	memcpy(&first, self->s->rbuf, 4);
	EXPECT_EQ(BR_NOOP, first);

	ASSERT_EQ(0, bc_u32_ioctl(self->s, BINDER_SET_MAX_THREADS, 1));
	EXPECT_EQ(0, bc_free(self->s, bc_txn(self->s)->data.ptr.buffer));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	bc_read(self->s);
	memcpy(&first, self->s->rbuf, 4);
	EXPECT_EQ(BR_SPAWN_LOOPER, first);
}

/* Queue @n completions in one write. */
static void send_oneways(struct client *c, unsigned int n)
{
	struct wbuf *w = wb(c);
	unsigned int i;
	long ret;

	for (i = 0; i < n; i++)
		w_txn(w, .code = i, .flags = TF_ONE_WAY);
	ret = bc_write(c, w);
	if (ret || c->bwr.write_consumed != n * 68)
		test_abort("%u oneways: %s after %llu bytes", n,
			   errno_name(ret), c->bwr.write_consumed);
}

TEST_F(conf, R_002)
{
	send_oneways(self->c, 3);
	EXPECT_STREQ("NOOP TC TC TC", bc_read(self->c));
}

TEST_F(conf, R_003)
{
	send_oneways(self->c, 100);
	bc_read(self->c);
	EXPECT_EQ(184, self->c->bwr.read_consumed);
	EXPECT_EQ(46, self->c->br.n);
	EXPECT_EQ(BR_NOOP, self->c->br.v[0].cmd);
	EXPECT_EQ(BR_TRANSACTION_COMPLETE, self->c->br.v[45].cmd);
	bc_read(self->c);
	EXPECT_EQ(46, self->c->br.n);
	bc_read(self->c);
	EXPECT_EQ(11, self->c->br.n);
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, R_004)
{
	send_oneways(self->c, 100);
	EXPECT_STREQ("NOOP TC TC", bc_read_size(self->c, 84));
	EXPECT_STREQ("NOOP TC", bc_read_size(self->c, 80));
}

/* A complete call up to the reply, which the client has not read. */
static void call(struct client *c, struct client *s)
{
	long ret = bc_send(c, .code = 1);

	bc_take_and_free(s);
	if (!ret)
		ret = bc_reply(s, .code = 2);
	if (ret)
		test_abort("not answered: %s", errno_name(ret));
}

TEST_F(conf, R_005)
{
	call(self->c, self->s);
	EXPECT_STREQ("NOOP TC REPLY", bc_read(self->c));
}

TEST_F(conf, R_006)
{
	call(self->c, self->s);
	EXPECT_STREQ("NOOP TC", bc_read_size(self->c, 80));
	EXPECT_STREQ("NOOP REPLY", bc_read_size(self->c, 80));
}

TEST_F(conf, R_007)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, R_008)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	EXPECT_STREQ("NOOP TC TC", bc_read(self->c));
}

TEST_F(conf, R_009)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_EQ(0, bc_oneway(self->c, .handle = 5));
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
}

TEST_F(conf, R_015)
{
	struct client *s = self->s;

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(s);
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	EXPECT_EQ(0, bc_reply(s, .code = 3));
	EXPECT_STREQ("NOOP TC", bc_read(s));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
	EXPECT_EQ(2, bc_txn(s)->code);
}

TEST_F(conf, R_016)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

/* BR_SPAWN_LOOPER */

TEST_F(conf, R_019)
{
	ASSERT_EQ(0, bc_u32_ioctl(self->s, BINDER_SET_MAX_THREADS, 2));
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_STREQ("SPAWN TRANSACTION", bc_read(self->s));
	EXPECT_EQ(72, self->s->bwr.read_consumed);
}

TEST_F(conf, R_020)
{
	struct client *s = self->s;

	ASSERT_EQ(0, bc_u32_ioctl(s, BINDER_SET_MAX_THREADS, 2));
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_STREQ("SPAWN TRANSACTION", bc_read(s));
	EXPECT_EQ(0, bc_reply(s, .code = 2));
	EXPECT_STREQ("NOOP TC", bc_read(s));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(self->c));
	EXPECT_EQ(0, bc_send(self->c, .code = 3));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
}

/* A blocked read of a looper thread. */
static struct client *waiting_looper(struct client *s, const char *name)
{
	struct client *t = bc_thread(s, name);

	if (bc_cmd(t, BC_ENTER_LOOPER))
		test_abort("BC_ENTER_LOOPER failed");
	bc_begin_read(t, NULL, BC_READ_SIZE);
	if (!bc_blocked(t))
		test_abort("%s does not block: %s", name, bc_end(t));
	return t;
}

TEST_F(conf, R_021)
{
	struct client *t;

	ASSERT_EQ(0, bc_u32_ioctl(self->s, BINDER_SET_MAX_THREADS, 2));
	waiting_looper(self->s, "t1");
	t = waiting_looper(self->s, "t2");
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_STREQ("NOOP TRANSACTION", bc_end(t));
}

TEST_F(conf, R_022)
{
	struct client *s = self->s, *t = bc_thread(s, "t");

	ASSERT_EQ(0, bc_u32_ioctl(s, BINDER_SET_MAX_THREADS, 1));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_STREQ("SPAWN TRANSACTION", bc_read(s));
	EXPECT_EQ(0, bc_cmd(t, BC_REGISTER_LOOPER));
	EXPECT_EQ(0, bc_free(s, bc_txn(s)->data.ptr.buffer));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
	/* One more thread is allowed: asked for again. */
	ASSERT_EQ(0, bc_u32_ioctl(s, BINDER_SET_MAX_THREADS, 2));
	EXPECT_EQ(0, bc_free(s, bc_txn(s)->data.ptr.buffer));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 3));
	EXPECT_STREQ("SPAWN TRANSACTION", bc_read(t));
}

TEST_F(conf, R_023)
{
	struct client *t = bc_thread(self->s, "t");

	ASSERT_EQ(0, bc_u32_ioctl(self->s, BINDER_SET_MAX_THREADS, 5));
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(t));
}

TEST_F(conf, R_024)
{
	ASSERT_EQ(0, bc_u32_ioctl(self->s, BINDER_SET_MAX_THREADS, 5));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_STREQ("SPAWN TRANSACTION", bc_read(self->s));
}

TEST_F(conf, R_025)
{
	struct client *t = bc_thread(self->s, "t");
	struct wbuf *w = wb(t);

	ASSERT_EQ(0, bc_u32_ioctl(self->s, BINDER_SET_MAX_THREADS, 5));
	w_u32(w, BC_ENTER_LOOPER);
	EXPECT_STREQ("SPAWN", bc_write_read(t, w, BC_READ_SIZE));
	EXPECT_EQ(4, t->bwr.read_consumed);
}

/* Fields */

TEST_F(conf, R_026)
{
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_EQ(0, bc_take(self->s).sender_pid);
	EXPECT_EQ(0, bc_send(self->c, .code = 2));
	EXPECT_EQ(self->c->a->pid, bc_take(self->s).sender_pid);
	EXPECT_EQ(0, bc_reply(self->s, .code = 3));
	EXPECT_STREQ("NOOP TC TC REPLY", bc_read(self->c));
	EXPECT_EQ(0, bc_txn(self->c)->sender_pid);
}

TEST_F(conf, R_027)
{
	call(self->c, self->s);
	EXPECT_STREQ("NOOP TC REPLY", bc_read(self->c));
	EXPECT_EQ(0, bc_txn(self->c)->target.ptr);
	EXPECT_EQ(0, bc_txn(self->c)->cookie);
}

TEST_F(conf, R_028)
{
	struct binder_transaction_data t;

	EXPECT_EQ(0, bc_send(self->c, .data = "12345", .size = 5));
	t = bc_take(self->s);
	EXPECT_EQ(5, t.data_size);
	EXPECT_EQ(0, t.offsets_size);
	EXPECT_EQ(0, t.data.ptr.buffer % 8);
	EXPECT_EQ(8, t.data.ptr.offsets - t.data.ptr.buffer);
}

TEST(R_032)
{
	struct client *s = bc_server("S", 64 << 10);
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	int i;

	for (i = 0; i < 32; i++) {
		EXPECT_EQ(0, bc_oneway(c, .data = s, .size = 1000));
		EXPECT_STREQ("NOOP TC", bc_read(c))
			TH_LOG("oneway %d", i);
	}
	actors_end();
}

/* Extended errors */

TEST_F(solo, R_036)
{
	EXPECT_EQ(0, bc_send(self->c, .handle = 5));
	EXPECT_STREQ("FR EINVAL", bc_ee(self->c));
	EXPECT_NE(0, self->c->ee.id);
	EXPECT_STREQ("OK 0", bc_ee(self->c));
	EXPECT_EQ(0, self->c->ee.id);
}

TEST_F(conf, R_037)
{
	u32 id;

	EXPECT_EQ(0, bc_send(self->c, .handle = 5));
	EXPECT_STREQ("FR EINVAL", bc_ee(self->c));
	id = self->c->ee.id;
	EXPECT_STREQ("NOOP FR", bc_read(self->c));
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_STREQ("OK 0", bc_ee(self->c));
	EXPECT_GT(self->c->ee.id, id);
}

TEST_F(conf, R_038)
{
	const void *big = stage_scratch(2 * BC_MAP_SIZE);

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .data = big, .size = 2 * BC_MAP_SIZE));
	EXPECT_STREQ("OK 0", bc_ee(self->s));
	EXPECT_NE(0, self->s->ee.id);
	EXPECT_STREQ("FR ENOSPC", bc_ee(self->c));
	EXPECT_EQ(self->s->ee.id, self->c->ee.id);
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
}

TEST_F(conf, R_039)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	actor_kill(self->s->a);
	EXPECT_STREQ("NOOP TC DR", bc_wait(self->c));
	EXPECT_STREQ("OK 0", bc_ee(self->c));
	EXPECT_NE(0, self->c->ee.id);
}

/* Faulting reads */

TEST_F(conf, R_040)
{
	struct client *s = self->s;

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_EQ(-EFAULT, bc_read_into(s, bc_edge(s) - 4, BC_READ_SIZE));
	EXPECT_EQ(0, s->bwr.read_consumed);
	EXPECT_STREQ("NOOP TC FR", bc_wait(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(s));
	EXPECT_EQ(0, bc_send(self->c, .code = 2));
	EXPECT_EQ(2, bc_take(s).code);
}

/*
 * The kernel's driver loses the oneway, and with it the node's queue. Ours
 * gives it back to the process.
 */
TEST_F(conf, R_041)
{
	struct client *s = self->s;

	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	EXPECT_EQ(-EFAULT, bc_read_into(s, bc_edge(s) - 4, BC_READ_SIZE));
	if (on_stock()) {
		EXPECT_STREQ("EAGAIN", bc_read(s));
		return;
	}
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
	EXPECT_EQ(1, bc_txn(s)->code);
	EXPECT_EQ(0, bc_free(s, bc_txn(s)->data.ptr.buffer));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
	EXPECT_EQ(2, bc_txn(s)->code);
}

TEST_F(conf, R_042)
{
	struct client *c = self->c;

	call(c, self->s);
	EXPECT_STREQ("NOOP TC", bc_read_size(c, 80));
	EXPECT_EQ(-EFAULT, bc_read_into(c, bc_edge(c) - 4, BC_READ_SIZE));
	EXPECT_STREQ("EAGAIN", bc_read(c));
}

/* Which thread */

TEST_F(conf, R_043)
{
	struct client *t = bc_thread(self->s, "t");

	bc_ready(t);
	bc_begin_read(t, NULL, 40);
	ASSERT_TRUE(bc_blocked(t));
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_STREQ("NOOP", bc_end(t));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(t));
}

/*
 * What is on the process todo stays there when the thread that was woken for it
 * has no room for it; another one is woken then.
 */
TEST_F(conf, R_043_process_todo)
{
	struct client *s = self->s, *t1, *t2 = bc_thread(s, "t2");
	binder_uintptr_t first;

	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	first = bc_take(s).data.ptr.buffer;
	t1 = waiting_looper(s, "t1");
	bc_ready(t2);
	bc_begin_read(t2, NULL, 40);
	ASSERT_TRUE(bc_blocked(t2));
	EXPECT_EQ(0, bc_free(s, first));
	EXPECT_STREQ("NOOP TRANSACTION", bc_end(t1));
	EXPECT_EQ(2, bc_txn(t1)->code);
}

TEST_F(conf, R_044)
{
	struct client *t1 = waiting_looper(self->s, "t1");
	struct client *t2 = waiting_looper(self->s, "t2");
	struct client *t3 = waiting_looper(self->s, "t3");

	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_STREQ("NOOP TRANSACTION", bc_end(t3));
	EXPECT_EQ(1, bc_txn(t3)->code);
	EXPECT_EQ(0, bc_send(self->c, .code = 2));
	EXPECT_STREQ("NOOP TRANSACTION", bc_end(t2));
	EXPECT_EQ(2, bc_txn(t2)->code);
	EXPECT_TRUE(bc_blocked(t1));
}

TEST_F(conf, R_045)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	EXPECT_EQ(0, bc_u32_ioctl(self->s, BINDER_THREAD_EXIT, 0));
	EXPECT_STREQ("NOOP TC DR", bc_read(self->c));
}

TEST_HARNESS_MAIN
