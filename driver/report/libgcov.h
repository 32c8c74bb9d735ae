/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The two functions of the compiler's libgcov that a program may call, for
 * which the compiler has no header that a kernel could include.
 */
#ifndef BINDER_REPORT_LIBGCOV_H
#define BINDER_REPORT_LIBGCOV_H

/* Merge all counters into their files. A second call without a reset does nothing. */
void __gcov_dump(void);

/* Set all counters to 0. */
void __gcov_reset(void);

#endif
