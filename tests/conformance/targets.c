// SPDX-License-Identifier: GPL-2.0
/*
 * 40 Transactions: to nodes other than the context manager's.
 *
 * S has handles to nodes of C.
 */
#include "conf.h"
#include "refs.h"

/* A node of C, unlike any other number that a test uses. */
#define PTR	0x1000
#define COOKIE	0xc00c1e

TEST_F(conf, A_004)
{
	struct client *c1 = self->c, *s = self->s;
	struct client *c2 = bc_second_file(c1, BC_DEVICE, BC_MAP_SIZE);
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	u32 h1, h2, d_at_s;

	h1 = bc_give(c1, s, PTR, 1, 0);
	h2 = bc_give(c2, s, PTR, 2, 0);
	EXPECT_NE(h1, h2);
	EXPECT_EQ(0, bc_oneway(s, .handle = h1));
	EXPECT_EQ(0, bc_oneway(s, .handle = h2));
	EXPECT_STREQ("NOOP TC TC", bc_read(s));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(c1));
	EXPECT_EQ(1, bc_txn(c1)->cookie);
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(c2));
	EXPECT_EQ(2, bc_txn(c2)->cookie);

	/* What one of the files has a handle to, the other has not. */
	d_at_s = bc_give(d, s, PTR, 3, 0);
	EXPECT_EQ(1, bc_receive(c1, s, d_at_s));
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(c2, .handle = 1));
	EXPECT_STREQ("NOOP TC, OK 0",
		     bc_outcome(c1, .handle = 1, .flags = TF_ONE_WAY));
}

TEST_F(conf, T_002)
{
	u32 h = bc_give_weak(self->c, self->s, PTR, COOKIE, 0);

	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->s, .handle = h));
	EXPECT_STREQ("NOOP FR, FR EINVAL",
		     bc_outcome(self->s, .handle = h, .flags = TF_ONE_WAY));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

/* Oneways tell when a node is dead; those sent before that vanish with it. */
static void await_dead(struct client *c, u32 handle)
{
	u64 limit = now_ms() + ACTOR_PATIENCE_MS;

	do {
		bc_oneway(c, .handle = handle);
		if (!strcmp(bc_read(c), "NOOP DR"))
			return;
		sleep_ms(1);
	} while (now_ms() < limit);
	test_abort("handle %u is not dead: %s", handle, c->read_text);
}

TEST_F(conf, T_003)
{
	u32 h = bc_give(self->c, self->s, PTR, COOKIE, 0);

	actor_kill(self->c->a);
	await_dead(self->s, h);
	EXPECT_STREQ("NOOP DR, DR EINVAL", bc_outcome(self->s, .handle = h));
	EXPECT_STREQ("NOOP DR, DR EINVAL",
		     bc_outcome(self->s, .handle = h, .flags = TF_ONE_WAY));
}

TEST_F(conf, T_007)
{
	struct client *s2, *c = self->c;

	EXPECT_EQ(0, bc_ref(c, BC_ACQUIRE, 0));
	actor_kill(self->s->a);
	bc_await_no_manager(c);
	s2 = bc_server("S2", BC_MAP_SIZE);
	EXPECT_EQ(0, bc_send(c, .code = 7));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s2));
	EXPECT_EQ(7, bc_txn(s2)->code);
}

/* Chosen for a call, the thread had no room to read it. */
TEST_F(conf, T_008)
{
	u32 h = bc_give(self->c, self->s, PTR, COOKIE, 0);
	struct client *t = bc_thread(self->s, "t");

	bc_ready(t);
	bc_begin_read(t, NULL, 40);
	ASSERT_TRUE(bc_blocked(t));
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_STREQ("NOOP", bc_end(t));
	EXPECT_EQ(0, bc_send(t, .handle = h, .code = 2));
	EXPECT_STREQ("FR EPROTO", bc_ee(t));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(t));
	EXPECT_EQ(1, bc_txn(t)->code);
	EXPECT_STREQ("NOOP FR", bc_read(t));
	/* With the call read, it is a nested one. */
	EXPECT_EQ(0, bc_send(t, .handle = h, .code = 3));
	EXPECT_STREQ("OK 0", bc_ee(t));
}

TEST_F(conf, T_044)
{
	struct client *s = self->s, *c = self->c;
	u32 h1 = bc_give(c, s, 0x1000, 1, 0);
	u32 h2 = bc_give(c, s, 0x2000, 2, 0);
	binder_uintptr_t first;

	EXPECT_EQ(0, bc_oneway(s, .handle = h1, .code = 11));
	EXPECT_EQ(0, bc_oneway(s, .handle = h1, .code = 12));
	EXPECT_EQ(0, bc_oneway(s, .handle = h2, .code = 21));
	EXPECT_EQ(0, bc_oneway(s, .handle = h2, .code = 22));
	EXPECT_EQ(11, bc_take(c).code);
	first = bc_txn(c)->data.ptr.buffer;
	EXPECT_EQ(21, bc_take(c).code);
	EXPECT_STREQ("EAGAIN", bc_read(c));
	EXPECT_EQ(0, bc_free(c, first));
	EXPECT_EQ(12, bc_take(c).code);
	EXPECT_STREQ("EAGAIN", bc_read(c));
}

TEST_F(conf, T_085)
{
	struct client *c1 = self->c;
	struct client *c2 = bc_second_file(c1, BC_DEVICE, BC_MAP_SIZE);
	u32 h = bc_pass(c1, self->s, c2, PTR, COOKIE, 0);

	EXPECT_EQ(0, bc_send(c2, .handle = h, .code = 85));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(c1));
	EXPECT_EQ(85, bc_txn(c1)->code);
	EXPECT_EQ(PTR, bc_txn(c1)->target.ptr);
	EXPECT_EQ(c1->a->pid, bc_txn(c1)->sender_pid);
	EXPECT_EQ(0, bc_reply(c1, .code = 58));
	EXPECT_STREQ("NOOP TC", bc_read(c1));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(c2));
	EXPECT_EQ(58, bc_txn(c2)->code);
}

/* Had a handle been used up for it, the next object would get another one. */
TEST_F(conf, T_086)
{
	struct client *s = self->s, *c = self->c;
	struct parcel *p = parcel();

	p_binder(p, PTR, COOKIE, 0);
	p_handle(p, 99);
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(c, .parcel = p));
	EXPECT_STREQ("none", bc_node_state(c, PTR));
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(s, .handle = 1));
	EXPECT_STREQ("EAGAIN", bc_read(c));
	EXPECT_STREQ("EAGAIN", bc_read(s));
	/* Nor is there a cookie that another one would not agree with. */
	EXPECT_EQ(1, bc_give(c, s, PTR, COOKIE + 1, 0));
}

TEST_HARNESS_MAIN
