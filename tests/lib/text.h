/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text that is the same in each run, made from what the driver says: what no
 * test can know, as ids and the numbers of processes, has another name in it.
 */
#ifndef TESTS_LIB_TEXT_H
#define TESTS_LIB_TEXT_H

#include "actor.h"

struct text;

struct text *text_new(void);
const char *text_end(struct text *t);
__printf(2, 3)
void text_put(struct text *t, const char *fmt, ...);
void text_put_id(struct text *t, u32 id);
void text_put_task(struct text *t, unsigned long tid);

#endif /* TESTS_LIB_TEXT_H */
