/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sender's half: files that are sent in pieces, and what was sent so far.
 */
#ifndef TESTS_DEMO_SENDER_H
#define TESTS_DEMO_SENDER_H

#include "binder.h"
#include "wire.h"

/**
 * struct source - a file, mapped
 * @name: without the directories
 * @data: its bytes
 * @size: how many
 * @sent: bytes already sent, from the start
 */
struct source {
	const char *name;
	const __u8 *data;
	size_t size;
	size_t sent;
};

/**
 * struct sender - who sends, and the books that the driver's have to match
 * @b: the device
 * @calls: messages with a reply
 * @oneways: messages without
 * @copied: those of both that have data; the others leave nothing to copy
 * @expected: bytes of the file at hand that must have arrived
 */
struct sender {
	struct binder b;
	unsigned long calls;
	unsigned long oneways;
	unsigned long copied;
	__u64 expected;
};

/**
 * struct batch - messages of one size, and their time
 * @calls: messages with a reply
 * @oneways: messages without
 * @bytes: in all of them
 * @ns: from before the first to when all have arrived
 */
struct batch {
	unsigned long calls;
	unsigned long oneways;
	__u64 bytes;
	__u64 ns;
};

void source_open(struct source *src, const char *path);
void send_file(struct sender *s, struct source *src);
void send_batch(struct sender *s, struct source *src, size_t size,
		unsigned long count, struct batch *batch);
void send_keep(struct sender *s, const struct source *src, size_t at,
	       size_t size);
struct ack send_op(struct sender *s, enum op what, __u32 number);
void send_digest(struct sender *s, struct digest *d);
void send_quit(struct sender *s);

#endif
