# SPDX-License-Identifier: GPL-2.0
"""gdb commands for the Binder driver; see ../binder-gdb.py."""
