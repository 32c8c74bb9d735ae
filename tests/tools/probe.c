// SPDX-License-Identifier: GPL-2.0
/*
 * Has a device a context manager?
 *
 * There is no question for that. Becoming it would tell, but then everybody who
 * calls meanwhile has us; a message would tell, but the manager has to read it, or
 * it is one more failure in the logs.
 *
 * A weak reference to handle 0 can only be had if somebody is behind it, and the
 * manager hears nothing of it: the driver has told it of its node already. Whether
 * we have got the reference is not said either, but a death notification that is
 * requested and at once cleared is confirmed only if its handle is known.
 */
#include <errno.h>
#include <linux/android/binder.h>
#include <string.h>
#include <sys/ioctl.h>

#include "info.h"

#define COOKIE	0x62696e646572ull	/* ours alone: the open file is */

struct questions {
	__u32 incref;
	__u32 handle;
	__u32 request;
	struct binder_handle_cookie watched;
	__u32 clear;
	struct binder_handle_cookie cleared;
} __attribute__((packed));

static const struct questions questions = {
	.incref = BC_INCREFS,
	.request = BC_REQUEST_DEATH_NOTIFICATION,
	.watched = { .cookie = COOKIE },
	.clear = BC_CLEAR_DEATH_NOTIFICATION,
	.cleared = { .cookie = COOKIE },
};

/* Only what this can be told is understood. */
static enum manager understand(const char *p, size_t len)
{
	__u32 cmd;

	while (len >= sizeof(cmd)) {
		memcpy(&cmd, p, sizeof(cmd));
		if (cmd == BR_CLEAR_DEATH_NOTIFICATION_DONE)
			return MANAGER_THERE;
		/* It was there a moment ago. */
		if (cmd == BR_DEAD_BINDER)
			return MANAGER_NONE;
		if (_IOC_SIZE(cmd) > len - sizeof(cmd))
			break;
		p += sizeof(cmd) + _IOC_SIZE(cmd);
		len -= sizeof(cmd) + _IOC_SIZE(cmd);
	}
	return MANAGER_NONE;
}

/**
 * probe_manager() - is somebody behind handle 0?
 * @fd: the device, just opened, not blocking; has a reference to the manager until
 *	it is closed
 *
 * Return: whether there is.
 */
enum manager probe_manager(int fd)
{
	char answers[256];
	struct binder_write_read bwr = {
		.write_buffer = (binder_uintptr_t)&questions,
		.write_size = sizeof(questions),
		.read_buffer = (binder_uintptr_t)answers,
		.read_size = sizeof(answers),
	};

	if (ioctl(fd, BINDER_WRITE_READ, &bwr) && errno != EAGAIN)
		return MANAGER_UNKNOWN;
	if (bwr.write_consumed != sizeof(questions)) {
		errno = EPROTO;
		return MANAGER_UNKNOWN;
	}
	return understand(answers, bwr.read_consumed);
}
