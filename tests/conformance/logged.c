// SPDX-License-Identifier: GPL-2.0
/*
 * What only the driver's log files show, of 00 ABI, 10 Files and ioctls,
 * 30 Returns and 80 Memory.
 */
#include <stdio.h>

#include "conf.h"
#include "logs.h"
#include "refs.h"

/* Ids and return codes of the last attempts of a process, oldest first. */
struct attempt {
	u32 id;
	u32 ret;
};

static size_t attempts(pid_t from, struct attempt *v, size_t max)
{
	char line[256], *ret;
	struct attempt t;
	size_t n = 0;
	FILE *f;
	int pid;

	system_init();
	f = fopen("/sys/kernel/debug/binder/transaction_log", "re");
	if (!f)
		test_abort("there is no transaction_log: %m");
	while (fgets(line, sizeof(line), f)) {
		ret = strstr(line, " ret ");
		if (n == max || !ret ||
		    sscanf(line, "%u: %*s from %d:", &t.id, &pid) != 2 ||
		    sscanf(ret, " ret %u/", &t.ret) != 1)
			test_abort("the transaction_log has a line: %s", line);
		if (pid == from)
			v[n++] = t;
	}
	fclose(f);
	return n;
}

TEST_F(conf, A_006)
{
	struct client *c = self->c;
	struct attempt seen[32];
	u32 id[4];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(id); i++) {
		/* The last but one fails. */
		EXPECT_EQ(0, bc_oneway(c, .handle = i == 2 ? 5 : 0));
		bc_ee(c);
		id[i] = c->ee.id;
		bc_read(c);
		EXPECT_GT(id[i], i ? id[i - 1] : 0);
	}
	ASSERT_EQ(ARRAY_SIZE(id),
		  attempts(c->a->pid, seen, ARRAY_SIZE(seen)));
	for (i = 0; i < ARRAY_SIZE(id); i++) {
		EXPECT_EQ(id[i], seen[i].id);
		EXPECT_EQ(i == 2 ? BR_FAILED_REPLY : 0, seen[i].ret);
	}
}

/* The thread of @a in the process that has opened the file of @b. */
static struct client *thread_record(struct client *a, struct client *b)
{
	struct client *c = stage_scratch(sizeof(*c));

	*c = *b;
	c->a = stage_scratch(sizeof(*c->a));
	*c->a = *b->a;
	c->a->tid = a->a->tid;
	return c;
}

/* A is S, whose node accepts descriptors; the one of B, that is C, is its file. */
TEST_F(conf, F_126)
{
	struct client *a = self->s, *b = self->c, *via = stage_keep(sizeof(*via));
	struct binder_transaction_data t;
	struct parcel *p = parcel();

	p_fd(p, b->f->fd, 0);
	EXPECT_EQ(0, bc_oneway(b, .parcel = p));
	t = bc_take(a);
	*via = *a;
	via->f = stage_keep(sizeof(*via->f));
	via->f->fd = bc_object(a, &t, 0)->fd.fd;

	EXPECT_STREQ("none", log_thread(thread_record(a, b)));
	EXPECT_EQ(8, bc_ready(via));
	EXPECT_STREQ("l 00", log_thread(thread_record(a, b)));
	/* What A sends that way comes from B. */
	EXPECT_EQ(0, bc_free(a, t.data.ptr.buffer));
	EXPECT_EQ(0, bc_send(via, .code = 126));
	EXPECT_STREQ("NOOP TRANSACTION", bc_read(a));
	EXPECT_EQ(126, bc_txn(a)->code);
	EXPECT_EQ(b->a->pid, bc_txn(a)->sender_pid);
}

TEST_F(solo, F_130)
{
	ASSERT_EQ(0, bc_u32_ioctl(self->c, BINDER_SET_MAX_THREADS, 0xffffffff));
	EXPECT_STREQ("0+0/-1", log_stat(self->c, "requested threads"));
}

/* A file of its own for C, whose counters begin at none. */
TEST_F(conf, R_046)
{
	struct client *c = self->c;

	EXPECT_TRUE(bc_works(self->s, c));
	EXPECT_STREQ("1", log_stat(c, "BR_TRANSACTION_COMPLETE"));
	EXPECT_STREQ("1", log_stat(c, "BR_REPLY"));
	EXPECT_STREQ("none", log_stat(c, "BR_NOOP"));
	EXPECT_STREQ("none", log_stat(self->s, "BR_NOOP"));
}

TEST_F(solo, M_028)
{
	u64 limit = now_ms() + ACTOR_PATIENCE_MS;
	struct client *c = self->c;

	EXPECT_EQ(0, bc_close(c));
	/* Were it to go, it would go soon. */
	sleep_ms(100);
	EXPECT_STREQ("1", log_stat(c, "threads"));
	EXPECT_EQ(0, bc_unmap(c));
	while (strcmp(log_stat(c, "threads"), "none") && now_ms() < limit)
		sleep_ms(1);
	EXPECT_STREQ("none", log_stat(c, "threads"));
}

TEST_HARNESS_MAIN
