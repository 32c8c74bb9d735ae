// SPDX-License-Identifier: GPL-2.0
/*
 * Reports of failed transactions, see netlink.h.
 *
 * A report is made of what the sender has of the transaction, the record of its
 * attempt. The transaction itself is not looked at:
 * one that waits for a frozen receiver has been sent, and may be received, freed
 * and gone by the time it is reported.
 *
 * Reporting cannot fail anything. Without memory there is no report; a listener
 * that does not keep up loses some, and netlink tells it so.
 *
 * The family is of the initial network namespace alone, because processes are
 * named by their numbers in the initial pid namespace. Its group is open to all
 * there, as user space expects: a report has no content of a message in it.
 */
#include <linux/minmax.h>
#include <net/genetlink.h>
#include <uapi/linux/android/binder.h>

#include "ipc/attempt.h"
#include "ipc/context.h"
#include "ipc/proc.h"
#include "ipc/thread.h"
#include "report/netlink.h"
#include "report/trace.h"

static const struct genl_multicast_group groups[] = {
	{ .name = BINDER_NL_GROUP },
};

static struct genl_family family __ro_after_init = {
	.name = BINDER_NL_FAMILY,
	.version = BINDER_NL_VERSION,
	.module = THIS_MODULE,
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

static struct sk_buff *new_message(const char *context)
{
	/* All but the context and the flag are u32. */
	size_t numbers = BINDER_NL_DATA_SIZE - 2;

	return genlmsg_new(numbers * nla_total_size(sizeof(u32)) +
			   nla_total_size(strlen(context) + 1) +
			   nla_total_size(0), GFP_KERNEL);
}

static int put_ends(struct sk_buff *skb, const struct binder_attempt *a)
{
	int err = nla_put_u32(skb, BINDER_NL_FROM_PID, a->from_pid);

	err |= nla_put_u32(skb, BINDER_NL_FROM_TID, a->from_tid);
	if (a->to_pid)
		err |= nla_put_u32(skb, BINDER_NL_TO_PID, a->to_pid);
	if (a->to_tid)
		err |= nla_put_u32(skb, BINDER_NL_TO_TID, a->to_tid);
	return err;
}

static int put_command(struct sk_buff *skb, const struct binder_attempt *a)
{
	/* What is too big for the attribute is too big for any receiver. */
	u32 size = min_t(u64, a->data_size, U32_MAX);
	int err = 0;

	if (a->kind == BINDER_ATTEMPT_REPLY)
		err = nla_put_flag(skb, BINDER_NL_IS_REPLY);
	err |= nla_put_u32(skb, BINDER_NL_FLAGS, a->flags);
	err |= nla_put_u32(skb, BINDER_NL_CODE, a->code);
	err |= nla_put_u32(skb, BINDER_NL_DATA_SIZE, size);
	return err;
}

/* new_message() has left room for all of it. */
static void put_all(struct sk_buff *skb, const struct binder_attempt *a,
		    const char *context, u32 error)
{
	void *hdr = genlmsg_put(skb, 0, 0, &family, 0, BINDER_NL_REPORT);
	int err = nla_put_u32(skb, BINDER_NL_ERROR, error);

	err |= nla_put_string(skb, BINDER_NL_CONTEXT, context);
	err |= put_ends(skb, a);
	err |= put_command(skb, a);
	WARN_ON_ONCE(err);
	genlmsg_end(skb, hdr);
}

/**
 * binder_netlink_report() - tell who listens that a transaction failed
 * @sender: who tried to send it, the calling task's thread
 * @error: the BR_ code that the sender is told
 *
 * Also for a oneway transaction that has to wait because its receiver is frozen,
 * @error is BR_TRANSACTION_PENDING_FROZEN then.
 *
 * Context: task context, no lock held, may sleep to allocate if anybody listens.
 */
void binder_netlink_report(const struct binder_thread *sender, __u32 error)
{
	const char *context = sender->proc->context->name;
	struct sk_buff *skb;

	trace_binder_netlink_report(&sender->attempt, context, error);
	if (!genl_has_listeners(&family, &init_net, 0))
		return;
	skb = new_message(context);
	if (!skb)
		return;
	put_all(skb, &sender->attempt, context, error);
	genlmsg_multicast(&family, skb, 0, 0, GFP_KERNEL);
}

/**
 * binder_netlink_init() - make the family known
 *
 * Context: at boot, may sleep.
 * Return: 0; -EEXIST if there is a family of that name; -ENOMEM.
 */
int __init binder_netlink_init(void)
{
	return genl_register_family(&family);
}

/**
 * binder_netlink_exit() - undo binder_netlink_init()
 *
 * Context: at boot, may sleep.
 */
void __init binder_netlink_exit(void)
{
	genl_unregister_family(&family);
}
