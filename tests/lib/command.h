/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Commands of a shell: what they say, and how they end.
 */
#ifndef TESTS_LIB_COMMAND_H
#define TESTS_LIB_COMMAND_H

#include <sys/types.h>

/**
 * struct said - how a command ended
 * @status: its exit status, 128 + signal
 * @text: what it said, on stdout and stderr; never given back
 */
struct said {
	int status;
	char *text;
};

struct said command_as(uid_t uid, const char *line);

/* As who the test is. */
#define command(line)	command_as(geteuid(), line)

#endif /* TESTS_LIB_COMMAND_H */
