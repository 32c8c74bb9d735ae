// SPDX-License-Identifier: GPL-2.0
/*
 * binder-info logs: what the logs have, process by process, and who waits for
 * whom.
 */
#include <linux/android/binder.h>
#include <string.h>

#include "info.h"
#include "model.h"

/* Of what there may be thousands of, unless a process is asked for by number. */
#define A_FEW	8

static size_t limit;

/* How many of @n to show; says so if that is not all. */
static size_t few(size_t n)
{
	return limit && n > limit ? limit : n;
}

static void say_rest(const char *indent, size_t n)
{
	if (few(n) < n)
		printf("%sand %zu more\n", indent, n - few(n));
}

static const char *message(const struct txn *t)
{
	const char *size = t->has_size ? format(", %llu bytes", t->size) : "";

	return format("%s #%u (code %s%s)",
		      t->flags & TF_ONE_WAY ? "oneway" : "message", t->id,
		      code_name(t->code), size);
}

static const char *sender(const struct txn *t)
{
	return t->from_pid ? task_name(t->from_pid, t->from_tid) :
			     "somebody who is gone";
}

static const char *receiver(const struct txn *t)
{
	return t->to_pid ? task_name(t->to_pid, t->to_tid) :
			   "somebody who is gone";
}

static void show_thread_txn(const struct txn *t, const char *before)
{
	printf("%s", before);
	switch (t->kind) {
	case TXN_OUTGOING:
		printf("waits %s for %s to answer %s\n", duration(t->ms),
		       receiver(t), message(t));
		return;
	case TXN_INCOMING:
		printf("answers %s of %s, for %s\n", message(t), sender(t),
		       duration(t->ms));
		return;
	default:
		printf("has to read %s of %s, for %s\n", message(t), sender(t),
		       duration(t->ms));
	}
}

static void show_works(const struct todo *todo, const char *indent)
{
	size_t i;

	for (i = 0; i < few(todo->nr_works); i++)
		printf("%shas to read %s\n", indent, work_words(todo->works[i]));
	say_rest(indent, todo->nr_works);
}

static const char *idle_words(const struct thread *t)
{
	if (t->looper & LOOPER_WAITING)
		return "waits for work";
	if (t->looper & LOOPER_POLL)
		return "polls for work, or is outside the driver";
	if (t->looper & LOOPER)
		return "is outside the driver";
	return "is not one that handles calls";
}

static void show_thread(const struct thread *t)
{
	const struct todo *todo = &t->todo;
	size_t i;

	printf("    thread %d: ", t->tid);
	if (!todo->nr_txns)
		printf("%s\n", idle_words(t));
	for (i = 0; i < todo->nr_txns; i++)
		show_thread_txn(&todo->txns[i],
				!i ? "" :
				todo->txns[i].kind < TXN_PENDING ?
				"      while it " : "      and ");
	show_works(todo, "      and ");
}

static void show_threads(const struct proc *p)
{
	const struct stats *st = &p->stats;
	size_t i;

	printf("  threads: %zu", p->nr_threads);
	if (st->known)
		printf(", %d ready for any call, %d of %d started on demand",
		       st->ready, st->started, st->max_threads);
	putchar('\n');
	for (i = 0; i < few(p->nr_threads); i++)
		show_thread(&p->threads[i]);
	say_rest("    ", p->nr_threads);
}

/* What any thread of the process may read. */
static void show_queue(const struct proc *p)
{
	const struct todo *todo = &p->todo;
	size_t i;

	if (!todo->nr_txns && !todo->nr_works)
		return;
	printf("  queued: %zu\n", todo->nr_txns + todo->nr_works);
	for (i = 0; i < few(todo->nr_txns); i++)
		printf("    %s of %s, for %s\n", message(&todo->txns[i]),
		       sender(&todo->txns[i]), duration(todo->txns[i].ms));
	say_rest("    ", todo->nr_txns);
	for (i = 0; i < few(todo->nr_works); i++)
		printf("    %s\n", work_words(todo->works[i]));
	say_rest("    ", todo->nr_works);
}

static void show_node(const struct node *n)
{
	const char *ptr = n->ptr + strspn(n->ptr, "0");
	size_t i;

	printf("    #%u at 0x%s: ", n->id, *ptr ? ptr : "0");
	if (!n->nr_holders)
		printf("held by nobody");
	for (i = 0; i < few(n->nr_holders); i++)
		printf("%s%s", i ? ", " : "held by ",
		       task_name(n->holders[i], 0));
	if (few(n->nr_holders) < n->nr_holders)
		printf(" and %zu more", n->nr_holders - few(n->nr_holders));
	if (n->nr_holders && !n->strong)
		printf(", weakly");
	if (n->todo.nr_txns)
		printf("; %zu oneways wait for their turn", n->todo.nr_txns);
	putchar('\n');
}

static void show_nodes(const struct proc *p)
{
	size_t i;

	if (!p->nr_nodes)
		return;
	printf("  objects: %zu\n", p->nr_nodes);
	for (i = 0; i < few(p->nr_nodes); i++)
		show_node(&p->nodes[i]);
	say_rest("    ", p->nr_nodes);
}

static void show_refs(const struct state *s, const struct proc *p)
{
	size_t i;

	if (!p->nr_refs)
		return;
	printf("  handles: %zu\n", p->nr_refs);
	for (i = 0; i < few(p->nr_refs); i++) {
		const struct ref *f = &p->refs[i];
		pid_t owner = f->dead ? 0 : owner_of(s, f->node);

		printf("    %d: object #%u of %s%s%s\n", f->handle, f->node,
		       owner ? task_name(owner, 0) : "a dead process",
		       f->strong ? "" : ", weak",
		       f->watched ? ", watched for its death" : "");
	}
	say_rest("    ", p->nr_refs);
}

static void show_buffers(const struct proc *p)
{
	unsigned long long sum = 0;
	size_t i;

	for (i = 0; i < p->nr_buffers; i++)
		sum += p->buffers[i].size;
	if (!p->nr_buffers)
		return;
	printf("  buffers not freed: %zu, %llu bytes\n", p->nr_buffers, sum);
	for (i = 0; i < few(p->nr_buffers); i++) {
		const struct buffer *b = &p->buffers[i];

		printf("    #%u: %llu bytes, %s\n", b->id, b->size,
		       b->delivered ? "done with but for BC_FREE_BUFFER" :
				      "queued, or being answered");
	}
	say_rest("    ", p->nr_buffers);
}

static void show_memory(const struct proc *p)
{
	const struct stats *st = &p->stats;

	if (!st->known ||
	    !(st->pages_in_use + st->pages_idle + st->pages_absent))
		return;
	printf("  pages: %d in use, %d idle, %d absent; room for oneways: %lld bytes\n",
	       st->pages_in_use, st->pages_idle, st->pages_absent,
	       st->async_space);
}

static void show_proc(const struct state *s, const struct proc *p)
{
	printf("%s on %s\n", task_name(p->pid, 0), p->context);
	show_threads(p);
	show_queue(p);
	show_nodes(p);
	show_refs(s, p);
	show_buffers(p);
	show_memory(p);
	putchar('\n');
}

/* The call that a thread sleeps in; not if it has a message to read by now. */
static const struct txn *call_of(const struct thread *t)
{
	const struct todo *todo = &t->todo;
	size_t i;

	for (i = 0; i < todo->nr_txns; i++) {
		if (todo->txns[i].kind == TXN_PENDING)
			return NULL;
	}
	return todo->nr_txns && todo->txns[0].kind == TXN_OUTGOING ?
	       &todo->txns[0] : NULL;
}

static const struct txn *next_call(const struct state *s, const struct txn *t)
{
	size_t i, k;

	for (i = 0; i < s->nr_procs; i++) {
		const struct proc *p = &s->procs[i];

		for (k = 0; p->pid == t->to_pid && k < p->nr_threads; k++) {
			if (p->threads[k].tid == t->to_tid &&
			    call_of(&p->threads[k]))
				return call_of(&p->threads[k]);
		}
	}
	return NULL;
}

static bool any_ready(const struct state *s, pid_t pid)
{
	const struct proc *p = newest_proc(s, pid);

	return !p || !p->stats.known || p->stats.ready;
}

/* The whole chain, unless it is longer than any that can be meant. */
static void show_chain(const struct state *s, const struct txn *t)
{
	const struct txn *next;
	size_t n;

	printf("  %s waits %s for %s", sender(t), duration(t->ms), receiver(t));
	for (n = 0; (next = next_call(s, t)) && n < A_FEW; n++, t = next)
		printf(", who waits %s for %s", duration(next->ms),
		       receiver(next));
	if (!t->to_tid && t->to_pid)
		printf(", where nobody has read it yet%s",
		       any_ready(s, t->to_pid) ? "" : ": no thread is ready");
	putchar('\n');
}

static void show_waiting(const struct state *s, pid_t pid)
{
	size_t i, k, n = 0;

	printf("who waits for whom\n");
	for (i = 0; i < s->nr_procs; i++) {
		const struct proc *p = &s->procs[i];

		for (k = 0; k < p->nr_threads; k++) {
			const struct txn *t = call_of(&p->threads[k]);

			if (!t || (pid && t->from_pid != pid &&
				   t->to_pid != pid))
				continue;
			show_chain(s, t);
			n++;
		}
	}
	if (!n)
		printf("  nobody\n");
	putchar('\n');
}

static const char *find_logs(void)
{
	struct places places = find_places();

	if (!places.logs)
		fail(places.logs_denied ?
		     "the logs are not for this user: look as root" :
		     "there are no logs; \"binder-info check\" says more");
	return places.logs;
}

/**
 * show_logs() - say in words what the logs have
 * @dir: their folder; NULL: look for it
 * @pid: the only process to look at; 0: all
 *
 * Return: the exit status.
 */
int show_logs(const char *dir, pid_t pid)
{
	const char *logs = dir ?: find_logs();
	const struct state *s = read_state(logs);
	size_t i, n = 0;

	limit = pid ? 0 : A_FEW;
	for (i = 0; i < s->nr_procs; i++) {
		if (pid && s->procs[i].pid != pid)
			continue;
		show_proc(s, &s->procs[i]);
		n++;
	}
	if (!n && pid)
		fail("process %d has no Binder device open", pid);
	if (!n)
		printf("no process has a Binder device open\n\n");
	show_waiting(s, pid);
	show_failures(logs, pid);
	if (s->unknown)
		printf("\n%zu lines of %s/state were not understood\n",
		       s->unknown, logs);
	return 0;
}
