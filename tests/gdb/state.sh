#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the commands say of processes with handles, queues and buffers is what
# the log files, /proc/PID/stat and /proc/PID/pagemap said in the guest.

. "$(dirname "$0")/lib.sh"

on_guest exec /guest state <<'END'
stage
python
server, owner = pid("state-server"), pid("state-owner")
show("procs", "um-procs")
show("threads", "binder-threads")
show("nodes", "binder-nodes")
show("refs", "binder-refs")
show("txns", "binder-transactions")
show("lru", "binder-lru")
show("validate", "binder-validate")
for name in ("server", "owner"):
    show(f"arena {name}", f"binder-arena {globals()[name]}")
gdb.write("<frames>\n")
for who, start, count in ((server, 0x40000000, 16), (server, 0x400000, 4),
                          (owner, 0x40000000, 4)):
    for address in range(start, start + count * 4096, 4096):
        gdb.execute(f"um-pte {who} {address:#x}")
for command in ("um-vmas", "binder-arena", "binder-threads", "binder-procs",
                "binder-page"):
    show(f"complete {command}", f"complete {command} {str(server)[0]}")
show("complete option", f"complete um-vmas {server} --s")
show("complete follow", "complete binder-follow 9")
show("complete next", "complete binder-follow n")
show("error nowhere", f"binder-arena {server} --svg /nowhere/x.svg")
for command in ("binder-page 1 0", f"binder-page {server} 256",
                f"binder-page {server}", "binder-follow 4711", "um-pte 1",
                "binder-lru 1", "binder-copy", "binder-threads 2"):
    show(f"error {command}", command)
end
echo <end>\n
continue
END

check "the guest and gdb came to their end" same 0 "$status"
check "the guest was not disturbed" grep "^state: done" "$console"
tr -d '\r' <"$console" >"$dir/guest.log"
sed -n '/^STATE$/,/^STATE END/p' "$dir/guest.log" >"$dir/state"
sed -n '/^ARENA$/,/^ARENA END/p' "$dir/guest.log" >"$dir/arena"
server=$(sed -n 's/^SERVER //p' "$dir/guest.log")
owner=$(sed -n 's/^OWNER //p' "$dir/guest.log")

# agree FILE FILE: both say something, and the same.
agree()
{
	[ -s "$1" ] && diff -u <(sort "$1") <(sort "$2")
}

# rows SECTION: the rows of its tables with cells between '|'.
rows()
{
	section "$1" | sed -E 's/^ +//; s/  +/|/g'
}

# threads: from "thread 32: l 02 need_return 0 tr 0"
awk '$1 == "thread" { sub(":", "", $2); print $2, $4, $6 }' "$dir/state" >"$dir/want"
rows threads | awk -F '|' '$1 ~ /^[0-9]+$/ { split($3, l, " "); print $1, l[1], $6 }' \
	>"$dir/got"
check "binder-threads: tid, looper, need_return" agree "$dir/want" "$dir/got"

# nodes: id, ptr, cookie, told, local counts, strong refs, refs, holders
awk '$1 == "node" { sub(":", "", $2); sub("^u0*", "0x", $3); sub("^c0*", "0x", $4)
	if ($3 == "0x") $3 = "0x0"
	if ($4 == "0x") $4 = "0x0"
	who = "-"; for (i = 20; i <= NF; i++) who = i == 20 ? $i : who " " $i
	print $2, $3, $4, "told", $6, $8, "own", $10, $12, "refs", $14, $16, who }' \
	"$dir/state" >"$dir/want"
rows nodes | awk -F '|' '$1 ~ /^[0-9]+$/ {
	print $1, $2, $3, "told", ($8 ~ /strong/), ($8 ~ /weak/), "own", $6, $7,
	      "refs", $5, $4, $11 }' >"$dir/got"
check "binder-nodes: as in the log" agree "$dir/want" "$dir/got"
check "binder-nodes: two oneway messages wait" says nodes " busy, 2 wait "

# refs: from "ref 4: desc 1 node 3 s 1 w 0 d 0..."
awk '$1 == "ref" { sub(":", "", $2); print $2, $4, $6, $8, $10, ($12 !~ /^0*$/) }' \
	"$dir/state" >"$dir/want"
rows refs | awk -F '|' '$1 ~ /^[0-9]+$/ { print $2, $1, $3, $5, $6, ($7 != "-") }' \
	>"$dir/got"
check "binder-refs: as in the log" agree "$dir/want" "$dir/got"
check "binder-refs: which notification" says refs "  armed, cookie 0xdead  "

# messages: "buffer 6: 0 size 9000:0:0 delivered", at an offset in the region
sed -nE 's/^  buffer ([0-9]+): ([0-9a-f]+) size ([0-9]+):.*/\1 \2 \3/p' "$dir/state" |
	while read -r id offset size; do
		printf '%s 0x%x %s\n' "$id" $((0x40000000 + 0x$offset)) "$size"
	done >"$dir/want"
rows txns | awk -F '|' '$1 ~ /^[0-9]+$/ { print $1, $7, $6 }' >"$dir/got"
check "binder-transactions: each buffer" agree "$dir/want" "$dir/got"
sed -nE 's/.* transaction ([0-9]+): [0-9a-f]+ from ([0-9:]+) to ([0-9]+):.* code ([0-9a-f]+) .*/\1 \2 \3 \4/p' \
	"$dir/state" | sort -u >"$dir/want"
rows txns | awk -F '|' '$1 ~ /^[0-9]+$/ && $8 !~ /^received/ { sub(":.*", "", $4)
	print $1, $3, $4, $5 }' >"$dir/got"
check "binder-transactions: from and to whom" agree "$dir/want" "$dir/got"
check "binder-transactions: what was received" says txns \
	"  9000 +0x40000000 +received, buffer not freed "
check "binder-transactions: what waits for its turn" same 2 \
	"$(section txns | grep -c 'waits for its turn at node 1 ')"
check "binder-transactions: the call in the queue" says txns \
	"  300 +0x[0-9a-f]+ +queued for any thread "
check "binder-transactions: who waits" says txns \
	"^thread $owner \(state-owner\) waits for the reply to$"

# arenas: those of debugfs come newest first
nth_arena()
{
	awk -v nth="$1" '/^  region:/ { n++ } n == nth' "$dir/arena"
}

# same_arena SECTION NTH
same_arena()
{
	nth_arena "$2" | sed -n '/^  slots:/,/^  events:/p' | grep '^ *[0-9*]' >"$dir/want"
	section "$1" | sed -n '/being moved:/,/^  slot /p' | grep '^ *[0-9*]' >"$dir/got"
	diff -u "$dir/want" "$dir/got" || return
	nth_arena "$2" | grep -oE '[0-9]+ in use, [0-9]+ idle, [0-9]+ absent|watermark [0-9]+|[0-9]+ live.*free$' \
		>"$dir/want"
	section "$1" | grep -oE '[0-9]+ in use, [0-9]+ idle, [0-9]+ absent|watermark [0-9]+|[0-9]+ live.*free$' \
		>"$dir/got"
	agree "$dir/want" "$dir/got" || return
	nth_arena "$2" | sed -n 's/^  events: //p' | grep -oE '[a-z_]+ [1-9][0-9]*' >"$dir/want"
	section "$1" | sed -n 's/^  events: //p' | grep -oE '[a-z_]+ [0-9]+' >"$dir/got"
	agree "$dir/want" "$dir/got"
}
check "binder-arena: the sender's as in debugfs" same_arena "arena owner" 1
check "binder-arena: the receiver's as in debugfs" same_arena "arena server" 2
nth_arena 2 | sed -nE 's/^  (0x[0-9a-f]+) \+([0-9]+).*/\1 \2/p' >"$dir/want"
section "arena server" | sed -nE 's/^    (0x[0-9a-f]+) \+([0-9]+) bytes.*/\1 \2/p' >"$dir/got"
check "binder-arena: its ranges" agree "$dir/want" "$dir/got"

sed -nE 's/^FRAME ([0-9]+) ([0-9a-f]+) (.*)/\1 \2 \3/p' "$dir/guest.log" >"$dir/want"
section frames | awk '
	/^0x/ { address = substr($1, 3); who = $4 }
	/^  page  none/ { print who, address, "absent 0" }
	/^  page  page frame/ { sub("0x", "", $4); sub(",", "", $4)
				print who, address, "present", $4 }' >"$dir/got"
check "um-pte: page frames as in pagemap" agree "$dir/want" "$dir/got"
check "um-pte: the slot" says frames "^  slot  3, in use$"
check "um-pte: an absent slot" says frames "^  slot  15, absent$"
check "um-pte: each level" says frames "^  pmd   0x[0-9a-f]{16} at 0x[0-9a-f]+: present "

sed -nE 's/^([0-9]+) \((.*)\) ([A-Z]) ([0-9]+) .*/\1 \2 \3 \4/p' "$dir/guest.log" |
	while read -r p name state parent; do
		rss=$(awk -v p="$p" '$1 == p && /^[0-9]+ \(/ { print $24 * 4 }' "$dir/guest.log")
		echo "$p $name $state $parent $rss"
	done >"$dir/want"
rows procs | awk -F '|' '$5 ~ /^(init|state-server|state-owner)$/ {
	print $1, $5, $4, $3, $8 }' >"$dir/got"
check "um-procs: as in /proc/PID/stat" agree "$dir/want" "$dir/got"
check "um-procs: the one that runs" says procs "^\*[0-9]+ .* state-watcher "

check "binder-lru: a page that is in use again" says lru \
	"^  1 +$server +state-server +0 +0x40000000 +[0-9a-f]+ +in use$"
check "binder-lru: an idle one" says lru "^  2 +$owner +state-owner .* idle$"
check "binder-validate: all is well" says validate "^all books agree$"
if [ "$(nm "$BUILD_DIR/$BUILD/linux" | grep -c ' arena_validate$')" != 0 ]; then
	check "binder-validate: the kernel agrees" same 2 \
		"$(section validate | grep -c 'arena_validate() agrees$')"
else
	check "binder-validate: the kernel cannot be asked" says validate "has no arena_validate"
fi

check "completion: processes" says "complete um-vmas" "^um-vmas $server$"
check "completion: but no kernel threads" same 0 \
	"$(section "complete um-vmas" | grep -c '^um-vmas 2$')"
check "completion: of binder" same "binder-arena $server binder-arena $owner " \
	"$(section "complete binder-arena" | grep -v svg | tr '\n' ' ')"
check "completion: messages" says "complete follow" "^binder-follow 9$"
check "completion: a word" says "complete next" "^binder-follow next$"
check "completion: an option" says "complete option" "^um-vmas $server --svg$"
check "error: no arena" says "error binder-page 1 0" "^error: .*has no arena"
check "error: no slot" says "error binder-page $server 256" "^error: there is no slot 256"
check "error: no index" says "error binder-page $server" "^error: usage: binder-page"
check "error: no message" says "error binder-follow 4711" "^error: there is no message 4711"
check "error: no address" says "error um-pte 1" "^error: usage: um-pte"
check "error: too much" says "error binder-lru 1" "^error: usage: binder-lru"
check "error: nowhere to write" says "error nowhere" \
	"^error: /nowhere/x.svg: No such file"
check "error: not in the loop" says "error binder-copy" "^error: the kernel is not copying"
check "error: no binder" says "error binder-threads 2" "^error: .*no binder file open"
finish
