// SPDX-License-Identifier: GPL-2.0
/*
 * 40 Transactions: calls within calls, and deaths along the chain.
 *
 * A is the context manager. It has a handle to B, and B has one to C, so that
 * a chain of calls can go A->B->C->A or C->A->B.
 */
#include "conf.h"
#include "refs.h"

FIXTURE(chain) {
	struct client *a;
	struct client *b;
	struct client *c;
	u32 b_at_a;
	u32 c_at_b;
};

FIXTURE_SETUP(chain)
{
	self->a = bc_server("A", BC_MAP_SIZE);
	self->b = bc_start("B", BC_DEVICE, BC_MAP_SIZE);
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	self->b_at_a = bc_give(self->b, self->a, 0xb000, 0xb, 0);
	self->c_at_b = bc_pass(self->c, self->a, self->b, 0xc000, 0xc, 0);
}

FIXTURE_TEARDOWN(chain)
{
	actors_end();
}

/* Another thread of the client's process, waiting for process work. */
static struct client *idle_looper(struct client *c)
{
	struct client *t = bc_thread(c, "idle looper");

	if (bc_cmd(t, BC_ENTER_LOOPER))
		test_abort("BC_ENTER_LOOPER failed");
	bc_begin_read(t, NULL, BC_READ_SIZE);
	if (!bc_blocked(t))
		test_abort("%s is not idle: %s", c->a->name, bc_end(t));
	return t;
}

/* A call that the other side has received, as its first and with that code. */
static void call(struct client *from, struct client *to, u32 handle, u32 code)
{
	long ret = bc_send(from, .handle = handle, .code = code);

	if (ret || strcmp(bc_read(to), "NOOP TRANSACTION") ||
	    bc_txn(to)->code != code)
		test_abort("%s does not get call %u but: %s", to->a->name,
			   code, to->read_text);
}

/* A reply that the caller, who waits for nothing else, has received. */
static void answer(struct client *from, struct client *to, u32 code)
{
	long ret = bc_reply(from, .code = code);

	if (ret || strcmp(bc_read(from), "NOOP TC"))
		test_abort("%s cannot reply: %s", from->a->name,
			   from->read_text);
	if (strcmp(bc_read(to), "NOOP REPLY") || bc_txn(to)->code != code)
		test_abort("%s does not get reply %u but: %s", to->a->name,
			   code, to->read_text);
}

TEST_F(chain, R_012)
{
	call(self->a, self->b, self->b_at_a, 1);
	EXPECT_EQ(0, bc_send(self->b, .code = 2));
	EXPECT_STREQ("NOOP TC TRANSACTION", bc_read(self->a));
}

TEST_F(chain, T_037)
{
	struct client *idle = idle_looper(self->a);

	call(self->a, self->b, self->b_at_a, 1);
	EXPECT_EQ(0, bc_send(self->b, .code = 2));
	EXPECT_STREQ("NOOP TC TRANSACTION", bc_read(self->a));
	EXPECT_EQ(2, bc_txn(self->a)->code);
	EXPECT_TRUE(bc_blocked(idle));
}

/* The waiting thread is woken from its sleep as well. */
TEST_F(chain, T_037_blocked)
{
	struct client *idle = idle_looper(self->a);

	call(self->a, self->b, self->b_at_a, 1);
	bc_begin_read(self->a, NULL, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(self->a));
	EXPECT_EQ(0, bc_send(self->b, .code = 2));
	EXPECT_STREQ("NOOP TC TRANSACTION", bc_end(self->a));
	EXPECT_TRUE(bc_blocked(idle));
}

TEST_F(chain, T_038)
{
	struct client *idle = idle_looper(self->a);

	call(self->a, self->b, self->b_at_a, 1);
	call(self->b, self->c, self->c_at_b, 2);
	EXPECT_EQ(0, bc_send(self->c, .code = 3));
	EXPECT_STREQ("NOOP TC TRANSACTION", bc_read(self->a));
	EXPECT_EQ(3, bc_txn(self->a)->code);
	EXPECT_TRUE(bc_blocked(idle));
}

/* Of two threads of A that wait for B, the one that the call is for. */
TEST_F(chain, T_038_which)
{
	struct client *a2 = bc_thread(self->a, "A2");
	struct client *b2 = bc_thread(self->b, "B2");

	bc_ready(a2);
	bc_ready(b2);
	call(self->a, self->b, self->b_at_a, 1);
	call(a2, b2, self->b_at_a, 2);
	EXPECT_EQ(0, bc_send(b2, .code = 4));
	EXPECT_EQ(0, bc_send(self->b, .code = 3));
	EXPECT_STREQ("NOOP TC TRANSACTION", bc_read(self->a));
	EXPECT_EQ(3, bc_txn(self->a)->code);
	EXPECT_STREQ("NOOP TC TRANSACTION", bc_read(a2));
	EXPECT_EQ(4, bc_txn(a2)->code);
}

TEST_F(chain, T_039)
{
	struct client *a = self->a, *b = self->b, *c = self->c;

	call(a, b, self->b_at_a, 1);
	call(b, c, self->c_at_b, 2);
	EXPECT_EQ(0, bc_send(c, .code = 3));
	EXPECT_STREQ("NOOP TC TRANSACTION", bc_read(a));
	EXPECT_EQ(0, bc_reply(a, .code = 30));
	EXPECT_STREQ("NOOP TC", bc_read(a));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(c));
	EXPECT_EQ(30, bc_txn(c)->code);
	EXPECT_EQ(0, bc_reply(c, .code = 20));
	EXPECT_STREQ("NOOP TC", bc_read(c));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(b));
	EXPECT_EQ(20, bc_txn(b)->code);
	answer(b, a, 10);
	/* All is done: none of them has anything to reply to. */
	EXPECT_EQ(0, bc_reply(a, .code = 0));
	EXPECT_STREQ("FR EPROTO", bc_ee(a));
	EXPECT_EQ(0, bc_reply(b, .code = 0));
	EXPECT_STREQ("FR EPROTO", bc_ee(b));
	EXPECT_EQ(0, bc_reply(c, .code = 0));
	EXPECT_STREQ("FR EPROTO", bc_ee(c));
}

/* Back and forth between two threads, ten calls deep. */
TEST_F(chain, T_039_deep)
{
	struct client *side[2] = { self->a, self->b };
	int i;

	call(self->a, self->b, self->b_at_a, 1);
	for (i = 1; i < 10; i++) {
		struct client *from = side[i % 2], *to = side[1 - i % 2];

		EXPECT_EQ(0, bc_send(from, .code = i + 1,
				     .handle = from == self->a ? self->b_at_a : 0));
		EXPECT_STREQ("NOOP TC TRANSACTION", bc_read(to));
		EXPECT_EQ(i + 1, bc_txn(to)->code);
	}
	/* The last call, and its completion, are those of B. */
	EXPECT_EQ(0, bc_reply(self->a, .code = 1000));
	EXPECT_STREQ("NOOP TC", bc_read(self->a));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(self->b));
	for (i = 9; i > 0; i--)
		answer(side[i % 2], side[1 - i % 2], i);
}

TEST_F(chain, T_040)
{
	struct client *other = bc_thread(self->a, "other");

	bc_ready(other);
	call(self->a, self->b, self->b_at_a, 1);
	EXPECT_EQ(0, bc_oneway(self->b, .code = 2));
	EXPECT_STREQ("EAGAIN", bc_read(self->a));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(other));
	EXPECT_EQ(2, bc_txn(other)->code);
}

/*
 * A is frozen for as long as somebody waits for it to get done with its calls.
 * One of them needs a nested call to A, which is refused like any other.
 */
TEST_F(chain, T_062_nested)
{
	struct client *a = self->a, *b = self->b, *c = self->c;
	struct client *f = bc_start("F", BC_DEVICE, 0);
	struct binder_freeze_info *info = stage_scratch(sizeof(*info));

	call(c, a, 0, 1);
	call(a, b, self->b_at_a, 2);
	*info = (struct binder_freeze_info) {
		.pid = a->a->pid,
		.enable = 1,
		.timeout_ms = 10000,
	};
	actor_begin_sys(f->a, SYS_ioctl, (const long[6]) {
			f->f->fd, BINDER_FREEZE, (long)info });
	ASSERT_TRUE(actor_blocked(f->a));
	EXPECT_STREQ("NOOP ZR, ZR 0", bc_outcome(b, .code = 3));
	EXPECT_EQ(0, bc_reply(b, .code = 20));
	EXPECT_STREQ("NOOP TC", bc_read(b));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(a));
	EXPECT_EQ(0, bc_reply(a, .code = 10));
	EXPECT_EQ(0, actor_end(f->a));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(c));
	EXPECT_EQ(10, bc_txn(c)->code);
}

/* Death. A client that sees what becomes of A, when A dies: */
static void kill_manager(struct client *a)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);

	actor_kill(a->a);
	bc_await_no_manager(d);
}

/* C->A->B, and then A's thread is gone. */
static void chain_without_a(struct client *a, struct client *b,
			    struct client *c, u32 b_at_a, bool dies)
{
	call(c, a, 0, 1);
	call(a, b, b_at_a, 2);
	if (dies)
		kill_manager(a);
	else if (bc_u32_ioctl(a, BINDER_THREAD_EXIT, 0))
		test_abort("BINDER_THREAD_EXIT failed");
	if (strcmp(bc_read(c), "EAGAIN"))
		test_abort("C does not wait but reads: %s", c->read_text);
}

TEST_F(chain, T_058)
{
	chain_without_a(self->a, self->b, self->c, self->b_at_a, false);
	EXPECT_EQ(0, bc_reply(self->b, .code = 3));
	EXPECT_STREQ("OK 0", bc_ee(self->b));
	EXPECT_STREQ("NOOP TC", bc_read(self->b));
	EXPECT_STREQ("NOOP TC DR", bc_read(self->c));
}

TEST_F(chain, T_058_dies)
{
	chain_without_a(self->a, self->b, self->c, self->b_at_a, true);
	EXPECT_EQ(0, bc_reply(self->b, .code = 3));
	EXPECT_STREQ("OK 0", bc_ee(self->b));
	EXPECT_STREQ("NOOP TC", bc_read(self->b));
	EXPECT_STREQ("NOOP TC DR", bc_read(self->c));
}

/* With A gone before B has taken its call, B takes it nevertheless. */
TEST_F(chain, T_058_undelivered)
{
	call(self->c, self->a, 0, 1);
	EXPECT_EQ(0, bc_send(self->a, .handle = self->b_at_a, .code = 2));
	kill_manager(self->a);
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->b));
	EXPECT_EQ(0, bc_txn(self->b)->sender_pid);
	EXPECT_EQ(0, bc_reply(self->b, .code = 3));
	EXPECT_STREQ("NOOP TC", bc_read(self->b));
	EXPECT_STREQ("NOOP TC DR", bc_read(self->c));
}

TEST_F(chain, T_059)
{
	chain_without_a(self->a, self->b, self->c, self->b_at_a, false);
	EXPECT_EQ(0, bc_u32_ioctl(self->b, BINDER_THREAD_EXIT, 0));
	EXPECT_STREQ("NOOP TC DR", bc_read(self->c));
}

TEST_F(chain, T_059_b_dies)
{
	chain_without_a(self->a, self->b, self->c, self->b_at_a, false);
	actor_kill(self->b->a);
	EXPECT_STREQ("NOOP TC DR", bc_wait(self->c));
}

TEST_F(chain, T_059_both_die)
{
	chain_without_a(self->a, self->b, self->c, self->b_at_a, true);
	actor_kill(self->b->a);
	EXPECT_STREQ("NOOP TC DR", bc_wait(self->c));
}

TEST_F(chain, T_060)
{
	call(self->a, self->b, self->b_at_a, 1);
	EXPECT_EQ(0, bc_send(self->b, .code = 2));
	EXPECT_STREQ("NOOP TC TRANSACTION", bc_read(self->a));
	EXPECT_STREQ("EAGAIN", bc_read(self->b));
	actor_kill(self->a->a);
	EXPECT_STREQ("NOOP TC DR", bc_wait(self->b));
	/* What A has called B for can be answered, for nobody. */
	EXPECT_EQ(0, bc_reply(self->b, .code = 3));
	EXPECT_STREQ("OK 0", bc_ee(self->b));
	EXPECT_STREQ("NOOP TC", bc_read(self->b));
}

/* The same, before A has read the call from B. */
TEST_F(chain, T_060_undelivered)
{
	call(self->a, self->b, self->b_at_a, 1);
	EXPECT_EQ(0, bc_send(self->b, .code = 2));
	actor_kill(self->a->a);
	EXPECT_STREQ("NOOP TC DR", bc_wait(self->b));
}

TEST_HARNESS_MAIN
