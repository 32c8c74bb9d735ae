// SPDX-License-Identifier: GPL-2.0
/*
 * call_chains and oneway_buffers: who waits for whom, and who keeps what. Only
 * this project's driver has these files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"

#include "logs.h"
#include "refs.h"
#include "system.h"

/* S manages the context; C and D have a handle to the other's object. */
FIXTURE(waiting) {
	struct client *s;
	struct client *c;
	struct client *d;
	u32 c_has_d;
	u32 d_has_c;
};

FIXTURE_SETUP(waiting)
{
	if (on_stock())
		SKIP(return, "the kernel's own driver has no such file");
	self->s = bc_server("S", BC_MAP_SIZE);
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	self->d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	self->c_has_d = bc_pass(self->d, self->s, self->c, 0x1000, 0, 0);
	self->d_has_c = bc_pass(self->c, self->s, self->d, 0x2000, 0, 0);
}

FIXTURE_TEARDOWN(waiting)
{
	if (!on_stock())
		actors_end();
}

/* The lines of call_chains, as "C:C > D:D", "busy" where all threads are. */
static const char *chains(void)
{
	char *text = stage_scratch(4096), line[512];
	FILE *log = fopen(log_path("call_chains"), "re");
	size_t len = 0;

	if (!log)
		test_abort("there is no call_chains: %m");
	text[0] = 0;
	while (fgets(line, sizeof(line), log)) {
		int depth = strspn(line, " ");
		int from, from_tid, to, to_tid;
		u32 id, node, code, ms;
		char context[64];

		if (strstr(line, "cycle: back to call ")) {
			len += sprintf(text + len, "%*scycle\n", depth, "");
			continue;
		}
		if (sscanf(line, " %d:%d -> %d:%d call %u node %u code %u context %63s %u ms",
			   &from, &from_tid, &to, &to_tid, &id, &node, &code,
			   context, &ms) != 9 || strcmp(context, "binder"))
			test_abort("call_chains has a line: %s", line);
		len += sprintf(text + len, "%*s%s:%s > %s:%s code %u%s\n", depth,
			       "", actor_name(from), actor_name(from_tid),
			       actor_name(to), to_tid ? actor_name(to_tid) : "0",
			       code, strstr(line, ", queued: all") ? " busy" : "");
	}
	fclose(log);
	return text;
}

TEST_F(waiting, nobody)
{
	EXPECT_STREQ("", chains());
}

/* C calls S, who calls D: one chain. */
TEST_F(waiting, a_chain)
{
	struct client *s = self->s, *c = self->c, *d = self->d;
	u32 handle = bc_give(d, s, 0x3000, 0, 0);

	EXPECT_EQ(0, bc_send(c, .code = 1));
	EXPECT_STREQ("C:C > S:0 code 1 busy\n", chains());
	bc_take(s);
	EXPECT_STREQ("C:C > S:S code 1\n", chains());
	EXPECT_EQ(0, bc_send(s, .handle = handle, .code = 2));
	bc_take(d);
	EXPECT_STREQ("C:C > S:S code 1\n"
		     "  S:S > D:D code 2\n", chains());
	EXPECT_EQ(0, bc_reply(d, .code = 0));
	EXPECT_STREQ("C:C > S:S code 1\n", chains());
	EXPECT_EQ(0, bc_reply(s, .code = 0));
	EXPECT_STREQ("", chains());
}

/* A thread that is called back while it waits is not in its own way. */
TEST_F(waiting, a_nested_call)
{
	struct client *c = self->c, *d = self->d;

	EXPECT_EQ(0, bc_send(c, .handle = self->c_has_d, .code = 1));
	bc_take(d);
	EXPECT_EQ(0, bc_send(d, .handle = self->d_has_c, .code = 2));
	EXPECT_STREQ("C:C > D:D code 1\n"
		     "  D:D > C:C code 2\n", chains());
}

/* How deep the chain of the first call is, and whether @line is in the log. */
static unsigned int depth_of_chain(const char *line, bool *found)
{
	FILE *log = fopen(log_path("call_chains"), "re");
	unsigned int depth = 0;
	char text[4096];

	if (!log)
		test_abort("there is no call_chains: %m");
	*found = false;
	while (fgets(text, sizeof(text), log)) {
		if (strspn(text, " ") == 2 * depth && strstr(text, " -> "))
			depth++;
		*found |= !strcmp(text, line);
	}
	fclose(log);
	return depth;
}

/* Two threads call each other until there are more calls than are shown. */
TEST_F(waiting, a_deep_chain)
{
	const unsigned int shown = 512, more = 8;
	bool found;
	unsigned int i;

	for (i = 0; i < shown + more; i++) {
		struct client *from = i % 2 ? self->d : self->c;
		struct client *to = i % 2 ? self->c : self->d;

		if (i == 5)
			EXPECT_EQ(5, depth_of_chain("", &found));
		if (i == shown) {
			EXPECT_EQ(shown, depth_of_chain("and 1 more calls\n",
							&found));
			EXPECT_FALSE(found);
		}
		EXPECT_EQ(0, bc_send(from, .handle = i % 2 ? self->d_has_c :
				     self->c_has_d, .code = i));
		bc_take_and_free(to);
	}
	depth_of_chain("and 8 more calls\n", &found);
	EXPECT_TRUE(found);
}

/* Each waits for the other, and no thread is left to answer. */
TEST_F(waiting, a_deadlock)
{
	EXPECT_EQ(0, bc_send(self->c, .handle = self->c_has_d, .code = 1));
	EXPECT_EQ(0, bc_send(self->d, .handle = self->d_has_c, .code = 2));
	EXPECT_STREQ("C:C > D:0 code 1 busy\n"
		     "  D:D > C:0 code 2 busy\n"
		     "    cycle\n"
		     "D:D > C:0 code 2 busy\n"
		     "  C:C > D:0 code 1 busy\n"
		     "    cycle\n", chains());
}

/* A thread that could answer is asleep in a read: no deadlock. */
TEST_F(waiting, a_thread_is_idle)
{
	struct client *d2 = bc_thread(self->d, "D2");
	struct wbuf *w = wb(d2);

	EXPECT_EQ(0, bc_send(self->d, .code = 2));
	/* The first read of a thread returns at once. */
	bc_read(d2);
	w_u32(w, BC_ENTER_LOOPER);
	bc_nonblock(d2, false);
	bc_begin_read(d2, w, BC_READ_SIZE);
	EXPECT_TRUE(bc_blocked(d2));
	EXPECT_EQ(0, bc_send(self->c, .handle = self->c_has_d, .code = 1));
	EXPECT_STREQ("NOOP TRANSACTION", bc_end(d2));
	EXPECT_STREQ("D:D > S:0 code 2 busy\n"
		     "C:C > D:D2 code 1\n", chains());
}

/* The lines of oneway_buffers, as "C:C > S code 1 size 8". */
static const char *kept(void)
{
	char *text = stage_scratch(4096), line[512];
	FILE *log = fopen(log_path("oneway_buffers"), "re");
	size_t len = 0;

	if (!log)
		test_abort("there is no oneway_buffers: %m");
	text[0] = 0;
	if (!fgets(line, sizeof(line), log) ||
	    strcmp(line, "id context age_ms from owner node code size\n"))
		test_abort("oneway_buffers has another title: %s", line);
	while (fgets(line, sizeof(line), log)) {
		u32 id, ms, node, code;
		int from, from_tid, to;
		size_t size;

		if (sscanf(line, "%u binder %u %d:%d %d %u %u %zu\n", &id, &ms,
			   &from, &from_tid, &to, &node, &code, &size) != 8)
			test_abort("oneway_buffers has a line: %s", line);
		len += sprintf(text + len, "%s:%s > %s code %u size %zu\n",
			       actor_name(from), actor_name(from_tid),
			       actor_name(to), code, size);
	}
	fclose(log);
	return text;
}

TEST_F(waiting, buffers_that_are_kept)
{
	struct client *s = self->s, *c = self->c, *d = self->d;
	binder_uintptr_t first;

	EXPECT_STREQ("", kept());
	EXPECT_EQ(0, bc_oneway(c, .code = 1, .data = "12345", .size = 5));
	EXPECT_STREQ("", kept());
	first = bc_take(s).data.ptr.buffer;
	sleep_ms(20);
	EXPECT_EQ(0, bc_oneway(c, .handle = self->c_has_d, .code = 2));
	bc_take(d);
	bc_deliver(s, d, .code = 3);
	EXPECT_STREQ("C:C > S code 1 size 8\n"
		     "C:C > D code 2 size 8\n", kept());
	EXPECT_EQ(0, bc_free(s, first));
	EXPECT_STREQ("C:C > D code 2 size 8\n", kept());
}

/* Of many, the oldest. */
TEST_F(waiting, many_buffers)
{
	struct client *s = self->s, *c = self->c;
	const char *text;
	unsigned int i, lines = 0;
	u32 handle[40];

	for (i = 0; i < ARRAY_SIZE(handle); i++)
		handle[i] = bc_receive_own(c, s, 0x10000 + i * 8, 0, 0);
	for (i = 0; i < ARRAY_SIZE(handle); i++) {
		EXPECT_EQ(0, bc_oneway(c, .handle = handle[i], .code = i));
		bc_take(s);
	}
	text = kept();
	EXPECT_EQ(text, strstr(text, "C:C > S code 0 size 8\n"));
	while ((text = strchr(text, '\n')) && text++)
		lines++;
	EXPECT_EQ(32, lines);
}

TEST_HARNESS_MAIN
