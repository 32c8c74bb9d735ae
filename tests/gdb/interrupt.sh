#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ^C on the terminal stops the guest and gives the prompt back, any number of
# times; the guest's console and gdb do not get into each other's way.

. "$(dirname "$0")/lib.sh"

command -v script >/dev/null || { echo "no script(1) to make a terminal"; exit 4; }

# As a user at a terminal, whose keys come from descriptor 5. "exec", because a
# shell that waits for gdb there would be told of each ^C as well; some of them
# end with status 130 of it, whatever the status of gdb.
unset GDB_BATCH
export HOME=$dir GDB_SCRIPT=$dir/script.gdb GDB_CONSOLE_LOG=$console TERM=dumb
mark=gdbtest.$$
echo run >"$dir/script.gdb"
mkfifo "$dir/keys"
timeout -k 10 $((limit * 2)) script -qfec \
	"exec $TOP/scripts/gdb-run $mark exec /guest ticks 100000000" "$log" \
	<"$dir/keys" >/dev/null 2>&1 &
session=$!
exec 5>"$dir/keys"

type_keys()
{
	printf '%b' "$1" >&5
}

stops()
{
	grep -c 'received signal SIGINT' "$log" || true
}

stopped() { [ "$(stops)" -ge "$1" ]; }
ticks() { grep -c '^tick ' "$console" 2>/dev/null || true; }
gone() { ! kill -0 "$1"; }
more_than() { [ "$(ticks)" -gt "$1" ]; }

check "the guest runs" await more_than 2
type_keys '\0003'
check "^C stops it" await stopped 1
type_keys 'binder-procs\n'
check "the commands work there" await grep -E '^[0-9]+ +ticks-server +binder ' "$log"
pid=$(find_guest "$mark")
type_keys 'continue\n'
seen=$(ticks)
check "it goes on" await more_than $((seen + 2))
type_keys '\0003'
check "^C stops it again" await stopped 2
type_keys 'print 6 * 7\n'
check "gdb reads its terminal well" await grep -F ' = 42' "$log"
type_keys 'quit\n'
ended=0
wait "$session" || ended=$?
check "quit ends gdb" same 0 "$ended"
check "and the guest" gone "$pid"
finish
