#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What init says of programs that misbehave. They come in an archive of their
# own behind the initrd, which the kernel unpacks as well.

. "$(dirname "$0")/tap.inc"

spec=$tmp/spec
echo 'dir /tests/odd 755 0 0' >"$spec"

# program NAME COMMANDS: a program of the suite "odd".
program()
{
	printf '#!/bin/busybox sh\n%s\n' "$2" >"$tmp/$1"
	echo "file /tests/odd/$1 $tmp/$1 755 0 0" >>"$spec"
}

program fine		'echo 1..1; echo ok 1 a'
program fails		'exit 3'
program skips		'exit 4'
# shellcheck disable=SC2016	# meant for the shell in the guest
program dies		'kill -SEGV $$'
program hangs		'busybox sleep 1000'
program leaves_process	'busybox setsid busybox sleep 1000 &'
program leaves_mount	'busybox mkdir m; busybox mount -t tmpfs none m'
program no_newline	'printf "half a line"'
program binary		'busybox head -c 5000 /bin/busybox'

"$TOP/build/tests/gen_init_cpio" "$spec" | gzip >"$tmp/odd.cpio.gz"
cat "${INITRD:-$TOP/build/initrd.cpio.gz}" "$tmp/odd.cpio.gz" >"$tmp/initrd"
"$TOP/scripts/um-boot" -b "$BUILD" -r "$tmp/initrd" -m 256M -t 120 -d "$tmp/boot" \
	-- test suite=odd timeout=5 >"$tmp/log" 2>&1
boot_status=$?

# says PATTERN: the report has that line.
says()
{
	grep -aE "^$1\$" "$tmp/boot/report.tap" || {
		cat "$tmp/log"
		tail -n 40 "$tmp/boot/report.tap"
		return 1
	}
}

check 'one that fails fails them all' same 1 $boot_status
check 'a good one is good' says 'ok [0-9]+ odd/fine'
check 'an exit status is said' says 'not ok [0-9]+ odd/fails # exit status 3'
check 'exit status 4 is a skip' says 'ok [0-9]+ odd/skips # SKIP'
check 'a signal is said' says 'not ok [0-9]+ odd/dies # killed by signal 11 .*'
check 'one that hangs is ended' says 'not ok [0-9]+ odd/hangs # timed out after 5 s'
check 'a process that is left is a failure' \
	says 'not ok [0-9]+ odd/leaves_process # left 1 processes, 0 open .*'
check 'a mount that is left is a failure' \
	says 'not ok [0-9]+ odd/leaves_mount # left 0 processes, 0 open .* 1 mounts'
check 'the ones after it still run' says 'ok [0-9]+ odd/no_newline'
check 'half a line does not hide the result' says '    half a line'
check 'nor does what is no text' says 'ok [0-9]+ odd/binary'
finish
