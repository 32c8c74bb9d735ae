// SPDX-License-Identifier: GPL-2.0
/*
 * References: commands about them, and how clients get them from each other.
 */
#include <stdio.h>
#include <string.h>

#include "refs.h"

/**
 * w_ref() - append BC_INCREFS, BC_ACQUIRE, BC_RELEASE or BC_DECREFS
 * @w: the buffer
 * @cmd: the command
 * @handle: handle
 */
void w_ref(struct wbuf *w, u32 cmd, u32 handle)
{
	w_u32(w, cmd);
	w_u32(w, handle);
}

/**
 * w_node_cmd() - append BC_INCREFS_DONE or BC_ACQUIRE_DONE
 * @w: the buffer
 * @cmd: the command
 * @ptr: of the node
 * @cookie: of the node
 */
void w_node_cmd(struct wbuf *w, u32 cmd, u64 ptr, u64 cookie)
{
	w_u32(w, cmd);
	w_u64(w, ptr);
	w_u64(w, cookie);
}

/**
 * w_handle_cmd() - append a command that asks for a notification, or no longer
 * @w: the buffer
 * @cmd: the command
 * @handle: handle
 * @cookie: of the notification
 */
void w_handle_cmd(struct wbuf *w, u32 cmd, u32 handle, u64 cookie)
{
	w_u32(w, cmd);
	w_u32(w, handle);
	w_u64(w, cookie);
}

/**
 * w_cookie_cmd() - append a command that acknowledges a notification
 * @w: the buffer
 * @cmd: the command
 * @cookie: of the notification
 */
void w_cookie_cmd(struct wbuf *w, u32 cmd, u64 cookie)
{
	w_u32(w, cmd);
	w_u64(w, cookie);
}

/**
 * bc_ref() - write BC_INCREFS, BC_ACQUIRE, BC_RELEASE or BC_DECREFS
 * @c: the client
 * @cmd: the command
 * @handle: handle
 *
 * Return: 0, or the negative errno.
 */
long bc_ref(struct client *c, u32 cmd, u32 handle)
{
	struct wbuf *w = wb(c);

	w_ref(w, cmd, handle);
	return bc_write(c, w);
}

/**
 * bc_node_cmd() - write BC_INCREFS_DONE or BC_ACQUIRE_DONE
 * @c: the client
 * @cmd: the command
 * @ptr: of the node
 * @cookie: of the node
 *
 * Return: 0, or the negative errno.
 */
long bc_node_cmd(struct client *c, u32 cmd, u64 ptr, u64 cookie)
{
	struct wbuf *w = wb(c);

	w_node_cmd(w, cmd, ptr, cookie);
	return bc_write(c, w);
}

/**
 * bc_handle_cmd() - write a command that asks for a notification, or no longer
 * @c: the client
 * @cmd: the command
 * @handle: handle
 * @cookie: of the notification
 *
 * Return: 0, or the negative errno.
 */
long bc_handle_cmd(struct client *c, u32 cmd, u32 handle, u64 cookie)
{
	struct wbuf *w = wb(c);

	w_handle_cmd(w, cmd, handle, cookie);
	return bc_write(c, w);
}

/**
 * bc_cookie_cmd() - write a command that acknowledges a notification
 * @c: the client
 * @cmd: the command
 * @cookie: of the notification
 *
 * Return: 0, or the negative errno.
 */
long bc_cookie_cmd(struct client *c, u32 cmd, u64 cookie)
{
	struct wbuf *w = wb(c);

	w_cookie_cmd(w, cmd, cookie);
	return bc_write(c, w);
}

/**
 * bc_node_state() - BINDER_GET_NODE_DEBUG_INFO: what its owner has been told
 * @owner: a client of the process whose node it is
 * @ptr: of the node
 *
 * Return: "strong weak", "weak", "strong" or "-" for what is referenced, and
 * "none" if there is no such node.
 */
const char *bc_node_state(struct client *owner, u64 ptr)
{
	struct binder_node_debug_info *i = stage_scratch(sizeof(*i));
	long ret;

	memset(i, 0, sizeof(*i));
	/* It gives the first node above; from 0 on, not 0 itself. */
	if (!ptr)
		test_abort("the node with ptr 0 cannot be asked for");
	i->ptr = ptr - 1;
	ret = bc_ioctl(owner, BINDER_GET_NODE_DEBUG_INFO, i);
	if (ret)
		test_abort("%s: BINDER_GET_NODE_DEBUG_INFO: %s",
			   owner->a->name, errno_name(ret));
	if (i->ptr != ptr)
		return "none";
	if (i->has_strong_ref)
		return i->has_weak_ref ? "strong weak" : "strong";
	return i->has_weak_ref ? "weak" : "-";
}

/**
 * bc_node_counts() - BINDER_GET_NODE_INFO_FOR_REF: how often a node is held
 * @manager: the context manager, the only one who may ask
 * @handle: its handle
 *
 * Return: "s 2 w 1" for two strong and one weak, or the name of the errno.
 */
const char *bc_node_counts(struct client *manager, u32 handle)
{
	struct binder_node_info_for_ref *i = stage_scratch(sizeof(*i));
	char *text = stage_scratch(64);
	long ret;

	memset(i, 0, sizeof(*i));
	i->handle = handle;
	ret = bc_ioctl(manager, BINDER_GET_NODE_INFO_FOR_REF, i);
	if (ret)
		return errno_name(ret);
	snprintf(text, 64, "s %u w %u", i->strong_count, i->weak_count);
	return text;
}

static void step(struct client *c, const char *what, long ret)
{
	if (ret)
		test_abort("%s: %s: %s", c->a->name, what, errno_name(ret));
}

/**
 * bc_acknowledge() - answer each BR_INCREFS and BR_ACQUIRE of the last read
 * @c: the client that has read them
 */
void bc_acknowledge(struct client *c)
{
	struct wbuf *w = wb(c);
	unsigned int i;

	for (i = 0; i < c->br.n; i++) {
		const struct br *b = &c->br.v[i];

		if (b->cmd == BR_INCREFS)
			w_node_cmd(w, BC_INCREFS_DONE, b->node.ptr,
				   b->node.cookie);
		else if (b->cmd == BR_ACQUIRE)
			w_node_cmd(w, BC_ACQUIRE_DONE, b->node.ptr,
				   b->node.cookie);
	}
	if (w->len)
		step(c, "acknowledging", bc_write(c, w));
}

/* Read what comes at once after having sent an object, and acknowledge. */
static void settle(struct client *c)
{
	const char *text = bc_read(c);
	size_t len = strlen(text);

	if (strncmp(text, "NOOP", 4) || len < 3 || strcmp(text + len - 3, " TC"))
		test_abort("%s sent an object and read: %s", c->a->name, text);
	bc_acknowledge(c);
}

/* Take a count on the first object of a message, and free its buffer. */
static u32 keep(struct client *c, const struct binder_transaction_data *t)
{
	const union object *o = bc_object(c, t, 0);
	struct wbuf *w;

	if (o->hdr.type != BINDER_TYPE_HANDLE &&
	    o->hdr.type != BINDER_TYPE_WEAK_HANDLE)
		test_abort("%s got no handle but: %s", c->a->name,
			   object_name(o->hdr.type));
	w = wb(c);
	w_ref(w, o->hdr.type == BINDER_TYPE_HANDLE ? BC_ACQUIRE : BC_INCREFS,
	      o->flat.handle);
	w_free(w, t->data.ptr.buffer);
	step(c, "keeping a handle", bc_write(c, w));
	return o->flat.handle;
}

static u32 hand_over(struct client *from, struct client *to, struct parcel *p)
{
	struct binder_transaction_data t;
	u32 handle;

	step(from, "BC_TRANSACTION", bc_oneway(from, .parcel = p));
	if (strcmp(bc_ee(from), "OK 0"))
		test_abort("%s cannot give an object: %s", from->a->name,
			   from->ee_text);
	t = bc_take(to);
	handle = keep(to, &t);
	settle(from);
	return handle;
}

/**
 * bc_give() - a client gives its own object to the context manager
 * @from: the client, of another process
 * @to: the context manager
 * @ptr: @from's name for the object
 * @cookie: what goes with it
 * @flags: flags of the object
 *
 * @from has acknowledged BR_INCREFS and BR_ACQUIRE if they came. @to has taken
 * one strong count with BC_ACQUIRE, and no buffer is left.
 *
 * Return: the handle that @to has to it.
 */
u32 bc_give(struct client *from, struct client *to, u64 ptr, u64 cookie,
	    u32 flags)
{
	struct parcel *p = parcel();

	p_binder(p, ptr, cookie, flags);
	return hand_over(from, to, p);
}

/**
 * bc_give_weak() - a client gives its own object to the manager, weakly
 * @from: the client, of another process
 * @to: the context manager
 * @ptr: @from's name for the object
 * @cookie: what goes with it
 * @flags: flags of the object
 *
 * As bc_give(), but @to has taken one weak count with BC_INCREFS.
 *
 * Return: the handle that @to has to it.
 */
u32 bc_give_weak(struct client *from, struct client *to, u64 ptr, u64 cookie,
		 u32 flags)
{
	struct parcel *p = parcel();

	p_weak_binder(p, ptr, cookie, flags);
	return hand_over(from, to, p);
}

/**
 * bc_fetch() - a client calls the context manager, which replies with objects
 * @to: the client, of another process
 * @from: the context manager
 * @p: the reply
 *
 * The manager has acknowledged what it was told about objects of its own. The
 * call accepts descriptors.
 *
 * Return: the reply; @to has not freed its buffer.
 */
struct binder_transaction_data bc_fetch(struct client *to, struct client *from,
					struct parcel *p)
{
	step(to, "BC_TRANSACTION", bc_send(to, .flags = TF_ACCEPT_FDS));
	bc_take_and_free(from);
	step(from, "BC_REPLY", bc_reply(from, .parcel = p));
	settle(from);
	if (strcmp(bc_read(to), "NOOP TC REPLY"))
		test_abort("%s gets no reply: %s", to->a->name, to->read_text);
	return *bc_txn(to);
}

static u32 receive(struct client *to, struct client *from, struct parcel *p)
{
	struct binder_transaction_data t = bc_fetch(to, from, p);

	return keep(to, &t);
}

/**
 * bc_receive() - a client gets from the context manager what that has a
 * handle to
 * @to: the client; the object is not its own
 * @from: the context manager
 * @handle: the manager's handle, with a strong count
 *
 * @to has taken one strong count with BC_ACQUIRE, and no buffer is left.
 *
 * Return: the handle that @to has to it.
 */
u32 bc_receive(struct client *to, struct client *from, u32 handle)
{
	struct parcel *p = parcel();

	p_handle(p, handle);
	return receive(to, from, p);
}

/**
 * bc_receive_weak() - as bc_receive(), weakly
 * @to: the client; the object is not its own
 * @from: the context manager
 * @handle: the manager's handle, with a count of any kind
 *
 * @to has taken one weak count with BC_INCREFS.
 *
 * Return: the handle that @to has to it.
 */
u32 bc_receive_weak(struct client *to, struct client *from, u32 handle)
{
	struct parcel *p = parcel();

	p_weak_handle(p, handle);
	return receive(to, from, p);
}

/**
 * bc_receive_own() - a client gets an object of the context manager's own
 * @to: the client
 * @from: the context manager
 * @ptr: @from's name for the object; 0 is the one that is handle 0
 * @cookie: what goes with it
 * @flags: flags of the object
 *
 * As bc_receive(); @from has acknowledged BR_INCREFS and BR_ACQUIRE if they
 * came.
 *
 * Return: the handle that @to has to it.
 */
u32 bc_receive_own(struct client *to, struct client *from, u64 ptr,
		   u64 cookie, u32 flags)
{
	struct parcel *p = parcel();

	p_binder(p, ptr, cookie, flags);
	return receive(to, from, p);
}

/**
 * bc_pass() - a client gets an object of another client
 * @owner: the client whose object it is
 * @manager: the context manager, which keeps nothing
 * @to: the client, of a third process
 * @ptr: @owner's name for the object
 * @cookie: what goes with it
 * @flags: flags of the object
 *
 * Return: the handle that @to has to it, with one strong count.
 */
u32 bc_pass(struct client *owner, struct client *manager, struct client *to,
	    u64 ptr, u64 cookie, u32 flags)
{
	u32 at_manager = bc_give(owner, manager, ptr, cookie, flags);
	u32 handle = bc_receive(to, manager, at_manager);

	step(manager, "BC_RELEASE", bc_ref(manager, BC_RELEASE, at_manager));
	return handle;
}
