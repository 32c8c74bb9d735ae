/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Allocations and copies that fail, by the kernel's fault injection: of whatever
 * a thread does, or an actor, or of an ioctl or a command of a client. The first,
 * the second and so on, until none is left to fail.
 */
#ifndef TESTS_LIB_FAILING_H
#define TESTS_LIB_FAILING_H

#include "binder_client.h"

/**
 * struct failing - what came of something of which an allocation or copy fails
 * @ret: what it returned
 * @failed: it came to that
 */
struct failing {
	long ret;
	bool failed;
};

bool failing_init(void);
/* Of the calling thread */
int fail_nth_open(void);
void fail_nth(int fd, unsigned int n);
bool fail_nth_end(int fd);
bool fail_cache(const char *cache);
/* Of an actor, from 1 on */
struct failing actor_failing(struct actor *a, unsigned int n, actor_fn fn,
			     void *arg);
struct failing ioctl_failing(struct client *c, unsigned int n, unsigned int cmd,
			     void *arg);
struct failing write_failing(struct client *c, unsigned int n,
			     const struct wbuf *w);
struct failing bc_failing(struct client *c, unsigned int n, u32 cmd,
			  const struct msg *m);
bool bc_fail_cache(struct client *c, const char *cache);

#endif /* TESTS_LIB_FAILING_H */
