// SPDX-License-Identifier: GPL-2.0
/*
 * The names of the codes, see codes.h.
 */
#include "ipc/codes.h"

static const char *const bc_names[BINDER_NR_BC] = {
	"BC_TRANSACTION", "BC_REPLY", "BC_ACQUIRE_RESULT", "BC_FREE_BUFFER",
	"BC_INCREFS", "BC_ACQUIRE", "BC_RELEASE", "BC_DECREFS",
	"BC_INCREFS_DONE", "BC_ACQUIRE_DONE", "BC_ATTEMPT_ACQUIRE",
	"BC_REGISTER_LOOPER", "BC_ENTER_LOOPER", "BC_EXIT_LOOPER",
	"BC_REQUEST_DEATH_NOTIFICATION", "BC_CLEAR_DEATH_NOTIFICATION",
	"BC_DEAD_BINDER_DONE", "BC_TRANSACTION_SG", "BC_REPLY_SG",
	"BC_REQUEST_FREEZE_NOTIFICATION", "BC_CLEAR_FREEZE_NOTIFICATION",
	"BC_FREEZE_NOTIFICATION_DONE",
};

static const char *const br_names[BINDER_NR_BR] = {
	"BR_ERROR", "BR_OK", "BR_TRANSACTION", "BR_REPLY", "BR_ACQUIRE_RESULT",
	"BR_DEAD_REPLY", "BR_TRANSACTION_COMPLETE", "BR_INCREFS", "BR_ACQUIRE",
	"BR_RELEASE", "BR_DECREFS", "BR_ATTEMPT_ACQUIRE", "BR_NOOP",
	"BR_SPAWN_LOOPER", "BR_FINISHED", "BR_DEAD_BINDER",
	"BR_CLEAR_DEATH_NOTIFICATION_DONE", "BR_FAILED_REPLY",
	"BR_FROZEN_REPLY", "BR_ONEWAY_SPAM_SUSPECT",
	"BR_TRANSACTION_PENDING_FROZEN", "BR_FROZEN_BINDER",
	"BR_CLEAR_FREEZE_NOTIFICATION_DONE",
};

/**
 * binder_bc_name() - what a command is called
 * @cmd: its code; an unknown one has the name of the known one with its number
 *
 * Context: any.
 * Return: the name of the BC_ code, or "unknown".
 */
const char *binder_bc_name(u32 cmd)
{
	return _IOC_NR(cmd) < BINDER_NR_BC ? bc_names[_IOC_NR(cmd)] : "unknown";
}

/**
 * binder_br_name() - what a return is called
 * @cmd: its code, one that the driver returns
 *
 * Context: any.
 * Return: the name of the BR_ code.
 */
const char *binder_br_name(u32 cmd)
{
	return br_names[_IOC_NR(cmd)];
}
