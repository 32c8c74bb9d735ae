/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Freezing: while a process is frozen calls to it fail and oneway messages wait
 * for it to be thawed; nobody stops its threads but who froze it.
 *
 * Freeze notifications: a process that refers to a node hears whether the
 * node's owner is frozen, at once and whenever that is set again. A
 * registration has at most one message on its way: what happens meanwhile is
 * told after BC_FREEZE_NOTIFICATION_DONE, if it is different.
 */
#ifndef BINDER_IPC_FREEZE_H
#define BINDER_IPC_FREEZE_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/types.h>
#include <uapi/linux/android/binder.h>

#include "ipc/work.h"

struct binder_proc;
struct binder_ref;
struct binder_thread;

enum binder_freeze_state {
	BINDER_FREEZE_IDLE,		/* nothing on its way */
	BINDER_FREEZE_QUEUED,
	BINDER_FREEZE_DELIVERED,	/* and not acknowledged */
	BINDER_FREEZE_OVER,		/* cleared, or the reference is gone */
};

/**
 * struct binder_freeze - one registration
 *
 * I: immutable, N: proc->lock of the node's owner, P: proc->lock of the holder.
 *
 * @ref:	one for the binder_ref, one while on node->freezes, one while
 *		on a list of the holder.
 * @proc:	I: the holder, with a reference.
 * @cookie:	I: what the holder wants to hear with it.
 * @watch:	N: entry in node->freezes.
 * @round:	N: the last proc->freeze_round that it was told of.
 * @work:	P: in a todo of the holder, or in proc->delivered_freezes.
 * @state:	P: where the message is.
 * @frozen:	P: what it says, or will say; N until @watch is on its list.
 * @again:	P: @frozen has changed since it was delivered.
 * @cleared:	P: the holder wants to hear no more of it.
 */
struct binder_freeze {
	struct kref ref;
	struct binder_proc *proc;
	binder_uintptr_t cookie;
	struct list_head watch;
	unsigned long round;
	struct binder_work work;
	enum binder_freeze_state state;
	bool frozen;
	bool again;
	bool cleared;
};

/* freeze.c APIs: */
int binder_freeze(const struct binder_freeze_info *info);
int binder_frozen_info(struct binder_frozen_status_info *info);

/* freeze_notice.c APIs: */
int binder_freeze_request(struct binder_proc *proc, u32 handle,
			  binder_uintptr_t cookie);
int binder_freeze_clear(struct binder_proc *proc, u32 handle,
			binder_uintptr_t cookie);
int binder_freeze_done(struct binder_proc *proc, binder_uintptr_t cookie);
bool binder_freeze_take(struct binder_freeze *freeze);
void binder_freeze_cancel(struct binder_ref *ref);
void binder_freeze_tell_all(struct binder_proc *proc);
void binder_freeze_drop_delivered(struct binder_proc *proc);
void binder_freeze_put(struct binder_freeze *freeze);

#endif
