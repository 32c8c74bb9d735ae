// SPDX-License-Identifier: GPL-2.0
/*
 * 40 Transactions: what is sent, what is refused, and oneway queues.
 */
#include "conf.h"
#include "parcel.h"

TEST_F(conf, T_001)
{
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->c, .handle = 5));
	EXPECT_STREQ("NOOP FR, FR EINVAL",
		     bc_outcome(self->c, .handle = 5, .flags = TF_ONE_WAY));
	EXPECT_STREQ("NOOP FR, FR EINVAL",
		     bc_outcome(self->c, .handle = 0xffffffff));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

TEST_F(solo, T_004)
{
	EXPECT_STREQ("NOOP DR, DR EINVAL", bc_outcome(self->c, .code = 1));
	EXPECT_STREQ("NOOP DR, DR EINVAL",
		     bc_outcome(self->c, .flags = TF_ONE_WAY));
}

TEST_F(conf, T_005)
{
	struct client *s2 = bc_second_file(self->s, BC_DEVICE, BC_MAP_SIZE);

	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->s, .code = 1));
	EXPECT_STREQ("NOOP FR, FR EINVAL",
		     bc_outcome(self->s, .flags = TF_ONE_WAY));
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(s2, .code = 1));
}

TEST_F(conf, T_006)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 7, .data = "ping", .size = 4));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	EXPECT_EQ(7, bc_txn(self->s)->code);
	EXPECT_EQ(4, bc_txn(self->s)->data_size);
	EXPECT_TRUE(bc_same(self->s, bc_txn(self->s)->data.ptr.buffer, "ping",
			    4));
}

/* A call that is complete but for the client reading what came of it. */
static void call(struct client *c, struct client *s, u32 code)
{
	long ret = bc_send(c, .code = code);

	bc_take_and_free(s);
	if (!ret)
		ret = bc_reply(s, .code = code);
	bc_read(s);
	if (ret)
		test_abort("not answered: %s", errno_name(ret));
}

TEST_F(conf, T_009)
{
	struct client *c = self->c;

	call(c, self->s, 1);
	EXPECT_STREQ("NOOP TC", bc_read_size(c, 80));
	EXPECT_EQ(0, bc_send(c, .code = 2));
	EXPECT_STREQ("FR EPROTO", bc_ee(c));
	EXPECT_STREQ("NOOP REPLY", bc_read(c));
	EXPECT_STREQ("NOOP FR", bc_read(c));
}

TEST_F(conf, T_010)
{
	struct client *c = self->c;

	call(c, self->s, 1);
	EXPECT_EQ(0, bc_send(c, .code = 2));
	EXPECT_STREQ("OK 0", bc_ee(c));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(c));
	bc_take(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .code = 2));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(c));
}

TEST_F(conf, T_011)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_EQ(0, bc_send(self->c, .code = 2));
	EXPECT_STREQ("FR EPROTO", bc_ee(self->c));
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
}

TEST_F(conf, T_012)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	EXPECT_STREQ("OK 0", bc_ee(self->c));
	EXPECT_STREQ("NOOP TC TC", bc_read(self->c));
}

TEST_F(conf, T_013)
{
	struct client *c = self->c;
	struct wbuf *w = wb(c);

	w_txn(w, .code = 1);
	w_txn(w, .code = 2);
	EXPECT_STREQ("NOOP TC FR", bc_write_read(c, w, BC_READ_SIZE));
	EXPECT_EQ(136, c->bwr.write_consumed);
	EXPECT_EQ(1, bc_take(self->s).code);
	EXPECT_EQ(0, bc_reply(self->s, .code = 3));
	EXPECT_STREQ("NOOP REPLY", bc_read(c));
	EXPECT_EQ(3, bc_txn(c)->code);
}

/* The node wants to know the sender's security context. */
static struct client *curious_server(void)
{
	struct client *s = bc_start("S", BC_DEVICE, BC_MAP_SIZE);
	long ret = bc_manager(s, FLAT_BINDER_FLAG_TXN_SECURITY_CTX);

	if (ret)
		test_abort("cannot become context manager: %s",
			   errno_name(ret));
	return s;
}

TEST(T_014)
{
	struct client *s = curious_server();
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);

	if (lsm_has_contexts())
		SKIP(return, "a security module provides contexts: see T_015");
	EXPECT_STREQ("NOOP FR, FR EOPNOTSUPP", bc_outcome(c, .code = 1));
	EXPECT_STREQ("EAGAIN", bc_read(s));
	actors_end();
}

TEST(T_015)
{
	struct client *s = curious_server();
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);

	if (!lsm_has_contexts())
		SKIP(return, "no security module provides contexts: see T_014");
	EXPECT_EQ(0, bc_send(c, .code = 1));
	EXPECT_STREQ("NOOP SECCTX", bc_read(s));
	EXPECT_EQ(80, s->bwr.read_consumed);
	actors_end();
}

/* The context is what the kernel says of C; all of S is one such context. */
TEST(T_016)
{
	struct client *s = curious_server();
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	struct binder_transaction_data_secctx t;
	char own[256] = "";
	ssize_t len;

	if (!lsm_has_contexts())
		SKIP(return, "no security module provides contexts: see T_014");
	len = lsm_own_context(own, sizeof(own));
	ASSERT_GT(len, 0);
	EXPECT_EQ(0, bc_send(c, .data = "12345", .size = 5));
	EXPECT_STREQ("NOOP SECCTX", bc_read(s));
	t = s->br.v[1].secctx;
	EXPECT_EQ(8, t.secctx - t.transaction_data.data.ptr.buffer);
	EXPECT_TRUE(bc_same(s, t.transaction_data.data.ptr.buffer, "12345",
			    5));
	EXPECT_TRUE(bc_same(s, t.secctx, own, len));
	actors_end();
}

/* How far behind the data the context lies. */
static long secctx_offset(const struct msg *m)
{
	struct client *s = curious_server();
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	const struct binder_transaction_data_secctx *t = &s->br.v[1].secctx;
	char own[256] = "";
	ssize_t len = lsm_own_context(own, sizeof(own));
	long offset;

	if (bc_msg(c, BC_TRANSACTION, m) ||
	    strcmp(bc_read(s), "NOOP SECCTX"))
		test_abort("S reads: %s", s->read_text);
	if (len <= 0 || !bc_same(s, t->secctx, own, len))
		test_abort("not the context of C");
	offset = t->secctx - t->transaction_data.data.ptr.buffer;
	actors_end();
	return offset;
}

TEST(T_017)
{
	struct parcel *p = parcel();

	if (!lsm_has_contexts())
		SKIP(return, "no security module provides contexts: see T_014");
	p_binder(p, 0x1000, 0, 0);
	ASSERT_EQ(24, p->size);
	EXPECT_EQ(32, secctx_offset(&(struct msg) { .parcel = p }));
}

TEST(T_018)
{
	struct parcel *p = parcel();

	if (!lsm_has_contexts())
		SKIP(return, "no security module provides contexts: see T_014");
	p_bytes(p, "12345678", 8);
	p_ptr(p, stage_scratch(40), 40);
	ASSERT_EQ(48, p->size);
	EXPECT_EQ(96, secctx_offset(&(struct msg) { .parcel = p, .sg = 40 }));
}

TEST(T_019)
{
	struct client *s = bc_server("S", 0);
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);

	EXPECT_STREQ("NOOP DR, DR ESRCH", bc_outcome(c, .code = 1));
	EXPECT_STREQ("NOOP DR, DR ESRCH", bc_outcome(c, .flags = TF_ONE_WAY));
	EXPECT_STREQ("EAGAIN", bc_read(s));
	actors_end();
}

TEST(T_020)
{
	struct client *s = bc_server("S", BC_MAP_SIZE);
	struct client *c = bc_start("C", BC_DEVICE, 0);

	EXPECT_EQ(0, bc_send(c, .code = 1));
	bc_take(s);
	EXPECT_EQ(0, bc_reply(s, .code = 2));
	EXPECT_STREQ("NOOP TC", bc_read(s));
	EXPECT_STREQ("DR ESRCH", bc_ee(c));
	EXPECT_STREQ("NOOP TC DR", bc_read(c));
	actors_end();
}

/* Sizes and addresses */

TEST_F(conf, T_021)
{
	EXPECT_STREQ("NOOP FR, FR EINVAL",
		     bc_outcome(self->c, .raw = true, .size = ~(u64)0));
}

TEST_F(conf, T_022)
{
	EXPECT_STREQ("NOOP FR, FR ENOSPC",
		     bc_outcome(self->c, .raw = true, .offsets_size = ~(u64)7));
}

TEST_F(conf, T_023)
{
	EXPECT_STREQ("NOOP FR, FR EINVAL",
		     bc_outcome(self->c, .data = "12345678", .size = 8,
				.sg = ~(u64)7));
}

TEST_F(conf, T_024)
{
	EXPECT_STREQ("NOOP FR, FR ENOSPC",
		     bc_outcome(self->c, .raw = true, .size = 2 * BC_MAP_SIZE));
}

TEST_F(conf, T_025)
{
	EXPECT_STREQ("NOOP FR, FR ENOSPC",
		     bc_outcome(self->c, .raw = true, .flags = TF_ONE_WAY,
				.size = BC_MAP_SIZE / 2 + 8));
}

TEST_F(conf, T_026)
{
	EXPECT_STREQ("NOOP FR, FR EFAULT",
		     bc_outcome(self->c, .raw = true, .data = BAD_POINTER,
				.size = 8));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

TEST_F(conf, T_027)
{
	EXPECT_STREQ("NOOP FR, FR EFAULT",
		     bc_outcome(self->c, .raw = true, .offsets = BAD_POINTER,
				.offsets_size = 8));
}

TEST_F(conf, T_028)
{
	EXPECT_STREQ("NOOP FR, FR EINVAL",
		     bc_outcome(self->c, .offsets = "1234", .offsets_size = 4));
}

TEST_F(conf, T_029)
{
	EXPECT_STREQ("NOOP FR, FR EFAULT",
		     bc_outcome(self->c, .raw = true, .offsets = BAD_POINTER,
				.offsets_size = 4));
}

TEST_F(conf, T_030)
{
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->c, .sg = 4));
	EXPECT_STREQ("EAGAIN, OK 0", bc_outcome(self->c, .sg = 8));
}

TEST_F(conf, T_031)
{
	EXPECT_STREQ("NOOP FR, FR EINVAL",
		     bc_outcome(self->c, .raw = true, .handle = 5, .data = BAD_POINTER,
				.size = 8));
}

/* Space. S has two pages, one of them for oneways. */
FIXTURE(small) {
	struct client *s;
	struct client *c;
};

FIXTURE_SETUP(small)
{
	self->s = bc_server("S", 2 * PAGE);
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
}

FIXTURE_TEARDOWN(small)
{
	actors_end();
}

static const char page[4096];

TEST_F(small, T_032)
{
	EXPECT_EQ(0, bc_oneway(self->c, .data = page, .size = PAGE));
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
}

TEST_F(small, T_033)
{
	EXPECT_EQ(0, bc_oneway(self->c, .data = page, .size = PAGE));
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
	EXPECT_STREQ("NOOP FR, FR ENOSPC",
		     bc_outcome(self->c, .flags = TF_ONE_WAY));
}

TEST_F(small, T_034)
{
	EXPECT_EQ(0, bc_oneway(self->c, .data = page, .size = PAGE));
	EXPECT_EQ(0, bc_send(self->c, .data = page, .size = PAGE));
	EXPECT_STREQ("NOOP TC TC", bc_read(self->c));
}

TEST_F(small, T_035)
{
	EXPECT_EQ(0, bc_oneway(self->c, .data = page, .size = PAGE));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
	EXPECT_EQ(0, bc_send(self->c, .data = page, .size = PAGE - 8));
	EXPECT_EQ(0, bc_send(bc_thread(self->c, "t1"), .code = 1));
	EXPECT_STREQ("NOOP FR, FR ENOSPC",
		     bc_outcome(bc_thread(self->c, "t2"), .code = 1));
}

TEST(T_036)
{
	struct client *s = bc_server("S", PAGE);
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	binder_uintptr_t buffer[3];
	int i;

	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, bc_send(bc_thread(c, "sender"), .code = 1));
		buffer[i] = bc_take(bc_thread(s, "receiver")).data.ptr.buffer;
		EXPECT_EQ(0, buffer[i] % 8);
	}
	EXPECT_NE(buffer[0], buffer[1]);
	EXPECT_NE(buffer[0], buffer[2]);
	EXPECT_NE(buffer[1], buffer[2]);
	actors_end();
}

/* Oneways */

TEST_F(conf, T_041)
{
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	EXPECT_EQ(1, bc_take(self->s).code);
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

TEST_F(conf, T_042)
{
	struct client *t = bc_thread(self->s, "t");
	binder_uintptr_t first;

	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 3));
	first = bc_take(self->s).data.ptr.buffer;
	bc_ready(t);
	bc_begin_read(t, NULL, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(t));
	EXPECT_EQ(0, bc_free(self->s, first));
	EXPECT_STREQ("NOOP TRANSACTION", bc_end(t));
	EXPECT_EQ(2, bc_txn(t)->code);
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_EQ(0, bc_free(self->s, bc_txn(t)->data.ptr.buffer));
	EXPECT_EQ(3, bc_take(self->s).code);
}

TEST_F(conf, T_043)
{
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	EXPECT_EQ(1, bc_take(self->s).code);
	EXPECT_EQ(0, bc_send(self->c, .code = 3));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	EXPECT_EQ(3, bc_txn(self->s)->code);
}

TEST_F(conf, T_045)
{
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	bc_take_and_free(self->s);
	bc_take_and_free(self->s);
	EXPECT_EQ(0, bc_oneway(self->c, .code = 3));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	EXPECT_EQ(3, bc_txn(self->s)->code);
}

TEST_F(conf, T_087)
{
	void *data = stage_scratch(BC_MAP_SIZE);

	fill_pattern(data, BC_MAP_SIZE, 87);
	EXPECT_EQ(0, bc_send(self->c, .data = data, .size = BC_MAP_SIZE));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	EXPECT_EQ(BC_MAP_SIZE, bc_txn(self->s)->data_size);
	EXPECT_EQ(-1, bc_mismatch(self->s, bc_txn(self->s)->data.ptr.buffer,
				  BC_MAP_SIZE, 87));
}

/*
 * A oneway waits on the todo of a thread that had no room to read it, and the
 * thread goes. With the kernel's driver the node is blocked from then on; ours
 * gives the oneway back to the process.
 */
TEST_F(conf, T_088)
{
	struct client *s = self->s, *t = bc_thread(s, "t");

	bc_ready(t);
	bc_begin_read(t, NULL, 40);
	ASSERT_TRUE(bc_blocked(t));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_STREQ("NOOP", bc_end(t));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	EXPECT_EQ(0, bc_u32_ioctl(t, BINDER_THREAD_EXIT, 0));
	bc_read(s);
	if (on_stock()) {
		EXPECT_STREQ("EAGAIN", s->read_text);
		return;
	}
	EXPECT_STREQ("NOOP TRANSACTION", s->read_text);
	EXPECT_EQ(1, bc_txn(s)->code);
	EXPECT_EQ(0, bc_free(s, bc_txn(s)->data.ptr.buffer));
	EXPECT_EQ(2, bc_take(s).code);
}

TEST_HARNESS_MAIN
