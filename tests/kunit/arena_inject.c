// SPDX-License-Identifier: GPL-2.0
/*
 * Fault injection for one operation of one task: the kernel's fail-nth, with the
 * attributes set so that no allocation is spared.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/sched.h>

#include "arena_fixture.h"

#if defined(CONFIG_FAIL_PAGE_ALLOC) && defined(CONFIG_FAILSLAB) && \
	defined(CONFIG_FAULT_INJECTION_DEBUG_FS)

/* Values behind files of fault attributes that are changed for a test. */
static struct knob {
	const char *attr;
	const char *name;
	bool wide;		/* u32 or unsigned long, else bool; 0 is wanted in all */
	u32 *value;
	u32 was;
} knobs[] = {
	{ "failslab", "ignore-gfp-wait" },
	{ "failslab", "verbose", .wide = true },
	{ "fail_page_alloc", "ignore-gfp-wait" },
	{ "fail_page_alloc", "ignore-gfp-highmem" },
	{ "fail_page_alloc", "min-order", .wide = true },
	{ "fail_page_alloc", "verbose", .wide = true },
	{ "fail_binder_mm", "verbose", .wide = true },
};

static void knob_write(struct knob *k, u32 value)
{
	if (!k->value)
		return;
	if (k->wide)
		WRITE_ONCE(*k->value, value);
	else
		WRITE_ONCE(*(bool *)k->value, value);
}

static void knob_find(struct kunit *test, struct knob *k)
{
	struct dentry *dir = debugfs_lookup(k->attr, NULL), *file;

	/* Without BINDER_IPC_DEBUG driver/mm has no sites. */
	if (!dir && !IS_ENABLED(CONFIG_BINDER_IPC_DEBUG))
		return;
	KUNIT_ASSERT_NOT_NULL(test, dir);
	file = debugfs_lookup(k->name, dir);
	dput(dir);
	KUNIT_ASSERT_NOT_NULL(test, file);
	k->value = d_inode(file)->i_private;
	k->was = k->wide ? *k->value : *(bool *)k->value;
	dput(file);
}

static void reset_knobs(void *unused)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(knobs); i++) {
		knob_write(&knobs[i], knobs[i].was);
		knobs[i].value = NULL;
	}
}

/**
 * arenat_fail_begin() - let an allocation, or a site of driver/mm, fail.
 * @test: the test; skipped if this kernel cannot
 * @nth: which one from here on, in this task; 1 is the next
 */
void arenat_fail_begin(struct kunit *test, unsigned int nth)
{
	int i;

	if (!knobs[0].value) {
		for (i = 0; i < ARRAY_SIZE(knobs); i++)
			knob_find(test, &knobs[i]);
		KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, reset_knobs, NULL));
		for (i = 0; i < ARRAY_SIZE(knobs); i++)
			knob_write(&knobs[i], 0);
	}
	current->fail_nth = nth;
}

/**
 * arenat_fail_end() - end what arenat_fail_begin() began.
 *
 * Return: true if something was made to fail.
 */
bool arenat_fail_end(void)
{
	unsigned int left = current->fail_nth;

	current->fail_nth = 0;
	return !left;
}

#else

void arenat_fail_begin(struct kunit *test, unsigned int nth)
{
	kunit_skip(test, "needs FAILSLAB, FAIL_PAGE_ALLOC and FAULT_INJECTION_DEBUG_FS");
}

bool arenat_fail_end(void)
{
	return false;
}

#endif
