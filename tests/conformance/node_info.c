// SPDX-License-Identifier: GPL-2.0
/*
 * 10 Files and ioctls: what may be asked about nodes.
 */
#include "conf.h"
#include "refs.h"

/* BINDER_GET_NODE_INFO_FOR_REF */

static long node_info(struct client *c,
		      const struct binder_node_info_for_ref *in,
		      struct binder_node_info_for_ref *out)
{
	struct binder_node_info_for_ref *i = stage_scratch(sizeof(*i));
	long ret;

	*i = *in;
	ret = bc_ioctl(c, BINDER_GET_NODE_INFO_FOR_REF, i);
	if (out)
		*out = *i;
	return ret;
}

TEST_F(conf, F_073)
{
	EXPECT_EQ(0, bc_ref(self->c, BC_ACQUIRE, 0));
	EXPECT_STREQ("EPERM", bc_node_counts(self->c, 0));
	EXPECT_STREQ("EPERM", bc_node_counts(self->c, 99));
}

/* Of several open files of the manager's process, only one is the manager. */
TEST_F(conf, F_073_second_file)
{
	struct client *t = bc_second_file(self->s, BC_DEVICE, 0);
	u32 handle = bc_give(self->c, self->s, 0x1000, 1, 0);

	EXPECT_STREQ("s 1 w 0", bc_node_counts(self->s, handle));
	EXPECT_EQ(0, bc_ref(t, BC_ACQUIRE, 0));
	EXPECT_STREQ("EPERM", bc_node_counts(t, 0));
}

TEST_F(solo, F_073_no_manager)
{
	EXPECT_STREQ("EPERM", bc_node_counts(self->c, 0));
}

static const struct binder_node_info_for_ref reserved[] = {
	{ .strong_count = 1 },
	{ .weak_count = 1 },
	{ .reserved1 = 1 },
	{ .reserved2 = 1 },
	{ .reserved3 = 1 },
	{ .strong_count = 0x80000000 },
};

TEST_F(conf, F_074)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reserved); i++)
		EXPECT_EQ(-EINVAL, node_info(self->c, &reserved[i], NULL)) {
			TH_LOG("field %zu", i);
		}
}

TEST_F(conf, F_075)
{
	u32 handle = bc_give(self->c, self->s, 0x1000, 1, 0);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reserved); i++) {
		struct binder_node_info_for_ref in = reserved[i];

		in.handle = handle;
		EXPECT_EQ(-EINVAL, node_info(self->s, &in, NULL)) {
			TH_LOG("field %zu", i);
		}
	}
	EXPECT_STREQ("s 1 w 0", bc_node_counts(self->s, handle));
}

TEST_F(conf, F_076)
{
	u32 weak = bc_give_weak(self->c, self->s, 0x1000, 1, 0);

	EXPECT_STREQ("EINVAL", bc_node_counts(self->s, weak));
	EXPECT_STREQ("EINVAL", bc_node_counts(self->s, weak + 1));
	EXPECT_STREQ("EINVAL", bc_node_counts(self->s, 0xffffffff));
	/* It has no handle to its own node. */
	EXPECT_STREQ("EINVAL", bc_node_counts(self->s, 0));
}

TEST_F(conf, F_077)
{
	struct binder_node_info_for_ref in = { 0 }, out;
	struct parcel *p = parcel();

	p_binder(p, 0x1000, 1, 0);
	EXPECT_EQ(0, bc_oneway(self->c, .parcel = p));
	bc_take(self->s);
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(self->c));
	in.handle = 1;
	ASSERT_EQ(0, node_info(self->s, &in, &out));
	EXPECT_EQ(1, out.handle);
	EXPECT_EQ(2, out.strong_count);
	EXPECT_EQ(1, out.weak_count);
	EXPECT_EQ(0, out.reserved1);
	EXPECT_EQ(0, out.reserved2);
	EXPECT_EQ(0, out.reserved3);
}

/* What counts, from the first reference to the last. */
TEST_F(conf, F_077_counts)
{
	struct client *s = self->s, *c = self->c;
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	struct parcel *p = parcel();
	binder_uintptr_t buffer;

	p_binder(p, 0x1000, 1, 0);
	EXPECT_EQ(0, bc_oneway(c, .parcel = p));
	buffer = bc_take(s).data.ptr.buffer;
	EXPECT_STREQ("s 1 w 0", bc_node_counts(s, 1));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(c));
	EXPECT_STREQ("s 2 w 1", bc_node_counts(s, 1));
	EXPECT_EQ(0, bc_node_cmd(c, BC_INCREFS_DONE, 0x1000, 1));
	EXPECT_STREQ("s 2 w 0", bc_node_counts(s, 1));
	EXPECT_EQ(0, bc_node_cmd(c, BC_ACQUIRE_DONE, 0x1000, 1));
	EXPECT_STREQ("s 1 w 0", bc_node_counts(s, 1));

	/* One process counts once, however many counts it has. */
	EXPECT_EQ(0, bc_ref(s, BC_ACQUIRE, 1));
	EXPECT_EQ(0, bc_free(s, buffer));
	EXPECT_EQ(0, bc_ref(s, BC_ACQUIRE, 1));
	EXPECT_EQ(0, bc_ref(s, BC_INCREFS, 1));
	EXPECT_STREQ("s 1 w 0", bc_node_counts(s, 1));
	EXPECT_EQ(1, bc_receive(d, s, 1));
	EXPECT_STREQ("s 2 w 0", bc_node_counts(s, 1));
	EXPECT_EQ(0, bc_ref(d, BC_INCREFS, 1));
	EXPECT_EQ(0, bc_ref(d, BC_RELEASE, 1));
	EXPECT_STREQ("s 1 w 0", bc_node_counts(s, 1));

	/* A message to the node holds it, until its buffer is freed. */
	EXPECT_EQ(0, bc_oneway(s, .handle = 1));
	EXPECT_STREQ("s 2 w 0", bc_node_counts(s, 1));
	buffer = bc_take(c).data.ptr.buffer;
	EXPECT_STREQ("s 2 w 0", bc_node_counts(s, 1));
	EXPECT_EQ(0, bc_free(c, buffer));
	EXPECT_STREQ("s 1 w 0", bc_node_counts(s, 1));
}

/* With its owner, the owner's own counts are gone. */
TEST_F(conf, F_077_dead)
{
	struct client *s = self->s;
	struct parcel *p = parcel();

	p_binder(p, 0x1000, 1, 0);
	EXPECT_EQ(0, bc_oneway(self->c, .parcel = p));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(self->c));
	bc_take(s);
	EXPECT_STREQ("s 2 w 1", bc_node_counts(s, 1));
	EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_DEATH_NOTIFICATION, 1, 0));
	actor_kill(self->c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(s));
	EXPECT_STREQ("s 1 w 0", bc_node_counts(s, 1));
}

/* BINDER_GET_NODE_DEBUG_INFO */

/* The node after @ptr: "1000 c1 strong weak", or what else came. */
static const char *node_after(struct client *c, u64 ptr)
{
	struct binder_node_debug_info *i = stage_scratch(sizeof(*i));
	char *text = stage_scratch(80);
	long ret;

	memset(i, 0xcc, sizeof(*i));
	i->ptr = ptr;
	ret = bc_ioctl(c, BINDER_GET_NODE_DEBUG_INFO, i);
	if (ret)
		return errno_name(ret);
	snprintf(text, 80, "%llx c%llx strong %u weak %u",
		 (unsigned long long)i->ptr, (unsigned long long)i->cookie,
		 i->has_strong_ref, i->has_weak_ref);
	return text;
}

#define NO_NODE "0 c0 strong 0 weak 0"

TEST_F(conf, F_078)
{
	bc_give(self->c, self->s, 0x3000, 0xc3, 0);
	bc_give(self->c, self->s, 0x1000, 0xc1, 0);
	bc_give(self->c, self->s, 0x2000, 0xc2, 0);
	EXPECT_STREQ("1000 cc1 strong 1 weak 1", node_after(self->c, 0));
	EXPECT_STREQ("1000 cc1 strong 1 weak 1", node_after(self->c, 0xfff));
	EXPECT_STREQ("2000 cc2 strong 1 weak 1", node_after(self->c, 0x1000));
	EXPECT_STREQ("3000 cc3 strong 1 weak 1", node_after(self->c, 0x2000));
	EXPECT_STREQ(NO_NODE, node_after(self->c, 0x3000));
	/* They are C's. */
	EXPECT_STREQ(NO_NODE, node_after(self->s, 0));
}

/* The order is that of unsigned numbers. */
TEST_F(conf, F_078_unsigned)
{
	bc_give(self->c, self->s, 0x8000000000000000, 2, 0);
	bc_give(self->c, self->s, 0x7fffffffffffffff, 1, 0);
	bc_give(self->c, self->s, 0xffffffffffffffff, 3, 0);
	EXPECT_STREQ("7fffffffffffffff c1 strong 1 weak 1",
		     node_after(self->c, 0));
	EXPECT_STREQ("8000000000000000 c2 strong 1 weak 1",
		     node_after(self->c, 0x7fffffffffffffff));
	EXPECT_STREQ("ffffffffffffffff c3 strong 1 weak 1",
		     node_after(self->c, 0x8000000000000000));
	EXPECT_STREQ(NO_NODE, node_after(self->c, 0xffffffffffffffff));
}

TEST_F(conf, F_079)
{
	bc_give(self->c, self->s, 0, 0xc0, 0);
	EXPECT_STREQ(NO_NODE, node_after(self->c, 0));
	bc_give(self->c, self->s, 1, 0xc1, 0);
	EXPECT_STREQ("1 cc1 strong 1 weak 1", node_after(self->c, 0));
}

TEST_F(conf, F_080)
{
	u32 handle = bc_give_weak(self->c, self->s, 0x1000, 0xc1, 0);

	EXPECT_STREQ("1000 cc1 strong 0 weak 1", node_after(self->c, 0));

	/* Told is what counts, and taken back. */
	bc_give(self->c, self->s, 0x1000, 0xc1, 0);
	EXPECT_STREQ("1000 cc1 strong 1 weak 1", node_after(self->c, 0));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("1000 cc1 strong 1 weak 1", node_after(self->c, 0));
	EXPECT_STREQ("NOOP RELEASE", bc_read(self->c));
	EXPECT_STREQ("1000 cc1 strong 0 weak 1", node_after(self->c, 0));
}

TEST_F(conf, F_080_untold)
{
	struct parcel *p = parcel();

	p_binder(p, 0x1000, 0xc1, 0);
	EXPECT_EQ(0, bc_oneway(self->c, .parcel = p));
	EXPECT_STREQ("1000 cc1 strong 0 weak 0", node_after(self->c, 0));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(self->c));
	EXPECT_STREQ("1000 cc1 strong 1 weak 1", node_after(self->c, 0));
}

TEST_F(solo, F_081)
{
	EXPECT_STREQ(NO_NODE, node_after(self->c, ~(u64)0));
	EXPECT_STREQ(NO_NODE, node_after(self->c, 0));
}

TEST_HARNESS_MAIN
