/* SPDX-License-Identifier: GPL-2.0 */
#ifndef RANGE_SHIM_SLAB_H
#define RANGE_SHIM_SLAB_H

#include_next <linux/slab.h>
#include <stdlib.h>
#include <string.h>

#ifndef GFP_KERNEL_ACCOUNT
#define GFP_KERNEL_ACCOUNT	GFP_KERNEL
#endif

/* Set by a test to make the next allocation fail. */
extern bool shim_fail_alloc;

/* Aligned like pages, as what is large is in the kernel. */
static inline void *kvcalloc(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes = (n * size + 4095) & ~4095UL;
	void *p;

	if (shim_fail_alloc) {
		shim_fail_alloc = false;
		return NULL;
	}
	p = aligned_alloc(4096, bytes);
	return p ? memset(p, 0, bytes) : NULL;
}

static inline void *kvzalloc(size_t size, gfp_t gfp)
{
	return kvcalloc(1, size, gfp);
}

static inline void kvfree(const void *p)
{
	free((void *)p);
}

#endif
