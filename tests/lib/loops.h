/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Clients and servers that run by themselves for a while, for tests in which
 * several things happen at once. Every message carries what it takes to check
 * it, and the reply is checked against the message.
 */
#ifndef TESTS_LIB_LOOPS_H
#define TESTS_LIB_LOOPS_H

#include "binder_client.h"

/* How a loop ended. */
enum loop_end {
	LOOP_DONE,	/* all calls made, or told to end */
	LOOP_DEAD,	/* the other side died */
	LOOP_TROUBLE,	/* see .trouble */
};

/**
 * struct server_loop - a thread that answers calls until it is told to end
 * @c: the thread
 * @served: messages so far
 * @trouble: what was wrong, if anything
 */
struct server_loop {
	struct client *c;
	unsigned int served;
	char trouble[160];
};

/**
 * struct caller_loop - a thread that makes calls, and some oneways
 * @c: the thread
 * @count: how many
 * @max_size: of a message, in bytes
 * @seed: of the sizes and contents
 * @made: calls so far
 * @trouble: what was wrong, if anything
 */
struct caller_loop {
	struct client *c;
	unsigned int count;
	size_t max_size;
	unsigned int seed;
	unsigned int made;
	char trouble[160];
};

struct server_loop *serve_begin(struct client *c);
struct caller_loop *call_begin(struct client *c, unsigned int count,
			       size_t max_size, unsigned int seed);
enum loop_end loop_end(struct client *c);
void serve_quit(struct client *caller);

#endif /* TESTS_LIB_LOOPS_H */
