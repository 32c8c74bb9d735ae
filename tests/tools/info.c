// SPDX-License-Identifier: GPL-2.0
/*
 * binder-info: its commands.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "info.h"

static const char usage[] =
	"binder-info [check [DEVICE...]]\n"
	"	Say what is there of what Binder needs, and what to do about what is not.\n"
	"	Each line begins with \"ok\", \"warning\" (it works, but not for everybody\n"
	"	or not in each way) or \"missing\". Of the devices only those that are\n"
	"	named are looked at, if any are. No process notices that it is asked.\n"
	"	Exit status: 0 if nothing is missing, else 1.\n"
	"\n"
	"binder-info logs [-d DIR] [PID]\n"
	"	Say in words what the driver's logs have: of each process that has a\n"
	"	device open its threads, objects, handles and messages, who waits for\n"
	"	whom, and the last messages that failed. With PID, all of that process;\n"
	"	else no more than a few of each. DIR has the logs, if it is not the one\n"
	"	of this kernel.\n"
	"	Exit status: 0, or 1 if there are no logs or no such process.\n"
	"\n"
	"binder-info --help\n"
	"	This text.\n";

/**
 * fail() - it does not go on
 * @fmt: why, as for printf()
 */
void fail(const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	fputs("binder-info: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

/**
 * grow() - make room for one more
 * @v: the array, NULL if it is empty
 * @n: how many it has; it has to be grown one by one
 * @size: of one, in bytes
 *
 * Return: the array, perhaps elsewhere, with an entry of zeroes behind the last.
 */
void *grow(void *v, size_t n, size_t size)
{
	/* At 0, 1, 2, 4, 8... it is full. */
	if (!(n & (n - 1)))
		v = realloc(v, (n ? 2 * n : 1) * size);
	if (!v)
		fail("no memory");
	memset((char *)v + n * size, 0, size);
	return v;
}

/**
 * format() - text that stays
 * @fmt: as for printf()
 *
 * Return: the text; this program ends soon, so nobody frees it.
 */
char *format(const char *fmt, ...)
{
	va_list args;
	char *text;
	int n;

	va_start(args, fmt);
	n = vasprintf(&text, fmt, args);
	va_end(args);
	if (n < 0)
		fail("no memory");
	return text;
}

static int refuse(const char *what)
{
	fprintf(stderr, "binder-info: %s\n%s", what, usage);
	return 2;
}

static int logs(char *const *args)
{
	const char *dir = NULL;
	long pid = 0;
	char *end;

	if (args[0] && !strcmp(args[0], "-d")) {
		dir = args[1];
		if (!dir)
			return refuse("-d wants a folder");
		args += 2;
	}
	if (args[0]) {
		pid = strtol(args[0], &end, 10);
		if (*end || pid <= 0)
			return refuse("PID is the number of a process");
		if (args[1])
			return refuse("one process at a time");
	}
	return show_logs(dir, pid);
}

int main(int argc, char *argv[])
{
	const char *command = argc > 1 ? argv[1] : "check";
	char *const *args = argv + (argc > 1 ? 2 : 1);

	if (!strcmp(command, "check"))
		return check(args);
	if (!strcmp(command, "logs"))
		return logs(args);
	if (!strcmp(command, "--help") || !strcmp(command, "-h")) {
		fputs(usage, stdout);
		return 0;
	}
	return refuse("what is that to do?");
}
