#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How a message may end, for binder-follow, but for being received, freed and
# reclaimed, which follow.sh has.

. "$(dirname "$0")/lib.sh"

helpers='
python
from binder import follow
def begin(size):
    """Follow the next message of that size."""
    found = gdb.Breakpoint("binder_send")
    found.condition = f"parcel->tr->data_size == {size}"
    gdb.execute("continue" if gdb.selected_inferior().pid else "run")
    found.delete()
    gdb.execute("binder-follow next")
def go_on(station="none"):
    """From station to station up to that one, or the last."""
    while follow._Follower.journey:
        gdb.execute("continue")
        journey = follow._Follower.journey
        if journey and journey.seen[-1].startswith(station):
            break
end'

# stations SECTION
stations()
{
	section "$1" | sed -n 's/^STATION \([^:]*\): .*/\1; /p' | tr -d '\n'
}

# ended BOOT
ended()
{
	check "$1: the guest and gdb came to their end" same 0 "$status"
	check "$1: the guest was not disturbed" grep "$2" "$console"
	check "$1: no Python traceback" same 0 "$(grep -c Traceback "$log")"
}

# One of which the sender has only a part, and one that waits for its turn when
# the receiver dies.
on_guest exec /guest ends <<END
$helpers
echo <failed>\\n
python begin(12288)
python go_on("given up")
binder-lru
binder-follow off
echo <waits>\\n
python begin(5000)
python go_on()
echo <end>\\n
continue
END
ended "never delivered" "^ends: done"
check "a copy that fails: its stations" same "reserved; pages in; given up; " \
	"$(stations failed)"
check "a copy that fails: and why" says failed "^  for the reason BINDER_WHY_DATA_FAULT$"
check "a copy that fails: its pages are idle" says failed \
	"^  12288 bytes at 0x40000000 of process [0-9]+ \(ends-server\), slots 0-2: ooo$"
check "a copy that fails: and on the LRU" says failed "^3 pages on the LRU$"
check "one that waits when the receiver dies" same \
	"pages in; copied; waits for its turn; freed, never delivered, its receiver being dead; gone with the region; " \
	"$(stations waits)"

# One that the receiver has when it dies.
on_guest exec /guest ends <<END
$helpers
echo <kept>\\n
python begin(7000)
python go_on()
echo <end>\\n
continue
END
ended "kept" "^ends: done"
check "one that the receiver keeps until it dies" same \
	"pages in; copied; queued; delivered; freed, its receiver being dead; gone with the region; " \
	"$(stations kept)"
check "its pages are there after it" says kept \
	"^  7000 bytes at 0x40000000 of .*, slots 0-1: [o-]{2}$"

# One whose receiver dies while it is copied; or so it seems to its sender.
on_guest exec /guest ends <<END
$helpers
echo <dead>\\n
python begin(7000)
python go_on("copied")
python gdb.set_convenience_variable("to", follow._Follower.journey.txn["to"])
set variable \$to->dead = 1
python go_on("given up")
set variable \$to->dead = 0
binder-follow off
echo <end>\\n
continue
END
ended "dead" "^ends: done"
check "one to somebody who just died" same "pages in; copied; given up; " "$(stations dead)"
check "its pages are idle" says dead \
	"^  7000 bytes at 0x40000000 of .*, slots 0-1: oo$"

# The second of three oneway messages to one who is frozen, of which only the last
# counts.
on_guest test T=conformance/frozen/frozen.T_066 timeout=999999 <<END
$helpers
break binder_send if parcel->tr->flags & 0x40
run
continue
delete
echo <superseded>\\n
binder-follow next
python go_on("superseded")
binder-follow off
echo <end>\\n
continue
END
ended "superseded" "^ok 1 conformance/frozen"
check "one that a newer one supersedes" same "pages in; copied; waits for its turn; superseded; " \
	"$(stations superseded)"
finish
