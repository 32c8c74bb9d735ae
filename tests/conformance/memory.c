// SPDX-License-Identifier: GPL-2.0
/*
 * 80 Memory: the mapping as the receiver sees it.
 */
#include "conf.h"

static bool all_zero(const u8 *p, size_t len)
{
	size_t i;

	for (i = 0; i < len && !p[i]; i++)
		;
	return i == len;
}

/* Have S receive a oneway and give its buffer back. Returns its address. */
static binder_uintptr_t receive_and_free(struct client *s, struct client *c,
					 const void *data, size_t size,
					 u32 flags)
{
	binder_uintptr_t addr;
	long ret;

	ret = bc_send(c, .flags = TF_ONE_WAY | flags, .data = data,
		      .size = size);
	bc_read(c);
	addr = bc_take(s).data.ptr.buffer;
	if (!ret)
		ret = bc_free(s, addr);
	if (ret)
		test_abort("not received: %s", errno_name(ret));
	return addr;
}

TEST_F(conf, M_001)
{
	struct client *s = self->s;
	int *p = stage_scratch(8);

	EXPECT_STREQ("SIGBUS BUS_ADRERR", bc_touch(s, s->f->map));
	ASSERT_EQ(0, bc_sys(s, pipe2, (long)p, 0));
	EXPECT_EQ(-EFAULT, bc_sys(s, write, p[1], (long)s->f->map, 16));
	EXPECT_STREQ("....", bc_pages(s, 0, 4));
}

TEST(M_002)
{
	struct client *s = bc_server("S", 8 << 20);

	EXPECT_STREQ("SIGBUS BUS_ADRERR", bc_touch(s, s->f->map + (6 << 20)));
	EXPECT_STREQ("SIGBUS BUS_ADRERR", bc_touch(s, s->f->map + (8 << 20) - 1));
	actors_end();
}

TEST_F(conf, M_003)
{
	struct client *s = self->s;

	EXPECT_STREQ("SIGSEGV SEGV_ACCERR", bc_poke(s, s->f->map));
	EXPECT_EQ(0, bc_oneway(self->c, .data = "here", .size = 4));
	bc_take(s);
	EXPECT_STREQ("SIGSEGV SEGV_ACCERR", bc_poke(s, s->f->map));
	EXPECT_TRUE(bc_same(s, (binder_uintptr_t)s->f->map, "here", 4));
}

TEST_F(conf, M_004)
{
	long map = (long)self->s->f->map;

	EXPECT_EQ(-EACCES, bc_sys(self->s, mprotect, map, BC_MAP_SIZE,
				  PROT_READ | PROT_WRITE));
	EXPECT_EQ(-EACCES, bc_sys(self->s, mprotect, map, PAGE, PROT_WRITE));
}

TEST_F(conf, M_005)
{
	struct client *s = self->s;
	const u8 *seen;

	EXPECT_EQ(0, bc_oneway(self->c, .data = "12345", .size = 5));
	EXPECT_STREQ("#...", bc_pages(s, 0, 4));
	seen = bc_peek(s, (binder_uintptr_t)s->f->map, PAGE);
	ASSERT_NE(NULL, seen);
	EXPECT_EQ(0, memcmp(seen, "12345", 5));
	EXPECT_TRUE(all_zero(seen + 5, PAGE - 5));
}

TEST_F(conf, M_006)
{
	binder_uintptr_t addr;

	addr = receive_and_free(self->s, self->c, "still here", 10, 0);
	EXPECT_TRUE(bc_same(self->s, addr, "still here", 10));
}

TEST_F(conf, M_007)
{
	receive_and_free(self->s, self->c, "going", 5, 0);
	drop_slab_caches();
	EXPECT_STREQ("....", bc_pages(self->s, 0, 4));
}

TEST_F(conf, M_008)
{
	struct binder_transaction_data t;

	EXPECT_EQ(0, bc_oneway(self->c, .data = "in use", .size = 6));
	t = bc_take(self->s);
	drop_slab_caches();
	EXPECT_STREQ("#...", bc_pages(self->s, 0, 4));
	EXPECT_TRUE(bc_same(self->s, t.data.ptr.buffer, "in use", 6));
}

TEST_F(conf, M_009)
{
	u8 *page = stage_scratch(PAGE);
	binder_uintptr_t addr;
	const u8 *seen;

	fill_pattern(page, PAGE, 9);
	receive_and_free(self->s, self->c, page, PAGE, 0);
	drop_slab_caches();
	addr = receive_and_free(self->s, self->c, "new", 3, 0);
	ASSERT_EQ((binder_uintptr_t)self->s->f->map, addr);
	seen = bc_peek(self->s, addr, PAGE);
	ASSERT_NE(NULL, seen);
	EXPECT_EQ(0, memcmp(seen, "new", 3));
	EXPECT_TRUE(all_zero(seen + 3, PAGE - 3));
}

TEST_F(conf, M_010)
{
	struct client *s = self->s, *c = self->c;
	u8 first[64], want[64];
	binder_uintptr_t addr;

	fill_pattern(first, sizeof(first), 10);
	addr = receive_and_free(s, c, first, sizeof(first), 0);
	EXPECT_EQ(addr, receive_and_free(s, c, "xy", 2, 0));
	memcpy(want, first, sizeof(want));
	memcpy(want, "xy", 2);
	EXPECT_TRUE(bc_same(s, addr, want, 16));
}

TEST_F(conf, M_011)
{
	struct client *s = self->s;
	binder_uintptr_t addr;
	const u8 *seen;
	u8 data[61];

	fill_pattern(data, sizeof(data), 11);
	addr = receive_and_free(s, self->c, data, sizeof(data), TF_CLEAR_BUF);
	seen = bc_peek(s, addr, 64);
	ASSERT_NE(NULL, seen);
	EXPECT_TRUE(all_zero(seen, 64));
}

/* The padding holds bytes of an earlier message, and goes as well. */
TEST_F(conf, M_011_padding)
{
	struct client *s = self->s, *c = self->c;
	binder_uintptr_t addr;
	const u8 *seen;
	u8 data[64];

	fill_pattern(data, sizeof(data), 11);
	addr = receive_and_free(s, c, data, 64, 0);
	EXPECT_EQ(addr, receive_and_free(s, c, data, 57, TF_CLEAR_BUF));
	seen = bc_peek(s, addr, 64);
	ASSERT_NE(NULL, seen);
	EXPECT_TRUE(all_zero(seen, 64));
}

TEST_F(conf, M_012)
{
	struct client *c = self->c;
	binder_uintptr_t addr;
	const u8 *seen;

	EXPECT_EQ(0, bc_send(c, .code = 1));
	bc_take(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .flags = TF_CLEAR_BUF,
			      .data = "secret", .size = 6));
	addr = bc_take(c).data.ptr.buffer;
	EXPECT_TRUE(bc_same(c, addr, "secret", 6));
	EXPECT_EQ(0, bc_free(c, addr));
	seen = bc_peek(c, addr, 8);
	ASSERT_NE(NULL, seen);
	EXPECT_TRUE(all_zero(seen, 8));
}

/*
 * One page of the message can be read and the next one not. The kernel's driver
 * leaves what it had copied where the receiver can read it; ours does not.
 */
static void fail_halfway(struct client *c, u32 flags)
{
	u8 *data = bc_edge(c) - PAGE;

	fill_pattern(data, PAGE, 13);
	bc_send(c, .raw = true, .flags = flags, .data = data, .size = 2 * PAGE);
	if (strcmp(bc_ee(c), "FR EFAULT"))
		test_abort("wanted EFAULT, got %s", c->ee_text);
	bc_read(c);
}

TEST_F(conf, M_013)
{
	struct client *s = self->s;
	const u8 *seen;

	fail_halfway(self->c, 0);
	seen = bc_peek(s, (binder_uintptr_t)s->f->map, PAGE);
	if (on_stock()) {
		ASSERT_NE(NULL, seen);
		EXPECT_EQ(-1, find_mismatch(seen, PAGE, 13));
		return;
	}
	EXPECT_TRUE(!seen || all_zero(seen, PAGE));
}

TEST_F(conf, M_013_clear_buf)
{
	struct client *s = self->s;
	const u8 *seen;

	fail_halfway(self->c, TF_CLEAR_BUF);
	seen = bc_peek(s, (binder_uintptr_t)s->f->map, PAGE);
	EXPECT_TRUE(!seen || all_zero(seen, PAGE));
}

TEST_F(conf, M_014)
{
	struct client *s = self->s;
	struct binder_transaction_data t;

	EXPECT_EQ(0, bc_send(self->c, .data = "call", .size = 4));
	t = bc_take(s);
	EXPECT_EQ(0, bc_unmap(s));
	EXPECT_EQ(0, bc_free(s, t.data.ptr.buffer));
	EXPECT_EQ(12, s->bwr.write_consumed);
	EXPECT_EQ(0, bc_reply(s, .code = 2, .data = "reply", .size = 5));
	EXPECT_STREQ("NOOP TC", bc_read(s));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(self->c));
	EXPECT_STREQ("NOOP DR, DR ESRCH", bc_outcome(self->c, .code = 3));
}

TEST_F(conf, M_015_munmap_part)
{
	struct client *s = self->s;
	long map = (long)s->f->map;

	EXPECT_EQ(0, bc_sys(s, munmap, map + 8 * PAGE, PAGE));
	EXPECT_STREQ("NOOP DR, DR ESRCH", bc_outcome(self->c, .code = 1));
}

TEST_F(conf, M_015_mremap_shrink)
{
	struct client *s = self->s;
	long map = (long)s->f->map;

	EXPECT_EQ(map, bc_sys(s, mremap, map, BC_MAP_SIZE, BC_MAP_SIZE / 2, 0));
	EXPECT_STREQ("NOOP DR, DR ESRCH", bc_outcome(self->c, .code = 1));
}

/* Move the mapping of S to where it has other memory; returns the new place. */
static u8 *move_mapping(struct client *s)
{
	u8 *to = bc_mem(s, s->f->size);
	long ret;

	ret = bc_sys(s, mremap, (long)s->f->map, s->f->size, s->f->size,
		     MREMAP_MAYMOVE | MREMAP_FIXED, (long)to);
	if (ret != (long)to)
		test_abort("mremap: %s", errno_name(ret));
	return to;
}

TEST_F(conf, M_015_mremap_move)
{
	move_mapping(self->s);
	EXPECT_STREQ("NOOP DR, DR ESRCH", bc_outcome(self->c, .code = 1));
}

TEST_F(conf, M_016)
{
	struct client *s = self->s;
	u8 *old = s->f->map, *new;

	EXPECT_EQ(0, bc_oneway(self->c, .data = "moved", .size = 5));
	bc_take(s);
	new = move_mapping(s);
	EXPECT_STREQ("SIGSEGV SEGV_MAPERR", bc_touch(s, old));
	EXPECT_TRUE(bc_same(s, (binder_uintptr_t)new, "moved", 5));
}

TEST_F(conf, M_017)
{
	struct client *s = self->s;

	EXPECT_EQ(-ENOMEM, bc_sys(s, mremap, (long)s->f->map, BC_MAP_SIZE,
				  2 * BC_MAP_SIZE, 0));
	EXPECT_EQ(0, bc_send(self->c, .data = "works", .size = 5));
	EXPECT_TRUE(bc_same(s, bc_take(s).data.ptr.buffer, "works", 5));
}

/* In a child of the actor; the result is the exit status. */
static long touch_in_child(struct actor *a, void *arg)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		struct fault f = try_read(NULL, arg, 1);

		_exit(!f.sig ? 0 :
		      f.sig == SIGSEGV && f.code == SEGV_MAPERR ? 1 : 2);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

TEST_F(conf, M_018)
{
	struct client *s = self->s;

	EXPECT_EQ(0, bc_oneway(self->c, .data = "mine", .size = 4));
	EXPECT_EQ(1, actor_call(s->a, touch_in_child, s->f->map));
	EXPECT_STREQ("ok", bc_touch(s, s->f->map));
}

/*
 * The kernel's driver takes the end of the child's copy for the end of the
 * parent's mapping; ours tells them apart.
 */
TEST_F(conf, M_019)
{
	struct client *s = self->s, *t = bc_thread(s, "t");

	ASSERT_EQ(0, bc_sys(s, madvise, (long)s->f->map, BC_MAP_SIZE,
			    MADV_DOFORK));
	EXPECT_NE(-1, actor_call(t->a, touch_in_child, s->f->map));
	if (on_stock()) {
		EXPECT_STREQ("NOOP DR, DR ESRCH", bc_outcome(self->c, .code = 1));
		return;
	}
	EXPECT_EQ(0, bc_send(self->c, .data = "works", .size = 5));
	EXPECT_TRUE(bc_same(s, bc_take(s).data.ptr.buffer, "works", 5));
}

/*
 * The receiver drops the page table entry of a page. With the kernel's driver
 * the page cannot be reached until it has been reclaimed; with ours the next
 * touch brings it back.
 */
TEST_F(conf, M_020)
{
	struct client *s = self->s;
	long map = (long)s->f->map;

	receive_and_free(s, self->c, "old", 3, 0);
	EXPECT_EQ(0, bc_sys(s, madvise, map, PAGE, MADV_DONTNEED));
	EXPECT_EQ(0, bc_oneway(self->c, .data = "new", .size = 3));
	ASSERT_EQ(map, bc_take(s).data.ptr.buffer);
	if (on_stock()) {
		EXPECT_STREQ("SIGBUS BUS_ADRERR", bc_touch(s, s->f->map));
		return;
	}
	EXPECT_TRUE(bc_same(s, map, "new", 3));
}

TEST_F(conf, M_020_live)
{
	struct client *s = self->s;
	long map = (long)s->f->map;

	EXPECT_EQ(0, bc_oneway(self->c, .data = "live", .size = 4));
	ASSERT_EQ(map, bc_take(s).data.ptr.buffer);
	EXPECT_EQ(0, bc_sys(s, madvise, map, PAGE, MADV_DONTNEED));
	if (on_stock()) {
		EXPECT_STREQ("SIGBUS BUS_ADRERR", bc_touch(s, s->f->map));
		return;
	}
	EXPECT_TRUE(bc_same(s, map, "live", 4));
}

/* A page that nothing lies in does not come back. */
TEST_F(conf, M_020_idle)
{
	struct client *s = self->s;

	receive_and_free(s, self->c, "old", 3, 0);
	EXPECT_EQ(0, bc_sys(s, madvise, (long)s->f->map, PAGE, MADV_DONTNEED));
	EXPECT_STREQ("SIGBUS BUS_ADRERR", bc_touch(s, s->f->map));
}

TEST_F(conf, M_021)
{
	static const struct {
		int advice;
		long want;
	} v[] = {
		{ MADV_FREE, -EINVAL },
		{ MADV_REMOVE, -EACCES },
		{ MADV_MERGEABLE, -EINVAL },
		{ MADV_POPULATE_READ, -EFAULT },
		{ MADV_COLD, 0 },
		{ MADV_PAGEOUT, 0 },
		{ MADV_DONTFORK, 0 },
		{ MADV_DOFORK, 0 },
	};
	size_t i;

	EXPECT_EQ(0, bc_oneway(self->c, .data = "page", .size = 4));
	for (i = 0; i < ARRAY_SIZE(v); i++) {
		EXPECT_EQ(v[i].want, bc_sys(self->s, madvise,
					    (long)self->s->f->map, BC_MAP_SIZE,
					    v[i].advice))
			TH_LOG("advice %d", v[i].advice);
	}
	EXPECT_TRUE(bc_same(self->s, bc_take(self->s).data.ptr.buffer, "page",
			    4));
}

TEST_F(conf, M_022)
{
	struct client *s = self->s;
	long map = (long)s->f->map;

	EXPECT_EQ(-ENOMEM, bc_sys(s, mlock, map, BC_MAP_SIZE));
	EXPECT_EQ(0, bc_oneway(self->c, .data = "page", .size = 4));
	EXPECT_EQ(0, bc_sys(s, mlock, map, PAGE));
	EXPECT_EQ(0, smaps_kb(s->a->pid, s->f->map, "Locked"));
}

TEST_F(conf, M_023)
{
	struct client *s = self->s;

	EXPECT_EQ(0, bc_oneway(self->c, .data = "page", .size = 4));
	EXPECT_STREQ("#...", bc_pages(s, 0, 4));
	EXPECT_EQ(4, smaps_kb(s->a->pid, s->f->map, "Rss"));
	EXPECT_EQ(4, smaps_kb(s->a->pid, s->f->map, "Private_Clean"));
	EXPECT_EQ(0, smaps_kb(s->a->pid, s->f->map, "Anonymous"));
}

TEST_F(conf, M_024)
{
	char *path = stage_scratch(64), *evil = stage_scratch(8);
	struct client *s = self->s;
	long fd;

	EXPECT_EQ(0, bc_oneway(self->c, .data = "good", .size = 4));
	bc_take(s);
	snprintf(path, 64, "/proc/self/mem");
	memcpy(evil, "evil", 4);
	fd = bc_sys(s, openat, AT_FDCWD, (long)path, O_RDWR);
	ASSERT_GE(fd, 0);
	EXPECT_EQ(-EIO, bc_sys(s, pwrite64, fd, (long)evil, 4,
			       (long)s->f->map));
	EXPECT_TRUE(bc_same(s, (binder_uintptr_t)s->f->map, "good", 4));
}

/*
 * mprotect() on one half makes two mappings of it. The kernel's driver knows
 * only one of them; ours finds both.
 */
TEST_F(conf, M_025)
{
	void *data = stage_scratch(BC_MAP_SIZE);
	const size_t half = BC_MAP_SIZE / 2;
	struct client *s = self->s;
	long map = (long)s->f->map;

	fill_pattern(data, BC_MAP_SIZE, 25);
	EXPECT_EQ(0, bc_sys(s, mprotect, map + half, half, PROT_NONE));
	EXPECT_EQ(0, bc_send(self->c, .data = data, .size = BC_MAP_SIZE));
	if (on_stock()) {
		EXPECT_STREQ("FR ENOMEM", bc_ee(self->c));
		EXPECT_STREQ("NOOP FR", bc_read(self->c));
		return;
	}
	EXPECT_EQ(0, bc_sys(s, mprotect, map + half, half, PROT_READ));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
	EXPECT_EQ(-1, bc_mismatch(s, bc_txn(s)->data.ptr.buffer, BC_MAP_SIZE,
				  25));
}

TEST_F(conf, M_025_whole)
{
	struct client *s = self->s;
	long map = (long)s->f->map;

	EXPECT_EQ(0, bc_sys(s, mprotect, map, BC_MAP_SIZE, PROT_NONE));
	EXPECT_EQ(0, bc_send(self->c, .data = "unseen", .size = 6));
	bc_take(s);
	EXPECT_STREQ("SIGSEGV SEGV_ACCERR", bc_touch(s, s->f->map));
	EXPECT_EQ(0, bc_sys(s, mprotect, map, BC_MAP_SIZE, PROT_READ));
	EXPECT_TRUE(bc_same(s, map, "unseen", 6));
}

/*
 * Four buffers in a row, of which the first and the third are given back. That
 * a hole is chosen that fits best is nobody's right; that one is chosen which
 * fits, is.
 */
TEST_F(conf, M_026)
{
	static const size_t sizes[] = { 104, 8, 304, 8 };
	const void *data = stage_scratch(PAGE);
	struct client *s = self->s, *c = self->c;
	binder_uintptr_t at[4];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		at[i] = bc_deliver(s, c, .data = data, .size = sizes[i]);
		ASSERT_NE(0, at[i]);
	}
	for (i = 1; i < ARRAY_SIZE(sizes); i++)
		EXPECT_EQ(sizes[i - 1], at[i] - at[i - 1]);
	EXPECT_EQ(0, bc_free(s, at[0]));
	EXPECT_EQ(0, bc_free(s, at[2]));
	EXPECT_EQ(at[0], bc_deliver(s, c, .data = data, .size = 96));
	EXPECT_EQ(at[2], bc_deliver(s, c, .data = data, .size = 280));
}

TEST_F(conf, M_027)
{
	EXPECT_EQ(0, bc_send(self->c, .data = stage_scratch(10000),
			     .size = 10000));
	EXPECT_STREQ("###.", bc_pages(self->s, 0, 4));
}

TEST_HARNESS_MAIN
