#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "make gdb" stops in the copy loop of the first message, with its source, the
# way there and the receiver's memory areas, with T= where the test enters the
# driver; and says so if there is none.

. "$(dirname "$0")/lib.sh"

source=driver/arena/copy.c
line=$(awk '/^int arena_copy_from_user/ { f = 1 }
	f && /bmm_copy_from_user\(/ { print NR; exit }' "$TOP/$source")
text=$(sed -n "${line}p" "$TOP/$source")

# run_gdb WORD...: as a user does it, but without a terminal.
run_gdb()
{
	status=0
	GDB_CONSOLE_LOG=$console timeout -k 10 "$limit" \
		"$TOP/scripts/gdb-run" "$@" >"$log" 2>&1 </dev/null || status=$?
	sleep 0.3
}

frames()
{
	grep -oE '^#[0-9]+ +(0x[0-9a-f]+ in )?[a-z_]+ \(' "$log" |
		sed 's/.* \([a-z_]*\) (/\1/' | tr '\n' ' '
}

# in_order WORD...: are these frames there, innermost first?
in_order()
{
	local rest frame

	rest=" $(frames)"
	for frame in "$@"; do
		if [[ $rest != *" $frame "* ]]; then
			echo "no $frame in:$rest"
			return 1
		fi
		rest=" ${rest#*" $frame "}"
	done
}

no_tick()
{
	! grep '^tick' "$console"
}

run_gdb exec /guest ticks 2
check "stops, and ends with status 0" same 0 "$status"
check "stops at $source:$line" grep -E \
	"^#[0-9]+ .*arena_copy_from_user \(.*(/|^)arena/copy\.c:$line$" "$log"
check "shows the source of that line" grep -F "$line$(printf '\t')$text" "$log"
check "came there from the ioctl" in_order arena_copy_from_user binder_send \
	binder_write binder_ioctl
check "lists the memory of the receiver" \
	grep -E '^# process [0-9]+ \(ticks-server\): mm 0x' "$log"
check "with the region that it receives in" \
	grep -A 1 -E '^[0-9a-f]+-[0-9a-f]+ r--p .* /dev/binder$' "$log"
check "which the first message is under way to" \
	grep -E '^#   \^ arena of .*\(ticks-server\).*, 1 ranges, pages 1 in use' \
	"$log"
welcome()
{
	grep -c -E '^binder-procs -threads|^um-procs -vmas|^stop. "help binder-arena" says' \
		"$log"
}
check "a welcome of three lines" same 3 "$(welcome)"
check "the message has not been delivered" no_tick

run_gdb exec /bin/busybox true
check "fails if no message is sent" same 1 "$status"
check "and says so" grep -F "without sending a message" "$log"

T='memory/mapping/*' run_gdb
check "T= picks a test" grep -F "# Subtest: memory/mapping" "$console"
check "and ends with status 0" same 0 "$status"
check "stops where that enters the driver" grep -E \
	"^#0 +(0x[0-9a-f]+ in )?(binder_open|binder_mmap|binder_ioctl) \(" "$log"
check "came there from its system call" in_order handle_syscall userspace
check "lists the memory of the test" grep -E '^# process [0-9]+ \(mapping\): mm 0x' "$log"

T='smoke/no-such-test/*' run_gdb
check "what does not enter it" same 1 "$status"
check "is said not to" grep -F "without a test entering the driver" "$log"

BUILD=stock run_gdb
check "refuses another kernel" grep -E "without this driver|make kernel" "$log"
finish
