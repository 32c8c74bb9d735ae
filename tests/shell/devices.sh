#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The parameter "devices", which can only be given at boot: which devices a
# binderfs has from the start, and which there are without one.

. "$(dirname "$0")/tap.inc"

KERNEL=${KERNEL:-$TOP/build/$BUILD/linux}

# boot DEVICES COMMAND...: one program of busybox in a guest with that list.
boot()
{
	local devices=$1

	shift
	"$TOP/scripts/um-boot" -k "$KERNEL" -d "$tmp/boot" -m 256M -t 120 -- \
		"$module.devices=$devices" quiet exec /bin/busybox "$@"
}

# What the program printed: the kernel's own lines have a time, init's a name.
printed()
{
	grep -av '^\[\|^init: ' "$tmp/boot/console.log" | tr -d '\r'
}

# has DEVICES NAME...: a new binderfs has exactly these.
has()
{
	local devices=$1 IFS=$'\n'

	shift
	boot "$devices" ls -1 /dev/binderfs || return 1
	same "$(sort <<<"$*")" "$(printed | sort)"
}

# refused DEVICES REASON: it cannot even be mounted.
refused()
{
	! boot "$1" mount -t binder binder /tmp &&
		same "mount: mounting binder on /tmp failed: $2" "$(printed)"
}

# in_dev FORMAT DEVICES LINE...: what stat says of the files of /dev.
in_dev()
{
	local format=$1 devices=$2 IFS=$'\n' names

	shift 2
	mapfile -t names < <(printf '%s\n' "$@" | sed 's/,.*//')
	boot "$devices" stat -L -c "$format" "${names[@]}" || return 1
	same "$*" "$(printed)"
}

missing()
{
	! boot "$1" stat -c %n "$2" && printed | grep 'No such file or directory'
}

name()
{
	printf "%0$1d" 0 | tr 0 x
}

# configured OPTION
configured()
{
	grep -q "^CONFIG_$1=y" "$(dirname "$KERNEL")/.config"
}

# Debian's kernel has another name for the kernel's own driver.
module=binder
if configured ANDROID_BINDER_IPC; then module=binder_linux; fi

if configured BINDER_IPC_BINDERFS || configured ANDROID_BINDERFS; then
	always=(binder-control features)
	check 'B-043: two names are two devices' \
		has foo,bar "${always[@]}" foo bar
	check 'B-044: the list ends with an empty name' \
		has foo,,bar "${always[@]}" foo
	check 'B-044: also if that is the first' has ,foo "${always[@]}"
	check 'B-044: no list, no devices' has '' "${always[@]}"
	check 'B-045: a name twice' refused foo,foo 'File exists'
	check 'B-045: the name of the folder of features' \
		refused features 'File exists'
	check 'B-045: the name of the device that makes devices' \
		refused foo,binder-control 'File exists'
	check 'B-046: a name of 255 characters' \
		has "$(name 255)" "${always[@]}" "$(name 255)"
	check 'B-046: with 256 there is no binderfs' \
		refused "$(name 256)" 'No such device'
	check 'B-046: wherever it is in the list' \
		refused "binder,$(name 256)" 'No such device'
	check 'a name that is none' refused a/b 'Permission denied'
	check 'init has links for those that are only there' \
		in_dev %n,%a,%F foo,bar \
		'/dev/foo,600,character special file' \
		'/dev/bar,600,character special file'
else
	check 'without binderfs' refused foo 'No such device'
fi

if ! configured ANDROID_BINDERFS; then
	check 'B-047: each name is a misc device' \
		in_dev %n,%a,%F,%t binder,foo \
		'/dev/binder,600,character special file,a' \
		'/dev/foo,600,character special file,a'
	check 'B-047: no others' missing binder,foo /dev/hwbinder
fi

# Either spelling, whatever the module is called.
if configured BINDER_IPC_BINDERFS; then
	module=binder_linux
	check "the parameter by the name of Debian's module" \
		has foo,bar "${always[@]}" foo bar
	module=binder
fi

# Where the drivers differ, see tests/conformance/DIFFERENCES.md.
if configured BINDER_IPC; then
	check 'the list of misc devices ends with an empty name, too' \
		in_dev %n,%t foo,,bar /dev/foo,a
	check 'what is behind it does not exist' missing foo,,bar /dev/bar
	check 'a misc device that cannot be made hinders no other' \
		in_dev %n,%t foo,foo,bar /dev/foo,a /dev/bar,a
	check 'a name that is too long is a list without meaning' \
		missing "binder,$(name 256)" /dev/binder
elif ! configured ANDROID_BINDERFS; then
	check 'an empty name: no devices' missing foo,,bar /dev/foo
	check 'a name twice: no devices' missing foo,foo,bar /dev/foo
fi
finish
