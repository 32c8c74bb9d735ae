// SPDX-License-Identifier: GPL-2.0
/*
 * Reads of which each kind of return does not reach the reader's memory: what it
 * tells counts as told, or comes again, and who else is concerned hears of it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "kselftest_harness.h"

#include "logs.h"
#include "refs.h"
#include "system.h"

#define PTR		0x1000ULL
#define COOKIE		0x77ULL

FIXTURE(bad_reads) {
	struct client *s;
	struct client *c;
};

FIXTURE_SETUP(bad_reads)
{
	self->s = bc_server("S", BC_MAP_SIZE);
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
}

FIXTURE_TEARDOWN(bad_reads)
{
	actors_end();
}

/* What is read next, until there is nothing. */
static const char *next(struct client *c)
{
	char *text = stage_scratch(512);
	size_t len = 0;

	text[0] = 0;
	while (strcmp(bc_read(c), "EAGAIN"))
		len += snprintf(text + len, 512 - len, "%s%s", len ? ", " : "",
				c->read_text);
	return text;
}

/*
 * A read into memory that ends after @room bytes, and what is read then: for
 * example "EFAULT: NOOP TC".
 */
static const char *cut(struct client *c, size_t room)
{
	long ret;

	bc_nonblock(c, true);
	ret = bc_read_into(c, bc_edge(c) - room, BC_READ_SIZE);
	return stage_text("%s: %s", errno_name(ret), next(c));
}

/* BR_NOOP gets there, and of what follows nothing, its code, or more of it. */
static const size_t rooms[] = { 4, 8, 12 };

#define FOR_EACH_ROOM(room) \
	for (room = rooms; room < rooms + ARRAY_SIZE(rooms); room++)

TEST_F(bad_reads, completion)
{
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_STREQ("EFAULT: ", cut(self->c, 4));
	bc_take_and_free(self->s);
	EXPECT_TRUE(bc_works(self->s, self->c));
}

/*
 * The caller hears of it, and the memory is free again; with the kernel's driver it
 * is lost.
 */
TEST_F(bad_reads, call)
{
	const size_t *room;

	FOR_EACH_ROOM(room) {
		EXPECT_EQ(0, bc_send(self->c, .code = 1));
		EXPECT_STREQ("EFAULT: ", cut(self->s, *room));
		EXPECT_STREQ("NOOP TC FR", next(self->c));
	}
	EXPECT_EQ(!on_stock(), bc_room(self->s, self->c));
}

/* The owner counts as told that others refer to its node, and acknowledges it. */
TEST_F(bad_reads, references_that_begin)
{
	struct client *s = self->s, *c = self->c;
	const size_t *room;

	FOR_EACH_ROOM(room) {
		struct parcel *p = parcel();
		binder_uintptr_t buffer;

		p_binder(p, PTR + *room, COOKIE, 0);
		EXPECT_EQ(0, bc_oneway(c, .parcel = p));
		EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
		buffer = bc_txn(s)->data.ptr.buffer;
		EXPECT_STREQ("EFAULT: NOOP TC", cut(c, *room));
		EXPECT_STREQ("hs 1 hw 1 ls 1 lw 1 is 1 iw 1",
			     log_node(c, PTR + *room));
		EXPECT_EQ(0, bc_free(s, buffer));
		EXPECT_STREQ("", next(c));
		EXPECT_EQ(0, bc_node_cmd(c, BC_INCREFS_DONE, PTR + *room,
					 COOKIE));
		EXPECT_EQ(0, bc_node_cmd(c, BC_ACQUIRE_DONE, PTR + *room,
					 COOKIE));
		EXPECT_STREQ("NOOP RELEASE DECREFS", next(c));
	}
}

TEST_F(bad_reads, references_that_end)
{
	struct client *s = self->s, *c = self->c;
	const size_t *room;

	FOR_EACH_ROOM(room) {
		u32 handle = bc_give(c, s, PTR, COOKIE, 0);

		EXPECT_EQ(0, bc_ref(s, BC_RELEASE, handle));
		EXPECT_STREQ("EFAULT: ", cut(c, *room));
		/* It is a new node if it is sent again. */
		EXPECT_STREQ("none", log_node(c, PTR));
	}
}

/* It can still be acknowledged, and cleared. */
TEST_F(bad_reads, death)
{
	struct client *s = self->s;
	const size_t *room;

	FOR_EACH_ROOM(room) {
		struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
		u32 handle = bc_give(d, s, PTR, COOKIE, 0);

		EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_DEATH_NOTIFICATION,
					   handle, COOKIE));
		actor_kill(d->a);
		while (strcmp(log_todo(s), "has dead binder"))
			sleep_ms(1);
		EXPECT_STREQ("EFAULT: ", cut(s, *room));
		EXPECT_STREQ("has delivered dead binder", log_todo(s));
		EXPECT_EQ(0, bc_cookie_cmd(s, BC_DEAD_BINDER_DONE, COOKIE));
		EXPECT_STREQ("none", log_todo(s));
		EXPECT_EQ(0, bc_handle_cmd(s, BC_CLEAR_DEATH_NOTIFICATION,
					   handle, COOKIE));
		EXPECT_STREQ("NOOP CLEAR_DONE", next(s));
		EXPECT_EQ(0, bc_ref(s, BC_RELEASE, handle));
	}
}

TEST_F(bad_reads, cleared_death)
{
	struct client *s = self->s, *c = self->c;
	u32 handle = bc_give(c, s, PTR, COOKIE, 0);
	const size_t *room;

	FOR_EACH_ROOM(room) {
		EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_DEATH_NOTIFICATION,
					   handle, COOKIE));
		EXPECT_EQ(0, bc_handle_cmd(s, BC_CLEAR_DEATH_NOTIFICATION,
					   handle, COOKIE));
		EXPECT_STREQ("EFAULT: ", cut(s, *room));
	}
}

TEST_F(bad_reads, freezing)
{
	struct client *s = self->s, *c = self->c;
	u32 handle = bc_give(c, s, PTR, COOKIE, 0);
	const size_t *room;

	FOR_EACH_ROOM(room) {
		EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_FREEZE_NOTIFICATION,
					   handle, COOKIE));
		EXPECT_STREQ("EFAULT: ", cut(s, *room));
		EXPECT_STREQ("has delivered freeze binder", log_todo(s));
		EXPECT_EQ(0, bc_cookie_cmd(s, BC_FREEZE_NOTIFICATION_DONE,
					   COOKIE));
		EXPECT_STREQ("none", log_todo(s));
		EXPECT_EQ(0, bc_handle_cmd(s, BC_CLEAR_FREEZE_NOTIFICATION,
					   handle, COOKIE));
		EXPECT_STREQ("EFAULT: ", cut(s, *room));
		EXPECT_STREQ("none", log_todo(s));
	}
}

/* Two pages, of which the first has room for BR_NOOP at its end. */
static u8 *across_pages(struct client *c)
{
	return (u8 *)bc_mem(c, 2 * PAGE) + PAGE - sizeof(u32);
}

/*
 * The place for BR_SPAWN_LOOPER goes while the read sleeps. The request counts as
 * made.
 */
TEST_F(bad_reads, request_for_a_thread)
{
	const binder_uintptr_t beyond = 1ULL << 63;
	struct client *s = self->s, *c = self->c;
	struct client *other = bc_thread(s, "other");
	struct wbuf *w = wb(s);
	u8 *at = across_pages(s);

	bc_ready(other);
	EXPECT_EQ(0, bc_u32_ioctl(s, BINDER_SET_MAX_THREADS, 1));
	w_u32(w, BC_ENTER_LOOPER);
	bc_nonblock(s, false);
	s->bwr = (struct binder_write_read) {
		.write_buffer = (binder_uintptr_t)w->p,
		.write_size = w->len,
		.read_buffer = (binder_uintptr_t)at,
		.read_size = BC_READ_SIZE,
	};
	actor_begin_sys(s->a, SYS_ioctl, (const long[6]) {
			s->f->fd, BINDER_WRITE_READ, (long)&s->bwr });
	ASSERT_TRUE(actor_blocked(s->a));
	EXPECT_EQ(0, bc_sys(other, munmap, (long)at & ~(PAGE - 1), PAGE));
	EXPECT_EQ(0, bc_send(c, .code = 1));
	EXPECT_EQ(-EFAULT, actor_end(s->a));
	EXPECT_EQ(4, s->bwr.write_consumed);
	EXPECT_EQ(72, s->bwr.read_consumed);
	/* It has the call nevertheless. */
	bc_nonblock(s, true);
	EXPECT_EQ(0, bc_reply(s, .code = 0));
	EXPECT_STREQ("NOOP TC", bc_read(s));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(c));

	/* The start is no user address, what is read is behind it. */
	EXPECT_EQ(0, bc_u32_ioctl(s, BINDER_SET_MAX_THREADS, 2));
	EXPECT_EQ(0, bc_cmd(other, BC_REGISTER_LOOPER));
	EXPECT_EQ(0, bc_send(c, .code = 2));
	s->bwr = (struct binder_write_read) {
		.read_buffer = beyond,
		.read_consumed = (binder_uintptr_t)s->rbuf - beyond,
		.read_size = (binder_uintptr_t)s->rbuf - beyond + BC_READ_SIZE,
	};
	EXPECT_EQ(-EFAULT, bc_ioctl(s, BINDER_WRITE_READ, &s->bwr));
	EXPECT_EQ(0, bc_reply(s, .code = 0));
	EXPECT_STREQ("NOOP TC", bc_read(s));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(c));
}

TEST_HARNESS_MAIN
