// SPDX-License-Identifier: GPL-2.0
/*
 * The context manager of the scene: names and what they stand for.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "scene_parts.h"

#define MAX_NAMES	8

struct entry {
	char name[NAME_SIZE];
	struct proxy *proxy;
};

static struct {
	struct app app;
	pthread_mutex_t lock;
	struct entry entries[MAX_NAMES];
} names = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* The entry of that name, or one that is free. */
static struct entry *find(const char *name)
{
	struct entry *e, *unused = NULL;

	for (e = names.entries; e < names.entries + MAX_NAMES; e++) {
		if (e->proxy && !strncmp(e->name, name, NAME_SIZE))
			return e;
		if (!e->proxy)
			unused = e;
	}
	if (!unused)
		app_fail(&names.app, "too many names");
	return unused;
}

/* The process of a service is gone. It may be back already, as another one. */
static void service_died(struct app_thread *t, struct proxy *p)
{
	struct entry *e;
	bool found = false;

	pthread_mutex_lock(&names.lock);
	for (e = names.entries; e < names.entries + MAX_NAMES; e++) {
		if (e->proxy != p)
			continue;
		e->proxy = NULL;
		found = true;
	}
	pthread_mutex_unlock(&names.lock);
	if (found)
		proxy_put(t, p);
}

/* Only the context manager may ask this, and it ought to be right. */
static void check_counts(struct app_thread *t, u32 handle)
{
	struct binder_node_info_for_ref info = { .handle = handle };

	if (ioctl(t->app->fd, BINDER_GET_NODE_INFO_FOR_REF, &info))
		app_fail(t->app, "BINDER_GET_NODE_INFO_FOR_REF: %m");
	if (!info.strong_count)
		app_fail(t->app, "handle %u has no strong reference", handle);
}

static void add(struct app_thread *t, struct mail *m, struct letter *reply)
{
	const char *name = mail_bytes(m, NAME_SIZE);
	u32 handle = mail_handle(m);
	struct proxy *p, *old;
	struct entry *e;

	if (m->bad)
		return;
	p = proxy_get(t, handle, service_died);
	check_counts(t, handle);
	pthread_mutex_lock(&names.lock);
	e = find(name);
	memcpy(e->name, name, NAME_SIZE);
	old = e->proxy;
	e->proxy = p;
	if (p->dead) {	/* and service_died() came before there was an entry */
		e->proxy = NULL;
		if (old)
			proxy_put(t, old);
		old = p;
	}
	pthread_mutex_unlock(&names.lock);
	if (old)
		proxy_put(t, old);
	letter_u64(reply, OK);
}

static void get(struct app_thread *t, struct mail *m, struct letter *reply)
{
	const char *name = mail_bytes(m, NAME_SIZE);
	struct entry *e;

	if (m->bad)
		return;
	pthread_mutex_lock(&names.lock);
	e = find(name);
	if (e->proxy && proxy_use(t->app, e->proxy)) {
		letter_u64(reply, OK);
		app_keep(reply, e->proxy);
	} else {
		letter_u64(reply, MISSING);
	}
	pthread_mutex_unlock(&names.lock);
}

static void forget(struct app_thread *t, struct mail *m, struct letter *reply)
{
	const char *name = mail_bytes(m, NAME_SIZE);
	struct proxy *p;
	struct entry *e;

	if (m->bad)
		return;
	pthread_mutex_lock(&names.lock);
	e = find(name);
	p = e->proxy;
	e->proxy = NULL;
	pthread_mutex_unlock(&names.lock);
	letter_u64(reply, p ? OK : MISSING);
	if (p)
		proxy_put(t, p);
}

static u64 names_left(void)
{
	u64 left = 0;
	int i;

	pthread_mutex_lock(&names.lock);
	for (i = 0; i < MAX_NAMES; i++)
		left += !!names.entries[i].proxy;
	pthread_mutex_unlock(&names.lock);
	return left;
}

static void answer(struct app_thread *t, struct object *o, struct mail *m,
		   struct letter *reply)
{
	switch (m->code) {
	case NAMES_ADD:
		return add(t, m, reply);
	case NAMES_GET:
		return get(t, m, reply);
	case NAMES_REMOVE:
		return forget(t, m, reply);
	case ROOM:
		return serve_room(t, m, reply);
	case QUIT:
		letter_u64(reply, names_left());
		return app_quit(t->app);
	default:
		m->bad = true;
	}
}

/**
 * names_main() - be the context manager
 * @s: the scene
 *
 * The driver never tells of references to the object of a context manager, and
 * keeps it until the end.
 */
void names_main(struct scene *s)
{
	struct object *root;

	app_open(&names.app, "names", s->device, SCENE_MAP, 0,
		 &s->account[SCENE_NAMES]);
	root = object_new(&names.app, answer, NULL);
	app_manager(&names.app, root);
	s->managed = true;
	app_pool(&names.app, 3);
	app_await_quit(&names.app);
	object_put(&names.app, root);
	app_await(&names.app, app_settled, "all forgotten");
	app_check_end(&names.app, 1);
	_exit(0);
}
