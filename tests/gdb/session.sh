#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The session of docs/debugging.md: its commands, with a bug planted in the
# running kernel, find what it says they find.

. "$(dirname "$0")/lib.sh"

if [ "$BUILD" != debug ]; then
	echo "the session is one on the debug build"
	exit 4
fi
export INITRD=$usual
doc=$TOP/docs/debugging.md

# part N: what the text shows after the Nth "make gdb", up to the next heading
# that begins something else.
part()
{
	awk -v n="$1" '/^    \$ make gdb/ { i++; next } /^## A core file/ { exit }
		/^    / && i == n { print substr($0, 5) }' "$doc"
}

# play N: as "make gdb" does, but with the commands of the text.
play()
{
	part "$1" | sed -n 's/^(gdb) //p' >"$dir/commands.$1"
	{
		printf '%s\n' binder-break-copy run 'python binder.session.show_stop()'
		while read -r command; do
			printf 'echo (gdb) %s\\n\n%s\n' "${command//\\/\\\\}" "$command"
		done <"$dir/commands.$1"
		echo 'python gdb.selected_inferior().pid and gdb.execute("kill")'
	} >"$dir/play.gdb"
	on_guest demo <"$dir/play.gdb"
}

# Addresses, numbers of processes, lines and page frames differ; so do paths.
alike()
{
	sed -E 's/0x[0-9a-f]+/X/g; s/process [0-9]+/process N/g
		s/^( *[0-9]+ +)[0-9]+( +demo .*)  [0-9a-f]+  idle/\1N\2  PFN  idle/
		s/^[0-9]+ +demo/N demo/; s/ PFN +/ PFN /; s/TAKEN AT +/TAKEN AT  /
		s/ LOCKDEP_MAP +/ LOCKDEP_MAP /
		s/arena_release \+ [0-9]+ +/arena_release + N  /
		s/ at [^ ]*(\/driver|drivers\/binder)\// at driver\//; s/\.c:[0-9]+$/.c:N/
		s/^( *)[0-9]+( +)[0-9]+( +demo)/\1N\3/; s/ +/ /g; s/ +$//' | sed '/^$/d'
}

# found N: is each line there, one after the other but for "..."?
found()
{
	part "$1" | grep -vxF -f "$dir/said" | alike >"$dir/want.$1"
	alike <"$log" >"$dir/got.$1"
	awk 'NR == FNR { got[n++] = $0; next }
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

play 1
check "the guest and gdb came to their end" same 0 "$status"
check "the demonstration notices the bug" \
	grep -F 'FAILED  the shrinker took the 674 idle pages' "$console"
part 1 | grep -E '^(three kept|shrinker came|FAILED|7 of 8)' >"$dir/said"
check "in the words of the text" same 4 \
	"$(tr -d '\r' <"$console" | sed 's/^ *//' | grep -cxF -f "$dir/said")"
mv "$log" "$dir/gdb.1.log"
play 2
check "the guest and gdb came to their end again" same 0 "$status"
check "gdb says what the text says" found 2
for command in binder-follow binder-lru binder-validate binder-page binder-locks; do
	check "the text uses $command" grep "^$command" "$dir/commands.2"
done
log=$dir/gdb.1.log
check "and in the first part" found 1
finish
