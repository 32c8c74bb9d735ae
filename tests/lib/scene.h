/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The scene: a context manager that knows names, two services, and a client
 * that keeps them busy, each a process of its own.
 *
 *	names	  the context manager: a name for each service
 *	ledger	  a service with as many threads as the driver asks for
 *	depot	  a service with one thread and epoll, which is killed and started
 *		  again every now and then
 *	client	  some threads that call, and some that are called
 *
 * Everybody checks what arrives, and in the end, what is left.
 */
#ifndef TESTS_LIB_SCENE_H
#define TESTS_LIB_SCENE_H

#include "app.h"

enum scene_role {
	SCENE_NAMES,
	SCENE_LEDGER,
	SCENE_DEPOT,
	SCENE_CLIENT,
	SCENE_ROLES
};

/**
 * struct scene - what happens, in memory that all processes share
 * @device: the device they use
 * @seconds: how long the client goes on
 * @kill_ms: milliseconds between two deaths of the depot, 0 for none
 * @verbose: say what happens while it does
 * @pid: who plays which role now
 * @account: what they have done
 * @managed: the context has its manager
 * @stop: the client is to end
 * @kills: deaths of the depot
 * @trouble: what the supervisor has to complain of
 */
struct scene {
	const char *device;
	unsigned int seconds;
	unsigned int kill_ms;
	bool verbose;
	pid_t pid[SCENE_ROLES];
	struct account account[SCENE_ROLES];
	atomic_bool managed;
	atomic_bool stop;
	unsigned int kills;
	char trouble[200];
};

extern const char *const scene_role_names[SCENE_ROLES];

struct scene *scene_new(const char *device, unsigned int seconds);
bool scene_run(struct scene *s);
void scene_print(const struct scene *s);
int scene_show(const char *device, unsigned int seconds);

/* The roles, each in its process */
__noreturn void names_main(struct scene *s);
__noreturn void ledger_main(struct scene *s);
__noreturn void depot_main(struct scene *s);
__noreturn void client_main(struct scene *s);

#endif /* TESTS_LIB_SCENE_H */
