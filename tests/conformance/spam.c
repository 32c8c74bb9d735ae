// SPDX-License-Identifier: GPL-2.0
/*
 * 30 Returns: BR_ONEWAY_SPAM_SUSPECT.
 *
 * A receiver of S bytes has S/2 for oneways. When less than S/10 of that is
 * free, a sender that has more than 50 oneways there, or more than S/4 bytes,
 * is told so: once, until there is room again.
 */
#include <stdio.h>

#include "conf.h"

static struct client *sender(const char *name)
{
	struct client *c = bc_start(name, BC_DEVICE, BC_MAP_SIZE);
	long ret = bc_u32_ioctl(c, BINDER_ENABLE_ONEWAY_SPAM_DETECTION, 1);

	if (ret)
		test_abort("%s: no spam detection: %s", name, errno_name(ret));
	return c;
}

/*
 * Send @n oneways of @size bytes.
 *
 * Return: the numbers, from 1, of those whose completion was a suspicion, each
 * with a blank before it.
 */
static const char *suspects(struct client *c, unsigned int n, size_t size)
{
	const void *data = stage_scratch(size);
	char *text = stage_scratch(512);
	unsigned int i;
	size_t len = 0;

	text[0] = 0;
	for (i = 1; i <= n; i++) {
		long ret = bc_oneway(c, .raw = true, .data = data, .size = size);

		if (ret)
			test_abort("oneway %u: %s", i, errno_name(ret));
		if (!strcmp(bc_read(c), "NOOP SPAM"))
			len += snprintf(text + len, 512 - len, " %u", i);
		else if (strcmp(c->read_text, "NOOP TC"))
			test_abort("oneway %u: %s", i, c->read_text);
	}
	return text;
}

TEST(R_029)
{
	struct client *s = bc_server("S", BC_MAP_SIZE);
	struct client *c = sender("C");

	EXPECT_STREQ(" 52", suspects(c, 60, 8192));
	/* Delivered like any other. */
	bc_take_and_free(s);
	bc_take_and_free(s);
	actors_end();
}

TEST(R_030)
{
	bc_server("S", 64 << 10);
	EXPECT_STREQ(" 27", suspects(sender("C"), 32, 1000));
	actors_end();
}

/* Which of them is told depends on when the completion is read. */
TEST(R_030_late)
{
	struct client *c;
	int i;

	bc_server("S", 64 << 10);
	c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	for (i = 1; i <= 26; i++) {
		EXPECT_EQ(0, bc_oneway(c, .data = c, .size = 1000));
		EXPECT_STREQ("NOOP TC", bc_read(c));
	}
	EXPECT_EQ(0, bc_oneway(c, .data = c, .size = 1000));
	ASSERT_EQ(0, bc_u32_ioctl(c, BINDER_ENABLE_ONEWAY_SPAM_DETECTION, 1));
	EXPECT_STREQ("NOOP SPAM", bc_read(c));
	actors_end();
}

/*
 * Two senders leave S little room, neither of them with more than S/4; the
 * second is not told although it is the one that takes the last of it.
 */
static void occupy(void)
{
	if (*suspects(sender("D1"), 1, 210000) ||
	    *suspects(sender("D2"), 1, 215000))
		test_abort("D is suspected");
}

TEST(R_031)
{
	struct client *c;

	bc_server("S", BC_MAP_SIZE);
	occupy();
	c = sender("C");
	EXPECT_STREQ(" 52", suspects(c, 60, 8));
	actors_end();
}

TEST(R_033)
{
	struct client *s = bc_server("S", 64 << 10);
	struct client *c = sender("C");
	int i;

	EXPECT_STREQ(" 27", suspects(c, 30, 1000));
	for (i = 0; i < 6; i++)
		bc_take_and_free(s);
	/* Room for two that leave enough of it, and one that does not. */
	EXPECT_STREQ(" 3", suspects(c, 8, 1000));
	actors_end();
}

/* As long as nothing is sent while there is room, nothing is forgotten. */
TEST(R_033_latched)
{
	struct client *s = bc_server("S", 64 << 10);
	struct client *c = sender("C");

	EXPECT_STREQ(" 27", suspects(c, 27, 1000));
	bc_take_and_free(s);
	EXPECT_STREQ("", suspects(c, 4, 1000));
	actors_end();
}

TEST(R_034)
{
	bc_server("S", BC_MAP_SIZE);
	occupy();
	EXPECT_STREQ("", suspects(sender("C"), 50, 8));
	EXPECT_STREQ("", suspects(sender("E"), 1, 50000));
	actors_end();
}

TEST_HARNESS_MAIN
