/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Run-time checks of the rules that C cannot put into a type.
 *
 * With CONFIG_BINDER_IPC_DEBUG every guard carries a ticket that is valid
 * from lock to unlock and belongs to the task that took the lock; the views
 * handed out under the guard carry the same ticket. A view that outlived its
 * guard, or that another task uses, is noticed before it is dereferenced.
 * Local page mappings are noted per task, so that they can be required to be
 * undone in reverse order, also where kmap_local is free and nothing else
 * would notice.
 *
 * What breaks a rule is reported and then refused: the lock stays taken, the
 * page stays mapped, the address space stays as it is.
 *
 * Without the option a ticket is an empty struct and every check is constant.
 */
#ifndef BINDER_MM_DEBUG_H
#define BINDER_MM_DEBUG_H

#include <linux/compiler.h>
#include <linux/types.h>

#ifdef CONFIG_BINDER_IPC_DEBUG

/*
 * 0 is the ticket of a view made from a raw pointer, whose maker vouches for
 * it. Any other value names a guard that is, or was, held.
 */
struct bmm_ticket {
	u32 id;
};

/* debug.c APIs: */
__printf(1, 2) void bmm_misuse(const char *fmt, ...);
void bmm_misuse_report(const char *what);

struct bmm_ticket bmm_ticket_issue(void);
bool bmm_ticket_valid(struct bmm_ticket ticket, const char *what);
bool bmm_ticket_redeem(struct bmm_ticket *ticket, const char *what);
unsigned int bmm_tickets_live(void);

void bmm_map_note(const void *at);
bool bmm_map_forget(const void *at);
unsigned int bmm_maps_outstanding(void);
bool bmm_assert_no_maps(void);

#ifdef CONFIG_FAULT_INJECTION
bool bmm_should_fail(void);
#else
static inline bool bmm_should_fail(void) { return false; }
#endif

/* The switches; see debug.c. Any value may be written at any time. */
extern bool bmm_no_vma_lock;
extern bool bmm_page_by_page;

static inline bool bmm_vma_lock_off(void)
{
	return unlikely(READ_ONCE(bmm_no_vma_lock));
}

static inline bool bmm_split_runs(void)
{
	return unlikely(READ_ONCE(bmm_page_by_page));
}

#else /* !CONFIG_BINDER_IPC_DEBUG */

struct bmm_ticket { };

static inline __printf(1, 2) void bmm_misuse(const char *fmt, ...) { }

static inline struct bmm_ticket bmm_ticket_issue(void)
{
	return (struct bmm_ticket) { };
}

static inline bool bmm_ticket_valid(struct bmm_ticket ticket, const char *what)
{
	return true;
}

static inline bool bmm_ticket_redeem(struct bmm_ticket *ticket, const char *what)
{
	return true;
}

static inline unsigned int bmm_tickets_live(void) { return 0; }
static inline void bmm_map_note(const void *at) { }
static inline bool bmm_map_forget(const void *at) { return true; }
static inline unsigned int bmm_maps_outstanding(void) { return 0; }
static inline bool bmm_assert_no_maps(void) { return true; }
static inline bool bmm_should_fail(void) { return false; }
static inline bool bmm_vma_lock_off(void) { return false; }
static inline bool bmm_split_runs(void) { return false; }

#endif /* CONFIG_BINDER_IPC_DEBUG */

#endif
