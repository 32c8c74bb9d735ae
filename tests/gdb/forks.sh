#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Breakpoints survive fork and exec of the guest's programs, each of which is a
# fork of the kernel to the host: all that stop is the driver, for each message of
# each program, and no program of the guest is taken along.

. "$(dirname "$0")/lib.sh"

n=4
on_guest exec /guest forks $n <<'END'
break binder_reply
python
from binder import kernel, objects, vmas
stops = 0
gdb.execute("run")
while gdb.selected_inferior().pid:
    stops += 1
    callers = [t for t in kernel.all_tasks() if objects.comm(t) == "knock"]
    gdb.write(f"<stop {stops}>\n")
    gdb.write(f"inferiors {len(gdb.inferiors())} knock {len(callers)}\n")
    gdb.execute(f"um-vmas {int(callers[0]['pid'])}")
    gdb.execute("um-procs")
    if stops == 2:
        gdb.execute("binder-break-copy")
    gdb.execute("continue")
gdb.write(f"<end>\nstops {stops}\n")
end
END

check "the guest and gdb came to their end" same 0 "$status"
check "the guest was not disturbed" grep "^forks: done" "$console"
check "each program has knocked" same $n "$(grep -c ' knocked' "$console")"
check "a stop for each message, and one for the copy" grep "^stops $((n + 1))$" "$log"
check "the program that was executed is the caller" same $((n + 1)) \
	"$(grep -c '^inferiors 1 knock 1$' "$log")"
check "its memory is that of the program" says "stop $((n + 1))" \
	"^00400000-[0-9a-f]+ r--p 00000000 .* /guest$"
check "with a region of its own" says "stop $((n + 1))" " /dev/binder$"
check "one host process for each program" same "$(section "stop 1" |
	awk '$5 ~ /^(init|guest|forks-server|knock)$/ { print $9 }' | sort -u | wc -l)" 4
check "gdb has not stopped for a signal" same 0 "$(grep -c 'received signal' "$log")"
finish
