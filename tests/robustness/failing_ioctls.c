// SPDX-License-Identifier: GPL-2.0
/*
 * All but messages, of which an allocation or a copy fails, one after the other:
 * opening and mapping a device, the first that a thread does, ioctls, commands.
 * Each says so by the errno, or the return, that it has for that; nothing has
 * changed then, and the same succeeds when nothing fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "binderfs.h"
#include "failing.h"
#include "holdings.h"
#include "logs.h"
#include "system.h"

#define MAX_FAILURES	200	/* more than any of this has places to fail at */
#define PTR		0x1000ULL
#define COOKIE		0x77ULL

FIXTURE(failing) {
	struct client *s;
	struct client *c;
};

FIXTURE_SETUP(failing)
{
	if (!failing_init())
		SKIP(return, "this kernel has no fault injection");
	self->s = bc_server("S", BC_MAP_SIZE);
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
}

FIXTURE_TEARDOWN(failing)
{
	actors_end();
}

static long open_and_close(struct actor *a, void *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : close(fd);
}

static void fail_to_open(struct __test_metadata *_metadata, struct client *c,
			 const char *device)
{
	char *path = stage_keep(64);
	struct failing f = { .failed = true };
	unsigned int n, errors = 0;
	size_t fds = bc_fds(c);

	snprintf(path, 64, "%s", device);
	for (n = 1; f.failed && n < MAX_FAILURES; n++) {
		f = actor_failing(c->a, n, open_and_close, path);
		EXPECT_TRUE(!f.ret || f.ret == -ENOMEM || f.ret == -EFAULT)
			TH_LOG("failure %u gives %s", n, errno_name(f.ret));
		errors += f.ret == -ENOMEM;
		EXPECT_EQ(fds, bc_fds(c));
	}
	EXPECT_FALSE(f.failed);
	EXPECT_EQ(0, f.ret);
	/* The file, the process, its region. */
	EXPECT_LE(3, errors);
}

TEST_F(failing, opening)
{
	fail_to_open(_metadata, self->c, BC_DEVICE);
}

/* A process whose log file cannot be made has none, and that is all. */
TEST_F(failing, opening_a_device_of_binderfs)
{
	const char *dir, *device;
	struct client *d;
	char log[64];

	bfs_private();
	dir = bfs_new("stats=global");
	device = bfs_path(dir, "binder");
	/* Forked now, so that it sees the instance. */
	d = bc_new("D");
	fail_to_open(_metadata, d, device);
	ASSERT_LE(0, bc_open(d, device, O_RDWR));
	snprintf(log, sizeof(log), "binder_logs/proc/%d", d->a->pid);
	EXPECT_EQ(0, access(bfs_path(dir, log), R_OK));
	actors_end();
	EXPECT_EQ(-ENOENT, bfs_result(access(bfs_path(dir, log), R_OK)));
}

struct mapping {
	int fd;
	void *at;
};

static long map(struct actor *a, void *arg)
{
	struct mapping *m = arg;

	m->at = mmap(NULL, BC_MAP_SIZE, PROT_READ, MAP_PRIVATE, m->fd, 0);
	return m->at == MAP_FAILED ? -errno : 0;
}

/* A file whose mapping failed can still be mapped. */
TEST_F(failing, mapping)
{
	struct failing f = { .failed = true };
	unsigned int n, errors = 0;

	for (n = 1; f.failed && n < MAX_FAILURES; n++) {
		struct client *d = bc_start("D", BC_DEVICE, 0);
		struct mapping *m = stage_keep(sizeof(*m));

		m->fd = d->f->fd;
		f = actor_failing(d->a, n, map, m);
		EXPECT_TRUE(!f.ret || f.ret == -ENOMEM)
			TH_LOG("failure %u gives %s", n, errno_name(f.ret));
		errors += f.ret != 0;
		if (f.ret)
			ASSERT_EQ(0, bc_map(d, BC_MAP_SIZE, PROT_READ,
					    MAP_PRIVATE, 0));
		EXPECT_TRUE(bc_works(self->s, d));
		actor_kill(d->a);
	}
	EXPECT_FALSE(f.failed);
	EXPECT_LE(2, errors);
}

/* The driver does not know a thread whose first ioctl failed for memory. */
TEST_F(failing, first_ioctl)
{
	struct binder_version *v = stage_keep(sizeof(*v));
	struct failing f = { .failed = true };
	unsigned int n, errors = 0;

	for (n = 1; f.failed && n < MAX_FAILURES; n++) {
		struct client *t = bc_thread(self->c, "T");

		f = ioctl_failing(t, n, BINDER_VERSION, v);
		EXPECT_TRUE(!f.ret || f.ret == -ENOMEM || f.ret == -EINVAL);
		EXPECT_STREQ(f.ret == -ENOMEM ? "none" : "l 00", log_thread(t));
		errors += f.ret == -ENOMEM;
		EXPECT_EQ(BINDER_CURRENT_PROTOCOL_VERSION, bc_ready(t));
	}
	EXPECT_FALSE(f.failed);
	EXPECT_LE(1, errors);
}

static long poll_it(struct actor *a, void *fd)
{
	struct pollfd p = { .fd = *(int *)fd, .events = POLLIN };
	int ret = poll(&p, 1, 0);

	return ret < 0 ? -errno : p.revents;
}

TEST_F(failing, first_poll)
{
	struct failing f = { .failed = true };
	unsigned int n, errors = 0;
	int *fd = stage_keep(sizeof(*fd));

	*fd = self->c->f->fd;
	for (n = 1; f.failed && n < MAX_FAILURES; n++) {
		struct client *t = bc_thread(self->c, "T");

		f = actor_failing(t->a, n, poll_it, fd);
		if (f.ret == POLLERR) {
			errors++;
			EXPECT_STREQ("none", log_thread(t));
			/* It is a thread whose first read does not wait. */
			EXPECT_EQ(POLLIN, actor_call(t->a, poll_it, fd));
		} else if (f.ret != -EFAULT && f.ret != -ENOMEM) {
			EXPECT_EQ(POLLIN, f.ret);
		}
	}
	EXPECT_FALSE(f.failed);
	EXPECT_LE(1, errors);
}

TEST_F(failing, becoming_manager)
{
	struct flat_binder_object *node = stage_keep(sizeof(*node));
	struct client *d = bc_start("D", BC_DEVICE_2, BC_MAP_SIZE);
	struct client *e = bc_start("E", BC_DEVICE_2, BC_MAP_SIZE);
	struct failing f = { .ret = -ENOMEM };
	unsigned int n, errors = 0;

	bc_await_no_manager(e);
	*node = (struct flat_binder_object) {
		.hdr.type = BINDER_TYPE_BINDER,
		.flags = BC_NODE_FLAGS,
	};
	for (n = 1; f.ret && n < MAX_FAILURES; n++) {
		f = ioctl_failing(d, n, BINDER_SET_CONTEXT_MGR_EXT, node);
		EXPECT_TRUE(!f.ret || f.ret == -ENOMEM || f.ret == -EINVAL);
		errors += f.ret == -ENOMEM;
		if (f.ret)
			EXPECT_STREQ("NOOP DR, DR EINVAL",
				     bc_outcome(e, .code = 1));
	}
	EXPECT_EQ(0, f.ret);
	EXPECT_LE(1, errors);
	EXPECT_TRUE(bc_works(d, e));
}

/*
 * ERROR is what a thread reads whose death notification cannot be registered. It
 * writes nothing more before, and nothing is registered.
 */
TEST_F(failing, watching_for_death)
{
	struct client *s = self->s, *c = self->c;
	u32 handle = bc_give(c, s, PTR, 0, 0);
	struct failing f = { .failed = true };
	unsigned int n, errors = 0;

	for (n = 1; f.failed && n < MAX_FAILURES; n++) {
		struct wbuf *w = wb(s);

		w_handle_cmd(w, BC_REQUEST_DEATH_NOTIFICATION, handle, COOKIE);
		f = write_failing(s, n, w);
		EXPECT_TRUE(!f.ret || f.ret == -EFAULT);
		w_handle_cmd(wb(s), BC_CLEAR_DEATH_NOTIFICATION, handle, COOKIE);
		EXPECT_EQ(0, bc_write(s, &s->w));
		if (s->bwr.write_consumed) {
			bc_read(s);
			if (!f.ret)
				EXPECT_STREQ("NOOP CLEAR_DONE", s->read_text);
			continue;
		}
		errors++;
		EXPECT_STREQ("NOOP ERROR", bc_read(s));
		EXPECT_EQ(0, bc_handle_cmd(s, BC_CLEAR_DEATH_NOTIFICATION,
					   handle, COOKIE));
		EXPECT_STREQ("EAGAIN", bc_read(s));
	}
	EXPECT_FALSE(f.failed);
	EXPECT_LE(1, errors);
	EXPECT_EQ(0, bc_handle_cmd(s, BC_REQUEST_DEATH_NOTIFICATION, handle,
				   COOKIE));
	actor_kill(c->a);
	EXPECT_STREQ("NOOP DEAD_BINDER", bc_wait(s));
	EXPECT_STREQ("EAGAIN", bc_read(s));
}

TEST_F(failing, watching_for_freezing)
{
	struct client *s = self->s, *c = self->c;
	u32 handle = bc_give(c, s, PTR, 0, 0);
	struct failing f = { .failed = true };
	unsigned int n, errors = 0;

	for (n = 1; f.failed && n < MAX_FAILURES; n++) {
		struct wbuf *w = wb(s);
		bool none;

		w_handle_cmd(w, BC_REQUEST_FREEZE_NOTIFICATION, handle, COOKIE);
		f = write_failing(s, n, w);
		EXPECT_TRUE(!f.ret || f.ret == -EFAULT || f.ret == -ENOMEM);
		none = bc_handle_cmd(s, BC_CLEAR_FREEZE_NOTIFICATION, handle,
				     COOKIE) == -EINVAL;
		errors += f.ret == -ENOMEM;
		if (f.ret != -EFAULT)
			EXPECT_EQ(f.ret == -ENOMEM, none);
		EXPECT_STREQ(none ? "EAGAIN" : "NOOP CLEAR_FREEZE_DONE",
			     bc_read(s));
	}
	EXPECT_FALSE(f.failed);
	EXPECT_LE(1, errors);
}

/* Nobody is told, so a client that counts on it must ask for the handle. */
TEST_F(failing, referring_to_the_manager)
{
	static const u32 up[] = { BC_ACQUIRE, BC_INCREFS };
	static const u32 down[] = { BC_RELEASE, BC_DECREFS };
	struct client *c = self->c;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(up); i++) {
		struct failing f = { .failed = true };
		unsigned int n, errors = 0;

		for (n = 1; f.failed && n < MAX_FAILURES; n++) {
			struct wbuf *w = wb(c);
			bool none;

			w_ref(w, up[i], 0);
			f = write_failing(c, n, w);
			EXPECT_TRUE(!f.ret || f.ret == -EFAULT);
			none = !strcmp(log_ref(c, 0), "none");
			errors += none && !f.ret;
			EXPECT_EQ(0, bc_ref(c, down[i], 0));
			EXPECT_STREQ("none", log_ref(c, 0));
			EXPECT_STREQ("EAGAIN", bc_read(c));
		}
		EXPECT_FALSE(f.failed);
		EXPECT_LE(1, errors);
	}
}

/**
 * struct plain_ioctl - one that copies its argument in, or out, or both
 * @cmd: which
 * @copy: what it fails with if a copy does
 * @at_least: how many places there are
 * @value: first word of the argument; 0 stands for the process id of C
 */
struct plain_ioctl {
	unsigned int cmd;
	long copy;
	unsigned int at_least;
	u32 value;
};

/* @s manages, and has handle 1. */
static void fail_ioctl(struct __test_metadata *_metadata, struct client *s,
		       struct client *c, const struct plain_ioctl *i)
{
	u32 *arg = stage_keep(64);
	struct failing f = { .failed = true };
	unsigned int n, errors = 0;

	for (n = 1; f.failed && n < MAX_FAILURES; n++) {
		memset(arg, 0, 64);
		arg[0] = i->value ?: (u32)c->a->pid;
		f = ioctl_failing(s, n, i->cmd, arg);
		EXPECT_TRUE(!f.ret || f.ret == i->copy || f.ret == -ENOMEM)
			TH_LOG("ioctl %u, failure %u: %s", _IOC_NR(i->cmd), n,
			       errno_name(f.ret));
		errors += f.ret != 0;
	}
	EXPECT_FALSE(f.failed);
	EXPECT_EQ(0, f.ret);
	EXPECT_LE(i->at_least, errors)
		TH_LOG("ioctl %u", _IOC_NR(i->cmd));
}

TEST_F(failing, plain_ioctls)
{
	static const struct plain_ioctl ioctls[] = {
		{ BINDER_VERSION, -EINVAL, 1, 1 },
		{ BINDER_SET_MAX_THREADS, -EINVAL, 1, 1 },
		{ BINDER_ENABLE_ONEWAY_SPAM_DETECTION, -EFAULT, 1, 1 },
		{ BINDER_GET_EXTENDED_ERROR, -EFAULT, 1, 1 },
		{ BINDER_GET_NODE_DEBUG_INFO, -EFAULT, 2, 1 },
		{ BINDER_GET_NODE_INFO_FOR_REF, -EFAULT, 2, 1 },
		/* pid, and enable is 0: thawed */
		{ BINDER_FREEZE, -EFAULT, 2, 0 },
		{ BINDER_GET_FROZEN_INFO, -EFAULT, 3, 0 },
	};
	size_t i;

	ASSERT_EQ(1, bc_give(self->c, self->s, PTR, 0, 0));
	for (i = 0; i < ARRAY_SIZE(ioctls); i++)
		fail_ioctl(_metadata, self->s, self->c, &ioctls[i]);
	EXPECT_TRUE(bc_works(self->s, self->c));
}

/* Handles up to here need no memory but for themselves, which an XArray takes. */
#define HANDLES_AT_ONCE	64
#define OF_XARRAYS	"radix_tree_node"

TEST_F(failing, sending_one_handle_too_many)
{
	struct client *s = self->s, *c = self->c;
	struct parcel *p = parcel();
	u32 handle = 0;

	while (handle + 1 < HANDLES_AT_ONCE)
		handle = bc_give(c, s, PTR + handle, 0, 0);
	p_binder(p, 2 * PTR, COOKIE, 0);
	if (!bc_fail_cache(c, OF_XARRAYS))
		SKIP(return, "this kernel has no fault injection by cache");
	EXPECT_STREQ("FR ENOMEM", bc_refused(s, c, .parcel = p));
	bc_fail_cache(c, NULL);
	EXPECT_EQ(handle + 1, bc_give(c, s, 2 * PTR, COOKIE, 0));
}

/* Reply to the call that was read, if any was. */
static bool can_reply(struct client *s)
{
	const char *want;
	bool ok;

	bc_reply(s, .code = 0);
	ok = !strcmp(bc_ee(s), "OK 0");
	want = ok ? "NOOP TC" : "NOOP FR";
	if (strcmp(bc_read(s), want))
		test_abort("S reads %s after a reply: %s", s->read_text,
			   s->ee_text);
	return ok;
}

/*
 * A read of a call with a descriptor fails before it, and it comes with the next
 * read; or behind it, and S has it; or in it, and C hears that it has failed.
 * Nobody has the file then.
 */
TEST_F(failing, receiving_a_descriptor)
{
	struct client *s = self->s, *c = self->c;
	struct failing f = { .failed = true };
	unsigned int n, again = 0, had = 0, lost = 0;
	struct binder_transaction_data got;
	size_t s_fds = bc_fds(s);

	for (n = 1; f.failed && n < MAX_FAILURES; n++) {
		struct fd_pipe pipe = bc_pipe(c);
		struct parcel *p = parcel();

		p_fd(p, pipe.w, 0);
		EXPECT_EQ(0, bc_send(c, .parcel = p, .code = n));
		s->bwr = (struct binder_write_read) {
			.read_buffer = (binder_uintptr_t)s->rbuf,
			.read_size = BC_READ_SIZE,
		};
		f = ioctl_failing(s, n, BINDER_WRITE_READ, &s->bwr);
		EXPECT_TRUE(!f.ret || f.ret == -EFAULT);
		memcpy(&got, s->rbuf + 2 * sizeof(u32), sizeof(got));
		if (can_reply(s)) {
			had++;
		} else if (!strcmp(bc_read(s), "NOOP TRANSACTION")) {
			got = *bc_txn(s);
			EXPECT_TRUE(can_reply(s));
			again++;
		} else {
			EXPECT_STREQ("NOOP TC FR", bc_read(c));
			lost++;
		}
		if (strcmp(c->read_text, "NOOP TC FR")) {
			EXPECT_STREQ("NOOP TC REPLY", bc_read(c));
			EXPECT_EQ(0, bc_free(c, bc_txn(c)->data.ptr.buffer));
			EXPECT_EQ(0, bc_sys(s, close,
					    bc_object(s, &got, 0)->fd.fd));
			EXPECT_EQ(0, bc_free(s, got.data.ptr.buffer));
		}
		c->read_text[0] = 0;
		EXPECT_EQ(s_fds, bc_fds(s));
		bc_sys(c, close, pipe.w);
		EXPECT_STREQ("EOF", pipe_state(&pipe));
		bc_sys(c, close, pipe.r);
	}
	EXPECT_FALSE(f.failed);
	EXPECT_LE(1, again);
	EXPECT_LE(1, lost);
	EXPECT_LE(2, had);
	EXPECT_TRUE(bc_room(s, c));
}

TEST_HARNESS_MAIN
