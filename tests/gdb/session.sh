#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The session of docs/debugging.md: a build with a bug in it, the test that fails
# on it, and the commands that find it, which say what the text says they say.

. "$(dirname "$0")/lib.sh"

if [ "$BUILD" != debug ]; then
	echo "the session is one on a copy of the debug build"
	exit 4
fi
export BUILD=planted INITRD=$usual
doc=$TOP/docs/debugging.md
name=memory/reclaim/idle.page_of_two_buffers

# part N: what the text shows after its Nth command for the shell, up to the
# next one.
part()
{
	awk -v n="$1" '/^    \$ / { i++; next } /^## A core file/ { exit }
		/^    / && i == n { print substr($0, 5) }' "$doc"
}

# shell N: that command.
shell()
{
	sed -n 's/^    \$ //p' "$doc" | sed -n "$1p"
}

# play N: as "make gdb" does, but with the commands of the text.
play()
{
	part "$1" | sed -n 's/^(gdb) //p' >"$dir/commands.$1"
	{
		echo 'python binder.session.is_batch = lambda: False'
		echo 'python binder.session.run_to_entry()'
		while read -r command; do
			printf 'echo (gdb) %s\\n\n%s\n' "${command//\\/\\\\}" "$command"
		done <"$dir/commands.$1"
		echo 'python gdb.selected_inferior().pid and gdb.execute("kill")'
	} >"$dir/play.gdb"
	on_guest test "T=$name" timeout=999999 <"$dir/play.gdb"
	cp "$log" "$dir/gdb.$1.log"
}

# Addresses, and the numbers of processes, page frames and lines differ.
alike()
{
	sed -E 's|/[^ :]*/tests/|/.../tests/|; s/0x[0-9a-f]+/X/g; s/process [0-9]+/process N/g
		s/ [0-9a-f]+ +X +idle/ PFN X idle/; s/ [0-9a-f]+ +X +in use/ PFN X in use/
		s/\.c:[0-9]+/.c:N/g; s/^[0-9]+([[:blank:]]|$)/N /
		s/#  *[0-9]+/#N/; s/[[:blank:]]+/ /g; s/ +$//' | sed '/^$/d'
}

# found N FILE: is each line of the text there, one after the other but for "..."?
found()
{
	part "$1" | alike >"$dir/want.$1"
	tr -d '\r' <"$2" | alike >"$dir/got.$1"
	awk 'BEGIN { at = 0 }
		NR == FNR { got[n++] = $0; next }
		function meets(a, b, cut) {
			cut = index(b, " ...")
			return cut ? substr(a, 1, cut - 1) == substr(b, 1, cut - 1) : a == b
		}
		$0 == "..." { gap = 1; next }
		{
			if (FNR == 1) gap = 1
			while (gap && at < n && !meets(got[at], $0)) at++
			gap = 0
			if (at >= n || !meets(got[at], $0)) {
				print "not there, or not there yet: " $0
				print "instead: " got[at]
				exit 1
			}
			at++
			lines++
		}
		END { if (!lines) exit 1 }' "$dir/got.$1" "$dir/want.$1"
}

# What is in a folder: names, content and times.
state_of()
{
	(cd "$1" && find . -type f ! -name .lock -printf '%p %T@ %i\n' | sort
	 find . -type f ! -name .lock -print0 | sort -z | xargs -0 sha256sum) | sha256sum
}

before=$(state_of "$BUILD_DIR/debug")
built=0
"$TOP/scripts/build-kernel" planted >"$dir/build.log" 2>&1 || built=$?
check "the build with the bug is made" same 0 "$built"
check "of a copy: the debug build is as it was" same "$before" \
	"$(state_of "$BUILD_DIR/debug")"

check "the text begins with the test" same "scripts/run-tests -b planted memory/reclaim" \
	"$(shell 1)"
failed=0
RESULTS=$dir/results "$TOP/scripts/run-tests" -b planted -n memory/reclaim \
	>"$dir/tests.log" 2>&1 || failed=$?
check "which fails" same 1 "$failed"
check "in the words of the text" found 1 "$dir/tests.log"
check "and says how to debug it" same "$(shell 2)" \
	"$(sed -n "s/^ *in gdb: *//p" "$dir/tests.log" | grep -F "$name")"

play 2
check "the guest and gdb came to their end" same 0 "$status"
check "gdb says what the text says" found 2 "$dir/gdb.2.log"
for command in binder-follow binder-arena binder-lru binder-validate binder-page list; do
	check "the text uses $command" grep "^$command" "$dir/commands.2"
done
check "the bug is in what gdb lists" grep -xF "$(sed -n 's/^+\(\t.*\)/\1/p' \
	"$here/planted.patch")" <(sed 's/^[0-9]*\t//' "$dir/gdb.2.log")

check "once more" same "$(shell 2)" "$(shell 3)"
play 3
check "the guest and gdb came to their end again" same 0 "$status"
cat "$console" >>"$dir/gdb.3.log"
check "and the proof" found 3 "$dir/gdb.3.log"
check "with which the test passes" grep -aE "^ *ok 1 memory/reclaim" "$console"
finish
