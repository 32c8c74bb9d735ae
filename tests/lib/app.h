/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A program that uses Binder, as one would write it without a library: this is
 * the library, made of nothing but the device.
 *
 * An app has one open device, some threads, objects that others may call, and
 * proxies for objects of others. It keeps to these rules, each of which has a
 * reason in how the driver counts:
 *
 * - An object is known to the driver by its address. It lives as long as the
 *   driver, which tells by BR_INCREFS to BR_DECREFS, or the app itself uses it.
 *   Who sends an object uses it until the message is answered: by then the
 *   driver has told about whatever became of it.
 * - A handle in a message is good until the message's buffer is freed. Who
 *   wants to keep it gets a proxy for it before.
 * - All users of a handle share a proxy, which has one strong reference and one
 *   death notification. Commands about them are written under the lock of the
 *   app, so that the driver sees them in the order in which they were decided.
 * - A proxy is done with when the driver has confirmed that the death
 *   notification is cleared: until then its cookie may still come in.
 *
 * What is not as it should be ends the process, see app_fail().
 */
#ifndef TESTS_LIB_APP_H
#define TESTS_LIB_APP_H

#include <pthread.h>

#include "letter.h"

struct app;
struct app_thread;
struct object;

/* What an app has done, in the order of app_count_names. */
enum app_count {
	APP_CALLS,	/* answered */
	APP_ONEWAYS,	/* sent */
	APP_SERVED,	/* messages handled */
	APP_NESTED,	/* of them, in a thread that waited for a reply */
	APP_ACQUIRED,	/* times an object was told of a first reference */
	APP_RELEASED,	/* and of the end of the last */
	APP_LINKED,	/* death notifications requested */
	APP_CLEARED,	/* and confirmed to be cleared */
	APP_DEATHS,	/* that arrived */
	APP_DEAD_CALLS,	/* calls that had no answer because of a death */
	APP_FDS,	/* file descriptors received and used */
	APP_SPAWNED,	/* threads started because the driver asked */
	APP_COUNTS
};

extern const char *const app_count_names[APP_COUNTS];

/**
 * struct account - what is known of an app outside of its process
 * @count: what it has done
 * @trouble: why it ended, if it failed
 */
struct account {
	atomic_ullong count[APP_COUNTS];
	char trouble[200];
};

/**
 * typedef object_fn - answers the calls of an object
 * @t: the thread that got the message
 * @o: the object
 * @m: the message; its buffer is freed afterwards
 * @reply: the answer, empty; not sent if the message is oneway
 */
typedef void (*object_fn)(struct app_thread *t, struct object *o,
			  struct mail *m, struct letter *reply);

/**
 * struct object - what others can call
 * @fn: called for each message
 * @arg: for it
 * @cookie: never the same again, unlike the address
 * @users: of the app's own
 * @strong: announced by the driver
 * @weak: the same
 * @next: in the app
 */
struct object {
	object_fn fn;
	void *arg;
	u64 cookie;
	unsigned int users;
	int strong;
	int weak;
	struct object *next;
};

/**
 * struct proxy - an object of another process
 * @handle: how the driver calls it here
 * @users: none: closing, and another proxy may have the same handle
 * @dead: its process is gone
 * @cookie: of the death notification
 * @died: called when that arrives, may be NULL
 * @next: in the app
 */
struct proxy {
	u32 handle;
	unsigned int users;
	bool dead;
	u64 cookie;
	void (*died)(struct app_thread *t, struct proxy *p);
	struct proxy *next;
};

/**
 * struct app - a process with an open device
 * @name: for messages
 * @fd: the device
 * @map: where messages arrive
 * @size: of the mapping in bytes
 * @nonblock: the device is opened so; reads that would wait use poll()
 * @open_fds: descriptors of the process in the beginning
 * @account: what is known of it outside
 * @acquired: objects with references in the beginning, by the account
 * @lock: of what follows
 * @changed: something of it has changed
 * @objects: all there are
 * @proxies: all there are
 * @serial: last cookie that was given away
 * @quitting: it was told to end
 */
struct app {
	const char *name;
	int fd;
	const u8 *map;
	size_t size;
	bool nonblock;
	unsigned int open_fds;
	struct account *account;
	u64 acquired;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct object *objects;
	struct proxy *proxies;
	u64 serial;
	bool quitting;
};

#define APP_BUFFER	1024

/**
 * struct app_thread - one of its threads
 * @app: whose
 * @out: commands that go with the next ioctl
 * @out_len: bytes of them
 * @in: returns of the last read
 * @in_pos: the next of them
 * @in_len: where they end
 * @due: completions that have not arrived
 * @depth: calls it is waiting in
 * @error: why the last call failed, errno
 */
struct app_thread {
	struct app *app;
	u8 out[APP_BUFFER];
	size_t out_len;
	u8 in[APP_BUFFER];
	size_t in_pos;
	size_t in_len;
	unsigned int due;
	unsigned int depth;
	int error;
};

/* How a call ends. */
enum app_end {
	APP_ANSWERED,
	APP_DEAD,	/* the other side */
	APP_REFUSED,	/* see .error of the thread */
};

/* app.c: the process and its threads */
void app_open(struct app *app, const char *name, const char *device,
	      size_t size, int flags, struct account *account);
void app_manager(struct app *app, struct object *o);
void app_pool(struct app *app, u32 max_threads);
void app_thread_init(struct app_thread *t, struct app *app);
void app_thread_end(struct app_thread *t);
void app_quit(struct app *app);
void app_await_quit(struct app *app);
void app_await(struct app *app, bool (*ready)(struct app *app),
	       const char *what);
bool app_settled(struct app *app);
void app_check_end(struct app *app, unsigned int nodes);
void app_count(struct app *app, enum app_count which);
__noreturn __printf(2, 3)
void app_fail(struct app *app, const char *fmt, ...);

/* app_call.c: messages */
enum app_end app_call(struct app_thread *t, u32 handle, u32 code,
		      struct letter *l, struct mail *reply);
void app_done(struct app_thread *t, struct mail *reply);
enum app_end app_oneway(struct app_thread *t, u32 handle, u32 code,
			struct letter *l);
void app_put(struct app_thread *t, u32 cmd, const void *payload, size_t len);
bool app_talk(struct app_thread *t, bool reading);
void app_command(struct app_thread *t);
void app_serve_one(struct app_thread *t);
void app_serve_pending(struct app_thread *t);

/* app_refs.c: objects and proxies */
struct object *object_new(struct app *app, object_fn fn, void *arg);
struct object *object_get(struct app *app, binder_uintptr_t ptr, u64 cookie);
void object_put(struct app *app, struct object *o);
void letter_object(struct letter *l, const struct object *o);
void object_told(struct app_thread *t, u32 cmd,
		 const struct binder_ptr_cookie *node);
struct proxy *proxy_get(struct app_thread *t, u32 handle,
			void (*died)(struct app_thread *t, struct proxy *p));
void proxy_put(struct app_thread *t, struct proxy *p);
bool proxy_use(struct app *app, struct proxy *p);
void proxy_await_death(struct app *app, struct proxy *p);
void app_keep(struct letter *l, struct proxy *p);
void death_arrived(struct app_thread *t, u64 cookie);
void death_cleared(struct app_thread *t, u64 cookie);

#endif /* TESTS_LIB_APP_H */
