# SPDX-License-Identifier: GPL-2.0
#
# Commands for looking at the Binder driver in a User-Mode Linux kernel.
#
# Loaded by scripts/gdb-run and scripts/gdb-attach; by hand:
#
#	(gdb) source build/run/vmlinux-gdb.py
#	(gdb) source scripts/gdb/binder-gdb.py
#
# The commands read memory and never write it, call nothing in the kernel and
# take no lock. They may therefore be used wherever the kernel stopped, and on a
# core file. The other side of that is that a structure that was just being
# changed is shown half changed.

"""Load the commands of the package "binder" into gdb."""

import os
import sys

import gdb

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

try:
    import linux.constants  # noqa: F401
except ImportError as exc:
    raise gdb.GdbError("source vmlinux-gdb.py of the kernel's build first: "
                       "the commands use its helpers") from exc

# pylint: disable=wrong-import-position,unused-import
import binder.arena     # noqa: E402,F401
import binder.nodes     # noqa: E402,F401
import binder.procs     # noqa: E402,F401
import binder.session   # noqa: E402,F401
import binder.txn       # noqa: E402,F401
import binder.vmas      # noqa: E402,F401
