// SPDX-License-Identifier: GPL-2.0
/*
 * 50 Objects: arrays of descriptors in the buffers of PTR objects.
 *
 * All of them have something in front of the first object: a buffer whose
 * object is at offset 0 cannot be the parent of anything (O_049).
 */
#include "conf.h"
#include "holdings.h"

#define GUARD	0xaaaaaaaa
#define NUMBERS	5

/* A buffer on the stage: three descriptors between two words that stay. */
static u32 *numbers(u32 first, u32 second, u32 third)
{
	const u32 words[NUMBERS] = { GUARD, first, second, third, GUARD };

	return memcpy(stage_scratch(sizeof(words)), words, sizeof(words));
}

#define SIZE	(NUMBERS * sizeof(u32))
#define ROOM	128

/* A message with a buffer, which is object 0, and an FDA in it. */
static struct parcel *array(const void *buffer, u64 num_fds, u64 offset)
{
	struct parcel *p = parcel();

	p_bytes(p, "in front", 8);
	p_ptr(p, buffer, SIZE);
	p_fda(p, num_fds, 0, offset);
	return p;
}

static const char *refused(struct client *s, struct client *c,
			   const struct parcel *p)
{
	return bc_refused(s, c, .parcel = p, .sg = ROOM);
}

/* The words of the buffer that is object 0, as S or C has it. */
static const u32 *words(struct client *c,
			const struct binder_transaction_data *t)
{
	const u32 *w = bc_peek(c, bc_object(c, t, 0)->ptr.buffer, SIZE);

	if (!w)
		test_abort("%s cannot read the buffer", c->a->name);
	return w;
}

static void close_fd(struct client *c, u32 fd)
{
	long ret = bc_sys(c, close, fd);

	if (ret)
		test_abort("%s cannot close %u: %s", c->a->name, fd,
			   errno_name(ret));
}

static u32 *three_files(struct client *c)
{
	u32 a = bc_memfd(c, "first", 5);
	u32 b = bc_memfd(c, "second", 6);

	return numbers(a, b, bc_memfd(c, "third", 5));
}

TEST_F(conf, O_062)
{
	struct parcel *p = array(three_files(self->c), 3, 4);
	size_t fds = bc_fds(self->s);
	u32 lowest = bc_free_fd(self->s);
	const u32 *w;

	EXPECT_EQ(0, bc_oneway(self->c, .parcel = p, .sg = ROOM));
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
	EXPECT_EQ(fds, bc_fds(self->s));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	EXPECT_EQ(fds + 3, bc_fds(self->s));
	w = words(self->s, bc_txn(self->s));
	EXPECT_EQ(GUARD, w[0]);
	EXPECT_EQ(lowest, w[1]);
	EXPECT_STREQ("first", bc_fd_read(self->s, w[1], 16));
	EXPECT_STREQ("second", bc_fd_read(self->s, w[2], 16));
	EXPECT_STREQ("third", bc_fd_read(self->s, w[3], 16));
	EXPECT_TRUE(bc_cloexec(self->s, w[1]));
	EXPECT_TRUE(bc_cloexec(self->s, w[3]));
	EXPECT_EQ(GUARD, w[4]);
}

/* The FDA itself arrives as it was sent. */
TEST_F(conf, O_062_object)
{
	struct parcel *p = array(three_files(self->c), 3, 4);
	struct binder_transaction_data t =
		bc_sent(self->s, self->c, .parcel = p, .sg = ROOM);

	EXPECT_STREQ("PTR FDA", bc_object_names(self->s, &t));
	EXPECT_EQ(0, memcmp(bc_object(self->s, &t, 1), p_at(p, 1),
			    sizeof(struct binder_fd_array_object)));
}

/* The descriptors belong to the buffer. */
TEST_F(conf, O_062_free)
{
	struct parcel *p = array(three_files(self->c), 3, 4);
	size_t fds = bc_fds(self->s);
	struct binder_transaction_data t;
	struct wbuf *w;
	long copy;

	t = bc_sent(self->s, self->c, .parcel = p, .sg = ROOM);
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
	copy = bc_sys(self->s, dup, words(self->s, &t)[2]);
	EXPECT_EQ(fds + 4, bc_fds(self->s));
	w = wb(self->s);
	w_free(w, t.data.ptr.buffer);
	/* The read does not block: what was closed is to be let go of. */
	EXPECT_STREQ("NOOP", bc_write_read(self->s, w, BC_READ_SIZE));
	EXPECT_EQ(fds + 1, bc_fds(self->s));
	EXPECT_STREQ("second", bc_fd_read(self->s, copy, 16));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_TRUE(bc_room(self->s, self->c));
}

/* They are closed, not just forgotten. */
TEST_F(conf, O_062_closed)
{
	struct fd_pipe q = bc_pipe(self->c);
	struct parcel *p = array(numbers(0, q.w, 0), 1, 8);
	struct binder_transaction_data t;

	t = bc_sent(self->s, self->c, .parcel = p, .sg = ROOM);
	close_fd(self->c, q.w);
	EXPECT_STREQ("held", pipe_state(&q));
	EXPECT_EQ(0, bc_free(self->s, t.data.ptr.buffer));
	EXPECT_STREQ("EOF", pipe_state(&q));
}

/* Numbers are given out in the order of the objects, of whichever kind. */
TEST_F(conf, O_062_order)
{
	struct binder_transaction_data t;
	u32 *files = three_files(self->c);
	u32 lowest = bc_free_fd(self->s);
	struct parcel *p = parcel();
	size_t fds;

	p_bytes(p, "in front", 8);
	p_ptr(p, files, SIZE);
	p_fd(p, files[3], 0);
	p_fda(p, 1, 0, 8);
	p_fd(p, files[1], 0);
	t = bc_sent(self->s, self->c, .parcel = p, .sg = ROOM);
	EXPECT_EQ(lowest, bc_object(self->s, &t, 1)->fd.fd);
	EXPECT_STREQ("third", bc_fd_read(self->s, lowest, 16));
	EXPECT_LT(lowest, words(self->s, &t)[2]);
	EXPECT_LT(words(self->s, &t)[2], bc_object(self->s, &t, 3)->fd.fd);
	/* Only that of the array goes with the buffer. */
	fds = bc_fds(self->s);
	EXPECT_EQ(0, bc_free(self->s, t.data.ptr.buffer));
	EXPECT_EQ(fds - 1, bc_fds(self->s));
	EXPECT_STREQ("third", bc_fd_read(self->s, lowest, 16));
}

TEST_F(conf, O_062_reply)
{
	struct parcel *p = array(three_files(self->s), 3, 4);

	EXPECT_EQ(0, bc_send(self->c, .flags = TF_ACCEPT_FDS));
	bc_take_and_free(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .parcel = p, .sg = ROOM));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(self->c));
	EXPECT_STREQ("third",
		     bc_fd_read(self->c,
				words(self->c, bc_txn(self->c))[3], 16));
}

/* The receiver has no room for all of them: it gets none. */
TEST_F(conf, O_062_no_room)
{
	struct parcel *p = array(three_files(self->c), 3, 4);
	size_t fds = bc_fds(self->s);

	EXPECT_EQ(0, bc_send(self->c, .parcel = p, .sg = ROOM));
	bc_leave_fds(self->s, 2);
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_EQ(fds, bc_fds(self->s));
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
	EXPECT_STREQ("OK 0", bc_ee(self->c));
	EXPECT_TRUE(bc_room(self->s, self->c));
	EXPECT_EQ(fds, bc_fds(self->s));
}

/* The process goes on without the driver: nothing of its own is closed. */
TEST_F(conf, O_062_release)
{
	struct parcel *p = array(three_files(self->s), 3, 4);
	u32 h = bc_give(self->c, self->s, 0x1000, 0, 0), fd;
	size_t fds;

	EXPECT_EQ(0, bc_handle_cmd(self->s, BC_REQUEST_DEATH_NOTIFICATION, h,
				   0));
	EXPECT_EQ(0, bc_send(self->c, .flags = TF_ACCEPT_FDS));
	bc_take_and_free(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .parcel = p, .sg = ROOM));
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(self->c));
	fd = words(self->c, bc_txn(self->c))[2];
	fds = bc_fds(self->c);
	EXPECT_EQ(0, bc_unmap(self->c));
	EXPECT_EQ(0, bc_close(self->c));
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(self->s));
	EXPECT_EQ(fds - 1, bc_fds(self->c));
	EXPECT_STREQ("second", bc_fd_read(self->c, fd, 16));
}

/* The receiver dies before it has read: the files are let go of. */
TEST_F(conf, O_062_undelivered)
{
	struct fd_pipe q = bc_pipe(self->c);
	struct parcel *p = array(numbers(q.w, 0, q.w), 3, 4);

	EXPECT_EQ(0, bc_oneway(self->c, .parcel = p, .sg = ROOM));
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
	close_fd(self->c, q.w);
	EXPECT_STREQ("held", pipe_state(&q));
	actor_kill(self->s->a);
	EXPECT_STREQ("EOF", pipe_await(&q));
}

TEST_F(conf, O_063)
{
	static const u64 offsets[] = {
		0, 2, SIZE, SIZE + 1, 1000, 1ULL << 40, ~0ULL - 3, ~0ULL,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		struct parcel *p = array(three_files(self->c), 0, offsets[i]);
		size_t fds = bc_fds(self->s);
		struct binder_transaction_data t;

		t = bc_sent(self->s, self->c, .parcel = p, .sg = ROOM);
		EXPECT_EQ(fds, bc_fds(self->s));
		EXPECT_STREQ("NOOP TC", bc_read(self->c));
		EXPECT_EQ(0, bc_free(self->s, t.data.ptr.buffer));
		EXPECT_EQ(fds, bc_fds(self->s));
	}
	EXPECT_TRUE(bc_room(self->s, self->c));
}

/* It need not even be allowed to send descriptors; but there is a parent. */
TEST_F(conf, O_063_checks)
{
	u32 h = bc_give(self->c, self->s, 0x1000, 0, 0);
	struct parcel *p = array(three_files(self->s), 0, 1000);

	EXPECT_STREQ("NOOP TC, OK 0",
		     bc_outcome(self->s, .handle = h, .parcel = p, .sg = ROOM,
				.flags = TF_ONE_WAY));
	p_at(p, 1)->fda.parent = 1;
	EXPECT_STREQ("FR EINVAL", refused(self->s, self->c, p));
}

/* Nothing else is checked of it, but what follows must lie behind it. */
TEST_F(conf, O_063_then)
{
	struct parcel *p = array(numbers(0, 0, 0), 0, 8);

	p_fda(p, 1, 0, 4);
	EXPECT_STREQ("FR EINVAL", refused(self->s, self->c, p));
	p_at(p, 1)->fda.parent_offset = 1000;
	EXPECT_STREQ("FR EINVAL", refused(self->s, self->c, p));
	p_at(p, 1)->fda.parent_offset = 4;
	bc_sent(self->s, self->c, .parcel = p, .sg = ROOM);
}

TEST_F(conf, O_064)
{
	static const struct {
		u64 num, offset;
	} bad[] = {
		{ 6, 0 }, { 5, 4 }, { 1, SIZE }, { 1, SIZE - 3 },
		{ 1, SIZE + 4 }, { 1, ~0ULL - 3 }, { 1ULL << 30, 0 },
		{ 1ULL << 32, 0 }, { (1ULL << 62) - 2, 4 },
		{ (1ULL << 62) - 1, 4 }, { 1ULL << 62, 4 },
		{ (1ULL << 62) + 1, 4 }, { 1ULL << 63, 4 }, { ~0ULL, 4 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct parcel *p = array(numbers(0, 0, 0), bad[i].num,
					 bad[i].offset);

		EXPECT_STREQ("FR EINVAL", refused(self->s, self->c, p)) {
			TH_LOG("%#llx at %#llx", bad[i].num, bad[i].offset);
		}
	}
}

/* As many as there is room for: the whole buffer. */
TEST_F(conf, O_064_all)
{
	u32 *words = memset(stage_scratch(SIZE), 0, SIZE);
	struct parcel *p = array(words, NUMBERS, 0);
	size_t fds = bc_fds(self->s);
	struct binder_transaction_data t;

	t = bc_sent(self->s, self->c, .parcel = p, .sg = ROOM);
	EXPECT_EQ(fds + NUMBERS, bc_fds(self->s));
	EXPECT_EQ(0, bc_free(self->s, t.data.ptr.buffer));
	EXPECT_EQ(fds, bc_fds(self->s));
}

TEST_F(conf, O_065)
{
	u8 *buffer = memset(stage_scratch(64), 0, 64);
	u64 offset;

	for (offset = 1; offset <= 3; offset++) {
		struct parcel *p = array(buffer, 1, offset);

		/* In the receiver's buffer; the sender's is right. */
		EXPECT_STREQ("FR EINVAL", refused(self->s, self->c, p));
		p = array(buffer + 4 - offset, 1, offset);
		EXPECT_STREQ("FR EINVAL", refused(self->s, self->c, p));
		/* The other way round. */
		p = array(buffer + offset, 1, 4);
		EXPECT_STREQ("FR EINVAL", refused(self->s, self->c, p));
	}
	EXPECT_TRUE(bc_room(self->s, self->c));
}

TEST_F(conf, O_066)
{
	struct fd_pipe q = bc_pipe(self->c);

	EXPECT_STREQ("FR EBADF",
		     refused(self->s, self->c,
			     array(numbers(q.w, 999, q.w), 3, 4)));
	EXPECT_STREQ("FR EBADF",
		     refused(self->s, self->c,
			     array(numbers(q.w, q.w, -1), 3, 4)));
	EXPECT_STREQ("held", pipe_state(&q));
	close_fd(self->c, q.w);
	EXPECT_STREQ("EOF", pipe_state(&q));
}

/* A later object is bad: the array is undone, and nothing closed in S. */
TEST_F(conf, O_066_later)
{
	struct fd_pipe q = bc_pipe(self->c);
	struct parcel *p = array(numbers(q.w, 0, 1), 3, 4);

	p_handle(p, 99);
	EXPECT_STREQ("FR EINVAL", refused(self->s, self->c, p));
	close_fd(self->c, q.w);
	EXPECT_STREQ("EOF", pipe_state(&q));
}

/* The numbers cannot be read. */
TEST_F(conf, O_066_unreadable)
{
	u8 *edge = bc_edge(self->c);

	memset(edge - 8, 0, 8);
	EXPECT_STREQ("FR EINVAL",
		     refused(self->s, self->c, array(edge - 8, 3, 4)));
	EXPECT_STREQ("FR EINVAL",
		     refused(self->s, self->c, array(BAD_POINTER, 3, 4)));
}

TEST_F(conf, O_067)
{
	static const u64 bad[] = {
		1 /* BINDER */, 2 /* itself */, 3, 99, 1ULL << 32, ~0ULL,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct parcel *p = parcel();

		p_bytes(p, "in front", 8);
		p_ptr(p, numbers(0, 0, 0), SIZE);
		p_binder(p, 0x1000, 0, 0);
		p_fda(p, 3, bad[i], 4);
		EXPECT_STREQ("FR EINVAL", refused(self->s, self->c, p)) {
			TH_LOG("parent %#llx", bad[i]);
		}
	}
}

/* A buffer whose object is at offset 0 is no parent for them, either. */
TEST_F(conf, O_067_at_0)
{
	struct parcel *p = parcel();

	p_ptr(p, numbers(0, 0, 0), SIZE);
	p_fda(p, 3, 0, 4);
	EXPECT_STREQ("FR EINVAL", refused(self->s, self->c, p));
}

TEST(O_068)
{
	struct client *s = bc_start("S", BC_DEVICE, BC_MAP_SIZE);
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	struct fd_pipe q = bc_pipe(c);

	ASSERT_EQ(0, bc_manager(s, 0));
	EXPECT_STREQ("FR EPERM",
		     refused(s, c, array(numbers(q.w, q.w, q.w), 3, 4)));
	EXPECT_STREQ("FR EPERM",
		     refused(s, c, array(numbers(999, 0, 0), 1, 4)));
	close_fd(c, q.w);
	EXPECT_STREQ("EOF", pipe_state(&q));
	actors_end();
}

TEST_F(conf, O_068_reply)
{
	struct parcel *p = array(numbers(0, 0, 0), 3, 4);

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take_and_free(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .parcel = p, .sg = ROOM));
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
	EXPECT_STREQ("FR EPERM", bc_ee(self->c));
}

TEST_F(conf, O_069)
{
	struct parcel *p = array(numbers(0, 0, 0), 1, 4);
	struct binder_transaction_data t;
	u64 pointer;
	const u32 *w;

	p_ptr_in(p, memcpy(stage_scratch(6), "child", 6), 6, 0, 8);
	t = bc_sent(self->s, self->c, .parcel = p, .sg = ROOM);
	w = words(self->s, &t);
	EXPECT_EQ(GUARD, w[0]);
	EXPECT_LT(2, w[1]);
	EXPECT_EQ(GUARD, w[4]);
	memcpy(&pointer, w + 2, sizeof(pointer));
	EXPECT_EQ(bc_object(self->s, &t, 2)->ptr.buffer, pointer);
	EXPECT_TRUE(bc_same(self->s, pointer, "child", 6));
}

/* After an array in A, what is in A is next: B is no parent any more. */
TEST_F(conf, O_069_then)
{
	struct parcel *p = parcel();
	void *child = stage_scratch(SIZE);

	p_bytes(p, "in front", 8);
	p_ptr(p, numbers(0, 0, 0), SIZE);
	p_ptr_in(p, child, SIZE, 0, 0);
	p_fda(p, 1, 0, 4);
	EXPECT_STREQ("FR EINVAL", refused(self->s, self->c, p));
	p_at(p, 2)->fda.parent_offset = 8;
	p_ptr_in(p, child, 0, 1, 0);
	EXPECT_STREQ("FR EINVAL", refused(self->s, self->c, p));
	p_at(p, 3)->ptr.parent = 0;
	p_at(p, 3)->ptr.parent_offset = 8;
	EXPECT_STREQ("FR EINVAL", refused(self->s, self->c, p));
	p_at(p, 3)->ptr.parent_offset = 12;
	bc_sent(self->s, self->c, .parcel = p, .sg = ROOM);
}

TEST_F(conf, O_070)
{
	struct parcel *p = array(numbers(0, 0, 0), 2, 4);

	p_ptr_in(p, stage_scratch(8), 8, 0, 8);
	EXPECT_STREQ("FR EINVAL", refused(self->s, self->c, p));
}

/* Nor may two arrays overlap; side by side they may lie. */
TEST_F(conf, O_070_arrays)
{
	struct parcel *p = array(numbers(0, 0, 0), 2, 4);
	size_t fds = bc_fds(self->s);

	p_fda(p, 1, 0, 8);
	EXPECT_STREQ("FR EINVAL", refused(self->s, self->c, p));
	p_at(p, 2)->fda.parent_offset = 12;
	bc_sent(self->s, self->c, .parcel = p, .sg = ROOM);
	EXPECT_EQ(fds + 3, bc_fds(self->s));
}

TEST_HARNESS_MAIN
