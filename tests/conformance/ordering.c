// SPDX-License-Identifier: GPL-2.0
/*
 * 30 Returns: what one read delivers, and in which order.
 */
#include "conf.h"
#include "refs.h"

/* A node of C, unlike any other number that a test uses. */
#define PTR	0x1000
#define COOKIE	0xc00c1e

TEST_F(conf, R_010)
{
	struct client *s = self->s, *c = self->c;
	struct parcel *p = parcel();

	p_binder(p, PTR, COOKIE, 0);
	EXPECT_EQ(0, bc_send(c, .parcel = p));
	EXPECT_STREQ("EAGAIN", bc_read(c));
	bc_take(s);
	EXPECT_EQ(0, bc_reply(s, .code = 1));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC REPLY", bc_read(c));
	EXPECT_EQ(PTR, c->br.v[1].node.ptr);
	EXPECT_EQ(COOKIE, c->br.v[1].node.cookie);
	EXPECT_EQ(PTR, c->br.v[2].node.ptr);
	EXPECT_EQ(COOKIE, c->br.v[2].node.cookie);
}

TEST_F(conf, R_011)
{
	struct client *s = self->s, *c = self->c;
	struct parcel *p = parcel();

	EXPECT_EQ(0, bc_send(c, .code = 1));
	bc_take(s);
	p_binder(p, PTR, COOKIE, 0);
	EXPECT_EQ(0, bc_reply(s, .parcel = p));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(s));
	EXPECT_EQ(PTR, s->br.v[1].node.ptr);
	EXPECT_STREQ("NOOP TC REPLY", bc_read(c));
}

static void watch(struct client *c, u32 handle, u64 cookie)
{
	long ret = bc_handle_cmd(c, BC_REQUEST_DEATH_NOTIFICATION, handle,
				 cookie);

	if (ret)
		test_abort("BC_REQUEST_DEATH_NOTIFICATION: %s",
			   errno_name(ret));
}

/* Of all nodes of D this one dies last, and LAST is told. */
#define LAST_PTR 0xffff0000

static struct client *watch_last(struct client *d, struct client *s)
{
	struct client *last = bc_start("LAST", BC_DEVICE, BC_MAP_SIZE);

	watch(last, bc_pass(d, s, last, LAST_PTR, 0, 0), 99);
	return last;
}

/* Kill @d, and return when all others have been told as well. */
static void kill_and_await(struct client *d, struct client *last)
{
	actor_kill(d->a);
	if (strcmp(bc_wait(last), "NOOP DEAD_BINDER"))
		test_abort("%s reads: %s", last->a->name, last->read_text);
}

TEST_F(conf, R_013)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	struct client *s = self->s, *last;
	binder_uintptr_t buffer;

	watch(s, bc_give(d, s, PTR, COOKIE, 0), 13);
	last = watch_last(d, s);
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	kill_and_await(d, last);
	EXPECT_EQ(0, bc_send(self->c, .code = 2));

	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
	EXPECT_EQ(1, bc_txn(s)->code);
	buffer = bc_txn(s)->data.ptr.buffer;
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_read(s));
	EXPECT_EQ(13, s->br.v[1].cookie);
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
	EXPECT_EQ(2, bc_txn(s)->code);
	EXPECT_EQ(0, bc_free(s, buffer));
}

TEST_F(conf, R_014)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	struct client *s = self->s, *last;

	watch(s, bc_give(d, s, 0x1000, 0, 0), 1);
	watch(s, bc_give(d, s, 0x2000, 0, 0), 2);
	last = watch_last(d, s);
	kill_and_await(d, last);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_read(s));
	EXPECT_EQ(1, s->br.v[1].cookie);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_read(s));
	EXPECT_EQ(2, s->br.v[1].cookie);
	EXPECT_STREQ("EAGAIN", bc_read(s));
}

TEST_F(conf, R_017)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	struct client *s = self->s, *c = self->c, *last;

	watch(c, bc_pass(d, s, c, PTR, COOKIE, 0), 17);
	last = watch_last(d, s);
	EXPECT_EQ(0, bc_send(c, .code = 1));
	kill_and_await(d, last);
	EXPECT_STREQ("EAGAIN", bc_read(c));
	bc_take(s);
	EXPECT_EQ(0, bc_reply(s, .code = 2));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(c));
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_read(c));
	EXPECT_EQ(17, c->br.v[1].cookie);
}

/*
 * S has dropped what it had of C's node, so there is work for C; but C sends
 * the node again before it does that work, which then is none.
 */
static void make_work_void(struct client *s, struct client *c)
{
	struct parcel *p = parcel();
	long ret;

	p_binder(p, PTR, COOKIE, 0);
	ret = bc_oneway(c, .parcel = p);
	if (ret || strcmp(bc_read(c), "NOOP TC"))
		test_abort("C sends its node again and reads: %s",
			   c->read_text);
	if (bc_poll(c, 0) != POLLIN)
		test_abort("there is no work for C");
}

TEST_F(conf, R_018)
{
	struct client *s = self->s, *c = self->c;
	u32 h = bc_give(c, s, PTR, COOKIE, 0);

	EXPECT_EQ(0, bc_ref(s, BC_RELEASE, h));
	make_work_void(s, c);
	EXPECT_STREQ("EAGAIN", bc_read(c));
	EXPECT_EQ(0, bc_poll(c, 0));

	/* With the buffer goes the node again. */
	bc_take_and_free(s);
	make_work_void(s, c);
	bc_begin_read(c, NULL, BC_READ_SIZE);
	EXPECT_TRUE(bc_blocked(c));
	bc_take_and_free(s);
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_end(c));
}

TEST_HARNESS_MAIN
