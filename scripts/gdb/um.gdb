# SPDX-License-Identifier: GPL-2.0
#
# What gdb has to know of a User-Mode Linux kernel, which is a process that uses
# signals for its own ends: page faults of the guest (SIGSEGV), its timer
# (SIGALRM), its devices (SIGIO), waking up (SIGUSR1), the processes that its
# user space runs in (SIGCHLD), and the size of its terminal (SIGWINCH).

handle SIGSEGV SIGALRM SIGIO SIGUSR1 SIGCHLD SIGWINCH nostop noprint pass

# The processes of the guest are children of the kernel: leave them alone.
set follow-fork-mode parent
set detach-on-fork on
set print thread-events off
set print inferior-events off

# Types of the guest's user space and of the host are not of interest, and no
# server has to be asked for their debug information.
set debuginfod enabled off

set pagination off
set confirm off
set print pretty on
set print symbol on
