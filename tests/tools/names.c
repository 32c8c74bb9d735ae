// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers of the logs in words.
 */
#include <ctype.h>
#include <errno.h>
#include <linux/android/binder.h>
#include <string.h>

#include "info.h"

/* In the numbering of the kernel that the logs are from: it never changes. */
static const char *const br_names[] = {
	"BR_ERROR", "BR_OK", "BR_TRANSACTION", "BR_REPLY", "BR_ACQUIRE_RESULT",
	"BR_DEAD_REPLY", "BR_TRANSACTION_COMPLETE", "BR_INCREFS", "BR_ACQUIRE",
	"BR_RELEASE", "BR_DECREFS", "BR_ATTEMPT_ACQUIRE", "BR_NOOP",
	"BR_SPAWN_LOOPER", "BR_FINISHED", "BR_DEAD_BINDER",
	"BR_CLEAR_DEATH_NOTIFICATION_DONE", "BR_FAILED_REPLY",
	"BR_FROZEN_REPLY", "BR_ONEWAY_SPAM_SUSPECT",
	"BR_TRANSACTION_PENDING_FROZEN", "BR_FROZEN_BINDER",
	"BR_CLEAR_FREEZE_NOTIFICATION_DONE",
};

/**
 * br_name() - what a return is called
 * @cmd: its code
 *
 * Return: for example "BR_FAILED_REPLY".
 */
const char *br_name(unsigned int cmd)
{
	if (_IOC_TYPE(cmd) != 'r' || _IOC_NR(cmd) >= ARRAY_SIZE(br_names))
		return format("return 0x%x", cmd);
	return br_names[_IOC_NR(cmd)];
}

/**
 * errno_name() - what an error is called
 * @err: the error, negative as in the logs, or 0
 *
 * Return: for example "ENOSPC"; "" for 0.
 */
const char *errno_name(int err)
{
	const char *name = strerrorname_np(-err);

	if (!err)
		return "";
	return name ?: format("error %d", err);
}

/**
 * code_name() - the code of a message, as programs choose it
 * @code: the code
 *
 * Return: the number, or four letters, for those that are common to all objects.
 */
const char *code_name(unsigned int code)
{
	const unsigned char c[] = { code >> 24, code >> 16, code >> 8, code };
	size_t i;

	for (i = 0; i < sizeof(c); i++) {
		if (!isprint(c[i]))
			return format("%u", code);
	}
	return format("'%.4s'", (const char *)c);
}

struct words {
	unsigned int cmd;
	int err;
	const char *words;
};

/* What is behind most failures; the first that fits. */
static const struct words failures[] = {
	{ BR_FROZEN_REPLY, 0, "the receiver is frozen" },
	{ BR_DEAD_REPLY, -ESRCH, "the receiver has no mapping, or not any more" },
	{ BR_DEAD_REPLY, 0, "the receiver is dead" },
	{ BR_FAILED_REPLY, -EINVAL,
	  "no such handle, or an object that is not as it has to be" },
	{ BR_FAILED_REPLY, -EPERM,
	  "not allowed: by a security module, or files that are not accepted" },
	{ BR_FAILED_REPLY, -ENOSPC,
	  "no room in the mapping of the receiver: too big, or buffers not freed" },
	{ BR_FAILED_REPLY, -ENOMEM, "the kernel is out of memory" },
	{ BR_FAILED_REPLY, -EFAULT, "the data of the sender cannot be read" },
	{ BR_FAILED_REPLY, -EBADF, "a file that the sender has not open" },
};

/**
 * failure_words() - why a message may have failed
 * @cmd: what the sender was told
 * @err: and its errno
 * @to_manager: it was for handle 0
 * @reply: it was a reply
 *
 * Return: the reason, "" if there is none to be guessed.
 */
const char *failure_words(unsigned int cmd, int err, bool to_manager,
			  bool reply)
{
	size_t i;

	if (cmd == BR_FAILED_REPLY && err == -EPROTO)
		return reply ? "there is no call to answer" :
			       "its thread waits for a reply, or has one to read";
	if (cmd == BR_DEAD_REPLY && reply)
		return "the caller is gone";
	if (cmd == BR_DEAD_REPLY && err == -EINVAL && to_manager)
		return "nobody is the context manager";
	for (i = 0; i < ARRAY_SIZE(failures); i++) {
		if (failures[i].cmd == cmd &&
		    (failures[i].err == err || !failures[i].err))
			return failures[i].words;
	}
	return "";
}

struct work_name {
	const char *work;
	const char *words;
};

static const struct work_name work_names[] = {
	{ "transaction complete", "BR_TRANSACTION_COMPLETE" },
	/* The driver has no words for these two. */
	{ "unknown work: type 3", "BR_TRANSACTION_PENDING_FROZEN" },
	{ "unknown work: type 4", "BR_ONEWAY_SPAM_SUSPECT" },
	{ "has dead binder", "BR_DEAD_BINDER" },
	{ "has cleared dead binder",
	  "BR_DEAD_BINDER, though it has cleared the notification" },
	{ "has cleared death notification", "BR_CLEAR_DEATH_NOTIFICATION_DONE" },
	{ "has frozen binder", "BR_FROZEN_BINDER" },
	{ "has cleared freeze notification",
	  "BR_CLEAR_FREEZE_NOTIFICATION_DONE" },
};

/**
 * work_words() - what somebody has still to read
 * @work: as the logs have it
 *
 * Return: the name of the return; @work itself if it is not known.
 */
const char *work_words(const char *work)
{
	unsigned int n;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(work_names); i++) {
		if (!strcmp(work, work_names[i].work))
			return work_names[i].words;
	}
	if (sscanf(work, "transaction error: %u", &n) == 1)
		return br_name(n);
	if (sscanf(work, "node work %u", &n) == 1)
		return format("that others begin or cease to use its object #%u",
			      n);
	return work;
}

/**
 * task_name() - who is it?
 * @pid: the process
 * @tid: its thread, 0 if that is not known
 *
 * Return: for example "names 34", or "names 34:36" for another thread than the
 * first.
 */
const char *task_name(pid_t pid, pid_t tid)
{
	FILE *f = fopen(format("/proc/%d/comm", pid), "re");
	char comm[32] = "(gone)";

	if (!pid)
		return "nobody";
	if (f && fgets(comm, sizeof(comm), f))
		comm[strcspn(comm, "\n")] = 0;
	if (f)
		fclose(f);
	if (!tid || tid == pid)
		return format("%s %d", comm, pid);
	return format("%s %d:%d", comm, pid, tid);
}

/**
 * duration() - a time for people
 * @ms: milliseconds
 *
 * Return: for example "20 ms" or "3.2 s".
 */
const char *duration(unsigned long ms)
{
	return ms < 1000 ? format("%lu ms", ms) :
			   format("%lu.%lu s", ms / 1000, ms / 100 % 10);
}
