// SPDX-License-Identifier: GPL-2.0
/*
 * The receiver's memory control group pays for the receiver's pages, and its
 * limit makes idle ones go. The kernel's driver charges nobody for them.
 */
#include <stdio.h>

#include "memory.h"

#define MB ((size_t)1 << 20)

FIXTURE(memcg) {
	char s_group[64];
	char c_group[64];
	struct client *s;
	struct client *c;
};

/* The processes enter their groups before they own any memory to speak of. */
static struct client *start_in(const char *group, const char *name)
{
	struct client *c = bc_new(name);
	long ret;

	cgroup_add(group, c->a->pid);
	ret = bc_open(c, BC_DEVICE, O_RDWR | O_CLOEXEC);
	if (ret >= 0)
		ret = bc_map(c, 4 * MB, PROT_READ, MAP_PRIVATE, 0);
	if (ret)
		test_abort("%s: %s", name, errno_name(ret));
	bc_ready(c);
	return c;
}

FIXTURE_SETUP(memcg)
{
	snprintf(self->s_group, sizeof(self->s_group), "%s",
		 cgroup_new("receiver"));
	snprintf(self->c_group, sizeof(self->c_group), "%s",
		 cgroup_new("sender"));
	self->s = start_in(self->s_group, "S");
	self->c = start_in(self->c_group, "C");
	ASSERT_EQ(0, bc_manager(self->s, BC_NODE_FLAGS));
	/* Whatever a first call allocates is allocated now. */
	ASSERT_TRUE(bc_works(self->s, self->c));
}

FIXTURE_TEARDOWN(memcg)
{
	actors_end();
	cgroup_delete(self->s_group);
	cgroup_delete(self->c_group);
}

static size_t usage(const char *group)
{
	return cgroup_read(group, "memory.current", NULL);
}

static binder_uintptr_t deliver(struct client *s, struct client *c, size_t size,
				u64 seed)
{
	void *data = stage_scratch(size);
	binder_uintptr_t buffer;

	fill_pattern(data, size, seed);
	buffer = bc_deliver(s, c, .data = data, .size = size);
	if (!buffer)
		test_abort("%zu bytes do not fit: %s", size, c->ee_text);
	return buffer;
}

/* The kernel charges a group in advance, up to so much for each CPU. */
#define CHARGED_AHEAD	(64 * PAGE)

/* The stage, from which messages are sent, belongs to the test's own group. */
TEST_F(memcg, the_receiver_pays)
{
	size_t s_before = usage(self->s_group);
	size_t c_before = usage(self->c_group);

	deliver(self->s, self->c, 3 * MB, 1);
	EXPECT_LE(usage(self->c_group), c_before + MB);
	if (on_stock()) {
		EXPECT_LE(usage(self->s_group), s_before + MB);
		return;
	}
	EXPECT_GE(usage(self->s_group), s_before + 3 * MB - CHARGED_AHEAD);
	EXPECT_LE(usage(self->s_group), s_before + 4 * MB);
}

TEST_F(memcg, idle_pages_belong_to_the_group)
{
	u64 group = cgroup_id(self->s_group);

	drop_slab_caches();
	await_reclaimable(0);
	EXPECT_EQ(0, bc_free(self->s, deliver(self->s, self->c, MB, 1)));
	if (on_stock()) {
		EXPECT_GE(reclaimable(ANY_GROUP), MB / PAGE);
		EXPECT_EQ(0, reclaimable(group));
		return;
	}
	EXPECT_GE(reclaimable(group), MB / PAGE);
	EXPECT_LE(reclaimable(cgroup_id(self->c_group)), 1);
	reclaim(group, 100);
	EXPECT_GE(reclaimable(group), MB / PAGE - 100);
	EXPECT_LE(reclaimable(group), MB / PAGE - 100 + 1);
}

/*
 * Three quarters of the pages are idle. The receiver then needs memory that its
 * limit only allows it to have if idle pages go; there is no swap.
 */
TEST_F(memcg, the_limit_makes_idle_pages_go)
{
	struct client *s = self->s;
	binder_uintptr_t live, idle;
	char limit[32];
	u8 *memory;

	live = deliver(s, self->c, MB, 1);
	idle = deliver(s, self->c, 5 * MB / 2, 2);
	EXPECT_EQ(0, bc_free(s, idle));
	if (on_stock()) {
		EXPECT_LE(usage(self->s_group), MB);
		return;
	}
	snprintf(limit, sizeof(limit), "%zu", usage(self->s_group) + MB / 4);
	cgroup_write(self->s_group, "memory.max", limit);
	memory = bc_mem(s, 2 * MB);
	bc_fill(s, memory, 2 * MB, 3);
	EXPECT_LE(reclaimable(cgroup_id(self->s_group)), MB / PAGE);
	EXPECT_EQ(0, cgroup_read(self->s_group, "memory.events", "oom_kill"));
	EXPECT_EQ(-1, bc_mismatch(s, live, MB, 1));
	EXPECT_EQ(-1, bc_mismatch(s, (binder_uintptr_t)memory, 2 * MB, 3));
}

/* What does not fit under the limit is refused, and the limit's owner lives. */
TEST_F(memcg, a_message_beyond_the_limit)
{
	struct client *s = self->s;
	char limit[32];
	void *data = stage_scratch(3 * MB);

	if (on_stock())
		return;
	snprintf(limit, sizeof(limit), "%zu", usage(self->s_group) + MB);
	cgroup_write(self->s_group, "memory.max", limit);
	cgroup_write(self->s_group, "memory.oom.group", "0");
	EXPECT_STREQ("NOOP FR, FR ENOMEM",
		     bc_outcome(self->c, .data = data, .size = 3 * MB));
	EXPECT_EQ(0, cgroup_read(self->s_group, "memory.events", "oom_kill"));
	EXPECT_TRUE(bc_works(s, self->c));
}

TEST_HARNESS_MAIN
