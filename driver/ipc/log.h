/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What user space does wrong, for those who look for their mistakes.
 */
#ifndef BINDER_IPC_LOG_H
#define BINDER_IPC_LOG_H

#include <linux/compiler_attributes.h>

__printf(1, 2)
void binder_user_error(const char *fmt, ...);
int binder_wait_if_stopped(void);

#endif
