#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The counters of a guest reach the host however it ends: by itself, of a panic,
# ended or killed by the host; and those of guests that run at a time add up.

. "$(dirname "$0")/tap.inc"

BUILD=coverage
objects=$TOP/build/coverage/drivers/binder
if [ ! -x "$TOP/build/coverage/linux" ]; then
	echo "no build/coverage/linux: make coverage builds it and runs this"
	exit 4
fi

# guest NAME WORD...: boots with counters below $tmp/NAME.
guest()
{
	local name=$1

	shift
	GCOV_PREFIX=$tmp/${COUNTERS:-$name} "$TOP/scripts/um-boot" -b coverage \
		-d "$tmp/$name.boot" -m 256M -- "$@" >"$tmp/$name.said" 2>&1 </dev/null
}

# calls NAME FILE FUNCTION: how often it was called.
calls()
{
	local gcda

	gcda=$(find "$tmp/$1" -path "*/binder/${2%.c}.gcda") && [ -n "$gcda" ] || return
	ln -sf "$objects/${2%.c}.gcno" "${gcda%gcda}gcno"
	(cd "$tmp" && gcov -b -t "$gcda" 2>/dev/null) |
		awk -v f="$3" '$1 == "function" && $2 == f { print $4; exit }'
}

# started NAME TIMES: as many boots have set the driver up.
started()
{
	same "$2" "$(calls "$1" main.c binder_start)"
}

# wait_for_counters NAME: until one that is running has written some.
wait_for_counters()
{
	local i

	for ((i = 0; i < 300; i++)); do
		started "$1" 1 >/dev/null && return
		sleep 0.1
	done
	return 1
}

# The kernel that um-boot has started for NAME.
kernel_of()
{
	pgrep -f "^$TOP/build/coverage/linux .* mem=256M .*GUEST=$1" | head -n 1
}

# ended SIGNAL: by the host, in the middle of a program that has used the driver.
ended()
{
	local pid

	guest "$1" exec /bin/busybox sleep 60 "GUEST=$1" &
	wait_for_counters "$1" || return
	pid=$(kernel_of "$1") && [ -n "$pid" ] || return
	kill -"$1" "$pid"
	wait $!
	started "$1" 1
}

panics()
{
	guest panic rdinit=/nothing init=/nothing
	grep -aF 'Kernel panic' "$tmp/panic.boot/console.log"
}

# Init uses a device and ends, which a kernel does not survive.
panics_late()
{
	guest late rdinit=/bin/busybox -- sh -c \
		'"busybox mkdir /x; busybox mount -t binder binder /x; : </x/binder"'
	grep -aF 'Attempted to kill init' "$tmp/late.boot/console.log"
}

at_a_time()
{
	local COUNTERS=parallel i pids=()

	for i in 1 2 3; do
		guest "$i" exec /bin/busybox true &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || { cat "$tmp"/?.said; return 1; }
	done
}

guest itself exec /bin/busybox sleep 3
check 'a guest that ends by itself: every call is counted once' started itself 1
check 'a guest panics' panics
check 'its counters are there' started panic 1
check 'a guest panics after it has used the driver' panics_late
check 'what it did last has been counted' same 1 "$(calls late dev/file.c binder_open)"
check 'a guest that is ended leaves its counters' ended TERM
check 'so does one that is killed' ended KILL
check 'three guests at a time' at_a_time
check 'write to the same files, and these add up' started parallel 3
finish
