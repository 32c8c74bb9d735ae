// SPDX-License-Identifier: GPL-2.0
/*
 * References to an address space, and guards of its lock.
 */
#include <kunit/static_stub.h>

#include "mm/mm.h"

/**
 * bmm_get_not_zero() - reach a living address space from an existing struct.
 * @b: a reference or view
 * @user: the reference to the address space; written only on success
 *
 * The only way from struct bmm to struct bmm_user.
 *
 * Context: Any.
 * Return: true, and @user must be put; false if the last user is gone, after
 *         which the address space cannot come back.
 */
bool bmm_get_not_zero(struct bmm b, struct bmm_user *user)
{
	KUNIT_STATIC_STUB_REDIRECT(bmm_get_not_zero, b, user);

	if (bmm_should_fail() || !mmget_not_zero(b.mm))
		return false;
	*user = (struct bmm_user) { b.mm };
	return true;
}

/* What a struct bmm_user promises; only a forged one can break it. */
static bool user_alive(struct bmm_user u)
{
	if (!IS_ENABLED(CONFIG_BINDER_IPC_DEBUG))
		return true;
	if (likely(atomic_read(&u.mm->mm_users) > 0))
		return true;
	bmm_misuse("address space used that has no users");
	return false;
}

/**
 * bmm_user_get() - one more reference to a living address space.
 * @u: a reference or view
 *
 * Context: Any.
 * Return: a counted reference, to be put on its own; none (@mm is NULL),
 *         after a report, if @u was not alive.
 */
struct bmm_user bmm_user_get(struct bmm_user u)
{
	if (!user_alive(u))
		return (struct bmm_user) { };
	mmget(u.mm);
	return u;
}

/**
 * bmm_user_from_raw() - see an mm_struct as alive without counting it.
 * @mm: an mm_struct whose users the caller keeps above 0 while the result is
 *      used
 *
 * Context: Any.
 * Return: a view, not to be put; none (@mm is NULL), after a report, if it
 *         was not alive.
 */
struct bmm_user bmm_user_from_raw(struct mm_struct *mm)
{
	struct bmm_user u = { mm };

	return user_alive(u) ? u : (struct bmm_user) { };
}

/**
 * bmm_user_current() - the address space that the calling task runs in.
 * @user: a view of it, not to be put, valid while the task stays in it;
 *        written only on success
 *
 * Context: Task.
 * Return: true; false in a kernel thread that has borrowed none.
 */
bool bmm_user_current(struct bmm_user *user)
{
	if (!current->mm)
		return false;
	*user = (struct bmm_user) { current->mm };
	return true;
}

/**
 * bmm_mmap_read_lock() - keep all the vmas of an address space as they are.
 * @u: the address space; its reference outlives the guard
 *
 * Context: Task; sleeps for as long as user space can make a writer hold it.
 * Return: the guard; not held, after a report, if @u was not alive.
 */
struct bmm_mmap_read bmm_mmap_read_lock(struct bmm_user u)
{
	if (!user_alive(u))
		return (struct bmm_mmap_read) { };
	mmap_read_lock(u.mm);
	return (struct bmm_mmap_read) { u.mm, bmm_ticket_issue() };
}

/**
 * bmm_mmap_read_trylock() - bmm_mmap_read_lock() that never waits.
 * @u: the address space; its reference outlives the guard
 *
 * Context: Task, also where it may not sleep.
 * Return: the guard; not held if a writer has or awaits the lock.
 */
struct bmm_mmap_read bmm_mmap_read_trylock(struct bmm_user u)
{
	if (!user_alive(u) || bmm_should_fail() || !mmap_read_trylock(u.mm))
		return (struct bmm_mmap_read) { };
	return (struct bmm_mmap_read) { u.mm, bmm_ticket_issue() };
}

/**
 * bmm_mmap_read_unlock() - end a guard before its scope does.
 * @guard: a held guard of the calling task; not held afterwards
 *
 * Context: Task that took the lock. Views made under the guard die with it.
 */
void bmm_mmap_read_unlock(struct bmm_mmap_read *guard)
{
	if (!guard->mm) {
		bmm_misuse("mmap read guard unlocked that is not held");
		return;
	}
	if (!bmm_ticket_redeem(&guard->ticket, "mmap read guard"))
		return;
	mmap_read_unlock(guard->mm);
	guard->mm = NULL;
}

/**
 * bmm_mmap_write_lock() - keep everybody else out of an address space.
 * @u: the address space; its reference outlives the guard
 *
 * Context: Task; sleeps for as long as user space can make others hold it.
 * Return: the guard; not held, after a report, if @u was not alive.
 */
struct bmm_mmap_write bmm_mmap_write_lock(struct bmm_user u)
{
	if (!user_alive(u))
		return (struct bmm_mmap_write) { };
	mmap_write_lock(u.mm);
	return (struct bmm_mmap_write) { u.mm, bmm_ticket_issue() };
}

/**
 * bmm_mmap_write_unlock() - end a guard before its scope does.
 * @guard: a held guard of the calling task; not held afterwards
 *
 * Context: Task that took the lock. Views made under the guard die with it.
 */
void bmm_mmap_write_unlock(struct bmm_mmap_write *guard)
{
	if (!guard->mm) {
		bmm_misuse("mmap write guard unlocked that is not held");
		return;
	}
	if (!bmm_ticket_redeem(&guard->ticket, "mmap write guard"))
		return;
	mmap_write_unlock(guard->mm);
	guard->mm = NULL;
}
