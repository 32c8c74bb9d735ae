#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A program under um-run sees what it would see on the host, and so does who
# started it.

. "$(dirname "$0")/tap.inc"

KSRC=${KSRC:-$TOP/build/linux-source-6.12}

um_run()
{
	"$TOP/scripts/um-run" -b "$BUILD" -m 256M -t 120 "$@"
}

exits()
{
	same "$1" "$(status_of um_run sh -c "$2")"
}

streams_are_apart()
{
	um_run sh -c 'echo out; echo err >&2' >"$tmp/1" 2>"$tmp/2" </dev/null
	same out "$(cat "$tmp/1")" && same err "$(cat "$tmp/2")"
}

same_folder()
{
	cd "$tmp" && same "$tmp" "$(um_run pwd </dev/null)"
}

environment_is_passed()
{
	local value=$'two\nlines, "quotes"'

	same "$value" "$(WORDS_FOR_TEST=$value um_run printenv WORDS_FOR_TEST </dev/null)"
}

arguments_are_passed()
{
	same "$(printf '<%s>' 'a b' '' '*' $'c\nd')" \
		"$(um_run printf '<%s>' 'a b' '' '*' $'c\nd' </dev/null)"
}

input_from_pipe()
{
	same "$(head -c 200000 /bin/bash | sha256sum)" \
		"$(head -c 200000 /bin/bash | um_run sha256sum)"
}

# More than all that lies between the two can hold, and a pause after it.
input_waits_for_program()
{
	same "$(head -c 400000 /bin/bash | sha256sum)" \
		"$({ head -c 300000 /bin/bash; sleep 3
		     tail -c +300001 /bin/bash | head -c 100000; } |
		   um_run sh -c 'sleep 1; exec sha256sum')"
}

input_from_file()
{
	same "$(tail -c +1001 /bin/bash | sha256sum)" \
		"$({ dd bs=1000 count=1 >"$tmp/head" 2>"$tmp/dd"; um_run sha256sum; } </bin/bash)"
}

input_comes_as_it_is_typed()
{
	local answer input

	# shellcheck disable=SC2016	# meant for the shell in the guest
	coproc TALK { um_run sh -c 'while read -r l; do echo "got $l"; done'; }
	echo one >&"${TALK[1]}"
	read -r -t 60 answer <&"${TALK[0]}" || return 1
	same 'got one' "$answer" || return 1
	echo two >&"${TALK[1]}"
	read -r -t 60 answer <&"${TALK[0]}" || return 1
	input=${TALK[1]}
	exec {input}>&-
	same 'got two' "$answer" && wait "$TALK_PID"
}

output_is_exact()
{
	same "$(sha256sum </bin/bash)" "$(um_run cat /bin/bash </dev/null | sha256sum)"
}

reader_that_leaves_ends_it()
{
	same y "$(um_run yes </dev/null | head -n 1)"
}

host_is_read_only()
{
	local f=/usr/written-by-um-run-test

	! um_run touch "$f" </dev/null && ! [ -e "$f" ]
}

tmp_is_its_own()
{
	local f=/tmp/um-run-test.$$

	same hello "$(um_run sh -c "echo hello >$f; cat $f" </dev/null)" &&
		! [ -e "$f" ]
}

rw_is_written_through()
{
	mkdir "$tmp/rw"
	um_run --rw "$tmp/rw" sh -c "echo hello >$tmp/rw/f" </dev/null
	same hello "$(cat "$tmp/rw/f")"
}

has_devices()
{
	um_run sh -c 'test -c /dev/binder && test -c /dev/hwbinder &&
		test -c /dev/vndbinder' </dev/null
}

# Built here, so that it is no other test's.
asks_for_a_manager()
{
	local info=$tmp/tests/tools/binder-info

	make -s -C "$TOP/tests" KSRC="$KSRC" O="$tmp/tests" "$info" || return
	same 1 "$(status_of um_run "$info" check /dev/binder)" &&
		grep '^missing *manager *\/dev\/binder has none' "$tmp/out"
}

check 'success is success' exits 0 true
check 'an exit status comes through' exits 7 'exit 7'
# shellcheck disable=SC2016	# meant for the shell in the guest
check 'so does death by a signal' exits 137 'kill -KILL $$'
check 'a program that is not there' same 127 "$(status_of um_run no-such-program)"
check 'stdout and stderr are apart' streams_are_apart
check 'the folder is the same' same_folder
check 'the environment is passed on' environment_is_passed
check 'arguments are passed as they are' arguments_are_passed
check 'input from a pipe' input_from_pipe
check 'input from a pipe, to a program that is slow' input_waits_for_program
check 'input from a file, from its offset' input_from_file
check 'input is passed on as it comes' input_comes_as_it_is_typed
check 'output is exact' output_is_exact
check 'a reader that leaves ends the program' reader_that_leaves_ends_it
check 'the files of the host are read-only' host_is_read_only
check 'what is written to /tmp is gone' tmp_is_its_own
check 'what is written to --rw stays' rw_is_written_through
check 'the devices are there' has_devices
check 'binder-info says what is missing' asks_for_a_manager
finish
