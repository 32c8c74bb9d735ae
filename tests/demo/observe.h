/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel says about the receiver's region: /proc and debugfs, parsed.
 */
#ifndef TESTS_DEMO_OBSERVE_H
#define TESTS_DEMO_OBSERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define MAX_SLOTS	1024

/**
 * struct mapping - a VMA of a process, from /proc/PID/smaps
 * @start: address
 * @end: one past the last byte
 * @line: the line of /proc/PID/maps
 * @flags: its VmFlags
 * @perms: its permissions
 * @rss: resident, KiB
 */
struct mapping {
	unsigned long start;
	unsigned long end;
	char line[512];
	char flags[512];
	char perms[8];
	long rss;
};

/**
 * struct region - an arena, from /sys/kernel/debug/binder_arena
 * @ranges: live ranges
 * @in_use: page slots in use
 * @idle: page slots with an idle page
 * @absent: page slots without a page
 * @slots: one character each: '#', 'o', '.'
 * @nr_slots: how many
 * @row: how many are shown in a row
 * @events: the line of counts
 */
struct region {
	long ranges;
	long in_use;
	long idle;
	long absent;
	char slots[MAX_SLOTS];
	size_t nr_slots;
	size_t row;
	char events[1024];
};

void observe_mapping(pid_t pid, const char *what, struct mapping *m);
void observe_region(const struct mapping *m, struct region *r);
long region_event(const struct region *r, const char *name);
void shrink(long nr);

#endif
