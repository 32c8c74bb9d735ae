// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

void *kunit_kzalloc(struct kunit *test, size_t size, gfp_t gfp)
{
	void *p = calloc(1, size);

	if (p)
		test->allocated[test->nr_allocated++] = p;
	return p;
}

void kunit_info(struct kunit *test, const char *fmt, ...)
{
	va_list args;

	printf("# ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
}

void shim_check_at(struct kunit *test, bool fatal, bool ok, const char *file, int line,
		   const char *fmt, ...)
{
	va_list args;

	if (ok)
		return;
	test->failed = true;
	printf("# %s:%d: ", file, line);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	if (fatal)
		longjmp(test->abort, 1);
}

static void run_case(const struct kunit_suite *suite, const struct kunit_case *c,
		     const void *param, const char *desc)
{
	struct kunit test = { .param_value = param };

	if (suite->init(&test))
		abort();
	if (!setjmp(test.abort))
		c->run_case(&test);
	suite->exit(&test);
	while (test.nr_allocated)
		free(test.allocated[--test.nr_allocated]);
	tap_result(!test.failed, "%s.%s%s%s", suite->name, c->name, *desc ? " " : "", desc);
}

void shim_run_suite(const struct kunit_suite *suite)
{
	const struct kunit_case *c;

	for (c = suite->test_cases; c->run_case; c++) {
		char desc[KUNIT_PARAM_DESC_SIZE] = "";
		const void *param = NULL;

		if (!c->generate_params) {
			run_case(suite, c, NULL, desc);
			continue;
		}
		while ((param = c->generate_params(param, desc)))
			run_case(suite, c, param, desc);
	}
}
