// SPDX-License-Identifier: GPL-2.0
/*
 * Steps at random: see fuzz.h.
 *
 *	plays				the tests
 *	plays tell <seed> [<n>]		tell those of <n> seeds
 *
 * scripts/fuzz compares what two drivers tell. The tests look whether this one is
 * alive and well after each play, and whether messages went through.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "fuzz.h"

#define STEPS	300
#define SEEDS	10	/* in a test */

/* Messages that have arrived; shared with the children. */
static u32 *arrived;

static int play(u64 seed, FILE *out)
{
	struct play p;
	int i;

	play_begin(&p, seed, out);
	for (i = 0; i < STEPS && !*p.trouble; i++)
		play_step(&p);
	play_end(&p);
	if (out)
		fflush(out);
	if (*p.trouble)
		fprintf(stderr, "# seed %llu, %s\n", (unsigned long long)seed, p.trouble);
	*arrived += p.received;
	return *p.trouble;
}

/* Everything that a play was made of ends with it. */
static int play_in_child(u64 seed, FILE *out)
{
	int status;
	pid_t pid;

	if (!arrived)
		arrived = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		test_abort("fork: %m");
	if (!pid)
		_exit(play(seed, out));
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

FIXTURE(plays) {
};

FIXTURE_VARIANT(plays) {
	u64 first;
};

FIXTURE_VARIANT_ADD(plays, from_0) { .first = 0 };
FIXTURE_VARIANT_ADD(plays, from_10) { .first = 10 };
FIXTURE_VARIANT_ADD(plays, from_20) { .first = 20 };
FIXTURE_VARIANT_ADD(plays, from_30) { .first = 30 };

FIXTURE_SETUP(plays)
{
}

FIXTURE_TEARDOWN(plays)
{
	struct client *s = bc_server("server", BC_MAP_SIZE);
	struct client *c = bc_start("client", BC_DEVICE, BC_MAP_SIZE);

	EXPECT_TRUE(bc_works(s, c));
	EXPECT_TRUE(bc_room(s, c));
	actors_end();
}

TEST_F_TIMEOUT(plays, end_well, 200)
{
	u64 seed;

	for (seed = variant->first; seed < variant->first + SEEDS; seed++)
		EXPECT_EQ(0, play_in_child(seed, NULL));
	EXPECT_GT(*arrived, 5 * SEEDS);
}

int main(int argc, char **argv)
{
	u64 seed, n;

	if (argc < 3 || strcmp(argv[1], "tell"))
		return test_harness_run(argc, argv);
	seed = strtoull(argv[2], NULL, 0);
	n = argc > 3 ? strtoull(argv[3], NULL, 0) : 1;
	while (n--)
		if (play_in_child(seed++, stdout))
			return 1;
	return 0;
}
