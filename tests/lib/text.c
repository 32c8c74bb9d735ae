// SPDX-License-Identifier: GPL-2.0
/*
 * Text in which what no test can know is replaced, see text.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "text.h"

#define TEXT_SIZE	((size_t)256 << 10)
#define MAX_IDS		4096

struct text {
	char *p;
	size_t len;
	u32 ids[MAX_IDS];
	size_t nr_ids;
};

/**
 * text_put() - as it is
 * @t: the text
 * @fmt: what to add, as for printf()
 */
void text_put(struct text *t, const char *fmt, ...)
{
	size_t room = TEXT_SIZE - t->len;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(t->p + t->len, room, fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= room)
		test_abort("the text is longer than %zu bytes", TEXT_SIZE);
	t->len += n;
}

/**
 * text_put_id() - a debug id of the driver: the first one is #1, and so on
 * @t: the text
 * @id: the id, 0 for none
 */
void text_put_id(struct text *t, u32 id)
{
	size_t i = 0;

	if (!id) {
		text_put(t, "0");
		return;
	}
	while (i < t->nr_ids && t->ids[i] != id)
		i++;
	if (i == MAX_IDS)
		test_abort("more than %d ids in a text", MAX_IDS);
	if (i == t->nr_ids)
		t->ids[t->nr_ids++] = id;
	text_put(t, "#%zu", i + 1);
}

/**
 * text_put_task() - a process or a thread: an actor's name, else its number
 * @t: the text
 * @tid: its id
 */
void text_put_task(struct text *t, unsigned long tid)
{
	const char *name = actor_name(tid);

	if (name)
		text_put(t, "%s", name);
	else
		text_put(t, "%lu", tid);
}

/**
 * text_new() - an empty text
 *
 * Return: the text, to be ended with text_end().
 */
struct text *text_new(void)
{
	struct text *t = calloc(1, sizeof(*t));

	if (!t)
		test_abort("no memory");
	t->p = stage_scratch(TEXT_SIZE);
	t->p[0] = 0;
	return t;
}

/**
 * text_end() - nothing more is put into a text
 * @t: the text, gone on return
 *
 * Return: its characters, on the stage.
 */
const char *text_end(struct text *t)
{
	const char *p = t->p;

	free(t);
	return p;
}
