// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's trace, as far as the driver's events are concerned, as text that
 * is the same in each run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "system.h"
#include "text.h"
#include "traces.h"

#define TRACING		"/sys/kernel/tracing"

static const char *event_file(const char *event, const char *name)
{
	char *path = stage_scratch(256);

	snprintf(path, 256, TRACING "/events/binder/%s%s%s", event,
		 *event ? "/" : "", name);
	return path;
}

/* The names of fields whose values are ids of the driver. */
static bool is_id(const char *name)
{
	static const char *const ids[] = {
		"transaction", "node", "dest_node", "src_ref", "dest_ref",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		if (!strcmp(ids[i], name))
			return true;
	}
	return false;
}

static bool is_task(const char *name)
{
	return !strcmp(name, "proc") || !strcmp(name, "dest_proc") ||
	       !strcmp(name, "dest_thread");
}

static void put_word(struct text *t, const char *word)
{
	unsigned long pid, tid;
	const char *value = strchr(word, '=');
	char name[32], rest;

	if (sscanf(word, "%lu:%lu%c", &pid, &tid, &rest) == 2) {
		text_put_task(t, pid);
		text_put(t, ":");
		text_put_task(t, tid);
		return;
	}
	if (!value) {
		text_put(t, "%s", word);
		return;
	}
	snprintf(name, sizeof(name), "%.*s", (int)(value - word), word);
	value++;
	text_put(t, "%s=", name);
	if (is_id(name))
		text_put_id(t, strtoul(value, NULL, 10));
	else if (is_task(name) && strcmp(value, "0"))
		text_put_task(t, strtoul(value, NULL, 10));
	else if (!strcmp(name, "arg"))
		text_put(t, "ADDR");
	else
		text_put(t, "%s", value);
}

/* "  task-PID   [CPU] FLAGS SECONDS: EVENT: FIELDS" */
static void put_line(struct text *t, char *line)
{
	char event[64], *word, *rest = NULL;
	unsigned long tid;
	int fields;

	if (*line == '#' || *line == '\n')
		return;
	if (sscanf(line, " %*[^[] [%*d] %*s %*f: %63[a-z_]: %n", event,
		   &fields) != 1 || !strstr(line, " ["))
		test_abort("the trace has a line: %s", line);
	word = strstr(line, " [");
	while (word > line && word[-1] == ' ')
		word--;
	*word = 0;
	tid = strtoul(strrchr(line, '-') + 1, NULL, 10);
	if (actor_name(tid))
		text_put_task(t, tid);
	else
		text_put(t, "kernel");
	text_put(t, " %s:", event);
	for (word = strtok_r(line + fields, " \n", &rest); word;
	     word = strtok_r(NULL, " \n", &rest)) {
		text_put(t, " ");
		put_word(t, word);
	}
	text_put(t, "\n");
}

/* By opening it, whatever is written. */
static void clear(void)
{
	FILE *f = fopen(TRACING "/trace", "we");

	if (!f)
		test_abort(TRACING "/trace: %m");
	fclose(f);
}

/**
 * trace_begin_events() - have the driver trace what happens from now on
 * @events: the names of events, NULL behind the last
 */
void trace_begin_events(const char *const *events)
{
	system_init();
	write_file(event_file("", "enable"), "0");
	clear();
	write_file(TRACING "/tracing_on", "1");
	for (; *events; events++)
		write_file(event_file(*events, "enable"), "1");
}

/**
 * trace_end() - what has happened
 *
 * Return: a line for each event, with the actor it happened in ("kernel" if it
 * was none); on the stage.
 */
const char *trace_end(void)
{
	struct text *t = text_new();
	char line[1024];
	FILE *f;

	write_file(event_file("", "enable"), "0");
	f = fopen(TRACING "/trace", "re");
	if (!f)
		test_abort(TRACING "/trace: %m");
	while (fgets(line, sizeof(line), f))
		put_line(t, line);
	fclose(f);
	return text_end(t);
}

/* "	field:TYPE NAME;	offset:8;	size:4;	signed:1;" */
static void put_field(struct text *t, const char *line)
{
	unsigned int offset, size, is_signed;
	char field[128];

	if (sscanf(line, " field:%127[^;]; offset:%u; size:%u; signed:%u;",
		   field, &offset, &size, &is_signed) != 4)
		test_abort("a format has a line: %s", line);
	if (strstr(field, " common_"))
		return;
	text_put(t, "%s @%u+%u%s\n", field, offset, size, is_signed ? "s" : "");
}

/**
 * trace_format() - what an event has to say
 * @event: its name
 *
 * Return: a line for each field that not all events have, as in
 * "int proc @8+4s" (where it lies, how long it is, that it is signed), and the
 * line of the text, up to the arguments; empty if there is no such event. On the
 * stage.
 */
const char *trace_format(const char *event)
{
	struct text *t = text_new();
	char line[2048], fmt[256];
	FILE *f;

	system_init();
	f = fopen(event_file(event, "format"), "re");
	while (f && fgets(line, sizeof(line), f)) {
		if (strstr(line, "\tfield:"))
			put_field(t, line);
		else if (sscanf(line, "print fmt: \"%255[^\"]\"", fmt) == 1)
			text_put(t, "%s\n", fmt);
	}
	if (f)
		fclose(f);
	return text_end(t);
}
