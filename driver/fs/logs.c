// SPDX-License-Identifier: GPL-2.0
/*
 * The table of the log files. A binderfs that is mounted with stats=global has a
 * file for each row in binder_logs/.
 */
#include "fs/logs.h"

const struct binder_log binder_logs[] = {
	{}
};
