// SPDX-License-Identifier: GPL-2.0
/*
 * oneway_buffers: the oldest buffers of oneway messages that a receiver has been
 * given and has not freed. They take the oneway space of their receiver, and keep
 * the next message to their node from being delivered.
 */
#include <linux/jiffies.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "arena/arena.h"
#include "fs/logs.h"
#include "ipc/context.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/txn.h"

#define NR_SHOWN 32

struct kept {
	unsigned long started;
	u32 id;
	u32 node;
	u32 code;
	size_t size;
	pid_t from_pid;
	pid_t from_tid;
	pid_t to_pid;
	char context[32];	/* as much of the name as is of use */
};

/* The oldest so far, in this order. */
struct oldest {
	struct binder_proc *proc;	/* being looked at */
	unsigned int nr;
	struct kept v[NR_SHOWN];
};

static void keep(struct oldest *oldest, unsigned int at,
		 const struct binder_txn *t)
{
	struct kept *k = &oldest->v[at];

	oldest->nr += oldest->nr < NR_SHOWN;
	memmove(k + 1, k, (oldest->nr - 1 - at) * sizeof(*k));
	*k = (struct kept) {
		.started = t->started,
		.id = t->id,
		.node = t->node->id,
		.code = t->code,
		.size = t->buf.range.size,
		.from_pid = t->from_pid,
		.from_tid = t->from_tid,
		.to_pid = oldest->proc->pid,
	};
	strscpy(k->context, oldest->proc->context->name);
}

static void look_at_buf(struct arena_buf *b, void *arg)
{
	struct binder_txn *t = container_of(b, struct binder_txn, buf);
	struct oldest *oldest = arg;
	unsigned int at = oldest->nr;

	if (!b->oneway || !atomic_read(&b->with_user))
		return;
	while (at && time_before(t->started, oldest->v[at - 1].started))
		at--;
	if (at < NR_SHOWN)
		keep(oldest, at, t);
}

static void look_at_proc(struct binder_proc *proc, void *arg)
{
	struct oldest *oldest = arg;

	oldest->proc = proc;
	arena_buf_for_each(proc->arena, look_at_buf, oldest);
}

static int binder_log_oneway_show(struct seq_file *s, void *unused)
{
	struct oldest *oldest = kzalloc(sizeof(*oldest), GFP_KERNEL);
	unsigned int i;

	if (!oldest)
		return -ENOMEM;
	binder_proc_for_each(look_at_proc, oldest);
	seq_puts(s, "id context age_ms from owner node code size\n");
	for (i = 0; i < oldest->nr; i++) {
		const struct kept *k = &oldest->v[i];

		seq_printf(s, "%u %s %u %d:%d %d %u %u %zu\n", k->id,
			   k->context, jiffies_to_msecs(jiffies - k->started),
			   binder_log_pid(k->from_pid), binder_log_pid(k->from_tid),
			   binder_log_pid(k->to_pid), k->node, k->code, k->size);
	}
	kfree(oldest);
	return 0;
}

SHOW_FOPS(binder_log_oneway);
