#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "make attach" looks into a guest that runs, and leaves it running.

. "$(dirname "$0")/lib.sh"

mark=gdbtest.$$

attach()
{
	status=0
	PID=$1 GDB_CONSOLE_LOG=/dev/null timeout -k 10 "$limit" \
		"$TOP/scripts/gdb-attach" >"$log" 2>&1 </dev/null || status=$?
}

ticks()
{
	grep -c '^tick ' "$console" || true
}

more_than()
{
	[ "$(ticks)" -gt "$1" ]
}

"$TOP/scripts/um-boot" -b "$BUILD" -r "$INITRD" -d "$dir" -t "$limit" -- \
	quiet "$mark" exec /guest ticks 300 >"$dir/um-boot.log" 2>&1 &
boot=$!
await more_than 2
pid=$(find_guest "$mark")
attach "$pid"
seen=$(ticks)
check "attaches, detaches, and ends with status 0" same 0 "$status"
check "shows where the kernel is" grep -E '^#0 ' "$log"
check "lists who uses binder" grep -E '^[0-9]+ +ticks-client +binder ' "$log"
check "and who serves them" grep -E '^[0-9]+ +ticks-server +binder .* 1 ' "$log"
check "tells of the commands" grep -F 'help binder-arena' "$log"
check "the guest is still there" kill -0 "$pid"
check "and goes on" await more_than "$seen"
attach "$pid"
check "attaches again" same 0 "$status"
ended=0
wait "$boot" || ended=$?
check "the guest came to its end by itself" same 0 "$ended"
check "having done all" same 300 "$(ticks)"

attach $$
check "refuses a process that is no kernel" grep -F "is not a kernel" "$log"
check "with a status" same 1 "$status"
finish
