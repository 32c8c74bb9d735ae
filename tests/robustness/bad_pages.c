// SPDX-License-Identifier: GPL-2.0
/*
 * Messages whose memory is not all there: a page is missing, the first, one in
 * the middle, or the last, of the data, the offsets or the payloads. The error
 * tells which of them could not be read, and nothing is left: see world.h.
 */
#include <errno.h>
#include <sys/mman.h>

#include "kselftest_harness.h"

#include "system.h"
#include "world.h"

#define SG_ROOM		256	/* bytes for PTR payloads besides those tested */

FIXTURE(bad_pages) {
	struct world w;
};

FIXTURE_VARIANT(bad_pages) {
	enum way as;
};

FIXTURE_VARIANT_ADD(bad_pages, call) { .as = CALL };
FIXTURE_VARIANT_ADD(bad_pages, oneway) { .as = ONEWAY };
FIXTURE_VARIANT_ADD(bad_pages, reply) { .as = REPLY };

FIXTURE_SETUP(bad_pages)
{
	world_begin(&self->w);
}

FIXTURE_TEARDOWN(bad_pages)
{
	EXPECT_STREQ("", world_end(&self->w));
	actors_end();
}

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

TEST_F(bad_pages, hole_in_plain_data)
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

		ASSERT_STREQ("", world_refused(&self->w, variant->as, &m,
					       "EFAULT"));
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

TEST_F(bad_pages, hole_around_an_object)
{
	struct flat_binder_object o = {
		.hdr.type = BINDER_TYPE_BINDER,
		.binder = OWN,
		.cookie = COOKIE_OF(OWN),
	};
	u8 *content = calloc(HOLE_PAGES, PAGE);
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
		ASSERT_STREQ("", world_refused(&self->w, variant->as, &m,
					       error)) {
			TH_LOG("object at %zu, hole in page %zu", at,
			       object_and_hole[i].hole);
		}
	}
	free(content);
}

/*
 * The offsets are all read before the first object is looked at: that one of
 * them is odd shows only if there is no hole.
 */
TEST_F(bad_pages, hole_in_the_offsets)
{
	size_t n = HOLE_PAGES * PAGE / 8, i;
	u64 *offsets = calloc(n, 8);
	u8 *data = stage_keep(PAGE);
	struct parcel *p = parcel();
	struct msg m = {
		.raw = true,
		.size = PAGE,
		.offsets_size = 8 * n,
	};

	p_fd(p, self->w.pipe.w, 0);
	p_binder(p, FRESH, COOKIE_OF(FRESH), 0);
	memcpy(data, p->data, p->size);
	offsets[1] = sizeof(struct binder_fd_object);
	for (i = 2; i < n; i++)
		offsets[i] = p->size + 2;
	m.data = data;
	m.offsets = memcpy(stage_keep(8 * n), offsets, 8 * n);
	ASSERT_STREQ("", world_refused(&self->w, variant->as, &m, "EINVAL"));
	for (i = 0; i < ARRAY_SIZE(holes); i++) {
		m.offsets = with_hole(self->w.c, offsets, 8 * n, holes[i]);
		ASSERT_STREQ("", world_refused(&self->w, variant->as, &m,
					       "EFAULT"));
	}
	free(offsets);
}

/* The payloads are read last, when everything else has been done. */
TEST_F(bad_pages, hole_in_a_payload)
{
	static const u8 content[HOLE_PAGES * PAGE];
	struct parcel *p;
	struct msg m;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(holes); i++) {
		u8 *mem = with_hole(self->w.c, content, sizeof(content),
				    holes[i]);

		for (j = 0; j < PREFIXES; j++) {
			p = world_prefix(&self->w, j);
			p_ptr(p, mem, sizeof(content));
			p_handle(p, self->w.c_theirs);
			m = (struct msg) {
				.parcel = p,
				.sg = sizeof(content) + SG_ROOM,
			};
			ASSERT_STREQ("", world_refused(&self->w, variant->as,
						       &m, "EINVAL")) {
				TH_LOG("after %s", world_prefix_name(j));
			}
		}
	}
}

/* Descriptors are read from the payload of the sender, before that is copied. */
/* What is before the place of a pointer cannot be read, or what is behind it. */
TEST_F(bad_pages, hole_beside_a_pointer)
{
	static const u8 content[2 * PAGE];
	struct world *w = &self->w;
	size_t page;

	for (page = 0; page < 2; page++) {
		u8 *mem = with_hole(w->c, content, sizeof(content), page);
		struct parcel *p = world_prefix(w, PREFIX_NOTHING);
		struct msg m = { .parcel = p, .sg = SG_ROOM };
		size_t parent;

		parent = p_ptr(p, mem + PAGE - 16, 32);
		p_ptr_in(p, stage_scratch(8), 8, parent, page ? 8 : 16);
		EXPECT_STREQ("", world_refused(w, variant->as, &m, "EINVAL"))
			TH_LOG("page %zu", page);
	}
}

TEST_F(bad_pages, hole_among_the_descriptors)
{
	size_t n = 16, i, j;
	struct parcel *p;
	struct msg m;
	u32 fds[16];

	for (i = 0; i < n; i++)
		fds[i] = self->w.pipe.w;
	for (i = 0; i <= n; i += 4) {
		/* the last n - i of them are in the hole, or all of them */
		u8 *mem = with_hole(self->w.c, fds, 0, 1) + PAGE - 4 * i;

		memcpy(mem, fds, 4 * i);
		for (j = 0; j < PREFIXES; j++) {
			p = world_prefix(&self->w, j);
			p_fda(p, n, p_ptr(p, mem, i < n ? 4 * n : 4 * n + 8),
			      i < n ? 0 : 8);
			m = (struct msg) { .parcel = p, .sg = 2 * SG_ROOM };
			ASSERT_STREQ("", world_refused(&self->w, variant->as,
						       &m, "EINVAL")) {
				TH_LOG("after %s", world_prefix_name(j));
			}
		}
	}
}

TEST_HARNESS_MAIN
