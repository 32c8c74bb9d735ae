// SPDX-License-Identifier: GPL-2.0
/*
 * Look at the receiver from outside, and play memory pressure.
 */
#include <err.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "observe.h"

#define PAGE		4096
#define ARENAS		"/sys/kernel/debug/binder_arena"
#define SHRINKER	"/sys/kernel/debug/shrinker/android-binder-*"

static FILE *open_or_die(const char *path, const char *mode)
{
	FILE *f = fopen(path, mode);

	if (!f)
		err(1, "%s", path);
	return f;
}

/* The columns of /proc/PID/maps are far apart. */
static void squeeze(char *to, const char *from)
{
	for (; *from; from++)
		if (*from != ' ' || from[1] != ' ')
			*to++ = *from;
	*to = 0;
}

/**
 * observe_mapping() - find the mapping of a file in a process
 * @pid: the process
 * @what: the file's path
 * @m: out
 */
void observe_mapping(pid_t pid, const char *what, struct mapping *m)
{
	char path[64], line[sizeof(m->line)];
	bool in = false;
	FILE *f;

	memset(m, 0, sizeof(*m));
	snprintf(path, sizeof(path), "/proc/%d/smaps", pid);
	f = open_or_die(path, "r");
	while (fgets(line, sizeof(line), f)) {
		unsigned long start, end;
		char perms[8];

		line[strcspn(line, "\n")] = 0;
		if (sscanf(line, "%lx-%lx %7s", &start, &end, perms) == 3) {
			in = strstr(line, what);
			if (!in)
				continue;
			m->start = start;
			m->end = end;
			snprintf(m->perms, sizeof(m->perms), "%s", perms);
			squeeze(m->line, line);
		} else if (in && !strncmp(line, "VmFlags: ", 9)) {
			snprintf(m->flags, sizeof(m->flags), "%s", line + 9);
			m->flags[strlen(m->flags) - 1] = 0;	/* a blank */
		} else if (in && !strncmp(line, "Rss:", 4)) {
			m->rss = atol(line + 4);
		}
	}
	fclose(f);
	if (!m->start)
		errx(1, "no %s in %s", what, path);
}

/* A row that is not shown repeats the one before. */
static void repeat_row(struct region *r, size_t end)
{
	for (; r->row && r->nr_slots < end; r->nr_slots++)
		r->slots[r->nr_slots] = r->slots[r->nr_slots - r->row];
}

static void add_row(struct region *r, size_t from, const char *row)
{
	size_t len = strlen(row);

	if (from + len > MAX_SLOTS || from < r->nr_slots)
		errx(1, ARENAS ": slots %zu to %zu", from, from + len);
	if (!r->row)
		r->row = len;
	repeat_row(r, from);
	memcpy(r->slots + from, row, len);
	r->nr_slots = from + len;
}

static void parse_line(struct region *r, const char *line)
{
	char row[128];
	size_t from;

	if (sscanf(line, " ranges: %ld live", &r->ranges) == 1 ||
	    sscanf(line, " pages: %ld in use, %ld idle, %ld absent",
		   &r->in_use, &r->idle, &r->absent) == 3)
		return;
	if (!strncmp(line, "  events:", 9))
		snprintf(r->events, sizeof(r->events), "%s", line + 9);
	else if (sscanf(line, " %zu %127[#o.]", &from, row) == 2)
		add_row(r, from, row);
}

static long count_slots(const struct region *r, char state)
{
	long n = 0;

	for (size_t i = 0; i < r->nr_slots; i++)
		n += r->slots[i] == state;
	return n;
}

static void check_books(const struct region *r, size_t slots)
{
	if (r->nr_slots != slots || r->in_use != count_slots(r, '#') ||
	    r->idle != count_slots(r, 'o') ||
	    r->absent != count_slots(r, '.'))
		errx(1, ARENAS ": %ld + %ld + %ld pages, but %zu slots shown",
		     r->in_use, r->idle, r->absent, r->nr_slots);
}

/**
 * observe_region() - read the driver's books of a region
 * @m: where it is mapped
 * @r: out
 *
 * Ends the program if the counts are not those of the picture.
 */
void observe_region(const struct mapping *m, struct region *r)
{
	char line[sizeof(r->events)];
	bool in = false, found = false;
	FILE *f = open_or_die(ARENAS, "r");

	memset(r, 0, sizeof(*r));
	while (fgets(line, sizeof(line), f)) {
		unsigned long start, end;

		if (sscanf(line, " region: %lx-%lx", &start, &end) == 2) {
			in = start == m->start && end == m->end;
			found |= in;
		} else if (in) {
			parse_line(r, line);
		}
	}
	fclose(f);
	if (!found)
		errx(1, ARENAS " does not have the region at %#lx", m->start);
	/* What repeats to the end is not shown either. */
	if (r->in_use + r->idle + r->absent <= MAX_SLOTS)
		repeat_row(r, r->in_use + r->idle + r->absent);
	check_books(r, (m->end - m->start) / PAGE);
}

/**
 * region_event() - how often something happened
 * @r: the region
 * @name: the count's name
 *
 * Return: the count.
 */
long region_event(const struct region *r, const char *name)
{
	size_t len = strlen(name);
	const char *at = r->events;

	while ((at = strstr(at, name))) {
		if (at > r->events && at[-1] == ' ' && at[len] == ' ')
			return atol(at + len);
		at += len;
	}
	errx(1, ARENAS " has no count '%s'", name);
}

/**
 * shrink() - have the shrinker look at idle pages
 * @nr: how many on each memory node, of each memory cgroup that has some
 */
void shrink(long nr)
{
	char path[128], line[256];
	glob_t g;
	FILE *count, *scan;

	if (glob(SHRINKER, 0, NULL, &g) || g.gl_pathc != 1)
		errx(1, "no " SHRINKER);
	snprintf(path, sizeof(path), "%s/count", g.gl_pathv[0]);
	count = open_or_die(path, "r");
	snprintf(path, sizeof(path), "%s/scan", g.gl_pathv[0]);
	while (fgets(line, sizeof(line), count)) {
		char *at = line;
		unsigned long ino = strtoul(at, &at, 10);

		for (int node = 0; *at && *at != '\n'; node++) {
			if (!strtoul(at, &at, 10))
				continue;
			scan = open_or_die(path, "w");
			fprintf(scan, "%lu %d %ld", ino, node, nr);
			if (fclose(scan))
				err(1, "%s", path);
		}
	}
	fclose(count);
	globfree(&g);
}
