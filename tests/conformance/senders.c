// SPDX-License-Identifier: GPL-2.0
/*
 * 40 Transactions: who the receiver is told the sender is.
 */
#include <sched.h>
#include <stdio.h>

#include "conf.h"

/* Of one thread, not of the process as the libc function would do it. */
static long set_euid(struct client *c, long euid)
{
	return bc_sys(c, setresuid, -1, euid, -1);
}

TEST_F(conf, T_078)
{
	struct client *t = bc_thread(self->c, "t");

	ASSERT_EQ(0, set_euid(t, 1000));
	EXPECT_EQ(0, bc_send(t, .code = 1));
	EXPECT_EQ(0, bc_take(self->s).sender_euid);
}

TEST_F(conf, T_079)
{
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_EQ(0, bc_take(self->s).sender_euid);
	EXPECT_EQ(0, bc_free(self->s, bc_txn(self->s)->data.ptr.buffer));
	ASSERT_EQ(0, set_euid(self->c, 1000));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 2));
	EXPECT_EQ(1000, bc_take(self->s).sender_euid);
	EXPECT_EQ(0, bc_send(self->c, .code = 3));
	EXPECT_EQ(1000, bc_take(self->s).sender_euid);
}

/* A replier is a sender, too. */
TEST_F(conf, T_079_reply)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take(self->s);
	ASSERT_EQ(0, set_euid(self->s, 2000));
	EXPECT_EQ(0, bc_reply(self->s, .code = 2));
	EXPECT_EQ(2000, bc_take(self->c).sender_euid);
}

static long send_from_child(struct actor *a, void *arg)
{
	struct client *c = arg;
	pid_t pid = fork();
	int status;

	if (!pid) {
		if (syscall(SYS_setresuid, -1, 1000, -1))
			_exit(errno);
		if (ioctl(c->f->fd, BINDER_WRITE_READ, &c->bwr))
			_exit(errno);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return status;
}

TEST_F(conf, T_080)
{
	struct client *c = self->c;
	struct wbuf *w = wb(c);

	w_txn(w, .code = 80);
	c->bwr = (struct binder_write_read) {
		.write_size = w->len,
		.write_buffer = (binder_uintptr_t)w->p,
	};
	EXPECT_EQ(0, actor_call(c->a, send_from_child, c));
	EXPECT_EQ(68, c->bwr.write_consumed);
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(self->s));
	EXPECT_EQ(80, bc_txn(self->s)->code);
	EXPECT_EQ(0, bc_txn(self->s)->sender_euid);
	EXPECT_EQ(c->a->pid, bc_txn(self->s)->sender_pid);
}

/* Namespaces */

TEST_F(conf, T_081)
{
	ASSERT_EQ(0, bc_sys(self->s, unshare, CLONE_NEWUSER));
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_EQ(0xffffffff, bc_take(self->s).sender_euid);
}

TEST_F(conf, T_082)
{
	char path[64];

	ASSERT_EQ(0, bc_sys(self->s, unshare, CLONE_NEWUSER));
	snprintf(path, sizeof(path), "/proc/%d/uid_map", self->s->a->pid);
	write_file(path, "0 1000 1");
	ASSERT_EQ(0, set_euid(self->c, 1000));
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_EQ(0, bc_take(self->s).sender_euid);
}

TEST(T_083)
{
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	struct client *s;

	ASSERT_EQ(0, unshare(CLONE_NEWPID));
	s = bc_server("S", BC_MAP_SIZE);
	ASSERT_EQ(1, bc_sys(s, getpid, 0));
	EXPECT_EQ(0, bc_send(c, .code = 1));
	EXPECT_EQ(0, bc_take(s).sender_pid);
	actors_end();
}

TEST(T_084)
{
	struct client *s = bc_server("S", BC_MAP_SIZE);
	struct client *c;

	ASSERT_EQ(0, unshare(CLONE_NEWPID));
	c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	ASSERT_EQ(1, bc_sys(c, getpid, 0));
	EXPECT_EQ(0, bc_send(c, .code = 1));
	EXPECT_EQ(c->a->pid, bc_take(s).sender_pid);
	actors_end();
}

TEST_HARNESS_MAIN
