/* SPDX-License-Identifier: GPL-2.0 */
#ifndef RANGE_SHIM_MAPLE_TREE_H
#define RANGE_SHIM_MAPLE_TREE_H

#include <asm/bug.h>
#include_next <linux/maple_tree.h>

#endif
