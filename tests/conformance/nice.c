// SPDX-License-Identifier: GPL-2.0
/*
 * 40 Transactions: the nice value a receiver runs at.
 *
 * M is the lowest priority the node wants to be served at, from the flags of S
 * when it became context manager; P is the nice value of the sender C; R is
 * that of S when the transaction reaches it, which its read has just set to the
 * nice value S was opened at.
 */
#include <sys/resource.h>

#include "conf.h"

#define NICE_ERROR 1000

static int nice_of(struct client *c)
{
	int nice;

	errno = 0;
	nice = getpriority(PRIO_PROCESS, c->a->tid);
	return errno ? NICE_ERROR : nice;
}

static void set_nice(struct client *c, int nice)
{
	if (setpriority(PRIO_PROCESS, c->a->tid, nice))
		test_abort("%s: nice value %d: %m", c->a->name, nice);
}

static struct client *opened_at(const char *name, int nice)
{
	struct client *c = bc_new(name);

	set_nice(c, nice);
	if (bc_open(c, BC_DEVICE, O_RDWR | O_CLOEXEC) < 0 ||
	    bc_map(c, BC_MAP_SIZE, PROT_READ, MAP_PRIVATE, 0))
		test_abort("%s cannot open " BC_DEVICE, name);
	bc_ready(c);
	return c;
}

static struct client *server_at(int r, u32 m)
{
	struct client *s = opened_at("S", r);
	long ret = bc_manager(s, m);

	if (ret)
		test_abort("cannot become context manager: %s",
			   errno_name(ret));
	return s;
}

static struct client *client_at(int p)
{
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);

	set_nice(c, p);
	return c;
}

/* The nice value of S in a sync transaction; it runs at R = 3 otherwise. */
static int in_call(u32 m, int p)
{
	struct client *s = server_at(3, m);
	struct client *c = client_at(p);
	long ret;
	int nice;

	ret = bc_send(c, .code = 1);
	if (ret || bc_take(s).code != 1)
		test_abort("no call");
	nice = nice_of(s);
	ret = bc_reply(s, .code = 2);
	if (ret || nice_of(s) != 3)
		test_abort("nice value %d after the reply", nice_of(s));
	actor_kill(c->a);
	actor_kill(s->a);
	return nice;
}

TEST(T_067)
{
	EXPECT_EQ(0, in_call(0, 10));
	actors_end();
}

TEST(T_068)
{
	struct client *s = server_at(3, 0);
	struct client *c = client_at(-10);

	EXPECT_EQ(0, bc_send(c, .code = 1));
	EXPECT_EQ(3, nice_of(s));
	bc_take(s);
	EXPECT_EQ(-10, nice_of(s));
	EXPECT_EQ(0, bc_reply(s, .code = 2));
	EXPECT_EQ(3, nice_of(s));
	actors_end();
}

/* What S has set itself to meanwhile does not matter to the reply. */
TEST(T_068_changed)
{
	struct client *s = server_at(3, 0);
	struct client *c = client_at(-10);

	EXPECT_EQ(0, bc_send(c, .code = 1));
	bc_take(s);
	set_nice(s, 15);
	EXPECT_EQ(0, bc_reply(s, .code = 2));
	EXPECT_EQ(3, nice_of(s));
	actors_end();
}

/* A reply that fails ends the transaction, too. */
TEST(T_068_failed_reply)
{
	struct client *s = server_at(3, 0);
	struct client *c = client_at(-10);

	EXPECT_EQ(0, bc_send(c, .code = 1));
	bc_take(s);
	EXPECT_EQ(-10, nice_of(s));
	EXPECT_EQ(0, bc_reply(s, .raw = true, .size = 2 * BC_MAP_SIZE));
	EXPECT_STREQ("NOOP TC", bc_read(s));
	EXPECT_STREQ("FR ENOSPC", bc_ee(c));
	EXPECT_EQ(3, nice_of(s));
	actors_end();
}

TEST(T_069)
{
	EXPECT_EQ(10, in_call(19, 10));
	EXPECT_EQ(-5, in_call(19, -5));
	actors_end();
}

TEST(T_070)
{
	EXPECT_EQ(10, in_call(10, 19));
	EXPECT_EQ(5, in_call(10, 5));
	actors_end();
}

/* P is the sender's nice value when it sends, not when S receives. */
TEST(T_070_when_sent)
{
	struct client *s = server_at(3, 19);
	struct client *c = client_at(7);

	EXPECT_EQ(0, bc_send(c, .code = 1));
	set_nice(c, 1);
	bc_take(s);
	EXPECT_EQ(7, nice_of(s));
	actors_end();
}

/* The nice value of S in a oneway from a sender at -10. */
static int in_oneway(int r, u32 m)
{
	struct client *s = server_at(r, m);
	struct client *c = client_at(-10);
	long ret;
	int nice;

	ret = bc_oneway(c, .code = 1);
	if (ret || bc_take(s).code != 1)
		test_abort("no oneway");
	nice = nice_of(s);
	actor_kill(c->a);
	actor_kill(s->a);
	return nice;
}

TEST(T_071)
{
	EXPECT_EQ(0, in_oneway(7, 0));
	actors_end();
}

TEST(T_072)
{
	EXPECT_EQ(0, in_oneway(0, 10));
	actors_end();
}

TEST(T_073)
{
	struct client *c = opened_at("C", 7);

	set_nice(c, 3);
	bc_ready(c);
	EXPECT_EQ(3, nice_of(c));
	EXPECT_STREQ("EAGAIN", bc_read(c));
	EXPECT_EQ(7, nice_of(c));
	set_nice(c, 3);
	bc_begin_read(c, NULL, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(c));
	EXPECT_EQ(7, nice_of(c));
	actors_end();
}

/* Nor after a oneway: it has no reply that would do it. */
TEST(T_073_after_oneway)
{
	struct client *s = server_at(7, 0);
	struct client *c = client_at(0);

	EXPECT_EQ(0, bc_oneway(c, .code = 1));
	bc_take_and_free(s);
	EXPECT_EQ(0, nice_of(s));
	EXPECT_STREQ("EAGAIN", bc_read(s));
	EXPECT_EQ(7, nice_of(s));
	actors_end();
}

/* A server that may raise its priority only as far as RLIMIT_NICE says. */
static struct client *unprivileged_at(int r, u32 m, rlim_t limit)
{
	struct client *s = server_at(r, m);
	struct rlimit l = { limit, limit };

	if (prlimit(s->a->pid, RLIMIT_NICE, &l, NULL) ||
	    bc_sys(s, setresuid, 1000, 1000, 1000))
		test_abort("cannot take privileges from S");
	return s;
}

/* Either value would be another than R = 5, and one of them less urgent. */
TEST(T_074)
{
	struct client *s = unprivileged_at(5, 19, 0);
	struct client *c = client_at(-10);

	EXPECT_EQ(0, bc_send(c, .code = 1));
	bc_take(s);
	EXPECT_EQ(5, nice_of(s));
	EXPECT_EQ(0, bc_reply(s, .code = 2));
	EXPECT_STREQ("NOOP TC", bc_read(s));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(c));

	set_nice(c, 10);
	EXPECT_EQ(0, bc_send(c, .code = 3));
	bc_take(s);
	EXPECT_EQ(5, nice_of(s));
	EXPECT_EQ(0, bc_reply(s, .code = 4));
	EXPECT_EQ(5, nice_of(s));
	actors_end();
}

TEST(T_075)
{
	struct client *s = unprivileged_at(0, 0, 25);
	struct client *c = client_at(-10);

	EXPECT_EQ(0, bc_send(c, .code = 1));
	bc_take(s);
	EXPECT_EQ(-5, nice_of(s));
	actors_end();
}

/* 200 as a signed byte is -56: taken as one it would be the more urgent. */
TEST(T_076)
{
	EXPECT_EQ(10, in_call(200, 10));
	actors_end();
}

TEST(T_076_oneway)
{
	EXPECT_EQ(5, in_oneway(5, 200));
	actors_end();
}

TEST(T_077)
{
	struct client *s = server_at(3, 0);
	struct client *c = client_at(10);

	EXPECT_EQ(0, bc_send(c, .code = 1));
	bc_begin_read(c, NULL, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(c));
	bc_take(s);
	EXPECT_EQ(0, bc_reply(s, .code = 2));
	EXPECT_STREQ("NOOP TC REPLY", bc_end(c));
	EXPECT_EQ(10, nice_of(c));
	actors_end();
}

TEST_HARNESS_MAIN
