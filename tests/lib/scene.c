// SPDX-License-Identifier: GPL-2.0
/*
 * The supervisor of the scene: it starts everybody, kills and restarts the
 * depot, and waits for the end.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scene.h"

#define END_MS	25000	/* everybody has ended by then */

const char *const scene_role_names[SCENE_ROLES] = {
	[SCENE_NAMES] = "names",
	[SCENE_LEDGER] = "ledger",
	[SCENE_DEPOT] = "depot",
	[SCENE_CLIENT] = "client",
};

static void (*const role_main[SCENE_ROLES])(struct scene *s) = {
	[SCENE_NAMES] = names_main,
	[SCENE_LEDGER] = ledger_main,
	[SCENE_DEPOT] = depot_main,
	[SCENE_CLIENT] = client_main,
};

/**
 * scene_new() - prepare a scene
 * @device: the device they all use
 * @seconds: how long it goes on
 *
 * Return: the scene; what is not yet set is for the caller to set.
 */
struct scene *scene_new(const char *device, unsigned int seconds)
{
	struct scene *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED)
		test_abort("mmap: %m");
	s->device = device;
	s->seconds = seconds;
	return s;
}

static __printf(2, 3)
void complain(struct scene *s, const char *fmt, ...)
{
	va_list ap;

	if (*s->trouble)
		return;
	va_start(ap, fmt);
	vsnprintf(s->trouble, sizeof(s->trouble), fmt, ap);
	va_end(ap);
}

static void start(struct scene *s, enum scene_role role)
{
	pid_t supervisor = getpid(), pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		test_abort("fork: %m");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != supervisor)
			_exit(1);
		signal(SIGPIPE, SIG_IGN);
		role_main[role](s);
	}
	s->pid[role] = pid;
	if (s->verbose)
		printf("%-8s  is process %d\n", scene_role_names[role], pid);
}

/* Nobody ends by itself before it is told to. */
static bool all_run(struct scene *s)
{
	int role, status;

	for (role = 0; role < SCENE_ROLES; role++) {
		if (!s->pid[role] || !waitpid(s->pid[role], &status, WNOHANG))
			continue;
		s->pid[role] = 0;
		complain(s, "%s ended with status %#x: %s",
			 scene_role_names[role], status,
			 s->account[role].trouble);
	}
	return !*s->trouble;
}

static void kill_role(struct scene *s, enum scene_role role)
{
	if (!s->pid[role])
		return;
	kill(s->pid[role], SIGKILL);
	while (waitpid(s->pid[role], NULL, 0) < 0 && errno == EINTR)
		;
	s->pid[role] = 0;
}

/* Not always at the same point of whatever it does. */
static void let_run(struct scene *s)
{
	u64 end = now_ms() + s->seconds * 1000;
	u64 next = now_ms() + s->kill_ms;
	unsigned int seed = 1;

	while (all_run(s) && now_ms() < end) {
		sleep_ms(5);
		if (!s->kill_ms || now_ms() < next)
			continue;
		if (s->verbose)
			printf("depot     is killed\n");
		kill_role(s, SCENE_DEPOT);
		s->kills++;
		/* Back before its death is known, or later. */
		if (s->kills % 2)
			sleep_ms(rand_r(&seed) % 50);
		start(s, SCENE_DEPOT);
		next = now_ms() + s->kill_ms / 2 + rand_r(&seed) % s->kill_ms;
	}
}

static bool await_end(struct scene *s, enum scene_role role, u64 limit)
{
	int status = 0;

	while (!waitpid(s->pid[role], &status, WNOHANG)) {
		if (now_ms() > limit) {
			complain(s, "%s does not end", scene_role_names[role]);
			return false;
		}
		sleep_ms(2);
	}
	s->pid[role] = 0;
	if (status)
		complain(s, "%s ended with status %#x: %s",
			 scene_role_names[role], status,
			 s->account[role].trouble);
	else if (s->verbose)
		printf("%-8s  has nothing left\n", scene_role_names[role]);
	return !status;
}

/**
 * scene_run() - play the scene
 * @s: the scene
 *
 * Return: true if nobody had anything to complain of; otherwise s->trouble is
 * the first thing.
 */
bool scene_run(struct scene *s)
{
	static const enum scene_role order[] = {
		SCENE_CLIENT, SCENE_LEDGER, SCENE_DEPOT, SCENE_NAMES
	};
	u64 limit;
	size_t i;
	int role;

	/* Calls that find no manager would count as calls of the dead. */
	start(s, SCENE_NAMES);
	limit = now_ms() + END_MS;
	while (!s->managed && all_run(s) && now_ms() < limit)
		sleep_ms(1);
	for (role = 0; role < SCENE_ROLES; role++) {
		if (role != SCENE_NAMES)
			start(s, role);
	}
	let_run(s);
	s->stop = true;
	limit = now_ms() + END_MS;
	for (i = 0; !*s->trouble && i < SCENE_ROLES; i++)
		await_end(s, order[i], limit);
	for (role = 0; role < SCENE_ROLES; role++)
		kill_role(s, role);
	return !*s->trouble;
}

/**
 * scene_print() - say what everybody has done
 * @s: the scene, after scene_run()
 */
void scene_print(const struct scene *s)
{
	int role, i;

	printf("%-12s", "");
	for (role = 0; role < SCENE_ROLES; role++)
		printf("%10s", scene_role_names[role]);
	putchar('\n');
	for (i = 0; i < APP_COUNTS; i++) {
		printf("%-12s", app_count_names[i]);
		for (role = 0; role < SCENE_ROLES; role++)
			printf("%10llu", s->account[role].count[i]);
		putchar('\n');
	}
}

/**
 * scene_show() - play the scene, and say what happens
 * @device: the device
 * @seconds: how long it goes on
 *
 * Return: exit status of the program that shows it.
 */
int scene_show(const char *device, unsigned int seconds)
{
	struct scene *s = scene_new(device, seconds);

	s->kill_ms = 700;
	s->verbose = true;
	printf("\nA context manager, two services and a client, %u seconds under load\n\n",
	       seconds);
	if (!scene_run(s))
		printf("FAILED    %s\n", s->trouble);
	scene_print(s);
	return *s->trouble ? 1 : 0;
}
