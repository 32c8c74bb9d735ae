# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by the tests of this folder: gdb on a guest.
#
#   BUILD=	on which build; default: run
#   TEST_DIR=	where logs go; default: build/results/gdb/NAME

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
. "$here/../../scripts/lib.sh"
. "$here/../shell/tap.inc"

export BUILD=${BUILD:-run} GDB_BATCH=1
dir=${TEST_DIR:-$BUILD_DIR/results/gdb/$(basename "$0" .sh)}
limit=${GDB_TIMEOUT:-120}
rm -rf "$dir"
mkdir -p "$dir"
console=$dir/console.log
log=$dir/gdb.log

# The guest's program, and the initrd with it.
usual=${INITRD:-$BUILD_DIR/initrd.cpio.gz}
export INITRD=$dir/initrd.cpio.gz
make -s -C "$here" O="$dir" INITRD="$usual" >"$dir/make.log" 2>&1 ||
	{ cat "$dir/make.log"; exit 1; }

# shellcheck disable=SC2034	# status and console are for the tests
# on_guest WORD... <COMMANDS: a guest under gdb. What gdb says goes to $log,
# the guest's console to $console, the exit status to $status.
on_guest()
{
	{ echo "source $here/lib.py"; cat; } >"$dir/script.gdb"
	status=0
	GDB_SCRIPT=$dir/script.gdb GDB_CONSOLE_LOG=$console \
		timeout -k 10 "$limit" "$TOP/scripts/gdb-run" "$@" \
		>"$log" 2>&1 || status=$?
	# Its last words may still be on their way through the pipe.
	sleep 0.3
}

# section NAME: what gdb said between "echo <NAME>\n" and the next such line.
section()
{
	sed -n "/^<$1>$/,/^<.*>$/p" "$log" | sed '/^<.*>$/d'
}

# says NAME REGEX: does a line of a section match?
says()
{
	section "$1" | tee "$dir/section" | grep -E -- "$2" && return
	echo "no line matches '$2' in:"
	cat "$dir/section"
	return 1
}

# await COMMAND...: until it succeeds, at most $limit seconds.
await()
{
	local i

	for ((i = 0; i < limit * 10; i++)); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
	done
	echo "waited $limit s for: $*"
	return 1
}

# find_guest MARK: the kernel of BUILD that has MARK on its command line, which
# its children, the guest's processes, have as well.
find_guest()
{
	local kernel p ppid

	kernel=$(readlink -f "$BUILD_DIR/$BUILD/linux")
	for p in /proc/[0-9]*; do
		[ "$(readlink "$p/exe")" = "$kernel" ] || continue
		grep -qaF "$1" "$p/cmdline" || continue
		ppid=$(awk '/^PPid:/ { print $2 }' "$p/status")
		if [ "$(readlink "/proc/$ppid/exe")" != "$kernel" ]; then
			echo "${p#/proc/}"
			return
		fi
	done 2>/dev/null
	return 1
}
