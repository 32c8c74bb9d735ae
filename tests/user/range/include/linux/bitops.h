/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tools' bit searches are C loops; the kernel's are single instructions.
 * Without this the benchmark would count the loops.
 */
#ifndef RANGE_SHIM_BITOPS_H
#define RANGE_SHIM_BITOPS_H

#include_next <linux/bitops.h>

#undef __fls
#define __fls(word)	((unsigned long)(63 - __builtin_clzl(word)))
#undef __ffs
#define __ffs(word)	((unsigned long)__builtin_ctzl(word))
#define __ffs64(word)	((unsigned long)__builtin_ctzll(word))
#define fls64(word)	({ u64 __w = (word); __w ? 64 - __builtin_clzll(__w) : 0; })

#endif
