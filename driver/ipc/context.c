// SPDX-License-Identifier: GPL-2.0
/*
 * Contexts and their managers.
 */
#include <linux/cred.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <uapi/linux/android/binder.h>

#include "ipc/context.h"
#include "ipc/node.h"
#include "ipc/proc.h"

/**
 * binder_context_create() - a context without manager
 * @name: of the device
 *
 * Context: may sleep; charged to the caller's memory control group.
 * Return: the context, to be given back by binder_context_put(); or NULL: no
 *	memory.
 */
struct binder_context *binder_context_create(const char *name)
{
	struct binder_context *context;

	context = kzalloc(sizeof(*context), GFP_KERNEL_ACCOUNT);
	if (!context)
		return NULL;
	context->name = kstrdup(name, GFP_KERNEL_ACCOUNT);
	if (!context->name) {
		kfree(context);
		return NULL;
	}
	kref_init(&context->ref);
	mutex_init(&context->claim_lock);
	spin_lock_init(&context->lock);
	context->manager_uid = INVALID_UID;
	return context;
}

static void free_context(struct kref *ref)
{
	struct binder_context *context;

	context = container_of(ref, struct binder_context, ref);
	kfree(context->name);
	kfree(context);
}

/**
 * binder_context_put() - let go of a context
 * @context: the context; may be gone on return
 *
 * Nobody manages it when the last reference goes: the manager has one.
 *
 * Context: any.
 */
void binder_context_put(struct binder_context *context)
{
	kref_put(&context->ref, free_context);
}

/**
 * binder_context_get_manager() - who is behind handle 0
 * @context: the context
 *
 * Context: any that may take a spinlock.
 * Return: the manager's node with a reference, or NULL.
 */
struct binder_node *binder_context_get_manager(struct binder_context *context)
{
	guard(spinlock)(&context->lock);
	return context->manager ? binder_node_get(context->manager) : NULL;
}

static bool has_manager(struct binder_context *context)
{
	guard(spinlock)(&context->lock);
	return context->manager;
}

/* The first claimant fixes the uid, even if it then fails for lack of memory. */
static int claim(struct binder_context *context, struct binder_node *node)
{
	kuid_t euid = current_euid();

	lockdep_assert_held(&context->claim_lock);

	guard(spinlock)(&context->lock);
	if (uid_valid(context->manager_uid) &&
	    !uid_eq(context->manager_uid, euid))
		return -EPERM;
	context->manager_uid = euid;
	context->manager = node;
	return 0;
}

/**
 * binder_context_set_manager() - make a process the context manager
 * @proc: the process
 * @object: ptr, cookie and flags of the node that handle 0 will lead to
 *
 * Context: task context, no lock held, may sleep.
 * Return: 0; -EBUSY if there is a manager; the LSM's errno; -EPERM if an earlier
 *	manager had another effective uid; -ENOMEM.
 */
int binder_context_set_manager(struct binder_proc *proc,
			       const struct flat_binder_object *object)
{
	struct binder_node *node;
	int err;

	guard(mutex)(&proc->context->claim_lock);
	if (has_manager(proc->context))
		return -EBUSY;
	err = security_binder_set_context_mgr(proc->cred);
	if (err)
		return err;
	node = binder_node_hold_manager(proc, object);
	if (!node)
		return -ENOMEM;
	err = claim(proc->context, node);
	if (!err)
		binder_node_set_manager(node);
	binder_node_unhold(node, false);
	if (err)
		binder_node_put(node);
	return err;
}

/**
 * binder_context_is_manager() - does handle 0 lead to this node?
 * @context: the context
 * @node: the node
 *
 * Context: any that may take a spinlock.
 * Return: true if it does.
 */
bool binder_context_is_manager(struct binder_context *context,
			       const struct binder_node *node)
{
	guard(spinlock)(&context->lock);
	return context->manager == node;
}

/**
 * binder_context_drop_manager() - a process dies: it manages nothing any more
 * @proc: the process
 *
 * Context: task context, no lock held.
 */
void binder_context_drop_manager(struct binder_proc *proc)
{
	struct binder_context *context = proc->context;
	struct binder_node *node = NULL;

	scoped_guard(spinlock, &context->lock) {
		if (context->manager && context->manager->proc == proc)
			swap(node, context->manager);
	}
	if (node)
		binder_node_put(node);
}
