// SPDX-License-Identifier: GPL-2.0
/*
 * Send files in pieces, straight from where they are mapped: the driver's copy
 * is the first to touch the file's pages here.
 */
#include <err.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "sender.h"

#define ONEWAY_MAX	(REGION_SIZE / 4)	/* two have to fit in one half */

static __u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/**
 * source_open() - map a file
 * @src: out
 * @path: the file
 */
void source_open(struct source *src, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		err(1, "%s", path);
	if (!st.st_size || st.st_size > NUMBER_MASK)
		errx(1, "%s: %lld bytes", path, (long long)st.st_size);
	src->name = basename(path);
	src->size = st.st_size;
	src->sent = 0;
	src->data = mmap(NULL, src->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (src->data == MAP_FAILED)
		err(1, "mmap %s", path);
	close(fd);
}

static struct ack call(struct sender *s, __u32 code, const void *data,
		       size_t size)
{
	struct ack ack;

	binder_call(&s->b, code, data, size, &ack, sizeof(ack));
	s->calls++;
	s->copied += size > 0;
	return ack;
}

/**
 * send_op() - have the receiver do something that needs no data
 * @s: the sender
 * @what: the operation
 * @number: to what
 *
 * Return: the receiver's answer.
 */
struct ack send_op(struct sender *s, enum op what, __u32 number)
{
	return call(s, wire_code(what, number), NULL, 0);
}

/**
 * send_file() - announce a file
 * @s: the sender
 * @src: the file
 */
void send_file(struct sender *s, struct source *src)
{
	send_op(s, OP_FILE, src->size);
	s->expected = 0;
}

/* A call may overtake a oneway message, so ask until all have arrived. */
static void await_arrival(struct sender *s, struct ack ack)
{
	for (int tries = 0; ack.bytes < s->expected; tries++) {
		if (tries == 1000)
			errx(1, "%llu of %llu bytes arrived",
			     (unsigned long long)ack.bytes,
			     (unsigned long long)s->expected);
		ack = send_op(s, OP_CHECK, 0);
	}
	if (ack.bytes != s->expected)
		errx(1, "%llu bytes arrived, %llu were sent",
		     (unsigned long long)ack.bytes,
		     (unsigned long long)s->expected);
}

/* Bytes of the next piece; of odd sizes if @size is 0. */
static size_t next_size(const struct source *src, size_t size)
{
	size_t left = src->size - src->sent;

	if (!size)	/* anything up to 64 KiB, mostly not a multiple of 8 */
		size = 1 + src->sent * 2654435761U % 65536;
	return size < left ? size : left;
}

/**
 * send_batch() - send the next pieces of a file, calls and oneways in turn
 * @s: the sender
 * @src: the file
 * @size: bytes in each message; 0: odd sizes
 * @count: messages, fewer if the file ends before
 * @batch: the books; added to
 *
 * Returns when all of them have arrived.
 */
void send_batch(struct sender *s, struct source *src, size_t size,
		unsigned long count, struct batch *batch)
{
	__u64 start = now_ns();
	struct ack ack = { };

	for (unsigned long i = 0; i < count && src->sent < src->size; i++) {
		size_t n = next_size(src, size);
		__u32 code = wire_code(OP_DATA, src->sent);

		s->expected += n;
		if (i % 2 && n <= ONEWAY_MAX) {
			binder_oneway(&s->b, code, src->data + src->sent, n);
			s->oneways++;
			s->copied++;
			batch->oneways++;
		} else {
			ack = call(s, code, src->data + src->sent, n);
			batch->calls++;
		}
		src->sent += n;
		batch->bytes += n;
	}
	await_arrival(s, ack);
	batch->ns += now_ns() - start;
}

/**
 * send_keep() - send a piece once more, for the receiver to keep
 * @s: the sender
 * @src: the file
 * @at: offset in the file
 * @size: bytes
 */
void send_keep(struct sender *s, const struct source *src, size_t at,
	       size_t size)
{
	s->expected += size;
	await_arrival(s, call(s, wire_code(OP_KEEP, at), src->data + at, size));
}

/**
 * send_digest() - ask for the digest of what arrived
 * @s: the sender
 * @d: out
 */
void send_digest(struct sender *s, struct digest *d)
{
	binder_call(&s->b, wire_code(OP_DIGEST, 0), NULL, 0, d, sizeof(*d));
	s->calls++;
}

/**
 * send_quit() - have the receiver end
 * @s: the sender
 */
void send_quit(struct sender *s)
{
	binder_oneway(&s->b, wire_code(OP_QUIT, 0), NULL, 0);
	s->oneways++;
}
