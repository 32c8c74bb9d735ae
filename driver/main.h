/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The driver as a whole, for tests.
 */
#ifndef BINDER_MAIN_H
#define BINDER_MAIN_H

int binder_start(void);
void binder_stop(void);

#endif
