// SPDX-License-Identifier: GPL-2.0
/*
 * Runs commands, see command.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "command.h"

static void run(uid_t uid, const char *line, int out)
{
	if (setresgid(uid, uid, uid) || setresuid(uid, uid, uid))
		_exit(126);
	dup2(out, 1);
	dup2(out, 2);
	execl("/bin/sh", "sh", "-c", line, NULL);
	_exit(127);
}

/**
 * command_as() - run a command of the shell and wait for its end
 * @uid: as this user and group
 * @line: the command
 *
 * Return: what it said.
 */
struct said command_as(uid_t uid, const char *line)
{
	struct said said = {};
	int fds[2], status;
	size_t len;
	FILE *in, *mem;
	pid_t pid;
	int c;

	if (pipe(fds))
		test_abort("pipe: %m");
	pid = fork();
	if (!pid)
		run(uid, line, fds[1]);
	close(fds[1]);
	in = fdopen(fds[0], "r");
	mem = open_memstream(&said.text, &len);
	if (pid < 0 || !in || !mem)
		test_abort("cannot run a command: %m");
	while ((c = getc(in)) != EOF)
		putc(c, mem);
	fclose(in);
	fclose(mem);
	if (waitpid(pid, &status, 0) != pid)
		test_abort("waitpid: %m");
	said.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
					    WEXITSTATUS(status);
	return said;
}
