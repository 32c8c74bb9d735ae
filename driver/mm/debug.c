// SPDX-License-Identifier: GPL-2.0
/*
 * The books behind the checks of debug.h, kept in fixed pools.
 *
 * A check must not fail for want of memory nor change what is being checked,
 * so nothing is allocated here. A pool that is full makes the checks lenient:
 * a guard without a ticket is not checked, a mapping without a note may be
 * undone at any time. Neither is ever reported wrongly.
 */
#include <linux/debugfs.h>
#include <linux/fault-inject.h>
#include <linux/hashtable.h>
#include <linux/init.h>
#include <linux/moduleparam.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/sprintf.h>
#include <kunit/static_stub.h>

#include "mm/debug.h"

#define NR_TICKETS 512
#define NR_NOTES 1024

/*
 * binder.mm_no_vma_lock: behave as a kernel without per-VMA locks.
 *
 * Both ways to a vma can then be tested in one build. The guards that are
 * held when it changes stay what they are.
 */
bool bmm_no_vma_lock;
module_param_named(mm_no_vma_lock, bmm_no_vma_lock, bool, 0644);
MODULE_PARM_DESC(mm_no_vma_lock, "Never use per-VMA locks");

/*
 * binder.mm_page_by_page: access runs of pages as if each had to be mapped.
 *
 * This is what a kernel with CONFIG_HIGHMEM does, tested without one.
 */
bool bmm_page_by_page;
module_param_named(mm_page_by_page, bmm_page_by_page, bool, 0644);
MODULE_PARM_DESC(mm_page_by_page, "Access physically contiguous pages one by one");

/* A guard that is held. @id is 0 in a free slot; @issued makes it unique. */
struct ticket_slot {
	const struct task_struct *task;
	u32 id;
	u16 issued;
};

/* A local mapping that is not undone yet. */
struct map_note {
	struct hlist_node node;
	const struct task_struct *task;
	const void *at;
};

/* Protects everything below; taken with interrupts off, nothing nests in it. */
static DEFINE_RAW_SPINLOCK(books_lock);

static struct ticket_slot tickets[NR_TICKETS];
static unsigned int next_ticket;

static struct map_note notes[NR_NOTES];
static unsigned int notes_ever;		/* notes[] from here on were never used */
static unsigned int notes_lost;		/* mappings that found the pool empty */
static HLIST_HEAD(free_notes);
static DEFINE_HASHTABLE(notes_by_task, 6);	/* newest first */

/**
 * bmm_misuse_report() - where every broken rule ends up.
 * @what: the rule, one line without a newline
 *
 * A WARN, except in a KUnit test that redirects it in order to count.
 *
 * Context: Any.
 */
void bmm_misuse_report(const char *what)
{
	KUNIT_STATIC_STUB_REDIRECT(bmm_misuse_report, what);
	WARN(1, "binder: %s\n", what); /* LCOV_EXCL_LINE: only after a bug of the driver */
}

/**
 * bmm_misuse() - report that a caller broke a rule of this floor.
 * @fmt: what it did, a printf format without a newline
 *
 * Context: Any.
 */
void bmm_misuse(const char *fmt, ...)
{
	char what[128];
	va_list args;

	va_start(args, fmt);
	vscnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	bmm_misuse_report(what);
}

static struct ticket_slot *slot_of(u32 id)
{
	return &tickets[(id - 1) % NR_TICKETS];
}

/**
 * bmm_ticket_issue() - note that the calling task now holds a guard.
 *
 * Context: Any.
 * Return: the ticket of the guard; the one that is not checked if too many
 *         guards are held at once.
 */
struct bmm_ticket bmm_ticket_issue(void)
{
	struct bmm_ticket ticket = { };
	struct ticket_slot *slot;
	unsigned long flags;
	unsigned int i, at;

	raw_spin_lock_irqsave(&books_lock, flags);
	for (i = 0; i < NR_TICKETS; i++) {
		at = next_ticket++ % NR_TICKETS;
		slot = &tickets[at];
		if (slot->id)
			continue;
		slot->task = current;
		slot->id = slot->issued++ * NR_TICKETS + at + 1;
		ticket.id = slot->id;
		break;
	}
	raw_spin_unlock_irqrestore(&books_lock, flags);
	return ticket;
}

/* Is the guard of @ticket held by this task? If so, and if asked, end it. */
static bool check_ticket(struct bmm_ticket ticket, const char *what, bool redeem)
{
	struct ticket_slot *slot = slot_of(ticket.id);
	const struct task_struct *task = NULL;
	unsigned long flags;

	if (!ticket.id)
		return true;

	raw_spin_lock_irqsave(&books_lock, flags);
	if (slot->id == ticket.id) {
		task = slot->task;
		if (redeem && task == current)
			slot->id = 0;
	}
	raw_spin_unlock_irqrestore(&books_lock, flags);

	if (task == current)
		return true;
	if (task)
		bmm_misuse("%s belongs to another task", what);
	else
		bmm_misuse("%s used after its guard was unlocked", what);
	return false;
}

/**
 * bmm_ticket_valid() - may the calling task use what carries this ticket?
 * @ticket: from a guard, or from a view that was made under one
 * @what: name of the thing, for the report
 *
 * Context: Any.
 * Return: true; false, after a report, if the guard is not held any more or
 *         belongs to another task.
 */
bool bmm_ticket_valid(struct bmm_ticket ticket, const char *what)
{
	return check_ticket(ticket, what, false);
}

/**
 * bmm_ticket_redeem() - may the calling task unlock this guard?
 * @ticket: of the guard; zero afterwards if so
 * @what: name of the guard, for the report
 *
 * Context: Any.
 * Return: true, and every view made under the guard is invalid from now on;
 *         false, after a report, as for bmm_ticket_valid().
 */
bool bmm_ticket_redeem(struct bmm_ticket *ticket, const char *what)
{
	if (!check_ticket(*ticket, what, true))
		return false;
	*ticket = (struct bmm_ticket) { };
	return true;
}

/**
 * bmm_tickets_live() - count the guards that the calling task holds.
 *
 * Context: Any.
 * Return: guards with a ticket.
 */
unsigned int bmm_tickets_live(void)
{
	unsigned int i, live = 0;
	unsigned long flags;

	raw_spin_lock_irqsave(&books_lock, flags);
	for (i = 0; i < NR_TICKETS; i++)
		live += tickets[i].id && tickets[i].task == current;
	raw_spin_unlock_irqrestore(&books_lock, flags);
	return live;
}

static struct map_note *take_note(void)
{
	lockdep_assert_held(&books_lock);

	if (!hlist_empty(&free_notes)) {
		struct hlist_node *first = free_notes.first;

		hlist_del(first);
		return hlist_entry(first, struct map_note, node);
	}
	return notes_ever < NR_NOTES ? &notes[notes_ever++] : NULL;
}

/**
 * bmm_map_note() - note that the calling task mapped a page.
 * @at: where
 *
 * Context: Any.
 */
void bmm_map_note(const void *at)
{
	struct map_note *note;
	unsigned long flags;

	raw_spin_lock_irqsave(&books_lock, flags);
	note = take_note();
	if (note) {
		note->task = current;
		note->at = PTR_ALIGN_DOWN(at, PAGE_SIZE);
		hash_add(notes_by_task, &note->node, (unsigned long)current);
	} else {
		notes_lost++;
	}
	raw_spin_unlock_irqrestore(&books_lock, flags);
}

enum forget { FORGOTTEN, NOT_LATEST, NOT_MAPPED };

static enum forget forget_note(const void *at)
{
	struct map_note *note;
	bool latest = true;

	lockdep_assert_held(&books_lock);

	hash_for_each_possible(notes_by_task, note, node, (unsigned long)current) {
		if (note->task != current)
			continue;
		if (note->at != at) {
			latest = false;
			continue;
		}
		if (!latest)
			return NOT_LATEST;
		hash_del(&note->node);
		hlist_add_head(&note->node, &free_notes);
		return FORGOTTEN;
	}
	if (!notes_lost)
		return NOT_MAPPED;
	notes_lost--;
	return FORGOTTEN;
}

/**
 * bmm_map_forget() - may the calling task unmap this page now?
 * @at: an address in the page
 *
 * Context: Any.
 * Return: true, and the note is gone; false, after a report, if the task did
 *         not map the page or has mapped another one since.
 */
bool bmm_map_forget(const void *at)
{
	enum forget result;
	unsigned long flags;

	raw_spin_lock_irqsave(&books_lock, flags);
	result = forget_note(PTR_ALIGN_DOWN(at, PAGE_SIZE));
	raw_spin_unlock_irqrestore(&books_lock, flags);

	if (result == NOT_LATEST)
		bmm_misuse("page unmapped before one that was mapped later");
	else if (result == NOT_MAPPED)
		bmm_misuse("page unmapped that this task has not mapped");
	return result == FORGOTTEN;
}

/**
 * bmm_maps_outstanding() - count the pages that the calling task has mapped.
 *
 * Context: Any.
 * Return: mappings that are noted.
 */
unsigned int bmm_maps_outstanding(void)
{
	struct map_note *note;
	unsigned int nr = 0;
	unsigned long flags;

	raw_spin_lock_irqsave(&books_lock, flags);
	hash_for_each_possible(notes_by_task, note, node, (unsigned long)current)
		nr += note->task == current;
	raw_spin_unlock_irqrestore(&books_lock, flags);
	return nr;
}

/**
 * bmm_assert_no_maps() - the calling task has undone all its mappings.
 *
 * For the places where an operation ends.
 *
 * Context: Any.
 * Return: true; false, after a report, if it has not.
 */
bool bmm_assert_no_maps(void)
{
	unsigned int nr = bmm_maps_outstanding();

	if (!nr)
		return true;
	bmm_misuse("%u page mapping(s) left behind", nr);
	return false;
}

#ifdef CONFIG_FAULT_INJECTION

/*
 * Failures that the allocators' own fault injection cannot bring about: an
 * address space that has just died, a contended lock, a page that cannot be
 * mapped. Configured as any fault attribute, by fail_binder_mm/ in debugfs;
 * /proc/<tid>/fail-nth counts these sites too.
 */
static DECLARE_FAULT_ATTR(fail_binder_mm);

/**
 * bmm_should_fail() - is the caller to fail now, for a test's sake?
 *
 * Context: Any.
 * Return: true if so.
 */
bool bmm_should_fail(void)
{
	return should_fail(&fail_binder_mm, 1);
}

static int __init fail_binder_mm_init(void)
{
	return PTR_ERR_OR_ZERO(fault_create_debugfs_attr("fail_binder_mm", NULL,
							 &fail_binder_mm));
}
late_initcall(fail_binder_mm_init);

#endif /* CONFIG_FAULT_INJECTION */
