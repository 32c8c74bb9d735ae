// SPDX-License-Identifier: GPL-2.0
/*
 * The last attempts to send, see attempt.h.
 *
 * An attempt is on record from its first check on, so that one that hangs can be
 * seen. What is known of it is kept in the sender's thread and copied whole to
 * the record under a lock: nobody sees half of one. By then 32 younger ones may
 * have taken its place.
 */
#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "ipc/attempt.h"
#include "ipc/context.h"
#include "ipc/proc.h"
#include "ipc/thread.h"

struct ring {
	unsigned int nr;	/* ever put in */
	struct binder_attempt_record v[BINDER_NR_ATTEMPTS];
};

static DEFINE_SPINLOCK(ring_lock);
static struct ring all, failed_ones;
static atomic_t failures[BINDER_NR_WHY];

/* Returns where it is. */
static unsigned int put(struct ring *ring, struct binder_thread *sender)
{
	unsigned int slot = ring->nr++ % BINDER_NR_ATTEMPTS;
	struct binder_attempt_record *r = &ring->v[slot];

	lockdep_assert_held(&ring_lock);

	r->attempt = sender->attempt;
	strscpy(r->context, sender->proc->context->name, sizeof(r->context));
	return slot;
}

/**
 * binder_attempt_begin() - a thread tries to send
 * @sender: the calling task's thread; its extended error has the id
 * @kind: what it tries
 * @tr: what it sends
 *
 * Context: any that may take a spinlock.
 */
void binder_attempt_begin(struct binder_thread *sender,
			  enum binder_attempt_kind kind,
			  const struct binder_transaction_data *tr)
{
	sender->attempt = (struct binder_attempt) {
		.id = sender->ee.id,
		.kind = kind,
		.from_pid = sender->proc->pid,
		.from_tid = sender->pid,
		.handle = tr->target.handle,
		.code = tr->code,
		.flags = tr->flags,
		.data_size = tr->data_size,
		.offsets_size = tr->offsets_size,
	};
	guard(spinlock)(&ring_lock);
	sender->attempt.slot = put(&all, sender);
}

/**
 * binder_attempt_update() - more is known of what a thread tries to send
 * @sender: the calling task's thread
 *
 * Context: any that may take a spinlock.
 */
void binder_attempt_update(struct binder_thread *sender)
{
	const struct binder_attempt *a = &sender->attempt;

	guard(spinlock)(&ring_lock);
	if (all.v[a->slot].attempt.id == a->id)
		all.v[a->slot].attempt = *a;
}

/**
 * binder_attempt_end() - it was sent, or it was not
 * @sender: the calling task's thread
 * @f: what came of it
 *
 * Context: any that may take a spinlock.
 */
void binder_attempt_end(struct binder_thread *sender, struct binder_failure f)
{
	sender->attempt.done = true;
	if (!binder_is_ok(f))
		sender->attempt.result = f;
	binder_attempt_update(sender);
	if (binder_is_ok(f))
		return;
	atomic_inc(&failures[f.why]);
	guard(spinlock)(&ring_lock);
	put(&failed_ones, sender);
}

/**
 * binder_attempt_get() - look at a record
 * @r: a copy of it
 * @failed: among those that failed, else among all
 * @age: 0 is the youngest; less than BINDER_NR_ATTEMPTS
 *
 * Context: any that may take a spinlock.
 * Return: false if there is none so old.
 */
bool binder_attempt_get(struct binder_attempt_record *r, bool failed,
			unsigned int age)
{
	struct ring *ring = failed ? &failed_ones : &all;

	guard(spinlock)(&ring_lock);
	if (age >= ring->nr)
		return false;
	*r = ring->v[(ring->nr - 1 - age) % BINDER_NR_ATTEMPTS];
	return true;
}

/**
 * binder_failures() - how many attempts have failed since boot
 * @why: for this reason
 *
 * Context: any.
 * Return: how many.
 */
unsigned int binder_failures(enum binder_why why)
{
	return atomic_read(&failures[why]);
}
