// SPDX-License-Identifier: GPL-2.0
/*
 * failed_transactions and failed_stats: each way in which sending fails says
 * which check it was, and where space is short, how much of it there is and who
 * has it. Only this project's driver has these files.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"

#include "logs.h"
#include "parcel.h"
#include "refs.h"
#include "system.h"

#define BAD	((void *)8)

/* S manages the context, C calls. */
FIXTURE(failures) {
	struct client *s;
	struct client *c;
};

FIXTURE_SETUP(failures)
{
	if (on_stock())
		SKIP(return, "the kernel's own driver has no such file");
	self->s = bc_server("S", BC_MAP_SIZE);
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
}

FIXTURE_TEARDOWN(failures)
{
	if (!on_stock())
		actors_end();
}

/* The columns of a line, in their order. */
enum column {
	ID, CONTEXT, KIND, FROM, TO, HANDLE, NODE, ERROR, ERRNO, ASKED,
	LARGEST, FREE, ONEWAY_FREE, HOLDER, REASON, NR_COLUMNS
};

struct failure {
	char text[512];
	char *column[NR_COLUMNS];
};

/* The last failure of a client's process. */
static struct failure *last_failure(struct client *c)
{
	struct failure *f = stage_keep(sizeof(*f));
	char line[512], *rest = f->text;
	FILE *log = fopen(log_path("failed_transactions"), "re");
	int pid, i;

	if (!log)
		test_abort("there is no failed_transactions: %m");
	while (fgets(line, sizeof(line), log)) {
		if (sscanf(line, "%*u %*s %*s %d:", &pid) == 1 &&
		    pid == c->a->pid)
			snprintf(f->text, sizeof(f->text), "%s", line);
	}
	fclose(log);
	if (!f->text[0])
		test_abort("failed_transactions has nothing of %s", c->a->name);
	for (i = 0; i < REASON; i++)
		f->column[i] = strsep(&rest, " ");
	f->column[REASON] = rest;
	return f;
}

/* The reason, as its one word. */
static const char *why(struct client *c)
{
	char *reason = last_failure(c)->column[REASON];

	return strsep(&reason, ":");
}

static unsigned int counted(const char *name)
{
	FILE *log = fopen(log_path("failed_stats"), "re");
	char line[128], is[64];
	unsigned int n, nr = 0;

	if (!log)
		test_abort("there is no failed_stats: %m");
	while (fgets(line, sizeof(line), log)) {
		if (sscanf(line, "%63[a-z_]: %u", is, &n) != 2)
			test_abort("failed_stats has a line: %s", line);
		if (!strcmp(is, name))
			nr = n;
	}
	fclose(log);
	return nr;
}

/* Sends, reads of the failure, and tells why. */
static const char *why_not(struct client *c, const struct msg *m)
{
	bc_msg_outcome(c, m);
	return why(c);
}

#define WHY_NOT(c, ...) why_not((c), &(struct msg) { __VA_ARGS__ })

TEST_F(failures, all_columns)
{
	struct client *s = self->s, *c = self->c;
	struct failure *f;
	char from[32], to[32];

	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(c, .handle = 22));
	f = last_failure(c);
	snprintf(from, sizeof(from), "%d:%d", c->a->pid, c->a->tid);
	EXPECT_EQ(c->ee.id, strtoul(f->column[ID], NULL, 10));
	EXPECT_STREQ("binder", f->column[CONTEXT]);
	EXPECT_STREQ("call", f->column[KIND]);
	EXPECT_STREQ(from, f->column[FROM]);
	EXPECT_STREQ("-", f->column[TO]);
	EXPECT_STREQ("22", f->column[HANDLE]);
	EXPECT_STREQ("-", f->column[NODE]);
	EXPECT_STREQ("BR_FAILED_REPLY", f->column[ERROR]);
	EXPECT_STREQ("-EINVAL", f->column[ERRNO]);
	EXPECT_STREQ("-", f->column[ASKED]);
	EXPECT_STREQ("-", f->column[LARGEST]);
	EXPECT_STREQ("-", f->column[FREE]);
	EXPECT_STREQ("-", f->column[ONEWAY_FREE]);
	EXPECT_STREQ("-", f->column[HOLDER]);
	EXPECT_STREQ("no_handle: the sender has no such handle, or only a weak one\n",
		     f->column[REASON]);

	EXPECT_EQ(0, bc_oneway(c, .data = BAD, .size = 100, .raw = true));
	f = last_failure(c);
	snprintf(to, sizeof(to), "%d:0", s->a->pid);
	EXPECT_STREQ("oneway", f->column[KIND]);
	EXPECT_STREQ(to, f->column[TO]);
	EXPECT_STREQ("0", f->column[HANDLE]);
	EXPECT_LT(0, atoi(f->column[NODE]));
	EXPECT_STREQ("104", f->column[ASKED]);
	EXPECT_STREQ("data_fault: the data cannot be read\n",
		     f->column[REASON]);
}

/* A receiver whose region is full: of what, and of whom? */
TEST_F(failures, no_space)
{
	struct client *s = self->s, *c = self->c;
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	struct failure *f;
	char holder[64];

	bc_deliver(s, c, .data = stage_scratch(4096), .size = 4096);
	bc_deliver(s, d, .data = stage_scratch(4096), .size = 300 << 10,
		   .raw = true);
	bc_deliver(s, d, .data = stage_scratch(4096), .size = 200 << 10,
		   .raw = true);
	EXPECT_STREQ("no_space", WHY_NOT(c, .size = 800 << 10, .raw = true));
	f = last_failure(c);
	EXPECT_EQ(800 << 10, atoi(f->column[ASKED]));
	EXPECT_EQ(520 << 10, atoi(f->column[LARGEST]));
	EXPECT_EQ(520 << 10, atoi(f->column[FREE]));
	EXPECT_EQ(512 << 10, atoi(f->column[ONEWAY_FREE]));
	snprintf(holder, sizeof(holder), "%d:%d:2", d->a->pid, 500 << 10);
	EXPECT_STREQ(holder, f->column[HOLDER]);
}

TEST_F(failures, no_oneway_space)
{
	struct client *s = self->s, *c = self->c;
	struct failure *f;
	char holder[64];

	EXPECT_EQ(0, bc_oneway(c, .data = stage_scratch(400 << 10),
			       .size = 400 << 10, .raw = true));
	EXPECT_STREQ("NOOP TC", bc_read(c));
	EXPECT_STREQ("no_oneway_space",
		     WHY_NOT(c, .flags = TF_ONE_WAY, .size = 200 << 10,
			     .raw = true));
	f = last_failure(c);
	EXPECT_EQ(112 << 10, atoi(f->column[ONEWAY_FREE]));
	EXPECT_EQ(624 << 10, atoi(f->column[LARGEST]));
	snprintf(holder, sizeof(holder), "%d:%d:1", c->a->pid, 400 << 10);
	EXPECT_STREQ(holder, f->column[HOLDER]);
	bc_take_and_free(s);
}

/* There is oneway space, but the calls have taken what it stands for. */
TEST_F(failures, no_space_for_a_oneway)
{
	struct client *s = self->s, *c = self->c;
	struct failure *f;

	bc_deliver(s, c, .data = stage_scratch(800 << 10), .size = 800 << 10,
		   .raw = true);
	EXPECT_STREQ("no_space",
		     WHY_NOT(c, .flags = TF_ONE_WAY, .size = 300 << 10,
			     .raw = true));
	f = last_failure(c);
	EXPECT_EQ(224 << 10, atoi(f->column[LARGEST]));
	EXPECT_EQ(512 << 10, atoi(f->column[ONEWAY_FREE]));
	EXPECT_STREQ("-", f->column[HOLDER]);
}

TEST_F(failures, counted_by_reason)
{
	unsigned int before = counted("no_handle"), faults = counted("data_fault");
	int i;

	for (i = 0; i < 3; i++)
		bc_outcome(self->c, .handle = 22);
	EXPECT_EQ(before + 3, counted("no_handle"));
	EXPECT_EQ(faults, counted("data_fault"));
	bc_outcome(self->c, .data = BAD, .size = 1, .raw = true);
	EXPECT_EQ(faults + 1, counted("data_fault"));
}

/* Of those that fail, the last 32. */
TEST_F(failures, as_many_as_are_kept)
{
	unsigned int lines = 0;
	char line[512];
	FILE *log;
	int i;

	for (i = 0; i < 40; i++)
		bc_outcome(self->c, .handle = 100 + i);
	EXPECT_STREQ("139", last_failure(self->c)->column[HANDLE]);
	log = fopen(log_path("failed_transactions"), "re");
	ASSERT_NE(NULL, log);
	while (fgets(line, sizeof(line), log))
		lines++;
	fclose(log);
	EXPECT_EQ(1 + 32, lines);
}

TEST_F(failures, of_the_sender)
{
	struct client *s = self->s, *c = self->c;

	EXPECT_EQ(0, bc_reply(s, .code = 0));
	EXPECT_STREQ("no_call", why(s));
	bc_read(s);
	EXPECT_EQ(0, bc_send(c, .code = 0));
	EXPECT_STREQ("not_now", WHY_NOT(c, .code = 0));
	bc_take(s);
}

TEST_F(failures, of_the_target)
{
	struct client *s = self->s, *c = self->c;
	struct binder_freeze_info *freeze = stage_scratch(sizeof(*freeze));
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	u32 handle = bc_pass(d, s, c, 0x1000, 0, 0);

	*freeze = (struct binder_freeze_info) { s->a->pid, 1, 0 };
	EXPECT_EQ(0, bc_ioctl(c, BINDER_FREEZE, freeze));
	EXPECT_STREQ("frozen", WHY_NOT(c, .code = 0));
	EXPECT_STREQ("BR_FROZEN_REPLY", last_failure(c)->column[ERROR]);
	EXPECT_STREQ("-", last_failure(c)->column[ERRNO]);
	freeze->enable = 0;
	EXPECT_EQ(0, bc_ioctl(c, BINDER_FREEZE, freeze));

	EXPECT_STREQ("own_manager", WHY_NOT(s, .code = 0));
	actor_kill(d->a);
	while (!strcmp(bc_outcome(c, .handle = handle, .flags = TF_ONE_WAY),
		       "NOOP TC, OK 0"))
		sleep_ms(1);
	EXPECT_STREQ("target_dead", why(c));
	EXPECT_STREQ("BR_DEAD_REPLY", last_failure(c)->column[ERROR]);
}

TEST_F(failures, of_a_context_without_manager)
{
	struct client *d = bc_start("D", BC_DEVICE_2, BC_MAP_SIZE);

	bc_await_no_manager(d);
	EXPECT_STREQ("no_manager", WHY_NOT(d, .code = 0));
	EXPECT_STREQ("hwbinder", last_failure(d)->column[CONTEXT]);
}

TEST_F(failures, of_the_receiver)
{
	struct client *d = bc_start("D", BC_DEVICE_2, 0);
	struct client *e = bc_start("E", BC_DEVICE_2, BC_MAP_SIZE);

	bc_await_no_manager(d);
	EXPECT_EQ(0, bc_manager(d, 0));
	EXPECT_STREQ("not_mapped", WHY_NOT(e, .code = 0));
	EXPECT_STREQ("-ESRCH", last_failure(e)->column[ERRNO]);
	EXPECT_STREQ("-", last_failure(e)->column[ASKED]);
	/* What is asked for does not matter then. */
	EXPECT_STREQ("not_mapped", WHY_NOT(e, .size = ~0ULL, .raw = true));
	EXPECT_STREQ("sizes", WHY_NOT(self->c, .size = ~0ULL, .raw = true));
}

/* Who waited for the reply is gone when it comes. */
TEST_F(failures, of_a_reply)
{
	struct client *s = self->s;
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);

	EXPECT_EQ(0, bc_send(d, .code = 0));
	bc_take(s);
	actor_kill(d->a);
	while (strcmp("none", log_thread(d)))
		sleep_ms(1);
	EXPECT_EQ(0, bc_reply(s, .code = 0));
	EXPECT_STREQ("caller_dead", why(s));
	EXPECT_STREQ("reply", last_failure(s)->column[KIND]);
	EXPECT_STREQ("-", last_failure(s)->column[HANDLE]);
}

TEST_F(failures, of_the_data)
{
	struct client *c = self->c;
	const binder_size_t down[] = { 24, 0 };
	struct parcel *p = parcel();

	EXPECT_STREQ("offsets_fault",
		     WHY_NOT(c, .data = stage_scratch(8), .size = 8,
			     .offsets = BAD, .offsets_size = 8, .raw = true));
	EXPECT_STREQ("offsets_size",
		     WHY_NOT(c, .data = "12345678", .size = 8,
			     .offsets = down, .offsets_size = 4));
	EXPECT_STREQ("offsets_size", WHY_NOT(c, .sg = 4, .use_sg = true));
	EXPECT_STREQ("data_fault",
		     WHY_NOT(c, .data = BAD, .size = 8, .raw = true));
	p_binder(p, 0x1000, 0, 0);
	p_binder(p, 0x1000, 0, 0);
	EXPECT_STREQ("order",
		     WHY_NOT(c, .data = p->data, .size = p->size,
			     .offsets = down, .offsets_size = sizeof(down)));
}

/* An object of a type at an offset, of data that long. */
static const char *why_not_object(struct client *c, u32 type, u64 value,
				  binder_size_t offset, size_t size)
{
	struct parcel *p = parcel();
	binder_size_t offsets[] = { offset };

	p_flat(p, type, 0, value, 0);
	return WHY_NOT(c, .data = p->data, .size = size, .offsets = offsets,
		       .offsets_size = sizeof(offsets));
}

TEST_F(failures, of_an_object)
{
	struct client *c = self->c;
	struct parcel *p = parcel();
	const binder_size_t zero = 0;

	EXPECT_STREQ("object_offset",
		     why_not_object(c, BINDER_TYPE_BINDER, 0x1000, 2, 24));
	EXPECT_STREQ("object_offset",
		     why_not_object(c, BINDER_TYPE_BINDER, 0x1000, 24, 24));
	EXPECT_STREQ("object_type", why_not_object(c, 0x12345678, 0, 0, 24));
	EXPECT_STREQ("object_cut",
		     why_not_object(c, BINDER_TYPE_BINDER, 0x1000, 0, 20));
	EXPECT_STREQ("object_fault",
		     WHY_NOT(c, .data = BAD, .size = 24, .offsets =
			     memcpy(stage_scratch(8), &zero, 8),
			     .offsets_size = 8, .raw = true));
	EXPECT_STREQ("object_handle",
		     why_not_object(c, BINDER_TYPE_HANDLE, 77, 0, 24));
	bc_give(c, self->s, 0x1000, 1, 0);
	p_binder(p, 0x1000, 2, 0);
	EXPECT_STREQ("object_cookie", WHY_NOT(c, .parcel = p));
}

TEST_F(failures, of_a_descriptor)
{
	struct client *c = self->c;
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	u32 handle = bc_pass(d, self->s, c, 0x1000, 0, 0);
	struct parcel *p = parcel();

	p_fd(p, 1, 0);
	EXPECT_STREQ("fd_unwanted", WHY_NOT(c, .handle = handle, .parcel = p));
	p_at(p, 0)->fd.fd = 9999;
	EXPECT_STREQ("fd_bad", WHY_NOT(c, .parcel = p));
	EXPECT_STREQ("-EBADF", last_failure(c)->column[ERRNO]);
}

TEST_F(failures, of_a_pointer)
{
	struct client *c = self->c;
	void *text = stage_scratch(64);
	struct parcel *p = parcel();

	p_binder(p, 0x1000, 0, 0);
	p_ptr(p, text, 64);
	EXPECT_STREQ("ptr_size", WHY_NOT(c, .parcel = p, .sg = 56));
	p_ptr_in(p, text, 8, 0, 0);
	EXPECT_STREQ("ptr_parent", WHY_NOT(c, .parcel = p, .sg = 128));
	p_at(p, 2)->ptr.parent = 1;
	p_at(p, 2)->ptr.parent_offset = 60;
	EXPECT_STREQ("ptr_place", WHY_NOT(c, .parcel = p, .sg = 128));
	p_at(p, 2)->ptr.parent_offset = 0;
	p_at(p, 2)->ptr.buffer = (u64)BAD;
	EXPECT_STREQ("ptr_fault", WHY_NOT(c, .parcel = p, .sg = 128));
}

TEST_F(failures, of_an_array_of_descriptors)
{
	struct client *c = self->c;
	struct parcel *p = parcel();
	size_t fda;

	p_binder(p, 0x1000, 0, 0);
	p_ptr(p, stage_scratch(64), 64);
	fda = p_fda(p, 2, 0, 0);
	EXPECT_STREQ("fda_parent", WHY_NOT(c, .parcel = p, .sg = 64));
	p_at(p, fda)->fda.parent = 1;
	p_at(p, fda)->fda.parent_offset = 60;
	EXPECT_STREQ("fda_place", WHY_NOT(c, .parcel = p, .sg = 64));
	p_at(p, fda)->fda.parent_offset = 0;
	p_at(p, 1)->ptr.buffer = (u64)BAD;
	EXPECT_STREQ("fda_fault", WHY_NOT(c, .parcel = p, .sg = 64));
}

TEST_HARNESS_MAIN
