#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A message over three pages, which do not follow each other, is stepped through
# the copy loop as a user does it: with a breakpoint, next, step and finish. At
# each stop binder-copy tells what the memory says.

. "$(dirname "$0")/lib.sh"

on_guest exec /guest scattered <<'END'
break arena_copy_from_user if len == 12288
run
delete
python
from binder import arena, frames, kernel
receiver = proc("scat-server")
LOOP = ("arena_copy_from_user", "runs_start", "runs_next")
BELOW = ("raw_copy_from_user", "buffer_op", "do_op_one_page",
         "copy_chunk_from_user")

def arrived():
    """How many bytes of the message are there: they are 's', others are not."""
    data = b"".join(bytes(gdb.selected_inferior().read_memory(
        kernel.page_address(slot.page), kernel.PAGE_SIZE))
        for slot in arena.slots(receiver['arena'])[:3])
    return len(data) - len(data.lstrip(b"s"))

def way_on(stop):
    """Through the functions that copy, and out of all others."""
    frame = gdb.newest_frame()
    while frame.type() == gdb.INLINE_FRAME:
        frame = frame.older()
    if frame.name() in BELOW[2:] or frame.name() not in LOOP + BELOW:
        return "finish"
    return "step" if stop % 3 == 0 else "next"

class InLoop(gdb.Breakpoint):
    """Others may come there, too, if the sender is preempted."""

    def stop(self):
        return frames.on_stack("arena_copy_from_user") is not None

InLoop("raw_copy_from_user")
InLoop("copy_chunk_from_user")
for stop in range(300):
    if not frames.on_stack("arena_copy_from_user"):
        break
    gdb.write("<stop>\n")
    gdb.execute("binder-copy")
    gdb.write(f"truth {arrived()} in {gdb.newest_frame().name()}\n<way on>\n")
    gdb.execute(way_on(stop), to_string=True)
end
delete
echo <end>\n
continue
END

check "the guest and gdb came to their end" same 0 "$status"
check "the guest was not disturbed" grep "^scattered: done" "$console"

check "no step ends in the handler of the guest's timer" same 0 \
	"$(grep -cE '^truth .*handler|^hard_handler' "$log")"

# A line for each stop: done, of, kind and size of what is at hand, its first byte
# in the buffer, where that goes, slot, offset, same bytes, truth.
awk '/^<stop>$/ { done = of = size = first = slot = offset = to = alike = "-"; kind = "none" }
	/ bytes done/ && $2 == "of" { done = $1; of = $3 }
	/ bytes done, or a run more/ { kind = "search" }
	/^  all [0-9]+ bytes done/ { done = of = $2 }
	/^  nothing is copied yet/ { kind = "begin"; done = 0 }
	/ in this (run|piece): / {
		match($0, /[0-9]+ in this/)
		size = substr($0, RSTART) + 0
		kind = /the last/ ? "over" : / in this run/ ? "run" : "piece"
		match($0, /bytes [0-9]+-/)
		first = substr($0, RSTART + 6) + 0
	}
	/^  to   0x/ { to = $2 }
	/^    slot / { slot = $2 + 0; offset = $4 + 0 }
	/^  the first / { alike = $3 }
	/^  all of this/ { alike = size }
	/^truth / { print done, of, kind, size, first, to, slot, offset, alike, $2, $4 }' \
	"$log" >"$dir/stops"

# Before it are the bytes that are done, and no more than what is at hand.
true_at_each_stop()
{
	local copied of kind size first to slot offset alike truth where n=0

	while read -r copied of kind size first to slot offset alike truth where
	do
		n=$((n + 1))
		echo "$copied of $of, $kind $size from $first on; really $truth ($where)"
		case $kind in
		none)	[ "$copied" = "$truth" ] || return 1; continue ;;
		begin)	[ "$truth" = 0 ] || return 1; continue ;;
		search)	[ "$copied" -le "$truth" ] || return 1; continue ;;
		over)	[ "$copied" = "$truth" ] || return 1 ;;
		*)	[ "$copied" -le "$truth" ] || return 1
			[ "$truth" -le $((first + size)) ] || return 1 ;;
		esac
		[ "$of" = 12288 ] || return 1
		[ $((to)) = $((0x40000000 + first)) ] || return 1
		[ "$slot" = $((first / 4096)) ] || return 1
		[ "$offset" = $((first % 4096)) ] || return 1
		[ $((first + alike)) = "$truth" ] || return 1
	done <"$dir/stops"
	[ "$n" -ge 20 ]
}
check "each stop is what the memory says" true_at_each_stop

# places KIND: at how many different places in the message there was one
places()
{
	awk -v k="$1" '$3 == k { print $5 }' "$dir/stops" | sort -u | wc -l
}
at_least()
{
	echo "$2"
	[ "$2" -ge "$1" ]
}
check "before the first run" grep '^0 .* begin ' "$dir/stops"
check "two runs or more at hand" at_least 2 "$(places run)"
check "and done" at_least 2 "$(places over)"
check "pieces of them" at_least 3 "$(places piece)"
check "between them" grep ' search ' "$dir/stops"
check "and the end" grep '^12288 12288 over' "$dir/stops"
check "how far the pieces are, from within a run" grep -E \
	'^[1-9][0-9]* 12288 run .* (buffer_op|do_op_one_page)$' "$dir/stops"
check "whose the source is" says stop "^  from 0x[0-9a-f]+ of process [0-9]+ \(scat-client\), 0x"
check "what is mapped there" says stop "^    [0-9a-f]+-[0-9a-f]+ rw.p .*"
check "whose the target is" says stop "^  to   0x40000000 of process [0-9]+ \(scat-server\), 0x"
check "what is mapped there, too" says stop "^    40000000-40100000 r--p .* /dev/binder$"
check "which message" says stop "^  transaction [0-9]+ 0x[0-9a-f]+, buffer at 0x40000000 \+12288$"
finish
