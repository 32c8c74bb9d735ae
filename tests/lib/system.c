// SPDX-License-Identifier: GPL-2.0
/*
 * The rest of the kernel as tests see it; system.h lists what there is.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system.h"

#define DEBUGFS		"/sys/kernel/debug"
#define SHRINKERS	DEBUGFS "/shrinker"
#define CGROUPS		"/sys/fs/cgroup"

/* Mount @type on @dir unless @probe, which it provides, is there. */
static void need(const char *type, const char *dir, const char *probe)
{
	if (!access(probe, F_OK))
		return;
	if (mount(type, dir, type, 0, NULL))
		test_abort("cannot mount %s on %s: %m", type, dir);
}

/**
 * system_init() - mount what the other functions read
 */
void system_init(void)
{
	need("proc", "/proc", "/proc/self");
	need("sysfs", "/sys", "/sys/kernel");
	need("debugfs", DEBUGFS, SHRINKERS);
}

/**
 * on_stock() - tell which driver is under test
 *
 * This project's driver has a report of its arenas in debugfs.
 *
 * Return: true on the kernel's own driver.
 */
bool on_stock(void)
{
	static int stock = -1;

	if (stock < 0) {
		system_init();
		stock = access(DEBUGFS "/binder_arena", F_OK) != 0;
	}
	return stock;
}

/**
 * lsm_own_context() - the security context of the calling process
 * @context: where to store it
 * @size: of @context in bytes
 *
 * Return: its length, or -1 if no security module gives processes one.
 */
ssize_t lsm_own_context(char *context, size_t size)
{
	int fd = open("/proc/self/attr/current", O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return -1;
	len = read(fd, context, size);
	close(fd);
	return len;
}

/**
 * lsm_has_contexts() - tell whether processes have security contexts
 *
 * Return: true if a security module, such as SELinux, gives them one.
 */
bool lsm_has_contexts(void)
{
	char byte;

	return lsm_own_context(&byte, 1) > 0;
}

/**
 * write_file() - write a string to a file that takes it as an order
 * @path: the file
 * @value: the string
 *
 * The test fails if it is refused.
 */
void write_file(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len = strlen(value);

	if (fd < 0)
		test_abort("cannot open %s: %m", path);
	if (write(fd, value, len) != len)
		test_abort("cannot write \"%s\" to %s: %m", value, path);
	close(fd);
}

static FILE *open_file(const char *path)
{
	FILE *f = fopen(path, "re");

	if (!f)
		test_abort("cannot open %s: %m", path);
	return f;
}

/* The shrinker's directory has the number of the shrinker in its name. */
static const char *shrinker_dir(void)
{
	static char path[512];
	struct dirent *e;
	DIR *d;

	if (path[0])
		return path;
	system_init();
	d = opendir(SHRINKERS);
	while (d && (e = readdir(d)))
		if (!strncmp(e->d_name, "android-binder", 14))
			snprintf(path, sizeof(path), SHRINKERS "/%s", e->d_name);
	if (d)
		closedir(d);
	if (!path[0])
		test_abort("there is no android-binder shrinker in " SHRINKERS);
	return path;
}

/* Count the objects of @group, and note one group that has some. */
static unsigned long count_objects(u64 group, u64 *some_group)
{
	unsigned long long ino;
	unsigned long n, sum = 0;
	char path[600];
	FILE *f;

	snprintf(path, sizeof(path), "%s/count", shrinker_dir());
	f = open_file(path);
	while (fscanf(f, "%llu %lu", &ino, &n) == 2) {
		if (group != ANY_GROUP && group != ino)
			continue;
		sum += n;
		*some_group = ino;
	}
	fclose(f);
	return sum;
}

/**
 * reclaimable() - pages the driver offers to give back
 * @group: inode number of a control group, or ANY_GROUP
 *
 * Return: how many.
 */
unsigned long reclaimable(u64 group)
{
	u64 ignored;

	return count_objects(group, &ignored);
}

/**
 * await_reclaimable() - wait for a number of reclaimable pages in the system
 * @n: how many
 *
 * What earlier tests left is taken apart asynchronously; the test fails if it
 * does not come to @n.
 */
void await_reclaimable(unsigned long n)
{
	u64 limit = now_ms() + ACTOR_PATIENCE_MS;
	unsigned long seen;

	do {
		seen = reclaimable(ANY_GROUP);
		if (seen == n)
			return;
		sleep_ms(1);
	} while (now_ms() < limit);
	test_abort("%lu pages are reclaimable, not %lu", seen, n);
}

/**
 * reclaim() - have the driver's shrinker look at some pages
 * @group: inode number of a control group; ANY_GROUP if only one has any
 * @n: how many pages to look at
 */
void reclaim(u64 group, unsigned long n)
{
	char path[600], order[80];

	if (group == ANY_GROUP && !count_objects(ANY_GROUP, &group))
		return;
	snprintf(path, sizeof(path), "%s/scan", shrinker_dir());
	/* A shrinker that knows no groups wants to hear of none. */
	if (on_stock())
		group = 0;
	snprintf(order, sizeof(order), "%llu 0 %lu", (unsigned long long)group,
		 n);
	write_file(path, order);
}

/**
 * drop_slab_caches() - have all shrinkers give back what they can
 */
void drop_slab_caches(void)
{
	system_init();
	write_file("/proc/sys/vm/drop_caches", "2");
}

/**
 * cgroup_new() - make a control group that can limit memory
 * @name: its name; a group of that name that is left over is removed first
 *
 * Return: its path, valid until the next call.
 */
const char *cgroup_new(const char *name)
{
	static char path[256];

	system_init();
	need("cgroup2", CGROUPS, CGROUPS "/cgroup.controllers");
	write_file(CGROUPS "/cgroup.subtree_control", "+memory");
	snprintf(path, sizeof(path), CGROUPS "/%s", name);
	rmdir(path);
	if (mkdir(path, 0755))
		test_abort("cannot make %s: %m", path);
	return path;
}

/**
 * cgroup_id() - the number by which shrinker files name a control group
 * @group: its path
 *
 * Return: the inode number.
 */
u64 cgroup_id(const char *group)
{
	struct stat st;

	if (stat(group, &st))
		test_abort("cannot stat %s: %m", group);
	return st.st_ino;
}

/**
 * cgroup_write() - write a file of a control group
 * @group: its path
 * @file: name of the file
 * @value: what to write
 */
void cgroup_write(const char *group, const char *file, const char *value)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", group, file);
	write_file(path, value);
}

/**
 * cgroup_read() - read a number from a file of a control group
 * @group: its path
 * @file: name of the file
 * @key: the word before the number; NULL if the file is one number
 *
 * Return: the number.
 */
u64 cgroup_read(const char *group, const char *file, const char *key)
{
	unsigned long long n = 0;
	char path[512], word[64];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", group, file);
	f = open_file(path);
	if (!key)
		found = fscanf(f, "%llu", &n) == 1;
	while (!found && fscanf(f, "%63s %llu", word, &n) == 2)
		found = !strcmp(word, key);
	fclose(f);
	if (!found)
		test_abort("no %s in %s", key ? key : "number", path);
	return n;
}

/**
 * cgroup_add() - move a process to a control group
 * @group: path of the group
 * @pid: the process
 */
void cgroup_add(const char *group, pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", pid);
	cgroup_write(group, "cgroup.procs", text);
}

/**
 * cgroup_delete() - remove a control group
 * @group: its path; its processes have been reaped
 *
 * A group may stay busy for a moment after its last process.
 */
void cgroup_delete(const char *group)
{
	u64 limit = now_ms() + ACTOR_PATIENCE_MS;

	while (rmdir(group)) {
		if (errno != EBUSY || now_ms() > limit)
			test_abort("cannot remove %s: %m", group);
		sleep_ms(1);
	}
}

/* The number behind "@field:" in the lines of @f up to the next such block. */
static long field_kb(FILE *f, const char *field)
{
	size_t len = strlen(field);
	char line[512];

	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, field, len) && line[len] == ':')
			return strtol(line + len + 1, NULL, 10);
	return -1;
}

/* Free pages that each CPU keeps for itself. */
static u64 cpu_lists_kb(void)
{
	FILE *f = open_file("/proc/zoneinfo");
	unsigned long count;
	char line[512];
	u64 pages = 0;

	while (fgets(line, sizeof(line), f))
		if (sscanf(line, " count: %lu", &count) == 1)
			pages += count;
	fclose(f);
	return pages * (sysconf(_SC_PAGESIZE) >> 10);
}

/**
 * free_memory_kb() - how much of the memory is free
 *
 * MemFree does not count what the CPUs keep for the next allocation, which is
 * tens of megabytes after many pages have come and gone.
 *
 * Return: kibibytes.
 */
u64 free_memory_kb(void)
{
	FILE *f = open_file("/proc/meminfo");
	long kb = field_kb(f, "MemFree");

	fclose(f);
	if (kb < 0)
		test_abort("no MemFree in /proc/meminfo");
	return kb + cpu_lists_kb();
}

/* Open smaps of @pid behind the header of the mapping that begins at @addr. */
static FILE *smaps_of(pid_t pid, const void *addr)
{
	char path[64], line[512];
	unsigned long start;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/smaps", pid);
	f = open_file(path);
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%lx-", &start) == 1 &&
		    start == (unsigned long)addr)
			return f;
	test_abort("no mapping at %p in %s", addr, path);
}

/**
 * smaps_kb() - a number about one mapping
 * @pid: its process
 * @addr: where it begins
 * @field: name of the line in smaps
 *
 * Return: kibibytes, -1 if there is no such line.
 */
long smaps_kb(pid_t pid, const void *addr, const char *field)
{
	FILE *f = smaps_of(pid, addr);
	long kb = field_kb(f, field);

	fclose(f);
	return kb;
}

/**
 * smaps_flags() - the VmFlags line of one mapping
 * @pid: its process
 * @addr: where it begins
 *
 * Return: the flags, each followed by a blank; valid until the next call.
 */
const char *smaps_flags(pid_t pid, const void *addr)
{
	FILE *f = smaps_of(pid, addr);
	static char line[256];
	char *flags = NULL;

	while (!flags && fgets(line, sizeof(line), f))
		if (!strncmp(line, "VmFlags: ", 9))
			flags = line + 9;
	fclose(f);
	if (!flags)
		test_abort("no VmFlags of the mapping at %p", addr);
	flags[strcspn(flags, "\n")] = 0;
	return flags;
}
