/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fixture of the memory tests: a server S with a mapping of 64 pages, and a
 * client C that sends to it.
 */
#ifndef TESTS_MEMORY_MEMORY_H
#define TESTS_MEMORY_MEMORY_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>

#include "kselftest_harness.h"

#include "binder_client.h"
#include "system.h"

#define PAGES		((size_t)64)
#define MAP_SIZE	(PAGES * PAGE)

FIXTURE(mem) {
	struct client *s;
	struct client *c;
};

FIXTURE_SETUP(mem)
{
	self->s = bc_server("S", MAP_SIZE);
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
}

FIXTURE_TEARDOWN(mem)
{
	actors_end();
}

#endif /* TESTS_MEMORY_MEMORY_H */
