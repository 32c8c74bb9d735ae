/* SPDX-License-Identifier: GPL-2.0 */
/*
 * File descriptors in messages. A file is taken from the sender when the message
 * is sent, and gets a number at the receiver when the message is read.
 */
#ifndef BINDER_IPC_FD_H
#define BINDER_IPC_FD_H

#include <linux/list.h>
#include <linux/types.h>

struct binder_thread;
struct binder_txn;
struct file;

/**
 * struct binder_fd - a file on its way
 * @entry: in binder_txn.files, in the order of the objects
 * @file: with a reference
 * @at: where in the buffer the receiver finds the number, bytes
 * @fd: the number, reserved at the receiver; or -1
 */
struct binder_fd {
	struct list_head entry;
	struct file *file;
	size_t at;
	int fd;
};

/* fd.c APIs: */
int binder_fd_add(struct binder_txn *t, struct binder_thread *sender, int fd,
		  size_t at, bool accepts_fds);
int binder_fds_reserve(struct binder_txn *t);
void binder_fds_unreserve(struct binder_txn *t);
void binder_fds_install(struct binder_txn *t);
void binder_fds_drop(struct binder_txn *t);
void binder_fd_close(struct binder_thread *closer, int fd);

#endif
