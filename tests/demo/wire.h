/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the sender and the receiver of the demonstration say to each other.
 *
 * The code of a message is an operation and a number. The bytes of a file
 * travel alone, so that a message is nothing but a piece of the file; the
 * number says where in the file it belongs, because a call may overtake what
 * was sent oneway before it.
 */
#ifndef TESTS_DEMO_WIRE_H
#define TESTS_DEMO_WIRE_H

#include <linux/types.h>

#include "kselftest.h"
#include "sha256.h"

enum op {
	OP_FILE,	/* a file of <number> bytes follows */
	OP_DATA,	/* bytes of it, from offset <number> */
	OP_KEEP,	/* the same, but keep the message */
	OP_CHECK,	/* do the messages that are kept still agree with the file? */
	OP_DROP,	/* give back the <number>th message that is kept */
	OP_DIGEST,	/* the digest of the file as it arrived */
	OP_QUIT,
};

#define OP_SHIFT	28
#define NUMBER_MASK	((1U << OP_SHIFT) - 1)

static inline __u32 wire_code(enum op op, __u32 number)
{
	return (__u32)op << OP_SHIFT | number;
}

/* The reply to every call but OP_DIGEST. */
struct ack {
	__u64 bytes;		/* of the file that have arrived */
	__u64 good;		/* OP_CHECK: messages that agree with the file */
};

struct digest {
	__u8 sha256[SHA256_SIZE];
};

#define KEEP_MAX	8
#define REGION_SIZE	(4UL << 20)
#define SMALL_REGION	(64UL << 10)	/* the sender's, for the replies */
#define DEVICE		"/dev/binder"

__noreturn void receive(int ready_fd);

#endif
