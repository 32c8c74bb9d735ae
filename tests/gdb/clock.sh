#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# While gdb has stopped the guest its clock stands still, so that no time limit
# of a test runs out under somebody who looks around.

. "$(dirname "$0")/lib.sh"

on_guest exec /guest ticks 4 <<'END'
binder-break-copy
run
binder-break-copy
continue
shell sleep 4
continue
END

check "the guest and gdb came to their end" same 0 "$status"
check "the guest was not disturbed" grep "^ticks: done" "$console"

short()
{
	awk '/^tick / { print; last = $4 } END { exit !(last > 0.1 && last < 2) }' \
		"$console"
}
check "four ticks and four seconds in gdb take less than two" short
finish
