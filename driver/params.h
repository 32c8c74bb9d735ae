/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The driver's parameters: where each belongs, it is declared to the kernel as
 * binder.NAME, and once more in dev/debian_params.c.
 */
#ifndef BINDER_PARAMS_H
#define BINDER_PARAMS_H

#include <linux/moduleparam.h>

extern char *binder_devices;
extern unsigned int binder_debug_mask;
extern unsigned int binder_alloc_debug_mask;
extern int binder_stop_on_user_error;
extern const struct kernel_param_ops binder_stop_ops;

#endif
