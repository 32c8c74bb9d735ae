/* SPDX-License-Identifier: GPL-2.0 */
/*
 * binder-info: what is missing for Binder to work, and what its logs say.
 *
 * A program of its own: it shares nothing with the tests, and needs neither them
 * nor any library beside libc.
 */
#ifndef TESTS_TOOLS_INFO_H
#define TESTS_TOOLS_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* info.c: what all parts use */
__attribute__((noreturn, format(printf, 1, 2)))
void fail(const char *fmt, ...);
void *grow(void *v, size_t n, size_t size);
__attribute__((format(printf, 1, 2)))
char *format(const char *fmt, ...);

/* names.c: numbers in words */
const char *br_name(unsigned int cmd);
const char *errno_name(int err);
const char *code_name(unsigned int code);
const char *failure_words(unsigned int cmd, int err, bool to_manager,
			  bool reply);
const char *work_words(const char *work);
const char *task_name(pid_t pid, pid_t tid);
const char *duration(unsigned long ms);

/* places.c: where things are */
struct places {
	char **mounts;		/* of the file system type "binder" */
	size_t nr_mounts;
	const char *logs;	/* folder of the logs, NULL if there is none */
	bool logs_denied;	/* there is one, for others */
};

struct places find_places(void);
bool has_line(const char *path, const char *word);

/* probe.c: a device is asked, and nobody notices */
enum manager {
	MANAGER_NONE,
	MANAGER_THERE,
	MANAGER_UNKNOWN,	/* errno says why */
};

enum manager probe_manager(int fd);

/* check.c and devices.c: is all there? */
enum verdict { V_OK, V_WARNING, V_MISSING };

__attribute__((format(printf, 3, 4)))
void finding(enum verdict verdict, const char *what, const char *fmt, ...);
void check_devices(const struct places *places, char *const *devices);
bool boot_device(const char *name, unsigned int *minor);
char **device_names(void);
int check(char *const *devices);

/* show.c and failures.c: the logs, in words */
int show_logs(const char *dir, pid_t pid);
void show_failures(const char *logs, pid_t pid);

#endif /* TESTS_TOOLS_INFO_H */
