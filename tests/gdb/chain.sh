#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who waits for whom: a call that waits for a call in another context, and one
# that has to queue.

. "$(dirname "$0")/lib.sh"

on_guest exec /guest chain <<'END'
stage
echo <all>\n
binder-transactions
python
from binder import txn
for name in ("chain-first", "chain-second", "chain-middle"):
    show(name, f"binder-transactions {pid(name)}")
show("thread", f"binder-transactions $binder_thread({pid('chain-first')})")
# As if middle's call had come back to first: nobody would ever go on.
first = gdb.parse_and_eval(f"$binder_thread({pid('chain-first')})")
before, txn.server_of = txn.server_of, lambda call: first
show("circle", f"binder-transactions {pid('chain-first')}")
txn.server_of = before
second, middle = pid("chain-second"), pid("chain-middle")
show("function", f"print $binder_thread({second})->pid == {second}")
gdb.execute(f"print $binder_proc({middle})->pid == {middle}")
end
echo <procs>\n
binder-procs
echo <threads>\n
binder-threads
echo <nodes>\n
binder-nodes
echo <lx>\n
lx-version
lx-ps
echo <end>\n
continue
END

check "the guest and gdb came to their end" same 0 "$status"
check "the guest was not disturbed" grep "^chain: done" "$console"

# The names of the threads in the order in which they wait, and how it ends.
waits()
{
	section "$1" | sed -n 's/.*thread [0-9]* (\([^)]*\)) waits for the .*/\1/p
		s/.*thread [0-9]* (\([^)]*\)) waits for nobody/\1 nobody/p
		s/.*which is queued for any thread of .*(\(.*\))/queued \1/p' |
		tr '\n' ' '
}
check "first waits for middle, and that for end" same \
	"chain-first chain-middle chain-end nobody " "$(waits chain-first)"
check "the same by its thread record" same \
	"chain-first chain-middle chain-end nobody " "$(waits thread)"
check "second waits in the queue of middle" same \
	"chain-second queued chain-middle " "$(waits chain-second)"
check "middle owes first an answer" says chain-middle \
	"^  owes thread [0-9]+ \(chain-first\) an answer to call [0-9]+ 0x.*: code 7, 6 bytes"
check "all who are in a transaction" says all "chain-second\) waits for the reply"
check "a circle is noticed" says circle \
	"^ +thread [0-9]+ \(chain-first\): a CIRCLE, nobody in it can go on$"
check "the convenience functions" same 2 "$(section function | grep -c '= 1')"

# row NAME CONTEXT THREADS NODES TODO
row()
{
	says procs "^[0-9]+ +$1 +$2 +$3 +$4 +$5 +[0-9a-f]+-[0-9a-f]+ .* 0x[0-9a-f]+$"
}
check "procs: the first caller" row chain-first binder 1 0 0
check "procs: the second caller" row chain-second binder 1 0 0
check "procs: middle, with a call in its queue" row chain-middle binder 1 1 1
check "procs: middle's file of the other context" row chain-middle hwbinder 1 0 0
check "procs: the end" row chain-end hwbinder 1 1 0
check "threads: middle has to answer one call, waits for another" says threads \
	"^  [0-9]+ +chain-middle +02 entered +busy .* has to answer [0-9]+ +0x"
check "threads: and waits in its other file" says threads \
	"^  [0-9]+ +chain-middle +10 waiting +busy .* waits for the reply to [0-9]+ +0x"
check "nodes: the manager of binder" says nodes \
	"^  [0-9]+ +0x0 +0x0 .* manager of binder +- +0x[0-9a-f]+$"
check "nodes: the manager of hwbinder" says nodes \
	"^  [0-9]+ +0x0 +0x0 .* manager of hwbinder +- +0x[0-9a-f]+$"
check "the commands of the kernel are there" says lx "^Linux version 6\.12"
check "and list tasks" says lx " chain-end$"
finish
