#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Our directories get into a kernel tree once, and what is no such tree is
# refused with the reason.

. "$(dirname "$0")/tap.inc"

export KSRC=$tmp/linux

# A tree as far as prepare-kernel looks at it.
tree()
{
	rm -rf "$KSRC"
	mkdir -p "$KSRC/arch/um" "$KSRC/drivers"
	printf 'VERSION = 6\nPATCHLEVEL = %s\nSUBLEVEL = 7\n' "${1:-12}" \
		>"$KSRC/Makefile"
	printf 'menu "Device Drivers"\n\nendmenu\n' >"$KSRC/drivers/Kconfig"
	printf 'obj-y += base/\n' >"$KSRC/drivers/Makefile"
}

prepare()
{
	"$TOP/scripts/prepare-kernel"
}

fails_with()
{
	same 1 "$(status_of prepare)" && grep -F "$1" "$tmp/err"
}

adds_links()
{
	tree
	prepare
	same "$(cat "$TOP/driver/Kconfig")" "$(cat "$KSRC/drivers/binder/Kconfig")" &&
		[ -d "$KSRC/drivers/binder_kunit" ] &&
		[ -d "$KSRC/drivers/binder_bench" ]
}

adds_lines()
{
	tree
	prepare
	same $'source "drivers/binder/Kconfig"\n\nendmenu' \
		"$(tail -n 3 "$KSRC/drivers/Kconfig")" &&
		tail -n 1 "$KSRC/drivers/Makefile" | grep -F 'binder/ binder_kunit/'
}

second_time_changes_nothing()
{
	local before

	tree
	prepare
	before=$(find "$KSRC" -type f -exec sha256sum {} + | sort)
	same '' "$(prepare)" &&
		same "$before" "$(find "$KSRC" -type f -exec sha256sum {} + | sort)"
}

other_series()
{
	tree 13
	fails_with 'is Linux 6.13.7; need 6.12.y'
}

no_kernel()
{
	rm -rf "$KSRC"
	mkdir "$KSRC"
	fails_with 'is not a kernel source tree'
}

something_in_the_way()
{
	tree
	mkdir "$KSRC/drivers/binder"
	fails_with 'drivers/binder exists and is not our symbolic link'
}

no_source()
{
	rm -rf "$KSRC"
	KERNEL_TARBALL=$tmp/nothing.tar.xz fails_with "cannot read $tmp/nothing.tar.xz"
}

broken_source()
{
	rm -rf "$KSRC"
	echo 'not an archive' >"$tmp/broken.tar.xz"
	KERNEL_TARBALL=$tmp/broken.tar.xz fails_with 'unpacking' &&
		! [ -e "$KSRC" ]
}

# As "make -j run" does. Unpacking takes long enough for the two to meet.
two_at_once()
{
	local other status=0

	tree
	truncate -s 64M "$KSRC/large"
	tar -C "$tmp" -cJf "$tmp/source.tar.xz" linux
	rm -rf "$KSRC"
	KERNEL_TARBALL=$tmp/source.tar.xz prepare &
	other=$!
	KERNEL_TARBALL=$tmp/source.tar.xz prepare || status=$?
	wait "$other" && same 0 "$status" &&
		grep -F 'binder/ binder_kunit/' "$KSRC/drivers/Makefile"
}

check 'our directories are linked' adds_links
check 'one line each in Kconfig and Makefile' adds_lines
check 'a second time changes nothing' second_time_changes_nothing
check 'another series is refused' other_series
check 'what is no kernel is refused' no_kernel
check 'what is in the way is not overwritten' something_in_the_way
check 'a missing tarball is an error' no_source
check 'a broken tarball leaves nothing behind' broken_source
check 'two at once do not disturb each other' two_at_once
finish
