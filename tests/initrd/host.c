// SPDX-License-Identifier: GPL-2.0
#include "init.h"
int run_host_program(void)
{
	return STATUS_CANNOT;
}
