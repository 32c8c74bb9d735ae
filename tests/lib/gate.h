/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A gate: memory of a sender that holds up whoever reads it until told.
 *
 * The pages behind the gate are missing and watched with userfaultfd. A driver
 * that copies a message from there stops at the first of them, in the middle of
 * the ioctl, for as long as the test wants, and meanwhile the test can do to
 * the receiver what it likes. No timing is involved.
 */
#ifndef TESTS_LIB_GATE_H
#define TESTS_LIB_GATE_H

#include "binder_client.h"

/**
 * struct gate - memory with a gate in it
 * @c: the sender
 * @keeper: another thread of its process, which opens the gate
 * @mem: the memory, in the sender's process
 * @size: its length in bytes
 * @first: index of the first page behind the gate
 * @seed: the content is fill_pattern() of this, unless there is a
 * @content: what is in the memory behind the gate; @size bytes on the stage
 * @uffd: the userfaultfd, there
 */
struct gate {
	struct client *c;
	struct actor *keeper;
	u8 *mem;
	size_t size;
	size_t first;
	u64 seed;
	const u8 *content;
	long uffd;
};

struct gate *gate_new(struct client *c, size_t size, size_t first, u64 seed);
size_t gate_await(struct gate *g);
void gate_open(struct gate *g);
void gate_break(struct gate *g);

#endif /* TESTS_LIB_GATE_H */
