#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How reports are counted: what did not run, or not to its end, is a failure.

. "$(dirname "$0")/tap.inc"

# counts WANTED: the status and name of each result in the report on stdin.
counts()
{
	local wanted=$1

	printf '%b' "$2" >"$tmp/report"
	same "$wanted" "$(awk -v suite=s -v dir="$tmp" \
		-f "$TOP/scripts/ktap.awk" "$tmp/report" |
		awk -F '\t' '{ printf "%s%s %s", sep, $1, $2; sep = ", " }')"
}

head='KTAP version 1\n1..1\n# Subtest: s/p\n    TAP version 13\n'

check 'single tests are counted' counts 'pass s/p/a, fail s/p/b, skip s/p/c' \
	"$head    1..3\n    ok 1 a\n    not ok 2 b\n    ok 3 c # SKIP no\nnot ok 1 s/p\n"
check 'a program without tests of its own is one' counts 'pass s/p' \
	"$head    hello\nok 1 s/p\n"
check 'a program that fails is one failure' counts 'fail s/p' \
	"$head    hello\nnot ok 1 s/p # exit status 2\n"
check 'an expected failure is no failure' counts 'pass s/p/a' \
	"$head    1..1\n    ok 1 a # XFAIL known\nok 1 s/p\n"
check 'failing although all tests passed is a failure' \
	counts 'pass s/p/a, fail s/p' \
	"$head    1..1\n    ok 1 a\nnot ok 1 s/p # left 1 processes\n"
check 'a missing test is a failure' counts 'pass s/p/a, fail s/p' \
	"$head    1..2\n    ok 1 a\nok 1 s/p\n"
check 'a missing plan is a failure' counts 'pass s/p/a, fail s/p' \
	"$head    ok 1 a\nok 1 s/p\n"
check 'a plan of nothing is a failure' counts 'fail s/p' \
	"$head    1..0\nok 1 s/p\n"
check 'a plan of nothing with a reason is a skip' counts 'skip s/p' \
	"$head    1..0 # SKIP no device\nok 1 s/p # SKIP\n"
check 'an unfinished program is a failure' \
	counts 'pass s/p/a, fail s/p, fail s/(boot)' \
	"$head    1..2\n    ok 1 a\n"
check 'a program that never ran is a failure' counts 'pass s/p, fail s/(boot)' \
	'KTAP version 1\n1..2\n# Subtest: s/p\nok 1 s/p\n'
check 'an empty report is a failure' counts 'fail s/(boot)' ''
check 'KUnit is counted as well' counts 'pass s/k/a, skip s/k/b' \
	'1..1\n    KTAP version 1\n    # Subtest: k\n    1..2\n    ok 1 a\n        ok 1 x\n    ok 2 b # SKIP y\nok 1 k\n'
finish
