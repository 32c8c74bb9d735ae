// SPDX-License-Identifier: GPL-2.0
/*
 * 10 Files and ioctls, 40 Transactions: frozen processes.
 *
 * F freezes and asks. It has no mapping, so that whatever a test does to the
 * others is not about it.
 */
#include <stdio.h>

#include "conf.h"

FIXTURE(frozen) {
	struct client *s;
	struct client *c;
	struct client *f;
};

FIXTURE_SETUP(frozen)
{
	self->s = bc_server("S", BC_MAP_SIZE);
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	self->f = bc_start("F", BC_DEVICE, 0);
}

FIXTURE_TEARDOWN(frozen)
{
	actors_end();
}

static struct binder_freeze_info *freeze_info(pid_t pid, u32 enable,
					      u32 timeout_ms)
{
	struct binder_freeze_info *info = stage_scratch(sizeof(*info));

	info->pid = pid;
	info->enable = enable;
	info->timeout_ms = timeout_ms;
	return info;
}

static long freeze_pid(struct client *f, pid_t pid, u32 enable, u32 timeout_ms)
{
	return bc_ioctl(f, BINDER_FREEZE, freeze_info(pid, enable, timeout_ms));
}

static long freeze(struct client *f, struct client *target, u32 timeout_ms)
{
	return freeze_pid(f, target->a->pid, 1, timeout_ms);
}

static void begin_freeze(struct client *f, struct client *target,
			 u32 timeout_ms)
{
	struct binder_freeze_info *info = freeze_info(target->a->pid, 1,
						      timeout_ms);

	actor_begin_sys(f->a, SYS_ioctl, (const long[6]) {
			f->f->fd, BINDER_FREEZE, (long)info });
}

static long thaw(struct client *f, struct client *target)
{
	return freeze_pid(f, target->a->pid, 0, 0);
}

/* What BINDER_GET_FROZEN_INFO says, as "sync_recv/async_recv", or its errno. */
static const char *info_of_pid(struct client *f, pid_t pid)
{
	struct binder_frozen_status_info *info = stage_scratch(sizeof(*info));
	char *text = stage_scratch(64);
	long ret;

	*info = (struct binder_frozen_status_info) {
		.pid = pid,
		.sync_recv = 77,
		.async_recv = 88,
	};
	ret = bc_ioctl(f, BINDER_GET_FROZEN_INFO, info);
	if (ret)
		return errno_name(ret);
	snprintf(text, 64, "%u/%u", info->sync_recv, info->async_recv);
	return text;
}

static const char *info_of(struct client *f, struct client *target)
{
	return info_of_pid(f, target->a->pid);
}

/* A number that no process has. */
static pid_t unknown_pid(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		test_abort("no child: %m");
	return pid;
}

TEST_F(frozen, F_082)
{
	EXPECT_EQ(-EINVAL, freeze_pid(self->f, unknown_pid(), 1, 0));
	EXPECT_EQ(-EINVAL, freeze_pid(self->f, unknown_pid(), 0, 0));
	/* A process that is there, but has no device open. */
	EXPECT_EQ(-EINVAL, freeze_pid(self->f, getpid(), 1, 0));
}

TEST_F(frozen, F_083)
{
	struct client *t = bc_thread(self->s, "t");

	bc_ready(t);
	ASSERT_NE(t->a->pid, t->a->tid);
	EXPECT_EQ(-EINVAL, freeze_pid(self->f, t->a->tid, 1, 0));
}

TEST_F(frozen, F_084)
{
	EXPECT_STREQ("EINVAL", info_of_pid(self->f, unknown_pid()));
	EXPECT_STREQ("EINVAL", info_of_pid(self->f, getpid()));
}

TEST_F(frozen, F_085)
{
	EXPECT_EQ(0, freeze(self->f, self->s, 0));
	EXPECT_STREQ("0/0", info_of(self->f, self->s));
}

TEST_F(frozen, F_086)
{
	EXPECT_EQ(0, freeze_pid(self->f, self->s->a->pid, 2, 0));
	EXPECT_STREQ("NOOP ZR, ZR 0", bc_outcome(self->c, .code = 1));
}

TEST_F(frozen, F_087)
{
	ASSERT_EQ(0, bc_sys(self->f, setresuid, 1000, 1000, 1000));
	EXPECT_EQ(0, freeze(self->f, self->s, 0));
	EXPECT_STREQ("NOOP ZR, ZR 0", bc_outcome(self->c, .code = 1));
	EXPECT_EQ(0, thaw(self->f, self->s));
	EXPECT_TRUE(bc_works(self->s, self->c));
}

/* A process may freeze itself as well. */
TEST_F(frozen, F_087_self)
{
	EXPECT_EQ(0, freeze(self->s, self->s, 0));
	EXPECT_STREQ("NOOP ZR, ZR 0", bc_outcome(self->c, .code = 1));
}

TEST_F(frozen, F_088)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_EQ(-EAGAIN, freeze(self->f, self->s, 0));
	/* Not frozen: another call is taken. */
	EXPECT_STREQ("EAGAIN, OK 0",
		     bc_outcome(bc_thread(self->c, "t"), .code = 2));
}

TEST_F(frozen, F_089)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_STREQ("2/0", info_of(self->f, self->s));
	EXPECT_EQ(-EAGAIN, freeze(self->f, self->s, 0));
	EXPECT_STREQ("2/0", info_of(self->f, self->s));
}

/* The clock of the wait is coarser than the one it is measured with. */
TEST_F(frozen, F_090)
{
	u64 begin, ms;

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	begin = now_ms();
	EXPECT_EQ(-EAGAIN, freeze(self->f, self->s, 200));
	ms = now_ms() - begin;
	EXPECT_GE(ms, 190);
	EXPECT_LT(ms, 2000);
	EXPECT_STREQ("EAGAIN, OK 0",
		     bc_outcome(bc_thread(self->c, "t"), .code = 2));
}

TEST_F(frozen, F_091)
{
	u64 begin;

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	begin_freeze(self->f, self->s, 10000);
	ASSERT_TRUE(actor_blocked(self->f->a));
	begin = now_ms();
	EXPECT_EQ(0, bc_reply(self->s, .code = 2));
	EXPECT_EQ(0, actor_end(self->f->a));
	EXPECT_LT(now_ms() - begin, 5000);
	EXPECT_STREQ("NOOP TC REPLY", bc_read(self->c));
	EXPECT_STREQ("NOOP ZR, ZR 0", bc_outcome(self->c, .code = 3));
}

TEST_F(frozen, F_092)
{
	u64 begin;

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	begin = now_ms();
	EXPECT_EQ(-EAGAIN, freeze(self->f, self->c, 10000));
	EXPECT_LT(now_ms() - begin, 5000);
	EXPECT_STREQ("2/0", info_of(self->f, self->c));
}

TEST_F(frozen, F_093)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .code = 2));
	EXPECT_EQ(-EAGAIN, freeze(self->f, self->c, 0));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(self->c));
	EXPECT_EQ(0, freeze(self->f, self->c, 0));
}

static void on_signal(int sig)
{
	(void)sig;
}

static long do_not_restart(struct actor *a, void *arg)
{
	struct sigaction act = { .sa_handler = on_signal };

	return sigaction(SIGUSR1, &act, NULL) ? -errno : 0;
}

TEST_F(frozen, F_094)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	ASSERT_EQ(0, actor_call(self->f->a, do_not_restart, NULL));
	begin_freeze(self->f, self->s, 10000);
	ASSERT_TRUE(actor_blocked(self->f->a));
	/* So far S is frozen. */
	EXPECT_STREQ("NOOP ZR, ZR 0",
		     bc_outcome(bc_thread(self->c, "t1"), .code = 2));
	actor_signal(self->f->a, SIGUSR1);
	EXPECT_EQ(-EINTR, actor_end(self->f->a));
	EXPECT_STREQ("EAGAIN, OK 0",
		     bc_outcome(bc_thread(self->c, "t2"), .code = 3));
}

TEST_F(frozen, F_095)
{
	EXPECT_EQ(0, freeze(self->f, self->s, 0));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_STREQ("NOOP PENDING_FROZEN", bc_read(self->c));
	EXPECT_EQ(-EAGAIN, freeze(self->f, self->s, 0));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
}

TEST_F(frozen, F_096)
{
	EXPECT_EQ(0, freeze(self->f, self->s, 0));
	EXPECT_STREQ("NOOP ZR, ZR 0", bc_outcome(self->c, .code = 1));
	EXPECT_STREQ("1/0", info_of(self->f, self->s));
}

/* The oneway is pending as well: bit 1 of sync_recv. */
TEST_F(frozen, F_097)
{
	EXPECT_EQ(0, freeze(self->f, self->s, 0));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_STREQ("2/1", info_of(self->f, self->s));
	bc_take_and_free(self->s);
	EXPECT_STREQ("0/1", info_of(self->f, self->s));
}

TEST_F(frozen, F_098)
{
	EXPECT_EQ(0, freeze(self->f, self->s, 0));
	EXPECT_STREQ("NOOP ZR, ZR 0", bc_outcome(self->c, .code = 1));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_STREQ("3/1", info_of(self->f, self->s));
	EXPECT_EQ(0, thaw(self->f, self->s));
	EXPECT_STREQ("2/0", info_of(self->f, self->s));
	bc_take_and_free(self->s);
	EXPECT_STREQ("0/0", info_of(self->f, self->s));
}

TEST_F(frozen, F_099)
{
	struct client *s2 = bc_second_file(self->s, BC_DEVICE_2, BC_MAP_SIZE);
	struct client *c2 = bc_start("C2", BC_DEVICE_2, BC_MAP_SIZE);
	struct client *f3 = bc_start("F3", BC_DEVICE_3, 0);

	ASSERT_EQ(0, bc_manager(s2, 0));
	EXPECT_EQ(0, freeze(f3, self->s, 0));
	EXPECT_STREQ("NOOP ZR, ZR 0", bc_outcome(self->c, .code = 1));
	EXPECT_STREQ("NOOP ZR, ZR 0", bc_outcome(c2, .code = 1));
	/* What happened to any of them is told of the process. */
	EXPECT_STREQ("1/0", info_of(f3, self->s));
	EXPECT_EQ(0, thaw(f3, self->s));
	EXPECT_TRUE(bc_works(self->s, self->c));
	EXPECT_TRUE(bc_works(s2, c2));
}

/* What senders get */

TEST_F(frozen, T_062)
{
	EXPECT_EQ(0, freeze(self->f, self->s, 0));
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_STREQ("ZR 0", bc_ee(self->c));
	EXPECT_NE(0, self->c->ee.id);
	EXPECT_STREQ("NOOP ZR", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

TEST_F(frozen, T_063)
{
	EXPECT_EQ(0, freeze(self->f, self->s, 0));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_STREQ("OK 0", bc_ee(self->c));
	EXPECT_NE(0, self->c->ee.id);
	EXPECT_STREQ("NOOP PENDING_FROZEN", bc_read(self->c));
	EXPECT_EQ(1, bc_take(self->s).code);
}

TEST_F(frozen, T_064)
{
	struct client *s = self->s;

	bc_begin_read(s, NULL, BC_READ_SIZE);
	ASSERT_TRUE(bc_blocked(s));
	EXPECT_EQ(0, freeze(self->f, s, 0));
	EXPECT_TRUE(bc_blocked(s));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_STREQ("NOOP PENDING_FROZEN", bc_read(self->c));
	EXPECT_STREQ("NOOP TRANSACTION", bc_end(s));
	EXPECT_EQ(1, bc_txn(s)->code);
}

/* The frozen one is C here: it is the one that has a handle to call. */
TEST_F(frozen, T_065)
{
	struct client *s = self->s, *c = self->c;

	EXPECT_EQ(0, freeze(self->f, c, 0));
	EXPECT_EQ(0, bc_oneway(c, .code = 1));
	EXPECT_STREQ("NOOP TC", bc_read(c));
	EXPECT_EQ(1, bc_take(s).code);
	EXPECT_EQ(0, bc_send(c, .code = 2));
	EXPECT_EQ(2, bc_take(s).code);
	EXPECT_EQ(0, bc_reply(s, .code = 3));
	EXPECT_STREQ("NOOP TC", bc_read(s));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(c));
	EXPECT_EQ(3, bc_txn(c)->code);
}

/* Oneways that are told apart by one letter of payload. */
static void update(struct client *c, u32 code, u32 flags, char letter)
{
	long ret = bc_send(c, .code = code, .flags = TF_ONE_WAY | flags,
			   .data = &letter, .size = 1);

	if (ret || strcmp(bc_read(c), "NOOP PENDING_FROZEN"))
		test_abort("oneway %c: %s", letter, c->read_text);
}

/* The letters of the oneways that S receives, each freed before the next. */
static const char *letters(struct client *s)
{
	char *text = stage_scratch(16), *p = text;

	while (p < text + 15 && !strcmp(bc_read(s), "NOOP TRANSACTION")) {
		binder_uintptr_t buffer = bc_txn(s)->data.ptr.buffer;
		const char *letter = bc_peek(s, buffer, 1);

		*p++ = letter ? *letter : '?';
		bc_free(s, buffer);
	}
	*p = 0;
	return text;
}

TEST_F(frozen, T_066)
{
	struct client *c = self->c;

	EXPECT_EQ(0, freeze(self->f, self->s, 0));
	update(c, 1, TF_UPDATE_TXN, '1');
	update(c, 1, TF_UPDATE_TXN, '2');
	update(c, 1, TF_UPDATE_TXN, '3');
	update(c, 2, TF_UPDATE_TXN, 'b');
	update(c, 1, TF_UPDATE_TXN, '4');
	update(c, 1, 0, 'z');
	EXPECT_EQ(0, thaw(self->f, self->s));
	EXPECT_STREQ("1b4z", letters(self->s));
	EXPECT_TRUE(bc_room(self->s, c));
}

/* One without the flag stays, and so do others behind it. */
TEST_F(frozen, T_066_plain)
{
	struct client *c = self->c;

	EXPECT_EQ(0, freeze(self->f, self->s, 0));
	update(c, 1, TF_UPDATE_TXN, '1');
	update(c, 1, 0, 'p');
	update(c, 1, TF_UPDATE_TXN, '2');
	update(c, 1, TF_UPDATE_TXN, '3');
	EXPECT_EQ(0, thaw(self->f, self->s));
	EXPECT_STREQ("1p3", letters(self->s));
}

/* All flags have to be the same, and the process that sends. */
TEST_F(frozen, T_066_other)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	struct client *t = bc_thread(self->c, "t");
	struct client *c = self->c;

	bc_ready(t);
	EXPECT_EQ(0, freeze(self->f, self->s, 0));
	update(c, 1, TF_UPDATE_TXN, '1');
	update(c, 1, TF_UPDATE_TXN, '2');
	update(c, 1, TF_UPDATE_TXN | TF_CLEAR_BUF, 'f');
	update(d, 1, TF_UPDATE_TXN, 'd');
	update(t, 1, TF_UPDATE_TXN, 't');
	EXPECT_EQ(0, thaw(self->f, self->s));
	EXPECT_STREQ("1fdt", letters(self->s));
}

/* Without a freeze the flag means nothing. */
TEST_F(frozen, T_066_thawed)
{
	struct client *c = self->c;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, bc_send(c, .code = 1,
				     .flags = TF_ONE_WAY | TF_UPDATE_TXN,
				     .data = &"123"[i], .size = 1));
		EXPECT_STREQ("NOOP TC", bc_read(c));
	}
	EXPECT_STREQ("123", letters(self->s));
}

/* As R_030 in spam.c, where the 27th is one too many. */
TEST(R_035)
{
	struct client *s = bc_server("S", 64 << 10);
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	struct client *f = bc_start("F", BC_DEVICE, 0);
	int i;

	ASSERT_EQ(0, bc_u32_ioctl(c, BINDER_ENABLE_ONEWAY_SPAM_DETECTION, 1));
	EXPECT_EQ(0, freeze(f, s, 0));
	for (i = 1; i <= 32; i++) {
		EXPECT_EQ(0, bc_oneway(c, .data = s, .size = 1000));
		EXPECT_STREQ("NOOP PENDING_FROZEN", bc_read(c))
			TH_LOG("oneway %d", i);
	}
	actors_end();
}

TEST_HARNESS_MAIN
