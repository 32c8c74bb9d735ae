/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the driver's log files say of a client.
 *
 * The files show the driver's own view, which user space cannot ask for in any
 * other way: counts of nodes and handles, flags of threads, work that waits.
 * Each function here picks one line of one process and gives what matters of it
 * as text, in the words of the file, so that a test compares with what the
 * checklist says:
 *
 *	EXPECT_STREQ("s 1 w 1", log_ref(c, 0));
 *
 * "none" stands for a line that is not there. Of a process with several open
 * files, the newest one that has such a line is meant. The text is scratch
 * memory of the stage.
 */
#ifndef TESTS_LIB_LOGS_H
#define TESTS_LIB_LOGS_H

#include "binder_client.h"

const char *log_thread(struct client *c);
const char *log_node(struct client *c, binder_uintptr_t ptr);
const char *log_ref(struct client *c, u32 handle);
const char *log_todo(struct client *c);
const char *log_stat(struct client *c, const char *name);

/*
 * log_text.c: whole parts of the files. What no test can know is replaced, so
 * that the rest can be compared byte by byte: ids are #1, #2 and so on in the
 * order in which they appear, the ids of processes and threads are the names of
 * the actors, a kernel pointer is PTR, the time elapsed Nms, the place where
 * an attempt failed l=N, and the users that the driver itself has of a node tr N:
 * who writes the log may be one of them.
 */
const char *log_path(const char *name);
const char *log_text(const char *path);
const char *log_about(struct client *c, const char *name);
const char *log_attempts(struct client *c, const char *name);

#endif /* TESTS_LIB_LOGS_H */
