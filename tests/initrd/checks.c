// SPDX-License-Identifier: GPL-2.0
/*
 * What a test program may not leave behind: processes, mounts, open Binder
 * devices and, seen over a whole suite, memory.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "init.h"

#define BINDER_PROCS	"/sys/kernel/debug/binder/proc"
#define KMEMLEAK	"/sys/kernel/debug/kmemleak"

/* kmemleak reports only what is older than this (its MSECS_MIN_AGE). */
#define KMEMLEAK_MIN_AGE_S	5

/* What the kernel frees in the background gets this long, in steps. */
#define GRACE_STEPS	200
#define GRACE_STEP_NS	(10L * 1000 * 1000)

static void nap(long ns)
{
	nanosleep(&(struct timespec){ .tv_nsec = ns }, NULL);
}

static int count_lines(const char *path)
{
	FILE *f = fopen(path, "r");
	int c, n = 0;

	if (!f)
		return 0;
	while ((c = getc(f)) != EOF)
		n += c == '\n';
	fclose(f);
	return n;
}

static int count_entries(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int n = 0;

	if (!d)
		return 0;
	while ((e = readdir(d)))
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

/* The state letter and the parent of a process. */
static bool read_stat(const char *pid, char *state, int *ppid)
{
	char path[64], buf[512], *p;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, buf, sizeof(buf) - 1);
	close(fd);
	if (n <= 0)
		return false;
	buf[n] = 0;
	p = strrchr(buf, ')');	/* the name may hold anything */
	return p && sscanf(p + 1, " %c %d", state, ppid) == 2;
}

/* Living processes that are neither init nor a thread of the kernel. */
static int count_processes(int sig)
{
	DIR *d = opendir("/proc");
	struct dirent *e;
	int n = 0;

	if (!d)
		die("/proc");
	while ((e = readdir(d))) {
		int pid = atoi(e->d_name), ppid;
		char state;

		if (!isdigit(e->d_name[0]) || pid <= 2 ||
		    !read_stat(e->d_name, &state, &ppid) || ppid == 2 ||
		    state == 'Z' || state == 'X')
			continue;
		n++;
		if (sig)
			kill(pid, sig);
	}
	closedir(d);
	return n;
}

static void reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

void note_leftovers(struct leftovers *l)
{
	l->mounts = count_lines("/proc/self/mounts");
}

/* NULL, or what was left; processes are ended then, the rest stays. */
const char *check_leftovers(const struct leftovers *before)
{
	static char text[128];
	int procs, binders, mounts;

	for (int i = 0; i < GRACE_STEPS; i++) {
		reap();
		procs = count_processes(0);
		binders = count_entries(BINDER_PROCS);
		mounts = count_lines("/proc/self/mounts") - before->mounts;
		if (!procs && !binders && !mounts)
			return NULL;
		nap(GRACE_STEP_NS);
	}
	snprintf(text, sizeof(text),
		 "left %d processes, %d open binder devices, %d mounts",
		 procs, binders, mounts);
	for (int i = 0; i < GRACE_STEPS && count_processes(SIGKILL); i++) {
		reap();
		nap(GRACE_STEP_NS);
	}
	return text;
}

static bool kmemleak_write(const char *word)
{
	int fd = open(KMEMLEAK, O_WRONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, word, strlen(word)) == (ssize_t)strlen(word);
	close(fd);
	return ok;
}

bool kmemleak_is_on(void)
{
	return kmemleak_write("scan=off");
}

/* What booting left is not the tests' doing. */
void kmemleak_clear(void)
{
	kmemleak_write("clear");
}

/*
 * Leaks found, reported line by line as diagnostics. The first scan sees each
 * object's checksum, only the second can tell that it does not change.
 */
int kmemleak_scan(void)
{
	char line[256];
	int leaks = 0;
	FILE *f;

	sleep(KMEMLEAK_MIN_AGE_S + 1);
	kmemleak_write("scan");
	kmemleak_write("scan");
	f = fopen(KMEMLEAK, "r");
	if (!f)
		die(KMEMLEAK);
	while (fgets(line, sizeof(line), f)) {
		leaks += !strncmp(line, "unreferenced object", 19);
		say("# %s", line);
	}
	fclose(f);
	return leaks;
}
