// SPDX-License-Identifier: GPL-2.0
/*
 * 20 Commands: buffers, counts, loopers, and what stops them. Those about
 * notifications are in death.c and freeze_notices.c.
 */
#include <stdio.h>

#include "conf.h"
#include "logs.h"
#include "refs.h"

TEST_F(solo, C_001)
{
	struct wbuf *w = wb(self->c);

	w_u32(w, BC_ATTEMPT_ACQUIRE);
	w_u64(w, 0);
	EXPECT_EQ(-EINVAL, bc_write(self->c, w));
	EXPECT_EQ(0, self->c->bwr.write_consumed);
}

TEST_F(solo, C_002)
{
	struct wbuf *w = wb(self->c);

	w_u32(w, BC_ACQUIRE_RESULT);
	w_u32(w, 0);
	EXPECT_EQ(-EINVAL, bc_write(self->c, w));
	EXPECT_EQ(0, self->c->bwr.write_consumed);
}

TEST_F(solo, C_003)
{
	static const u64 bogus[] = { 0, 8, ~(u64)0, ~(u64)7 };
	struct client *c = self->c;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bogus); i++) {
		EXPECT_EQ(0, bc_free(c, bogus[i]));
		EXPECT_EQ(12, c->bwr.write_consumed);
	}
	EXPECT_EQ(0, bc_free(c, (binder_uintptr_t)c->f->map));
	EXPECT_EQ(12, c->bwr.write_consumed);
	EXPECT_STREQ("EAGAIN", bc_read(c));
}

/*
 * A buffer that is not free yet makes the next one lie elsewhere. S must not be
 * in the middle of a call.
 */
static binder_uintptr_t next_buffer(struct client *s, struct client *c)
{
	binder_uintptr_t addr;

	bc_oneway(c, .code = 9, .data = "next", .size = 4);
	bc_read(c);
	addr = bc_take(s).data.ptr.buffer;
	bc_free(s, addr);
	return addr;
}

TEST_F(conf, C_004)
{
	struct client *t = bc_thread(self->s, "t");
	binder_uintptr_t buffer;

	EXPECT_EQ(0, bc_send(self->c, .data = "12345678", .size = 8));
	buffer = bc_take(self->s).data.ptr.buffer;
	EXPECT_EQ(0, bc_free(self->s, buffer + 1));
	EXPECT_EQ(12, self->s->bwr.write_consumed);
	EXPECT_NE(buffer, next_buffer(t, self->c));
	EXPECT_EQ(0, bc_free(self->s, buffer));
	EXPECT_EQ(buffer, next_buffer(t, self->c));
}

/* The address of the first buffer of a new mapping is known beforehand. */
TEST_F(conf, C_005)
{
	binder_uintptr_t buffer = (binder_uintptr_t)self->s->f->map;
	struct client *t = bc_thread(self->s, "t");

	EXPECT_EQ(0, bc_send(self->c, .data = "12345678", .size = 8));
	EXPECT_EQ(0, bc_free(self->s, buffer));
	EXPECT_EQ(12, self->s->bwr.write_consumed);
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	ASSERT_EQ(buffer, bc_txn(self->s)->data.ptr.buffer);
	EXPECT_TRUE(bc_same(self->s, buffer, "12345678", 8));
	EXPECT_NE(buffer, next_buffer(t, self->c));
}

TEST_F(conf, C_006)
{
	struct client *s = self->s, *c = self->c;
	binder_uintptr_t a, b;

	EXPECT_EQ(0, bc_oneway(c, .data = "a", .size = 1));
	a = bc_take(s).data.ptr.buffer;
	EXPECT_EQ(0, bc_free(s, a));
	EXPECT_EQ(0, bc_free(s, a));
	EXPECT_EQ(12, s->bwr.write_consumed);

	/* The second free must not reach whoever has the address next. */
	EXPECT_EQ(0, bc_oneway(c, .data = "b", .size = 1));
	EXPECT_EQ(0, bc_free(s, a));
	b = bc_take(s).data.ptr.buffer;
	EXPECT_EQ(a, b);
	EXPECT_TRUE(bc_same(s, b, "b", 1));
	EXPECT_EQ(0, bc_send(c, .data = "c", .size = 1));
	EXPECT_NE(b, bc_take(s).data.ptr.buffer);
}

TEST_F(conf, C_007)
{
	EXPECT_EQ(0, bc_send(self->c, .data = "call", .size = 4));
	bc_take_and_free(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .code = 3, .data = "reply", .size = 5));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(self->c));
	EXPECT_TRUE(bc_same(self->c, bc_txn(self->c)->data.ptr.buffer, "reply",
			    5));
}

/*
 * A reply that fails is a send error, too, although it is the caller that gets
 * the error and the replier a BR_TRANSACTION_COMPLETE: until that has been read
 * the replier executes nothing.
 */
static void reply_stops_writing(struct __test_metadata *_metadata,
				struct client *s, const struct msg *m)
{
	struct wbuf *w = wb(s);

	w_msg(w, BC_REPLY, m);
	w_u32(w, BC_EXIT_LOOPER);
	EXPECT_EQ(0, bc_write(s, w));
	EXPECT_EQ(68, s->bwr.write_consumed);
	EXPECT_STREQ("OK 0", bc_ee(s));
	EXPECT_EQ(0, bc_cmd(s, BC_EXIT_LOOPER));
	EXPECT_EQ(0, s->bwr.write_consumed);
	EXPECT_STREQ("l 02", log_thread(s));
	EXPECT_STREQ("NOOP TC", bc_read(s));
	EXPECT_EQ(0, bc_cmd(s, BC_EXIT_LOOPER));
	EXPECT_EQ(4, s->bwr.write_consumed);
	EXPECT_STREQ("l 06", log_thread(s));
}

TEST_F(conf, F_045_bad_reply)
{
	struct msg bad = { .offsets = "1234", .offsets_size = 4 };

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	reply_stops_writing(_metadata, self->s, &bad);
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
}

TEST_F(conf, F_045_reply_to_nobody)
{
	struct msg good = { .code = 2 };

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	EXPECT_EQ(0, bc_u32_ioctl(self->c, BINDER_THREAD_EXIT, 0));
	reply_stops_writing(_metadata, self->s, &good);
}

TEST_F(conf, F_045_reply_to_unmapped)
{
	struct msg good = { .code = 2 };

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	EXPECT_EQ(0, bc_unmap(self->c));
	reply_stops_writing(_metadata, self->s, &good);
	EXPECT_STREQ("NOOP TC DR", bc_read(self->c));
}

TEST_F(conf, F_045_good_reply)
{
	struct wbuf *w = wb(self->s);

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	w_reply(w, .code = 2);
	w_u32(w, BC_EXIT_LOOPER);
	EXPECT_EQ(0, bc_write(self->s, w));
	EXPECT_EQ(72, self->s->bwr.write_consumed);
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
}

TEST_F(conf, C_008)
{
	struct client *t = bc_thread(self->s, "t");
	binder_uintptr_t buffer;

	EXPECT_EQ(0, bc_send(self->c, .data = "call", .size = 4));
	buffer = bc_take(self->s).data.ptr.buffer;
	EXPECT_EQ(0, bc_free(t, buffer));
	EXPECT_EQ(buffer, next_buffer(t, self->c));
}

TEST_F(conf, C_009)
{
	struct client *s = self->s, *c = self->c;
	struct parcel *p = parcel();
	binder_uintptr_t buffer;

	p_binder(p, 0x1000, 1, 0);
	EXPECT_EQ(0, bc_oneway(c, .parcel = p));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(c));
	bc_acknowledge(c);
	buffer = bc_take(s).data.ptr.buffer;
	ASSERT_EQ(1, bc_object(s, bc_txn(s), 0)->flat.handle);
	EXPECT_STREQ("s 1 w 0", log_ref(s, 1));
	EXPECT_EQ(0, bc_free(s, buffer));
	EXPECT_STREQ("none", log_ref(s, 1));
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(s, .handle = 1));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(c));
}

/* A count of the receiver's own keeps the handle. */
TEST_F(conf, C_009_counted)
{
	struct client *s = self->s, *c = self->c;
	u32 handle = bc_give(c, s, 0x1000, 1, 0);

	EXPECT_STREQ("s 1 w 0", log_ref(s, handle));
	EXPECT_EQ(0, bc_oneway(s, .handle = handle));
	EXPECT_STREQ("NOOP TC", bc_read(s));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(c));
}

static bool fd_open(struct client *c, long fd)
{
	return bc_sys(c, fcntl, fd, F_GETFD) >= 0;
}

static long memfd(struct client *c)
{
	char *name = stage_scratch(8);
	long fd;

	memcpy(name, "memfd", 6);
	fd = bc_sys(c, memfd_create, (long)name, 0);
	if (fd < 0)
		test_abort("memfd_create: %s", errno_name(fd));
	return fd;
}

TEST_F(conf, C_010)
{
	struct client *s = self->s, *c = self->c;
	struct parcel *p = parcel();
	long fd;

	p_fd(p, memfd(c), 0);
	EXPECT_EQ(0, bc_oneway(c, .parcel = p));
	bc_take(s);
	fd = bc_object(s, bc_txn(s), 0)->fd.fd;
	EXPECT_TRUE(fd_open(s, fd));
	EXPECT_EQ(0, bc_free(s, bc_txn(s)->data.ptr.buffer));
	EXPECT_TRUE(fd_open(s, fd));
}

#define FDA_FDS 3

/* S receives an FDA of three descriptors; @fd are their numbers there. */
static binder_uintptr_t deliver_fda(struct client *s, struct client *c,
				    u32 fd[FDA_FDS])
{
	u32 *sent = stage_scratch(FDA_FDS * sizeof(*sent));
	size_t len = FDA_FDS * sizeof(*sent), i;
	struct parcel *p = parcel();
	struct binder_transaction_data t;
	const void *received;

	for (i = 0; i < FDA_FDS; i++)
		sent[i] = memfd(c);
	/* A parent that lies at offset 0 is not found: O-049. */
	p_bytes(p, "01234567", 8);
	p_fda(p, FDA_FDS, p_ptr(p, sent, len), 0);
	bc_oneway(c, .parcel = p, .sg = up8(len));
	if (strcmp(bc_ee(c), "OK 0"))
		test_abort("S cannot be sent an FDA: %s", c->ee_text);
	t = bc_take(s);
	received = bc_peek(s, bc_object(s, &t, 0)->ptr.buffer, len);
	if (!received)
		test_abort("S cannot read the descriptors");
	memcpy(fd, received, len);
	return t.data.ptr.buffer;
}

TEST_F(conf, C_011)
{
	u32 fd[FDA_FDS];
	binder_uintptr_t buffer = deliver_fda(self->s, self->c, fd);
	size_t i;

	for (i = 0; i < FDA_FDS; i++)
		EXPECT_TRUE(fd_open(self->s, fd[i]));
	EXPECT_EQ(0, bc_free(self->s, buffer));
	for (i = 0; i < FDA_FDS; i++)
		EXPECT_FALSE(fd_open(self->s, fd[i]));
}

TEST_F(conf, C_012)
{
	u32 fd[FDA_FDS];
	binder_uintptr_t buffer = deliver_fda(self->s, self->c, fd);
	struct wbuf *w = wb(self->s);
	size_t i;

	w_free(w, buffer);
	bc_begin_read(self->s, w, BC_READ_SIZE);
	EXPECT_STREQ("NOOP", bc_end(self->s));
	EXPECT_EQ(12, self->s->bwr.write_consumed);
	EXPECT_EQ(4, self->s->bwr.read_consumed);
	for (i = 0; i < FDA_FDS; i++)
		EXPECT_FALSE(fd_open(self->s, fd[i]));
	/* Once: the next read blocks. */
	bc_begin_read(self->s, NULL, BC_READ_SIZE);
	EXPECT_TRUE(bc_blocked(self->s));
}

/* Counts of handle 0 */

TEST_F(conf, C_013)
{
	EXPECT_EQ(-EINVAL, bc_ref(self->s, BC_ACQUIRE, 0));
	EXPECT_EQ(0, self->s->bwr.write_consumed);
	EXPECT_EQ(-EINVAL, bc_ref(self->s, BC_INCREFS, 0));
	EXPECT_EQ(0, self->s->bwr.write_consumed);
	/* There is nothing to drop, and that is no error. */
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, 0));
	EXPECT_EQ(0, bc_ref(self->s, BC_DECREFS, 0));
	EXPECT_EQ(8, self->s->bwr.write_consumed);
}

TEST_F(conf, C_014)
{
	struct client *second = bc_second_file(self->s, BC_DEVICE, 0);

	EXPECT_EQ(0, bc_ref(second, BC_ACQUIRE, 0));
	EXPECT_EQ(8, second->bwr.write_consumed);
	EXPECT_STREQ("s 1 w 0", log_ref(second, 0));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

TEST_F(conf, C_015)
{
	EXPECT_EQ(0, bc_ref(self->c, BC_INCREFS, 0));
	EXPECT_STREQ("s 0 w 1", log_ref(self->c, 0));
	EXPECT_EQ(0, bc_ref(self->c, BC_ACQUIRE, 0));
	EXPECT_STREQ("s 1 w 1", log_ref(self->c, 0));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, C_016)
{
	EXPECT_EQ(0, bc_ref(self->c, BC_DECREFS, 0));
	EXPECT_EQ(8, self->c->bwr.write_consumed);
	EXPECT_EQ(0, bc_ref(self->c, BC_RELEASE, 0));
	EXPECT_EQ(8, self->c->bwr.write_consumed);
	EXPECT_STREQ("none", log_ref(self->c, 0));
}

TEST_F(solo, C_017)
{
	EXPECT_EQ(0, bc_ref(self->c, BC_ACQUIRE, 0));
	EXPECT_EQ(8, self->c->bwr.write_consumed);
	EXPECT_EQ(0, bc_ref(self->c, BC_INCREFS, 0));
	EXPECT_STREQ("none", log_ref(self->c, 0));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

/* C holds handle 0 once, and the manager has died. */
static void hold_dead_manager(struct __test_metadata *_metadata,
			      struct client *s, struct client *c)
{
	EXPECT_EQ(0, bc_ref(c, BC_ACQUIRE, 0));
	EXPECT_EQ(0, bc_handle_cmd(c, BC_REQUEST_DEATH_NOTIFICATION, 0, 0));
	actor_kill(s->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(c));
	EXPECT_STREQ("dead s 1 w 0", log_ref(c, 0));
}

TEST_F(conf, C_018)
{
	hold_dead_manager(_metadata, self->s, self->c);
	EXPECT_EQ(0, bc_ref(self->c, BC_ACQUIRE, 0));
	EXPECT_EQ(0, bc_ref(self->c, BC_INCREFS, 0));
	EXPECT_STREQ("dead s 2 w 1", log_ref(self->c, 0));
}

TEST_F(conf, C_019)
{
	struct client *next = bc_start("next", BC_DEVICE, BC_MAP_SIZE);
	struct client *c = self->c;

	hold_dead_manager(_metadata, self->s, c);
	ASSERT_EQ(0, bc_manager(next, BC_NODE_FLAGS));
	EXPECT_EQ(0, bc_ref(c, BC_ACQUIRE, 0));
	EXPECT_STREQ("dead s 1 w 0", log_ref(c, 0));
	EXPECT_STREQ("s 1 w 0", log_ref(c, 1));
	/* Calls find the manager by the context, not by the handle. */
	EXPECT_EQ(0, bc_oneway(c, .handle = 0, .code = 4));
	EXPECT_EQ(4, bc_take(next).code);
	/* And once 0 is free, it is the manager's again. */
	EXPECT_EQ(0, bc_ref(c, BC_RELEASE, 0));
	EXPECT_EQ(0, bc_ref(c, BC_RELEASE, 1));
	EXPECT_EQ(0, bc_ref(c, BC_ACQUIRE, 0));
	EXPECT_STREQ("s 1 w 0", log_ref(c, 0));
	EXPECT_STREQ("none", log_ref(c, 1));
}

/* Counts of other handles */

TEST_F(conf, C_020)
{
	static const u32 cmds[] = {
		BC_INCREFS, BC_ACQUIRE, BC_RELEASE, BC_DECREFS,
	};
	static const u32 handles[] = { 1, 99, 0xffffffff };
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(handles); i++) {
		for (j = 0; j < ARRAY_SIZE(cmds); j++) {
			EXPECT_EQ(0, bc_ref(self->c, cmds[j], handles[i]));
			EXPECT_EQ(8, self->c->bwr.write_consumed);
		}
		EXPECT_STREQ("none", log_ref(self->c, handles[i]));
	}
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, C_021)
{
	u32 handle = bc_give_weak(self->c, self->s, 0x1000, 1, 0);

	EXPECT_EQ(0, bc_ref(self->s, BC_ACQUIRE, handle));
	EXPECT_EQ(8, self->s->bwr.write_consumed);
	EXPECT_STREQ("s 0 w 1", log_ref(self->s, handle));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_STREQ("NOOP FR, FR EINVAL",
		     bc_outcome(self->s, .handle = handle));
}

/* It becomes strong when it is sent so, and only then counts strongly. */
TEST_F(conf, C_021_sent)
{
	u32 handle = bc_give_weak(self->c, self->s, 0x1000, 1, 0);

	EXPECT_EQ(handle, bc_give(self->c, self->s, 0x1000, 1, 0));
	EXPECT_EQ(0, bc_ref(self->s, BC_ACQUIRE, handle));
	EXPECT_STREQ("s 2 w 1", log_ref(self->s, handle));
}

TEST_F(conf, C_022)
{
	u32 handle = bc_give_weak(self->c, self->s, 0x1000, 1, 0);

	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_EQ(8, self->s->bwr.write_consumed);
	EXPECT_STREQ("s 0 w 1", log_ref(self->s, handle));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, C_023)
{
	u32 handle = bc_give(self->c, self->s, 0x1000, 1, 0);

	EXPECT_EQ(0, bc_ref(self->s, BC_DECREFS, handle));
	EXPECT_EQ(8, self->s->bwr.write_consumed);
	EXPECT_STREQ("s 1 w 0", log_ref(self->s, handle));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, C_024)
{
	u32 handle = bc_give(self->c, self->s, 0x1000, 1, 0);
	unsigned int i;

	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
		EXPECT_EQ(8, self->s->bwr.write_consumed);
		EXPECT_STREQ("none", log_ref(self->s, handle));
	}
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

/* Acknowledgements */

/* C's node 0x1000/1 has been announced, and S has let go of it since. */
static void announced(struct __test_metadata *_metadata, struct client *s,
		      struct client *c)
{
	struct parcel *p = parcel();

	p_binder(p, 0x1000, 1, 0);
	EXPECT_EQ(0, bc_oneway(c, .parcel = p));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(c));
	bc_take_and_free(s);
	EXPECT_STREQ("EAGAIN", bc_read(c));
}

TEST_F(conf, C_025)
{
	struct client *c = self->c;

	announced(_metadata, self->s, c);
	EXPECT_EQ(0, bc_node_cmd(c, BC_ACQUIRE_DONE, 0x1000, 2));
	EXPECT_EQ(20, c->bwr.write_consumed);
	EXPECT_EQ(0, bc_node_cmd(c, BC_ACQUIRE_DONE, 0x1001, 1));
	EXPECT_EQ(20, c->bwr.write_consumed);
	EXPECT_EQ(0, bc_node_cmd(c, BC_INCREFS_DONE, 0x1000, 2));
	EXPECT_EQ(0, bc_node_cmd(c, BC_INCREFS_DONE, 0, 0));
	/* Nor can S acknowledge what is C's. */
	EXPECT_EQ(0, bc_node_cmd(self->s, BC_ACQUIRE_DONE, 0x1000, 1));
	EXPECT_STREQ("hs 1 hw 1 ls 1 lw 1 is 0 iw 0", log_node(c, 0x1000));
	EXPECT_STREQ("EAGAIN", bc_read(c));
	EXPECT_EQ(0, bc_node_cmd(c, BC_ACQUIRE_DONE, 0x1000, 1));
	EXPECT_STREQ("NOOP RELEASE", bc_read(c));
}

TEST_F(conf, C_026)
{
	struct client *c = self->c;
	struct parcel *p = parcel();

	/* Sent, but not announced yet. */
	p_binder(p, 0x1000, 1, 0);
	EXPECT_EQ(0, bc_oneway(c, .parcel = p));
	EXPECT_EQ(0, bc_node_cmd(c, BC_INCREFS_DONE, 0x1000, 1));
	EXPECT_EQ(20, c->bwr.write_consumed);
	EXPECT_EQ(0, bc_node_cmd(c, BC_ACQUIRE_DONE, 0x1000, 1));
	EXPECT_EQ(20, c->bwr.write_consumed);
	EXPECT_STREQ("hs 0 hw 0 ls 0 lw 0 is 1 iw 1", log_node(c, 0x1000));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(c));
	EXPECT_STREQ("hs 1 hw 1 ls 1 lw 1 is 1 iw 1", log_node(c, 0x1000));
}

TEST_F(conf, C_027)
{
	struct client *c = self->c;
	u32 handle = bc_give(c, self->s, 0x1000, 1, 0);

	EXPECT_STREQ("hs 1 hw 1 ls 0 lw 0 is 1 iw 1", log_node(c, 0x1000));
	EXPECT_EQ(0, bc_node_cmd(c, BC_ACQUIRE_DONE, 0x1000, 1));
	EXPECT_EQ(20, c->bwr.write_consumed);
	EXPECT_EQ(0, bc_node_cmd(c, BC_INCREFS_DONE, 0x1000, 1));
	EXPECT_STREQ("hs 1 hw 1 ls 0 lw 0 is 1 iw 1", log_node(c, 0x1000));
	EXPECT_STREQ("EAGAIN", bc_read(c));
	EXPECT_EQ(0, bc_ref(self->s, BC_RELEASE, handle));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(c));
}

/* A count that a message holds is not what a duplicate gives back. */
TEST_F(conf, C_027_other_count)
{
	struct client *c = self->c;
	u32 handle = bc_give(c, self->s, 0x1000, 1, 0);

	EXPECT_EQ(0, bc_oneway(self->s, .handle = handle));
	EXPECT_STREQ("hs 1 hw 1 ls 1 lw 0 is 1 iw 1", log_node(c, 0x1000));
	EXPECT_EQ(0, bc_node_cmd(c, BC_ACQUIRE_DONE, 0x1000, 1));
	EXPECT_STREQ("hs 1 hw 1 ls 1 lw 0 is 1 iw 1", log_node(c, 0x1000));
}

/* Loopers */

TEST_F(solo, C_028)
{
	EXPECT_STREQ("l 00", log_thread(self->c));
	EXPECT_EQ(0, bc_cmd(self->c, BC_REGISTER_LOOPER));
	EXPECT_EQ(4, self->c->bwr.write_consumed);
	EXPECT_STREQ("l 09", log_thread(self->c));
	EXPECT_STREQ("0+0/0", log_stat(self->c, "requested threads"));
}

/* S has asked for a thread. */
static void thread_requested(struct __test_metadata *_metadata,
			     struct client *s, struct client *c, u32 max)
{
	ASSERT_EQ(0, bc_u32_ioctl(s, BINDER_SET_MAX_THREADS, max));
	EXPECT_EQ(0, bc_oneway(c, .code = 1));
	EXPECT_STREQ("SPAWN TRANSACTION", bc_read(s));
	EXPECT_EQ(0, bc_free(s, bc_txn(s)->data.ptr.buffer));
}

TEST_F(conf, C_029)
{
	struct client *s = self->s;

	EXPECT_STREQ("l 02", log_thread(s));
	thread_requested(_metadata, s, self->c, 5);
	EXPECT_EQ(0, bc_cmd(s, BC_REGISTER_LOOPER));
	EXPECT_EQ(4, s->bwr.write_consumed);
	EXPECT_STREQ("l 0b", log_thread(s));
	EXPECT_STREQ("1+0/5", log_stat(s, "requested threads"));
}

TEST_F(conf, C_030)
{
	struct client *s = self->s, *t = bc_thread(s, "t");

	thread_requested(_metadata, s, self->c, 5);
	EXPECT_EQ(0, bc_cmd(t, BC_REGISTER_LOOPER));
	EXPECT_STREQ("l 01", log_thread(t));
	EXPECT_EQ(0, bc_cmd(t, BC_ENTER_LOOPER));
	EXPECT_STREQ("l 0b", log_thread(t));
	EXPECT_STREQ("0+1/5", log_stat(s, "requested threads"));
}

TEST_F(conf, C_031)
{
	struct client *s = self->s, *t = bc_thread(s, "t");

	thread_requested(_metadata, s, self->c, 5);
	EXPECT_EQ(0, bc_cmd(t, BC_REGISTER_LOOPER));
	EXPECT_EQ(0, bc_cmd(t, BC_EXIT_LOOPER));
	EXPECT_EQ(4, t->bwr.write_consumed);
	EXPECT_STREQ("l 05", log_thread(t));
	EXPECT_STREQ("0+1/5", log_stat(s, "requested threads"));
	/* It still is a looper: it is asked for another thread. */
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	EXPECT_STREQ("SPAWN TRANSACTION", bc_read(t));
}

TEST_F(conf, C_032)
{
	struct client *s = self->s;
	unsigned int n;

	for (n = 0; n < 3; n++) {
		struct client *t = bc_thread(s, "t");
		char text[16];

		thread_requested(_metadata, s, self->c, 3);
		snprintf(text, sizeof(text), "1+%u/3", n);
		EXPECT_STREQ(text, log_stat(s, "requested threads"));
		EXPECT_EQ(0, bc_cmd(t, BC_REGISTER_LOOPER));
		EXPECT_STREQ("l 01", log_thread(t));
		snprintf(text, sizeof(text), "0+%u/3", n + 1);
		EXPECT_STREQ(text, log_stat(s, "requested threads"));
	}
	/* That is the maximum. */
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
}

TEST_F(conf, C_046)
{
	struct binder_transaction_data t = {
		.target.ptr = 0xdeadbeef00000000,	/* handle 0 */
		.cookie = 0x1111111111111111,
		.code = 5,
		.sender_pid = 4242,
		.sender_euid = 4242,
	};
	struct wbuf *w = wb(self->c);

	w_u32(w, BC_TRANSACTION);
	w_put(w, &t, sizeof(t));
	EXPECT_EQ(0, bc_write(self->c, w));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	t = *bc_txn(self->s);
	EXPECT_EQ(0, t.target.ptr);
	EXPECT_EQ(0, t.cookie);
	EXPECT_EQ(5, t.code);
	EXPECT_EQ(self->c->a->pid, t.sender_pid);
	EXPECT_EQ(0, t.sender_euid);
}

TEST_F(conf, C_047)
{
	EXPECT_EQ(0, bc_send(self->c, .flags = 0xffffff81));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	EXPECT_EQ(0xffffff81, bc_txn(self->s)->flags);
}

TEST_F(conf, C_048)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 0xffffffff));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	EXPECT_EQ(0xffffffff, bc_txn(self->s)->code);
}

TEST_HARNESS_MAIN
