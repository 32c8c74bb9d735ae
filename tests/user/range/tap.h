/* SPDX-License-Identifier: GPL-2.0 */
/* Test results as TAP lines; the plan is the last one. */
#ifndef RANGE_TAP_H
#define RANGE_TAP_H

#include <linux/compiler.h>
#include <linux/types.h>

__printf(2, 3)
void tap_result(bool ok, const char *fmt, ...);
/* Prints the plan; 0 if there was a result and none was "not ok". */
int tap_done(void);

#endif
