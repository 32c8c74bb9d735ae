// SPDX-License-Identifier: GPL-2.0
/*
 * What the gdb tests look at: processes that do a known thing and say so.
 *
 *	guest slots	a message of three pages, freed, its pages reclaimed
 *	guest scattered	the same, in pages that do not follow each other
 *	guest maps	address spaces of all sorts, printed from /proc
 *	guest chain	a call that waits for a call, and one that has to queue
 *	guest ticks N	a message every 50 ms, N of them, each announced
 *	guest state	handles, a death notification, a message that is kept,
 *			some that wait; printed as the log files have it
 *	guest ends	messages that fail, and those of a receiver that dies
 *	guest forks N	N children that become another program, which sends a
 *			message
 *	guest knock	that program
 *
 * A gdb script stops the kernel at a stage with a breakpoint in
 * __set_task_comm(), for at_stage() gives the process a name that begins with
 * '@'.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/android/binder.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "client.h"

/* slots */

/* All that is idle in the root memory group, by the shrinker's own file. */
static void reclaim(void)
{
	char order[64];
	struct stat root;
	glob_t g;
	int fd, n;

	if (glob("/sys/kernel/debug/shrinker/android-binder-*/scan", 0, NULL,
		 &g))
		errx(1, "the driver has no shrinker in debugfs");
	if (stat("/sys/fs/cgroup", &root))
		err(1, "/sys/fs/cgroup");
	n = snprintf(order, sizeof(order), "%lu 0 1000", root.st_ino);
	fd = open(g.gl_pathv[0], O_WRONLY);
	if (fd < 0 || write(fd, order, n) != n)
		err(1, "%s", g.gl_pathv[0]);
	close(fd);
	globfree(&g);
}

static void slots_server(void)
{
	int fd = manager("/dev/binder");
	const void *buffer;
	volatile char sum = 0;

	ready();
	buffer = receive(fd);
	for (size_t i = 0; i < THREE_PAGES; i += PAGE)
		sum += ((const char *)buffer)[i];
	at_stage("delivered");
	if (madvise((void *)buffer, PAGE, MADV_DONTNEED))
		err(1, "madvise");
	at_stage("dropped");
	free_message(fd, buffer);
	at_stage("freed");
	reclaim();
	at_stage("reclaimed");
	send_message(fd, BC_REPLY, 0, "", 1);
}

static int slots(void)
{
	static char data[THREE_PAGES];
	int fd;

	memset(data, 's', sizeof(data));
	start(slots_server, "slots-server");
	name_process("slots-client");
	fd = client("/dev/binder");
	at_stage("before");
	call(fd, data, sizeof(data));
	say("slots: done\n");
	return 0;
}

/* scattered */

/* The next page that somebody gets does not follow the last one. */
static void take_a_page(void)
{
	char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		err(1, "mmap");
	*p = 1;
}

static void scattered_server(void)
{
	int fd = manager("/dev/binder"), i;
	const void *kept[3];

	ready();
	for (i = 0; i < 3; i++) {
		kept[i] = receive(fd);
		send_message(fd, BC_REPLY, 0, "", 1);
	}
	for (i = 0; i < 3; i++)
		free_message(fd, kept[i]);
	free_message(fd, receive(fd));
	send_message(fd, BC_REPLY, 0, "", 1);
}

static int scattered(void)
{
	static char data[THREE_PAGES];
	int fd;

	start(scattered_server, "scat-server");
	name_process("scat-client");
	fd = client("/dev/binder");
	memset(data, 'x', sizeof(data));
	for (int i = 0; i < 3; i++) {
		call(fd, data, PAGE);
		take_a_page();
	}
	memset(data, 's', sizeof(data));
	call(fd, data, sizeof(data));
	say("scattered: done\n");
	return 0;
}

/* maps */

#define LONG_NAME "/tmp/a-name-that-does-not-fit-into-the-dentry-itself-and-is-kept-elsewhere"

static void map_file(const char *path, bool unlink_it, int prot, int flags)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, 4 * PAGE))
		err(1, "%s", path);
	if (mmap(NULL, 2 * PAGE, prot, flags, fd, PAGE) == MAP_FAILED)
		err(1, "mmap of %s", path);
	if (unlink_it)
		unlink(path);
	close(fd);
}

/* A region with every second page of another kind: a maple tree of levels. */
static void map_many(int n)
{
	char *p = mmap(NULL, n * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	for (int i = 0; i < n; i += 2)
		if (mprotect(p + i * PAGE, PAGE, PROT_READ | PROT_WRITE))
			err(1, "mprotect");
}

static void map_all_sorts(void)
{
	char *gap;
	int fd;

	mkdir("/tmp/dir", 0700);
	map_file("/tmp/dir/file", false, PROT_READ, MAP_SHARED);
	map_file(LONG_NAME, false, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	map_file("/tmp/removed", true, PROT_READ | PROT_EXEC, MAP_PRIVATE);
	mmap(NULL, PAGE, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	fd = memfd_create("memfile", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, PAGE))
		err(1, "memfd");
	mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	map_many(400);
	/* Low addresses have fewer digits. */
	gap = mmap((void *)0x10000, PAGE, PROT_READ,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (gap == MAP_FAILED)
		err(1, "mmap at a low address");
}

static void maps_server(void)
{
	int fd;

	map_all_sorts();
	fd = manager("/dev/binder");
	ready();
	receive(fd);
	send_message(fd, BC_REPLY, 0, "", 1);
	pause();
}

/* Has its own mapping cut in two, and lost a piece. */
static void maps_cut(void)
{
	int fd = open("/dev/binder", O_RDWR | O_CLOEXEC);
	char *p = mmap(NULL, REGION, PROT_READ, MAP_PRIVATE, fd, 0);

	if (p == MAP_FAILED || munmap(p + 16 * PAGE, 16 * PAGE))
		err(1, "cut");
	ready();
	pause();
}

static int maps(void)
{
	pid_t server = start(maps_server, "maps-server");
	pid_t cut = start(maps_cut, "maps-cut");
	int fd = client("/dev/binder");

	await_sleep(server);
	await_sleep(cut);
	print_maps(1);
	print_maps(getpid());
	print_maps(server);
	print_maps(cut);
	call(fd, "hello", 5);
	say("maps: done\n");
	return 0;
}

/* chain: a caller -> middle -> end, and one more caller for middle. */

static void chain_end(void)
{
	int fd = manager("/dev/hwbinder");

	ready();
	free_message(fd, receive(fd));
	at_stage("chained");
	send_message(fd, BC_REPLY, 0, "", 1);
	pause();
}

static void chain_middle(void)
{
	int fd = manager("/dev/binder"), other = client("/dev/hwbinder");
	char go;
	int fifo;

	mkfifo("/tmp/go", 0600);
	ready();
	free_message(fd, receive(fd));
	/* Until the other caller is asleep, too. */
	fifo = open("/tmp/go", O_RDONLY);
	if (read(fifo, &go, 1) != 1)
		err(1, "/tmp/go");
	call(other, "nested", 6);
	send_message(fd, BC_REPLY, 0, "", 1);
	free_message(fd, receive(fd));
	send_message(fd, BC_REPLY, 0, "", 1);
	pause();
}

static void chain_caller(void)
{
	int fd = client("/dev/binder");

	ready();
	call(fd, "please", 6);
	pause();
}

static int chain(void)
{
	pid_t first, second;
	int fifo;

	start(chain_end, "chain-end");
	start(chain_middle, "chain-middle");
	first = start(chain_caller, "chain-first");
	await_sleep(first);
	second = start(chain_caller, "chain-second");
	await_sleep(second);
	fifo = open("/tmp/go", O_WRONLY);
	if (write(fifo, "g", 1) != 1)
		err(1, "/tmp/go");
	await_sleep(first);
	await_sleep(second);
	usleep(200 * 1000);
	say("chain: done\n");
	return 0;
}

/* ticks */

static void ticks_server(void)
{
	int fd = manager("/dev/binder");

	ready();
	for (;;) {
		free_message(fd, receive(fd));
		send_message(fd, BC_REPLY, 0, "", 1);
	}
}

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int ticks(int n)
{
	double begin;
	int fd;

	start(ticks_server, "ticks-server");
	name_process("ticks-client");
	fd = client("/dev/binder");
	begin = seconds();
	for (int i = 1; i <= n; i++) {
		call(fd, "tick", 4);
		say("tick %d at %.3f s\n", i, seconds() - begin);
		usleep(50 * 1000);
	}
	say("ticks: done\n");
	return 0;
}

/* state */

#define COOKIE	0xdead

/* A call with an object in it: the receiver gets a handle. */
static void send_object(int fd)
{
	struct flat_binder_object object = {
		.hdr.type = BINDER_TYPE_BINDER,
		.flags = FLAT_BINDER_FLAG_ACCEPTS_FDS | 3,
		.binder = 0xb0b0,
		.cookie = 0xc0c0,
	};
	binder_size_t offset = 0;
	struct {
		__u32 cmd;
		struct binder_transaction_data tr;
	} __packed out = {
		.cmd = BC_TRANSACTION,
		.tr = {
			.code = 9,
			.data_size = sizeof(object),
			.offsets_size = sizeof(offset),
			.data.ptr.buffer = (binder_uintptr_t)&object,
			.data.ptr.offsets = (binder_uintptr_t)&offset,
		},
	};

	write_read(fd, &out, sizeof(out), NULL, 0, NULL);
	free_message(fd, receive(fd));
}

/* Keeps the handle, wants to hear of its death, and keeps a message. */
static void state_server(void)
{
	struct {
		__u32 acquire;
		__u32 handle;
		__u32 request;
		struct binder_handle_cookie death;
	} __packed keep = {
		.acquire = BC_ACQUIRE, .handle = 1,
		.request = BC_REQUEST_DEATH_NOTIFICATION,
		.death = { .handle = 1, .cookie = COOKIE },
	};
	int fd = manager("/dev/binder");
	const char *buffer;

	ready();
	buffer = receive(fd);
	write_read(fd, &keep, sizeof(keep), NULL, 0, NULL);
	free_message(fd, buffer);
	send_message(fd, BC_REPLY, 0, "", 1);
	buffer = receive(fd);
	say("kept %c\n", *buffer);
	pause();
}

static void state_owner(void)
{
	static char data[9000];
	int fd = client("/dev/binder");

	send_object(fd);
	memset(data, 'k', sizeof(data));
	send_message(fd, BC_TRANSACTION, TF_ONE_WAY, data, sizeof(data));
	send_message(fd, BC_TRANSACTION, TF_ONE_WAY, data, 100);
	send_message(fd, BC_TRANSACTION, TF_ONE_WAY, data, 5000);
	ready();
	call(fd, data, 300);
}

/* Which page frame is where, for the first pages of a region. */
static void print_frames(pid_t pid, unsigned long start, int nr)
{
	char path[64];
	__u64 entry;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	fd = open(path, O_RDONLY);
	for (int i = 0; i < nr; i++, start += PAGE) {
		if (pread(fd, &entry, sizeof(entry), start / PAGE * 8) != 8)
			err(1, "%s", path);
		say("FRAME %d %lx %s %llx\n", pid, start,
		    entry >> 63 ? "present" : "absent",
		    (unsigned long long)(entry & ((1ULL << 55) - 1)));
	}
	close(fd);
}

static int state(void)
{
	pid_t server = start(state_server, "state-server");
	pid_t owner = start(state_owner, "state-owner");

	name_process("state-watcher");
	await_sleep(server);
	await_sleep(owner);
	print_of(1, "stat");
	print_of(server, "stat");
	print_of(owner, "stat");
	print_frames(server, 0x40000000, 16);
	print_frames(server, 0x400000, 4);
	print_frames(owner, 0x40000000, 4);
	print_file("STATE", "/sys/kernel/debug/binder/state");
	print_file("ARENA", "/sys/kernel/debug/binder_arena");
	say("SERVER %d\nOWNER %d\n", server, owner);
	at_stage("state");
	say("state: done\n");
	return 0;
}

/* ends */

/* Keeps the first message, and so all that come after it wait. */
static void ends_server(void)
{
	int fd = manager("/dev/binder");

	ready();
	receive(fd);
	at_stage("kept");
	pause();
}

/* A oneway message, and what the sender is told of it. */
static void send_oneway(int fd, const void *data, size_t len)
{
	char in[512];

	send_message(fd, BC_TRANSACTION, TF_ONE_WAY, data, len);
	write_read(fd, NULL, 0, in, sizeof(in), NULL);
}

/* Of the sender's memory this much is there, and a page more is sent. */
#define HALF_THERE	(2 * PAGE)

static int ends(void)
{
	pid_t server = start(ends_server, "ends-server");
	char *data = mmap(NULL, THREE_PAGES, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = client("/dev/binder");

	name_process("ends-client");
	if (data == MAP_FAILED)
		err(1, "mmap");
	memset(data, 'e', THREE_PAGES);
	munmap(data + HALF_THERE, PAGE);
	send_oneway(fd, data, THREE_PAGES);
	send_oneway(fd, data, 7000);
	await_sleep(server);
	send_oneway(fd, data, 5000);
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	usleep(200 * 1000);
	say("ends: done\n");
	return 0;
}

/* forks */

static void forks_server(void)
{
	int fd = manager("/dev/binder");

	ready();
	for (;;) {
		free_message(fd, receive(fd));
		send_message(fd, BC_REPLY, 0, "", 1);
	}
}

static int knock(void)
{
	name_process("knock");
	call(client("/dev/binder"), "knock", 5);
	return 0;
}

static int forks(int n)
{
	int status;
	pid_t pid;

	start(forks_server, "forks-server");
	for (int i = 0; i < n; i++) {
		pid = fork();
		if (pid == 0) {
			execl("/guest", "guest", "knock", NULL);
			err(1, "exec");
		}
		if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
			errx(1, "child %d failed", i);
		say("child %d knocked\n", i);
	}
	say("forks: done\n");
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "slots"))
		return slots();
	if (!strcmp(what, "scattered"))
		return scattered();
	if (!strcmp(what, "maps"))
		return maps();
	if (!strcmp(what, "chain"))
		return chain();
	if (!strcmp(what, "ticks") && argc > 2)
		return ticks(atoi(argv[2]));
	if (!strcmp(what, "state"))
		return state();
	if (!strcmp(what, "ends"))
		return ends();
	if (!strcmp(what, "forks") && argc > 2)
		return forks(atoi(argv[2]));
	if (!strcmp(what, "knock"))
		return knock();
	errx(1, "usage: guest slots|scattered|maps|chain|ticks N|state|ends|forks N|knock");
}
