/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Plays: many small steps of a few clients, chosen at random, good and bad ones.
 *
 * A play is made of a seed and nothing else: no step waits, each is done before
 * the next begins, and all that the driver answers is told as text in which nothing
 * depends on chance. So the same seed gives the same text on every driver that
 * behaves the same, and a difference names the first step at which two do not.
 *
 * Left out is what DIFFERENCES.md lists: see fuzz_steps.c.
 */
#ifndef TESTS_LIB_FUZZ_H
#define TESTS_LIB_FUZZ_H

#include <stdio.h>

#include "holdings.h"

#define PLAY_CLIENTS	6
#define PLAY_FILES	3
#define PLAY_HELD	8	/* buffers that a process has not given back, at most */
#define PLAY_MAP	(32 * PAGE)

/**
 * struct play_file - a process of the driver
 * @f: its file
 * @held: buffers that it was given and has not given back
 * @nr_held: how many
 * @handles: a bit for each handle that it has been given
 * @pipe: ends of a pipe that it can send
 */
struct play_file {
	struct binder_file *f;
	binder_uintptr_t held[PLAY_HELD];
	unsigned int nr_held;
	u32 handles;
	struct fd_pipe pipe;
};

/**
 * struct play - what is going on
 * @seed: what it was made of
 * @random: where the random numbers are
 * @out: where it is told
 * @crowd: others play at the same time, and somebody else may be the manager
 * @step: how many steps were done
 * @c: the clients, two threads of each file; the first is the context manager
 * @owes: how many calls each has been given and not answered
 * @file: their files
 * @sent: messages so far: what they contain depends on it
 * @received: how many of these were delivered
 * @trouble: what was wrong whatever the driver, or ""
 */
struct play {
	u64 seed;
	u64 random;
	FILE *out;
	bool crowd;
	unsigned int step;
	struct client *c[PLAY_CLIENTS];
	unsigned int owes[PLAY_CLIENTS];
	struct play_file file[PLAY_FILES];
	unsigned int sent;
	unsigned int received;
	char trouble[160];
};

void play_begin(struct play *p, u64 seed, FILE *out, bool crowd);
void play_step(struct play *p);
void play_end(struct play *p);
u32 play_random(struct play *p, u32 below);
u32 play_handle(struct play *p, struct client *c);
unsigned int *play_owes(struct play *p, struct client *c);
struct play_file *play_file(struct play *p, struct client *c);

/* fuzz_parcel.c: what is sent */
struct parcel *play_parcel(struct play *p, struct client *c, struct msg *m);

/* fuzz_text.c: what came back */
__printf(2, 3)
void play_say(struct play *p, const char *fmt, ...);
void play_say_read(struct play *p, struct client *c);

#endif /* TESTS_LIB_FUZZ_H */
