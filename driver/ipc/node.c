// SPDX-License-Identifier: GPL-2.0
/*
 * Nodes: found by ptr, counted, and announced to their owners.
 */
#include <linux/slab.h>

#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/ref.h"
#include "ipc/stats.h"
#include "ipc/thread.h"
#include "ipc/txn.h"

/* Outside of any proc->lock. */
static DEFINE_SPINLOCK(dead_lock);
static LIST_HEAD(dead_nodes);

static struct binder_node *lookup(struct binder_proc *proc,
				  binder_uintptr_t ptr, struct rb_node ***link,
				  struct rb_node **parent)
{
	lockdep_assert_held(&proc->lock);

	*link = &proc->nodes.rb_node;
	*parent = NULL;
	while (**link) {
		struct binder_node *node;

		*parent = **link;
		node = rb_entry(*parent, struct binder_node, by_ptr);
		if (ptr == node->ptr)
			return node;
		*link = ptr < node->ptr ? &(*parent)->rb_left :
					  &(*parent)->rb_right;
	}
	return NULL;
}

/**
 * binder_node_find() - the node of a process by what the process calls it
 * @proc: the owner
 * @ptr: what it calls it
 *
 * Context: takes proc->lock.
 * Return: the node with a reference, or NULL.
 */
struct binder_node *binder_node_find(struct binder_proc *proc,
				     binder_uintptr_t ptr)
{
	struct rb_node **link, *parent;
	struct binder_node *node;

	guard(spinlock)(&proc->lock);
	node = lookup(proc, ptr, &link, &parent);
	return node ? binder_node_get(node) : NULL;
}

/**
 * binder_node_from() - the first node of a process from a ptr on
 * @proc: the owner
 * @ptr: the node's is not less
 *
 * Context: proc->lock held.
 * Return: the node, or NULL if all are less.
 */
struct binder_node *binder_node_from(struct binder_proc *proc,
				     binder_uintptr_t ptr)
{
	struct rb_node *n = proc->nodes.rb_node;
	struct binder_node *first = NULL;

	lockdep_assert_held(&proc->lock);

	while (n) {
		struct binder_node *node;

		node = rb_entry(n, struct binder_node, by_ptr);
		if (node->ptr >= ptr) {
			first = node;
			n = n->rb_left;
		} else {
			n = n->rb_right;
		}
	}
	return first;
}

/**
 * binder_node_next() - the node of a process that follows a ptr
 * @proc: the owner
 * @ptr: the node's is greater
 *
 * Context: proc->lock held.
 * Return: the node, or NULL if there is none.
 */
struct binder_node *binder_node_next(struct binder_proc *proc,
				     binder_uintptr_t ptr)
{
	return ptr == U64_MAX ? NULL : binder_node_from(proc, ptr + 1);
}

static struct binder_node *alloc(struct binder_proc *proc,
				 const struct flat_binder_object *object)
{
	struct binder_node *node = kzalloc(sizeof(*node), GFP_KERNEL_ACCOUNT);

	if (!node)
		return NULL;
	kref_init(&node->ref);
	binder_stat_add(BINDER_STAT_NODE);
	node->proc = binder_proc_get(proc);
	node->id = binder_next_id();
	node->ptr = object->binder;
	node->cookie = object->cookie;
	node->flags = object->flags;
	INIT_LIST_HEAD(&node->refs);
	INIT_LIST_HEAD(&node->work.entry);
	node->work.type = BINDER_WORK_NODE;
	INIT_LIST_HEAD(&node->deaths);
	INIT_LIST_HEAD(&node->freezes);
	INIT_LIST_HEAD(&node->burial);
	INIT_LIST_HEAD(&node->oneway_todo);
	return node;
}

static void free_node(struct kref *ref)
{
	struct binder_node *node = container_of(ref, struct binder_node, ref);

	scoped_guard(spinlock, &dead_lock)
		list_del(&node->burial);
	binder_proc_put(node->proc);
	binder_stat_del(BINDER_STAT_NODE);
	kfree(node);
}

/**
 * binder_node_put() - let go of the record of a node
 * @node: the node; may be gone on return
 *
 * Context: any but hard interrupt; not under the proc->lock of the owner,
 *	unless somebody else is known to keep the node.
 */
void binder_node_put(struct binder_node *node)
{
	kref_put(&node->ref, free_node);
}

/*
 * Adds @fresh, if there is one, unless there is such a node. Returns the one that
 * there is then, held and with a reference.
 */
static struct binder_node *hold_or_add(struct binder_proc *proc,
				       binder_uintptr_t ptr,
				       struct binder_node *fresh)
{
	struct rb_node **link, *parent;
	struct binder_node *node;

	guard(spinlock)(&proc->lock);
	node = lookup(proc, ptr, &link, &parent);
	if (!node && fresh) {
		node = binder_node_get(fresh);
		rb_link_node(&node->by_ptr, parent, link);
		rb_insert_color(&node->by_ptr, &proc->nodes);
	}
	if (!node)
		return NULL;
	node->holds++;
	return binder_node_get(node);
}

/**
 * binder_node_hold_manager() - find or make the node of a manager to be
 * @proc: the owner
 * @object: its ptr (binder); cookie and flags for a new one
 *
 * Context: task context, no lock held, may sleep.
 * Return: the node with a reference, held until binder_node_unhold() so that it
 *	stays until it has got the reference that it is wanted for; NULL if
 *	there is no memory.
 */
struct binder_node *
binder_node_hold_manager(struct binder_proc *proc,
			 const struct flat_binder_object *object)
{
	struct binder_node *node, *fresh;

	node = hold_or_add(proc, object->binder, NULL);
	if (node)
		return node;
	fresh = alloc(proc, object);
	if (!fresh)
		return NULL;
	node = hold_or_add(proc, object->binder, fresh);
	/* The last reference if another thread of the owner was faster. */
	binder_node_put(fresh);
	return node;
}

/**
 * binder_node_hold_own() - find or make the node that a process sends
 * @proc: the owner, who sends
 * @object: its ptr (binder) and cookie, and flags for a new one
 *
 * Context: task context, no lock held, may sleep.
 * Return: the node with a reference, held until binder_node_unhold(); or an
 *	ERR_PTR: -ENOMEM, or -EINVAL if the node has another cookie.
 */
struct binder_node *binder_node_hold_own(struct binder_proc *proc,
					 const struct flat_binder_object *object)
{
	struct binder_node *node = binder_node_hold_manager(proc, object);

	if (!node)
		return ERR_PTR(-ENOMEM);
	if (node->cookie == object->cookie)
		return node;
	binder_node_unhold(node, false);
	binder_node_put(node);
	return ERR_PTR(-EINVAL);
}

/**
 * binder_node_set_manager() - a node has become that of the context manager
 * @node: the node, held
 *
 * From now on it stays as long as its owner, who is never told of references to
 * it and counts as told already.
 *
 * Context: takes proc->lock of the owner.
 */
void binder_node_set_manager(struct binder_node *node)
{
	guard(spinlock)(&node->proc->lock);
	node->local_strong++;
	node->local_weak++;
	node->told_strong = true;
	node->told_weak = true;
}

static bool is_strong(const struct binder_node *node)
{
	return node->strong_refs || node->local_strong;
}

static bool is_weak(const struct binder_node *node)
{
	return is_strong(node) || !list_empty(&node->refs) ||
	       node->local_weak || node->holds;
}

static void forget(struct binder_node *node)
{
	lockdep_assert_held(&node->proc->lock);

	list_del_init(&node->work.entry);
	rb_erase(&node->by_ptr, &node->proc->nodes);
	node->forgotten = true;
	node->local_strong = 0;
	node->local_weak = 0;
	node->holds = 0;
	/* Not the last: whoever changed a count has one, too. */
	binder_node_put(node);
}

/* A count of a node that is not forgotten went down: who has to know? */
static void settle(struct binder_node *node)
{
	bool strong = is_strong(node), weak = is_weak(node);

	lockdep_assert_held(&node->proc->lock);

	if (node->forgotten)
		return;
	if ((node->told_strong && !strong) || (node->told_weak && !weak)) {
		if (list_empty(&node->work.entry))
			binder_proc_queue_any(node->proc, &node->work);
	} else if (!weak) {
		forget(node);
	}
}

static void add(struct binder_node *node, unsigned long *count)
{
	guard(spinlock)(&node->proc->lock);
	if (!node->forgotten)
		++*count;
}

static void subtract(struct binder_node *node, unsigned long *count)
{
	guard(spinlock)(&node->proc->lock);
	if (node->forgotten)
		return;
	--*count;
	settle(node);
}

/**
 * binder_node_hold() - keep a node until it gets a reference
 * @node: the node, referred to in the way of @strong
 * @strong: it stays strong
 *
 * Context: takes proc->lock of the owner.
 */
void binder_node_hold(struct binder_node *node, bool strong)
{
	add(node, strong ? &node->local_strong : &node->holds);
}

/**
 * binder_node_unhold() - the end of binder_node_hold()
 * @node: the node, whose record the caller keeps
 * @strong: as there
 *
 * Context: takes proc->lock of the owner.
 */
void binder_node_unhold(struct binder_node *node, bool strong)
{
	subtract(node, strong ? &node->local_strong : &node->holds);
}

/**
 * binder_node_inc_local() - count a reference that is no binder_ref
 * @node: the node, referred to in the way of @strong, or held
 * @strong: which count
 *
 * Context: takes proc->lock of the owner.
 */
void binder_node_inc_local(struct binder_node *node, bool strong)
{
	add(node, strong ? &node->local_strong : &node->local_weak);
}

/**
 * binder_node_dec_local() - the end of binder_node_inc_local()
 * @node: the node, whose record the caller keeps
 * @strong: which count
 *
 * Context: takes proc->lock of the owner.
 */
void binder_node_dec_local(struct binder_node *node, bool strong)
{
	subtract(node, strong ? &node->local_strong : &node->local_weak);
}

/**
 * binder_node_add_ref() - another process refers to a node
 * @node: the node, held
 * @ref: the new reference, with no counts yet
 *
 * Context: takes proc->lock of the owner.
 */
void binder_node_add_ref(struct binder_node *node, struct binder_ref *ref)
{
	guard(spinlock)(&node->proc->lock);
	list_add_tail(&ref->holder, &node->refs);
}

/*
 * The owner sends its node, and has to know: this comes with what its sending
 * thread reads next, the completion or the reply.
 */
static void announce(struct binder_node *node, bool strong,
		     struct binder_thread *sender)
{
	if (strong ? node->told_strong : node->told_weak)
		return;
	if (strong)
		list_del_init(&node->work.entry);
	if (list_empty(&node->work.entry))
		binder_thread_queue_deferred(sender, &node->work);
}

/**
 * binder_node_inc_ref() - a reference got its first count of a kind
 * @node: the node, held in the way of @strong
 * @strong: which
 * @sender: the thread of the owner that sends it; NULL if the owner does not
 *
 * Context: takes proc->lock of the owner.
 */
void binder_node_inc_ref(struct binder_node *node, bool strong,
			 struct binder_thread *sender)
{
	guard(spinlock)(&node->proc->lock);
	if (strong)
		node->strong_refs++;
	/* Not forgotten: it is held, and its owner is not dead while it sends. */
	if (sender)
		announce(node, strong, sender);
}

/**
 * binder_node_dec_ref() - a reference lost its last count of a kind
 * @node: the node, whose record the caller keeps
 * @ref: the reference
 * @strong: it is not strong any more
 * @last: it is no reference any more
 *
 * Context: takes proc->lock of the owner.
 */
void binder_node_dec_ref(struct binder_node *node, struct binder_ref *ref,
			 bool strong, bool last)
{
	guard(spinlock)(&node->proc->lock);
	if (strong)
		node->strong_refs--;
	if (last)
		list_del(&ref->holder);
	settle(node);
}

/**
 * binder_node_acked() - the owner has heard of the references to its node
 * @proc: the owner
 * @pc: the node by ptr, and its cookie
 * @strong: BC_ACQUIRE_DONE, else BC_INCREFS_DONE
 *
 * Context: takes proc->lock.
 * Return: false if there is nothing to acknowledge.
 */
bool binder_node_acked(struct binder_proc *proc,
		       const struct binder_ptr_cookie *pc, bool strong)
{
	struct rb_node **link, *parent;
	struct binder_node *node;

	guard(spinlock)(&proc->lock);
	node = lookup(proc, pc->ptr, &link, &parent);
	if (!node || node->cookie != pc->cookie)
		return false;
	if (!(strong ? node->unacked_strong : node->unacked_weak))
		return false;
	/* Neither is the last: the owner has not been told that it is over. */
	if (strong) {
		node->unacked_strong = false;
		node->local_strong--;
	} else {
		node->unacked_weak = false;
		node->local_weak--;
	}
	settle(node);
	return true;
}

/**
 * binder_node_take_news() - what the owner does not know yet
 * @node: the node, off the todo a moment ago; its record is kept by the caller
 * @news: room for two BR_ codes and a 0; the owner counts as told from now on
 *
 * Context: proc->lock of the owner held.
 */
void binder_node_take_news(struct binder_node *node, __u32 *news)
{
	bool strong = is_strong(node), weak = is_weak(node);

	lockdep_assert_held(&node->proc->lock);

	if (weak && !node->told_weak) {
		*news++ = BR_INCREFS;
		node->told_weak = true;
		node->unacked_weak = true;
		node->local_weak++;
	}
	if (strong && !node->told_strong) {
		*news++ = BR_ACQUIRE;
		node->told_strong = true;
		node->unacked_strong = true;
		node->local_strong++;
	}
	if (!strong && node->told_strong) {
		*news++ = BR_RELEASE;
		node->told_strong = false;
	}
	/* It was told that it is: otherwise settle() has forgotten it long ago. */
	if (!weak) {
		*news++ = BR_DECREFS;
		forget(node);
	}
	*news = 0;
}

/**
 * binder_node_bury_first() - a process dies: the first of its nodes does
 * @proc: the process, dead
 *
 * Context: takes proc->lock.
 * Return: the node with least ptr, with a reference; it is out of proc->nodes,
 *	and only those who refer to it know it. NULL if there is none left.
 */
struct binder_node *binder_node_bury_first(struct binder_proc *proc)
{
	struct binder_node *node;
	struct rb_node *n;

	scoped_guard(spinlock, &proc->lock) {
		n = rb_first(&proc->nodes);
		if (!n)
			return NULL;
		node = rb_entry(n, struct binder_node, by_ptr);
		binder_node_get(node);
		forget(node);
		node->dead = true;
	}
	guard(spinlock)(&dead_lock);
	list_add(&node->burial, &dead_nodes);
	return node;
}

/**
 * binder_dead_node_for_each() - look at what outlives its owner
 * @fn: called for each, under the proc->lock of the owner
 * @arg: passed to @fn
 *
 * Context: any that may take a spinlock.
 */
void binder_dead_node_for_each(void (*fn)(struct binder_node *node, void *arg), void *arg)
{
	struct binder_node *node;

	guard(spinlock)(&dead_lock);
	list_for_each_entry(node, &dead_nodes, burial) {
		guard(spinlock)(&node->proc->lock);
		if (!list_empty(&node->refs))
			fn(node, arg);
	}
}
