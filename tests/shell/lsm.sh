#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What needs a boot without a security module: there are no contexts to pass on.

. "$(dirname "$0")/tap.inc"

KERNEL=${KERNEL:-$TOP/build/$BUILD/linux}

# holds PROGRAM TEST: the test passes there, and is not skipped.
holds()
{
	"$TOP/scripts/um-boot" -k "$KERNEL" -d "$tmp/boot" -m 256M -t 120 -- \
		selinux=0 quiet exec "/tests/$1" -t "$2" || return 1
	tr -d '\r' <"$tmp/boot/console.log" | grep -a "^ok 1 .*$2$"
}

check 'T-014: security contexts are asked for, and there are none' \
	holds conformance/transactions T_014
finish
