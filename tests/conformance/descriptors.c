// SPDX-License-Identifier: GPL-2.0
/*
 * 50 Objects: descriptors.
 */
#include "conf.h"
#include "holdings.h"

static struct parcel *fd_parcel(u32 fd)
{
	struct parcel *p = parcel();

	p_fd(p, fd, 0);
	return p;
}

/* Descriptor @index of a message that S or C has received. */
static u32 fd_of(struct client *c, const struct binder_transaction_data *t,
		 size_t index)
{
	const union object *o = bc_object(c, t, index);

	if (o->hdr.type != BINDER_TYPE_FD)
		test_abort("not an FD but %s", object_name(o->hdr.type));
	return o->fd.fd;
}

/* Have C send a descriptor to S. Return: what S calls it. */
static u32 fd_sent(struct client *s, struct client *c, u32 fd)
{
	struct binder_transaction_data t =
		bc_sent(s, c, .parcel = fd_parcel(fd));

	return fd_of(s, &t, 0);
}

static void close_fd(struct client *c, u32 fd)
{
	long ret = bc_sys(c, close, fd);

	if (ret)
		test_abort("%s cannot close %u: %s", c->a->name, fd,
			   errno_name(ret));
}

TEST(O_028)
{
	struct client *s = bc_start("S", BC_DEVICE, BC_MAP_SIZE);
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	struct fd_pipe p = bc_pipe(c);

	ASSERT_EQ(0, bc_manager(s, 0xff & ~BC_NODE_FLAGS));
	EXPECT_STREQ("FR EPERM", bc_refused(s, c, .parcel = fd_parcel(p.w)));
	EXPECT_STREQ("FR EPERM", bc_refused(s, c, .parcel = fd_parcel(999)));
	EXPECT_STREQ("FR EPERM", bc_refused(s, c, .parcel = fd_parcel(-1)));
	EXPECT_STREQ("FR EPERM", bc_refused(s, c, .flags = TF_ACCEPT_FDS,
					    .parcel = fd_parcel(p.w)));
	close_fd(c, p.w);
	EXPECT_STREQ("EOF", pipe_state(&p));
	actors_end();
}

/* The old ioctl makes a node without flags. */
TEST_F(solo, O_028_manager)
{
	struct client *s = bc_start("S", BC_DEVICE, BC_MAP_SIZE);

	ASSERT_EQ(0, bc_ioctl(s, BINDER_SET_CONTEXT_MGR, NULL));
	EXPECT_STREQ("FR EPERM",
		     bc_refused(s, self->c, .parcel = fd_parcel(0)));
	EXPECT_STREQ("FR EPERM",
		     bc_refused(s, self->c, .parcel = fd_parcel(999)));
}

TEST_F(conf, O_029)
{
	struct fd_pipe p = bc_pipe(self->c);

	close_fd(self->c, p.w);
	EXPECT_STREQ("FR EBADF", bc_refused(self->s, self->c,
					    .parcel = fd_parcel(999)));
	EXPECT_STREQ("FR EBADF", bc_refused(self->s, self->c,
					    .parcel = fd_parcel(-1)));
	EXPECT_STREQ("FR EBADF", bc_refused(self->s, self->c,
					    .parcel = fd_parcel(p.w)));
	EXPECT_STREQ("FR EBADF", bc_refused(self->s, self->c,
					    .flags = TF_ONE_WAY,
					    .parcel = fd_parcel(999)));
}

TEST_F(conf, O_029_path)
{
	char *path = stage_scratch(2);
	long fd;

	memcpy(path, "/", 2);
	fd = bc_sys(self->c, openat, AT_FDCWD, (long)path, O_PATH);
	ASSERT_LE(0, fd);
	EXPECT_STREQ("FR EBADF", bc_refused(self->s, self->c,
					    .parcel = fd_parcel(fd)));
}

/* What was sent before the bad one is let go. */
TEST_F(conf, O_029_second)
{
	struct fd_pipe p = bc_pipe(self->c);
	struct parcel *two = fd_parcel(p.w);

	p_fd(two, 999, 0);
	EXPECT_STREQ("FR EBADF",
		     bc_refused(self->s, self->c, .parcel = two));
	EXPECT_STREQ("held", pipe_state(&p));
	close_fd(self->c, p.w);
	EXPECT_STREQ("EOF", pipe_state(&p));
}

TEST_F(conf, O_030)
{
	struct client *s = self->s;
	u32 mem = bc_memfd(self->c, "content", 7);
	long hole = bc_sys(s, dup, 0), above = bc_sys(s, dup, 0);
	size_t fds;
	u32 fd;

	close_fd(s, hole);
	EXPECT_EQ(hole, bc_free_fd(s));
	fds = bc_fds(s);
	EXPECT_EQ(0, bc_oneway(self->c, .parcel = fd_parcel(mem)));
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
	EXPECT_EQ(fds, bc_fds(s));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
	EXPECT_EQ(fds + 1, bc_fds(s));
	fd = fd_of(s, bc_txn(s), 0);
	EXPECT_EQ(hole, fd);
	EXPECT_LT(hole, above);
	EXPECT_STREQ("content", bc_fd_read(s, fd, 16));
	EXPECT_TRUE(bc_cloexec(s, fd));
	EXPECT_FALSE(bc_cloexec(self->c, mem));
	/* The receiver owns it: it outlives the buffer. */
	EXPECT_EQ(0, bc_free(s, bc_txn(s)->data.ptr.buffer));
	EXPECT_STREQ("content", bc_fd_read(s, fd, 16));
	EXPECT_EQ(fds + 1, bc_fds(s));
}

/* Numbers are given out in the order of the objects. */
TEST_F(conf, O_030_order)
{
	struct client *s = self->s;
	struct binder_transaction_data t;
	struct parcel *p = parcel();
	long hole = bc_sys(s, dup, 0);
	u32 above = bc_free_fd(s);

	p_fd(p, bc_memfd(self->c, "first", 5), 0);
	p_binder(p, 0x1000, 0, 0);
	p_fd(p, bc_memfd(self->c, "second", 6), 0);
	close_fd(s, hole);
	t = bc_sent(s, self->c, .parcel = p);
	EXPECT_EQ(hole, fd_of(s, &t, 0));
	EXPECT_EQ(above, fd_of(s, &t, 2));
	EXPECT_STREQ("first", bc_fd_read(s, hole, 16));
	EXPECT_STREQ("second", bc_fd_read(s, above, 16));
}

/* The same descriptor twice becomes two. */
TEST_F(conf, O_030_twice)
{
	u32 mem = bc_memfd(self->c, "content", 7);
	struct parcel *p = fd_parcel(mem);
	struct binder_transaction_data t;

	p_fd(p, mem, 0);
	t = bc_sent(self->s, self->c, .parcel = p);
	EXPECT_EQ(fd_of(self->s, &t, 0) + 1, fd_of(self->s, &t, 1));
	EXPECT_STREQ("content",
		     bc_fd_read(self->s, fd_of(self->s, &t, 1), 16));
}

TEST_F(conf, O_031)
{
	u32 mem = bc_memfd(self->c, "content", 7);
	struct binder_transaction_data t;
	struct parcel *p = parcel();
	const union object *o;

	p_flat(p, BINDER_TYPE_FD, 0xfeedf17f, 0xabad1deaULL << 32 | mem,
	       0xc00c1e5);
	t = bc_sent(self->s, self->c, .parcel = p);
	o = bc_object(self->s, &t, 0);
	EXPECT_EQ(BINDER_TYPE_FD, o->hdr.type);
	EXPECT_EQ(0xfeedf17f, o->fd.pad_flags);
	EXPECT_EQ(0xc00c1e5, o->fd.cookie);
	EXPECT_EQ(o->fd.fd, o->fd.pad_binder);	/* all 64 bits */
	EXPECT_STREQ("content", bc_fd_read(self->s, o->fd.fd, 16));
}

TEST_F(conf, O_032)
{
	u32 mem = bc_memfd(self->c, "content", 7);

	EXPECT_EQ(0, bc_oneway(self->c, .parcel = fd_parcel(mem)));
	close_fd(self->c, mem);
	EXPECT_STREQ("none", bc_fd_name(self->c, mem));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	EXPECT_STREQ("content", bc_fd_read(self->s,
					   fd_of(self->s, bc_txn(self->s), 0),
					   16));
}

TEST_F(conf, O_033)
{
	u32 mem = bc_memfd(self->c, "content", 7);
	u32 fd = fd_sent(self->s, self->c, mem);

	EXPECT_EQ(7, bc_sys(self->s, lseek, fd, 0, SEEK_CUR));
	EXPECT_EQ(3, bc_sys(self->s, lseek, fd, 3, SEEK_SET));
	EXPECT_EQ(3, bc_sys(self->c, lseek, mem, 0, SEEK_CUR));
	/* And the flags of the open file. */
	EXPECT_EQ(0, bc_sys(self->s, fcntl, fd, F_SETFL, O_APPEND));
	EXPECT_EQ(O_APPEND,
		  bc_sys(self->c, fcntl, mem, F_GETFL) & O_APPEND);
}

TEST_F(conf, O_034)
{
	size_t fds = bc_fds(self->c);
	struct fd_pipe p = bc_pipe(self->s);

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take_and_free(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .parcel = fd_parcel(p.w)));
	EXPECT_STREQ("OK 0", bc_ee(self->s));
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
	EXPECT_STREQ("FR EPERM", bc_ee(self->c));
	EXPECT_EQ(fds, bc_fds(self->c));
	close_fd(self->s, p.w);
	EXPECT_STREQ("EOF", pipe_state(&p));
	EXPECT_TRUE(bc_works(self->s, self->c));
}

/* What the reply itself says does not matter, nor does the caller's node. */
TEST_F(conf, O_034_flags)
{
	bc_give(self->c, self->s, 0x1000, 0, FLAT_BINDER_FLAG_ACCEPTS_FDS);
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take_and_free(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .flags = TF_ACCEPT_FDS,
			      .parcel = fd_parcel(0)));
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
	EXPECT_STREQ("FR EPERM", bc_ee(self->c));
}

TEST_F(conf, O_035)
{
	u32 mem = bc_memfd(self->s, "answer", 6);
	u32 lowest = bc_free_fd(self->c), fd;
	struct binder_transaction_data t;

	t = bc_fetch(self->c, self->s, fd_parcel(mem));
	fd = fd_of(self->c, &t, 0);
	EXPECT_EQ(lowest, fd);
	EXPECT_TRUE(bc_cloexec(self->c, fd));
	EXPECT_STREQ("answer", bc_fd_read(self->c, fd, 16));
}

TEST_F(conf, O_035_bad)
{
	EXPECT_EQ(0, bc_send(self->c, .flags = TF_ACCEPT_FDS));
	bc_take_and_free(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .parcel = fd_parcel(999)));
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
	EXPECT_STREQ("FR EBADF", bc_ee(self->c));
}

TEST_F(conf, O_036)
{
	struct fd_pipe p = bc_pipe(self->c);
	size_t fds = bc_fds(self->s);

	EXPECT_EQ(0, bc_oneway(self->c, .parcel = fd_parcel(p.w), .code = 1));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	EXPECT_STREQ("NOOP TC TC", bc_read(self->c));
	close_fd(self->c, p.w);
	EXPECT_STREQ("held", pipe_state(&p));
	bc_leave_fds(self->s, 0);
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	EXPECT_EQ(2, bc_txn(self->s)->code);
	EXPECT_STREQ("EOF", pipe_state(&p));
	EXPECT_EQ(fds, bc_fds(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_STREQ("OK 0", bc_ee(self->c));
	EXPECT_EQ(0, bc_free(self->s, bc_txn(self->s)->data.ptr.buffer));
	EXPECT_TRUE(bc_room(self->s, self->c));
}

TEST_F(conf, O_037)
{
	struct fd_pipe p = bc_pipe(self->c);
	size_t fds = bc_fds(self->s);

	EXPECT_EQ(0, bc_send(self->c, .parcel = fd_parcel(p.w)));
	close_fd(self->c, p.w);
	bc_leave_fds(self->s, 0);
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
	EXPECT_STREQ("OK 0", bc_ee(self->c));
	EXPECT_STREQ("EOF", pipe_state(&p));
	EXPECT_EQ(fds, bc_fds(self->s));
	EXPECT_EQ(0, bc_reply(self->s, .code = 1));
	EXPECT_STREQ("FR EPROTO", bc_ee(self->s));
	EXPECT_STREQ("NOOP FR", bc_read(self->s));
	EXPECT_TRUE(bc_room(self->s, self->c));
}

/* The counts of other objects go with it: C is not even told of its node. */
TEST_F(conf, O_037_objects)
{
	struct parcel *p = parcel();

	p_binder(p, 0x1000, 0, 0);
	p_fd(p, 0, 0);
	EXPECT_EQ(0, bc_send(self->c, .parcel = p));
	bc_leave_fds(self->s, 0);
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_STREQ("none", bc_node_state(self->c, 0x1000));
}

/* Or it is told that nobody has it any more. */
TEST_F(conf, O_037_told)
{
	struct parcel *p = parcel();

	p_binder(p, 0x1000, 0, 0);
	p_fd(p, 0, 0);
	EXPECT_EQ(0, bc_oneway(self->c, .parcel = p));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(self->c));
	bc_acknowledge(self->c);
	bc_leave_fds(self->s, 0);
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(self->c));
	EXPECT_STREQ("none", bc_node_state(self->c, 0x1000));
}

TEST_F(conf, O_038)
{
	struct fd_pipe p = bc_pipe(self->c), q = bc_pipe(self->c);
	struct parcel *two = fd_parcel(p.w);
	size_t fds = bc_fds(self->s);

	p_fd(two, q.w, 0);
	EXPECT_EQ(0, bc_send(self->c, .parcel = two));
	close_fd(self->c, p.w);
	close_fd(self->c, q.w);
	bc_leave_fds(self->s, 1);
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_EQ(fds, bc_fds(self->s));
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
	EXPECT_STREQ("OK 0", bc_ee(self->c));
	EXPECT_STREQ("EOF", pipe_state(&p));
	EXPECT_STREQ("EOF", pipe_state(&q));
	/* One alone fits, and gets the number that was tried before. */
	fd_sent(self->s, self->c, 0);
	EXPECT_EQ(fds + 1, bc_fds(self->s));
}

TEST_F(conf, O_039)
{
	struct fd_pipe p = bc_pipe(self->s);
	size_t fds = bc_fds(self->c);

	EXPECT_EQ(0, bc_send(self->c, .flags = TF_ACCEPT_FDS));
	bc_take_and_free(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .parcel = fd_parcel(p.w)));
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
	close_fd(self->s, p.w);
	EXPECT_STREQ("held", pipe_state(&p));
	bc_leave_fds(self->c, 0);
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
	EXPECT_STREQ("OK 0", bc_ee(self->c));
	EXPECT_EQ(fds, bc_fds(self->c));
	EXPECT_STREQ("EOF", pipe_state(&p));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_TRUE(bc_works(self->s, self->c));
}

/* The error ends the read, as a reply does. */
TEST_F(conf, O_039_ends)
{
	u32 h = bc_give(self->c, self->s, 0x1000, 0, 0);

	EXPECT_EQ(0, bc_send(self->c, .flags = TF_ACCEPT_FDS));
	bc_take_and_free(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .parcel = fd_parcel(0)));
	EXPECT_EQ(0, bc_oneway(self->s, .handle = h, .code = 39));
	bc_leave_fds(self->c, 0);
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->c));
	EXPECT_EQ(39, bc_txn(self->c)->code);
}

TEST_F(conf, O_040)
{
	u32 mem = bc_memfd(self->c, "content", 7);
	struct binder_transaction_data t;
	struct parcel *p = parcel();

	p_bytes(p, "head", 4);
	p_fd(p, mem, 0);
	p_bytes(p, "tail", 4);
	t = bc_sent(self->s, self->c, .parcel = p);
	EXPECT_STREQ("content",
		     bc_fd_read(self->s, fd_of(self->s, &t, 0), 16));
	EXPECT_TRUE(bc_same(self->s, t.data.ptr.buffer, "head", 4));
	EXPECT_TRUE(bc_same(self->s, t.data.ptr.buffer + 28, "tail", 4));
}

TEST_F(conf, O_041)
{
	struct fd_pipe p = bc_pipe(self->c);

	EXPECT_EQ(0, bc_send(self->c, .parcel = fd_parcel(p.w)));
	close_fd(self->c, p.w);
	EXPECT_STREQ("held", pipe_state(&p));
	actor_kill(self->s->a);
	EXPECT_STREQ("EOF", pipe_await(&p));
	EXPECT_STREQ("NOOP TC DR", bc_wait(self->c));
}

TEST_F(conf, O_041_oneway)
{
	struct fd_pipe p = bc_pipe(self->c), q = bc_pipe(self->c);

	EXPECT_EQ(0, bc_oneway(self->c, .parcel = fd_parcel(p.w)));
	EXPECT_EQ(0, bc_oneway(self->c, .parcel = fd_parcel(q.w)));
	close_fd(self->c, p.w);
	close_fd(self->c, q.w);
	actor_kill(self->s->a);
	EXPECT_STREQ("EOF", pipe_await(&p));
	EXPECT_STREQ("EOF", pipe_await(&q));
	EXPECT_STREQ("NOOP TC TC", bc_read(self->c));
}

/* An undelivered reply whose caller dies */
TEST_F(conf, O_041_reply)
{
	struct fd_pipe p = bc_pipe(self->s);

	EXPECT_EQ(0, bc_send(self->c, .flags = TF_ACCEPT_FDS));
	bc_take_and_free(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .parcel = fd_parcel(p.w)));
	close_fd(self->s, p.w);
	EXPECT_STREQ("held", pipe_state(&p));
	actor_kill(self->c->a);
	EXPECT_STREQ("EOF", pipe_await(&p));
}

TEST_F(conf, O_042)
{
	struct client *second = bc_second_file(self->c, BC_DEVICE, 0);
	struct binder_file *f = stage_keep(sizeof(*f));
	struct client *got = stage_keep(sizeof(*got));

	*got = *self->s;
	f->fd = fd_sent(self->s, self->c, second->f->fd);
	got->f = f;
	bc_free(self->s, bc_txn(self->s)->data.ptr.buffer);
	EXPECT_EQ(BINDER_CURRENT_PROTOCOL_VERSION, bc_ready(got));
	EXPECT_EQ(-EINVAL,
		  bc_map(got, BC_MAP_SIZE, PROT_READ, MAP_PRIVATE, 0));
	EXPECT_EQ(0, bc_oneway(got, .code = 42));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	EXPECT_EQ(42, bc_txn(self->s)->code);
	EXPECT_STREQ("NOOP TC", bc_read(got));
	/* Only the process that opened it may map it. */
	EXPECT_EQ(0, bc_map(second, BC_MAP_SIZE, PROT_READ, MAP_PRIVATE, 0));
}

TEST_HARNESS_MAIN
