// SPDX-License-Identifier: GPL-2.0
/*
 * 70 binderfs: mounting, options, what a fresh instance has, who may do what.
 */
#include <sys/mount.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

#include "conf.h"
#include "binderfs.h"

#define DEVICES 3	/* of the default list */

FIXTURE(fs) {
	const char *dir;
};

FIXTURE_SETUP(fs)
{
	bfs_private();
	self->dir = bfs_new(NULL);
}

FIXTURE_TEARDOWN(fs)
{
}

TEST_F(fs, B_001)
{
	EXPECT_STREQ("binder binder-control features hwbinder vndbinder ",
		     bfs_list(self->dir));
	EXPECT_TRUE(bfs_works(bfs_path(self->dir, "binder")));
	EXPECT_TRUE(bfs_works(bfs_path(self->dir, "hwbinder")));
	EXPECT_TRUE(bfs_works(bfs_path(self->dir, "vndbinder")));
}

/* Each mount is a new instance, with devices of its own. */
TEST_F(fs, B_001_instances)
{
	const char *other = bfs_new(NULL);
	struct stat a = bfs_stat(bfs_path(self->dir, "binder"));
	struct stat b = bfs_stat(bfs_path(other, "binder"));

	EXPECT_NE(a.st_rdev, b.st_rdev);
	EXPECT_NE(a.st_dev, b.st_dev);
	EXPECT_EQ(major(a.st_rdev), major(b.st_rdev));
	ASSERT_EQ(0, bfs_add(other, "foo"));
	EXPECT_STREQ("binder binder-control features hwbinder vndbinder ",
		     bfs_list(self->dir));
}

/* The same names in two instances are two contexts. */
TEST_F(fs, B_001_contexts)
{
	const char *other = bfs_new(NULL);
	struct client *a, *b;

	a = bc_start("A", bfs_path(self->dir, "binder"), BC_MAP_SIZE);
	b = bc_start("B", bfs_path(other, "binder"), BC_MAP_SIZE);
	EXPECT_EQ(0, bc_manager(a, 0));
	EXPECT_EQ(0, bc_manager(b, 0));
	actors_end();
}

TEST_F(fs, B_002)
{
	const char *dir = bfs_new("stats=global");

	EXPECT_STREQ("binder binder-control binder_logs features hwbinder vndbinder ",
		     bfs_list(dir));
	EXPECT_STREQ("", bfs_list(bfs_path(dir, "binder_logs/proc")));
}

TEST_F(fs, B_003)
{
	EXPECT_EQ(S_IFDIR | 0755, bfs_mode(self->dir));
	EXPECT_EQ(S_IFCHR | 0600, bfs_mode(bfs_path(self->dir, "binder")));
	EXPECT_EQ(S_IFCHR | 0600,
		  bfs_mode(bfs_path(self->dir, "binder-control")));
	EXPECT_EQ(S_IFDIR | 0755, bfs_mode(bfs_path(self->dir, "features")));
	EXPECT_EQ(S_IFREG | 0444,
		  bfs_mode(bfs_path(self->dir, "features/extended_error")));
}

TEST_F(fs, B_003_logs)
{
	const char *dir = bfs_new("stats=global");

	EXPECT_EQ(S_IFDIR | 0755, bfs_mode(bfs_path(dir, "binder_logs")));
	EXPECT_EQ(S_IFDIR | 0755, bfs_mode(bfs_path(dir, "binder_logs/proc")));
	EXPECT_EQ(S_IFREG | 0444, bfs_mode(bfs_path(dir, "binder_logs/state")));
	EXPECT_LT(1048576, bfs_stat(bfs_path(dir, "binder_logs")).st_ino);
}

TEST_F(fs, B_004)
{
	static const char * const devices[] = {
		"binder", "hwbinder", "vndbinder"
	};
	struct stat st;
	size_t i;

	EXPECT_EQ(1, bfs_stat(self->dir).st_ino);
	EXPECT_EQ(2, bfs_stat(bfs_path(self->dir, "binder-control")).st_ino);
	for (i = 0; i < ARRAY_SIZE(devices); i++) {
		st = bfs_stat(bfs_path(self->dir, devices[i]));
		EXPECT_EQ(minor(st.st_rdev) + 3, st.st_ino);
	}
	ASSERT_EQ(0, bfs_add(self->dir, "foo"));
	st = bfs_stat(bfs_path(self->dir, "foo"));
	EXPECT_EQ(minor(st.st_rdev) + 3, st.st_ino);
	EXPECT_LT(1048576, bfs_stat(bfs_path(self->dir, "features")).st_ino);
}

TEST_F(fs, B_005)
{
	struct statfs st;

	ASSERT_EQ(0, statfs(self->dir, &st));
	EXPECT_EQ(BFS_MAGIC, st.f_type);
	EXPECT_EQ(4096, st.f_bsize);
	EXPECT_EQ(255, st.f_namelen);
	EXPECT_EQ(0, st.f_blocks);
	EXPECT_EQ(0, st.f_bfree);
	EXPECT_EQ(0, st.f_bavail);
	EXPECT_EQ(0, st.f_files);
	EXPECT_EQ(0, st.f_ffree);
}

TEST_F(fs, B_006)
{
	const char *dir = bfs_dir();
	long before = bfs_minor(bfs_path(self->dir, "binder")), last;

	EXPECT_EQ(-ENOSPC, bfs_mount(dir, "max=0"));
	EXPECT_EQ(-ENOSPC, bfs_mount(dir, "max=2"));
	/* The numbers that these had taken are free again. */
	ASSERT_EQ(0, bfs_mount(dir, "max=3"));
	last = bfs_minor(bfs_path(dir, "vndbinder"));
	ASSERT_EQ(0, umount(dir));
	EXPECT_EQ(-ENOSPC, bfs_mount(dir, "max=2"));
	ASSERT_EQ(0, bfs_mount(dir, "max=3"));
	EXPECT_EQ(last, bfs_minor(bfs_path(dir, "vndbinder")));
	EXPECT_EQ(before, bfs_minor(bfs_path(self->dir, "binder")));
}

TEST_F(fs, B_007)
{
	EXPECT_STREQ("max=3", bfs_options(bfs_new("max=3")));
	EXPECT_STREQ("max=4", bfs_options(bfs_new("max=4")));
	EXPECT_STREQ("max=1048576", bfs_options(bfs_new("max=1048576")));
	EXPECT_STREQ("max=16", bfs_options(bfs_new("max=0x10")));
	EXPECT_STREQ("max=8", bfs_options(bfs_new("max=010")));
}

/* The same through the calls that mount step by step. */
TEST_F(fs, B_007_fsconfig)
{
	const char *dir = bfs_dir();
	int fd = fsopen("binder", FSOPEN_CLOEXEC), mnt;

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EINVAL, bfs_result(fsconfig(fd, FSCONFIG_SET_FLAG, "max",
					       NULL, 0)));
	EXPECT_EQ(-EINVAL, bfs_result(fsconfig(fd, FSCONFIG_SET_STRING, "max",
					       "abc", 0)));
	EXPECT_EQ(-EINVAL, bfs_result(fsconfig(fd, FSCONFIG_SET_FD, "max",
					       NULL, fd)));
	EXPECT_EQ(0, fsconfig(fd, FSCONFIG_SET_STRING, "max", "7", 0));
	EXPECT_EQ(0, fsconfig(fd, FSCONFIG_SET_STRING, "stats", "global", 0));
	ASSERT_EQ(0, fsconfig(fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0));
	mnt = fsmount(fd, FSMOUNT_CLOEXEC, 0);
	ASSERT_LE(0, mnt);
	ASSERT_EQ(0, move_mount(mnt, "", AT_FDCWD, dir,
				MOVE_MOUNT_F_EMPTY_PATH));
	EXPECT_STREQ("max=7,stats=global", bfs_options(dir));
	close(mnt);
	close(fd);
}

TEST_F(fs, B_008)
{
	const char *dir = bfs_dir();

	EXPECT_EQ(-EINVAL, bfs_mount(dir, "max=1048577"));
	EXPECT_EQ(-EINVAL, bfs_mount(dir, "max=-1"));
	EXPECT_EQ(-EINVAL, bfs_mount(dir, "max=abc"));
	EXPECT_EQ(-EINVAL, bfs_mount(dir, "max="));
	EXPECT_EQ(-EINVAL, bfs_mount(dir, "max"));
	EXPECT_EQ(-EINVAL, bfs_mount(dir, "max=4294967296"));
}

TEST_F(fs, B_009)
{
	const char *dir = bfs_dir();

	EXPECT_EQ(-EINVAL, bfs_mount(dir, "stats=foo"));
	EXPECT_EQ(-EINVAL, bfs_mount(dir, "stats"));
	EXPECT_EQ(-EINVAL, bfs_mount(dir, "stats="));
	EXPECT_EQ(-EINVAL, bfs_mount(dir, "foo=1"));
}

TEST_F(fs, B_010)
{
	EXPECT_STREQ("max=20", bfs_options(bfs_new("max=10,max=20")));
}

TEST_F(fs, B_011)
{
	EXPECT_STREQ("max=1048576", bfs_options(self->dir));
	EXPECT_STREQ("max=1048576,stats=global",
		     bfs_options(bfs_new("stats=global")));
	EXPECT_STREQ("max=7,stats=global",
		     bfs_options(bfs_new("stats=global,max=7")));
}

TEST_F(fs, B_012)
{
	EXPECT_EQ(-EINVAL, bfs_remount(self->dir, 0, "stats=global"));
	EXPECT_STREQ("max=1048576", bfs_options(self->dir));
}

TEST_F(fs, B_013)
{
	const char *dir = bfs_new("stats=global,max=9");

	EXPECT_EQ(-EINVAL, bfs_remount(dir, 0, NULL));
	EXPECT_EQ(-EINVAL, bfs_remount(dir, 0, "max=10"));
	EXPECT_STREQ("max=9,stats=global", bfs_options(dir));
	EXPECT_EQ(0, bfs_remount(dir, 0, "stats=global"));
	EXPECT_STREQ("max=1048576,stats=global", bfs_options(dir));
}

TEST_F(fs, B_014)
{
	const char *dir = bfs_new("max=3");

	EXPECT_EQ(-ENOSPC, bfs_add(dir, "foo"));
	EXPECT_EQ(0, bfs_remount(dir, 0, NULL));
	EXPECT_STREQ("max=1048576", bfs_options(dir));
	EXPECT_EQ(0, bfs_add(dir, "foo"));
}

TEST_F(fs, B_015)
{
	EXPECT_EQ(0, bfs_remount(self->dir, 0, "max=3"));
	EXPECT_EQ(-ENOSPC, bfs_add(self->dir, "foo"));
	/* Fewer than there are harms none of them. */
	EXPECT_EQ(0, bfs_remount(self->dir, 0, "max=1"));
	EXPECT_STREQ("max=1", bfs_options(self->dir));
	EXPECT_TRUE(bfs_works(bfs_path(self->dir, "vndbinder")));
	EXPECT_EQ(0, unlink(bfs_path(self->dir, "vndbinder")));
	EXPECT_EQ(-ENOSPC, bfs_add(self->dir, "foo"));
}

TEST_F(fs, B_015_bad)
{
	EXPECT_EQ(-EINVAL, bfs_remount(self->dir, 0, "max=1048577"));
	EXPECT_EQ(-EINVAL, bfs_remount(self->dir, 0, "foo=1"));
	EXPECT_STREQ("max=1048576", bfs_options(self->dir));
}

/* The log file of a process in an instance; open logs tell of all of them. */

static const char *log_of(const char *dir, struct client *c)
{
	char name[64];

	snprintf(name, sizeof(name), "binder_logs/proc/%d", c->a->pid);
	return bfs_path(dir, name);
}

/* How a log file begins. */
static const char *head_of(const char *path)
{
	static char line[128];
	FILE *f = fopen(path, "re");

	if (!f)
		return errno_name(-errno);
	if (!fgets(line, sizeof(line), f))
		line[0] = 0;
	fclose(f);
	return line;
}

/* A process may be taken apart some time after its last close. */
static bool goes(const char *path)
{
	u64 limit = now_ms() + ACTOR_PATIENCE_MS;

	while (!access(path, F_OK)) {
		if (now_ms() > limit)
			return false;
		sleep_ms(1);
	}
	return true;
}

TEST_F(fs, B_048)
{
	const char *dir = bfs_new("stats=global"), *log;
	const char *other = bfs_new("stats=global");
	struct client *c = bc_start("C", bfs_path(dir, "binder"), 0);

	log = log_of(dir, c);
	EXPECT_STREQ("binder proc state:\n", head_of(log));
	EXPECT_EQ(S_IFREG | 0444, bfs_mode(log));
	EXPECT_STREQ("binder state:\n",
		     head_of(bfs_path(other, "binder_logs/state")));
	bc_second_file(c, bfs_path(other, "binder"), 0);
	bc_second_file(c, bfs_path(dir, "binder"), 0);
	EXPECT_STREQ("", bfs_list(bfs_path(other, "binder_logs/proc")));
	EXPECT_EQ(0, bc_close(c));
	EXPECT_TRUE(goes(log));
	actors_end();
	EXPECT_EQ(0, umount(dir));
	EXPECT_EQ(0, umount(other));
}

TEST_F(fs, B_069)
{
	const char *dir = bfs_new("stats=global");
	struct client *c = bc_start("C", bfs_path(self->dir, "binder"), 0);

	bc_second_file(c, bfs_path(dir, "binder"), 0);
	EXPECT_STREQ("", bfs_list(bfs_path(dir, "binder_logs/proc")));
	actors_end();
}

TEST_F(fs, B_069_unlinked)
{
	const char *dir = bfs_new("stats=global"), *log;
	struct client *c = bc_start("C", bfs_path(dir, "binder"), 0);

	log = log_of(dir, c);
	ASSERT_EQ(0, unlink(bfs_path(dir, "binder")));
	EXPECT_STREQ("binder proc state:\n", head_of(log));
	EXPECT_EQ(-EPERM, bfs_result(unlink(log)));
	EXPECT_EQ(0, umount2(dir, MNT_DETACH));
	EXPECT_EQ(0, bc_close(c));
	actors_end();
}

/*
 * Devices can be moved over log files, and change places with them. Whoever
 * closes a device then finds its file gone, or elsewhere.
 */
TEST_F(fs, B_069_moved)
{
	const char *dir = bfs_new("stats=global");
	const char *binder = bfs_path(dir, "binder");
	struct client *a, *b;

	a = bc_start("A", binder, 0);
	b = bc_start("B", binder, 0);
	ASSERT_EQ(0, rename(bfs_path(dir, "hwbinder"), log_of(dir, a)));
	ASSERT_EQ(0, syscall(SYS_renameat2, AT_FDCWD, binder, AT_FDCWD,
			     log_of(dir, b), 2 /* RENAME_EXCHANGE */));
	EXPECT_STREQ("binder proc state:\n", head_of(binder));
	EXPECT_EQ(0, bc_close(a));
	EXPECT_EQ(0, bc_close(b));
	EXPECT_STREQ("binder-control binder_logs features vndbinder ",
		     bfs_list(dir));
	EXPECT_TRUE(bfs_works(log_of(dir, a)));
	EXPECT_TRUE(bfs_works(log_of(dir, b)));
	actors_end();
	EXPECT_EQ(0, umount(dir));
}

/* User namespaces: the test process itself becomes its root. */

static void expect_owner(struct __test_metadata *_metadata, const char *path,
			 uid_t uid)
{
	struct stat st = bfs_stat(path);

	EXPECT_EQ(uid, st.st_uid)
		TH_LOG("%s", path);
	EXPECT_EQ(uid, st.st_gid)
		TH_LOG("%s", path);
}

TEST_F(fs, B_016)
{
	const char *dir;

	ASSERT_EQ(0, bfs_enter_userns(1000, 0));
	dir = bfs_new(NULL);
	ASSERT_EQ(0, bfs_add(dir, "foo"));
	expect_owner(_metadata, dir, 0);
	expect_owner(_metadata, bfs_path(dir, "binder-control"), 0);
	expect_owner(_metadata, bfs_path(dir, "binder"), 0);
	expect_owner(_metadata, bfs_path(dir, "foo"), 0);
	expect_owner(_metadata, bfs_path(dir, "features"), 0);
	expect_owner(_metadata, bfs_path(dir, "features/extended_error"), 0);
	EXPECT_TRUE(bfs_works(bfs_path(dir, "binder")));
	EXPECT_TRUE(bfs_works(bfs_path(dir, "foo")));
	EXPECT_EQ(0, unlink(bfs_path(dir, "foo")));
	EXPECT_EQ(0, bfs_remount(dir, 0, "max=5"));
	EXPECT_EQ(0, umount(dir));
}

/* The initial root sees who it is, and may use the devices, too. */
TEST_F(fs, B_016_from_outside)
{
	int up[2], down[2];
	char path[64], c;
	pid_t pid;

	ASSERT_EQ(0, pipe(up));
	ASSERT_EQ(0, pipe(down));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		if (bfs_enter_userns(1000, 0) || mkdir("/tmp/inside", 0755) ||
		    bfs_mount("/tmp/inside", NULL))
			_exit(1);
		c = write(up[1], "", 1);
		c = read(down[0], &c, 1);
		_exit(0);
	}
	ASSERT_EQ(1, read(up[0], &c, 1));
	snprintf(path, sizeof(path), "/proc/%d/root/tmp/inside", pid);
	expect_owner(_metadata, path, 1000);
	expect_owner(_metadata, bfs_path(path, "binder"), 1000);
	EXPECT_TRUE(bfs_works(bfs_path(path, "binder")));
	EXPECT_EQ(0, bfs_add(path, "foo"));
	expect_owner(_metadata, bfs_path(path, "foo"), 1000);
	ASSERT_EQ(1, write(down[1], "", 1));
	EXPECT_EQ(pid, waitpid(pid, NULL, 0));
	EXPECT_EQ(0, rmdir("/tmp/inside"));
}

/* Without a root inside, all belongs to the one outside, seen as nobody. */
TEST_F(fs, B_016_no_root)
{
	const char *dir;

	ASSERT_EQ(0, bfs_enter_userns(1000, 5));
	dir = bfs_new(NULL);
	expect_owner(_metadata, dir, 65534);
	expect_owner(_metadata, bfs_path(dir, "binder"), 65534);
	EXPECT_EQ(-EACCES, bfs_open(bfs_path(dir, "binder")));
	EXPECT_EQ(-EACCES, bfs_add(dir, "foo"));
}

TEST_F(fs, B_017)
{
	const char *dir;

	ASSERT_EQ(0, bfs_enter_userns(1000, 0));
	dir = bfs_dir();
	EXPECT_EQ(-EPERM, bfs_mount(dir, "stats=global"));
	EXPECT_EQ(-EINVAL, bfs_mount(dir, "stats=foo"));
	EXPECT_EQ(0, bfs_mount(dir, NULL));
	EXPECT_EQ(-EPERM, bfs_remount(dir, 0, "stats=global"));
}

TEST_F(fs, B_018)
{
	const char *dir = bfs_dir();

	ASSERT_EQ(0, setresuid(1000, 1000, 1000));
	EXPECT_EQ(-EPERM, bfs_mount(dir, NULL));
	EXPECT_EQ(-EPERM, bfs_remount(self->dir, 0, "max=5"));
	EXPECT_EQ(-EACCES, bfs_open(bfs_path(self->dir, "binder")));
	EXPECT_EQ(-EACCES, bfs_add(self->dir, "foo"));
}

TEST_F(fs, B_019)
{
	static const char * const features[] = {
		"oneway_spam_detection", "extended_error",
		"freeze_notification", "transaction_report"
	};
	/* The last one is from later kernels. */
	size_t n = ARRAY_SIZE(features) - (on_stock() ? 1 : 0);
	const char *dir = bfs_path(self->dir, "features");
	size_t i;

	EXPECT_STREQ(on_stock() ?
		     "extended_error freeze_notification oneway_spam_detection " :
		     "extended_error freeze_notification oneway_spam_detection transaction_report ",
		     bfs_list(dir));
	for (i = 0; i < n; i++) {
		const char *path = bfs_path(dir, features[i]);
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		char text[8] = "";

		ASSERT_LE(0, fd)
			TH_LOG("%s: %m", path);
		EXPECT_EQ(2, read(fd, text, sizeof(text)));
		EXPECT_STREQ("1\n", text);
		EXPECT_EQ(0, read(fd, text, sizeof(text)));
		EXPECT_EQ(1, pread(fd, text, sizeof(text), 1));
		EXPECT_EQ(0, lseek(fd, 0, SEEK_SET));
		EXPECT_EQ(1, read(fd, text, 1));
		close(fd);
		EXPECT_EQ(0, bfs_stat(path).st_size);
	}
}

TEST_F(fs, F_003)
{
	struct stat st = bfs_stat(bfs_path(self->dir, "binder"));

	ASSERT_EQ(0, mount("none", "/tmp", "tmpfs", 0, NULL));
	ASSERT_EQ(0, mknod("/tmp/binder", S_IFCHR | 0600, st.st_rdev));
	EXPECT_EQ(-ENXIO, bfs_open("/tmp/binder"));
	EXPECT_EQ(0, umount("/tmp"));
}

TEST_F(fs, F_103)
{
	const char *path = bfs_path(self->dir, "binder");
	struct client *c = bc_new("C");
	const int rx = PROT_READ | PROT_EXEC;

	ASSERT_LE(0, bc_open(c, path, O_RDWR | O_CLOEXEC));
	EXPECT_EQ(-EPERM, bc_map(c, BC_MAP_SIZE, rx, MAP_PRIVATE, 0));
	EXPECT_EQ(-EPERM, bc_map(c, BC_MAP_SIZE, rx, MAP_SHARED, 0));
	EXPECT_EQ(0, bc_map(c, BC_MAP_SIZE, PROT_READ, MAP_PRIVATE, 0));
	EXPECT_STREQ("rd mr dc mm ", smaps_flags(c->a->pid, c->f->map));
	EXPECT_EQ(-EACCES, bc_sys(c, mprotect, (long)c->f->map, PAGE, rx));
	/* It does not show. */
	EXPECT_STREQ("max=1048576", bfs_options(self->dir));
	actors_end();
}

/* The numbers of all instances are of one major, which is dynamic. */
TEST_F(fs, chrdev)
{
	unsigned int major = major(bfs_stat(bfs_path(self->dir,
						     "binder")).st_rdev), nr;
	char line[80], name[64];
	bool found = false;
	FILE *f = fopen("/proc/devices", "re");

	ASSERT_NE(NULL, f);
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%u %63s", &nr, name) == 2 && nr == major)
			found |= !strcmp(name, "binder");
	fclose(f);
	EXPECT_TRUE(found);
}

TEST_HARNESS_MAIN
