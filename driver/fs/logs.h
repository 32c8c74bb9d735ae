/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The log files: what they are called and what shows them.
 */
#ifndef BINDER_FS_LOGS_H
#define BINDER_FS_LOGS_H

#include <linux/fs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/types.h>

struct binder_proc;
struct seq_file;

/* Whether all of a process is shown, or what it has to do. */
enum binder_log_detail {
	BINDER_LOG_ALL,
	BINDER_LOG_BUSY,
};

/**
 * struct binder_log - a log file
 * @name: its name
 * @fops: shows it
 * @data: for @fops, as seq_file->private
 */
struct binder_log {
	const char *name;
	const struct file_operations *fops;
	void *data;
};

/* Addresses of user space are not for everybody's eyes. */
#define BINDER_LOG_HASHED ((void *)-1)

/* As DEFINE_SHOW_ATTRIBUTE(), for file operations that others use. */
#define SHOW_FOPS(__name)						\
static int __name ## _open(struct inode *inode, struct file *file)	\
{									\
	return single_open(file, __name ## _show, inode->i_private);	\
}									\
									\
const struct file_operations __name ## _fops = {			\
	.owner		= THIS_MODULE,					\
	.open		= __name ## _open,				\
	.read		= seq_read,					\
	.llseek		= seq_lseek,					\
	.release	= single_release,				\
}

/* Ends with one that has no name. */
extern const struct binder_log binder_logs[];

/* logs.c APIs: */
pid_t binder_log_pid(pid_t pid);
void binder_logs_add_proc(struct binder_proc *proc, struct super_block *sb);
void binder_logs_del_proc(struct binder_proc *proc);

/* log_state.c APIs: */
void binder_log_proc(struct seq_file *s, struct binder_proc *proc,
		     enum binder_log_detail detail);

extern const struct file_operations binder_log_state_fops;
extern const struct file_operations binder_log_transactions_fops;
extern const struct file_operations binder_log_pid_fops;

/* log_stats.c APIs: */
extern const struct file_operations binder_log_stats_fops;

/* log_attempts.c APIs: */
extern const struct file_operations binder_log_attempts_fops;
extern const struct file_operations binder_log_failed_fops;

/* log_failures.c APIs: */
extern const struct file_operations binder_log_failures_fops;
extern const struct file_operations binder_log_failure_stats_fops;

/* log_oneway.c APIs: */
extern const struct file_operations binder_log_oneway_fops;

/* log_chains.c APIs: */
extern const struct file_operations binder_log_chains_fops;

#endif
