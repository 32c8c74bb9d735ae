# SPDX-License-Identifier: GPL-2.0
#
# Read by gdb when it is started here and allowed to; see README.md.
source scripts/gdb/um.gdb
