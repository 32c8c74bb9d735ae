// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that holds up whoever reads it; gate.h says what it is for.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "gate.h"

static void gate_ioctl(struct gate *g, const char *name, unsigned int cmd,
		       void *arg)
{
	long ret = actor_sys(g->keeper, ioctl, g->uffd, cmd, (long)arg);

	if (ret)
		test_abort("%s: %s", name, errno_name(ret));
}

static u64 closed_at(const struct gate *g)
{
	return (u64)g->mem + g->first * PAGE;
}

static u64 closed_len(const struct gate *g)
{
	return g->size - g->first * PAGE;
}

/**
 * gate_new() - give a client memory with a gate in it
 * @c: the client
 * @size: bytes, a multiple of the page size
 * @first: index of the first page behind the gate, which is closed
 * @seed: pattern the memory is filled with
 *
 * Return: the gate.
 */
struct gate *gate_new(struct client *c, size_t size, size_t first, u64 seed)
{
	struct uffdio_api *api = stage_scratch(sizeof(*api));
	struct uffdio_register *reg = stage_scratch(sizeof(*reg));
	struct gate *g = stage_keep(sizeof(*g));

	*g = (struct gate) {
		.c = c,
		.keeper = actor_thread(c->a->leader, "gate keeper"),
		.mem = bc_mem(c, size),
		.size = size,
		.first = first,
		.seed = seed,
		.uffd = bc_sys(c, userfaultfd, O_CLOEXEC),
	};
	if (g->uffd < 0)
		test_abort("userfaultfd: %s", errno_name(g->uffd));
	*api = (struct uffdio_api) { .api = UFFD_API };
	gate_ioctl(g, "UFFDIO_API", UFFDIO_API, api);
	bc_fill(c, g->mem, first * PAGE, seed);
	*reg = (struct uffdio_register) {
		.range = { closed_at(g), closed_len(g) },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	gate_ioctl(g, "UFFDIO_REGISTER", UFFDIO_REGISTER, reg);
	return g;
}

/**
 * gate_await() - wait until somebody is held up
 * @g: the gate, closed
 *
 * Return: index of the page at which it is.
 */
size_t gate_await(struct gate *g)
{
	struct uffd_msg *msg = stage_scratch(sizeof(*msg));
	long ret = actor_sys(g->keeper, read, g->uffd, (long)msg, sizeof(*msg));

	if (ret != sizeof(*msg) || msg->event != UFFD_EVENT_PAGEFAULT)
		test_abort("read of the userfaultfd: %s, event %d",
			   errno_name(ret), msg->event);
	return (msg->arg.pagefault.address - (u64)g->mem) / PAGE;
}

/**
 * gate_open() - let everybody through: the pages are there now
 * @g: the gate, closed
 */
void gate_open(struct gate *g)
{
	struct uffdio_copy *copy = stage_scratch(sizeof(*copy));
	u8 *pattern = stage_scratch(g->size);

	fill_pattern(pattern, g->size, g->seed);
	*copy = (struct uffdio_copy) {
		.dst = closed_at(g),
		.src = (u64)(g->content ?: pattern) + g->first * PAGE,
		.len = closed_len(g),
	};
	gate_ioctl(g, "UFFDIO_COPY", UFFDIO_COPY, copy);
}

/**
 * gate_break() - let everybody fault: the pages will never be there
 * @g: the gate, closed
 */
void gate_break(struct gate *g)
{
	struct uffdio_range *range = stage_scratch(sizeof(*range));
	long ret = actor_sys(g->keeper, mprotect, (long)g->mem, g->size,
			     PROT_NONE);

	if (ret)
		test_abort("mprotect of the gate: %s", errno_name(ret));
	*range = (struct uffdio_range) { closed_at(g), closed_len(g) };
	gate_ioctl(g, "UFFDIO_WAKE", UFFDIO_WAKE, range);
}
