// SPDX-License-Identifier: GPL-2.0
/*
 * The first process of the guest.
 *
 * The first word that the kernel does not know on its command line says what
 * to do; the other words and the name=value pairs belong to it:
 *
 *   test [T=<glob>] [suite=<name>] [timeout=<s>]	the test programs
 *   kunit			hand out the results of the kernel's own tests
 *   demo			the demonstration
 *   exec PROGRAM [ARG]...	one program of the initrd
 *   host			a program of the host (see host.c)
 *   shell			busybox, which is also what no word at all gives
 *
 * Everything ends with power-off. How it ended goes to the report, the first
 * serial line, as a last line "# exit <status>": whoever started the kernel
 * reads it there, and takes its absence for what it is, a guest that did not
 * come to an end.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "init.h"

#define BINDERFS	"/dev/binderfs"

static FILE *report;

static void power_off(int status)
{
	if (report) {
		fprintf(report, "# exit %d\n", status);
		fflush(report);
		tcdrain(fileno(report));
	}
	fflush(NULL);
	sync();
	reboot(RB_POWER_OFF);
	_exit(status);
}

void die(const char *what)
{
	fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
	power_off(STATUS_CANNOT);
	abort();
}

/* Say it on the console and in the report. */
void say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	fflush(stdout);
	if (!report)
		return;
	va_start(ap, fmt);
	vfprintf(report, fmt, ap);
	va_end(ap);
	fflush(report);
}

/* A serial line is a channel to a file of the host: bytes as they are. */
int open_line(const char *tty, int flags)
{
	struct termios t;
	int fd = open(tty, flags | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (tcgetattr(fd, &t) == 0) {
		cfmakeraw(&t);
		tcsetattr(fd, TCSANOW, &t);
	}
	return fd;
}

static void open_report(void)
{
	int fd = open_line("/dev/ttyS0", O_WRONLY);

	if (fd >= 0)
		report = fdopen(fd, "w");
}

int exit_status(int wait_status)
{
	if (WIFSIGNALED(wait_status))
		return 128 + WTERMSIG(wait_status);
	return WEXITSTATUS(wait_status);
}

unsigned int env_seconds(const char *name, unsigned int otherwise)
{
	const char *s = getenv(name);
	unsigned long n = s ? strtoul(s, NULL, 10) : 0;

	return n && n < 1000000 ? n : otherwise;
}

int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid");
	return exit_status(status);
}

int spawn_and_wait(char *const argv[])
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid == 0) {
		execv(argv[0], argv);
		fprintf(stderr, "init: %s: %s\n", argv[0], strerror(errno));
		_exit(errno == ENOENT ? 127 : 126);
	}
	return wait_for(pid);
}

static void mount_at(const char *type, const char *where, const char *opts)
{
	if (mkdir(where, 0755) && errno != EEXIST)
		die(where);
	if (mount(type, where, type, 0, opts) && errno != EBUSY)
		die(where);
}

/* A name in /dev for each device of /dev/binderfs that is not there from boot. */
static void link_devices(void)
{
	DIR *d = opendir(BINDERFS);
	struct dirent *e;

	if (!d)
		die(BINDERFS);
	while ((e = readdir(d))) {
		char name[300], target[300];

		if (e->d_type != DT_CHR || !strcmp(e->d_name, "binder-control"))
			continue;
		snprintf(name, sizeof(name), "/dev/%s", e->d_name);
		snprintf(target, sizeof(target), "binderfs/%s", e->d_name);
		if (symlink(target, name) && errno != EEXIST)
			die(name);
	}
	closedir(d);
}

/*
 * Not every kernel has binderfs, and one that has may be started with a list of
 * devices that cannot be: what needs it will say so.
 */
static void mount_binderfs(void)
{
	if (mkdir(BINDERFS, 0755))
		die(BINDERFS);
	if (!mount("binder", BINDERFS, "binder", 0, NULL)) {
		link_devices();
		return;
	}
	if (errno != ENODEV)
		fprintf(stderr, "init: %s: %s\n", BINDERFS, strerror(errno));
	rmdir(BINDERFS);
}

static void mount_all(void)
{
	mount_at("devtmpfs", "/dev", NULL);
	mount_at("proc", "/proc", NULL);
	mount_at("sysfs", "/sys", NULL);
	mount_at("tmpfs", "/tmp", "mode=1777");
	mount_at("tmpfs", "/run", "mode=755");
	mount_at("devpts", "/dev/pts", "gid=5,mode=620,ptmxmode=666");
	mount_at("tmpfs", "/dev/shm", "mode=1777");
	mount_at("debugfs", "/sys/kernel/debug", NULL);
	mount_at("tracefs", "/sys/kernel/tracing", NULL);
	mount_at("cgroup2", "/sys/fs/cgroup", NULL);
	symlink("/proc/self/fd", "/dev/fd");
	mount_binderfs();
}

/* The kernel opened its console for us if there was a /dev/console to open. */
static void use_console(void)
{
	int fd = open("/dev/console", O_RDWR);

	if (fd < 0)
		return;
	for (int i = 0; i <= 2; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

/* A shell with job control: its own session, the first console its terminal. */
static int run_shell(void)
{
	char *argv[] = { "/bin/busybox", "sh", "-c",
		"busybox --install -s /bin; "
		"exec setsid -c sh -l </dev/tty0 >/dev/tty0 2>&1", NULL };

	say("Type 'exit' to power off. Tests are under /tests.\n");
	return spawn_and_wait(argv);
}

/* Two processes in slow motion, then many at once. */
static int run_demo(char *argv[])
{
	char *scene[] = { "/tests/scenario/services", "show", "3", NULL };
	int status;

	argv[0] = "/demo";
	status = spawn_and_wait(argv);
	return status ?: spawn_and_wait(scene);
}

static int run_exec(char *argv[])
{
	if (!argv[1]) {
		say("init: exec: which program?\n");
		return STATUS_CANNOT;
	}
	return spawn_and_wait(argv + 1);
}

/* A line of a report that has one result of its own, to be the @nr-th of ours. */
static void say_numbered(size_t nr, const char *line)
{
	const char *not = strncmp(line, "not ", 4) ? "" : "not ";
	const char *ok = line + strlen(not);

	if (!strncmp(line, "KTAP", 4) || !strncmp(line, "1..", 3))
		return;
	if (!strncmp(ok, "ok 1 ", 5))
		say("%sok %zu %s", not, nr, ok + 5);
	else
		say("%s", line);
}

/* What the kernel kept of its own tests, without what it printed meanwhile. */
static int hand_out_kunit(void)
{
	char line[1024];
	glob_t g;

	if (glob("/sys/kernel/debug/kunit/*/results", 0, NULL, &g)) {
		say("init: no KUnit results: not built in, or kunit.enable=0\n");
		return STATUS_CANNOT;
	}
	say("KTAP version 1\n1..%zu\n", g.gl_pathc);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		FILE *f = fopen(g.gl_pathv[i], "r");

		if (!f)
			die(g.gl_pathv[i]);
		while (fgets(line, sizeof(line), f))
			say_numbered(i + 1, line);
		fclose(f);
	}
	globfree(&g);
	return 0;
}

static int do_what(char *argv[])
{
	const char *word = argv[0] ? argv[0] : "shell";

	if (!strcmp(word, "test"))
		return run_suites();
	if (!strcmp(word, "kunit"))
		return hand_out_kunit();
	if (!strcmp(word, "demo"))
		return run_demo(argv);
	if (!strcmp(word, "exec"))
		return run_exec(argv);
	if (!strcmp(word, "host"))
		return run_host_program();
	if (!strcmp(word, "shell"))
		return run_shell();
	say("init: '%s' is none of: test kunit demo exec host shell\n", word);
	return STATUS_CANNOT;
}

int main(int argc, char *argv[])
{
	const struct rlimit no_core = { 0, 0 };

	if (getpid() != 1) {
		fprintf(stderr, "%s: for the guest, as process 1\n", argv[0]);
		return 1;
	}
	(void)argc;
	umask(022);
	mount_all();
	use_console();
	open_report();
	setrlimit(RLIMIT_CORE, &no_core);
	setenv("PATH", "/bin:/sbin:/usr/bin:/usr/sbin", 1);
	setenv("HOME", "/", 1);
	power_off(do_what(argv + 1));
}
