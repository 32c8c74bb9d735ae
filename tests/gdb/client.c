// SPDX-License-Identifier: GPL-2.0
/*
 * What the scenes of guest.c are made of: processes that use Binder by its ioctl
 * alone, and say what they do.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <err.h>
#include <fcntl.h>
#include <linux/android/binder.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "client.h"

static char page_buf[16 * PAGE];

/* Say a line at once: nothing may be left for later, or be said twice. */
void say(const char *fmt, ...)
{
	char line[256];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (write(STDOUT_FILENO, line, n) != n)
		_exit(1);
}

void name_process(const char *name)
{
	prctl(PR_SET_NAME, name);
}

void at_stage(const char *stage)
{
	char before[16], now[16];

	prctl(PR_GET_NAME, before);
	snprintf(now, sizeof(now), "@%s", stage);
	prctl(PR_SET_NAME, now);
	prctl(PR_SET_NAME, before);
}

/* Clients: an open device with a mapping. */

int client(const char *device)
{
	int fd = open(device, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", device);
	if (mmap(NULL, REGION, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED)
		err(1, "mmap");
	return fd;
}

void write_read(int fd, const void *out, size_t out_len, void *in,
		size_t in_len, size_t *got)
{
	struct binder_write_read bwr = {
		.write_size = out_len,
		.write_buffer = (binder_uintptr_t)out,
		.read_size = in_len,
		.read_buffer = (binder_uintptr_t)in,
	};

	if (ioctl(fd, BINDER_WRITE_READ, &bwr))
		err(1, "BINDER_WRITE_READ");
	if (got)
		*got = bwr.read_consumed;
}

int manager(const char *device)
{
	struct { __u32 cmd; } __packed enter = { BC_ENTER_LOOPER };
	int fd = client(device);

	if (ioctl(fd, BINDER_SET_CONTEXT_MGR, 0))
		err(1, "BINDER_SET_CONTEXT_MGR");
	write_read(fd, &enter, sizeof(enter), NULL, 0, NULL);
	return fd;
}

void send_message(int fd, __u32 cmd, __u32 flags, const void *data,
		  size_t len)
{
	struct {
		__u32 cmd;
		struct binder_transaction_data tr;
	} __packed out = {
		.cmd = cmd,
		.tr = {
			.code = 7,
			.flags = flags,
			.data_size = len,
			.data.ptr.buffer = (binder_uintptr_t)data,
		},
	};

	write_read(fd, &out, sizeof(out), NULL, 0, NULL);
}

/* Read until a message has come, and return where it is. */
const void *receive(int fd)
{
	char in[512];
	size_t got, at, size;

	for (;;) {
		write_read(fd, NULL, 0, in, sizeof(in), &got);
		for (at = 0; at + 4 <= got; at += size) {
			struct binder_transaction_data tr;
			__u32 cmd;

			memcpy(&cmd, in + at, sizeof(cmd));
			at += sizeof(cmd);
			size = _IOC_SIZE(cmd);
			if (cmd == BR_TRANSACTION || cmd == BR_REPLY) {
				memcpy(&tr, in + at, sizeof(tr));
				return (const void *)tr.data.ptr.buffer;
			}
			if (cmd == BR_FAILED_REPLY || cmd == BR_DEAD_REPLY)
				errx(1, "the message failed");
		}
	}
}

void free_message(int fd, const void *buffer)
{
	struct {
		__u32 cmd;
		binder_uintptr_t buffer;
	} __packed out = { BC_FREE_BUFFER, (binder_uintptr_t)buffer };

	write_read(fd, &out, sizeof(out), NULL, 0, NULL);
}

void call(int fd, const void *data, size_t len)
{
	send_message(fd, BC_TRANSACTION, 0, data, len);
	free_message(fd, receive(fd));
}

/* Start a process; it says when it is ready, and this returns then. */
static int ready_pipe[2];

void ready(void)
{
	if (write(ready_pipe[1], "r", 1) != 1)
		err(1, "ready");
}

pid_t start(void (*fn)(void), const char *name)
{
	pid_t pid;
	char c;

	if (pipe(ready_pipe))
		err(1, "pipe");
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ready_pipe[0]);
		name_process(name);
		fn();
		_exit(0);
	}
	close(ready_pipe[1]);
	if (read(ready_pipe[0], &c, 1) != 1)
		errx(1, "%s did not start", name);
	close(ready_pipe[0]);
	return pid;
}

/* Wait until a process sleeps in the driver. */
void await_sleep(pid_t pid)
{
	char path[64], buf[512], *p;
	int fd, n;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	do {
		usleep(1000);
		fd = open(path, O_RDONLY);
		n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);
		close(fd);
		if (n <= 0)
			err(1, "%s", path);
		buf[n] = 0;
		p = strrchr(buf, ')');
	} while (!p || p[2] != 'S');
}

void print_file(const char *title, const char *path)
{
	int fd = open(path, O_RDONLY), n;

	if (fd < 0)
		err(1, "%s", path);
	say("%s\n", title);
	while ((n = read(fd, page_buf, sizeof(page_buf))) > 0)
		if (write(STDOUT_FILENO, page_buf, n) != n)
			_exit(1);
	close(fd);
	say("%.*s END\n", (int)strcspn(title, " "), title);
}

/* print_of(PID, "maps"): a file of /proc/PID, after a line MAPS PID */
void print_of(pid_t pid, const char *file)
{
	char path[64], title[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	snprintf(title, sizeof(title), "%s %d", file, pid);
	for (char *p = title; *p && *p != ' '; p++)
		*p = toupper(*p);
	print_file(title, path);
}

void print_maps(pid_t pid)
{
	print_of(pid, "maps");
	print_of(pid, "smaps");
}
