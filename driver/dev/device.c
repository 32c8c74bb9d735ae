// SPDX-License-Identifier: GPL-2.0
/*
 * The devices that exist from boot: /dev/binder and its like, each a context.
 */
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/miscdevice.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>

#include "arena/arena.h"
#include "dev/dev.h"
#include "ipc/context.h"
#include "ipc/proc.h"
#include "ipc/txn.h"

static char *devices = CONFIG_BINDER_IPC_DEVICES;
module_param(devices, charp, 0444);
MODULE_PARM_DESC(devices, "comma-separated names of the devices to make");

struct binder_device {
	struct miscdevice misc;
	struct binder_context context;
};

/**
 * binder_device_context() - which context a file of ours is opened on
 * @file: in ->open; misc_open() has left the device in ->private_data
 *
 * Context: any.
 * Return: the context, which stays.
 */
struct binder_context *binder_device_context(struct file *file)
{
	struct miscdevice *misc = file->private_data;

	return &container_of(misc, struct binder_device, misc)->context;
}

static int __init add_device(const char *name)
{
	struct binder_device *device = kzalloc(sizeof(*device), GFP_KERNEL);
	int err;

	if (!device)
		return -ENOMEM;
	binder_context_init(&device->context, name);
	device->misc.name = name;
	device->misc.minor = MISC_DYNAMIC_MINOR;
	device->misc.fops = &binder_fops;
	err = misc_register(&device->misc);
	if (err) {
		pr_err("binder: no device %s: %d\n", name, err);
		kfree(device);
	}
	return err;
}

static int __init add_devices(void)
{
	/* The names stay in use as long as the devices: for ever. */
	char *names = kstrdup(devices, GFP_KERNEL);
	char *name;
	int err = 0;

	if (!names)
		return -ENOMEM;
	while (!err && (name = strsep(&names, ","))) {
		if (*name)
			err = add_device(name);
	}
	return err;
}

static int __init binder_init(void)
{
	int err = arena_init();

	if (!err)
		err = binder_release_init();
	if (!err)
		err = binder_txn_init();
	if (!err)
		err = add_devices();
	return err;
}
device_initcall(binder_init);
