// SPDX-License-Identifier: GPL-2.0
/*
 * The receiver: the context manager, which puts together what it is sent.
 *
 * It reads each message where the driver put it, in its own mapping, and gives
 * the buffer back with the reply. Only what arrived goes into the digest; of
 * the files it knows nothing but their size.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "binder.h"
#include "wire.h"

struct receiver {
	struct binder b;
	__u8 *file;
	__u64 size;		/* of the file */
	__u64 arrived;	/* bytes of it */
	struct message kept[KEEP_MAX];
};

static __u32 number_of(const struct message *m)
{
	return m->code & NUMBER_MASK;
}

static void start_file(struct receiver *r, __u64 size)
{
	free(r->file);
	r->file = calloc(1, size ?: 1);
	if (!r->file)
		err(1, "receiver: %llu bytes", (unsigned long long)size);
	r->size = size;
	r->arrived = 0;
}

static void take_data(struct receiver *r, const struct message *m)
{
	__u64 at = number_of(m);

	if (at > r->size || m->size > r->size - at)
		errx(1, "receiver: a message beyond the end of the file");
	memcpy(r->file + at, m->data, m->size);
	r->arrived += m->size;
}

/* The message agrees with the file now; later, OP_CHECK has to find the same. */
static void keep(struct receiver *r, const struct message *m)
{
	take_data(r, m);
	for (int i = 0; i < KEEP_MAX; i++) {
		if (!r->kept[i].data) {
			r->kept[i] = *m;
			return;
		}
	}
	errx(1, "receiver: no place for another message");
}

static __u64 count_good(const struct receiver *r)
{
	__u64 good = 0;

	for (int i = 0; i < KEEP_MAX; i++) {
		const struct message *m = &r->kept[i];

		good += m->data && !memcmp(r->file + number_of(m), m->data,
					   m->size);
	}
	return good;
}

static void drop(struct receiver *r, unsigned int nr)
{
	if (nr >= KEEP_MAX || !r->kept[nr].data)
		errx(1, "receiver: no message %u is kept", nr);
	binder_free(&r->b, r->kept[nr].data);
	r->kept[nr].data = NULL;
}

/* Does what the message says; true if its buffer can go. */
static bool obey(struct receiver *r, const struct message *m, struct ack *ack)
{
	bool done = true;

	switch (m->code >> OP_SHIFT) {
	case OP_FILE:
		start_file(r, number_of(m));
		break;
	case OP_DATA:
		take_data(r, m);
		break;
	case OP_KEEP:
		keep(r, m);
		done = false;
		break;
	case OP_CHECK:
		ack->good = count_good(r);
		break;
	case OP_DROP:
		drop(r, number_of(m));
		break;
	}
	ack->bytes = r->arrived;
	return done;
}

/**
 * receive() - be the receiver, until told to quit
 * @ready_fd: closed as soon as messages can be sent
 *
 * Ends the process.
 */
void receive(int ready_fd)
{
	struct receiver r = { };
	struct digest digest;
	struct message m;
	struct ack ack;

	binder_open(&r.b, DEVICE, REGION_SIZE);
	binder_serve(&r.b);
	close(ready_fd);
	for (;;) {
		__u32 op;

		binder_wait(&r.b, &m);
		op = m.code >> OP_SHIFT;
		if (op == OP_QUIT)
			exit(0);
		ack = (struct ack) { };
		if (obey(&r, &m, &ack))
			binder_free(&r.b, m.data);
		if (m.oneway)
			continue;
		if (op == OP_DIGEST) {
			sha256(r.file, r.size, digest.sha256);
			binder_reply(&r.b, &digest, sizeof(digest));
		} else {
			binder_reply(&r.b, &ack, sizeof(ack));
		}
	}
}
