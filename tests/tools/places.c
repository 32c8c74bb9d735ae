// SPDX-License-Identifier: GPL-2.0
/*
 * Where there are instances of binderfs, and logs.
 */
#include <errno.h>
#include <mntent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "info.h"

/**
 * has_line() - does a list of the kernel have a word?
 * @path: the list
 * @word: the last word of a line of it
 *
 * Return: false also if there is no such list.
 */
bool has_line(const char *path, const char *word)
{
	FILE *f = fopen(path, "re");
	char line[256];
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f)) {
		char *last = line + strcspn(line, "\n");

		*last = 0;
		while (last > line && !strchr(" \t", last[-1]))
			last--;
		found = !strcmp(last, word);
	}
	if (f)
		fclose(f);
	return found;
}

/* The folder is one of logs if the first of them can be read. */
static void try_logs(struct places *p, const char *dir, const char *folder)
{
	char *logs = format("%s/%s", dir, folder);

	if (p->logs)
		return;
	if (!access(format("%s/state", logs), R_OK))
		p->logs = logs;
	else if (errno == EACCES)
		p->logs_denied = true;
}

/**
 * find_places() - look for binderfs and logs
 *
 * Return: what is mounted in the mount namespace of this process.
 */
struct places find_places(void)
{
	FILE *f = setmntent("/proc/self/mounts", "re");
	struct places p = {};
	struct mntent *m;

	while (f && (m = getmntent(f))) {
		if (!strcmp(m->mnt_type, "binder")) {
			p.mounts = grow(p.mounts, p.nr_mounts,
					sizeof(*p.mounts));
			p.mounts[p.nr_mounts++] = format("%s", m->mnt_dir);
			try_logs(&p, m->mnt_dir, "binder_logs");
		} else if (!strcmp(m->mnt_type, "debugfs")) {
			try_logs(&p, m->mnt_dir, "binder");
		}
	}
	if (f)
		endmntent(f);
	return p;
}
