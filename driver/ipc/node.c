// SPDX-License-Identifier: GPL-2.0
/*
 * Nodes.
 */
#include <linux/slab.h>

#include "ipc/node.h"
#include "ipc/proc.h"

/**
 * binder_node_create() - make a node
 * @proc: the owner
 * @object: its ptr (binder), cookie and flags
 *
 * Context: task context, no lock held, may sleep.
 * Return: the node with a reference for the caller, or NULL: no memory.
 */
struct binder_node *binder_node_create(struct binder_proc *proc,
				       const struct flat_binder_object *object)
{
	struct binder_node *node = kzalloc(sizeof(*node), GFP_KERNEL_ACCOUNT);

	if (!node)
		return NULL;
	kref_init(&node->ref);
	INIT_LIST_HEAD(&node->oneway_todo);
	node->proc = binder_proc_get(proc);
	node->ptr = object->binder;
	node->cookie = object->cookie;
	node->flags = object->flags;

	guard(spinlock)(&proc->lock);
	list_add_tail(&node->owned, &proc->nodes);
	return node;
}

static void free_node(struct kref *ref)
{
	struct binder_node *node = container_of(ref, struct binder_node, ref);

	scoped_guard(spinlock, &node->proc->lock)
		list_del(&node->owned);
	binder_proc_put(node->proc);
	kfree(node);
}

/**
 * binder_node_put() - let go of a node
 * @node: the node; may be gone on return
 *
 * Context: task context, no lock held, may sleep.
 */
void binder_node_put(struct binder_node *node)
{
	kref_put(&node->ref, free_node);
}
