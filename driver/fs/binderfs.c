// SPDX-License-Identifier: GPL-2.0
/*
 * binderfs as a file system: options, mounting, remounting.
 *
 * A mount is an instance that nobody else shares, and a user namespace may make
 * one for itself. What it can use up is numbers and memory: minor numbers come
 * from one pool for all instances, of which the last few are out of reach for
 * containers, and inodes and contexts are charged to who makes them.
 *
 * What is in an instance is made by entries.c.
 */
#include <linux/capability.h>
#include <linux/cleanup.h>
#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/ipc_namespace.h>
#include <linux/magic.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>

#include "dev/dev.h"
#include "fs/binderfs.h"

/* Kept for the initial IPC namespace, so that no container locks it out. */
#define RESERVED_MINORS	4

enum option { OPT_MAX, OPT_STATS };
enum stats_mode { STATS_GLOBAL };

static const struct constant_table stats_modes[] = {
	{ "global", STATS_GLOBAL },
	{}
};

static const struct fs_parameter_spec parameters[] = {
	fsparam_u32("max", OPT_MAX),
	fsparam_enum("stats", OPT_STATS, stats_modes),
	{}
};

static int parse_param(struct fs_context *fc, struct fs_parameter *param)
{
	struct binderfs_options *options = fc->fs_private;
	struct fs_parse_result result;
	int opt = fs_parse(fc, parameters, param, &result);

	switch (opt) {
	case OPT_MAX:
		if (result.uint_32 > BINDERFS_MINORS)
			return invalfc(fc, "max is at most %u", BINDERFS_MINORS);
		options->max = result.uint_32;
		return 0;
	case OPT_STATS:
		/* They tell of all processes, in whatever namespace. */
		if (!capable(CAP_SYS_ADMIN))
			return -EPERM;
		options->stats = true;
		return 0;
	default:
		return opt;
	}
}

/* Options that are not given again are back at their defaults. */
static int reconfigure(struct fs_context *fc)
{
	const struct binderfs_options *options = fc->fs_private;
	struct binderfs *fs = fc->root->d_sb->s_fs_info;

	if (options->stats != fs->options.stats)
		return invalfc(fc, "stats cannot be changed");
	guard(spinlock)(&fs->lock);
	fs->options.max = options->max;
	return 0;
}

static int show_options(struct seq_file *m, struct dentry *root)
{
	struct binderfs *fs = root->d_sb->s_fs_info;

	seq_printf(m, ",max=%u", READ_ONCE(fs->options.max));
	if (fs->options.stats)
		seq_puts(m, ",stats=global");
	return 0;
}

static const struct super_operations super_ops = {
	.statfs = simple_statfs,
	.drop_inode = generic_delete_inode,
	.evict_inode = binderfs_evict,
	.show_options = show_options,
};

static struct binderfs *new_instance(struct fs_context *fc)
{
	bool initial = current->nsproxy->ipc_ns == &init_ipc_ns;
	struct binderfs *fs = kzalloc(sizeof(*fs), GFP_KERNEL_ACCOUNT);

	if (!fs)
		return NULL;
	spin_lock_init(&fs->lock);
	fs->options = *(struct binderfs_options *)fc->fs_private;
	fs->last_minor = BINDERFS_MINORS - 1 - (initial ? 0 : RESERVED_MINORS);
	fs->uid = make_kuid(fc->user_ns, 0);
	if (!uid_valid(fs->uid))
		fs->uid = GLOBAL_ROOT_UID;
	fs->gid = make_kgid(fc->user_ns, 0);
	if (!gid_valid(fs->gid))
		fs->gid = GLOBAL_ROOT_GID;
	return fs;
}

static int add_preset(const char *name, void *sb)
{
	return binderfs_add_device(sb, name);
}

/* What user space may rely on; each file says yes by its presence. */
static const char * const features[] = {
	"oneway_spam_detection",
	"extended_error",
	"freeze_notification",
	"transaction_report",
};

static int feature_show(struct seq_file *m, void *unused)
{
	seq_puts(m, "1\n");
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(feature);

static int add_features(struct super_block *sb)
{
	struct dentry *dir = binderfs_add_dir(sb->s_root, "features");
	int i, err = PTR_ERR_OR_ZERO(dir);

	for (i = 0; i < ARRAY_SIZE(features) && !err; i++)
		err = PTR_ERR_OR_ZERO(binderfs_add_file(dir, features[i],
							&feature_fops, NULL));
	return err;
}

/* Whatever was made before an error goes in kill_sb(). */
static int fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct binderfs *fs = new_instance(fc);
	int err;

	if (!fs)
		return -ENOMEM;
	sb->s_fs_info = fs;
	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_magic = BINDERFS_SUPER_MAGIC;
	sb->s_op = &super_ops;
	sb->s_time_gran = 1;
	/* Its devices are its point, also in a user namespace; programs are not. */
	sb->s_iflags &= ~SB_I_NODEV;
	sb->s_iflags |= SB_I_NOEXEC;

	sb->s_root = d_make_root(binderfs_new_root(sb));
	if (!sb->s_root)
		return -ENOMEM;
	err = binderfs_add_control(sb);
	if (!err)
		err = binder_presets_for_each(add_preset, sb);
	if (!err)
		err = add_features(sb);
	if (!err && fs->options.stats)
		err = binderfs_add_logs(sb->s_root);
	return err;
}

static void kill_sb(struct super_block *sb)
{
	struct binderfs *fs = sb->s_fs_info;

	kill_litter_super(sb);
	kfree(fs);
}

static int get_tree(struct fs_context *fc)
{
	return get_tree_nodev(fc, fill_super);
}

static void free_options(struct fs_context *fc)
{
	kfree(fc->fs_private);
}

static const struct fs_context_operations context_ops = {
	.free = free_options,
	.parse_param = parse_param,
	.get_tree = get_tree,
	.reconfigure = reconfigure,
};

static int init_fs_context(struct fs_context *fc)
{
	struct binderfs_options *options = kzalloc(sizeof(*options), GFP_KERNEL);

	if (!options)
		return -ENOMEM;
	options->max = BINDERFS_MINORS;
	fc->fs_private = options;
	fc->ops = &context_ops;
	return 0;
}

static struct file_system_type fs_type = {
	.owner = THIS_MODULE,
	.name = "binder",
	.init_fs_context = init_fs_context,
	.parameters = parameters,
	.kill_sb = kill_sb,
	.fs_flags = FS_USERNS_MOUNT,
};

/**
 * binderfs_is() - is a file system one of ours?
 * @sb: the file system
 *
 * Context: any.
 * Return: true if it is.
 */
bool binderfs_is(const struct super_block *sb)
{
	return sb->s_type == &fs_type;
}

/**
 * binderfs_init() - offer the file system
 *
 * Context: at boot, may sleep; after binder_devices_init().
 * Return: 0; -EBUSY if there is no major number or there is a file system of that
 *	name; -ENOMEM.
 */
int __init binderfs_init(void)
{
	int err = binderfs_entries_init();

	if (err)
		return err;
	err = register_filesystem(&fs_type);
	if (err)
		binderfs_entries_exit();
	return err;
}

/**
 * binderfs_exit() - undo binderfs_init()
 *
 * Context: at boot, when nothing is mounted; may sleep.
 */
void __init binderfs_exit(void)
{
	unregister_filesystem(&fs_type);
	binderfs_entries_exit();
}
