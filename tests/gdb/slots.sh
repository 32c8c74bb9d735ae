#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# binder-arena shows a page slot in each of its states, as a message of three
# pages comes and goes.

. "$(dirname "$0")/lib.sh"

on_guest exec /guest slots <<'END'
stage
echo <before>\n
set $receiver = $named("slots-server")
binder-arena $receiver
binder-break-copy
continue
echo <copying>\n
binder-arena
python
if gdb.lookup_global_symbol("arena_validate"):
    gdb.execute("echo <valid>\\n")
    gdb.execute("print arena_validate($binder_arena())")
end
echo <wrong>\n
set variable $binder_arena()->slots[1]->in_use = 0
binder-arena
set variable $binder_arena()->slots[1]->in_use = 1
continue
echo <delivered>\n
binder-arena
python
from binder import arena, kernel
data = b""
for slot in arena.slots(proc("slots-server")['arena'])[:3]:
    data += bytes(gdb.selected_inferior().read_memory(
        kernel.page_address(slot.page), kernel.PAGE_SIZE))
gdb.write(f"bytes: {len(data)}, of them sent: {data.count(b's')}\n")
end
continue
echo <dropped>\n
binder-arena
echo <dropped page>\n
binder-page $receiver 0
echo <lru before>\n
binder-lru
continue
echo <freed>\n
binder-arena
echo <freed page>\n
binder-page $receiver 2
echo <lru freed>\n
binder-lru
continue
echo <lru reclaimed>\n
binder-lru
echo <reclaimed page>\n
binder-page $receiver 2
echo <reclaimed>\n
binder-arena
binder-arena $receiver->arena
echo <end>\n
continue
END

check "the guest and gdb came to their end" same 0 "$status"
check "the guest was not disturbed" grep "^slots: done" "$console"

# state STAGE PAGES PICTURE
state()
{
	check "$1: $2" says "$1" "^  pages: $2, watermark [0-9]+$"
	check "$1: picture $3" says "$1" "^       0 $3\.{61}$"
	check "$1: the books agree" says "$1" "^  books: .* agree$"
}
state before "0 in use, 0 idle, 256 absent, 0 on the LRU" '\.\.\.'
state copying "3 in use, 0 idle, 253 absent, 0 on the LRU" '###'
state delivered "3 in use, 0 idle, 253 absent, 0 on the LRU" '###'
state dropped "3 in use, 0 idle, 253 absent, 0 on the LRU" '\+##'
state freed "0 in use, 3 idle, 253 absent, 3 on the LRU" '-oo'
state reclaimed "0 in use, 0 idle, 256 absent, 0 on the LRU" '\.\.\.'

range="^    0x[0-9a-f]+ \+12288 bytes, slots 0-2, transaction [0-9]+ 0x[0-9a-f]+, "
check "copying: the range" says copying "${range}not delivered$"
check "delivered: the range" says delivered "${range}with the receiver$"
check "freed: no range" says freed "^  ranges: 0 live"
check "a book that is wrong is noticed" says wrong \
	"^  BOOKS DISAGREE: slot 1 is idle, but under a range$"
check "and nothing else is" same 2 "$(section wrong | grep -c DISAGREE)"
# Kernels without any tests in them have no validator of their own.
if grep -q '<valid>' "$log"; then
	check "the driver's validator agrees" says valid "= true"
fi
check "delivered: the bytes are where it says" \
	says delivered "^bytes: 12288, of them sent: 12288$"
check "dropped: the page table lacks the first page" \
	says dropped "^     0 .* in use  no +no$"
check "dropped: but has the second" says dropped "^     1 .* in use  yes +no$"
check "freed: the pages wait on the LRU" \
	says freed "^     2 .* idle    yes +yes$"
check "reclaimed: it has been counted" says reclaimed "^  events: .*reclaimed 3"

check "page 0, dropped: in use" says "dropped page" "^slot 0 of arena .*: in use, 0x"
check "page 0, dropped: not mapped" says "dropped page" "^  pte +0x0+ at 0x[0-9a-f]+: none$"
check "page 0, dropped: what was sent" says "dropped page" " 73 73 73 73  s{16}$"
check "page 0, dropped: under the range" says "dropped page" \
	"^  range 0x[0-9a-f]+ \+12288 bytes, slots 0-2, .* with the receiver$"
check "page 2, freed: third of three on the LRU" says "freed page" \
	"^  LRU   3 of 3, counted from the oldest$"
check "page 2, freed: no range" says "freed page" "^  range none overlaps it$"
check "page 2, reclaimed: no page" says "reclaimed page" "^  page  none in the slot$"
check "LRU: empty" says "lru before" "^0 pages on the LRU$"
order()
{
	section "lru freed" | awk '$3 == "slots-server" { printf "%s ", $4 }'
}
check "LRU: the pages in the order of their slots" same "0 1 2 " "$(order)"
check "LRU: empty again" says "lru reclaimed" "^0 pages on the LRU$"
finish
