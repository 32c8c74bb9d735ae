// SPDX-License-Identifier: GPL-2.0
/*
 * Reads the log file "state", a line at a time. What a line belongs to is told by
 * its indentation: two blanks for a process, four for the thread or the object
 * before it.
 */
#include <stdlib.h>
#include <string.h>

#include "info.h"
#include "model.h"

/* Where the reader is. Pointers are gone with the next entry. */
struct reader {
	struct state *s;
	struct proc *proc;	/* NULL before the first: dead nodes */
	struct todo *inner;	/* of the last thread or node, NULL: none */
};

static bool begin_proc(struct reader *r, const char *line)
{
	struct state *s = r->s;
	int pid;

	if (sscanf(line, "proc %d", &pid) != 1)
		return false;
	s->procs = grow(s->procs, s->nr_procs, sizeof(*s->procs));
	r->proc = &s->procs[s->nr_procs++];
	r->proc->pid = pid;
	r->inner = NULL;
	return true;
}

static bool read_thread(struct reader *r, const char *line)
{
	struct proc *p = r->proc;
	struct thread t = {};

	if (sscanf(line, "  thread %d: l %x", &t.tid, &t.looper) != 2)
		return false;
	p->threads = grow(p->threads, p->nr_threads, sizeof(t));
	p->threads[p->nr_threads] = t;
	r->inner = &p->threads[p->nr_threads++].todo;
	return true;
}

static void read_holders(struct node *n, const char *line)
{
	const char *at = strstr(line, " proc ");
	char *end;

	if (!at)
		return;
	for (at += 5; *at == ' '; at = end) {
		pid_t pid = strtol(at, &end, 10);

		if (end == at)
			return;
		n->holders = grow(n->holders, n->nr_holders, sizeof(pid));
		n->holders[n->nr_holders++] = pid;
	}
}

static bool read_node(struct reader *r, const char *line)
{
	struct proc *p = r->proc;
	struct node n = {};

	if (sscanf(line, "  node %u: u%31s c%*s hs %*d hw %*d ls %*d lw %*d is %d",
		   &n.id, n.ptr, &n.strong) != 3)
		return false;
	/* One whose process is gone is of interest to nobody. */
	if (!p)
		return true;
	read_holders(&n, line);
	p->nodes = grow(p->nodes, p->nr_nodes, sizeof(n));
	p->nodes[p->nr_nodes] = n;
	r->inner = &p->nodes[p->nr_nodes++].todo;
	return true;
}

static bool read_ref(struct proc *p, const char *line)
{
	struct ref f = {};
	const char *at;
	char d[32];
	int pos;

	if (sscanf(line, "  ref %*u: desc %d %n", &f.handle, &pos) != 1)
		return false;
	f.dead = !strncmp(line + pos, "dead ", 5);
	at = line + pos + (f.dead ? 5 : 0);
	if (sscanf(at, "node %u s %d w %d d %31s", &f.node, &f.strong, &f.weak,
		   d) != 4)
		return false;
	f.watched = strspn(d, "0") != strlen(d) && strcmp(d, "(null)");
	p->refs = grow(p->refs, p->nr_refs, sizeof(f));
	p->refs[p->nr_refs++] = f;
	return true;
}

static bool read_buffer(struct proc *p, const char *line)
{
	unsigned long long data, offsets, extra;
	struct buffer b = {};
	char how[16];

	if (sscanf(line, "  buffer %u: %*s size %llu:%llu:%llu %15s", &b.id,
		   &data, &offsets, &extra, how) != 5)
		return false;
	b.size = data + offsets + extra;
	b.delivered = !strcmp(how, "delivered");
	p->buffers = grow(p->buffers, p->nr_buffers, sizeof(b));
	p->buffers[p->nr_buffers++] = b;
	return true;
}

static bool is_work(const char *work)
{
	static const char *const begins[] = {
		"transaction error: ", "transaction complete", "node work ",
		"has ", "unknown work: ",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(begins); i++) {
		if (!strncmp(work, begins[i], strlen(begins[i])))
			return true;
	}
	return false;
}

static bool read_todo(struct todo *todo, const char *line)
{
	const char *work = line + strspn(line, " ");
	struct txn t;

	if (read_txn(line, &t)) {
		todo->txns = grow(todo->txns, todo->nr_txns, sizeof(t));
		todo->txns[todo->nr_txns++] = t;
		return true;
	}
	if (!is_work(work))
		return false;
	todo->works = grow(todo->works, todo->nr_works, sizeof(*todo->works));
	todo->works[todo->nr_works++] = format("%s", work);
	return true;
}

static bool read_line(struct reader *r, const char *line)
{
	struct proc *p = r->proc;

	if (begin_proc(r, line) || !strcmp(line, "binder state:") ||
	    !strcmp(line, "dead nodes:"))
		return true;
	if (!p)
		return read_node(r, line);
	if (!strncmp(line, "context ", 8)) {
		snprintf(p->context, sizeof(p->context), "%s", line + 8);
		return true;
	}
	if (!strncmp(line, "    ", 4))
		return r->inner && read_todo(r->inner, line);
	return read_thread(r, line) || read_node(r, line) ||
	       read_ref(p, line) || read_buffer(p, line) ||
	       read_todo(&p->todo, line);
}

/**
 * read_state() - read the logs
 * @logs: their folder
 *
 * Return: what they say.
 */
const struct state *read_state(const char *logs)
{
	FILE *f = fopen(format("%s/state", logs), "re");
	struct reader r = { .s = grow(NULL, 0, sizeof(*r.s)) };
	char line[4096];

	if (!f)
		fail("%s/state: %m", logs);
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		r.s->unknown += !read_line(&r, line);
	}
	fclose(f);
	read_stats(logs, r.s);
	return r.s;
}

/**
 * newest_proc() - what a process has opened last
 * @s: the logs
 * @pid: the process
 *
 * Return: NULL if it has no device open.
 */
const struct proc *newest_proc(const struct state *s, pid_t pid)
{
	size_t i;

	for (i = 0; i < s->nr_procs; i++) {
		if (s->procs[i].pid == pid)
			return &s->procs[i];
	}
	return NULL;
}

/**
 * ref_of() - what a handle stands for
 * @p: whose handle it is
 * @handle: its number
 *
 * Return: NULL if it has no such handle.
 */
const struct ref *ref_of(const struct proc *p, int handle)
{
	size_t i;

	for (i = 0; i < p->nr_refs; i++) {
		if (p->refs[i].handle == handle)
			return &p->refs[i];
	}
	return NULL;
}

/**
 * owner_of() - whose object is it?
 * @s: the logs
 * @node: debug id of the object
 *
 * Return: the process, 0 if it is gone.
 */
pid_t owner_of(const struct state *s, unsigned int node)
{
	size_t i, k;

	for (i = 0; i < s->nr_procs; i++) {
		const struct proc *p = &s->procs[i];

		for (k = 0; k < p->nr_nodes; k++) {
			if (p->nodes[k].id == node)
				return p->pid;
		}
	}
	return 0;
}
