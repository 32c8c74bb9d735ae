// SPDX-License-Identifier: GPL-2.0
/*
 * Fault injection for what one actor does, see failing.h.
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
#define FAIL_ME	"/proc/thread-self/make-it-fail"

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

static void filter(const char *cache, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/failslab", cache);
	write_file(path, value);
}

/**
 * fail_cache() - have each allocation of the calling thread from a cache fail
 * @cache: which; NULL for none any more
 *
 * For what tries again when memory is short, as fail_nth() fails only once.
 *
 * Return: false if that cannot be had.
 */
bool fail_cache(const char *cache)
{
	static char now[64];

	if (cache && access("/sys/kernel/slab", X_OK))
		return false;
	/* Nobody fails while it changes: that needs memory, too. */
	write_file(FAIL_ME, "0");
	write_file(FAIL "failslab/task-filter", "Y");
	write_file(FAIL "failslab/times", "-1");
	write_file(FAIL "failslab/probability", cache ? "100" : "0");
	write_file(FAIL "failslab/cache-filter", cache ? "Y" : "N");
	if (now[0])
		filter(now, "0");
	snprintf(now, sizeof(now), "%s", cache ?: "");
	if (!cache)
		return true;
	filter(cache, "1");
	write_file(FAIL_ME, "1");
	return true;
}

struct attempt {
	unsigned int n;
	actor_fn fn;
	void *arg;
	struct failing f;
};

static long try(struct actor *a, void *arg)
{
	struct attempt *t = arg;
	int fd = fail_nth_open();

	if (fd < 0)
		return -errno;
	fail_nth(fd, t->n);
	t->f.ret = t->fn(a, t->arg);
	t->f.failed = fail_nth_end(fd);
	close(fd);
	return 0;
}

/**
 * actor_failing() - have an actor do something of which something fails
 * @a: the actor
 * @n: what: its nth allocation or copy, from 1 on
 * @fn: what it does
 * @arg: of @fn, on the stage
 *
 * Return: what came of it.
 */
struct failing actor_failing(struct actor *a, unsigned int n, actor_fn fn,
			     void *arg)
{
	struct attempt *t = stage_scratch(sizeof(*t));
	long ret;

	*t = (struct attempt) { .n = n, .fn = fn, .arg = arg };
	ret = actor_call(a, try, t);
	if (ret)
		test_abort("fail-nth: %s", errno_name(ret));
	return t->f;
}

struct ioctl_call {
	int fd;
	unsigned int cmd;
	void *arg;
};

static long call_ioctl(struct actor *a, void *arg)
{
	struct ioctl_call *i = arg;

	return ioctl(i->fd, i->cmd, i->arg) ? -errno : 0;
}

/**
 * ioctl_failing() - an ioctl of which something fails
 * @c: who does it
 * @n: as for actor_failing()
 * @cmd: which
 * @arg: its argument, on the stage
 *
 * Return: what came of it.
 */
struct failing ioctl_failing(struct client *c, unsigned int n, unsigned int cmd,
			     void *arg)
{
	struct ioctl_call *i = stage_scratch(sizeof(*i));

	*i = (struct ioctl_call) { c->f->fd, cmd, arg };
	return actor_failing(c->a, n, call_ioctl, i);
}

/**
 * write_failing() - write commands of which something fails
 * @c: who writes them
 * @n: as for actor_failing()
 * @w: the commands
 *
 * Return: what came of it.
 */
struct failing write_failing(struct client *c, unsigned int n,
			     const struct wbuf *w)
{
	c->bwr = (struct binder_write_read) {
		.write_buffer = (binder_uintptr_t)w->p,
		.write_size = w->len,
	};
	return ioctl_failing(c, n, BINDER_WRITE_READ, &c->bwr);
}

static long do_fail_cache(struct actor *a, void *cache)
{
	return fail_cache(cache);
}

/**
 * bc_fail_cache() - fail_cache() for the thread of a client
 * @c: the client
 * @cache: which, NULL for none any more
 *
 * Return: false if that cannot be had.
 */
bool bc_fail_cache(struct client *c, const char *cache)
{
	char *name = NULL;

	if (cache) {
		name = stage_scratch(64);
		snprintf(name, 64, "%s", cache);
	}
	return actor_call(c->a, do_fail_cache, name);
}

/**
 * bc_failing() - write a message of which something fails
 * @c: who writes it
 * @n: as for actor_failing()
 * @cmd: BC_TRANSACTION or BC_REPLY
 * @m: what is sent
 *
 * Return: what came of it.
 */
struct failing bc_failing(struct client *c, unsigned int n, u32 cmd,
			  const struct msg *m)
{
	struct wbuf *w = wb(c);

	w_msg(w, cmd, m);
	return write_failing(c, n, w);
}
