# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by gdb-run and gdb-attach, after ../lib.sh: starting gdb.

# The descriptor that the guest's console goes to. A guest makes what it writes
# to non-blocking, which the terminal that gdb reads from must not become; so a
# pipe lies between, and who empties it is deaf to the ^C that stops the guest.
# shellcheck disable=SC2034	# gdb-run tells the guest
GDB_CONSOLE=7
if [ -n "${GDB_CONSOLE_LOG:-}" ]; then
	exec 7> >(trap '' INT; exec cat >"$GDB_CONSOLE_LOG")
else
	exec 7> >(trap '' INT; exec cat)
fi

# gdb_needs KERNEL: what must be there before gdb can be of use.
gdb_needs()
{
	local dir

	dir=$(dirname "$1")
	command -v gdb >/dev/null || die "no gdb: install it (scripts/setup does)"
	[ -x "$1" ] || die "no $(rel "$1"): make kernel BUILD=${dir##*/}"
	grep -q '^CONFIG_BINDER_IPC=y' "$dir/.config" ||
		die "$(rel "$1") is a kernel without this driver"
	# The lx- commands, which ours build on.
	if [ ! -e "$dir/vmlinux-gdb.py" ] ||
	   [ ! -e "$dir/scripts/gdb/linux/constants.py" ]; then
		"$TOP/scripts/build-kernel" "${dir##*/}" scripts_gdb >&2
	fi
}

# What is said to gdb before it reads anything.
GDB_BEFORE=()

# gdb_start KERNEL COMMAND ARG...: gdb with our commands, then COMMAND.
gdb_start()
{
	local opts=(-q) start=$2

	shift 2
	if [ -n "${GDB_BATCH:-}" ] || [ ! -t 0 ] || [ ! -t 1 ]; then
		export GDB_BATCH=1
		opts+=(-nx -batch)
	fi
	# The debug information names sources as seen from the top.
	cd "$TOP" || exit
	run exec gdb "${opts[@]}" "${GDB_BEFORE[@]}" -x scripts/gdb/um.gdb \
		-ex "$start" "$@"
}
