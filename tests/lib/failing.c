// SPDX-License-Identifier: GPL-2.0
/*
 * Fault injection for one command of one client, see failing.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "failing.h"
#include "system.h"

#define FAIL	"/sys/kernel/debug/"
#define FAIL_NTH "/proc/thread-self/fail-nth"

/**
 * failing_init() - have all kinds of allocations fail when asked to, silently
 *
 * Return: false if the kernel has no fault injection.
 */
bool failing_init(void)
{
	system_init();
	if (access(FAIL_NTH, W_OK))
		return false;
	write_file(FAIL "failslab/verbose", "0");
	write_file(FAIL "failslab/ignore-gfp-wait", "N");
	write_file(FAIL "fail_page_alloc/verbose", "0");
	write_file(FAIL "fail_page_alloc/ignore-gfp-wait", "N");
	write_file(FAIL "fail_usercopy/verbose", "0");
	return true;
}

/**
 * fail_nth_open() - for fail_nth() of the calling thread
 *
 * Return: a descriptor, or -1.
 */
int fail_nth_open(void)
{
	return open(FAIL_NTH, O_RDWR | O_CLOEXEC);
}

/**
 * fail_nth() - from now on, something fails
 * @fd: of fail_nth_open()
 * @n: the nth allocation or copy of the thread; 0 for none
 */
void fail_nth(int fd, unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	/* This copies as well: if it is what fails, it does not a second time. */
	if (pwrite(fd, text, len, 0) != len && pwrite(fd, text, len, 0) != len)
		test_abort("fail-nth: %m");
}

/**
 * fail_nth_end() - nothing fails any more
 * @fd: of fail_nth_open()
 *
 * Return: true if it came to the failure. Not if asking for it is what fails.
 */
bool fail_nth_end(int fd)
{
	char text[16] = "";
	bool failed = pread(fd, text, sizeof(text) - 1, 0) > 0 &&
		      !strtoul(text, NULL, 10);

	fail_nth(fd, 0);
	return failed;
}

static long write_failing(struct actor *a, void *arg)
{
	struct failing *f = arg;
	int fd = fail_nth_open();

	if (fd < 0)
		return -errno;
	fail_nth(fd, f->n);
	f->ret = ioctl(f->c->f->fd, BINDER_WRITE_READ, &f->c->bwr) ? -errno : 0;
	f->failed = fail_nth_end(fd);
	close(fd);
	return 0;
}

/**
 * bc_failing() - write a command of which something fails
 * @c: who writes it
 * @n: what: its nth allocation or copy, from 1 on
 * @cmd: BC_TRANSACTION or BC_REPLY
 * @m: what is sent
 *
 * Return: what came of it.
 */
struct failing bc_failing(struct client *c, unsigned int n, u32 cmd,
			  const struct msg *m)
{
	struct failing *f = stage_scratch(sizeof(*f));
	struct wbuf *w = wb(c);
	long ret;

	w_msg(w, cmd, m);
	c->bwr = (struct binder_write_read) {
		.write_buffer = (binder_uintptr_t)w->p,
		.write_size = w->len,
	};
	*f = (struct failing) { .c = c, .n = n };
	ret = actor_call(c->a, write_failing, f);
	if (ret)
		test_abort("fail-nth: %s", errno_name(ret));
	return *f;
}
