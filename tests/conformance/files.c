// SPDX-License-Identifier: GPL-2.0
/*
 * 10 Files and ioctls: open, other file operations, mmap, close and exec.
 */
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>

#include "conf.h"
#include "parcel.h"

TEST(F_001)
{
	static const int modes[] = { O_RDONLY, O_WRONLY, O_RDWR };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		struct client *c = bc_new("C");

		ASSERT_GE(bc_open(c, BC_DEVICE, modes[i]), 0);
		EXPECT_EQ(8, bc_ready(c));
	}
	actors_end();
}

TEST(F_002)
{
	struct client *c = bc_new("C");
	u32 *arg = stage_scratch(sizeof(*arg));

	ASSERT_GE(bc_open(c, BC_DEVICE, O_PATH), 0);
	EXPECT_EQ(-EBADF, bc_ioctl(c, BINDER_VERSION, arg));
	EXPECT_EQ(-EBADF, bc_ioctl(c, BINDER_WRITE_READ, &c->bwr));
	actors_end();
}

static long mount_nodev(struct actor *a, void *arg)
{
	struct stat st;

	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", "/tmp", "tmpfs", MS_NODEV, NULL) ||
	    stat(BC_DEVICE, &st) ||
	    mknod("/tmp/binder", S_IFCHR | 0600, st.st_rdev))
		return -errno;
	return 0;
}

TEST(F_004)
{
	struct client *c = bc_new("C");

	ASSERT_EQ(0, actor_call(c->a, mount_nodev, NULL));
	EXPECT_EQ(-EACCES, bc_open(c, "/tmp/binder", O_RDWR));
	actors_end();
}

/*
 * The devices of binderfs, unlike the misc devices of a kernel without it, are
 * bound to the file system they are in.
 */
#define OWN_BINDERFS	"/tmp/binderfs"

static bool have_binderfs(void)
{
	FILE *f = fopen("/proc/filesystems", "re");
	char line[64];
	bool found = false;

	while (f && fgets(line, sizeof(line), f))
		found |= !strcmp(line, "nodev\tbinder\n");
	if (f)
		fclose(f);
	return found;
}

static long mount_binderfs(struct actor *a, void *arg)
{
	struct stat st;

	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", "/tmp", "tmpfs", 0, NULL) ||
	    mkdir(OWN_BINDERFS, 0755) ||
	    mount("binder", OWN_BINDERFS, "binder", 0, NULL) ||
	    stat(OWN_BINDERFS "/binder", &st) ||
	    mknod("/tmp/binder", S_IFCHR | 0600, st.st_rdev))
		return -errno;
	return 0;
}

TEST(F_003)
{
	struct client *c = bc_new("C");

	if (!have_binderfs()) {
		actors_end();
		SKIP(return, "this kernel has no binderfs");
	}
	ASSERT_EQ(0, actor_call(c->a, mount_binderfs, NULL));
	EXPECT_EQ(-ENXIO, bc_open(c, "/tmp/binder", O_RDWR));
	EXPECT_LE(0, bc_open(c, OWN_BINDERFS "/binder", O_RDWR));
	actors_end();
}

TEST_F(solo, F_005)
{
	struct client *c = self->c;
	long buf = (long)stage_scratch(64);
	int fd = c->f->fd;

	EXPECT_EQ(-EINVAL, bc_sys(c, read, fd, buf, 64));
	EXPECT_EQ(-EINVAL, bc_sys(c, write, fd, buf, 64));
	EXPECT_EQ(-EINVAL, bc_sys(c, pread64, fd, buf, 64, 0));
	EXPECT_EQ(-EINVAL, bc_sys(c, fsync, fd));
}

TEST_F(solo, F_006)
{
	EXPECT_EQ(-ESPIPE, bc_sys(self->c, lseek, self->c->f->fd, 0, SEEK_SET));
}

TEST_F(solo, F_007)
{
	EXPECT_EQ(-EINVAL, bc_sys(self->c, ftruncate, self->c->f->fd, 0));
}

TEST_F(solo, F_008)
{
	int *n = stage_scratch(sizeof(*n));

	EXPECT_EQ(-EINVAL, bc_ioctl(self->c, FIONREAD, n));
}

/* A driver with binderfs may have no others; then init has made links. */
static bool devices_of_binderfs(void)
{
	struct stat st;

	return !lstat(BC_DEVICE, &st) && S_ISLNK(st.st_mode);
}

/* The devices are misc devices. */
TEST(B_047)
{
	static const char * const devices[] = {
		BC_DEVICE, BC_DEVICE_2, BC_DEVICE_3
	};
	struct stat st;
	size_t i;

	if (!on_stock())
		EXPECT_FALSE(devices_of_binderfs());
	for (i = 0; i < ARRAY_SIZE(devices); i++) {
		ASSERT_EQ(0, stat(devices[i], &st))
			TH_LOG("%s: %m", devices[i]);
		EXPECT_EQ(S_IFCHR | 0600, st.st_mode);
		EXPECT_EQ(devices_of_binderfs(), major(st.st_rdev) != 10);
	}
}

/* mmap */

static long map_in_child(struct actor *a, void *arg)
{
	struct binder_file *f = arg;
	struct binder_version v = { 0 };
	pid_t pid = fork();
	int status;

	if (!pid) {
		void *p = mmap(NULL, f->size, PROT_READ, MAP_PRIVATE, f->fd, 0);

		if (p != MAP_FAILED)
			_exit(100);
		if (errno != EINVAL)
			_exit(errno);
		if (ioctl(f->fd, BINDER_VERSION, &v))
			_exit(101);
		_exit(v.protocol_version == 8 ? 0 : 102);
	}
	if (waitpid(pid, &status, 0) != pid)
		return -errno;
	return status;
}

static struct client *opened(const char *name, int flags)
{
	struct client *c = bc_new(name);
	long fd = bc_open(c, BC_DEVICE, flags);

	if (fd < 0)
		test_abort("%s: open: %s", name, errno_name(fd));
	c->f->size = BC_MAP_SIZE;
	return c;
}

TEST(F_101)
{
	struct client *c = opened("C", O_RDWR);

	EXPECT_EQ(0, actor_call(c->a, map_in_child, c->f));
	EXPECT_EQ(0, bc_map(c, BC_MAP_SIZE, PROT_READ, MAP_PRIVATE, 0));
	actors_end();
}

TEST(F_102)
{
	struct client *c = opened("C", O_RDWR);
	const int rw = PROT_READ | PROT_WRITE;

	EXPECT_EQ(-EPERM, bc_map(c, BC_MAP_SIZE, rw, MAP_SHARED, 0));
	EXPECT_EQ(-EPERM, bc_map(c, BC_MAP_SIZE, rw, MAP_PRIVATE, 0));
	EXPECT_EQ(-EPERM, bc_map(c, BC_MAP_SIZE, PROT_WRITE, MAP_PRIVATE, 0));
	EXPECT_EQ(0, bc_map(c, BC_MAP_SIZE, PROT_READ, MAP_PRIVATE, 0));
	actors_end();
}

TEST(F_103)
{
	struct client *c = bc_new("C");

	if (!have_binderfs()) {
		actors_end();
		SKIP(return, "this kernel has no binderfs");
	}
	ASSERT_EQ(0, actor_call(c->a, mount_binderfs, NULL));
	ASSERT_LE(0, bc_open(c, OWN_BINDERFS "/binder", O_RDWR));
	EXPECT_EQ(-EPERM, bc_map(c, BC_MAP_SIZE, PROT_READ | PROT_EXEC,
				 MAP_PRIVATE, 0));
	EXPECT_EQ(0, bc_map(c, BC_MAP_SIZE, PROT_READ, MAP_PRIVATE, 0));
	actors_end();
}

TEST(F_104)
{
	struct client *c = opened("C", O_WRONLY);

	EXPECT_EQ(-EACCES, bc_map(c, BC_MAP_SIZE, PROT_READ, MAP_PRIVATE, 0));
	actors_end();
}

TEST_F(solo, F_105)
{
	EXPECT_EQ(-EBUSY, bc_map(self->c, PAGE, PROT_READ, MAP_PRIVATE, 0));
	EXPECT_EQ(-EPERM, bc_map(self->c, PAGE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE, 0));
}

TEST_F(solo, F_106)
{
	EXPECT_EQ(0, bc_unmap(self->c));
	EXPECT_EQ(-EBUSY, bc_map(self->c, PAGE, PROT_READ, MAP_PRIVATE, 0));
}

/* How much fits tells the size of the area and its share for oneways. */
TEST(F_107)
{
	struct client *s = bc_server("S", 100);
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);

	EXPECT_EQ(0, bc_oneway(c, .data = s, .size = 2056));
	EXPECT_STREQ("NOOP FR", bc_read(c));
	EXPECT_EQ(0, bc_oneway(c, .data = s, .size = 2048));
	EXPECT_STREQ("NOOP TC", bc_read(c));
	EXPECT_EQ(0, bc_send(c, .data = s, .size = 2056));
	EXPECT_STREQ("NOOP FR", bc_read(c));
	EXPECT_EQ(0, bc_send(c, .data = s, .size = 2048));
	EXPECT_STREQ("EAGAIN", bc_read(c));
	actors_end();
}

TEST(F_108)
{
	const size_t half = 2 << 20;
	struct client *s = bc_server("S", 4 * half);
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	const void *data = stage_scratch(half + 8);

	EXPECT_EQ(0, bc_oneway(c, .data = data, .size = half + 8));
	EXPECT_STREQ("NOOP FR", bc_read(c));
	EXPECT_EQ(0, bc_oneway(c, .data = data, .size = half));
	EXPECT_STREQ("NOOP TC", bc_read(c));
	EXPECT_EQ(0, bc_send(c, .data = data, .size = half + 8));
	EXPECT_STREQ("NOOP FR", bc_read(c));
	EXPECT_EQ(0, bc_send(c, .data = data, .size = half));
	EXPECT_STREQ("EAGAIN", bc_read(c));
	EXPECT_EQ(8 << 20, s->f->size);
	actors_end();
}

TEST(F_109)
{
	static const struct {
		int prot, flags;
		off_t offset;
	} v[] = {
		{ PROT_READ, MAP_PRIVATE, 4096 },
		{ PROT_READ, MAP_PRIVATE | MAP_POPULATE, 0 },
		{ PROT_READ, MAP_PRIVATE | MAP_LOCKED, 0 },
		{ PROT_READ, MAP_PRIVATE | MAP_NORESERVE, 0 },
		{ PROT_READ, MAP_SHARED, 0 },
		{ PROT_NONE, MAP_PRIVATE, 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(v); i++) {
		struct client *c = opened("C", O_RDWR);

		EXPECT_EQ(0, bc_map(c, BC_MAP_SIZE, v[i].prot, v[i].flags,
				    v[i].offset))
			TH_LOG("prot %#x flags %#x", v[i].prot, v[i].flags);
		if (v[i].prot & PROT_READ) {
			EXPECT_STREQ("SIGBUS BUS_ADRERR",
				     bc_touch(c, c->f->map));
		}
	}
	actors_end();
}

/* "me": unlike binderfs, /dev allows execution. */
TEST_F(solo, F_110)
{
	EXPECT_STREQ(devices_of_binderfs() ? "rd mr dc mm " : "rd mr me dc mm ",
		     smaps_flags(self->c->a->pid, self->c->f->map));
}

TEST(F_111)
{
	struct client *c = opened("C", O_RDWR);
	struct client *t = bc_thread(c, "t");

	EXPECT_EQ(0, bc_map(t, BC_MAP_SIZE, PROT_READ, MAP_PRIVATE, 0));
	actors_end();
}

/* close and exec */

TEST_F(conf, F_122)
{
	EXPECT_EQ(0, bc_close(self->s));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_STREQ("NOOP TC", bc_read(self->c));
}

TEST_F(conf, F_123)
{
	EXPECT_EQ(0, bc_close(self->s));
	EXPECT_EQ(0, bc_unmap(self->s));
	bc_await_no_manager(self->c);
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_STREQ("NOOP DR", bc_read(self->c));
}

TEST(F_124)
{
	struct client *s = opened("S", O_RDWR);
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);

	ASSERT_EQ(0, bc_map(s, BC_MAP_SIZE, PROT_READ, MAP_PRIVATE, 0));
	ASSERT_EQ(0, bc_manager(s, 0));
	actor_exec(s->a);
	EXPECT_EQ(0, bc_send(c, .code = 1));
	EXPECT_STREQ("DR ESRCH", bc_ee(c));
	EXPECT_STREQ("NOOP DR", bc_read(c));
	actors_end();
}

/* A child of S, with the file it has inherited, reads what is for S. */
static long read_in_child(struct actor *a, void *arg)
{
	struct client *s = arg;
	pid_t pid = fork();
	int status;

	if (!pid) {
		int fd = fcntl(s->f->fd, F_DUPFD, 0);

		close(fd);
		if (ioctl(s->f->fd, BINDER_WRITE_READ, &s->bwr))
			_exit(255);
		/* The lowest number that was free is taken. */
		_exit(fcntl(fd, F_GETFD) == FD_CLOEXEC &&
		      write(fd, "hello", 5) == 5 ? fd : 254);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}

TEST_F(conf, F_125)
{
	struct client *s = self->s, *c = self->c;
	int *end = stage_scratch(2 * sizeof(*end));
	struct binder_transaction_data t;
	struct parcel *p = parcel();
	long fd;

	ASSERT_EQ(0, bc_sys(c, pipe2, (long)end, 0));
	p_fd(p, end[1], 0);
	EXPECT_EQ(0, bc_oneway(c, .parcel = p));
	s->bwr = (struct binder_write_read) {
		.read_size = BC_READ_SIZE,
		.read_buffer = (binder_uintptr_t)s->rbuf,
	};
	fd = actor_call(s->a, read_in_child, s);
	ASSERT_LT(fd, 254);
	/* BR_NOOP, BR_TRANSACTION, and this: */
	EXPECT_EQ(8 + sizeof(t), s->bwr.read_consumed);
	memcpy(&t, s->rbuf + 8, sizeof(t));
	EXPECT_EQ(fd, bc_object(s, &t, 0)->fd.fd);
	EXPECT_EQ(-EBADF, bc_sys(s, fcntl, fd, F_GETFD));
	EXPECT_EQ(5, bc_sys(c, read, end[0], (long)stage_scratch(8), 8));
}

TEST_F(conf, F_128)
{
	struct client *t = bc_thread(self->c, "t");

	EXPECT_EQ(0, bc_send(t, .code = 1));
	actor_end_thread(t->a);
	bc_take(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .code = 2));
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
}

TEST_F(conf, F_129)
{
	struct client *t = bc_thread(self->s, "t");

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(t));
}

TEST_HARNESS_MAIN
