/* SPDX-License-Identifier: GPL-2.0 */
/*
 * binderfs: each mount is an instance with devices of its own.
 */
#ifndef BINDER_FS_BINDERFS_H
#define BINDER_FS_BINDERFS_H

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
 * I: immutable once mounted, L: @lock, A: atomic.
 *
 * @uid:	I: owner of everything: root of the mounter's user namespace.
 * @gid:	I: group of everything.
 * @last_minor:	I: the highest minor number it may have.
 * @last_ino:	A: of what has no device number.
 * @log_procs:	I: folder of the log files of processes, NULL if there is none.
 * @lock:	guards what is marked L. Innermost.
 * @options:	L: but ->stats never changes.
 * @devices:	L: how many there are, also those unlinked but open.
 */
struct binderfs {
	kuid_t uid;
	kgid_t gid;
	unsigned int last_minor;
	atomic_long_t last_ino;
	struct dentry *log_procs;

	spinlock_t lock;	/* how many there are and may be */
	struct binderfs_options options;
	unsigned int devices;
};

/* binderfs.c APIs: */
#ifdef CONFIG_BINDER_IPC_BINDERFS
int binderfs_init(void);
void binderfs_exit(void);
#else
static inline int binderfs_init(void)
{
	return 0;
}

static inline void binderfs_exit(void)
{
}
#endif

bool binderfs_is(const struct super_block *sb);

/* entries.c APIs: */
int binderfs_entries_init(void);
void binderfs_entries_exit(void);
struct inode *binderfs_new_root(struct super_block *sb);
void binderfs_evict(struct inode *inode);
int binderfs_add_control(struct super_block *sb);
int binderfs_add_device(struct super_block *sb, const char *name);
struct dentry *binderfs_add_dir(struct dentry *parent, const char *name);
struct dentry *binderfs_add_file(struct dentry *parent, const char *name,
				 const struct file_operations *fops,
				 void *arg);

/* binderfs_logs.c APIs: */
int binderfs_add_logs(struct dentry *root);
#ifdef CONFIG_BINDER_IPC_BINDERFS
struct dentry *binderfs_add_proc_log(struct super_block *sb, pid_t pid);
#else
static inline struct dentry *binderfs_add_proc_log(struct super_block *sb,
						   pid_t pid)
{
	return NULL;
}
#endif

#endif
