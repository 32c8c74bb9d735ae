/* SPDX-License-Identifier: GPL-2.0 */
/* The tools' copy lacks the one helper that only rb_replace_node_rcu() needs. */
#ifndef RANGE_SHIM_RBTREE_AUGMENTED_H
#define RANGE_SHIM_RBTREE_AUGMENTED_H

#include_next <linux/rbtree_augmented.h>

static inline void __rb_change_child_rcu(struct rb_node *old, struct rb_node *new,
					 struct rb_node *parent, struct rb_root *root)
{
	__rb_change_child(old, new, parent, root);
}

#endif
