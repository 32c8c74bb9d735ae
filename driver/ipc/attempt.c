// SPDX-License-Identifier: GPL-2.0
/*
 * The last attempts to send, see attempt.h.
 *
 * An attempt is on record from its first check on, so that one that hangs can be
 * seen. Records are copied whole under a lock: nobody sees half of one.
 */
#include <linux/spinlock.h>
#include <linux/string.h>

#include "ipc/attempt.h"
#include "ipc/context.h"
#include "ipc/proc.h"
#include "ipc/thread.h"

struct ring {
	unsigned int nr;	/* ever put in */
	struct binder_attempt v[BINDER_NR_ATTEMPTS];
};

static DEFINE_SPINLOCK(ring_lock);
static struct ring all, failed_ones;

static void put(struct ring *ring, const struct binder_attempt *a)
{
	ring->v[ring->nr++ % BINDER_NR_ATTEMPTS] = *a;
}

/**
 * binder_attempt_update() - more is known of an attempt
 * @a: the record; nothing happens if 32 younger ones have pushed it out
 *
 * Context: any that may take a spinlock.
 */
void binder_attempt_update(const struct binder_attempt *a)
{
	int i;

	guard(spinlock)(&ring_lock);
	for (i = 0; i < BINDER_NR_ATTEMPTS; i++) {
		if (all.v[i].id == a->id)
			all.v[i] = *a;
	}
}

/**
 * binder_attempt_begin() - a thread tries to send
 * @a: the record, to fill in
 * @kind: what it tries
 * @sender: the calling task's thread; its extended error has the id
 * @tr: what it sends
 *
 * Context: any that may take a spinlock.
 */
void binder_attempt_begin(struct binder_attempt *a,
			  enum binder_attempt_kind kind,
			  struct binder_thread *sender,
			  const struct binder_transaction_data *tr)
{
	a->id = sender->ee.id;
	a->kind = kind;
	a->done = false;
	a->from_pid = sender->proc->pid;
	a->from_tid = sender->pid;
	a->to_pid = 0;
	a->to_tid = 0;
	a->node = 0;
	a->handle = tr->target.handle;
	a->data_size = tr->data_size;
	a->offsets_size = tr->offsets_size;
	a->result = (struct binder_failure) {};
	strscpy_pad(a->context, sender->proc->context->name,
		    sizeof(a->context));
	guard(spinlock)(&ring_lock);
	put(&all, a);
}

/**
 * binder_attempt_end() - it was sent, or it was not
 * @a: the record
 * @f: what came of it
 *
 * Context: any that may take a spinlock.
 */
void binder_attempt_end(struct binder_attempt *a, struct binder_failure f)
{
	a->done = true;
	if (!binder_is_ok(f))
		a->result = f;
	binder_attempt_update(a);
	if (binder_is_ok(f))
		return;
	guard(spinlock)(&ring_lock);
	put(&failed_ones, a);
}

/**
 * binder_attempt_get() - look at a record
 * @a: a copy of it
 * @failed: among those that failed, else among all
 * @age: 0 is the youngest
 *
 * Context: any that may take a spinlock.
 * Return: false if there is none so old.
 */
bool binder_attempt_get(struct binder_attempt *a, bool failed,
			unsigned int age)
{
	struct ring *ring = failed ? &failed_ones : &all;

	guard(spinlock)(&ring_lock);
	if (age >= BINDER_NR_ATTEMPTS || age >= ring->nr)
		return false;
	*a = ring->v[(ring->nr - 1 - age) % BINDER_NR_ATTEMPTS];
	return true;
}
