/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A context is what one device stands for: a name space with at most one
 * context manager, which everybody reaches through handle 0.
 */
#ifndef BINDER_IPC_CONTEXT_H
#define BINDER_IPC_CONTEXT_H

#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/uidgid.h>

struct binder_node;
struct binder_proc;
struct flat_binder_object;

/**
 * struct binder_context - one context
 * @ref: one for the device, one for each process.
 * @name: immutable: the name that the device was made with.
 * @claim_lock: held by who becomes manager, outside of any other lock here.
 * @lock: guards the rest. Innermost but for node->ref.
 * @manager: the manager's node, with a reference, or NULL.
 * @manager_uid: who may become manager, once somebody was; else INVALID_UID.
 */
struct binder_context {
	struct kref ref;
	const char *name;
	struct mutex claim_lock;	/* who becomes the manager */
	spinlock_t lock;		/* who is */
	struct binder_node *manager;
	kuid_t manager_uid;
};

/* context.c APIs: */
struct binder_context *binder_context_create(const char *name);
void binder_context_put(struct binder_context *context);
struct binder_node *binder_context_get_manager(struct binder_context *context);
int binder_context_set_manager(struct binder_proc *proc,
			       const struct flat_binder_object *object);
bool binder_context_is_manager(struct binder_context *context,
			       const struct binder_node *node);
void binder_context_drop_manager(struct binder_proc *proc);

/**
 * binder_context_get() - keep a context
 * @context: the context, kept already
 *
 * Context: any.
 * Return: @context.
 */
static inline struct binder_context *
binder_context_get(struct binder_context *context)
{
	kref_get(&context->ref);
	return context;
}

#endif
