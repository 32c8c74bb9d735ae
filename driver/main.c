// SPDX-License-Identifier: GPL-2.0
/*
 * The driver at boot: floor by floor, from the ground up. If one cannot be had,
 * those below it go again, and the kernel is one without binder.
 */
#include <linux/init.h>
#include <linux/printk.h>

#include "arena/arena.h"
#include "dev/dev.h"
#include "fs/binderfs.h"
#include "ipc/proc.h"
#include "ipc/txn.h"
#include "main.h"
#include "report/netlink.h"

struct floor {
	const char *name;
	int (*init)(void);
	void (*exit)(void);
};

static const struct floor floors[] __initconst = {
	{ "memory", arena_init, arena_exit },
	{ "processes", binder_release_init, binder_release_exit },
	{ "transactions", binder_txn_init, binder_txn_exit },
	{ "netlink", binder_netlink_init, binder_netlink_exit },
	{ "devices", binder_devices_init, binder_devices_exit },
	{ "binderfs", binderfs_init, binderfs_exit },
};

static void __init leave(const struct floor *above)
{
	while (above-- > floors)
		above->exit();
}

/**
 * binder_start() - set the driver up
 *
 * Context: at boot, may sleep.
 * Return: 0; or what the floor returned that could not be set up, and then none is.
 */
int __init binder_start(void)
{
	const struct floor *f;

	for (f = floors; f < floors + ARRAY_SIZE(floors); f++) {
		int err = f->init();

		if (err) {
			pr_err("binder: no %s: error %d; binder is not available\n", f->name, err);
			leave(f);
			return err;
		}
	}
	return 0;
}
device_initcall(binder_start);

#ifdef CONFIG_BINDER_IPC_KUNIT_TEST
/**
 * binder_stop() - undo binder_start(), for tests of it
 *
 * Context: at boot, when nobody has ever used the driver; may sleep.
 */
void __init binder_stop(void)
{
	leave(floors + ARRAY_SIZE(floors));
}
#endif
