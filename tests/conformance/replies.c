// SPDX-License-Identifier: GPL-2.0
/*
 * 40 Transactions: replies, and the death of either side.
 */
#include "conf.h"

TEST_F(conf, T_046)
{
	EXPECT_EQ(0, bc_reply(self->s, .code = 1));
	EXPECT_STREQ("FR EPROTO", bc_ee(self->s));
	EXPECT_STREQ("NOOP FR", bc_read(self->s));
}

TEST_F(conf, T_047)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_EQ(0, bc_reply(self->c, .code = 2));
	EXPECT_STREQ("FR EPROTO", bc_ee(self->c));
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
	bc_take(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .code = 3));
	EXPECT_EQ(3, bc_take(self->c).code);
}

TEST_F(conf, T_048)
{
	struct client *t = bc_thread(self->s, "t");

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	EXPECT_EQ(0, bc_reply(t, .code = 2));
	EXPECT_STREQ("FR EPROTO", bc_ee(t));
	EXPECT_STREQ("NOOP FR", bc_read(t));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_EQ(0, bc_reply(self->s, .code = 3));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(self->c));
	EXPECT_EQ(3, bc_txn(self->c)->code);
}

TEST_F(conf, T_049)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .offsets = "1234", .offsets_size = 4));
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
	EXPECT_STREQ("FR EINVAL", bc_ee(self->c));
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));

	EXPECT_EQ(0, bc_reply(self->s, .code = 2));
	EXPECT_STREQ("FR EPROTO", bc_ee(self->s));
	EXPECT_STREQ("NOOP FR", bc_read(self->s));
}

TEST_F(conf, T_050)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .raw = true, .size = 2 * BC_MAP_SIZE));
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
	EXPECT_STREQ("FR ENOSPC", bc_ee(self->c));
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
}

TEST_F(conf, T_051)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .code = 2, .flags = TF_ONE_WAY));
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(self->c));
	EXPECT_EQ(TF_ONE_WAY, bc_txn(self->c)->flags);
}

/* Death */

TEST_F(conf, T_052)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	actor_kill(self->c->a);
	EXPECT_EQ(0, bc_reply(self->s, .code = 2));
	EXPECT_STREQ("OK 0", bc_ee(self->s));
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
}

/*
 * The driver takes a killed process apart in its own time, and nothing but the
 * sender_pid shows when it is done. So longer and longer pauses are tried.
 */
TEST_F(conf, T_053)
{
	struct binder_transaction_data t;
	unsigned int ms;

	for (ms = 1; ms <= 4096; ms *= 8) {
		struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);

		EXPECT_EQ(0, bc_send(c, .code = ms));
		actor_kill(c->a);
		sleep_ms(ms);
		t = bc_take(self->s);
		EXPECT_EQ(ms, t.code);
		EXPECT_EQ(0, bc_reply(self->s, .code = 1));
		EXPECT_STREQ("NOOP TC", bc_read(self->s));
		if (!t.sender_pid)
			break;
	}
	EXPECT_EQ(0, t.sender_pid);
}

TEST_F(conf, T_054)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_EQ(0, bc_u32_ioctl(self->c, BINDER_THREAD_EXIT, 0));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	EXPECT_EQ(0, bc_txn(self->s)->sender_pid);
	EXPECT_EQ(0, bc_reply(self->s, .code = 2));
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
	EXPECT_STREQ("NOOP", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, T_055)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	actor_kill(self->s->a);
	EXPECT_STREQ("NOOP TC DR", bc_wait(self->c));
}

TEST_F(conf, T_056)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	actor_kill(self->s->a);
	EXPECT_STREQ("NOOP TC DR", bc_wait(self->c));
}

TEST_F(conf, T_057)
{
	struct client *t = bc_thread(self->s, "t");

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(t);
	EXPECT_EQ(0, bc_u32_ioctl(t, BINDER_THREAD_EXIT, 0));
	EXPECT_STREQ("NOOP TC DR", bc_read(self->c));
	/* The process itself goes on. */
	EXPECT_EQ(0, bc_send(self->c, .code = 2));
	EXPECT_EQ(2, bc_take(self->s).code);
}

/* As T_057, for a transaction that the thread was given and did not read. */
TEST_F(conf, T_057_undelivered)
{
	struct client *t = bc_thread(self->s, "t");

	bc_ready(t);
	bc_begin_read(t, NULL, 40);
	ASSERT_TRUE(bc_blocked(t));
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_STREQ("NOOP", bc_end(t));
	EXPECT_EQ(0, bc_u32_ioctl(t, BINDER_THREAD_EXIT, 0));
	EXPECT_STREQ("NOOP TC DR", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

TEST_F(conf, T_061)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);

	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	EXPECT_STREQ("NOOP TC TC", bc_read(self->c));
	actor_kill(self->s->a);
	bc_await_no_manager(d);
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_HARNESS_MAIN
