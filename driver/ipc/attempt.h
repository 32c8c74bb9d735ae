/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The last attempts to send, and the last that failed.
 */
#ifndef BINDER_IPC_ATTEMPT_H
#define BINDER_IPC_ATTEMPT_H

#include <linux/types.h>
#include <uapi/linux/android/binderfs.h>

#include "ipc/txn.h"

#define BINDER_NR_ATTEMPTS	32

enum binder_attempt_kind {
	BINDER_ATTEMPT_CALL,
	BINDER_ATTEMPT_ONEWAY,
	BINDER_ATTEMPT_REPLY,
};

/**
 * struct binder_attempt - one BC_TRANSACTION or BC_REPLY
 * @id: debug id
 * @kind: which
 * @done: it is over
 * @from_pid: process of the sender
 * @from_tid: its thread
 * @to_pid: process of the receiver, 0 if it was not found
 * @to_tid: its thread, 0 unless it had to be this one
 * @node: debug id of the target, 0 if it was not found or there is none
 * @handle: as the sender gave it
 * @data_size: as the sender gave it
 * @offsets_size: as the sender gave it
 * @result: what came of it
 * @context: name of the device
 */
struct binder_attempt {
	__u32 id;
	enum binder_attempt_kind kind;
	bool done;
	pid_t from_pid;
	pid_t from_tid;
	pid_t to_pid;
	pid_t to_tid;
	__u32 node;
	__u32 handle;
	binder_size_t data_size;
	binder_size_t offsets_size;
	struct binder_failure result;
	char context[BINDERFS_MAX_NAME + 1];
};

/* attempt.c APIs: */
void binder_attempt_begin(struct binder_attempt *a,
			  enum binder_attempt_kind kind,
			  struct binder_thread *sender,
			  const struct binder_transaction_data *tr);
void binder_attempt_update(const struct binder_attempt *a);
void binder_attempt_end(struct binder_attempt *a, struct binder_failure f);
bool binder_attempt_get(struct binder_attempt *a, bool failed,
			unsigned int age);

#endif
