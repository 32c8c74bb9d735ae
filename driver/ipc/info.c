// SPDX-License-Identifier: GPL-2.0
/*
 * What user space may ask about nodes.
 */
#include <uapi/linux/android/binder.h>

#include "ipc/context.h"
#include "ipc/info.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/ref.h"

/**
 * binder_node_debug_info() - BINDER_GET_NODE_DEBUG_INFO
 * @proc: the calling process
 * @info: in: a ptr; out: the node of the process that follows, or all zero
 *
 * Context: takes proc->lock.
 */
void binder_node_debug_info(struct binder_proc *proc,
			    struct binder_node_debug_info *info)
{
	struct binder_node *node;

	guard(spinlock)(&proc->lock);
	node = binder_node_next(proc, info->ptr);
	*info = (struct binder_node_debug_info) {};
	if (!node)
		return;
	info->ptr = node->ptr;
	info->cookie = node->cookie;
	info->has_strong_ref = node->told_strong;
	info->has_weak_ref = node->told_weak;
}

static bool is_manager(struct binder_proc *proc)
{
	struct binder_node *node = binder_context_get_manager(proc->context);
	bool is = node && node->proc == proc;

	if (node)
		binder_node_put(node);
	return is;
}

/**
 * binder_node_info_for_ref() - BINDER_GET_NODE_INFO_FOR_REF
 * @proc: the calling process
 * @info: in: a handle, and nothing else; out: the counts of its node
 *
 * Context: task context, no lock held, may sleep.
 * Return: 0; -EINVAL if another field is not 0, or the process has no such
 *	handle or not strongly; -EPERM if it is not the context manager.
 */
int binder_node_info_for_ref(struct binder_proc *proc,
			     struct binder_node_info_for_ref *info)
{
	struct binder_ref *ref;

	if (info->strong_count || info->weak_count || info->reserved1 ||
	    info->reserved2 || info->reserved3)
		return -EINVAL;
	if (!is_manager(proc))
		return -EPERM;
	guard(mutex)(&proc->refs_lock);
	ref = binder_ref_find(proc, info->handle);
	if (!ref || !ref->strong)
		return -EINVAL;
	guard(spinlock)(&ref->node->proc->lock);
	info->strong_count = ref->node->local_strong + ref->node->strong_refs;
	info->weak_count = ref->node->local_weak;
	return 0;
}
