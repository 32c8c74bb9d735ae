// SPDX-License-Identifier: GPL-2.0
/*
 * What user space waits for, end to end: on any Binder driver, so that two of
 * them can be compared. Prints rows as the benchmarks in the kernel do,
 *
 *	roundtrip,variant,bytes,median,p10,p90
 *
 * in nanoseconds for one operation:
 *
 *	call	a call with that many bytes, and a reply of 4; the reply's buffer
 *		is given back with the next call
 *	echo	the same with a reply of as many bytes
 *	oneway	a oneway message; after each 16th the sender waits until the
 *		receiver has had all of them
 *	handle	a call with an object that the receiver gets a new handle for, and
 *		gives back: not of that many bytes, but beside that many other
 *		handles
 *	send	a oneway message, of many that are sent in one system call
 *	free	a buffer given back, of many likewise
 *	count	a handle acquired or released, likewise
 *	ioctl	BINDER_VERSION: what any system call costs here
 *	pipe	there and back through two pipes: what two processes cost here
 */
#include <err.h>
#include <fcntl.h>
#include <linux/android/binder.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define DEVICE		"/dev/binder"
#define REGION		(4UL << 20)
#define SAMPLES		51
#define SAMPLE_NS	4000000ULL	/* at least this long */
#define ONEWAYS		16		/* and then a pause */
#define BATCH		1000		/* objects in a message */
#define MANY		128		/* commands in a system call */

/* What the receiver does with a message. */
enum { REPLY_SHORT, REPLY_SAME, KEEP, MARK };

struct binder {
	int fd;
	unsigned char out[128 * MANY];
	size_t out_size;
};

static struct binder b;
static unsigned char *payload;
static int pipe_fds[2];
static int marks[2];	/* a byte for each MARK that has arrived */

static void binder_open(void)
{
	b.fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	if (b.fd < 0)
		err(1, DEVICE);
	if (mmap(NULL, REGION, PROT_READ, MAP_PRIVATE, b.fd, 0) == MAP_FAILED)
		err(1, "mmap " DEVICE);
}

static void put(const void *what, size_t size)
{
	memcpy(b.out + b.out_size, what, size);
	b.out_size += size;
}

static void put_objects(__u32 command, __u32 code, __u32 flags,
			const void *data, size_t size,
			const binder_size_t *offsets, size_t nr)
{
	struct binder_transaction_data tr = {
		.code = code,
		.flags = flags,
		.data_size = size,
		.offsets_size = nr * sizeof(*offsets),
		.data.ptr.buffer = (unsigned long)data,
		.data.ptr.offsets = (unsigned long)offsets,
	};

	put(&command, sizeof(command));
	put(&tr, sizeof(tr));
}

static void put_message(__u32 command, __u32 code, __u32 flags,
			const void *data, size_t size)
{
	put_objects(command, code, flags, data, size, NULL, 0);
}

static void put_free(binder_uintptr_t buffer)
{
	__u32 command = BC_FREE_BUFFER;

	put(&command, sizeof(command));
	put(&buffer, sizeof(buffer));
}

/* Sends what there is, and reads until there is @want; its data in @tr. */
static void exchange(__u32 want, struct binder_transaction_data *tr)
{
	unsigned char in[256];
	bool got = false;

	while (!got) {
		struct binder_write_read bwr = {
			.write_buffer = (unsigned long)b.out,
			.write_size = b.out_size,
			.read_buffer = (unsigned long)in,
			.read_size = sizeof(in),
		};
		__u32 command;

		if (ioctl(b.fd, BINDER_WRITE_READ, &bwr))
			err(1, "BINDER_WRITE_READ");
		b.out_size = 0;
		for (size_t at = 0; at < bwr.read_consumed;
		     at += sizeof(command) + _IOC_SIZE(command)) {
			memcpy(&command, in + at, sizeof(command));
			if (command == BR_FAILED_REPLY ||
			    command == BR_DEAD_REPLY)
				errx(1, "a message could not be sent");
			if (command == want) {
				memcpy(tr, in + at + sizeof(command),
				       _IOC_SIZE(command));
				got = true;
			}
		}
	}
}

/* What has been put so far goes to the driver. */
static void flush(void)
{
	struct binder_write_read bwr = {
		.write_buffer = (unsigned long)b.out,
		.write_size = b.out_size,
	};

	if (ioctl(b.fd, BINDER_WRITE_READ, &bwr))
		err(1, "BINDER_WRITE_READ");
	b.out_size = 0;
}

/* The handles in a message stay when its buffer goes. */
static void keep_handles(const struct binder_transaction_data *tr)
{
	const struct flat_binder_object *object =
		(const void *)tr->data.ptr.buffer;
	static const __u32 acquire = BC_ACQUIRE;
	size_t nr = tr->offsets_size / sizeof(binder_size_t);

	for (; nr--; object++) {
		put(&acquire, sizeof(acquire));
		put(&object->handle, sizeof(object->handle));
		flush();
	}
}

static void serve(int ready)
{
	static const __u32 enter = BC_ENTER_LOOPER;
	struct binder_transaction_data tr;
	__u32 short_reply = 0;

	binder_open();
	if (ioctl(b.fd, BINDER_SET_CONTEXT_MGR, 0))
		err(1, "BINDER_SET_CONTEXT_MGR");
	put(&enter, sizeof(enter));
	close(ready);
	for (;;) {
		exchange(BR_TRANSACTION, &tr);
		if (tr.code == KEEP)
			keep_handles(&tr);
		put_free(tr.data.ptr.buffer);
		if (tr.code == MARK && write(marks[1], "", 1) != 1)
			err(1, "pipe");
		if (tr.flags & TF_ONE_WAY)
			continue;
		if (tr.code == REPLY_SAME)
			put_message(BC_REPLY, 0, 0, payload, tr.data_size);
		else
			put_message(BC_REPLY, 0, 0, &short_reply,
				    sizeof(short_reply));
	}
}

static void serve_pipe(int from, int to)
{
	__u32 word;

	while (read(from, &word, sizeof(word)) == sizeof(word))
		if (write(to, &word, sizeof(word)) != sizeof(word))
			err(1, "pipe");
	exit(0);
}

static void call_code(__u32 code, size_t size, size_t reply_size)
{
	struct binder_transaction_data tr;

	put_message(BC_TRANSACTION, code, 0, payload, size);
	exchange(BR_REPLY, &tr);
	if (tr.data_size != reply_size)
		errx(1, "a reply of %llu bytes", (unsigned long long)tr.data_size);
	put_free(tr.data.ptr.buffer);
}

static void call(size_t size)
{
	call_code(REPLY_SHORT, size, sizeof(__u32));
}

static void echo(size_t size)
{
	call_code(REPLY_SAME, size, size);
}

/* Oneway messages come in the order in which they were sent. */
static void await_mark(void)
{
	struct binder_transaction_data tr;
	char c;

	put_message(BC_TRANSACTION, MARK, TF_ONE_WAY, payload, 0);
	exchange(BR_TRANSACTION_COMPLETE, &tr);
	if (read(marks[0], &c, 1) != 1)
		err(1, "pipe");
}

static void oneway(size_t size)
{
	static unsigned int sent;
	struct binder_transaction_data tr;

	put_message(BC_TRANSACTION, REPLY_SHORT, TF_ONE_WAY, payload, size);
	exchange(BR_TRANSACTION_COMPLETE, &tr);
	if (++sent % ONEWAYS == 0)
		await_mark();
}

/* A call with objects that nobody else has. */
static void give(__u32 code, unsigned long first, size_t nr)
{
	static struct flat_binder_object objects[BATCH];
	static binder_size_t offsets[BATCH];
	struct binder_transaction_data tr;

	for (size_t i = 0; i < nr; i++) {
		objects[i] = (struct flat_binder_object) {
			.hdr.type = BINDER_TYPE_BINDER,
			.binder = (first + i) << 4,
		};
		offsets[i] = i * sizeof(objects[0]);
	}
	put_objects(BC_TRANSACTION, code, 0, objects, nr * sizeof(objects[0]),
		    offsets, nr);
	exchange(BR_REPLY, &tr);
	put_free(tr.data.ptr.buffer);
}

static void give_to_keep(unsigned long first, unsigned long end)
{
	for (; first < end; first += BATCH)
		give(KEEP, first, BATCH);
}

static void handle(size_t size)
{
	(void)size;
	give(REPLY_SHORT, -1UL >> 8, 1);
}

static void null_ioctl(size_t size)
{
	struct binder_version v;

	(void)size;
	if (ioctl(b.fd, BINDER_VERSION, &v))
		err(1, "BINDER_VERSION");
}

static void pipe_round(size_t size)
{
	__u32 word;

	if (write(pipe_fds[1], payload, size) != (ssize_t)size ||
	    read(pipe_fds[0], &word, size) != (ssize_t)size)
		err(1, "pipe");
}

static __u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static __u64 time_ns(void (*op)(size_t), size_t size, unsigned long times)
{
	__u64 start = now_ns();

	while (times--)
		op(size);
	return now_ns() - start;
}

static int ascending(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a > b) - (a < b);
}

static void print_row(const char *name, size_t size, double ns[SAMPLES])
{
	qsort(ns, SAMPLES, sizeof(ns[0]), ascending);
	printf("roundtrip,%s,%zu,%.1f,%.1f,%.1f\n", name, size,
	       ns[SAMPLES / 2], ns[SAMPLES / 10], ns[SAMPLES * 9 / 10]);
	fflush(stdout);
}

static void measure(const char *name, void (*op)(size_t), size_t size)
{
	double ns[SAMPLES];
	unsigned long times = 1;

	/* Warms up, too. */
	while (time_ns(op, size, times) < SAMPLE_NS)
		times *= 2;
	for (int i = 0; i < SAMPLES; i++)
		ns[i] = (double)time_ns(op, size, times) / times;
	print_row(name, size, ns);
}

/* Of what is put, only the system call is timed. */
static void measure_many(const char *name, void (*put_all)(size_t),
			 void (*clean_up)(void), size_t size)
{
	double ns[SAMPLES];

	for (int i = 0; i < SAMPLES; i++) {
		__u64 start;

		put_all(size);
		start = now_ns();
		flush();
		ns[i] = (double)(now_ns() - start) / MANY;
		clean_up();
	}
	print_row(name, size, ns);
}

static void put_oneways(size_t size)
{
	for (int i = 0; i < MANY; i++)
		put_message(BC_TRANSACTION, REPLY_SHORT, TF_ONE_WAY, payload,
			    size);
}

/* The call is answered after all completions have been read. */
static void catch_up(void)
{
	await_mark();
	call(sizeof(__u32));
}

static void put_frees(size_t size)
{
	static binder_uintptr_t buffers[MANY];
	struct binder_transaction_data tr;

	for (int i = 0; i < MANY; i++) {
		put_message(BC_TRANSACTION, REPLY_SAME, 0, payload, size);
		exchange(BR_REPLY, &tr);
		buffers[i] = tr.data.ptr.buffer;
	}
	for (int i = 0; i < MANY; i++)
		put_free(buffers[i]);
}

static void put_counts(size_t size)
{
	static const __u32 commands[] = { BC_ACQUIRE, BC_RELEASE };
	static const __u32 manager;

	(void)size;
	for (int i = 0; i < MANY; i++) {
		put(&commands[i % 2], sizeof(commands[0]));
		put(&manager, sizeof(manager));
	}
}

static void no_clean_up(void)
{
}

static void start_server(void)
{
	int ready[2];
	char c;

	if (pipe(ready) || pipe(marks))
		err(1, "pipe");
	switch (fork()) {
	case -1:
		err(1, "fork");
	case 0:
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ready[0]);
		serve(ready[1]);
	}
	close(ready[1]);
	if (read(ready[0], &c, 1))
		err(1, "read");
	binder_open();
}

static void start_pipe_server(void)
{
	int there[2], back[2];

	if (pipe(there) || pipe(back))
		err(1, "pipe");
	switch (fork()) {
	case -1:
		err(1, "fork");
	case 0:
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(there[1]);
		serve_pipe(there[0], back[1]);
	}
	pipe_fds[0] = back[0];
	pipe_fds[1] = there[1];
}

/*
 * On one CPU a receiver may or may not preempt the sender when it is woken, and
 * a oneway message then costs two switches more or less. Take chance out of it.
 */
static void be_never_preempted(void)
{
	const struct sched_param param = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		err(1, "sched_setscheduler");
}

int main(void)
{
	payload = malloc(REGION);
	if (!payload)
		err(1, "malloc");
	memset(payload, 0x5a, REGION);
	start_server();
	start_pipe_server();
	be_never_preempted();
	measure("ioctl", null_ioctl, 0);
	measure("pipe", pipe_round, sizeof(__u32));
	measure("call", call, 4);
	measure("call", call, 4 << 10);
	measure("call", call, 64 << 10);
	measure("call", call, 1 << 20);
	measure("echo", echo, 4 << 10);
	measure("oneway", oneway, 64);
	measure_many("send", put_oneways, catch_up, 64);
	measure_many("send", put_oneways, catch_up, 4 << 10);
	measure_many("free", put_frees, no_clean_up, 64);
	measure_many("count", put_counts, no_clean_up, 0);
	give_to_keep(BATCH, 2 * BATCH);
	measure("handle", handle, BATCH);
	give_to_keep(2 * BATCH, 101 * BATCH);
	measure("handle", handle, 100 * BATCH);
	return 0;
}
