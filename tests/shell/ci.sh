#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How .ci/run sums up its steps, which a stand-in for make plays here.

. "$(dirname "$0")/tap.inc"

mkdir "$tmp/bin"
export SAYS=$tmp/says
cat >"$tmp/bin/make" <<'END'
#!/bin/bash
[ ! -f "$SAYS/$1" ] || . "$SAYS/$1"
END
chmod +x "$tmp/bin/make"

# steps NAME COMMANDS...: what make does for each of these targets.
steps()
{
	rm -rf "$SAYS"
	mkdir "$SAYS"
	while [ $# -gt 0 ]; do
		echo "$2" >"$SAYS/$1"
		shift 2
	done
}

# sums_up STATUS PASSED REST_OF_LAST_LINE: each step but one adds one to PASSED.
others=$(sed -n 's/^STEPS=(\(.*\))/\1/p' "$TOP/.ci/run" | wc -w)
others=$((others - 1))
sums_up()
{
	same "$1" "$(PATH=$tmp/bin:$PATH status_of "$TOP/.ci/run")" &&
		same "$(($2 + others)) passed, $3" "$(tail -n 1 "$tmp/out")"
}

all_good()
{
	steps test 'echo 1 passed, 0 failed, 0 skipped
		echo 30 passed, 0 failed, 2 skipped'
	sums_up 0 30 '0 failed, 2 skipped'
}

a_test_fails()
{
	steps test 'echo 30 passed, 2 failed, 0 skipped; exit 1'
	sums_up 1 30 '2 failed, 0 skipped' &&
		grep -F 'failed: test (1)' "$tmp/out"
}

a_step_fails_without_a_word()
{
	steps bench 'exit 2'
	sums_up 1 0 '1 failed, 0 skipped'
}

a_step_fails_although_its_tests_pass()
{
	steps test 'echo 5 passed, 0 failed, 0 skipped; exit 1'
	sums_up 1 5 '1 failed, 0 skipped'
}

the_rest_still_runs()
{
	steps setup 'exit 1' lint 'echo 9 passed, 0 failed, 0 skipped'
	# Nine, without the one of setup.
	sums_up 1 8 '1 failed, 0 skipped'
}

check 'all is good' all_good
check 'a test fails' a_test_fails
check 'a step fails without a word' a_step_fails_without_a_word
check 'a step fails although its tests pass' a_step_fails_although_its_tests_pass
check 'after a failure the rest still runs' the_rest_still_runs
finish
