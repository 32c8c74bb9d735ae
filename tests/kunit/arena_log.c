// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel says to a test: a checker that finds something wrong returns
 * false and prints why, and a test that planted it wants to know that it was for
 * that reason.
 */
#include <linux/preempt.h>
#include <linux/string.h>
#include <trace/events/printk.h>

#include "arena_fixture.h"

/* The latest line of one task, which is the only one that uses this. */
static struct {
	const struct task_struct *task;
	char line[256];
} heard;

static void hear(void *unused, const char *text, size_t len)
{
	if (current == READ_ONCE(heard.task) && in_task())
		strscpy(heard.line, text, min(len + 1, sizeof(heard.line)));
}

static void stop_hearing(void *unused)
{
	unregister_trace_console(hear, NULL);
	tracepoint_synchronize_unregister();
	heard.task = NULL;
}

/**
 * arenat_log_begin() - from here to the end of the test, listen.
 * @test: the test; skipped if this kernel cannot
 */
void arenat_log_begin(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_TRACEPOINTS))
		kunit_skip(test, "needs CONFIG_TRACEPOINTS to listen to the console");
	kunit_info(test, "the complaints that follow are meant\n");
	heard.line[0] = 0;
	heard.task = current;
	KUNIT_ASSERT_EQ(test, 0, register_trace_console(hear, NULL));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, stop_hearing, NULL));
}

/**
 * arenat_expect_said() - that, and nothing after it, was said since the last call.
 * @test: the test, after arenat_log_begin()
 * @text: part of the line
 * @why: what made the kernel say it
 */
void arenat_expect_said(struct kunit *test, const char *text, const char *why)
{
	char line[sizeof(heard.line)];

	memcpy(line, heard.line, sizeof(line));
	heard.line[0] = 0;
	KUNIT_EXPECT_TRUE_MSG(test, strstr(line, text), "after %s: \"%s\", not \"%s\"", why,
			      line, text);
}
