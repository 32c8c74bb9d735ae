// SPDX-License-Identifier: GPL-2.0
/*
 * stats: how often what was done, and how many of what there are.
 */
#include <linux/list.h>

#include "arena/arena.h"
#include "fs/logs.h"
#include "ipc/codes.h"
#include "ipc/context.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/ref.h"
#include "ipc/stats.h"
#include "ipc/thread.h"

static const char *const stat_names[BINDER_NR_STATS] = {
	[BINDER_STAT_PROC]		= "proc",
	[BINDER_STAT_THREAD]		= "thread",
	[BINDER_STAT_NODE]		= "node",
	[BINDER_STAT_REF]		= "ref",
	[BINDER_STAT_DEATH]		= "death",
	[BINDER_STAT_TRANSACTION]	= "transaction",
	[BINDER_STAT_TRANSACTION_COMPLETE] = "transaction_complete",
	[BINDER_STAT_FREEZE]		= "freeze",
};

static void show_counts(struct seq_file *s, const char *indent,
			const char *(*name)(u32 cmd), atomic_t *counts, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		int n = atomic_read(&counts[i]);

		if (n)
			seq_printf(s, "%s%s: %d\n", indent, name(i), n);
	}
}

static void show_codes(struct seq_file *s, const char *indent,
		       struct binder_codes *codes)
{
	show_counts(s, indent, binder_bc_name, codes->bc, BINDER_NR_BC);
	show_counts(s, indent, binder_br_name, codes->br, BINDER_NR_BR);
}

static void show_objects(struct seq_file *s)
{
	int i;

	for (i = 0; i < BINDER_NR_STATS; i++) {
		/* In this order: what is gone was made before. */
		int gone = atomic_read(&binder_stats.gone[i]);
		int made = atomic_read(&binder_stats.made[i]);

		if (made)
			seq_printf(s, "%s: active %d total %d\n", stat_names[i],
				   made - gone, made);
	}
}

static int nr_in_tree(const struct rb_root *root)
{
	struct rb_node *n;
	int nr = 0;

	for (n = rb_first(root); n; n = rb_next(n))
		nr++;
	return nr;
}

static void show_threads(struct seq_file *s, struct binder_proc *proc)
{
	guard(spinlock)(&proc->lock);
	seq_printf(s, "  threads: %d\n  requested threads: %u+%u/%d\n",
		   nr_in_tree(&proc->threads), proc->requested, proc->started,
		   (s32)proc->max_threads);
	seq_printf(s, "  ready threads %zu\n",
		   list_count_nodes(&proc->waiting));
	seq_printf(s, "  free async space %zu\n",
		   READ_ONCE(proc->arena->oneway_free));
	seq_printf(s, "  nodes: %d\n", nr_in_tree(&proc->nodes));
}

static void show_refs(struct seq_file *s, struct binder_proc *proc)
{
	unsigned long handle, nr = 0, strong = 0, weak = 0;
	struct binder_ref *ref;

	guard(mutex)(&proc->refs_lock);
	xa_for_each(&proc->handles, handle, ref) {
		nr++;
		strong += ref->strong;
		weak += ref->weak;
	}
	seq_printf(s, "  refs: %lu s %lu w %lu\n", nr, strong, weak);
}

static void count_buf(struct arena_buf *b, void *arg)
{
	++*(int *)arg;
}

static void show_memory(struct seq_file *s, struct arena *arena)
{
	struct arena_slot_counts pages = {};
	int buffers = 0;

	arena_buf_for_each(arena, count_buf, &buffers);
	if (arena_is_mapped(arena))
		arena_count_slots(arena, &pages);
	seq_printf(s, "  buffers: %d\n  pages: %zu:%zu:%zu\n", buffers,
		   pages.in_use, pages.idle, pages.absent);
	seq_printf(s, "  pages high watermark: %zu\n",
		   READ_ONCE(arena->watermark));
}

static size_t nr_pending(struct binder_proc *proc)
{
	struct binder_work *work;
	size_t nr = 0;

	guard(spinlock)(&proc->lock);
	list_for_each_entry(work, &proc->todo, entry)
		nr += work->type == BINDER_WORK_TRANSACTION;
	return nr;
}

static void show_proc(struct binder_proc *proc, void *arg)
{
	struct seq_file *s = arg;

	seq_printf(s, "proc %d\ncontext %s\n", binder_log_pid(proc->pid),
		   proc->context->name);
	show_threads(s, proc);
	show_refs(s, proc);
	show_memory(s, proc->arena);
	seq_printf(s, "  pending transactions: %zu\n", nr_pending(proc));
	show_codes(s, "  ", &proc->codes);
}

static int binder_log_stats_show(struct seq_file *s, void *unused)
{
	seq_puts(s, "binder stats:\n");
	show_codes(s, "", &binder_stats.codes);
	show_objects(s);
	binder_proc_for_each(show_proc, s);
	return 0;
}

SHOW_FOPS(binder_log_stats);
