// SPDX-License-Identifier: GPL-2.0
/*
 * debugfs: binder_arena describes the region of every receiver.
 */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/seq_file.h>

#include "arena/arena.h"

static void show_one(struct arena *a, void *arg)
{
	arena_show(a, arg);
}

static int binder_arena_show(struct seq_file *s, void *unused)
{
	seq_puts(s, "binder arenas, newest first:\n");
	arena_for_each(show_one, s);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(binder_arena);

static int __init binder_debugfs_init(void)
{
	debugfs_create_file("binder_arena", 0400, NULL, NULL,
			    &binder_arena_fops);
	return 0;
}
device_initcall(binder_debugfs_init);
