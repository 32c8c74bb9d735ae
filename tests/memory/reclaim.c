// SPDX-License-Identifier: GPL-2.0
/*
 * Reclaim of idle pages: exactly which, and what it must not touch.
 *
 * The shrinker is run through its debugfs file, which makes it look at exactly
 * so many pages. At the start of each test no page of any process is idle.
 */
#include "memory.h"

/*
 * Make C keep a reply, so that the page its replies lie in is always in use:
 * all idle pages are pages of S then.
 */
static void keep_a_reply(struct client *s, struct client *c)
{
	long ret = bc_send(c, .code = 1);

	bc_take_and_free(s);
	if (!ret)
		ret = bc_reply(s, .code = 2);
	if (ret || strcmp(bc_read(s), "NOOP TC") ||
	    strcmp(bc_read(c), "NOOP TC REPLY"))
		test_abort("no reply to keep");
}

FIXTURE(idle) {
	struct client *s;
	struct client *c;
};

FIXTURE_SETUP(idle)
{
	self->s = bc_server("S", MAP_SIZE);
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	keep_a_reply(self->s, self->c);
	drop_slab_caches();
	await_reclaimable(0);
}

FIXTURE_TEARDOWN(idle)
{
	actors_end();
}

static binder_uintptr_t deliver_pages(struct client *s, struct client *c,
				      size_t n, u64 seed)
{
	void *data = stage_scratch(n * PAGE);
	binder_uintptr_t buffer;

	fill_pattern(data, n * PAGE, seed);
	buffer = bc_deliver(s, c, .data = data, .size = n * PAGE);
	if (!buffer)
		test_abort("%zu pages do not fit: %s", n, c->ee_text);
	return buffer;
}

static void make_idle(struct client *s, struct client *c, size_t n)
{
	long ret = bc_free(s, deliver_pages(s, c, n, 1));

	if (ret)
		test_abort("BC_FREE_BUFFER: %s", errno_name(ret));
}

static size_t present(struct client *s, size_t n)
{
	const char *p = bc_pages(s, 0, n);
	size_t count = 0;

	for (; *p; p++)
		count += *p == '#';
	return count;
}

TEST_F(idle, exactly_as_many_as_asked_for)
{
	static const size_t step[] = { 1, 5, 0, 9, 1, 100 };
	size_t i, left = 16;

	make_idle(self->s, self->c, 16);
	EXPECT_EQ(16, reclaimable(ANY_GROUP));
	EXPECT_EQ(16, present(self->s, PAGES));
	for (i = 0; i < ARRAY_SIZE(step); i++) {
		reclaim(ANY_GROUP, step[i]);
		left -= step[i] < left ? step[i] : left;
		EXPECT_EQ(left, reclaimable(ANY_GROUP));
		EXPECT_EQ(left, present(self->s, PAGES));
	}
}

TEST_F(idle, oldest_freed_first)
{
	static const int order[] = { 2, 0, 3, 1 };
	static const char * const then[] = {
		"####..##", "..##..##", "..##....", "........"
	};
	struct client *s = self->s;
	binder_uintptr_t buffer[4];
	size_t i;

	for (i = 0; i < 4; i++)
		buffer[i] = deliver_pages(s, self->c, 2, i);
	EXPECT_STREQ("########", bc_pages(s, 0, 8));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(0, bc_free(s, buffer[order[i]]));
	for (i = 0; i < 4; i++) {
		reclaim(ANY_GROUP, 2);
		EXPECT_STREQ(then[i], bc_pages(s, 0, 8));
	}
}

TEST_F(idle, oldest_first_across_processes)
{
	struct client *s2 = bc_start("S2", BC_DEVICE_2, MAP_SIZE);
	struct client *c2 = bc_start("C2", BC_DEVICE_2, BC_MAP_SIZE);

	ASSERT_EQ(0, bc_manager(s2, BC_NODE_FLAGS));
	keep_a_reply(s2, c2);
	drop_slab_caches();
	await_reclaimable(0);

	make_idle(self->s, self->c, 4);
	make_idle(s2, c2, 4);
	reclaim(ANY_GROUP, 4);
	EXPECT_STREQ("....", bc_pages(self->s, 0, 4));
	EXPECT_STREQ("####", bc_pages(s2, 0, 4));
	reclaim(ANY_GROUP, 4);
	EXPECT_STREQ("....", bc_pages(s2, 0, 4));
}

TEST_F(idle, pages_taken_into_use_again_stay)
{
	struct client *s = self->s;
	binder_uintptr_t buffer;

	make_idle(s, self->c, 16);
	buffer = deliver_pages(s, self->c, 4, 5);
	ASSERT_EQ((binder_uintptr_t)s->f->map, buffer);
	/* A driver may notice only when it looks that pages are in use again. */
	EXPECT_GE(reclaimable(ANY_GROUP), 12);
	EXPECT_LE(reclaimable(ANY_GROUP), 16);
	reclaim(ANY_GROUP, 1000);
	EXPECT_STREQ("####............", bc_pages(s, 0, 16));
	EXPECT_EQ(-1, bc_mismatch(s, buffer, 4 * PAGE, 5));
	EXPECT_EQ(0, bc_free(s, buffer));
	EXPECT_EQ(4, reclaimable(ANY_GROUP));
}

/* What counts is when a page was freed last. */
TEST_F(idle, pages_used_and_freed_again_are_the_youngest)
{
	struct client *s = self->s;
	binder_uintptr_t a, b;
	int i;

	a = deliver_pages(s, self->c, 2, 1);
	b = deliver_pages(s, self->c, 2, 2);
	EXPECT_EQ(0, bc_free(s, a));
	EXPECT_EQ(0, bc_free(s, b));
	ASSERT_EQ(a, deliver_pages(s, self->c, 2, 3));
	EXPECT_EQ(0, bc_free(s, a));
	/* Looking at a page may do no more than put it where it belongs. */
	for (i = 0; i < 4 && present(s, 4) > 2; i++)
		reclaim(ANY_GROUP, 1);
	EXPECT_STREQ("##..", bc_pages(s, 0, 4));
	reclaim(ANY_GROUP, 2);
	EXPECT_STREQ("....", bc_pages(s, 0, 4));
}

TEST_F(idle, page_of_two_buffers)
{
	struct client *s = self->s;
	u8 data[6000];
	binder_uintptr_t a, b;

	fill_pattern(data, sizeof(data), 7);
	a = bc_deliver(s, self->c, .data = data, .size = sizeof(data));
	b = bc_deliver(s, self->c, .data = data, .size = sizeof(data));
	EXPECT_EQ(0, reclaimable(ANY_GROUP));
	EXPECT_EQ(0, bc_free(s, a));
	EXPECT_EQ(1, reclaimable(ANY_GROUP));
	reclaim(ANY_GROUP, 1000);
	EXPECT_STREQ(".##.", bc_pages(s, 0, 4));
	EXPECT_EQ(-1, bc_mismatch(s, b, sizeof(data), 7));
	EXPECT_EQ(0, bc_free(s, b));
	EXPECT_EQ(2, reclaimable(ANY_GROUP));
}

TEST_F(idle, pages_in_use_stay)
{
	binder_uintptr_t buffer = deliver_pages(self->s, self->c, 16, 3);

	EXPECT_EQ(0, reclaimable(ANY_GROUP));
	reclaim(ANY_GROUP, 1000);
	drop_slab_caches();
	EXPECT_EQ(16, present(self->s, PAGES));
	EXPECT_EQ(-1, bc_mismatch(self->s, buffer, 16 * PAGE, 3));
}

TEST_F(idle, undelivered_pages_stay)
{
	void *data = stage_scratch(16 * PAGE);

	fill_pattern(data, 16 * PAGE, 4);
	EXPECT_EQ(0, bc_oneway(self->c, .data = data, .size = 16 * PAGE));
	EXPECT_EQ(0, reclaimable(ANY_GROUP));
	reclaim(ANY_GROUP, 1000);
	drop_slab_caches();
	EXPECT_EQ(-1, bc_mismatch(self->s, bc_take(self->s).data.ptr.buffer,
				  16 * PAGE, 4));
}

TEST_F(idle, a_reclaimed_page_comes_back_zeroed)
{
	struct client *s = self->s;
	const u8 *seen;
	size_t i;

	make_idle(s, self->c, 16);
	reclaim(ANY_GROUP, 1000);
	ASSERT_NE(0, bc_deliver(s, self->c, .data = "12345678", .size = 8));
	EXPECT_STREQ("#...", bc_pages(s, 0, 4));
	seen = bc_peek(s, (binder_uintptr_t)s->f->map, PAGE);
	ASSERT_NE(NULL, seen);
	for (i = 8; i < PAGE && !seen[i]; i++)
		;
	EXPECT_EQ(PAGE, i);
}

TEST_F(idle, drop_caches)
{
	make_idle(self->s, self->c, 16);
	drop_slab_caches();
	EXPECT_EQ(0, reclaimable(ANY_GROUP));
	EXPECT_EQ(0, present(self->s, PAGES));
}

/* The kernel may keep some of it for itself, but not ten rounds of 4 MiB. */
TEST_F(idle, memory_is_given_back)
{
	const size_t size = 4 << 20;
	struct client *s2 = bc_start("S2", BC_DEVICE_2, size);
	struct client *c2 = bc_start("C2", BC_DEVICE_2, BC_MAP_SIZE);
	void *data = stage_keep(size);
	u64 before = 0;
	int i;

	ASSERT_EQ(0, bc_manager(s2, BC_NODE_FLAGS));
	fill_pattern(data, size, 1);
	for (i = 0; i <= 10; i++) {
		bc_free(s2, bc_deliver(s2, c2, .raw = true, .data = data,
				       .size = size));
		EXPECT_EQ(1024, present(s2, 1024));
		reclaim(ANY_GROUP, 2000);
		EXPECT_EQ(0, present(s2, 1024));
		if (!i)
			before = free_memory_kb();
	}
	EXPECT_GE(free_memory_kb() + (8 << 10), before);
}

TEST_F(idle, after_munmap)
{
	make_idle(self->s, self->c, 16);
	EXPECT_EQ(0, bc_unmap(self->s));
	EXPECT_LE(reclaimable(ANY_GROUP), 16);
	reclaim(ANY_GROUP, 1000);
	EXPECT_EQ(0, reclaimable(ANY_GROUP));
}

TEST_F(idle, after_death)
{
	make_idle(self->s, self->c, 16);
	actor_kill(self->s->a);
	await_reclaimable(0);
}

/* Memory that lies where the mapping was is none of the driver's business. */
static void put_memory(struct client *s)
{
	long ret = bc_sys(s, mmap, (long)s->f->map, MAP_SIZE,
			  PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (ret != (long)s->f->map)
		test_abort("mmap over the mapping: %s", errno_name(ret));
	bc_fill(s, s->f->map, MAP_SIZE, 0x77);
}

TEST_F(idle, own_memory_in_place_of_mapping)
{
	struct client *s = self->s;

	make_idle(s, self->c, 16);
	put_memory(s);
	reclaim(ANY_GROUP, 1000);
	drop_slab_caches();
	EXPECT_EQ(-1, bc_mismatch(s, (binder_uintptr_t)s->f->map, MAP_SIZE,
				  0x77));
}

TEST_F(idle, mapping_moved_away)
{
	struct client *s = self->s;
	u8 *to = bc_mem(s, MAP_SIZE);

	make_idle(s, self->c, 16);
	ASSERT_EQ((long)to, bc_sys(s, mremap, (long)s->f->map, MAP_SIZE,
				   MAP_SIZE, MREMAP_MAYMOVE | MREMAP_FIXED,
				   (long)to));
	put_memory(s);
	reclaim(ANY_GROUP, 1000);
	drop_slab_caches();
	EXPECT_EQ(-1, bc_mismatch(s, (binder_uintptr_t)s->f->map, MAP_SIZE,
				  0x77));
	/* What S can still see there is what it had been sent, or nothing. */
	if (!strcmp("ok", bc_touch(s, to)))
		EXPECT_EQ(-1, bc_mismatch(s, (binder_uintptr_t)to, PAGE, 1));
}

/* The mapping of another file has the same operations, but is not the one. */
TEST_F(idle, other_file_in_place_of_mapping)
{
	struct client *s = self->s, *s2, *c2;
	binder_uintptr_t buffer;
	void *data = stage_scratch(16 * PAGE);

	make_idle(s, self->c, 16);
	s2 = bc_second_file(s, BC_DEVICE_2, 0);
	c2 = bc_start("C2", BC_DEVICE_2, BC_MAP_SIZE);
	s2->f->map = (u8 *)bc_sys(s2, mmap, (long)s->f->map, MAP_SIZE,
				  PROT_READ, MAP_PRIVATE | MAP_FIXED,
				  s2->f->fd, 0);
	ASSERT_EQ(s->f->map, s2->f->map);
	ASSERT_EQ(0, bc_manager(s2, BC_NODE_FLAGS));
	fill_pattern(data, 16 * PAGE, 8);
	buffer = bc_deliver(s2, c2, .data = data, .size = 16 * PAGE);
	ASSERT_NE(0, buffer);
	reclaim(ANY_GROUP, 1000);
	EXPECT_EQ(16, present(s2, PAGES));
	EXPECT_EQ(-1, bc_mismatch(s2, buffer, 16 * PAGE, 8));
}

TEST_HARNESS_MAIN
