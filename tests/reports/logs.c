// SPDX-License-Identifier: GPL-2.0
/*
 * binder-info logs: what the logs of either driver have, in words.
 *
 * In the text of the tests processes have the names of the actors, messages and
 * objects are #1, #2 and so on in the order in which they appear, and times are T.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "conformance/conf.h"
#include "binderfs.h"
#include "command.h"
#include "parcel.h"
#include "refs.h"
#include "text.h"

#define INFO	"/bin/binder-info logs"

/* "logs 34" and "logs 34:36", as the kernel calls the processes of this test. */
static size_t put_task(struct text *t, const char *p)
{
	unsigned long pid, tid;
	int len, more = 0;

	if (sscanf(p, "logs %lu%n", &pid, &len) != 1)
		return 0;
	text_put_task(t, pid);
	if (sscanf(p + len, ":%lu%n", &tid, &more) == 1) {
		text_put(t, ":");
		text_put_task(t, tid);
	}
	return len + more;
}

static size_t put_thread(struct text *t, const char *p)
{
	unsigned long tid;
	int len;

	if (sscanf(p, "thread %lu:%n", &tid, &len) != 1)
		return 0;
	text_put(t, "thread ");
	text_put_task(t, tid);
	text_put(t, ":");
	return len;
}

static size_t put_id(struct text *t, const char *p)
{
	unsigned int id;
	int len;

	if (sscanf(p, "#%u%n", &id, &len) != 1)
		return 0;
	text_put_id(t, id);
	return len;
}

static size_t put_time(struct text *t, const char *p)
{
	int len = 0;

	if (sscanf(p, "%*u ms%n", &len) < 0 || !len)
		sscanf(p, "%*u.%*u s%n", &len);
	if (len)
		text_put(t, "T");
	return len;
}

static const char *same_in_each_run(const char *p)
{
	struct text *t = text_new();
	char before = ' ';
	size_t len;

	while (*p) {
		len = put_id(t, p) ?: put_thread(t, p) ?: put_task(t, p);
		if (!len && isdigit(*p) && before == ' ')
			len = put_time(t, p);
		if (!len) {
			text_put(t, "%c", *p);
			len = 1;
		}
		p += len;
		before = p[-1];
	}
	return text_end(t);
}

static const char *logs_of(pid_t pid)
{
	char line[64];
	struct said said;

	snprintf(line, sizeof(line), INFO " %d", pid);
	said = command(line);
	if (said.status)
		test_abort("%s: %s", line, said.text);
	return same_in_each_run(said.text);
}

/* A part of the text: from a line that begins so, up to an empty line. */
static const char *part(const char *text, const char *begin)
{
	const char *from = strstr(text, begin), *to;
	char *copy;

	if (!from || (from != text && from[-1] != '\n'))
		return "none";
	to = strstr(from, "\n\n");
	copy = stage_scratch(strlen(from) + 1);
	memcpy(copy, from, to ? (size_t)(to + 1 - from) : strlen(from));
	return copy;
}

#define waiting(c)	part(logs_of((c)->a->pid), "who waits")
#define failures(c)	part(logs_of((c)->a->pid), "the last failures")
#define process(c)	part(logs_of((c)->a->pid), (c)->a->name)

static const char idle_server[] =
	"S on binder\n"
	"  threads: 1, 0 ready for any call, 0 of 0 started on demand\n"
	"    thread S: is outside the driver\n"
	"  objects: 1\n"
	"    #1 at 0x0: held by nobody\n"
	"  pages: 0 in use, 0 idle, 256 absent; room for oneways: 524288 bytes\n";

TEST_F(conf, idle)
{
	EXPECT_STREQ(idle_server, process(self->s));
	EXPECT_STREQ("who waits for whom\n  nobody\n", waiting(self->s));
	EXPECT_STREQ("the last failures, oldest first\n  none\n",
		     failures(self->s));
}

static const char client_that_waits[] =
	"C on binder\n"
	"  threads: 1, 0 ready for any call, 0 of 0 started on demand\n"
	"    thread C: waits T for S to answer message #1 (code 7)\n"
	"      and has to read BR_TRANSACTION_COMPLETE\n"
	"  pages: 0 in use, 0 idle, 256 absent; room for oneways: 524288 bytes\n";

static const char server_with_queue[] =
	"S on binder\n"
	"  threads: 1, 0 ready for any call, 0 of 0 started on demand\n"
	"    thread S: is outside the driver\n"
	"  queued: 1\n"
	"    message #1 (code 7, 5 bytes) of C, for T\n"
	"  objects: 1\n"
	"    #2 at 0x0: held by nobody\n"
	"  buffers not freed: 1, 5 bytes\n"
	"    #1: 5 bytes, queued, or being answered\n"
	"  pages: 1 in use, 0 idle, 255 absent; room for oneways: 524288 bytes\n";

TEST_F(conf, call)
{
	struct client *s = self->s, *c = self->c;

	EXPECT_EQ(0, bc_send(c, .code = 7, .data = "12345", .size = 5));
	EXPECT_STREQ(client_that_waits, process(c));
	EXPECT_STREQ(server_with_queue, process(s));
	EXPECT_STREQ("who waits for whom\n"
		     "  C waits T for S, where nobody has read it yet: no thread is ready\n",
		     waiting(c));
	bc_take(s);
	EXPECT_NE(NULL, strstr(process(s),
			       "thread S: answers message #1 (code 7, 5 bytes) of C, for T\n"));
	EXPECT_STREQ("who waits for whom\n  C waits T for S\n", waiting(s));
}

/* C calls S, S calls D on its behalf, in a thread of its own. */
TEST_F(conf, chain)
{
	struct client *s = self->s, *c = self->c;
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	struct client *t = bc_thread(s, "T");
	u32 handle = bc_give(d, s, 0x1000, 1, 0);

	EXPECT_EQ(0, bc_send(c, .code = 1));
	bc_take_and_free(t);
	EXPECT_EQ(0, bc_send(t, .handle = handle, .code = 2));
	bc_take_and_free(d);
	EXPECT_STREQ("who waits for whom\n"
		     "  C waits T for S:T, who waits T for D\n"
		     "  S:T waits T for D\n", waiting(s));
	EXPECT_NE(NULL, strstr(process(s),
			       "thread T: waits T for D to answer message #1 (code 2)\n"
			       "      while it answers message #2 (code 1) of C, for T\n"));
	EXPECT_NE(NULL, strstr(process(s),
			       "  handles: 1\n    1: object #4 of D\n"));
	EXPECT_NE(NULL, strstr(process(d), "at 0x1000: held by S\n"));
}

/* A call back, to the thread that waits: it does not, as soon as that is there. */
TEST_F(conf, call_back)
{
	struct client *s = self->s, *c = self->c;
	u32 handle = bc_give(c, s, 0x1000, 1, 0);

	EXPECT_EQ(0, bc_send(c, .code = 1));
	bc_take_and_free(s);
	EXPECT_EQ(0, bc_send(s, .handle = handle, .code = 2));
	EXPECT_STREQ("who waits for whom\n  S waits T for C\n", waiting(c));
	EXPECT_NE(NULL, strstr(process(c), "thread C: waits T for S to answer message #1 (code 1)\n"
			       "      and has to read message #2 (code 2, 0 bytes) of S, for T\n"));
	bc_take_and_free(c);
	EXPECT_STREQ("who waits for whom\n  S waits T for C\n", waiting(c));
	EXPECT_EQ(0, bc_reply(c));
	/* Answered, but not read. */
	EXPECT_STREQ("who waits for whom\n  C waits T for S\n", waiting(c));
}

/* A handle to what is dead, another one that is watched, and a weak one. */
TEST_F(conf, handles)
{
	struct client *s = self->s, *c = self->c;
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	struct client *w = bc_start("W", BC_DEVICE, BC_MAP_SIZE);
	u32 dead = bc_give(d, s, 0x1000, 1, 0);
	u32 watched = bc_give(c, s, 0x2000, 1, 0);
	const char *p;

	bc_give_weak(w, s, 0x3000, 1, 0);
	EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_DEATH_NOTIFICATION, watched,
				   0x77));
	EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_DEATH_NOTIFICATION, dead,
				   0x78));
	actor_kill(d->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(s));
	p = process(s);
	EXPECT_NE(NULL, strstr(p, "of a dead process, watched for its death\n"));
	EXPECT_NE(NULL, strstr(p, "of C, watched for its death\n"));
	EXPECT_NE(NULL, strstr(p, "of W, weak\n"));
	EXPECT_NE(NULL, strstr(p, "  handles: 3\n"));
	EXPECT_NE(NULL, strstr(process(w), "held by S, weakly\n"));
}

TEST_F(conf, buffers)
{
	struct client *s = self->s, *c = self->c;
	const char *p;

	EXPECT_EQ(0, bc_oneway(c, .code = 1, .data = "12345678", .size = 8));
	EXPECT_EQ(0, bc_oneway(c, .code = 2));
	EXPECT_EQ(0, bc_oneway(c, .code = 3));
	bc_take(s);
	p = process(s);
	EXPECT_NE(NULL, strstr(p, "  buffers not freed: 3, 8 bytes\n"));
	EXPECT_NE(NULL, strstr(p, ": 8 bytes, done with but for BC_FREE_BUFFER\n"));
	EXPECT_NE(NULL, strstr(p, "held by nobody; 2 oneways wait for their turn\n"));
}

/* What waits to be read has the name of the return that it will be. */
TEST_F(conf, to_be_read)
{
	struct binder_freeze_info *info = stage_scratch(sizeof(*info));
	struct client *s = self->s, *c = self->c;
	struct client *t = bc_thread(c, "T");

	EXPECT_EQ(0, bc_send(c, .handle = 9));
	EXPECT_NE(NULL, strstr(process(c), "and has to read BR_FAILED_REPLY\n"));
	*info = (struct binder_freeze_info) { .pid = s->a->pid, .enable = 1 };
	EXPECT_EQ(0, bc_ioctl(t, BINDER_FREEZE, info));
	EXPECT_EQ(0, bc_oneway(t));
	EXPECT_NE(NULL, strstr(process(c),
			       "and has to read BR_TRANSACTION_PENDING_FROZEN\n"));
	EXPECT_EQ(0, bc_send(t, .code = 1));
	info->enable = 0;
	EXPECT_EQ(0, bc_ioctl(t, BINDER_FREEZE, info));
}

static void close_mapping(struct client *c)
{
	if (bc_unmap(c))
		test_abort("munmap");
}

TEST_F(conf, failures)
{
	struct client *s = self->s, *c = self->c;
	struct binder_freeze_info *info = stage_scratch(sizeof(*info));

	bc_outcome(c, .handle = 9, .size = 3, .data = "123");
	bc_outcome(c, .data = BAD_POINTER, .size = 10, .raw = true);
	bc_outcome(c, .size = 4 * BC_MAP_SIZE, .data = BAD_POINTER, .raw = true,
		   .flags = TF_ONE_WAY);
	EXPECT_EQ(0, bc_reply(c));
	bc_read(c);
	*info = (struct binder_freeze_info) { .pid = s->a->pid, .enable = 1 };
	EXPECT_EQ(0, bc_ioctl(c, BINDER_FREEZE, info));
	bc_outcome(c);
	info->enable = 0;
	EXPECT_EQ(0, bc_ioctl(c, BINDER_FREEZE, info));
	close_mapping(s);
	bc_outcome(c);
	EXPECT_STREQ("the last failures, oldest first\n"
		     "  #1 call of 3 bytes, C on binder, to handle 9\n"
		     "    BR_FAILED_REPLY EINVAL: no such handle, or an object that is not as it has to be\n"
		     "  #2 call of 10 bytes, C on binder, to handle 0, to S\n"
		     "    BR_FAILED_REPLY EFAULT: the data of the sender cannot be read\n"
		     "  #3 oneway of 4194304 bytes, C on binder, to handle 0, to S\n"
		     "    BR_FAILED_REPLY ENOSPC: no room in the mapping of the receiver: too big, or buffers not freed\n"
		     "  #4 reply of 0 bytes, C on binder\n"
		     "    BR_FAILED_REPLY EPROTO: there is no call to answer\n"
		     "  #5 call of 0 bytes, C on binder, to handle 0, to S\n"
		     "    BR_FROZEN_REPLY: the receiver is frozen\n"
		     "  #6 call of 0 bytes, C on binder, to handle 0, to S\n"
		     "    BR_DEAD_REPLY ESRCH: the receiver has no mapping, or not any more\n",
		     failures(c));
}

TEST_F(solo, no_manager)
{
	static const char want[] = "to handle 0\n"
		"    BR_DEAD_REPLY EINVAL: nobody is the context manager\n";

	bc_outcome(self->c, .code = 1);
	EXPECT_NE(NULL, strstr(failures(self->c), want));
}

/* Every one of a process that is asked for, a few of each otherwise. */
TEST_F(conf, many)
{
	struct said all;
	int i;

	for (i = 0; i < 20; i++)
		EXPECT_EQ(0, bc_oneway(self->c));
	EXPECT_EQ(NULL, strstr(process(self->s), "more\n"));
	all = command(INFO);
	EXPECT_EQ(0, all.status);
	EXPECT_NE(NULL, strstr(all.text, "  buffers not freed: 20, 0 bytes\n"));
	EXPECT_NE(NULL, strstr(all.text, "    and 12 more\n"));
	EXPECT_EQ(NULL, strstr(all.text, "not understood"));
}

/* Each open device is one. */
TEST_F(conf, two_devices)
{
	struct client *second = bc_second_file(self->c, BC_DEVICE_2, 0);
	const char *text;

	bc_ready(second);
	text = logs_of(self->c->a->pid);
	EXPECT_EQ(0, strncmp("C on hwbinder\n", text, 14));
	EXPECT_NE(NULL, strstr(text, "\nC on binder\n"));
}

TEST_F(conf, unknown_process)
{
	struct said said = command(INFO " 1");

	EXPECT_EQ(1, said.status);
	EXPECT_STREQ("binder-info: process 1 has no Binder device open\n",
		     said.text);
}

TEST_F(conf, without_logs)
{
	struct said said;
	const char *dir;

	bfs_private();
	ASSERT_EQ(0, umount2("/sys/kernel/debug", MNT_DETACH));
	said = command(INFO);
	EXPECT_EQ(1, said.status);
	EXPECT_NE(NULL, strstr(said.text, "there are no logs"));
	dir = bfs_new("stats=global");
	EXPECT_STREQ(idle_server, process(self->s));
	ASSERT_EQ(0, umount(dir));
}

TEST_F(conf, not_for_everybody)
{
	struct said said = command_as(1000, INFO);

	EXPECT_EQ(1, said.status);
	EXPECT_NE(NULL, strstr(said.text, "not for this user"));
}

static void write_log(const char *dir, const char *name, const char *text)
{
	FILE *f = fopen(bfs_path(dir, name), "we");

	if (!f || fputs(text, f) < 0 || fclose(f))
		test_abort("%s/%s: %m", dir, name);
}

/* As later kernels have it, with more in it; and what nobody has thought of. */
static const char strange_state[] =
	"binder state:\n"
	"dead nodes:\n"
	"  node 3: u00000000cafe c00000000beef hs 1 hw 1 ls 0 lw 0 is 1 iw 1 tr 0 proc 999999\n"
	"proc 999999\n"
	"context binder\n"
	"  thread 999999: l 12 need_return 0 tr 0\n"
	"    outgoing transaction 7: 00000000abcd from 999999:999999 to 999998:0 code 5f504e47 flags 10 pri 0:120 a0 r0 elapsed 61234ms reason new\n"
	"    a new kind of work\n"
	"  node 8: u00000000cafe c00000000beef hs 1 hw 1 ls 0 lw 0 is 0 iw 0 tr 0\n"
	"  something new: 1\n"
	"  ref 9: desc -1 dead node 3 s 1 w 1 d 0000000000000000\n";

static const char strange_text[] =
	"(gone) 999999 on binder\n"
	"  threads: 1\n"
	"    thread 999999: waits T for (gone) 999998 to answer message #1 (code '_PNG')\n"
	"  objects: 1\n"
	"    #2 at 0xcafe: held by nobody\n"
	"  handles: 1\n"
	"    -1: object #3 of a dead process\n"
	"\n"
	"who waits for whom\n"
	"  (gone) 999999 waits T for (gone) 999998, where nobody has read it yet\n"
	"\n"
	"the last failures, oldest first\n"
	"  #4 call of 3 bytes, (gone) 999999 on binder, to handle -1\n"
	"    BR_FAILED_REPLY EINVAL: no such handle, or an object that is not as it has to be\n"
	"  #5 call of 3 bytes, (gone) 999999 on a node b, to handle 1\n"
	"    return 0x1 error -4000\n"
	"  (not understood) nonsense\n"
	"\n"
	"2 lines of DIR/state were not understood\n";

TEST_F(solo, strange)
{
	const char *dir = bfs_dir(), *text;
	char line[256], *at;

	write_log(dir, "state", strange_state);
	write_log(dir, "stats", "proc 1\nnonsense\ncontext x\n  threads: -\n");
	write_log(dir, "failed_transaction_log",
		  "1: call  from 999999:999999 to 0:0 context binder node 0 handle -1 size 3:0 ret 29201/-22 l=1 reason new\n"
		  "2: call  from 999999:999999 to 0:0 context a node b node 0 handle 1 size 3:0 ret 1/-4000 l=1\n"
		  "nonsense\n");
	snprintf(line, sizeof(line), INFO " -d %s", dir);
	text = same_in_each_run(command(line).text);
	at = strstr(text, dir);
	ASSERT_NE(NULL, at);
	memmove(at + 3, at + strlen(dir), strlen(at + strlen(dir)) + 1);
	memcpy(at, "DIR", 3);
	EXPECT_STREQ(strange_text, text);
	snprintf(line, sizeof(line), "rm -r %s", dir);
	EXPECT_EQ(0, command(line).status);
}

TEST_HARNESS_MAIN
