/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Arena: one receiver's mapped region.
 *
 * A receiver maps a region of its address space read-only. Senders reserve
 * byte ranges in it, bring the pages that are missing, and copy straight into
 * them. A range that is given back leaves its pages present, on an LRU list
 * from which a shrinker takes them under memory pressure.
 *
 * Page slots. The region is cut into page slots. At any time a slot is
 *
 *   absent	slot pointer NULL: no page. Touching it is SIGBUS.
 *   in use	page present, ->in_use: a live range overlaps it. Never
 *		reclaimed. Mapped by the sender if it gets the lock at once,
 *		else by the receiver's page fault.
 *   idle	page present, !->in_use, on the LRU. Still mapped and readable
 *		if it was before; not mapped again by a fault.
 *
 *	   publish			last range gone
 *   absent ------> in use ---------------------------> idle
 *     ^		^			     |	  |
 *     |		+----- a range covers it ----+	  |
 *     +------------------- reclaim ----------------------+
 *
 * A page that comes into use again stays on the LRU until the shrinker meets
 * it, so that a page that is in use and idle in turn costs no list traffic. The
 * order is that of giving back, exactly so within an arena.
 *
 * Locks, outermost first. "(try)" marks an edge that is only ever tried.
 *
 *   mmap_lock or the per-VMA read lock of the receiver (a sender and the
 *   shrinker only try it)
 *     arena->map_mutex		(try in the shrinker)
 *       arena->lock
 *         the list_lru's own
 *           arena->lock	(try: the shrinker comes from the list)
 *
 * ->map_mutex makes "look at the slot, then change the page table" one step:
 * without it a page could be mapped after the shrinker had freed it. Nothing
 * that user space can prolong happens under it.
 */
#ifndef BINDER_ARENA_ARENA_H
#define BINDER_ARENA_ARENA_H

#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "arena/range.h"
#include "mm/mm.h"
#include "mm/vma.h"

struct arena_page;
struct seq_file;
struct vm_area_struct;

/* Of a larger mapping only this much is ever used. */
#define ARENA_MAX_SIZE SZ_4M

/* Why something happened, counted for each arena since it was mapped. */
enum arena_event {
	ARENA_COPY_IN,			/* copies from the memory of a sender */
	ARENA_PAGE_NEW,			/* pages that came into a slot */
	ARENA_MAP_VMA_LOCK,		/* pages mapped under the per-VMA lock */
	ARENA_MAP_MMAP_LOCK,		/* ... under the mmap read lock */
	ARENA_MAP_FAULT,		/* ... by the receiver's page fault */
	ARENA_MAP_LATER_CONTENDED,	/* left to the fault: lock not free */
	ARENA_MAP_LATER_NOT_OURS,	/* ... no vma of ours at the address */
	ARENA_MAP_LATER_NO_MEMORY,	/* ... no page table */
	ARENA_RECLAIMED,		/* pages taken by the shrinker */
	ARENA_SKIP_MAP_MUTEX,		/* not reclaimed: page tables in use */
	ARENA_SKIP_VMA_LOCK,		/* ... receiver changes its mappings */
	ARENA_SKIP_LOCK,		/* ... arena->lock not free */
	ARENA_DELISTED_IN_USE,		/* met on the LRU while in use */
	ARENA_NR_EVENTS,
};

/**
 * struct arena - one receiver's region
 *
 * I: immutable once arena_mmap() has returned, L: @lock, M: @map_mutex,
 * A: atomic.
 *
 * @ref:	A: one for the owner, one for a shrinker at work.
 * @mm:		I: the receiver's address space; says nothing about whether it
 *		is alive.
 * @id:		I: what tells a vma of this arena from any other.
 * @pid:	I: the process that made it, for traces.
 * @size:	I: usable bytes, a multiple of PAGE_SIZE; 0 before arena_mmap().
 * @slots:	I: one pointer for each page; entries: L for writing. An entry
 *		under a live range does not change and is read without lock.
 * @claimed:	A: arena_mmap() has been called, successfully or not.
 * @mapped:	A: mapped, and no part has been unmapped or moved since.
 * @lock:	guards @ranges, the slots' entries and states, and the counts.
 * @ranges:	L: which bytes are taken.
 * @oneway_free: L: bytes that oneway messages may still take.
 * @oneway_suspected: L: since they became short somebody has been suspected of
 *		flooding.
 * @idle_first: L: the slots that became idle last: first,
 * @idle_end:	L: and one past the last.
 * @watermark:	L: highest slot index + 1 that ever held a page.
 * @map_mutex:	guards the page-table side of the slots.
 * @events:	A: counts by reason.
 * @all:	on the list of all arenas, guarded by the lock of that list.
 */
struct arena {
	struct kref ref;
	struct bmm mm;
	struct bmm_vma_id id;
	pid_t pid;
	size_t size;
	struct arena_page **slots;
	atomic_t claimed;
	bool mapped;

	spinlock_t lock;	/* which bytes and slots are in use */
	struct range_alloc ranges;
	size_t oneway_free;
	bool oneway_suspected;
	size_t idle_first;
	size_t idle_end;
	size_t watermark;

	struct mutex map_mutex;	/* slots and page tables agree */
	atomic_long_t events[ARENA_NR_EVENTS];
	struct list_head all;
};

/**
 * struct arena_buf - a reserved range, embedded in the record of a message
 * @range:	where it is, in bytes from the start of the arena.
 * @oneway:	it counts against the oneway space.
 * @sender:	whom it is counted for, set by the caller before arena_reserve().
 * @suspect:	oneway space is short, and @sender has most of what is taken.
 * @with_user:	the receiver has it and may give it back; see arena_take().
 */
struct arena_buf {
	struct arena_range range;
	bool oneway;
	bool suspect;
	pid_t sender;
	atomic_t with_user;
};

/* arena.c APIs: */
struct arena *arena_create(struct mm_struct *mm);
void arena_destroy(struct arena *a);
int arena_mmap(struct arena *a, struct vm_area_struct *vma);
int arena_init(void);
void arena_exit(void);

/* buffer.c APIs: */
int arena_reserve(struct arena *a, struct arena_buf *b, size_t size,
		  bool oneway);
void arena_release(struct arena *a, struct arena_buf *b);
void arena_deliver(struct arena_buf *b);
struct arena_buf *arena_take(struct arena *a, unsigned long addr);
struct arena_buf *arena_take_any(struct arena *a);
bool arena_is_mapped(const struct arena *a);

/* copy.c APIs: */
int arena_copy_from_user(struct arena *a, const struct arena_buf *b, size_t off,
			 const void __user *src, size_t len);
int arena_write(struct arena *a, const struct arena_buf *b, size_t off,
		const void *src, size_t len);
int arena_read(struct arena *a, const struct arena_buf *b, size_t off,
	       void *dst, size_t len);
int arena_zero(struct arena *a, const struct arena_buf *b, size_t off,
	       size_t len);

/* reclaim.c APIs, with CONFIG_BINDER_IPC_BENCH: */
unsigned long arena_shrink(unsigned long nr);

/* validate.c APIs: */
bool arena_validate(struct arena *a);

/* stats.c APIs: */
struct arena_slot_counts {
	size_t in_use;
	size_t idle;
	size_t absent;
};

/**
 * struct arena_space - what is free of a region, and who has most of the rest
 * @size: of the region, bytes
 * @largest: free range
 * @free: bytes in all free ranges
 * @oneway_free: bytes that oneway messages may still take
 * @holder: the sender whose buffers are the largest together, 0 if there is none
 * @held: bytes in them
 * @held_nr: how many they are
 */
struct arena_space {
	size_t size;
	size_t largest;
	size_t free;
	size_t oneway_free;
	pid_t holder;
	size_t held;
	size_t held_nr;
};

void arena_get_space(struct arena *a, bool oneway, struct arena_space *space);
void arena_count_slots(struct arena *a, struct arena_slot_counts *c);
const char *arena_event_name(enum arena_event event);
void arena_buf_for_each(struct arena *a, void (*fn)(struct arena_buf *b, void *arg), void *arg);
void arena_for_each(void (*fn)(struct arena *a, void *arg), void *arg);
void arena_show(struct arena *a, struct seq_file *s);

/**
 * arena_is_set_up() - has the arena ever been mapped?
 * @a: the arena
 *
 * Context: any.
 * Return: true if it has slots and ranges to look at.
 */
static inline bool arena_is_set_up(const struct arena *a)
{
	/* Pairs with the release in arena_mmap(). */
	return smp_load_acquire(&a->size);
}

/**
 * arena_user_addr() - where the receiver sees a buffer
 * @a: the arena
 * @b: a reserved buffer in it
 *
 * Context: any.
 * Return: the user address of the first byte.
 */
static inline unsigned long arena_user_addr(const struct arena *a,
					    const struct arena_buf *b)
{
	return a->id.start + b->range.start;
}

#endif
