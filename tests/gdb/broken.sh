#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A structure that is broken gives a message, after what could be shown; never a
# Python traceback, and never a command that does not end.

. "$(dirname "$0")/lib.sh"

on_guest exec /guest state <<'END'
stage
python
from binder import arena, nodes
receiver = proc("state-server")
thread = list(objects.threads(receiver))[0]
node = list(nodes.nodes(receiver))[0]
txn = list(arena.ranges(receiver['arena']))
record = arena.slots(receiver['arena'])[1].record
inferior = gdb.selected_inferior()
COMMANDS = ("um-procs", "binder-procs", "binder-threads", "binder-nodes",
            "binder-refs", "binder-transactions", "binder-locks",
            "binder-lru", "binder-validate") + tuple(
                f"{c} {int(receiver['pid'])}" for c in
                ("binder-arena", "um-vmas", "binder-validate")) + (
                f"binder-page {int(receiver['pid'])} 1",
                f"um-pte {int(receiver['pid'])} 0x40001000")

def broken(name, *writes):
    """Overwrite (address, number of 8 bytes), look at everything, repair."""
    before = [bytes(inferior.read_memory(a, 8)) for a, _ in writes]
    for address, value in writes:
        inferior.write_memory(address, value.to_bytes(8, "little"))
    for command in COMMANDS:
        show(f"{name}: {command.split()[0]}", command)
    for (address, _), data in zip(writes, before):
        inferior.write_memory(address, data)

def at(value):
    return int(value.address)

todo = at(receiver['todo'])
link = at(node['oneway_todo']['next'])
first = int(node['oneway_todo']['next'])
broken("circle", (first, first))
broken("nowhere", (at(receiver['todo']['next']), 0x10))
broken("cleared", (at(thread['todo']['next']), 0))
broken("tree", (at(thread['node']['rb_left']), at(thread['node'])))
broken("slot", (int(receiver['arena']['slots']) + 8, 0x123456))
broken("size", (at(receiver['arena']['size']), 1 << 60))
broken("range", (at(txn[0]['range']['start']), 1 << 40))
broken("arena", (at(receiver['arena']), 0xdead0000))
broken("name", (at(receiver['context']['name']), int(record)))
broken("comm", (at(receiver['leader']['comm']), 0xfffefdfcfbfaf9f8))
broken("vmas", (at(receiver['arena']['mm']['mm']['mm_mt']['ma_root']), 0x1002))
broken("pgd", (at(receiver['arena']['mm']['mm']['pgd']), 8))
broken("stack", (at(thread['stack']), 0x10))
broken("handles", (at(receiver['handles']['xa_head']), 0xdead0000002))
broken("watermark", (at(receiver['arena']['watermark']), 0))
broken("counted", (at(node['strong_refs']), 3))
broken("listed", (at(record['index']), 0x10100000001))
show("whole", "binder-validate")
end
echo <end>\n
continue
END

check "the guest and gdb came to their end" same 0 "$status"
check "the guest was not disturbed" grep "^state: done" "$console"
check "no Python traceback" same 0 "$(grep -c 'Traceback' "$log")"
check "and no exception by its name alone" same 0 \
	"$(grep -cE '^Python Exception|^error: Error occurred in Python' "$log")"

# complains WHAT COMMAND REGEX
complains()
{
	check "$1: $2" says "$1: $2" "$3"
}
complains circle binder-nodes "a structure is broken: the list at 0x[0-9a-f]+ runs in a circle"
complains circle binder-validate "WRONG: nodes: a structure is broken: .* circle"
complains nowhere binder-procs "^error: .*a structure is broken, or is just being changed: .*0x10"
complains nowhere binder-transactions "^error: .*a structure is broken"
complains cleared binder-threads "^error: .*was never set up, or has been cleared"
complains tree binder-threads "^error: .*the tree at .* comes to the node .* twice"
complains slot binder-arena "^  slots: a structure is broken.*a pointer leads nowhere"
complains slot binder-arena "^  region: 0x40000000-0x40100000"
complains slot binder-arena "^  events: "
complains size binder-arena "^  slots: a structure is broken: .* says that it has"
complains range binder-arena "^  slots: a structure is broken: the range at .* ends behind its arena"
complains name binder-procs "^error: .*a name is no text|^PID"
complains comm um-procs "^error: .*a structure is broken: a name is no text$"
complains comm um-procs "^1 +1 +0 +S +init "
complains vmas um-vmas "^error: .*a structure is broken"
complains pgd um-pte "a structure is broken"
complains stack binder-threads "^error: .*a structure is broken"
complains handles binder-refs "^error: .*a structure is broken"
complains handles binder-validate "WRONG: references: a structure is broken"
complains watermark binder-validate "WRONG: slot 0 has a page above the watermark$"
complains counted binder-validate "WRONG: node 1 has 0 strong handles, but 3 are counted$"
complains listed binder-validate "LRU WRONG: slot 1 of process .* is marked as listed, but on no list$"
check "repaired, all is well" says whole "^all books agree$"
finish
