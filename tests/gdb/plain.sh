#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# gdb started by hand, as README.md says: from the top and from elsewhere.

. "$(dirname "$0")/lib.sh"

kernel=$BUILD_DIR/$BUILD/linux
args=("initrd=$INITRD" mem=512M time-travel "con0=null,fd:1" quiet exec /guest ticks 1)

# try DIR GDB_ARG...: what gdb says, to $log
try()
{
	local where=$1

	shift
	status=0
	(cd "$where" && HOME=$dir timeout -k 10 "$limit" gdb -q -batch "$@") \
		>"$log" 2>&1 </dev/null || status=$?
}

looks_right()
{
	check "$1: ends well" same 0 "$status"
	check "$1: a welcome of three lines, once" same 1 \
		"$(grep -c '"help binder-arena" says more' "$log")"
	check "$1: no signal stops it" same 0 "$(grep -c 'received signal' "$log")"
	check "$1: the sources are found" grep -E '^[0-9]+[[:space:]]+int err = bmm_copy' "$log"
	check "$1: our commands" grep -E '^[0-9]+ +ticks-server +binder ' "$log"
	check "$1: the kernel's" grep -F 'Linux version 6.12' "$log"
	check "$1: the guest has done its work" grep '^ticks: done' "$log"
}

words=(-ex binder-break-copy -ex run -ex binder-procs -ex lx-version
	-ex continue --args "$kernel" "${args[@]}")

try "$TOP" -nx -x scripts/gdb/um.gdb "${words[@]}"
looks_right "by -x"
try /tmp -nx -x "$TOP/scripts/gdb/um.gdb" "${words[@]}"
looks_right "from elsewhere"
try "$TOP" -iex "add-auto-load-safe-path $TOP" "${words[@]}"
looks_right "by .gdbinit"
ln -sf "$kernel" "$dir/linux"
try "$TOP" -nx -x scripts/gdb/um.gdb -ex 'help user-defined' -ex 'help binder-page' \
	"$dir/linux"
check "by a link to the kernel, as ./linux is" grep '^binder-page PID INDEX' "$log"
try "$TOP" -nx -x scripts/gdb/um.gdb -ex 'echo still there\n'
check "without a kernel it says what to do" grep '^no kernel: ' "$log"
check "and goes on" grep '^still there' "$log"
finish
