// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of an arena's life: who may map it, what a mapping is like, when it
 * counts as gone, and that nothing is left in the end.
 */
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "arena_fixture.h"

/* Nothing can be sent to @a, nothing be taken back, and nothing is broken. */
static void expect_unmapped(struct kunit *test, struct arena *a)
{
	struct arena_buf b = {};

	KUNIT_EXPECT_FALSE(test, arena_is_mapped(a));
	KUNIT_EXPECT_EQ(test, -ESRCH, arena_reserve(a, &b, 8, false));
	KUNIT_EXPECT_EQ(test, -ESRCH, arena_reserve(a, &b, 8, true));
	KUNIT_EXPECT_EQ(test, b.range.size, 0);
	KUNIT_EXPECT_NULL(test, arena_take_any(a));
	KUNIT_EXPECT_TRUE(test, arenat_settled(a));
}

static void test_never_mapped(struct kunit *test)
{
	struct arenat_rx *rx = arenat_open(test, current->mm);

	expect_unmapped(test, rx->a);
	KUNIT_EXPECT_NULL(test, arena_take(rx->a, 0));
	KUNIT_EXPECT_TRUE(test, arenat_counts(rx->a, 0, 0, 0));
	arenat_close(rx);
}

static void test_create_nomem(struct kunit *test)
{
	struct arena *a;

	arenat_fail_begin(test, 1);
	a = arena_create(current->mm);
	KUNIT_EXPECT_TRUE(test, arenat_fail_end());
	KUNIT_EXPECT_NULL(test, a);
}

/* Of a mapping of @len bytes, @usable are; each of them, and half for oneway. */
static void check_size(struct kunit *test, size_t len, size_t usable)
{
	struct arenat_rx *rx = arenat_rx(test, len);
	struct arena *a = rx->a;
	struct arena_buf b = {};

	KUNIT_EXPECT_EQ(test, a->size, usable);
	KUNIT_EXPECT_EQ(test, a->id.start, rx->addr);
	KUNIT_EXPECT_EQ(test, a->oneway_free, usable / 2);
	KUNIT_EXPECT_EQ(test, a->watermark, 0);
	ARENAT_EXPECT(test, a, 0, 0, usable >> PAGE_SHIFT);
	KUNIT_EXPECT_TRUE(test, arenat_sigbus(test, rx->addr));
	KUNIT_EXPECT_TRUE(test, arenat_sigbus(test, rx->addr + PAGE_ALIGN(len) - 1));

	KUNIT_EXPECT_EQ(test, -ENOSPC, arena_reserve(a, &b, usable + 1, false));
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, &b, usable, false));
	ARENAT_EXPECT(test, a, usable >> PAGE_SHIFT, 0, 0);
	KUNIT_EXPECT_EQ(test, arena_user_addr(a, &b), rx->addr);
	KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr, NULL, usable));
	if (PAGE_ALIGN(len) > usable)
		KUNIT_EXPECT_TRUE(test, arenat_sigbus(test, rx->addr + usable));
	KUNIT_EXPECT_EQ(test, a->watermark, usable >> PAGE_SHIFT);
	arena_release(a, &b);
	ARENAT_EXPECT(test, a, 0, usable >> PAGE_SHIFT, 0);

	arenat_unmap(rx);
	expect_unmapped(test, a);
	arenat_close(rx);
}

static void test_sizes(struct kunit *test)
{
	check_size(test, PAGE_SIZE, PAGE_SIZE);
	check_size(test, 3 * PAGE_SIZE, 3 * PAGE_SIZE);
	check_size(test, 1, PAGE_SIZE);
	check_size(test, PAGE_SIZE + 904, 2 * PAGE_SIZE);
	check_size(test, SZ_1M - 2 * PAGE_SIZE, SZ_1M - 2 * PAGE_SIZE);
	check_size(test, ARENA_MAX_SIZE, ARENA_MAX_SIZE);
	check_size(test, ARENA_MAX_SIZE + 1, ARENA_MAX_SIZE);
	check_size(test, 2 * ARENA_MAX_SIZE, ARENA_MAX_SIZE);
}

static vm_flags_t flags_at(unsigned long addr)
{
	struct vm_area_struct *vma;
	vm_flags_t flags;

	mmap_read_lock(current->mm);
	vma = vma_lookup(current->mm, addr);
	flags = vma ? vma->vm_flags : 0;
	mmap_read_unlock(current->mm);
	return flags;
}

static void test_writable(struct kunit *test)
{
	struct arenat_rx *rx = arenat_open(test, current->mm);

	KUNIT_EXPECT_EQ(test, (long)arenat_mmap(rx, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED),
			-EPERM);
	KUNIT_EXPECT_EQ(test, (long)arenat_mmap(rx, PAGE_SIZE, PROT_WRITE, MAP_PRIVATE), -EPERM);
	expect_unmapped(test, rx->a);

	/* A refusal does not use the one mapping up. */
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(arenat_mmap(rx, PAGE_SIZE, PROT_READ, MAP_SHARED)));
	KUNIT_EXPECT_TRUE(test, arena_is_mapped(rx->a));
}

static void test_flags(struct kunit *test)
{
	static const unsigned long how[] = { MAP_SHARED, MAP_PRIVATE, MAP_PRIVATE | MAP_NORESERVE };
	static const unsigned long prot[] = { PROT_READ, PROT_READ, PROT_NONE };
	struct arena_buf *b;
	int i;

	for (i = 0; i < ARRAY_SIZE(how); i++) {
		struct arenat_rx *rx = arenat_open(test, current->mm);
		vm_flags_t flags;

		KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(arenat_mmap(rx, SZ_64K, prot[i], how[i])));
		flags = flags_at(rx->addr);
		KUNIT_EXPECT_TRUE(test, flags & VM_MIXEDMAP);
		KUNIT_EXPECT_TRUE(test, flags & VM_DONTCOPY);
		KUNIT_EXPECT_FALSE(test, flags & (VM_WRITE | VM_MAYWRITE));

		b = arenat_reserve(rx, 100);
		if (prot[i] == PROT_READ)
			KUNIT_EXPECT_TRUE(test, arenat_sees(test, rx->addr, NULL, 100));
		KUNIT_EXPECT_NE(test, 0, put_user(1, (u8 __user *)rx->addr));
		KUNIT_EXPECT_NE(test, 0, put_user(1, (u8 __user *)(rx->addr + PAGE_SIZE)));
		arena_release(rx->a, b);
	}
}

static void test_foreign(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx_dying(test, SZ_64K);
	struct arenat_rx *other = arenat_open(test, rx->mm);

	/* Mapped here, though it belongs there. */
	KUNIT_EXPECT_EQ(test, (long)arenat_mmap(other, SZ_64K, PROT_READ, MAP_SHARED), -EINVAL);
	expect_unmapped(test, other->a);
	KUNIT_EXPECT_EQ(test, atomic_read(&other->a->claimed), 0);
	other->mm = NULL;	/* it is put once, by the other */
	arenat_die(rx);
}

static void test_twice(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	unsigned long addr = rx->addr;

	KUNIT_EXPECT_EQ(test, (long)arenat_mmap(rx, SZ_64K, PROT_READ, MAP_SHARED), -EBUSY);
	/* EPERM is what a second mapping that is writable gets. */
	KUNIT_EXPECT_EQ(test, (long)arenat_mmap(rx, SZ_64K, PROT_WRITE, MAP_SHARED), -EPERM);
	KUNIT_EXPECT_EQ(test, rx->a->id.start, addr);
	KUNIT_EXPECT_TRUE(test, arena_is_mapped(rx->a));
	arena_release(rx->a, arenat_reserve(rx, SZ_64K));

	arenat_unmap(rx);
	KUNIT_EXPECT_EQ(test, (long)arenat_mmap(rx, SZ_64K, PROT_READ, MAP_SHARED), -EBUSY);
	expect_unmapped(test, rx->a);
}

/* Whatever fails in mmap(), it can be tried again, and leaves nothing. */
static void test_mmap_nomem(struct kunit *test)
{
	unsigned int nth = 1, failed = 0, ours = 0;
	bool injected;

	do {
		struct arenat_rx *rx = arenat_open(test, current->mm);
		unsigned long addr;

		arenat_fail_begin(test, nth);
		addr = arenat_mmap(rx, SZ_1M, PROT_READ, MAP_SHARED);
		injected = arenat_fail_end();
		if (IS_ERR_VALUE(addr)) {
			KUNIT_EXPECT_TRUE(test, injected);
			KUNIT_EXPECT_EQ(test, (long)addr, -ENOMEM);
			expect_unmapped(test, rx->a);
			failed++;
			/* When only the core failed afterwards the one mapping is used up. */
			if (!rx->a->size) {
				ours++;
				KUNIT_EXPECT_FALSE(test, IS_ERR_VALUE(arenat_mmap(rx, SZ_64K,
										  PROT_READ,
										  MAP_SHARED)));
			}
		}
		if (arena_is_mapped(rx->a)) {
			ARENAT_EXPECT(test, rx->a, 0, 0, rx->a->size >> PAGE_SHIFT);
			arena_release(rx->a, arenat_reserve(rx, PAGE_SIZE));
			arenat_unmap(rx);
		}
		arenat_close(rx);
		KUNIT_ASSERT_LT(test, nth++, 1000);
	} while (injected);
	KUNIT_EXPECT_GE(test, ours, 3);		/* a vma, the slots, the ranges' hash */
	KUNIT_EXPECT_GE(test, failed, ours);
}

/* Some part of the mapping goes: no more is sent, what is there can be ended. */
static void check_cut(struct kunit *test, size_t first_slot, size_t nr_slots)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena_buf *b = arenat_reserve(rx, SZ_32K);
	struct arena *a = rx->a;

	arena_deliver(b);
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(arena_slot_addr(a, first_slot),
					   nr_slots << PAGE_SHIFT));
	KUNIT_EXPECT_FALSE(test, arena_is_mapped(a));
	KUNIT_EXPECT_EQ(test, -ESRCH, arena_reserve(a, &(struct arena_buf){}, 8, false));
	KUNIT_EXPECT_EQ(test, 0, arena_write(a, b, SZ_32K - 4, "abc", 4));
	KUNIT_EXPECT_EQ(test, arenat_sees_now(arena_slot_addr(a, 7)),
			7 < first_slot || 7 >= first_slot + nr_slots);
	ARENAT_EXPECT(test, a, 8, 0, 8);
	KUNIT_EXPECT_PTR_EQ(test, arena_take(a, rx->addr), b);
	arena_release(a, b);
	ARENAT_EXPECT(test, a, 0, 8, 8);
	arenat_unmap(rx);
	arenat_close(rx);
}

static void test_cut(struct kunit *test)
{
	check_cut(test, 0, 1);
	check_cut(test, 15, 1);
	check_cut(test, 7, 1);
	check_cut(test, 4, 8);
	check_cut(test, 0, 16);
}

/* A copy of the vma in another address space comes to its end. */
static void test_close_of_copy(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arenat_rx *other = arenat_rx_dying(test, SZ_64K);
	struct vm_area_struct *copy = arenat_alloc(test, sizeof(*copy));

	mmap_read_lock(current->mm);
	memcpy(copy, vma_lookup(current->mm, rx->addr), sizeof(*copy));
	mmap_read_unlock(current->mm);

	copy->vm_mm = other->mm;
	copy->vm_ops->close(copy);
	KUNIT_EXPECT_TRUE(test, arena_is_mapped(rx->a));
	copy->vm_mm = current->mm;
	copy->vm_ops->close(copy);
	KUNIT_EXPECT_FALSE(test, arena_is_mapped(rx->a));
}

static void test_mm_gone(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx_dying(test, SZ_64K);
	struct arena_buf *b = arenat_reserve(rx, 3 * PAGE_SIZE);
	struct arena_buf *b2 = arenat_reserve(rx, PAGE_SIZE);

	arena_deliver(b);
	arena_deliver(b2);
	arena_release(rx->a, arena_take(rx->a, arena_user_addr(rx->a, b2)));
	arenat_die(rx);

	KUNIT_EXPECT_PTR_EQ(test, arena_take_any(rx->a), b);
	expect_unmapped(test, rx->a);
	KUNIT_EXPECT_EQ(test, 0, arena_write(rx->a, b, 0, "abc", 4));
	ARENAT_EXPECT(test, rx->a, 3, 1, 12);
	arena_release(rx->a, b);
	ARENAT_EXPECT(test, rx->a, 0, 4, 12);
	arenat_close(rx);
}

/*
 * Destroyed with pages in every state they can be in, each of them is freed:
 * mapped or not, in use though its range should be gone, and idle.
 */
static void test_destroy_frees(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena_buf *idle = arenat_reserve(rx, 3 * PAGE_SIZE);
	struct arena_buf *busy = arenat_reserve(rx, 2 * PAGE_SIZE);
	struct arena_buf *again = arenat_reserve(rx, 4 * PAGE_SIZE);
	struct page *page[9];
	size_t i;

	arena_release(rx->a, idle);
	arena_release(rx->a, again);
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(rx->a, again, 4 * PAGE_SIZE, false));
	KUNIT_EXPECT_EQ(test, 0, do_madvise(current->mm, rx->addr, 2 * PAGE_SIZE, MADV_DONTNEED));
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 7);
	ARENAT_EXPECT(test, rx->a, 6, 3, 7);
	KUNIT_EXPECT_EQ(test, busy->range.size, 2 * PAGE_SIZE);

	for (i = 0; i < 9; i++) {
		page[i] = rx->a->slots[i]->page;
		get_page(page[i]);
		KUNIT_EXPECT_EQ(test, page_count(page[i]), i < 2 ? 2 : 3);
	}
	arenat_unmap(rx);
	arenat_close(rx);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 0);
	for (i = 0; i < 9; i++) {
		KUNIT_EXPECT_EQ_MSG(test, page_count(page[i]), 1, "page %zu", i);
		put_page(page[i]);
	}
}

static void note_arena(struct arena *a, void *arg)
{
	struct arena ***next = arg;

	*(*next)++ = a;
}

static void count_arena(struct arena *a, void *arg)
{
	++*(size_t *)arg;
}

static void test_for_each(struct kunit *test)
{
	struct arenat_rx *never = arenat_open(test, current->mm);
	struct arenat_rx *one, *two, *three;
	struct arena **seen, **next;
	size_t before = 0;

	arena_for_each(count_arena, &before);
	one = arenat_rx(test, SZ_64K);
	two = arenat_rx(test, SZ_64K);
	three = arenat_rx(test, SZ_64K);
	arenat_unmap(two);
	arenat_close(two);

	seen = arenat_alloc(test, (before + 8) * sizeof(*seen));
	next = seen;
	arena_for_each(note_arena, &next);
	KUNIT_EXPECT_EQ(test, next - seen, before + 2);
	KUNIT_EXPECT_PTR_EQ(test, seen[0], three->a);
	KUNIT_EXPECT_PTR_EQ(test, seen[1], one->a);
	arenat_close(never);
}

static void test_event_names(struct kunit *test)
{
	enum arena_event e, f;

	for (e = 0; e < ARENA_NR_EVENTS; e++) {
		KUNIT_ASSERT_NOT_NULL(test, arena_event_name(e));
		KUNIT_EXPECT_NE(test, strlen(arena_event_name(e)), 0);
		KUNIT_EXPECT_NULL(test, strpbrk(arena_event_name(e), " \t\n"));
		for (f = 0; f < e; f++)
			KUNIT_EXPECT_STRNEQ(test, arena_event_name(e), arena_event_name(f));
	}
}

/* What arena_show() says, without the line of events; empty if that is missing. */
static const char *shown(struct kunit *test, struct arena *a)
{
	struct seq_file s = { .size = SZ_16K };
	char *events;

	s.buf = arenat_alloc(test, s.size);
	arena_show(a, &s);
	KUNIT_EXPECT_FALSE(test, seq_has_overflowed(&s));
	s.buf[s.count] = 0;
	events = strstr(s.buf, "  events:");
	if (events)
		*events = 0;
	return events ? s.buf : "";
}

static void test_show(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, 264 * PAGE_SIZE);
	struct arena *a = rx->a;
	struct arena_buf one = {}, two = {};
	char *want = arenat_alloc(test, SZ_4K), dots[65], row[65];

	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, &one, PAGE_SIZE, true));
	KUNIT_ASSERT_EQ(test, 0, arena_reserve(a, &two, 2 * PAGE_SIZE, false));
	arena_deliver(&two);
	arena_release(a, &one);

	memset(dots, '.', 64);
	dots[64] = 0;
	memcpy(row, dots, sizeof(row));
	memcpy(row, "o##", 3);
	scnprintf(want, SZ_4K,
		  "  region: %#lx-%#lx, 1056 KiB\n"
		  "  ranges: 1 live, 540672 bytes of oneway space free\n"
		  "  %#10lx +8192 delivered\n"
		  "  pages: 2 in use, 1 idle, 261 absent, watermark 3\n"
		  "  slots: # in use, o idle, . absent\n"
		  "       0 %s\n      64 %s\n       *\n     256 ........\n",
		  rx->addr, rx->addr + 264 * PAGE_SIZE, rx->addr + PAGE_SIZE, row, dots);
	KUNIT_EXPECT_STREQ(test, shown(test, a), want);

	arenat_unmap(rx);
	KUNIT_EXPECT_NOT_NULL(test, strstr(shown(test, a),
					   "1056 KiB, not (wholly) mapped any more\n"));
	arena_release(a, &two);
}

static void test_show_many(struct kunit *test)
{
	struct arenat_rx *rx = arenat_rx(test, SZ_64K);
	struct arena_buf b[18] = {};
	const char *text;
	size_t i;

	for (i = 0; i < 18; i++)
		KUNIT_ASSERT_EQ(test, 0, arena_reserve(rx->a, &b[i], 8, i == 0));
	text = shown(test, rx->a);
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, "ranges: 18 live, 32760 bytes"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, " +8 oneway\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, "\n  ... and 2 more\n"));
	for (i = 0; i < 18; i++)
		arena_release(rx->a, &b[i]);
}

static struct kunit_case life_cases[] = {
	KUNIT_CASE(test_never_mapped),
	KUNIT_CASE(test_create_nomem),
	KUNIT_CASE(test_sizes),
	KUNIT_CASE(test_writable),
	KUNIT_CASE(test_flags),
	KUNIT_CASE(test_foreign),
	KUNIT_CASE(test_twice),
	KUNIT_CASE(test_mmap_nomem),
	KUNIT_CASE(test_cut),
	KUNIT_CASE(test_close_of_copy),
	KUNIT_CASE(test_mm_gone),
	KUNIT_CASE(test_destroy_frees),
	KUNIT_CASE(test_for_each),
	KUNIT_CASE(test_event_names),
	KUNIT_CASE(test_show),
	KUNIT_CASE(test_show_many),
	{ }
};

static struct kunit_suite life_suite = {
	.name = "binder_arena_life",
	.init = arenat_init,
	.exit = arenat_exit,
	.test_cases = life_cases,
};

kunit_test_suite(life_suite);
