/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fixtures of the conformance tests, and how they are written.
 *
 * A test is named by its line in docs/spec/90-conformance-checklist.md, whose
 * abbreviations it uses. Roles: S is the context manager, C a client process.
 * Where this project's driver differs on purpose from the kernel's own, the
 * test asserts both behaviours; DIFFERENCES.md lists these places.
 */
#ifndef TESTS_CONFORMANCE_CONF_H
#define TESTS_CONFORMANCE_CONF_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"

#include "binder_client.h"
#include "system.h"

#define BAD_POINTER ((void *)8)

/* Context manager S with a mapping, and client C. */
FIXTURE(conf) {
	struct client *s;
	struct client *c;
};

FIXTURE_SETUP(conf)
{
	self->s = bc_server("S", BC_MAP_SIZE);
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
}

FIXTURE_TEARDOWN(conf)
{
	actors_end();
}

/* A single client; nobody is context manager. */
FIXTURE(solo) {
	struct client *c;
};

FIXTURE_SETUP(solo)
{
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	bc_await_no_manager(self->c);
}

FIXTURE_TEARDOWN(solo)
{
	actors_end();
}

#endif /* TESTS_CONFORMANCE_CONF_H */
