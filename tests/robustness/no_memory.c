// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of which an allocation or a copy fails, one after the other: with each
 * kind of objects, as call, oneway message and reply. Whoever is told is told of
 * it, and nothing is left: see world.h. The last object of each is bad, so that
 * none of them arrives.
 */
#include <errno.h>
#include <stdio.h>

#include "kselftest_harness.h"

#include "failing.h"
#include "world.h"

#define SG_ROOM		256	/* bytes for PTR payloads in all messages */
#define MAX_FAILURES	400	/* more than any message has places to fail at */

FIXTURE(no_memory) {
	struct world w;
};

FIXTURE_VARIANT(no_memory) {
	enum way as;
};

FIXTURE_VARIANT_ADD(no_memory, call) { .as = CALL };
FIXTURE_VARIANT_ADD(no_memory, oneway) { .as = ONEWAY };
FIXTURE_VARIANT_ADD(no_memory, reply) { .as = REPLY };

FIXTURE_SETUP(no_memory)
{
	if (!failing_init())
		SKIP(return, "this kernel has no fault injection");
	world_begin(&self->w);
	snprintf(self->w.before, sizeof(self->w.before), "%s",
		 world_state(&self->w));
}

FIXTURE_TEARDOWN(no_memory)
{
	if (!self->w.s)
		return;
	EXPECT_STREQ("", world_end(&self->w));
	actors_end();
}

/* C has a call of S to reply to. */
static void be_called(struct world *w)
{
	bc_send(w->s, .handle = w->s_own, .flags = TF_ACCEPT_FDS);
	bc_take_and_free(w->c);
}

/* What C reads afterwards, and S, if it is the one who is told. */
static const char *told(struct world *w, enum way as)
{
	char *text = stage_scratch(256);

	if (as != REPLY)
		return bc_read(w->c);
	snprintf(text, 256, "%s", bc_read(w->c));
	/* It never came to the reply: C has it to make still. */
	if (!strcmp(text, "EAGAIN")) {
		bc_reply(w->c, .data = (void *)8, .size = 8, .raw = true);
		bc_read(w->c);
	}
	return strcmp(bc_read(w->s), "NOOP TC FR") ? w->s->read_text : text;
}

/* A message for @handle: @p, which is good so far, and something bad. */
static struct msg spoilt(enum way as, u32 handle, struct parcel *p)
{
	p_flat(p, 0x12345678, 0, 0, 0);
	return (struct msg) {
		.parcel = p, .sg = SG_ROOM, .handle = handle,
		.flags = as == ONEWAY ? TF_ONE_WAY : 0,
	};
}

static void fail_everywhere(struct __test_metadata *_metadata,
			    struct world *w, enum way as, struct msg m,
			    const char *name)
{
	struct failing f = { .failed = true };
	const char *text;
	unsigned int n;

	for (n = 1; f.failed && n < MAX_FAILURES; n++) {
		if (as == REPLY)
			be_called(w);
		f = bc_failing(w->c, n, as == REPLY ? BC_REPLY :
			       BC_TRANSACTION, &m);
		EXPECT_TRUE(!f.ret || f.ret == -EFAULT || f.ret == -ENOMEM);
		text = told(w, as);
		/* An ioctl that fails may have come that far, or not. */
		if (!f.ret || strcmp(text, "EAGAIN"))
			EXPECT_STREQ(as == REPLY ? "NOOP TC" : "NOOP FR", text);
		EXPECT_STREQ("", world_changes(w))
			TH_LOG("%s, failure %u", name, n);
	}
	EXPECT_FALSE(f.failed);
	EXPECT_LT(5, n);
}

static void fail_with(struct __test_metadata *_metadata, struct world *w,
		      enum way as, size_t prefix)
{
	fail_everywhere(_metadata, w, as, spoilt(as, 0, world_prefix(w, prefix)),
			world_prefix_name(prefix));
}

TEST_F(no_memory, nothing)
{
	fail_with(_metadata, &self->w, variant->as, PREFIX_NOTHING);
}

TEST_F(no_memory, each_kind_of_object)
{
	size_t kind;

	for (kind = 0; kind < GOOD_KINDS; kind++)
		fail_with(_metadata, &self->w, variant->as, kind);
}

TEST_F(no_memory, everything)
{
	fail_with(_metadata, &self->w, variant->as, PREFIX_EVERYTHING);
}

/* To a node whose owner wants to know the sender's security context. */
TEST_F(no_memory, security_context)
{
	struct world *w = &self->w;
	u32 handle;

	if (variant->as == REPLY)
		SKIP(return, "a reply has no security context");
	handle = bc_receive_own(w->c, w->s, 0x7000, 0,
				FLAT_BINDER_FLAG_TXN_SECURITY_CTX);
	snprintf(w->before, sizeof(w->before), "%s", world_state(w));
	fail_everywhere(_metadata, w, variant->as,
			spoilt(variant->as, handle,
			       world_prefix(w, PREFIX_NOTHING)), "secctx");
	EXPECT_EQ(0, bc_ref(w->c, BC_RELEASE, handle));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(w->s));
	snprintf(w->before, sizeof(w->before), "%s", world_state(w));
}

/* Handles up to here need no memory but for themselves. */
#define HANDLES_AT_ONCE	64

/* The receiver gets handles that it did not have, and one more than has room. */
TEST_F(no_memory, handles_that_are_new)
{
	struct world *w = &self->w;
	struct parcel *p = parcel();
	u32 theirs, handle = w->s_other;

	theirs = bc_pass(w->b, w->s, w->c, 0x7000, COOKIE_OF(0x7000), 0);
	while (handle + 1 < HANDLES_AT_ONCE)
		handle = bc_give(w->b, w->s, 0x10000 + handle, 0, 0);
	snprintf(w->before, sizeof(w->before), "%s", world_state(w));

	p_bytes(p, "in front", 8);
	p_handle(p, theirs);
	fail_everywhere(_metadata, w, variant->as, spoilt(variant->as, 0, p),
			"new HANDLE");

	while (handle > w->s_other) {
		EXPECT_EQ(0, bc_ref(w->s, BC_RELEASE, handle--));
		EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(w->b));
	}
	EXPECT_EQ(0, bc_ref(w->c, BC_RELEASE, theirs));
	EXPECT_STREQ("NOOP RELEASE DECREFS", bc_read(w->b));
	snprintf(w->before, sizeof(w->before), "%s", world_state(w));
}

TEST_HARNESS_MAIN
