// SPDX-License-Identifier: GPL-2.0
/*
 * Reports of failed transactions by generic netlink, docs/spec/70-binderfs.md,
 * section 9: for what there is one, and what is in it.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "refs.h"
#include "reports.h"

TEST_F(reports, family)
{
	EXPECT_EQ(1, self->info.version);
	EXPECT_FALSE(self->info.has_ops);
	EXPECT_EQ(1, self->info.groups);
	EXPECT_NE(0, self->info.group);
}

/* There is nothing to ask for. */
TEST_F(reports, no_operation)
{
	struct {
		struct nlmsghdr nl;
		struct genlmsghdr genl;
	} r = {
		.nl = {
			.nlmsg_len = sizeof(r),
			.nlmsg_type = self->info.id,
			.nlmsg_flags = NLM_F_REQUEST,
		},
		.genl = { .cmd = REPORT, .version = 1 },
	};
	struct genl_msg m;

	ASSERT_EQ(sizeof(r), send(self->l, &r, sizeof(r), 0));
	EXPECT_EQ(-EOPNOTSUPP, genl_receive(self->l, ACTOR_PATIENCE_MS, &m));
}

/* No handle of that number, so nobody knows to whom. */
TEST_F(reports, call)
{
	EXPECT_STREQ("NOOP FR, FR EINVAL",
		     bc_outcome(self->c, .handle = 9, .code = 7, .data = "12345",
				.size = 5, .flags = TF_ACCEPT_FDS));
	EXPECT_STREQ("FR binder from C:C flags 10 code 7 size 5", report());
	EXPECT_STREQ("none", report());
}

TEST_F(reports, call_with_target)
{
	EXPECT_STREQ("NOOP FR, FR EFAULT",
		     bc_outcome(self->c, .code = 0xfffffffe, .data = BAD_POINTER,
				.size = 10, .raw = true));
	EXPECT_STREQ("FR binder from C:C to S: flags 0 code 4294967294 size 10",
		     report());
}

/* A call back into the chain has to go to the thread that waits. */
TEST_F(reports, call_with_thread)
{
	struct client *s = self->s, *c = self->c;
	struct client *t = bc_thread(c, "T");
	u32 handle = bc_give(c, s, 0x1000, 1, 0);

	EXPECT_EQ(0, bc_send(t));
	bc_take_and_free(s);
	EXPECT_STREQ("NOOP FR, FR EFAULT",
		     bc_outcome(s, .handle = handle, .data = BAD_POINTER,
				.size = 10, .raw = true));
	EXPECT_STREQ("FR binder from S:S to C:T flags 0 code 0 size 10",
		     report());
}

TEST_F(reports, sender_is_a_thread)
{
	struct client *t = bc_thread(self->c, "T");

	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(t, .handle = 9));
	EXPECT_STREQ("FR binder from C:T flags 0 code 0 size 0", report());
}

TEST_F(reports, oneway)
{
	EXPECT_STREQ("NOOP FR, FR ENOSPC",
		     bc_outcome(self->c, .flags = TF_ONE_WAY, .code = 3,
				.data = BAD_POINTER, .size = 4 * BC_MAP_SIZE,
				.raw = true));
	EXPECT_STREQ("FR binder from C:C to S: flags 1 code 3 size 4194304",
		     report());
}

/* More than the attribute can tell. */
TEST_F(reports, size_of_64_bits)
{
	EXPECT_STREQ("NOOP FR, FR ENOSPC",
		     bc_outcome(self->c, .data = BAD_POINTER,
				.size = (1ull << 32) + 8, .raw = true));
	EXPECT_STREQ("FR binder from C:C to S: flags 0 code 0 size 4294967295",
		     report());
}

TEST_F(reports, dead_target)
{
	struct client *s = self->s, *c = self->c;
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	u32 handle = bc_give(d, s, 0x1000, 1, 0);

	actor_kill(d->a);
	do {
		EXPECT_EQ(0, bc_oneway(s, .handle = handle, .code = 8));
		sleep_ms(1);
	} while (strcmp(bc_read(s), "NOOP DR"));
	EXPECT_STREQ("DR binder from S:S flags 1 code 8 size 0", report());
	EXPECT_STREQ("none", report());
	EXPECT_TRUE(bc_works(s, c));
}

/* Nobody manages that device. */
TEST_F(reports, other_context)
{
	struct client *c = bc_start("D", BC_DEVICE_2, BC_MAP_SIZE);

	EXPECT_STREQ("NOOP DR, DR EINVAL", bc_outcome(c, .code = 2));
	EXPECT_STREQ("DR hwbinder from D:D flags 0 code 2 size 0", report());
}

TEST_F(reports, reply)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take_and_free(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .code = 6, .flags = TF_STATUS_CODE,
			      .data = BAD_POINTER, .size = 4, .raw = true));
	EXPECT_STREQ("FR binder from S:S to C:C reply flags 8 code 6 size 4",
		     report());
	/* The call of C is the same failure: one report. */
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
	EXPECT_STREQ("none", report());
}

TEST_F(reports, reply_without_call)
{
	EXPECT_EQ(0, bc_reply(self->s, .code = 6));
	EXPECT_STREQ("NOOP FR", bc_read(self->s));
	EXPECT_STREQ("FR binder from S:S reply flags 0 code 6 size 0",
		     report());
}

TEST_F(reports, reply_to_the_dead)
{
	struct client *t = bc_thread(self->c, "T");

	EXPECT_EQ(0, bc_send(t, .code = 1));
	bc_take_and_free(self->s);
	EXPECT_EQ(0, bc_ioctl(t, BINDER_THREAD_EXIT, NULL));
	EXPECT_EQ(0, bc_reply(self->s, .code = 6));
	EXPECT_STREQ("DR binder from S:S reply flags 0 code 6 size 0",
		     report());
}

TEST_F(reports, frozen_call)
{
	set_frozen(self->c, self->s, 1);
	EXPECT_STREQ("NOOP ZR, ZR 0", bc_outcome(self->c, .code = 4));
	EXPECT_STREQ("ZR binder from C:C to S: flags 0 code 4 size 0", report());
}

/* Sent, but not received for now. */
TEST_F(reports, frozen_oneway)
{
	set_frozen(self->c, self->s, 1);
	EXPECT_EQ(0, bc_oneway(self->c, .code = 5, .data = "123", .size = 3));
	EXPECT_STREQ(PENDING "1 code 5 size 3", report());
	EXPECT_STREQ("NOOP PENDING_FROZEN", bc_read(self->c));
	EXPECT_STREQ("none", report());
	set_frozen(self->c, self->s, 0);
	EXPECT_EQ(5, bc_take(self->s).code);
	EXPECT_STREQ("none", report());
}

/* The second is at once in the place of the first, which is gone. */
TEST_F(reports, frozen_superseded)
{
	const u32 flags = TF_ONE_WAY | TF_UPDATE_TXN;
	int i;

	set_frozen(self->c, self->s, 1);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, bc_send(self->c, .code = 5, .flags = flags));
		EXPECT_STREQ("NOOP PENDING_FROZEN",
			     bc_read(self->c));
		EXPECT_STREQ(PENDING "41 code 5 size 0", report());
	}
	EXPECT_STREQ("none", report());
	set_frozen(self->c, self->s, 0);
}

/* A failed attempt to a frozen process has failed and not been sent. */
TEST_F(reports, frozen_failed)
{
	set_frozen(self->c, self->s, 1);
	EXPECT_STREQ("NOOP FR, FR EFAULT",
		     bc_outcome(self->c, .flags = TF_ONE_WAY, .size = 10,
				.data = BAD_POINTER, .raw = true));
	EXPECT_STREQ("FR binder from C:C to S: flags 1 code 0 size 10",
		     report());
	EXPECT_STREQ("none", report());
}

/* What succeeds, and what fails but is no attempt to send. */
TEST_F(reports, nothing)
{
	struct client *s = self->s, *c = self->c;
	u32 handle;

	EXPECT_TRUE(bc_works(s, c));
	handle = bc_give(c, s, 0x1000, 1, 0);
	EXPECT_EQ(0, bc_oneway(s, .handle = handle));
	bc_take_and_free(c);
	EXPECT_EQ(-EINVAL, bc_cmd(c, _IO('c', 99)));
	EXPECT_EQ(0, bc_ref(c, BC_ACQUIRE, 9));
	EXPECT_EQ(0, bc_free(c, 0x12345));
	EXPECT_EQ(-EFAULT, bc_ioctl(c, BINDER_WRITE_READ, BAD_POINTER));
	EXPECT_STREQ("none", report());
}

/* Each at the end of its command, so in their order. */
TEST_F(reports, order)
{
	char want[80];
	u32 i;

	for (i = 0; i < 10; i++)
		EXPECT_STREQ("NOOP FR, FR EINVAL",
			     bc_outcome(self->c, .handle = 9, .code = i));
	for (i = 0; i < 10; i++) {
		snprintf(want, sizeof(want),
			 "FR binder from C:C flags 0 code %u size 0", i);
		EXPECT_STREQ(want, report());
	}
	EXPECT_STREQ("none", report());
}

TEST_HARNESS_MAIN
