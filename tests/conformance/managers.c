// SPDX-License-Identifier: GPL-2.0
/*
 * 10 Files and ioctls: the context manager.
 */
#include "conf.h"
#include "parcel.h"

static long set_manager(struct client *c)
{
	return bc_u32_ioctl(c, BINDER_SET_CONTEXT_MGR, 0);
}

/* Of one thread, not of the process as the libc function would do it. */
static long set_euid(struct client *c, long euid)
{
	return bc_sys(c, setresuid, -1, euid, -1);
}

TEST_F(solo, F_063)
{
	EXPECT_EQ(0, set_manager(self->c));
	EXPECT_EQ(-EBUSY, set_manager(self->c));
}

TEST_F(conf, F_064)
{
	struct client *s2 = bc_second_file(self->s, BC_DEVICE, BC_MAP_SIZE);

	EXPECT_EQ(-EBUSY, set_manager(s2));
}

TEST_F(conf, F_065)
{
	ASSERT_EQ(0, set_euid(self->c, 1000));
	actor_kill(self->s->a);
	bc_await_no_manager(self->c);
	EXPECT_EQ(-EPERM, set_manager(self->c));
}

TEST_F(conf, F_066)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);

	actor_kill(self->s->a);
	bc_await_no_manager(self->c);
	ASSERT_EQ(0, set_euid(self->c, 1000));
	EXPECT_EQ(-EPERM, set_manager(self->c));
	EXPECT_EQ(0, set_manager(d));
}

/*
 * A context remembers the uid of its first manager for good. So one of the
 * devices is set aside for uid 1000, however often and in whatever order the
 * tests run.
 */
static struct client *manager_1000(void)
{
	struct client *c = bc_start("S1000", BC_DEVICE_3, BC_MAP_SIZE);
	long ret = set_euid(c, 1000);

	if (!ret)
		ret = bc_manager(c, BC_NODE_FLAGS);
	if (ret)
		test_abort("uid 1000 cannot manage " BC_DEVICE_3 ": %s",
			   errno_name(ret));
	return c;
}

TEST(F_067)
{
	struct client *first = manager_1000();
	struct client *root = bc_start("root", BC_DEVICE_3, BC_MAP_SIZE);

	actor_kill(first->a);
	bc_await_no_manager(root);
	EXPECT_EQ(-EPERM, set_manager(root));
	actors_end();
}

TEST(F_068)
{
	struct client *first = manager_1000();
	struct client *root = bc_start("root", BC_DEVICE_3, BC_MAP_SIZE);

	actor_kill(first->a);
	bc_await_no_manager(root);
	EXPECT_EQ(-EPERM, set_manager(root));
	EXPECT_EQ(0, set_euid(root, 1000));
	EXPECT_EQ(0, set_manager(root));
	actors_end();
}

TEST_F(conf, F_069)
{
	ASSERT_EQ(0, set_euid(self->c, 1000));
	EXPECT_EQ(-EBUSY, set_manager(self->c));
}

/* Whatever the descriptor: that it is not accepted is found out first. */
TEST_F(solo, F_070)
{
	struct client *s = bc_start("S", BC_DEVICE, BC_MAP_SIZE);
	struct parcel *good = parcel(), *bad = parcel();

	ASSERT_EQ(0, set_manager(s));
	p_fd(good, self->c->f->fd, 0);
	EXPECT_STREQ("NOOP FR, FR EPERM", bc_outcome(self->c, .parcel = good));
	p_fd(bad, 999, 0);
	EXPECT_STREQ("NOOP FR, FR EPERM", bc_outcome(self->c, .parcel = bad));
	EXPECT_STREQ("EAGAIN", bc_read(s));
}

TEST_F(solo, F_071)
{
	struct client *s = bc_start("S", BC_DEVICE, BC_MAP_SIZE);
	struct flat_binder_object *obj = stage_scratch(sizeof(*obj));

	*obj = (struct flat_binder_object) {
		.hdr.type = 0x1234,	/* ignored */
		.binder = 0x1122334455667788,
		.cookie = 0x99aabbccddeeff00,
	};
	ASSERT_EQ(0, bc_ioctl(s, BINDER_SET_CONTEXT_MGR_EXT, obj));
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
	EXPECT_EQ(0x1122334455667788, bc_txn(s)->target.ptr);
	EXPECT_EQ(0x99aabbccddeeff00, bc_txn(s)->cookie);
}

TEST_F(conf, F_072)
{
	EXPECT_EQ(0, bc_close(self->s));
	EXPECT_EQ(0, bc_unmap(self->s));
	bc_await_no_manager(self->c);
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_STREQ("DR EINVAL", bc_ee(self->c));
	EXPECT_STREQ("NOOP DR", bc_read(self->c));
}

TEST_F(conf, F_072_exit)
{
	actor_exit(self->s->a);
	bc_await_no_manager(self->c);
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_STREQ("DR EINVAL", bc_ee(self->c));
	EXPECT_STREQ("NOOP DR", bc_read(self->c));
}

TEST_HARNESS_MAIN
