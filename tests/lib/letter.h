/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages of programs that use Binder: a letter is written by the sender, a
 * mail is what the receiver reads, in place, in its mapping.
 *
 * A message is a row of pieces, each of which starts at a multiple of 8. The
 * receiver reads them in the order in which they were written. Objects are
 * pieces, too; a letter notes where they are, because the driver wants to know.
 */
#ifndef TESTS_LIB_LETTER_H
#define TESTS_LIB_LETTER_H

#include <linux/android/binder.h>

#include "actor.h"

struct proxy;

#define LETTER_OBJECTS	8

/**
 * struct letter - a message to be sent
 * @data: the pieces
 * @size: bytes in use of @data
 * @room: bytes allocated for it
 * @objects: offsets of the objects in @data
 * @nr_objects: how many
 * @buffers: bytes the receiver needs for scatter-gather payloads
 * @fds: descriptors that are closed with it
 * @nr_fds: how many
 * @kept: what a handle in it stands for, see app_keep()
 */
struct letter {
	u8 *data;
	size_t size;
	size_t room;
	binder_size_t objects[LETTER_OBJECTS];
	unsigned int nr_objects;
	size_t buffers;
	int fds[LETTER_OBJECTS];
	unsigned int nr_fds;
	struct proxy *kept;
};

/**
 * struct mail - a message that came in
 * @code: what it is about, the sender's choice
 * @flags: TF_ flags
 * @data: the pieces, in the receiver's mapping
 * @size: bytes
 * @objects: offsets of the objects in @data
 * @nr_objects: how many
 * @pos: the piece that is read next
 * @next: the object that is read next
 * @bad: something else was read than what was written
 */
struct mail {
	u32 code;
	u32 flags;
	const u8 *data;
	size_t size;
	const binder_size_t *objects;
	size_t nr_objects;
	size_t pos;
	size_t next;
	bool bad;
};

void letter_u64(struct letter *l, u64 value);
void letter_bytes(struct letter *l, const void *p, size_t len);
void letter_binder(struct letter *l, binder_uintptr_t ptr, u64 cookie);
void letter_handle(struct letter *l, u32 handle);
void letter_fd(struct letter *l, int fd);
void letter_own_fd(struct letter *l, int fd);
u32 letter_buffer(struct letter *l, const void *p, size_t len);
u32 letter_child(struct letter *l, const void *p, size_t len, u32 parent,
		 size_t at);
void letter_fds(struct letter *l, size_t num, u32 parent, size_t at);
void letter_done(struct letter *l);

void mail_open(struct mail *m, const struct binder_transaction_data *txn);
u64 mail_u64(struct mail *m);
const void *mail_bytes(struct mail *m, size_t len);
u32 mail_handle(struct mail *m);
const struct flat_binder_object *mail_binder(struct mail *m);
int mail_fd(struct mail *m);
const void *mail_buffer(struct mail *m, size_t len);
void mail_fds(struct mail *m, size_t num);

u64 digest(const void *p, size_t len);

#endif /* TESTS_LIB_LETTER_H */
