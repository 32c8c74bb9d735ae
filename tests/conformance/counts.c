// SPDX-License-Identifier: GPL-2.0
/*
 * 60 Nodes, references, notifications: counts, and what the owner of a node is
 * told of them.
 *
 * C owns the nodes, S holds references to them.
 */
#include <stdio.h>

#include "conf.h"
#include "logs.h"
#include "refs.h"

#define PTR	0x1000
#define COOKIE	0xc001

/* C sends its object to S in a oneway, and has read nothing yet. */
static long send_strong(struct client *c)
{
	struct parcel *p = parcel();

	p_binder(p, PTR, COOKIE, 0);
	return bc_oneway(c, .parcel = p);
}

static long send_weak(struct client *c)
{
	struct parcel *p = parcel();

	p_weak_binder(p, PTR, COOKIE, 0);
	return bc_oneway(c, .parcel = p);
}

/* S receives what has been sent, and keeps the counts of the buffer only. */
static binder_uintptr_t hold(struct client *s)
{
	return bc_take(s).data.ptr.buffer;
}

/* The nodes that the returns of the last read are about, in order. */
static const char *nodes_of(struct client *c)
{
	char *text = stage_scratch(512);
	size_t len = 0;
	unsigned int i;

	*text = 0;
	for (i = 0; i < c->br.n; i++) {
		const struct br *b = &c->br.v[i];

		if (b->cmd != BR_INCREFS && b->cmd != BR_ACQUIRE &&
		    b->cmd != BR_RELEASE && b->cmd != BR_DECREFS)
			continue;
		len += snprintf(text + len, 512 - len, "%s%llx/%llx",
				len ? " " : "",
				(unsigned long long)b->node.ptr,
				(unsigned long long)b->node.cookie);
	}
	return text;
}

/* Announcements */

TEST_F(conf, N_001)
{
	EXPECT_EQ(0, send_strong(self->c));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(self->c));
	EXPECT_STREQ("1000/c001 1000/c001", nodes_of(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

/* The driver's counts on the way: docs/spec/60-nodes-refs-death.md, 1. */
TEST_F(conf, N_001_counts)
{
	struct client *s = self->s, *c = self->c;
	binder_uintptr_t buffer;

	EXPECT_STREQ("none", log_node(c, PTR));
	EXPECT_EQ(0, send_strong(c));
	EXPECT_STREQ("hs 0 hw 0 ls 0 lw 0 is 1 iw 1", log_node(c, PTR));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(c));
	EXPECT_STREQ("hs 1 hw 1 ls 1 lw 1 is 1 iw 1", log_node(c, PTR));
	EXPECT_EQ(0, bc_node_cmd(c, BC_INCREFS_DONE, PTR, COOKIE));
	EXPECT_STREQ("hs 1 hw 1 ls 1 lw 0 is 1 iw 1", log_node(c, PTR));
	EXPECT_EQ(0, bc_node_cmd(c, BC_ACQUIRE_DONE, PTR, COOKIE));
	EXPECT_STREQ("hs 1 hw 1 ls 0 lw 0 is 1 iw 1", log_node(c, PTR));
	buffer = hold(s);
	EXPECT_STREQ("s 1 w 0", log_ref(s, 1));
	EXPECT_EQ(0, bc_free(s, buffer));
	EXPECT_STREQ("none", log_ref(s, 1));
	EXPECT_STREQ("hs 1 hw 1 ls 0 lw 0 is 0 iw 0", log_node(c, PTR));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(c));
	EXPECT_STREQ("none", log_node(c, PTR));
}

TEST_F(conf, N_002)
{
	EXPECT_EQ(0, send_weak(self->c));
	EXPECT_STREQ("NOOP INCREFS TC", bc_read(self->c));
	EXPECT_STREQ("1000/c001", nodes_of(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, N_003)
{
	EXPECT_EQ(0, send_weak(self->c));
	EXPECT_STREQ("NOOP INCREFS TC", bc_read(self->c));
	EXPECT_EQ(0, send_strong(self->c));
	EXPECT_STREQ("NOOP ACQUIRE TC", bc_read(self->c));
	EXPECT_STREQ("1000/c001", nodes_of(self->c));
}

/* Work that is queued tells what is so when it is read; strong moves it. */
TEST_F(conf, N_003_same_thread)
{
	EXPECT_EQ(0, send_weak(self->c));
	EXPECT_EQ(0, send_strong(self->c));
	EXPECT_STREQ("NOOP TC INCREFS ACQUIRE TC", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, N_003_strong_moves)
{
	struct client *t = bc_thread(self->c, "t");

	bc_ready(t);
	EXPECT_EQ(0, send_weak(t));
	EXPECT_EQ(0, send_strong(self->c));
	EXPECT_STREQ("NOOP TC", bc_read(t));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(t));
}

TEST_F(conf, N_003_weak_stays)
{
	struct client *t = bc_thread(self->c, "t");

	bc_ready(t);
	EXPECT_EQ(0, send_strong(self->c));
	EXPECT_EQ(0, send_weak(t));
	EXPECT_STREQ("NOOP TC", bc_read(t));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(t));
}

TEST_F(conf, N_004)
{
	EXPECT_EQ(0, send_strong(self->c));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(self->c));
	EXPECT_EQ(0, send_strong(self->c));
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
	EXPECT_EQ(0, send_weak(self->c));
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
	bc_acknowledge(self->c);
	EXPECT_EQ(0, send_strong(self->c));
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

/*
 * A thread exits and has not read what is for the owner. With the kernel's
 * driver nobody is told then; ours gives it back to the process.
 */
TEST_F(conf, N_004_thread_exit)
{
	struct client *s = self->s, *c = self->c, *t = bc_thread(c, "t");
	binder_uintptr_t a;

	EXPECT_EQ(0, send_strong(t));
	EXPECT_EQ(0, bc_u32_ioctl(t, BINDER_THREAD_EXIT, 0));
	if (!on_stock()) {
		EXPECT_STREQ("NOOP INCREFS ACQUIRE", bc_read(c));
		EXPECT_STREQ("strong weak", bc_node_state(c, PTR));
		return;
	}
	EXPECT_STREQ("EAGAIN", bc_read(c));
	EXPECT_STREQ("-", bc_node_state(c, PTR));
	a = hold(s);
	EXPECT_EQ(0, send_strong(c));
	EXPECT_STREQ("NOOP TC", bc_read(c));
	EXPECT_EQ(0, bc_free(s, a));
	EXPECT_EQ(0, bc_free(s, hold(s)));
	EXPECT_STREQ("none", bc_node_state(c, PTR));
	EXPECT_STREQ("EAGAIN", bc_read(c));

	EXPECT_EQ(0, send_strong(c));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(c));
}

/* Nor is it repeated for a reader that has a bad buffer: it counts as told. */
TEST_F(conf, N_004_fault)
{
	struct client *s = self->s, *c = self->c;

	/* There is room for BR_NOOP. */
	EXPECT_EQ(0, send_strong(c));
	EXPECT_EQ(-EFAULT, bc_read_into(c, bc_edge(c) - 4, BC_READ_SIZE));
	EXPECT_STREQ("strong weak", bc_node_state(c, PTR));
	EXPECT_STREQ("NOOP TC", bc_read(c));
	EXPECT_STREQ("EAGAIN", bc_read(c));
	EXPECT_STREQ("s 2 w 1", bc_node_counts(s, 1));
	EXPECT_EQ(0, bc_free(s, hold(s)));
	EXPECT_STREQ("EAGAIN", bc_read(c));
	EXPECT_EQ(0, bc_node_cmd(c, BC_INCREFS_DONE, PTR, COOKIE));
	EXPECT_EQ(0, bc_node_cmd(c, BC_ACQUIRE_DONE, PTR, COOKIE));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(c));

	/* And for BR_INCREFS, but not for BR_ACQUIRE. */
	EXPECT_EQ(0, send_strong(c));
	EXPECT_EQ(-EFAULT, bc_read_into(c, bc_edge(c) - 24, BC_READ_SIZE));
	EXPECT_STREQ("strong weak", bc_node_state(c, PTR));
	EXPECT_STREQ("NOOP TC", bc_read(c));
	EXPECT_STREQ("EAGAIN", bc_read(c));
}

/* Dropping */

TEST_F(conf, N_005)
{
	u32 handle = bc_give(self->c, self->s, PTR, COOKIE, 0);

	EXPECT_EQ(0, bc_ref(self->s, BC_INCREFS, handle));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("NOOP RELEASE", bc_read(self->c));
	EXPECT_STREQ("1000/c001", nodes_of(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, N_006)
{
	u32 handle = bc_give(self->c, self->s, PTR, COOKIE, 0);

	EXPECT_EQ(0, bc_ref(self->s, BC_INCREFS, handle));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("NOOP RELEASE", bc_read(self->c));
	EXPECT_EQ(0, bc_ref(self->s, BC_DECREFS, handle));
	EXPECT_STREQ("NOOP DECREFS", bc_read(self->c));
	EXPECT_STREQ("1000/c001", nodes_of(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_STREQ("none", bc_node_state(self->c, PTR));
}

/* RELEASE that has not been read when the weak count goes, too. */
TEST_F(conf, N_006_unread)
{
	u32 handle = bc_give(self->c, self->s, PTR, COOKIE, 0);

	EXPECT_EQ(0, bc_ref(self->s, BC_INCREFS, handle));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_EQ(0, bc_ref(self->s, BC_DECREFS, handle));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, N_007)
{
	u32 handle = bc_give(self->c, self->s, PTR, COOKIE, 0);

	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(self->c));
	EXPECT_STREQ("1000/c001 1000/c001", nodes_of(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_STREQ("none", bc_node_state(self->c, PTR));
}

/* It is process work: any thread that waits is woken for it. */
TEST_F(conf, N_007_any_thread)
{
	u32 handle = bc_give(self->c, self->s, PTR, COOKIE, 0);
	struct client *t = bc_thread(self->c, "t");

	bc_ready(t);
	bc_begin_read(t, NULL, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(t));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_end(t));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

/* It counts as told, and the node as gone, even if the reader's buffer is bad. */
TEST_F(conf, N_007_fault)
{
	u32 handle = bc_give(self->c, self->s, PTR, COOKIE, 0);

	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_EQ(-EFAULT, bc_read_into(self->c, bc_edge(self->c) - 4,
					BC_READ_SIZE));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_STREQ("none", bc_node_state(self->c, PTR));
	EXPECT_EQ(handle, bc_give(self->c, self->s, PTR, COOKIE + 1, 0));
}

TEST_F(conf, N_008)
{
	u32 handle = bc_give_weak(self->c, self->s, PTR, COOKIE, 0);

	EXPECT_EQ(0, bc_ref(self->s, BC_DECREFS, handle));
	EXPECT_STREQ("NOOP DECREFS", bc_read(self->c));
	EXPECT_STREQ("1000/c001", nodes_of(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

/* C has been told of the node and not acknowledged; nobody else holds it. */
static void drop_unacknowledged(struct __test_metadata *_metadata,
				struct client *s, struct client *c)
{
	EXPECT_EQ(0, send_strong(c));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(c));
	EXPECT_EQ(0, bc_free(s, hold(s)));
	EXPECT_STREQ("EAGAIN", bc_read(c));
}

TEST_F(conf, N_009)
{
	drop_unacknowledged(_metadata, self->s, self->c);
	EXPECT_STREQ("strong weak", bc_node_state(self->c, PTR));
	EXPECT_STREQ("none", log_ref(self->s, 1));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, N_009_weak)
{
	EXPECT_EQ(0, send_weak(self->c));
	EXPECT_STREQ("NOOP INCREFS TC", bc_read(self->c));
	EXPECT_EQ(0, bc_free(self->s, hold(self->s)));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_EQ(0, bc_node_cmd(self->c, BC_INCREFS_DONE, PTR, COOKIE));
	EXPECT_STREQ("NOOP DECREFS", bc_read(self->c));
}

TEST_F(conf, N_010)
{
	drop_unacknowledged(_metadata, self->s, self->c);
	EXPECT_EQ(0, bc_node_cmd(self->c, BC_INCREFS_DONE, PTR, COOKIE));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_EQ(0, bc_node_cmd(self->c, BC_ACQUIRE_DONE, PTR, COOKIE));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, N_011)
{
	drop_unacknowledged(_metadata, self->s, self->c);
	EXPECT_EQ(0, bc_node_cmd(self->c, BC_ACQUIRE_DONE, PTR, COOKIE));
	EXPECT_STREQ("NOOP RELEASE", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_EQ(0, bc_node_cmd(self->c, BC_INCREFS_DONE, PTR, COOKIE));
	EXPECT_STREQ("NOOP DECREFS", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, N_012)
{
	EXPECT_EQ(0, send_strong(self->c));
	EXPECT_EQ(0, bc_free(self->s, hold(self->s)));
	EXPECT_STREQ("none", log_node(self->c, PTR));
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, N_012_weak)
{
	EXPECT_EQ(0, send_weak(self->c));
	EXPECT_EQ(0, bc_free(self->s, hold(self->s)));
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, N_013)
{
	u32 handle = bc_give(self->c, self->s, PTR, COOKIE, 0);
	binder_uintptr_t buffer;

	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_EQ(0, send_strong(self->c));
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_STREQ("strong weak", bc_node_state(self->c, PTR));
	buffer = hold(self->s);
	EXPECT_EQ(0, bc_free(self->s, buffer));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, N_014)
{
	u32 handle = bc_give(self->c, self->s, PTR, COOKIE, 0);
	struct parcel *p = parcel();

	p_binder(p, PTR, COOKIE + 1, 0);
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->c, .parcel = p));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(self->c));

	EXPECT_EQ(0, bc_oneway(self->c, .parcel = p));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(self->c));
	EXPECT_STREQ("1000/c002 1000/c002", nodes_of(self->c));
	bc_acknowledge(self->c);

	/* A call to it shows the new cookie. */
	bc_take(self->s);
	EXPECT_EQ(0, bc_oneway(self->s, .handle = 1));
	bc_take(self->c);
	EXPECT_EQ(PTR, bc_txn(self->c)->target.ptr);
	EXPECT_EQ(COOKIE + 1, bc_txn(self->c)->cookie);
}

/* Handles */

TEST_F(conf, N_015)
{
	struct client *s = self->s, *c = self->c;
	u32 i;

	for (i = 1; i <= 5; i++)
		EXPECT_EQ(i, bc_give(c, s, i << 12, 0, 0));
	EXPECT_EQ(0, bc_ref(s, BC_RELEASE, 4));
	EXPECT_EQ(0, bc_ref(s, BC_RELEASE, 2));
	EXPECT_STREQ("NOOP RELEASE DECREFS RELEASE DECREFS", bc_read(c));
	EXPECT_STREQ("4000/0 4000/0 2000/0 2000/0", nodes_of(c));
	EXPECT_EQ(2, bc_give(c, s, 0xa000, 0, 0));
	EXPECT_EQ(4, bc_give(c, s, 0xb000, 0, 0));
	EXPECT_EQ(6, bc_give(c, s, 0xc000, 0, 0));
}

TEST_F(conf, N_016)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	u32 other = bc_give(d, self->s, PTR, COOKIE, 0);
	u32 handle = bc_give(self->c, self->s, PTR, COOKIE, 0);

	EXPECT_NE(other, handle);
	EXPECT_EQ(handle, bc_give(self->c, self->s, PTR, COOKIE, 0));
	EXPECT_EQ(handle, bc_give_weak(self->c, self->s, PTR, COOKIE, 0));
	EXPECT_STREQ("s 2 w 1", log_ref(self->s, handle));
	EXPECT_EQ(other, bc_give(d, self->s, PTR, COOKIE, 0));
}

TEST_F(conf, N_017)
{
	u32 handle = bc_give(self->c, self->s, PTR, COOKIE, 0);
	struct binder_transaction_data t;

	EXPECT_EQ(0, bc_oneway(self->s, .handle = handle));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("none", log_ref(self->s, handle));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->c));
	t = *bc_txn(self->c);
	EXPECT_EQ(PTR, t.target.ptr);
	EXPECT_EQ(COOKIE, t.cookie);
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_EQ(0, bc_free(self->c, t.data.ptr.buffer));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(self->c));
}

/* A call: it is its buffer that holds the node, not the missing reply. */
TEST_F(conf, N_017_call)
{
	u32 handle = bc_give(self->c, self->s, PTR, COOKIE, 0);
	binder_uintptr_t buffer;

	EXPECT_EQ(0, bc_send(self->s, .handle = handle));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	buffer = bc_take(self->c).data.ptr.buffer;
	EXPECT_EQ(0, bc_reply(self->c, .code = 1));
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_EQ(0, bc_free(self->c, buffer));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(self->c));
}

TEST_F(conf, N_017_freed_before_reply)
{
	u32 handle = bc_give(self->c, self->s, PTR, COOKIE, 0);
	struct client *t = bc_thread(self->c, "t");

	bc_ready(t);
	EXPECT_EQ(0, bc_send(self->s, .handle = handle));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	bc_take_and_free(self->c);
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(t));
	EXPECT_EQ(0, bc_reply(self->c, .code = 1));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(self->s));
}

/* The owner gets its own object back: the buffer holds the node. */
TEST_F(conf, N_017_own_object)
{
	u32 handle = bc_give(self->c, self->s, PTR, COOKIE, 0);
	struct parcel *p = parcel();
	binder_uintptr_t buffer;

	p_handle(p, handle);
	EXPECT_EQ(0, bc_oneway(self->s, .handle = handle, .parcel = p));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("hs 1 hw 1 ls 2 lw 0 is 0 iw 0", log_node(self->c, PTR));
	buffer = bc_take(self->c).data.ptr.buffer;
	EXPECT_STREQ("BINDER", bc_object_names(self->c, bc_txn(self->c)));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_EQ(0, bc_free(self->c, buffer));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(self->c));
}

/* Several holders */

TEST_F(conf, N_018)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	u32 handle = bc_give(self->c, self->s, PTR, COOKIE, 0);
	u32 weak = bc_receive_weak(d, self->s, handle);

	EXPECT_STREQ("hs 1 hw 1 ls 0 lw 0 is 1 iw 2", log_node(self->c, PTR));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("NOOP RELEASE", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_EQ(0, bc_ref(d, BC_DECREFS, weak));
	EXPECT_STREQ("NOOP DECREFS", bc_read(self->c));
}

/* That a third process holds it as well is none of the owner's business. */
TEST_F(conf, N_018_strong)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	u32 handle = bc_give(self->c, self->s, PTR, COOKIE, 0);
	u32 strong = bc_receive(d, self->s, handle);

	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_EQ(0, bc_ref(d, BC_RELEASE, strong));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(self->c));
}

TEST_F(conf, N_019)
{
	bc_give(self->c, self->s, PTR, COOKIE, 0);
	bc_give(self->c, self->s, PTR, COOKIE, 0);
	bc_give_weak(self->c, self->s, PTR, COOKIE, 0);
	bc_begin_read(self->c, NULL, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(self->c));
	actor_kill(self->s->a);
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_end(self->c));
	EXPECT_STREQ("1000/c001 1000/c001", nodes_of(self->c));
	EXPECT_STREQ("none", bc_node_state(self->c, PTR));
}

/* Another one still holds it. */
TEST_F(conf, N_019_of_two)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	u32 handle = bc_give(self->c, self->s, PTR, COOKIE, 0);
	u32 weak = bc_receive_weak(d, self->s, handle);

	actor_kill(self->s->a);
	EXPECT_STREQ("NOOP RELEASE", bc_wait(self->c));
	EXPECT_EQ(0, bc_ref(d, BC_DECREFS, weak));
	EXPECT_STREQ("NOOP DECREFS", bc_wait(self->c));
}

TEST_F(conf, N_020)
{
	EXPECT_EQ(0, send_strong(self->c));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(self->c));
	bc_acknowledge(self->c);
	actor_kill(self->s->a);
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_wait(self->c));
	EXPECT_STREQ("1000/c001 1000/c001", nodes_of(self->c));
}

/* The manager's node */

TEST_F(conf, N_021)
{
	static const u32 cmds[] = {
		BC_INCREFS, BC_ACQUIRE, BC_RELEASE, BC_DECREFS,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		EXPECT_EQ(0, bc_ref(self->c, cmds[i], 0));
		EXPECT_STREQ("EAGAIN", bc_read(self->s));
	}
	EXPECT_STREQ("hs 1 hw 1 ls 1 lw 1 is 0 iw 0", log_node(self->s, 0));
	EXPECT_TRUE(bc_works(self->s, self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

TEST_F(conf, N_021_sent)
{
	struct parcel *p = parcel();
	struct binder_transaction_data t;

	p_binder(p, 0, 0, BC_NODE_FLAGS);
	t = bc_fetch(self->c, self->s, p);
	EXPECT_STREQ("NOOP TC", self->s->read_text);
	EXPECT_EQ(0, bc_object(self->c, &t, 0)->flat.handle);
	EXPECT_EQ(0, bc_free(self->c, t.data.ptr.buffer));
	EXPECT_STREQ("none", log_ref(self->c, 0));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

TEST_HARNESS_MAIN
