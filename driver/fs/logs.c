// SPDX-License-Identifier: GPL-2.0
/*
 * The log files in debugfs: binder/, and in it proc/ with a file for each
 * process that has a device open.
 */
#include <linux/dcache.h>
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>

#include "fs/binderfs.h"
#include "fs/logs.h"
#include "ipc/proc.h"

const struct binder_log binder_logs[] = {
	{ "state",			&binder_log_state_fops },
	{ "stats",			&binder_log_stats_fops },
	{ "transactions",		&binder_log_transactions_fops },
	{ "transaction_log",		&binder_log_attempts_fops },
	{ "failed_transaction_log",	&binder_log_failed_fops },
	{ "state_hashed",		&binder_log_state_fops, BINDER_LOG_HASHED },
	{ "transactions_hashed",	&binder_log_transactions_fops, BINDER_LOG_HASHED },
	{ "failed_transactions",	&binder_log_failures_fops },
	{ "failed_stats",		&binder_log_failure_stats_fops },
	{ "oneway_buffers",		&binder_log_oneway_fops },
	{ "call_chains",		&binder_log_chains_fops },
	{}
};

/**
 * binder_log_pid() - the number of a process or a thread, for who reads a log
 * @pid: its number in the initial pid namespace
 *
 * Context: task context of the reader, any lock held.
 * Return: the number in the reader's pid namespace; 0 if that does not have it,
 *	or no more.
 */
pid_t binder_log_pid(pid_t pid)
{
	struct pid_namespace *ns = task_active_pid_ns(current);

	if (ns == &init_pid_ns)
		return pid;
	guard(rcu)();
	return pid_nr_ns(find_pid_ns(pid, &init_pid_ns), ns);
}

static struct dentry *procs_dir;
/* Who is the first of its process. */
static DEFINE_MUTEX(procs_lock);

struct same_pid {
	pid_t pid;
	int nr;
};

static void count(struct binder_proc *proc, void *arg)
{
	struct same_pid *same = arg;

	same->nr += proc->pid == same->pid;
}

/**
 * binder_logs_add_proc() - a device was opened
 * @proc: the open file
 * @sb: the file system of the device
 *
 * The first that a process has open at a time gets the log file of the process,
 * which shows all of them, and takes it along.
 *
 * Context: task context, no lock held, may sleep.
 */
void binder_logs_add_proc(struct binder_proc *proc, struct super_block *sb)
{
	struct same_pid same = { .pid = proc->pid };
	char name[16];

	guard(mutex)(&procs_lock);
	binder_proc_for_each(count, &same);
	if (same.nr != 1)
		return;
	snprintf(name, sizeof(name), "%d", proc->pid);
	proc->log = debugfs_create_file(name, 0444, procs_dir,
					(void *)(long)proc->pid,
					&binder_log_pid_fops);
	proc->binderfs_log = binderfs_add_proc_log(sb, proc->pid);
}

/**
 * binder_logs_del_proc() - a device is being closed
 * @proc: the open file
 *
 * Context: task context, no lock held, may sleep.
 */
void binder_logs_del_proc(struct binder_proc *proc)
{
	debugfs_remove(proc->log);
	if (proc->binderfs_log) {
		simple_recursive_removal(proc->binderfs_log, NULL);
		dput(proc->binderfs_log);
	}
}

static int __init binder_logs_init(void)
{
	struct dentry *dir = debugfs_create_dir("binder", NULL);
	const struct binder_log *log;

	for (log = binder_logs; log->name; log++)
		debugfs_create_file(log->name, 0444, dir, log->data,
				    log->fops);
	procs_dir = debugfs_create_dir("proc", dir);
	return 0;
}
device_initcall(binder_logs_init);
