// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's maple tree in an ordinary program. Like the shim of
 * tools/testing/shared, but the tree's own debug checks are the build's choice:
 * on in the test, off in the benchmark.
 */
#define MAPLE_32BIT (MAPLE_NODE_SLOTS > 31)
#include "shared.h"
#include <linux/init.h>

#include "../../../lib/maple_tree.c"
