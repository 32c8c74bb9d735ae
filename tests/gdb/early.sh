#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Before there is a guest, and before it has booted, each command says so; and
# what is typed wrong gets a line that helps.

. "$(dirname "$0")/lib.sh"

on_guest exec /guest slots <<'END'
python
LOOKS = ("um-procs", "um-vmas 1", "um-pte 1 0x400000", "binder-procs",
         "binder-threads", "binder-nodes", "binder-refs",
         "binder-transactions", "binder-arena 1", "binder-page 1 0",
         "binder-lru", "binder-locks", "binder-validate", "binder-copy")
WRONG = ("um-procs x", "um-vmas --svg", "um-pte 1", "binder-arena nobody",
         "binder-page 1 x", "binder-page", "binder-lru x", "binder-locks x",
         "binder-follow", "binder-follow nxt", "binder-break-copy x",
         "binder-copy x", "um-core", "binder-procs 1")
def look(when, commands):
    for command in commands:
        show(f"{when}: {command}", command)
look("no guest", LOOKS)
show("no guest: complete", "complete binder-arena ")
end
binder-follow next
binder-break-copy
binder-follow off
delete
break start_kernel
run
python look("no kernel", LOOKS)
break kernel_init_freeable
continue
python look("booting", LOOKS)
delete
stage
python look("wrong", WRONG)
echo <help>\n
help binder-arena
help binder-page
echo <end>\n
delete
continue
END

check "the guest and gdb came to their end" same 0 "$status"
check "the guest was not disturbed" grep "^slots: done" "$console"
check "no Python traceback" same 0 "$(grep -c Traceback "$log")"
check "nothing is taken for broken" same 0 "$(grep -c 'is broken' "$log")"
check "each section says something" same "" "$(awk '/^<.*>$/ {
	if (name && !said && name !~ /complete/) print name; name = $0; said = 0; next }
	NF { said = 1 }' "$log")"
check "without a guest all commands that look say how to get one" same 14 \
	"$(grep -c '^error: there is no guest to look at: "run" starts one, ' "$log")"
check "a message may be followed all the same" grep '^following the next message' "$log"
for when in "no kernel" booting; do
	check "$when: no process" says "$when: um-procs" "^the kernel is still booting"
	check "$when: no LRU" says "$when: binder-lru" "^the kernel is still booting"
	check "$when: nobody uses binder" says "$when: binder-nodes" \
		"^no process has a binder device open$"
	check "$when: nothing is wrong" says "$when: binder-validate" "^all books agree$"
done
check "no process of that number" says "no kernel: um-vmas 1" \
	"^error: there is no process 1; lx-ps lists all, "
check "a thread of the kernel" says "booting: um-vmas 1" \
	"^error: process 1 \([a-z/0-9]+\) has no address space$"
wrong=(um-procs\ x um-pte\ 1 binder-page binder-lru\ x binder-locks\ x binder-follow
	binder-break-copy\ x binder-copy\ x um-core binder-procs\ 1)
for command in "${wrong[@]}"; do
	check "$command: how to use it" says "wrong: $command" "^error: usage: ${command% *}"
done
check "an option without its value" says "wrong: um-vmas --svg" "^error: --svg needs a file name$"
for command in "binder-arena nobody" "binder-follow nxt"; do
	check "$command: what that is not" says "wrong: $command" \
		"^error: ${command#* }: no number, and no expression: No symbol "
done
check "help: how to call it" says help '^binder-arena \[PID \| EXPRESSION\] \[--svg FILE\]$'
check "help: of the next one, too" says help '^binder-page PID INDEX$'
finish
