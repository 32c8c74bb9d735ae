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
 * not write anything. It is done here: at power-off, at a panic, when the host ends
 * the guest by SIGTERM, every second, so that little is lost with one that is killed,
 * and when somebody asks:
 *
 *	echo dump >/sys/kernel/debug/binder_gcov
 *
 * To begin anew, remove the files.
 *
 * The program's own counters are merged into what a file has already, under a
 * lock on that file: boots that share a directory add up.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/panic_notifier.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>
#include <shared/init.h>
#include <shared/kern_util.h>

#include "report/libgcov.h"

/*
 * Nothing else runs meanwhile, or what is counted between writing and forgetting
 * would be lost; libgcov locks nothing either. Its memory then must not be the
 * kernel's, which might have to be waited for.
 */
static void write_counters(void)
{
	int was_ok = kmalloc_ok;
	unsigned long flags;

	local_irq_save(flags);
	kmalloc_ok = 0;
	__gcov_dump();
	__gcov_reset();		/* else the next one would write nothing */
	kmalloc_ok = was_ok;
	local_irq_restore(flags);
}

static ssize_t binder_gcov_write(struct file *file, const char __user *ubuf,
				 size_t count, loff_t *pos)
{
	char word[8] = "";

	if (count >= sizeof(word))
		return -EINVAL;
	if (copy_from_user(word, ubuf, count))
		return -EFAULT;
	if (!sysfs_streq(word, "dump"))
		return -EINVAL;
	write_counters();
	return count;
}

static const struct file_operations binder_gcov_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = binder_gcov_write,
};

static void write_and_again(struct work_struct *work)
{
	write_counters();
	schedule_delayed_work(to_delayed_work(work), HZ);
}

static DECLARE_DELAYED_WORK(every_second, write_and_again);

static int at_panic(struct notifier_block *self, unsigned long event, void *what)
{
	write_counters();
	return NOTIFY_DONE;
}

/* User-Mode Linux ends the process in a notifier of the second highest. */
static struct notifier_block panic_notifier = {
	.notifier_call = at_panic,
	.priority = INT_MAX,
};

static int __init binder_gcov_init(void)
{
	debugfs_create_file("binder_gcov", 0200, NULL, NULL, &binder_gcov_fops);
	atomic_notifier_chain_register(&panic_notifier_list, &panic_notifier);
	schedule_delayed_work(&every_second, HZ);
	return 0;
}
device_initcall(binder_gcov_init);

/* The last that this kernel does; nothing else runs any more. */
static void binder_gcov_exit(void)
{
	__gcov_dump();
}

__uml_exitcall(binder_gcov_exit);
