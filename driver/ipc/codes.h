/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The names of the codes, for people.
 */
#ifndef BINDER_IPC_CODES_H
#define BINDER_IPC_CODES_H

#include <linux/types.h>
#include <uapi/linux/android/binder.h>

/* By the sequence numbers of the codes. */
#define BINDER_NR_BC	(_IOC_NR(BC_FREEZE_NOTIFICATION_DONE) + 1)
#define BINDER_NR_BR	(_IOC_NR(BR_CLEAR_FREEZE_NOTIFICATION_DONE) + 1)

/* codes.c APIs: */
const char *binder_bc_name(u32 cmd);
const char *binder_br_name(u32 cmd);

#endif
