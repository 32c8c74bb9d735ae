/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Death notifications: a process that refers to a node hears of its death once.
 *
 * The registration lives with the reference. Once it has been queued for the
 * holder it lives on its own until the holder has acknowledged it, and cleared
 * it if it wants to:
 *
 *   ARMED --node dies--> QUEUED --read--> DELIVERED --BC_DEAD_BINDER_DONE--> ACKED
 *
 * BC_CLEAR_DEATH_NOTIFICATION is answered by BR_CLEAR_DEATH_NOTIFICATION_DONE at
 * once in ARMED and ACKED, and else when BC_DEAD_BINDER_DONE comes.
 */
#ifndef BINDER_IPC_DEATH_H
#define BINDER_IPC_DEATH_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/types.h>
#include <uapi/linux/android/binder.h>

#include "ipc/work.h"

struct binder_node;
struct binder_proc;
struct binder_ref;
struct binder_thread;

enum binder_death_state {
	BINDER_DEATH_ARMED,
	BINDER_DEATH_QUEUED,
	BINDER_DEATH_DELIVERED,
	BINDER_DEATH_ACKED,
	BINDER_DEATH_OVER,	/* cleared, or the reference is gone */
};

/**
 * struct binder_death - one registration
 *
 * I: immutable, N: proc->lock of the node's owner, P: proc->lock of the holder.
 *
 * @ref:	one for the binder_ref, one while on node->deaths, one while
 *		on a list of the holder.
 * @proc:	I: the holder, with a reference.
 * @cookie:	I: what the holder wants to hear.
 * @watch:	N: entry in node->deaths.
 * @work:	P: in a todo of the holder, or in proc->delivered_deaths.
 * @state:	P: see above.
 * @cleared:	P: the holder wants to hear no more of it.
 */
struct binder_death {
	struct kref ref;
	struct binder_proc *proc;
	binder_uintptr_t cookie;
	struct list_head watch;
	struct binder_work work;
	enum binder_death_state state;
	bool cleared;
};

/* death.c APIs: */
int binder_death_request(struct binder_proc *proc, u32 handle,
			 binder_uintptr_t cookie);
bool binder_death_clear(struct binder_thread *thread, u32 handle,
			binder_uintptr_t cookie);
bool binder_death_done(struct binder_thread *thread, binder_uintptr_t cookie);
void binder_death_take(struct binder_death *death);
void binder_death_cancel(struct binder_ref *ref);
void binder_death_tell_all(struct binder_node *node);
void binder_death_drop_delivered(struct binder_proc *proc);
void binder_death_put(struct binder_death *death);

#endif
