// SPDX-License-Identifier: GPL-2.0
/*
 * A program that uses Binder: the process and its threads.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app.h"

/* What has not happened by then does not happen. */
#define PATIENCE_S	10

const char *const app_count_names[APP_COUNTS] = {
	[APP_CALLS] = "calls",
	[APP_ONEWAYS] = "oneways",
	[APP_SERVED] = "served",
	[APP_NESTED] = "nested",
	[APP_ACQUIRED] = "acquired",
	[APP_RELEASED] = "released",
	[APP_LINKED] = "linked",
	[APP_CLEARED] = "cleared",
	[APP_DEATHS] = "deaths",
	[APP_DEAD_CALLS] = "dead calls",
	[APP_FDS] = "fds",
	[APP_SPAWNED] = "spawned",
};

/**
 * app_fail() - end the process, and leave word why
 * @app: the app
 * @fmt: printf format of the reason
 */
void app_fail(struct app *app, const char *fmt, ...)
{
	char text[sizeof(app->account->trouble)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fprintf(stderr, "# %s: %s\n", app->name, text);
	memcpy(app->account->trouble, text, sizeof(text));
	_exit(1);
}

/**
 * app_count() - note that something was done
 * @app: the app
 * @which: what it was
 */
void app_count(struct app *app, enum app_count which)
{
	atomic_fetch_add(&app->account->count[which], 1);
}

/* An account may have been somebody else's, who was killed. */
static u64 acquired_now(struct app *app)
{
	return app->account->count[APP_ACQUIRED] -
	       app->account->count[APP_RELEASED];
}

static unsigned int count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int n = 0;

	while (dir && readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/**
 * app_open() - open the device and map it
 * @app: the app, still empty
 * @name: for messages
 * @device: path of the device
 * @size: of the mapping in bytes
 * @flags: O_NONBLOCK or 0
 * @account: zeroed
 */
void app_open(struct app *app, const char *name, const char *device,
	      size_t size, int flags, struct account *account)
{
	struct binder_version v;

	*app = (struct app) {
		.name = name,
		.size = size,
		.nonblock = flags & O_NONBLOCK,
		.account = account,
	};
	pthread_mutex_init(&app->lock, NULL);
	pthread_cond_init(&app->changed, NULL);
	app->fd = open(device, O_RDWR | O_CLOEXEC | flags);
	if (app->fd < 0)
		app_fail(app, "open %s: %m", device);
	if (ioctl(app->fd, BINDER_VERSION, &v) ||
	    v.protocol_version != BINDER_CURRENT_PROTOCOL_VERSION)
		app_fail(app, "protocol version: %m");
	app->map = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_NORESERVE,
			app->fd, 0);
	if (app->map == MAP_FAILED)
		app_fail(app, "mmap: %m");
	app->open_fds = count_fds();
	app->acquired = acquired_now(app);
}

/**
 * app_manager() - become the context manager
 * @app: the app
 * @o: what handle 0 of all others is to stand for
 *
 * A manager that has just died may still count, so this is tried for a while.
 */
void app_manager(struct app *app, struct object *o)
{
	struct flat_binder_object obj = {
		.hdr.type = BINDER_TYPE_BINDER,
		.flags = 0x7f,
		.binder = (binder_uintptr_t)o,
		.cookie = o->cookie,
	};
	u64 limit = now_ms() + PATIENCE_S * 1000;

	while (ioctl(app->fd, BINDER_SET_CONTEXT_MGR_EXT, &obj)) {
		if (errno != EBUSY || now_ms() > limit)
			app_fail(app, "cannot become context manager: %m");
		sleep_ms(1);
	}
}

/**
 * app_thread_init() - begin to use Binder in a thread
 * @t: memory for it
 * @app: the app
 */
void app_thread_init(struct app_thread *t, struct app *app)
{
	memset(t, 0, sizeof(*t));
	t->app = app;
}

/**
 * app_thread_end() - tell the driver that a thread does not use it any more
 * @t: the thread, not in a call
 */
void app_thread_end(struct app_thread *t)
{
	app_command(t);
	if (t->due || t->depth || t->in_pos != t->in_len)
		app_fail(t->app, "a thread ends with business left");
	if (ioctl(t->app->fd, BINDER_THREAD_EXIT, 0))
		app_fail(t->app, "BINDER_THREAD_EXIT: %m");
}

static void *looper_main(void *arg)
{
	struct app_thread t;

	app_thread_init(&t, arg);
	app_put(&t, BC_ENTER_LOOPER, NULL, 0);
	for (;;)
		app_serve_one(&t);
	return NULL;
}

/**
 * app_pool() - start a thread that serves; the driver asks for the others
 * @app: the app
 * @max_threads: how many others it may ask for
 */
void app_pool(struct app *app, u32 max_threads)
{
	pthread_t thread;

	if (ioctl(app->fd, BINDER_SET_MAX_THREADS, &max_threads))
		app_fail(app, "BINDER_SET_MAX_THREADS: %m");
	if (pthread_create(&thread, NULL, looper_main, app))
		app_fail(app, "cannot start a thread");
	pthread_detach(thread);
}

/**
 * app_quit() - note that the app is to end
 * @app: the app
 */
void app_quit(struct app *app)
{
	pthread_mutex_lock(&app->lock);
	app->quitting = true;
	pthread_cond_broadcast(&app->changed);
	pthread_mutex_unlock(&app->lock);
}

/**
 * app_await_quit() - wait until the app is told to end, however long that takes
 * @app: the app
 */
void app_await_quit(struct app *app)
{
	pthread_mutex_lock(&app->lock);
	while (!app->quitting)
		pthread_cond_wait(&app->changed, &app->lock);
	pthread_mutex_unlock(&app->lock);
}

/**
 * app_await() - wait until something is true
 * @app: the app
 * @ready: whether it is; called with the lock held
 * @what: what it is, for messages
 */
void app_await(struct app *app, bool (*ready)(struct app *app),
	       const char *what)
{
	struct timespec until;

	pthread_mutex_lock(&app->lock);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_S;
	while (!ready(app))
		if (pthread_cond_timedwait(&app->changed, &app->lock, &until))
			app_fail(app, "%s: not within %d s", what, PATIENCE_S);
	pthread_mutex_unlock(&app->lock);
}

/**
 * app_settled() - check that no object is referenced, and no proxy is left
 * @app: the app, locked
 *
 * Return: true if so.
 */
bool app_settled(struct app *app)
{
	return !app->objects && !app->proxies;
}

/* Objects of this process, as the driver sees it. */
static unsigned int count_nodes(struct app *app)
{
	struct binder_node_debug_info info = { };
	unsigned int n = 0;

	for (;;) {
		if (ioctl(app->fd, BINDER_GET_NODE_DEBUG_INFO, &info))
			app_fail(app, "BINDER_GET_NODE_DEBUG_INFO: %m");
		if (!info.ptr)
			return n;
		n++;
	}
}

/**
 * app_check_end() - check that nothing is left of what was done
 * @app: the app, settled
 * @nodes: that it still has
 */
void app_check_end(struct app *app, unsigned int nodes)
{
	u64 acquired = acquired_now(app) - app->acquired;
	unsigned int n;

	n = count_nodes(app);
	if (n != nodes)
		app_fail(app, "%u nodes in the end, not %u", n, nodes);
	n = count_fds();
	if (n != app->open_fds)
		app_fail(app, "%u descriptors in the end, %u before", n,
			 app->open_fds);
	if (acquired)
		app_fail(app, "references came %lld times more than they went",
			 acquired);
}
