/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What tests read from and tell the rest of the kernel: which Binder driver
 * runs, its shrinker, control groups, and the memory files of /proc.
 *
 * File systems that are needed and not mounted are mounted on first use.
 */
#ifndef TESTS_LIB_SYSTEM_H
#define TESTS_LIB_SYSTEM_H

#include "actor.h"

/* The driver under test is the kernel's own, not this project's. */
bool on_stock(void);

void system_init(void);
bool lsm_has_contexts(void);
ssize_t lsm_own_context(char *context, size_t size);

/*
 * The driver's shrinker, through its debugfs files. Pages are counted by the
 * memory control group they belong to; the kernel's own driver does not do this
 * and has all of them counted for the first group there is.
 */
#define ANY_GROUP (~(u64)0)

unsigned long reclaimable(u64 group);
void await_reclaimable(unsigned long n);
void reclaim(u64 group, unsigned long n);
void drop_slab_caches(void);

/* Control groups, version 2 */
const char *cgroup_new(const char *name);
u64 cgroup_id(const char *group);
void cgroup_write(const char *group, const char *file, const char *value);
u64 cgroup_read(const char *group, const char *file, const char *key);
void cgroup_add(const char *group, pid_t pid);
void cgroup_delete(const char *group);

/* /proc */
u64 free_memory_kb(void);
long smaps_kb(pid_t pid, const void *addr, const char *field);
const char *smaps_flags(pid_t pid, const void *addr);

void write_file(const char *path, const char *value);

#endif /* TESTS_LIB_SYSTEM_H */
