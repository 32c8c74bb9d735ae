// SPDX-License-Identifier: GPL-2.0
/*
 * Pid namespaces: whom BINDER_FREEZE means by a number, and whom the logs.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "logs.h"
#include "system.h"

/* S is outside; C is process 1 of a pid namespace, D process 2. */
FIXTURE(namespaces) {
	struct client *s;
	struct client *c;
	struct client *d;
};

FIXTURE_SETUP(namespaces)
{
	self->s = bc_server("S", BC_MAP_SIZE);
	ASSERT_EQ(0, unshare(CLONE_NEWPID));
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	self->d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	ASSERT_EQ(1, bc_sys(self->c, getpid, 0));
	ASSERT_EQ(2, bc_sys(self->d, getpid, 0));
}

FIXTURE_TEARDOWN(namespaces)
{
	/* Process 1 ends last: it waits until all others are reaped. */
	actor_kill(self->d->a);
	actors_end();
}

static long freeze_pid(struct client *c, pid_t pid, bool enable)
{
	struct binder_freeze_info *info = stage_scratch(sizeof(*info));

	*info = (struct binder_freeze_info) { .pid = pid, .enable = enable };
	return bc_ioctl(c, BINDER_FREEZE, info);
}

/* Does a process know itself as frozen? */
static bool is_frozen(struct client *s, struct client *c)
{
	struct binder_frozen_status_info *info = stage_scratch(sizeof(*info));

	*info = (struct binder_frozen_status_info) { .pid = c->a->pid };
	if (bc_ioctl(s, BINDER_GET_FROZEN_INFO, info))
		test_abort("no info of %s", c->a->name);
	return info->sync_recv & 1;
}

TEST_F(namespaces, freeze)
{
	struct client *s = self->s, *c = self->c, *d = self->d;
	const long inside = on_stock() ? -EINVAL : 0;

	EXPECT_EQ(inside, freeze_pid(c, 2, true));
	EXPECT_EQ(inside, freeze_pid(c, 2, false));
	EXPECT_EQ(on_stock() ? 0 : -EINVAL, freeze_pid(c, d->a->pid, true));
	EXPECT_EQ(on_stock() ? 0 : -EINVAL, freeze_pid(c, d->a->pid, false));
	/* Nobody has this number, also nobody whom C does not see. */
	EXPECT_EQ(-EINVAL, freeze_pid(c, 0, true));
	EXPECT_EQ(on_stock() ? 0 : -EINVAL, freeze_pid(c, s->a->pid, true));
	EXPECT_EQ(0, freeze_pid(s, s->a->pid, false));
	/* From outside, by the number there. */
	EXPECT_EQ(0, freeze_pid(s, d->a->pid, true));
	EXPECT_EQ(0, freeze_pid(s, d->a->pid, false));
}

/* A process that refused a call while frozen, asked for by its number inside. */
TEST_F(namespaces, frozen_info)
{
	struct binder_frozen_status_info *info = stage_scratch(sizeof(*info));
	struct client *s = self->s, *c = self->c;

	EXPECT_EQ(0, freeze_pid(s, s->a->pid, true));
	EXPECT_STREQ("NOOP ZR, ZR 0", bc_outcome(c, .code = 1));
	EXPECT_TRUE(is_frozen(s, s));
	*info = (struct binder_frozen_status_info) { .pid = 2 };
	EXPECT_EQ(on_stock() ? -EINVAL : 0,
		  bc_ioctl(c, BINDER_GET_FROZEN_INFO, info));
	EXPECT_EQ(0, freeze_pid(s, s->a->pid, false));
}

/* A log file as a client reads it. */
static const char *log_as_read_by(struct client *c, const char *name)
{
	char *text = stage_scratch(32 << 10);
	const char *path = log_path(name);
	char *at = stage_scratch(strlen(path) + 1);
	long fd, n, len = 0;

	memcpy(at, path, strlen(path) + 1);
	fd = bc_sys(c, openat, AT_FDCWD, (long)at, O_RDONLY);
	if (fd < 0)
		test_abort("%s: %s", path, errno_name(fd));
	while ((n = bc_sys(c, read, fd, (long)text + len,
			   (32 << 10) - 1 - len)) > 0)
		len += n;
	text[len] = 0;
	bc_sys(c, close, fd);
	return text;
}

static bool has(const char *text, const char *fmt, int a, int b)
{
	char line[128];

	snprintf(line, sizeof(line), fmt, a, b);
	return strstr(text, line);
}

TEST_F(namespaces, logs)
{
	struct client *s = self->s, *c = self->c, *d = self->d;
	bool inside = !on_stock();
	const char *text;

	EXPECT_EQ(0, bc_oneway(d, .code = 1));
	EXPECT_EQ(0, bc_oneway(d, .handle = 77));
	text = log_as_read_by(c, "state");
	EXPECT_TRUE(has(text, "proc %d\n", inside ? 1 : c->a->pid, 0));
	EXPECT_TRUE(has(text, "proc %d\n", inside ? 2 : d->a->pid, 0));
	EXPECT_TRUE(has(text, "proc %d\n", inside ? 0 : s->a->pid, 0));
	EXPECT_TRUE(has(text, "from %d:%d to ", inside ? 2 : d->a->pid,
			inside ? 2 : d->a->tid));
	text = log_as_read_by(c, "failed_transaction_log");
	EXPECT_TRUE(has(text, "from %d:%d to 0:0 ", inside ? 2 : d->a->pid,
			inside ? 2 : d->a->tid));
	text = log_as_read_by(s, "state");
	EXPECT_TRUE(has(text, "proc %d\n", d->a->pid, 0));
	EXPECT_TRUE(has(text, "from %d:%d to ", d->a->pid, d->a->tid));
	if (on_stock())
		return;
	text = log_as_read_by(c, "failed_transactions");
	EXPECT_TRUE(has(text, " oneway %d:%d - 77 - ", 2, 2));
}

TEST_HARNESS_MAIN
