// SPDX-License-Identifier: GPL-2.0
/*
 * 20 Commands.
 */
#include "conf.h"

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

TEST_F(conf, C_008)
{
	struct client *t = bc_thread(self->s, "t");
	binder_uintptr_t buffer;

	EXPECT_EQ(0, bc_send(self->c, .data = "call", .size = 4));
	buffer = bc_take(self->s).data.ptr.buffer;
	EXPECT_EQ(0, bc_free(t, buffer));
	EXPECT_EQ(buffer, next_buffer(t, self->c));
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
