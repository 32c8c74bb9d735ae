// SPDX-License-Identifier: GPL-2.0
/*
 * The driver's log files as text that is the same in each run.
 *
 * What a word means is told by the one before it; blanks are kept as they are.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "logs.h"
#include "system.h"
#include "text.h"

#define LOG_DIR		"/sys/kernel/debug/binder"

/* Is the word a number, and @end behind it? */
static bool number(const char *word, const char *end, unsigned long *n)
{
	char *rest;

	if (!isdigit(*word))
		return false;
	*n = strtoul(word, &rest, 10);
	return !strcmp(rest, end);
}

static bool is_pointer(const char *word)
{
	return !strncmp(word, "(__", 3) ||
	       (strlen(word) == 2 * sizeof(void *) &&
		strspn(word, "0123456789abcdef") == strlen(word));
}

static void put_word(struct text *t, const char *word, const char *before,
		     bool of_node, bool pids)
{
	unsigned long n, tid;
	bool after_id = number(before, ":", &n);
	char rest;

	if (number(word, ":", &n) && !strcmp(before, "thread")) {
		text_put_task(t, n);
		text_put(t, ":");
	} else if (number(word, ":", &n)) {
		text_put_id(t, n);
		text_put(t, ":");
	} else if (number(word, "", &n) && !strcmp(before, "node")) {
		text_put_id(t, n);
	} else if (number(word, "", &n) && pids) {
		text_put_task(t, n);
	} else if ((!strcmp(before, "from") || !strcmp(before, "to")) &&
		   sscanf(word, "%lu:%lu%c", &n, &tid, &rest) == 2) {
		text_put_task(t, n);
		text_put(t, ":");
		text_put_task(t, tid);
	} else if (after_id && is_pointer(word)) {
		text_put(t, "PTR");
	} else if (!strcmp(before, "d") && is_pointer(word)) {
		text_put(t, "%s", word[strspn(word, "0")] ? "PTR" : "0");
	} else if (!strcmp(before, "elapsed") && number(word, "ms", &n)) {
		text_put(t, "Nms");
	} else if (!strcmp(before, "tr") && of_node) {
		text_put(t, "N");
	} else if (!strncmp(word, "l=", 2) && number(word + 2, "", &n)) {
		text_put(t, n ? "l=N" : "l=0");
	} else {
		text_put(t, "%s", word);
	}
}

static void put_line(struct text *t, char *line)
{
	bool of_node = !strncmp(line, "  node ", 7), pids = false;
	const char *before = "";

	while (*line) {
		size_t blanks = strspn(line, " \n");
		size_t len = strcspn(line + blanks, " \n");
		char after = line[blanks + len];

		text_put(t, "%.*s", (int)blanks, line);
		line[blanks + len] = 0;
		put_word(t, line + blanks, before, of_node, pids);
		before = line + blanks;
		/* Only process ids follow, up to the end of the line. */
		pids |= !strcmp(before, "proc");
		line += blanks + len;
		if (after) {
			text_put(t, "%c", after);
			line++;
		}
	}
}

static FILE *file_open(const char *path)
{
	FILE *f;

	system_init();
	f = fopen(path, "re");
	if (!f)
		test_abort("%s: %m", path);
	return f;
}

/**
 * log_path() - where a log file is
 * @name: for example "state" or "proc/12"
 *
 * Return: its path in debugfs, on the stage.
 */
const char *log_path(const char *name)
{
	char *path = stage_scratch(256);

	system_init();
	snprintf(path, 256, "%s/%s", LOG_DIR, name);
	return path;
}

/**
 * log_text() - a whole log file
 * @path: of the file
 *
 * Return: the text, on the stage.
 */
const char *log_text(const char *path)
{
	struct text *t = text_new();
	FILE *f = file_open(path);
	char line[1024];

	while (fgets(line, sizeof(line), f))
		put_line(t, line);
	fclose(f);
	return text_end(t);
}

/**
 * log_about() - what a log file has about a client's process
 * @c: the client
 * @name: of the file: state, stats or transactions
 *
 * Return: the text on the stage, from the line "proc" on; empty if there is
 * nothing. Several open files of the process follow each other.
 */
const char *log_about(struct client *c, const char *name)
{
	FILE *f = file_open(log_path(name));
	struct text *t = text_new();
	bool mine = false;
	char line[1024];
	int pid;

	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "proc %d", &pid) == 1)
			mine = pid == c->a->pid;
		if (mine)
			put_line(t, line);
	}
	fclose(f);
	return text_end(t);
}

/**
 * log_attempts() - what a client's process has tried to send
 * @c: the client
 * @name: of the file: transaction_log or failed_transaction_log
 *
 * Return: the lines on the stage, oldest first.
 */
const char *log_attempts(struct client *c, const char *name)
{
	FILE *f = file_open(log_path(name));
	struct text *t = text_new();
	char line[1024];
	int pid;

	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*u: %*s from %d:", &pid) != 1)
			test_abort("%s has a line: %s", name, line);
		if (pid == c->a->pid)
			put_line(t, line);
	}
	fclose(f);
	return text_end(t);
}
