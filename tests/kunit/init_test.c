// SPDX-License-Identifier: GPL-2.0
/*
 * The driver is set up at boot while one allocation after the other fails. What
 * could not be set up leaves nothing behind: the next attempt finds every name
 * and number free. In the end it is there again, for the tests that follow.
 */
#include <linux/fs.h>
#include <linux/init.h>

#include "arena_fixture.h"
#include "main.h"

/* Far more than setting it up allocates. */
#define MAX_FAILURES	5000

static bool __init fs_is_there(void)
{
	struct file_system_type *type = get_fs_type("binder");

	if (type)
		module_put(type->owner);
	return type;
}

static void __init leaves_nothing(struct kunit *test)
{
	unsigned int nth, failed = 0, tolerated = 0;
	bool injected = true;
	int err;

	arenat_fail_begin(test, 0);
	binder_stop();
	for (nth = 1; injected; nth++) {
		KUNIT_EXPECT_FALSE(test, IS_ENABLED(CONFIG_BINDER_IPC_BINDERFS) && fs_is_there());
		arenat_fail_begin(test, nth);
		err = binder_start();
		injected = arenat_fail_end();
		KUNIT_EXPECT_TRUE_MSG(test, err == 0 || (injected && err == -ENOMEM),
				      "error %d when allocation %u failed", err, nth);
		failed += !!err;
		if (!err && injected) {
			tolerated++;
			binder_stop();
		}
		if (nth == MAX_FAILURES)
			break;
	}
	KUNIT_EXPECT_EQ(test, 0, err);
	KUNIT_EXPECT_EQ(test, IS_ENABLED(CONFIG_BINDER_IPC_BINDERFS), fs_is_there());
	KUNIT_EXPECT_GT(test, failed, 5);
	kunit_info(test, "%u allocations: without %u of them it does not start\n", nth - 2,
		   failed);
	kunit_info(test, "without %u others it does\n", tolerated);
}

/* The last floor cannot be set up: all those below it go. */
static void __init name_is_taken(struct kunit *test)
{
	static struct file_system_type other = { .name = "binder" };

	if (!IS_ENABLED(CONFIG_BINDER_IPC_BINDERFS))
		kunit_skip(test, "there is no file system");
	binder_stop();
	KUNIT_EXPECT_EQ(test, 0, register_filesystem(&other));
	KUNIT_EXPECT_EQ(test, -EBUSY, binder_start());
	KUNIT_EXPECT_EQ(test, 0, unregister_filesystem(&other));
	KUNIT_EXPECT_EQ(test, 0, binder_start());
	KUNIT_EXPECT_TRUE(test, fs_is_there());
}

static struct kunit_case __refdata cases[] = {
	KUNIT_CASE(name_is_taken),
	KUNIT_CASE_SLOW(leaves_nothing),
	{}
};

static struct kunit_suite suite = {
	.name = "binder_init",
	.test_cases = cases,
};
kunit_test_init_section_suites(&suite);
