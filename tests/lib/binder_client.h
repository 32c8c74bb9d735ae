/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Raw Binder clients for tests, driven from the test process.
 *
 * A client is one thread record of the driver: a thread (an actor) together
 * with an open device file. Several clients may share a file (bc_thread()), and
 * one thread may have several files (bc_second_file()).
 *
 * What a read returned is given as text in the short names of the conformance
 * checklist, so that a test compares with what the checklist says:
 *
 *	EXPECT_STREQ("NOOP TC REPLY", bc_read(c));
 *	EXPECT_STREQ("FR EINVAL", bc_ee(c));
 *
 * TC stands for BR_TRANSACTION_COMPLETE, FR, DR and ZR for BR_FAILED_REPLY,
 * BR_DEAD_REPLY and BR_FROZEN_REPLY, SPAWN for BR_SPAWN_LOOPER; a read that
 * fails gives the name of its errno.
 */
#ifndef TESTS_LIB_BINDER_CLIENT_H
#define TESTS_LIB_BINDER_CLIENT_H

#include <linux/android/binder.h>

#include "actor.h"

#define BC_DEVICE	"/dev/binder"
/* Two more contexts. Only uid 1000 may manage the third: see files.c, F_067. */
#define BC_DEVICE_2	"/dev/hwbinder"
#define BC_DEVICE_3	"/dev/vndbinder"

#define BC_MAP_SIZE	((size_t)1 << 20)
#define BC_READ_SIZE	256	/* what the checklist calls a read */
#define BC_RBUF_SIZE	4096
#define BC_POISON	0xa5	/* read buffers hold it before a read */

/* Flags of the context manager's node in most tests. */
#define BC_NODE_FLAGS	FLAT_BINDER_FLAG_ACCEPTS_FDS

/**
 * struct br - one return of the driver
 * @cmd: BR_ code
 * @txn: payload of BR_TRANSACTION and BR_REPLY
 * @secctx: payload of BR_TRANSACTION_SEC_CTX
 * @node: payload of BR_INCREFS, BR_ACQUIRE, BR_RELEASE and BR_DECREFS
 * @cookie: payload of the death returns and BR_CLEAR_FREEZE_NOTIFICATION_DONE
 * @frozen: payload of BR_FROZEN_BINDER
 */
struct br {
	u32 cmd;
	union {
		struct binder_transaction_data txn;
		struct binder_transaction_data_secctx secctx;
		struct binder_ptr_cookie node;
		binder_uintptr_t cookie;
		struct binder_frozen_state_info frozen;
	};
};

#define BC_MAX_BR 128

/**
 * struct br_list - what one BINDER_WRITE_READ returned
 * @ret: result of the ioctl, or negative errno
 * @n: entries of @v
 * @v: the returns in order
 * @trailing: bytes behind the last complete return
 */
struct br_list {
	long ret;
	unsigned int n;
	struct br v[BC_MAX_BR];
	size_t trailing;
};

/**
 * struct binder_file - one open file of a device, that is one binder process
 * @fd: descriptor, valid in the opener's process
 * @map: address of the mapping there, NULL if there is none
 * @size: its length in bytes
 * @nonblock: O_NONBLOCK is set
 */
struct binder_file {
	int fd;
	u8 *map;
	size_t size;
	bool nonblock;
};

struct parcel;

/* Commands on their way to the driver. */
struct wbuf {
	u8 *p;
	size_t len;
	size_t size;
};

/**
 * struct client - one thread record; lies on the stage
 * @a: its thread
 * @f: its file
 * @bwr: the argument of the last BINDER_WRITE_READ, as the driver left it
 * @ee: the extended error bc_ee() read last
 * @rbuf: read buffer, BC_POISON where nothing was stored
 * @br: what the last read returned
 * @w: its command buffer, see wb()
 * @read_text: the same as text
 * @ee_text: @ee as text
 */
struct client {
	struct actor *a;
	struct binder_file *f;
	struct binder_write_read bwr;
	struct binder_extended_error ee;
	u8 *rbuf;
	struct br_list br;
	struct wbuf w;
	char read_text[2048];
	char ee_text[64];
};

/**
 * struct msg - a transaction or reply to send
 * @handle: target
 * @code: transaction code
 * @flags: TF_ flags
 * @data: payload; copied to the stage unless @raw
 * @size: its length in bytes
 * @offsets: offsets array; copied to the stage unless @raw
 * @offsets_size: its length in bytes
 * @parcel: data and offsets come from there, see parcel.h
 * @sg: room for the buffers of PTR objects, in bytes
 * @use_sg: send it with the _SG command even if @sg is 0
 * @raw: @data and @offsets go to the driver as they are
 */
struct msg {
	u32 handle;
	u32 code;
	u32 flags;
	const void *data;
	binder_size_t size;
	const void *offsets;
	binder_size_t offsets_size;
	const struct parcel *parcel;
	binder_size_t sg;
	bool use_sg;
	bool raw;
};

/* Starting and ending */
struct client *bc_new(const char *name);
struct client *bc_start(const char *name, const char *device, size_t map_size);
struct client *bc_thread(struct client *c, const char *name);
struct client *bc_second_file(struct client *c, const char *device,
			      size_t map_size);
long bc_open(struct client *c, const char *device, int flags);
long bc_map(struct client *c, size_t size, int prot, int flags, off_t offset);
void bc_nonblock(struct client *c, bool on);
long bc_manager(struct client *c, u32 node_flags);
struct client *bc_server(const char *name, size_t map_size);
void bc_await_no_manager(struct client *c);

/* Command buffers */
struct wbuf *wb(struct client *c);
void w_put(struct wbuf *w, const void *p, size_t len);
void w_u32(struct wbuf *w, u32 v);
void w_u64(struct wbuf *w, u64 v);
void w_free(struct wbuf *w, binder_uintptr_t buffer);
void w_msg(struct wbuf *w, u32 cmd, const struct msg *m);

#define w_txn(w, ...) w_msg((w), BC_TRANSACTION, &(struct msg) { __VA_ARGS__ })
#define w_reply(w, ...) w_msg((w), BC_REPLY, &(struct msg) { __VA_ARGS__ })

/* BINDER_WRITE_READ */
long bc_io(struct client *c);
long bc_write(struct client *c, const struct wbuf *w);
const char *bc_write_read(struct client *c, const struct wbuf *w, size_t size);
const char *bc_read(struct client *c);
const char *bc_read_size(struct client *c, size_t size);
const char *bc_wait(struct client *c);
long bc_read_into(struct client *c, const void *buffer, size_t size);
void bc_begin_read(struct client *c, const struct wbuf *w, size_t size);
bool bc_blocked(struct client *c);
const char *bc_end(struct client *c);

/* Single commands, write only. Each returns the result of the ioctl. */
long bc_cmd(struct client *c, u32 cmd);
long bc_free(struct client *c, binder_uintptr_t buffer);
long bc_msg(struct client *c, u32 cmd, const struct msg *m);
const char *bc_msg_outcome(struct client *c, const struct msg *m);

#define bc_send(c, ...) \
	bc_msg((c), BC_TRANSACTION, &(struct msg) { __VA_ARGS__ })
#define bc_oneway(c, ...) \
	bc_msg((c), BC_TRANSACTION, \
	       &(struct msg) { .flags = TF_ONE_WAY, __VA_ARGS__ })
/* As text: what a read returns at once, and the extended error. */
#define bc_outcome(c, ...) \
	bc_msg_outcome((c), &(struct msg) { __VA_ARGS__ })
#define bc_reply(c, ...) \
	bc_msg((c), BC_REPLY, &(struct msg) { __VA_ARGS__ })

/* What came back */
const struct binder_transaction_data *bc_txn(const struct client *c);
struct binder_transaction_data bc_take(struct client *c);
void bc_take_and_free(struct client *c);
const char *bc_ee(struct client *c);

/* Whole calls, with the context manager S */
binder_uintptr_t bc_deliver_msg(struct client *s, struct client *c,
				const struct msg *m);
bool bc_works(struct client *s, struct client *c);
bool bc_room(struct client *s, struct client *c);

#define bc_deliver(s, c, ...) \
	bc_deliver_msg((s), (c), &(struct msg) { __VA_ARGS__ })

/* Other calls */
long bc_ioctl(struct client *c, unsigned int cmd, void *arg);
long bc_u32_ioctl(struct client *c, unsigned int cmd, u32 value);
long bc_ready(struct client *c);
long bc_poll(struct client *c, int timeout_ms);
long bc_unmap(struct client *c);
long bc_close(struct client *c);

#define bc_sys(c, name, ...) actor_sys((c)->a, name, __VA_ARGS__)

/* The client's memory */
void *bc_mem(struct client *c, size_t len);
u8 *bc_edge(struct client *c);
void bc_fill(struct client *c, void *addr, size_t len, u64 seed);
const void *bc_peek(struct client *c, binder_uintptr_t addr, size_t len);
const char *bc_touch(struct client *c, const void *addr);
const char *bc_poke(struct client *c, void *addr);
const char *bc_pages(struct client *c, size_t first, size_t n);
long bc_mismatch(struct client *c, binder_uintptr_t addr, size_t len, u64 seed);
bool bc_same(struct client *c, binder_uintptr_t addr, const void *want,
	     size_t len);

const char *br_name(u32 cmd);
const char *errno_name(long ret);

/* rounded up to a multiple of 8, as the driver does with sizes */
static inline u64 up8(u64 n)
{
	return (n + 7) & ~(u64)7;
}

#endif /* TESTS_LIB_BINDER_CLIENT_H */
