/* SPDX-License-Identifier: GPL-2.0 */
/*
 * binderfs: each mount is an instance with devices of its own.
 */
#ifndef BINDER_FS_BINDERFS_H
#define BINDER_FS_BINDERFS_H

#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/uidgid.h>

#define BINDERFS_MINORS		(MINORMASK + 1)

/**
 * struct binderfs_options - what the mounter asked for
 * @max: how many devices there may be
 * @stats: have log files
 */
struct binderfs_options {
	u32 max;
	bool stats;
};

/**
 * struct binderfs - one instance
 *
 * I: immutable, L: @lock, M: immutable once it is mounted.
 *
 * @uid:	I: owner of everything: root of the mounter's user namespace.
 * @gid:	I: group of everything.
 * @last_minor:	I: the highest minor number it may have.
 * @procs:	M: the folder of the log files of single processes, or NULL.
 * @others:	atomic: entries made so far that have no device number.
 * @lock:	guards what is marked L. Innermost.
 * @options:	L: but ->stats never changes.
 * @devices:	L: how many there are, also those unlinked but open.
 */
struct binderfs {
	kuid_t uid;
	kgid_t gid;
	unsigned int last_minor;
	struct dentry *procs;
	atomic_long_t others;

	spinlock_t lock;	/* how many there are and may be */
	struct binderfs_options options;
	unsigned int devices;
};

/* binderfs.c APIs: */
#ifdef CONFIG_BINDER_IPC_BINDERFS
int binderfs_init(void);
struct dentry *binderfs_log_proc(struct inode *device, pid_t pid);
void binderfs_unlog_proc(struct dentry *log);
#else
static inline int binderfs_init(void)
{
	return 0;
}

static inline struct dentry *binderfs_log_proc(struct inode *device, pid_t pid)
{
	return NULL;
}

static inline void binderfs_unlog_proc(struct dentry *log)
{
}
#endif

/* entries.c APIs: */
int binderfs_entries_init(void);
void binderfs_entries_exit(void);
struct inode *binderfs_new_root(struct super_block *sb);
void binderfs_evict(struct inode *inode);
int binderfs_add_control(struct super_block *sb);
int binderfs_add_device(struct super_block *sb, const char *name);
struct dentry *binderfs_add_dir(struct dentry *parent, const char *name);
struct dentry *binderfs_add_file(struct dentry *parent, const char *name,
				 const struct file_operations *fops, void *data);

#endif
