/* SPDX-License-Identifier: GPL-2.0 */
/*
 * binderfs for tests: instances in a mount namespace of the test's own, and
 * short words for what is done to them. Where a result is a long it is 0 (or
 * what the function says), or a negative errno.
 */
#ifndef TESTS_LIB_BINDERFS_H
#define TESTS_LIB_BINDERFS_H

#include <errno.h>
#include <linux/android/binderfs.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#define BFS_MAGIC	0x6c6f6f70
#define BFS_MAX		1048576		/* devices, unless told otherwise */

/* Namespaces */
void bfs_private(void);
long bfs_enter_userns(uid_t uid, uid_t as);

/* Mounting */
const char *bfs_dir(void);
long bfs_mount(const char *dir, const char *options);
long bfs_remount(const char *dir, unsigned long flags, const char *options);
const char *bfs_new(const char *options);
const char *bfs_options(const char *dir);

/* What is in it */
const char *bfs_path(const char *dir, const char *name);
const char *bfs_list(const char *dir);
unsigned int bfs_mode(const char *path);
struct stat bfs_stat(const char *path);

/* Devices */
long bfs_ctl(const char *dir, void *arg);
long bfs_add(const char *dir, const char *name);
long bfs_minor(const char *path);
long bfs_open(const char *path);
long bfs_protocol(int fd);
bool bfs_works(const char *path);

/* bfs_result(unlink(path)): 0 or more, or the negative errno. */
static inline long bfs_result(long ret)
{
	return ret < 0 ? -errno : ret;
}

#endif /* TESTS_LIB_BINDERFS_H */
