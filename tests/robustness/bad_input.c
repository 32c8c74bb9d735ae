// SPDX-License-Identifier: GPL-2.0
/*
 * Bad input: each is refused in the way the interface says, and leaves no trace
 * on the other side.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "kselftest_harness.h"

#include "binder_client.h"
#include "parcel.h"
#include "system.h"

#define MAP_SIZE (16 * PAGE)

FIXTURE(bad) {
	struct client *s;
	struct client *c;
};

FIXTURE_SETUP(bad)
{
	self->s = bc_server("S", MAP_SIZE);
	self->c = bc_start("C", BC_DEVICE, MAP_SIZE);
}

/* Whatever was tried, S has nothing to read, and all its space is free. */
FIXTURE_TEARDOWN(bad)
{
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
	EXPECT_TRUE(bc_works(self->s, self->c));
	EXPECT_TRUE(bc_room(self->s, self->c));
	actors_end();
}

static const struct {
	u32 code;
	const char *name;
} commands[] = {
	{ BC_TRANSACTION, "BC_TRANSACTION" },
	{ BC_REPLY, "BC_REPLY" },
	{ BC_ACQUIRE_RESULT, "BC_ACQUIRE_RESULT" },
	{ BC_FREE_BUFFER, "BC_FREE_BUFFER" },
	{ BC_INCREFS, "BC_INCREFS" },
	{ BC_ACQUIRE, "BC_ACQUIRE" },
	{ BC_RELEASE, "BC_RELEASE" },
	{ BC_DECREFS, "BC_DECREFS" },
	{ BC_INCREFS_DONE, "BC_INCREFS_DONE" },
	{ BC_ACQUIRE_DONE, "BC_ACQUIRE_DONE" },
	{ BC_ATTEMPT_ACQUIRE, "BC_ATTEMPT_ACQUIRE" },
	{ BC_REGISTER_LOOPER, "BC_REGISTER_LOOPER" },
	{ BC_ENTER_LOOPER, "BC_ENTER_LOOPER" },
	{ BC_EXIT_LOOPER, "BC_EXIT_LOOPER" },
	{ BC_REQUEST_DEATH_NOTIFICATION, "BC_REQUEST_DEATH_NOTIFICATION" },
	{ BC_CLEAR_DEATH_NOTIFICATION, "BC_CLEAR_DEATH_NOTIFICATION" },
	{ BC_DEAD_BINDER_DONE, "BC_DEAD_BINDER_DONE" },
	{ BC_TRANSACTION_SG, "BC_TRANSACTION_SG" },
	{ BC_REPLY_SG, "BC_REPLY_SG" },
	{ BC_REQUEST_FREEZE_NOTIFICATION, "BC_REQUEST_FREEZE_NOTIFICATION" },
	{ BC_CLEAR_FREEZE_NOTIFICATION, "BC_CLEAR_FREEZE_NOTIFICATION" },
	{ BC_FREEZE_NOTIFICATION_DONE, "BC_FREEZE_NOTIFICATION_DONE" },
};

static bool is_command(u32 code)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (commands[i].code == code)
			return true;
	return false;
}

/* Only the first @len of the @total bytes of a command can be read. */
static long write_cut(struct client *c, u8 *edge, const u8 *command, size_t len,
		      size_t total)
{
	memcpy(edge - len, command, len);
	c->bwr = (struct binder_write_read) {
		.write_size = total,
		.write_buffer = (binder_uintptr_t)edge - len,
	};
	return bc_io(c);
}

static void expect_cut(struct __test_metadata *_metadata, struct client *c,
		       u32 code, const char *name)
{
	size_t total = 4 + _IOC_SIZE(code), len;
	u8 *edge = bc_edge(c);
	u8 command[128] = { 0 };

	memcpy(command, &code, 4);
	for (len = 0; len < total; len++) {
		ASSERT_EQ(-EFAULT, write_cut(c, edge, command, len, total))
			TH_LOG("%s cut to %zu bytes", name, len);
		ASSERT_EQ(0, c->bwr.write_consumed);
	}
	/* Not even an attempt was made. */
	EXPECT_STREQ("OK 0", bc_ee(c));
	EXPECT_EQ(0, c->ee.id);
}

TEST_F(bad, commands_cut_short)
{
	static const u32 cut[] = {
		BC_TRANSACTION, BC_REPLY, BC_FREE_BUFFER, BC_ENTER_LOOPER,
		BC_REGISTER_LOOPER, BC_EXIT_LOOPER
	};
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(cut); i++)
		for (j = 0; j < ARRAY_SIZE(commands); j++)
			if (commands[j].code == cut[i])
				expect_cut(_metadata, self->c, cut[i],
					   commands[j].name);
}

static void expect_unknown(struct __test_metadata *_metadata, struct client *c,
			   u32 code)
{
	struct wbuf *w = wb(c);
	int i;

	w_u32(w, code);
	for (i = 0; i < 16; i++)
		w_u64(w, 0);
	ASSERT_EQ(-EINVAL, bc_write(c, w))
		TH_LOG("command %#x", code);
	ASSERT_EQ(0, c->bwr.write_consumed);
}

TEST_F(bad, unknown_commands)
{
	static const u32 unknown[] = {
		0, 1, 0x6300, 0x6303, 0xffffffff, 0x7fffffff, 0x80000000,
		BR_NOOP, BR_TRANSACTION, BR_REPLY, BINDER_WRITE_READ,
		_IOW('c', 0, u8[63]), _IOW('c', 0, u8[65]), _IOW('c', 3, u32),
		_IOR('c', 3, u64), _IOWR('c', 3, u64), _IO('c', 3),
		_IOW('c', 12, u32), _IO('c', 22), _IO('c', 255),
		_IOW('b', 3, u64), _IOW('r', 3, u64),
	};
	unsigned int seed = 6303;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(unknown); i++)
		expect_unknown(_metadata, self->c, unknown[i]);
	for (i = 0; i < 100; i++) {
		u32 code = (u32)rand_r(&seed) << 16 ^ rand_r(&seed);

		if (!is_command(code))
			expect_unknown(_metadata, self->c, code);
	}
}

TEST_F(bad, unknown_ioctls)
{
	u8 *arg = stage_scratch(PAGE);
	unsigned int nr;
	size_t i;

	memset(arg, BC_POISON, PAGE);
	for (nr = 0; nr < 256; nr++) {
		ASSERT_EQ(-EINVAL, bc_ioctl(self->c, _IO('b', nr), arg));
		ASSERT_EQ(-EINVAL, bc_ioctl(self->c, _IOWR('b', nr, u8[100]),
					    arg));
		ASSERT_EQ(-EINVAL, bc_ioctl(self->c, _IOWR('B', nr, u64), arg));
	}
	for (i = 0; i < PAGE && arg[i] == BC_POISON; i++)
		;
	EXPECT_EQ(PAGE, i);
}

/* Pointers */

static const u64 bad_address[] = {
	1, 8, PAGE - 1, 1ULL << 47, 1ULL << 63, 0xffff800000000000,
	~(u64)0 - PAGE, ~(u64)0 - 7, ~(u64)0
};

TEST_F(bad, data_at_bad_addresses)
{
	static const size_t size[] = { 1, 8, PAGE + 1, MAP_SIZE };
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(bad_address); i++)
		for (j = 0; j < ARRAY_SIZE(size); j++) {
			EXPECT_STREQ("NOOP FR, FR EFAULT",
				     bc_outcome(self->c, .raw = true,
						.data = (void *)bad_address[i],
						.size = size[j]))
				TH_LOG("%zu bytes at %#llx", size[j],
				       bad_address[i]);
		}
}

TEST_F(bad, offsets_at_bad_addresses)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad_address); i++) {
		EXPECT_STREQ("NOOP FR, FR EFAULT",
			     bc_outcome(self->c, .raw = true,
					.offsets = (void *)bad_address[i],
					.offsets_size = 8,
					.flags = TF_ONE_WAY))
			TH_LOG("offsets at %#llx", bad_address[i]);
	}
}

/* Nothing of the data is read before the object is. */
TEST_F(bad, objects_at_bad_addresses)
{
	binder_size_t *offset = stage_keep(sizeof(*offset));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad_address); i++) {
		EXPECT_STREQ("NOOP FR, FR EINVAL",
			     bc_outcome(self->c, .raw = true,
					.data = (void *)bad_address[i],
					.size = 24, .offsets = offset,
					.offsets_size = sizeof(*offset)))
			TH_LOG("an object at %#llx", bad_address[i]);
	}
}

TEST_F(bad, descriptors_at_bad_addresses)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad_address); i++) {
		struct parcel *p = parcel();
		u64 at = bad_address[i] & ~7ULL;

		p_bytes(p, "in front", 8);
		p_fda(p, 2, p_ptr(p, (void *)at, 8), 0);
		EXPECT_STREQ("NOOP FR, FR EINVAL",
			     bc_outcome(self->c, .parcel = p, .sg = 8))
			TH_LOG("descriptors at %#llx", at);
	}
}

/* With size 0 nothing is read, so the address does not matter. */
TEST_F(bad, nothing_at_bad_addresses)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad_address); i++)
		EXPECT_NE(0, bc_deliver(self->s, self->c, .raw = true,
					.data = (void *)bad_address[i],
					.offsets = (void *)bad_address[i]))
			TH_LOG("%#llx: %s", bad_address[i], self->c->ee_text);
	for (i = 0; i < ARRAY_SIZE(bad_address); i++)
		bc_free(self->s, (binder_uintptr_t)self->s->f->map + 8 * i);
}

TEST_F(bad, write_buffer_at_bad_addresses)
{
	struct client *c = self->c;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad_address); i++) {
		c->bwr = (struct binder_write_read) {
			.write_size = 4,
			.write_buffer = bad_address[i],
		};
		/* A buffer beyond the last address: see the next test. */
		if (bad_address[i] + 4 < bad_address[i])
			c->bwr.write_buffer -= 4;
		EXPECT_EQ(-EFAULT, bc_io(c))
			TH_LOG("write_buffer %#llx", bad_address[i]);
		EXPECT_EQ(0, c->bwr.write_consumed);
		bc_nonblock(c, false);
		EXPECT_EQ(-EFAULT, bc_read_into(c, (void *)bad_address[i], 256))
			TH_LOG("read_buffer %#llx", bad_address[i]);
		EXPECT_EQ(-EFAULT, bc_ioctl(c, BINDER_WRITE_READ,
					    (void *)bad_address[i]))
			TH_LOG("argument %#llx", bad_address[i]);
	}
}

/*
 * A write buffer that goes beyond the last address. The kernel's driver takes
 * it for empty, as its end lies before its start; ours takes it as it is.
 */
TEST_F(bad, write_buffer_wraps)
{
	struct client *c = self->c;

	c->bwr = (struct binder_write_read) {
		.write_size = 68,
		.write_buffer = ~(u64)7,
	};
	EXPECT_EQ(on_stock() ? 0 : -EFAULT, bc_io(c));
	EXPECT_EQ(0, c->bwr.write_consumed);
}

/* Sizes of buffers that are not what they say. */
TEST_F(bad, huge_write_size)
{
	struct client *c = self->c;
	u8 *edge = bc_edge(c);
	struct wbuf w = { .p = edge - 24, .size = 24 };

	w_free(&w, 0);
	w_free(&w, 0);
	c->bwr = (struct binder_write_read) {
		.write_size = 1ULL << 40,
		.write_buffer = (binder_uintptr_t)w.p,
	};
	EXPECT_EQ(-EFAULT, bc_io(c));
	EXPECT_EQ(24, c->bwr.write_consumed);
}

TEST_F(bad, huge_read_size)
{
	struct client *c = self->c;

	EXPECT_EQ(0, bc_send(c, .handle = 5));
	c->bwr = (struct binder_write_read) {
		.read_size = 1ULL << 40,
		.read_buffer = (binder_uintptr_t)c->rbuf,
	};
	EXPECT_EQ(0, bc_io(c));
	EXPECT_STREQ("NOOP FR", c->read_text);
}

/* Sizes of messages */

static const struct {
	u64 size, offsets_size;
	const char *error;
} bad_size[] = {
	{ MAP_SIZE + 1, 0, "ENOSPC" },
	{ MAP_SIZE, 8, "ENOSPC" },
	{ 8, MAP_SIZE, "ENOSPC" },
	{ 0xffffffff, 0, "ENOSPC" },
	{ 1ULL << 32, 0, "ENOSPC" },
	{ (1ULL << 32) + 8, 0, "ENOSPC" },
	{ 8, 1ULL << 32, "ENOSPC" },
	{ 1ULL << 63, 0, "ENOSPC" },
	{ 0, 1ULL << 63, "ENOSPC" },
	{ 1ULL << 63, (1ULL << 63) - 8, "ENOSPC" },
	{ -8ULL, 0, "ENOSPC" },
	{ 0, -8ULL, "ENOSPC" },
	{ 1ULL << 63, 1ULL << 63, "EINVAL" },
	{ -8ULL, 8, "EINVAL" },
	{ 8, -8ULL, "EINVAL" },
	{ -8ULL, -8ULL, "EINVAL" },
	{ -7ULL, 0, "EINVAL" },
	{ -1ULL, 0, "EINVAL" },
	{ 0, -1ULL, "EINVAL" },
	{ -1ULL, -1ULL, "EINVAL" },
};

static void expect_bad_sizes(struct __test_metadata *_metadata,
			     struct client *c, u32 flags)
{
	char want[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad_size); i++) {
		snprintf(want, sizeof(want), "NOOP FR, FR %s",
			 bad_size[i].error);
		EXPECT_STREQ(want,
			     bc_outcome(c, .raw = true, .flags = flags,
					.size = bad_size[i].size,
					.offsets_size =
						bad_size[i].offsets_size))
			TH_LOG("sizes %#llx, %#llx", bad_size[i].size,
			       bad_size[i].offsets_size);
	}
}

TEST_F(bad, sizes)
{
	expect_bad_sizes(_metadata, self->c, 0);
}

TEST_F(bad, sizes_of_oneways)
{
	expect_bad_sizes(_metadata, self->c, TF_ONE_WAY);
}

TEST_F(bad, sizes_of_replies)
{
	char want[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad_size); i++) {
		EXPECT_EQ(0, bc_send(self->c, .code = 1));
		bc_take_and_free(self->s);
		EXPECT_EQ(0, bc_reply(self->s, .raw = true,
				      .size = bad_size[i].size,
				      .offsets_size =
					      bad_size[i].offsets_size));
		EXPECT_STREQ("NOOP TC", bc_read(self->s));
		snprintf(want, sizeof(want), "FR %s", bad_size[i].error);
		EXPECT_STREQ(want, bc_ee(self->c))
			TH_LOG("sizes %#llx, %#llx", bad_size[i].size,
			       bad_size[i].offsets_size);
		EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
	}
}

TEST_F(bad, offsets_of_odd_size)
{
	static const char offsets[4096];
	size_t size;

	for (size = 1; size < sizeof(offsets); size = size * 2 + 1) {
		EXPECT_STREQ("NOOP FR, FR EINVAL",
			     bc_outcome(self->c, .data = "data", .size = 4,
					.offsets = offsets,
					.offsets_size = size))
			TH_LOG("offsets_size %zu", size);
	}
}

/* Mappings */

TEST_F(bad, mmap_lengths)
{
	struct client *c = bc_second_file(self->c, BC_DEVICE, 0);

	EXPECT_EQ(-EINVAL, bc_map(c, 0, PROT_READ, MAP_PRIVATE, 0));
	EXPECT_EQ(-ENOMEM, bc_map(c, ~(size_t)0 - PAGE, PROT_READ, MAP_PRIVATE,
				  0));
	EXPECT_EQ(-EINVAL, bc_map(c, PAGE, PROT_READ, MAP_PRIVATE, 1));
	EXPECT_EQ(-EINVAL, bc_map(c, PAGE, PROT_READ, 0, 0));
	EXPECT_EQ(0, bc_map(c, PAGE, PROT_READ, MAP_PRIVATE, 0));
}

/* Epoll goes on watching a thread record that is gone. */
TEST_F(bad, epoll_of_an_exited_thread)
{
	struct epoll_event *ev = stage_scratch(sizeof(*ev));
	struct client *c = self->c;
	int fd = c->f->fd, i;

	*ev = (struct epoll_event) { .events = EPOLLIN };
	for (i = 0; i < 20; i++) {
		long ep = bc_sys(c, epoll_create1, 0);

		ASSERT_GE(ep, 0);
		ASSERT_EQ(0, bc_sys(c, epoll_ctl, ep, EPOLL_CTL_ADD, fd,
				    (long)ev));
		EXPECT_EQ(0, bc_u32_ioctl(c, BINDER_THREAD_EXIT, 0));
		if (i % 2)
			EXPECT_EQ(0, bc_sys(c, epoll_ctl, ep, EPOLL_CTL_DEL,
					    fd, (long)ev));
		EXPECT_EQ(0, bc_sys(c, close, ep));
	}
	bc_ready(c);
}

/* One thread exits with a call on its stack, another frees the call's buffer. */
TEST_F(bad, buffer_of_an_exited_thread)
{
	struct client *t = bc_thread(self->s, "t");
	binder_uintptr_t buffer;

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	buffer = bc_take(t).data.ptr.buffer;
	EXPECT_EQ(0, bc_u32_ioctl(t, BINDER_THREAD_EXIT, 0));
	EXPECT_EQ(0, bc_free(self->s, buffer));
	EXPECT_EQ(12, self->s->bwr.write_consumed);
	EXPECT_STREQ("NOOP TC DR", bc_read(self->c));
	/* Freed is freed, in whatever thread. */
	EXPECT_EQ(0, bc_free(t, buffer));
	EXPECT_STREQ("EAGAIN", bc_read(t));
}

TEST_HARNESS_MAIN
