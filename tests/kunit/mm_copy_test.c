// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the copies between pages and user memory.
 *
 * User memory is a mapping of the test's own file: the pages behind it are
 * inserted by hand, so that where they end is known.
 */
#include <linux/mm.h>
#include <linux/random.h>

#include "mm_fixture.h"

#define RUN_ORDER 2
#define RUN_SIZE (PAGE_SIZE << RUN_ORDER)
#define USER_PAGES 4
#define USER_SIZE (USER_PAGES * PAGE_SIZE)

/* Pages on one side, user memory on the other; only half of it is there. */
struct sides {
	struct bmm_page owner;
	struct bmm_borrowed run;
	unsigned long user;		/* USER_PAGES pages, followed by as many holes */
	u8 *kernel;			/* what the pages should hold */
	u8 *seen;			/* what user memory holds */
};

static const struct mode {
	const char *name;
	bool page_by_page;
} modes[] = {
	{ "in one go", false },
	{ "page by page", true },
};

KUNIT_ARRAY_PARAM_DESC(mode, modes, name);

static void free_owner(void *owner)
{
	bmm_pages_free(owner);
}

static struct sides *sides_new(struct kunit *test)
{
	struct sides *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	const struct mode *mode = test->param_value;
	int i;

	if (mode->page_by_page)
		bmmt_page_by_page(test);
	KUNIT_ASSERT_NOT_NULL(test, s);
	s->owner = bmm_pages_alloc(GFP_KERNEL, RUN_ORDER);
	KUNIT_ASSERT_NOT_NULL(test, s->owner.page);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_owner, &s->owner));
	s->run = bmm_page_borrow(&s->owner);
	s->kernel = kunit_kmalloc(test, RUN_SIZE, GFP_KERNEL);
	s->seen = kunit_kmalloc(test, USER_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s->kernel);
	KUNIT_ASSERT_NOT_NULL(test, s->seen);

	/* Any page of the file can be written to, up to the holes. */
	{
		struct bmmt_map *map = bmmt_file(test);
		struct bmm_vma_mixed m;
		struct bmm_vma v;

		bmmt_mmap(map, 0, 2 * USER_PAGES, PROT_READ | PROT_WRITE, 0);
		s->user = map->addr;
		CLASS(bmm_mmap_read, r)(bmmt_user(test));
		KUNIT_ASSERT_TRUE(test, bmm_mmap_read_lookup(&r, s->user, &v));
		KUNIT_ASSERT_TRUE(test, bmm_vma_as_mixed(v, &m));
		for (i = 0; i < USER_PAGES; i++)
			KUNIT_ASSERT_EQ(test, 0,
					bmm_vma_insert_page(m, s->user + i * PAGE_SIZE,
							    bmmt_page(test, 0)));
	}
	get_random_bytes(s->seen, USER_SIZE);
	get_random_bytes(s->kernel, RUN_SIZE);
	KUNIT_ASSERT_EQ(test, 0, copy_to_user((void __user *)s->user, s->seen, USER_SIZE));
	KUNIT_ASSERT_EQ(test, 0, bmm_write(s->run, 0, s->kernel, RUN_SIZE));
	return s;
}

static void expect_kernel(struct kunit *test, const struct sides *s)
{
	int i;

	for (i = 0; i < 1 << RUN_ORDER; i++)
		KUNIT_EXPECT_MEMEQ(test, page_address(nth_page(s->run.page, i)),
				   s->kernel + i * PAGE_SIZE, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, bmm_maps_outstanding(), 0);
}

static void expect_user(struct kunit *test, const struct sides *s)
{
	u8 *now = kunit_kmalloc(test, USER_SIZE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, now);
	KUNIT_ASSERT_EQ(test, 0, copy_from_user(now, (void __user *)s->user, USER_SIZE));
	KUNIT_EXPECT_MEMEQ(test, now, s->seen, USER_SIZE);
	KUNIT_EXPECT_EQ(test, bmm_maps_outstanding(), 0);
}

static const void __user *user_at(const struct sides *s, size_t off)
{
	return (const void __user *)(s->user + off);
}

/* Source, destination and length, none of which fits the pages. */
static const struct {
	size_t user, off, len;
} copies[] = {
	{ 0, 0, 0 },
	{ 0, 0, 1 },
	{ 3, PAGE_SIZE - 1, 2 },
	{ PAGE_SIZE - 3, 5, 7 },
	{ 0, 0, PAGE_SIZE },
	{ 17, 0, PAGE_SIZE },
	{ 0, 17, PAGE_SIZE },
	{ 9, PAGE_SIZE - 4, PAGE_SIZE + 8 },
	{ 1, 2, 3 * PAGE_SIZE },
	{ 0, 0, RUN_SIZE },
	{ 5, RUN_SIZE - 1, 1 },
	{ 5, RUN_SIZE, 0 },
};

static void test_from_user(struct kunit *test)
{
	struct sides *s = sides_new(test);
	int i;

	for (i = 0; i < ARRAY_SIZE(copies); i++) {
		KUNIT_EXPECT_EQ(test, 0, bmm_copy_from_user(s->run, copies[i].off,
							    user_at(s, copies[i].user),
							    copies[i].len));
		memcpy(s->kernel + copies[i].off, s->seen + copies[i].user, copies[i].len);
		expect_kernel(test, s);
	}
}

static void test_to_user(struct kunit *test)
{
	struct sides *s = sides_new(test);
	int i;

	for (i = 0; i < ARRAY_SIZE(copies); i++) {
		void __user *dst = (void __user *)(s->user + copies[i].user);

		KUNIT_EXPECT_EQ(test, 0, bmm_copy_to_user(dst, s->run, copies[i].off,
							  copies[i].len));
		memcpy(s->seen + copies[i].user, s->kernel + copies[i].off, copies[i].len);
		expect_user(test, s);
	}
	expect_kernel(test, s);
}

/* What comes before the bad byte may have arrived; what is behind has not. */
static void test_from_user_faults(struct kunit *test)
{
	struct sides *s = sides_new(test);
	size_t off = 100, len = 2 * PAGE_SIZE;

	KUNIT_EXPECT_EQ(test, -EFAULT, bmm_copy_from_user(s->run, off,
							  user_at(s, USER_SIZE - 200), len));
	KUNIT_EXPECT_EQ(test, 0, bmm_read(s->run, off, s->kernel + off, len));
	expect_kernel(test, s);

	/* nothing at all: unmapped, the kernel's own, beyond the end of the world */
	KUNIT_EXPECT_EQ(test, -EFAULT, bmm_copy_from_user(s->run, 0, user_at(s, USER_SIZE), 1));
	KUNIT_EXPECT_EQ(test, -EFAULT, bmm_copy_from_user(s->run, 0, NULL, 1));
	KUNIT_EXPECT_EQ(test, -EFAULT,
			bmm_copy_from_user(s->run, 0, (void __user *)(TASK_SIZE - 1), 2));
	KUNIT_EXPECT_EQ(test, -EFAULT,
			bmm_copy_from_user(s->run, 0, (void __user *)ULONG_MAX, PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, bmm_maps_outstanding(), 0);
}

static void test_to_user_faults(struct kunit *test)
{
	struct sides *s = sides_new(test);

	KUNIT_EXPECT_EQ(test, -EFAULT,
			bmm_copy_to_user((void __user *)(s->user + USER_SIZE - 1), s->run, 0, 2));
	KUNIT_EXPECT_EQ(test, -EFAULT, bmm_copy_to_user(NULL, s->run, 0, 1));
	expect_kernel(test, s);
}

static void test_outside(struct kunit *test)
{
	struct sides *s = sides_new(test);

	if (IS_ENABLED(CONFIG_BINDER_IPC_DEBUG))
		bmmt_count_misuse(test);
	KUNIT_EXPECT_EQ(test, -EINVAL, bmm_copy_from_user(s->run, RUN_SIZE, user_at(s, 0), 1));
	KUNIT_EXPECT_EQ(test, -EINVAL, bmm_copy_from_user(s->run, 1, user_at(s, 0), RUN_SIZE));
	KUNIT_EXPECT_EQ(test, -EINVAL, bmm_copy_from_user(s->run, SIZE_MAX, user_at(s, 0), 2));
	KUNIT_EXPECT_EQ(test, -EINVAL, bmm_copy_to_user((void __user *)s->user, s->run,
							RUN_SIZE - 1, 2));
	expect_kernel(test, s);
	expect_user(test, s);
}

static void test_reader(struct kunit *test)
{
	struct sides *s = sides_new(test);
	struct bmm_user_reader reader = { user_at(s, 10), 2 * PAGE_SIZE };

	KUNIT_EXPECT_EQ(test, 0, bmm_copy_from_reader(s->run, 1, &reader, PAGE_SIZE));
	memcpy(s->kernel + 1, s->seen + 10, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, (unsigned long)reader.src, s->user + 10 + PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, reader.left, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, 0, bmm_copy_from_reader(s->run, 0, &reader, 1));
	s->kernel[0] = s->seen[10 + PAGE_SIZE];
	expect_kernel(test, s);

	/* Not more than there is; a failure reads nothing. */
	KUNIT_EXPECT_EQ(test, -EFAULT, bmm_copy_from_reader(s->run, 0, &reader, PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, (unsigned long)reader.src, s->user + 11 + PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, reader.left, PAGE_SIZE - 1);
	KUNIT_EXPECT_EQ(test, 0, bmm_copy_from_reader(s->run, 0, &reader, PAGE_SIZE - 1));
	KUNIT_EXPECT_EQ(test, reader.left, 0);
	KUNIT_EXPECT_EQ(test, 0, bmm_copy_from_reader(s->run, 0, &reader, 0));

	reader = (struct bmm_user_reader) { user_at(s, USER_SIZE - 4), 8 };
	KUNIT_EXPECT_EQ(test, -EFAULT, bmm_copy_from_reader(s->run, 0, &reader, 8));
	KUNIT_EXPECT_EQ(test, (unsigned long)reader.src, s->user + USER_SIZE - 4);
	KUNIT_EXPECT_EQ(test, reader.left, 8);
	KUNIT_EXPECT_EQ(test, 0, bmm_copy_from_reader(s->run, 0, &reader, 4));
	KUNIT_EXPECT_EQ(test, reader.left, 4);
}

static struct kunit_case copy_cases[] = {
	KUNIT_CASE_PARAM(test_from_user, mode_gen_params),
	KUNIT_CASE_PARAM(test_to_user, mode_gen_params),
	KUNIT_CASE_PARAM(test_from_user_faults, mode_gen_params),
	KUNIT_CASE_PARAM(test_to_user_faults, mode_gen_params),
	KUNIT_CASE_PARAM(test_outside, mode_gen_params),
	KUNIT_CASE_PARAM(test_reader, mode_gen_params),
	{ }
};

static struct kunit_suite copy_suite = {
	.name = "binder_mm_copy",
	.test_cases = copy_cases,
};

kunit_test_suite(copy_suite);
