/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BINDER_IPC_NICE_H
#define BINDER_IPC_NICE_H

struct binder_txn;

void binder_set_nice(int nice);
void binder_inherit_nice(struct binder_txn *t);

#endif
