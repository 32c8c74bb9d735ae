/* SPDX-License-Identifier: GPL-2.0 */
/*
 * References: what a process calls the nodes of others.
 *
 * A handle is the lowest number that is free; 0 is kept for the context
 * manager. A handle stays while it has a count, strong or weak.
 */
#ifndef BINDER_IPC_REF_H
#define BINDER_IPC_REF_H

#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/types.h>

struct binder_death;
struct binder_freeze;
struct binder_node;
struct binder_proc;
struct binder_thread;

/**
 * struct binder_ref - one process's reference to one node
 *
 * I: immutable, R: proc->refs_lock of the holder, N: proc->lock of the node's
 * owner.
 *
 * @by_node:	R: entry in proc->refs_by_node.
 * @holder:	N: entry in node->refs.
 * @proc:	I: the holder.
 * @node:	I: with a reference.
 * @id:		I: debug id.
 * @handle:	I: what the holder calls the node.
 * @strong:	R: count.
 * @weak:	R: count.
 * @death:	R: the holder wants to know of the node's death; or NULL.
 * @freeze:	R: the holder wants to know of its freezing; or NULL.
 */
struct binder_ref {
	struct rb_node by_node;
	struct list_head holder;
	struct binder_proc *proc;
	struct binder_node *node;
	__u32 id;
	u32 handle;
	unsigned long strong;
	unsigned long weak;
	struct binder_death *death;
	struct binder_freeze *freeze;
};

/**
 * struct binder_ref_name - what names a reference
 * @id: to who reads logs and traces
 * @handle: to its holder
 */
struct binder_ref_name {
	__u32 id;
	u32 handle;
};

/* ref.c APIs: */
struct binder_ref *binder_ref_find(struct binder_proc *proc, u32 handle);
int binder_ref_add(struct binder_proc *proc, struct binder_node *node,
		   bool strong, struct binder_thread *sender,
		   struct binder_ref_name *name);
bool binder_ref_inc(struct binder_proc *proc, u32 handle, bool strong);
bool binder_ref_dec(struct binder_proc *proc, u32 handle, bool strong);
struct binder_node *binder_ref_hold_node(struct binder_proc *proc, u32 handle,
					 bool strong, __u32 *id);
void binder_ref_drop_all(struct binder_proc *proc);

#endif
