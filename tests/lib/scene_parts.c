// SPDX-License-Identifier: GPL-2.0
/*
 * What several processes of the scene do in the same way.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scene_parts.h"

#define PATIENCE_MS	10000

/**
 * name_write() - write a name into a message
 * @l: the letter
 * @name: shorter than NAME_SIZE
 */
void name_write(struct letter *l, const char *name)
{
	char bytes[NAME_SIZE] = "";

	snprintf(bytes, sizeof(bytes), "%s", name);
	letter_bytes(l, bytes, NAME_SIZE);
}

/*
 * Call the context manager. There may be none in the beginning, or still the
 * one of an earlier scene, on its way out.
 */
static u64 ask_names(struct app_thread *t, u32 code, const char *name,
		     const struct object *o, struct mail *reply)
{
	u64 limit = now_ms() + PATIENCE_MS;
	enum app_end end;

	for (;;) {
		struct letter l = { };

		name_write(&l, name);
		if (o)
			letter_object(&l, o);
		end = app_call(t, 0, code, &l, reply);
		if (end == APP_ANSWERED)
			return mail_u64(reply);
		if (end == APP_REFUSED || now_ms() > limit)
			app_fail(t->app, "the context manager refuses %u: %s",
				 code, strerror(t->error));
		sleep_ms(1);
	}
}

/**
 * name_add() - have the context manager know a service
 * @t: a thread of the service
 * @name: its name, which may be that of a dead service
 * @o: the service
 */
void name_add(struct app_thread *t, const char *name, const struct object *o)
{
	struct mail reply;

	if (ask_names(t, NAMES_ADD, name, o, &reply) != OK)
		app_fail(t->app, "cannot add %s", name);
	app_done(t, &reply);
}

/**
 * name_remove() - have the context manager forget a service
 * @t: a thread of the service
 * @name: its name
 */
void name_remove(struct app_thread *t, const char *name)
{
	struct mail reply;

	if (ask_names(t, NAMES_REMOVE, name, NULL, &reply) != OK)
		app_fail(t->app, "cannot remove %s", name);
	app_done(t, &reply);
}

/**
 * name_get() - ask the context manager for a service
 * @t: the thread
 * @name: its name
 *
 * Return: a proxy, used; NULL if there is no such service.
 */
struct proxy *name_get(struct app_thread *t, const char *name)
{
	struct proxy *p = NULL;
	struct mail reply;

	if (ask_names(t, NAMES_GET, name, NULL, &reply) == OK) {
		u32 handle = mail_handle(&reply);

		if (!reply.bad)
			p = proxy_get(t, handle, NULL);
	}
	app_done(t, &reply);
	return p;
}

/**
 * service_use() - use a service
 * @t: the thread
 * @s: the service
 *
 * Return: a proxy, used; NULL if nobody knows the service.
 */
struct proxy *service_use(struct app_thread *t, struct service *s)
{
	struct proxy *p, *old;

	pthread_mutex_lock(&s->lock);
	p = s->proxy;
	if (p && proxy_use(t->app, p)) {
		pthread_mutex_unlock(&s->lock);
		return p;
	}
	old = s->proxy;
	s->proxy = NULL;
	pthread_mutex_unlock(&s->lock);
	if (old)
		proxy_put(t, old);
	p = name_get(t, s->name);
	pthread_mutex_lock(&s->lock);
	if (p && !s->proxy && proxy_use(t->app, p))
		s->proxy = p;
	pthread_mutex_unlock(&s->lock);
	return p;
}

/**
 * service_await() - use a service, and wait until there is one
 * @t: the thread
 * @s: the service
 *
 * Return: a proxy, used.
 */
struct proxy *service_await(struct app_thread *t, struct service *s)
{
	u64 limit = now_ms() + PATIENCE_MS;

	for (;;) {
		struct proxy *p = service_use(t, s);

		if (p)
			return p;
		if (now_ms() > limit)
			app_fail(t->app, "there is no %s", s->name);
		sleep_ms(1);
	}
}

/**
 * service_drop() - use a service no more
 * @t: the thread
 * @s: the service
 */
void service_drop(struct app_thread *t, struct service *s)
{
	struct proxy *p;

	pthread_mutex_lock(&s->lock);
	p = s->proxy;
	s->proxy = NULL;
	pthread_mutex_unlock(&s->lock);
	if (p)
		proxy_put(t, p);
}

static u8 *filled(struct app *app, size_t size, u64 seed)
{
	u8 *p = malloc(size);

	if (!p)
		app_fail(app, "no memory");
	fill_pattern(p, size, seed);
	return p;
}

/**
 * serve_room() - answer ROOM: that it came shows that the mapping was free
 * @t: the thread
 * @m: the message
 * @reply: fills the mapping of the caller
 */
void serve_room(struct app_thread *t, struct mail *m, struct letter *reply)
{
	const void *p = mail_bytes(m, SCENE_MAP);

	if (!p || find_mismatch(p, SCENE_MAP, ROOM) >= 0)
		app_fail(t->app, "a message of the size of the mapping is bad");
	letter_bytes(reply, p, SCENE_MAP);
}

/**
 * check_room() - check that the mappings of both sides are free
 * @t: the thread; its process has no message that is not freed
 * @handle: the other side, which may still be about to free a oneway message
 * @whose: name of the other side
 */
void check_room(struct app_thread *t, u32 handle, const char *whose)
{
	u64 limit = now_ms() + PATIENCE_MS;
	u8 *bytes = filled(t->app, SCENE_MAP, ROOM);
	struct mail reply;
	enum app_end end;

	do {
		struct letter l = { };

		letter_bytes(&l, bytes, SCENE_MAP);
		end = app_call(t, handle, ROOM, &l, &reply);
		if (end == APP_REFUSED && t->error == ENOSPC)
			sleep_ms(1);
	} while (end == APP_REFUSED && t->error == ENOSPC && now_ms() < limit);
	free(bytes);
	if (end != APP_ANSWERED)
		app_fail(t->app, "no room in %s or here: %s", whose,
			 strerror(t->error));
	if (find_mismatch(mail_bytes(&reply, SCENE_MAP), SCENE_MAP, ROOM) >= 0)
		app_fail(t->app, "a reply of the size of the mapping is bad");
	app_done(t, &reply);
}

/**
 * ask_to_quit() - tell a service to end
 * @t: the thread
 * @handle: the service
 *
 * Return: how much it has left that others should have taken back.
 */
u64 ask_to_quit(struct app_thread *t, u32 handle)
{
	struct letter l = { };
	struct mail reply;
	u64 left;

	if (app_call(t, handle, QUIT, &l, &reply) != APP_ANSWERED)
		app_fail(t->app, "handle %u does not want to end", handle);
	left = mail_u64(&reply);
	app_done(t, &reply);
	return left;
}

/**
 * memfd_with() - make a file
 * @app: the app
 * @size: bytes
 * @seed: of its content
 *
 * Return: the descriptor.
 */
int memfd_with(struct app *app, size_t size, u64 seed)
{
	u8 *bytes = filled(app, size, seed);
	int fd = memfd_create("scene", MFD_CLOEXEC);

	if (fd < 0 || pwrite(fd, bytes, size, 0) != (ssize_t)size)
		app_fail(app, "cannot make a memfd: %m");
	free(bytes);
	return fd;
}

/**
 * check_memfd() - check the content of a file
 * @app: the app
 * @fd: the file
 * @size: bytes
 * @seed: of its content
 */
void check_memfd(struct app *app, int fd, size_t size, u64 seed)
{
	u8 *bytes = malloc(size);
	struct stat st;

	if (fstat(fd, &st) || st.st_size != (off_t)size)
		app_fail(app, "a memfd of the wrong size");
	if (!bytes || pread(fd, bytes, size, 0) != (ssize_t)size ||
	    find_mismatch(bytes, size, seed) >= 0)
		app_fail(app, "a memfd with the wrong content");
	free(bytes);
	app_count(app, APP_FDS);
}

/**
 * record_of() - what the depot writes about a file
 * @seed: of its content
 * @size: bytes
 *
 * Return: the record.
 */
struct record record_of(u64 seed, size_t size)
{
	u8 bytes[256];

	fill_pattern(bytes, sizeof(bytes), seed);
	return (struct record) {
		.seed = seed,
		.digest = digest(bytes, sizeof(bytes)) + size,
	};
}
