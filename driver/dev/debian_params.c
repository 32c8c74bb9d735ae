// SPDX-License-Identifier: GPL-2.0
/*
 * The parameters once more, as those of binder_linux, which is what Debian calls
 * the module. Either name sets the same variable.
 */
#include <linux/moduleparam.h>

#include "params.h"

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "binder_linux."

module_param_named(devices, binder_devices, charp, 0444);
module_param_named(debug_mask, binder_debug_mask, uint, 0644);
module_param_named(alloc_debug_mask, binder_alloc_debug_mask, uint, 0644);
module_param_cb(stop_on_user_error, &binder_stop_ops,
		&binder_stop_on_user_error, 0644);
