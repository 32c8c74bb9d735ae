// SPDX-License-Identifier: GPL-2.0
/*
 * Death at every stage of a call, then at random moments: the other side hears
 * of it, nobody waits for ever, and whoever comes next can work.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>

#include "kselftest_harness.h"

#include "binder_client.h"
#include "loops.h"
#include "system.h"

/* How far a call has come when somebody dies. */
enum stage {
	IDLE,		/* nothing sent */
	QUEUED,		/* sent, not read */
	DELIVERED,	/* read by S */
	FREED,		/* read, and its buffer freed */
	REPLIED,	/* replied to; S has not read its completion */
	COMPLETED,	/* and now it has */
	RETURNED,	/* the reply has been read by C */
	ENDED,		/* and its buffer freed */
};

/*
 * A call from C to T, a thread of S, up to a stage; and for each victim what
 * the other side reads next. Where it says TRANSACTION, the server still has to
 * answer, which it can.
 */
FIXTURE(death) {
	struct client *s;
	struct client *t;
	struct client *c;
};

FIXTURE_VARIANT(death) {
	enum stage stage;
	const char *server_died;	/* C reads */
	const char *client_died;	/* T reads */
	const char *server_exited;	/* C reads; T was only one thread */
	const char *client_exited;	/* T reads; C was only one thread */
};

FIXTURE_VARIANT_ADD(death, idle) {
	IDLE, "EAGAIN", "EAGAIN", "EAGAIN", "EAGAIN",
};

FIXTURE_VARIANT_ADD(death, queued) {
	QUEUED, "NOOP TC DR", "NOOP TRANSACTION", "EAGAIN", "NOOP TRANSACTION",
};

FIXTURE_VARIANT_ADD(death, delivered) {
	DELIVERED, "NOOP TC DR", "EAGAIN", "NOOP TC DR", "EAGAIN",
};

FIXTURE_VARIANT_ADD(death, freed) {
	FREED, "NOOP TC DR", "EAGAIN", "NOOP TC DR", "EAGAIN",
};

FIXTURE_VARIANT_ADD(death, replied) {
	REPLIED, "NOOP TC REPLY", "NOOP TC", "NOOP TC REPLY", "NOOP TC",
};

FIXTURE_VARIANT_ADD(death, completed) {
	COMPLETED, "NOOP TC REPLY", "EAGAIN", "NOOP TC REPLY", "EAGAIN",
};

FIXTURE_VARIANT_ADD(death, returned) {
	RETURNED, "EAGAIN", "EAGAIN", "EAGAIN", "EAGAIN",
};

FIXTURE_VARIANT_ADD(death, ended) {
	ENDED, "EAGAIN", "EAGAIN", "EAGAIN", "EAGAIN",
};

static void call_up_to(struct client *t, struct client *c, enum stage stage)
{
	binder_uintptr_t buffer = 0;

	if (stage >= QUEUED)
		bc_send(c, .code = 1, .data = "call", .size = 4);
	if (stage >= DELIVERED)
		buffer = bc_take(t).data.ptr.buffer;
	if (stage >= FREED)
		bc_free(t, buffer);
	if (stage >= REPLIED)
		bc_reply(t, .code = 2, .data = "reply", .size = 5);
	if (stage >= COMPLETED)
		bc_read(t);
	if (stage >= RETURNED)
		buffer = bc_take(c).data.ptr.buffer;
	if (stage >= ENDED)
		bc_free(c, buffer);
}

FIXTURE_SETUP(death)
{
	self->s = bc_server("S", BC_MAP_SIZE);
	self->t = bc_thread(self->s, "T");
	bc_ready(self->t);
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	call_up_to(self->t, self->c, variant->stage);
}

FIXTURE_TEARDOWN(death)
{
	actors_end();
}

/* If something is to come, it comes when the dead are taken apart. */
static const char *read_what_comes(struct client *c, const char *expected)
{
	return strcmp(expected, "EAGAIN") ? bc_wait(c) : bc_read(c);
}

/* The server can finish a call whose caller is gone. */
static void expect_can_finish(struct __test_metadata *_metadata,
			      struct client *t, enum stage stage)
{
	if (stage < QUEUED || stage > FREED)
		return;
	EXPECT_EQ(0, bc_reply(t, .code = 3));
	EXPECT_STREQ("OK 0", bc_ee(t));
	EXPECT_STREQ("NOOP TC", bc_read(t));
}

TEST_F(death, of_the_server)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE), *s2;

	actor_kill(self->s->a);
	bc_await_no_manager(d);
	EXPECT_STREQ(variant->server_died,
		     read_what_comes(self->c, variant->server_died));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	s2 = bc_server("S2", BC_MAP_SIZE);
	EXPECT_TRUE(bc_works(s2, self->c));
}

TEST_F(death, of_the_client)
{
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);

	actor_kill(self->c->a);
	EXPECT_STREQ(variant->client_died,
		     read_what_comes(self->t, variant->client_died));
	expect_can_finish(_metadata, self->t, variant->stage);
	EXPECT_STREQ("EAGAIN", bc_read(self->t));
	EXPECT_TRUE(bc_works(self->s, d));
	EXPECT_TRUE(bc_works(self->t, d));
}

TEST_F(death, of_the_server_thread)
{
	EXPECT_EQ(0, bc_u32_ioctl(self->t, BINDER_THREAD_EXIT, 0));
	EXPECT_STREQ(variant->server_exited,
		     read_what_comes(self->c, variant->server_exited));
	if (variant->stage == QUEUED) {
		EXPECT_EQ(1, bc_take(self->s).code);
		EXPECT_EQ(0, bc_reply(self->s, .code = 3));
		EXPECT_STREQ("NOOP TC", bc_read(self->s));
		EXPECT_STREQ("NOOP TC REPLY", bc_read(self->c));
	}
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_STREQ("NOOP", bc_read(self->t));
	EXPECT_TRUE(bc_works(self->t, self->c));
	EXPECT_TRUE(bc_works(self->s, self->c));
}

TEST_F(death, of_the_client_thread)
{
	EXPECT_EQ(0, bc_u32_ioctl(self->c, BINDER_THREAD_EXIT, 0));
	EXPECT_STREQ(variant->client_exited,
		     read_what_comes(self->t, variant->client_exited));
	expect_can_finish(_metadata, self->t, variant->stage);
	EXPECT_STREQ("NOOP", bc_read(self->c));
	EXPECT_STREQ("EAGAIN", bc_read(self->c));
	EXPECT_TRUE(bc_works(self->s, self->c));
}

/* Many at once */

#define CROWD 8

static void crowd_calls(struct client *c[])
{
	int i;

	for (i = 0; i < CROWD; i++) {
		struct wbuf *w;

		c[i] = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
		w = wb(c[i]);
		w_txn(w, .code = i, .data = "call", .size = 4);
		bc_begin_read(c[i], w, BC_READ_SIZE);
		if (!bc_blocked(c[i]))
			test_abort("caller %d: %s", i, bc_end(c[i]));
	}
}

TEST(server_of_many_dies)
{
	struct client *s = bc_server("S", BC_MAP_SIZE), *c[CROWD];
	int i;

	crowd_calls(c);
	bc_take(s);
	actor_kill(s->a);
	for (i = 0; i < CROWD; i++)
		EXPECT_STREQ("NOOP TC DR", bc_end(c[i]));
	actors_end();
}

TEST(many_clients_die)
{
	struct client *s = bc_server("S", BC_MAP_SIZE), *c[CROWD], *d;
	int i;

	crowd_calls(c);
	EXPECT_EQ(0, bc_take(s).code);
	for (i = 0; i < CROWD; i++)
		kill(c[i]->a->pid, SIGKILL);
	for (i = 0; i < CROWD; i++)
		actor_kill(c[i]->a);
	for (i = 1; i < CROWD; i++) {
		EXPECT_EQ(0, bc_reply(s, .code = 1));
		EXPECT_STREQ("NOOP TC", bc_read(s));
		EXPECT_EQ(i, bc_take(s).code);
	}
	EXPECT_EQ(0, bc_reply(s, .code = 1));
	EXPECT_STREQ("NOOP TC", bc_read(s));
	d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	EXPECT_TRUE(bc_works(s, d));
	actors_end();
}

/* Random moments */

struct scene {
	struct client *s[2];
	struct server_loop *server[2];
	struct client *c[3];	/* two threads of one process, and another */
	struct caller_loop *caller[3];
};

static void scene_begin(struct scene *x, unsigned int seed)
{
	int i;

	x->s[0] = bc_server("S", 4 * BC_MAP_SIZE);
	x->s[1] = bc_thread(x->s[0], "S2");
	x->c[0] = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	x->c[1] = bc_thread(x->c[0], "C2");
	x->c[2] = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	for (i = 0; i < 2; i++)
		x->server[i] = serve_begin(x->s[i]);
	for (i = 0; i < 3; i++)
		x->caller[i] = call_begin(x->c[i], 40, 50000, seed + i);
}

/* A loop whose process was not killed ends well, or because of the death. */
static void expect_end(struct __test_metadata *_metadata, struct client *c,
		       const char *trouble, bool may_be_dead)
{
	enum loop_end end;

	if (c->a->gone)
		return;
	end = loop_end(c);
	EXPECT_TRUE(end == LOOP_DONE || (may_be_dead && end == LOOP_DEAD))
		TH_LOG("%s: end %d: %s", c->a->name, end, trouble);
}

/* Messages that the dead have left behind. */
static void drain(struct client *s)
{
	while (!strcmp(bc_read(s), "NOOP TRANSACTION")) {
		struct binder_transaction_data t = *bc_txn(s);

		bc_free(s, t.data.ptr.buffer);
		if (t.flags & TF_ONE_WAY)
			continue;
		bc_reply(s, .code = 0);
		bc_read(s);
	}
}

static void scene_end(struct __test_metadata *_metadata, struct scene *x)
{
	bool served = !x->s[0]->a->gone;
	struct client *d;
	int i;

	for (i = 0; i < 3; i++)
		expect_end(_metadata, x->c[i], x->caller[i]->trouble, !served);
	if (!served)
		return;
	d = bc_start("E", BC_DEVICE, BC_MAP_SIZE);
	serve_quit(d);
	serve_quit(d);
	for (i = 0; i < 2; i++)
		expect_end(_metadata, x->s[i], x->server[i]->trouble, false);
	drain(x->s[0]);
	EXPECT_TRUE(bc_works(x->s[0], d));
}

TEST(random_deaths)
{
	const char *given = getenv("SEED");
	unsigned int seed = given ? strtol(given, NULL, 0) : time(NULL);
	int round;

	TH_LOG("SEED=%u", seed);
	for (round = 0; round < 10; round++) {
		unsigned int victim = rand_r(&seed) % 3;
		struct scene x;

		scene_begin(&x, seed);
		usleep(rand_r(&seed) % 20000);
		actor_kill(victim == 0 ? x.s[0]->a :
			   victim == 1 ? x.c[0]->a : x.c[2]->a);
		scene_end(_metadata, &x);
		actors_end();
	}
}

/* Files that are opened, used a little, and closed, in all orders. */
static long open_and_close(struct actor *a, void *arg)
{
	unsigned int *seed = arg, n;

	for (n = 0; n < 100; n++) {
		int fd = open(BC_DEVICE, O_RDWR | O_CLOEXEC);
		void *map = MAP_FAILED;
		struct binder_version v;

		if (fd < 0)
			return -errno;
		if (rand_r(seed) % 2)
			map = mmap(NULL, BC_MAP_SIZE, PROT_READ, MAP_PRIVATE,
				   fd, 0);
		if (rand_r(seed) % 2)
			ioctl(fd, BINDER_VERSION, &v);
		if (rand_r(seed) % 2)
			poll(&(struct pollfd) { fd, POLLIN, 0 }, 1, 0);
		if (rand_r(seed) % 2)
			ioctl(fd, BINDER_THREAD_EXIT, 0);
		if (map != MAP_FAILED && rand_r(seed) % 2) {
			munmap(map, BC_MAP_SIZE);
			map = MAP_FAILED;
		}
		close(fd);
		if (map != MAP_FAILED)
			munmap(map, BC_MAP_SIZE);
	}
	return 0;
}

TEST(open_and_close_again)
{
	struct client *c[2];
	unsigned int *seed;
	int i;

	for (i = 0; i < 2; i++) {
		c[i] = bc_new("C");
		seed = stage_keep(sizeof(*seed));
		*seed = i;
		actor_begin(c[i]->a, open_and_close, seed);
	}
	for (i = 0; i < 2; i++)
		EXPECT_EQ(0, actor_end(c[i]->a));
	EXPECT_TRUE(bc_works(bc_server("S", BC_MAP_SIZE),
			     bc_start("D", BC_DEVICE, BC_MAP_SIZE)));
	actors_end();
}

TEST_HARNESS_MAIN
