/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of driver/arena share: receivers with a real mapping, a
 * sender's memory, the registered shrinker, and checks of the page slots that
 * go further than arena_validate() can, since in a test everything stands still.
 */
#ifndef BINDER_KUNIT_ARENA_FIXTURE_H
#define BINDER_KUNIT_ARENA_FIXTURE_H

#include <kunit/test.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/uaccess.h>

#include "arena/page.h"
#include "mm_fixture.h"

struct mem_cgroup;

/* Where the registered shrinkers are; no header of the kernel says so. */
extern struct mutex shrinker_mutex;
extern struct list_head shrinker_list;

/* Of the test's own memory, from which it sends; see arenat_src(). */
#define ARENAT_SRC_PAGES	80

/**
 * struct arenat_rx - a receiver: a file, the arena behind it, a mapping
 * @test: whose
 * @a: the arena, NULL once it is destroyed
 * @file: the file; the receiver's reference, NULL once it is closed
 * @mm: the address space that may map it
 * @addr: user address of the mapping
 * @len: bytes asked of mmap()
 * @entry: in the list of the fixture
 */
struct arenat_rx {
	struct kunit *test;
	struct arena *a;
	struct file *file;
	struct mm_struct *mm;
	unsigned long addr;
	size_t len;
	struct list_head entry;
};

/* For struct kunit_suite; the second where a parameter is one of bmmt_lock_modes[]. */
int arenat_init(struct kunit *test);
int arenat_init_lock_mode(struct kunit *test);
void arenat_exit(struct kunit *test);

/* Receivers */
struct arenat_rx *arenat_open(struct kunit *test, struct mm_struct *mm);
unsigned long arenat_mmap(struct arenat_rx *rx, size_t len, unsigned long prot,
			  unsigned long flags);
struct arenat_rx *arenat_rx(struct kunit *test, size_t len);
struct arenat_rx *arenat_rx_dying(struct kunit *test, size_t len);
void arenat_die(struct arenat_rx *rx);
void arenat_unmap(struct arenat_rx *rx);
void arenat_close(struct arenat_rx *rx);
void arenat_split(struct arenat_rx *rx, size_t slot);

/* What is in the slots */
bool arenat_settled(struct arena *a);
bool arenat_counts(struct arena *a, size_t in_use, size_t idle, size_t absent);
bool arenat_mapped(struct arena *a, size_t slot);
long arenat_event(struct arena *a, enum arena_event event);
enum arena_event arenat_map_event(struct kunit *test);

/* The books are right, and this many slots are in each state. */
#define ARENAT_EXPECT(test, a, in_use, idle, absent)				\
do {										\
	struct kunit *__t = (test);						\
	struct arena *__a = (a);						\
										\
	KUNIT_EXPECT_TRUE(__t, arenat_settled(__a));				\
	KUNIT_EXPECT_TRUE(__t, arenat_counts(__a, in_use, idle, absent));	\
} while (0)

/* Buffers */
struct arena_buf *arenat_reserve(struct arenat_rx *rx, size_t size);
void arenat_release(struct arenat_rx *rx, struct arena_buf *b);
struct arena_buf **arenat_pages(struct arenat_rx *rx, size_t nr);

/* User memory: the test's own, and what the receiver sees of the arena */
void *arenat_alloc(struct kunit *test, size_t size);
void arenat_pattern(void *buf, size_t len, u32 seed);
unsigned long arenat_src(struct kunit *test);
void arenat_load(struct kunit *test, size_t off, const void *buf, size_t len);
bool arenat_sees(struct kunit *test, unsigned long addr, const void *buf, size_t len);
bool arenat_sees_now(unsigned long addr);
bool arenat_sigbus(struct kunit *test, unsigned long addr);

/* Reclaim */
unsigned long arenat_scan(struct kunit *test, struct mem_cgroup *memcg, unsigned long nr);
unsigned long arenat_listed(struct kunit *test, struct mem_cgroup *memcg);
void arenat_drain(struct kunit *test);

/**
 * struct arenat_group - a memory cgroup
 * @test: whose
 * @mnt: cgroup2
 * @dir: its folder in there
 * @memcg: the cgroup, referenced
 */
struct arenat_group {
	struct kunit *test;
	struct vfsmount *mnt;
	struct dentry *dir;
	struct mem_cgroup *memcg;
};

/* Memory cgroups; skipped without CONFIG_MEMCG */
struct arenat_group *arenat_group(struct kunit *test);
void arenat_group_enter(struct arenat_group *g);
void arenat_group_leave(struct arenat_group *g);
void arenat_group_remove(struct arenat_group *g);
void arenat_group_set(struct arenat_group *g, const char *name, const char *value);
long arenat_group_get(struct arenat_group *g, const char *name, const char *key);
long arenat_group_kmem(struct arenat_group *g);

/* What this task makes the kernel print */
void arenat_log_begin(struct kunit *test);
void arenat_expect_said(struct kunit *test, const char *text, const char *why);

/* Any allocation, or site of driver/mm, fails: the @nth from here on. */
void arenat_fail_begin(struct kunit *test, unsigned int nth);
bool arenat_fail_end(void);

#endif
