// SPDX-License-Identifier: GPL-2.0
/*
 * The code of the trace events, see trace.h.
 */
#include "arena/arena.h"
#include "ipc/attempt.h"
#include "ipc/codes.h"
#include "ipc/node.h"
#include "ipc/proc.h"
#include "ipc/ref.h"
#include "ipc/txn.h"

#define CREATE_TRACE_POINTS
#include "report/trace.h"
