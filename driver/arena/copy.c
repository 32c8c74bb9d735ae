// SPDX-License-Identifier: GPL-2.0
/*
 * The copy loop: bytes into and out of a reserved range.
 *
 * The pages of a range are scattered, but as they are allocated in batches, often
 * several of them follow each other in physical memory. Such a run is copied in
 * one go. No lock is held: the slots under a live range do not change, and the
 * source may fault.
 *
 * That is the only way to fail in mid-loop: a run never leaves its pages, which
 * would be -EINVAL. Hence the other loops do not look at the errors one by one.
 */
#include <linux/errno.h>
#include <linux/minmax.h>

#include "arena/page.h"
#include "mm/page.h"

/*
 * A walk over the bytes of a buffer, run by run: @size bytes from the byte
 * @start of the arena on. @pages, @off and @len are the run at hand, @done the
 * bytes of those before it. All that the walk is at is here, and no more than
 * here: a debugger can tell where the copy is.
 */
struct runs {
	size_t start;
	size_t size;
	size_t done;
	struct bmm_borrowed pages;
	size_t off;
	size_t len;
};

static bool runs_start(struct runs *it, const struct arena_buf *b, size_t off,
		       size_t len)
{
	it->start = b->range.start + off;
	it->size = len;
	it->done = 0;
	it->len = 0;
	return off <= b->range.size && len <= b->range.size - off;
}

/* The next run: the longest one of physically contiguous pages. */
static bool runs_next(const struct arena *a, struct runs *it)
{
	struct arena_page *const *slot;
	unsigned long pfn;
	size_t bytes, left;

	it->done += it->len;
	left = it->size - it->done;
	if (!left)
		return false;
	slot = &a->slots[(it->start + it->done) >> PAGE_SHIFT];
	it->off = offset_in_page(it->start + it->done);
	it->pages.page = READ_ONCE(*slot)->page;
	it->pages.nr = 1;
	pfn = page_to_pfn(it->pages.page);
	bytes = PAGE_SIZE - it->off;
	while (bytes < left && page_to_pfn(READ_ONCE(*++slot)->page) == ++pfn) {
		it->pages.nr++;
		bytes += PAGE_SIZE;
	}
	it->len = min(bytes, left);
	return true;
}

/**
 * arena_copy_from_user() - the one copy of a message
 * @a: the arena of the receiver
 * @b: a reserved buffer in it
 * @off: offset in the buffer, bytes
 * @src: memory of the current task
 * @len: bytes
 *
 * Each byte of @src is read once.
 *
 * Context: task context, no lock held; sleeps in page faults of the sender.
 * Return: 0; -EFAULT if @src is not readable to its end, and then any part of
 *	[@off, @off + @len) may have been written; -EINVAL if that is not
 *	inside the buffer.
 */
int arena_copy_from_user(struct arena *a, const struct arena_buf *b, size_t off,
			 const void __user *src, size_t len)
{
	struct runs it;

	if (!runs_start(&it, b, off, len))
		return -EINVAL;
	arena_count(a, ARENA_COPY_IN, 1);
	while (runs_next(a, &it)) {
		int err = bmm_copy_from_user(it.pages, it.off, src + it.done,
					     it.len);

		if (err)
			return err;
	}
	return 0;
}

/**
 * arena_write() - copy from kernel memory into a buffer
 * @a: the arena
 * @b: a reserved buffer in it
 * @off: offset in the buffer, bytes
 * @src: kernel memory
 * @len: bytes
 *
 * Context: any.
 * Return: 0, or -EINVAL if [@off, @off + @len) is not inside the buffer.
 */
int arena_write(struct arena *a, const struct arena_buf *b, size_t off,
		const void *src, size_t len)
{
	struct runs it;
	int err = 0;

	if (!runs_start(&it, b, off, len))
		return -EINVAL;
	while (runs_next(a, &it)) {
		err |= bmm_write(it.pages, it.off, src, it.len);
		src += it.len;
	}
	return err;
}

/**
 * arena_read() - copy from a buffer to kernel memory
 * @a: the arena
 * @b: a reserved buffer in it
 * @off: offset in the buffer, bytes
 * @dst: kernel memory
 * @len: bytes
 *
 * Context: any.
 * Return: 0, or -EINVAL if [@off, @off + @len) is not inside the buffer.
 */
int arena_read(struct arena *a, const struct arena_buf *b, size_t off,
	       void *dst, size_t len)
{
	struct runs it;
	int err = 0;

	if (!runs_start(&it, b, off, len))
		return -EINVAL;
	while (runs_next(a, &it)) {
		err |= bmm_read(it.pages, it.off, dst, it.len);
		dst += it.len;
	}
	return err;
}

/**
 * arena_zero() - clear bytes of a buffer
 * @a: the arena
 * @b: a reserved buffer in it
 * @off: offset in the buffer, bytes
 * @len: bytes
 *
 * Context: any.
 * Return: 0, or -EINVAL if [@off, @off + @len) is not inside the buffer.
 */
int arena_zero(struct arena *a, const struct arena_buf *b, size_t off,
	       size_t len)
{
	struct runs it;
	int err = 0;

	if (!runs_start(&it, b, off, len))
		return -EINVAL;
	while (runs_next(a, &it))
		err |= bmm_zero(it.pages, it.off, it.len);
	return err;
}
