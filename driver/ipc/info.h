/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BINDER_IPC_INFO_H
#define BINDER_IPC_INFO_H

struct binder_node_debug_info;
struct binder_node_info_for_ref;
struct binder_proc;

/* info.c APIs: */
void binder_node_debug_info(struct binder_proc *proc,
			    struct binder_node_debug_info *info);
int binder_node_info_for_ref(struct binder_proc *proc,
			     struct binder_node_info_for_ref *info);

#endif
