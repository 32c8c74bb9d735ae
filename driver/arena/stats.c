// SPDX-License-Identifier: GPL-2.0
/*
 * What an arena looks like from outside: counts, and a picture in text.
 */
#include <linux/list.h>
#include <linux/seq_file.h>

#include "arena/page.h"

static DEFINE_MUTEX(all_lock);
static LIST_HEAD(all_arenas);

static const char *const event_names[ARENA_NR_EVENTS] = {
	[ARENA_COPY_IN]			= "copies_from_user",
	[ARENA_PAGE_NEW]		= "pages_brought",
	[ARENA_MAP_VMA_LOCK]		= "mapped_vma_lock",
	[ARENA_MAP_MMAP_LOCK]		= "mapped_mmap_lock",
	[ARENA_MAP_FAULT]		= "mapped_by_fault",
	[ARENA_MAP_LATER_CONTENDED]	= "left_to_fault_contended",
	[ARENA_MAP_LATER_NOT_OURS]	= "left_to_fault_not_ours",
	[ARENA_MAP_LATER_NO_MEMORY]	= "left_to_fault_no_memory",
	[ARENA_RECLAIMED]		= "reclaimed",
	[ARENA_SKIP_MAP_MUTEX]		= "skipped_map_mutex",
	[ARENA_SKIP_VMA_LOCK]		= "skipped_vma_lock",
	[ARENA_SKIP_LOCK]		= "skipped_arena_lock",
	[ARENA_DELISTED_IN_USE]		= "delisted_in_use",
};

/**
 * arena_event_name() - the name of a count
 * @event: which
 *
 * Context: any.
 * Return: a word without blanks.
 */
const char *arena_event_name(enum arena_event event)
{
	return event_names[event];
}

/**
 * arena_stats_add() - show an arena among all arenas
 * @a: mapped just now
 *
 * Context: may sleep.
 */
void arena_stats_add(struct arena *a)
{
	guard(mutex)(&all_lock);
	list_add(&a->all, &all_arenas);
}

/**
 * arena_stats_del() - show it no more
 * @a: about to be destroyed
 *
 * Context: may sleep; waits for whoever is looking at it.
 */
void arena_stats_del(struct arena *a)
{
	guard(mutex)(&all_lock);
	list_del(&a->all);
}

/**
 * arena_for_each() - look at all mapped arenas, newest first
 * @fn: called for each, which does not go away meanwhile
 * @arg: passed on
 *
 * Context: may sleep.
 */
void arena_for_each(void (*fn)(struct arena *a, void *arg), void *arg)
{
	struct arena *a;

	guard(mutex)(&all_lock);
	list_for_each_entry(a, &all_arenas, all)
		fn(a, arg);
}

/**
 * arena_count_slots() - how many page slots are in which state
 * @a: the arena
 * @c: out
 *
 * Context: takes arena->lock.
 */
void arena_count_slots(struct arena *a, struct arena_slot_counts *c)
{
	size_t i;

	*c = (struct arena_slot_counts) {};
	guard(spinlock)(&a->lock);
	for (i = 0; i < arena_nr_slots(a); i++) {
		if (!a->slots[i])
			c->absent++;
		else if (a->slots[i]->in_use)
			c->in_use++;
		else
			c->idle++;
	}
}

/*
 * Who tries to send without success must not keep the receiver busy: no more
 * buffers than this are looked at, nor more senders told apart.
 */
#define MAX_LOOKED_AT	1024
#define MAX_SENDERS	16

/* What one sender has. */
struct held {
	pid_t sender;
	size_t bytes;
	size_t nr;
};

static void add_held(struct held held[MAX_SENDERS], const struct arena_buf *b)
{
	int i;

	for (i = 0; i < MAX_SENDERS; i++) {
		if (held[i].nr && held[i].sender != b->sender)
			continue;
		held[i].sender = b->sender;
		held[i].bytes += b->range.size;
		held[i].nr++;
		return;
	}
}

/**
 * arena_get_space() - what is free, and who has most of what is not
 * @a: the arena, mapped
 * @oneway: only buffers of oneway messages count as held
 * @space: out
 *
 * Context: takes arena->lock.
 */
void arena_get_space(struct arena *a, bool oneway, struct arena_space *space)
{
	struct held held[MAX_SENDERS] = {};
	struct arena_range *r = NULL;
	int i, looked_at = 0, most = 0;

	guard(spinlock)(&a->lock);
	while (looked_at++ < MAX_LOOKED_AT && (r = range_next(&a->ranges, r))) {
		struct arena_buf *b = container_of(r, struct arena_buf, range);

		if (b->oneway || !oneway)
			add_held(held, b);
	}
	for (i = 1; i < MAX_SENDERS; i++) {
		if (held[i].bytes > held[most].bytes)
			most = i;
	}
	*space = (struct arena_space) {
		.size = a->size,
		.largest = range_largest_gap(&a->ranges),
		.free = a->size - range_live_bytes(&a->ranges),
		.oneway_free = a->oneway_free,
		.holder = held[most].sender,
		.held = held[most].bytes,
		.held_nr = held[most].nr,
	};
}

#define SLOTS_PER_ROW 64

/* '#' in use, 'o' idle, '.' absent; rows that repeat are told, not shown. */
static void slot_row(struct arena *a, size_t from, char row[SLOTS_PER_ROW + 1])
{
	size_t i, nr = min_t(size_t, SLOTS_PER_ROW, arena_nr_slots(a) - from);

	guard(spinlock)(&a->lock);
	for (i = 0; i < nr; i++) {
		struct arena_page *p = a->slots[from + i];

		row[i] = !p ? '.' : p->in_use ? '#' : 'o';
	}
	row[nr] = '\0';
}

static void show_slots(struct arena *a, struct seq_file *s)
{
	char row[SLOTS_PER_ROW + 1], last[SLOTS_PER_ROW + 1] = "";
	bool told = false;
	size_t from;

	seq_puts(s, "  slots: # in use, o idle, . absent\n");
	for (from = 0; from < arena_nr_slots(a); from += SLOTS_PER_ROW) {
		slot_row(a, from, row);
		if (strcmp(row, last)) {
			seq_printf(s, "  %6zu %s\n", from, row);
			told = false;
		} else if (!told) {
			seq_puts(s, "       *\n");
			told = true;
		}
		memcpy(last, row, sizeof(row));
	}
}

#define RANGES_SHOWN 16

static void show_ranges(struct arena *a, struct seq_file *s)
{
	struct { size_t start, size; bool oneway, with_user; } shown[RANGES_SHOWN];
	size_t nr = 0, total, free_oneway, i;

	scoped_guard(spinlock, &a->lock) {
		struct arena_range *r = NULL;

		total = range_nr(&a->ranges);
		free_oneway = a->oneway_free;
		while (nr < RANGES_SHOWN && (r = range_next(&a->ranges, r))) {
			struct arena_buf *b = container_of(r, struct arena_buf,
							   range);

			shown[nr].start = r->start;
			shown[nr].size = r->size;
			shown[nr].oneway = b->oneway;
			shown[nr].with_user = atomic_read(&b->with_user);
			nr++;
		}
	}
	seq_printf(s, "  ranges: %zu live, %zu bytes of oneway space free\n",
		   total, free_oneway);
	for (i = 0; i < nr; i++)
		seq_printf(s, "  %#10lx +%zu%s%s\n", a->id.start + shown[i].start,
			   shown[i].size, shown[i].oneway ? " oneway" : "",
			   shown[i].with_user ? " delivered" : "");
	if (total > nr)
		seq_printf(s, "  ... and %zu more\n", total - nr);
}

/**
 * arena_show() - describe an arena in text
 * @a: the arena, mapped
 * @s: where to
 *
 * Context: takes arena->lock for a row at a time, so that the parts may be of
 *	different moments.
 */
void arena_show(struct arena *a, struct seq_file *s)
{
	struct arena_slot_counts c;
	int i;

	arena_count_slots(a, &c);
	seq_printf(s, "  region: %#lx-%#lx, %zu KiB%s\n", a->id.start,
		   a->id.start + a->size, a->size >> 10,
		   READ_ONCE(a->mapped) ? "" : ", not (wholly) mapped any more");
	show_ranges(a, s);
	seq_printf(s, "  pages: %zu in use, %zu idle, %zu absent, watermark %zu\n",
		   c.in_use, c.idle, c.absent, READ_ONCE(a->watermark));
	show_slots(a, s);
	seq_puts(s, "  events:");
	for (i = 0; i < ARENA_NR_EVENTS; i++)
		seq_printf(s, " %s %ld", event_names[i],
			   atomic_long_read(&a->events[i]));
	seq_putc(s, '\n');
}
