// SPDX-License-Identifier: GPL-2.0
/*
 * The range allocator against a naive model, over long random runs.
 *
 * The model is the sorted list of live ranges. After each step it knows where
 * the neighbours of the range are, whether a gap would have been large enough
 * for what was refused, and which gaps the documented fit may take. The seed is
 * printed; SEED=n repeats a run exactly.
 */
#include <errno.h>
#include <linux/prandom.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <kunit/test.h>

#include "arena/range.h"
#include "shim.h"
#include "tap.h"

#define MAX_RECORDS	20000
/* Above this many live ranges the checks that look at all gaps are sampled. */
#define SMALL		300
/* Above this many refusals are, too. */
#define LARGE		3000

bool shim_fail_alloc;

struct shape {
	const char *name;
	size_t arena;
	unsigned int records;
	unsigned int steps;
	unsigned int units;		/* sizes: mostly up to this many RANGE_ALIGN ... */
	unsigned int rare_units;	/* ... one of 16 up to this many */
	unsigned int validate_every;
};

static const struct shape shapes[] = {
	{ "4 KiB",	   SZ_4K,	   64,	  200000, 16,  64,   1 },
	{ "64 KiB",	   SZ_64K,	   300,	  300000, 40,  400,  5 },
	{ "1 MiB - 8 KiB", SZ_1M - SZ_8K,  3000,  400000, 64,  4096, 100 },
	{ "4 MiB",	   SZ_4M,	   20000, 300000, 48,  2048, 3000 },
};

struct live {
	u32 start, size, rec;
};

static struct arena_range recs[MAX_RECORDS];
static struct live live[MAX_RECORDS];	/* by start */
static u32 idle[MAX_RECORDS];		/* the records that are not reserved */

struct run {
	const struct shape *shape;
	bool best_fit;
	struct range_alloc ra;
	struct rnd_state rnd;
	u32 nr_live, nr_idle;
	size_t bytes;
	unsigned int step;
	unsigned int refused;		/* how often -ENOSPC was right */
};

static void fail(struct run *t, const char *what, size_t start, size_t size)
{
	printf("# step %u: %s (start %zu, size %zu, %u live)\n", t->step, what, start, size,
	       t->nr_live);
}

#define check(t, cond, start, size)				\
({								\
	bool __ok = (cond);					\
								\
	if (!__ok)						\
		fail(t, #cond, start, size);			\
	__ok;							\
})

static u32 rnd(struct run *t, u32 below)
{
	return prandom_u32_state(&t->rnd) % below;
}

/* The index of the first live range that starts at or above @start. */
static u32 lower_bound(const struct run *t, size_t start)
{
	u32 low = 0, high = t->nr_live;

	while (low < high) {
		u32 mid = (low + high) / 2;

		if (live[mid].start < start)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The gap before live range @i, or the last one. */
static size_t gap_start(u32 i)
{
	return i ? live[i - 1].start + live[i - 1].size : 0;
}

static size_t gap_end(const struct run *t, u32 i)
{
	return i < t->nr_live ? live[i].start : t->shape->arena;
}

static size_t largest_gap(const struct run *t)
{
	size_t largest = 0;

	for (u32 i = 0; i <= t->nr_live; i++)
		largest = max(largest, gap_end(t, i) - gap_start(i));
	return largest;
}

/* Was gap @got the one that the documented policy takes for @size? */
static bool fits_policy(const struct run *t, u32 got, size_t size)
{
	size_t got_gap = gap_end(t, got) - gap_start(got);

	for (u32 i = 0; i < t->nr_live; i++) {
		size_t gap = gap_end(t, i) - gap_start(i);

		if (gap < size)
			continue;
		if (!t->best_fit)
			return got == i;
		if (got == t->nr_live || gap < got_gap)
			return false;
	}
	return true;
}

static bool sampled(const struct run *t)
{
	return t->nr_live <= SMALL || t->step % 64 == 0;
}

static size_t random_size(struct run *t)
{
	u32 units = rnd(t, 16) ? t->shape->units : t->shape->rare_units;

	return RANGE_ALIGN * (1 + rnd(t, units));
}

static bool reserve_size(struct run *t, size_t size)
{
	struct range_prealloc pre;
	struct range_bounds b;
	struct arena_range *r;
	u32 at;
	int err;

	if (!t->nr_idle)
		return true;
	r = &recs[idle[t->nr_idle - 1]];
	memset(r, 0xcc, sizeof(*r));
	do {
		err = range_prepare(&t->ra, &pre, GFP_KERNEL);
		if (!check(t, !err, 0, size))
			return false;
		err = range_reserve(&t->ra, r, size, &pre, &b);
		range_unprepare(&t->ra, &pre);
	} while (err == -EAGAIN);

	if (err) {
		t->refused++;
		if (!check(t, err == -ENOSPC, 0, size))
			return false;
		/* Looking at all gaps of the largest shape each time takes minutes. */
		return (t->nr_live > LARGE && t->refused % 16) ||
		       check(t, largest_gap(t) < size, 0, size);
	}
	at = lower_bound(t, r->start);
	if (!check(t, r->size == size, r->start, size) ||
	    !check(t, r->start == gap_start(at), r->start, size) ||
	    !check(t, r->start + size <= gap_end(t, at), r->start, size) ||
	    !check(t, b.prev_end == gap_start(at), r->start, size) ||
	    !check(t, b.next_start == gap_end(t, at), r->start, size) ||
	    !check(t, !sampled(t) || fits_policy(t, at, size), r->start, size))
		return false;

	memmove(&live[at + 1], &live[at], (t->nr_live - at) * sizeof(live[0]));
	live[at] = (struct live){ r->start, size, idle[--t->nr_idle] };
	t->nr_live++;
	t->bytes += size;
	return check(t, range_find(&t->ra, r->start) == r, r->start, size);
}

static bool reserve(struct run *t)
{
	return reserve_size(t, random_size(t));
}

static bool release(struct run *t, u32 at)
{
	struct live was = live[at];
	struct range_bounds b;

	range_release(&t->ra, &recs[was.rec], &b);
	t->nr_live--;
	memmove(&live[at], &live[at + 1], (t->nr_live - at) * sizeof(live[0]));
	idle[t->nr_idle++] = was.rec;
	t->bytes -= was.size;
	/* The record is the caller's again: nobody may look at it. */
	memset(&recs[was.rec], 0xcc, sizeof(recs[0]));
	return check(t, b.prev_end == gap_start(at), was.start, was.size) &&
	       check(t, b.next_start == gap_end(t, at), was.start, was.size) &&
	       check(t, !range_find(&t->ra, was.start), was.start, was.size);
}

static bool check_state(struct run *t)
{
	size_t miss = rnd(t, t->shape->arena + 64);
	u32 at = lower_bound(t, miss);
	struct arena_range *hit = NULL, *r = NULL;

	if (at < t->nr_live && live[at].start == miss)
		hit = &recs[live[at].rec];
	if (!check(t, range_find(&t->ra, miss) == hit, miss, 0) ||
	    !check(t, range_nr(&t->ra) == t->nr_live, 0, 0) ||
	    !check(t, range_live_bytes(&t->ra) == t->bytes, 0, 0))
		return false;
	if (sampled(t) && !check(t, range_largest_gap(&t->ra) == largest_gap(t), 0, 0))
		return false;
	if (t->step % t->shape->validate_every)
		return true;
	for (at = 0; at < t->nr_live; at++) {
		r = range_next(&t->ra, r);
		if (!check(t, r == &recs[live[at].rec], live[at].start, live[at].size) ||
		    !check(t, r->start == live[at].start && r->size == live[at].size, r->start,
			   r->size))
			return false;
	}
	return check(t, !range_next(&t->ra, r) || !t->nr_live, 0, 0) &&
	       check(t, range_validate(&t->ra), 0, 0);
}

/*
 * How a receiver may behave for a while: it frees slowly, it catches up, it
 * takes and gives one at a time, it frees oldest addresses first, it frees all
 * without a reservation in between.
 */
enum phase { FILL, DRAIN, EVEN, PAIRS, LOWEST, ALL, NR_PHASES };

static bool step(struct run *t, enum phase phase)
{
	static const u32 reserve_of_8[NR_PHASES] = { 7, 2, 4, 4, 2, 0 };
	u32 at;

	if (!t->nr_live || rnd(t, 8) < reserve_of_8[phase])
		return reserve(t);
	if (phase == PAIRS) {
		/* What was reserved last is on top of the idle records' stack. */
		u32 before = t->nr_live;

		if (!reserve(t))
			return false;
		if (t->nr_live == before)
			return true;
		at = lower_bound(t, recs[idle[t->nr_idle]].start);
		return release(t, at);
	}
	return release(t, phase == LOWEST ? 0 : rnd(t, t->nr_live));
}

/* Whatever the phases were: one unit more than the largest gap is refused. */
static bool refuses(struct run *t)
{
	u32 refused = t->refused;

	if (!t->nr_idle && !release(t, 0))
		return false;
	return reserve_size(t, largest_gap(t) + RANGE_ALIGN) && check_state(t) &&
	       check(t, t->refused == refused + 1, 0, 0);
}

static bool run_shape(struct run *t)
{
	enum phase phase = FILL;
	u32 left = 0;

	t->nr_idle = t->shape->records;
	for (u32 i = 0; i < t->shape->records; i++)
		idle[i] = i;

	for (t->step = 0; t->step < t->shape->steps; t->step++) {
		if (!left--) {
			phase = rnd(t, NR_PHASES);
			/* Often long enough to fill or empty it. */
			left = 1 + rnd(t, 3 * t->shape->records);
		}
		if (!step(t, phase) || !check_state(t))
			return false;
	}
	if (!refuses(t))
		return false;
	while (t->nr_live) {
		if (!release(t, rnd(t, t->nr_live)) || !check_state(t))
			return false;
	}
	return check(t, range_largest_gap(&t->ra) == t->shape->arena, 0, 0);
}

static void test_shape(const struct range_alloc_ops *ops, const struct shape *shape, u64 seed)
{
	static struct run t;
	bool ok;

	memset(&t, 0, sizeof(t));
	t.shape = shape;
	t.best_fit = ops == range_impls[0];
	prandom_seed_state(&t.rnd, seed);
	ok = !range_alloc_init(&t.ra, ops, shape->arena) && run_shape(&t);
	range_alloc_destroy(&t.ra);
	tap_result(ok, "model %s, %s, %u steps, %u refused", range_impl_name(ops), shape->name,
		   t.step, t.refused);
	if (!ok)
		printf("# again with: SEED=%llu tests/user/range/run\n",
		       (unsigned long long)seed);
}

static void test_init_without_memory(void)
{
	static struct range_alloc ra;
	bool ok;

	shim_fail_alloc = true;
	ok = range_alloc_init(&ra, NULL, SZ_1M) == -ENOMEM && !shim_fail_alloc;
	shim_fail_alloc = false;
	ok = ok && !range_alloc_init(&ra, NULL, SZ_1M);
	range_alloc_destroy(&ra);
	tap_result(ok, "init without memory");
}

static int nr_results, nr_failed;

void tap_result(bool ok, const char *fmt, ...)
{
	va_list args;

	printf("%sok %d - ", ok ? "" : "not ", ++nr_results);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
	nr_failed += !ok;
}

int tap_done(void)
{
	printf("1..%d\n", nr_results);
	return nr_failed || !nr_results;
}

int main(void)
{
	const char *env = getenv("SEED");
	u64 seed = env ? strtoull(env, NULL, 0) : (u64)time(NULL) * 1000003 + clock();

	maple_tree_init();
	printf("TAP version 13\n# seed %llu\n", (unsigned long long)seed);
	shim_run_suite(shim_suite);
	test_init_without_memory();
	for (int i = 0; i < RANGE_NR_IMPLS; i++)
		for (size_t s = 0; s < ARRAY_SIZE(shapes); s++)
			test_shape(range_impls[i], &shapes[s], seed);
	return tap_done();
}
