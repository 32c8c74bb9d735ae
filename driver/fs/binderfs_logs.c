// SPDX-License-Identifier: GPL-2.0
/*
 * The log files of a binderfs that is mounted with stats=global.
 */
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/kernel.h>

#include "fs/binderfs.h"
#include "fs/logs.h"

/**
 * binderfs_add_logs() - the folder of the log files
 * @root: the root directory
 *
 * Context: while mounting; may sleep, takes the locks of the folders.
 * Return: 0; -EEXIST if a device has the name; -ENOMEM.
 */
int binderfs_add_logs(struct dentry *root)
{
	struct binderfs *fs = root->d_sb->s_fs_info;
	struct dentry *dir = binderfs_add_dir(root, "binder_logs");
	const struct binder_log *log;
	int err = PTR_ERR_OR_ZERO(dir);

	for (log = binder_logs; log->name && !err; log++)
		err = PTR_ERR_OR_ZERO(binderfs_add_file(dir, log->name,
							log->fops, log->data));
	if (err)
		return err;
	fs->log_procs = binderfs_add_dir(dir, "proc");
	return PTR_ERR_OR_ZERO(fs->log_procs);
}

/**
 * binderfs_add_proc_log() - the log file of a process
 * @sb: of a device that the process has open
 * @pid: the process
 *
 * User space may rename a device over the file, which removes it, or exchange
 * the two; so whoever is to remove it needs a reference of its own.
 *
 * Context: may sleep, takes the lock of the folder.
 * Return: the file with a reference, for simple_recursive_removal() and dput()
 *	before the device is closed; NULL if the file system has no log files, or
 *	no memory.
 */
struct dentry *binderfs_add_proc_log(struct super_block *sb, pid_t pid)
{
	struct binderfs *fs = sb->s_fs_info;
	struct dentry *file;
	char name[16];

	if (!binderfs_is(sb) || !fs->log_procs)
		return NULL;
	snprintf(name, sizeof(name), "%d", pid);
	file = binderfs_add_file(fs->log_procs, name, &binder_log_pid_fops,
				 (void *)(long)pid);
	return IS_ERR(file) ? NULL : dget(file);
}
