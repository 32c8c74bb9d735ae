// SPDX-License-Identifier: GPL-2.0
/*
 * 70 binderfs: the log file stats.
 */
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "logs.h"
#include "refs.h"

/* Two messages without data, of 8 bytes of memory each; one waits. */
TEST_F(conf, B_059)
{
	struct client *s = self->s, *c = self->c;

	EXPECT_EQ(0, bc_u32_ioctl(s, BINDER_SET_MAX_THREADS, 3));
	EXPECT_EQ(0, bc_oneway(c, .code = 1));
	EXPECT_EQ(0, bc_oneway(c, .code = 2));
	EXPECT_STREQ("NOOP TC TC", bc_read(c));
	EXPECT_STREQ("proc S\n"
		     "context binder\n"
		     "  threads: 1\n"
		     "  requested threads: 0+0/3\n"
		     "  ready threads 0\n"
		     "  free async space 524272\n"
		     "  nodes: 1\n"
		     "  refs: 0 s 0 w 0\n"
		     "  buffers: 2\n"
		     "  pages: 1:0:255\n"
		     "  pages high watermark: 1\n"
		     "  pending transactions: 1\n"
		     "  BC_ENTER_LOOPER: 1\n",
		     log_about(s, "stats"));
	EXPECT_STREQ("proc C\n"
		     "context binder\n"
		     "  threads: 1\n"
		     "  requested threads: 0+0/0\n"
		     "  ready threads 0\n"
		     "  free async space 524288\n"
		     "  nodes: 0\n"
		     "  refs: 0 s 0 w 0\n"
		     "  buffers: 0\n"
		     "  pages: 0:0:256\n"
		     "  pages high watermark: 0\n"
		     "  pending transactions: 0\n"
		     "  BC_TRANSACTION: 2\n"
		     "  BR_TRANSACTION_COMPLETE: 2\n",
		     log_about(c, "stats"));
}

/* Names in the order in which they must come. */
static const char *const order[] = {
	"BC_TRANSACTION", "BC_REPLY", "BC_FREE_BUFFER", "BC_INCREFS",
	"BC_ACQUIRE", "BC_RELEASE", "BC_DECREFS", "BC_INCREFS_DONE",
	"BC_ACQUIRE_DONE", "BC_ENTER_LOOPER", "BC_REQUEST_DEATH_NOTIFICATION",
	"BR_TRANSACTION", "BR_REPLY", "BR_TRANSACTION_COMPLETE", "BR_INCREFS",
	"BR_ACQUIRE", "BR_FAILED_REPLY",
	"proc", "thread", "node", "ref", "death", "transaction",
	"transaction_complete", "freeze",
};

static size_t place(const char *name)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(order) && strcmp(order[i], name))
		i++;
	return i;
}

/* The part about all processes: counters, then objects, none of them zero. */
TEST_F(conf, B_059_global)
{
	struct client *s = self->s, *c = self->c;
	size_t last = 0, lines = 0;
	char name[64], line[256];
	long active, n;
	u32 handle;
	FILE *f;

	handle = bc_give(c, s, 0x1000, 1, 0);
	EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_DEATH_NOTIFICATION, handle, 1));
	EXPECT_EQ(0, bc_send(c, .handle = 99));
	f = fopen(log_path("stats"), "re");
	ASSERT_NE(NULL, f);
	ASSERT_NE(NULL, fgets(line, sizeof(line), f));
	EXPECT_STREQ("binder stats:\n", line);
	while (fgets(line, sizeof(line), f) && strncmp(line, "proc ", 5)) {
		size_t now;

		active = 0;
		ASSERT_TRUE(sscanf(line, "%63[^:]: active %ld total %ld\n",
				   name, &active, &n) == 3 ||
			    sscanf(line, "%63[^:]: %ld\n", name, &n) == 2)
			TH_LOG("%s", line);
		EXPECT_LT(0, n);
		EXPECT_LE(active, n);
		now = place(name);
		/* Others are from tests before. */
		if (now == ARRAY_SIZE(order))
			continue;
		EXPECT_LE(last, now)
			TH_LOG("%s", line);
		last = now;
		lines++;
	}
	fclose(f);
	EXPECT_LE(20, lines);
}

TEST_F(solo, B_060)
{
	struct client *c = bc_start("U", BC_DEVICE_2, 0);

	EXPECT_STREQ("proc U\n"
		     "context hwbinder\n"
		     "  threads: 1\n"
		     "  requested threads: 0+0/0\n"
		     "  ready threads 0\n"
		     "  free async space 0\n"
		     "  nodes: 0\n"
		     "  refs: 0 s 0 w 0\n"
		     "  buffers: 0\n"
		     "  pages: 0:0:0\n"
		     "  pages high watermark: 0\n"
		     "  pending transactions: 0\n",
		     log_about(c, "stats"));
}

TEST_F(solo, B_060_closed)
{
	struct client *c = self->c;

	EXPECT_NE(NULL, strstr(log_about(c, "stats"), "  pages: 0:0:256\n"));
	EXPECT_EQ(0, bc_unmap(c));
	EXPECT_NE(NULL, strstr(log_about(c, "stats"), "  pages: 0:0:0\n"));
	EXPECT_NE(NULL, strstr(log_about(c, "stats"),
			       "  free async space 524288\n"));
}

TEST_HARNESS_MAIN
