#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A fragment gets what it asks for, or the build stops and says what is missing.

. "$(dirname "$0")/tap.inc"

# merge LINE: a fragment with that line, on top of the base.
merge()
{
	rm -rf "$tmp/kernel"
	echo "$1" >"$tmp/mine.config"
	"$TOP/scripts/merge-config" "$tmp/kernel" "$TOP/arch-um-config/base.config" \
		"$tmp/mine.config"
}

accepted()
{
	merge "$1" && grep -x "$1" "$tmp/kernel/.config"
}

# refused LINE TEXT...: merging fails, says every TEXT, and leaves no .config.
refused()
{
	local line=$1 text

	shift
	if merge "$line" >"$tmp/log" 2>&1; then
		echo "accepted: $line"
		return 1
	fi
	for text in "$@"; do
		grep -F -- "$text" "$tmp/log" || { cat "$tmp/log"; return 1; }
	done
	! [ -e "$tmp/kernel/.config" ] || { echo "left a .config"; return 1; }
}

fragments_exist()
{
	awk '!/^#/ { for (i = 2; i <= NF; i++) print $i }' \
		"$TOP/arch-um-config/builds" | while read -r f; do
		case $f in
		=*)	grep -q "^${f#=}[[:space:]]" "$TOP/arch-um-config/builds" ;;
		*.patch) [ -r "$TOP/$f" ] ;;
		*)	[ -r "$TOP/arch-um-config/$f.config" ] ;;
		esac || { echo "no $f"; exit 1; }
	done
}

fragments_have_headers()
{
	local f

	for f in "$TOP"/arch-um-config/*.config; do
		head -n 1 "$f" | grep -q '^# .' || { echo "$f"; return 1; }
	done
}

unknown_build()
{
	same 1 "$(status_of "$TOP/scripts/build-kernel" no-such-build)" &&
		grep -F "no build 'no-such-build'" "$tmp/err"
}

unknown_fragment()
{
	same 1 "$(status_of "$TOP/scripts/build-kernel" run+nothing)" &&
		grep -F 'no fragment arch-um-config/nothing.config' "$tmp/err"
}

check 'an option that is there is taken' accepted CONFIG_FUSE_FS=y
check 'an option that is off stays off' merge '# CONFIG_NO_SUCH is not set'
check 'a misspelt option is an error' \
	refused CONFIG_HOSTFSS=y CONFIG_HOSTFSS mine.config
check 'an option whose dependency is missing is an error' \
	refused CONFIG_FAIL_FUNCTION=y CONFIG_FAIL_FUNCTION=y mine.config
check 'a value that Kconfig changes is an error' \
	refused CONFIG_HZ=1000 CONFIG_HZ=1000 mine.config
check 'fragments that disagree are an error' \
	refused '# CONFIG_HOSTFS is not set' CONFIG_HOSTFS
check 'each build names fragments that exist' fragments_exist
check 'each fragment says what it is for' fragments_have_headers
check 'an unknown build is an error' unknown_build
check 'an unknown fragment is an error' unknown_fragment
finish
