/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reports of failed transactions to whoever listens on generic netlink.
 *
 * Names and numbers are those that user space knows from kernels 6.18 and later.
 */
#ifndef BINDER_REPORT_NETLINK_H
#define BINDER_REPORT_NETLINK_H

#include <linux/types.h>

#define BINDER_NL_FAMILY	"binder"
#define BINDER_NL_VERSION	1
#define BINDER_NL_GROUP		"report"

/* The only message; nobody can ask for anything. */
#define BINDER_NL_REPORT	1

/**
 * enum binder_nl_attr - what a report has
 * @BINDER_NL_ERROR: u32, the BR_ code that the sender is told
 * @BINDER_NL_CONTEXT: string, name of the device
 * @BINDER_NL_FROM_PID: u32, process of the sender
 * @BINDER_NL_FROM_TID: u32, its thread
 * @BINDER_NL_TO_PID: u32, process of the receiver; absent if it was not found
 * @BINDER_NL_TO_TID: u32, its thread; absent unless it had to be this one
 * @BINDER_NL_IS_REPLY: flag
 * @BINDER_NL_FLAGS: u32, as the sender gave them
 * @BINDER_NL_CODE: u32, the same
 * @BINDER_NL_DATA_SIZE: u32, the same, in bytes
 */
enum binder_nl_attr {
	BINDER_NL_ERROR = 1,
	BINDER_NL_CONTEXT,
	BINDER_NL_FROM_PID,
	BINDER_NL_FROM_TID,
	BINDER_NL_TO_PID,
	BINDER_NL_TO_TID,
	BINDER_NL_IS_REPLY,
	BINDER_NL_FLAGS,
	BINDER_NL_CODE,
	BINDER_NL_DATA_SIZE,
};

struct binder_thread;

/* netlink.c APIs: */
void binder_netlink_report(const struct binder_thread *sender, __u32 error);
int binder_netlink_init(void);
void binder_netlink_exit(void);

#endif
