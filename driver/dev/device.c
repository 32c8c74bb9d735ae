// SPDX-License-Identifier: GPL-2.0
/*
 * Devices: which there are without anybody asking for them, and which context a
 * file is opened on. Those from boot are here, those of binderfs in driver/fs.
 */
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/miscdevice.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <uapi/linux/android/binderfs.h>

#include "dev/dev.h"
#include "ipc/context.h"
#include "params.h"

char *binder_devices = CONFIG_BINDER_IPC_DEVICES;
module_param_named(devices, binder_devices, charp, 0444);
MODULE_PARM_DESC(devices, "comma-separated names of the devices to make");

/* The same, cut: each name ends with a NUL, the last with two. */
static char *presets;

struct binder_device {
	struct miscdevice misc;
	struct binder_context *context;
	struct list_head all;
};

static LIST_HEAD(static_devices);

/**
 * binder_device_context() - which context a file of ours is opened on
 * @inode: of the device; binderfs has left the context in ->i_private
 * @file: in ->open; for a misc device misc_open() has left that in ->private_data
 *
 * Context: any.
 * Return: the context, which stays as long as the device or the open file.
 */
struct binder_context *binder_device_context(struct inode *inode,
					     struct file *file)
{
	struct miscdevice *misc = file->private_data;

	if (misc)
		return container_of(misc, struct binder_device, misc)->context;
	return inode->i_private;
}

/**
 * binder_presets_for_each() - go through the names of the parameter "devices"
 * @fn: called with each name, in order, and with @arg; not 0 ends it
 * @arg: for @fn
 *
 * As in the kernel's other driver, the first empty name is the end of the list.
 *
 * Context: that of @fn; after binder_devices_init().
 * Return: 0, or what @fn returned last.
 */
int binder_presets_for_each(int (*fn)(const char *name, void *arg),
			    void *arg)
{
	const char *name;
	int err = 0;

	for (name = presets; *name && !err; name += strlen(name) + 1)
		err = fn(name, arg);
	return err;
}

static int __init cut_presets(void)
{
	size_t len = strlen(binder_devices);

	presets = kzalloc(len + 2, GFP_KERNEL);
	if (!presets)
		return -ENOMEM;
	memcpy(presets, binder_devices, len);
	strreplace(presets, ',', '\0');
	return 0;
}

static int __init check_name(const char *name, void *unused)
{
	if (strlen(name) <= BINDERFS_MAX_NAME)
		return 0;
	pr_err("binder: a name in devices= is longer than %d: no devices\n",
	       BINDERFS_MAX_NAME);
	return -ENAMETOOLONG;
}

static int __init register_device(struct binder_device *device)
{
	int err;

	device->misc.name = device->context->name;
	device->misc.minor = MISC_DYNAMIC_MINOR;
	device->misc.fops = &binder_fops;
	err = misc_register(&device->misc);
	if (err)
		binder_context_put(device->context);
	else
		list_add(&device->all, &static_devices);
	return err;
}

/* One that cannot be made, a second of its name for instance, hinders no other. */
static int __init add_static_device(const char *name, void *unused)
{
	struct binder_device *device = kzalloc(sizeof(*device), GFP_KERNEL);
	int err = -ENOMEM;

	if (device)
		device->context = binder_context_create(name);
	if (device && device->context)
		err = register_device(device);
	if (err) {
		pr_err("binder: no device %s: %d\n", name, err);
		kfree(device);
	}
	return 0;
}

/**
 * binder_devices_init() - make the devices that exist from boot
 *
 * Context: at boot, may sleep.
 * Return: 0; -ENAMETOOLONG if the parameter has a name that is none; -ENOMEM.
 */
int __init binder_devices_init(void)
{
	int err = cut_presets();

	if (err)
		return err;
	err = binder_presets_for_each(check_name, NULL);
	if (err)
		kfree(presets);
	else if (IS_ENABLED(CONFIG_BINDER_IPC_STATIC_DEVICES))
		binder_presets_for_each(add_static_device, NULL);
	return err;
}

/**
 * binder_devices_exit() - undo binder_devices_init()
 *
 * Context: at boot, when no device is open; may sleep.
 */
void __init binder_devices_exit(void)
{
	struct binder_device *device, *next;

	list_for_each_entry_safe(device, next, &static_devices, all) {
		list_del(&device->all);
		misc_deregister(&device->misc);
		binder_context_put(device->context);
		kfree(device);
	}
	kfree(presets);
}
