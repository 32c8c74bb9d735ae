// SPDX-License-Identifier: GPL-2.0
/*
 * Reads failed_transaction_log and says it in words. A line is
 *
 *	7: call  from 5:5 to 3:0 context binder node 2 handle 1 size 4:0
 *	ret 29201/-14 l=3
 *
 * and may have more behind that.
 */
#include <string.h>

#include "info.h"

struct failure {
	unsigned int id;
	char kind[8];
	pid_t from_pid;
	pid_t from_tid;
	pid_t to_pid;
	pid_t to_tid;
	char context[256];
	int handle;
	int size;
	unsigned int cmd;
	int err;
};

/* What is behind the name of the device, which may have anything in it. */
static const char *behind_context(const char *line)
{
	const char *last = NULL, *at = line;

	while ((at = strstr(at, " node ")))
		last = at++;
	return last;
}

static bool read_failure(const char *line, struct failure *f)
{
	const char *rest = behind_context(line);
	int begin = 0;

	if (sscanf(line, "%u: %7s from %d:%d to %d:%d context %n", &f->id,
		   f->kind, &f->from_pid, &f->from_tid, &f->to_pid, &f->to_tid,
		   &begin) != 6 || !begin || !rest || rest < line + begin)
		return false;
	snprintf(f->context, sizeof(f->context), "%.*s",
		 (int)(rest - line - begin), line + begin);
	return sscanf(rest, " node %*u handle %d size %d:%*d ret %u/%d",
		      &f->handle, &f->size, &f->cmd, &f->err) == 4;
}

static void show_one(const struct failure *f)
{
	bool reply = !strcmp(f->kind, "reply");
	const char *words = failure_words(f->cmd, f->err,
					  !reply && !f->handle, reply);
	const char *error = errno_name(f->err);

	printf("  #%u %s of %d bytes, %s on %s", f->id,
	       strcmp(f->kind, "async") ? f->kind : "oneway", f->size,
	       task_name(f->from_pid, f->from_tid), f->context);
	if (!reply)
		printf(", to handle %d", f->handle);
	if (f->to_pid)
		printf(", to %s", task_name(f->to_pid, f->to_tid));
	printf("\n    %s%s%s%s%s\n", br_name(f->cmd), *error ? " " : "", error,
	       *words ? ": " : "", words);
}

/**
 * show_failures() - the last messages that could not be sent
 * @logs: the folder of the logs
 * @pid: the only process to look at, as sender or receiver; 0: all
 */
void show_failures(const char *logs, pid_t pid)
{
	FILE *file = fopen(format("%s/failed_transaction_log", logs), "re");
	struct failure f;
	char line[1024];
	size_t n = 0;

	if (!file)
		fail("%s/failed_transaction_log: %m", logs);
	printf("the last failures, oldest first\n");
	while (fgets(line, sizeof(line), file)) {
		if (!read_failure(line, &f))
			printf("  (not understood) %s", line);
		else if (!pid || f.from_pid == pid || f.to_pid == pid)
			show_one(&f);
		else
			continue;
		n++;
	}
	if (!n)
		printf("  none\n");
	fclose(file);
}
