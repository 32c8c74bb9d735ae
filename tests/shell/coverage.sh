#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What coverage lets pass, and what not: thresholds, and exclusions that are of
# no use any more or hide what is tested.

. "$(dirname "$0")/tap.inc"

awk_dir=$TOP/coverage
export TOP=$tmp/repo
mkdir -p "$TOP/driver/mm" "$TOP/driver/arena"

cat >"$TOP/driver/mm/a.c" <<'END'
int f(int x)
{
	if (WARN_ON(x))
		return 1;
	return 0;
}

int g(int x)
{
	return x ? 1 : 2;
}
END

cp "$TOP/driver/mm/a.c" "$tmp/a.c"

# tracefile HITS_OF_4 HITS_OF_G: f() was called, f's error path and g() are asked.
tracefile()
{
	local calls=0

	[ "$2" = 0 ] || calls=1
	cat >"$tmp/info" <<END
TN:one
SF:$TOP/driver/mm/a.c
FN:1,f
FN:8,g
FNDA:3,f
FNDA:$2,g
FNF:2
FNH:$((1 + calls))
BRDA:3,0,0,$1
BRDA:3,0,1,3
BRDA:10,0,0,$([ "$2" = 0 ] && echo - || echo "$2")
BRDA:10,0,1,$([ "$2" = 0 ] && echo - || echo 0)
BRF:4
BRH:$((1 + calls))
DA:1,3
DA:3,3
DA:4,$1
DA:5,3
DA:8,$2
DA:10,$2
LF:6
LH:$((3 + 2 * calls))
end_of_record
END
}

# figures MODE FILE...
figures()
{
	local mode=$1

	shift
	awk -v mode="$mode" -f "$awk_dir/figures.awk" "$@"
}

# passes WHAT METRIC LEAST
passes()
{
	printf '%s %s %s # why\n' "$@" >"$tmp/thresholds"
	figures check "$tmp/thresholds" "$tmp/info"
}

fails()
{
	! passes "$@"
}

# excluding RULE: what is left, in $tmp/left; the status is exclude.awk's.
excluding()
{
	printf '# a comment\n\n%s\n' "$1" >"$tmp/rules"
	printf 'CONFIG_SET=y\n# CONFIG_NOT_SET is not set\n' >"$tmp/config"
	CONFIG=$tmp/config awk -v list="$tmp/list" -v most="${MOST:-50}" \
		-f "$awk_dir/exclude.awk" "$tmp/rules" "$tmp/info" >"$tmp/left"
}

# marked LINE COMMENT: that line of the source has it.
marked()
{
	cp "$tmp/a.c" "$TOP/driver/mm/a.c"
	sed -i "$1s|\$|	/* $2 */|" "$TOP/driver/mm/a.c"
}

# mark_leaves LINE COMMENT LINE_LEFT...
mark_leaves()
{
	marked "$1" "$2"
	shift 2
	leaves '' "$@"
}

# mark_refused LINE COMMENT TEXT
mark_refused()
{
	marked "$1" "$2"
	refuses '' "$3"
}

refuses()
{
	! excluding "$1" && grep -q "$2" "$tmp/said"
}

# leaves RULE LINE...: these lines are in what is left, none of the others that
# begin with the same word.
leaves()
{
	local kind

	excluding "$1" || return 1
	shift
	kind=${1%%:*}
	same "$(printf '%s\n' "$@")" "$(grep "^$kind:" "$tmp/left")"
}

tracefile 0 0
check 'half of the lines are half of the lines' passes driver/mm lines 50
check 'and no more' fails driver/mm lines 51
check 'functions' passes driver/mm functions 50
check 'functions that are not called' fails driver/mm functions 51
check 'branches that were not reached' passes driver/mm branches 25
check 'are missing' fails driver/mm branches 26
check 'a file' passes driver/mm/a.c lines 50
check 'a function: its lines' passes driver/mm/a.c:f lines 75
check 'a function: not those of others' fails driver/mm/a.c:f lines 76
check 'a function: its branches' passes driver/mm/a.c:f branches 50
check 'a function that is not there is below' fails driver/mm/a.c:gone lines 0
check 'a folder that is not there is below' fails driver/gone lines 0

check 'what was not reached is listed' same "driver/mm/a.c, f()
     4  		return 1;
driver/mm/a.c, g()
     8  int g(int x)
    10  	return x ? 1 : 2;" "$(figures uncovered "$tmp/info" | sed '/^$/d')"

check 'branches are taken away' leaves 'driver/*|WARN_ON\(|why' \
	BRDA:10,0,0,- BRDA:10,0,1,-
check 'and counted anew' leaves 'driver/*|WARN_ON\(|why' BRF:2
check 'the line stays' leaves 'driver/*|WARN_ON\(|why' LF:6
check 'a pattern may have alternatives' \
	leaves 'driver/*|WARN_ON\(|nothing;|why' BRF:2
check 'a pattern that matches nothing is refused' \
	refuses 'driver/*|nothing of the kind|why' 'matches nothing'
check 'files that match nothing are refused' \
	refuses 'driver/arena/*|WARN_ON|why' 'matches nothing'
check 'a rule without a reason is refused' refuses 'driver/*|x' 'reason'
check 'a marked line is taken away' mark_leaves 4 'LCOV_EXCL_LINE: why' LF:5
check 'and listed' grep -x 'LINE      driver/mm/a.c:4: why' "$tmp/list"
check 'a marked line takes its branches along' \
	mark_leaves 10 'LCOV_EXCL_LINE: why' BRDA:3,0,0,0 BRDA:3,0,1,3
check 'branches of a marked line' mark_leaves 3 'LCOV_EXCL_BR_LINE: why' BRF:2
check 'are listed' grep -x 'BRANCHES  driver/mm/a.c:3: why' "$tmp/list"
check 'a function that begins on a marked line' \
	mark_leaves 8 'LCOV_EXCL_LINE: why' FN:1,f
check 'a mark without a reason is refused' \
	mark_refused 4 'LCOV_EXCL_LINE' 'no reason'
check 'a mark where nothing is counted is refused' \
	mark_refused 6 'LCOV_EXCL_LINE: why' 'nothing to count'
check 'a mark on branches where there are none is refused' \
	mark_refused 4 'LCOV_EXCL_BR_LINE: why' 'nothing to count'
check 'an option that is not built is a reason' \
	mark_leaves 4 'LCOV_EXCL_LINE: CONFIG_NOT_SET is not built' LF:5
check 'unless it is' \
	mark_refused 4 'LCOV_EXCL_LINE: CONFIG_SET is not built' 'but it is'
check 'a mark that is never closed is refused' \
	mark_refused 4 'LCOV_EXCL_START: why' 'without LCOV_EXCL_STOP'
MOST=10 check 'more marks than allowed are refused' \
	mark_refused 4 'LCOV_EXCL_LINE: why' '1 of 6 lines are marked'
marked 8 'LCOV_EXCL_START: why'
sed -i '10s|$| /* LCOV_EXCL_STOP */|' "$TOP/driver/mm/a.c"
check 'several lines' leaves '' LF:4
cp "$tmp/a.c" "$TOP/driver/mm/a.c"
tracefile 1 1
check 'a line that is reached cannot be marked' \
	mark_refused 4 'LCOV_EXCL_LINE: why' 'a test reaches'
check 'branches of a reached line may be' \
	mark_leaves 3 'LCOV_EXCL_BR_LINE: why' BRDA:10,0,0,1 BRDA:10,0,1,0
cp "$tmp/a.c" "$TOP/driver/mm/a.c"

# change BASE_LINE COUNT: git says that these lines are new.
change()
{
	printf '%s\n' 'diff --git a/driver/mm/a.c b/driver/mm/a.c' \
		'--- a/driver/mm/a.c' '+++ b/driver/mm/a.c' "@@ -1,0 +$1,$2 @@"
	sed -n "$1,$(($1 + $2 - 1))s/^/+/p" "$TOP/driver/mm/a.c"
}

# reached STATUS TEXT BASE_LINE COUNT
reached()
{
	local wanted=$1 text=$2 status=0 said

	said=$(change "$3" "$4" |
		awk -f "$awk_dir/diff.awk" - "$tmp/info") || status=$?
	same "$wanted" "$status" && same "$text" "$said"
}

tracefile 0 0
check 'a change that is reached' reached 0 '1 of 1 changed lines are reached' 5 2
check 'a change that is not' reached 1 \
	'driver/mm/a.c:4:		return 1;
2 of 3 changed lines are reached' 3 3
check 'a change without code' reached 0 '0 of 0 changed lines are reached' 6 2
tracefile 1 1
check 'a change of which all is reached' reached 0 \
	'6 of 6 changed lines are reached' 1 11

cp "$tmp/info" "$tmp/one"
sed 's/TN:one/TN:two/; s/^DA:\(4\|8\|10\),1/DA:\1,0/' "$tmp/one" >"$tmp/two"
check 'suites: what one alone reaches' same 'one 6 3
two 3 0' "$(figures suites "$tmp/info" "$tmp/one" "$tmp/two" |
	awk 'NR > 1 { print $1, $2, $3 }')"
sed -i 's/TN:two/TN:one__again/' "$tmp/two"
check 'suites: another way to run one is the same one' same 'one 6 6' "$(
	figures suites "$tmp/info" "$tmp/one" "$tmp/two" |
		awk 'NR > 1 { print $1, $2, $3 }')"
check 'results of several test names add up' same 'LF:6' "$(
	cat "$tmp/one" "$tmp/two" >"$tmp/info"
	passes driver/mm lines 100 && grep -m 1 LF: "$tmp/info")"
finish
