/* SPDX-License-Identifier: GPL-2.0 */
#ifndef RANGE_SHIM_PRINTK_H
#define RANGE_SHIM_PRINTK_H

#include <linux/kernel.h>	/* printk, pr_err */

#endif
