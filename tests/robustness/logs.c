// SPDX-License-Identifier: GPL-2.0
/*
 * The log files, read while all that they show comes and goes: what is read is
 * made of whole lines, and tells no address of the kernel.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "failing.h"
#include "logs.h"
#include "loops.h"
#include "refs.h"
#include "system.h"

#define LOGS	"/sys/kernel/debug/binder"

/* How lines of any file begin; %d stands for a number, %w for a word. */
static const char *const beginnings[] = {
	"binder state:", "binder stats:", "binder transactions:",
	"binder proc state:", "dead nodes:", "proc %d", "context ", "  thread ",
	"  node ", "  ref ", "  buffer ", "  has ", "    has ", "    outgoing ",
	"    incoming ", "    pending ", "  pending ", "    transaction ",
	"    unknown work", "    node work ", "  node work ", "  transaction ",
	"%d: call ", "%d: async", "%d: reply", "BC_", "BR_", "  BC_", "  BR_",
	"proc: active ", "thread: active ", "node: active ", "ref: active ",
	"death: active ", "transaction: active ", "transaction_complete: active ",
	"freeze: active ", "  threads: ", "  requested threads: ",
	"  ready threads ", "  free async space ", "  nodes: ", "  refs: ",
	"  buffers: ", "  pages: ", "  pages high watermark: ",
	"  pending transactions: ",
	/* those that only this project's driver has */
	"id context ", "%d %w ", "%d:%d -> ", "  %d:%d -> ", "    %d:%d -> ",
	"      ", "%w: %d",
};

static bool begins(const char *line, const char *with)
{
	for (; *with; with++) {
		if (with[0] == '%' && with[1] == 'd') {
			if (!isdigit(*line))
				return false;
			line += strspn(line, "0123456789");
			with++;
		} else if (with[0] == '%' && with[1] == 'w') {
			if (strcspn(line, ": \n") == 0)
				return false;
			line += strcspn(line, ": \n");
			with++;
		} else if (*line++ != *with) {
			return false;
		}
	}
	return true;
}

static bool is_line(const char *line)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(beginnings); i++) {
		if (begins(line, beginnings[i]))
			return line[strlen(line) - 1] == '\n';
	}
	return false;
}

/**
 * struct reading - a thread that reads all log files until it is told to end
 * @thread: the thread
 * @over: it is to end
 * @lines: how many it has read
 * @bad: the first that is none
 */
struct reading {
	pthread_t thread;
	atomic_bool over;
	unsigned long lines;
	char bad[256];
};

static void read_file(struct reading *r, const char *path)
{
	char line[1024];
	FILE *f = fopen(path, "re");

	/* That of a process may have gone. */
	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		r->lines++;
		if (!is_line(line) && !r->bad[0])
			snprintf(r->bad, sizeof(r->bad), "%s: %s", path, line);
	}
	fclose(f);
}

static void *read_all(void *arg)
{
	struct reading *r = arg;
	size_t i;
	glob_t g;

	while (!r->over) {
		glob(LOGS "/[!p]*", 0, NULL, &g);
		glob(LOGS "/proc/*", GLOB_APPEND, NULL, &g);
		for (i = 0; i < g.gl_pathc; i++)
			read_file(r, g.gl_pathv[i]);
		globfree(&g);
	}
	return NULL;
}

static void reading_begin(struct reading *r)
{
	system_init();
	if (pthread_create(&r->thread, NULL, read_all, r))
		test_abort("no thread");
}

static void reading_end(struct reading *r)
{
	r->over = true;
	pthread_join(r->thread, NULL);
}

TEST(while_all_die)
{
	struct reading r = {};
	int round;

	reading_begin(&r);
	for (round = 0; round < 6; round++) {
		struct client *s = bc_server("S", BC_MAP_SIZE), *c[3];
		int i;

		serve_begin(s);
		for (i = 0; i < 3; i++) {
			c[i] = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
			call_begin(c[i], 1000000, 8000, round * 3 + i);
		}
		sleep_ms(60);
		/* Each time another one dies first. */
		for (i = 0; i < 3; i++)
			actor_kill(c[(round + i) % 3]->a);
		actors_end();
	}
	reading_end(&r);
	EXPECT_STREQ("", r.bad);
	EXPECT_LT(100, r.lines);
}

/* A process maps its region while its log file is read. */
TEST(while_mapping)
{
	struct reading r = {};
	int round;

	reading_begin(&r);
	for (round = 0; round < 60; round++) {
		struct client *c = bc_start("C", BC_DEVICE, 0);

		EXPECT_EQ(0, bc_map(c, BC_MAP_SIZE, PROT_READ, MAP_PRIVATE, 0));
		if (round % 2)
			EXPECT_EQ(0, bc_unmap(c));
		actors_end();
	}
	reading_end(&r);
	EXPECT_STREQ("", r.bad);
}

/* The next word of 16 hexadecimal digits; not one that tells of user space. */
static const char *next_pointer(const char *text)
{
	while (*text) {
		size_t digits = strspn(text, "0123456789abcdef");

		if (digits == 16 && !isalnum(text[-1]))
			return text;
		text += digits + 1 - !text[digits];
	}
	return NULL;
}

/* With kptr_restrict at 2 whatever is known for a pointer of the kernel is 0. */
TEST(no_kernel_addresses)
{
	struct client *s = bc_server("S", BC_MAP_SIZE);
	struct client *c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	u32 handle = bc_give(c, s, 0x1000, 0, 0);
	unsigned int pointers = 0;
	char text[65536] = " ";
	const char *p;
	size_t i, len;
	glob_t g;
	FILE *f;

	EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_DEATH_NOTIFICATION, handle, 1));
	EXPECT_EQ(0, bc_oneway(c, .code = 1));
	EXPECT_EQ(0, bc_oneway(c, .code = 2));
	EXPECT_EQ(0, bc_send(c, .code = 3));
	bc_take(s);
	write_file("/proc/sys/kernel/kptr_restrict", "2");
	glob(LOGS "/[!p]*", 0, NULL, &g);
	glob(LOGS "/proc/*", GLOB_APPEND, NULL, &g);
	for (i = 0; i < g.gl_pathc; i++) {
		f = fopen(g.gl_pathv[i], "re");
		len = f ? fread(text + 1, 1, sizeof(text) - 2, f) : 0;
		text[1 + len] = 0;
		for (p = next_pointer(text + 1); p; p = next_pointer(p + 16)) {
			pointers++;
			EXPECT_EQ(0, strtoul(p, NULL, 16));
		}
		if (f)
			fclose(f);
	}
	write_file("/proc/sys/kernel/kptr_restrict", "0");
	EXPECT_LT(3, pointers);
	globfree(&g);
	actors_end();
}

/* The lines of a file that is not too long, or the errno. */
static long lines_of(const char *path)
{
	static char text[65536];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t i, len = fd < 0 ? -1 : read(fd, text, sizeof(text));
	long lines = len < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	for (i = 0; i < len; i++)
		lines += text[i] == '\n';
	return lines;
}

/*
 * Each file, while memory runs out at one place after the other: it cannot be read,
 * or it is all there.
 */
TEST(without_memory)
{
	struct client *s, *c;
	unsigned int files = 0;
	glob_t g;
	size_t i;
	int fd;

	if (!failing_init())
		SKIP(return, "this kernel has no fault injection");
	s = bc_server("S", BC_MAP_SIZE);
	c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(c, .handle = 22));
	EXPECT_EQ(0, bc_oneway(c, .code = 1));
	fd = fail_nth_open();
	ASSERT_LE(0, fd);
	glob(LOGS "/[!p]*", 0, NULL, &g);
	glob(LOGS "/proc/*", GLOB_APPEND, NULL, &g);
	for (i = 0; i < g.gl_pathc; i++) {
		long lines = lines_of(g.gl_pathv[i]);
		unsigned int n, errors = 0;
		bool failed = true;

		ASSERT_LE(0, lines);
		for (n = 1; failed && n < 100; n++) {
			long ret;

			fail_nth(fd, n);
			ret = lines_of(g.gl_pathv[i]);
			failed = fail_nth_end(fd);
			if (ret != -ENOMEM && ret != -EFAULT)
				EXPECT_EQ(lines, ret)
					TH_LOG("%s, failure %u", g.gl_pathv[i], n);
			errors += ret == -ENOMEM;
		}
		EXPECT_FALSE(failed);
		EXPECT_LE(3, errors)
			TH_LOG("%s", g.gl_pathv[i]);
		files++;
	}
	EXPECT_LE(10, files);
	close(fd);
	globfree(&g);
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(s));
	actors_end();
}

TEST_HARNESS_MAIN
