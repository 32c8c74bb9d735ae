// SPDX-License-Identifier: GPL-2.0
/*
 * 50 Objects: buffers (PTR), and buffers that point to each other.
 *
 * In what follows A, B, C and D are buffers of 40 bytes; B(A,8) means that B is
 * pointed to from byte 8 of A.
 */
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "holdings.h"

#define LEN	40
#define ROOM	512
#define MOST	100	/* objects that arrived() can tell about */

#define A	0
#define B	1
#define C	2
#define D	3

/* Bytes on the stage, different ones each time. */
static void *bytes(size_t len)
{
	static u64 seed;
	void *p = stage_scratch(len + 1);

	fill_pattern(p, len, ++seed);
	return p;
}

/* A parcel with something in front, so that its PTRs can be parents. */
static struct parcel *in_front(void)
{
	struct parcel *p = parcel();

	p_bytes(p, "in front", 8);
	return p;
}

static size_t add(struct parcel *p, size_t len)
{
	return p_ptr(p, bytes(len), len);
}

static size_t add_in(struct parcel *p, size_t parent, u64 offset)
{
	return p_ptr_in(p, bytes(LEN), LEN, parent, offset);
}

/* A parcel with A in it. */
static struct parcel *with_a(void)
{
	struct parcel *p = in_front();

	add(p, LEN);
	return p;
}

static bool is_ptr(struct parcel *p, size_t i)
{
	return p_at(p, i)->hdr.type == BINDER_TYPE_PTR;
}

/**
 * struct expected - what is to arrive
 * @addr: of each PTR's buffer in the receiver
 * @content: of each buffer, with the pointers to others in it
 */
struct expected {
	u64 addr[MOST];
	u8 content[MOST][64];
};

/*
 * The buffers lie behind the offsets, one after the other at multiples of 8.
 * What others point to them is told by their objects.
 */
static void expect(struct expected *e, struct parcel *p,
		   const struct binder_transaction_data *t)
{
	u64 pos = t->data.ptr.buffer + up8(p->size) + up8(8 * p->n);
	size_t i;

	if (p->n > MOST)
		test_abort("too many objects to tell what is to arrive");
	for (i = 0; i < p->n; i++) {
		const struct binder_buffer_object *o = &p_at(p, i)->ptr;

		if (!is_ptr(p, i))
			continue;
		e->addr[i] = pos;
		if (o->length > sizeof(e->content[i]))
			test_abort("too much to tell what is to arrive");
		if (o->length)
			memcpy(e->content[i], (void *)o->buffer, o->length);
		if (o->flags & BINDER_BUFFER_FLAG_HAS_PARENT)
			memcpy(e->content[o->parent] + o->parent_offset, &pos,
			       sizeof(pos));
		pos += up8(o->length);
	}
}

/* Whether a parcel with PTRs has arrived. Return: "ok", or what is wrong. */
static const char *arrived(struct client *s, struct parcel *p,
			   const struct binder_transaction_data *t)
{
	struct expected *e = stage_scratch(sizeof(*e));
	char *text = stage_scratch(64);
	size_t i;

	if (bc_objects(t) != p->n || t->data_size != p->size)
		return "sizes";
	if (t->data.ptr.offsets != t->data.ptr.buffer + up8(p->size) ||
	    !bc_same(s, t->data.ptr.offsets, p->offsets, 8 * p->n))
		return "offsets";
	expect(e, p, t);
	for (i = 0; i < p->n; i++) {
		struct binder_buffer_object o = p_at(p, i)->ptr;

		if (!is_ptr(p, i))
			continue;
		o.buffer = e->addr[i];
		snprintf(text, 64, "object %zu", i);
		if (memcmp(bc_object(s, t, i), &o, sizeof(o)))
			return text;
		snprintf(text, 64, "buffer %zu", i);
		if (!bc_same(s, o.buffer, e->content[i], o.length))
			return text;
	}
	return "ok";
}

/* Send a parcel that is to arrive, and take it in. As arrived(). */
static const char *sent(struct client *s, struct client *c, struct parcel *p,
			size_t room)
{
	struct binder_transaction_data t;
	const char *text;

	t = bc_sent(s, c, .parcel = p, .sg = room, .use_sg = true);
	text = arrived(s, p, &t);
	bc_read(c);
	bc_acknowledge(c);
	if (bc_free(s, t.data.ptr.buffer))
		return "cannot be freed";
	return bc_room(s, c) ? text : "is not freed";
}

static const char *refused(struct client *s, struct client *c,
			   struct parcel *p, size_t room)
{
	return bc_refused(s, c, .parcel = p, .sg = room, .use_sg = true);
}

#define EXPECT_OK(p) \
	EXPECT_STREQ("ok", sent(self->s, self->c, p, ROOM))
#define EXPECT_EINVAL(p) \
	EXPECT_STREQ("FR EINVAL", refused(self->s, self->c, p, ROOM))

TEST_F(conf, O_043)
{
	static const size_t lengths[] = { 40, 37, 33, 8, 1, 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		struct parcel *p = in_front();

		add(p, lengths[i]);
		EXPECT_STREQ("ok", sent(self->s, self->c, p, 40)) {
			TH_LOG("%zu bytes", lengths[i]);
		}
	}
}

/* Where the buffers begin depends on what is before them. */
TEST_F(conf, O_043_place)
{
	struct binder_transaction_data t;
	struct parcel *p = parcel();
	void *buffer = bytes(40);

	p_bytes(p, "13 bytes and.", 12);
	p_ptr(p, buffer, 40);
	p_bytes(p, "tail!", 5);
	t = bc_sent(self->s, self->c, .parcel = p, .sg = 40);
	EXPECT_EQ(t.data.ptr.buffer + 64 + 8,
		  bc_object(self->s, &t, 0)->ptr.buffer);
	EXPECT_TRUE(bc_same(self->s, t.data.ptr.buffer + 72, buffer, 40));
	EXPECT_TRUE(bc_same(self->s, t.data.ptr.buffer + 52, "tail!", 5));
}

TEST_F(conf, O_043_reply)
{
	struct parcel *p = with_a();

	add_in(p, A, 16);
	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take_and_free(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .parcel = p, .sg = 2 * LEN));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(self->c));
	EXPECT_STREQ("ok", arrived(self->c, p, bc_txn(self->c)));
}

/* In a reply that is refused, the caller learns of it. */
TEST_F(conf, O_044_reply)
{
	struct parcel *p = with_a();

	EXPECT_EQ(0, bc_send(self->c, .code = 1));
	bc_take_and_free(self->s);
	EXPECT_EQ(0, bc_reply(self->s, .parcel = p, .sg = LEN - 8));
	EXPECT_STREQ("NOOP TC", bc_read(self->s));
	EXPECT_STREQ("NOOP TC FR", bc_read(self->c));
	EXPECT_STREQ("FR EINVAL", bc_ee(self->c));
}

TEST_F(conf, O_044)
{
	static const size_t lengths[] = { 41, 48, 4096, ~0UL, ~0UL - 6 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		struct parcel *p = in_front();

		p_ptr(p, bytes(64), lengths[i]);
		EXPECT_STREQ("FR EINVAL",
			     refused(self->s, self->c, p, 40)) {
			TH_LOG("%#zx bytes", lengths[i]);
		}
	}
}

TEST_F(conf, O_045)
{
	struct parcel *p = with_a();

	EXPECT_STREQ("FR EINVAL", bc_refused(self->s, self->c, .parcel = p));
	p_at(p, A)->ptr.length = 1;
	EXPECT_STREQ("FR EINVAL", bc_refused(self->s, self->c, .parcel = p));
	p_at(p, A)->ptr.length = 0;
	bc_sent(self->s, self->c, .parcel = p);
}

TEST_F(conf, O_046)
{
	struct parcel *p = in_front();

	add(p, 1);
	add(p, 1);
	EXPECT_STREQ("FR EINVAL", refused(self->s, self->c, p, 8));
	EXPECT_STREQ("ok", sent(self->s, self->c, p, 16));
}

TEST_F(conf, O_047)
{
	struct parcel *p = in_front();

	add(p, 1);
	add(p, 0);
	EXPECT_STREQ("ok", sent(self->s, self->c, p, 8));
	add(p, 0);
	EXPECT_STREQ("ok", sent(self->s, self->c, p, 8));
}

TEST_F(conf, O_048)
{
	struct parcel *p = in_front();

	p_ptr(p, BAD_POINTER, LEN);
	EXPECT_EINVAL(p);
	p_at(p, A)->ptr.length = 0;
	EXPECT_OK(p);
}

/* Some of it can be read; what is before and behind it, too. */
TEST_F(conf, O_048_edge)
{
	struct parcel *p = with_a();

	p_ptr(p, bc_edge(self->c) - 16, LEN);
	add(p, LEN);
	EXPECT_EINVAL(p);
	p_at(p, B)->ptr.length = 16;
	EXPECT_OK(p);
}

TEST_F(conf, O_049)
{
	struct parcel *p = parcel();

	add(p, LEN);
	add_in(p, A, 0);
	EXPECT_EINVAL(p);
	/* It can be a child, of nobody, and it can be sent. */
	p = parcel();
	add(p, LEN);
	add(p, LEN);
	add_in(p, B, 8);
	EXPECT_OK(p);
}

/* Four bytes in front are enough. */
TEST_F(conf, O_049_in_front)
{
	struct parcel *p = parcel();

	p_bytes(p, "four", 4);
	add(p, LEN);
	add_in(p, A, 0);
	EXPECT_OK(p);
}

TEST_F(conf, O_050)
{
	static const u8 offsets[] = { 0, 4, 8, 12, 28, 32 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		struct parcel *p = with_a();

		add_in(p, A, offsets[i]);
		EXPECT_OK(p) {
			TH_LOG("at %u", offsets[i]);
		}
	}
}

TEST_F(conf, O_051)
{
	static const u64 offsets[] = {
		1, 2, 3, 6, 30, 33, 36, 40, 48, 4096, 1ULL << 32, ~0ULL - 7,
		~0ULL - 3, ~0ULL,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		struct parcel *p = with_a();

		add_in(p, A, offsets[i]);
		EXPECT_EINVAL(p) {
			TH_LOG("at %#llx", offsets[i]);
		}
	}
}

TEST_F(conf, O_052)
{
	static const u64 parents[] = {
		1 /* BINDER */, 2 /* itself */, 3 /* later */, 4, 99,
		1ULL << 32, ~0ULL,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parents); i++) {
		struct parcel *p = with_a();

		p_binder(p, 0x1000, 0, 0);
		add_in(p, parents[i], 0);
		add(p, LEN);
		EXPECT_EINVAL(p) {
			TH_LOG("parent %#llx", parents[i]);
		}
	}
}

TEST_F(conf, O_053)
{
	size_t len;

	for (len = 0; len < 8; len++) {
		struct parcel *p = in_front();

		add(p, len);
		add_in(p, A, 0);
		EXPECT_EINVAL(p) {
			TH_LOG("%zu bytes", len);
		}
	}
}

TEST_F(conf, O_053_just)
{
	struct parcel *p = in_front();

	add(p, 8);
	add_in(p, A, 0);
	EXPECT_OK(p);
}

TEST_F(conf, O_054)
{
	struct parcel *p = with_a();

	add_in(p, 77, 12345);
	p_at(p, B)->ptr.flags = 0xfe;
	EXPECT_OK(p);
	p_at(p, B)->ptr.flags = 0xfffffffe;
	EXPECT_OK(p);
}

/* With the flag, the others do not matter, either. */
TEST_F(conf, O_054_parent)
{
	struct parcel *p = with_a();

	add_in(p, A, 8);
	p_at(p, B)->ptr.flags = 0xffffffff;
	EXPECT_OK(p);
}

/* A; B(A,0); C(A,16) */
TEST_F(conf, O_055)
{
	struct parcel *p = with_a();

	add_in(p, A, 0);
	add_in(p, A, 16);
	EXPECT_OK(p);
}

/* One directly behind the other */
TEST_F(conf, O_055_next)
{
	struct parcel *p = with_a();

	add_in(p, A, 0);
	add_in(p, A, 8);
	add_in(p, A, 16);
	EXPECT_OK(p);
}

/* A; C(A,16); B(A,0) */
TEST_F(conf, O_056)
{
	struct parcel *p = with_a();

	add_in(p, A, 16);
	add_in(p, A, 0);
	EXPECT_EINVAL(p);
	/* Also if they do not touch each other: only the order matters. */
	p_at(p, C)->ptr.parent_offset = 8;
	EXPECT_EINVAL(p);
	p_at(p, C)->ptr.parent_offset = 24;
	EXPECT_OK(p);
}

/* A; B(A,0); C(A,0) or C(A,4) */
TEST_F(conf, O_057)
{
	struct parcel *p = with_a();

	add_in(p, A, 0);
	add_in(p, A, 0);
	EXPECT_EINVAL(p);
	p_at(p, C)->ptr.parent_offset = 4;
	EXPECT_EINVAL(p);
}

/* A; B(A,0); C(B,0); D(A,8) */
TEST_F(conf, O_058)
{
	struct parcel *p = with_a();

	add_in(p, A, 0);
	add_in(p, B, 0);
	add_in(p, A, 8);
	EXPECT_OK(p);
}

/* D(A,4) would overlap the pointer to B, two steps up. */
TEST_F(conf, O_058_overlap)
{
	struct parcel *p = with_a();

	add_in(p, A, 0);
	add_in(p, B, 16);
	add_in(p, A, 4);
	EXPECT_EINVAL(p);
	/* In the deepest, everything is free. */
	p_at(p, D)->ptr.parent = C;
	p_at(p, D)->ptr.parent_offset = 0;
	EXPECT_OK(p);
}

/* Each in the one before, as deep as it goes, and then up to the first. */
TEST_F(conf, O_058_deep)
{
	struct parcel *p = with_a();
	size_t i;

	for (i = 1; i < MOST - 1; i++)
		add_in(p, i - 1, 8);
	add_in(p, A, 12);
	EXPECT_STREQ("FR EINVAL",
		     refused(self->s, self->c, p, MOST * LEN));
	p_at(p, MOST - 1)->ptr.parent_offset = 16;
	EXPECT_STREQ("ok", sent(self->s, self->c, p, MOST * LEN));
}

/* A; B; C(A,0) */
TEST_F(conf, O_059)
{
	struct parcel *p = with_a();

	add(p, LEN);
	add_in(p, A, 0);
	EXPECT_EINVAL(p);
	p_at(p, C)->ptr.parent = B;
	EXPECT_OK(p);
}

/* A; B(A,0); C(A,8); D(B,0) */
TEST_F(conf, O_060)
{
	struct parcel *p = with_a();

	add_in(p, A, 0);
	add_in(p, A, 8);
	add_in(p, B, 0);
	EXPECT_EINVAL(p);
	p_at(p, D)->ptr.parent = C;
	EXPECT_OK(p);
}

/* A; BINDER; B(A,0) */
TEST_F(conf, O_061)
{
	struct parcel *p = with_a();

	p_binder(p, 0x1000, 0, 0);
	add_in(p, A, 0);
	EXPECT_OK(p);
}

/* Nor do an FD and a handle in between change what may come. */
TEST_F(conf, O_061_others)
{
	struct parcel *p = with_a();

	EXPECT_EQ(0, bc_ref(self->c, BC_ACQUIRE, 0));
	add_in(p, A, 16);
	p_fd(p, 0, 0);
	p_handle(p, 0);
	add_in(p, A, 0);
	EXPECT_EINVAL(p);
	p_at(p, 4)->ptr.parent_offset = 24;
	EXPECT_OK(p);
}

/* What was counted for objects before a bad buffer is given back. */
TEST_F(conf, O_061_undone)
{
	struct parcel *p = with_a();

	p_binder(p, 0x1000, 0, 0);
	p_ptr(p, BAD_POINTER, LEN);
	EXPECT_EINVAL(p);
	EXPECT_EQ(1, bc_give(self->c, self->s, 0x1000, 1, 0));
}

TEST_HARNESS_MAIN
