#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The commands in the middle of an operation, with locks held: who holds them,
# and pages that are being moved.

. "$(dirname "$0")/lib.sh"

on_guest exec /guest slots <<'END'
tbreak range_reserve
run
echo <reserve locks>\n
binder-locks
echo <reserve validate>\n
binder-validate $binder_arena()
tbreak arena_fill
continue
echo <fill>\n
binder-arena
echo <fill page>\n
binder-page $binder_arena() 1
tbreak bmm_vma_insert_pages
continue
echo <map locks>\n
binder-locks
echo <map>\n
binder-arena
tbreak bmm_vma_zap
continue
echo <zap locks>\n
binder-locks
echo <zap>\n
set $receiver = $named("slots-server")
binder-arena $receiver
echo <zap validate>\n
binder-validate $receiver
echo <end>\n
continue
END

check "the guest and gdb came to their end" same 0 "$status"
check "the guest was not disturbed" grep "^slots: done" "$console"
if grep -q '^CONFIG_LOCKDEP=y' "$BUILD_DIR/$BUILD/.config"; then
	check "reserve: who holds arena->lock" says "reserve locks" \
		"^[0-9]+ +slots-client +.* +write +arena_reserve.* arena->lock of process [0-9]+ \(slots-server\)$"
	check "reserve: the kernel is not asked then" says "reserve validate" \
		"the kernel was not asked: arena->lock is held$"
	check "zap: the receiver itself, by the shrinker" says "zap locks" \
		"^[0-9]+ +slots-server .* tried +.* arena->map_mutex of process [0-9]+ \(slots-server\)$"
else
	check "without lockdep it says so" says "reserve locks" "^no lockdep in this kernel"
fi
check "reserve: no mutex" says "reserve locks" "^no mutex of the driver is held$"
check "fill: the slots are reserved, their pages not here" says fill "^       0 >>>\.{61}$"
check "fill: and counted so" says fill \
	"^  pages: 0 in use, 0 idle, 256 absent, 3 of them being moved, 0 on the LRU"
check "fill: that is no contradiction" says fill "^  books: .* agree$"
check "fill: a page on its way in" says "fill page" "^slot 1 .*: moving in, 0x"
check "map: who holds the mutex" says "map locks" \
	"^arena->map_mutex of process [0-9]+ \(slots-server\): held by thread [0-9]+ \(slots-client\)$"
check "map: the pages are in, not yet mapped" says map "^       0 \+\+\+\.{61}$"
check "zap: who holds the mutex" says "zap locks" \
	"^arena->map_mutex of .* \(slots-server\): held by thread [0-9]+ \(slots-server\)$"
check "zap: out of the slots, still mapped, but for what was dropped" says zap \
	"^       0 \.<<\.{61}$"
check "zap: that is no contradiction" says "zap validate" "^all books agree$"
finish
