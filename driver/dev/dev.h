/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What user space touches: shared by the files of this folder.
 */
#ifndef BINDER_DEV_DEV_H
#define BINDER_DEV_DEV_H

#include <linux/types.h>
#include <uapi/linux/android/binder.h>

struct binder_context;
struct binder_thread;
struct file;
struct inode;

extern const struct file_operations binder_fops;

/* device.c APIs: */
struct binder_context *binder_device_context(struct inode *inode,
					     struct file *file);
int binder_presets_for_each(int (*fn)(const char *name, void *arg),
			    void *arg);
int binder_devices_init(void);
void binder_devices_exit(void);

/* ioctl.c APIs: */
long binder_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

/* write.c APIs: */
int binder_write(struct binder_thread *thread, struct binder_write_read *bwr);

/* read.c APIs: */
int binder_read(struct binder_thread *thread, struct binder_write_read *bwr,
		bool nonblock);

#endif
