// SPDX-License-Identifier: GPL-2.0
/*
 * Reports of failed transactions by generic netlink: docs/spec/70-binderfs.md,
 * section 9.
 *
 * The listener L is the test itself. By the time a client's ioctl returns, its
 * report has come, so that "no report" needs no time to tell.
 */
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "conformance/conf.h"
#include "genl.h"
#include "parcel.h"
#include "refs.h"
#include "text.h"
#include "traces.h"

#define FAMILY	"binder"
#define GROUP	"report"
#define REPORT	1	/* the event */

enum {
	A_ERROR = 1, A_CONTEXT, A_FROM_PID, A_FROM_TID, A_TO_PID, A_TO_TID,
	A_IS_REPLY, A_FLAGS, A_CODE, A_DATA_SIZE, A_END,
};

FIXTURE(reports) {
	struct client *s;
	struct client *c;
	int l;
	struct genl_family_info info;
};

/* The clients come first: what their setup fails in is not of interest. */
FIXTURE_SETUP(reports)
{
	long ret;

	self->l = genl_open();
	ret = genl_family(self->l, FAMILY, GROUP, &self->info);
	if (ret == -ENOENT && on_stock())
		SKIP(return, "there are no reports before 6.18");
	ASSERT_EQ(0, ret);
	self->s = bc_server("S", BC_MAP_SIZE);
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	ASSERT_EQ(0, genl_join(self->l, self->info.group));
}

FIXTURE_TEARDOWN(reports)
{
	actors_end();
}

static void put_tasks(struct text *t, const char *name,
		      const struct genl_msg *m, unsigned int pid,
		      unsigned int tid)
{
	if (!genl_has(m, pid) && !genl_has(m, tid))
		return;
	text_put(t, " %s ", name);
	if (genl_has(m, pid))
		text_put_task(t, genl_u32(m, pid));
	text_put(t, ":");
	if (genl_has(m, tid))
		text_put_task(t, genl_u32(m, tid));
}

static const char *report_text(const struct genl_msg *m)
{
	struct text *t = text_new();
	unsigned int i;

	text_put(t, "%s %s", br_name(genl_u32(m, A_ERROR)),
		 genl_string(m, A_CONTEXT));
	put_tasks(t, "from", m, A_FROM_PID, A_FROM_TID);
	put_tasks(t, "to", m, A_TO_PID, A_TO_TID);
	if (genl_has(m, A_IS_REPLY))
		text_put(t, " reply");
	text_put(t, " flags %x code %u size %u", genl_u32(m, A_FLAGS),
		 genl_u32(m, A_CODE), genl_u32(m, A_DATA_SIZE));
	for (i = A_END; i < GENL_ATTRS; i++) {
		if (genl_has(m, i))
			text_put(t, " and attribute %u", i);
	}
	return text_end(t);
}

/*
 * The next report as text: "FR binder from C:C to S: flags 0 code 7 size 5" has
 * no to_tid. "none" if there is none, or the name of an errno.
 */
static const char *report_at(int l, const struct genl_family_info *info)
{
	struct genl_msg m;
	long ret = genl_receive(l, 0, &m);

	if (ret)
		return ret == -EAGAIN ? "none" : errno_name(ret);
	if (m.type != info->id || m.pid || m.cmd != REPORT || m.version != 1)
		test_abort("not a report: type %u from %u, command %u, version %u",
			   m.type, m.pid, m.cmd, m.version);
	return report_text(&m);
}

#define report()	report_at(self->l, &self->info)

TEST_F(reports, family)
{
	EXPECT_EQ(1, self->info.version);
	EXPECT_FALSE(self->info.has_ops);
	EXPECT_EQ(1, self->info.groups);
	EXPECT_NE(0, self->info.group);
}

/* There is nothing to ask for. */
TEST_F(reports, no_operation)
{
	struct {
		struct nlmsghdr nl;
		struct genlmsghdr genl;
	} r = {
		.nl = {
			.nlmsg_len = sizeof(r),
			.nlmsg_type = self->info.id,
			.nlmsg_flags = NLM_F_REQUEST,
		},
		.genl = { .cmd = REPORT, .version = 1 },
	};
	struct genl_msg m;

	ASSERT_EQ(sizeof(r), send(self->l, &r, sizeof(r), 0));
	EXPECT_EQ(-EOPNOTSUPP, genl_receive(self->l, ACTOR_PATIENCE_MS, &m));
}

/* No handle of that number, so nobody knows to whom. */
TEST_F(reports, call)
{
	EXPECT_STREQ("NOOP FR, FR EINVAL",
		     bc_outcome(self->c, .handle = 9, .code = 7, .data = "12345",
				.size = 5, .flags = TF_ACCEPT_FDS));
	EXPECT_STREQ("FR binder from C:C flags 10 code 7 size 5", report());
	EXPECT_STREQ("none", report());
}

TEST_F(reports, call_with_target)
{
	EXPECT_STREQ("NOOP FR, FR EFAULT",
		     bc_outcome(self->c, .code = 0xfffffffe, .data = BAD_POINTER,
				.size = 10, .raw = true));
	EXPECT_STREQ("FR binder from C:C to S: flags 0 code 4294967294 size 10",
		     report());
}

/* A call back into the chain has to go to the thread that waits. */
TEST_F(reports, call_with_thread)
{
	struct client *s = self->s, *c = self->c;
	struct client *t = bc_thread(c, "T");
	u32 handle = bc_give(c, s, 0x1000, 1, 0);

	EXPECT_EQ(0, bc_send(t));
	bc_take_and_free(s);
	EXPECT_STREQ("NOOP FR, FR EFAULT",
		     bc_outcome(s, .handle = handle, .data = BAD_POINTER,
				.size = 10, .raw = true));
	EXPECT_STREQ("FR binder from S:S to C:T flags 0 code 0 size 10",
		     report());
}

TEST_F(reports, sender_is_a_thread)
{
	struct client *t = bc_thread(self->c, "T");

	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(t, .handle = 9));
	EXPECT_STREQ("FR binder from C:T flags 0 code 0 size 0", report());
}

TEST_F(reports, oneway)
{
	EXPECT_STREQ("NOOP FR, FR ENOSPC",
		     bc_outcome(self->c, .flags = TF_ONE_WAY, .code = 3,
				.data = BAD_POINTER, .size = 4 * BC_MAP_SIZE,
				.raw = true));
	EXPECT_STREQ("FR binder from C:C to S: flags 1 code 3 size 4194304",
		     report());
}

/* More than the attribute can tell. */
TEST_F(reports, size_of_64_bits)
{
	EXPECT_STREQ("NOOP FR, FR ENOSPC",
		     bc_outcome(self->c, .data = BAD_POINTER,
				.size = (1ull << 32) + 8, .raw = true));
	EXPECT_STREQ("FR binder from C:C to S: flags 0 code 0 size 4294967295",
		     report());
}

TEST_F(reports, dead_target)
{
	struct client *s = self->s, *c = self->c;
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	u32 handle = bc_give(d, s, 0x1000, 1, 0);

	actor_kill(d->a);
	do {
		EXPECT_EQ(0, bc_oneway(s, .handle = handle, .code = 8));
		sleep_ms(1);
	} while (strcmp(bc_read(s), "NOOP DR"));
	EXPECT_STREQ("DR binder from S:S flags 1 code 8 size 0", report());
	EXPECT_STREQ("none", report());
	EXPECT_TRUE(bc_works(s, c));
}

/* Nobody manages that device. */
TEST_F(reports, other_context)
{
	struct client *c = bc_start("D", BC_DEVICE_2, BC_MAP_SIZE);

	EXPECT_STREQ("NOOP DR, DR EINVAL", bc_outcome(c, .code = 2));
	EXPECT_STREQ("DR hwbinder from D:D flags 0 code 2 size 0", report());
}

TEST_F(reports, reply)
{
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take_and_free(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .code = 6, .flags = TF_STATUS_CODE,
			      .data = BAD_POINTER, .size = 4, .raw = true));
	EXPECT_STREQ("FR binder from S:S to C:C reply flags 8 code 6 size 4",
		     report());
	/* The call of C is the same failure: one report. */
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
	EXPECT_STREQ("none", report());
}

TEST_F(reports, reply_without_call)
{
	EXPECT_EQ(0, bc_reply(self->s, .code = 6));
	EXPECT_STREQ("NOOP FR", bc_read(self->s));
	EXPECT_STREQ("FR binder from S:S reply flags 0 code 6 size 0",
		     report());
}

TEST_F(reports, reply_to_the_dead)
{
	struct client *t = bc_thread(self->c, "T");

	EXPECT_EQ(0, bc_send(t, .code = 1));
	bc_take_and_free(self->s);
	EXPECT_EQ(0, bc_ioctl(t, BINDER_THREAD_EXIT, NULL));
	EXPECT_EQ(0, bc_reply(self->s, .code = 6));
	EXPECT_STREQ("DR binder from S:S reply flags 0 code 6 size 0",
		     report());
}

static void set_frozen(struct client *by, struct client *target, u32 enable)
{
	struct binder_freeze_info *info = stage_scratch(sizeof(*info));
	long ret;

	*info = (struct binder_freeze_info) {
		.pid = target->a->pid,
		.enable = enable,
	};
	ret = bc_ioctl(by, BINDER_FREEZE, info);
	if (ret)
		test_abort("BINDER_FREEZE: %s", errno_name(ret));
}

TEST_F(reports, frozen_call)
{
	set_frozen(self->c, self->s, 1);
	EXPECT_STREQ("NOOP ZR, ZR 0", bc_outcome(self->c, .code = 4));
	EXPECT_STREQ("ZR binder from C:C to S: flags 0 code 4 size 0", report());
}

#define PENDING	"PENDING_FROZEN binder from C:C to S: flags "

/* Sent, but not received for now. */
TEST_F(reports, frozen_oneway)
{
	set_frozen(self->c, self->s, 1);
	EXPECT_EQ(0, bc_oneway(self->c, .code = 5, .data = "123", .size = 3));
	EXPECT_STREQ(PENDING "1 code 5 size 3", report());
	EXPECT_STREQ("NOOP PENDING_FROZEN", bc_read(self->c));
	EXPECT_STREQ("none", report());
	set_frozen(self->c, self->s, 0);
	EXPECT_EQ(5, bc_take(self->s).code);
	EXPECT_STREQ("none", report());
}

/* The second is at once in the place of the first, which is gone. */
TEST_F(reports, frozen_superseded)
{
	const u32 flags = TF_ONE_WAY | TF_UPDATE_TXN;
	int i;

	set_frozen(self->c, self->s, 1);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, bc_send(self->c, .code = 5, .flags = flags));
		EXPECT_STREQ("NOOP PENDING_FROZEN",
			     bc_read(self->c));
		EXPECT_STREQ(PENDING "41 code 5 size 0", report());
	}
	EXPECT_STREQ("none", report());
	set_frozen(self->c, self->s, 0);
}

/* A failed attempt to a frozen process has failed and not been sent. */
TEST_F(reports, frozen_failed)
{
	set_frozen(self->c, self->s, 1);
	EXPECT_STREQ("NOOP FR, FR EFAULT",
		     bc_outcome(self->c, .flags = TF_ONE_WAY, .size = 10,
				.data = BAD_POINTER, .raw = true));
	EXPECT_STREQ("FR binder from C:C to S: flags 1 code 0 size 10",
		     report());
	EXPECT_STREQ("none", report());
}

/* What succeeds, and what fails but is no attempt to send. */
TEST_F(reports, nothing)
{
	struct client *s = self->s, *c = self->c;
	u32 handle;

	EXPECT_TRUE(bc_works(s, c));
	handle = bc_give(c, s, 0x1000, 1, 0);
	EXPECT_EQ(0, bc_oneway(s, .handle = handle));
	bc_take_and_free(c);
	EXPECT_EQ(-EINVAL, bc_cmd(c, _IO('c', 99)));
	EXPECT_EQ(0, bc_ref(c, BC_ACQUIRE, 9));
	EXPECT_EQ(0, bc_free(c, 0x12345));
	EXPECT_EQ(-EFAULT, bc_ioctl(c, BINDER_WRITE_READ, BAD_POINTER));
	EXPECT_STREQ("none", report());
}

/* Each at the end of its command, so in their order. */
TEST_F(reports, order)
{
	char want[80];
	u32 i;

	for (i = 0; i < 10; i++)
		EXPECT_STREQ("NOOP FR, FR EINVAL",
			     bc_outcome(self->c, .handle = 9, .code = i));
	for (i = 0; i < 10; i++) {
		snprintf(want, sizeof(want),
			 "FR binder from C:C flags 0 code %u size 0", i);
		EXPECT_STREQ(want, report());
	}
	EXPECT_STREQ("none", report());
}

TEST_F(reports, two_listeners)
{
	int other = genl_open();

	ASSERT_EQ(0, genl_join(other, self->info.group));
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->c, .handle = 9));
	EXPECT_STREQ("FR binder from C:C flags 0 code 0 size 0", report());
	EXPECT_STREQ("FR binder from C:C flags 0 code 0 size 0",
		     report_at(other, &self->info));
	close(other);
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->c, .handle = 9));
	EXPECT_STREQ("FR binder from C:C flags 0 code 0 size 0", report());
}

static long join(struct actor *a, void *arg)
{
	u32 *group = arg;
	int fd = genl_open();
	long ret = genl_join(fd, *group);

	return ret ?: fd;
}

static long receive(struct actor *a, void *arg)
{
	struct genl_msg m;

	return genl_receive(*(int *)arg, 0, &m);
}

/* Who is not root may listen, too. */
TEST_F(reports, anybody)
{
	struct actor *a = actor_fork("A");
	u32 *group = stage_scratch(sizeof(*group));
	int *fd = stage_scratch(sizeof(*fd));

	*group = self->info.group;
	ASSERT_EQ(0, actor_sys(a, setresuid, 1000, 1000, 1000));
	*fd = actor_call(a, join, group);
	ASSERT_LE(0, *fd);
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->c, .handle = 9));
	EXPECT_EQ(0, actor_call(a, receive, fd));
	EXPECT_EQ(-EAGAIN, actor_call(a, receive, fd));
}

/* The group has a number everywhere, but the family is of one namespace. */
TEST_F(reports, other_namespace)
{
	struct genl_family_info info;
	int there;

	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	there = genl_open();
	EXPECT_EQ(-ENOENT, genl_family(there, FAMILY, GROUP, &info));
	EXPECT_EQ(0, genl_join(there, self->info.group));
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->c, .handle = 9));
	EXPECT_STREQ("none", report_at(there, &self->info));
	EXPECT_STREQ("FR binder from C:C flags 0 code 0 size 0", report());
}

/* Where a sender is does not matter. */
TEST_F(reports, sender_in_other_namespace)
{
	ASSERT_EQ(0, bc_sys(self->c, unshare, CLONE_NEWNET));
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(self->c, .handle = 9));
	EXPECT_STREQ("FR binder from C:C flags 0 code 0 size 0", report());
}

#define MANY	200

/* A listener that does not read loses reports; nobody else notices. */
TEST_F(reports, slow_listener)
{
	const char *text;
	unsigned int n = 0;
	int i;

	genl_room(self->l, 1);
	for (i = 0; i < MANY; i++) {
		EXPECT_STREQ("NOOP FR, FR EINVAL",
			     bc_outcome(self->c, .handle = 9, .code = 1));
	}
	EXPECT_TRUE(bc_works(self->s, self->c));
	/* That it has lost some is told once, before those that it has. */
	EXPECT_STREQ("ENOBUFS", report());
	while (strcmp(text = report(), "none")) {
		EXPECT_STREQ("FR binder from C:C flags 0 code 1 size 0", text);
		n++;
	}
	EXPECT_LT(0, n);
	EXPECT_GT(MANY / 2, n);
	EXPECT_STREQ("NOOP FR, FR EINVAL",
		     bc_outcome(self->c, .handle = 9, .code = 2));
	EXPECT_STREQ("FR binder from C:C flags 0 code 2 size 0", report());
}

#define FAIL	"/sys/kernel/debug/"

static bool can_fail(void)
{
	system_init();
	if (access("/proc/thread-self/fail-nth", W_OK))
		return false;
	write_file(FAIL "failslab/verbose", "0");
	write_file(FAIL "failslab/ignore-gfp-wait", "N");
	write_file(FAIL "fail_page_alloc/verbose", "0");
	write_file(FAIL "fail_page_alloc/ignore-gfp-wait", "N");
	write_file(FAIL "fail_usercopy/verbose", "0");
	return true;
}

/**
 * struct failing - a command of which the nth allocation or copy fails
 * @c: who writes it
 * @n: which, from 1 on
 * @ret: of the ioctl
 * @failed: it came to that
 */
struct failing {
	struct client *c;
	unsigned int n;
	long ret;
	bool failed;
};

/* What is written may be what fails: then once more. */
static void set_fail_nth(int fd, unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fd, text, len, 0) != len && pwrite(fd, text, len, 0) != len)
		test_abort("fail-nth: %m");
}

static long write_failing(struct actor *a, void *arg)
{
	struct failing *f = arg;
	int fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	char text[16] = "";

	if (fd < 0)
		return -errno;
	set_fail_nth(fd, f->n);
	f->ret = ioctl(f->c->f->fd, BINDER_WRITE_READ, &f->c->bwr) ? -errno : 0;
	f->failed = pread(fd, text, sizeof(text) - 1, 0) > 0 && *text == '0';
	set_fail_nth(fd, 0);
	close(fd);
	return 0;
}

static struct failing send_failing(struct client *c, unsigned int n,
				   const struct msg *m)
{
	struct failing *f = stage_scratch(sizeof(*f));
	struct wbuf *w = wb(c);
	long ret;

	w_msg(w, BC_TRANSACTION, m);
	c->bwr = (struct binder_write_read) {
		.write_buffer = (binder_uintptr_t)w->p,
		.write_size = w->len,
	};
	*f = (struct failing) { .c = c, .n = n };
	ret = actor_call(c->a, write_failing, f);
	if (ret)
		test_abort("fail-nth: %s", errno_name(ret));
	return *f;
}

#define MAX_FAILURES	100

/* A report for which there is no memory: the attempt fails as it would. */
TEST_F(reports, no_memory)
{
	struct failing f = { .failed = true };
	unsigned int n, unreported = 0;
	const char *text;

	if (!can_fail())
		SKIP(return, "this kernel has no fault injection");
	for (n = 1; f.failed && n < MAX_FAILURES; n++) {
		f = send_failing(self->c, n, &(struct msg) { .handle = 9 });
		text = report();
		/* It may be the ioctl that fails, before or after the attempt. */
		EXPECT_TRUE(!f.ret || f.ret == -EFAULT);
		if (!f.ret)
			EXPECT_STREQ("FR EINVAL", bc_ee(self->c));
		EXPECT_STREQ(f.ret && !strcmp(text, "none") ? "EAGAIN" :
							      "NOOP FR",
			     bc_read(self->c));
		unreported += !f.ret && !strcmp(text, "none");
	}
	EXPECT_FALSE(f.failed);
	EXPECT_STREQ("FR binder from C:C flags 0 code 0 size 0", text);
	EXPECT_LE(2, unreported);
}

/* The same for a message that is on its way: it stays so. */
TEST_F(reports, frozen_no_memory)
{
	const struct msg m = { .flags = TF_ONE_WAY, .code = 5 };
	unsigned int n, unreported = 0, sent = 0, received;
	struct failing f = { .failed = true };
	const char *text;

	if (!can_fail())
		SKIP(return, "this kernel has no fault injection");
	set_frozen(self->c, self->s, 1);
	for (n = 1; f.failed && n < MAX_FAILURES; n++) {
		f = send_failing(self->c, n, &m);
		text = report();
		if (strcmp("NOOP PENDING_FROZEN", bc_read(self->c))) {
			EXPECT_STREQ(f.ret ? "EAGAIN" : "NOOP FR",
				     self->c->read_text);
			continue;
		}
		sent++;
		unreported += !strcmp(text, "none");
	}
	EXPECT_FALSE(f.failed);
	EXPECT_STREQ(PENDING "1 code 5 size 0", text);
	EXPECT_LE(2, unreported);
	set_frozen(self->c, self->s, 0);
	for (received = 0; received < sent; received++)
		bc_take_and_free(self->s);
	EXPECT_STREQ("EAGAIN", bc_read(self->s));
}

#define TRACED(error, ends, rest) \
	"C binder_netlink_report: context=binder error=" error \
	" from C:C to " ends " is_reply=0 " rest "\n"

/* The event comes with or without a listener. */
TEST_F(reports, trace)
{
	close(self->l);
	trace_begin("binder_netlink_report");
	bc_outcome(self->c, .handle = 9, .code = 7, .data = "12345", .size = 5);
	set_frozen(self->c, self->s, 1);
	bc_outcome(self->c, .code = 8, .flags = TF_ONE_WAY);
	EXPECT_STREQ(TRACED("BR_FAILED_REPLY", "0:0",
			    "flags=0x0 code=0x7 data_size=5")
		     TRACED("BR_TRANSACTION_PENDING_FROZEN", "S:0",
			    "flags=0x1 code=0x8 data_size=0"), trace_end());
}

TEST_HARNESS_MAIN
