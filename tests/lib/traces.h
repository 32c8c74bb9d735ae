/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the driver's trace events say of the actors.
 *
 *	trace_begin("binder_command", "binder_return");
 *	...
 *	EXPECT_STREQ("C binder_command: cmd=0x40046305 BC_ACQUIRE\n",
 *		     trace_end());
 */
#ifndef TESTS_LIB_TRACES_H
#define TESTS_LIB_TRACES_H

#include "actor.h"

void trace_begin_events(const char *const *events);
const char *trace_end(void);
const char *trace_format(const char *event);

/* From now on, trace the events of these names. */
#define trace_begin(...) \
	trace_begin_events((const char *const []) { __VA_ARGS__, NULL })

#endif /* TESTS_LIB_TRACES_H */
