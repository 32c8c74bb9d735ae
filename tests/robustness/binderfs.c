// SPDX-License-Identifier: GPL-2.0
/*
 * binderfs under stress: everything at once, memory that runs out anywhere, and
 * whether all that was taken is back afterwards.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "actor.h"
#include "binder_client.h"
#include "binderfs.h"
#include "failing.h"
#include "system.h"

#define ROUNDS	1500
#define MAX_FAILURES 1000	/* more than any call has places to fail at */

FIXTURE(fs) {
	const char *dir;
	const char *other;	/* nothing is mounted there */
};

FIXTURE_SETUP(fs)
{
	bfs_private();
	self->dir = bfs_new("max=8");
	self->other = bfs_dir();
}

FIXTURE_TEARDOWN(fs)
{
}

/**
 * struct play - what several threads do at once
 * @x: a device that comes and goes, and the other name that it gets
 * @y: that name
 * @dir: the instance that they are in
 * @other: where another instance comes and goes
 * @over: the first thread is done, so the others end
 * @added: devices that were made
 * @opened: devices that were opened
 * @bad: the first result that must not be, 0 if there was none
 */
struct play {
	const char *x, *y;
	const char *dir, *other;
	atomic_bool over;
	atomic_uint added, opened;
	atomic_long bad;
};

/* A result is good, or one of the two errors that the others can cause. */
static bool fine(struct play *p, long ret, long may, long may_too)
{
	long none = 0;

	if (ret >= 0 || ret == -may || ret == -may_too)
		return ret >= 0;
	atomic_compare_exchange_strong(&p->bad, &none, ret);
	return false;
}

static void *add(void *arg)
{
	struct play *p = arg;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		if (fine(p, bfs_add(p->dir, "x"), EEXIST, ENOSPC))
			p->added++;
		sched_yield();
	}
	p->over = true;
	return NULL;
}

static void *add_to_other(void *arg)
{
	struct play *p = arg;

	while (!p->over) {
		if (fine(p, bfs_add(p->other, "x"), EEXIST, ENOENT))
			p->added++;
		sched_yield();
	}
	return NULL;
}

static void *remove_it(void *arg)
{
	struct play *p = arg;

	while (!p->over) {
		fine(p, bfs_result(unlink(p->x)), ENOENT, 0);
		sched_yield();
		fine(p, bfs_result(unlink(p->y)), ENOENT, 0);
	}
	return NULL;
}

static void *move(void *arg)
{
	struct play *p = arg;

	while (!p->over) {
		fine(p, bfs_result(rename(p->x, p->y)), ENOENT, 0);
		sched_yield();
	}
	return NULL;
}

static void *use(void *arg)
{
	struct play *p = arg;

	while (!p->over) {
		long fd = bfs_open(p->x);

		if (!fine(p, fd, ENOENT, 0)) {
			sched_yield();
			continue;
		}
		p->opened++;
		sched_yield();
		if (bfs_protocol(fd) != 8)
			fine(p, -EPROTO, 0, 0);
		close(fd);
	}
	return NULL;
}

static void *come_and_go(void *arg)
{
	struct play *p = arg;

	while (!p->over) {
		fine(p, bfs_mount(p->other, "max=8"), 0, 0);
		sched_yield();
		fine(p, bfs_result(umount2(p->other, MNT_DETACH)), 0, 0);
	}
	return NULL;
}

/* How many devices can be added until there is no more room. */
static unsigned int places_left(const char *dir)
{
	unsigned int n = 0;
	char name[32];

	do {
		snprintf(name, sizeof(name), "d%u", n);
	} while (!bfs_add(dir, name) && ++n);
	return n;
}

TEST_F(fs, all_at_once)
{
	void *(*const parts[])(void *) = {
		add, add_to_other, remove_it, move, use, use, come_and_go
	};
	struct play p = { .dir = self->dir, .other = self->other };
	pthread_t threads[ARRAY_SIZE(parts)];
	long first;
	size_t i;

	p.x = bfs_path(self->dir, "x");
	p.y = bfs_path(self->dir, "y");
	ASSERT_EQ(0, bfs_add(self->dir, "x"));
	first = bfs_minor(p.x);
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, parts[i], &p));
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		pthread_join(threads[i], NULL);
	EXPECT_EQ(0, p.bad)
		TH_LOG("%s", strerror(-p.bad));
	EXPECT_LT(100, p.added);
	EXPECT_LT(10, p.opened);
	unlink(p.x);
	unlink(p.y);
	/* Every number and every place is back. */
	ASSERT_EQ(0, bfs_add(self->dir, "x"));
	EXPECT_EQ(first, bfs_minor(p.x));
	EXPECT_EQ(4, places_left(self->dir));
}

/* Somebody who may mount can make as many as there is memory, and they all go. */
TEST_F(fs, many)
{
	const char *dir = bfs_new("max=1500");
	long last = bfs_minor(bfs_path(dir, "vndbinder"));

	EXPECT_EQ(1497, places_left(dir));
	EXPECT_EQ(last + 1497, bfs_minor(bfs_path(dir, "d1496")));
	ASSERT_EQ(0, umount(dir));
	ASSERT_EQ(0, bfs_mount(dir, NULL));
	EXPECT_EQ(last, bfs_minor(bfs_path(dir, "vndbinder")));
}

/* Memory that runs out: the nth allocation or copy of this thread fails. */

typedef long (*step_fn)(const char *dir);

/*
 * Have @step fail at each place where it can, until it succeeds without. What
 * did nothing must leave nothing, what succeeded is undone.
 */
static unsigned int sweep(struct __test_metadata *_metadata, const char *dir,
			  step_fn step, step_fn undo)
{
	int fd = fail_nth_open();
	unsigned int n, errors = 0;
	bool failed = true;

	ASSERT_LE(0, fd);
	for (n = 1; failed && n < MAX_FAILURES; n++) {
		long ret;

		fail_nth(fd, n);
		ret = step(dir);
		failed = fail_nth_end(fd);
		EXPECT_TRUE(!ret || ret == -ENOMEM || ret == -EFAULT)
			TH_LOG("failure %u gives %s", n, strerror(-ret));
		errors += ret != 0;
		EXPECT_EQ(ret ? -ENOENT : 0, undo(dir))
			TH_LOG("failure %u: %s", n, strerror(-ret));
	}
	EXPECT_FALSE(failed);
	close(fd);
	return errors;
}

static long mount_step(const char *dir)
{
	return bfs_mount(dir, "max=20,stats=global");
}

/* An empty directory is no mount point; for sweep() that is "not there". */
static long mount_undo(const char *dir)
{
	long ret = bfs_result(umount(dir));

	return ret == -EINVAL ? -ENOENT : ret;
}

static int control = -1;

static long add_step(const char *dir)
{
	struct binderfs_device d = { .name = "x" };

	return bfs_result(ioctl(control, BINDER_CTL_ADD, &d));
}

static long add_undo(const char *dir)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/x", dir);
	return bfs_result(unlink(path));
}

TEST_F(fs, out_of_memory_mounting)
{
	long first;

	if (!failing_init())
		SKIP(return, "this kernel has no fault injection");
	ASSERT_EQ(0, bfs_mount(self->other, NULL));
	first = bfs_minor(bfs_path(self->other, "binder"));
	ASSERT_EQ(0, umount(self->other));
	/* Twice: what the kernel allocates once only shifts all behind it. */
	EXPECT_LT(20, sweep(_metadata, self->other, mount_step, mount_undo));
	EXPECT_LT(20, sweep(_metadata, self->other, mount_step, mount_undo));
	ASSERT_EQ(0, bfs_mount(self->other, NULL));
	EXPECT_EQ(first, bfs_minor(bfs_path(self->other, "binder")));
}

/*
 * Behind so many minor numbers (63 of the second 1024) the next one needs memory to
 * be noted in, which an IDA takes from there.
 */
#define MINORS_AT_ONCE	1087
#define OF_IDA_BITMAPS	"kmalloc-128"

TEST_F(fs, out_of_memory_numbering)
{
	const char *dir = bfs_new(NULL);
	unsigned int n = bfs_minor(bfs_path(dir, "vndbinder")) + 1;
	char name[32];

	for (; n < MINORS_AT_ONCE; n++) {
		snprintf(name, sizeof(name), "n%u", n);
		ASSERT_EQ(0, bfs_add(dir, name));
	}
	if (!failing_init() || !fail_cache(OF_IDA_BITMAPS))
		SKIP(return, "this kernel has no fault injection");
	EXPECT_EQ(-ENOMEM, bfs_add(dir, "x"));
	fail_cache(NULL);
	EXPECT_EQ(-ENOENT, bfs_result(unlink(bfs_path(dir, "x"))));
	ASSERT_EQ(0, bfs_add(dir, "x"));
	EXPECT_EQ(MINORS_AT_ONCE, bfs_minor(bfs_path(dir, "x")));
}

/* The last few numbers are out of reach there; all else is as anywhere. */
TEST_F(fs, in_another_ipc_namespace)
{
	const char *dir = bfs_dir();

	ASSERT_EQ(0, unshare(CLONE_NEWIPC));
	ASSERT_EQ(0, bfs_mount(dir, NULL));
	EXPECT_TRUE(bfs_works(bfs_path(dir, "binder")));
	ASSERT_EQ(0, bfs_add(dir, "x"));
	EXPECT_TRUE(bfs_works(bfs_path(dir, "x")));
}

TEST_F(fs, out_of_memory_adding)
{
	const char *x = bfs_path(self->dir, "x");
	long first;

	if (!failing_init())
		SKIP(return, "this kernel has no fault injection");
	control = bfs_open(bfs_path(self->dir, "binder-control"));
	ASSERT_LE(0, control);
	ASSERT_EQ(0, bfs_add(self->dir, "x"));
	first = bfs_minor(x);
	ASSERT_EQ(0, unlink(x));
	EXPECT_LT(3, sweep(_metadata, self->dir, add_step, add_undo));
	ASSERT_EQ(0, bfs_add(self->dir, "x"));
	EXPECT_EQ(first, bfs_minor(x));
	EXPECT_EQ(4, places_left(self->dir));
	close(control);
}

TEST_HARNESS_MAIN
