/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TESTS_INITRD_INIT_H
#define TESTS_INITRD_INIT_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

/*
 * Exit statuses as the shell has them: what a program returned, 128 + signal
 * when a signal ended it, and two for what init itself could not do.
 */
#define STATUS_CANNOT	125
#define STATUS_TIMEOUT	124

/* init.c */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void die(const char *what) __attribute__((noreturn));
int open_line(const char *tty, int flags);
int exit_status(int wait_status);
unsigned int env_seconds(const char *name, unsigned int otherwise);
int wait_for(pid_t pid);
int spawn_and_wait(char *const argv[]);

/* suites.c */
int run_suites(void);

/* checks.c: what must be true again after a program has run */
struct leftovers {
	int mounts;
};

void note_leftovers(struct leftovers *l);
const char *check_leftovers(const struct leftovers *before);
bool kmemleak_is_on(void);
void kmemleak_clear(void);
int kmemleak_scan(void);

/* host.c */
int run_host_program(void);

#endif /* TESTS_INITRD_INIT_H */
