// SPDX-License-Identifier: GPL-2.0
/*
 * binder-info check: from the kernel to the devices, in the order in which one
 * needs the other.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "info.h"

#define MODULE	"/sys/module/binder"

static bool all_there = true;

/**
 * finding() - say what was found
 * @verdict: how it is
 * @what: what it is about, a word
 * @fmt: what was found, and what to do if it is not ok; as for printf()
 */
void finding(enum verdict verdict, const char *what, const char *fmt, ...)
{
	static const char *const names[] = { "ok", "warning", "missing" };
	va_list args;

	if (verdict == V_MISSING)
		all_there = false;
	printf("%-8s %-10s ", names[verdict], what);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}

static const char default_names[] = "binder,hwbinder,vndbinder";

/**
 * device_names() - how the devices are called that programs expect
 *
 * Return: the names that the driver was given, or else the usual ones; NULL
 * behind the last.
 */
char **device_names(void)
{
	static const char *const parameters[] = {
		MODULE "/parameters/devices",
		MODULE "_linux/parameters/devices",
	};
	char text[4096], *name, *rest = NULL, **names = NULL;
	FILE *f = NULL;
	size_t i, n = 0;

	for (i = 0; i < ARRAY_SIZE(parameters) && !f; i++)
		f = fopen(parameters[i], "re");
	if (!f || !fgets(text, sizeof(text), f))
		snprintf(text, sizeof(text), "%s", default_names);
	if (f)
		fclose(f);
	for (name = strtok_r(text, ",\n", &rest); name;
	     name = strtok_r(NULL, ",\n", &rest)) {
		names = grow(names, n, sizeof(*names));
		names[n++] = format("%s", name);
	}
	return grow(names, n, sizeof(*names));
}

/**
 * boot_device() - is there a device of this name from boot?
 * @name: the name
 * @minor: where to store its minor number; the major number is 10
 *
 * Return: false if the driver has not made one.
 */
bool boot_device(const char *name, unsigned int *minor)
{
	FILE *f = fopen("/proc/misc", "re");
	char line[256], is[256];
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f))
		found = sscanf(line, "%u %255s", minor, is) == 2 &&
			!strcmp(is, name);
	if (f)
		fclose(f);
	return found;
}

static bool any_boot_device(void)
{
	char **names = device_names();
	unsigned int minor;
	size_t i;

	for (i = 0; names[i]; i++) {
		if (boot_device(names[i], &minor))
			return true;
	}
	return false;
}

/* Its traces, those that do not depend on how it is configured first. */
static const char *trace_of_driver(void)
{
	if (!access(MODULE, F_OK))
		return MODULE;
	if (!access(MODULE "_linux", F_OK))
		return MODULE "_linux";
	if (has_line("/proc/filesystems", "binder"))
		return "/proc/filesystems";
	if (any_boot_device())
		return "/proc/misc";
	return NULL;
}

static bool check_driver(void)
{
	const char *trace = trace_of_driver();
	struct utsname u;

	uname(&u);
	if (trace)
		finding(V_OK, "driver", "Linux %s has one, says %s", u.release,
			trace);
	else
		finding(V_MISSING, "driver",
			"Linux %s has none; build one with CONFIG_BINDER_IPC=y or CONFIG_ANDROID_BINDER_IPC=y, or: modprobe binder_linux",
			u.release);
	return trace;
}

/* One can do without if there are devices from boot. */
static void check_filesystem(const struct places *p)
{
	bool from_boot = any_boot_device();
	size_t i;

	if (!has_line("/proc/filesystems", "binder")) {
		if (from_boot)
			finding(V_OK, "filesystem",
				"none, and none needed: there are devices from boot");
		else
			finding(V_MISSING, "filesystem",
				"binder is not in /proc/filesystems; build the kernel with CONFIG_BINDER_IPC_BINDERFS=y or CONFIG_ANDROID_BINDERFS=y");
		return;
	}
	finding(V_OK, "filesystem", "binder");
	for (i = 0; i < p->nr_mounts; i++)
		finding(V_OK, "mount", "%s", p->mounts[i]);
	if (!p->nr_mounts)
		finding(from_boot ? V_WARNING : V_MISSING, "mount",
			"no binderfs%s; mkdir -p /dev/binderfs && mount -t binder none /dev/binderfs",
			from_boot ? ", there are devices from boot alone" : "");
}

static void check_logs(const struct places *p)
{
	if (p->logs)
		finding(V_OK, "logs", "%s; see: binder-info logs", p->logs);
	else if (p->logs_denied)
		finding(V_WARNING, "logs",
			"not for user %u; look as root, or give access to binder_logs of a binderfs",
			geteuid());
	else
		finding(V_WARNING, "logs",
			"none; mount -t debugfs none /sys/kernel/debug, or a binderfs with -o stats=global");
}

/**
 * check() - is all there?
 * @devices: the only ones to look at, NULL behind the last; none: all
 *
 * Return: 0, or 1 if something is missing.
 */
int check(char *const *devices)
{
	struct places p = find_places();

	if (check_driver()) {
		check_filesystem(&p);
		check_devices(&p, devices);
		check_logs(&p);
	}
	return all_there ? 0 : 1;
}
