// SPDX-License-Identifier: GPL-2.0
/*
 * Actors and the stage they share with the test; actor.h says what they are for.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "actor.h"

/* The first part of the stage is handed out for good, the rest round-robin. */
#define STAGE_KEEP	((size_t)16 << 20)
#define STAGE_SIZE	((size_t)64 << 20)
#define MAX_ACTORS	256

static u8 *stage;
static size_t keep_pos;
static size_t scratch_pos;
static struct actor *actors[MAX_ACTORS];
static unsigned int nr_actors;

/**
 * test_abort() - end the test as failed, from code that has no test metadata
 * @fmt: printf format of the reason
 *
 * The harness reports a test that ends by SIGABRT as failed.
 */
void test_abort(const char *fmt, ...)
{
	va_list ap;

	fputs("# ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

/**
 * sleep_ms() - sleep, whatever signals arrive
 * @ms: milliseconds
 */
void sleep_ms(unsigned int ms)
{
	struct timespec t = { ms / 1000, (ms % 1000) * 1000000L };

	while (nanosleep(&t, &t) && errno == EINTR)
		;
}

/**
 * now_ms() - monotonic time
 *
 * Return: milliseconds since some fixed moment.
 */
u64 now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/*
 * Made on first use, hence by the test and not by the harness: tests that the
 * same program runs one after the other do not see each other's stage.
 */
static void stage_init(void)
{
	if (stage)
		return;
	stage = mmap(NULL, STAGE_SIZE, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (stage == MAP_FAILED)
		test_abort("cannot map the stage: %m");
	scratch_pos = STAGE_KEEP;
}

static size_t stage_align(size_t len)
{
	size_t align = len >= PAGE ? PAGE : 64;

	return (len + align - 1) & ~(align - 1);
}

/**
 * stage_keep() - zeroed shared memory that stays valid until the test ends
 * @len: bytes; from one page on the result is page aligned
 *
 * Return: the memory.
 */
void *stage_keep(size_t len)
{
	size_t align = len >= PAGE ? PAGE : 64;
	void *p;

	stage_init();
	keep_pos = (keep_pos + align - 1) & ~(align - 1);
	if (keep_pos + len > STAGE_KEEP)
		test_abort("the stage is full");
	p = stage + keep_pos;
	keep_pos += stage_align(len);
	return p;
}

/**
 * stage_scratch() - shared memory for one order
 * @len: bytes, at most 16 MiB; from one page on the result is page aligned
 *
 * The memory is used again after some 48 MiB have been handed out.
 *
 * Return: the memory, with whatever was left in it.
 */
void *stage_scratch(size_t len)
{
	size_t align = len >= PAGE ? PAGE : 64;
	void *p;

	stage_init();
	if (len > STAGE_KEEP)
		test_abort("%zu bytes of scratch are too many", len);
	scratch_pos = (scratch_pos + align - 1) & ~(align - 1);
	if (scratch_pos + len > STAGE_SIZE)
		scratch_pos = STAGE_KEEP;
	p = stage + scratch_pos;
	scratch_pos += stage_align(len);
	return p;
}

/**
 * stage_text() - text on the stage, for as long as stage_scratch() is
 * @fmt: as for printf()
 *
 * Return: the text.
 */
const char *stage_text(const char *fmt, ...)
{
	va_list args;
	char *p;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	p = stage_scratch(len + 1);
	va_start(args, fmt);
	vsnprintf(p, len + 1, fmt, args);
	va_end(args);
	return p;
}

static void on_nothing(int sig)
{
	(void)sig;
}

static void actor_signals(void)
{
	struct sigaction nothing = {
		.sa_handler = on_nothing,
		.sa_flags = SA_RESTART,
	};
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	fault_signals();
	sigaction(SIGUSR1, &nothing, NULL);
	sigaction(SIGUSR2, &ignore, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

static long stop_restarting(struct actor *a, void *arg)
{
	struct sigaction nothing = { .sa_handler = on_nothing };

	return sigaction(SIGUSR1, &nothing, NULL);
}

/**
 * actor_interruptible() - from now on, SIGUSR1 ends what the process waits in
 * @a: an actor of the process
 *
 * Before, a system call that can be restarted was.
 */
void actor_interruptible(struct actor *a)
{
	actor_call(a, stop_restarting, NULL);
}

static long run_order(struct actor *a)
{
	long *s = a->sysarg;
	long ret;

	if (a->fn)
		return a->fn(a, a->arg);
	ret = syscall(a->nr, s[0], s[1], s[2], s[3], s[4], s[5]);
	return ret == -1 ? -errno : ret;
}

static void *actor_main(void *arg)
{
	struct actor *a = arg;
	bool last = false;

	sem_post(&a->done);
	while (!last) {
		while (sem_wait(&a->order))
			;
		a->running = true;
		last = !a->fn && a->nr == SYS_exit;
		a->ret = last ? 0 : run_order(a);
		a->running = false;
		sem_post(&a->done);
	}
	return NULL;
}

static struct actor *actor_alloc(const char *name)
{
	struct actor *a = stage_keep(sizeof(*a));

	if (nr_actors == MAX_ACTORS)
		test_abort("more than %d actors", MAX_ACTORS);
	a->name = name;
	sem_init(&a->order, 1, 0);
	sem_init(&a->done, 1, 0);
	actors[nr_actors++] = a;
	return a;
}

/**
 * actor_fork() - start a process whose only thread takes orders
 * @name: for messages
 *
 * The process is killed when the test process ends, however that comes about.
 *
 * Return: the actor.
 */
struct actor *actor_fork(const char *name)
{
	struct actor *a = actor_alloc(name);
	pid_t test = getpid(), pid;

	a->leader = a;
	pid = fork();
	if (pid < 0)
		test_abort("cannot fork %s: %m", name);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* A parent in an outer pid namespace has number 0. */
		if (getppid() && getppid() != test)
			_exit(1);
		actor_signals();
		actor_main(a);
		_exit(0);
	}
	a->pid = pid;
	a->tid = pid;
	a->busy = true;
	actor_end(a);
	return a;
}

static void *thread_main(void *arg)
{
	struct actor *a = arg;

	a->tid = gettid();
	return actor_main(a);
}

static long start_thread(struct actor *leader, void *arg)
{
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	(void)leader;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, 256 << 10);
	err = pthread_create(&thread, &attr, thread_main, arg);
	pthread_attr_destroy(&attr);
	return -err;
}

/**
 * actor_thread() - start another thread in the process of an actor
 * @leader: the first actor of that process, idle
 * @name: for messages
 *
 * Return: the new actor.
 */
struct actor *actor_thread(struct actor *leader, const char *name)
{
	struct actor *a = actor_alloc(name);
	long ret;

	a->leader = leader;
	a->pid = leader->pid;
	ret = actor_call(leader, start_thread, a);
	if (ret)
		test_abort("%s cannot start %s: %s", leader->name, name,
			   strerror(-ret));
	a->busy = true;
	actor_end(a);
	return a;
}

static void order_begin(struct actor *a)
{
	if (a->gone)
		test_abort("%s is gone and cannot take an order", a->name);
	if (a->busy)
		test_abort("%s has not finished its last order", a->name);
	a->busy = true;
	sem_post(&a->order);
}

/**
 * actor_begin() - tell an idle actor to call a function
 * @a: the actor
 * @fn: called in the actor's thread; what it shares with the test must lie on
 *	the stage
 * @arg: argument for @fn
 */
void actor_begin(struct actor *a, actor_fn fn, void *arg)
{
	a->fn = fn;
	a->arg = arg;
	order_begin(a);
}

/**
 * actor_begin_sys() - tell an idle actor to make a system call
 * @a: the actor
 * @nr: number of the system call
 * @arg: its arguments; pointers must lie on the stage or in the actor's memory
 */
void actor_begin_sys(struct actor *a, long nr, const long arg[6])
{
	a->fn = NULL;
	a->nr = nr;
	memcpy(a->sysarg, arg, sizeof(a->sysarg));
	order_begin(a);
}

/* The end of a process shows in waitpid(), which must not reap it here. */
static void die_with(struct actor *a)
{
	siginfo_t info = { 0 };

	if (waitid(P_PID, a->pid, &info, WEXITED | WNOHANG | WNOWAIT) ||
	    !info.si_pid)
		return;
	test_abort("%s ended (%s %d) before it finished its order", a->name,
		   info.si_code == CLD_EXITED ? "exit" : "signal",
		   info.si_status);
}

/**
 * actor_returned() - wait until an order is carried out
 * @a: the actor
 * @ms: how long to wait, in milliseconds
 *
 * Return: false if the time passed first.
 */
bool actor_returned(struct actor *a, unsigned int ms)
{
	u64 limit = now_ms() + ms;
	struct timespec until;

	if (!a->busy)
		return true;
	for (;;) {
		u64 now = now_ms();
		unsigned int slice = now >= limit ? 0 :
				     limit - now < 200 ? limit - now : 200;

		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += slice * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000L;
		until.tv_nsec %= 1000000000L;
		if (!sem_clockwait(&a->done, CLOCK_MONOTONIC, &until)) {
			a->busy = false;
			return true;
		}
		if (!slice)
			return false;
		die_with(a);
	}
}

/**
 * actor_end() - collect the result of an order
 * @a: the actor
 *
 * The test fails if the result does not come within ACTOR_PATIENCE_MS.
 *
 * Return: what the function or the system call returned.
 */
long actor_end(struct actor *a)
{
	if (!actor_returned(a, ACTOR_PATIENCE_MS))
		test_abort("%s did not finish its order within %d ms (state %c)",
			   a->name, ACTOR_PATIENCE_MS, actor_state(a));
	return a->ret;
}

/**
 * actor_call() - have a function called and wait for it
 * @a: the actor, idle
 * @fn: as for actor_begin()
 * @arg: argument for @fn
 *
 * Return: what @fn returned.
 */
long actor_call(struct actor *a, actor_fn fn, void *arg)
{
	actor_begin(a, fn, arg);
	return actor_end(a);
}

/**
 * actor_syscall() - have a system call made and wait for it
 * @a: the actor, idle
 * @nr: number of the system call
 * @arg: its arguments
 *
 * Return: the result, a negative errno if it failed.
 */
long actor_syscall(struct actor *a, long nr, const long arg[6])
{
	actor_begin_sys(a, nr, arg);
	return actor_end(a);
}

/**
 * actor_state() - scheduler state of an actor
 * @a: the actor
 *
 * Return: the letter /proc shows: R, S, D, T, ...; 0 if the thread is gone.
 */
char actor_state(struct actor *a)
{
	char path[64], line[512], *p;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", a->pid, a->tid);
	f = fopen(path, "r");
	if (!f)
		return 0;
	p = fgets(line, sizeof(line), f) ? strrchr(line, ')') : NULL;
	fclose(f);
	return p && p[1] ? p[2] : 0;
}

/**
 * actor_blocked() - check that an order has gone to sleep
 * @a: the actor, with an order under way
 *
 * An order counts as blocked when its thread is seen asleep several times in a
 * row: short sleeps (a mutex, a page being read in) do not pass for blocking.
 *
 * Return: false if the order finished instead.
 */
bool actor_blocked(struct actor *a)
{
	u64 limit = now_ms() + ACTOR_PATIENCE_MS;
	unsigned int asleep = 0;

	while (now_ms() < limit) {
		if (actor_returned(a, 0))
			return false;
		asleep = a->running && actor_state(a) == 'S' ? asleep + 1 : 0;
		if (asleep == 4)
			return !actor_returned(a, 0);
		sleep_ms(2);
	}
	test_abort("%s neither sleeps nor finishes (state %c)", a->name,
		   actor_state(a));
}

/**
 * actor_signal() - send a signal to the thread of an actor
 * @a: the actor
 * @sig: SIGUSR1 has a handler with SA_RESTART, SIGUSR2 is ignored
 */
void actor_signal(struct actor *a, int sig)
{
	if (syscall(SYS_tgkill, a->pid, a->tid, sig))
		test_abort("cannot signal %s: %m", a->name);
}

static void process_gone(struct actor *a)
{
	unsigned int i;

	for (i = 0; i < nr_actors; i++)
		if (actors[i]->leader == a->leader)
			actors[i]->gone = true;
}

/**
 * actor_kill() - kill the process of an actor and reap it
 * @a: any actor of that process, idle or not
 */
void actor_kill(struct actor *a)
{
	kill(a->pid, SIGKILL);
	while (waitpid(a->pid, NULL, 0) < 0 && errno == EINTR)
		;
	process_gone(a);
}

/**
 * actor_exit() - have the process of an actor exit by itself, and reap it
 * @a: an idle actor of that process
 */
void actor_exit(struct actor *a)
{
	u64 limit = now_ms() + ACTOR_PATIENCE_MS;

	actor_begin_sys(a, SYS_exit_group, (const long[6]) { 0 });
	while (!waitpid(a->pid, NULL, WNOHANG)) {
		if (now_ms() > limit)
			test_abort("%s does not exit", a->name);
		sleep_ms(1);
	}
	process_gone(a);
}

/* What actor_exec() executes: this program, which comes here before main(). */
static void __attribute__((constructor)) pause_after_exec(void)
{
	while (getenv("ACTOR_PAUSE"))
		pause();
}

static bool runs_as(struct actor *a, const char *argv0)
{
	char path[64], seen[64] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", a->pid);
	f = fopen(path, "r");
	if (!f)
		return false;
	if (!fread(seen, 1, sizeof(seen) - 1, f))
		seen[0] = 0;
	fclose(f);
	return !strcmp(seen, argv0);
}

static long do_exec(struct actor *a, void *arg)
{
	char *const argv[] = { "after-exec", NULL };
	char *const envp[] = { "ACTOR_PAUSE=1", NULL };

	execve("/proc/self/exe", argv, envp);
	return -errno;
}

/**
 * actor_exec() - have a process execute a program that does nothing
 * @a: its only actor; takes no more orders afterwards
 */
void actor_exec(struct actor *a)
{
	u64 limit = now_ms() + ACTOR_PATIENCE_MS;

	actor_begin(a, do_exec, NULL);
	while (!runs_as(a, "after-exec")) {
		if (now_ms() > limit || actor_returned(a, 0))
			test_abort("%s does not get through execve", a->name);
		sleep_ms(1);
	}
}

/**
 * actor_end_thread() - have one thread end; its process goes on
 * @a: the actor, idle, not the first of its process
 */
void actor_end_thread(struct actor *a)
{
	u64 limit = now_ms() + ACTOR_PATIENCE_MS;

	actor_syscall(a, SYS_exit, (const long[6]) { 0 });
	while (actor_state(a)) {
		if (now_ms() > limit)
			test_abort("%s does not end", a->name);
		sleep_ms(1);
	}
	a->gone = true;
}

/**
 * actors_end() - kill and reap every process that is left
 */
void actors_end(void)
{
	unsigned int i;

	for (i = 0; i < nr_actors; i++)
		if (!actors[i]->gone)
			kill(actors[i]->pid, SIGKILL);
	for (i = 0; i < nr_actors; i++)
		if (!actors[i]->gone)
			actor_kill(actors[i]);
}

/**
 * actor_name() - who has a thread id
 * @tid: as the test process sees it
 *
 * Return: the name of the newest actor that is this thread, or NULL.
 */
const char *actor_name(pid_t tid)
{
	unsigned int i;

	for (i = nr_actors; i--; )
		if (actors[i]->tid == tid)
			return actors[i]->name;
	return NULL;
}
