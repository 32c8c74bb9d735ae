/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The least of a Binder client: one thread, one device, raw ioctls.
 */
#ifndef TESTS_DEMO_BINDER_H
#define TESTS_DEMO_BINDER_H

#include <linux/android/binder.h>
#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/**
 * struct binder - an open and mapped device
 * @fd: the device
 * @map: where incoming messages appear
 * @size: of the mapping, bytes
 * @out: commands that go out with the next ioctl
 * @out_size: bytes in use of @out
 */
struct binder {
	int fd;
	const void *map;
	size_t size;
	__u8 out[256];
	size_t out_size;
};

/**
 * struct message - what came in, in place
 * @code: the sender's choice
 * @oneway: nobody waits for a reply
 * @data: the bytes, in the mapping
 * @size: how many
 */
struct message {
	__u32 code;
	bool oneway;
	const void *data;
	size_t size;
};

void binder_open(struct binder *b, const char *device, size_t size);
void binder_serve(struct binder *b);

void binder_oneway(struct binder *b, __u32 code, const void *data,
		   size_t size);
void binder_call(struct binder *b, __u32 code, const void *data, size_t size,
		 void *reply, size_t reply_size);

void binder_wait(struct binder *b, struct message *m);
void binder_reply(struct binder *b, const void *data, size_t size);
void binder_free(struct binder *b, const void *data);

#endif
