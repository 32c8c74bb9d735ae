// SPDX-License-Identifier: GPL-2.0
/*
 * A world that bad input must not change; world.h tells who is in it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "world.h"

static u32 expect_handle(u32 want, u32 handle)
{
	if (handle != want)
		test_abort("handle %u instead of %u", handle, want);
	return handle;
}

/**
 * world_begin() - make a world
 * @w: where to keep it
 */
void world_begin(struct world *w)
{
	struct client *s = bc_server("S", WORLD_MAP);
	struct client *c = bc_start("C", BC_DEVICE, WORLD_MAP);
	struct client *b = bc_start("B", BC_DEVICE, WORLD_MAP);

	*w = (struct world) { .s = s, .c = c, .b = b };
	w->s_own = expect_handle(1, bc_give(c, s, OWN, COOKIE_OF(OWN),
					    FLAT_BINDER_FLAG_ACCEPTS_FDS));
	w->s_weak = expect_handle(2, bc_give_weak(c, s, WEAK, COOKIE_OF(WEAK),
						  0));
	w->s_theirs = expect_handle(3, bc_give(b, s, THEIRS, COOKIE_OF(THEIRS),
					       0));
	w->s_other = expect_handle(4, bc_give(b, s, OTHER, COOKIE_OF(OTHER),
					      0));
	w->c_theirs = expect_handle(1, bc_receive(c, s, w->s_theirs));
	w->c_other = expect_handle(2, bc_receive_weak(c, s, w->s_other));
	w->c_mine = expect_handle(3, bc_receive_own(c, s, MINE,
						    COOKIE_OF(MINE), 0));
	w->pipe = bc_pipe(c);
	snprintf(w->before, sizeof(w->before), "%s", world_state(w));
}

/**
 * world_state() - what everybody holds
 * @w: the world
 *
 * Return: descriptors, nodes and the counts of those S has handles to, as text
 * on the stage.
 */
const char *world_state(struct world *w)
{
	const u32 handles[] = { w->s_own, w->s_weak, w->s_theirs, w->s_other };
	char *text = stage_scratch(sizeof(w->before));
	size_t len, i;

	len = snprintf(text, sizeof(w->before), "S %s; C %s; B %s",
		       bc_holdings(w->s), bc_holdings(w->c), bc_holdings(w->b));
	for (i = 0; i < ARRAY_SIZE(handles); i++)
		len += snprintf(text + len, sizeof(w->before) - len, "; %u: %s",
				handles[i], bc_node_counts(w->s, handles[i]));
	return text;
}

static const char *say(const char *fmt, ...)
{
	char *text = stage_scratch(sizeof(((struct world *)0)->before) * 2);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(((struct world *)0)->before) * 2, fmt, ap);
	va_end(ap);
	return text;
}

static const char *has_to_read(struct client *c)
{
	if (!strcmp(bc_read(c), "EAGAIN"))
		return NULL;
	return say("%s reads %s", c->a->name, c->read_text);
}

/**
 * world_changes() - look for anything that is not as it was
 * @w: the world
 *
 * Return: "" if there is nothing, otherwise what it is.
 */
const char *world_changes(struct world *w)
{
	const char *now, *text;

	text = has_to_read(w->s) ?: has_to_read(w->c) ?: has_to_read(w->b);
	if (text)
		return text;
	now = world_state(w);
	if (strcmp(now, w->before))
		return say("it was %s and is %s", w->before, now);
	return "";
}

static const char *lets_go(struct client *c, u32 cmd, u32 handle,
			   struct client *owner, const char *want)
{
	if (bc_ref(c, cmd, handle))
		return say("%s cannot let go of %u", c->a->name, handle);
	if (!strcmp(bc_read(owner), want))
		return NULL;
	return say("%s lets go of %u, and %s reads %s", c->a->name, handle,
		   owner->a->name, owner->read_text);
}

static const char *all_let_go(struct world *w)
{
	const char *gone = "NOOP RELEASE DECREFS";

	return lets_go(w->c, BC_RELEASE, w->c_theirs, w->b, "EAGAIN") ?:
	       lets_go(w->s, BC_RELEASE, w->s_theirs, w->b, gone) ?:
	       lets_go(w->s, BC_RELEASE, w->s_other, w->b, "NOOP RELEASE") ?:
	       lets_go(w->c, BC_DECREFS, w->c_other, w->b, "NOOP DECREFS") ?:
	       lets_go(w->c, BC_RELEASE, w->c_mine, w->s, gone) ?:
	       lets_go(w->s, BC_RELEASE, w->s_own, w->c, gone) ?:
	       lets_go(w->s, BC_DECREFS, w->s_weak, w->c, "NOOP DECREFS");
}

static const char *file_released(struct world *w)
{
	const char *state;

	if (bc_sys(w->c, close, w->pipe.w))
		return "the pipe was closed";
	state = pipe_state(&w->pipe);
	return strcmp(state, "EOF") ? say("the pipe is %s", state) : NULL;
}

/**
 * world_end() - use the world once more, and take it apart
 * @w: the world
 *
 * A good message gets the handle that is next, all of S's mapping is free, and
 * nobody holds more than he knows of.
 *
 * Return: "" if so, otherwise what was different.
 */
const char *world_end(struct world *w)
{
	const char *text = world_changes(w);
	u32 handle;

	if (*text)
		return text;
	handle = bc_give(w->c, w->s, FRESH, COOKIE_OF(FRESH), 0);
	if (handle != 5)
		return say("the next handle is %u", handle);
	text = lets_go(w->s, BC_RELEASE, handle, w->c, "NOOP RELEASE DECREFS");
	if (text)
		return text;
	if (!bc_works(w->s, w->c) || !bc_room(w->s, w->c))
		return "not all of the mapping is free";
	return file_released(w) ?: all_let_go(w) ?: "";
}
