/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A small world in which clients hold something of each other, for tests that
 * must not change it: S is the context manager, C does what is wrong, and B has
 * objects as well.
 *
 *	S has handles to	OWN and WEAK of C, THEIRS and OTHER of B
 *	C has handles to	THEIRS, OTHER (weakly) of B, and MINE of S
 *
 * A count that was taken and not given back shows at the latest in world_end():
 * when everybody lets go, each owner must hear that nobody has anything left.
 */
#ifndef TESTS_LIB_WORLD_H
#define TESTS_LIB_WORLD_H

#include "holdings.h"

#define WORLD_MAP	(16 * PAGE)

#define WORLD_PAYLOAD	40	/* bytes of a good PTR object */

/* How C sends a message to S. */
enum way { CALL, ONEWAY, REPLY };

/* Kinds of good objects, of which one, all or none begin a message. */
#define GOOD_KINDS		8
#define PREFIX_NOTHING		GOOD_KINDS
#define PREFIX_EVERYTHING	(GOOD_KINDS + 1)
#define PREFIXES		(GOOD_KINDS + 2)

/* Names of objects, and what goes with each */
#define OWN		0x1000ULL
#define WEAK		0x2000ULL
#define THEIRS		0x3000ULL
#define OTHER		0x4000ULL
#define MINE		0x5000ULL
#define FRESH		0x6000ULL
#define COOKIE_OF(ptr)	((ptr) + 0xc00c1e)

/**
 * struct world - who there is, and who has what
 * @s: the context manager
 * @c: a client
 * @b: another
 * @s_own: S's handle to OWN
 * @s_weak: S's handle to WEAK, without a strong count
 * @s_theirs: S's handle to THEIRS
 * @s_other: S's handle to OTHER
 * @c_theirs: C's handle to THEIRS
 * @c_other: C's handle to OTHER, without a strong count
 * @c_mine: C's handle to MINE
 * @pipe: of C's, to send its write end
 * @before: what world_state() was
 */
struct world {
	struct client *s;
	struct client *c;
	struct client *b;
	u32 s_own;
	u32 s_weak;
	u32 s_theirs;
	u32 s_other;
	u32 c_theirs;
	u32 c_other;
	u32 c_mine;
	struct fd_pipe pipe;
	char before[1024];
};

void world_begin(struct world *w);
const char *world_state(struct world *w);
const char *world_changes(struct world *w);
const char *world_end(struct world *w);

/* world_messages.c */
const char *world_outcome(struct world *w, enum way how, const struct msg *m);
const char *world_refused(struct world *w, enum way how, const struct msg *m,
			  const char *error);
void world_good(struct world *w, struct parcel *p, size_t kind);
struct parcel *world_prefix(struct world *w, size_t which);
const char *world_prefix_name(size_t which);

#endif /* TESTS_LIB_WORLD_H */
