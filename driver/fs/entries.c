// SPDX-License-Identifier: GPL-2.0
/*
 * What is in a binderfs: devices, binder-control that makes more of them, and
 * folders with files that are only read.
 *
 * An entry is an inode in the dentry cache and nothing else. The reference that
 * pins its dentry is given back by unlink, or for all at once when the file
 * system goes. A device needs a number, a place among those that the instance
 * may have, and a context; its inode owns all three, and who has the device open
 * has the inode. So there is one place where they are given back, and it does
 * not matter whether the device was unlinked, its file system detached, or never
 * shown because its name was taken.
 *
 * The context stays longer if a process does that was opened on it.
 */
#include <linux/cleanup.h>
#include <linux/fs.h>
#include <linux/fsnotify.h>
#include <linux/idr.h>
#include <linux/namei.h>
#include <linux/rwsem.h>
#include <linux/uaccess.h>
#include <uapi/linux/android/binderfs.h>

#include "dev/dev.h"
#include "fs/binderfs.h"
#include "ipc/context.h"

#define ROOT_INO	1
#define CONTROL_INO	2
/* Of a device, with its minor number added; behind them all the rest. */
#define FIRST_DEVICE_INO 3
#define FIRST_OTHER_INO	(FIRST_DEVICE_INO + BINDERFS_MINORS)

static dev_t first_dev;
static DEFINE_IDA(minors);

static struct inode *new_node(struct super_block *sb, unsigned long ino,
			      umode_t mode)
{
	struct binderfs *fs = sb->s_fs_info;
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = ino;
	inode->i_mode = mode;
	inode->i_uid = fs->uid;
	inode->i_gid = fs->gid;
	simple_inode_init_ts(inode);
	return inode;
}

/* Give the inode a name, or give it up. The dentry is pinned by its reference. */
static struct dentry *add_entry(struct dentry *parent, const char *name,
				struct inode *inode)
{
	struct inode *dir = d_inode(parent);
	struct dentry *dentry;

	guard(rwsem_write)(&dir->i_rwsem);
	dentry = lookup_one_len(name, parent, strlen(name));
	if (!IS_ERR(dentry) && d_really_is_positive(dentry)) {
		dput(dentry);
		dentry = ERR_PTR(-EEXIST);
	}
	if (IS_ERR(dentry)) {
		iput(inode);
		return dentry;
	}
	d_instantiate(dentry, inode);
	inode_set_mtime_to_ts(dir, inode_set_ctime_current(dir));
	if (S_ISDIR(inode->i_mode)) {
		inc_nlink(dir);
		fsnotify_mkdir(dir, dentry);
	} else {
		fsnotify_create(dir, dentry);
	}
	return dentry;
}

/* A character device that owns a minor number. It works by its inode alone. */
static struct inode *new_chardev(struct super_block *sb,
				 const struct file_operations *fops)
{
	const umode_t mode = S_IFCHR | 0600;
	struct binderfs *fs = sb->s_fs_info;
	struct inode *inode;
	int minor;

	minor = ida_alloc_max(&minors, fs->last_minor, GFP_KERNEL);
	if (minor < 0)
		return ERR_PTR(minor);
	inode = new_node(sb, FIRST_DEVICE_INO + minor, mode);
	if (!inode) {
		ida_free(&minors, minor);
		return ERR_PTR(-ENOMEM);
	}
	init_special_inode(inode, mode, MKDEV(MAJOR(first_dev), minor));
	inode->i_fop = fops;
	return inode;
}

static bool take_place(struct binderfs *fs)
{
	guard(spinlock)(&fs->lock);
	if (fs->devices >= fs->options.max)
		return false;
	fs->devices++;
	return true;
}

static void give_place_back(struct binderfs *fs)
{
	guard(spinlock)(&fs->lock);
	fs->devices--;
}

/* All of a device but its context and its name. */
static struct inode *new_device(struct super_block *sb)
{
	struct binderfs *fs = sb->s_fs_info;
	struct inode *inode;

	if (!take_place(fs))
		return ERR_PTR(-ENOSPC);
	inode = new_chardev(sb, &binder_fops);
	if (IS_ERR(inode))
		give_place_back(fs);
	return inode;
}

/* The inode is not the caller's any more, whatever comes of it. */
static int show_device(struct inode *inode, const char *name)
{
	inode->i_private = binder_context_create(name);
	if (!inode->i_private) {
		iput(inode);
		return -ENOMEM;
	}
	return PTR_ERR_OR_ZERO(add_entry(inode->i_sb->s_root, name, inode));
}

/**
 * binderfs_add_device() - one more device
 * @sb: the file system
 * @name: of the device and its context
 *
 * Context: may sleep, takes the lock of the root directory.
 * Return: 0; -ENOSPC if the instance may have no more or all minor numbers are
 *	used; -EACCES if the name is none; -EEXIST if it is taken; -ENOMEM.
 */
int binderfs_add_device(struct super_block *sb, const char *name)
{
	struct inode *inode = new_device(sb);

	return IS_ERR(inode) ? PTR_ERR(inode) : show_device(inode, name);
}

/*
 * BINDER_CTL_ADD. User space is told the number first, since a device that is
 * there cannot be taken back; so it may be told one of a device that is not.
 */
static long control_add(struct super_block *sb,
			struct binderfs_device __user *user)
{
	struct binderfs_device device;
	struct inode *inode;

	if (copy_from_user(&device, user, sizeof(device)))
		return -EFAULT;
	inode = new_device(sb);
	if (IS_ERR(inode))
		return PTR_ERR(inode);
	device.name[BINDERFS_MAX_NAME] = '\0';
	device.major = imajor(inode);
	device.minor = iminor(inode);
	if (copy_to_user(user, &device, sizeof(device))) {
		iput(inode);
		return -EFAULT;
	}
	return show_device(inode, device.name);
}

static long control_ioctl(struct file *file, unsigned int cmd,
			  unsigned long arg)
{
	struct super_block *sb = file_inode(file)->i_sb;

	if (cmd != BINDER_CTL_ADD)
		return -EINVAL;
	return control_add(sb, (struct binderfs_device __user *)arg);
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.open = nonseekable_open,
	.unlocked_ioctl = control_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

/**
 * binderfs_add_control() - the device that makes devices
 * @sb: the file system
 *
 * It has a minor number, but does not count as one of the devices.
 *
 * Context: may sleep, takes the lock of the root directory.
 * Return: 0; -ENOSPC if all minor numbers are used; -ENOMEM.
 */
int binderfs_add_control(struct super_block *sb)
{
	struct inode *inode = new_chardev(sb, &control_fops);

	if (IS_ERR(inode))
		return PTR_ERR(inode);
	inode->i_ino = CONTROL_INO;
	return PTR_ERR_OR_ZERO(add_entry(sb->s_root, "binder-control", inode));
}

static bool is_control(struct dentry *dentry)
{
	return d_really_is_positive(dentry) &&
	       d_inode(dentry)->i_ino == CONTROL_INO;
}

/**
 * binderfs_evict() - nobody has an inode any more
 * @inode: the inode
 *
 * Context: as for ->evict_inode.
 */
void binderfs_evict(struct inode *inode)
{
	clear_inode(inode);
	if (!S_ISCHR(inode->i_mode))
		return;
	ida_free(&minors, iminor(inode));
	if (inode->i_ino == CONTROL_INO)
		return;
	give_place_back(inode->i_sb->s_fs_info);
	if (inode->i_private)
		binder_context_put(inode->i_private);
}

static int root_unlink(struct inode *dir, struct dentry *dentry)
{
	return is_control(dentry) ? -EPERM : simple_unlink(dir, dentry);
}

static int root_rename(struct mnt_idmap *idmap, struct inode *old_dir,
		       struct dentry *old_dentry, struct inode *new_dir,
		       struct dentry *new_dentry, unsigned int flags)
{
	if (is_control(old_dentry) || is_control(new_dentry))
		return -EPERM;
	return simple_rename(idmap, old_dir, old_dentry, new_dir, new_dentry,
			     flags);
}

/* No folder but the root lets anything of it be removed or renamed. */
static const struct inode_operations root_ops = {
	.lookup = simple_lookup,
	.unlink = root_unlink,
	.rename = root_rename,
};

static struct inode *new_dir(struct super_block *sb, unsigned long ino,
			     const struct inode_operations *ops)
{
	struct inode *inode = new_node(sb, ino, S_IFDIR | 0755);

	if (!inode)
		return NULL;
	inode->i_op = ops;
	inode->i_fop = &simple_dir_operations;
	set_nlink(inode, 2);
	return inode;
}

static unsigned long next_ino(struct super_block *sb)
{
	struct binderfs *fs = sb->s_fs_info;

	return FIRST_OTHER_INO - 1 + atomic_long_inc_return(&fs->last_ino);
}

/**
 * binderfs_new_root() - the root directory
 * @sb: the file system
 *
 * Context: may sleep.
 * Return: the inode, or NULL: no memory.
 */
struct inode *binderfs_new_root(struct super_block *sb)
{
	return new_dir(sb, ROOT_INO, &root_ops);
}

/**
 * binderfs_add_dir() - a folder whose content user space cannot change
 * @parent: where
 * @name: what it is called
 *
 * Context: while mounting; may sleep, takes the lock of @parent.
 * Return: the folder, which stays as long as the file system; or an ERR_PTR():
 *	-EEXIST if the name is taken, -ENOMEM.
 */
struct dentry *binderfs_add_dir(struct dentry *parent, const char *name)
{
	struct super_block *sb = parent->d_sb;
	struct inode *inode;

	inode = new_dir(sb, next_ino(sb), &simple_dir_inode_operations);
	return inode ? add_entry(parent, name, inode) : ERR_PTR(-ENOMEM);
}

/**
 * binderfs_add_file() - a file to read
 * @parent: where
 * @name: what it is called
 * @fops: how it is read
 * @arg: what these find in ->i_private
 *
 * Context: may sleep, takes the lock of @parent.
 * Return: the file, which stays until simple_recursive_removal(), or as long as
 *	the file system; or an ERR_PTR(): -EEXIST if the name is taken, -ENOMEM.
 */
struct dentry *binderfs_add_file(struct dentry *parent, const char *name,
				 const struct file_operations *fops, void *arg)
{
	struct super_block *sb = parent->d_sb;
	struct inode *inode = new_node(sb, next_ino(sb), S_IFREG | 0444);

	if (!inode)
		return ERR_PTR(-ENOMEM);
	inode->i_fop = fops;
	inode->i_private = arg;
	return add_entry(parent, name, inode);
}

/**
 * binderfs_entries_init() - get the device numbers
 *
 * Context: at boot, may sleep.
 * Return: 0; -EBUSY if there is no major number; -ENOMEM.
 */
int __init binderfs_entries_init(void)
{
	return alloc_chrdev_region(&first_dev, 0, BINDERFS_MINORS, "binder");
}

/**
 * binderfs_entries_exit() - give the device numbers back
 *
 * Context: at boot, when nothing is mounted; may sleep.
 */
void __init binderfs_entries_exit(void)
{
	unregister_chrdev_region(first_dev, BINDERFS_MINORS);
}
