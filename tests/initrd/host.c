// SPDX-License-Identifier: GPL-2.0
/*
 * Run a program of the host in the guest, as scripts/um-run asks.
 *
 * The host's files are the root, read-only, through hostfs. What a program
 * expects to be able to write (/tmp, /var/tmp, /run) is an overlay whose upper
 * half is lost with the guest; only directories named by --rw are written
 * through. /dev, /proc and /sys are the guest's.
 *
 * The job is a folder of the host (job=<path>): argv and env, NUL-terminated
 * strings; cwd; rw, a list of directories, a line each.
 *
 * The program's three streams are three serial lines, bytes as they are. What
 * a line cannot say is where the input ends, so that comes in packets: a length
 * in two bytes, the low one first, and that many bytes; the length 0 is the
 * end. Each is asked for by a byte on a line of its own: UML does not notice what
 * was there before it opened a line, and once a line has been throttled, because
 * it was not read for 4 KiB, it does not notice anything that comes after it was
 * found empty. With tty=1 the program has the second console for all three
 * instead.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "init.h"

#define ROOT	"/host"

static char *read_file(const char *dir, const char *name, size_t *len)
{
	char path[4096], *buf = NULL;
	FILE *f, *mem;
	int c;

	snprintf(path, sizeof(path), "%s%s/%s", ROOT, dir, name);
	f = fopen(path, "r");
	mem = open_memstream(&buf, len);
	if (!f || !mem)
		die(path);
	while ((c = getc(f)) != EOF)
		putc(c, mem);
	fclose(f);
	fclose(mem);
	return buf;
}

/* NUL-terminated strings become a vector of them. */
static char **split(char *buf, size_t len)
{
	char **v, *p;
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += !buf[i];
	v = calloc(n + 1, sizeof(*v));
	if (!v)
		die("calloc");
	for (n = 0, p = buf; p < buf + len; p += strlen(p) + 1)
		v[n++] = p;
	return v;
}

static void mount_or_die(const char *type, const char *where,
			 unsigned long flags, const char *opts)
{
	if (mount("none", where, type, flags, opts))
		die(where);
}

/* The directory of the host with an upper half that is thrown away. */
static void mount_overlay(const char *dir)
{
	char opts[256], upper[64], work[64];
	static int n;

	if (access(dir, F_OK))
		return;
	n++;
	snprintf(upper, sizeof(upper), "/run/upper%d", n);
	snprintf(work, sizeof(work), "/run/work%d", n);
	mkdir(upper, 01777);
	chmod(upper, 01777);
	mkdir(work, 0700);
	snprintf(opts, sizeof(opts), "lowerdir=%s,upperdir=%s,workdir=%s",
		 dir, upper, work);
	mount_or_die("overlay", dir, 0, opts);
}

static void furnish_root(void)
{
	static const char *const ours[] = { "/dev", "/proc", "/sys" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++) {
		char at[32];

		snprintf(at, sizeof(at), ROOT "%s", ours[i]);
		if (mount(ours[i], at, NULL, MS_BIND | MS_REC, NULL))
			die(at);
	}
	mount_overlay(ROOT "/run");
	mount_overlay(ROOT "/tmp");
	mount_overlay(ROOT "/var/tmp");
}

/* On top of the overlays, so that a directory below /tmp can be named. */
static void mount_writable(char *list)
{
	for (char *dir = strtok(list, "\n"); dir; dir = strtok(NULL, "\n")) {
		char at[4096];

		snprintf(at, sizeof(at), ROOT "%s", dir);
		mount_or_die("hostfs", at, 0, dir);
	}
}

static bool write_all(int fd, const char *buf, size_t len)
{
	while (len) {
		ssize_t n = write(fd, buf, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		buf += n;
		len -= n;
	}
	return true;
}

static bool read_all(int fd, char *buf, size_t len)
{
	while (len) {
		ssize_t n = read(fd, buf, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		buf += n;
		len -= n;
	}
	return true;
}

/*
 * What the program writes goes to the line, until nobody can write any more, or
 * until the program has ended (SIGTERM) and the pipe is empty: what it left in
 * the background may hold the other end open for ever.
 */
static int pump_from;

static void stop_waiting(int sig)
{
	(void)sig;
	fcntl(pump_from, F_SETFL, O_NONBLOCK);
}

static void block_term(int how)
{
	sigset_t term;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(how, &term, NULL);
}

static void pump_out(int from, int line)
{
	const struct sigaction stop = { .sa_handler = stop_waiting };
	char buf[4096];
	ssize_t n;

	pump_from = from;
	sigaction(SIGTERM, &stop, NULL);
	block_term(SIG_UNBLOCK);
	do {
		n = read(from, buf, sizeof(buf));
		if (n > 0 && !write_all(line, buf, n))
			_exit(1);	/* the reader went: so may the writer */
	} while (n > 0 || (n < 0 && errno == EINTR));
	tcdrain(line);
	_exit(0);
}

static void pump_in(int line, int to)
{
	int go = open_line("/dev/ttyS4", O_WRONLY);
	unsigned char head[2];
	char buf[65536];

	if (go < 0)
		_exit(1);
	signal(SIGPIPE, SIG_IGN);
	while (write_all(go, "\n", 1) && read_all(line, (char *)head, 2)) {
		size_t len = head[0] | head[1] << 8;

		if (!len || !read_all(line, buf, len))
			break;
		if (!write_all(to, buf, len))
			break;
	}
	_exit(0);
}

/*
 * A process between a serial line and one end of a pipe; the other end is
 * returned. All is closed on exec, so the program sees its three streams alone.
 */
static int start_pump(const char *tty, bool in, pid_t *pid)
{
	int p[2], line = open_line(tty, in ? O_RDONLY : O_WRONLY);

	if (line < 0 || pipe2(p, O_CLOEXEC))
		die(tty);
	/* A program may be over before its pump has begun to run. */
	if (!in)
		block_term(SIG_BLOCK);
	*pid = fork();
	if (*pid < 0)
		die("fork");
	if (*pid == 0) {
		close(p[in ? 0 : 1]);
		if (in)
			pump_in(line, p[1]);
		else
			pump_out(p[0], line);
	}
	if (!in)
		block_term(SIG_UNBLOCK);
	close(line);
	close(p[in ? 1 : 0]);
	return p[in ? 0 : 1];
}

/* The file that is the program's input on the host, at the same offset. */
static int open_input(const char *where)
{
	const char *at = getenv("offset");
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s%s", ROOT, where);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die(path);
	if (at)
		lseek(fd, strtoll(at, NULL, 10), SEEK_SET);
	return fd;
}

static int open_tty(void)
{
	int fd = open("/dev/tty1", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		die("/dev/tty1");
	return fd;
}

struct streams {
	int fd[3];
	pid_t pump[3];
};

static void open_streams(struct streams *s, const char *job)
{
	size_t len;
	char *input;

	if (getenv("tty")) {
		s->fd[0] = open_tty();
		s->fd[1] = s->fd[0];
		s->fd[2] = s->fd[0];
		return;
	}
	input = read_file(job, "input", &len);
	if (len)
		s->fd[0] = open_input(input);
	else
		s->fd[0] = start_pump("/dev/ttyS1", true, &s->pump[0]);
	s->fd[1] = start_pump("/dev/ttyS2", false, &s->pump[1]);
	s->fd[2] = start_pump("/dev/ttyS3", false, &s->pump[2]);
}

static void exec_program(const struct streams *s, char **argv, char **env,
			 const char *cwd)
{
	setsid();
	if (getenv("tty"))
		ioctl(s->fd[0], TIOCSCTTY, 1);
	for (int i = 0; i < 3; i++)
		dup2(s->fd[i], i);
	if (chdir(ROOT) || mount(".", "/", NULL, MS_MOVE, NULL) ||
	    chroot(".") || chdir(cwd)) {
		fprintf(stderr, "um-run: %s: %s\n", cwd, strerror(errno));
		_exit(STATUS_CANNOT);
	}
	execve(argv[0], argv + 1, env);
	fprintf(stderr, "um-run: %s: %s\n", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

static void finish_output(const struct streams *s)
{
	for (int i = 1; i < 3; i++)
		if (s->pump[i]) {
			kill(s->pump[i], SIGTERM);
			wait_for(s->pump[i]);
		}
}

int run_host_program(void)
{
	size_t argv_len, env_len, len;
	char *argv, *env, *cwd, *rw;
	const char *job = getenv("job");
	struct streams s = { 0 };
	int status;
	pid_t pid;

	if (!job)
		die("job=");
	mount_or_die("hostfs", ROOT, MS_RDONLY, "/");
	argv = read_file(job, "argv", &argv_len);
	env = read_file(job, "env", &env_len);
	cwd = read_file(job, "cwd", &len);
	rw = read_file(job, "rw", &len);
	open_streams(&s, job);
	furnish_root();
	mount_writable(rw);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0)
		exec_program(&s, split(argv, argv_len), split(env, env_len),
			     cwd);
	for (int i = 0; i < 3; i++)
		close(s.fd[i]);
	status = wait_for(pid);
	finish_output(&s);
	return status;
}
