// SPDX-License-Identifier: GPL-2.0
/*
 * Reports of failed transactions by generic netlink: who gets them, and what it
 * matters to a transaction if somebody does not.
 */
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "failing.h"
#include "reports.h"
#include "traces.h"

TEST_F(reports, two_listeners)
{
	int other = genl_open();

	ASSERT_EQ(0, genl_join(other, self->info.group));
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->c, .handle = 9));
	EXPECT_STREQ("FR binder from C:C flags 0 code 0 size 0", report());
	EXPECT_STREQ("FR binder from C:C flags 0 code 0 size 0",
		     report_at(other, &self->info));
	close(other);
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->c, .handle = 9));
	EXPECT_STREQ("FR binder from C:C flags 0 code 0 size 0", report());
}

static long join(struct actor *a, void *arg)
{
	u32 *group = arg;
	int fd = genl_open();
	long ret = genl_join(fd, *group);

	return ret ?: fd;
}

static long receive(struct actor *a, void *arg)
{
	struct genl_msg m;

	return genl_receive(*(int *)arg, 0, &m);
}

/* Who is not root may listen, too. */
TEST_F(reports, anybody)
{
	struct actor *a = actor_fork("A");
	u32 *group = stage_scratch(sizeof(*group));
	int *fd = stage_scratch(sizeof(*fd));

	*group = self->info.group;
	ASSERT_EQ(0, actor_sys(a, setresuid, 1000, 1000, 1000));
	*fd = actor_call(a, join, group);
	ASSERT_LE(0, *fd);
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->c, .handle = 9));
	EXPECT_EQ(0, actor_call(a, receive, fd));
	EXPECT_EQ(-EAGAIN, actor_call(a, receive, fd));
}

/* The group has a number everywhere, but the family is of one namespace. */
TEST_F(reports, other_namespace)
{
	struct genl_family_info info;
	int there;

	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	there = genl_open();
	EXPECT_EQ(-ENOENT, genl_family(there, FAMILY, GROUP, &info));
	EXPECT_EQ(0, genl_join(there, self->info.group));
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->c, .handle = 9));
	EXPECT_STREQ("none", report_at(there, &self->info));
	EXPECT_STREQ("FR binder from C:C flags 0 code 0 size 0", report());
}

/* Where a sender is does not matter. */
TEST_F(reports, sender_in_other_namespace)
{
	ASSERT_EQ(0, bc_sys(self->c, unshare, CLONE_NEWNET));
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->c, .handle = 9));
	EXPECT_STREQ("FR binder from C:C flags 0 code 0 size 0", report());
}

#define MANY	200

/* A listener that does not read loses reports; nobody else notices. */
TEST_F(reports, slow_listener)
{
	const char *text;
	unsigned int n = 0;
	int i;

	genl_room(self->l, 1);
	for (i = 0; i < MANY; i++) {
		EXPECT_STREQ("NOOP FR, FR EINVAL",
			     bc_outcome(self->c, .handle = 9, .code = 1));
	}
	EXPECT_TRUE(bc_works(self->s, self->c));
	/* That it has lost some is told once, before those that it has. */
	EXPECT_STREQ("ENOBUFS", report());
	while (strcmp(text = report(), "none")) {
		EXPECT_STREQ("FR binder from C:C flags 0 code 1 size 0", text);
		n++;
	}
	EXPECT_LT(0, n);
	EXPECT_GT(MANY / 2, n);
	EXPECT_STREQ("NOOP FR, FR EINVAL",
		     bc_outcome(self->c, .handle = 9, .code = 2));
	EXPECT_STREQ("FR binder from C:C flags 0 code 2 size 0", report());
}

#define MAX_FAILURES	100

/* A report for which there is no memory: the attempt fails as it would. */
TEST_F(reports, no_memory)
{
	struct failing f = { .failed = true };
	unsigned int n, unreported = 0;
	const char *text;

	if (!failing_init())
		SKIP(return, "this kernel has no fault injection");
	for (n = 1; f.failed && n < MAX_FAILURES; n++) {
		f = bc_failing(self->c, n, BC_TRANSACTION, &(struct msg) { .handle = 9 });
		text = report();
		/* It may be the ioctl that fails, before or after the attempt. */
		EXPECT_TRUE(!f.ret || f.ret == -EFAULT);
		if (!f.ret)
			EXPECT_STREQ("FR EINVAL", bc_ee(self->c));
		EXPECT_STREQ(f.ret && !strcmp(text, "none") ? "EAGAIN" :
							      "NOOP FR",
			     bc_read(self->c));
		unreported += !f.ret && !strcmp(text, "none");
	}
	EXPECT_FALSE(f.failed);
	EXPECT_STREQ("FR binder from C:C flags 0 code 0 size 0", text);
	EXPECT_LE(2, unreported);
}

/* The same for a message that is on its way: it stays so. */
TEST_F(reports, frozen_no_memory)
{
	const struct msg m = { .flags = TF_ONE_WAY, .code = 5 };
	unsigned int n, unreported = 0, sent = 0, received;
	struct failing f = { .failed = true };
	const char *text;

	if (!failing_init())
		SKIP(return, "this kernel has no fault injection");
	/* The page that the message will lie in is there. */
	EXPECT_TRUE(bc_works(self->s, self->c));
	set_frozen(self->c, self->s, 1);
	for (n = 1; f.failed && n < MAX_FAILURES; n++) {
		f = bc_failing(self->c, n, BC_TRANSACTION, &m);
		text = report();
		if (strcmp("NOOP PENDING_FROZEN", bc_read(self->c))) {
			EXPECT_STREQ(f.ret ? "EAGAIN" : "NOOP FR",
				     self->c->read_text);
			continue;
		}
		sent++;
		unreported += !strcmp(text, "none");
	}
	EXPECT_FALSE(f.failed);
	EXPECT_STREQ(PENDING "1 code 5 size 0", text);
	EXPECT_LE(2, unreported);
	set_frozen(self->c, self->s, 0);
	for (received = 0; received < sent; received++)
		bc_take_and_free(self->s);
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

/*
 * In how many places a call to nobody can fail for lack of memory; at least: now and
 * then the allocators have to ask each other.
 */
static unsigned int places(struct client *c)
{
	unsigned int i, n, least = MAX_FAILURES;

	for (i = 0; i < 5; i++) {
		struct failing f = { .failed = true };

		for (n = 0; f.failed && n < least; n++) {
			f = bc_failing(c, n + 1, BC_TRANSACTION,
				       &(struct msg) { .handle = 9 });
			bc_read(c);
		}
		least = n;
	}
	return least - 1;
}

/* Nothing is made for nobody. */
TEST_F(reports, nobody_listens)
{
	unsigned int without;

	if (!failing_init())
		SKIP(return, "this kernel has no fault injection");
	close(self->l);
	without = places(self->c);
	self->l = genl_open();
	ASSERT_EQ(0, genl_join(self->l, self->info.group));
	EXPECT_LT(without, places(self->c));
	EXPECT_STREQ("FR binder from C:C flags 0 code 0 size 0", report());
}

#define TRACED(error, ends, rest) \
	"C binder_netlink_report: context=binder error=" error \
	" from C:C to " ends " is_reply=0 " rest "\n"

/* The event comes with or without a listener. */
TEST_F(reports, trace)
{
	close(self->l);
	trace_begin("binder_netlink_report");
	bc_outcome(self->c, .handle = 9, .code = 7, .data = "12345", .size = 5);
	set_frozen(self->c, self->s, 1);
	bc_outcome(self->c, .code = 8, .flags = TF_ONE_WAY);
	EXPECT_STREQ(TRACED("BR_FAILED_REPLY", "0:0",
			    "flags=0x0 code=0x7 data_size=5")
		     TRACED("BR_TRANSACTION_PENDING_FROZEN", "S:0",
			    "flags=0x1 code=0x8 data_size=0"), trace_end());
}

TEST_HARNESS_MAIN
