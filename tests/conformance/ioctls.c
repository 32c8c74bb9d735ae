// SPDX-License-Identifier: GPL-2.0
/*
 * 10 Files and ioctls: the ioctls, and the write part of BINDER_WRITE_READ.
 */
#include "conf.h"

/* 00 ABI */

TEST(A_001)
{
	EXPECT_EQ(4, sizeof(struct binder_object_header));
	EXPECT_EQ(24, sizeof(struct flat_binder_object));
	EXPECT_EQ(24, sizeof(struct binder_fd_object));
	EXPECT_EQ(40, sizeof(struct binder_buffer_object));
	EXPECT_EQ(32, sizeof(struct binder_fd_array_object));
	EXPECT_EQ(48, sizeof(struct binder_write_read));
	EXPECT_EQ(4, sizeof(struct binder_version));
	EXPECT_EQ(24, sizeof(struct binder_node_debug_info));
	EXPECT_EQ(24, sizeof(struct binder_node_info_for_ref));
	EXPECT_EQ(12, sizeof(struct binder_freeze_info));
	EXPECT_EQ(12, sizeof(struct binder_frozen_status_info));
	EXPECT_EQ(16, sizeof(struct binder_frozen_state_info));
	EXPECT_EQ(12, sizeof(struct binder_extended_error));
	EXPECT_EQ(64, sizeof(struct binder_transaction_data));
	EXPECT_EQ(72, sizeof(struct binder_transaction_data_secctx));
	EXPECT_EQ(72, sizeof(struct binder_transaction_data_sg));
	EXPECT_EQ(16, sizeof(struct binder_ptr_cookie));
	EXPECT_EQ(12, sizeof(struct binder_handle_cookie));
	EXPECT_EQ(8, sizeof(struct binder_pri_desc));
	EXPECT_EQ(24, sizeof(struct binder_pri_ptr_cookie));

	EXPECT_EQ(4, offsetof(struct flat_binder_object, flags));
	EXPECT_EQ(8, offsetof(struct flat_binder_object, binder));
	EXPECT_EQ(8, offsetof(struct flat_binder_object, handle));
	EXPECT_EQ(16, offsetof(struct flat_binder_object, cookie));
	EXPECT_EQ(8, offsetof(struct binder_write_read, write_consumed));
	EXPECT_EQ(40, offsetof(struct binder_write_read, read_buffer));
	EXPECT_EQ(0, offsetof(struct binder_transaction_data, target.handle));
	EXPECT_EQ(8, offsetof(struct binder_transaction_data, cookie));
	EXPECT_EQ(16, offsetof(struct binder_transaction_data, code));
	EXPECT_EQ(20, offsetof(struct binder_transaction_data, flags));
	EXPECT_EQ(24, offsetof(struct binder_transaction_data, sender_pid));
	EXPECT_EQ(28, offsetof(struct binder_transaction_data, sender_euid));
	EXPECT_EQ(32, offsetof(struct binder_transaction_data, data_size));
	EXPECT_EQ(40, offsetof(struct binder_transaction_data, offsets_size));
	EXPECT_EQ(48, offsetof(struct binder_transaction_data, data.ptr.buffer));
	EXPECT_EQ(56, offsetof(struct binder_transaction_data, data.ptr.offsets));
	EXPECT_EQ(4, offsetof(struct binder_handle_cookie, cookie));
	EXPECT_EQ(8, offsetof(struct binder_extended_error, param));
}

TEST(A_002)
{
	EXPECT_EQ(0xc0306201, BINDER_WRITE_READ);
	EXPECT_EQ(0x40086203, BINDER_SET_IDLE_TIMEOUT);
	EXPECT_EQ(0x40046205, BINDER_SET_MAX_THREADS);
	EXPECT_EQ(0x40046206, BINDER_SET_IDLE_PRIORITY);
	EXPECT_EQ(0x40046207, BINDER_SET_CONTEXT_MGR);
	EXPECT_EQ(0x40046208, BINDER_THREAD_EXIT);
	EXPECT_EQ(0xc0046209, BINDER_VERSION);
	EXPECT_EQ(0xc018620b, BINDER_GET_NODE_DEBUG_INFO);
	EXPECT_EQ(0xc018620c, BINDER_GET_NODE_INFO_FOR_REF);
	EXPECT_EQ(0x4018620d, BINDER_SET_CONTEXT_MGR_EXT);
	EXPECT_EQ(0x400c620e, BINDER_FREEZE);
	EXPECT_EQ(0xc00c620f, BINDER_GET_FROZEN_INFO);
	EXPECT_EQ(0x40046210, BINDER_ENABLE_ONEWAY_SPAM_DETECTION);
	EXPECT_EQ(0xc00c6211, BINDER_GET_EXTENDED_ERROR);

	EXPECT_EQ(0x40406300, BC_TRANSACTION);
	EXPECT_EQ(0x40406301, BC_REPLY);
	EXPECT_EQ(0x40046302, BC_ACQUIRE_RESULT);
	EXPECT_EQ(0x40086303, BC_FREE_BUFFER);
	EXPECT_EQ(0x40046304, BC_INCREFS);
	EXPECT_EQ(0x40046305, BC_ACQUIRE);
	EXPECT_EQ(0x40046306, BC_RELEASE);
	EXPECT_EQ(0x40046307, BC_DECREFS);
	EXPECT_EQ(0x40106308, BC_INCREFS_DONE);
	EXPECT_EQ(0x40106309, BC_ACQUIRE_DONE);
	EXPECT_EQ(0x4008630a, BC_ATTEMPT_ACQUIRE);
	EXPECT_EQ(0x0000630b, BC_REGISTER_LOOPER);
	EXPECT_EQ(0x0000630c, BC_ENTER_LOOPER);
	EXPECT_EQ(0x0000630d, BC_EXIT_LOOPER);
	EXPECT_EQ(0x400c630e, BC_REQUEST_DEATH_NOTIFICATION);
	EXPECT_EQ(0x400c630f, BC_CLEAR_DEATH_NOTIFICATION);
	EXPECT_EQ(0x40086310, BC_DEAD_BINDER_DONE);
	EXPECT_EQ(0x40486311, BC_TRANSACTION_SG);
	EXPECT_EQ(0x40486312, BC_REPLY_SG);

	EXPECT_EQ(0x80047200, BR_ERROR);
	EXPECT_EQ(0x00007201, BR_OK);
	EXPECT_EQ(0x80487202, BR_TRANSACTION_SEC_CTX);
	EXPECT_EQ(0x80407202, BR_TRANSACTION);
	EXPECT_EQ(0x80407203, BR_REPLY);
	EXPECT_EQ(29189, BR_DEAD_REPLY);
	EXPECT_EQ(0x00007206, BR_TRANSACTION_COMPLETE);
	EXPECT_EQ(0x80107207, BR_INCREFS);
	EXPECT_EQ(0x80107208, BR_ACQUIRE);
	EXPECT_EQ(0x80107209, BR_RELEASE);
	EXPECT_EQ(0x8010720a, BR_DECREFS);
	EXPECT_EQ(0x0000720c, BR_NOOP);
	EXPECT_EQ(0x0000720d, BR_SPAWN_LOOPER);
	EXPECT_EQ(0x8008720f, BR_DEAD_BINDER);
	EXPECT_EQ(0x80087210, BR_CLEAR_DEATH_NOTIFICATION_DONE);
	EXPECT_EQ(29201, BR_FAILED_REPLY);
	EXPECT_EQ(29202, BR_FROZEN_REPLY);
	EXPECT_EQ(0x00007213, BR_ONEWAY_SPAM_SUSPECT);
	EXPECT_EQ(0x00007214, BR_TRANSACTION_PENDING_FROZEN);
}

TEST_F(solo, A_003)
{
	EXPECT_EQ(8, bc_ready(self->c));
}

TEST_F(conf, A_005)
{
	struct client *other = bc_start("D", BC_DEVICE_2, BC_MAP_SIZE);

	bc_await_no_manager(other);
	EXPECT_EQ(0, bc_send(other, .code = 1));
	EXPECT_STREQ("NOOP DR", bc_read(other));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

/* The must-return flag */

static struct client *fresh_client(void)
{
	struct client *c = bc_new("fresh");

	bc_open(c, BC_DEVICE, O_RDWR | O_CLOEXEC);
	bc_map(c, BC_MAP_SIZE, PROT_READ, MAP_PRIVATE, 0);
	return c;
}

TEST_F(solo, F_009)
{
	int *on = stage_scratch(sizeof(*on));

	*on = 1;
	ASSERT_EQ(0, bc_ioctl(self->c, FIONBIO, on));
	self->c->f->nonblock = true;
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(solo, F_010)
{
	struct client *c = fresh_client();

	EXPECT_STREQ("NOOP", bc_wait(c));
	EXPECT_EQ(4, c->bwr.read_consumed);
}

TEST_F(solo, F_011)
{
	struct client *c = fresh_client();

	EXPECT_STREQ("NOOP", bc_read(c));
	EXPECT_EQ(4, c->bwr.read_consumed);
}

TEST_F(solo, F_012)
{
	struct client *c = fresh_client();

	EXPECT_STREQ("NOOP", bc_read(c));
	EXPECT_STREQ("EAGAIN", bc_read(c));
	EXPECT_EQ(0, c->bwr.read_consumed);
}

TEST_F(solo, F_013)
{
	struct client *c = fresh_client();

	EXPECT_EQ(8, bc_ready(c));
	bc_begin_read(c, NULL, BC_READ_SIZE);
	EXPECT_TRUE(bc_blocked(c));
}

TEST_F(solo, F_014)
{
	struct client *c = fresh_client();

	EXPECT_EQ(0, bc_cmd(c, BC_ENTER_LOOPER));
	EXPECT_STREQ("EAGAIN", bc_read(c));
}

TEST_F(solo, F_015)
{
	struct client *c = fresh_client();

	EXPECT_EQ(-EINVAL, bc_ioctl(c, _IO('b', 99), NULL));
	EXPECT_STREQ("EAGAIN", bc_read(c));
}

TEST_F(solo, F_016)
{
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_EQ(0, bc_u32_ioctl(self->c, BINDER_THREAD_EXIT, 0));
	EXPECT_STREQ("NOOP", bc_read(self->c));
	EXPECT_EQ(4, self->c->bwr.read_consumed);
}

/* Numbers and bad pointers */

TEST_F(solo, F_017)
{
	EXPECT_EQ(-EINVAL, bc_ioctl(self->c, _IOWR('b', 99, u64), BAD_POINTER));
	EXPECT_EQ(-EINVAL, bc_ioctl(self->c, _IO('b', 0), BAD_POINTER));
}

TEST_F(solo, F_018)
{
	self->c->bwr = (struct binder_write_read) { 0 };
	EXPECT_EQ(-EINVAL, bc_ioctl(self->c, _IOWR('b', 1, u8[24]),
				    &self->c->bwr));
}

TEST_F(solo, F_019)
{
	self->c->bwr = (struct binder_write_read) { 0 };
	EXPECT_EQ(-EINVAL,
		  bc_ioctl(self->c, _IOW('b', 1, struct binder_write_read),
			   &self->c->bwr));
}

TEST_F(solo, F_020)
{
	u64 *arg = stage_scratch(sizeof(*arg));

	*arg = 0;
	EXPECT_EQ(-EINVAL, bc_ioctl(self->c, BINDER_SET_IDLE_TIMEOUT, arg));
	EXPECT_EQ(-EINVAL, bc_ioctl(self->c, BINDER_SET_IDLE_PRIORITY, arg));
}

TEST_F(solo, F_021)
{
	EXPECT_EQ(-EFAULT, bc_ioctl(self->c, BINDER_WRITE_READ, BAD_POINTER));
}

TEST_F(solo, F_022)
{
	EXPECT_EQ(-EINVAL,
		  bc_ioctl(self->c, BINDER_SET_MAX_THREADS, BAD_POINTER));
}

TEST_F(solo, F_023)
{
	EXPECT_EQ(-EINVAL, bc_ioctl(self->c, BINDER_VERSION, BAD_POINTER));
}

TEST_F(solo, F_024)
{
	EXPECT_EQ(-EINVAL,
		  bc_ioctl(self->c, BINDER_SET_CONTEXT_MGR_EXT, BAD_POINTER));
}

TEST_F(conf, F_025)
{
	EXPECT_EQ(-EINVAL,
		  bc_ioctl(self->c, BINDER_SET_CONTEXT_MGR_EXT, BAD_POINTER));
}

TEST_F(solo, F_026)
{
	EXPECT_EQ(-EFAULT, bc_ioctl(self->c, BINDER_GET_NODE_INFO_FOR_REF,
				    BAD_POINTER));
	EXPECT_EQ(-EFAULT, bc_ioctl(self->c, BINDER_GET_NODE_DEBUG_INFO,
				    BAD_POINTER));
}

TEST_F(solo, F_027)
{
	EXPECT_EQ(-EFAULT, bc_ioctl(self->c, BINDER_FREEZE, BAD_POINTER));
	EXPECT_EQ(-EFAULT,
		  bc_ioctl(self->c, BINDER_GET_FROZEN_INFO, BAD_POINTER));
}

TEST_F(solo, F_028)
{
	EXPECT_EQ(-EFAULT, bc_ioctl(self->c, BINDER_ENABLE_ONEWAY_SPAM_DETECTION,
				    BAD_POINTER));
}

TEST_F(solo, F_029)
{
	EXPECT_EQ(-EFAULT,
		  bc_ioctl(self->c, BINDER_GET_EXTENDED_ERROR, BAD_POINTER));
}

TEST_F(solo, F_030)
{
	EXPECT_EQ(0, bc_send(self->c, .handle = 5));
	EXPECT_EQ(-EFAULT,
		  bc_ioctl(self->c, BINDER_GET_EXTENDED_ERROR, BAD_POINTER));
	EXPECT_STREQ("OK 0", bc_ee(self->c));
	EXPECT_EQ(0, self->c->ee.id);
}

TEST_F(solo, F_031)
{
	EXPECT_EQ(0, bc_ioctl(self->c, BINDER_THREAD_EXIT, BAD_POINTER));
}

TEST_F(solo, F_032)
{
	EXPECT_EQ(0, bc_ioctl(self->c, BINDER_SET_CONTEXT_MGR, BAD_POINTER));
}

/* The write part */

TEST_F(solo, F_033)
{
	struct client *c = self->c;

	c->bwr = (struct binder_write_read) {
		.write_consumed = 3,
		.read_consumed = 5,
		.write_buffer = (binder_uintptr_t)BAD_POINTER,
		.read_buffer = (binder_uintptr_t)BAD_POINTER,
	};
	EXPECT_EQ(0, bc_io(c));
	EXPECT_EQ(3, c->bwr.write_consumed);
	EXPECT_EQ(5, c->bwr.read_consumed);
}

TEST_F(solo, F_034)
{
	EXPECT_EQ(0, bc_cmd(self->c, BC_ENTER_LOOPER));
	EXPECT_EQ(4, self->c->bwr.write_consumed);
	EXPECT_EQ(0, bc_free(self->c, 0));
	EXPECT_EQ(12, self->c->bwr.write_consumed);
}

TEST_F(solo, F_035)
{
	EXPECT_EQ(-EINVAL, bc_cmd(self->c, 0x12345678));
	EXPECT_EQ(0, self->c->bwr.write_consumed);
}

TEST_F(solo, F_036)
{
	struct client *c = self->c;
	struct wbuf *w = wb(c);

	w_free(w, 0);
	w_u32(w, 0x12345678);
	EXPECT_STREQ("EINVAL", bc_write_read(c, w, BC_READ_SIZE));
	EXPECT_EQ(12, c->bwr.write_consumed);
	EXPECT_EQ(0, c->bwr.read_consumed);
	EXPECT_EQ(BC_POISON, c->rbuf[0]);
}

TEST_F(solo, F_037)
{
	struct client *c = self->c;
	struct wbuf *w = wb(c);

	w_u32(w, 0x12345678);
	c->bwr = (struct binder_write_read) {
		.write_size = w->len,
		.write_buffer = (binder_uintptr_t)w->p,
		.read_consumed = 7,
	};
	EXPECT_EQ(-EINVAL, bc_io(c));
	EXPECT_EQ(0, c->bwr.read_consumed);
}

TEST_F(solo, F_038)
{
	struct client *c = self->c;

	c->bwr = (struct binder_write_read) {
		.write_size = 4,
		.write_buffer = (binder_uintptr_t)BAD_POINTER,
	};
	EXPECT_EQ(-EFAULT, bc_io(c));
	EXPECT_EQ(0, c->bwr.write_consumed);
}

TEST_F(solo, F_039)
{
	struct client *c = self->c;
	struct wbuf w = { .p = bc_edge(c) - 20, .size = 24 };

	w_free(&w, 0);
	w_free(&w, 0);
	EXPECT_EQ(-EFAULT, bc_write(c, &w));
	EXPECT_EQ(12, c->bwr.write_consumed);
}

/* A command that begins before write_size is executed as a whole. */
TEST_F(solo, F_040)
{
	struct client *c = self->c;
	struct wbuf *w = wb(c);

	w_u32(w, BC_ENTER_LOOPER);
	w->len = 2;
	EXPECT_EQ(0, bc_write(c, w));
	EXPECT_EQ(4, c->bwr.write_consumed);
}

TEST_F(solo, F_041)
{
	struct client *c = self->c;
	struct wbuf *w = wb(c);

	w_free(w, 0);
	w->len = 4;
	EXPECT_EQ(0, bc_write(c, w));
	EXPECT_EQ(12, c->bwr.write_consumed);
}

static long write_from(struct client *c, const struct wbuf *w, u64 consumed)
{
	c->bwr = (struct binder_write_read) {
		.write_size = w->len,
		.write_consumed = consumed,
		.write_buffer = (binder_uintptr_t)w->p,
	};
	return bc_io(c);
}

/* The command that is to be skipped would fail. */
TEST_F(solo, F_042)
{
	struct client *c = self->c;
	struct wbuf *w = wb(c);

	w_u32(w, 0x12345678);
	w_u32(w, BC_ENTER_LOOPER);
	EXPECT_EQ(0, write_from(c, w, 4));
	EXPECT_EQ(8, c->bwr.write_consumed);
}

TEST_F(solo, F_043)
{
	struct client *c = self->c;
	struct wbuf *w = wb(c);

	w_u32(w, 0x12345678);
	EXPECT_EQ(0, write_from(c, w, 4));
	EXPECT_EQ(4, c->bwr.write_consumed);
	EXPECT_EQ(0, write_from(c, w, 1000));
	EXPECT_EQ(1000, c->bwr.write_consumed);
}

TEST_F(solo, F_044)
{
	struct client *c = self->c;
	struct wbuf *w = wb(c);

	w_put(w, "\xff\xff", 2);
	w_free(w, 0);
	EXPECT_EQ(0, write_from(c, w, 2));
	EXPECT_EQ(14, c->bwr.write_consumed);
}

TEST_F(solo, F_045)
{
	struct client *c = self->c;
	struct wbuf *w = wb(c);

	w_txn(w, .handle = 5);
	w_u32(w, 0x12345678);
	EXPECT_EQ(0, bc_write(c, w));
	EXPECT_EQ(68, c->bwr.write_consumed);
}

TEST_F(solo, F_046)
{
	EXPECT_EQ(0, bc_send(self->c, .handle = 5));
	EXPECT_EQ(0, bc_cmd(self->c, BC_ENTER_LOOPER));
	EXPECT_EQ(0, self->c->bwr.write_consumed);
	EXPECT_EQ(0, bc_cmd(self->c, 0x12345678));
	EXPECT_EQ(0, self->c->bwr.write_consumed);
}

TEST_F(solo, F_047)
{
	struct client *c = self->c;
	struct wbuf *w;

	EXPECT_EQ(0, bc_send(c, .handle = 5));
	w = wb(c);
	w_u32(w, BC_ENTER_LOOPER);
	EXPECT_STREQ("NOOP FR", bc_write_read(c, w, BC_READ_SIZE));
	EXPECT_EQ(0, c->bwr.write_consumed);
}

TEST_F(solo, F_048)
{
	EXPECT_EQ(0, bc_send(self->c, .handle = 5));
	EXPECT_STREQ("NOOP FR", bc_read(self->c));
	EXPECT_EQ(0, bc_cmd(self->c, BC_ENTER_LOOPER));
	EXPECT_EQ(4, self->c->bwr.write_consumed);
}

TEST_F(solo, F_049)
{
	struct binder_write_read *bwr = stage_scratch(PAGE);

	memset(bwr, 0, sizeof(*bwr));
	ASSERT_EQ(0, bc_sys(self->c, mprotect, (long)bwr, PAGE, PROT_READ));
	EXPECT_EQ(-EFAULT, bc_ioctl(self->c, BINDER_WRITE_READ, bwr));
}

TEST_F(solo, F_100)
{
	struct client *c = fresh_client();

	EXPECT_STREQ("OK 0", bc_ee(c));
	EXPECT_EQ(0, c->ee.id);
}

TEST_HARNESS_MAIN
