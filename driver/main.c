// SPDX-License-Identifier: GPL-2.0
/*
 * The driver at boot: floor by floor, from the ground up.
 */
#include <linux/init.h>

#include "arena/arena.h"
#include "dev/dev.h"
#include "fs/binderfs.h"
#include "ipc/proc.h"
#include "ipc/txn.h"
#include "report/netlink.h"

static int __init binder_init(void)
{
	int err = arena_init();

	if (!err)
		err = binder_release_init();
	if (!err)
		err = binder_txn_init();
	if (!err)
		err = binder_netlink_init();
	if (!err)
		err = binder_devices_init();
	if (!err)
		err = binderfs_init();
	return err;
}
device_initcall(binder_init);
