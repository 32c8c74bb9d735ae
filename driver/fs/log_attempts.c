// SPDX-License-Identifier: GPL-2.0
/*
 * transaction_log and failed_transaction_log: the last attempts to send.
 */
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "fs/logs.h"
#include "ipc/attempt.h"

static const char *const kind_names[] = {
	[BINDER_ATTEMPT_CALL]	= "call ",
	[BINDER_ATTEMPT_ONEWAY]	= "async",
	[BINDER_ATTEMPT_REPLY]	= "reply",
};

static void show_record(struct seq_file *s, const struct binder_attempt_record *r)
{
	const struct binder_attempt *a = &r->attempt;

	seq_printf(s, "%u: %s from %d:%d to %d:%d context %s node %u handle %d ",
		   a->id, kind_names[a->kind], binder_log_pid(a->from_pid),
		   binder_log_pid(a->from_tid), binder_log_pid(a->to_pid),
		   binder_log_pid(a->to_tid), r->context, a->node, (s32)a->handle);
	/* Others have a line of their source here. */
	seq_printf(s, "size %d:%d ret %u/%d l=%d%s\n", (s32)a->data_size,
		   (s32)a->offsets_size, a->result.cmd, a->result.err,
		   a->result.why, a->done ? "" : " (incomplete)");
}

static int show(struct seq_file *s, bool failed)
{
	struct binder_attempt_record *r = kmalloc(sizeof(*r), GFP_KERNEL);
	unsigned int age = BINDER_NR_ATTEMPTS;

	if (!r)
		return -ENOMEM;
	while (age--) {
		if (binder_attempt_get(r, failed, age))
			show_record(s, r);
	}
	kfree(r);
	return 0;
}

static int binder_log_attempts_show(struct seq_file *s, void *unused)
{
	return show(s, false);
}

SHOW_FOPS(binder_log_attempts);

static int binder_log_failed_show(struct seq_file *s, void *unused)
{
	return show(s, true);
}

SHOW_FOPS(binder_log_failed);
