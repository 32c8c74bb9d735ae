// SPDX-License-Identifier: GPL-2.0
/*
 * The depot: a service with a single thread, which waits for whatever there is
 * with epoll, and gets file descriptors.
 */
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "scene_parts.h"

static struct app depot;

static void store(struct app_thread *t, struct mail *m, struct letter *reply)
{
	u64 seed = mail_u64(m), size = mail_u64(m);
	int pipe = mail_fd(m), file = mail_fd(m);
	struct record r = record_of(seed, size);

	if (m->bad)
		return;
	if (!(fcntl(pipe, F_GETFD) & fcntl(file, F_GETFD) & FD_CLOEXEC))
		app_fail(t->app, "a descriptor would survive an exec");
	check_memfd(t->app, file, size, seed);
	if (write(pipe, &r, sizeof(r)) != sizeof(r))
		app_fail(t->app, "cannot write into the pipe: %m");
	app_count(t->app, APP_FDS);
	close(pipe);
	close(file);
	letter_u64(reply, OK);
	letter_own_fd(reply, memfd_with(t->app, size, seed + 1));
}

/* These descriptors are closed by the driver, when the buffer is freed. */
static void fan(struct app_thread *t, struct mail *m, struct letter *reply)
{
	u64 seed = mail_u64(m);
	const u32 *fds = mail_buffer(m, 2 * sizeof(*fds));
	u32 i;

	mail_fds(m, 2);
	if (m->bad)
		return;
	for (i = 0; i < 2; i++) {
		struct record r = record_of(seed + i, i);

		if (write(fds[i], &r, sizeof(r)) != sizeof(r))
			app_fail(t->app, "cannot write into pipe %u: %m", i);
		app_count(t->app, APP_FDS);
	}
	letter_u64(reply, OK);
}

static void answer(struct app_thread *t, struct object *o, struct mail *m,
		   struct letter *reply)
{
	switch (m->code) {
	case DEPOT_STORE:
		return store(t, m, reply);
	case DEPOT_FAN:
		return fan(t, m, reply);
	case ROOM:
		return serve_room(t, m, reply);
	case QUIT:
		name_remove(t, "depot");
		letter_u64(reply, 0);
		return app_quit(t->app);
	default:
		m->bad = true;
	}
}

static void watch(int ep, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev))
		app_fail(&depot, "EPOLL_CTL_ADD: %m");
}

/* Handle what there is until the app is settled, after it was told to quit. */
static void loop(struct app_thread *t, int ep, struct object *o)
{
	struct epoll_event ev;
	bool quitting = false;

	while (!quitting || !app_settled(&depot)) {
		int n = epoll_wait(ep, &ev, 1, quitting ? 10000 : -1);

		if (n < 0)
			app_fail(&depot, "epoll_wait: %m");
		if (!n)
			app_fail(&depot, "not settled within 10 s");
		app_serve_pending(t);
		if (depot.quitting && !quitting) {
			quitting = true;
			object_put(&depot, o);
		}
	}
}

/**
 * depot_main() - be the depot, once more perhaps
 * @s: the scene
 */
void depot_main(struct scene *s)
{
	struct app_thread t;
	struct object *o;
	int ep;

	app_open(&depot, "depot", s->device, SCENE_MAP, O_NONBLOCK,
		 &s->account[SCENE_DEPOT]);
	app_thread_init(&t, &depot);
	o = object_new(&depot, answer, NULL);
	ep = epoll_create1(EPOLL_CLOEXEC);
	if (ep < 0)
		app_fail(&depot, "epoll_create1: %m");
	watch(ep, depot.fd);
	app_put(&t, BC_ENTER_LOOPER, NULL, 0);
	app_command(&t);
	name_add(&t, "depot", o);
	loop(&t, ep, o);
	close(ep);
	app_check_end(&depot, 0);
	_exit(0);
}
