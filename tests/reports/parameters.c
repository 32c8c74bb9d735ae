// SPDX-License-Identifier: GPL-2.0
/*
 * The driver's parameters have two names, that of the kernel's own source and
 * that of Debian, and one value.
 */
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>

#include "kselftest_harness.h"

#include "binder_client.h"
#include "system.h"

static const char *path(const char *module, const char *name)
{
	char *p = stage_scratch(128);

	snprintf(p, 128, "/sys/module/%s/parameters/%s", module, name);
	return p;
}

static const char *value(const char *module, const char *name)
{
	FILE *f = fopen(path(module, name), "re");
	char *text = stage_scratch(256);
	bool got = f && fgets(text, 256, f);

	if (f)
		fclose(f);
	text[strcspn(text, "\n")] = 0;
	return got ? text : "none";
}

FIXTURE(parameters) {
};

FIXTURE_SETUP(parameters)
{
	if (on_stock())
		SKIP(return, "the kernel's own driver has one name for each");
}

FIXTURE_TEARDOWN(parameters)
{
}

TEST_F(parameters, one_value)
{
	static const char *const names[] = {
		"debug_mask", "alloc_debug_mask", "stop_on_user_error",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		const char *before = value("binder", names[i]);

		EXPECT_STRNE("none", before);
		EXPECT_STREQ(before, value("binder_linux", names[i]));
		write_file(path("binder_linux", names[i]), "0");
		EXPECT_STREQ("0", value("binder", names[i]));
		write_file(path("binder", names[i]), before);
		EXPECT_STREQ(before, value("binder_linux", names[i]));
	}
}

/* The last lines of the kernel log. */
static const char *kernel_log(void)
{
	char *text = stage_scratch(16 << 10);
	int len = klogctl(3 /* SYSLOG_ACTION_READ_ALL */, text, (16 << 10) - 1);

	text[len < 0 ? 0 : len] = 0;
	return text;
}

TEST_F(parameters, debug_mask)
{
	struct client *c = bc_start("C", BC_DEVICE, 0);
	const char *before = value("binder", "debug_mask"), *line;
	u64 limit;

	line = stage_text("binder: %d:%d frees no buffer of its own: ",
			  c->a->pid, c->a->tid);
	write_file(path("binder", "debug_mask"), "6");
	EXPECT_EQ(0, bc_free(c, 0x1234));
	EXPECT_EQ(NULL, strstr(kernel_log(), line));
	write_file(path("binder", "debug_mask"), before);
	/* Others may have made so many that no more are logged for a while. */
	limit = now_ms() + ACTOR_PATIENCE_MS;
	line = stage_text("%s5678\n", line);
	do {
		EXPECT_EQ(0, bc_free(c, 0x5678));
	} while (!strstr(kernel_log(), line) && now_ms() < limit);
	EXPECT_NE(NULL, strstr(kernel_log(), line));
	actors_end();
}

TEST_F(parameters, devices)
{
	EXPECT_STREQ("binder,hwbinder,vndbinder", value("binder", "devices"));
	EXPECT_STREQ("binder,hwbinder,vndbinder",
		     value("binder_linux", "devices"));
}

TEST_HARNESS_MAIN
