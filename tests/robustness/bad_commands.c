// SPDX-License-Identifier: GPL-2.0
/*
 * Bad commands: each with arguments that are not right, in threads that are
 * idle, wait for a reply or serve a call. Each has the outcome the interface
 * says, which is mostly none at all, and changes nothing: see world.h.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

#include "kselftest_harness.h"

#include "world.h"

#define LOW32		0xffffffffULL
#define DEATH		0xdea7ULL	/* cookies of notifications */
#define FREEZE		0xf4ee2eULL

/* What C is doing meanwhile. */
enum doing { IDLE, LOOPING, CALLING, SERVING };

FIXTURE(bad_commands) {
	struct world w;
	char at_first[sizeof(((struct world *)0)->before)];
};

FIXTURE_VARIANT(bad_commands) {
	enum doing doing;
};

FIXTURE_VARIANT_ADD(bad_commands, idle) { .doing = IDLE };
FIXTURE_VARIANT_ADD(bad_commands, looping) { .doing = LOOPING };
FIXTURE_VARIANT_ADD(bad_commands, calling) { .doing = CALLING };
FIXTURE_VARIANT_ADD(bad_commands, serving) { .doing = SERVING };

/* The completion of the call would come with the first error; it comes now. */
static void begin_call(struct world *w)
{
	const char *read;

	bc_send(w->c, .code = 1);
	bc_take_and_free(w->s);
	read = bc_outcome(w->c, .handle = 99, .flags = TF_ONE_WAY);
	if (strcmp(read, "NOOP TC FR, FR EINVAL"))
		test_abort("C calls and reads %s", read);
}

FIXTURE_SETUP(bad_commands)
{
	struct world *w = &self->w;

	world_begin(w);
	memcpy(self->at_first, w->before, sizeof(w->before));
	if (variant->doing == LOOPING)
		bc_cmd(w->c, BC_ENTER_LOOPER);
	if (variant->doing == CALLING)
		begin_call(w);
	if (variant->doing == SERVING) {
		ASSERT_EQ(0, bc_send(w->s, .handle = w->s_own));
		bc_take_and_free(w->c);
	}
	snprintf(w->before, sizeof(w->before), "%s", world_state(w));
}

/* What C was doing comes to its end as if nothing had been. */
FIXTURE_TEARDOWN(bad_commands)
{
	struct world *w = &self->w;
	struct client *from = variant->doing == CALLING ? w->s : w->c;
	struct client *to = variant->doing == CALLING ? w->c : w->s;

	EXPECT_STREQ("", world_changes(w));
	if (variant->doing == CALLING || variant->doing == SERVING) {
		EXPECT_EQ(0, bc_reply(from, .data = "answer", .size = 6));
		EXPECT_STREQ("NOOP TC", bc_read(from));
		EXPECT_STREQ(variant->doing == CALLING ? "NOOP REPLY" :
			     "NOOP TC REPLY", bc_read(to));
		EXPECT_TRUE(bc_same(to, bc_txn(to)->data.ptr.buffer, "answer",
				    6));
		bc_free(to, bc_txn(to)->data.ptr.buffer);
	}
	memcpy(w->before, self->at_first, sizeof(w->before));
	EXPECT_STREQ("", world_end(w));
	actors_end();
}

/* Commands and their payload, up to 16 bytes. */
struct command {
	u32 code;
	u64 a, b;
	const char *what;
};

static void w_command(struct wbuf *w, const struct command *c)
{
	switch (_IOC_SIZE(c->code)) {
	case 0:
		return w_u32(w, c->code);
	case sizeof(u32):
		return w_ref(w, c->code, c->a);
	case sizeof(u64):
		return w_cookie_cmd(w, c->code, c->a);
	case sizeof(struct binder_handle_cookie):
		return w_handle_cmd(w, c->code, c->a, c->b);
	case sizeof(struct binder_ptr_cookie):
		return w_node_cmd(w, c->code, c->a, c->b);
	default:
		test_abort("%s has a payload of %u bytes", c->what,
			   _IOC_SIZE(c->code));
	}
}

#define BAD(code, ...) \
	{ BC_##code, __VA_ARGS__, .what = #code " " #__VA_ARGS__ }

/*
 * What has no effect. In the world, C has handles 1 to 3, of which 2 is weak;
 * its nodes are OWN and WEAK, for which nothing is left to be acknowledged.
 */
static const struct command silent[] = {
	BAD(INCREFS, 4),
	BAD(INCREFS, 1 << 30),
	BAD(INCREFS, LOW32),
	BAD(ACQUIRE, 2),
	BAD(ACQUIRE, 4),
	BAD(ACQUIRE, 1U << 31),
	BAD(ACQUIRE, LOW32),
	BAD(RELEASE, 0),
	BAD(RELEASE, 2),
	BAD(RELEASE, 4),
	BAD(RELEASE, 1U << 31),
	BAD(RELEASE, LOW32),
	BAD(DECREFS, 0),
	BAD(DECREFS, 1),
	BAD(DECREFS, 3),
	BAD(DECREFS, 4),
	BAD(DECREFS, LOW32),
	BAD(INCREFS_DONE, OWN, COOKIE_OF(OWN)),
	BAD(INCREFS_DONE, WEAK, COOKIE_OF(WEAK)),
	BAD(INCREFS_DONE, OWN, COOKIE_OF(OWN) + 1),
	BAD(INCREFS_DONE, OWN, COOKIE_OF(OWN) | 1ULL << 32),
	BAD(INCREFS_DONE, OWN + 1, COOKIE_OF(OWN)),
	BAD(INCREFS_DONE, THEIRS, COOKIE_OF(THEIRS)),
	BAD(INCREFS_DONE, MINE, COOKIE_OF(MINE)),
	BAD(INCREFS_DONE, 0, 0),
	BAD(INCREFS_DONE, ~0ULL, ~0ULL),
	BAD(ACQUIRE_DONE, OWN, COOKIE_OF(OWN)),
	BAD(ACQUIRE_DONE, WEAK, COOKIE_OF(WEAK)),
	BAD(ACQUIRE_DONE, OWN, 0),
	BAD(ACQUIRE_DONE, OWN, ~0ULL),
	BAD(ACQUIRE_DONE, THEIRS, COOKIE_OF(THEIRS)),
	BAD(ACQUIRE_DONE, 0, 0),
	BAD(ACQUIRE_DONE, 1, 0),
	BAD(REQUEST_DEATH_NOTIFICATION, 0, DEATH),
	BAD(REQUEST_DEATH_NOTIFICATION, 4, DEATH),
	BAD(REQUEST_DEATH_NOTIFICATION, LOW32, DEATH),
	BAD(CLEAR_DEATH_NOTIFICATION, 0, DEATH),
	BAD(CLEAR_DEATH_NOTIFICATION, 1, DEATH),
	BAD(CLEAR_DEATH_NOTIFICATION, 1, 0),
	BAD(CLEAR_DEATH_NOTIFICATION, 2, 0),
	BAD(CLEAR_DEATH_NOTIFICATION, 4, DEATH),
	BAD(CLEAR_DEATH_NOTIFICATION, LOW32, ~0ULL),
	BAD(DEAD_BINDER_DONE, 0),
	BAD(DEAD_BINDER_DONE, DEATH),
	BAD(DEAD_BINDER_DONE, ~0ULL),
	BAD(FREE_BUFFER, 0),
	BAD(FREE_BUFFER, 8),
	BAD(FREE_BUFFER, 1ULL << 47),
	BAD(FREE_BUFFER, 0xffff800000000000),
	BAD(FREE_BUFFER, ~0ULL),
};

/* What makes the ioctl fail. */
static const struct command fatal[] = {
	BAD(ACQUIRE_RESULT, 0),
	BAD(ACQUIRE_RESULT, LOW32),
	BAD(ATTEMPT_ACQUIRE, 0),
	BAD(ATTEMPT_ACQUIRE, 1),
	BAD(REQUEST_FREEZE_NOTIFICATION, 0, FREEZE),
	BAD(REQUEST_FREEZE_NOTIFICATION, 4, FREEZE),
	BAD(REQUEST_FREEZE_NOTIFICATION, LOW32, FREEZE),
	BAD(CLEAR_FREEZE_NOTIFICATION, 0, FREEZE),
	BAD(CLEAR_FREEZE_NOTIFICATION, 1, FREEZE),
	BAD(CLEAR_FREEZE_NOTIFICATION, 2, 0),
	BAD(CLEAR_FREEZE_NOTIFICATION, 4, FREEZE),
	BAD(FREEZE_NOTIFICATION_DONE, 0),
	BAD(FREEZE_NOTIFICATION_DONE, FREEZE),
	BAD(FREEZE_NOTIFICATION_DONE, ~0ULL),
};

static void expect_silent(struct __test_metadata *_metadata, struct client *c,
			  const struct command *command)
{
	struct wbuf *w = wb(c);

	w_command(w, command);
	ASSERT_EQ(0, bc_write(c, w)) {
		TH_LOG("%s", command->what);
	}
	ASSERT_EQ(w->len, c->bwr.write_consumed);
}

TEST_F(bad_commands, without_effect)
{
	struct world *w = &self->w;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(silent); i++) {
		expect_silent(_metadata, w->c, &silent[i]);
		ASSERT_STREQ("", world_changes(w)) {
			TH_LOG("%s", silent[i].what);
		}
	}
}

/* All of them in one buffer, over and over, and something good behind them. */
TEST_F(bad_commands, without_effect_at_once)
{
	struct client *c = self->w.c;
	struct wbuf *w = wb(c);
	size_t i, j;

	for (i = 0; i < 50; i++)
		for (j = 0; j < ARRAY_SIZE(silent); j++)
			w_command(w, &silent[(i * 7 + j) % ARRAY_SIZE(silent)]);
	w_ref(w, BC_INCREFS, self->w.c_theirs);
	w_ref(w, BC_DECREFS, self->w.c_theirs);
	EXPECT_EQ(0, bc_write(c, w));
	EXPECT_EQ(w->len, c->bwr.write_consumed);
}

/* What comes before a bad command is executed, and what comes behind it not. */
TEST_F(bad_commands, in_the_middle)
{
	struct client *c = self->w.c;
	struct wbuf *w;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fatal); i++) {
		w = wb(c);
		w_ref(w, BC_INCREFS, self->w.c_theirs);
		w_command(w, &fatal[i]);
		w_ref(w, BC_RELEASE, self->w.c_theirs);
		ASSERT_EQ(-EINVAL, bc_write(c, w)) {
			TH_LOG("%s", fatal[i].what);
		}
		ASSERT_EQ(8, c->bwr.write_consumed) {
			TH_LOG("%s", fatal[i].what);
		}
		ASSERT_EQ(0, bc_ref(c, BC_DECREFS, self->w.c_theirs));
		ASSERT_STREQ("", world_changes(&self->w)) {
			TH_LOG("%s", fatal[i].what);
		}
	}
}

/* A context manager has no handle to itself, and gets none. */
TEST_F(bad_commands, handle_of_oneself)
{
	struct client *s = self->w.s;

	EXPECT_EQ(-EINVAL, bc_ref(s, BC_INCREFS, 0));
	EXPECT_EQ(0, s->bwr.write_consumed);
	EXPECT_EQ(-EINVAL, bc_ref(s, BC_ACQUIRE, 0));
	EXPECT_EQ(0, s->bwr.write_consumed);
	EXPECT_EQ(0, bc_ref(s, BC_RELEASE, 0));
	EXPECT_EQ(0, bc_ref(s, BC_DECREFS, 0));
}

/* Each command, cut to each length, at the end of what can be read. */
static const u32 all[] = {
	BC_TRANSACTION, BC_REPLY, BC_ACQUIRE_RESULT, BC_FREE_BUFFER, BC_INCREFS,
	BC_ACQUIRE, BC_RELEASE, BC_DECREFS, BC_INCREFS_DONE, BC_ACQUIRE_DONE,
	BC_ATTEMPT_ACQUIRE, BC_REGISTER_LOOPER, BC_ENTER_LOOPER, BC_EXIT_LOOPER,
	BC_REQUEST_DEATH_NOTIFICATION, BC_CLEAR_DEATH_NOTIFICATION,
	BC_DEAD_BINDER_DONE, BC_TRANSACTION_SG, BC_REPLY_SG,
	BC_REQUEST_FREEZE_NOTIFICATION, BC_CLEAR_FREEZE_NOTIFICATION,
	BC_FREEZE_NOTIFICATION_DONE
};

/* The payload would do something: it is that of handle 1, or of OWN. */
static void fill_payload(u8 *command, u32 code)
{
	u32 handle = 1;

	memset(command, 0, 128);
	memcpy(command, &code, sizeof(code));
	memcpy(command + 4, &handle, sizeof(handle));
}

static long write_cut(struct client *c, u8 *edge, const u8 *command,
		      size_t len, size_t total, bool good_first)
{
	u8 *start = edge - len - (good_first ? 8 : 0);
	struct wbuf w = { .p = start, .size = 8 };

	if (good_first)
		w_ref(&w, BC_INCREFS, 99);
	memcpy(edge - len, command, len);
	c->bwr = (struct binder_write_read) {
		.write_size = total + (good_first ? 8 : 0),
		.write_buffer = (binder_uintptr_t)start,
	};
	return bc_io(c);
}

TEST_F(bad_commands, cut_short)
{
	struct client *c = self->w.c;
	u8 *edge = bc_edge(c);
	u8 command[128];
	size_t i, len, total;
	long want;

	bc_ee(c);
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		total = 4 + _IOC_SIZE(all[i]);
		fill_payload(command, all[i]);
		for (len = 0; len < total; len++) {
			/* These are refused before their payload is read. */
			want = len >= 4 && (all[i] == BC_ACQUIRE_RESULT ||
					    all[i] == BC_ATTEMPT_ACQUIRE) ?
			       -EINVAL : -EFAULT;
			ASSERT_EQ(want, write_cut(c, edge, command, len, total,
						  false));
			ASSERT_EQ(0, c->bwr.write_consumed);
			ASSERT_EQ(want, write_cut(c, edge, command, len, total,
						  true));
			ASSERT_EQ(8, c->bwr.write_consumed);
		}
	}
	/* Not even an attempt to send was made. */
	EXPECT_STREQ("OK 0", bc_ee(c));
	EXPECT_EQ(0, c->ee.id);
}

/* Messages that cannot be sent for what C is doing, or to whom. */

static const u32 bad_handles[] = { 2, 4, 99, 1U << 31, LOW32 };

TEST_F(bad_commands, messages_to_nobody)
{
	static const u32 flags[] = {
		0, TF_ONE_WAY, TF_ACCEPT_FDS | TF_CLEAR_BUF, ~0u & ~TF_ONE_WAY,
		~0u
	};
	struct client *c = self->w.c;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(bad_handles); i++)
		for (j = 0; j < ARRAY_SIZE(flags); j++) {
			/* The handle is looked up first, so that is wrong. */
			ASSERT_STREQ("NOOP FR, FR EINVAL",
				     bc_outcome(c, .handle = bad_handles[i],
						.flags = flags[j])) {
				TH_LOG("handle %u, flags %#x", bad_handles[i],
				       flags[j]);
			}
			ASSERT_STREQ("", world_changes(&self->w));
		}
}

/* A thread waits for one reply at a time, and replies to what it was asked. */
TEST_F(bad_commands, out_of_turn)
{
	struct client *c = self->w.c;
	u32 handles[] = { 0, self->w.c_theirs, self->w.c_mine };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(handles); i++)
		if (variant->doing == CALLING)
			EXPECT_STREQ("NOOP FR, FR EPROTO",
				     bc_outcome(c, .handle = handles[i]));
	if (variant->doing == SERVING)
		return;
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, bc_reply(c, .data = "answer", .size = 6,
				      .sg = 8 * i));
		EXPECT_STREQ("FR EPROTO", bc_ee(c));
		EXPECT_STREQ("NOOP FR", bc_read(c));
	}
}

/* Buffers that are not there, not delivered, or somebody else's. */

TEST_F(bad_commands, buffers_of_others)
{
	struct world *w = &self->w;
	static const char text[64] = "bytes that nobody but S may give back";
	struct binder_transaction_data t;
	struct client *sender = w->b, *other;
	size_t i;

	/* S may be busy, so another thread of it takes the message. */
	other = bc_thread(w->s, "other");
	bc_ready(other);
	EXPECT_EQ(0, bc_oneway(sender, .data = text, .size = 64));
	EXPECT_STREQ("NOOP TC", bc_read(sender));
	/* S is not yet told of it. */
	for (i = 0; i < PAGE; i += 8)
		ASSERT_EQ(0, bc_free(w->s, (binder_uintptr_t)w->s->f->map + i));
	t = bc_take(other);
	for (i = 1; i < 128; i++)
		ASSERT_EQ(0, bc_free(w->s, t.data.ptr.buffer + i));
	EXPECT_EQ(0, bc_free(w->c, t.data.ptr.buffer));
	EXPECT_EQ(0, bc_free(w->b, t.data.ptr.buffer));
	EXPECT_TRUE(bc_same(w->s, t.data.ptr.buffer, text, 64));
	/* It is still S's, and then it is free, once. */
	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, bc_free(w->s, t.data.ptr.buffer));
}

/* Notifications: one for each handle, with the cookie it was asked for. */

static const struct command beside_a_death[] = {
	BAD(REQUEST_DEATH_NOTIFICATION, 1, DEATH),
	BAD(REQUEST_DEATH_NOTIFICATION, 1, DEATH + 1),
	BAD(CLEAR_DEATH_NOTIFICATION, 1, DEATH + 1),
	BAD(CLEAR_DEATH_NOTIFICATION, 1, DEATH | 1ULL << 32),
	BAD(CLEAR_DEATH_NOTIFICATION, 1, 0),
	BAD(CLEAR_DEATH_NOTIFICATION, 2, DEATH),
	BAD(CLEAR_DEATH_NOTIFICATION, 3, DEATH),
	BAD(DEAD_BINDER_DONE, DEATH),
	BAD(DEAD_BINDER_DONE, 0),
};

static const struct command beside_a_freeze[] = {
	BAD(REQUEST_FREEZE_NOTIFICATION, 1, FREEZE),
	BAD(REQUEST_FREEZE_NOTIFICATION, 1, FREEZE + 1),
	BAD(CLEAR_FREEZE_NOTIFICATION, 1, FREEZE + 1),
	BAD(CLEAR_FREEZE_NOTIFICATION, 1, FREEZE | 1ULL << 32),
	BAD(CLEAR_FREEZE_NOTIFICATION, 2, FREEZE),
	BAD(CLEAR_FREEZE_NOTIFICATION, 3, FREEZE),
	BAD(FREEZE_NOTIFICATION_DONE, FREEZE + 1),
	BAD(FREEZE_NOTIFICATION_DONE, 0),
};

TEST_F(bad_commands, beside_a_notification)
{
	struct client *c = self->w.c, *other;
	struct wbuf *w;
	size_t i;

	/* A thread that is free to read what comes for the process. */
	other = bc_thread(c, "other");
	bc_ready(other);
	EXPECT_EQ(0, bc_handle_cmd(c, BC_REQUEST_DEATH_NOTIFICATION, 1, DEATH));
	EXPECT_EQ(0, bc_handle_cmd(c, BC_REQUEST_FREEZE_NOTIFICATION, 1,
				   FREEZE));
	EXPECT_STREQ("NOOP FROZEN_BINDER", bc_read(other));
	for (i = 0; i < ARRAY_SIZE(beside_a_death); i++)
		expect_silent(_metadata, c, &beside_a_death[i]);
	for (i = 0; i < ARRAY_SIZE(beside_a_freeze); i++) {
		w = wb(c);
		w_command(w, &beside_a_freeze[i]);
		ASSERT_EQ(-EINVAL, bc_write(c, w)) {
			TH_LOG("%s", beside_a_freeze[i].what);
		}
	}
	EXPECT_STREQ("EAGAIN", bc_read(other));
	EXPECT_EQ(0, bc_cookie_cmd(c, BC_FREEZE_NOTIFICATION_DONE, FREEZE));
	EXPECT_EQ(-EINVAL, bc_cookie_cmd(c, BC_FREEZE_NOTIFICATION_DONE,
					 FREEZE));
	EXPECT_EQ(0, bc_handle_cmd(other, BC_CLEAR_FREEZE_NOTIFICATION, 1,
				   FREEZE));
	EXPECT_EQ(0, bc_handle_cmd(other, BC_CLEAR_DEATH_NOTIFICATION, 1,
				   DEATH));
	EXPECT_STREQ("NOOP CLEAR_FREEZE_DONE CLEAR_DONE", bc_read(other));
}

TEST_HARNESS_MAIN
