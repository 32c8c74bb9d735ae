/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A node is an object that a process owns and others send to.
 */
#ifndef BINDER_IPC_NODE_H
#define BINDER_IPC_NODE_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/types.h>
#include <uapi/linux/android/binder.h>

struct binder_proc;

/**
 * struct binder_node - an object that can be sent to
 *
 * I: immutable, P: proc->lock of the owner.
 *
 * @ref:	one for the context it manages, one for each transaction to it.
 * @owned:	P: entry in proc->nodes.
 * @proc:	I: the owner, with a reference; it may be dead.
 * @ptr:	I: what the owner calls it.
 * @cookie:	I: what the owner wants to hear with it.
 * @flags:	I: FLAT_BINDER_FLAG_* that it was first seen with.
 * @oneway_busy: P: a oneway message is on its way or not freed yet.
 * @oneway_todo: P: those that wait for it, oldest first.
 */
struct binder_node {
	struct kref ref;
	struct list_head owned;
	struct binder_proc *proc;
	binder_uintptr_t ptr;
	binder_uintptr_t cookie;
	__u32 flags;
	bool oneway_busy;
	struct list_head oneway_todo;
};

/* node.c APIs: */
struct binder_node *binder_node_create(struct binder_proc *proc,
				       const struct flat_binder_object *object);
void binder_node_put(struct binder_node *node);

/**
 * binder_node_get() - keep a node
 * @node: the node, kept already
 *
 * Context: any.
 * Return: @node.
 */
static inline struct binder_node *binder_node_get(struct binder_node *node)
{
	kref_get(&node->ref);
	return node;
}

#endif
