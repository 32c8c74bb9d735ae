/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the processes of the scene say to each other, and what they share.
 */
#ifndef TESTS_LIB_SCENE_PARTS_H
#define TESTS_LIB_SCENE_PARTS_H

#include "scene.h"

#define SCENE_MAP	((size_t)1 << 20)
#define NAME_SIZE	16

/* Each with what the message and its reply hold, u64 where nothing is said. */
enum scene_code {
	/* all: bytes that fill the mapping; the same */
	ROOM = 1,
	/* all: nothing; what the service has left */
	QUIT,

	/* names: name, object; status */
	NAMES_ADD,
	/* names: name; status, the object if it is OK */
	NAMES_GET,
	/* names: name; status */
	NAMES_REMOVE,

	/* ledger: seed, size, bytes; digest, size, bytes turned around */
	LEDGER_ECHO,
	/* ledger: number, struct invoice with lines; struct receipt */
	LEDGER_PAY,
	/* ledger: rounds, thread of the ledger or 0, object; rounds made */
	LEDGER_CALL_BACK,
	/* ledger: object that wants events; status */
	LEDGER_SUBSCRIBE,
	/* ledger: the same object; how many events it was sent */
	LEDGER_UNSUBSCRIBE,
	/* ledger, oneway: number */
	LEDGER_POST,
	/* ledger: as DEPOT_STORE, for the depot; the same, or LOST */
	LEDGER_FORWARD,

	/* depot: seed, size, pipe, memfd; status, another memfd */
	DEPOT_STORE,
	/* depot: seed, PTR of two pipes in an FDA; status */
	DEPOT_FAN,

	/* object of a call back: rounds left, thread of the ledger; rounds */
	CALLED_BACK,
	/* object that wants events, oneway: number */
	EVENT,
};

enum scene_status { OK = 1, MISSING, LOST };

/* What goes along with LEDGER_PAY: @lines points to what goes along, too. */
struct line {
	u64 item;
	u64 amount;
};

struct invoice {
	u64 number;
	u64 nr_lines;
	const struct line *lines;
	u64 total;
};

struct receipt {
	u64 number;
	u64 total;
};

/* What the depot writes into a pipe. */
struct record {
	u64 seed;
	u64 digest;
};

/**
 * struct service - a service that may die and come back
 * @name: what the context manager knows it by
 * @lock: of the proxy
 * @proxy: the service, NULL if it has to be asked for
 */
struct service {
	const char *name;
	pthread_mutex_t lock;
	struct proxy *proxy;
};

void name_write(struct letter *l, const char *name);
void name_add(struct app_thread *t, const char *name, const struct object *o);
void name_remove(struct app_thread *t, const char *name);
struct proxy *name_get(struct app_thread *t, const char *name);
struct proxy *service_use(struct app_thread *t, struct service *s);
struct proxy *service_await(struct app_thread *t, struct service *s);
void service_drop(struct app_thread *t, struct service *s);

void serve_room(struct app_thread *t, struct mail *m, struct letter *reply);
void check_room(struct app_thread *t, u32 handle, const char *whose);
u64 ask_to_quit(struct app_thread *t, u32 handle);

int memfd_with(struct app *app, size_t size, u64 seed);
void check_memfd(struct app *app, int fd, size_t size, u64 seed);
struct record record_of(u64 seed, size_t size);

#endif /* TESTS_LIB_SCENE_PARTS_H */
