/* SPDX-License-Identifier: GPL-2.0 */
/*
 * References: the commands that count and watch them, and whole steps by which
 * one client gets a handle to the object of another.
 *
 * These steps are for tests that are about something else: whatever does not go
 * as it should ends the test.
 */
#ifndef TESTS_LIB_REFS_H
#define TESTS_LIB_REFS_H

#include "parcel.h"

/* Commands by what they carry: appended to a buffer, or written at once. */
void w_ref(struct wbuf *w, u32 cmd, u32 handle);
void w_node_cmd(struct wbuf *w, u32 cmd, u64 ptr, u64 cookie);
void w_handle_cmd(struct wbuf *w, u32 cmd, u32 handle, u64 cookie);
void w_cookie_cmd(struct wbuf *w, u32 cmd, u64 cookie);
long bc_ref(struct client *c, u32 cmd, u32 handle);
long bc_node_cmd(struct client *c, u32 cmd, u64 ptr, u64 cookie);
long bc_handle_cmd(struct client *c, u32 cmd, u32 handle, u64 cookie);
long bc_cookie_cmd(struct client *c, u32 cmd, u64 cookie);

/* What the driver says about nodes */
const char *bc_node_state(struct client *owner, u64 ptr);
const char *bc_node_counts(struct client *manager, u32 handle);

/* Whole steps. All clients are idle before and after. */
void bc_acknowledge(struct client *c);
u32 bc_give(struct client *from, struct client *to, u64 ptr, u64 cookie,
	    u32 flags);
u32 bc_give_weak(struct client *from, struct client *to, u64 ptr, u64 cookie,
		 u32 flags);
u32 bc_receive(struct client *to, struct client *from, u32 handle);
u32 bc_receive_weak(struct client *to, struct client *from, u32 handle);
u32 bc_receive_own(struct client *to, struct client *from, u64 ptr,
		   u64 cookie, u32 flags);
u32 bc_pass(struct client *owner, struct client *manager, struct client *to,
	    u64 ptr, u64 cookie, u32 flags);
struct binder_transaction_data bc_fetch(struct client *to, struct client *from,
					struct parcel *p);

#endif /* TESTS_LIB_REFS_H */
