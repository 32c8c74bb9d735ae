// SPDX-License-Identifier: GPL-2.0
/*
 * 10 Files and ioctls: stop_on_user_error.
 */
#include <glob.h>
#include <stdio.h>

#include "conf.h"

/* The name of the module, before "parameters", depends on the kernel; any will do. */
static const char *parameter(void)
{
	static char path[128];
	glob_t g;

	if (path[0])
		return path;
	system_init();
	if (glob("/sys/module/*/parameters/stop_on_user_error", 0, NULL, &g))
		test_abort("the driver has no parameter stop_on_user_error");
	snprintf(path, sizeof(path), "%s", g.gl_pathv[0]);
	globfree(&g);
	return path;
}

static int stopped(void)
{
	FILE *f = fopen(parameter(), "re");
	int value;

	if (!f || fscanf(f, "%d", &value) != 1)
		test_abort("cannot read %s", parameter());
	fclose(f);
	return value;
}

/* No other test can run while the driver stands, so it is started again. */
FIXTURE(stop) {
	struct client *c;
	struct client *d;
};

FIXTURE_SETUP(stop)
{
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	self->d = bc_start("D", BC_DEVICE_2, 0);
}

FIXTURE_TEARDOWN_PARENT(stop)
{
	write_file(parameter(), "0");
}

static void begin_free_bogus(struct client *c)
{
	struct wbuf *w = wb(c);

	w_free(w, 0x1234);
	bc_begin_read(c, w, 0);
}

TEST_F(stop, F_127)
{
	struct client *c = self->c, *d = self->d;
	struct binder_version *v = stage_scratch(sizeof(*v));

	EXPECT_EQ(0, stopped());
	write_file(parameter(), "1");
	begin_free_bogus(c);
	ASSERT_TRUE(bc_blocked(c));
	EXPECT_EQ(2, stopped());
	v->protocol_version = 0;
	actor_begin_sys(d->a, SYS_ioctl, (const long[6]) {
			d->f->fd, BINDER_VERSION, (long)v });
	ASSERT_TRUE(bc_blocked(d));
	EXPECT_EQ(0, v->protocol_version);

	write_file(parameter(), "0");
	EXPECT_STREQ("", bc_end(c));
	EXPECT_EQ(12, c->bwr.write_consumed);
	EXPECT_EQ(0, actor_end(d->a));
	EXPECT_EQ(8, v->protocol_version);
	actors_end();
}

/*
 * A signal ends the wait: of an ioctl that has not begun, which fails, and of the
 * one that made the mistake, which is done.
 */
TEST_F(stop, F_127_signal)
{
	struct client *c = self->c, *d = self->d;
	struct binder_version *v = stage_scratch(sizeof(*v));

	write_file(parameter(), "1");
	begin_free_bogus(c);
	ASSERT_TRUE(bc_blocked(c));
	actor_interruptible(d->a);
	actor_begin_sys(d->a, SYS_ioctl, (const long[6]) {
			d->f->fd, BINDER_VERSION, (long)v });
	ASSERT_TRUE(bc_blocked(d));
	actor_signal(d->a, SIGUSR1);
	EXPECT_EQ(-EINTR, actor_end(d->a));
	actor_signal(c->a, SIGUSR1);
	EXPECT_STREQ("", bc_end(c));
	EXPECT_EQ(12, c->bwr.write_consumed);
	EXPECT_EQ(2, stopped());
	write_file(parameter(), "0");
	EXPECT_EQ(8, bc_ready(d));
	actors_end();
}

/* Nobody has to make a mistake for it. */
TEST_F(stop, F_127_at_once)
{
	struct binder_version *v = stage_scratch(sizeof(*v));
	struct client *d = self->d;

	write_file(parameter(), "2");
	actor_begin_sys(d->a, SYS_ioctl, (const long[6]) {
			d->f->fd, BINDER_VERSION, (long)v });
	ASSERT_TRUE(bc_blocked(d));
	/* As before: it goes on standing. */
	write_file(parameter(), "3");
	ASSERT_TRUE(bc_blocked(d));
	write_file(parameter(), "1");
	EXPECT_EQ(0, actor_end(d->a));
	EXPECT_EQ(1, stopped());
	actors_end();
}

/* At 0, mistakes of a user are none of the driver's business. */
TEST_F(stop, F_127_off)
{
	EXPECT_EQ(0, bc_free(self->c, 0x1234));
	EXPECT_EQ(0, stopped());
	actors_end();
}

TEST_HARNESS_MAIN
