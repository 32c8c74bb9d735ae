/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Commands of which an allocation or a copy fails, by the kernel's fault
 * injection: the first, the second and so on, until none is left to fail.
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
struct failing bc_failing(struct client *c, unsigned int n, u32 cmd,
			  const struct msg *m);

#endif /* TESTS_LIB_FAILING_H */
