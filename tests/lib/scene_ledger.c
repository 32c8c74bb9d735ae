// SPDX-License-Identifier: GPL-2.0
/*
 * The ledger: a service that has threads, and in whose calls a lot happens. It
 * calls the depot, it calls back, and it tells those who want to know.
 */
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include "scene_parts.h"

#define MAX_LISTENERS	4
#define LEDGER_THREADS	4

struct listener {
	struct proxy *proxy;
	u64 sent;
};

static struct {
	struct app app;
	struct service depot;
	pthread_mutex_t lock;
	struct listener listeners[MAX_LISTENERS];
	u64 posts;
} ledger = {
	.depot = { .name = "depot", .lock = PTHREAD_MUTEX_INITIALIZER },
	.lock = PTHREAD_MUTEX_INITIALIZER,
};

static void echo(struct app_thread *t, struct mail *m, struct letter *reply)
{
	u64 seed = mail_u64(m), size = mail_u64(m), i;
	const u8 *bytes = mail_bytes(m, size);
	u8 *turned;

	if (m->bad)
		return;
	if (find_mismatch(bytes, size, seed) >= 0)
		app_fail(t->app, "%llu bytes did not arrive as sent", size);
	turned = malloc(size + 1);
	for (i = 0; i < size; i++)
		turned[i] = bytes[size - 1 - i];
	letter_u64(reply, digest(bytes, size));
	letter_u64(reply, size);
	letter_bytes(reply, turned, size);
	free(turned);
}

static bool is_mine(const void *p, size_t len)
{
	const u8 *byte = p;

	return byte >= ledger.app.map &&
	       byte + len <= ledger.app.map + ledger.app.size;
}

/* The lines are found by the pointer in the invoice, which the driver set. */
static void pay(struct app_thread *t, struct mail *m, struct letter *reply)
{
	static __thread struct receipt receipt;
	u64 number = mail_u64(m), i;
	const struct invoice *invoice = mail_buffer(m, sizeof(*invoice));
	const struct line *lines;

	if (m->bad)
		return;
	lines = mail_buffer(m, invoice->nr_lines * sizeof(*lines));
	if (m->bad)
		return;
	if (!is_mine(invoice, sizeof(*invoice)) || invoice->lines != lines ||
	    !is_mine(lines, invoice->nr_lines * sizeof(*lines)))
		app_fail(t->app, "a pointer that leads elsewhere");
	if (invoice->number != number)
		app_fail(t->app, "invoice %llu has number %llu", number,
			 invoice->number);
	receipt = (struct receipt) { .number = number };
	for (i = 0; i < invoice->nr_lines; i++)
		receipt.total += lines[i].item * lines[i].amount;
	if (receipt.total != invoice->total)
		app_fail(t->app, "invoice %llu has a wrong total", number);
	letter_u64(reply, OK);
	letter_buffer(reply, &receipt, sizeof(receipt));
}

/*
 * Call the caller back, who may call again, and so on: always the same thread
 * on either side, because nobody else waits for what is to come.
 */
static void call_back(struct app_thread *t, struct mail *m,
		      struct letter *reply)
{
	u64 rounds = mail_u64(m), tid = mail_u64(m), made = 0;
	u32 handle = mail_handle(m);
	struct letter l = { };
	struct mail answer;
	struct proxy *p;

	if (m->bad)
		return;
	if (tid && tid != (u64)gettid())
		app_fail(t->app, "a nested call came to another thread");
	if (rounds) {
		p = proxy_get(t, handle, NULL);
		letter_u64(&l, rounds - 1);
		letter_u64(&l, gettid());
		if (app_call(t, handle, CALLED_BACK, &l, &answer))
			app_fail(t->app, "cannot call back: %s", t->error ?
				 strerror(t->error) : "dead");
		made = mail_u64(&answer) + 1;
		app_done(t, &answer);
		proxy_put(t, p);
	}
	letter_u64(reply, made);
}

static struct listener *find_listener(u32 handle)
{
	struct listener *l;

	for (l = ledger.listeners; l < ledger.listeners + MAX_LISTENERS; l++)
		if (handle ? l->proxy && l->proxy->handle == handle : !l->proxy)
			return l;
	app_fail(&ledger.app, "no listener %u", handle);
}

static void subscribe(struct app_thread *t, struct mail *m,
		      struct letter *reply)
{
	u32 handle = mail_handle(m);
	struct proxy *p;

	if (m->bad)
		return;
	p = proxy_get(t, handle, NULL);
	pthread_mutex_lock(&ledger.lock);
	*find_listener(0) = (struct listener) { .proxy = p };
	pthread_mutex_unlock(&ledger.lock);
	letter_u64(reply, OK);
}

static void unsubscribe(struct app_thread *t, struct mail *m,
			struct letter *reply)
{
	u32 handle = mail_handle(m);
	struct listener was, *l;

	if (m->bad)
		return;
	pthread_mutex_lock(&ledger.lock);
	l = find_listener(handle);
	was = *l;
	l->proxy = NULL;
	pthread_mutex_unlock(&ledger.lock);
	proxy_put(t, was.proxy);
	letter_u64(reply, was.sent);
}

/*
 * Oneway messages to one object arrive in order, one after the other, however
 * many threads there are; so do the events they cause.
 */
static void post(struct app_thread *t, struct mail *m)
{
	struct listener *to;

	pthread_mutex_lock(&ledger.lock);
	if (mail_u64(m) != ++ledger.posts)
		app_fail(t->app, "post %llu came out of turn", ledger.posts);
	for (to = ledger.listeners; to < ledger.listeners + MAX_LISTENERS;
	     to++) {
		struct letter l = { };

		if (!to->proxy)
			continue;
		letter_u64(&l, ++to->sent);
		if (app_oneway(t, to->proxy->handle, EVENT, &l))
			app_fail(t->app, "an event cannot be sent: %s",
				 strerror(t->error));
	}
	pthread_mutex_unlock(&ledger.lock);
}

/* The descriptors are of this process now; the depot gets them as its own. */
static u64 ask_depot(struct app_thread *t, u64 seed, u64 size, int pipe,
		     int file, int *result)
{
	struct proxy *p = service_use(t, &ledger.depot);
	struct letter l = { };
	struct mail answer;
	enum app_end end;

	if (!p)
		return LOST;
	letter_u64(&l, seed);
	letter_u64(&l, size);
	letter_fd(&l, pipe);
	letter_fd(&l, file);
	end = app_call(t, p->handle, DEPOT_STORE, &l, &answer);
	if (end == APP_REFUSED)
		app_fail(t->app, "the depot cannot be called: %s",
			 strerror(t->error));
	if (end == APP_ANSWERED) {
		if (mail_u64(&answer) != OK)
			app_fail(t->app, "the depot does not store");
		*result = mail_fd(&answer);
		app_done(t, &answer);
	}
	proxy_put(t, p);
	return end == APP_ANSWERED ? OK : LOST;
}

static void forward(struct app_thread *t, struct mail *m, struct letter *reply)
{
	u64 seed = mail_u64(m), size = mail_u64(m), status;
	int pipe = mail_fd(m), file = mail_fd(m), result = -1;

	if (m->bad)
		return;
	status = ask_depot(t, seed, size, pipe, file, &result);
	close(pipe);
	close(file);
	letter_u64(reply, status);
	if (status != OK)
		return;
	app_count(t->app, APP_FDS);
	letter_own_fd(reply, result);
}

static void quit(struct app_thread *t, struct letter *reply)
{
	u64 left = 0;
	int i;

	name_remove(t, "ledger");
	service_drop(t, &ledger.depot);
	for (i = 0; i < MAX_LISTENERS; i++)
		left += !!ledger.listeners[i].proxy;
	letter_u64(reply, left);
	app_quit(t->app);
}

static void answer(struct app_thread *t, struct object *o, struct mail *m,
		   struct letter *reply)
{
	switch (m->code) {
	case LEDGER_ECHO:
		return echo(t, m, reply);
	case LEDGER_PAY:
		return pay(t, m, reply);
	case LEDGER_CALL_BACK:
		return call_back(t, m, reply);
	case LEDGER_SUBSCRIBE:
		return subscribe(t, m, reply);
	case LEDGER_UNSUBSCRIBE:
		return unsubscribe(t, m, reply);
	case LEDGER_POST:
		return post(t, m);
	case LEDGER_FORWARD:
		return forward(t, m, reply);
	case ROOM:
		return serve_room(t, m, reply);
	case QUIT:
		return quit(t, reply);
	default:
		m->bad = true;
	}
}

/**
 * ledger_main() - be the ledger
 * @s: the scene
 */
void ledger_main(struct scene *s)
{
	struct app_thread t;
	struct object *o;

	app_open(&ledger.app, "ledger", s->device, SCENE_MAP, 0,
		 &s->account[SCENE_LEDGER]);
	app_pool(&ledger.app, LEDGER_THREADS);
	app_thread_init(&t, &ledger.app);
	o = object_new(&ledger.app, answer, NULL);
	name_add(&t, "ledger", o);
	app_thread_end(&t);
	app_await_quit(&ledger.app);
	object_put(&ledger.app, o);
	app_await(&ledger.app, app_settled, "all given back");
	app_check_end(&ledger.app, 0);
	_exit(0);
}
