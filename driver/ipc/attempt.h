/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Attempts to send: what a thread is at, and a record of the last ones of all,
 * and of the last that failed.
 */
#ifndef BINDER_IPC_ATTEMPT_H
#define BINDER_IPC_ATTEMPT_H

#include <linux/types.h>
#include <uapi/linux/android/binderfs.h>

#include "arena/arena.h"
#include "ipc/txn.h"
#include "ipc/why.h"

#define BINDER_NR_ATTEMPTS	32

enum binder_attempt_kind {
	BINDER_ATTEMPT_CALL,
	BINDER_ATTEMPT_ONEWAY,
	BINDER_ATTEMPT_REPLY,
};

/**
 * struct binder_attempt - one BC_TRANSACTION or BC_REPLY
 * @id: debug id
 * @slot: where its record is
 * @kind: which
 * @done: it is over
 * @from_pid: process of the sender
 * @from_tid: its thread
 * @to_pid: process of the receiver, 0 if it was not found
 * @to_tid: its thread, 0 unless it had to be this one
 * @node: debug id of the target, 0 if it was not found or there is none
 * @handle: as the sender gave it
 * @code: as the sender gave it
 * @flags: as the sender gave it
 * @data_size: as the sender gave it
 * @offsets_size: as the sender gave it
 * @asked: bytes of the receiver's region that it takes, 0 if it did not come to
 *	that
 * @space: what there was of them, if that was not enough
 * @result: what came of it
 */
struct binder_attempt {
	__u32 id;
	unsigned int slot;
	enum binder_attempt_kind kind;
	bool done;
	pid_t from_pid;
	pid_t from_tid;
	pid_t to_pid;
	pid_t to_tid;
	__u32 node;
	__u32 handle;
	__u32 code;
	__u32 flags;
	binder_size_t data_size;
	binder_size_t offsets_size;
	size_t asked;
	struct arena_space space;
	struct binder_failure result;
};

/**
 * struct binder_attempt_record - an attempt on record
 * @attempt: the attempt as far as it had come
 * @context: name of the device
 */
struct binder_attempt_record {
	struct binder_attempt attempt;
	char context[BINDERFS_MAX_NAME + 1];
};

/* attempt.c APIs: */
void binder_attempt_begin(struct binder_thread *sender,
			  enum binder_attempt_kind kind,
			  const struct binder_transaction_data *tr);
void binder_attempt_update(struct binder_thread *sender);
void binder_attempt_end(struct binder_thread *sender, struct binder_failure f);
bool binder_attempt_get(struct binder_attempt_record *r, bool failed,
			unsigned int age);
unsigned int binder_failures(enum binder_why why);

#endif
