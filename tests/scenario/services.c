// SPDX-License-Identifier: GPL-2.0
/*
 * Services, names and a client, as programs have them, under load.
 *
 *	services		the tests
 *	services show <n>	play it for <n> seconds, and say what happens
 *
 * The load goes on for SECONDS, or for as long as the environment says, which in
 * a guest is made of the words it is started with:
 *
 *	scripts/um-boot -b stock -c -- test T=scenario SCENE_SECONDS=200
 *	scripts/um-boot -b stock -c -- exec /tests/scenario/services show 5
 */
#include "kselftest_harness.h"

#include "scene.h"

#define DEVICE		"/dev/binder"
#define SECONDS		60

static unsigned int seconds(void)
{
	const char *s = getenv("SCENE_SECONDS");

	return s && atoi(s) > 0 ? atoi(s) : SECONDS;
}

FIXTURE(scene) {
	struct scene *s;
};

FIXTURE_SETUP(scene)
{
	self->s = scene_new(DEVICE, 0);
}

/* What one has done, the other has seen. */
FIXTURE_TEARDOWN(scene)
{
	const struct account *client = &self->s->account[SCENE_CLIENT];
	const struct account *ledger = &self->s->account[SCENE_LEDGER];

	scene_print(self->s);
	EXPECT_STREQ("", self->s->trouble);
	EXPECT_EQ(client->count[APP_ONEWAYS], ledger->count[APP_ONEWAYS]);
	EXPECT_EQ(client->count[APP_LINKED], client->count[APP_CLEARED]);
	EXPECT_EQ(ledger->count[APP_LINKED], ledger->count[APP_CLEARED]);
	EXPECT_EQ(client->count[APP_ACQUIRED], client->count[APP_RELEASED]);
	EXPECT_GT(client->count[APP_CALLS], 10);
	EXPECT_GT(client->count[APP_NESTED], 1);
	EXPECT_GT(ledger->count[APP_NESTED], 1);
	EXPECT_GT(client->count[APP_FDS], 1);
	EXPECT_GT(ledger->count[APP_SPAWNED], 0);
	EXPECT_LE(ledger->count[APP_SPAWNED], 4);
}

/* Nobody dies, so each call of anybody is answered. */
TEST_F(scene, nobody_dies)
{
	struct scene *s = self->s;

	s->seconds = 3;
	EXPECT_TRUE(scene_run(s));
	EXPECT_EQ(0, s->account[SCENE_NAMES].count[APP_DEATHS]);
	EXPECT_EQ(0, s->account[SCENE_CLIENT].count[APP_DEATHS]);
	EXPECT_EQ(0, s->account[SCENE_LEDGER].count[APP_DEATHS]);
	EXPECT_EQ(0, s->account[SCENE_CLIENT].count[APP_DEAD_CALLS]);
}

TEST_F_TIMEOUT(scene, depot_dies_under_load, 290)
{
	struct scene *s = self->s;

	s->seconds = seconds();
	s->kill_ms = 600;
	EXPECT_TRUE(scene_run(s));
	EXPECT_GT(s->kills, s->seconds / 2);
	EXPECT_GT(s->account[SCENE_NAMES].count[APP_DEATHS], 0);
	EXPECT_LE(s->account[SCENE_NAMES].count[APP_DEATHS], s->kills);
	EXPECT_GT(s->account[SCENE_CLIENT].count[APP_DEATHS], 0);
	EXPECT_GT(s->account[SCENE_LEDGER].count[APP_DEATHS], 0);
	EXPECT_GT(s->account[SCENE_CLIENT].count[APP_DEAD_CALLS], 0);
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "show"))
		return scene_show(DEVICE, atoi(argv[2]));
	return test_harness_run(argc, argv);
}
