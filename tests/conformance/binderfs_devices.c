// SPDX-License-Identifier: GPL-2.0
/*
 * 70 binderfs: binder-control, names of entries, and devices that go.
 */
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "conf.h"
#include "binderfs.h"

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE	1
#define RENAME_EXCHANGE		2
#define RENAME_WHITEOUT		4
#endif

#define FRESH "binder binder-control features hwbinder vndbinder "

FIXTURE(fs) {
	const char *dir;
	const char *control;
	const char *binder;
	const char *foo;	/* does not exist */
};

FIXTURE_SETUP(fs)
{
	bfs_private();
	self->dir = bfs_new(NULL);
	self->control = bfs_path(self->dir, "binder-control");
	self->binder = bfs_path(self->dir, "binder");
	self->foo = bfs_path(self->dir, "foo");
}

FIXTURE_TEARDOWN(fs)
{
}

static long rename2(const char *from, const char *to, unsigned int flags)
{
	return bfs_result(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to,
				  flags));
}

/* binder-control */

TEST_F(fs, B_020)
{
	struct binderfs_device d = { .name = "foo", .major = -1, .minor = -1 };
	struct stat st;

	ASSERT_EQ(0, bfs_ctl(self->dir, &d));
	st = bfs_stat(self->foo);
	EXPECT_EQ(S_IFCHR | 0600, st.st_mode);
	EXPECT_EQ(major(st.st_rdev), d.major);
	EXPECT_EQ(minor(st.st_rdev), d.minor);
	EXPECT_STREQ("foo", d.name);
	EXPECT_TRUE(bfs_works(self->foo));
}

TEST_F(fs, B_020_event)
{
	struct {
		struct inotify_event e;
		char name[256];
	} got;
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	ASSERT_LE(0, fd);
	ASSERT_LE(0, inotify_add_watch(fd, self->dir, IN_CREATE | IN_DELETE));
	ASSERT_EQ(0, bfs_add(self->dir, "foo"));
	ASSERT_LT(0, read(fd, &got, sizeof(got)));
	EXPECT_EQ(IN_CREATE, got.e.mask);
	EXPECT_STREQ("foo", got.e.name);
	EXPECT_EQ(-EEXIST, bfs_add(self->dir, "foo"));
	EXPECT_EQ(-EAGAIN, bfs_result(read(fd, &got, sizeof(got))));
	ASSERT_EQ(0, unlink(self->foo));
	ASSERT_LT(0, read(fd, &got, sizeof(got)));
	EXPECT_EQ(IN_DELETE, got.e.mask);
	close(fd);
}

TEST_F(fs, B_021)
{
	struct binderfs_device d = { .name = "foo", .major = -1, .minor = -1 };
	long minor;

	ASSERT_EQ(0, bfs_add(self->dir, "foo"));
	minor = bfs_minor(self->foo);
	EXPECT_EQ(-EEXIST, bfs_ctl(self->dir, &d));
	/* Told are the numbers of a device that never was. */
	EXPECT_EQ(major(bfs_stat(self->foo).st_rdev), d.major);
	EXPECT_EQ(minor + 1, d.minor);
	EXPECT_EQ(minor, bfs_minor(self->foo));
	EXPECT_TRUE(bfs_works(self->foo));
}

TEST_F(fs, B_022)
{
	EXPECT_EQ(-EACCES, bfs_add(self->dir, ""));
	EXPECT_EQ(-EACCES, bfs_add(self->dir, "."));
	EXPECT_EQ(-EACCES, bfs_add(self->dir, ".."));
	EXPECT_EQ(-EACCES, bfs_add(self->dir, "a/b"));
	EXPECT_EQ(-EACCES, bfs_add(self->dir, "/"));
	EXPECT_STREQ(FRESH, bfs_list(self->dir));
}

TEST_F(fs, B_023)
{
	EXPECT_EQ(-EEXIST, bfs_add(self->dir, "binder-control"));
	EXPECT_EQ(-EEXIST, bfs_add(self->dir, "features"));
	EXPECT_STREQ(FRESH, bfs_list(self->dir));
	EXPECT_EQ(0, bfs_add(self->dir, "binder_logs"));
	EXPECT_TRUE(bfs_works(bfs_path(self->dir, "binder_logs")));
	EXPECT_EQ(-EEXIST, bfs_add(bfs_new("stats=global"), "binder_logs"));
}

TEST_F(fs, B_024)
{
	char *name = stage_scratch(257);
	struct binderfs_device d = {};

	memset(name, 'x', 256);
	name[254] = 0;
	ASSERT_EQ(0, bfs_add(self->dir, name));
	EXPECT_TRUE(bfs_works(bfs_path(self->dir, name)));
	name[254] = 'x';
	name[255] = 0;
	ASSERT_EQ(0, bfs_add(self->dir, name));
	EXPECT_TRUE(bfs_works(bfs_path(self->dir, name)));
	ASSERT_EQ(0, unlink(bfs_path(self->dir, name)));
	memset(d.name, 'x', sizeof(d.name));
	ASSERT_EQ(0, bfs_ctl(self->dir, &d));
	EXPECT_TRUE(bfs_works(bfs_path(self->dir, name)));
	EXPECT_EQ(-EEXIST, bfs_ctl(self->dir, &d));
}

TEST_F(fs, B_025)
{
	static const char * const names[] = {
		"two words", "two\nlines", " ", "\x01\xff", "...", "-", "\\"
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		ASSERT_EQ(0, bfs_add(self->dir, names[i]))
			TH_LOG("\"%s\"", names[i]);
		EXPECT_TRUE(bfs_works(bfs_path(self->dir, names[i])));
	}
}

TEST_F(fs, B_026)
{
	struct binderfs_device *d;
	long page;

	d = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	page = (long)d;
	ASSERT_NE(-1, page);
	memcpy(d->name, "foo", sizeof("foo"));
	EXPECT_EQ(-EFAULT, bfs_ctl(self->dir, NULL));
	EXPECT_EQ(-EFAULT, bfs_ctl(self->dir, BAD_POINTER));
	/* The end of the argument is missing. */
	EXPECT_EQ(-EFAULT, bfs_ctl(self->dir, (void *)(page + PAGE - 256)));
	ASSERT_EQ(0, mprotect(d, PAGE, PROT_READ));
	EXPECT_EQ(-EFAULT, bfs_ctl(self->dir, d));
	EXPECT_STREQ(FRESH, bfs_list(self->dir));
	/* Nothing was used up. */
	ASSERT_EQ(0, mprotect(d, PAGE, PROT_READ | PROT_WRITE));
	ASSERT_EQ(0, bfs_remount(self->dir, 0, "max=4"));
	ASSERT_EQ(0, bfs_ctl(self->dir, d));
	EXPECT_EQ(bfs_minor(bfs_path(self->dir, "vndbinder")) + 1, d->minor);
}

/* Which of several things that are wrong is reported. */
TEST_F(fs, B_026_order)
{
	struct binderfs_device *d;

	d = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, d);
	/* The name is empty, and the numbers cannot be stored. */
	EXPECT_EQ(-EFAULT, bfs_ctl(self->dir, d));
	ASSERT_EQ(0, bfs_remount(self->dir, 0, "max=3"));
	EXPECT_EQ(-ENOSPC, bfs_ctl(self->dir, d));
	EXPECT_EQ(-EFAULT, bfs_ctl(self->dir, BAD_POINTER));
	EXPECT_EQ(-ENOSPC, bfs_add(self->dir, "binder"));
}

TEST_F(fs, B_027)
{
	int fd = bfs_open(self->control);
	struct binder_version v;

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EINVAL, bfs_result(ioctl(fd, BINDER_VERSION, &v)));
	EXPECT_EQ(-EINVAL, bfs_result(ioctl(fd, BINDER_VERSION, BAD_POINTER)));
	EXPECT_EQ(-EINVAL, bfs_result(ioctl(fd, 0, BAD_POINTER)));
	EXPECT_EQ(-EINVAL,
		  bfs_result(ioctl(fd, _IOW('b', 1, struct binderfs_device),
				   BAD_POINTER)));
	EXPECT_EQ(-EINVAL, bfs_result(ioctl(fd, _IOWR('b', 2,
						      struct binderfs_device),
					    BAD_POINTER)));
	close(fd);
}

TEST_F(fs, B_028)
{
	struct pollfd p = { .events = POLLIN | POLLOUT };
	char byte = 0;
	int fd = bfs_open(self->control);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EINVAL, bfs_result(read(fd, &byte, 1)));
	EXPECT_EQ(-EINVAL, bfs_result(write(fd, &byte, 1)));
	EXPECT_EQ(MAP_FAILED, mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(-ESPIPE, bfs_result(lseek(fd, 0, SEEK_SET)));
	EXPECT_EQ(-ESPIPE, bfs_result(pread(fd, &byte, 1, 0)));
	p.fd = fd;
	EXPECT_EQ(1, poll(&p, 1, 0));
	EXPECT_EQ(POLLIN | POLLOUT, p.revents);
	close(fd);
}

TEST_F(fs, B_028_modes)
{
	static const int modes[] = { O_RDONLY, O_WRONLY, O_RDWR };
	struct binderfs_device d = {};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		int fd = open(self->control, modes[i] | O_CLOEXEC);

		ASSERT_LE(0, fd);
		snprintf(d.name, sizeof(d.name), "foo%zu", i);
		EXPECT_EQ(0, ioctl(fd, BINDER_CTL_ADD, &d));
		close(fd);
	}
}

TEST_F(fs, B_029)
{
	ASSERT_EQ(0, bfs_remount(self->dir, MS_RDONLY, NULL));
	EXPECT_EQ(0, bfs_add(self->dir, "foo"));
	EXPECT_TRUE(bfs_works(self->foo));
	EXPECT_TRUE(bfs_works(self->binder));
	EXPECT_EQ(-EROFS, bfs_result(unlink(self->foo)));
	EXPECT_EQ(-EROFS, rename2(self->foo, self->binder, 0));
}

/* The name space */

TEST_F(fs, B_030)
{
	EXPECT_EQ(-EPERM, bfs_result(unlink(self->control)));
	EXPECT_EQ(-EPERM, rename2(self->control, self->foo, 0));
	EXPECT_EQ(-EPERM, rename2(self->control, self->binder, 0));
	EXPECT_EQ(-EPERM, rename2(self->binder, self->control, 0));
	EXPECT_EQ(-EPERM, rename2(self->binder, self->control, RENAME_EXCHANGE));
	EXPECT_EQ(-EPERM, rename2(self->control, self->binder, RENAME_EXCHANGE));
	EXPECT_EQ(-EPERM, rename2(self->control,
				  bfs_path(self->dir, "features/foo"), 0));
	EXPECT_STREQ(FRESH, bfs_list(self->dir));
	EXPECT_EQ(0, bfs_add(self->dir, "foo"));
}

TEST_F(fs, B_031)
{
	const char *hw = bfs_path(self->dir, "hwbinder");
	const char *vnd = bfs_path(self->dir, "vndbinder");
	long minor = bfs_minor(self->binder);

	EXPECT_EQ(0, unlink(vnd));
	EXPECT_EQ(-ENOENT, bfs_open(vnd));
	EXPECT_EQ(0, rename2(self->binder, self->foo, 0));
	EXPECT_EQ(-ENOENT, bfs_open(self->binder));
	EXPECT_EQ(minor, bfs_minor(self->foo));
	EXPECT_TRUE(bfs_works(self->foo));
	EXPECT_EQ(0, rename2(self->foo, hw, 0));
	EXPECT_EQ(minor, bfs_minor(hw));
	EXPECT_TRUE(bfs_works(hw));
	EXPECT_STREQ("binder-control features hwbinder ", bfs_list(self->dir));
	/* The names are free. */
	EXPECT_EQ(0, bfs_add(self->dir, "binder"));
	EXPECT_EQ(0, bfs_add(self->dir, "vndbinder"));
}

TEST_F(fs, B_031_directory)
{
	const char *features = bfs_path(self->dir, "features");

	EXPECT_EQ(0, rename2(features, self->foo, 0));
	EXPECT_EQ(0, access(bfs_path(self->foo, "extended_error"), R_OK));
	EXPECT_EQ(0, bfs_add(self->dir, "features"));
	EXPECT_EQ(-EISDIR, rename2(features, self->foo, 0));
	EXPECT_EQ(0, rename2(features, self->foo, RENAME_EXCHANGE));
	EXPECT_EQ(0, access(bfs_path(features, "extended_error"), R_OK));
	EXPECT_TRUE(bfs_works(self->foo));
	EXPECT_EQ(3, bfs_stat(self->dir).st_nlink);
	EXPECT_EQ(2, bfs_stat(features).st_nlink);
}

TEST_F(fs, B_032)
{
	EXPECT_EQ(-EPERM, bfs_result(mkdir(self->foo, 0755)));
	EXPECT_EQ(-EPERM, bfs_result(mknod(self->foo, S_IFCHR | 0600,
					   makedev(1, 3))));
	EXPECT_EQ(-EPERM, bfs_result(mknod(self->foo, S_IFIFO | 0600, 0)));
	EXPECT_EQ(-EPERM, bfs_result(symlink("binder", self->foo)));
	EXPECT_EQ(-EPERM, bfs_result(link(self->binder, self->foo)));
	EXPECT_STREQ(FRESH, bfs_list(self->dir));
}

TEST_F(fs, B_033)
{
	EXPECT_EQ(-EACCES, bfs_result(open(self->foo, O_CREAT | O_RDWR, 0600)));
	EXPECT_EQ(-EACCES, bfs_result(mknod(self->foo, S_IFREG | 0600, 0)));
	EXPECT_EQ(-EOPNOTSUPP,
		  bfs_result(open(self->dir, O_TMPFILE | O_RDWR, 0600)));
	EXPECT_STREQ(FRESH, bfs_list(self->dir));
}

TEST_F(fs, B_034)
{
	const char *features = bfs_path(self->dir, "features");
	const char *file = bfs_path(features, "extended_error");

	EXPECT_EQ(-EPERM, bfs_result(unlink(file)));
	EXPECT_EQ(-EPERM, rename2(file, self->foo, 0));
	EXPECT_EQ(-EPERM, bfs_result(rmdir(features)));
	EXPECT_EQ(-EISDIR, bfs_result(unlink(features)));
	EXPECT_EQ(-EPERM, bfs_result(mkdir(bfs_path(features, "x"), 0755)));
	EXPECT_EQ(-EACCES, bfs_result(open(bfs_path(features, "x"),
					   O_CREAT | O_RDWR, 0600)));
	EXPECT_EQ(-EPERM, bfs_result(rmdir(bfs_path(bfs_new("stats=global"),
						    "binder_logs"))));
}

TEST_F(fs, B_035)
{
	const char *inside = bfs_path(self->dir, "features/binder");

	ASSERT_EQ(0, rename2(self->binder, inside, 0));
	EXPECT_EQ(-ENOENT, bfs_open(self->binder));
	EXPECT_TRUE(bfs_works(inside));
	EXPECT_EQ(-EPERM, bfs_result(unlink(inside)));
	EXPECT_EQ(-EPERM, rename2(inside, self->binder, 0));
	EXPECT_EQ(0, umount(self->dir));
}

TEST_F(fs, B_036)
{
	const char *other = bfs_new(NULL);

	EXPECT_EQ(-EXDEV, rename2(self->binder, bfs_path(other, "foo"), 0));
	EXPECT_EQ(-EXDEV, bfs_result(link(self->binder, bfs_path(other, "foo"))));
}

TEST_F(fs, B_037)
{
	const char *hw = bfs_path(self->dir, "hwbinder");
	long minor = bfs_minor(self->binder), hw_minor = bfs_minor(hw);

	EXPECT_EQ(-EEXIST, rename2(self->binder, hw, RENAME_NOREPLACE));
	EXPECT_EQ(0, rename2(self->binder, self->foo, RENAME_NOREPLACE));
	EXPECT_EQ(-EINVAL, rename2(self->foo, self->binder, RENAME_WHITEOUT));
	EXPECT_EQ(0, rename2(self->foo, hw, RENAME_EXCHANGE));
	EXPECT_EQ(minor, bfs_minor(hw));
	EXPECT_EQ(hw_minor, bfs_minor(self->foo));
	EXPECT_EQ(-ENOENT, rename2(self->foo, self->binder, RENAME_EXCHANGE));
	EXPECT_TRUE(bfs_works(hw));
	EXPECT_TRUE(bfs_works(self->foo));
}

TEST_F(fs, B_038)
{
	static const struct timespec times[2] = { { 1000 }, { 2000 } };
	const char *paths[] = { self->binder, self->control };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		struct stat st;

		EXPECT_EQ(0, chmod(paths[i], 0666));
		EXPECT_EQ(0, chown(paths[i], 1000, 1001));
		EXPECT_EQ(0, utimensat(AT_FDCWD, paths[i], times, 0));
		st = bfs_stat(paths[i]);
		EXPECT_EQ(S_IFCHR | 0666, st.st_mode);
		EXPECT_EQ(1000, st.st_uid);
		EXPECT_EQ(1001, st.st_gid);
		EXPECT_EQ(1000, st.st_atime);
		EXPECT_EQ(2000, st.st_mtime);
		EXPECT_EQ(-EINVAL, bfs_result(truncate(paths[i], 0)));
		EXPECT_EQ(-EPERM, bfs_result(setxattr(paths[i], "user.x", "",
						      0, 0)));
	}
	/* Who may open binder-control may add; what is added belongs to root. */
	ASSERT_EQ(0, setresuid(1000, 1000, 1000));
	EXPECT_TRUE(bfs_works(self->binder));
	EXPECT_EQ(0, bfs_add(self->dir, "foo"));
	EXPECT_EQ(0, bfs_stat(self->foo).st_uid);
	EXPECT_EQ(-EACCES, bfs_open(self->foo));
	EXPECT_EQ(-EACCES, bfs_result(unlink(self->foo)));
}

/* Devices that go while they are open */

TEST_F(fs, B_039)
{
	long first, fd;

	ASSERT_EQ(0, bfs_add(self->dir, "foo"));
	first = bfs_minor(self->foo);
	fd = bfs_open(self->foo);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, unlink(self->foo));
	EXPECT_EQ(8, bfs_protocol(fd));
	ASSERT_EQ(0, bfs_add(self->dir, "foo"));
	EXPECT_NE(first, bfs_minor(self->foo));
	EXPECT_EQ(8, bfs_protocol(fd));
	close(fd);
	ASSERT_EQ(0, bfs_add(self->dir, "bar"));
	EXPECT_EQ(first, bfs_minor(bfs_path(self->dir, "bar")));
}

static struct client *manager_of(const char *name, const char *device)
{
	struct client *s = bc_start(name, device, BC_MAP_SIZE);
	long ret = bc_manager(s, BC_NODE_FLAGS);

	if (!ret)
		ret = bc_cmd(s, BC_ENTER_LOOPER);
	if (ret)
		test_abort("%s: %s", name, errno_name(ret));
	return s;
}

TEST_F(fs, B_040)
{
	struct client *s = manager_of("S", self->binder);
	struct client *c = bc_start("C", self->binder, BC_MAP_SIZE);
	struct client *s2, *c2;

	ASSERT_EQ(0, unlink(self->binder));
	ASSERT_EQ(0, bfs_add(self->dir, "binder"));
	s2 = manager_of("S2", self->binder);
	c2 = bc_start("C2", self->binder, BC_MAP_SIZE);
	EXPECT_TRUE(bc_works(s, c));
	EXPECT_TRUE(bc_works(s2, c2));
	actor_kill(s->a);
	EXPECT_TRUE(bc_works(s2, c2));
	actors_end();
}

/* It does not remember who managed the old one either. */
TEST_F(fs, B_040_uid)
{
	struct client *first, *second;

	ASSERT_EQ(0, chmod(self->binder, 0666));
	first = bc_new("first");
	ASSERT_EQ(0, bc_sys(first, setresuid, 1000, 1000, 1000));
	ASSERT_LE(0, bc_open(first, self->binder, O_RDWR));
	EXPECT_EQ(0, bc_manager(first, 0));
	second = bc_start("second", self->binder, BC_MAP_SIZE);
	actor_kill(first->a);
	bc_await_no_manager(second);
	EXPECT_EQ(-EPERM, bc_manager(second, 0));
	actor_kill(second->a);
	ASSERT_EQ(0, unlink(self->binder));
	ASSERT_EQ(0, bfs_add(self->dir, "binder"));
	second = bc_start("third", self->binder, BC_MAP_SIZE);
	EXPECT_EQ(0, bc_manager(second, 0));
	actors_end();
}

TEST_F(fs, B_041)
{
	struct client *s = manager_of("S", self->binder);
	struct client *c = bc_start("C", self->binder, BC_MAP_SIZE);

	EXPECT_EQ(-EBUSY, bfs_result(umount(self->dir)));
	ASSERT_EQ(0, umount2(self->dir, MNT_DETACH));
	EXPECT_EQ(-ENOENT, bfs_open(self->binder));
	EXPECT_TRUE(bc_works(s, c));
	/* The last that had it open go, and with them the file system. */
	actor_kill(s->a);
	bc_await_no_manager(c);
	EXPECT_EQ(0, bc_close(c));
	EXPECT_EQ(0, rmdir(self->dir));
	actors_end();
}

/* Messages are under way when file, device and file system go at once. */
TEST_F(fs, B_041_pending)
{
	struct client *s = manager_of("S", self->binder);
	struct client *c = bc_start("C", self->binder, BC_MAP_SIZE);

	ASSERT_EQ(0, bc_oneway(c, .data = "x", .size = 1));
	ASSERT_EQ(0, bc_send(c, .data = "y", .size = 1));
	ASSERT_EQ(0, unlink(self->binder));
	ASSERT_EQ(0, umount2(self->dir, MNT_DETACH));
	actor_kill(s->a);
	EXPECT_STREQ("NOOP TC TC DR", bc_wait(c));
	actors_end();
}

/* binder-control keeps its file system, too. */
TEST_F(fs, B_041_control)
{
	struct binderfs_device d = { .name = "foo" };
	int fd = bfs_open(self->control), at;

	ASSERT_LE(0, fd);
	at = open(self->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ASSERT_LE(0, at);
	ASSERT_EQ(0, umount2(self->dir, MNT_DETACH));
	ASSERT_EQ(0, ioctl(fd, BINDER_CTL_ADD, &d));
	EXPECT_EQ(0, unlinkat(at, "foo", 0));
	close(at);
	EXPECT_EQ(0, ioctl(fd, BINDER_CTL_ADD, &d));
	close(fd);
	/* All numbers are back: a new instance has the same as this one had. */
	ASSERT_EQ(0, bfs_mount(self->dir, NULL));
	ASSERT_EQ(0, bfs_add(self->dir, "foo"));
	EXPECT_EQ(d.minor, bfs_minor(self->foo));
}

TEST_F(fs, B_042)
{
	const char *dir = bfs_new("max=3");

	EXPECT_EQ(-ENOSPC, bfs_add(dir, "foo"));
	ASSERT_EQ(0, unlink(bfs_path(dir, "hwbinder")));
	EXPECT_EQ(0, bfs_add(dir, "foo"));
	EXPECT_EQ(-ENOSPC, bfs_add(dir, "bar"));
}

/* An open device takes up its place until it is closed. */
TEST_F(fs, B_042_open)
{
	const char *dir = bfs_new("max=3"), *binder = bfs_path(dir, "binder");
	long fd = bfs_open(binder);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, unlink(binder));
	EXPECT_EQ(-ENOSPC, bfs_add(dir, "foo"));
	close(fd);
	EXPECT_EQ(0, bfs_add(dir, "foo"));
}

/* A device that is renamed over another frees the place of that. */
TEST_F(fs, B_042_rename)
{
	const char *dir = bfs_new("max=3");

	ASSERT_EQ(0, rename2(bfs_path(dir, "binder"),
			     bfs_path(dir, "hwbinder"), 0));
	EXPECT_EQ(0, bfs_add(dir, "foo"));
	EXPECT_EQ(-ENOSPC, bfs_add(dir, "bar"));
}

TEST_HARNESS_MAIN
