// SPDX-License-Identifier: GPL-2.0
/*
 * 70 binderfs: what the log files show of processes and their work.
 */
#include <string.h>

#include "conf.h"
#include "logs.h"
#include "refs.h"

#define PTR_OF_OWN	0x1000
#define COOKIE		0x77

/* How what is shown of S and C begins. */
#define HEADER(name)	"proc " name "\ncontext binder\n"
#define C_THREAD	"  thread C: l 00 need_return 0 tr 0\n"
#define S_THREAD	"  thread S: l 02 need_return 0 tr 0\n"

/* The last @n lines of a text. */
static const char *last(const char *text, unsigned int n)
{
	const char *p = text + strlen(text);

	while (p > text && (p[-1] != '\n' || p == text + strlen(text) || --n))
		p--;
	return p;
}

static long set_frozen(struct client *by, struct client *c, u32 enable)
{
	struct binder_freeze_info *info = stage_scratch(sizeof(*info));

	*info = (struct binder_freeze_info) {
		.pid = c->a->pid,
		.enable = enable,
	};
	return bc_ioctl(by, BINDER_FREEZE, info);
}

TEST_F(conf, B_051)
{
	struct client *s = self->s, *c = self->c;

	EXPECT_EQ(0, bc_send(c, .code = 0x51, .flags = TF_ACCEPT_FDS,
			     .data = "12345", .size = 5));
	/* On its way, and taken by no thread. */
	EXPECT_STREQ(HEADER("S")
		     "  buffer #1: 0 size 5:0:0 active\n"
		     "  pending transaction #1: PTR from C:C to S:0 code 51 flags 10 pri 0 r1 elapsed Nms node #2 size 5:0 offset 0\n",
		     log_about(s, "transactions"));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
	EXPECT_STREQ(HEADER("C") C_THREAD
		     "    outgoing transaction #1: PTR from C:C to S:S code 51 flags 10 pri 0 r1 elapsed Nms\n"
		     "    transaction complete\n",
		     log_about(c, "transactions"));
	EXPECT_STREQ(HEADER("S") S_THREAD
		     "    incoming transaction #1: PTR from C:C to S:S code 51 flags 10 pri 0 r1 elapsed Nms node #2 size 5:0 offset 0\n"
		     "  buffer #1: 0 size 5:0:0 active\n",
		     log_about(s, "transactions"));
}

/* The reply belongs to the thread that called. */
TEST_F(conf, B_051_reply)
{
	struct client *s = self->s, *c = self->c;

	EXPECT_EQ(0, bc_send(c, .code = 1));
	bc_take_and_free(s);
	EXPECT_EQ(0, bc_reply(s, .code = 2, .data = "12345678", .size = 8));
	EXPECT_STREQ(HEADER("C") C_THREAD
		     "    transaction complete\n"
		     "    pending transaction #1: PTR from S:S to C:C code 2 flags 0 pri 0 r0 elapsed Nms size 8:0 offset 0\n"
		     "  buffer #1: 0 size 8:0:0 active\n",
		     log_about(c, "transactions"));
	EXPECT_STREQ(HEADER("S") S_THREAD "    transaction complete\n",
		     log_about(s, "transactions"));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(c));
	EXPECT_STREQ(HEADER("C") "  buffer #1: 0 size 8:0:0 delivered\n",
		     log_about(c, "transactions"));
}

TEST_F(conf, B_052)
{
	struct client *s = self->s, *c = self->c;

	EXPECT_EQ(0, bc_send(c, .code = 0x52));
	bc_take_and_free(s);
	EXPECT_STREQ(HEADER("S") S_THREAD
		     "    incoming transaction #1: PTR from C:C to S:S code 52 flags 0 pri 0 r1 elapsed Nms buffer free\n",
		     log_about(s, "transactions"));
}

/* The first is on the todo of S, the second waits for it at the node. */
TEST_F(conf, B_053)
{
	struct client *s = self->s, *c = self->c;

	EXPECT_EQ(0, bc_oneway(c, .code = 1, .data = "12345678", .size = 8));
	EXPECT_EQ(0, bc_oneway(c, .code = 2));
	EXPECT_STREQ(HEADER("S") S_THREAD
		     "  node #1: u0000000000000000 c0000000000000000 hs 1 hw 1 ls 3 lw 1 is 0 iw 0 tr N\n"
		     "    pending async transaction #2: PTR from C:C to S:0 code 2 flags 1 pri 0 r0 elapsed Nms node #1 size 0:0 offset 8\n"
		     "  buffer #3: 0 size 8:0:0 active\n"
		     "  buffer #2: 8 size 0:0:0 active\n"
		     "  pending transaction #3: PTR from C:C to S:0 code 1 flags 1 pri 0 r0 elapsed Nms node #1 size 8:0 offset 0\n",
		     log_about(s, "state"));
}

TEST_F(conf, B_054)
{
	struct client *s = self->s, *c = self->c;

	/* They have objects, but nothing to do. */
	bc_give(c, s, PTR_OF_OWN, COOKIE, 0);
	EXPECT_STREQ("", log_about(s, "transactions"));
	EXPECT_STREQ("", log_about(c, "transactions"));
	EXPECT_STREQ("binder transactions:\n",
		     log_text(log_path("transactions")));
}

static const char dead_node[] =
	"binder state:\n"
	"dead nodes:\n"
	"  node #1: u0000000000001000 c0000000000000077 hs ";

TEST_F(conf, B_055)
{
	struct client *s = self->s, *c = self->c;
	u64 limit = now_ms() + ACTOR_PATIENCE_MS;
	u32 handle = bc_give(c, s, PTR_OF_OWN, COOKIE, 0);

	EXPECT_EQ(1, handle);
	EXPECT_EQ(NULL, strstr(log_text(log_path("state")), "dead nodes:"));
	actor_kill(c->a);
	while (strcmp(log_ref(s, handle), "dead s 1 w 0") && now_ms() < limit)
		sleep_ms(1);
	EXPECT_STREQ("  ref #2: desc 1 dead node #3 s 1 w 0 d 0\n",
		     last(log_about(s, "state"), 1));
	while (strncmp(log_text(log_path("state")), dead_node,
		       strlen(dead_node)) && now_ms() < limit)
		sleep_ms(1);
	EXPECT_EQ(0, strncmp(log_text(log_path("state")), dead_node,
			     strlen(dead_node)));
}

TEST_F(conf, B_056)
{
	struct client *s = self->s, *c = self->c;
	u32 handle = bc_give(c, s, PTR_OF_OWN, COOKIE, 0);

	EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_DEATH_NOTIFICATION, handle,
				   COOKIE));
	EXPECT_STREQ("  ref #2: desc 1 node #3 s 1 w 0 d PTR\n",
		     last(log_about(s, "state"), 1));
	actor_kill(c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(s));
	EXPECT_STREQ("  ref #2: desc 1 dead node #3 s 1 w 0 d PTR\n"
		     "  has delivered dead binder\n",
		     last(log_about(s, "state"), 2));
	EXPECT_EQ(0, bc_cookie_cmd(s, BC_DEAD_BINDER_DONE, COOKIE));
	EXPECT_STREQ("none", log_todo(s));
}

TEST_F(conf, B_056_freeze)
{
	struct client *s = self->s, *c = self->c;
	u32 handle = bc_give(c, s, PTR_OF_OWN, COOKIE, 0);

	EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_FREEZE_NOTIFICATION, handle,
				   COOKIE));
	EXPECT_STREQ("NOOP FROZEN_BINDER", bc_read(s));
	EXPECT_STREQ("  has delivered freeze binder\n",
		     last(log_about(s, "state"), 1));
	EXPECT_EQ(0, bc_cookie_cmd(s, BC_FREEZE_NOTIFICATION_DONE, COOKIE));
	EXPECT_STREQ("none", log_todo(s));
}

TEST_F(conf, B_057)
{
	struct client *c = self->c;

	EXPECT_EQ(0, bc_send(c, .handle = 99));
	EXPECT_STREQ(HEADER("C") C_THREAD
		     "    transaction error: 29201\n",
		     log_about(c, "transactions"));
	EXPECT_STREQ("NOOP FR", bc_read(c));
	EXPECT_STREQ("", log_about(c, "transactions"));
}

TEST_F(conf, B_058)
{
	struct client *s = self->s, *c = self->c;

	ASSERT_EQ(0, set_frozen(c, s, 1));
	EXPECT_EQ(0, bc_oneway(c, .code = 1));
	EXPECT_STREQ(HEADER("C") C_THREAD
		     "    unknown work: type 3\n",
		     log_about(c, "transactions"));
	EXPECT_STREQ("NOOP PENDING_FROZEN", bc_read(c));
	EXPECT_EQ(0, set_frozen(c, s, 0));
}

/* Whether the sender wants to know that it floods the receiver or not. */
TEST_F(conf, B_058_spam)
{
	u32 handle = bc_receive_own(self->c, self->s, PTR_OF_OWN, 0, 0);
	struct client *c = self->c;
	u32 wanted;
	int i;

	/* All but the last are with the node, which has more of them than it may. */
	for (i = 0; i < 60; i++) {
		EXPECT_EQ(0, bc_oneway(c, .handle = handle, .raw = true,
				       .data = stage_scratch(8192),
				       .size = 8192));
		if (strstr(log_about(c, "transactions"), "unknown work"))
			break;
		EXPECT_STREQ("NOOP TC", bc_read(c));
	}
	EXPECT_EQ(51, i);
	for (wanted = 0; wanted < 2; wanted++) {
		EXPECT_EQ(0, bc_u32_ioctl(c, BINDER_ENABLE_ONEWAY_SPAM_DETECTION,
					  wanted));
		EXPECT_STREQ(HEADER("C") C_THREAD "    unknown work: type 4\n",
			     log_about(c, "transactions"));
	}
	EXPECT_STREQ("NOOP SPAM", bc_read(c));
}

/* The other kinds of work. */
TEST_F(conf, B_056_work)
{
	struct client *s = self->s, *c = self->c;
	u32 handle = bc_give(c, s, PTR_OF_OWN, COOKIE, 0);

	EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_FREEZE_NOTIFICATION, handle, 1));
	EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_DEATH_NOTIFICATION, handle, 2));
	EXPECT_EQ(0, bc_handle_cmd(s, BC_CLEAR_DEATH_NOTIFICATION, handle, 2));
	EXPECT_STREQ(HEADER("S") S_THREAD
		     "    has cleared death notification\n"
		     "  has frozen binder\n",
		     log_about(s, "transactions"));
	EXPECT_STREQ("NOOP CLEAR_DONE", bc_read(s));
	EXPECT_STREQ("NOOP FROZEN_BINDER", bc_read(s));
	EXPECT_EQ(0, bc_cookie_cmd(s, BC_FREEZE_NOTIFICATION_DONE, 1));
	EXPECT_EQ(0, bc_handle_cmd(s, BC_CLEAR_FREEZE_NOTIFICATION, handle, 1));
	EXPECT_STREQ(HEADER("S") "  has cleared freeze notification\n",
		     log_about(s, "transactions"));
	EXPECT_EQ(0, bc_ref(s, BC_RELEASE, handle));
	EXPECT_STREQ(HEADER("C")
		     "  node work #1: u0000000000001000 c0000000000000077\n",
		     log_about(c, "transactions"));
}

TEST_F(conf, B_056_dead)
{
	struct client *s = self->s, *c = self->c;
	u64 limit = now_ms() + ACTOR_PATIENCE_MS;
	u32 handle = bc_give(c, s, PTR_OF_OWN, COOKIE, 0);

	EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_DEATH_NOTIFICATION, handle, 2));
	actor_kill(c->a);
	while (!strcmp(log_todo(s), "none") && now_ms() < limit)
		sleep_ms(1);
	EXPECT_STREQ(HEADER("S") "  has dead binder\n",
		     log_about(s, "transactions"));
	EXPECT_EQ(0, bc_handle_cmd(s, BC_CLEAR_DEATH_NOTIFICATION, handle, 2));
	EXPECT_STREQ(HEADER("S") "  has cleared dead binder\n",
		     log_about(s, "transactions"));
}

TEST_HARNESS_MAIN
