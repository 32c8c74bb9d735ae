/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of KUnit as tests/kunit/range_test.c uses, for an ordinary program.
 * kunit_shim.c runs the suite and prints TAP.
 */
#ifndef RANGE_SHIM_KUNIT_TEST_H
#define RANGE_SHIM_KUNIT_TEST_H

#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/types.h>
#include <setjmp.h>
#include <stdio.h>

#define KUNIT_PARAM_DESC_SIZE	128

struct kunit {
	void *priv;
	const void *param_value;
	/* private: */
	bool failed;
	void *allocated[16];
	int nr_allocated;
	jmp_buf abort;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	const void *(*generate_params)(const void *prev, char *desc);
};

struct kunit_suite {
	const char *name;
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	struct kunit_case *test_cases;
};

#define KUNIT_CASE(f)			{ .run_case = f, .name = #f }
#define KUNIT_CASE_PARAM(f, gen)	{ .run_case = f, .name = #f, .generate_params = gen }

#define KUNIT_ARRAY_PARAM(name, array, get_desc)					\
static const void *name##_gen_params(const void *prev, char *desc)			\
{											\
	typeof((array)[0]) *next = prev ? (typeof(next))prev + 1 : (array);		\
											\
	if (next - (array) >= (long)ARRAY_SIZE(array))					\
		return NULL;								\
	get_desc(next, desc);								\
	return next;									\
}

extern struct kunit_suite *const shim_suite;
#define kunit_test_suite(suite)	struct kunit_suite *const shim_suite = &(suite)

void *kunit_kzalloc(struct kunit *test, size_t size, gfp_t gfp);
void shim_run_suite(const struct kunit_suite *suite);

__printf(2, 3)
void kunit_info(struct kunit *test, const char *fmt, ...);

/* Says where and what if not @ok, and ends the case if that is @fatal. */
__printf(6, 7)
void shim_check_at(struct kunit *test, bool fatal, bool ok, const char *file, int line,
		   const char *fmt, ...);

#define shim_check(test, fatal, ok, fmt, ...)						\
	shim_check_at(test, fatal, ok, __FILE__, __LINE__, fmt, ##__VA_ARGS__)

#define shim_compare(test, fatal, a, op, b)						\
do {											\
	typeof(a) __a = (a);								\
	typeof(b) __b = (b);								\
											\
	shim_check(test, fatal, __a op __b, "%s %s %s (%lld and %lld)", #a, #op, #b,	\
		   (long long)__a, (long long)__b);					\
} while (0)

#define KUNIT_EXPECT_EQ(t, a, b)	shim_compare(t, false, a, ==, b)
#define KUNIT_EXPECT_LT(t, a, b)	shim_compare(t, false, a, <, b)
#define KUNIT_ASSERT_EQ(t, a, b)	shim_compare(t, true, a, ==, b)
#define KUNIT_ASSERT_LE(t, a, b)	shim_compare(t, true, a, <=, b)
#define KUNIT_ASSERT_GE(t, a, b)	shim_compare(t, true, a, >=, b)
#define KUNIT_EXPECT_TRUE(t, a)		shim_check(t, false, a, "%s", #a)
#define KUNIT_EXPECT_FALSE(t, a)	shim_check(t, false, !(a), "not %s", #a)
#define KUNIT_ASSERT_TRUE(t, a)		shim_check(t, true, a, "%s", #a)
#define KUNIT_EXPECT_NULL(t, a)		shim_check(t, false, !(a), "!%s", #a)
#define KUNIT_ASSERT_NULL(t, a)		shim_check(t, true, !(a), "!%s", #a)
#define KUNIT_ASSERT_NOT_NULL(t, a)	shim_check(t, true, a, "%s", #a)
#define KUNIT_EXPECT_PTR_EQ(t, a, b)	shim_check(t, false, (a) == (b), "%s == %s", #a, #b)
#define KUNIT_ASSERT_PTR_EQ(t, a, b)	shim_check(t, true, (a) == (b), "%s == %s", #a, #b)
#define KUNIT_EXPECT_STREQ(t, a, b)	shim_check(t, false, !strcmp(a, b), "%s == %s", #a, #b)
#define KUNIT_EXPECT_MEMEQ(t, a, b, n)	\
	shim_check(t, false, !memcmp(a, b, n), "*%s == *%s", #a, #b)

#endif
