// SPDX-License-Identifier: GPL-2.0
/*
 * A region without a Binder device: an arena of one's own, mapped for real by
 * the task that runs the benchmark.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mman.h>

#include "bench.h"

static int region_mmap(struct file *file, struct vm_area_struct *vma)
{
	return arena_mmap(file->private_data, vma);
}

static const struct file_operations region_fops = {
	.owner = THIS_MODULE,
	.mmap = region_mmap,
};

/**
 * bench_region_open() - map a new region into the calling task
 * @r: out: the region, ended by bench_region_close()
 * @size: bytes, a multiple of PAGE_SIZE
 *
 * Context: task with an address space, no lock held, sleeps.
 * Return: 0, -ENOMEM, or what mapping a file fails with.
 */
int bench_region_open(struct bench_region *r, size_t size)
{
	r->size = size;
	r->arena = arena_create(current->mm);
	if (!r->arena)
		return -ENOMEM;
	r->file = anon_inode_getfile("[binder_bench]", &region_fops, r->arena,
				     O_RDWR);
	if (IS_ERR(r->file)) {
		arena_destroy(r->arena);
		return PTR_ERR(r->file);
	}
	r->addr = vm_mmap(r->file, 0, size, PROT_READ, MAP_PRIVATE, 0);
	if (IS_ERR_VALUE(r->addr)) {
		fput(r->file);
		arena_destroy(r->arena);
		return (long)r->addr;
	}
	return 0;
}

/**
 * bench_region_close() - unmap a region and free its pages
 * @r: the region; every range in it has been released
 *
 * Context: as bench_region_open().
 */
void bench_region_close(struct bench_region *r)
{
	vm_munmap(r->addr, r->size);
	arena_destroy(r->arena);
	fput(r->file);
}
