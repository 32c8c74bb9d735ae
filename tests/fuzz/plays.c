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
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "fuzz.h"

#define STEPS	300
#define SEEDS	10	/* in a test */
#define ROUNDS	4
#define CROWD	5	/* plays at a time */
#define KILLED	2	/* of them */

/* Shared with the children: messages that have arrived, and plays that have begun. */
static atomic_uint *arrived, *begun;

static void share_counters(void)
{
	arrived = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (arrived == MAP_FAILED)
		test_abort("mmap: %m");
	begun = arrived + 1;
}

static int play(u64 seed, FILE *out, bool crowd)
{
	struct play p;
	int i;

	play_begin(&p, seed, out, crowd);
	++*begun;
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
static pid_t start(u64 seed, FILE *out, bool crowd)
{
	pid_t pid;

	if (!arrived)
		share_counters();
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		test_abort("fork: %m");
	if (!pid)
		_exit(play(seed, out, crowd));
	return pid;
}

static int end(pid_t pid)
{
	int status;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
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
		EXPECT_EQ(0, end(start(seed, NULL, false)));
	EXPECT_GT(*arrived, 5 * SEEDS);
}

/* Takes all that is idle from everybody. */
static void drop_caches(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "2", 1) != 1)
		test_abort("drop_caches: %m");
	close(fd);
}

/*
 * Several at a time, of which one is manager or none, and the shrinker; in the
 * middle of it some are killed with all their processes. Not while they fork, which
 * User-Mode Linux 6.12 does not survive: flush_tlb_mm() of an address space of which
 * only a part has been copied.
 */
TEST_F_TIMEOUT(plays, crowd, 200)
{
	pid_t pid[CROWD];
	int round, i;

	for (round = 0; round < ROUNDS; round++) {
		u64 seed = 1000 * variant->first + CROWD * round;

		for (i = 0; i < CROWD; i++)
			pid[i] = start(seed + i, NULL, true);
		while (*begun < CROWD * (round + 1u))
			sleep_ms(1);
		for (i = 0; i < 10; i++) {
			drop_caches();
			sleep_ms(5);
		}
		for (i = 0; i < KILLED; i++) {
			kill(pid[i], SIGKILL);
			EXPECT_LE(end(pid[i]), 0);	/* it may have been done */
			sleep_ms(10);
		}
		for (; i < CROWD; i++)
			EXPECT_EQ(0, end(pid[i]));
	}
}

int main(int argc, char **argv)
{
	u64 seed, n;

	if (argc < 3 || strcmp(argv[1], "tell"))
		return test_harness_run(argc, argv);
	seed = strtoull(argv[2], NULL, 0);
	n = argc > 3 ? strtoull(argv[3], NULL, 0) : 1;
	while (n--)
		if (end(start(seed++, stdout, false)))
			return 1;
	return 0;
}
