/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the log files "state" and "stats" say, as structs; in the order of the
 * files, and without what nobody wants to see. docs/spec/70-binderfs.md, section
 * 6, has the format. Lines of later kernels may have more in them.
 */
#ifndef TESTS_TOOLS_MODEL_H
#define TESTS_TOOLS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum txn_kind {
	TXN_OUTGOING,		/* a call that a thread waits for */
	TXN_INCOMING,		/* one that it has to answer */
	TXN_PENDING,		/* not yet read */
	TXN_PENDING_ASYNC,	/* oneway, behind another one of the same node */
};

/**
 * struct txn - a message
 * @kind: where it is
 * @id: debug id
 * @from_pid: sender's process, 0 if it is gone
 * @from_tid: its thread
 * @to_pid: receiver's process, 0 if it is gone
 * @to_tid: its thread, 0 if none has it
 * @code: the sender's choice
 * @flags: TF_
 * @ms: since it was sent
 * @has_size: the shown process has it, with a size
 * @size: of the data, in bytes
 */
struct txn {
	enum txn_kind kind;
	unsigned int id;
	pid_t from_pid;
	pid_t from_tid;
	pid_t to_pid;
	pid_t to_tid;
	unsigned int code;
	unsigned int flags;
	unsigned long ms;
	bool has_size;
	unsigned long long size;
};

/**
 * struct todo - what somebody has to read or to do
 * @txns: messages; of a thread: first those it is in, the innermost first
 * @nr_txns: how many
 * @works: other things, in the words of the logs
 * @nr_works: how many
 */
struct todo {
	struct txn *txns;
	size_t nr_txns;
	char **works;
	size_t nr_works;
};

#define LOOPER		0x03	/* it has said that it is one */
#define LOOPER_WAITING	0x10
#define LOOPER_POLL	0x20

struct thread {
	pid_t tid;
	unsigned int looper;
	struct todo todo;
};

struct node {
	unsigned int id;
	char ptr[32];
	int strong;		/* from other processes */
	pid_t *holders;
	size_t nr_holders;
	struct todo todo;
};

struct ref {
	int handle;
	unsigned int node;
	bool dead;
	int strong;
	int weak;
	bool watched;		/* for its death */
};

struct buffer {
	unsigned int id;
	unsigned long long size;	/* of all parts */
	bool delivered;
};

struct stats {
	bool known;
	int ready;
	int started;
	int max_threads;
	long long async_space;
	int pages_in_use;
	int pages_idle;
	int pages_absent;
};

struct proc {
	pid_t pid;
	char context[256];
	struct thread *threads;
	size_t nr_threads;
	struct node *nodes;
	size_t nr_nodes;
	struct ref *refs;
	size_t nr_refs;
	struct buffer *buffers;
	size_t nr_buffers;
	struct todo todo;
	struct stats stats;
};

/**
 * struct state - all of it
 * @procs: a process for each open file, the last one that was opened first
 * @nr_procs: how many
 * @unknown: lines that were not understood
 */
struct state {
	struct proc *procs;
	size_t nr_procs;
	size_t unknown;
};

/* state.c, txn.c and stats.c APIs: */
const struct state *read_state(const char *logs);
bool read_txn(const char *line, struct txn *t);
void read_stats(const char *logs, struct state *s);

const struct proc *newest_proc(const struct state *s, pid_t pid);
const struct ref *ref_of(const struct proc *p, int handle);
pid_t owner_of(const struct state *s, unsigned int node);

#endif /* TESTS_TOOLS_MODEL_H */
