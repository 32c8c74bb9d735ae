// SPDX-License-Identifier: GPL-2.0
/*
 * The log files of a binderfs that is mounted with stats=global.
 */
#include <linux/err.h>

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
	struct dentry *dir = binderfs_add_dir(root, "binder_logs");
	const struct binder_log *log;
	int err = PTR_ERR_OR_ZERO(dir);

	for (log = binder_logs; log->name && !err; log++)
		err = binderfs_add_file(dir, log->name, log->fops);
	return err;
}
