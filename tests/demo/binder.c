// SPDX-License-Identifier: GPL-2.0
/*
 * A Binder client of raw ioctls.
 *
 * Commands are collected and go out with the next read: a server frees the
 * buffer of a message, answers it and waits for the next one in one ioctl. No
 * failure is expected here, so each ends the program and says what it was.
 */
#include <err.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "binder.h"

/**
 * binder_open() - open a device and map it
 * @b: out
 * @device: path
 * @size: bytes to map
 */
void binder_open(struct binder *b, const char *device, size_t size)
{
	struct binder_version v;

	memset(b, 0, sizeof(*b));
	b->fd = open(device, O_RDWR | O_CLOEXEC);
	if (b->fd < 0)
		err(1, "%s", device);
	if (ioctl(b->fd, BINDER_VERSION, &v))
		err(1, "BINDER_VERSION");
	if (v.protocol_version != BINDER_CURRENT_PROTOCOL_VERSION)
		errx(1, "%s speaks protocol %d", device, v.protocol_version);
	b->size = size;
	b->map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, b->fd, 0);
	if (b->map == MAP_FAILED)
		err(1, "mmap %s", device);
}

static void put(struct binder *b, const void *what, size_t size)
{
	if (b->out_size + size > sizeof(b->out))
		errx(1, "too many commands at once");
	memcpy(b->out + b->out_size, what, size);
	b->out_size += size;
}

static void put_u32(struct binder *b, __u32 command)
{
	put(b, &command, sizeof(command));
}

static void put_message(struct binder *b, __u32 command, __u32 code,
			__u32 flags, const void *data, size_t size)
{
	struct binder_transaction_data tr = {
		.target.handle = 0,	/* the context manager */
		.code = code,
		.flags = flags,
		.data_size = size,
		.data.ptr.buffer = (unsigned long)data,
	};

	put_u32(b, command);
	put(b, &tr, sizeof(tr));
}

static const char *failure_of(__u32 command)
{
	switch (command) {
	case BR_FAILED_REPLY:
		return "BR_FAILED_REPLY";
	case BR_DEAD_REPLY:
		return "BR_DEAD_REPLY";
	case BR_FROZEN_REPLY:
		return "BR_FROZEN_REPLY";
	case BR_ERROR:
		return "BR_ERROR";
	default:
		return NULL;
	}
}

static void check_failure(struct binder *b, __u32 command)
{
	const char *name = failure_of(command);
	struct binder_extended_error ee = { };

	if (!name)
		return;
	ioctl(b->fd, BINDER_GET_EXTENDED_ERROR, &ee);
	errx(1, "%s: %s", name, strerror(-ee.param));
}

/* One ioctl: what is to go out goes, and returns come in. Bytes of them. */
static size_t write_read(struct binder *b, void *in, size_t size)
{
	struct binder_write_read bwr = {
		.write_buffer = (unsigned long)b->out,
		.write_size = b->out_size,
		.read_buffer = (unsigned long)in,
		.read_size = size,
	};

	if (ioctl(b->fd, BINDER_WRITE_READ, &bwr))
		err(1, "BINDER_WRITE_READ");
	if (bwr.write_consumed != b->out_size)
		errx(1, "the driver took %llu of %zu bytes of commands",
		     (unsigned long long)bwr.write_consumed, b->out_size);
	b->out_size = 0;
	return bwr.read_consumed;
}

/*
 * Exchanges commands and returns until @want is among the returns; its payload
 * goes to @tr unless that is NULL.
 */
static void exchange(struct binder *b, __u32 want,
		     struct binder_transaction_data *tr)
{
	bool got = false;
	__u8 in[256];

	while (!got) {
		size_t size = write_read(b, in, sizeof(in)), at = 0;
		__u32 command;

		while (at + sizeof(command) <= size) {
			memcpy(&command, in + at, sizeof(command));
			at += sizeof(command);
			check_failure(b, command);
			if (command == want) {
				got = true;
				if (tr)
					memcpy(tr, in + at, sizeof(*tr));
			}
			at += _IOC_SIZE(command);
		}
	}
}

/**
 * binder_serve() - become the context manager, which handle 0 means
 * @b: the device
 */
void binder_serve(struct binder *b)
{
	if (ioctl(b->fd, BINDER_SET_CONTEXT_MGR, 0))
		err(1, "BINDER_SET_CONTEXT_MGR");
	put_u32(b, BC_ENTER_LOOPER);
}

/**
 * binder_oneway() - send a message and do not wait for it to be received
 * @b: the device
 * @code: for the receiver
 * @data: the bytes
 * @size: how many
 */
void binder_oneway(struct binder *b, __u32 code, const void *data,
		   size_t size)
{
	put_message(b, BC_TRANSACTION, code, TF_ONE_WAY, data, size);
	exchange(b, BR_TRANSACTION_COMPLETE, NULL);
}

/**
 * binder_call() - send a message and wait for the reply
 * @b: the device
 * @code: for the receiver
 * @data: the bytes
 * @size: how many
 * @reply: out: what was replied
 * @reply_size: how many bytes that has to be
 */
void binder_call(struct binder *b, __u32 code, const void *data, size_t size,
		 void *reply, size_t reply_size)
{
	struct binder_transaction_data tr;

	put_message(b, BC_TRANSACTION, code, 0, data, size);
	exchange(b, BR_REPLY, &tr);
	if (tr.data_size != reply_size)
		errx(1, "a reply of %llu bytes, not %zu",
		     (unsigned long long)tr.data_size, reply_size);
	memcpy(reply, (void *)(unsigned long)tr.data.ptr.buffer, reply_size);
	binder_free(b, (void *)(unsigned long)tr.data.ptr.buffer);
}

/**
 * binder_wait() - wait for a message
 * @b: the device
 * @m: out: the message, ended by binder_free()
 */
void binder_wait(struct binder *b, struct message *m)
{
	struct binder_transaction_data tr;

	exchange(b, BR_TRANSACTION, &tr);
	m->code = tr.code;
	m->oneway = tr.flags & TF_ONE_WAY;
	m->data = (void *)(unsigned long)tr.data.ptr.buffer;
	m->size = tr.data_size;
}

/**
 * binder_reply() - answer the message at hand, with the next ioctl
 * @b: the device
 * @data: the bytes; have to stay until then
 * @size: how many
 */
void binder_reply(struct binder *b, const void *data, size_t size)
{
	put_message(b, BC_REPLY, 0, 0, data, size);
}

/**
 * binder_free() - give the buffer of a message back, with the next ioctl
 * @b: the device
 * @data: where its bytes are
 */
void binder_free(struct binder *b, const void *data)
{
	binder_uintptr_t buffer = (unsigned long)data;

	put_u32(b, BC_FREE_BUFFER);
	put(b, &buffer, sizeof(buffer));
}
