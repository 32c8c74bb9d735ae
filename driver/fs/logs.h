/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The log files, wherever they are shown.
 */
#ifndef BINDER_FS_LOGS_H
#define BINDER_FS_LOGS_H

#include <linux/fs.h>

/**
 * struct binder_log - one log file
 * @name: of the file
 * @fops: how to read it; needs nothing of the inode
 */
struct binder_log {
	const char *name;
	const struct file_operations *fops;
};

/* All there are; one without a name ends the table. */
extern const struct binder_log binder_logs[];

#endif
