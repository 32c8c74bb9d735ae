// SPDX-License-Identifier: GPL-2.0
/*
 * What a receiver does to its mapping while a message is on its way into it.
 *
 * The sender is held up in the middle of the copy, by a page of its own memory
 * that is not there yet (see gate.h). Half of the message is in the receiver's
 * pages by then, and the driver has to notice whatever happened when it goes on.
 */
#include "memory.h"

#include "gate.h"

#define MSG_PAGES	((size_t)16)
#define MSG_SIZE	(MSG_PAGES * PAGE)
#define SEED		16

/* Begin to send, and stop halfway. */
static struct gate *send_half(struct client *c, u32 flags)
{
	struct gate *g = gate_new(c, MSG_SIZE, MSG_PAGES / 2, SEED);
	struct wbuf *w = wb(c);
	size_t at;

	w_txn(w, .raw = true, .flags = flags, .data = g->mem,
	      .size = MSG_SIZE);
	c->bwr = (struct binder_write_read) {
		.write_size = w->len,
		.write_buffer = (binder_uintptr_t)w->p,
	};
	actor_begin_sys(c->a, SYS_ioctl, (const long[6]) {
			c->f->fd, BINDER_WRITE_READ, (long)&c->bwr });
	at = gate_await(g);
	if (at != MSG_PAGES / 2)
		test_abort("held up at page %zu", at);
	return g;
}

/* The rest of the message goes through. */
static void send_rest(struct gate *g)
{
	long ret;

	gate_open(g);
	ret = actor_end(g->c->a);
	if (ret || g->c->bwr.write_consumed != 68)
		test_abort("BC_TRANSACTION: %s", errno_name(ret));
}

TEST_F(mem, nothing_happens)
{
	struct gate *g = send_half(self->c, 0);

	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	send_rest(g);
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	EXPECT_EQ(-1, bc_mismatch(self->s, bc_txn(self->s)->data.ptr.buffer,
				  MSG_SIZE, SEED));
}

/* While one sender is held up, others are served. */
TEST_F(mem, others_go_on)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	struct gate *g = send_half(self->c, 0);

	EXPECT_TRUE(bc_works(self->s, d));
	send_rest(g);
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	EXPECT_EQ(-1, bc_mismatch(self->s, bc_txn(self->s)->data.ptr.buffer,
				  MSG_SIZE, SEED));
}

TEST_F(mem, copy_fails)
{
	struct gate *g = send_half(self->c, 0);

	gate_break(g);
	EXPECT_EQ(0, actor_end(self->c->a));
	EXPECT_STREQ("FR EFAULT", bc_ee(self->c));
	EXPECT_STREQ("NOOP FR", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_TRUE(bc_room(self->s, self->c));
}

/* A buffer is not the receiver's to free before it has been delivered. */
TEST_F(mem, receiver_frees)
{
	struct gate *g = send_half(self->c, 0);
	binder_uintptr_t buffer = (binder_uintptr_t)self->s->f->map;

	EXPECT_EQ(0, bc_free(self->s, buffer));
	drop_slab_caches();
	send_rest(g);
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	ASSERT_EQ(buffer, bc_txn(self->s)->data.ptr.buffer);
	EXPECT_EQ(-1, bc_mismatch(self->s, buffer, MSG_SIZE, SEED));
}

TEST_F(mem, reclaim_runs)
{
	struct gate *g;

	/* Pages that were idle before and are taken into use again. */
	ASSERT_TRUE(bc_room(self->s, self->c));
	g = send_half(self->c, 0);
	drop_slab_caches();
	reclaim(ANY_GROUP, 1000);
	send_rest(g);
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	EXPECT_EQ(-1, bc_mismatch(self->s, bc_txn(self->s)->data.ptr.buffer,
				  MSG_SIZE, SEED));
}

/*
 * The receiver drops its page table entries. The kernel's driver cannot map the
 * pages again as long as it has them.
 */
TEST_F(mem, receiver_drops_ptes)
{
	struct gate *g = send_half(self->c, 0);
	struct client *s = self->s;

	EXPECT_EQ(0, bc_sys(s, madvise, (long)s->f->map, MAP_SIZE,
			    MADV_DONTNEED));
	send_rest(g);
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
	if (on_stock()) {
		EXPECT_STREQ("SIGBUS BUS_ADRERR", bc_touch(s, s->f->map));
		return;
	}
	EXPECT_EQ(-1, bc_mismatch(s, bc_txn(s)->data.ptr.buffer, MSG_SIZE,
				  SEED));
}

/* The mapping is closed: later messages are refused, this one may arrive. */
static void expect_closed(struct __test_metadata *_metadata, struct client *s,
			  struct client *c)
{
	bc_read(s);
	bc_read(c);
	EXPECT_STREQ("NOOP DR, DR ESRCH",
		     bc_outcome(bc_thread(c, "later"), .code = 1));
}

TEST_F(mem, receiver_unmaps)
{
	struct gate *g = send_half(self->c, 0);

	EXPECT_EQ(0, bc_unmap(self->s));
	send_rest(g);
	expect_closed(_metadata, self->s, self->c);
}

TEST_F(mem, receiver_unmaps_part)
{
	struct gate *g = send_half(self->c, 0);

	EXPECT_EQ(0, bc_sys(self->s, munmap, (long)self->s->f->map + 12 * PAGE,
			    PAGE));
	send_rest(g);
	expect_closed(_metadata, self->s, self->c);
}

/* Put memory of its own where the mapping of S is or was, filled with 0x77. */
static void put_memory(struct client *s)
{
	long ret = bc_sys(s, mmap, (long)s->f->map, MAP_SIZE,
			  PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (ret != (long)s->f->map)
		test_abort("mmap over the mapping: %s", errno_name(ret));
	bc_fill(s, s->f->map, MAP_SIZE, 0x77);
}

static long memory_damage(struct client *s)
{
	return bc_mismatch(s, (binder_uintptr_t)s->f->map, MAP_SIZE, 0x77);
}

TEST_F(mem, receiver_unmaps_and_maps_memory)
{
	struct gate *g = send_half(self->c, 0);

	EXPECT_EQ(0, bc_unmap(self->s));
	put_memory(self->s);
	send_rest(g);
	EXPECT_EQ(-1, memory_damage(self->s));
	expect_closed(_metadata, self->s, self->c);
	drop_slab_caches();
	EXPECT_EQ(-1, memory_damage(self->s));
}

TEST_F(mem, receiver_maps_memory_over)
{
	struct gate *g = send_half(self->c, 0);

	put_memory(self->s);
	send_rest(g);
	EXPECT_EQ(-1, memory_damage(self->s));
	expect_closed(_metadata, self->s, self->c);
	drop_slab_caches();
	EXPECT_EQ(-1, memory_damage(self->s));
}

TEST_F(mem, receiver_moves)
{
	struct gate *g = send_half(self->c, 0);
	struct client *s = self->s;
	u8 *to = bc_mem(s, MAP_SIZE);

	ASSERT_EQ((long)to, bc_sys(s, mremap, (long)s->f->map, MAP_SIZE,
				   MAP_SIZE, MREMAP_MAYMOVE | MREMAP_FIXED,
				   (long)to));
	put_memory(s);
	send_rest(g);
	EXPECT_EQ(-1, memory_damage(s));
	expect_closed(_metadata, s, self->c);
	drop_slab_caches();
	EXPECT_EQ(-1, memory_damage(s));
}

/* The mapping of another file has the same operations, but is not the one. */
TEST_F(mem, receiver_maps_other_file_over)
{
	struct gate *g = send_half(self->c, 0);
	struct client *s = self->s, *s2;
	long map = (long)s->f->map;

	s2 = bc_second_file(s, BC_DEVICE_2, 0);
	ASSERT_EQ(map, bc_sys(s, mmap, map, MAP_SIZE, PROT_READ,
			      MAP_PRIVATE | MAP_FIXED, s2->f->fd, 0));
	send_rest(g);
	EXPECT_STREQ("................", bc_pages(s, 0, 16));
	expect_closed(_metadata, s, self->c);
	drop_slab_caches();
}

static long fork_and_exit(struct actor *a, void *arg)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(0);
	return waitpid(pid, &status, 0) == pid ? status : -errno;
}

TEST_F(mem, receiver_forks)
{
	struct gate *g = send_half(self->c, 0);

	EXPECT_EQ(0, actor_call(self->s->a, fork_and_exit, NULL));
	send_rest(g);
	EXPECT_EQ(-1, bc_mismatch(self->s, bc_take(self->s).data.ptr.buffer,
				  MSG_SIZE, SEED));
}

TEST_F(mem, receiver_closes)
{
	struct gate *g = send_half(self->c, TF_ONE_WAY);

	EXPECT_EQ(0, bc_close(self->s));
	send_rest(g);
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
}

/*
 * Death comes to a receiver in its own time, so the sender may find it alive
 * once more; then the transaction dies with it.
 */
static void expect_dead(struct __test_metadata *_metadata, struct client *c)
{
	bc_wait(c);
	if (strcmp(c->read_text, "NOOP TC DR"))
		EXPECT_STREQ("NOOP DR", c->read_text);
}

TEST_F(mem, receiver_dies)
{
	struct gate *g = send_half(self->c, 0);

	actor_kill(self->s->a);
	send_rest(g);
	expect_dead(_metadata, self->c);
}

TEST_F(mem, receiver_dies_and_is_gone)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	struct gate *g = send_half(self->c, 0);

	actor_kill(self->s->a);
	bc_await_no_manager(d);
	send_rest(g);
	expect_dead(_metadata, self->c);
}

TEST_F(mem, receiver_dies_and_copy_fails)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	struct gate *g = send_half(self->c, 0);

	actor_kill(self->s->a);
	bc_await_no_manager(d);
	gate_break(g);
	EXPECT_EQ(0, actor_end(self->c->a));
	EXPECT_STREQ("FR EFAULT", bc_ee(self->c));
	EXPECT_STREQ("NOOP FR", bc_read(self->c));
}

TEST_F(mem, receiver_execs)
{
	struct client *c = self->c, *s;
	struct gate *g;

	actor_kill(self->s->a);
	s = bc_new("S");
	ASSERT_GE(bc_open(s, BC_DEVICE, O_RDWR), 0);
	ASSERT_EQ(0, bc_map(s, MAP_SIZE, PROT_READ, MAP_PRIVATE, 0));
	ASSERT_EQ(0, bc_manager(s, BC_NODE_FLAGS));
	g = send_half(c, 0);
	actor_exec(s->a);
	send_rest(g);
	bc_read(c);
	EXPECT_STREQ("NOOP DR, DR ESRCH",
		     bc_outcome(bc_thread(c, "later"), .code = 1));
}

TEST_F(mem, sender_dies)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);

	send_half(self->c, 0);
	actor_kill(self->c->a);
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_TRUE(bc_room(self->s, d));
}

TEST_F(mem, both_die)
{
	send_half(self->c, 0);
	actor_kill(self->s->a);
	actor_kill(self->c->a);
	self->s = bc_server("S2", MAP_SIZE);
	self->c = bc_start("C2", BC_DEVICE, BC_MAP_SIZE);
	EXPECT_TRUE(bc_works(self->s, self->c));
}

/* A reply is copied by the server, into the client's mapping. */
TEST_F(mem, replier_dies)
{
	struct client *s = self->s;
	struct wbuf *w = wb(s);
	struct gate *g;

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(s);
	g = gate_new(s, MSG_SIZE, MSG_PAGES / 2, SEED);
	w_reply(w, .raw = true, .data = g->mem, .size = MSG_SIZE);
	bc_begin_read(s, w, BC_READ_SIZE);
	EXPECT_EQ(MSG_PAGES / 2, gate_await(g));
	actor_kill(s->a);
	bc_wait(self->c);
	if (strcmp(self->c->read_text, "NOOP TC FR"))
		EXPECT_STREQ("NOOP TC DR", self->c->read_text);
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(mem, caller_dies_during_reply)
{
	struct client *s = self->s;
	struct wbuf *w = wb(s);
	struct gate *g;

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(s);
	g = gate_new(s, MSG_SIZE, MSG_PAGES / 2, SEED);
	w_reply(w, .raw = true, .data = g->mem, .size = MSG_SIZE);
	bc_begin_read(s, w, BC_READ_SIZE);
	EXPECT_EQ(MSG_PAGES / 2, gate_await(g));
	actor_kill(self->c->a);
	gate_open(g);
	EXPECT_STREQ("NOOP TC", bc_end(s));
	EXPECT_TRUE(bc_works(s, bc_start("D", BC_DEVICE, BC_MAP_SIZE)));
}

TEST_HARNESS_MAIN
