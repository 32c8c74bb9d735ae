// SPDX-License-Identifier: GPL-2.0
/*
 * What clients see when they touch memory, and names for what they read.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "binder_client.h"

struct touch {
	u8 *addr;
	void *copy;
	size_t len;
	u64 seed;
	struct fault fault;
};

static long do_read(struct actor *a, void *arg)
{
	struct touch *t = arg;

	t->fault = try_read(t->copy, t->addr, t->len);
	return 0;
}

static long do_write(struct actor *a, void *arg)
{
	struct touch *t = arg;

	t->fault = try_write(t->addr, 0x5a);
	return 0;
}

static long do_fill(struct actor *a, void *arg)
{
	struct touch *t = arg;

	fill_pattern(t->addr, t->len, t->seed);
	return 0;
}

static long do_compare(struct actor *a, void *arg)
{
	struct touch *t = arg;

	return find_mismatch(t->addr, t->len, t->seed);
}

static struct touch *touch_new(const void *addr, size_t len)
{
	struct touch *t = stage_scratch(sizeof(*t));

	memset(t, 0, sizeof(*t));
	t->addr = (u8 *)addr;
	t->len = len;
	return t;
}

/**
 * bc_mem() - private memory in the process of a client
 * @c: the client
 * @len: bytes, rounded up to pages; zeroed, readable and writable
 *
 * Return: the address there.
 */
void *bc_mem(struct client *c, size_t len)
{
	long ret = bc_sys(c, mmap, 0, len, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (ret < 0 && ret > -4096)
		test_abort("%s: mmap: %s", c->a->name, errno_name(ret));
	return (void *)ret;
}

/**
 * bc_edge() - a place behind which a client has no memory
 * @c: the client
 *
 * The test can fill in what lies before it: the page is on the stage.
 *
 * Return: the address of the first byte that is not mapped in the client.
 */
u8 *bc_edge(struct client *c)
{
	u8 *p = stage_keep(2 * PAGE);

	bc_sys(c, munmap, (long)p + PAGE, PAGE);
	return p + PAGE;
}

/**
 * bc_fill() - fill memory of a client with a pattern
 * @c: the client
 * @addr: address there, writable
 * @len: bytes
 * @seed: as for fill_pattern()
 */
void bc_fill(struct client *c, void *addr, size_t len, u64 seed)
{
	struct touch *t = touch_new(addr, len);

	t->seed = seed;
	actor_call(c->a, do_fill, t);
}

/**
 * bc_peek() - read memory of a client, by the client
 * @c: the client
 * @addr: address there
 * @len: bytes
 *
 * Return: a copy on the stage; NULL if the client faulted.
 */
const void *bc_peek(struct client *c, binder_uintptr_t addr, size_t len)
{
	struct touch *t = touch_new((void *)addr, len);

	t->copy = stage_scratch(len ? len : 1);
	actor_call(c->a, do_read, t);
	return t->fault.sig ? NULL : t->copy;
}

/**
 * bc_touch() - have a client read one byte
 * @c: the client
 * @addr: address there
 *
 * Return: "ok" or the fault, as fault_name() has it.
 */
const char *bc_touch(struct client *c, const void *addr)
{
	struct touch *t = touch_new(addr, 1);

	actor_call(c->a, do_read, t);
	return fault_name(t->fault);
}

/**
 * bc_poke() - have a client write one byte
 * @c: the client
 * @addr: address there
 *
 * Return: "ok" or the fault, as fault_name() has it.
 */
const char *bc_poke(struct client *c, void *addr)
{
	struct touch *t = touch_new(addr, 1);

	actor_call(c->a, do_write, t);
	return fault_name(t->fault);
}

struct page_scan {
	u8 *map;
	size_t n;
	char text[1025];
};

static long do_pages(struct actor *a, void *arg)
{
	struct page_scan *s = arg;
	size_t i;

	for (i = 0; i < s->n; i++) {
		struct fault f = try_read(NULL, s->map + i * PAGE, 1);

		s->text[i] = !f.sig ? '#' : f.sig == SIGBUS ? '.' : '!';
	}
	s->text[i] = 0;
	return 0;
}

/**
 * bc_pages() - which pages of its mapping a client can read
 * @c: the client
 * @first: index of the first page to try
 * @n: how many, at most 1024
 *
 * Return: one letter a page: '#' readable, '.' SIGBUS, '!' another fault.
 */
const char *bc_pages(struct client *c, size_t first, size_t n)
{
	struct page_scan *s = stage_scratch(sizeof(*s));

	if (n > 1024)
		test_abort("%zu pages are too many to try", n);
	s->map = c->f->map + first * PAGE;
	s->n = n;
	actor_call(c->a, do_pages, s);
	return s->text;
}

/**
 * bc_mismatch() - compare memory of a client with a pattern
 * @c: the client
 * @addr: address there, readable
 * @len: bytes
 * @seed: as given to fill_pattern()
 *
 * Return: offset of the first byte that differs, -1 if there is none.
 */
long bc_mismatch(struct client *c, binder_uintptr_t addr, size_t len, u64 seed)
{
	struct touch *t = touch_new((void *)addr, len);

	t->seed = seed;
	return actor_call(c->a, do_compare, t);
}

/**
 * bc_same() - compare memory of a client with what it should be
 * @c: the client
 * @addr: address there
 * @want: the bytes it should hold
 * @len: how many
 *
 * Return: false if the bytes differ or cannot be read.
 */
bool bc_same(struct client *c, binder_uintptr_t addr, const void *want,
	     size_t len)
{
	const void *got = bc_peek(c, addr, len);

	return got && !memcmp(got, want, len);
}

static const struct {
	u32 cmd;
	const char *name;
} br_names[] = {
	{ BR_ERROR, "ERROR" },
	{ BR_OK, "OK" },
	{ BR_TRANSACTION_SEC_CTX, "SECCTX" },
	{ BR_TRANSACTION, "TRANSACTION" },
	{ BR_REPLY, "REPLY" },
	{ BR_ACQUIRE_RESULT, "ACQUIRE_RESULT" },
	{ BR_DEAD_REPLY, "DR" },
	{ BR_TRANSACTION_COMPLETE, "TC" },
	{ BR_INCREFS, "INCREFS" },
	{ BR_ACQUIRE, "ACQUIRE" },
	{ BR_RELEASE, "RELEASE" },
	{ BR_DECREFS, "DECREFS" },
	{ BR_ATTEMPT_ACQUIRE, "ATTEMPT_ACQUIRE" },
	{ BR_NOOP, "NOOP" },
	{ BR_SPAWN_LOOPER, "SPAWN" },
	{ BR_FINISHED, "FINISHED" },
	{ BR_DEAD_BINDER, "DEAD_BINDER" },
	{ BR_CLEAR_DEATH_NOTIFICATION_DONE, "CLEAR_DONE" },
	{ BR_FAILED_REPLY, "FR" },
	{ BR_FROZEN_REPLY, "ZR" },
	{ BR_ONEWAY_SPAM_SUSPECT, "SPAM" },
	{ BR_TRANSACTION_PENDING_FROZEN, "PENDING_FROZEN" },
	{ BR_FROZEN_BINDER, "FROZEN_BINDER" },
	{ BR_CLEAR_FREEZE_NOTIFICATION_DONE, "CLEAR_FREEZE_DONE" },
};

/**
 * br_name() - short name of a BR_ code
 * @cmd: the code
 *
 * Return: its name as tests write it, or the number.
 */
const char *br_name(u32 cmd)
{
	static char unknown[16];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(br_names); i++)
		if (br_names[i].cmd == cmd)
			return br_names[i].name;
	snprintf(unknown, sizeof(unknown), "%#x", cmd);
	return unknown;
}

/**
 * errno_name() - name of an errno
 * @ret: negative errno, as system calls return it
 *
 * Return: for example "EINVAL"; "0" for 0, and positive numbers as they are.
 */
const char *errno_name(long ret)
{
	static char number[24];
	const char *name = ret < 0 ? strerrorname_np(-ret) : NULL;

	if (name)
		return name;
	snprintf(number, sizeof(number), "%ld", ret);
	return number;
}
