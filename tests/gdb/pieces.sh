#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A message over three pages is stepped through the copy loop, piece by piece:
# each step is what binder-copy says of it, and the bytes go where it says.

. "$(dirname "$0")/lib.sh"

on_guest exec /guest slots <<'END'
binder-break-copy --pieces
run
python
from binder import kernel
inferior = gdb.selected_inferior()
def first_bytes(address, count):
    return bytes(inferior.read_memory(address, count))
for step in range(9):
    frame = gdb.newest_frame()
    if gdb.selected_inferior().pid == 0 or \
            frame.name() != "copy_chunk_from_user":
        break
    source, size, to = (int(frame.read_register(r))
                        for r in ("rdi", "rsi", "rdx"))
    to = kernel.read_ulong(to)
    gdb.write(f"<step {step}>\n")
    gdb.execute("binder-copy")
    gdb.write(f"truth {source:#x} {to:#x} {size & 0xffffffff}\n")
    gdb.write(f"before {first_bytes(to, 4).hex()}\n")
    if size & 0xffffffff == 1:
        break
    gdb.execute("finish", to_string=True)
    gdb.write(f"after {first_bytes(to, 4).hex()}\n")
    gdb.write("<in between>\n")
    gdb.execute("binder-copy")
    gdb.execute("continue")
end
delete
echo <end>\n
continue
END

check "the guest and gdb came to their end" same 0 "$status"
check "the guest was not disturbed" grep "^slots: done" "$console"

# What each step says: done, of, piece, user source, kernel source, user target,
# kernel target, slot, offset in the page. Then the truth of the registers.
steps()
{
	sed -n '/^<step/,/^<end>/p' "$log" | awk '
		/ bytes done, / { done = $1; of = $3; piece = $6 }
		/^  from 0x/ { from = $2; kfrom = $7 }
		/^  to   0x/ { to = $2; kto = $7 }
		/^    slot / { slot = $2 + 0; offset = $4 + 0 }
		/^truth/ { print done, of, piece, from, kfrom, to, kto, slot, offset,
			   $2, $3, $4 }' | sed 's/,//g'
}
steps | head -n -1 >"$dir/steps"

# The pieces follow each other, each within a page of the sender.
consistent()
{
	local sum=0 first='' region=0x40000000
	local copied of piece from kfrom to kto slot offset tfrom tto tsize

	while read -r copied of piece from kfrom to kto slot offset tfrom tto tsize
	do
		first=${first:-$from}
		echo "$copied of $of, $piece: $from to $to"
		[ "$of" = 12288 ] && [ "$copied" = "$sum" ] || return 1
		[ "$piece" = "$tsize" ] && [ "$kfrom" = "$tfrom" ] || return 1
		[ "$kto" = "$tto" ] || return 1
		[ $((from)) = $((first + sum)) ] || return 1
		[ $((from / 4096)) = $(((from + piece - 1) / 4096)) ] || return 1
		[ $((kfrom % 4096)) = $((from % 4096)) ] || return 1
		[ $((to)) = $((region + sum)) ] || return 1
		[ "$slot" = $((sum / 4096)) ] || return 1
		[ "$offset" = $((sum % 4096)) ] || return 1
		[ $((kto % 4096)) = "$offset" ] || return 1
		sum=$((sum + piece))
	done <"$dir/steps"
	[ "$sum" = 12288 ]
}

lines()
{
	cat "$1"
	[ "$(wc -l <"$1")" -ge "$2" ]
}
check "there are at least three steps" lines "$dir/steps" 3
check "each is what the registers say, and all are the message" consistent
check "before each step the bytes are not there" same 0 \
	"$(section "step 0" | grep -c 'before 73737373')"
n=$(wc -l <"$dir/steps")
check "after each they are" same "$n" "$(grep -c '^after 73737373' "$log")"
check "between steps, what has been done" says "in between" \
	"^  [1-9][0-9]* of 12288 bytes done, [0-9]+ in this run: "
check "what is mapped at the source" says "step 0" "^    [0-9a-f]+-[0-9a-f]+ rw.p .*"
check "what is mapped at the target" says "step 0" \
	"^    40000000-40100000 r--p .* /dev/binder$"
check "whose the target is" says "step 0" "^  to   0x40000000 of process [0-9]+ \(slots-server\)"
check "whose the source is" says "step 0" "^  from 0x[0-9a-f]+ of process [0-9]+ \(slots-client\)"
check "which message" says "step 0" "^  transaction [0-9]+ 0x[0-9a-f]+, buffer at 0x40000000 \+12288$"
finish
