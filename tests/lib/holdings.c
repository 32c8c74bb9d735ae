// SPDX-License-Identifier: GPL-2.0
/*
 * What clients hold, and messages with objects that are refused or not.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "holdings.h"

#define MAX_FDS 1024

/* Which descriptors are open: @open[fd] for each. Return: how many. */
static size_t list_fds(struct client *c, bool open[MAX_FDS])
{
	struct dirent *e;
	size_t n = 0;
	char path[64];
	DIR *dir;

	memset(open, 0, MAX_FDS * sizeof(*open));
	snprintf(path, sizeof(path), "/proc/%d/fd", c->a->pid);
	dir = opendir(path);
	if (!dir)
		test_abort("%s: %m", path);
	while ((e = readdir(dir))) {
		unsigned long fd;

		if (e->d_name[0] == '.')
			continue;
		fd = strtoul(e->d_name, NULL, 10);
		if (fd >= MAX_FDS)
			test_abort("%s has a descriptor %lu", c->a->name, fd);
		open[fd] = true;
		n++;
	}
	closedir(dir);
	return n;
}

/**
 * bc_fds() - count open descriptors
 * @c: the client whose process is meant
 *
 * Return: how many there are.
 */
size_t bc_fds(struct client *c)
{
	bool open[MAX_FDS];

	return list_fds(c, open);
}

/**
 * bc_free_fd() - the descriptor that is given out next
 * @c: the client whose process is meant
 *
 * Return: the lowest that is free.
 */
u32 bc_free_fd(struct client *c)
{
	bool open[MAX_FDS];
	u32 fd = 0;

	list_fds(c, open);
	while (fd < MAX_FDS && open[fd])
		fd++;
	return fd;
}

/**
 * bc_leave_fds() - limit descriptors with RLIMIT_NOFILE
 * @c: the client whose process is meant
 * @n: how many more it can get
 */
void bc_leave_fds(struct client *c, size_t n)
{
	struct rlimit limit = { .rlim_max = MAX_FDS };
	bool open[MAX_FDS];

	list_fds(c, open);
	while (n || open[limit.rlim_cur]) {
		n -= !open[limit.rlim_cur];
		if (++limit.rlim_cur == MAX_FDS)
			test_abort("%s has too few free descriptors",
				   c->a->name);
	}
	if (prlimit(c->a->pid, RLIMIT_NOFILE, &limit, NULL))
		test_abort("%s: RLIMIT_NOFILE: %m", c->a->name);
}

/**
 * bc_fd_name() - what a descriptor refers to
 * @c: the client whose process is meant
 * @fd: descriptor there
 *
 * Return: the text of its link in /proc, "none" if it is not open.
 */
const char *bc_fd_name(struct client *c, u32 fd)
{
	char *text = stage_scratch(128);
	char path[64];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/fd/%u", c->a->pid, fd);
	len = readlink(path, text, 127);
	if (len < 0)
		return "none";
	text[len] = 0;
	return text;
}

/**
 * bc_cloexec() - whether a descriptor is closed by exec
 * @c: the client
 * @fd: descriptor in its process, open
 *
 * Return: true if it is.
 */
bool bc_cloexec(struct client *c, u32 fd)
{
	long ret = bc_sys(c, fcntl, fd, F_GETFD);

	if (ret < 0)
		test_abort("%s: descriptor %u: %s", c->a->name, fd,
			   errno_name(ret));
	return ret & FD_CLOEXEC;
}

static void *staged_copy(const void *data, size_t len)
{
	return memcpy(stage_scratch(len ? len : 1), data, len);
}

static u32 must(struct client *c, const char *what, long ret)
{
	if (ret < 0)
		test_abort("%s: %s: %s", c->a->name, what, errno_name(ret));
	return ret;
}

/**
 * bc_memfd() - open a new file
 * @c: the client that opens it
 * @data: what it writes there
 * @len: bytes; the file's position is behind them
 *
 * Return: the descriptor.
 */
u32 bc_memfd(struct client *c, const void *data, size_t len)
{
	char *name = staged_copy("test", 5);
	u32 fd = must(c, "memfd_create",
		      bc_sys(c, memfd_create, (long)name, 0));

	must(c, "write", bc_sys(c, write, fd, (long)staged_copy(data, len),
				len));
	return fd;
}

/**
 * bc_fd_read() - read a file from its start, without moving its position
 * @c: the client
 * @fd: descriptor in its process
 * @len: most bytes to read
 *
 * Return: the bytes as text, or the name of the errno.
 */
const char *bc_fd_read(struct client *c, u32 fd, size_t len)
{
	char *text = stage_scratch(len + 1);
	long ret = bc_sys(c, pread64, fd, (long)text, len, 0);

	if (ret < 0)
		return errno_name(ret);
	text[ret] = 0;
	return text;
}

/**
 * bc_pipe() - make a pipe
 * @c: the client that has both ends
 *
 * Return: the pipe.
 */
struct fd_pipe bc_pipe(struct client *c)
{
	int *fd = stage_scratch(2 * sizeof(*fd));

	must(c, "pipe", bc_sys(c, pipe2, (long)fd, O_NONBLOCK | O_CLOEXEC));
	return (struct fd_pipe) { .c = c, .r = fd[0], .w = fd[1] };
}

/**
 * pipe_state() - read a byte, which tells about the write end
 * @p: the pipe
 *
 * Return: "held" if the write end is open or in flight, "EOF" if nobody has it
 * any more, "data" if there was a byte.
 */
const char *pipe_state(const struct fd_pipe *p)
{
	long ret = bc_sys(p->c, read, p->r, (long)stage_scratch(1), 1);

	if (ret == -EAGAIN)
		return "held";
	return must(p->c, "reading the pipe", ret) ? "data" : "EOF";
}

/**
 * pipe_await() - wait until nobody has the write end any more
 * @p: the pipe, empty
 *
 * Return: as pipe_state(), "held" if it took too long.
 */
const char *pipe_await(const struct fd_pipe *p)
{
	struct pollfd *fd = stage_scratch(sizeof(*fd));

	*fd = (struct pollfd) { .fd = p->r, .events = POLLIN };
	must(p->c, "poll",
	     bc_sys(p->c, poll, (long)fd, 1, ACTOR_PATIENCE_MS / 2));
	return pipe_state(p);
}

/**
 * bc_holdings() - what a client's process holds
 * @c: the client
 *
 * Return: the number of descriptors, and the nodes with what the client has
 * been told of them, as text.
 */
const char *bc_holdings(struct client *c)
{
	struct binder_node_debug_info *i = stage_scratch(sizeof(*i));
	char *text = stage_scratch(1024);
	size_t len = snprintf(text, 1024, "%zu fds", bc_fds(c));

	memset(i, 0, sizeof(*i));
	for (;;) {
		long ret = bc_ioctl(c, BINDER_GET_NODE_DEBUG_INFO, i);

		if (ret)
			test_abort("%s: BINDER_GET_NODE_DEBUG_INFO: %s",
				   c->a->name, errno_name(ret));
		if (!i->ptr || len > 1024 - 64)
			return text;
		len += snprintf(text + len, 1024 - len, ", %#llx: %s%s",
				i->ptr, i->has_strong_ref ? "s" : "",
				i->has_weak_ref ? "w" : "");
	}
}

/* Where the next small message goes: somewhere else if a buffer is left. */
static binder_uintptr_t next_place(struct client *s, struct client *c)
{
	binder_uintptr_t buffer = bc_deliver(s, c, .size = 8,
					     .data = "12345678");

	if (!buffer || bc_free(s, buffer))
		test_abort("no small message gets through: %s", c->ee_text);
	return buffer;
}

/**
 * bc_refused_msg() - send a message that is to be refused
 * @s: the context manager, idle
 * @c: a client of another process, idle
 * @m: what @c sends to @s
 *
 * Return: the extended error, for example "FR EINVAL", if @c read just the
 * error, @s got nothing, both processes hold what they held before, and no
 * memory of @s is lost; otherwise what was different.
 */
const char *bc_refused_msg(struct client *s, struct client *c,
			   const struct msg *m)
{
	binder_uintptr_t place = next_place(s, c);
	const char *held_c = bc_holdings(c);
	const char *held_s = bc_holdings(s);
	char *text = stage_scratch(256);
	const char *got;

	if (bc_msg(c, BC_TRANSACTION, m))
		return errno_name(c->br.ret);
	snprintf(text, 256, "%s", bc_ee(c));
	got = bc_read(c);
	if (strncmp(got, "NOOP ", 5) || strncmp(got + 5, text, strlen(got + 5)))
		snprintf(text, 256, "%s, but it read %.100s", c->ee_text, got);
	else if (strcmp(bc_read(s), "EAGAIN"))
		snprintf(text, 256, "%s, but %s read %.100s", c->ee_text,
			 s->a->name, s->read_text);
	else if (strcmp(held_c, bc_holdings(c)))
		snprintf(text, 256, "%s, but %s had %.60s and has %.60s",
			 c->ee_text, c->a->name, held_c, bc_holdings(c));
	else if (strcmp(held_s, bc_holdings(s)))
		snprintf(text, 256, "%s, but %s had %.60s and has %.60s",
			 c->ee_text, s->a->name, held_s, bc_holdings(s));
	else if (place != next_place(s, c))
		snprintf(text, 256, "%s, but its memory is lost", c->ee_text);
	return text;
}

/**
 * bc_sent_msg() - send a oneway that is to arrive
 * @s: the receiver, idle
 * @c: a client of another process, idle
 * @m: what @c sends
 *
 * The test fails if the message is refused. @c has not read what it gets.
 *
 * Return: the message; @s has not freed its buffer.
 */
struct binder_transaction_data bc_sent_msg(struct client *s, struct client *c,
					   const struct msg *m)
{
	struct msg oneway = *m;
	long ret;

	oneway.flags |= TF_ONE_WAY;
	ret = bc_msg(c, BC_TRANSACTION, &oneway);
	if (ret || strcmp(bc_ee(c), "OK 0"))
		test_abort("%s cannot send: %s, %s", c->a->name,
			   errno_name(ret), c->ee_text);
	return bc_take(s);
}
