/* SPDX-License-Identifier: GPL-2.0 */
#ifndef RANGE_SHIM_PRANDOM_H
#define RANGE_SHIM_PRANDOM_H

#include <linux/types.h>

struct rnd_state {
	u64 s;
};

static inline void prandom_seed_state(struct rnd_state *state, u64 seed)
{
	state->s = seed ? seed : 1;
}

/* xorshift64*: not the kernel's sequence, as good for the purpose. */
static inline u32 prandom_u32_state(struct rnd_state *state)
{
	u64 x = state->s;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	state->s = x;
	return (x * 0x2545f4914f6cdd1dULL) >> 32;
}

#endif
