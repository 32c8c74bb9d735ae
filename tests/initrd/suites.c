// SPDX-License-Identifier: GPL-2.0
/*
 * Run the test programs, /tests/<suite>/<program>, and report in KTAP: one
 * result a program, with the results of its own tests indented below it.
 *
 * T=<glob> picks tests by suite/program/test, where '*' matches slashes too.
 * A program built on kselftest_harness.h lists its tests (-l) and runs the
 * ones named to it (-r), so that a single test can be picked; another program
 * is run as a whole.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "init.h"

#define TESTS		"/tests"
#define MAX_PROGRAMS	512
#define MAX_TESTS	1024
#define KSFT_SKIP	4

struct program {
	char *suite;
	char *name;
	int argc;	/* of the tests picked, 0: all of them */
	char *argv[2 * MAX_TESTS + 2];
};

static struct program *programs[MAX_PROGRAMS];
static int nr_programs;
static unsigned int timeout_s;

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* A string that is never given back: this process does not live long. */
static char *text(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		die("vasprintf");
	va_end(ap);
	return s;
}

static bool picked(const char *glob, const char *name)
{
	return !glob || fnmatch(glob, name, 0) == 0;
}

/* Start a program with its output in a pipe; the end to read is *@out. */
static pid_t start(char *const argv[], int *out)
{
	int p[2];
	pid_t pid;

	if (pipe2(p, O_CLOEXEC))
		die("pipe");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		setsid();
		dup2(null, 0);
		dup2(p[1], 1);
		dup2(p[1], 2);
		chdir("/tmp");
		execv(argv[0], argv);
		fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	close(p[1]);
	*out = p[0];
	return pid;
}

/* Add "-r fixture[.variant].test" if that test is picked. */
static void pick_test(struct program *p, const char *glob, const char *fixture,
		      const char *variant, const char *test)
{
	char *name = text("%s%s%s.%s", fixture, *variant ? "." : "", variant,
			  test);

	if (!picked(glob, text("%s/%s/%s", p->suite, p->name, name)) ||
	    p->argc + 2 > 2 * MAX_TESTS)
		return;
	p->argv[++p->argc] = "-r";
	p->argv[++p->argc] = name;
}

/*
 * The list has columns, of which each line may leave some blank:
 *
 *   # FIXTURE            VARIANT                   TEST
 *   name                 first variant             first test
 *                        second variant            second test
 *
 * A fixture has each test with each variant. A name that is too long for its
 * column pushes the others to the right.
 */
static void cut_columns(char *line, char *col[3])
{
	static const size_t width[3] = { 20, 25, 0 };

	for (int i = 0; i < 3; i++) {
		size_t len = strcspn(line, " \n"), skip;

		col[i] = strndup(line, len);
		skip = len > width[i] ? len : width[i];
		line += strnlen(line, skip + 1);
	}
}

struct fixture {
	char *name;
	char *variant[64];
	char *test[MAX_TESTS];
	int variants, tests;
};

static void pick_from_fixture(struct program *p, const char *glob,
			      struct fixture *f)
{
	if (!f->variants)
		f->variant[f->variants++] = "";
	for (int v = 0; f->name && v < f->variants; v++)
		for (int t = 0; t < f->tests; t++)
			pick_test(p, glob, f->name, f->variant[v], f->test[t]);
	memset(f, 0, sizeof(*f));
}

static void pick_from_list(struct program *p, const char *glob, FILE *list)
{
	struct fixture *f = calloc(1, sizeof(*f));
	char line[1024], *col[3];

	while (fgets(line, sizeof(line), list)) {
		if (line[0] == '#')
			continue;
		if (line[0] == '-') {
			pick_from_fixture(p, glob, f);
			continue;
		}
		cut_columns(line, col);
		if (*col[0])
			f->name = col[0];
		if (*col[1] && f->variants < 64)
			f->variant[f->variants++] = col[1];
		if (*col[2] && f->tests < MAX_TESTS)
			f->test[f->tests++] = col[2];
	}
	pick_from_fixture(p, glob, f);
	free(f);
}

/* Is anything of this program picked, and if not all, then what? */
static bool pick_tests(struct program *p, const char *glob)
{
	char *path = text("%s/%s", p->suite, p->name);
	char *argv[] = { text(TESTS "/%s", path), "-l", NULL };
	FILE *list;
	pid_t pid;
	int fd;

	if (picked(glob, p->suite) || picked(glob, path))
		return true;
	pid = start(argv, &fd);
	list = fdopen(fd, "r");
	pick_from_list(p, glob, list);
	fclose(list);
	waitpid(pid, NULL, 0);
	return p->argc > 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static void find_programs_of(const char *suite, const char *glob)
{
	char *dir = text(TESTS "/%s", suite);
	struct dirent **e;
	int n;

	n = scandir(dir, &e, visible, by_name);
	for (int i = 0; i < n; i++) {
		struct program *p = calloc(1, sizeof(*p));

		p->suite = text("%s", suite);
		p->name = text("%s", e[i]->d_name);
		if (nr_programs < MAX_PROGRAMS && pick_tests(p, glob))
			programs[nr_programs++] = p;
		else
			free(p);
	}
}

static void find_programs(const char *suite, const char *glob)
{
	struct dirent **e;
	int n = scandir(TESTS, &e, visible, by_name);

	for (int i = 0; i < n; i++)
		if (!suite || !strcmp(suite, e[i]->d_name))
			find_programs_of(e[i]->d_name, glob);
}

/* Say what came out of the program, indented as KUnit does. */
static void say_indented(const char *buf, size_t len, bool *inside_line)
{
	while (len) {
		const char *nl = memchr(buf, '\n', len);
		size_t n = nl ? (size_t)(nl - buf) + 1 : len;

		say("%s%.*s", *inside_line ? "" : "    ", (int)n, buf);
		*inside_line = !nl;
		buf += n;
		len -= n;
	}
}

/*
 * Pass the output on until the program has ended: what it may have left
 * running holds the pipe open, so the end of the pipe is not the sign.
 * False when the time was up.
 */
static bool pass_output(int fd, pid_t pid)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0);
	double end = seconds() + timeout_s;
	bool inside_line = false, ended = false;
	char buf[4096];
	ssize_t n;

	if (pidfd < 0)
		die("pidfd_open");
	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (!ended && seconds() < end) {
		struct pollfd p[] = { { fd, POLLIN, 0 }, { pidfd, POLLIN, 0 } };

		poll(p, 2, (end - seconds()) * 1000 + 1);
		ended = p[1].revents;
		while ((n = read(fd, buf, sizeof(buf))) > 0)
			say_indented(buf, n, &inside_line);
		if (n == 0)	/* closed: only the end is left to wait for */
			fd = -1;
	}
	close(pidfd);
	if (inside_line)
		say("\n");
	return ended;
}

static int run_program(struct program *p, const char **trouble)
{
	struct leftovers before;
	int fd, status;
	pid_t pid;

	p->argv[0] = text(TESTS "/%s/%s", p->suite, p->name);
	note_leftovers(&before);
	pid = start(p->argv, &fd);
	if (!pass_output(fd, pid)) {
		kill(-pid, SIGKILL);
		kill(pid, SIGKILL);
		*trouble = text("timed out after %u s", timeout_s);
	}
	close(fd);
	waitpid(pid, &status, 0);
	if (!*trouble && WIFSIGNALED(status))
		*trouble = text("killed by signal %d (%s)", WTERMSIG(status),
				strsignal(WTERMSIG(status)));
	if (!*trouble)
		*trouble = check_leftovers(&before);
	else
		check_leftovers(&before);
	return exit_status(status);
}

/* One result line; true if it is a good one. */
static bool report_program(int nr, struct program *p)
{
	const char *trouble = NULL;
	double start = seconds();
	int status;
	bool ok;

	say("# Subtest: %s/%s\n", p->suite, p->name);
	status = run_program(p, &trouble);
	ok = !trouble && (status == 0 || status == KSFT_SKIP);
	say("%sok %d %s/%s", ok ? "" : "not ", nr, p->suite, p->name);
	if (trouble)
		say(" # %s", trouble);
	else if (status == KSFT_SKIP)
		say(" # SKIP");
	else if (status)
		say(" # exit status %d", status);
	say("\n# time %s/%s %.2f s\n", p->suite, p->name, seconds() - start);
	return ok;
}

static bool report_leaks(int nr, const char *suite)
{
	int leaks = kmemleak_scan();

	say("%sok %d %s/kmemleak", leaks ? "not " : "", nr, suite);
	if (leaks)
		say(" # %d unreferenced objects", leaks);
	say("\n");
	return leaks == 0;
}

int run_suites(void)
{
	const char *suite = getenv("suite");
	bool leaks = kmemleak_is_on(), ok = true;

	timeout_s = env_seconds("timeout", 300);
	find_programs(suite, getenv("T"));
	say("KTAP version 1\n");
	if (!nr_programs) {
		say("1..0\n# nothing matches T=%s\n", getenv("T") ?: "");
		return 1;
	}
	say("1..%d\n", nr_programs + leaks);
	kmemleak_clear();
	for (int i = 0; i < nr_programs; i++)
		ok &= report_program(i + 1, programs[i]);
	if (leaks)
		ok &= report_leaks(nr_programs + 1, suite ? suite : "all");
	return ok ? 0 : 1;
}
