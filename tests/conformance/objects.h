/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of objects have in common.
 */
#ifndef TESTS_CONFORMANCE_OBJECTS_H
#define TESTS_CONFORMANCE_OBJECTS_H

#include <stdio.h>
#include <string.h>

#include "holdings.h"

/* C's node in these tests. */
#define PTR	0x1000
#define COOKIE	0xc00c1eULL

/*
 * What C is told of a message that is refused. It must leave nothing: then PTR
 * is free for a node with another cookie, this gets the first handle of S, and
 * is let go of when S releases that.
 */
static inline const char *refused(struct client *s, struct client *c,
				  struct parcel *p)
{
	const char *why = bc_refused(s, c, .parcel = p);

	if (bc_give(c, s, PTR, ~COOKIE, 0) != 1)
		return "a handle is left";
	if (bc_ref(s, BC_RELEASE, 1) ||
	    strcmp(bc_read(c), "NOOP RELEASE DECREFS"))
		return "a count is left";
	return why;
}

#define EXPECT_REFUSED(why, p) \
	EXPECT_STREQ(why, refused(self->s, self->c, p))

/*
 * A delivered binder or handle as text, "HANDLE 1". The field is shown with all
 * of its 64 bits, and the cookie if it is not 0.
 */
static inline const char *flat(const union object *o)
{
	char *text = stage_scratch(80);
	int len = snprintf(text, 80, "%s %llu", object_name(o->hdr.type),
			   o->flat.binder);

	if (o->flat.cookie)
		snprintf(text + len, 80 - len, " cookie %#llx", o->flat.cookie);
	return text;
}

#endif /* TESTS_CONFORMANCE_OBJECTS_H */
