// SPDX-License-Identifier: GPL-2.0
/*
 * Fault injection for one command of one client, see failing.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "failing.h"
#include "system.h"

#define FAIL	"/sys/kernel/debug/"

/**
 * failing_init() - have all kinds of allocations fail when asked to, silently
 *
 * Return: false if the kernel has no fault injection.
 */
bool failing_init(void)
{
	system_init();
	if (access("/proc/thread-self/fail-nth", W_OK))
		return false;
	write_file(FAIL "failslab/verbose", "0");
	write_file(FAIL "failslab/ignore-gfp-wait", "N");
	write_file(FAIL "fail_page_alloc/verbose", "0");
	write_file(FAIL "fail_page_alloc/ignore-gfp-wait", "N");
	write_file(FAIL "fail_usercopy/verbose", "0");
	return true;
}

/* What is written may be what fails: then once more. */
static void set_fail_nth(int fd, unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fd, text, len, 0) != len && pwrite(fd, text, len, 0) != len)
		test_abort("fail-nth: %m");
}

static long write_failing(struct actor *a, void *arg)
{
	struct failing *f = arg;
	int fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	char text[16] = "";

	if (fd < 0)
		return -errno;
	set_fail_nth(fd, f->n);
	f->ret = ioctl(f->c->f->fd, BINDER_WRITE_READ, &f->c->bwr) ? -errno : 0;
	f->failed = pread(fd, text, sizeof(text) - 1, 0) > 0 && *text == '0';
	set_fail_nth(fd, 0);
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
