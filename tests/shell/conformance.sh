#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What scripts/conformance makes of results: a line of the checklist is tested
# on both drivers and holds on both, or somebody has to say why not.

. "$(dirname "$0")/tap.inc"

export CHECKLIST=$tmp/checklist.md TESTS_DIR=$tmp/tests
mkdir -p "$TESTS_DIR/conformance" "$TESTS_DIR/robustness" "$tmp"/{debug,stock}

cat >"$CHECKLIST" <<'END'
# Checklist

`[q]` marks quirks; a word like **F-999** is no line.

## 00 ABI

- **A-001** | - | sizes | as they are

## 10 Files and ioctls

- **F-001** | fd | read | EINVAL
- **F-002** | fd | lseek | ESPIPE
END
cat >"$TESTS_DIR/conformance/files.c" <<'END'
TEST(A_001)
TEST_F(conf, F_001)
TEST_F_TIMEOUT(conf, F_001_again, 60)
TEST_F(solo, F_002)
TEST_HARNESS_MAIN
END
cat >"$TESTS_DIR/robustness/bad.c" <<'END'
TEST_F(bad, wraps)
END

# results BUILD "STATUS NAME [REASON]"...
results()
{
	local build=$1 line status name reason

	shift
	for line in "$@"; do
		read -r status name reason <<<"$line"
		printf '%s\tconformance/files/%s\t0.01\t%s\t-\n' \
			"$status" "$name" "${reason:--}"
	done >"$tmp/$build/results"
}

# differences NAME...: DIFFERENCES.md has a row for each.
differences()
{
	{
		printf '%s\n' '# Differences' '' '| Test | Stock | Ours |' \
			'|---|---|---|'
		[ $# = 0 ] || printf '| %s | this | that |\n' "$@"
	} >"$TESTS_DIR/conformance/DIFFERENCES.md"
}

# On both: what a check does not change.
good=('pass global.A_001' 'pass conf.F_001' 'pass conf.F_001_again'
	'pass solo.F_002')
all_good()
{
	results debug "${good[@]}"
	results stock "${good[@]}"
	differences
}

# says STATUS PATTERN...: the exit status, and lines of the output.
says()
{
	local wanted=$1 status pattern bad=0

	shift
	status=$(status_of "$TOP/scripts/conformance" -r "$tmp")
	same "$wanted" "$status" || bad=1
	for pattern in "$@"; do
		grep -Eq -- "$pattern" "$tmp/out" || {
			echo "no line: $pattern"
			bad=1
		}
	done
	[ "$bad" = 0 ] || cat "$tmp/out" "$tmp/err"
	return "$bad"
}

all_good
check 'all lines hold' says 0 \
	'^  00 ABI +1 +1 +1 +0 +0 +0$' '^  10 Files and ioctls +2 +2 +2 +0 +0 +0$' \
	'^  all +3 +3 +3 +0 +0 +0$' \
	'^3 of 3 lines accounted for, 0 of them different on purpose$' \
	'^3 passed, 0 failed, 0 skipped$'

differences "F_001, \`F_001_again\`" A_001 robustness/bad.wraps
check 'differences are counted by lines' says 0 \
	'^  10 Files and ioctls +2 +2 +2 +1 +0 +0$' \
	'^3 of 3 lines accounted for, 2 of them different on purpose$' \
	'^3 passed, 0 failed, 0 skipped$'
differences F_0001 robustness/bad.gone F_003
check 'a difference names tests that exist' says 1 'FAILED .*: F_0001$' \
	'FAILED .*: robustness/bad.gone$' 'FAILED .*: F_003$' \
	'^3 of 3 lines' '^3 passed, 3 failed, 0 skipped$'

all_good
for build in debug stock; do
	results $build "${good[@]:0:3}" 'skip solo.F_002 not in this boot'
	printf 'pass\tshell/boot/F-002: in a/b.c\t1\t-\t-\n' \
		>>"$tmp/$build/results"
done
check 'a script that boots in another way' says 0 '^3 of 3 lines' \
	'^3 passed, 0 failed, 0 skipped$'

all_good
results debug "${good[@]:0:3}"
results stock "${good[@]:0:3}"
check 'a line without a test' says 1 'FAILED  no test .* F-002$' \
	'^  10 Files and ioctls +2 +1 +1 +0 +0 +1$' '^2 of 3 lines' \
	'^2 passed, 1 failed, 0 skipped$'
results debug "${good[@]}"
check 'a line tested on one driver alone' says 1 \
	'FAILED  F-002 passes on debug and has no result on stock' '^2 of 3 lines' \
	'^2 passed, 1 failed, 0 skipped$'
differences F_002
check 'which is no difference of the drivers' says 1 \
	'FAILED  F-002 passes on debug and has no result on stock$' '^2 of 3 lines'

all_good
results debug "${good[@]:0:3}" 'fail solo.F_002 SIGNAL 6'
check 'a line that fails on ours' says 1 \
	'FAILED  conformance/files/solo.F_002 fails on debug: SIGNAL 6' \
	'^  10 Files and ioctls +2 +1 +2 +0 +0 +0$' '^2 of 3 lines' \
	'^2 passed, 1 failed, 0 skipped$'
differences F_002
check 'on purpose or not' says 1 '^2 of 3 lines'
all_good
results stock "${good[@]:0:3}" 'fail solo.F_002'
check 'a line that fails on stock' says 1 'files/solo.F_002 fails on stock$' \
	'^2 passed, 1 failed, 0 skipped$'
all_good
results debug 'pass global.A_001' 'pass conf.F_001' 'fail conf.F_001_again' \
	'pass solo.F_002'
check 'a line of which one test fails' says 1 'F_001_again fails on debug$' \
	'^2 of 3 lines' '^2 passed, 1 failed, 0 skipped$'

all_good
for build in debug stock; do
	results $build "${good[@]:0:3}" 'skip solo.F_002 no such file here'
done
check 'a line that is skipped, with the reason' says 0 \
	'skip +F-002 on both: no such file here$' \
	'^  10 Files and ioctls +2 +1 +1 +0 +1 +0$' '^3 of 3 lines' \
	'^2 passed, 0 failed, 1 skipped$'
for build in debug stock; do
	results $build "${good[@]:0:3}" 'skip solo.F_002'
done
check 'a skip without a reason is no answer' says 1 'FAILED  no test .* F-002$' \
	'^2 passed, 1 failed, 0 skipped$'
for build in debug stock; do
	results $build 'pass global.A_001' 'pass conf.F_001' \
		'skip conf.F_001_again why' 'pass solo.F_002'
done
check 'one test that passes is enough' says 0 '^3 passed, 0 failed, 0 skipped$'
all_good
results debug "${good[@]:0:3}" 'skip solo.F_002 not ours'
check 'a line that is skipped on one alone' says 1 \
	'FAILED  F-002 is skipped on debug \(not ours\) and passes on stock' \
	'^2 passed, 1 failed, 0 skipped$'
differences F_002
check 'unless that is on purpose' says 0 'skip +F-002 is skipped on debug' \
	'^3 passed, 0 failed, 0 skipped$'

all_good
results debug "${good[@]}" 'pass conf.F_003' 'fail (boot) the kernel complained'
check 'what belongs to no line' says 1 'F_003 tests a line that .* not have$' \
	'\(boot\) fails on debug: the kernel complained$' '^3 of 3 lines' \
	'^3 passed, 2 failed, 0 skipped$'
all_good
: >"$tmp/stock/results"
check 'a run without results' says 1 '^0 of 3 lines' \
	'^0 passed, 3 failed, 0 skipped$'
all_good
: >"$CHECKLIST"
check 'a checklist without lines' says 1 'FAILED  the checklist has no lines$'
finish
