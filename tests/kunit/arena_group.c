// SPDX-License-Identifier: GPL-2.0
/*
 * Memory cgroups for tests: through the files of cgroup2, as user space makes
 * them, on a mount of the test's own.
 */
#include <linux/cgroup.h>
#include <linux/fs.h>
#include <linux/memcontrol.h>
#include <linux/mount.h>
#include <linux/namei.h>

#include "arena_fixture.h"

#ifdef CONFIG_MEMCG

#define GROUP "binder_arena_test"

/* How often the end of a test looks whether its thread has left the cgroup. */
#define TRIES 500

static int file_write(struct arenat_group *g, const char *path, const char *text)
{
	struct file *file = file_open_root_mnt(g->mnt, path, O_WRONLY, 0);
	ssize_t n;

	if (IS_ERR(file))
		return PTR_ERR(file);
	n = kernel_write(file, text, strlen(text), NULL);
	filp_close(file, NULL);
	return n < 0 ? n : 0;
}

static int make_dir(struct arenat_group *g)
{
	struct dentry *root = g->mnt->mnt_root, *dir;
	struct inode *inode = d_inode(root);
	int err;

	inode_lock_nested(inode, I_MUTEX_PARENT);
	dir = lookup_one_len(GROUP, root, strlen(GROUP));
	err = PTR_ERR_OR_ZERO(dir);
	if (!err) {
		err = vfs_mkdir(&nop_mnt_idmap, inode, dir, 0755);
		dput(dir);
	}
	/* kernfs makes the folder, but it must be looked up to be seen. */
	if (!err) {
		g->dir = lookup_one_len(GROUP, root, strlen(GROUP));
		err = PTR_ERR_OR_ZERO(g->dir);
	}
	inode_unlock(inode);
	return err;
}

static int remove_dir(struct arenat_group *g)
{
	struct inode *inode = d_inode(g->mnt->mnt_root);
	int err;

	inode_lock_nested(inode, I_MUTEX_PARENT);
	err = vfs_rmdir(&nop_mnt_idmap, inode, g->dir);
	inode_unlock(inode);
	return err;
}

/**
 * arenat_group_remove() - remove the cgroup.
 * @g: nobody is in it any more, or will soon not be
 *
 * What is charged to it belongs to the root some time later.
 */
void arenat_group_remove(struct arenat_group *g)
{
	int tries, err = -EBUSY;

	for (tries = 0; err == -EBUSY && tries < TRIES; tries++) {
		err = remove_dir(g);
		if (err == -EBUSY)
			schedule_timeout_uninterruptible(1);
	}
	KUNIT_EXPECT_EQ(g->test, 0, err);
	dput(g->dir);
	g->dir = NULL;
}

static void group_end(void *arg)
{
	struct arenat_group *g = arg;

	if (g->dir)
		arenat_group_remove(g);
	mem_cgroup_put(g->memcg);
	kern_unmount(g->mnt);
}

/**
 * arenat_group() - make a memory cgroup.
 * @test: whose; skipped if the kernel's memory controller is not in cgroup2
 *
 * Return: the cgroup, empty and without a limit; gone at the end of the test.
 */
struct arenat_group *arenat_group(struct kunit *test)
{
	struct arenat_group *g = arenat_alloc(test, sizeof(*g));
	struct file_system_type *type = get_fs_type("cgroup2");
	struct cgroup_subsys_state *css;

	KUNIT_ASSERT_NOT_NULL(test, type);
	g->test = test;
	g->mnt = kern_mount(type);
	put_filesystem(type);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, g->mnt);
	if (file_write(g, "cgroup.subtree_control", "+memory")) {
		kern_unmount(g->mnt);
		kunit_skip(test, "needs the memory controller in cgroup2");
	}
	if (make_dir(g)) {
		kern_unmount(g->mnt);
		KUNIT_FAIL_AND_ABORT(test, "no cgroup");
	}
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, group_end, g));
	css = css_tryget_online_from_dir(g->dir, &memory_cgrp_subsys);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, css);
	g->memcg = mem_cgroup_from_css(css);
	return g;
}

/**
 * arenat_group_enter() - move the current task into the cgroup.
 * @g: the cgroup
 *
 * With the task go the address spaces that it made.
 */
void arenat_group_enter(struct arenat_group *g)
{
	KUNIT_EXPECT_EQ(g->test, 0, file_write(g, GROUP "/cgroup.procs", "0"));
}

/**
 * arenat_group_leave() - move the current task back to the root.
 * @g: the cgroup
 */
void arenat_group_leave(struct arenat_group *g)
{
	KUNIT_ASSERT_EQ(g->test, 0, file_write(g, "cgroup.procs", "0"));
}

/**
 * arenat_group_set() - write to a file of the cgroup.
 * @g: the cgroup
 * @name: of the file
 * @value: what to write
 */
void arenat_group_set(struct arenat_group *g, const char *name, const char *value)
{
	char path[64];

	scnprintf(path, sizeof(path), GROUP "/%s", name);
	KUNIT_ASSERT_EQ(g->test, 0, file_write(g, path, value));
}

/**
 * arenat_group_get() - read a number from a file of the cgroup.
 * @g: the cgroup
 * @name: of the file
 * @key: word at the start of the line
 *
 * Return: the number after the word; -1 if there is none.
 */
long arenat_group_get(struct arenat_group *g, const char *name, const char *key)
{
	char path[64], *text = arenat_alloc(g->test, PAGE_SIZE), *line, *next = text;
	size_t len = strlen(key);
	struct file *file;
	long value = -1;

	scnprintf(path, sizeof(path), GROUP "/%s", name);
	file = file_open_root_mnt(g->mnt, path, O_RDONLY, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(g->test, file);
	KUNIT_EXPECT_GT(g->test, kernel_read(file, text, PAGE_SIZE - 1, NULL), 0);
	filp_close(file, NULL);
	while ((line = strsep(&next, "\n"))) {
		if (!strncmp(line, key, len) && line[len] == ' ' &&
		    !kstrtol(line + len + 1, 10, &value))
			break;
	}
	return value;
}

/**
 * arenat_group_kmem() - how much kernel memory is charged to the cgroup.
 * @g: the cgroup
 *
 * Return: pages.
 */
long arenat_group_kmem(struct arenat_group *g)
{
	cgroup_rstat_flush(g->memcg->css.cgroup);
	return memcg_page_state(g->memcg, MEMCG_KMEM);
}

#else /* !CONFIG_MEMCG */

struct arenat_group *arenat_group(struct kunit *test)
{
	kunit_skip(test, "needs CONFIG_MEMCG");
	return NULL;
}

void arenat_group_enter(struct arenat_group *g) { }
void arenat_group_leave(struct arenat_group *g) { }
void arenat_group_remove(struct arenat_group *g) { }
void arenat_group_set(struct arenat_group *g, const char *name, const char *value) { }

long arenat_group_get(struct arenat_group *g, const char *name, const char *key)
{
	return -1;
}

long arenat_group_kmem(struct arenat_group *g)
{
	return -1;
}

#endif
