// SPDX-License-Identifier: GPL-2.0
/*
 * A program that uses Binder: its objects, and its proxies for those of others.
 */
#include <stdlib.h>

#include "app.h"

/**
 * object_new() - make an object that others may call
 * @app: the app
 * @fn: called for each message to it
 * @arg: for @fn
 *
 * Return: the object, with one user.
 */
struct object *object_new(struct app *app, object_fn fn, void *arg)
{
	struct object *o = calloc(1, sizeof(*o));

	if (!o)
		app_fail(app, "no memory for an object");
	o->fn = fn;
	o->arg = arg;
	o->users = 1;
	pthread_mutex_lock(&app->lock);
	o->cookie = ++app->serial;
	o->next = app->objects;
	app->objects = o;
	pthread_mutex_unlock(&app->lock);
	return o;
}

static struct object *find_object(struct app *app, binder_uintptr_t ptr,
				  u64 cookie)
{
	struct object *o;

	for (o = app->objects; o; o = o->next)
		if ((binder_uintptr_t)o == ptr && o->cookie == cookie)
			return o;
	app_fail(app, "object %#llx, %llu does not exist", ptr, cookie);
}

static void free_unused_object(struct app *app, struct object *o)
{
	struct object **link;

	if (o->users || o->strong || o->weak)
		return;
	for (link = &app->objects; *link != o; link = &(*link)->next)
		;
	*link = o->next;
	free(o);
	pthread_cond_broadcast(&app->changed);
}

/**
 * object_get() - use an object the driver has named
 * @app: the app
 * @ptr: what the driver calls it
 * @cookie: what the driver thinks its cookie is
 *
 * Return: the object, with one user more.
 */
struct object *object_get(struct app *app, binder_uintptr_t ptr, u64 cookie)
{
	struct object *o;

	pthread_mutex_lock(&app->lock);
	o = find_object(app, ptr, cookie);
	o->users++;
	pthread_mutex_unlock(&app->lock);
	return o;
}

/**
 * object_put() - end one use of an object
 * @app: the app
 * @o: the object
 */
void object_put(struct app *app, struct object *o)
{
	pthread_mutex_lock(&app->lock);
	o->users--;
	free_unused_object(app, o);
	pthread_mutex_unlock(&app->lock);
}

/**
 * letter_object() - write an object into a message
 * @l: the letter
 * @o: the object, which must be used until the message has been answered
 */
void letter_object(struct letter *l, const struct object *o)
{
	letter_binder(l, (binder_uintptr_t)o, o->cookie);
}

/**
 * object_told() - take note of what the driver tells of references
 * @t: the thread that was told
 * @cmd: BR_INCREFS, BR_ACQUIRE, BR_RELEASE or BR_DECREFS
 * @node: the object
 */
void object_told(struct app_thread *t, u32 cmd,
		 const struct binder_ptr_cookie *node)
{
	struct app *app = t->app;
	struct object *o;

	pthread_mutex_lock(&app->lock);
	o = find_object(app, node->ptr, node->cookie);
	switch (cmd) {
	case BR_INCREFS:
		o->weak++;
		app_put(t, BC_INCREFS_DONE, node, sizeof(*node));
		break;
	case BR_ACQUIRE:
		o->strong++;
		app_put(t, BC_ACQUIRE_DONE, node, sizeof(*node));
		app_count(app, APP_ACQUIRED);
		break;
	case BR_RELEASE:
		o->strong--;
		app_count(app, APP_RELEASED);
		break;
	case BR_DECREFS:
		o->weak--;
		break;
	}
	if (o->strong < 0 || o->strong > 1 || o->weak < 0 || o->weak > 1)
		app_fail(app, "told of %d strong and %d weak references",
			 o->strong, o->weak);
	free_unused_object(app, o);
	pthread_mutex_unlock(&app->lock);
}

static void put_watch(struct app_thread *t, u32 cmd, const struct proxy *p)
{
	struct binder_handle_cookie what = {
		.handle = p->handle,
		.cookie = p->cookie,
	};

	app_put(t, cmd, &what, sizeof(what));
}

static struct proxy *find_handle(struct app *app, u32 handle)
{
	struct proxy *p;

	for (p = app->proxies; p; p = p->next)
		if (p->users && p->handle == handle)
			return p;
	return NULL;
}

static struct proxy *find_cookie(struct app *app, u64 cookie)
{
	struct proxy *p;

	for (p = app->proxies; p; p = p->next)
		if (p->cookie == cookie)
			return p;
	app_fail(app, "no death notification %llu", cookie);
}

static struct proxy *new_proxy(struct app_thread *t, u32 handle)
{
	struct app *app = t->app;
	struct proxy *p = calloc(1, sizeof(*p));

	if (!p)
		app_fail(app, "no memory for a proxy");
	p->handle = handle;
	p->cookie = ++app->serial;
	p->next = app->proxies;
	app->proxies = p;
	app_put(t, BC_ACQUIRE, &handle, sizeof(handle));
	put_watch(t, BC_REQUEST_DEATH_NOTIFICATION, p);
	app_command(t);
	app_count(app, APP_LINKED);
	return p;
}

/**
 * proxy_get() - keep a handle
 * @t: the thread
 * @handle: the handle, which is good: the buffer it came in is not yet freed
 * @died: called when its process dies, may be NULL; for a new proxy only
 *
 * Return: the proxy, with one user more.
 */
struct proxy *proxy_get(struct app_thread *t, u32 handle,
			void (*died)(struct app_thread *t, struct proxy *p))
{
	struct app *app = t->app;
	struct proxy *p;

	pthread_mutex_lock(&app->lock);
	p = find_handle(app, handle);
	if (!p) {
		p = new_proxy(t, handle);
		p->died = died;
	}
	p->users++;
	pthread_mutex_unlock(&app->lock);
	return p;
}

/**
 * proxy_put() - end one use of a proxy
 * @t: the thread
 * @p: the proxy
 */
void proxy_put(struct app_thread *t, struct proxy *p)
{
	pthread_mutex_lock(&t->app->lock);
	if (!--p->users) {
		put_watch(t, BC_CLEAR_DEATH_NOTIFICATION, p);
		app_put(t, BC_RELEASE, &p->handle, sizeof(p->handle));
		app_command(t);
	}
	pthread_mutex_unlock(&t->app->lock);
}

/**
 * proxy_use() - use a proxy that somebody else uses
 * @app: the app
 * @p: the proxy
 *
 * Return: false if its process is dead; then it has not one user more.
 */
bool proxy_use(struct app *app, struct proxy *p)
{
	bool alive;

	pthread_mutex_lock(&app->lock);
	alive = !p->dead;
	if (alive)
		p->users++;
	pthread_mutex_unlock(&app->lock);
	return alive;
}

/**
 * proxy_await_death() - wait for the death notification of a proxy
 * @app: the app
 * @p: the proxy; a call to it has failed because it is dead
 */
void proxy_await_death(struct app *app, struct proxy *p)
{
	u64 limit = now_ms() + ACTOR_PATIENCE_MS / 2;
	struct timespec until;

	pthread_mutex_lock(&app->lock);
	while (!p->dead) {
		if (now_ms() > limit)
			app_fail(app, "nobody told that handle %u is dead",
				 p->handle);
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec++;
		pthread_cond_timedwait(&app->changed, &app->lock, &until);
	}
	pthread_mutex_unlock(&app->lock);
}

/**
 * app_keep() - use a proxy until a letter with its handle is sent
 * @l: the letter, a reply
 * @p: the proxy, used by the caller, who does not use it any more then
 */
void app_keep(struct letter *l, struct proxy *p)
{
	letter_handle(l, p->handle);
	l->kept = p;
}

/**
 * death_arrived() - take note of BR_DEAD_BINDER
 * @t: the thread that was told
 * @cookie: which notification it is
 */
void death_arrived(struct app_thread *t, u64 cookie)
{
	struct app *app = t->app;
	struct proxy *p;
	bool used;

	pthread_mutex_lock(&app->lock);
	p = find_cookie(app, cookie);
	if (p->dead)
		app_fail(app, "handle %u died twice", p->handle);
	p->dead = true;
	used = p->users;
	if (used)
		p->users++;
	app_count(app, APP_DEATHS);
	app_put(t, BC_DEAD_BINDER_DONE, &cookie, sizeof(cookie));
	app_command(t);
	pthread_cond_broadcast(&app->changed);
	pthread_mutex_unlock(&app->lock);
	if (!used)
		return;
	if (p->died)
		p->died(t, p);
	proxy_put(t, p);
}

/**
 * death_cleared() - take note of BR_CLEAR_DEATH_NOTIFICATION_DONE
 * @t: the thread that was told
 * @cookie: which notification it is
 */
void death_cleared(struct app_thread *t, u64 cookie)
{
	struct app *app = t->app;
	struct proxy **link, *p;

	pthread_mutex_lock(&app->lock);
	p = find_cookie(app, cookie);
	if (p->users)
		app_fail(app, "nobody asked to clear handle %u", p->handle);
	for (link = &app->proxies; *link != p; link = &(*link)->next)
		;
	*link = p->next;
	free(p);
	app_count(app, APP_CLEARED);
	pthread_cond_broadcast(&app->changed);
	pthread_mutex_unlock(&app->lock);
}
