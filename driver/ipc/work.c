// SPDX-License-Identifier: GPL-2.0
/*
 * Work that nobody will read.
 */
#include "ipc/death.h"
#include "ipc/freeze.h"
#include "ipc/stats.h"
#include "ipc/txn.h"
#include "ipc/work.h"

/**
 * binder_work_drop() - the thread or process that was to read it is gone
 * @work: on no list; not the caller's any more on return
 *
 * Context: task context, no lock held, may sleep. The arena of the process is
 *	kept by the caller.
 */
void binder_work_drop(struct binder_work *work)
{
	switch (work->type) {
	case BINDER_WORK_TRANSACTION:
	case BINDER_WORK_REPLY:
		binder_txn_drop(container_of(work, struct binder_txn, work),
				BR_DEAD_REPLY);
		break;
	case BINDER_WORK_COMPLETE:
		binder_stat_del(BINDER_STAT_TRANSACTION_COMPLETE);
		binder_txn_put(container_of(work, struct binder_txn, complete));
		break;
	case BINDER_WORK_DEAD:
	case BINDER_WORK_DEAD_CLEARED:
		binder_death_put(container_of(work, struct binder_death, work));
		break;
	case BINDER_WORK_FROZEN:
	case BINDER_WORK_FROZEN_CLEARED:
		binder_freeze_put(container_of(work, struct binder_freeze,
					       work));
		break;
	case BINDER_WORK_ERROR:		/* part of the thread */
	case BINDER_WORK_NODE:		/* part of the node, which is dead */
		break;
	}
}
