// SPDX-License-Identifier: GPL-2.0
/*
 * Several senders, several receiving threads and reclaim, all at once, with
 * every byte checked by whoever receives it.
 */
#include <sched.h>

#include "memory.h"

#include "loops.h"

#define CALLS		150
#define DISTURBANCES	200
#define MAX_MESSAGE	((size_t)100 << 10)

/* A server with two threads and room for all messages that can be under way. */
struct party {
	struct client *s[2];
	struct client *idle;	/* another thread of the server */
	struct server_loop *server[2];
	struct client *c[3];
	struct caller_loop *caller[3];
};

FIXTURE(busy) {
	struct party p;
};

FIXTURE_SETUP(busy)
{
	struct party *p = &self->p;
	int i;

	p->s[0] = bc_server("S", 4 * BC_MAP_SIZE);
	p->s[1] = bc_thread(p->s[0], "S2");
	p->idle = bc_thread(p->s[0], "S3");
	p->c[0] = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	p->c[1] = bc_thread(p->c[0], "C2");
	p->c[2] = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	for (i = 0; i < 2; i++)
		p->server[i] = serve_begin(p->s[i]);
	for (i = 0; i < 3; i++)
		p->caller[i] = call_begin(p->c[i], CALLS, MAX_MESSAGE, i + 1);
}

FIXTURE_TEARDOWN(busy)
{
	actors_end();
}

static bool any_calling(struct party *p)
{
	int i;

	for (i = 0; i < 3; i++)
		if (!actor_returned(p->c[i]->a, 0))
			return true;
	return false;
}

static void expect_good_end(struct __test_metadata *_metadata, struct party *p)
{
	int i;

	for (i = 0; i < 3; i++) {
		EXPECT_EQ(LOOP_DONE, loop_end(p->c[i]));
		EXPECT_STREQ("", p->caller[i]->trouble);
		EXPECT_EQ(CALLS, p->caller[i]->made);
	}
	serve_quit(p->c[0]);
	serve_quit(p->c[0]);
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(LOOP_DONE, loop_end(p->s[i]));
		EXPECT_STREQ("", p->server[i]->trouble);
	}
	EXPECT_EQ(3 * CALLS + 2, p->server[0]->served + p->server[1]->served);
	/* Nothing is left behind. */
	EXPECT_TRUE(bc_room(p->s[0], p->c[0]));
}

TEST_F(busy, undisturbed)
{
	expect_good_end(_metadata, &self->p);
}

TEST_F(busy, with_the_shrinker)
{
	unsigned int n = 0;

	while (any_calling(&self->p))
		reclaim(ANY_GROUP, ++n % 64);
	EXPECT_LT(1, n);
	expect_good_end(_metadata, &self->p);
}

TEST_F(busy, with_drop_caches)
{
	unsigned int n = 0;

	for (; any_calling(&self->p); n++)
		drop_slab_caches();
	EXPECT_LT(1, n);
	expect_good_end(_metadata, &self->p);
}

/* The receiver's page table entries go away all the time. */
static long drop_ptes(struct actor *a, void *arg)
{
	struct binder_file *f = arg;
	unsigned int n;

	for (n = 0; n < DISTURBANCES; n++) {
		if (madvise(f->map, f->size, MADV_DONTNEED))
			return -errno;
		sched_yield();
	}
	return 0;
}

TEST_F(busy, with_page_table_entries_dropped)
{
	/* The kernel's driver cannot map such pages again: SIGBUS. */
	if (!on_stock())
		actor_begin(self->p.idle->a, drop_ptes, self->p.idle->f);
	while (any_calling(&self->p))
		reclaim(ANY_GROUP, 16);
	if (!on_stock())
		EXPECT_EQ(0, actor_end(self->p.idle->a));
	expect_good_end(_metadata, &self->p);
}

/* mmap_lock of the receiver is taken for writing all the time. */
static long map_and_unmap(struct actor *a, void *arg)
{
	unsigned int n;

	for (n = 0; n < DISTURBANCES; n++) {
		void *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
			       -1, 0);

		if (p == MAP_FAILED || munmap(p, PAGE))
			return -errno;
		sched_yield();
	}
	return 0;
}

TEST_F(busy, with_other_mappings_changing)
{
	actor_begin(self->p.idle->a, map_and_unmap, NULL);
	while (any_calling(&self->p))
		reclaim(ANY_GROUP, 16);
	EXPECT_EQ(0, actor_end(self->p.idle->a));
	expect_good_end(_metadata, &self->p);
}

TEST_HARNESS_MAIN
