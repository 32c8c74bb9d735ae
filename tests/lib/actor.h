/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Actors: threads of other processes that do one thing at a time, when told to.
 *
 * A Binder test needs several processes, and it often has to know that one of
 * them sleeps inside the driver. The test process therefore does not open the
 * device itself. It forks actors, hands each of them one order (a system call
 * or a function) at a time and collects the result under a time limit, so that
 * a test is a sequential text and none can hang.
 *
 * What the orders point to lies on the stage, a shared mapping that is made
 * before the first fork. It has the same address in every process, so the test
 * fills in arguments and reads results in place, without any copying protocol.
 */
#ifndef TESTS_LIB_ACTOR_H
#define TESTS_LIB_ACTOR_H

#include <linux/types.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/types.h>

#include "kselftest.h"

typedef __u8 u8;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;

/* How long anything that is to finish may take, in milliseconds. */
#define ACTOR_PATIENCE_MS 20000

#define PAGE ((size_t)4096)

struct actor;
typedef long (*actor_fn)(struct actor *a, void *arg);

/**
 * struct actor - one thread that takes orders
 * @name: name used in messages
 * @pid: its process
 * @tid: the thread
 * @leader: the actor that is the first thread of the process (may be itself)
 * @order: posted by the test when an order is ready
 * @done: posted by the actor when the order has been carried out
 * @fn: function to call, or NULL for a system call
 * @arg: argument of @fn
 * @nr: number of the system call
 * @sysarg: its arguments
 * @ret: result; a failed system call gives the negative errno
 * @running: the actor is between taking the order and posting @done
 * @busy: the test has given an order and not collected its result
 * @gone: the process has been reaped, or the thread has ended
 */
struct actor {
	const char *name;
	pid_t pid;
	pid_t tid;
	struct actor *leader;
	sem_t order;
	sem_t done;
	actor_fn fn;
	void *arg;
	long nr;
	long sysarg[6];
	long ret;
	atomic_bool running;
	bool busy;
	bool gone;
};

/* A fault that was caught while an actor touched memory. */
struct fault {
	int sig;
	int code;
};

__noreturn __printf(1, 2)
void test_abort(const char *fmt, ...);
void sleep_ms(unsigned int ms);
u64 now_ms(void);

void *stage_keep(size_t len);
void *stage_scratch(size_t len);
__printf(1, 2)
const char *stage_text(const char *fmt, ...);

struct actor *actor_fork(const char *name);
struct actor *actor_thread(struct actor *leader, const char *name);
void actor_begin(struct actor *a, actor_fn fn, void *arg);
void actor_begin_sys(struct actor *a, long nr, const long arg[6]);
bool actor_returned(struct actor *a, unsigned int ms);
long actor_end(struct actor *a);
long actor_call(struct actor *a, actor_fn fn, void *arg);
long actor_syscall(struct actor *a, long nr, const long arg[6]);
bool actor_blocked(struct actor *a);
const char *actor_name(pid_t tid);
char actor_state(struct actor *a);
void actor_signal(struct actor *a, int sig);
void actor_interruptible(struct actor *a);
void actor_kill(struct actor *a);
void actor_exit(struct actor *a);
void actor_exec(struct actor *a);
void actor_end_thread(struct actor *a);
void actors_end(void);

/* actor_sys(a, munmap, (long)addr, len): a system call made by that actor. */
#define actor_sys(a, name, ...) \
	actor_syscall((a), SYS_##name, (const long[6]) { __VA_ARGS__ })

void fault_signals(void);
struct fault try_read(void *dst, const void *src, size_t len);
struct fault try_write(void *dst, u8 byte);
const char *fault_name(struct fault f);

void fill_pattern(void *p, size_t len, u64 seed);
long find_mismatch(const void *p, size_t len, u64 seed);

#endif /* TESTS_LIB_ACTOR_H */
