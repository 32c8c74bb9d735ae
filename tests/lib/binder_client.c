// SPDX-License-Identifier: GPL-2.0
/*
 * Raw Binder clients for tests: starting them, and what they write and read.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "binder_client.h"

/**
 * bc_new() - start a process that has opened nothing yet
 * @name: for messages
 *
 * Return: the client.
 */
struct client *bc_new(const char *name)
{
	struct client *c = stage_keep(sizeof(*c));

	c->a = actor_fork(name);
	c->f = stage_keep(sizeof(*c->f));
	c->f->fd = -1;
	c->rbuf = stage_keep(BC_RBUF_SIZE);
	c->w.size = 16 * PAGE;
	c->w.p = stage_keep(c->w.size);
	return c;
}

/**
 * bc_start() - start a process that has a device open and mapped
 * @name: for messages
 * @device: path of the device
 * @map_size: bytes to map, 0 for no mapping
 *
 * The thread has made one ioctl: its reads block when there is nothing to read.
 *
 * Return: the client.
 */
struct client *bc_start(const char *name, const char *device, size_t map_size)
{
	struct client *c = bc_new(name);
	long ret = bc_open(c, device, O_RDWR | O_CLOEXEC);

	if (ret < 0)
		test_abort("%s: open %s: %s", name, device, errno_name(ret));
	if (map_size) {
		ret = bc_map(c, map_size, PROT_READ, MAP_PRIVATE, 0);
		if (ret)
			test_abort("%s: mmap: %s", name, errno_name(ret));
	}
	bc_ready(c);
	return c;
}

/**
 * bc_thread() - start another thread that uses the same file
 * @c: the client whose process and file it shares
 * @name: for messages
 *
 * The thread has made no ioctl: the driver does not know it yet.
 *
 * Return: the client.
 */
struct client *bc_thread(struct client *c, const char *name)
{
	struct client *t = stage_keep(sizeof(*t));

	t->a = actor_thread(c->a->leader, name);
	t->f = c->f;
	t->rbuf = stage_keep(BC_RBUF_SIZE);
	t->w.size = 16 * PAGE;
	t->w.p = stage_keep(t->w.size);
	return t;
}

/**
 * bc_second_file() - have a thread open a device once more
 * @c: the client whose thread it is
 * @device: path of the device
 * @map_size: bytes to map, 0 for no mapping
 *
 * Return: the client made of the same thread and the new file.
 */
struct client *bc_second_file(struct client *c, const char *device,
			      size_t map_size)
{
	struct client *n = stage_keep(sizeof(*n));
	long ret;

	*n = *c;
	n->f = stage_keep(sizeof(*n->f));
	ret = bc_open(n, device, O_RDWR | O_CLOEXEC);
	if (ret < 0)
		test_abort("second open of %s: %s", device, errno_name(ret));
	if (map_size) {
		ret = bc_map(n, map_size, PROT_READ, MAP_PRIVATE, 0);
		if (ret)
			test_abort("second mmap: %s", errno_name(ret));
	}
	bc_ready(n);
	return n;
}

/**
 * bc_open() - open a device
 * @c: the client, without an open file
 * @device: path of the device
 * @flags: flags of open()
 *
 * Return: the descriptor, or the negative errno.
 */
long bc_open(struct client *c, const char *device, int flags)
{
	char *path = stage_scratch(256);
	long fd;

	snprintf(path, 256, "%s", device);
	fd = bc_sys(c, openat, AT_FDCWD, (long)path, flags);
	c->f->fd = fd;
	c->f->nonblock = flags & O_NONBLOCK;
	return fd;
}

/**
 * bc_map() - map the device
 * @c: the client
 * @size: bytes
 * @prot: PROT_ flags
 * @flags: MAP_ flags
 * @offset: file offset in bytes
 *
 * The client's file records the mapping if it succeeds.
 *
 * Return: 0, or the negative errno.
 */
long bc_map(struct client *c, size_t size, int prot, int flags, off_t offset)
{
	long ret = bc_sys(c, mmap, 0, size, prot, flags, c->f->fd, offset);

	if (ret < 0 && ret > -4096)
		return ret;
	c->f->map = (u8 *)ret;
	c->f->size = size;
	return 0;
}

/**
 * bc_unmap() - unmap the whole mapping
 * @c: the client
 *
 * Return: 0, or the negative errno.
 */
long bc_unmap(struct client *c)
{
	return bc_sys(c, munmap, (long)c->f->map, c->f->size);
}

/**
 * bc_close() - close the descriptor
 * @c: the client
 *
 * Return: 0, or the negative errno.
 */
long bc_close(struct client *c)
{
	return bc_sys(c, close, c->f->fd);
}

/**
 * bc_nonblock() - choose whether reads of the file block
 * @c: any client of the file
 * @on: reads do not block
 */
void bc_nonblock(struct client *c, bool on)
{
	long ret;

	if (c->f->nonblock == on)
		return;
	ret = bc_sys(c, fcntl, c->f->fd, F_SETFL, on ? O_NONBLOCK : 0);
	if (ret)
		test_abort("%s: F_SETFL: %s", c->a->name, errno_name(ret));
	c->f->nonblock = on;
}

/**
 * bc_ioctl() - any ioctl of the device
 * @c: the client
 * @cmd: ioctl number
 * @arg: argument, on the stage or in the client's memory
 *
 * Return: 0, or the negative errno.
 */
long bc_ioctl(struct client *c, unsigned int cmd, void *arg)
{
	return bc_sys(c, ioctl, c->f->fd, cmd, (long)arg);
}

/**
 * bc_u32_ioctl() - an ioctl whose argument is a pointer to 32 bits
 * @c: the client
 * @cmd: ioctl number
 * @value: the 32 bits
 *
 * Return: 0, or the negative errno.
 */
long bc_u32_ioctl(struct client *c, unsigned int cmd, u32 value)
{
	u32 *arg = stage_scratch(sizeof(*arg));

	*arg = value;
	return bc_ioctl(c, cmd, arg);
}

/**
 * bc_ready() - make one harmless ioctl, so that the next read may block
 * @c: the client
 *
 * Return: the protocol version.
 */
long bc_ready(struct client *c)
{
	struct binder_version *v = stage_scratch(sizeof(*v));
	long ret;

	memset(v, 0xcc, sizeof(*v));
	ret = bc_ioctl(c, BINDER_VERSION, v);
	if (ret)
		test_abort("%s: BINDER_VERSION: %s", c->a->name,
			   errno_name(ret));
	return v->protocol_version;
}

/**
 * bc_manager() - become the context manager
 * @c: the client
 * @node_flags: flags of the node; its ptr and cookie are 0
 *
 * The manager of an earlier test may still be on its way out: released files
 * are taken apart asynchronously. So EBUSY is tried again for a while.
 *
 * Return: 0, or the negative errno.
 */
long bc_manager(struct client *c, u32 node_flags)
{
	struct flat_binder_object *obj = stage_scratch(sizeof(*obj));
	u64 limit = now_ms() + ACTOR_PATIENCE_MS;
	long ret;

	memset(obj, 0, sizeof(*obj));
	obj->flags = node_flags;
	do {
		ret = bc_ioctl(c, BINDER_SET_CONTEXT_MGR_EXT, obj);
		if (ret == -EBUSY)
			sleep_ms(1);
	} while (ret == -EBUSY && now_ms() < limit);
	return ret;
}

/**
 * bc_server() - start the server of most tests
 * @name: for messages
 * @map_size: bytes to map
 *
 * Return: a client that is context manager of BC_DEVICE, and a looper.
 */
struct client *bc_server(const char *name, size_t map_size)
{
	struct client *c = bc_start(name, BC_DEVICE, map_size);
	long ret = bc_manager(c, BC_NODE_FLAGS);

	if (ret)
		test_abort("%s: cannot become context manager: %s", name,
			   errno_name(ret));
	ret = bc_cmd(c, BC_ENTER_LOOPER);
	if (ret)
		test_abort("%s: BC_ENTER_LOOPER: %s", name, errno_name(ret));
	return c;
}

/**
 * bc_await_no_manager() - wait until a dead manager's context has none
 * @c: a client of that context with an empty todo, of another process
 *
 * Oneways tell: they fail with BR_DEAD_REPLY from that moment on. The client's
 * extended error is lost.
 */
void bc_await_no_manager(struct client *c)
{
	u64 limit = now_ms() + ACTOR_PATIENCE_MS;

	do {
		bc_oneway(c, .code = 0);
		if (!strcmp(bc_read(c), "NOOP DR")) {
			bc_ee(c);
			return;
		}
		sleep_ms(1);
	} while (now_ms() < limit);
	test_abort("the context still has a manager: %s", c->read_text);
}

/* BR_ERROR is announced with a parameter but stored without one. */
static size_t br_payload(u32 cmd)
{
	return cmd == BR_ERROR ? 0 : _IOC_SIZE(cmd);
}

static void br_parse(struct client *c, u64 start)
{
	struct br_list *l = &c->br;
	u64 end = c->bwr.read_consumed;
	u64 pos = start;

	l->n = 0;
	l->trailing = 0;
	if (c->bwr.read_buffer != (binder_uintptr_t)c->rbuf ||
	    end > BC_RBUF_SIZE)
		return;
	while (pos + 4 <= end && l->n < BC_MAX_BR) {
		struct br *b = &l->v[l->n];
		size_t len;

		memcpy(&b->cmd, c->rbuf + pos, 4);
		len = br_payload(b->cmd);
		if (pos + 4 + len > end || len > sizeof(b->secctx))
			break;
		memcpy(&b->secctx, c->rbuf + pos + 4, len);
		pos += 4 + len;
		l->n++;
	}
	l->trailing = end > pos ? end - pos : 0;
}

static const char *br_text(struct client *c)
{
	size_t room = sizeof(c->read_text);
	char *p = c->read_text;
	unsigned int i;

	if (c->br.ret) {
		snprintf(p, room, "%s", errno_name(c->br.ret));
		return p;
	}
	*p = 0;
	for (i = 0; i < c->br.n; i++) {
		int n = snprintf(p, room, "%s%s", i ? " " : "",
				 br_name(c->br.v[i].cmd));

		if (n < 0 || (size_t)n >= room)
			break;
		p += n;
		room -= n;
	}
	if (c->br.trailing)
		snprintf(p, room, " +%zu bytes", c->br.trailing);
	return c->read_text;
}

static void io_begin(struct client *c)
{
	actor_begin_sys(c->a, SYS_ioctl, (const long[6]) {
			c->f->fd, BINDER_WRITE_READ, (long)&c->bwr });
}

static long io_end(struct client *c, u64 start)
{
	c->br.ret = actor_end(c->a);
	br_parse(c, start);
	br_text(c);
	return c->br.ret;
}

/**
 * bc_io() - BINDER_WRITE_READ with bwr as the test has set it
 * @c: the client; c->br and c->read_text tell what was read if bwr.read_buffer
 *	is c->rbuf
 *
 * Return: 0, or the negative errno.
 */
long bc_io(struct client *c)
{
	u64 start = c->bwr.read_consumed;

	if (c->bwr.read_size && c->bwr.read_buffer == (binder_uintptr_t)c->rbuf)
		memset(c->rbuf, BC_POISON, BC_RBUF_SIZE);
	io_begin(c);
	return io_end(c, start);
}

static void bwr_set(struct client *c, const struct wbuf *w, size_t read_size)
{
	c->bwr = (struct binder_write_read) {
		.write_size = w ? w->len : 0,
		.write_buffer = w ? (binder_uintptr_t)w->p : 0,
		.read_size = read_size,
		.read_buffer = (binder_uintptr_t)c->rbuf,
	};
}

/**
 * bc_write() - BINDER_WRITE_READ without read part
 * @c: the client
 * @w: commands
 *
 * Return: 0, or the negative errno; c->bwr.write_consumed tells how far it went.
 */
long bc_write(struct client *c, const struct wbuf *w)
{
	bwr_set(c, w, 0);
	return bc_io(c);
}

/**
 * bc_write_read() - write, and read without blocking
 * @c: the client
 * @w: commands
 * @size: of the read buffer, at most BC_RBUF_SIZE bytes
 *
 * Return: what was read, as text.
 */
const char *bc_write_read(struct client *c, const struct wbuf *w, size_t size)
{
	bc_nonblock(c, true);
	bwr_set(c, w, size);
	bc_io(c);
	return c->read_text;
}

/**
 * bc_read() - the checklist's nb: read without blocking
 * @c: the client
 *
 * Return: what was read, as text.
 */
const char *bc_read(struct client *c)
{
	return bc_write_read(c, NULL, BC_READ_SIZE);
}

/**
 * bc_read_size() - read without blocking into a buffer of given size
 * @c: the client
 * @size: at most BC_RBUF_SIZE bytes
 *
 * Return: what was read, as text.
 */
const char *bc_read_size(struct client *c, size_t size)
{
	return bc_write_read(c, NULL, size);
}

/**
 * bc_read_into() - read into memory that need not be writable
 * @c: the client; its file blocks or not as before
 * @buffer: where to
 * @size: of the buffer in bytes
 *
 * Return: 0, or the negative errno.
 */
long bc_read_into(struct client *c, const void *buffer, size_t size)
{
	c->bwr = (struct binder_write_read) {
		.read_size = size,
		.read_buffer = (binder_uintptr_t)buffer,
	};
	return bc_io(c);
}

/**
 * bc_begin_read() - begin to write and read, and block if there is nothing
 * @c: the client
 * @w: commands, may be NULL
 * @size: of the read buffer, at most BC_RBUF_SIZE bytes
 */
void bc_begin_read(struct client *c, const struct wbuf *w, size_t size)
{
	bc_nonblock(c, false);
	bwr_set(c, w, size);
	memset(c->rbuf, BC_POISON, BC_RBUF_SIZE);
	io_begin(c);
}

/**
 * bc_blocked() - check that what bc_begin_read() began sleeps
 * @c: the client
 *
 * Return: false if it returned instead; bc_end() gives the result.
 */
bool bc_blocked(struct client *c)
{
	return actor_blocked(c->a);
}

/**
 * bc_end() - wait for the end of what bc_begin_read() began
 * @c: the client
 *
 * Return: what was read, as text.
 */
const char *bc_end(struct client *c)
{
	io_end(c, 0);
	return c->read_text;
}

/**
 * bc_wait() - a blocking read that is expected to return
 * @c: the client
 *
 * Return: what was read, as text.
 */
const char *bc_wait(struct client *c)
{
	bc_begin_read(c, NULL, BC_READ_SIZE);
	return bc_end(c);
}

/**
 * bc_cmd() - write a command that has no payload
 * @c: the client
 * @cmd: BC_ code
 *
 * Return: 0, or the negative errno.
 */
long bc_cmd(struct client *c, u32 cmd)
{
	struct wbuf *w = wb(c);

	w_u32(w, cmd);
	return bc_write(c, w);
}

/**
 * bc_free() - write BC_FREE_BUFFER
 * @c: the client
 * @buffer: address to free
 *
 * Return: 0, or the negative errno.
 */
long bc_free(struct client *c, binder_uintptr_t buffer)
{
	struct wbuf *w = wb(c);

	w_free(w, buffer);
	return bc_write(c, w);
}

/**
 * bc_msg() - write BC_TRANSACTION or BC_REPLY
 * @c: the client
 * @cmd: the command
 * @m: what to send
 *
 * Return: 0, or the negative errno.
 */
long bc_msg(struct client *c, u32 cmd, const struct msg *m)
{
	struct wbuf *w = wb(c);

	w_msg(w, cmd, m);
	return bc_write(c, w);
}

/**
 * bc_msg_outcome() - write BC_TRANSACTION and see what the sender gets at once
 * @c: the client
 * @m: what to send
 *
 * Return: for example "NOOP FR, FR EINVAL": what a read returns, and the
 * extended error; or what is wrong with the write.
 */
const char *bc_msg_outcome(struct client *c, const struct msg *m)
{
	char *text = stage_scratch(256);
	const char *ee;

	if (bc_msg(c, BC_TRANSACTION, m))
		return errno_name(c->br.ret);
	if (c->bwr.write_consumed != c->bwr.write_size)
		return "not consumed";
	ee = bc_ee(c);
	snprintf(text, 256, "%.180s, %s", bc_read(c), ee);
	return text;
}

/**
 * bc_txn() - the transaction or reply of the last read
 * @c: the client
 *
 * The test fails if there was none.
 *
 * Return: its data.
 */
const struct binder_transaction_data *bc_txn(const struct client *c)
{
	unsigned int i;

	for (i = 0; i < c->br.n; i++)
		if (c->br.v[i].cmd == BR_TRANSACTION ||
		    c->br.v[i].cmd == BR_REPLY ||
		    c->br.v[i].cmd == BR_TRANSACTION_SEC_CTX)
			return &c->br.v[i].txn;
	test_abort("%s: no transaction and no reply in: %s", c->a->name,
		   c->read_text);
}

/**
 * bc_take() - read until a transaction or reply comes
 * @c: the client
 *
 * The test fails if what comes first does not carry one.
 *
 * Return: its data.
 */
struct binder_transaction_data bc_take(struct client *c)
{
	bc_wait(c);
	return *bc_txn(c);
}

/**
 * bc_take_and_free() - receive a transaction or reply and free its buffer
 * @c: the client
 */
void bc_take_and_free(struct client *c)
{
	struct binder_transaction_data t = bc_take(c);
	long ret = bc_free(c, t.data.ptr.buffer);

	if (ret)
		test_abort("%s: BC_FREE_BUFFER: %s", c->a->name,
			   errno_name(ret));
}

/**
 * bc_ee() - BINDER_GET_EXTENDED_ERROR
 * @c: the client; c->ee holds the result
 *
 * Return: command and param as text: "OK 0" or for example "FR EINVAL".
 */
const char *bc_ee(struct client *c)
{
	struct binder_extended_error *ee = stage_scratch(sizeof(*ee));
	long ret;

	memset(ee, 0xcc, sizeof(*ee));
	ret = bc_ioctl(c, BINDER_GET_EXTENDED_ERROR, ee);
	c->ee = *ee;
	if (ret)
		return errno_name(ret);
	snprintf(c->ee_text, sizeof(c->ee_text), "%s %s", br_name(ee->command),
		 errno_name(ee->param));
	return c->ee_text;
}

/**
 * bc_poll() - poll the device for everything
 * @c: the client
 * @timeout_ms: as for poll()
 *
 * Return: revents, 0 after a timeout, or the negative errno.
 */
long bc_poll(struct client *c, int timeout_ms)
{
	struct pollfd *p = stage_scratch(sizeof(*p));
	long ret;

	*p = (struct pollfd) { .fd = c->f->fd, .events = 0x7fff };
	ret = bc_sys(c, poll, (long)p, 1, timeout_ms);
	return ret < 0 ? ret : p->revents;
}
