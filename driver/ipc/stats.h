/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How often what was done, and how many of what there are.
 */
#ifndef BINDER_IPC_STATS_H
#define BINDER_IPC_STATS_H

#include <linux/atomic.h>
#include <linux/types.h>

#include "ipc/codes.h"

/* What is counted while it exists, in the order of the log files. */
enum binder_stat {
	BINDER_STAT_PROC,
	BINDER_STAT_THREAD,
	BINDER_STAT_NODE,
	BINDER_STAT_REF,
	BINDER_STAT_DEATH,
	BINDER_STAT_TRANSACTION,
	BINDER_STAT_TRANSACTION_COMPLETE,
	BINDER_STAT_FREEZE,
	BINDER_NR_STATS,
};

/**
 * struct binder_codes - how often each code came and went
 * @bc: commands, before they were checked
 * @br: returns, but for BR_NOOP
 */
struct binder_codes {
	atomic_t bc[BINDER_NR_BC];
	atomic_t br[BINDER_NR_BR];
};

/**
 * struct binder_stats - for all processes together
 * @codes: see there
 * @made: of each kind, since boot
 * @gone: of each kind, of those
 */
struct binder_stats {
	struct binder_codes codes;
	atomic_t made[BINDER_NR_STATS];
	atomic_t gone[BINDER_NR_STATS];
};

extern struct binder_stats binder_stats;

static inline void binder_stat_add(enum binder_stat stat)
{
	atomic_inc(&binder_stats.made[stat]);
}

static inline void binder_stat_del(enum binder_stat stat)
{
	atomic_inc(&binder_stats.gone[stat]);
}

/* An unknown command counts as the known one with its number. */
static inline void binder_count_bc(struct binder_codes *codes, __u32 cmd)
{
	if (_IOC_NR(cmd) >= BINDER_NR_BC)
		return;
	atomic_inc(&binder_stats.codes.bc[_IOC_NR(cmd)]);
	atomic_inc(&codes->bc[_IOC_NR(cmd)]);
}

static inline void binder_count_br(struct binder_codes *codes, __u32 cmd)
{
	atomic_inc(&binder_stats.codes.br[_IOC_NR(cmd)]);
	atomic_inc(&codes->br[_IOC_NR(cmd)]);
}

#endif
