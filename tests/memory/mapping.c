// SPDX-License-Identifier: GPL-2.0
/*
 * The mapping over its life: pages come when a message needs them, and whatever
 * the receiver does to it while messages wait for it, they are delivered.
 */
#include "memory.h"

/* Pages are there for what was sent, and for nothing else. */
TEST_F(mem, pages_come_with_messages)
{
	struct client *s = self->s, *c = self->c;
	binder_uintptr_t map = (binder_uintptr_t)s->f->map;

	EXPECT_STREQ("........", bc_pages(s, 0, 8));
	EXPECT_EQ(map, bc_deliver(s, c, .data = stage_scratch(PAGE),
				  .size = PAGE));
	EXPECT_STREQ("#.......", bc_pages(s, 0, 8));
	EXPECT_EQ(map + PAGE, bc_deliver(s, c, .data = "1", .size = 1));
	EXPECT_STREQ("##......", bc_pages(s, 0, 8));
	EXPECT_EQ(map + PAGE + 8,
		  bc_deliver(s, c, .data = stage_scratch(2 * PAGE),
			     .size = 2 * PAGE));
	EXPECT_STREQ("####....", bc_pages(s, 0, 8));
}

/* Nothing comes of a message that was refused before it needed pages. */
TEST_F(mem, no_pages_for_refused_messages)
{
	EXPECT_STREQ("NOOP FR, FR ENOSPC",
		     bc_outcome(self->c, .raw = true, .size = MAP_SIZE + 8));
	EXPECT_STREQ("NOOP FR, FR EINVAL",
		     bc_outcome(self->c, .raw = true, .handle = 5, .size = 8));
	EXPECT_STREQ("........", bc_pages(self->s, 0, 8));
}

/* Pages are the process's own, not the file's: no other process sees them. */
TEST_F(mem, mappings_are_separate)
{
	struct client *s = self->s, *c = self->c;
	binder_uintptr_t buffer;

	buffer = bc_deliver(s, c, .data = "for S", .size = 5);
	EXPECT_TRUE(bc_same(s, buffer, "for S", 5));
	/* C had replies of 0 bytes, which take 8. */
	EXPECT_EQ(0, *(u64 *)bc_peek(c, (binder_uintptr_t)c->f->map, 8));
	EXPECT_STREQ("#.......", bc_pages(c, 0, 8));
}

/* System calls may read the mapping, and the kernel may be given it to read. */
TEST_F(mem, system_calls_read_the_mapping)
{
	int *p = stage_scratch(sizeof(*p) * 2);
	struct client *s = self->s;
	char *back = stage_scratch(64);
	binder_uintptr_t buffer;

	buffer = bc_deliver(s, self->c, .data = "through a pipe", .size = 14);
	ASSERT_EQ(0, bc_sys(s, pipe2, (long)p, 0));
	EXPECT_EQ(14, bc_sys(s, write, p[1], buffer, 14));
	EXPECT_EQ(14, bc_sys(s, read, p[0], (long)back, 64));
	EXPECT_EQ(0, memcmp(back, "through a pipe", 14));
	/* No file brings a page that no message has brought. */
	EXPECT_EQ(-EFAULT, bc_sys(s, write, p[1],
				  (long)s->f->map + 4 * PAGE, 14));
}

/* A message in a buffer is sent on from there. */
TEST_F(mem, forwarded_from_the_mapping)
{
	struct client *s = self->s, *c = self->c;
	u8 *data = stage_scratch(3 * PAGE);

	fill_pattern(data, 3 * PAGE, 3);
	EXPECT_EQ(0, bc_send(c, .raw = true, .data = data, .size = 3 * PAGE));
	bc_take(s);
	EXPECT_EQ(0, bc_reply(s, .raw = true, .size = 3 * PAGE,
			      .data = (void *)bc_txn(s)->data.ptr.buffer));
	EXPECT_EQ(-1, bc_mismatch(c, bc_take(c).data.ptr.buffer, 3 * PAGE, 3));
}

/* The read buffer cannot lie in the mapping: it cannot be written. */
TEST_F(mem, read_into_the_mapping)
{
	struct client *s = self->s;
	binder_uintptr_t buffer;

	buffer = bc_deliver(s, self->c, .data = "untouched", .size = 9);
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_EQ(-EFAULT, bc_read_into(s, (void *)buffer, BC_READ_SIZE));
	EXPECT_TRUE(bc_same(s, buffer, "untouched", 9));
	EXPECT_EQ(1, bc_take(s).code);
}

/*
 * Messages wait while the receiver changes its mapping. They are delivered all
 * the same, their buffers can be freed and calls replied to.
 */
static void send_and_wait(struct client *c, struct client *d)
{
	long ret = bc_oneway(c, .code = 1, .data = "oneway", .size = 6);

	if (!ret)
		ret = bc_send(d, .code = 2, .data = "call", .size = 4);
	if (ret)
		test_abort("cannot send: %s", errno_name(ret));
}

static void expect_delivered(struct __test_metadata *_metadata,
			     struct client *s, struct client *d)
{
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
	EXPECT_EQ(1, bc_txn(s)->code);
	EXPECT_EQ(6, bc_txn(s)->data_size);
	EXPECT_EQ(0, bc_free(s, bc_txn(s)->data.ptr.buffer));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
	EXPECT_EQ(2, bc_txn(s)->code);
	EXPECT_EQ(0, bc_free(s, bc_txn(s)->data.ptr.buffer));
	EXPECT_EQ(0, bc_reply(s, .code = 3));
	EXPECT_STREQ("NOOP TC", bc_read(s));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(d));
	EXPECT_EQ(3, bc_txn(d)->code);
}

FIXTURE(waiting) {
	struct client *s;
	struct client *c;
	struct client *d;
};

FIXTURE_SETUP(waiting)
{
	self->s = bc_server("S", MAP_SIZE);
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	self->d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	send_and_wait(self->c, self->d);
}

FIXTURE_TEARDOWN(waiting)
{
	actors_end();
}

TEST_F(waiting, munmap)
{
	EXPECT_EQ(0, bc_unmap(self->s));
	expect_delivered(_metadata, self->s, self->d);
	EXPECT_STREQ("NOOP TC DR, DR ESRCH", bc_outcome(self->c, .code = 1));
}

TEST_F(waiting, munmap_of_another_part)
{
	struct client *s = self->s;

	EXPECT_EQ(0, bc_sys(s, munmap, (long)s->f->map + 32 * PAGE, PAGE));
	EXPECT_TRUE(bc_same(s, (binder_uintptr_t)s->f->map, "oneway", 6));
	expect_delivered(_metadata, s, self->d);
}

TEST_F(waiting, mremap)
{
	struct client *s = self->s;
	u8 *to = bc_mem(s, MAP_SIZE);

	ASSERT_EQ((long)to, bc_sys(s, mremap, (long)s->f->map, MAP_SIZE,
				   MAP_SIZE, MREMAP_MAYMOVE | MREMAP_FIXED,
				   (long)to));
	EXPECT_TRUE(bc_same(s, (binder_uintptr_t)to, "oneway", 6));
	expect_delivered(_metadata, s, self->d);
}

TEST_F(waiting, own_memory_in_place_of_the_mapping)
{
	struct client *s = self->s;
	long map = (long)s->f->map;

	ASSERT_EQ(map, bc_sys(s, mmap, map, MAP_SIZE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	bc_fill(s, s->f->map, MAP_SIZE, 7);
	expect_delivered(_metadata, s, self->d);
	drop_slab_caches();
	EXPECT_EQ(-1, bc_mismatch(s, map, MAP_SIZE, 7));
}

TEST_F(waiting, mprotect)
{
	struct client *s = self->s;
	long map = (long)s->f->map;

	EXPECT_EQ(0, bc_sys(s, mprotect, map, MAP_SIZE, PROT_NONE));
	EXPECT_EQ(0, bc_sys(s, mprotect, map, MAP_SIZE, PROT_READ));
	EXPECT_TRUE(bc_same(s, map, "oneway", 6));
	expect_delivered(_metadata, s, self->d);
}

static long fork_and_exit(struct actor *a, void *arg)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(0);
	return waitpid(pid, &status, 0) == pid ? status : -errno;
}

TEST_F(waiting, fork)
{
	EXPECT_EQ(0, actor_call(self->s->a, fork_and_exit, NULL));
	EXPECT_TRUE(bc_same(self->s, (binder_uintptr_t)self->s->f->map,
			    "oneway", 6));
	expect_delivered(_metadata, self->s, self->d);
}

TEST_F(waiting, drop_caches)
{
	drop_slab_caches();
	EXPECT_TRUE(bc_same(self->s, (binder_uintptr_t)self->s->f->map,
			    "oneway", 6));
	expect_delivered(_metadata, self->s, self->d);
}

TEST_F(waiting, exit)
{
	actor_exit(self->s->a);
	EXPECT_STREQ("NOOP TC DR", bc_wait(self->d));
}

/* With the descriptor inherited by what is executed, nobody is dead. */
TEST(exec)
{
	struct client *s = bc_new("S");
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);

	ASSERT_GE(bc_open(s, BC_DEVICE, O_RDWR), 0);
	ASSERT_EQ(0, bc_map(s, MAP_SIZE, PROT_READ, MAP_PRIVATE, 0));
	ASSERT_EQ(0, bc_manager(s, BC_NODE_FLAGS));
	EXPECT_EQ(0, bc_send(d, .code = 1));
	actor_exec(s->a);
	EXPECT_STREQ("EAGAIN", bc_read(d));
	actor_kill(s->a);
	EXPECT_STREQ("NOOP TC DR", bc_wait(d));
	actors_end();
}

/* The mapping goes first or the descriptor goes first. */
TEST_F(waiting, close_then_munmap)
{
	EXPECT_EQ(0, bc_close(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(self->d));
	EXPECT_EQ(0, bc_unmap(self->s));
	EXPECT_STREQ("NOOP TC DR", bc_wait(self->d));
}

TEST_F(waiting, munmap_then_close)
{
	EXPECT_EQ(0, bc_unmap(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(self->d));
	EXPECT_EQ(0, bc_close(self->s));
	EXPECT_STREQ("NOOP TC DR", bc_wait(self->d));
}

/* A mapping at a low address, twice; address 0 itself where that is allowed. */
TEST(map_at_low_addresses)
{
	static const long addr[] = { 0, 0x10000 };
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(addr); i++) {
		struct client *s = bc_new("S");
		long ret;

		ASSERT_GE(bc_open(s, BC_DEVICE, O_RDWR), 0);
		ret = bc_sys(s, mmap, addr[i], MAP_SIZE, PROT_READ,
			     MAP_PRIVATE | MAP_FIXED, s->f->fd, 0);
		/* A mapping at address 0 may be forbidden by the kernel. */
		if (!addr[i] && ret < 0)
			continue;
		ASSERT_EQ(addr[i], ret);
		EXPECT_EQ(-EBUSY, bc_map(s, MAP_SIZE, PROT_READ, MAP_PRIVATE,
					 0));
		s->f->map = (u8 *)addr[i];
		s->f->size = MAP_SIZE;
		ASSERT_EQ(0, bc_manager(s, BC_NODE_FLAGS));
		EXPECT_EQ(0, bc_oneway(c, .data = "low", .size = 3));
		EXPECT_STREQ("NOOP TC", bc_read(c));
		EXPECT_EQ(addr[i], bc_take(s).data.ptr.buffer);
		EXPECT_TRUE(bc_same(s, addr[i], "low", 3));
		EXPECT_EQ(0, bc_free(s, addr[i]));
		EXPECT_EQ(12, s->bwr.write_consumed);
		actor_kill(s->a);
		bc_await_no_manager(c);
	}
	actors_end();
}

/* Lengths about the limit of 4 MiB: all of it can be used, and no more. */
TEST(usable_size)
{
	static const struct {
		size_t len, usable;
	} v[] = {
		{ 1, PAGE },
		{ PAGE, PAGE },
		{ PAGE + 1, 2 * PAGE },
		{ (4 << 20) - PAGE, (4 << 20) - PAGE },
		{ 4 << 20, 4 << 20 },
		{ (4 << 20) + 1, 4 << 20 },
		{ 16 << 20, 4 << 20 },
	};
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	void *data = stage_keep((4 << 20) + 8);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(v); i++) {
		struct client *s = bc_server("S", v[i].len);

		EXPECT_STREQ("NOOP FR, FR ENOSPC",
			     bc_outcome(c, .raw = true, .data = data,
					.size = v[i].usable + 8))
			TH_LOG("%zu bytes mapped", v[i].len);
		EXPECT_NE(0, bc_deliver(s, c, .raw = true, .data = data,
					.size = v[i].usable))
			TH_LOG("%zu bytes mapped", v[i].len);
		actor_kill(s->a);
		bc_await_no_manager(c);
	}
	actors_end();
}

TEST_HARNESS_MAIN
