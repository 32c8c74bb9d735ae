#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# binder-follow stops at each station of a message, and there the driver's
# structures are what the station says.

. "$(dirname "$0")/lib.sh"

on_guest exec /guest slots <<'END'
binder-follow next
python
from binder import arena, follow
for step in range(12):
    gdb.execute("continue" if step else "run")
    journey = follow._Follower.journey
    if journey is None:
        break
    buf = journey.txn['buf']
    if "freed" in journey.seen:
        continue
    entry = journey.txn['work']['entry']
    queued = int(entry['next'] != entry.address)
    gdb.write(f"truth {journey.seen[-1]}: size {int(buf['range']['size'])} with "
              f"{int(buf['with_user']['counter'])} queued {queued}\n")
end
echo <after>\n
binder-lru
echo <end>\n
continue
END

check "the guest and gdb came to their end" same 0 "$status"
check "the guest was not disturbed" grep "^slots: done" "$console"
check "all stations, in this order" same \
	"reserved pages in copied queued delivered freed reclaimed " \
	"$(sed -n 's/^STATION \(.*\): .*/\1/p' "$log" | sed 's/:.*//' | tr '\n' ' ')"

# station NAME PICTURE
station()
{
	grep -A 1 "^STATION $1: " "$log" | tail -n 1 |
		grep -E "^  12288 bytes at 0x40000000 of process [0-9]+ \(slots-server\), slots 0-2: $2$"
}
check "reserved: the pages are on their way" station reserved '>>>'
check "pages in: they are there, and mapped" station "pages in" '###'
check "queued" station queued '###'
check "delivered" station delivered '###'
check "freed: idle, but the first is not mapped" station freed '-oo'
check "reclaimed: gone" station reclaimed '\.\.\.'
check "copied: not queued yet" grep "^truth copied: size 12288 with 0 queued 0" "$log"
check "queued: on a list" grep "^truth queued: size 12288 with 0 queued 1" "$log"
check "delivered: off the list, with the receiver" \
	grep "^truth delivered: size 12288 with 1 queued 0" "$log"
check "and then it is over" grep -F "that was the last station" "$log"
check "nothing is left of it" says after "^0 pages on the LRU$"

# One that has been sent already: only the stations that are still to come.
on_guest exec /guest slots <<'END'
stage
continue
python
from binder import txn
gdb.execute(f"binder-follow {list(txn.all_txns().values())[0][0]['id']}")
end
delete
continue
binder-follow off
echo <end>\n
continue
END
check "one that has been delivered is found by its number" \
	grep -E "^following call [0-9]+ 0x[0-9a-f]+ to node" "$log"
check "and next is freed" same "freed" "$(sed -n 's/^STATION \(.*\): .*/\1/p' "$log")"
check "until it is not followed any more" grep "^following nothing" "$log"
check "the guest goes on" grep "^slots: done" "$console"

# A oneway message behind another one, which its receiver keeps.
on_guest exec /guest state <<'END'
break binder_send if parcel->tr->data_size == 100
run
delete
binder-follow next
python
for step in range(3):
    gdb.execute("continue")
gdb.execute("binder-transactions")
end
binder-follow off
continue
END
check "the guest came to its end" grep "^state: done" "$console"
check "a oneway message waits for its turn" same \
	"pages in, copied, waits for its turn, " \
	"$(sed -n 's/^STATION \([^:]*\): .*/\1, /p' "$log" | tr -d '\n')"
check "binder-transactions says so, too" grep -E \
	"^  [0-9]+ +oneway message +[0-9:]+ +[0-9]+:- +7 +100 .* waits for its turn at node 1 " \
	"$log"
finish
