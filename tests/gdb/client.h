/* SPDX-License-Identifier: GPL-2.0 */
/* What the scenes of guest.c are made of; see client.c. */
#ifndef GDB_CLIENT_H
#define GDB_CLIENT_H

#include <stddef.h>
#include <sys/types.h>

#include <linux/types.h>

#define PAGE	4096
#define REGION	(1 << 20)
#define THREE_PAGES (3 * PAGE)
#define __packed	__attribute__((packed))

void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void name_process(const char *name);
void at_stage(const char *stage);
int client(const char *device);
void write_read(int fd, const void *out, size_t out_len, void *in,
		size_t in_len, size_t *got);
int manager(const char *device);
void send_message(int fd, __u32 cmd, __u32 flags, const void *data, size_t len);
const void *receive(int fd);
void free_message(int fd, const void *buffer);
void call(int fd, const void *data, size_t len);
void ready(void);
pid_t start(void (*fn)(void), const char *name);
void await_sleep(pid_t pid);
void print_file(const char *title, const char *path);
void print_of(pid_t pid, const char *file);
void print_maps(pid_t pid);

#endif
