# SPDX-License-Identifier: GPL-2.0
#
# Commands for looking at the Binder driver in a User-Mode Linux kernel.
#
# Loaded by um.gdb, after the kernel's own commands, whose helpers ours use.
#
# The commands read memory and never write it, call nothing in the kernel and
# take no lock, but for binder-validate, which says so. They may therefore be
# used wherever the kernel stopped, and on a core file. The other side of that
# is that a structure that was just being changed is shown half changed.

"""Load the commands of the package "binder" into gdb."""

import os
import sys

sys.dont_write_bytecode = True


if "binder.session" not in sys.modules:
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    # pylint: disable=unused-import
    import binder.arena     # noqa: F401
    import binder.core     # noqa: F401
    import binder.copyloop  # noqa: F401
    import binder.follow    # noqa: F401
    import binder.locks     # noqa: F401
    import binder.lru       # noqa: F401
    import binder.nodes     # noqa: F401
    import binder.page      # noqa: F401
    import binder.procs     # noqa: F401
    import binder.pte       # noqa: F401
    import binder.refs      # noqa: F401
    import binder.tasks     # noqa: F401
    import binder.threads   # noqa: F401
    import binder.ticks     # noqa: F401
    import binder.txn       # noqa: F401
    import binder.validate  # noqa: F401
    import binder.vmas      # noqa: F401
    import binder.session
    binder.session.welcome()
