// SPDX-License-Identifier: GPL-2.0
/*
 * 70 binderfs: the folders of the log files, the file of each process, and the
 * module parameters.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "binderfs.h"
#include "logs.h"

/* This project's driver has some more. */
#define LOG_FILES (on_stock() ? \
	"failed_transaction_log proc state stats transaction_log transactions " : \
	"call_chains failed_stats failed_transaction_log failed_transactions " \
	"oneway_buffers proc state state_hashed stats transaction_log transactions " \
	"transactions_hashed ")
#define DEBUGFS_LOGS	"/sys/kernel/debug/binder"

/* An instance with log files, and C, who has its device open. */
FIXTURE(logs) {
	const char *dir;
	const char *logs;
	const char *device;
	struct client *c;
};

FIXTURE_SETUP(logs)
{
	system_init();
	bfs_private();
	self->dir = bfs_new("stats=global");
	self->logs = bfs_path(self->dir, "binder_logs");
	self->device = bfs_path(self->dir, "binder");
	self->c = bc_start("C", self->device, BC_MAP_SIZE);
}

FIXTURE_TEARDOWN(logs)
{
	actors_end();
}

/* The log file of a client's process in a folder of log files. */
static const char *of(const char *logs, struct client *c)
{
	char name[32];

	snprintf(name, sizeof(name), "proc/%d", c->a->pid);
	return bfs_path(logs, name);
}

static bool exists(const char *path)
{
	return !access(path, F_OK);
}

/* What is released goes soon, not at once. */
static bool await_gone(const char *path)
{
	u64 limit = now_ms() + ACTOR_PATIENCE_MS;

	while (exists(path) && now_ms() < limit)
		sleep_ms(1);
	return !exists(path);
}

static size_t nr_entries(const char *dir)
{
	const char *list = bfs_list(dir);
	size_t n = 0;

	while ((list = strchr(list, ' '))) {
		list++;
		n++;
	}
	return n;
}

TEST_F(logs, B_002)
{
	EXPECT_STREQ(LOG_FILES, bfs_list(self->logs));
	EXPECT_EQ(1, nr_entries(bfs_path(self->logs, "proc")));
	EXPECT_FALSE(exists(bfs_path(bfs_new(NULL), "binder_logs")));
}

TEST_F(logs, B_048)
{
	struct client *c = self->c, *second;
	const char *file = of(self->logs, c), *before;
	struct stat st;

	EXPECT_TRUE(exists(of(DEBUGFS_LOGS, c)));
	st = bfs_stat(file);
	EXPECT_EQ(S_IFREG | 0444, st.st_mode);
	EXPECT_EQ(0, st.st_uid);
	before = strdup(bfs_list(bfs_path(self->logs, "proc")));
	second = bc_second_file(c, self->device, 0);
	EXPECT_STREQ(before, bfs_list(bfs_path(self->logs, "proc")));
	EXPECT_EQ(st.st_ino, bfs_stat(file).st_ino);
	/* Nor does it take the file away. */
	EXPECT_EQ(0, bc_close(second));
	sleep_ms(100);
	EXPECT_TRUE(exists(file));
	EXPECT_TRUE(exists(of(DEBUGFS_LOGS, c)));
}

TEST_F(logs, B_049)
{
	struct client *c = self->c;
	struct client *second = bc_second_file(c, self->device, 0);

	EXPECT_EQ(0, bc_unmap(c));
	EXPECT_EQ(0, bc_close(c));
	EXPECT_TRUE(await_gone(of(self->logs, c)));
	EXPECT_TRUE(await_gone(of(DEBUGFS_LOGS, c)));
	EXPECT_STREQ("0+0/0", log_stat(second, "requested threads"));
	/* A third is not the first. */
	bc_second_file(c, self->device, 0);
	EXPECT_FALSE(exists(of(self->logs, c)));
	EXPECT_FALSE(exists(of(DEBUGFS_LOGS, c)));
}

TEST_F(logs, B_050)
{
	static const char want[] =
		"binder proc state:\n"
		"proc C\n"
		"context hwbinder\n"
		"  thread C: l 00 need_return 0 tr 0\n"
		"binder proc state:\n"
		"proc C\n"
		"context binder\n"
		"  thread C: l 00 need_return 0 tr 0\n";

	bc_second_file(self->c, BC_DEVICE_2, 0);
	EXPECT_STREQ(want, log_text(of(self->logs, self->c)));
	EXPECT_STREQ(want, log_text(of(DEBUGFS_LOGS, self->c)));
}

TEST_F(logs, B_065)
{
	static const char *const files[] = {
		"state", "stats", "transactions", "transaction_log",
		"failed_transaction_log"
	};
	struct client *s = bc_start("S", self->device, BC_MAP_SIZE);
	size_t i;

	EXPECT_STREQ(LOG_FILES, bfs_list(DEBUGFS_LOGS));
	ASSERT_EQ(0, bc_manager(s, BC_NODE_FLAGS));
	EXPECT_EQ(0, bc_oneway(self->c, .code = 1));
	EXPECT_EQ(0, bc_send(self->c, .handle = 99));
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		const char *text = log_text(log_path(files[i]));

		EXPECT_EQ(S_IFREG | 0444, bfs_mode(log_path(files[i])));
		EXPECT_NE(NULL, strstr(text, i < 3 ? "proc C\n" : "from C:C "))
			TH_LOG("%s: %s", files[i], text);
		EXPECT_STREQ(text, log_text(bfs_path(self->logs, files[i])));
	}
	EXPECT_STREQ(log_text(of(DEBUGFS_LOGS, s)),
		     log_text(of(self->logs, s)));
	EXPECT_TRUE(exists(of(DEBUGFS_LOGS, self->c)));
}

TEST_F(logs, B_069)
{
	const char *a = bfs_new(NULL);
	struct client *c = bc_start("D", bfs_path(a, "binder"), 0);

	bc_second_file(c, self->device, 0);
	EXPECT_TRUE(exists(of(self->logs, self->c)));
	EXPECT_FALSE(exists(of(self->logs, c)));
	/* debugfs does not ask where the device is. */
	EXPECT_TRUE(exists(of(DEBUGFS_LOGS, c)));
	EXPECT_NE(NULL, strstr(log_text(bfs_path(self->logs, "state")),
			       "proc D\ncontext binder\n"));
}

static const char *parameter(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s/parameters/%s",
		 on_stock() ? "binder_linux" : "binder", name);
	return strdup(path);
}

static const char *value_of(const char *name)
{
	static char value[128];
	FILE *f = fopen(parameter(name), "re");

	if (!f)
		return "none";
	value[0] = 0;
	if (fgets(value, sizeof(value), f))
		value[strcspn(value, "\n")] = 0;
	fclose(f);
	return value;
}

TEST(B_066)
{
	static const struct {
		const char *name;
		const char *value;
		unsigned int mode;
	} want[] = {
		{ "debug_mask", "7", 0644 },
		{ "alloc_debug_mask", "1", 0644 },
		{ "devices", "binder,hwbinder,vndbinder", 0444 },
		{ "stop_on_user_error", "0", 0644 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		EXPECT_STREQ(want[i].value, value_of(want[i].name))
			TH_LOG("%s", want[i].name);
		if (exists(parameter(want[i].name)))
			EXPECT_EQ(S_IFREG | want[i].mode,
				  bfs_mode(parameter(want[i].name)));
	}
}

TEST_HARNESS_MAIN
