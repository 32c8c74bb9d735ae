// SPDX-License-Identifier: GPL-2.0
/*
 * Space in the receiver's mapping: when it is full, when it is in pieces, and
 * that all of it comes back.
 */
#include "memory.h"

static const char page[4096];

/* Fill S with buffers of one page each; returns how many fit. */
static size_t fill(struct client *s, struct client *c, binder_uintptr_t *buffer)
{
	size_t n;

	for (n = 0; n <= PAGES; n++) {
		buffer[n] = bc_deliver(s, c, .data = page, .size = PAGE);
		if (!buffer[n])
			break;
	}
	return n;
}

TEST_F(mem, full)
{
	binder_uintptr_t buffer[PAGES + 1];
	size_t i;

	ASSERT_EQ(PAGES, fill(self->s, self->c, buffer));
	EXPECT_STREQ("FR ENOSPC", self->c->ee_text);
	EXPECT_STREQ("NOOP FR, FR ENOSPC", bc_outcome(self->c, .code = 1));
	EXPECT_EQ(0, bc_free(self->s, buffer[17]));
	EXPECT_EQ(buffer[17], bc_deliver(self->s, self->c, .data = page,
					 .size = PAGE));
	for (i = 0; i < PAGES; i++)
		EXPECT_EQ(0, bc_free(self->s, buffer[i]));
	EXPECT_TRUE(bc_room(self->s, self->c));
}

TEST_F(mem, in_pieces)
{
	struct client *s = self->s, *c = self->c;
	binder_uintptr_t buffer[PAGES + 1];
	size_t i;

	ASSERT_EQ(PAGES, fill(s, c, buffer));
	for (i = 0; i < PAGES; i += 2)
		EXPECT_EQ(0, bc_free(s, buffer[i]));
	/* Half of the space is free, but no two pages side by side. */
	EXPECT_STREQ("NOOP FR, FR ENOSPC",
		     bc_outcome(c, .data = stage_scratch(PAGE + 8),
				.size = PAGE + 8));
	EXPECT_EQ(0, bc_free(s, buffer[1]));
	buffer[0] = bc_deliver(s, c, .data = stage_scratch(3 * PAGE),
			       .size = 3 * PAGE);
	EXPECT_NE(0, buffer[0]);
	EXPECT_EQ(0, bc_free(s, buffer[0]));
	for (i = 3; i < PAGES; i += 2)
		EXPECT_EQ(0, bc_free(s, buffer[i]));
	EXPECT_TRUE(bc_room(s, c));
}

/* Buffers come back in any order, and join up. */
TEST_F(mem, freed_in_any_order)
{
	struct client *s = self->s, *c = self->c;
	binder_uintptr_t buffer[PAGES + 1];
	size_t round, i;

	for (round = 0; round < 3; round++) {
		ASSERT_EQ(PAGES, fill(s, c, buffer));
		/* 5 and 64 have no common factor: each index once. */
		for (i = 0; i < PAGES; i++)
			EXPECT_EQ(0, bc_free(s, buffer[(i * 5 + round) %
						       PAGES]));
		EXPECT_TRUE(bc_room(s, c));
	}
}

/* How many empty oneways S takes before it refuses; each counts 8 bytes. */
static size_t send_empty_oneways(struct client *c)
{
	const size_t batch = 64;
	size_t sent = 0, i, took;

	for (;;) {
		struct wbuf *w = wb(c);

		for (i = 0; i < batch; i++)
			w_txn(w, .flags = TF_ONE_WAY);
		if (bc_write(c, w))
			test_abort("write: %s", errno_name(c->br.ret));
		took = c->bwr.write_consumed / 68;
		/* The refused one is consumed, too. */
		if (!strcmp(bc_ee(c), "FR ENOSPC"))
			return sent + took - 1;
		sent += took;
		while (!strncmp(bc_read_size(c, 4096), "NOOP TC", 7))
			;
	}
}

static size_t take_oneways(struct client *s)
{
	size_t n = 0;

	while (!strcmp(bc_read(s), "NOOP TRANSACTION")) {
		bc_free(s, bc_txn(s)->data.ptr.buffer);
		n++;
	}
	return n;
}

static void read_all(struct client *c)
{
	while (!strncmp(bc_read_size(c, 4096), "NOOP", 4))
		;
}

TEST(empty_oneways_use_up_their_share)
{
	struct client *s = bc_server("S", 2 * PAGE);
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	int round;

	for (round = 0; round < 2; round++) {
		EXPECT_EQ(PAGE / 8, send_empty_oneways(c));
		read_all(c);
		/* Synchronous messages have the rest. */
		EXPECT_EQ(0, bc_send(c, .data = page, .size = PAGE));
		EXPECT_STREQ("OK 0", bc_ee(c));
		bc_take_and_free(s);	/* the first oneway */
		bc_take_and_free(s);
		EXPECT_EQ(0, bc_reply(s, .code = 1));
		EXPECT_STREQ("NOOP TC", bc_read(s));
		EXPECT_STREQ("NOOP TC REPLY", bc_read(c));
		EXPECT_EQ(PAGE / 8 - 1, take_oneways(s));
	}
	EXPECT_TRUE(bc_room(s, c));
	actors_end();
}

/* A oneway that fails gives its share back. */
TEST_F(mem, failed_oneways_do_not_count)
{
	struct client *c = self->c;
	u8 *edge = bc_edge(c);
	int i;

	for (i = 0; i < 100; i++)
		EXPECT_STREQ("NOOP FR, FR EFAULT",
			     bc_outcome(c, .raw = true, .flags = TF_ONE_WAY,
					.data = edge - 16,
					.size = MAP_SIZE / 2));
	EXPECT_EQ(0, bc_oneway(c, .data = stage_scratch(MAP_SIZE / 2),
			       .size = MAP_SIZE / 2));
	EXPECT_STREQ("NOOP TC", bc_read(c));
}

/*
 * Random sizes, in random order, against a model: a message fits exactly if
 * there is a gap for it, no two buffers overlap, and each keeps its content.
 */
#define LIVE 40

struct model {
	struct {
		binder_uintptr_t addr;
		size_t size;
		u64 seed;
	} b[LIVE];
	size_t n;
};

static void model_insert(struct model *m, binder_uintptr_t addr, size_t size,
			 u64 seed)
{
	size_t i = m->n++;

	for (; i && m->b[i - 1].addr > addr; i--)
		m->b[i] = m->b[i - 1];
	m->b[i].addr = addr;
	m->b[i].size = size;
	m->b[i].seed = seed;
}

static size_t space_of(size_t size)
{
	return size ? up8(size) : 8;
}

/* The largest gap; 0 also if buffers overlap or lie outside. */
static size_t model_gap(const struct model *m, binder_uintptr_t map)
{
	binder_uintptr_t at = map;
	size_t gap = 0, i;

	for (i = 0; i < m->n; i++) {
		if (m->b[i].addr < at)
			test_abort("buffers overlap at %#llx", m->b[i].addr);
		if (m->b[i].addr - at > gap)
			gap = m->b[i].addr - at;
		at = m->b[i].addr + space_of(m->b[i].size);
	}
	if (at > map + MAP_SIZE)
		test_abort("a buffer lies outside");
	return map + MAP_SIZE - at > gap ? map + MAP_SIZE - at : gap;
}

static size_t random_size(unsigned int *seed)
{
	static const size_t limit[] = { 16, 300, 5000, 20000, 60000 };

	return rand_r(seed) % limit[rand_r(seed) % ARRAY_SIZE(limit)];
}

TEST_F(mem, random_sizes)
{
	binder_uintptr_t map = (binder_uintptr_t)self->s->f->map, addr;
	struct client *s = self->s, *c = self->c;
	unsigned int seed = 20241;
	struct model m = { .n = 0 };
	int step;

	for (step = 0; step < 300; step++) {
		size_t size = random_size(&seed);
		u8 *data = stage_scratch(size + 1);

		if (m.n == LIVE || (m.n && rand_r(&seed) % 5 < 2)) {
			size_t i = rand_r(&seed) % m.n;

			EXPECT_EQ(-1, bc_mismatch(s, m.b[i].addr, m.b[i].size,
						  m.b[i].seed));
			EXPECT_EQ(0, bc_free(s, m.b[i].addr));
			memmove(&m.b[i], &m.b[i + 1],
				(--m.n - i) * sizeof(m.b[0]));
			continue;
		}
		fill_pattern(data, size, step);
		addr = bc_deliver(s, c, .raw = true, .data = data,
				  .size = size);
		ASSERT_EQ(space_of(size) <= model_gap(&m, map), addr != 0)
			TH_LOG("step %d: %zu bytes, gap %zu", step, size,
			       model_gap(&m, map));
		if (addr)
			model_insert(&m, addr, size, step);
	}
	while (m.n)
		EXPECT_EQ(0, bc_free(s, m.b[--m.n].addr));
	EXPECT_TRUE(bc_room(s, c));
}

TEST_HARNESS_MAIN
