// SPDX-License-Identifier: GPL-2.0
/*
 * The client of the scene: threads that call the services, each time in another
 * way, and threads that are called.
 */
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include "scene_parts.h"

#define WORKERS		3
#define MAX_ECHO	(24 << 10)
#define MAX_FILE	(16 << 10)
#define MAX_LINES	64
#define MAX_ROUNDS	5
#define MAX_POSTS	32	/* that have not caused an event yet */

static struct {
	struct app app;
	struct scene *scene;
	struct service ledger, depot;
	pthread_mutex_t lock;	/* of posts, and keeps them in order */
	u64 posts;
	u64 events;
} client = {
	.ledger = { .name = "ledger", .lock = PTHREAD_MUTEX_INITIALIZER },
	.depot = { .name = "depot", .lock = PTHREAD_MUTEX_INITIALIZER },
	.lock = PTHREAD_MUTEX_INITIALIZER,
};

/* A thread that works, and what it chooses by. */
struct worker {
	struct app_thread t;
	pthread_t thread;
	unsigned int seed;
};

static unsigned int below(struct worker *w, unsigned int n)
{
	return rand_r(&w->seed) % n;
}

/* The ledger is never killed. */
static void call_ledger(struct worker *w, u32 code, struct letter *l,
			struct mail *reply)
{
	struct proxy *p = service_await(&w->t, &client.ledger);

	if (app_call(&w->t, p->handle, code, l, reply))
		app_fail(&client.app, "the ledger does not answer %u: %s", code,
			 strerror(w->t.error));
	proxy_put(&w->t, p);
}

/* Whoever calls the depot may find it dead, and learns that once more. */
static bool call_depot(struct worker *w, u32 code, struct letter *l,
		       struct mail *reply)
{
	struct proxy *p = service_await(&w->t, &client.depot);
	enum app_end end = app_call(&w->t, p->handle, code, l, reply);

	if (end == APP_REFUSED)
		app_fail(&client.app, "the depot refuses %u: %s", code,
			 strerror(w->t.error));
	if (end == APP_DEAD)
		proxy_await_death(&client.app, p);
	proxy_put(&w->t, p);
	return end == APP_ANSWERED;
}

static void echo(struct worker *w)
{
	u64 seed = rand_r(&w->seed), size = below(w, MAX_ECHO), i;
	u8 *bytes = malloc(size + 1);
	struct letter l = { };
	struct mail reply;
	const u8 *turned;

	fill_pattern(bytes, size, seed);
	letter_u64(&l, seed);
	letter_u64(&l, size);
	letter_bytes(&l, bytes, size);
	call_ledger(w, LEDGER_ECHO, &l, &reply);
	if (mail_u64(&reply) != digest(bytes, size) || mail_u64(&reply) != size)
		app_fail(&client.app, "the ledger got other bytes");
	turned = mail_bytes(&reply, size);
	for (i = 0; turned && i < size; i++)
		if (turned[i] != bytes[size - 1 - i])
			app_fail(&client.app, "byte %llu is wrong", i);
	free(bytes);
	app_done(&w->t, &reply);
}

static void pay(struct worker *w)
{
	struct invoice invoice = {
		.number = rand_r(&w->seed),
		.nr_lines = 1 + below(w, MAX_LINES),
	};
	const struct receipt *receipt;
	struct line lines[MAX_LINES];
	struct letter l = { };
	struct mail reply;
	u64 i;
	u32 at;

	for (i = 0; i < invoice.nr_lines; i++) {
		lines[i].item = rand_r(&w->seed);
		lines[i].amount = below(w, 100);
		invoice.total += lines[i].item * lines[i].amount;
	}
	letter_u64(&l, invoice.number);
	at = letter_buffer(&l, &invoice, sizeof(invoice));
	letter_child(&l, lines, invoice.nr_lines * sizeof(*lines), at,
		     offsetof(struct invoice, lines));
	call_ledger(w, LEDGER_PAY, &l, &reply);
	if (mail_u64(&reply) != OK)
		app_fail(&client.app, "an invoice was refused");
	receipt = mail_buffer(&reply, sizeof(*receipt));
	if (!receipt || receipt->number != invoice.number ||
	    receipt->total != invoice.total)
		app_fail(&client.app, "a receipt is wrong");
	app_done(&w->t, &reply);
}

static u64 call_back_rounds(struct worker *w, struct object *o, u64 rounds,
			    u64 tid)
{
	struct letter l = { };
	struct mail reply;
	u64 made;

	letter_u64(&l, rounds);
	letter_u64(&l, tid);
	letter_object(&l, o);
	call_ledger(w, LEDGER_CALL_BACK, &l, &reply);
	made = mail_u64(&reply);
	app_done(&w->t, &reply);
	return made;
}

/* In the thread that called the ledger, which waits for the answer to this. */
static void called_back(struct app_thread *t, struct object *o, struct mail *m,
			struct letter *reply)
{
	struct worker *w = o->arg;
	u64 rounds = mail_u64(m), tid = mail_u64(m);

	if (m->code != CALLED_BACK || m->bad)
		app_fail(t->app, "code %u is no call back", m->code);
	if (t != &w->t)
		app_fail(t->app, "another thread is called back");
	letter_u64(reply, call_back_rounds(w, o, rounds, tid) + 1);
}

/* A new object each time, so that the driver has nodes to make and to free. */
static void call_back(struct worker *w)
{
	struct object *o = object_new(&client.app, called_back, w);
	u64 rounds = 1 + below(w, MAX_ROUNDS), made;

	made = call_back_rounds(w, o, rounds, 0);
	if (made != 2 * rounds)
		app_fail(&client.app, "%llu calls in %llu rounds", made,
			 rounds);
	object_put(&client.app, o);
}

static u64 events_seen(void)
{
	u64 n;

	pthread_mutex_lock(&client.app.lock);
	n = client.events;
	pthread_mutex_unlock(&client.app.lock);
	return n;
}

static bool few_posts(struct app *app)
{
	return client.posts - client.events < MAX_POSTS;
}

static bool no_posts(struct app *app)
{
	return client.posts == client.events;
}

/* A oneway message to the ledger causes an event; not too many at once. */
static void post(struct worker *w)
{
	struct proxy *p = service_await(&w->t, &client.ledger);
	struct letter l = { };

	pthread_mutex_lock(&client.lock);
	app_await(&client.app, few_posts, "events");
	letter_u64(&l, ++client.posts);
	if (app_oneway(&w->t, p->handle, LEDGER_POST, &l))
		app_fail(&client.app, "cannot post: %s", strerror(w->t.error));
	pthread_mutex_unlock(&client.lock);
	proxy_put(&w->t, p);
}

static void event(struct app_thread *t, struct object *o, struct mail *m,
		  struct letter *reply)
{
	u64 number = mail_u64(m);

	if (m->code != EVENT || !(m->flags & TF_ONE_WAY))
		app_fail(t->app, "code %u is no event", m->code);
	pthread_mutex_lock(&t->app->lock);
	if (number != ++client.events)
		app_fail(t->app, "event %llu comes as number %llu", number,
			 client.events);
	pthread_cond_broadcast(&t->app->changed);
	pthread_mutex_unlock(&t->app->lock);
}

/* What was written, and then the end: nobody else has the pipe open. */
static void check_pipe(int fd, u64 seed, size_t size)
{
	struct record want = record_of(seed, size), got, more;

	if (read(fd, &got, sizeof(got)) != sizeof(got) ||
	    memcmp(&got, &want, sizeof(got)))
		app_fail(&client.app, "something else came through a pipe");
	if (read(fd, &more, sizeof(more)))
		app_fail(&client.app, "more than expected came through a pipe");
	app_count(&client.app, APP_FDS);
}

static void forward(struct worker *w)
{
	u64 seed = rand_r(&w->seed), size = 1 + below(w, MAX_FILE), status;
	struct letter l = { };
	struct mail reply;
	int p[2], file;

	if (pipe(p))
		app_fail(&client.app, "pipe: %m");
	letter_u64(&l, seed);
	letter_u64(&l, size);
	letter_own_fd(&l, p[1]);
	letter_own_fd(&l, memfd_with(&client.app, size, seed));
	call_ledger(w, LEDGER_FORWARD, &l, &reply);
	status = mail_u64(&reply);
	if (status == OK) {
		file = mail_fd(&reply);
		check_memfd(&client.app, file, size, seed + 1);
		close(file);
		check_pipe(p[0], seed, size);
	} else if (status != LOST) {
		app_fail(&client.app, "the ledger forwards with status %llu",
			 status);
	}
	app_done(&w->t, &reply);
	close(p[0]);
}

static void fan(struct worker *w)
{
	u64 seed = rand_r(&w->seed);
	struct letter l = { };
	struct mail reply;
	int a[2], b[2];
	bool answered;
	u32 fds[2], at;

	if (pipe(a) || pipe(b))
		app_fail(&client.app, "pipe: %m");
	fds[0] = a[1];
	fds[1] = b[1];
	letter_u64(&l, seed);
	at = letter_buffer(&l, fds, sizeof(fds));
	letter_fds(&l, 2, at, 0);
	answered = call_depot(w, DEPOT_FAN, &l, &reply);
	close(a[1]);
	close(b[1]);
	if (answered) {
		if (mail_u64(&reply) != OK)
			app_fail(&client.app, "the depot does not write");
		app_done(&w->t, &reply);
		check_pipe(a[0], seed, 0);
		check_pipe(b[0], seed + 1, 1);
	}
	close(a[0]);
	close(b[0]);
}

/* Ask for a service as if it were not known. */
static void look_up(struct worker *w)
{
	struct proxy *p = name_get(&w->t, below(w, 2) ? "ledger" : "nobody");

	if (p)
		proxy_put(&w->t, p);
}

static void (*const jobs[])(struct worker *w) = {
	echo, echo, pay, call_back, post, post, forward, fan, look_up
};

static void *work(void *arg)
{
	struct worker *w = arg;

	app_thread_init(&w->t, &client.app);
	while (!client.scene->stop)
		jobs[below(w, sizeof(jobs) / sizeof(*jobs))](w);
	app_thread_end(&w->t);
	return NULL;
}

static u64 tell_listener(struct worker *w, u32 code, struct object *listener)
{
	struct letter l = { };
	struct mail reply;
	u64 answer;

	letter_object(&l, listener);
	call_ledger(w, code, &l, &reply);
	answer = mail_u64(&reply);
	app_done(&w->t, &reply);
	return answer;
}

/* The services are idle: what they have left now, they have left for good. */
static void end_service(struct worker *w, struct service *s)
{
	struct proxy *p = service_await(&w->t, s);

	check_room(&w->t, p->handle, s->name);
	if (ask_to_quit(&w->t, p->handle))
		app_fail(&client.app, "the %s has something left", s->name);
	proxy_put(&w->t, p);
	service_drop(&w->t, s);
}

static void end_all(struct worker *w, struct object *listener)
{
	app_await(&client.app, no_posts, "the last event");
	if (tell_listener(w, LEDGER_UNSUBSCRIBE, listener) != events_seen())
		app_fail(&client.app, "not as many events came as were sent");
	object_put(&client.app, listener);
	end_service(w, &client.ledger);
	end_service(w, &client.depot);
	check_room(&w->t, 0, "names");
	if (ask_to_quit(&w->t, 0))
		app_fail(&client.app, "the context manager has names left");
	app_thread_end(&w->t);
}

/**
 * client_main() - be the client
 * @s: the scene
 */
void client_main(struct scene *s)
{
	struct worker workers[WORKERS] = { }, self = { };
	struct object *listener;
	int i;

	client.scene = s;
	app_open(&client.app, "client", s->device, SCENE_MAP, 0,
		 &s->account[SCENE_CLIENT]);
	app_pool(&client.app, 2);
	app_thread_init(&self.t, &client.app);
	listener = object_new(&client.app, event, NULL);
	if (tell_listener(&self, LEDGER_SUBSCRIBE, listener) != OK)
		app_fail(&client.app, "cannot subscribe");
	for (i = 0; i < WORKERS; i++) {
		workers[i].seed = i + 1;
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			app_fail(&client.app, "cannot start a worker");
	}
	for (i = 0; i < WORKERS; i++)
		pthread_join(workers[i].thread, NULL);
	end_all(&self, listener);
	app_await(&client.app, app_settled, "all given back");
	app_check_end(&client.app, 0);
	_exit(0);
}
