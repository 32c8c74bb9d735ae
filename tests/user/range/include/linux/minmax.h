/* SPDX-License-Identifier: GPL-2.0 */
#ifndef RANGE_SHIM_MINMAX_H
#define RANGE_SHIM_MINMAX_H

#include <linux/kernel.h>	/* min, max */

#define swap(a, b)	do { typeof(a) __tmp = (a); (a) = (b); (b) = __tmp; } while (0)

#endif
