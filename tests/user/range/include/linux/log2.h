/* SPDX-License-Identifier: GPL-2.0 */
#ifndef RANGE_SHIM_LOG2_H
#define RANGE_SHIM_LOG2_H

#include_next <linux/log2.h>

#define const_ilog2(n)	ilog2(n)

static inline int order_base_2(unsigned long n)
{
	return n > 1 ? ilog2(n - 1) + 1 : 0;
}

#endif
