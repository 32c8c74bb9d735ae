// SPDX-License-Identifier: GPL-2.0
/*
 * failed_transactions: the last attempts that failed, each with the check that
 * failed and what the sender asked for; failed_stats: how many for each reason.
 *
 * A line has columns, "-" where one means nothing; the last, the reason, is a
 * sentence.
 */
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "fs/logs.h"
#include "ipc/attempt.h"
#include "ipc/codes.h"

static const char *const kind_names[] = {
	[BINDER_ATTEMPT_CALL]	= "call",
	[BINDER_ATTEMPT_ONEWAY]	= "oneway",
	[BINDER_ATTEMPT_REPLY]	= "reply",
};

/* Whom: a handle leads nowhere if there is no node. */
static void show_target(struct seq_file *s, const struct binder_attempt *a)
{
	if (a->to_pid)
		seq_printf(s, "%d:%d ", binder_log_pid(a->to_pid),
			   binder_log_pid(a->to_tid));
	else
		seq_puts(s, "- ");
	if (a->kind == BINDER_ATTEMPT_REPLY)
		seq_puts(s, "- - ");
	else if (a->node)
		seq_printf(s, "%u %u ", a->handle, a->node);
	else
		seq_printf(s, "%u - ", a->handle);
}

static void show_space(struct seq_file *s, const struct binder_attempt *a)
{
	const struct arena_space *space = &a->space;

	if (a->asked)
		seq_printf(s, "%zu ", a->asked);
	else
		seq_puts(s, "- ");
	if (!space->size)
		seq_puts(s, "- - - - ");
	else if (!space->held_nr)
		seq_printf(s, "%zu %zu %zu - ", space->largest, space->free,
			   space->oneway_free);
	else
		seq_printf(s, "%zu %zu %zu %d:%zu:%zu ", space->largest,
			   space->free, space->oneway_free,
			   binder_log_pid(space->holder),
			   space->held, space->held_nr);
}

static void show_failure(struct seq_file *s,
			 const struct binder_attempt_record *r)
{
	const struct binder_attempt *a = &r->attempt;

	seq_printf(s, "%u %s %s %d:%d ", a->id, r->context,
		   kind_names[a->kind], binder_log_pid(a->from_pid),
		   binder_log_pid(a->from_tid));
	show_target(s, a);
	seq_printf(s, "%s ", binder_br_name(a->result.cmd));
	if (a->result.err)
		seq_printf(s, "%pe ", ERR_PTR(a->result.err));
	else
		seq_puts(s, "- ");
	show_space(s, a);
	seq_printf(s, "%s: %s\n", binder_why_name(a->result.why),
		   binder_why_text(a->result.why));
}

static int binder_log_failures_show(struct seq_file *s, void *unused)
{
	struct binder_attempt_record *r = kmalloc(sizeof(*r), GFP_KERNEL);
	unsigned int age = BINDER_NR_ATTEMPTS;

	if (!r)
		return -ENOMEM;
	seq_puts(s, "id context kind from to handle node error errno asked largest free oneway_free holder reason\n");
	while (age--) {
		if (binder_attempt_get(r, true, age))
			show_failure(s, r);
	}
	kfree(r);
	return 0;
}

SHOW_FOPS(binder_log_failures);

static int binder_log_failure_stats_show(struct seq_file *s, void *unused)
{
	enum binder_why why;

	for (why = BINDER_WHY_NONE + 1; why < BINDER_NR_WHY; why++) {
		unsigned int nr = binder_failures(why);

		if (nr)
			seq_printf(s, "%s: %u\n", binder_why_name(why), nr);
	}
	return 0;
}

SHOW_FOPS(binder_log_failure_stats);
