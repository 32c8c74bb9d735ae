// SPDX-License-Identifier: GPL-2.0
/*
 * binderfs as tests use it; binderfs.h lists what there is.
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/android/binder.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "actor.h"
#include "binderfs.h"
#include "system.h"

/**
 * bfs_private() - give the calling process a mount namespace of its own
 *
 * What it and its children mount goes with the last of them.
 */
void bfs_private(void)
{
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		test_abort("no mount namespace: %m");
}

/**
 * bfs_enter_userns() - become somebody else, in a new user namespace
 * @uid: who and whose group, seen from outside
 * @as: the only id there is inside
 *
 * With a mount namespace. No id has the name of another inside.
 *
 * Return: 0 or the negative errno.
 */
long bfs_enter_userns(uid_t uid, uid_t as)
{
	char map[32];

	snprintf(map, sizeof(map), "%u %u 1", as, uid);
	if (setresgid(uid, uid, uid) || setresuid(uid, uid, uid) ||
	    prctl(PR_SET_DUMPABLE, 1) || unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return -errno;
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/uid_map", map);
	write_file("/proc/self/gid_map", map);
	return 0;
}

/**
 * bfs_dir() - an empty directory to mount on
 *
 * Return: its path.
 */
const char *bfs_dir(void)
{
	char *dir = strdup("/tmp/binderfs_XXXXXX");

	if (!dir || !mkdtemp(dir))
		test_abort("no directory in /tmp: %m");
	return dir;
}

/**
 * bfs_mount() - mount a new instance
 * @dir: where
 * @options: NULL for none
 *
 * Return: 0 or the negative errno.
 */
long bfs_mount(const char *dir, const char *options)
{
	return bfs_result(mount("binder", dir, "binder", 0, options));
}

/**
 * bfs_remount() - change the options of a mounted instance
 * @dir: where it is mounted
 * @flags: MS_ flags of the mount
 * @options: NULL for none
 *
 * Return: 0 or the negative errno.
 */
long bfs_remount(const char *dir, unsigned long flags, const char *options)
{
	return bfs_result(mount(NULL, dir, NULL, MS_REMOUNT | flags, options));
}

/**
 * bfs_new() - an instance that the test is sure to get
 * @options: NULL for none
 *
 * Return: where it is mounted.
 */
const char *bfs_new(const char *options)
{
	const char *dir = bfs_dir();
	long ret = bfs_mount(dir, options);

	if (ret)
		test_abort("cannot mount binderfs (%s): %s",
			   options ? options : "", strerror(-ret));
	return dir;
}

/**
 * bfs_options() - the options of a mount that are the file system's own
 * @dir: where it is mounted
 *
 * Return: what /proc/self/mounts has behind "rw,relatime"; valid until the next
 * call.
 */
const char *bfs_options(const char *dir)
{
	static char line[1024];
	FILE *f = fopen("/proc/self/mounts", "re");
	char at[256], type[64], options[512];

	if (!f)
		test_abort("/proc/self/mounts: %m");
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*s %255s %63s %511s", at, type, options) != 3 ||
		    strcmp(at, dir) || strcmp(type, "binder"))
			continue;
		fclose(f);
		if (strncmp(options, "rw,relatime,", 12))
			test_abort("unexpected options: %s", options);
		return memmove(line, options + 12, strlen(options + 12) + 1);
	}
	test_abort("no binderfs on %s", dir);
}

/**
 * bfs_path() - the path of an entry
 * @dir: where its file system is mounted
 * @name: of the entry
 *
 * Return: the path, never given back.
 */
const char *bfs_path(const char *dir, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		test_abort("no memory");
	return path;
}

static int no_dots(const struct dirent *e)
{
	return strcmp(e->d_name, ".") && strcmp(e->d_name, "..");
}

/**
 * bfs_list() - the names in a directory
 * @dir: its path
 *
 * Return: the names in alphabetical order, a blank behind each; valid until the
 * next call.
 */
const char *bfs_list(const char *dir)
{
	static char list[4096];
	struct dirent **e;
	int i, n = scandir(dir, &e, no_dots, alphasort);
	size_t len = 0;

	if (n < 0)
		test_abort("%s: %m", dir);
	list[0] = 0;
	for (i = 0; i < n && len < sizeof(list); i++) {
		len += snprintf(list + len, sizeof(list) - len, "%s ",
				e[i]->d_name);
		free(e[i]);
	}
	free(e);
	return list;
}

/**
 * bfs_stat() - stat that the test is sure of
 * @path: of what there is
 *
 * Return: its attributes.
 */
struct stat bfs_stat(const char *path)
{
	struct stat st;

	if (lstat(path, &st))
		test_abort("%s: %m", path);
	return st;
}

/**
 * bfs_mode() - type and permissions
 * @path: of what there is
 *
 * Return: st_mode.
 */
unsigned int bfs_mode(const char *path)
{
	return bfs_stat(path).st_mode;
}

/**
 * bfs_ctl() - BINDER_CTL_ADD
 * @dir: where the instance is mounted
 * @arg: the argument
 *
 * Return: 0 or the negative errno.
 */
long bfs_ctl(const char *dir, void *arg)
{
	int fd = open(bfs_path(dir, "binder-control"), O_RDONLY | O_CLOEXEC);
	long ret;

	if (fd < 0)
		return -errno;
	ret = bfs_result(ioctl(fd, BINDER_CTL_ADD, arg));
	close(fd);
	return ret;
}

/**
 * bfs_add() - add a device
 * @dir: where the instance is mounted
 * @name: of the device, 256 bytes of it at most
 *
 * Return: 0 or the negative errno.
 */
long bfs_add(const char *dir, const char *name)
{
	struct binderfs_device device = {};

	memcpy(device.name, name, strnlen(name, sizeof(device.name)));
	return bfs_ctl(dir, &device);
}

/**
 * bfs_minor() - the minor number of a device
 * @path: its path
 *
 * Return: the number, or the negative errno.
 */
long bfs_minor(const char *path)
{
	struct stat st;

	return stat(path, &st) ? -errno : (long)minor(st.st_rdev);
}

/**
 * bfs_open() - open for reading and writing
 * @path: what
 *
 * Return: the descriptor, or the negative errno.
 */
long bfs_open(const char *path)
{
	return bfs_result(open(path, O_RDWR | O_CLOEXEC));
}

/**
 * bfs_protocol() - the protocol version that an open device speaks
 * @fd: the device
 *
 * Return: the version, 8 of every Binder; or the negative errno.
 */
long bfs_protocol(int fd)
{
	struct binder_version v = { .protocol_version = -1 };

	return ioctl(fd, BINDER_VERSION, &v) ? -errno : v.protocol_version;
}

/**
 * bfs_works() - tell whether a path leads to a Binder device
 * @path: the path
 *
 * Return: true if it can be opened and speaks the right protocol.
 */
bool bfs_works(const char *path)
{
	long fd = bfs_open(path), version;

	if (fd < 0)
		return false;
	version = bfs_protocol(fd);
	close(fd);
	return version == 8;
}
