// SPDX-License-Identifier: GPL-2.0
/*
 * The demonstration: files travel from one process to another through the
 * driver, and the books of all who took part are compared.
 *
 *	demo [SMALL BIG]	default: /share/COPYING /share/vmlinux.part
 *
 * This process is the sender, and looks on; its child is the receiver. Whatever
 * is said below to hold has been checked, and the exit status is 0 only if all
 * of it does.
 */
#include <err.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest.h"
#include "observe.h"
#include "sender.h"

#define PAGE_KIB	4
#define PICTURE		32	/* characters for all the slots */

#define KIB		1024UL
#define KEPT	3	/* messages, after one more was given back */
#define DROPPED	1	/* that one */
#define LARGEST		(REGION_SIZE - 4 * KIB)

/*
 * The sizes of messages and how many of each, about 7.3 MiB of the file and then
 * its rest. What is sent again finds all pages there.
 */
static const struct {
	size_t size;
	unsigned long count;
	bool again;
} schedule[] = {
	{ 64, 512 }, { 256, 256 }, { KIB, 256 }, { 4 * KIB, 64 },
	{ 16 * KIB, 32 }, { 64 * KIB, 8 }, { 256 * KIB, 4 },
	{ KIB * KIB, 1 }, { LARGEST, 1 }, { LARGEST, 1, true }, { 0, -1UL },
};

struct demo {
	struct sender s;
	struct source small, big;
	pid_t receiver;
	struct mapping map;
	struct region region;
	bool rss_fits;
	struct region before, after;	/* the shrinker was at work */
	struct ack kept;
	unsigned int checks, failed;
};

static __printf(3, 4)
void check(struct demo *d, bool ok, const char *fmt, ...)
{
	va_list ap;

	printf("%8s  ", ok ? "ok" : "FAILED");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	d->checks++;
	d->failed += !ok;
}

static void start_receiver(struct demo *d)
{
	int ready[2];
	char c;

	if (pipe(ready))
		err(1, "pipe");
	d->receiver = fork();
	if (d->receiver < 0)
		err(1, "fork");
	if (!d->receiver) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ready[0]);
		receive(ready[1]);
	}
	close(ready[1]);
	if (read(ready[0], &c, 1))
		err(1, "read");
	close(ready[0]);
}

/* The receiver's pages as they are now, and whether /proc agrees. */
static void look(struct demo *d)
{
	observe_mapping(d->receiver, DEVICE, &d->map);
	observe_region(&d->map, &d->region);
	if (d->map.rss != (d->region.in_use + d->region.idle) * PAGE_KIB) {
		printf("Rss is %ld KiB, but %ld pages are present\n",
		       d->map.rss, d->region.in_use + d->region.idle);
		d->rss_fits = false;
	}
}

/* A character for some neighbouring slots: the liveliest of them. */
static void draw(const struct region *r)
{
	size_t each = r->nr_slots / PICTURE;

	for (size_t i = 0; i < PICTURE; i++) {
		const char *slots = r->slots + i * each;

		putchar(memchr(slots, '#', each) ? '#' :
			memchr(slots, 'o', each) ? 'o' : '.');
	}
	putchar('\n');
}

static void introduce(struct demo *d)
{
	look(d);
	printf("One copy a message: from the sender's memory into the receiver's pages\n\n"
	       "receiver  %s\n          pid %d, flags %s\n"
	       "sender    pid %d, sends %s (%zu bytes) and %s (%zu bytes)\n\n",
	       d->map.line, d->receiver, d->map.flags, getpid(),
	       d->small.name, d->small.size, d->big.name, d->big.size);
}

static void print_batch(struct demo *d, size_t size, bool again,
			const struct batch *b)
{
	unsigned long messages = b->calls + b->oneways;

	if (!messages)
		return;
	if (again)
		printf("     again");
	else if (!size)
		printf("  any size");
	else if (size < KIB)
		printf("%8zu B", size);
	else
		printf("%6zu KiB", size / KIB);
	printf(" %5lu %6lu %9.1f %8.1f   ", b->calls, b->oneways,
	       b->ns / 1e3 / messages, b->bytes * 1e3 / b->ns);
	look(d);
	draw(&d->region);
}

static void compare_digests(struct demo *d, const struct source *src,
			    const struct digest *arrived)
{
	char sent_text[SHA256_TEXT], arrived_text[SHA256_TEXT];
	struct digest sent;

	sha256(src->data, src->size, sent.sha256);
	sha256_text(sent.sha256, sent_text);
	sha256_text(arrived->sha256, arrived_text);
	check(d, src->sent == src->size && !strcmp(sent_text, arrived_text),
	      "%s arrived as it was sent, SHA-256\n          %s", src->name,
	      arrived_text);
}

/* The small file goes in the smallest messages, the big one in all sizes. */
static void transfer(struct demo *d, struct digest *small, struct digest *big)
{
	struct batch total = { }, b = { };

	printf("   message calls oneway   us each     MB/s");
	printf("   pages: # in use, o idle, . absent\n");
	send_file(&d->s, &d->small);
	send_batch(&d->s, &d->small, schedule[0].size, -1UL, &b);
	send_digest(&d->s, small);

	send_file(&d->s, &d->big);
	for (size_t i = 0; i < ARRAY_SIZE(schedule); i++) {
		if (schedule[i].again)
			d->big.sent -= schedule[i].size;
		send_batch(&d->s, &d->big, schedule[i].size, schedule[i].count,
			   &b);
		print_batch(d, schedule[i].size, schedule[i].again, &b);
		total.calls += b.calls;
		total.oneways += b.oneways;
		total.bytes += b.bytes;
		total.ns += b.ns;
		b = (struct batch) { };
	}
	send_digest(&d->s, big);
	printf("%lu messages, %.1f MB in %.2f s: %.0f messages/s, %.1f MB/s\n\n",
	       total.calls + total.oneways, total.bytes / 1e6, total.ns / 1e9,
	       (total.calls + total.oneways) * 1e9 / total.ns,
	       total.bytes * 1e3 / total.ns);
}

static void print_state(struct demo *d, const char *what)
{
	look(d);
	printf("%-14s %6ld %6ld %6ld %6ld   ", what, d->region.ranges,
	       d->region.in_use, d->region.idle, d->region.absent);
	draw(&d->region);
}

/* Some messages stay while the shrinker takes what it can get. */
static void reclaim(struct demo *d)
{
	static const size_t sizes[KEPT + 1] = {
		300 * KIB, 640 * KIB, 1 * KIB * KIB, 70 * KIB + 13
	};
	struct batch again = { };
	size_t at = 0;

	printf("               ranges in use   idle absent   pages\n");
	for (int i = 0; i <= KEPT; at += sizes[i++])
		send_keep(&d->s, &d->big, at, sizes[i]);
	send_op(&d->s, OP_DROP, DROPPED);
	print_state(d, "three kept");
	d->before = d->region;
	shrink(d->before.nr_slots);
	print_state(d, "shrinker came");
	d->after = d->region;
	d->kept = send_op(&d->s, OP_CHECK, 0);
	d->big.sent -= 64 * KIB;
	send_batch(&d->s, &d->big, 64 * KIB, 1, &again);
	print_state(d, "64 KiB more");
	for (int i = 0; i <= KEPT; i++)
		if (i != DROPPED)
			send_op(&d->s, OP_DROP, i);
	print_state(d, "all given back");
	putchar('\n');
}

static void check_reclaim(struct demo *d)
{
	check(d, d->before.idle && !d->after.idle &&
	      d->after.in_use == d->before.in_use &&
	      region_event(&d->after, "reclaimed") == d->before.idle,
	      "the shrinker took the %ld idle pages and none of the %ld in use",
	      d->before.idle, d->before.in_use);
	check(d, d->kept.good == KEPT,
	      "the %d messages kept read as before", KEPT);
}

/* The driver's count of copies against our own count of messages with data. */
static void check_copies(struct demo *d)
{
	struct region mine;
	struct mapping map;
	long sent = d->s.copied;
	long copies = region_event(&d->region, "copies_from_user");

	check(d, copies == sent, "%ld messages with data were copied %ld times",
	      sent, copies);
	observe_mapping(getpid(), DEVICE, &map);
	observe_region(&map, &mine);
	copies = region_event(&mine, "copies_from_user");
	check(d, copies == (long)d->s.calls, "%lu replies were copied %ld times",
	      d->s.calls, copies);
}

static void check_mapping(struct demo *d)
{
	check(d, !strcmp(d->map.perms, "r--p") && !strstr(d->map.flags, "wr") &&
	      !strstr(d->map.flags, "mw") && strstr(d->map.flags, "dc"),
	      "the receiver cannot write to its region, nor make it writable");
	check(d, d->rss_fits, "Rss was 4 KiB for each page present, always");
}

static void end_receiver(struct demo *d)
{
	int status;

	send_quit(&d->s);
	if (waitpid(d->receiver, &status, 0) != d->receiver || status)
		errx(1, "the receiver ended with status %#x", status);
}

int main(int argc, char *argv[])
{
	struct demo d = { .rss_fits = true };
	struct digest small, big;

	source_open(&d.small, argc > 2 ? argv[1] : "/share/COPYING");
	source_open(&d.big, argc > 2 ? argv[2] : "/share/vmlinux.part");
	if (d.big.size < REGION_SIZE + 3 * KIB * KIB)
		errx(1, "%s: needs at least 7 MiB, for a message of %lu KiB",
		     d.big.name, LARGEST / KIB);
	setvbuf(stdout, NULL, _IOLBF, 0);
	start_receiver(&d);
	binder_open(&d.s.b, DEVICE, SMALL_REGION);
	introduce(&d);
	transfer(&d, &small, &big);
	reclaim(&d);
	compare_digests(&d, &d.small, &small);
	compare_digests(&d, &d.big, &big);
	check_copies(&d);
	check_reclaim(&d);
	check_mapping(&d);
	end_receiver(&d);
	printf("%u of %u checks hold\n", d.checks - d.failed, d.checks);
	return d.failed ? 1 : 0;
}
