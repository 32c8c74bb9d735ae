// SPDX-License-Identifier: GPL-2.0
/*
 * The copy: what arrives is what was sent, whatever its size and alignment, and
 * what could not be copied leaves nothing behind.
 */
#include "memory.h"

#define BIG ((size_t)4 << 20)

static void expect_arrives(struct __test_metadata *_metadata, struct client *s,
			   struct client *c, size_t align, size_t size)
{
	u8 *data = (u8 *)stage_scratch(size + 2 * PAGE) + align;
	binder_uintptr_t buffer;

	fill_pattern(data, size, size);
	buffer = bc_deliver(s, c, .raw = true, .data = data, .size = size);
	ASSERT_NE(0, buffer)
		TH_LOG("%zu bytes from %zu: %s", size, align, c->ee_text);
	EXPECT_EQ(-1, bc_mismatch(s, buffer, size, size))
		TH_LOG("%zu bytes from %zu", size, align);
	EXPECT_EQ(0, bc_free(s, buffer));
}

TEST_F(mem, sizes_about_pages)
{
	static const size_t size[] = {
		0, 1, 7, 8, 9, 4087, 4088, 4089, 4095, 4096, 4097, 8191, 8192,
		8193, 12000, 65535, 65536, 65537, MAP_SIZE
	};
	static const size_t align[] = { 0, 1, 8, 4095 };
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(size); i++)
		for (j = 0; j < ARRAY_SIZE(align); j++)
			expect_arrives(_metadata, self->s, self->c, align[j],
				       size[i]);
}

/* The same with buffers that begin in the middle of a page. */
TEST_F(mem, sizes_from_the_middle_of_a_page)
{
	static const size_t size[] = { 1, 2048, 2049, 4096, 6144, 6145, 65536 };
	size_t i;

	ASSERT_NE(0, bc_deliver(self->s, self->c, .data = stage_scratch(2048),
				.size = 2048));
	for (i = 0; i < ARRAY_SIZE(size); i++)
		expect_arrives(_metadata, self->s, self->c, 3, size[i]);
}

FIXTURE(big) {
	struct client *s;
	struct client *c;
};

FIXTURE_SETUP(big)
{
	self->s = bc_server("S", BIG);
	self->c = bc_start("C", BC_DEVICE, BIG);
}

FIXTURE_TEARDOWN(big)
{
	actors_end();
}

TEST_F(big, one_mebibyte)
{
	expect_arrives(_metadata, self->s, self->c, 0, 1 << 20);
	expect_arrives(_metadata, self->s, self->c, 5, 1 << 20);
}

TEST_F(big, all_but_eight_bytes)
{
	expect_arrives(_metadata, self->s, self->c, 0, BIG - 8);
	expect_arrives(_metadata, self->s, self->c, 0, BIG);
}

TEST_F(big, reply)
{
	u8 *data = stage_scratch(BIG);

	fill_pattern(data, BIG, 1);
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .raw = true, .data = data,
			      .size = BIG - 8));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(self->c));
	EXPECT_EQ(BIG - 8, bc_txn(self->c)->data_size);
	EXPECT_EQ(-1, bc_mismatch(self->c, bc_txn(self->c)->data.ptr.buffer,
				  BIG - 8, 1));
}

/* Count the bytes that S can read in its mapping and that are not 0. */
struct scan {
	u8 *map;
	size_t size;
};

static long count_bytes(struct actor *a, void *arg)
{
	struct scan *scan = arg;
	static u8 page[4096];
	long count = 0;
	size_t i, j;

	for (i = 0; i < scan->size; i += PAGE) {
		if (try_read(page, scan->map + i, PAGE).sig)
			continue;
		for (j = 0; j < PAGE; j++)
			count += page[j] != 0;
	}
	return count;
}

static long visible_bytes(struct client *s)
{
	struct scan *scan = stage_scratch(sizeof(*scan));

	*scan = (struct scan) { s->f->map, s->f->size };
	return actor_call(s->a, count_bytes, scan);
}

/*
 * Take the @n-th page of the sender's memory away, or put it back.
 * mprotect() would not do: a User-Mode Linux kernel reads what it likes.
 */
static void unmap_page(struct client *c, u8 *data, size_t n)
{
	long ret = bc_sys(c, munmap, (long)data + n * PAGE, PAGE);

	if (ret)
		test_abort("munmap: %s", errno_name(ret));
}

static void map_page(struct client *c, u8 *data, size_t n)
{
	long ret = bc_sys(c, mmap, (long)data + n * PAGE, PAGE,
			  PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (ret != (long)data + (long)(n * PAGE))
		test_abort("mmap: %s", errno_name(ret));
	bc_fill(c, data + n * PAGE, PAGE, n);
}

/*
 * A message as large as the whole mapping, with one unreadable page. If an
 * attempt kept any of the space, the next would fail with ENOSPC.
 */
static void fail_at_each_page(struct __test_metadata *_metadata,
			      struct client *s, struct client *c, u32 flags,
			      size_t skew)
{
	u8 *data = bc_mem(c, MAP_SIZE + PAGE);
	size_t n;

	bc_fill(c, data, MAP_SIZE + PAGE, 6);
	for (n = 0; n < PAGES; n++) {
		unmap_page(c, data, n);
		ASSERT_STREQ("NOOP FR, FR EFAULT",
			     bc_outcome(c, .raw = true, .data = data + skew,
					.size = MAP_SIZE, .flags = flags))
			TH_LOG("page %zu", n);
		map_page(c, data, n);
		if (n % 16 && n != PAGES - 1)
			continue;
		if (!on_stock() || flags & TF_CLEAR_BUF) {
			ASSERT_EQ(0, visible_bytes(s))
				TH_LOG("page %zu", n);
		} else if (n) {
			/* What is before the page, and on stock stays. */
			EXPECT_NE(0, visible_bytes(s));
		}
	}
	EXPECT_STREQ("EAGAIN", bc_read(s));
	EXPECT_TRUE(bc_room(s, c));
}

TEST_F(mem, fault_at_each_page)
{
	fail_at_each_page(_metadata, self->s, self->c, 0, 0);
}

TEST_F(mem, fault_at_each_page_clear_buf)
{
	fail_at_each_page(_metadata, self->s, self->c, TF_CLEAR_BUF, 0);
}

/* The sender's pages do not lie over the receiver's. */
TEST_F(mem, fault_at_each_page_skewed)
{
	fail_at_each_page(_metadata, self->s, self->c, 0, 1000);
}

/* The last byte of the message cannot be read. */
TEST_F(mem, fault_at_last_byte)
{
	struct client *c = self->c;
	u8 *edge = bc_edge(c);
	size_t size;

	fill_pattern(edge - PAGE, PAGE, 1);
	for (size = 1; size < PAGE; size += size < 16 ? 1 : 511) {
		EXPECT_STREQ("NOOP FR, FR EFAULT",
			     bc_outcome(c, .raw = true, .data = edge - size,
					.size = size + 1));
		if (!on_stock())
			EXPECT_EQ(0, visible_bytes(self->s));
	}
	EXPECT_TRUE(bc_room(self->s, c));
}

/* The offsets lie behind the data in the buffer; the data is copied last. */
TEST_F(mem, fault_in_offsets)
{
	struct client *c = self->c;
	u8 *data = stage_scratch(PAGE);

	fill_pattern(data, PAGE, 1);
	EXPECT_STREQ("NOOP FR, FR EFAULT",
		     bc_outcome(c, .raw = true, .data = data, .size = PAGE,
				.offsets = bc_edge(c) - 8,
				.offsets_size = 16));
	if (!on_stock())
		EXPECT_EQ(0, visible_bytes(self->s));
	EXPECT_TRUE(bc_room(self->s, c));
}

/* A reply that fails leaves nothing in the caller's mapping. */
TEST_F(mem, fault_in_reply)
{
	struct client *s = self->s, *c = self->c;
	u8 *edge = bc_edge(s);
	int i;

	fill_pattern(edge - PAGE, PAGE, 1);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, bc_send(c, .code = 1));
		bc_take_and_free(s);
		EXPECT_EQ(0, bc_reply(s, .raw = true, .data = edge - PAGE,
				      .size = BC_MAP_SIZE));
		EXPECT_STREQ("NOOP TC", bc_read(s));
		EXPECT_STREQ("FR EFAULT", bc_ee(c));
		EXPECT_STREQ("NOOP TC FR", bc_read(c));
		if (!on_stock())
			EXPECT_EQ(0, visible_bytes(c));
	}
}

/* TF_CLEAR_BUF: the whole buffer with its padding, in each of its pages. */
TEST_F(mem, clear_buf)
{
	static const size_t size[] = { 1, 13, 4096, 4097, 50000, MAP_SIZE };
	struct client *s = self->s;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(size); i++) {
		void *data = stage_scratch(size[i]);
		binder_uintptr_t buffer;

		fill_pattern(data, size[i], i);
		buffer = bc_deliver(s, self->c, .flags = TF_CLEAR_BUF,
				    .data = data, .size = size[i]);
		ASSERT_NE(0, buffer);
		EXPECT_EQ(-1, bc_mismatch(s, buffer, size[i], i));
		EXPECT_EQ(0, bc_free(s, buffer));
		EXPECT_EQ(0, visible_bytes(s))
			TH_LOG("%zu bytes", size[i]);
	}
}

/* Neighbours of a cleared buffer keep their content. */
TEST_F(mem, clear_buf_between_others)
{
	struct client *s = self->s, *c = self->c;
	u8 data[5000];
	binder_uintptr_t a, b, d;

	fill_pattern(data, sizeof(data), 1);
	a = bc_deliver(s, c, .data = data, .size = sizeof(data));
	b = bc_deliver(s, c, .data = data, .size = sizeof(data),
		       .flags = TF_CLEAR_BUF);
	d = bc_deliver(s, c, .data = data, .size = sizeof(data));
	EXPECT_EQ(0, bc_free(s, b));
	EXPECT_EQ(-1, bc_mismatch(s, a, sizeof(data), 1));
	EXPECT_EQ(-1, bc_mismatch(s, d, sizeof(data), 1));
	EXPECT_EQ(0, *(u8 *)bc_peek(s, b, 1));
	EXPECT_EQ(0, *(u8 *)bc_peek(s, b + sizeof(data) - 1, 1));
}

TEST_HARNESS_MAIN
