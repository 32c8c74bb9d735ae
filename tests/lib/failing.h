/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Allocations and copies that fail, by the kernel's fault injection: of whatever
 * a thread does, or of a command of a client. The first, the second and so on,
 * until none is left to fail.
 */
#ifndef TESTS_LIB_FAILING_H
#define TESTS_LIB_FAILING_H

#include "binder_client.h"

/**
 * struct failing - a command of which the nth allocation or copy fails
 * @c: who writes it
 * @n: which, from 1 on
 * @ret: of the ioctl
 * @failed: it came to that
 */
struct failing {
	struct client *c;
	unsigned int n;
	long ret;
	bool failed;
};

bool failing_init(void);
/* Of the calling thread */
int fail_nth_open(void);
void fail_nth(int fd, unsigned int n);
bool fail_nth_end(int fd);
struct failing bc_failing(struct client *c, unsigned int n, u32 cmd,
			  const struct msg *m);

#endif /* TESTS_LIB_FAILING_H */
