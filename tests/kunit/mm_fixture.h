/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of driver/mm share: a file of their own whose mappings they
 * control, other tasks that get in the way, and reports that count instead of
 * ending the kernel.
 */
#ifndef BINDER_KUNIT_MM_FIXTURE_H
#define BINDER_KUNIT_MM_FIXTURE_H

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/mman.h>
#include <linux/sched.h>

#include "mm/page.h"
#include "mm/vma.h"
#include "mm/vma_new.h"

/* A mapping of a file of the test, in an address space of the test. */
struct bmmt_map {
	struct kunit *test;
	struct file *file;
	struct mm_struct *mm;		/* of the test, once it has mapped */
	unsigned long addr;		/* of the latest mapping */
	struct bmm_vma_id id;		/* of the latest mapping */

	/* Set before mapping: */
	bool plain;			/* leave VM_MIXEDMAP off */
	void (*on_mmap)(struct bmmt_map *map, struct bmm_vma_new n);

	/* Set at any time: what ->fault inserts; SIGBUS without */
	struct page *fault_page;
	unsigned int faults;
};

void bmmt_attach_mm(struct kunit *test);
struct bmmt_map *bmmt_file(struct kunit *test);
void bmmt_mmap(struct bmmt_map *map, unsigned long addr, unsigned long pages,
	       unsigned long prot, unsigned long pgoff);
struct bmmt_map *bmmt_map(struct kunit *test, unsigned long pages);
struct bmm_user bmmt_user(struct kunit *test);
struct page *bmmt_page(struct kunit *test, u8 fill);
bool bmmt_user_sees(unsigned long addr, u8 fill);

/* Another task that holds the mmap write lock of an address space. */
struct bmmt_writer {
	struct mm_struct *mm;
	unsigned long addr;		/* lock the vma there too, unless 0 */
	bool until_waited_for;		/* leave when somebody waits */
	struct completion locked;
	struct completion release;
	struct completion done;
};

/* Between the two: KUNIT_EXPECT only, an assertion would leave it locked. */
void bmmt_writer_start(struct kunit *test, struct bmmt_writer *w);
void bmmt_writer_stop(struct bmmt_writer *w);

/* Run @fn in another task of the same test and wait for it. */
void bmmt_in_other_task(struct kunit *test, void (*fn)(void *arg), void *arg);

/* Two ways to a vma: see bmmt_lock_mode_init(). */
struct bmmt_lock_mode {
	const char *name;
	bool mmap_lock;
	enum bmm_lock_kind kind;
};

extern const struct bmmt_lock_mode bmmt_lock_modes[2];
const void *bmmt_lock_mode_gen_params(const void *prev, char *desc);
void bmmt_lock_mode_init(struct kunit *test, const struct bmmt_lock_mode *mode);
void bmmt_no_vma_lock(struct kunit *test);
void bmmt_page_by_page(struct kunit *test);

/* From here to the end of the test broken rules are counted. */
void bmmt_count_misuse(struct kunit *test);
unsigned int bmmt_misuse_count(void);
const char *bmmt_misuse_last(void);

/*
 * Fails allocations of pages and this driver's own sites: the @nth one from
 * here on, whatever its gfp flags. bmmt_fail_end() says if it came to that.
 */
void bmmt_fail_begin(struct kunit *test, unsigned int nth);
bool bmmt_fail_end(void);

/* @stmt, and nothing else, breaks the rule whose report contains @text. */
#define BMMT_EXPECT_MISUSE(test, text, stmt)						\
do {											\
	unsigned int __before = bmmt_misuse_count();					\
	struct kunit *__test = (test);							\
											\
	stmt;										\
	KUNIT_EXPECT_EQ(__test, bmmt_misuse_count(), __before + 1);			\
	KUNIT_EXPECT_NOT_NULL_MSG(__test, strstr(bmmt_misuse_last(), text),		\
				  "the report is \"%s\"", bmmt_misuse_last());		\
} while (0)

#endif
