// SPDX-License-Identifier: GPL-2.0
/*
 * Bad messages: each way in which a message can be wrong, behind good objects
 * of each kind, as call, oneway and reply. Each is refused with the error of
 * the interface, and leaves nothing: see world.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "kselftest_harness.h"

#include "world.h"

#define SG_ROOM		256	/* bytes for PTR payloads in all messages */
#define LOW32		0xffffffffULL

FIXTURE(bad_objects) {
	struct world w;
	u32 path_fd;
};

FIXTURE_VARIANT(bad_objects) {
	enum way as;
};

FIXTURE_VARIANT_ADD(bad_objects, call) { .as = CALL };
FIXTURE_VARIANT_ADD(bad_objects, oneway) { .as = ONEWAY };
FIXTURE_VARIANT_ADD(bad_objects, reply) { .as = REPLY };

FIXTURE_SETUP(bad_objects)
{
	char *path = stage_scratch(8);

	world_begin(&self->w);
	memcpy(path, "/", 2);
	self->path_fd = bc_sys(self->w.c, openat, AT_FDCWD, (long)path, O_PATH);
	snprintf(self->w.before, sizeof(self->w.before), "%s",
		 world_state(&self->w));
}

FIXTURE_TEARDOWN(bad_objects)
{
	EXPECT_STREQ("", world_end(&self->w));
	actors_end();
}

/* What is bad */

static void *payload(void)
{
	return stage_scratch(WORLD_PAYLOAD);
}

struct bad {
	const char *what;
	const char *error;
	void (*add)(struct world *w, struct parcel *p, const struct bad *b);
	u64 a, b, c;
};

static void add_flat(struct world *w, struct parcel *p, const struct bad *b)
{
	p_flat(p, b->a, 0, b->b, b->c);
}

static void add_weak_only(struct world *w, struct parcel *p,
			  const struct bad *b)
{
	p_handle(p, w->c_other);
}

static void add_ptr(struct world *w, struct parcel *p, const struct bad *b)
{
	p_ptr(p, b->b ? (void *)b->b : payload(), b->a);
}

/* The parent is a PTR; its number relative to the child is a, the offset b. */
static void add_child(struct world *w, struct parcel *p, const struct bad *b)
{
	p_ptr(p, payload(), b->c ?: WORLD_PAYLOAD);
	p_ptr_in(p, payload(), 8, p->n + b->a, b->b);
}

/* The parent is number a. */
static void add_child_of(struct world *w, struct parcel *p,
			 const struct bad *b)
{
	p_ptr(p, payload(), WORLD_PAYLOAD);
	p_ptr_in(p, payload(), 8, b->a, b->b);
}

/* The parent is something that has no payload. */
static void add_child_of_handle(struct world *w, struct parcel *p,
				const struct bad *b)
{
	size_t parent = p_handle(p, w->c_theirs);

	p_ptr(p, payload(), WORLD_PAYLOAD);
	p_ptr_in(p, payload(), 8, parent, 0);
}

/* Another PTR has come in between: the parent can get no more children. */
static void add_late_child(struct world *w, struct parcel *p,
			   const struct bad *b)
{
	size_t parent = p_ptr(p, payload(), WORLD_PAYLOAD);

	p_ptr(p, payload(), WORLD_PAYLOAD);
	p_ptr_in(p, payload(), 8, parent, 0);
}

/* Children at a and b of the same parent. */
static void add_children(struct world *w, struct parcel *p,
			 const struct bad *b)
{
	size_t parent = p_ptr(p, payload(), WORLD_PAYLOAD);

	p_ptr_in(p, payload(), 8, parent, b->a);
	p_ptr_in(p, payload(), 8, parent, b->b);
}

/* a descriptors at b, of 2 there are; the parent is c before, usually 1. */
static void add_fda(struct world *w, struct parcel *p, const struct bad *b)
{
	u32 *fds = payload();

	fds[0] = w->pipe.w;
	fds[1] = w->pipe.w;
	p_ptr(p, fds, 8);
	p_fda(p, b->a, p->n - 1 + b->c, b->b);
}

/* Good descriptors and then b; a of them. */
static void add_bad_fds(struct world *w, struct parcel *p, const struct bad *b)
{
	u32 *fds = payload(), i;

	for (i = 0; i < b->a; i++)
		fds[i] = w->pipe.w;
	fds[b->a - 1] = b->b;
	p_fda(p, b->a, p_ptr(p, fds, 4 * b->a), 0);
}

/* Where the sender has them, descriptors must be aligned to 4, too. */
static void add_odd_fds(struct world *w, struct parcel *p, const struct bad *b)
{
	u8 *fds = payload();

	memcpy(fds + b->a, &w->pipe.w, 4);
	p_fda(p, 1, p_ptr(p, fds + b->a, 8), 0);
}

static void add_fda_of_binder(struct world *w, struct parcel *p,
			      const struct bad *b)
{
	p_fda(p, 1, p_binder(p, OWN, COOKIE_OF(OWN), 0), 0);
}

/* An offset relative to the end of a good object, which is the end of all. */
static void add_offset(struct world *w, struct parcel *p, const struct bad *b)
{
	p_binder(p, OWN, COOKIE_OF(OWN), 0);
	p_bytes(p, "........", b->b);
	p_offset(p, p->size + b->a);
}

static void add_offset_at(struct world *w, struct parcel *p,
			  const struct bad *b)
{
	p_binder(p, OWN, COOKIE_OF(OWN), 0);
	p_offset(p, b->a);
}

#define FLAT(error, type, value, cookie) \
	{ #type " " #value, error, add_flat, BINDER_TYPE_##type, value, cookie }
#define PTR_LEN(len, at)	{ "PTR of " #len " at " #at, "EINVAL", \
				  add_ptr, len, at }
#define CHILD(rel, at)		{ "child of " #rel " at " #at, "EINVAL", \
				  add_child, rel, at }
#define CHILD_OF(parent, at)	{ "child of number " #parent " at " #at, \
				  "EINVAL", add_child_of, parent, at }
#define CHILDREN(a, b)		{ "children at " #a " and " #b, "EINVAL", \
				  add_children, a, b }
#define FDA(num, at, rel)	{ "FDA of " #num " at " #at " of " #rel, \
				  "EINVAL", add_fda, num, at, rel }
#define BAD_FD(num, fd)		{ "FDA of " #num " with " #fd, "EBADF", \
				  add_bad_fds, num, fd }
#define OFFSET(error, rel, n)	{ "offset end + " #rel " with " #n " bytes", \
				  error, add_offset, rel, n }
#define OFFSET_AT(error, at)	{ "offset " #at, error, add_offset_at, at }

static const struct bad bad[] = {
	FLAT("EINVAL", BINDER, OWN, COOKIE_OF(OWN) + 1),
	FLAT("EINVAL", BINDER, OWN, COOKIE_OF(OWN) | 1ULL << 32),
	FLAT("EINVAL", BINDER, WEAK, 0),
	FLAT("EINVAL", WEAK_BINDER, OWN, ~0ULL),
	FLAT("EINVAL", WEAK_BINDER, WEAK, COOKIE_OF(OWN)),
	FLAT("EINVAL", HANDLE, 0, 0),
	FLAT("EINVAL", HANDLE, 4, 0),
	FLAT("EINVAL", HANDLE, LOW32, 0),
	FLAT("EINVAL", HANDLE, 1ULL << 31, 0),
	FLAT("EINVAL", HANDLE, (1ULL << 32) + 99, 0),
	FLAT("EINVAL", WEAK_HANDLE, 0, 0),
	FLAT("EINVAL", WEAK_HANDLE, 4, 0),
	FLAT("EINVAL", WEAK_HANDLE, LOW32, 0),
	FLAT("EINVAL", WEAK_HANDLE, ~0ULL, 0),
	{ "HANDLE that is weak", "EINVAL", add_weak_only },
	FLAT("EBADF", FD, 999, 0),
	FLAT("EBADF", FD, LOW32, 0),
	FLAT("EBADF", FD, 1ULL << 31, 0),
	FLAT("EBADF", FD, ~0ULL, 0),
	{ "no type", "EINVAL", add_flat, 0 },
	{ "type that is all bits", "EINVAL", add_flat, LOW32 },
	{ "type of other bytes", "EINVAL", add_flat, 0x852a6273 },
	{ "type beyond BINDER", "EINVAL", add_flat, BINDER_TYPE_BINDER + 1 },

	PTR_LEN(SG_ROOM + 1, 0),
	PTR_LEN(1ULL << 31, 0),
	PTR_LEN(LOW32, 0),
	PTR_LEN((1ULL << 32) + 8, 0),
	PTR_LEN(1ULL << 63, 0),
	PTR_LEN(-8ULL, 0),
	PTR_LEN(-7ULL, 0),
	PTR_LEN(-1ULL, 0),
	PTR_LEN(8, 8),
	PTR_LEN(1, 1ULL << 47),
	PTR_LEN(8, 1ULL << 63),
	PTR_LEN(8, -8ULL),
	PTR_LEN(8, -4ULL),
	PTR_LEN(1, -1ULL),

	CHILD(0, 0),
	CHILD(1, 0),
	CHILD(1000, 0),
	CHILD(1ULL << 32, 0),
	CHILD(1ULL << 61, 0),
	CHILD((1ULL << 61) - 1, 0),
	CHILD(-1ULL, WORLD_PAYLOAD - 7),
	CHILD(-1ULL, WORLD_PAYLOAD),
	CHILD(-1ULL, 1),
	CHILD(-1ULL, 2),
	CHILD(-1ULL, 1ULL << 32),
	CHILD(-1ULL, 1ULL << 63),
	CHILD(-1ULL, -8ULL),
	CHILD(-1ULL, -1ULL),
	{ "child in 7 bytes", "EINVAL", add_child, -1ULL, 0, 7 },
	{ "child in 1 byte", "EINVAL", add_child, -1ULL, 0, 1 },
	CHILD_OF(LOW32, 0),
	CHILD_OF(1ULL << 32, 0),
	CHILD_OF(1ULL << 61, 0),
	CHILD_OF(1ULL << 63, 0),
	CHILD_OF(-1ULL, 0),
	{ "child of a HANDLE", "EINVAL", add_child_of_handle },
	{ "child that comes late", "EINVAL", add_late_child },
	CHILDREN(16, 8),
	CHILDREN(8, 8),
	CHILDREN(8, 12),
	CHILDREN(8, 0),
	CHILDREN(32, -8ULL),

	FDA(3, 0, 0),
	FDA(2, 4, 0),
	FDA(1, 8, 0),
	FDA(1, 2, 0),
	FDA(1, 1, 0),
	FDA(1, -4ULL, 0),
	FDA(1, 1ULL << 32, 0),
	FDA(2, -8ULL, 0),
	FDA(1ULL << 30, 0, 0),
	FDA(1ULL << 32, 0, 0),
	FDA(1ULL << 60, 0, 0),
	FDA(1ULL << 61, 0, 0),
	FDA((1ULL << 62) - 2, 0, 0),
	FDA((1ULL << 62) - 1, 0, 0),
	FDA(1ULL << 62, 0, 0),
	FDA((1ULL << 62) + 1, 0, 0),
	FDA(1ULL << 63, 0, 0),
	FDA(-1ULL, 0, 0),
	FDA(1, 0, 1),
	FDA(1, 0, 2),
	FDA(1, 0, 1ULL << 32),
	FDA(1, 0, 1ULL << 61),
	FDA(0, 0, 1),
	{ "FDA of a BINDER", "EINVAL", add_fda_of_binder },
	{ "FDA at an odd address", "EINVAL", add_odd_fds, 2 },
	BAD_FD(1, LOW32),
	BAD_FD(2, 999),
	BAD_FD(3, 1U << 31),

	OFFSET("EFAULT", -1ULL - 23, 0),
	OFFSET("EFAULT", -24ULL, 0),
	OFFSET("EFAULT", -20ULL, 0),
	OFFSET("EFAULT", -4ULL, 0),
	OFFSET("EFAULT", -1ULL, 0),
	OFFSET("EINVAL", 0, 0),
	OFFSET("EINVAL", 0, 4),
	OFFSET("EINVAL", -4ULL, 4),
	OFFSET("EINVAL", -8ULL, 8),
	OFFSET("EINVAL", -7ULL, 8),
	OFFSET("EINVAL", -6ULL, 8),
	OFFSET("EINVAL", -3ULL, 8),
	OFFSET("EINVAL", -1ULL, 8),
	OFFSET("EFAULT", 1, 0),
	OFFSET("EFAULT", 4, 0),
	OFFSET("EFAULT", 1ULL << 32, 0),
	OFFSET_AT("EFAULT", 0),
	OFFSET_AT("EFAULT", 8),
	OFFSET_AT("EFAULT", 1ULL << 32),
	OFFSET_AT("EFAULT", (1ULL << 32) + 8),
	OFFSET_AT("EFAULT", 1ULL << 63),
	OFFSET_AT("EFAULT", -24ULL),
	OFFSET_AT("EFAULT", -4ULL),
	OFFSET_AT("EFAULT", -1ULL),
};

static void expect_refused(struct __test_metadata *_metadata, struct world *w,
			   enum way how, const struct msg *m,
			   const char *error, const char *what,
			   const char *before)
{
	ASSERT_STREQ("", world_refused(w, how, m, error)) {
		TH_LOG("%s, after %s", what, before);
	}
}

TEST_F_TIMEOUT(bad_objects, after_good_ones, 120)
{
	struct parcel *p;
	size_t i, j;

	for (i = 0; i < PREFIXES; i++)
		for (j = 0; j < ARRAY_SIZE(bad); j++) {
			p = world_prefix(&self->w, i);
			bad[j].add(&self->w, p, &bad[j]);
			expect_refused(_metadata, &self->w, variant->as,
				       &(struct msg) { .parcel = p,
						       .sg = SG_ROOM },
				       bad[j].error, bad[j].what,
				       world_prefix_name(i));
		}
}

/* O_PATH descriptors are none that could be passed. */
TEST_F(bad_objects, path_descriptors)
{
	struct parcel *p;
	size_t i;

	for (i = 0; i < PREFIXES; i++) {
		p = world_prefix(&self->w, i);
		p_fd(p, self->path_fd, 0);
		expect_refused(_metadata, &self->w, variant->as,
			       &(struct msg) { .parcel = p, .sg = SG_ROOM },
			       "EBADF", "O_PATH", world_prefix_name(i));
	}
}

/* The last object, of each kind, with each length that is a multiple of 4. */
TEST_F(bad_objects, cut_by_the_end_of_data)
{
	struct parcel *p;
	size_t i, cut, start;

	for (i = 0; i < GOOD_KINDS; i++)
		for (cut = 4;; cut += 4) {
			p = world_prefix(&self->w, PREFIX_EVERYTHING);
			world_good(&self->w, p, i);
			start = p->offsets[p->n - 1];
			if (cut > p->size - start)
				break;
			p->size -= cut;
			expect_refused(_metadata, &self->w, variant->as,
				       &(struct msg) { .parcel = p,
						       .sg = 2 * SG_ROOM },
				       "EINVAL", world_prefix_name(i), "everything");
		}
}

/*
 * Sizes near what 32 and 64 bits can hold. Whether they can be added up comes
 * first, then whether there is so much room, and then what is in the message.
 */

static bool add_size(u64 *sum, u64 size)
{
	u64 rounded;

	return !__builtin_add_overflow(size, 7, &rounded) &&
	       !__builtin_add_overflow(*sum, rounded & ~7ULL, sum);
}

/* The data begins with a good object; the offsets array with its offset, 0. */
static const char *size_error(enum way how, u64 data, u64 offsets,
			      u64 buffers)
{
	u64 sum = 0;

	if (!add_size(&sum, data) || !add_size(&sum, offsets) ||
	    !add_size(&sum, buffers))
		return "EINVAL";
	if (sum > (how == ONEWAY ? WORLD_MAP / 2 : WORLD_MAP))
		return "ENOSPC";
	if (offsets % 8 || buffers % 8)
		return "EINVAL";
	return offsets && data < sizeof(struct flat_binder_object) ?
	       "EINVAL" : NULL;
}

static const u64 sizes[] = {
	0, 1, 8, WORLD_MAP, LOW32, (1ULL << 32) + 8, 1ULL << 63,
	(1ULL << 63) - 8, -16ULL, -8ULL, -7ULL, -1ULL
};

/* @own lies at the start of the data. */
static void expect_sizes(struct __test_metadata *_metadata, struct world *w,
			 enum way how, void *own, u64 data, u64 offsets)
{
	char what[80], want[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		const char *error = size_error(how, data, offsets,
					       sizes[i]);
		struct msg m = {
			.raw = true,
			.data = own,
			.size = data,
			.offsets = stage_scratch(8),
			.offsets_size = offsets,
			.sg = sizes[i],
		};

		if (!error)	/* nothing is wrong with it */
			continue;
		memset((void *)m.offsets, 0, 8);
		snprintf(what, sizeof(what), "sizes %#llx, %#llx, %#llx", data,
			 offsets, sizes[i]);
		snprintf(want, sizeof(want), "FR %s", error);
		ASSERT_STREQ(want, world_outcome(w, how, &m)) {
			TH_LOG("%s", what);
		}
	}
	ASSERT_STREQ("", world_changes(w));
}

TEST_F_TIMEOUT(bad_objects, sizes_that_do_not_fit, 120)
{
	void *own = stage_keep(WORLD_MAP);
	struct parcel *p = parcel();
	size_t i, j;

	p_binder(p, OWN, COOKIE_OF(OWN), 0);
	memcpy(own, p->data, p->size);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		for (j = 0; j < ARRAY_SIZE(sizes); j++)
			expect_sizes(_metadata, &self->w, variant->as,
				     own, sizes[i], sizes[j]);
}

/* All offsets in any order but the right one. */
TEST_F(bad_objects, permuted_offsets)
{
	u64 in_order[8], order;
	struct parcel *p;
	size_t i;

	for (order = 1; order < 4 * 3 * 2; order++) {
		u64 left = order;

		p = parcel();
		p_binder(p, FRESH, COOKIE_OF(FRESH), 0);
		p_handle(p, self->w.c_theirs);
		p_fd(p, self->w.pipe.w, 0);
		p_binder(p, FRESH + 8, COOKIE_OF(FRESH), 0);
		memcpy(in_order, p->offsets, sizeof(*in_order) * p->n);
		/* number "order" in the factorial number system */
		for (i = 0; i < p->n; i++) {
			size_t choices = p->n - i, k = left % choices;

			left /= choices;
			p->offsets[i] = in_order[k];
			memmove(in_order + k, in_order + k + 1,
				(choices - k - 1) * sizeof(*in_order));
		}
		expect_refused(_metadata, &self->w, variant->as,
			       &(struct msg) { .parcel = p }, "EFAULT",
			       "permuted offsets", "nothing");
	}
}

TEST_HARNESS_MAIN
