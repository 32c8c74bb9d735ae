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

#include "system.h"
#include "world.h"

#define SG_ROOM		256	/* bytes for PTR payloads in all messages */
#define PAYLOAD		40	/* of a good PTR object */
#define LOW32		0xffffffffULL

/* How a message goes to S. */
enum way { CALL, ONEWAY, REPLY };

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

/* How it went, when C sends the message. */
static const char *outcome(struct world *w, enum way how, const struct msg *m)
{
	struct msg msg = *m;
	char *text = stage_scratch(128);
	struct client *told = w->c;
	const char *want;

	if (how == REPLY) {
		told = w->s;
		bc_send(w->s, .handle = w->s_own, .flags = TF_ACCEPT_FDS);
		bc_take_and_free(w->c);
	}
	if (how == ONEWAY)
		msg.flags |= TF_ONE_WAY;
	if (bc_msg(w->c, how == REPLY ? BC_REPLY : BC_TRANSACTION, &msg))
		return errno_name(w->c->br.ret);
	if (how == REPLY && strcmp(bc_read(w->c), "NOOP TC"))
		return "the reply is not completed";
	snprintf(text, 128, "%s", bc_ee(told));
	want = how == REPLY ? "NOOP TC FR" : "NOOP FR";
	if (strcmp(bc_read(told), want))
		snprintf(text, 128, "%s, %s", told->ee_text, told->read_text);
	return text;
}

/* Good objects, one of which or all may come before what is bad. */

static void good_binder(struct world *w, struct parcel *p)
{
	p_binder(p, FRESH, COOKIE_OF(FRESH), 0);
}

static void good_weak_binder(struct world *w, struct parcel *p)
{
	p_weak_binder(p, FRESH + 8, COOKIE_OF(FRESH), 0);
}

static void good_known_binder(struct world *w, struct parcel *p)
{
	p_binder(p, OWN, COOKIE_OF(OWN), 0);
	p_weak_binder(p, OWN, COOKIE_OF(OWN), 0);
	p_binder(p, WEAK, COOKIE_OF(WEAK), 0);
}

static void good_handle(struct world *w, struct parcel *p)
{
	p_handle(p, w->c_theirs);
	p_weak_handle(p, w->c_theirs);
	p_weak_handle(p, w->c_other);
}

/* It comes home to S, and counts there, too. */
static void good_home(struct world *w, struct parcel *p)
{
	p_handle(p, w->c_mine);
	p_weak_handle(p, w->c_mine);
}

static void good_fd(struct world *w, struct parcel *p)
{
	p_fd(p, w->pipe.w, 0);
}

static void *payload(void)
{
	return stage_scratch(PAYLOAD);
}

static void good_ptr(struct world *w, struct parcel *p)
{
	size_t parent = p_ptr(p, payload(), PAYLOAD);

	p_ptr_in(p, payload(), 8, parent, 8);
}

static void good_fda(struct world *w, struct parcel *p)
{
	u32 *fds = payload();

	fds[0] = w->pipe.w;
	fds[1] = w->pipe.w;
	p_fda(p, 2, p_ptr(p, fds, 8), 0);
}

static const struct {
	const char *name;
	void (*add)(struct world *w, struct parcel *p);
} good[] = {
	{ "BINDER", good_binder },
	{ "WEAK_BINDER", good_weak_binder },
	{ "known BINDER", good_known_binder },
	{ "HANDLE", good_handle },
	{ "HANDLE of the receiver", good_home },
	{ "FD", good_fd },
	{ "PTR", good_ptr },
	{ "FDA", good_fda },
};

#define NOTHING		ARRAY_SIZE(good)
#define EVERYTHING	(ARRAY_SIZE(good) + 1)
#define PREFIXES	(ARRAY_SIZE(good) + 2)

static const char *prefix_name(size_t i)
{
	return i == NOTHING ? "nothing" :
	       i == EVERYTHING ? "everything" : good[i].name;
}

/* No object is at offset 0, where none can be a parent. */
static struct parcel *prefix(struct world *w, size_t which)
{
	struct parcel *p = parcel();
	size_t i;

	p_bytes(p, "in front", 8);
	for (i = 0; i < ARRAY_SIZE(good); i++)
		if (i == which || which == EVERYTHING)
			good[i].add(w, p);
	return p;
}

/* What is bad */

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
	p_ptr(p, payload(), b->c ?: PAYLOAD);
	p_ptr_in(p, payload(), 8, p->n + b->a, b->b);
}

/* The parent is number a. */
static void add_child_of(struct world *w, struct parcel *p,
			 const struct bad *b)
{
	p_ptr(p, payload(), PAYLOAD);
	p_ptr_in(p, payload(), 8, b->a, b->b);
}

/* The parent is something that has no payload. */
static void add_child_of_handle(struct world *w, struct parcel *p,
				const struct bad *b)
{
	size_t parent = p_handle(p, w->c_theirs);

	p_ptr(p, payload(), PAYLOAD);
	p_ptr_in(p, payload(), 8, parent, 0);
}

/* Another PTR has come in between: the parent can get no more children. */
static void add_late_child(struct world *w, struct parcel *p,
			   const struct bad *b)
{
	size_t parent = p_ptr(p, payload(), PAYLOAD);

	p_ptr(p, payload(), PAYLOAD);
	p_ptr_in(p, payload(), 8, parent, 0);
}

/* Children at a and b of the same parent. */
static void add_children(struct world *w, struct parcel *p,
			 const struct bad *b)
{
	size_t parent = p_ptr(p, payload(), PAYLOAD);

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
	CHILD(-1ULL, PAYLOAD - 7),
	CHILD(-1ULL, PAYLOAD),
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

static void expect_error(struct __test_metadata *_metadata, struct world *w,
			 enum way how, const struct msg *m,
			 const char *error, const char *what,
			 const char *before)
{
	char want[32];

	snprintf(want, sizeof(want), "FR %s", error);
	ASSERT_STREQ(want, outcome(w, how, m)) {
		TH_LOG("%s, after %s", what, before);
	}
}

static void expect_refused(struct __test_metadata *_metadata, struct world *w,
			   enum way how, const struct msg *m,
			   const char *error, const char *what,
			   const char *before)
{
	expect_error(_metadata, w, how, m, error, what, before);
	ASSERT_STREQ("", world_changes(w)) {
		TH_LOG("%s, after %s", what, before);
	}
}

TEST_F_TIMEOUT(bad_objects, after_good_ones, 120)
{
	struct parcel *p;
	size_t i, j;

	for (i = 0; i < PREFIXES; i++)
		for (j = 0; j < ARRAY_SIZE(bad); j++) {
			p = prefix(&self->w, i);
			bad[j].add(&self->w, p, &bad[j]);
			expect_refused(_metadata, &self->w, variant->as,
				       &(struct msg) { .parcel = p,
						       .sg = SG_ROOM },
				       bad[j].error, bad[j].what,
				       prefix_name(i));
		}
}

/* O_PATH descriptors are none that could be passed. */
TEST_F(bad_objects, path_descriptors)
{
	struct parcel *p;
	size_t i;

	for (i = 0; i < PREFIXES; i++) {
		p = prefix(&self->w, i);
		p_fd(p, self->path_fd, 0);
		expect_refused(_metadata, &self->w, variant->as,
			       &(struct msg) { .parcel = p, .sg = SG_ROOM },
			       "EBADF", "O_PATH", prefix_name(i));
	}
}

/* The last object, of each kind, with each length that is a multiple of 4. */
TEST_F(bad_objects, cut_by_the_end_of_data)
{
	struct parcel *p;
	size_t i, cut, start;

	for (i = 0; i < ARRAY_SIZE(good); i++)
		for (cut = 4;; cut += 4) {
			p = prefix(&self->w, EVERYTHING);
			good[i].add(&self->w, p);
			start = p->offsets[p->n - 1];
			if (cut > p->size - start)
				break;
			p->size -= cut;
			expect_refused(_metadata, &self->w, variant->as,
				       &(struct msg) { .parcel = p,
						       .sg = 2 * SG_ROOM },
				       "EINVAL", good[i].name, "everything");
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
	char what[80];
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
		expect_error(_metadata, w, how, &m, error, what, "nothing");
	}
	ASSERT_STREQ("", world_changes(w));
}

TEST_F_TIMEOUT(bad_objects, sizes_that_do_not_fit, 120)
{
	void *own = stage_keep(WORLD_MAP);
	struct parcel *p = parcel();
	size_t i, j;

	good_known_binder(&self->w, p);
	memcpy(own, p->data, p->size);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		for (j = 0; j < ARRAY_SIZE(sizes); j++)
			expect_sizes(_metadata, &self->w, variant->as,
				     own, sizes[i], sizes[j]);
}

/*
 * Pages that are not there. Memory of the sender has a page missing: the first,
 * one in the middle, or the last.
 */

#define HOLE_PAGES	4

static u8 *with_hole(struct client *c, const void *content, size_t len,
		     size_t page)
{
	u8 *mem = stage_keep(HOLE_PAGES * PAGE);

	memcpy(mem, content, len);
	if (bc_sys(c, munmap, (long)mem + page * PAGE, PAGE))
		test_abort("munmap: %s", errno_name(c->a->ret));
	return mem;
}

static const size_t holes[] = { 0, 1, HOLE_PAGES - 1 };

TEST_F(bad_objects, hole_in_plain_data)
{
	static const u8 content[HOLE_PAGES * PAGE];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(holes); i++) {
		struct msg m = {
			.raw = true,
			.data = with_hole(self->w.c, content, sizeof(content),
					  holes[i]),
			.size = sizeof(content),
		};

		expect_refused(_metadata, &self->w, variant->as, &m,
			       "EFAULT", "a hole", "nothing");
	}
}

/*
 * A good object somewhere, and a hole somewhere else. What lies before or behind
 * is data that cannot be read; it is no object if it is itself in the hole. The
 * kernel's own driver reads as much as the largest object has, or as there is,
 * before it knows how long the object is.
 */
static const struct {
	size_t at;
	size_t hole;
	const char *error;
	const char *on_stock;
} object_and_hole[] = {
	{ 0, 0, "EINVAL" },
	{ 0, 1, "EFAULT" },
	{ 0, 3, "EFAULT" },
	{ PAGE - 24, 0, "EFAULT" },
	{ PAGE - 24, 1, "EFAULT", "EINVAL" },
	{ PAGE - 36, 1, "EFAULT", "EINVAL" },
	{ PAGE - 40, 1, "EFAULT" },
	{ PAGE - 4, 1, "EINVAL" },
	{ PAGE - 12, 1, "EINVAL" },
	{ PAGE - 20, 1, "EINVAL" },
	{ PAGE, 0, "EFAULT" },
	{ PAGE, 1, "EINVAL" },
	{ PAGE, 2, "EFAULT" },
	{ PAGE + 16, 1, "EFAULT" },
	{ 3 * PAGE - 24, 3, "EFAULT", "EINVAL" },
	{ 3 * PAGE - 40, 3, "EFAULT" },
	{ 3 * PAGE - 12, 3, "EINVAL" },
	{ 3 * PAGE, 3, "EINVAL" },
	{ 4 * PAGE - 24, 1, "EFAULT" },
	{ 4 * PAGE - 24, 3, "EFAULT" },
};

TEST_F(bad_objects, hole_around_an_object)
{
	struct flat_binder_object o = {
		.hdr.type = BINDER_TYPE_BINDER,
		.binder = OWN,
		.cookie = COOKIE_OF(OWN),
	};
	u8 *content = calloc(HOLE_PAGES, PAGE);
	char what[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(object_and_hole); i++) {
		const char *error = object_and_hole[i].error;
		size_t at = object_and_hole[i].at;
		u64 *offset = stage_scratch(sizeof(*offset));
		struct msg m = {
			.raw = true,
			.size = HOLE_PAGES * PAGE,
			.offsets = offset,
			.offsets_size = sizeof(*offset),
		};

		if (on_stock() && object_and_hole[i].on_stock)
			error = object_and_hole[i].on_stock;
		*offset = at;
		memset(content, 0, HOLE_PAGES * PAGE);
		memcpy(content + at, &o, sizeof(o));
		m.data = with_hole(self->w.c, content, HOLE_PAGES * PAGE,
				   object_and_hole[i].hole);
		snprintf(what, sizeof(what), "object at %zu, hole in page %zu",
			 at, object_and_hole[i].hole);
		expect_refused(_metadata, &self->w, variant->as, &m,
			       error, what, "nothing");
	}
	free(content);
}

/* The offsets are all read before the first object is looked at. */
TEST_F(bad_objects, hole_in_the_offsets)
{
	size_t n = HOLE_PAGES * PAGE / 8, i;
	u64 *offsets = calloc(n, 8);
	u8 *data = stage_keep(PAGE);
	struct parcel *p = parcel();

	good_fd(&self->w, p);
	good_binder(&self->w, p);
	memcpy(data, p->data, p->size);
	offsets[1] = sizeof(struct binder_fd_object);
	for (i = 2; i < n; i++)
		offsets[i] = 1ULL << 32;
	for (i = 0; i < ARRAY_SIZE(holes); i++) {
		struct msg m = {
			.raw = true,
			.data = data,
			.size = PAGE,
			.offsets = with_hole(self->w.c, offsets, 8 * n,
					     holes[i]),
			.offsets_size = 8 * n,
		};

		expect_refused(_metadata, &self->w, variant->as, &m,
			       "EFAULT", "a hole", "nothing");
	}
	free(offsets);
}

/* The payloads are read last, when everything else has been done. */
TEST_F(bad_objects, hole_in_a_payload)
{
	static const u8 content[HOLE_PAGES * PAGE];
	struct parcel *p;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(holes); i++) {
		u8 *mem = with_hole(self->w.c, content, sizeof(content),
				    holes[i]);

		for (j = 0; j < PREFIXES; j++) {
			p = prefix(&self->w, j);
			p_ptr(p, mem, sizeof(content));
			good_handle(&self->w, p);
			expect_refused(_metadata, &self->w, variant->as,
				       &(struct msg) {
						.parcel = p,
						.sg = sizeof(content) + SG_ROOM,
				       }, "EINVAL", "a hole", prefix_name(j));
		}
	}
}

/* Descriptors are read from the payload of the sender, before that is copied. */
TEST_F(bad_objects, hole_among_the_descriptors)
{
	size_t n = 16, i, j;
	struct parcel *p;
	u32 fds[16];

	for (i = 0; i < n; i++)
		fds[i] = self->w.pipe.w;
	for (i = 0; i <= n; i += 4) {
		/* the last n - i of them are in the hole, or all of them */
		u8 *mem = with_hole(self->w.c, fds, 0, 1) + PAGE - 4 * i;

		memcpy(mem, fds, 4 * i);
		for (j = 0; j < PREFIXES; j++) {
			p = prefix(&self->w, j);
			p_fda(p, n, p_ptr(p, mem, i < n ? 4 * n : 4 * n + 8),
			      i < n ? 0 : 8);
			expect_refused(_metadata, &self->w, variant->as,
				       &(struct msg) { .parcel = p,
						       .sg = 2 * SG_ROOM },
				       "EINVAL", "a hole", prefix_name(j));
		}
	}
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
