// SPDX-License-Identifier: GPL-2.0
/*
 * Reads the log file "stats", which has the processes in the same order as the
 * file "state", but is of another moment.
 */
#include <string.h>

#include "info.h"
#include "model.h"

/* Of interest, or not. */
static bool read_number(struct stats *st, const char *line)
{
	return sscanf(line, "  requested threads: %*d+%d/%d", &st->started,
		      &st->max_threads) == 2 ||
	       sscanf(line, "  ready threads %d", &st->ready) == 1 ||
	       sscanf(line, "  free async space %lld", &st->async_space) == 1 ||
	       sscanf(line, "  pages: %d:%d:%d", &st->pages_in_use,
		      &st->pages_idle, &st->pages_absent) == 3;
}

/* The first behind those that have been found that is of the same process. */
static struct proc *find(struct state *s, size_t *next, pid_t pid,
			 const char *context)
{
	size_t i;

	for (i = *next; i < s->nr_procs; i++) {
		if (s->procs[i].pid != pid ||
		    strcmp(s->procs[i].context, context))
			continue;
		*next = i + 1;
		return &s->procs[i];
	}
	return NULL;
}

/**
 * read_stats() - add what the statistics say
 * @logs: the folder of the logs
 * @s: the processes; those that the statistics do not have remain as they are
 */
void read_stats(const char *logs, struct state *s)
{
	FILE *f = fopen(format("%s/stats", logs), "re");
	char line[512], context[256];
	struct proc *p = NULL;
	size_t next = 0;
	int pid = 0;

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "proc %d", &pid) == 1)
			continue;
		if (sscanf(line, "context %255[^\n]", context) == 1) {
			p = find(s, &next, pid, context);
			if (p)
				p->stats.known = true;
		} else if (p) {
			read_number(&p->stats, line);
		}
	}
	if (f)
		fclose(f);
}
