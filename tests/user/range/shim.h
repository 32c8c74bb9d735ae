/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs here share with the shims they stand on. */
#ifndef RANGE_SHIM_H
#define RANGE_SHIM_H

#include <linux/types.h>

/* lib/maple_tree.c, an initcall in the kernel. */
void maple_tree_init(void);

#endif
