// SPDX-License-Identifier: GPL-2.0
/*
 * call_chains: who waits for whom, oldest first. Each chain begins with a call that nobody
 * else waits for, and a line of it leads to the next:
 *
 *   from a call that a thread handles to the call that it made meanwhile,
 *   from a call that waits for a process all of whose threads are busy to a
 *   call that one of these waits for.
 *
 * A chain that comes back to one of its calls will not end by itself: that is a
 * deadlock, as soon as none of the busy threads comes back from elsewhere.
 *
 * All calls are written down first, each under the lock that it belongs to, so
 * they are not of one moment; chains of calls that take long are right.
 */
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/seq_file.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "fs/logs.h"
#include "ipc/context.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/thread.h"
#include "ipc/txn.h"

#define MAX_CALLS 512

/* A call that is waited for. Whom it was sent to may be gone by now. */
struct waiting_call {
	pid_t from_pid, from_tid;
	pid_t to_pid, to_tid;	/* to_tid: 0 if no thread has it */
	bool seen;		/* in the chain being shown */
	bool inner;		/* made by a thread that handles another */
	u32 id;
	u32 node;
	u32 code;
	unsigned long started;
	char context[32];
};

struct calls {
	unsigned int nr;
	unsigned int left_out;
	struct waiting_call v[MAX_CALLS];
};

static void note_call(struct calls *calls, const struct binder_thread *from,
		      const struct binder_txn *t)
{
	struct waiting_call *c;

	if (calls->nr == MAX_CALLS) {
		calls->left_out++;
		return;
	}
	c = &calls->v[calls->nr++];
	*c = (struct waiting_call) {
		.from_pid = from->proc->pid,
		.from_tid = from->pid,
		.to_pid = t->to->pid,
		.to_tid = READ_ONCE(t->to_tid),
		.id = t->id,
		.node = t->node->id,
		.code = t->code,
		.started = t->started,
	};
	strscpy(c->context, from->proc->context->name);
}

static void note_calls_of(struct binder_proc *proc, void *arg)
{
	struct rb_node *n;

	guard(spinlock)(&proc->lock);
	for (n = rb_first(&proc->threads); n; n = rb_next(n)) {
		struct binder_thread *thread =
			rb_entry(n, struct binder_thread, node);
		struct binder_txn *t, *below;

		for (t = thread->stack; t; t = below) {
			bool outgoing = t->from == thread;

			below = outgoing ? t->from_below : t->to_below;
			if (outgoing)
				note_call(arg, thread, t);
		}
	}
}

/*
 * The first call that the thread which handles @c has made since. They are sorted
 * by age.
 */
static struct waiting_call *made_for(struct calls *calls,
				     const struct waiting_call *c)
{
	unsigned int i;

	for (i = 0; i < calls->nr; i++) {
		struct waiting_call *d = &calls->v[i];

		if (d->from_tid == c->to_tid && (s32)(d->id - c->id) > 0)
			return d;
	}
	return NULL;
}

/* A call that keeps a thread of the process from handling @c. */
static struct waiting_call *in_the_way_of(struct calls *calls,
					  const struct waiting_call *c)
{
	unsigned int i;

	for (i = 0; i < calls->nr; i++) {
		if (calls->v[i].from_pid == c->to_pid)
			return &calls->v[i];
	}
	return NULL;
}

static struct waiting_call *next_call(struct calls *calls,
				      const struct waiting_call *c)
{
	return c->to_tid ? made_for(calls, c) : in_the_way_of(calls, c);
}

/* A thread that sleeps in a read for want of work is given it at once. */
static const char *state(const struct waiting_call *c)
{
	return c->to_tid ? "" : ", queued: all threads are busy";
}

static void show_call(struct seq_file *s, int depth,
		      const struct waiting_call *c)
{
	seq_printf(s, "%*s%d:%d -> %d:%d call %u node %u code %u context %s %u ms%s\n",
		   2 * depth, "", binder_log_pid(c->from_pid),
		   binder_log_pid(c->from_tid), binder_log_pid(c->to_pid),
		   binder_log_pid(c->to_tid), c->id, c->node, c->code, c->context,
		   jiffies_to_msecs(jiffies - c->started), state(c));
}

static void show_chain(struct seq_file *s, struct calls *calls,
		       struct waiting_call *c)
{
	unsigned int i;
	int depth = 0;

	for (i = 0; i < calls->nr; i++)
		calls->v[i].seen = false;
	for (; c && !c->seen; c = next_call(calls, c)) {
		show_call(s, depth++, c);
		c->seen = true;
	}
	if (c)
		seq_printf(s, "%*scycle: back to call %u\n", 2 * depth, "",
			   c->id);
}

static int by_age(const void *x, const void *y)
{
	const struct waiting_call *a = x, *b = y;

	return (s32)(a->id - b->id);
}

static int binder_log_chains_show(struct seq_file *s, void *unused)
{
	struct calls *calls = vzalloc(sizeof(*calls));
	struct waiting_call *inner;
	unsigned int i;

	if (!calls)
		return -ENOMEM;
	binder_proc_for_each(note_calls_of, calls);
	sort(calls->v, calls->nr, sizeof(calls->v[0]), by_age, NULL);
	for (i = 0; i < calls->nr; i++) {
		inner = calls->v[i].to_tid ? made_for(calls, &calls->v[i]) :
					     NULL;
		if (inner)
			inner->inner = true;
	}
	for (i = 0; i < calls->nr; i++) {
		if (!calls->v[i].inner)
			show_chain(s, calls, &calls->v[i]);
	}
	if (calls->left_out)
		seq_printf(s, "and %u more calls\n", calls->left_out);
	vfree(calls);
	return 0;
}

SHOW_FOPS(binder_log_chains);
