// SPDX-License-Identifier: GPL-2.0
/*
 * state, transactions and proc/<pid>: processes with what belongs to them.
 *
 * Each part of a process is shown under the lock that guards it, so no line is
 * ever half old and half new; one part may be newer than the one before it.
 */
#include <linux/jiffies.h>

#include "arena/arena.h"
#include "fs/logs.h"
#include "ipc/context.h"
#include "ipc/death.h"
#include "ipc/freeze.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/ref.h"
#include "ipc/thread.h"
#include "ipc/txn.h"

/* What a node is to its owner: addresses in its memory. */
static void show_addresses(struct seq_file *s, const struct binder_node *node)
{
	if (s->private == BINDER_LOG_HASHED)
		seq_printf(s, "u%p c%p", (void *)(long)node->ptr,
			   (void *)(long)node->cookie);
	else
		seq_printf(s, "u%016llx c%016llx", node->ptr, node->cookie);
}

/* What the receiver, whose process is shown, has of it. */
static void show_buffer_of(struct seq_file *s, struct binder_txn *t)
{
	if (READ_ONCE(t->buffer_freed)) {
		seq_puts(s, " buffer free");
		return;
	}
	if (t->node)
		seq_printf(s, " node %u", t->node->id);
	seq_printf(s, " size %llu:%llu offset %zx", t->data_size,
		   t->offsets_size, t->buf.range.start);
}

static void show_txn(struct seq_file *s, struct binder_proc *proc,
		     const char *prefix, struct binder_txn *t)
{
	seq_printf(s, "%s %u: %pK from %d:%d to %d:%d code %x flags %x ",
		   prefix, t->id, t, binder_log_pid(t->from_pid),
		   binder_log_pid(t->from_tid),
		   READ_ONCE(t->to->dead) ? 0 : binder_log_pid(t->to->pid),
		   binder_log_pid(READ_ONCE(t->to_tid)), t->code, t->flags);
	seq_printf(s, "pri %d r%d elapsed %ums", t->nice, !!t->from,
		   jiffies_to_msecs(jiffies - t->started));
	if (t->to == proc)
		show_buffer_of(s, t);
	seq_putc(s, '\n');
}

/* The two kinds of completion that are told apart are so by number. */
static const char *complete_name(struct binder_txn *t)
{
	if (t->pending_frozen)
		return "unknown work: type 3";
	if (t->buf.suspect)
		return "unknown work: type 4";
	return "transaction complete";
}

static const char *death_name(const struct binder_death *death)
{
	return death->cleared ? "has cleared dead binder" : "has dead binder";
}

static void show_work(struct seq_file *s, struct binder_proc *proc,
		      const char *indent, const char *txn_prefix,
		      struct binder_work *work)
{
	struct binder_node *node;

	switch (work->type) {
	case BINDER_WORK_TRANSACTION:
	case BINDER_WORK_REPLY:
		show_txn(s, proc, txn_prefix,
			 container_of(work, struct binder_txn, work));
		return;
	case BINDER_WORK_ERROR:
		seq_printf(s, "%stransaction error: %u\n", indent,
			   container_of(work, struct binder_error, work)->cmd);
		return;
	case BINDER_WORK_NODE:
		node = container_of(work, struct binder_node, work);
		seq_printf(s, "%snode work %u: ", indent, node->id);
		show_addresses(s, node);
		seq_putc(s, '\n');
		return;
	case BINDER_WORK_COMPLETE:
		seq_printf(s, "%s%s\n", indent,
			   complete_name(container_of(work, struct binder_txn,
						      complete)));
		return;
	case BINDER_WORK_DEAD:
		seq_printf(s, "%s%s\n", indent,
			   death_name(container_of(work, struct binder_death,
						   work)));
		return;
	case BINDER_WORK_DEAD_CLEARED:
		seq_printf(s, "%shas cleared death notification\n", indent);
		return;
	case BINDER_WORK_FROZEN:
		seq_printf(s, "%shas frozen binder\n", indent);
		return;
	case BINDER_WORK_FROZEN_CLEARED:
		break;
	}
	seq_printf(s, "%shas cleared freeze notification\n", indent);
}

static void show_stack(struct seq_file *s, struct binder_thread *thread)
{
	struct binder_txn *t, *below;

	for (t = thread->stack; t; t = below) {
		bool outgoing = t->from == thread;

		below = outgoing ? t->from_below : t->to_below;
		show_txn(s, thread->proc, outgoing ?
			 "    outgoing transaction" :
			 "    incoming transaction", t);
	}
}

static void show_thread(struct seq_file *s, struct binder_thread *thread,
			enum binder_log_detail detail)
{
	struct binder_work *work;

	if (detail == BINDER_LOG_BUSY && binder_thread_is_free(thread))
		return;
	seq_printf(s, "  thread %d: l %02x need_return %d tr 0\n",
		   binder_log_pid(thread->pid), thread->looper,
		   thread->must_return);
	show_stack(s, thread);
	list_for_each_entry(work, &thread->todo, entry)
		show_work(s, thread->proc, "    ",
			  "    pending transaction", work);
}

static void show_threads(struct seq_file *s, struct binder_proc *proc,
			 enum binder_log_detail detail)
{
	struct rb_node *n;

	guard(spinlock)(&proc->lock);
	for (n = rb_first(&proc->threads); n; n = rb_next(n))
		show_thread(s, rb_entry(n, struct binder_thread, node), detail);
}

static void show_node(struct binder_node *node, void *arg)
{
	struct seq_file *s = arg;
	struct binder_work *work;
	struct binder_ref *ref;

	seq_printf(s, "  node %u: ", node->id);
	show_addresses(s, node);
	seq_printf(s, " hs %d hw %d ls %lu lw %lu ", node->told_strong,
		   node->told_weak, node->local_strong, node->local_weak);
	seq_printf(s, "is %lu iw %zu tr %lu", node->strong_refs,
		   list_count_nodes(&node->refs), node->holds);
	if (!list_empty(&node->refs))
		seq_puts(s, " proc");
	list_for_each_entry_reverse(ref, &node->refs, holder)
		seq_printf(s, " %d", binder_log_pid(ref->proc->pid));
	seq_putc(s, '\n');
	list_for_each_entry(work, &node->oneway_todo, entry)
		show_work(s, node->proc, "    ",
			  "    pending async transaction", work);
}

static void show_nodes(struct seq_file *s, struct binder_proc *proc,
		       enum binder_log_detail detail)
{
	struct rb_node *n;

	guard(spinlock)(&proc->lock);
	for (n = rb_first(&proc->nodes); n; n = rb_next(n)) {
		struct binder_node *node = rb_entry(n, struct binder_node,
						    by_ptr);

		if (detail == BINDER_LOG_ALL || node->oneway_busy)
			show_node(node, s);
	}
}

static void show_refs(struct seq_file *s, struct binder_proc *proc)
{
	struct binder_ref *ref;
	unsigned long handle;

	guard(mutex)(&proc->refs_lock);
	xa_for_each(&proc->handles, handle, ref)
		seq_printf(s, "  ref %u: desc %d %snode %u s %lu w %lu d %pK\n",
			   ref->id, (s32)ref->handle,
			   READ_ONCE(ref->node->dead) ? "dead " : "",
			   ref->node->id, ref->strong, ref->weak, ref->death);
}

static void show_buf(struct arena_buf *b, void *arg)
{
	struct binder_txn *t = container_of(b, struct binder_txn, buf);

	seq_printf(arg, "  buffer %u: %zx size %llu:%llu:%zu %s\n", t->id,
		   b->range.start, t->data_size, t->offsets_size,
		   t->extra_size, READ_ONCE(t->over) ? "delivered" : "active");
}

static void show_todo(struct seq_file *s, struct binder_proc *proc)
{
	struct binder_work *work;

	guard(spinlock)(&proc->lock);
	list_for_each_entry(work, &proc->todo, entry)
		show_work(s, proc, "  ", "  pending transaction", work);
	if (!list_empty(&proc->delivered_deaths))
		seq_puts(s, "  has delivered dead binder\n");
	if (!list_empty(&proc->delivered_freezes))
		seq_puts(s, "  has delivered freeze binder\n");
}

/**
 * binder_log_proc() - show a process
 * @s: where
 * @proc: the process, not released meanwhile
 * @detail: how much; one that is not busy is left out where that is asked for
 *
 * Context: task context, no lock of driver/ipc held but that of the list of all
 *	processes, may sleep.
 */
void binder_log_proc(struct seq_file *s, struct binder_proc *proc,
		     enum binder_log_detail detail)
{
	size_t start = s->count, header;

	seq_printf(s, "proc %d\ncontext %s\n", binder_log_pid(proc->pid),
		   proc->context->name);
	header = s->count;
	show_threads(s, proc, detail);
	show_nodes(s, proc, detail);
	if (detail == BINDER_LOG_ALL)
		show_refs(s, proc);
	arena_buf_for_each(proc->arena, show_buf, s);
	show_todo(s, proc);
	if (detail == BINDER_LOG_BUSY && s->count == header)
		s->count = start;
}

static void show_all(struct binder_proc *proc, void *arg)
{
	binder_log_proc(arg, proc, BINDER_LOG_ALL);
}

static void show_busy(struct binder_proc *proc, void *arg)
{
	binder_log_proc(arg, proc, BINDER_LOG_BUSY);
}

static void show_dead_node(struct binder_node *node, void *arg)
{
	struct seq_file *s = arg;

	/* Nothing but the title of the file is before the first. */
	if (s->count == strlen("binder state:\n"))
		seq_puts(s, "dead nodes:\n");
	show_node(node, s);
}

static int binder_log_state_show(struct seq_file *s, void *unused)
{
	seq_puts(s, "binder state:\n");
	binder_dead_node_for_each(show_dead_node, s);
	binder_proc_for_each(show_all, s);
	return 0;
}

SHOW_FOPS(binder_log_state);

static int binder_log_transactions_show(struct seq_file *s, void *unused)
{
	seq_puts(s, "binder transactions:\n");
	binder_proc_for_each(show_busy, s);
	return 0;
}

SHOW_FOPS(binder_log_transactions);

static void show_if_same(struct binder_proc *proc, void *arg)
{
	struct seq_file *s = arg;

	if (proc->pid != (long)s->private)
		return;
	seq_puts(s, "binder proc state:\n");
	binder_log_proc(s, proc, BINDER_LOG_ALL);
}

static int binder_log_pid_show(struct seq_file *s, void *unused)
{
	binder_proc_for_each(show_if_same, s);
	return 0;
}

SHOW_FOPS(binder_log_pid);
