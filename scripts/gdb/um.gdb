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

# Tables are wide: let the terminal wrap them, or be made wider.
set width 0
set pagination off
set confirm off
set print pretty on
set print symbol on

# The kernel's own commands are loaded from where it was built, ours from beside
# this file, and in the debug information sources are named as seen from the top
# of the repository, those that were made for a build as seen from there; all of
# that is found from the kernel, wherever gdb was started. Not within a Python file: gdb does not tell a nested one its name.
python
import os
import gdb

def _load_commands():
    kernel = gdb.current_progspace().filename
    if not kernel:
        gdb.write("no kernel: gdb -x scripts/gdb/um.gdb ./linux\n")
        return
    build = os.path.dirname(os.path.realpath(kernel))
    top = next((d for d in (os.getcwd(), os.path.realpath(build + "/../.."))
                if os.path.exists(d + "/scripts/gdb/binder-gdb.py")), None)
    if not os.path.exists(build + "/vmlinux-gdb.py") or not top:
        gdb.write(f"{build} is no build of this repository with its gdb "
                  "scripts: scripts/build-kernel NAME scripts_gdb\n")
        return
    gdb.execute(f"directory {top}")
    gdb.execute(f"directory {build}")
    gdb.execute(f"source {build}/vmlinux-gdb.py")
    gdb.execute(f"source {top}/scripts/gdb/binder-gdb.py")

_load_commands()
end
