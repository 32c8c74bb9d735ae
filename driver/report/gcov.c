// SPDX-License-Identifier: GPL-2.0
/*
 * Write the coverage counters of the driver to files of the host.
 *
 * The driver's objects, and no others, are compiled with -fprofile-arcs, and
 * carry counters that the host's libgcov knows how to write: this kernel is a
 * process of the host, so no runtime of the kernel is needed, nor any copying
 * out of the guest. The files go beside the objects, or below the directory in
 * the environment variable GCOV_PREFIX of the process, which lets boots that
 * run at the same time keep theirs apart.
 *
 * A program writes its counters when its destructors run. User-Mode Linux runs
 * none: its linker script drops them, and it goes down by a way of its own.
 * That is just as well, for the processes that it forks for its user space must
 * not write anything. It is done here, at power-off, or when somebody asks:
 *
 *	echo dump >/sys/kernel/debug/binder_gcov	add to the files, start anew
 *	echo reset >/sys/kernel/debug/binder_gcov	forget, start anew
 *
 * What was counted before a panic is lost.
 *
 * The program's own counters are merged into what a file has already, under a
 * lock on that file: boots that share a directory add up.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <shared/init.h>

#include "report/libgcov.h"

/* libgcov locks nothing when it runs in a program without threads. */
static DEFINE_MUTEX(libgcov_lock);

static int obey(const char *word)
{
	guard(mutex)(&libgcov_lock);
	if (sysfs_streq(word, "dump"))
		__gcov_dump();	/* writes nothing if called twice without a reset */
	else if (!sysfs_streq(word, "reset"))
		return -EINVAL;
	__gcov_reset();
	return 0;
}

static ssize_t binder_gcov_write(struct file *file, const char __user *ubuf,
				 size_t count, loff_t *pos)
{
	char word[8] = "";
	int err;

	if (count >= sizeof(word))
		return -EINVAL;
	if (copy_from_user(word, ubuf, count))
		return -EFAULT;
	err = obey(word);
	return err ?: count;
}

static const struct file_operations binder_gcov_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = binder_gcov_write,
};

static int __init binder_gcov_init(void)
{
	debugfs_create_file("binder_gcov", 0200, NULL, NULL, &binder_gcov_fops);
	return 0;
}
device_initcall(binder_gcov_init);

/* The last that this kernel does; nothing else runs any more. */
static void binder_gcov_exit(void)
{
	__gcov_dump();
}

__uml_exitcall(binder_gcov_exit);
