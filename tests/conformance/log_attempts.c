// SPDX-License-Identifier: GPL-2.0
/*
 * 70 binderfs: transaction_log and failed_transaction_log.
 */
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "gate.h"
#include "logs.h"
#include "refs.h"

#define FROM_C_TO_S " from C:C to S:0 context binder node #2 handle "
#define FROM_C_TO_0 " from C:C to 0:0 context binder node 0 handle "
#define FROM_S_TO_0 " from S:S to 0:0 context binder "
#define FROM_S_TO_C " from S:S to C:C context binder "

TEST_F(conf, B_061)
{
	struct client *s = self->s, *c = self->c;
	struct parcel *p = parcel();

	p_binder(p, 0x1000, 1, 0);
	EXPECT_EQ(0, bc_oneway(c, .data = "12345", .size = 5));
	EXPECT_EQ(0, bc_send(c, .parcel = p));
	bc_take_and_free(s);
	bc_take_and_free(s);
	EXPECT_EQ(0, bc_reply(s, .handle = 7, .data = "1234", .size = 4));
	EXPECT_STREQ("#1: async" FROM_C_TO_S "0 size 5:0 ret 0/0 l=0\n"
		     "#3: call " FROM_C_TO_S "0 size 24:8 ret 0/0 l=0\n",
		     log_attempts(c, "transaction_log"));
	EXPECT_STREQ("#1: reply" FROM_S_TO_C "node 0 handle 7 size 4:0 ret 0/0 l=0\n",
		     log_attempts(s, "transaction_log"));
	EXPECT_STREQ("", log_attempts(c, "failed_transaction_log"));
}

/* A call back into the chain goes to the thread that waits. */
TEST_F(conf, B_061_chain)
{
	struct client *s = self->s, *c = self->c;
	u32 handle = bc_give(c, s, 0x1000, 1, 0);

	EXPECT_EQ(0, bc_send(c));
	bc_take_and_free(s);
	EXPECT_EQ(0, bc_send(s, .handle = handle));
	EXPECT_STREQ("#1: call " FROM_S_TO_C "node #2 handle 1 size 0:0 ret 0/0 l=0\n",
		     log_attempts(s, "transaction_log"));
}

TEST_F(conf, B_061_incomplete)
{
	struct client *s = self->s, *c = self->c;
	struct gate *g = gate_new(c, 4 * PAGE, 1, 61);

	w_msg(wb(c), BC_TRANSACTION, &(struct msg) {
		.data = g->mem, .size = g->size, .raw = true,
	});
	bc_begin_read(c, &c->w, 0);
	gate_await(g);
	EXPECT_STREQ("#1: call " FROM_C_TO_S "0 size 16384:0 ret 0/0 l=0 (incomplete)\n",
		     log_attempts(c, "transaction_log"));
	gate_open(g);
	bc_end(c);
	EXPECT_STREQ("#1: call " FROM_C_TO_S "0 size 16384:0 ret 0/0 l=0\n",
		     log_attempts(c, "transaction_log"));
	bc_take_and_free(s);
}

#define FAILURES	40
#define KEPT		32

TEST_F(conf, B_062)
{
	char want[KEPT * 128];
	size_t len = 0;
	u32 i;

	for (i = 0; i < FAILURES; i++) {
		EXPECT_EQ(0, bc_send(self->c, .handle = 100 + i));
		EXPECT_STREQ("NOOP FR", bc_read(self->c));
	}
	for (i = FAILURES - KEPT; i < FAILURES; i++)
		len += snprintf(want + len, sizeof(want) - len,
				"#%u: call " FROM_C_TO_0 "%u size 0:0 ret 29201/-22 l=N\n",
				i - (FAILURES - KEPT) + 1, 100 + i);
	EXPECT_STREQ(want, log_text(log_path("failed_transaction_log")));
	EXPECT_STREQ(want, log_text(log_path("transaction_log")));
}

TEST_F(conf, B_063)
{
	bc_give(self->c, self->s, 0x1000, 1, 0);
	EXPECT_STREQ("#1: async" FROM_C_TO_S "0 size 24:8 ret 0/0 l=0\n",
		     log_attempts(self->c, "transaction_log"));
}

/* A oneway to a frozen process has succeeded. */
TEST_F(conf, B_063_frozen)
{
	struct binder_freeze_info *info = stage_scratch(sizeof(*info));

	*info = (struct binder_freeze_info) {
		.pid = self->s->a->pid,
		.enable = 1,
	};
	ASSERT_EQ(0, bc_ioctl(self->c, BINDER_FREEZE, info));
	EXPECT_EQ(0, bc_oneway(self->c));
	EXPECT_STREQ("#1: async" FROM_C_TO_S "0 size 0:0 ret 0/0 l=0\n",
		     log_attempts(self->c, "transaction_log"));
	EXPECT_STREQ("", log_attempts(self->c, "failed_transaction_log"));
}

TEST_F(conf, B_064)
{
	static const char want[] =
		"#1: call " FROM_C_TO_0 "-1 size 3:0 ret 29201/-22 l=N\n";
	struct client *c = self->c;

	EXPECT_EQ(0, bc_send(c, .handle = -1, .data = "123", .size = 3));
	EXPECT_STREQ(want, log_attempts(c, "transaction_log"));
	EXPECT_STREQ(want, log_attempts(c, "failed_transaction_log"));
}

/* A call back into the chain: the thread is known from the start. */
TEST_F(conf, B_064_chain)
{
	struct client *s = self->s, *c = self->c;
	u32 handle = bc_give(c, s, 0x1000, 1, 0);

	EXPECT_EQ(0, bc_send(c));
	bc_take_and_free(s);
	EXPECT_EQ(0, bc_send(s, .handle = handle, .data = BAD_POINTER,
			     .size = 10, .raw = true));
	EXPECT_STREQ("#1: call " FROM_S_TO_C "node #2 handle 1 size 10:0 ret 29201/-14 l=N\n",
		     log_attempts(s, "failed_transaction_log"));
}

/* The thread that made the call is gone. */
TEST_F(conf, B_064_dead_caller)
{
	struct client *s = self->s, *t = bc_thread(self->c, "T");

	EXPECT_EQ(0, bc_send(t));
	bc_take_and_free(s);
	EXPECT_EQ(0, bc_ioctl(t, BINDER_THREAD_EXIT, NULL));
	EXPECT_EQ(0, bc_reply(s));
	EXPECT_STREQ("#1: reply" FROM_S_TO_0 "node 0 handle 0 size 0:0 ret 29189/0 l=N\n",
		     log_attempts(s, "failed_transaction_log"));
}

TEST_HARNESS_MAIN
