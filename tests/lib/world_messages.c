// SPDX-License-Identifier: GPL-2.0
/*
 * Messages in a world that they must not change, and what is good in them.
 */
#include <stdio.h>
#include <string.h>

#include "world.h"

/**
 * world_outcome() - have C send a message to S that is to be refused
 * @w: the world
 * @how: as a call, a oneway message, or the reply to a call of S
 * @m: the message
 *
 * Return: the extended error of whoever is told, for example "FR EINVAL"; and
 * what it has read if that is not just the error.
 */
const char *world_outcome(struct world *w, enum way how, const struct msg *m)
{
	struct msg msg = *m;
	char *text = stage_scratch(128);
	struct client *told = w->c;
	const char *want;

	if (how == REPLY) {
		told = w->s;
		bc_send(w->s, .handle = w->s_own, .flags = TF_ACCEPT_FDS);
		bc_take_and_free(w->c);
	}
	if (how == ONEWAY)
		msg.flags |= TF_ONE_WAY;
	if (bc_msg(w->c, how == REPLY ? BC_REPLY : BC_TRANSACTION, &msg))
		return errno_name(w->c->br.ret);
	if (how == REPLY && strcmp(bc_read(w->c), "NOOP TC"))
		return "the reply is not completed";
	snprintf(text, 128, "%s", bc_ee(told));
	want = how == REPLY ? "NOOP TC FR" : "NOOP FR";
	if (strcmp(bc_read(told), want))
		snprintf(text, 128, "%s, %s", told->ee_text, told->read_text);
	return text;
}

/**
 * world_refused() - check that a message is refused and nothing has changed
 * @w: the world
 * @how: how it is sent
 * @m: the message
 * @error: name of the errno it is to be refused with
 *
 * Return: "" if so, otherwise what was different.
 */
const char *world_refused(struct world *w, enum way how, const struct msg *m,
			  const char *error)
{
	char *text = stage_scratch(256);
	const char *got = world_outcome(w, how, m);

	if (strncmp(got, "FR ", 3) || strcmp(got + 3, error)) {
		snprintf(text, 256, "%s instead of FR %s", got, error);
		return text;
	}
	return world_changes(w);
}

/* Good objects, one of which or all may come before what is bad. */

static void good_binder(struct world *w, struct parcel *p)
{
	p_binder(p, FRESH, COOKIE_OF(FRESH), 0);
}

static void good_weak_binder(struct world *w, struct parcel *p)
{
	p_weak_binder(p, FRESH + 8, COOKIE_OF(FRESH), 0);
}

static void good_known_binder(struct world *w, struct parcel *p)
{
	p_binder(p, OWN, COOKIE_OF(OWN), 0);
	p_weak_binder(p, OWN, COOKIE_OF(OWN), 0);
	p_binder(p, WEAK, COOKIE_OF(WEAK), 0);
}

static void good_handle(struct world *w, struct parcel *p)
{
	p_handle(p, w->c_theirs);
	p_weak_handle(p, w->c_theirs);
	p_weak_handle(p, w->c_other);
}

/* It comes home to S, and counts there, too. */
static void good_home(struct world *w, struct parcel *p)
{
	p_handle(p, w->c_mine);
	p_weak_handle(p, w->c_mine);
}

static void good_fd(struct world *w, struct parcel *p)
{
	p_fd(p, w->pipe.w, 0);
}

static void *payload(void)
{
	return stage_scratch(WORLD_PAYLOAD);
}

static void good_ptr(struct world *w, struct parcel *p)
{
	size_t parent = p_ptr(p, payload(), WORLD_PAYLOAD);

	p_ptr_in(p, payload(), 8, parent, 8);
}

static void good_fda(struct world *w, struct parcel *p)
{
	u32 *fds = payload();

	fds[0] = w->pipe.w;
	fds[1] = w->pipe.w;
	p_fda(p, 2, p_ptr(p, fds, 8), 0);
}

static const struct {
	const char *name;
	void (*add)(struct world *w, struct parcel *p);
} good[GOOD_KINDS] = {
	{ "BINDER", good_binder },
	{ "WEAK_BINDER", good_weak_binder },
	{ "known BINDER", good_known_binder },
	{ "HANDLE", good_handle },
	{ "HANDLE of the receiver", good_home },
	{ "FD", good_fd },
	{ "PTR", good_ptr },
	{ "FDA", good_fda },
};

/**
 * world_good() - append good objects of one kind to a message
 * @w: the world
 * @p: the message of C
 * @kind: below GOOD_KINDS
 */
void world_good(struct world *w, struct parcel *p, size_t kind)
{
	good[kind].add(w, p);
}

/**
 * world_prefix() - begin a message with good objects
 * @w: the world
 * @which: a kind, PREFIX_EVERYTHING or PREFIX_NOTHING
 *
 * No object is at offset 0, where none can be a parent.
 *
 * Return: the message.
 */
struct parcel *world_prefix(struct world *w, size_t which)
{
	struct parcel *p = parcel();
	size_t i;

	p_bytes(p, "in front", 8);
	for (i = 0; i < GOOD_KINDS; i++)
		if (i == which || which == PREFIX_EVERYTHING)
			good[i].add(w, p);
	return p;
}

/**
 * world_prefix_name() - what a message begins with
 * @which: as for world_prefix()
 *
 * Return: the name.
 */
const char *world_prefix_name(size_t which)
{
	return which == PREFIX_NOTHING ? "nothing" :
	       which == PREFIX_EVERYTHING ? "everything" : good[which].name;
}
