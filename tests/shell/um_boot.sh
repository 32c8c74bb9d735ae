#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The exit status of a boot is the truth about it.

. "$(dirname "$0")/tap.inc"

# boot WANTED_STATUS WORD...
boot()
{
	local wanted=$1

	shift
	same "$wanted" "$(status_of "$TOP/scripts/um-boot" -b "$BUILD" -d "$tmp/boot" \
		-m 256M "$@")" || { cat "$tmp/err" "$tmp/boot/console.log"; return 1; }
}

# kernel_says WANTED_STATUS TEXT: the guest puts TEXT into the kernel's log.
kernel_says()
{
	boot "$1" -- exec /bin/busybox sh -c "\"echo $2 >/dev/kmsg\""
}

warns_only()
{
	boot 0 -w -- exec /bin/busybox sh -c '"echo WARNING: x >/dev/kmsg"' &&
		grep -F 'warning: the kernel complained' "$tmp/err"
}

picks()
{
	boot 0 -- test "T=$2" &&
		same "$1" "$(grep -c '^    ok' "$tmp/boot/report.tap")"
}

console_is_kept()
{
	boot 0 -- exec /bin/busybox echo some-words &&
		grep -a '^some-words' "$tmp/boot/console.log"
}

shows_command()
{
	V=1 boot 0 -- exec /bin/busybox true &&
		grep -F "linux initrd=" "$tmp/err" &&
		grep -F "exec /bin/busybox true" "$tmp/err"
}

check 'success is success' boot 0 -- exec /bin/busybox true
check 'failure is failure' boot 1 -- exec /bin/busybox false
check 'a program that is not there' boot 127 -- exec /nothing
check 'an unknown word is an error' boot 125 -- no-such-word
check 'a guest that hangs is ended' boot 124 -t 3 -- exec /bin/busybox sleep 60
check 'a panic is a failure' boot 3 -t 30 rdinit=/bin/busybox
check 'a guest without init is a failure' boot 3 -t 30 rdinit=/nothing init=/nothing
check 'a kernel that is not there' boot 125 -k /nothing -- exec /bin/busybox true
check 'an initrd that is not there' boot 125 -r /nothing -- exec /bin/busybox true
check 'a glob that matches nothing is a failure' boot 1 -- test T=no/such/test
check 'a glob picks a fixture with a variant' picks 2 'smoke/boot/device.hwbinder.*'
check 'a name picks one test' picks 1 smoke/boot/device.binder.speaks_protocol_8
check 'a test without a fixture is picked' picks 1 smoke/boot/global.guest_has_debugfs
for text in 'BUG: KASAN: use-after-free' 'WARNING: CPU: 0 PID: 1' \
	'UBSAN: shift-out-of-bounds' 'INFO: task x blocked' \
	'kmemleak: 2 new suspected memory leaks' 'refcount_t: underflow'; do
	check "the kernel says ${text%%:*}" kernel_says 3 "$text"
done
check 'the kernel says something else' kernel_says 0 'nothing to warn of'
check 'with -w it is warned of' warns_only
check 'the console is kept' console_is_kept
check 'V=1 prints the command line' shows_command
finish
