// SPDX-License-Identifier: GPL-2.0
/*
 * The devices: are they where programs look for them, can they be opened, and is
 * somebody there to be called?
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/android/binder.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "info.h"
#include "model.h"

/* Those that were looked at: one device may have several names. */
static dev_t *seen;
static size_t nr_seen;

static bool look_again(dev_t dev)
{
	size_t i;

	for (i = 0; i < nr_seen; i++) {
		if (seen[i] == dev)
			return false;
	}
	seen = grow(seen, nr_seen, sizeof(*seen));
	seen[nr_seen++] = dev;
	return true;
}

static void cannot_open(const char *path, const struct stat *st)
{
	const char *name = strrchr(path, '/') + 1;
	unsigned int minor;

	if (errno == EACCES || errno == EPERM)
		finding(V_MISSING, "device",
			"%s is not for user %u: it has mode %04o and belongs to %u:%u; chmod 666 %s",
			path, geteuid(), st->st_mode & 07777, st->st_uid,
			st->st_gid, path);
	else if ((errno == ENXIO || errno == ENODEV) &&
		 boot_device(name, &minor))
		finding(V_MISSING, "device",
			"%s leads to no driver; rm %s && mknod %s c 10 %u",
			path, path, path, minor);
	else
		finding(V_MISSING, "device", "%s cannot be opened: %s; rm %s and make it again",
			path, strerror(errno), path);
}

static bool speaks_binder(const char *path, int fd)
{
	struct binder_version v = {};

	if (ioctl(fd, BINDER_VERSION, &v)) {
		finding(V_MISSING, "device",
			"%s belongs to another driver; rm %s and make it again",
			path, path);
		return false;
	}
	if (v.protocol_version == BINDER_CURRENT_PROTOCOL_VERSION)
		return true;
	finding(V_MISSING, "device",
		"%s speaks protocol %d, this program %d; use programs of the same word size as the driver",
		path, v.protocol_version, BINDER_CURRENT_PROTOCOL_VERSION);
	return false;
}

static void check_mode(const char *path, const struct stat *st)
{
	if ((st->st_mode & 0666) == 0666)
		finding(V_OK, "device", "%s", path);
	else
		finding(V_WARNING, "device",
			"%s has mode %04o and belongs to %u:%u; for everybody: chmod 666 %s",
			path, st->st_mode & 07777, st->st_uid, st->st_gid,
			path);
}

/* While the device is open: by our reference the logs tell whose handle 0 is. */
static const char *who_manages(const struct places *p)
{
	const struct state *s;
	const struct proc *me;
	const struct ref *ref;
	pid_t pid;

	if (!p->logs)
		return "somebody (who it is the logs would know)";
	s = read_state(p->logs);
	me = newest_proc(s, getpid());
	ref = me ? ref_of(me, 0) : NULL;
	pid = ref ? owner_of(s, ref->node) : 0;
	return pid ? task_name(pid, 0) : "somebody";
}

static void check_manager(const struct places *p, const char *path, int fd)
{
	switch (probe_manager(fd)) {
	case MANAGER_THERE:
		finding(V_OK, "manager", "%s: %s", path, who_manages(p));
		return;
	case MANAGER_NONE:
		finding(V_MISSING, "manager",
			"%s has none; start a program that becomes its context manager",
			path);
		return;
	case MANAGER_UNKNOWN:
		finding(V_WARNING, "manager",
			"%s cannot be asked: %s; see dmesg", path,
			strerror(errno));
	}
}

static void check_device(const struct places *p, const char *path,
			 const struct stat *st)
{
	int fd;

	if (!S_ISCHR(st->st_mode)) {
		finding(V_MISSING, "device",
			"%s is not a device; rm %s and make it again", path,
			path);
		return;
	}
	if (!look_again(st->st_rdev))
		return;
	fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		cannot_open(path, st);
		return;
	}
	if (speaks_binder(path, fd)) {
		check_mode(path, st);
		check_manager(p, path, fd);
	}
	close(fd);
}

/* In some binderfs, under the same name. */
static const char *elsewhere(const struct places *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->nr_mounts; i++) {
		const char *path = format("%s/%s", p->mounts[i], name);

		if (!access(path, F_OK))
			return path;
	}
	return NULL;
}

/* Programs may look for it there, or not: unless it is this one that matters. */
static void not_there(const struct places *p, const char *path,
		      const char *name, bool needed)
{
	const char *other = elsewhere(p, name);
	unsigned int minor;

	if (other)
		finding(needed ? V_MISSING : V_WARNING, "device",
			"%s is not there, but %s; for programs that look here: ln -sf %s %s",
			path, other, other, path);
	else if (boot_device(name, &minor))
		finding(V_MISSING, "device",
			"%s is not there; rm -f %s && mknod %s c 10 %u", path,
			path, path, minor);
	else
		finding(V_MISSING, "device",
			"%s is not there; mount a binderfs, then: ln -sf /dev/binderfs/%s %s",
			path, name, path);
}

static void check_path(const struct places *p, const char *path, bool needed)
{
	const char *name = strrchr(path, '/');
	struct stat st;

	if (!name)
		path = format("./%s", path);
	name = strrchr(path, '/') + 1;
	if (!stat(path, &st))
		check_device(p, path, &st);
	else if (errno == ENOENT)
		not_there(p, path, name, needed);
	else
		finding(V_MISSING, "device", "%s: %s; see the folders above it",
			path, strerror(errno));
}

static int is_device(const struct dirent *e)
{
	return e->d_type == DT_CHR && strcmp(e->d_name, "binder-control");
}

static void check_instance(const struct places *p, const char *mount)
{
	struct dirent **e;
	int i, n = scandir(mount, &e, is_device, alphasort);

	if (n < 0)
		finding(V_WARNING, "mount", "%s: %s; look as root", mount,
			strerror(errno));
	else if (!n)
		finding(V_WARNING, "mount",
			"%s has no devices; BINDER_CTL_ADD of binder-control makes them",
			mount);
	for (i = 0; i < n; i++)
		check_path(p, format("%s/%s", mount, e[i]->d_name), false);
}

/**
 * check_devices() - look at the devices
 * @places: where there are some, beside /dev
 * @devices: the only ones to look at, NULL behind the last; none: all
 */
void check_devices(const struct places *places, char *const *devices)
{
	char **names = device_names();
	size_t i;

	for (i = 0; devices[i]; i++)
		check_path(places, devices[i], true);
	if (devices[0])
		return;
	for (i = 0; names[i]; i++)
		check_path(places, format("/dev/%s", names[i]), false);
	for (i = 0; i < places->nr_mounts; i++)
		check_instance(places, places->mounts[i]);
}
