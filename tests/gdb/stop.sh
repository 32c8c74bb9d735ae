#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# stop_on_user_error under gdb: at the first mistake of a program everybody
# stands, and gdb shows who made it, and how.

. "$(dirname "$0")/lib.sh"

on_guest binder.stop_on_user_error=1 exec /tests/conformance/ioctls -t F_034 <<'END'
break binder_wait_if_stopped if binder_stop_on_user_error == 2
run
echo <stopped>\n
print binder_stop_on_user_error
backtrace 4
lx-ps
echo <mistake>\n
frame function binder_ioctl
info args
echo <on>\n
delete
set variable binder_stop_on_user_error = 0
continue
END
check 'the guest ends' same 0 "$status"
check 'it stopped at the mistake' says stopped '= 2$'
check 'in the system call that made it' says stopped 'binder_ioctl'
check 'whose arguments are there' says mistake '^cmd = '
check 'when told to go on, the program does' grep -a '^ok 1 ' "$console"
finish
