// SPDX-License-Identifier: GPL-2.0
/*
 * 50 Objects: where they may lie in the data, and which types there are.
 */
#include <string.h>

#include "conf.h"
#include "objects.h"

TEST_F(conf, O_003)
{
	struct parcel *p = parcel();

	p_binder(p, PTR, COOKIE, 0);
	p_offset(p, 0);
	EXPECT_REFUSED("FR EFAULT", p);
	EXPECT_EQ(1, bc_give(self->c, self->s, PTR, COOKIE, 0));
}

TEST_F(conf, O_004)
{
	struct parcel *p = parcel();

	p_binder(p, PTR, COOKIE, 0);
	p_binder(p, PTR + 8, COOKIE, 0);
	p->offsets[0] = 24;
	p->offsets[1] = 0;
	EXPECT_REFUSED("FR EFAULT", p);
	p->offsets[0] = 0;
	p->offsets[1] = 20;
	EXPECT_REFUSED("FR EFAULT", p);
	p->offsets[1] = 4;
	EXPECT_REFUSED("FR EFAULT", p);
	EXPECT_EQ(1, bc_give(self->c, self->s, PTR, COOKIE, 0));
}

TEST_F(conf, O_005)
{
	struct binder_transaction_data t;
	struct parcel *p = parcel();

	p_bytes(p, "head", 4);
	p_binder(p, PTR, COOKIE, 0);
	p_bytes(p, "tail!", 5);
	t = bc_sent(self->s, self->c, .parcel = p);
	EXPECT_EQ(33, t.data_size);
	EXPECT_STREQ("HANDLE 1", flat(bc_object(self->s, &t, 0)));
	EXPECT_TRUE(bc_same(self->s, t.data.ptr.buffer, "head", 4));
	EXPECT_TRUE(bc_same(self->s, t.data.ptr.buffer + 28, "tail!", 5));
	EXPECT_STREQ("NOOP INCREFS ACQUIRE TC", bc_read(self->c));
}

TEST_F(conf, O_006)
{
	static const u8 offsets[] = { 1, 2, 3, 6, 7 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		struct parcel *p = parcel();

		p_bytes(p, "1234567", offsets[i]);
		p_binder(p, PTR, COOKIE, 0);
		p_bytes(p, "tail", 4);
		EXPECT_REFUSED("FR EINVAL", p) {
			TH_LOG("at %u", offsets[i]);
		}
	}
}

TEST_F(conf, O_007)
{
	struct parcel *p = parcel();

	p_offset(p, 0);
	EXPECT_REFUSED("FR EINVAL", p);
	p = parcel();
	p_bytes(p, "12345678", 8);
	p_offset(p, 8);
	EXPECT_REFUSED("FR EINVAL", p);
}

TEST_F(conf, O_008)
{
	static const u64 offsets[] = {
		9, 12, 16, 4096, BC_MAP_SIZE, 1ULL << 32, 1ULL << 40,
		~0ULL << 2, ~0ULL,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		struct parcel *p = parcel();

		p_bytes(p, "12345678", 8);
		p_offset(p, offsets[i]);
		EXPECT_REFUSED("FR EFAULT", p) {
			TH_LOG("at %#llx", offsets[i]);
		}
	}
}

TEST_F(conf, O_009)
{
	static const struct flat_binder_object o = {
		.hdr.type = BINDER_TYPE_BINDER,
		.binder = PTR,
	};
	size_t len;

	for (len = 0; len < sizeof(o); len++) {
		struct parcel *p = parcel();

		p_object(p, &o, len);
		EXPECT_REFUSED("FR EINVAL", p) {
			TH_LOG("%zu bytes", len);
		}
	}
}

/* What is behind the data is no part of it: each type has its size. */
TEST_F(conf, O_009_types)
{
	static const u32 types[] = {
		BINDER_TYPE_BINDER, BINDER_TYPE_WEAK_BINDER,
		BINDER_TYPE_HANDLE, BINDER_TYPE_WEAK_HANDLE, BINDER_TYPE_FD,
		BINDER_TYPE_PTR, BINDER_TYPE_FDA,
	};
	size_t i;

	EXPECT_EQ(0, bc_ref(self->c, BC_ACQUIRE, 0));
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		struct parcel *p = parcel();
		union object o = { .hdr.type = types[i] };

		p_bytes(p, "head", 4);
		p_object(p, &o, object_size(types[i]));
		p->size -= 4;
		EXPECT_REFUSED("FR EINVAL", p) {
			TH_LOG("%s", object_name(types[i]));
		}
	}
}

TEST_F(conf, O_010)
{
	static const u32 types[] = {
		0, 1, 0xffffffff, B_PACK_CHARS('s', 'b', '*', 0x84),
		B_PACK_CHARS('s', 'x', '*', B_TYPE_LARGE),
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		struct parcel *p = parcel();

		p_flat(p, types[i], 0, PTR, COOKIE);
		p_bytes(p, "a tail of 16 b..", 16);
		EXPECT_REFUSED("FR EINVAL", p) {
			TH_LOG("type %#x", types[i]);
		}
	}
}

TEST_F(conf, O_011)
{
	struct parcel *p = parcel();

	p_binder(p, PTR, COOKIE, 0);
	p->data = BAD_POINTER;
	EXPECT_REFUSED("FR EINVAL", p);
}

/* The object itself reaches into memory that is not there. */
TEST_F(conf, O_011_edge)
{
	u8 *edge = bc_edge(self->c);
	struct parcel *p = parcel();

	p_bytes(p, "12345678", 8);
	p_binder(p, PTR, COOKIE, 0);
	p->data = memcpy(edge - 8, p->data, 8);
	EXPECT_REFUSED("FR EINVAL", p);
	p = parcel();
	p_binder(p, PTR, COOKIE, 0);
	p->data = memcpy(edge - 20, p->data, 20);
	EXPECT_REFUSED("FR EINVAL", p);
}

TEST_F(conf, O_012)
{
	struct parcel *p = parcel();

	p_bytes(p, "12345678", 8);
	p_binder(p, PTR, COOKIE, 0);
	p->data = BAD_POINTER;
	EXPECT_REFUSED("FR EFAULT", p);
}

/* What is behind the last object cannot be read: the object is undone. */
TEST_F(conf, O_012_tail)
{
	u8 *edge = bc_edge(self->c);
	struct parcel *p = parcel();

	p_binder(p, PTR, COOKIE, 0);
	p_bytes(p, "more than the longest of objects", 32);
	p->data = memcpy(edge - 40, p->data, 40);
	EXPECT_REFUSED("FR EFAULT", p);
	EXPECT_EQ(1, bc_give(self->c, self->s, PTR, COOKIE, 0));
}

/*
 * An object is read together with what follows, as far as the longest object
 * would reach: the 40 bytes of a PTR. This counts as reading the object.
 */
TEST_F(conf, O_012_near)
{
	u8 *edge = bc_edge(self->c);
	size_t readable;

	for (readable = 24; readable < 40; readable += 4) {
		struct parcel *p = parcel();

		p_binder(p, PTR, COOKIE, 0);
		p_bytes(p, "more than the longest of objects", 32);
		p->data = memcpy(edge - readable, p->data, readable);
		EXPECT_REFUSED(on_stock() ? "FR EINVAL" : "FR EFAULT", p) {
			TH_LOG("%zu bytes", readable);
		}
	}
}

TEST_HARNESS_MAIN
