// SPDX-License-Identifier: GPL-2.0
/*
 * The driver's log files; docs/spec/70-binderfs.md describes their format.
 *
 * The files belong to one moment only in part: the driver takes its locks anew
 * for each process. A test therefore reads them while its clients are idle.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "logs.h"
#include "system.h"

/* Where a kernel without binderfs has the files, and one with it. */
static const char * const log_dirs[] = {
	"/sys/kernel/debug/binder",
	"/dev/binderfs/binder_logs",
};

struct log {
	FILE *f;
	pid_t pid;
	bool mine;	/* inside what the file has about @pid */
	char line[1024];
};

static void log_open(struct log *l, struct client *c, const char *name)
{
	char path[128];
	size_t i;

	system_init();
	*l = (struct log) { .pid = c->a->pid };
	for (i = 0; !l->f && i < ARRAY_SIZE(log_dirs); i++) {
		snprintf(path, sizeof(path), "%s/%s", log_dirs[i], name);
		l->f = fopen(path, "re");
	}
	if (!l->f)
		test_abort("the driver has no log file %s: %m", name);
}

/*
 * The next line about the client's process, without its newline. What is
 * before the first process is about none.
 */
static bool log_next(struct log *l)
{
	while (fgets(l->line, sizeof(l->line), l->f)) {
		int pid;

		l->line[strcspn(l->line, "\n")] = 0;
		if (sscanf(l->line, "proc %d", &pid) == 1)
			l->mine = pid == l->pid;
		else if (l->mine)
			return true;
	}
	return false;
}

static const char *log_close(struct log *l, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = stage_scratch(size);

	memcpy(copy, text, size);
	fclose(l->f);
	return copy;
}

/**
 * log_thread() - flags of a client's thread record
 * @c: the client
 *
 * Return: for example "l 02", as the hexadecimal number the driver shows, or
 * "none" if the driver does not know the thread.
 */
const char *log_thread(struct client *c)
{
	char text[16] = "none";
	unsigned int flags;
	struct log l;
	int tid;

	log_open(&l, c, "state");
	while (log_next(&l)) {
		if (sscanf(l.line, "  thread %d: l %x", &tid, &flags) != 2 ||
		    tid != c->a->tid)
			continue;
		snprintf(text, sizeof(text), "l %02x", flags);
		break;
	}
	return log_close(&l, text);
}

/**
 * log_node() - counts of a node
 * @c: a client of the process that owns it
 * @ptr: by which the owner knows it
 *
 * Return: for example "hs 1 hw 1 ls 0 lw 0 is 1 iw 1".
 */
const char *log_node(struct client *c, binder_uintptr_t ptr)
{
	int id, hs, hw, ls, lw, is, iw;
	unsigned long long p, cookie;
	char text[96] = "none";
	struct log l;

	log_open(&l, c, "state");
	while (log_next(&l)) {
		if (sscanf(l.line, "  node %d: u%llx c%llx hs %d hw %d ls %d lw %d is %d iw %d",
			   &id, &p, &cookie, &hs, &hw, &ls, &lw, &is,
			   &iw) != 9 || p != ptr)
			continue;
		snprintf(text, sizeof(text),
			 "hs %d hw %d ls %d lw %d is %d iw %d", hs, hw, ls, lw,
			 is, iw);
		break;
	}
	return log_close(&l, text);
}

/**
 * log_ref() - counts of a handle
 * @c: a client of the process that holds it
 * @handle: the handle
 *
 * Return: for example "s 1 w 0", or "dead s 1 w 0" if the node is dead.
 */
const char *log_ref(struct client *c, u32 handle)
{
	int id, desc, node, strong, weak, pos;
	char text[64] = "none";
	struct log l;

	log_open(&l, c, "state");
	while (log_next(&l)) {
		bool dead;

		if (sscanf(l.line, "  ref %d: desc %d %n", &id, &desc,
			   &pos) != 2 || (u32)desc != handle)
			continue;
		dead = !strncmp(l.line + pos, "dead ", 5);
		if (sscanf(l.line + pos + (dead ? 5 : 0), "node %d s %d w %d",
			   &node, &strong, &weak) != 3)
			test_abort("cannot read the log line: %s", l.line);
		snprintf(text, sizeof(text), "%ss %d w %d", dead ? "dead " : "",
			 strong, weak);
		break;
	}
	return log_close(&l, text);
}

/**
 * log_todo() - what waits on the process todo, and what was delivered from it
 * and not acknowledged
 * @c: a client of the process
 *
 * Return: the lines, separated by semicolons, for example
 * "has dead binder; has delivered freeze binder". Transactions are left out.
 */
const char *log_todo(struct client *c)
{
	char text[512] = "";
	struct log l;

	log_open(&l, c, "state");
	while (log_next(&l)) {
		size_t len = strlen(text);

		if (strncmp(l.line, "  has ", 6))
			continue;
		snprintf(text + len, sizeof(text) - len, "%s%s",
			 len ? "; " : "", l.line + 2);
	}
	return log_close(&l, *text ? text : "none");
}

/**
 * log_stat() - a line of the statistics of a process
 * @c: a client of the process
 * @name: what comes before the colon, for example "requested threads"
 *
 * Return: what comes behind it.
 */
const char *log_stat(struct client *c, const char *name)
{
	const char *text = "none";
	size_t len = strlen(name);
	struct log l;

	log_open(&l, c, "stats");
	while (log_next(&l)) {
		if (strncmp(l.line, "  ", 2) ||
		    strncmp(l.line + 2, name, len) || l.line[2 + len] != ':')
			continue;
		text = l.line + 2 + len + 1;
		text += strspn(text, " ");
		break;
	}
	return log_close(&l, text);
}
