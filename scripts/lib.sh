# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by the scripts of this directory: where things are, and how the
# scripts speak. Every variable can be set from the environment.

set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
SERIES=6.12
BUILD_DIR=$TOP/build
KSRC=${KSRC:-$BUILD_DIR/linux-source-$SERIES}
J=${J:-$(nproc)}
V=${V:-0}

# Make passes its own state on; the makes started here are not its children.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# say VERB TEXT: one line in the style of kbuild.
say()
{
	printf '  %-7s %s\n' "$1" "$2"
}

# Path as seen from the top of the repository, when it is inside.
rel()
{
	printf '%s' "${1#"$TOP"/}"
}

# Write stdin to FILE only if that changes it, so that make sees no news.
write_if_changed()
{
	local tmp=$1.tmp.$$

	cat >"$tmp"
	if cmp -s "$tmp" "$1"; then
		rm -f "$tmp"
	else
		mv -f "$tmp" "$1"
	fi
}

# Run a command; with V=1 print it first, so that it can be pasted.
run()
{
	[ "$V" = 0 ] || printf '%s\n' "$(quote "$@")"
	"$@"
}

# Words as a shell reads them, without the quotes that are not needed.
quote()
{
	local w

	for w in "$@"; do
		[[ $w == *[!a-zA-Z0-9_/.,:=%+@-]* || -z $w ]] && w=${w@Q}
		printf '%s ' "$w"
	done
}
