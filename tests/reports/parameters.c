// SPDX-License-Identifier: GPL-2.0
/*
 * The driver's parameters have two names, that of the kernel's own source and
 * that of Debian, and one value.
 */
#include <stdio.h>
#include <string.h>

#include "kselftest_harness.h"

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

TEST_F(parameters, devices)
{
	EXPECT_STREQ("binder,hwbinder,vndbinder", value("binder", "devices"));
	EXPECT_STREQ("binder,hwbinder,vndbinder",
		     value("binder_linux", "devices"));
}

TEST_HARNESS_MAIN
