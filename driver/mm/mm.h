/* SPDX-License-Identifier: GPL-2.0 */
/*
 * References to an address space, and guards of its lock.
 *
 * An mm_struct has two counts. One keeps the struct (mmgrab), the other keeps
 * the address space that it describes alive (mmget). Mistaking the first for
 * the second is how the vmas of a dead process get touched, so each is a type
 * of its own:
 *
 *	struct bmm		the struct exists; all one can do is ask
 *	struct bmm_user		the address space is alive
 *	struct bmm_user_async	the same, but its put never tears down here
 *
 * bmm_get_not_zero() is the only door from the first to the second. What
 * needs a living address space takes a struct bmm_user and cannot be called
 * with a struct bmm.
 *
 * Dropping the last bmm_user runs exit_mmap() on the spot: it sleeps, takes
 * the mmap lock, and calls ->close of every vma. A caller that is in the
 * middle of something, or that holds a lock which ->close takes, converts its
 * reference with bmm_into_async() first; a worker then does the teardown.
 *
 * All of these are one pointer wide, are passed by value, and may be handed
 * from task to task. A lock guard may not: it belongs to the task that took it.
 */
#ifndef BINDER_MM_MM_H
#define BINDER_MM_MM_H

#include <linux/cleanup.h>
#include <linux/mm_types.h>
#include <linux/mmap_lock.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>

#include "mm/debug.h"

struct bmm {
	struct mm_struct *mm;
};

struct bmm_user {
	struct mm_struct *mm;
};

struct bmm_user_async {
	struct mm_struct *mm;
};

/**
 * bmm_take() - move a handle out of a variable.
 * @var: a variable of any struct type of this floor
 *
 * The variable is left zero, which every __free() of this floor ignores. Use
 * it to hand on what a cleanup attribute would otherwise put.
 *
 * Return: the old value of @var.
 */
#define bmm_take(var)				\
({						\
	typeof(var) *__bmm_var = &(var);	\
	typeof(var) __bmm_taken = *__bmm_var;	\
						\
	*__bmm_var = (typeof(var)) { };		\
	__bmm_taken;				\
})

/**
 * bmm_grab() - keep an mm_struct in memory.
 * @mm: an mm_struct that cannot go away during the call
 *
 * Context: Any.
 * Return: a counted reference; end it with bmm_drop().
 */
static inline struct bmm bmm_grab(struct mm_struct *mm)
{
	mmgrab(mm);
	return (struct bmm) { mm };
}

/**
 * bmm_drop() - undo bmm_grab().
 * @b: the reference to end
 *
 * Context: May sleep when it is the last reference.
 */
static inline void bmm_drop(struct bmm b)
{
	mmdrop(b.mm);
}

/**
 * bmm_from_raw() - see an mm_struct as struct bmm without counting it.
 * @mm: an mm_struct that the caller keeps in memory while the result is used
 *
 * Context: Any.
 * Return: a view, not to be given to bmm_drop().
 */
static inline struct bmm bmm_from_raw(struct mm_struct *mm)
{
	return (struct bmm) { mm };
}

/**
 * bmm_as_raw() - the kernel's own pointer.
 * @b: a reference or view
 *
 * Context: Any.
 * Return: the mm_struct.
 */
static inline struct mm_struct *bmm_as_raw(struct bmm b)
{
	return b.mm;
}

/**
 * bmm_is_current() - does the calling task run in this address space?
 * @b: a reference or view
 *
 * Context: Task.
 * Return: true if so.
 */
static inline bool bmm_is_current(struct bmm b)
{
	return b.mm == current->mm;
}

/**
 * bmm_put() - undo bmm_get_not_zero() or bmm_user_get().
 * @u: the reference to end
 *
 * Context: Sleeps and tears the address space down when it is the last
 *          reference; see the top of this file.
 */
static inline void bmm_put(struct bmm_user u)
{
	mmput(u.mm);
}

/**
 * bmm_user_view() - a living address space is also an existing struct.
 * @u: a reference or view
 *
 * Context: Any.
 * Return: a view, not to be given to bmm_drop().
 */
static inline struct bmm bmm_user_view(struct bmm_user u)
{
	return (struct bmm) { u.mm };
}

/**
 * bmm_into_async() - promise to put this reference asynchronously.
 * @u: the reference, which the call consumes
 *
 * Context: Any.
 * Return: the same reference, of the type that bmm_put_async() takes.
 */
static inline struct bmm_user_async __must_check bmm_into_async(struct bmm_user u)
{
	return (struct bmm_user_async) { u.mm };
}

/**
 * bmm_put_async() - end a reference and leave a teardown to a worker.
 * @u: the reference to end
 *
 * Context: Any, also atomic.
 */
static inline void bmm_put_async(struct bmm_user_async u)
{
	mmput_async(u.mm);
}

/**
 * bmm_async_user() - use an asynchronous reference as a plain one.
 * @u: the reference
 *
 * Context: Any.
 * Return: a view, not to be given to bmm_put().
 */
static inline struct bmm_user bmm_async_user(struct bmm_user_async u)
{
	return (struct bmm_user) { u.mm };
}

/* mm.c APIs: */
bool __must_check bmm_get_not_zero(struct bmm b, struct bmm_user *user);
struct bmm_user bmm_user_get(struct bmm_user u);
struct bmm_user bmm_user_from_raw(struct mm_struct *mm);
bool __must_check bmm_user_current(struct bmm_user *user);

/*
 * Guards of the mmap lock. A guard borrows the address space: keep the
 * reference it was made from until the guard is gone. @mm is NULL when the
 * lock is not held.
 */
struct bmm_mmap_read {
	struct mm_struct *mm;
	struct bmm_ticket ticket;
};

struct bmm_mmap_write {
	struct mm_struct *mm;
	struct bmm_ticket ticket;
};

struct bmm_mmap_read __must_check bmm_mmap_read_lock(struct bmm_user u);
struct bmm_mmap_read __must_check bmm_mmap_read_trylock(struct bmm_user u);
void bmm_mmap_read_unlock(struct bmm_mmap_read *guard);
struct bmm_mmap_write __must_check bmm_mmap_write_lock(struct bmm_user u);
void bmm_mmap_write_unlock(struct bmm_mmap_write *guard);

/**
 * bmm_mmap_read_held() - did the trylock succeed?
 * @guard: what bmm_mmap_read_trylock() or its CLASS() made
 *
 * Context: Task that owns the guard.
 * Return: true while the lock is held by this guard.
 */
static inline bool bmm_mmap_read_held(const struct bmm_mmap_read *guard)
{
	return guard->mm;
}

/*
 * Scoped forms:
 *
 *	struct bmm_user user __free(bmm_put) = { };
 *	CLASS(bmm_mmap_read, guard)(user);
 *	CLASS(bmm_mmap_read_try, guard)(user);	+ bmm_mmap_read_held(&guard)
 *	CLASS(bmm_mmap_write, guard)(user);
 *
 * Guards may be unlocked early by hand; the end of the scope then does nothing.
 */
DEFINE_FREE(bmm_drop, struct bmm, _T.mm ? bmm_drop(_T) : (void)0)
DEFINE_FREE(bmm_put, struct bmm_user, _T.mm ? bmm_put(_T) : (void)0)
DEFINE_FREE(bmm_put_async, struct bmm_user_async, _T.mm ? bmm_put_async(_T) : (void)0)

DEFINE_CLASS(bmm_mmap_read, struct bmm_mmap_read,
	     _T.mm ? bmm_mmap_read_unlock(&_T) : (void)0,
	     bmm_mmap_read_lock(user), struct bmm_user user)
EXTEND_CLASS(bmm_mmap_read, _try, bmm_mmap_read_trylock(user), struct bmm_user user)

DEFINE_CLASS(bmm_mmap_write, struct bmm_mmap_write,
	     _T.mm ? bmm_mmap_write_unlock(&_T) : (void)0,
	     bmm_mmap_write_lock(user), struct bmm_user user)

#endif
