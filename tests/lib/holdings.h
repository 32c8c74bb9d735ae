/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a client holds - descriptors, nodes, room in its mapping - and messages
 * with objects that must change nothing of it when they are refused.
 */
#ifndef TESTS_LIB_HOLDINGS_H
#define TESTS_LIB_HOLDINGS_H

#include "refs.h"

/* Descriptors of a client's process */
size_t bc_fds(struct client *c);
u32 bc_free_fd(struct client *c);
void bc_leave_fds(struct client *c, size_t n);
const char *bc_fd_name(struct client *c, u32 fd);
bool bc_cloexec(struct client *c, u32 fd);
u32 bc_memfd(struct client *c, const void *data, size_t len);
const char *bc_fd_read(struct client *c, u32 fd, size_t len);

/**
 * struct fd_pipe - a pipe that tells whether anybody holds its write end
 * @c: the client in whose process both ends are
 * @r: read end, does not block
 * @w: write end
 */
struct fd_pipe {
	struct client *c;
	u32 r;
	u32 w;
};

struct fd_pipe bc_pipe(struct client *c);
const char *pipe_state(const struct fd_pipe *p);
const char *pipe_await(const struct fd_pipe *p);

/* Messages that are refused, and that are not */
const char *bc_holdings(struct client *c);
const char *bc_refused_msg(struct client *s, struct client *c,
			   const struct msg *m);
struct binder_transaction_data bc_sent_msg(struct client *s, struct client *c,
					   const struct msg *m);

#define bc_refused(s, c, ...) \
	bc_refused_msg((s), (c), &(struct msg) { __VA_ARGS__ })
#define bc_sent(s, c, ...) \
	bc_sent_msg((s), (c), &(struct msg) { __VA_ARGS__ })

#endif /* TESTS_LIB_HOLDINGS_H */
