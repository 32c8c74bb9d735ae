/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A node is an object that a process owns and others send to.
 *
 * The owner is told when others begin and cease to refer to its node, strongly
 * (BR_ACQUIRE, BR_RELEASE) and at all (BR_INCREFS, BR_DECREFS). It is told the
 * difference between what it knows and what is true at the time of its read:
 *
 *	strong := @strong_refs or @local_strong
 *	weak   := strong, or @refs, @local_weak or @holds
 *
 * Until the owner acknowledges BR_ACQUIRE and BR_INCREFS, each of them counts
 * as one local reference. A node that is not even weakly referred to, as far as
 * its owner knows, too, is forgotten: the same ptr means a new node then. Of a
 * node that is forgotten, because its owner died, only the references count.
 */
#ifndef BINDER_IPC_NODE_H
#define BINDER_IPC_NODE_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/types.h>
#include <uapi/linux/android/binder.h>

#include "ipc/work.h"

struct binder_proc;
struct binder_ref;
struct binder_thread;

/**
 * struct binder_node - an object that can be sent to
 *
 * I: immutable, P: proc->lock of the owner.
 *
 * @ref:	keeps the record: one while it is in proc->nodes, one for the
 *		context it manages, each binder_ref, each transaction to it.
 * @by_ptr:	P: entry in proc->nodes.
 * @proc:	I: the owner, with a reference; it may be dead.
 * @id:		I: debug id.
 * @ptr:	I: what the owner calls it.
 * @cookie:	I: what the owner wants to hear with it.
 * @flags:	I: FLAT_BINDER_FLAG_* that it was first seen with.
 * @forgotten:	P: out of proc->nodes.
 * @dead:	P: because the owner died.
 * @told_strong: P: the owner was told BR_ACQUIRE, and not BR_RELEASE since.
 * @told_weak:	P: the owner was told BR_INCREFS, and not BR_DECREFS since.
 * @unacked_strong: P: BC_ACQUIRE_DONE is due.
 * @unacked_weak: P: BC_INCREFS_DONE is due.
 * @local_strong: P: strong counts that are no binder_ref: transactions to it,
 *		buffers in which it came back to its owner, acknowledgements
 *		due, the context it manages.
 * @local_weak:	P: the same, weak.
 * @holds:	P: it is about to get a binder_ref.
 * @strong_refs: P: how many of @refs are strong.
 * @refs:	P: each process that refers to it: binder_ref.holder.
 * @work:	P: in the todo of the owner or one of its threads while there
 *		may be something to tell.
 * @deaths:	P: who wants to know of its death: binder_death.watch.
 * @freezes:	P: who wants to know of its freezing: binder_freeze.watch.
 * @burial:	guarded by the lock of the list of all dead nodes.
 * @oneway_busy: P: a oneway message is on its way or not freed yet.
 * @oneway_todo: P: those that wait for it, oldest first.
 */
struct binder_node {
	struct kref ref;
	struct rb_node by_ptr;
	struct binder_proc *proc;
	__u32 id;
	binder_uintptr_t ptr;
	binder_uintptr_t cookie;
	__u32 flags;

	bool forgotten;
	bool dead;
	bool told_strong;
	bool told_weak;
	bool unacked_strong;
	bool unacked_weak;
	unsigned long local_strong;
	unsigned long local_weak;
	unsigned long holds;
	unsigned long strong_refs;
	struct list_head refs;
	struct binder_work work;
	struct list_head deaths;
	struct list_head freezes;

	struct list_head burial;
	bool oneway_busy;
	struct list_head oneway_todo;
};

/* node.c APIs: */
struct binder_node *binder_node_find(struct binder_proc *proc,
				     binder_uintptr_t ptr);
struct binder_node *binder_node_from(struct binder_proc *proc,
				     binder_uintptr_t ptr);
struct binder_node *binder_node_next(struct binder_proc *proc,
				     binder_uintptr_t ptr);
struct binder_node *binder_node_hold_own(struct binder_proc *proc,
					 const struct flat_binder_object *object);
struct binder_node *
binder_node_hold_manager(struct binder_proc *proc,
			 const struct flat_binder_object *object);
void binder_node_set_manager(struct binder_node *node);
void binder_node_put(struct binder_node *node);
void binder_node_hold(struct binder_node *node, bool strong);
void binder_node_unhold(struct binder_node *node, bool strong);
void binder_node_inc_local(struct binder_node *node, bool strong);
void binder_node_dec_local(struct binder_node *node, bool strong);
void binder_node_add_ref(struct binder_node *node, struct binder_ref *ref);
void binder_node_inc_ref(struct binder_node *node, bool strong,
			 struct binder_thread *sender);
void binder_node_dec_ref(struct binder_node *node, struct binder_ref *ref,
			 bool strong, bool last);
bool binder_node_acked(struct binder_proc *proc,
		       const struct binder_ptr_cookie *pc, bool strong);
void binder_node_take_news(struct binder_node *node, __u32 *news);
struct binder_node *binder_node_bury_first(struct binder_proc *proc);
void binder_dead_node_for_each(void (*fn)(struct binder_node *node, void *arg), void *arg);

/**
 * binder_node_get() - keep the record of a node
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
