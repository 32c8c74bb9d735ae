/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Work: what a read will tell user space, in the order in which it came up.
 *
 * A struct binder_work is embedded in what it announces and is on at most one
 * list. All lists are guarded by the lock of the process that will read them.
 */
#ifndef BINDER_IPC_WORK_H
#define BINDER_IPC_WORK_H

#include <linux/list.h>
#include <linux/types.h>

/* What the work is embedded in, and so what is to be told. */
enum binder_work_type {
	BINDER_WORK_TRANSACTION,	/* binder_txn.work */
	BINDER_WORK_REPLY,		/* binder_txn.work */
	BINDER_WORK_COMPLETE,		/* binder_txn.complete */
	BINDER_WORK_ERROR,		/* binder_error.work */
	BINDER_WORK_NODE,		/* binder_node.work */
	BINDER_WORK_DEAD,		/* binder_death.work */
	BINDER_WORK_DEAD_CLEARED,	/* binder_death.work */
	BINDER_WORK_FROZEN,		/* binder_freeze.work */
	BINDER_WORK_FROZEN_CLEARED,	/* binder_freeze.work */
};

struct binder_work {
	struct list_head entry;
	enum binder_work_type type;
};

/**
 * struct binder_error - a BR_ code that ends a transaction for its sender
 * @work: in the sender's todo while it has not been told
 * @cmd: what to tell, BR_OK while there is nothing
 */
struct binder_error {
	struct binder_work work;
	__u32 cmd;
};

/**
 * struct binder_news - what work tells, as it was when it was taken off its list
 * @node: of a node: BR_ codes in order, 0 after the last
 * @frozen: of a freeze notification
 */
struct binder_news {
	__u32 node[3];
	bool frozen;
};

/* work.c APIs: */
void binder_work_drop(struct binder_work *work);

#endif
