// SPDX-License-Identifier: GPL-2.0
/*
 * 50 Objects: binders and handles, and the counts they come with.
 */
#include <string.h>

#include "conf.h"
#include "logs.h"
#include "objects.h"

static struct client *third(void)
{
	return bc_start("B", BC_DEVICE, BC_MAP_SIZE);
}

TEST_F(conf, O_001)
{
	struct binder_transaction_data t;
	struct parcel *p = parcel();
	const union object *o;

	p_binder(p, PTR, COOKIE, 0xfeedf17f);
	t = bc_sent(self->s, self->c, .parcel = p);
	o = bc_object(self->s, &t, 0);
	EXPECT_EQ(1, bc_objects(&t));
	EXPECT_STREQ("HANDLE 1", flat(o));
	EXPECT_EQ(0xfeedf17f, o->flat.flags);
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(self->c));
	EXPECT_EQ(PTR, self->c->br.v[1].node.ptr);
	EXPECT_EQ(COOKIE, self->c->br.v[1].node.cookie);
	EXPECT_EQ(PTR, self->c->br.v[2].node.ptr);
	EXPECT_EQ(COOKIE, self->c->br.v[2].node.cookie);
	EXPECT_STREQ("strong weak", bc_node_state(self->c, PTR));
	EXPECT_STREQ("s 1 w 0", log_ref(self->s, 1));
}

/* The count of the object is the buffer's: without another it goes with it. */
TEST_F(conf, O_001_free)
{
	struct binder_transaction_data t;
	struct parcel *p = parcel();

	p_binder(p, PTR, COOKIE, 0);
	t = bc_sent(self->s, self->c, .parcel = p);
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(self->c));
	bc_acknowledge(self->c);
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_EQ(0, bc_free(self->s, t.data.ptr.buffer));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(self->c));
	EXPECT_STREQ("none", bc_node_state(self->c, PTR));
	EXPECT_STREQ("none", log_ref(self->s, 1));
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->s, .handle = 1));
}

TEST_F(conf, O_001_lowest)
{
	u32 h;

	for (h = 1; h <= 3; h++)
		EXPECT_EQ(h, bc_give(self->c, self->s, PTR + h, COOKIE, 0));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, 2));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(self->c));
	EXPECT_EQ(2, bc_give(self->c, self->s, PTR + 9, COOKIE, 0));
	EXPECT_EQ(4, bc_give(self->c, self->s, PTR + 10, COOKIE, 0));
	EXPECT_EQ(1, bc_give(self->c, self->s, PTR + 1, COOKIE, 0));
}

/* A call to the handle arrives with the ptr and the cookie. */
TEST_F(conf, O_001_call)
{
	u32 h = bc_give(self->c, self->s, PTR, COOKIE, 0);

	EXPECT_EQ(0, bc_oneway(self->s, .handle = h, .code = 5));
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->c));
	EXPECT_EQ(PTR, bc_txn(self->c)->target.ptr);
	EXPECT_EQ(COOKIE, bc_txn(self->c)->cookie);
	EXPECT_EQ(5, bc_txn(self->c)->code);
}

TEST_F(conf, O_002)
{
	struct binder_transaction_data t;
	struct parcel *p = parcel();
	const union object *o;

	p_weak_binder(p, PTR, COOKIE, 0xfeedf17f);
	t = bc_sent(self->s, self->c, .parcel = p);
	o = bc_object(self->s, &t, 0);
	EXPECT_STREQ("WEAK_HANDLE 1", flat(o));
	EXPECT_EQ(0xfeedf17f, o->flat.flags);
	EXPECT_STREQ("s 0 w 1", log_ref(self->s, 1));
	EXPECT_STREQ("NOOP INCREFS TC", bc_read(self->c));
	bc_acknowledge(self->c);
	EXPECT_STREQ("weak", bc_node_state(self->c, PTR));
	EXPECT_EQ(0, bc_free(self->s, t.data.ptr.buffer));
	EXPECT_STREQ("NOOP DECREFS", bc_read(self->c));
	EXPECT_STREQ("none", bc_node_state(self->c, PTR));
	EXPECT_STREQ("none", log_ref(self->s, 1));
}

TEST_F(conf, O_013)
{
	u32 h = bc_give(self->c, self->s, PTR, COOKIE, 0);
	struct parcel *p = parcel();

	p_binder(p, PTR, COOKIE + 1, 0);
	EXPECT_STREQ("FR EINVAL",
		     bc_refused(self->s, self->c, .parcel = p));
	p = parcel();
	p_weak_binder(p, PTR, 0, 0);
	EXPECT_STREQ("FR EINVAL",
		     bc_refused(self->s, self->c, .parcel = p));
	EXPECT_STREQ("s 1 w 0", log_ref(self->s, h));
	EXPECT_EQ(h, bc_give(self->c, self->s, PTR, COOKIE, 0));
}

/* Also within the message that makes the node known. */
TEST_F(conf, O_013_same_message)
{
	struct parcel *p = parcel();

	p_binder(p, PTR, COOKIE, 0);
	p_binder(p, PTR, COOKIE + 1, 0);
	EXPECT_REFUSED("FR EINVAL", p);
	/* The node is gone, and with it the cookie it was to have. */
	EXPECT_EQ(1, bc_give(self->c, self->s, PTR, COOKIE + 1, 0));
}

TEST_F(conf, O_014)
{
	static const u32 handles[] = { 1, 7, 0x7fffffff, 0xffffffff };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(handles); i++) {
		struct parcel *p = parcel();

		p_handle(p, handles[i]);
		EXPECT_REFUSED("FR EINVAL", p);
		p = parcel();
		p_weak_handle(p, handles[i]);
		EXPECT_REFUSED("FR EINVAL", p);
	}
}

TEST_F(conf, O_015)
{
	struct client *b = third();
	struct parcel *p = parcel();
	u32 at_s = bc_give_weak(b, self->s, PTR, COOKIE, 0);
	u32 h = bc_receive_weak(self->c, self->s, at_s);

	p_handle(p, h);
	EXPECT_STREQ("FR EINVAL",
		     bc_refused(self->s, self->c, .parcel = p));
	EXPECT_STREQ("s 0 w 1", log_ref(self->c, h));
	EXPECT_STREQ("s 0 w 1", log_ref(self->s, at_s));
	EXPECT_STREQ("weak", bc_node_state(b, PTR));
}

/* The manager's, of which anybody may have a weak reference. */
TEST_F(conf, O_015_manager)
{
	struct parcel *p = parcel();

	EXPECT_EQ(0, bc_ref(self->c, BC_INCREFS, 0));
	p_handle(p, 0);
	EXPECT_REFUSED("FR EINVAL", p);
	EXPECT_STREQ("s 0 w 1", log_ref(self->c, 0));
}

TEST_F(conf, O_016)
{
	struct client *b = third();
	u32 h = bc_pass(b, self->s, self->c, PTR, COOKIE, 0);
	struct binder_transaction_data t;
	struct parcel *p = parcel();

	p_weak_handle(p, h);
	t = bc_sent(self->s, self->c, .parcel = p);
	EXPECT_STREQ("WEAK_HANDLE 1", flat(bc_object(self->s, &t, 0)));
	EXPECT_STREQ("s 0 w 1", log_ref(self->s, 1));
	EXPECT_STREQ("s 1 w 0", log_ref(self->c, h));
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(b));
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->s, .handle = 1));
	EXPECT_EQ(0, bc_free(self->s, t.data.ptr.buffer));
	EXPECT_STREQ("none", log_ref(self->s, 1));
}

/* And a weak-only one as WEAK_HANDLE. */
TEST_F(conf, O_016_weak)
{
	struct client *b = third();
	struct binder_transaction_data t;
	struct parcel *p = parcel();
	u32 at_s = bc_give_weak(b, self->s, PTR, COOKIE, 0);
	u32 h = bc_receive_weak(self->c, self->s, at_s);

	EXPECT_EQ(1, at_s);
	p_weak_handle(p, h);
	t = bc_sent(self->s, self->c, .parcel = p);
	EXPECT_STREQ("WEAK_HANDLE 1", flat(bc_object(self->s, &t, 0)));
	EXPECT_STREQ("s 0 w 2", log_ref(self->s, at_s));
}

TEST_F(conf, O_017)
{
	struct parcel *p = parcel();

	p_handle(p, 0);
	EXPECT_REFUSED("FR EINVAL", p);
	p = parcel();
	p_weak_handle(p, 0);
	EXPECT_REFUSED("FR EINVAL", p);
	EXPECT_STREQ("none", log_ref(self->c, 0));
	EXPECT_TRUE(bc_works(self->s, self->c));
}

TEST_F(conf, O_018)
{
	struct binder_transaction_data t;
	struct parcel *p = parcel();
	const union object *o;

	EXPECT_EQ(0, bc_ref(self->c, BC_ACQUIRE, 0));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	p_flat(p, BINDER_TYPE_HANDLE, 0xf1a65, 0, ~0ULL);
	t = bc_sent(self->s, self->c, .parcel = p);
	o = bc_object(self->s, &t, 0);
	EXPECT_EQ(BINDER_TYPE_BINDER, o->hdr.type);
	EXPECT_EQ(0, o->flat.binder);
	EXPECT_EQ(0, o->flat.cookie);
	EXPECT_EQ(0xf1a65, o->flat.flags);
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
}

static struct binder_transaction_data back(struct client *c, struct client *s,
					   u32 type, u32 handle)
{
	struct parcel *p = parcel();

	/* Of the field for the handle, only the low half matters. */
	p_flat(p, type, 0xf1a65, 0xabad1deaULL << 32 | handle, ~0ULL);
	return bc_fetch(c, s, p);
}

TEST_F(conf, O_019)
{
	u32 h = bc_give(self->c, self->s, PTR, COOKIE, 0);
	struct binder_transaction_data t;
	const union object *o;

	t = back(self->c, self->s, BINDER_TYPE_HANDLE, h);
	o = bc_object(self->c, &t, 0);
	EXPECT_EQ(BINDER_TYPE_BINDER, o->hdr.type);
	EXPECT_EQ(PTR, o->flat.binder);
	EXPECT_EQ(COOKIE, o->flat.cookie);
	EXPECT_EQ(0xf1a65, o->flat.flags);
	/* The buffer holds the node, even when nobody else does any more. */
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, h));
	EXPECT_STREQ("none", log_ref(self->s, h));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_STREQ("strong weak", bc_node_state(self->c, PTR));
	EXPECT_EQ(0, bc_free(self->c, t.data.ptr.buffer));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(self->c));
}

TEST_F(conf, O_019_weak)
{
	u32 h = bc_give(self->c, self->s, PTR, COOKIE, 0);
	struct binder_transaction_data t;
	const union object *o;

	t = back(self->c, self->s, BINDER_TYPE_WEAK_HANDLE, h);
	o = bc_object(self->c, &t, 0);
	EXPECT_EQ(BINDER_TYPE_WEAK_BINDER, o->hdr.type);
	EXPECT_EQ(PTR, o->flat.binder);
	EXPECT_EQ(COOKIE, o->flat.cookie);
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, h));
	EXPECT_STREQ("NOOP RELEASE", bc_read(self->c));
	EXPECT_STREQ("weak", bc_node_state(self->c, PTR));
	EXPECT_EQ(0, bc_free(self->c, t.data.ptr.buffer));
	EXPECT_STREQ("NOOP DECREFS", bc_read(self->c));
}

TEST_F(conf, O_020)
{
	struct client *b = third();
	u32 h = bc_give(self->c, self->s, PTR, COOKIE, 0);
	struct binder_transaction_data t;
	const union object *o;

	/* So that the handles are not the same by chance. */
	EXPECT_EQ(1, bc_receive_own(b, self->s, PTR + 8, 0, 0));
	EXPECT_EQ(1, h);
	t = back(b, self->s, BINDER_TYPE_HANDLE, h);
	o = bc_object(b, &t, 0);
	EXPECT_STREQ("HANDLE 2", flat(o));
	EXPECT_EQ(0xf1a65, o->flat.flags);
	EXPECT_STREQ("s 1 w 0", log_ref(b, 2));
	EXPECT_STREQ("s 1 w 0", log_ref(self->s, h));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_EQ(0, bc_send(b, .handle = 2, .code = 77));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->c));
	EXPECT_EQ(PTR, bc_txn(self->c)->target.ptr);
	EXPECT_EQ(COOKIE, bc_txn(self->c)->cookie);
	EXPECT_EQ(b->a->pid, bc_txn(self->c)->sender_pid);
	EXPECT_EQ(0, bc_reply(self->c, .code = 78));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(b));
	EXPECT_EQ(78, bc_txn(b)->code);
}

TEST_F(conf, O_021)
{
	struct binder_transaction_data t;
	struct parcel *p = parcel();

	p_binder(p, 0, 0, BC_NODE_FLAGS);
	t = bc_fetch(self->c, self->s, p);
	EXPECT_STREQ("HANDLE 0", flat(bc_object(self->c, &t, 0)));
	EXPECT_STREQ("s 1 w 0", log_ref(self->c, 0));
	EXPECT_EQ(0, bc_free(self->c, t.data.ptr.buffer));
	EXPECT_STREQ("none", log_ref(self->c, 0));
	/* A second node of the manager is a node like any. */
	EXPECT_EQ(1, bc_receive_own(self->c, self->s, PTR, 0, 0));
}

TEST_F(conf, O_022)
{
	struct binder_transaction_data t;
	struct parcel *p = parcel();

	p_binder(p, PTR, COOKIE, 0);
	p_weak_binder(p, PTR, COOKIE, 0);
	p_binder(p, PTR, COOKIE, 0);
	t = bc_sent(self->s, self->c, .parcel = p);
	EXPECT_STREQ("HANDLE WEAK_HANDLE HANDLE",
		     bc_object_names(self->s, &t));
	EXPECT_EQ(1, bc_object(self->s, &t, 0)->flat.handle);
	EXPECT_EQ(1, bc_object(self->s, &t, 1)->flat.handle);
	EXPECT_EQ(1, bc_object(self->s, &t, 2)->flat.handle);
	EXPECT_STREQ("s 2 w 1", log_ref(self->s, 1));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(self->c));
	bc_acknowledge(self->c);
	EXPECT_EQ(0, bc_free(self->s, t.data.ptr.buffer));
	EXPECT_STREQ("none", log_ref(self->s, 1));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(self->c));
}

/* What S is told when it sends a descriptor to a node of C. */
static const char *fd_outcome(struct client *s, u32 handle)
{
	struct parcel *p = parcel();

	p_fd(p, 0, 0);
	return bc_outcome(s, .handle = handle, .flags = TF_ONE_WAY,
			  .parcel = p);
}

TEST_F(conf, O_023)
{
	u32 h = bc_give(self->c, self->s, PTR, COOKIE, 0);

	EXPECT_STREQ("NOOP FR, FR EPERM", fd_outcome(self->s, h));
	EXPECT_EQ(h, bc_give(self->c, self->s, PTR, COOKIE,
			     FLAT_BINDER_FLAG_ACCEPTS_FDS));
	EXPECT_STREQ("NOOP FR, FR EPERM", fd_outcome(self->s, h));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

/* The other way round: it has accepted, and still does. */
TEST_F(conf, O_023_accepts)
{
	u32 h = bc_give(self->c, self->s, PTR, COOKIE,
			FLAT_BINDER_FLAG_ACCEPTS_FDS);

	EXPECT_EQ(h, bc_give(self->c, self->s, PTR, COOKIE, 0));
	EXPECT_STREQ("NOOP TC, OK 0", fd_outcome(self->s, h));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->c));
}

/* Known from a weak object, it is known for good, too. */
TEST_F(conf, O_023_weak)
{
	u32 h = bc_give_weak(self->c, self->s, PTR, COOKIE, 0);

	EXPECT_EQ(h, bc_give(self->c, self->s, PTR, COOKIE,
			     FLAT_BINDER_FLAG_ACCEPTS_FDS));
	EXPECT_STREQ("NOOP FR, FR EPERM", fd_outcome(self->s, h));
}

TEST_F(conf, O_024)
{
	EXPECT_EQ(1, bc_give(self->c, self->s, 0, 0, 0));
	EXPECT_EQ(0, bc_oneway(self->s, .handle = 1, .code = 24));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->c));
	EXPECT_EQ(24, bc_txn(self->c)->code);
	EXPECT_EQ(0, bc_txn(self->c)->target.ptr);
}

TEST_F(conf, O_025)
{
	struct client *b = third();
	u32 at_s = bc_give(b, self->s, PTR, COOKIE, 0);
	u32 h;

	EXPECT_EQ(0, bc_handle_cmd(self->s, BC_REQUEST_DEATH_NOTIFICATION,
				   at_s, 0xdead));
	actor_kill(b->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	h = bc_receive(self->c, self->s, at_s);
	EXPECT_EQ(1, h);
	EXPECT_STREQ("NOOP DR, DR EINVAL", bc_outcome(self->c, .handle = h));
	EXPECT_EQ(0, bc_handle_cmd(self->c, BC_REQUEST_DEATH_NOTIFICATION, h,
				   0xbeef));
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_read(self->c));
	EXPECT_EQ(0xbeef, self->c->br.v[1].cookie);
	EXPECT_EQ(2, bc_receive_own(self->c, self->s, PTR, 0, 0));
}

#define MANY 200

/* Read all that comes, and count the pairs of BR_INCREFS and BR_ACQUIRE. */
static unsigned int read_pairs(struct client *c, u64 first)
{
	unsigned int n = 0, i;
	bool complete = false;

	while (!complete) {
		if (!strcmp(bc_read_size(c, BC_RBUF_SIZE / 2), "EAGAIN"))
			return 0;
		for (i = 0; i < c->br.n; i++) {
			const struct br *b = &c->br.v[i];

			if (b->cmd == BR_NOOP)
				continue;
			complete = b->cmd == BR_TRANSACTION_COMPLETE;
			if (complete)
				break;
			if (b->cmd != (n & 1 ? BR_ACQUIRE : BR_INCREFS) ||
			    b->node.ptr != first + n / 2)
				return 0;
			n++;
		}
		bc_acknowledge(c);
	}
	return n / 2;
}

TEST_F(conf, O_026)
{
	struct binder_transaction_data t;
	struct parcel *p = parcel();
	unsigned int i, right = 0;

	for (i = 0; i < MANY; i++)
		p_binder(p, PTR + i, COOKIE + i, 0);
	t = bc_sent(self->s, self->c, .parcel = p);
	EXPECT_EQ(MANY, bc_objects(&t));
	for (i = 0; i < MANY; i++) {
		const union object *o = bc_object(self->s, &t, i);

		right += o->hdr.type == BINDER_TYPE_HANDLE &&
			 o->flat.binder == i + 1 && !o->flat.cookie;
	}
	EXPECT_EQ(MANY, right);
	EXPECT_EQ(MANY, read_pairs(self->c, PTR));
	EXPECT_STREQ("s 1 w 0", log_ref(self->s, MANY));
	EXPECT_EQ(0, bc_free(self->s, t.data.ptr.buffer));
	EXPECT_STREQ("none", log_ref(self->s, MANY));
	EXPECT_EQ(1, bc_give(self->c, self->s, PTR + MANY, COOKIE, 0));
}

/* The last is bad: all of them are undone. */
TEST_F(conf, O_026_bad)
{
	struct parcel *p = parcel();
	unsigned int i;

	for (i = 0; i < MANY; i++)
		p_binder(p, PTR + i, COOKIE + i, 0);
	p_handle(p, 1000);
	EXPECT_REFUSED("FR EINVAL", p);
}

TEST_F(conf, O_027)
{
	struct parcel *p = parcel();

	p_binder(p, PTR, COOKIE, 0);
	p_handle(p, 7);
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->c, .parcel = p));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_REFUSED("FR EINVAL", p);
	EXPECT_EQ(1, bc_give(self->c, self->s, PTR, COOKIE, 0));
}

/* Each kind of count that was taken for the first object is given back. */
TEST_F(conf, O_027_counts)
{
	struct client *b = third();
	u32 at_s = bc_give(b, self->s, PTR + 8, COOKIE, 0);
	u32 h = bc_receive(self->c, self->s, at_s);
	struct parcel *p = parcel();

	EXPECT_EQ(0, bc_ref(self->c, BC_ACQUIRE, 0));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	p_binder(p, PTR, COOKIE, 0);
	p_weak_binder(p, PTR, COOKIE, 0);
	p_handle(p, h);
	p_weak_handle(p, h);
	p_handle(p, 0);
	p_weak_handle(p, 0);
	p_handle(p, 99);
	EXPECT_STREQ("FR EINVAL",
		     bc_refused(self->s, self->c, .parcel = p));
	EXPECT_STREQ("s 1 w 0", log_ref(self->s, at_s));
	EXPECT_STREQ("s 1 w 0", log_ref(self->c, h));
	EXPECT_STREQ("s 1 w 0", log_ref(self->c, 0));
	EXPECT_STREQ("none", log_node(self->c, PTR));
	/* No count is left that nobody knows of. */
	EXPECT_EQ(0, bc_ref(self->c, BC_RELEASE, h));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, at_s));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(b));
}

/* A reply is undone the same way, and the caller is told. */
TEST_F(conf, O_027_reply)
{
	struct parcel *p = parcel();

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	p_binder(p, PTR, COOKIE, 0);
	p_handle(p, 7);
	EXPECT_EQ(0, bc_reply(self->s, .parcel = p));
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
	EXPECT_STREQ("OK 0", bc_ee(self->s));
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
	EXPECT_STREQ("FR EINVAL", bc_ee(self->c));
	EXPECT_STREQ("none", log_ref(self->c, 1));
	EXPECT_STREQ("none", log_node(self->s, PTR));
}

TEST_HARNESS_MAIN
