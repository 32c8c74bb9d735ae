/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pages: who owns them, and how to reach their bytes.
 *
 * A page has no lifetime of its own here; its owner has. A struct bmm_page is
 * that owner and frees the pages exactly once. A struct bmm_borrowed is a
 * promise by somebody else that the pages stay for as long as it is used. The
 * access functions take the latter, so that they do not care who owns what.
 *
 * Pages of order > 0 are compound. A tail page of one can then be mapped
 * into user space like any page, and the last reference, whose ever it is,
 * frees the whole.
 *
 * A borrow of more than one page is physically contiguous. Where kmap_local
 * is only page_address() (no CONFIG_HIGHMEM) such a run is contiguous in the
 * kernel's address space too and is accessed in one go, else page by page.
 * These functions are inline because they are the inner loop of a message.
 *
 * Every access is checked against the end of the run before anything is
 * mapped, and yields -EINVAL outside; with CONFIG_BINDER_IPC_DEBUG it is also
 * reported, because no caller has a reason to try.
 *
 * Races on the bytes themselves are the caller's to exclude. User space that
 * has the page mapped, or rewrites the source of a copy_from_user, can at
 * worst make them come out different.
 */
#ifndef BINDER_MM_PAGE_H
#define BINDER_MM_PAGE_H

#include <linux/cleanup.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "mm/debug.h"

/* 2^order pages, owned. @page is NULL in a variable that owns nothing. */
struct bmm_page {
	struct page *page;
	unsigned int order;
};

/* @nr physically contiguous pages that somebody else owns. */
struct bmm_borrowed {
	struct page *page;
	unsigned int nr;
};

/* What is left to read of a user buffer. */
struct bmm_user_reader {
	const void __user *src;
	size_t left;		/* bytes */
};

/* What is left to visit of a vmalloc() area. */
struct bmm_page_iter {
	const void *at;
	size_t left;		/* pages */
};

/* page.c APIs: */
struct bmm_page __must_check bmm_pages_alloc(gfp_t gfp, unsigned int order);
void bmm_pages_free(struct bmm_page *p);
struct bmm_borrowed bmm_borrow_run(struct page *const pages[], unsigned int nr);
int bmm_beyond(struct bmm_borrowed p, size_t off, size_t len);
struct bmm_page_iter bmm_vmalloc_iter(const void *addr, size_t size);
bool __must_check bmm_page_iter_next(struct bmm_page_iter *it,
				     struct bmm_borrowed *p);

/* struct bmm_page p __free(bmm_pages_free) = bmm_pages_alloc(gfp, order); */
DEFINE_FREE(bmm_pages_free, struct bmm_page, bmm_pages_free(&_T))

/**
 * bmm_page_align() - round an address up to a page.
 * @addr: bytes
 * @aligned: the next multiple of PAGE_SIZE, @addr if it is one; written only
 *           on success
 *
 * Context: Any.
 * Return: true; false when the result does not fit.
 */
static inline bool __must_check bmm_page_align(unsigned long addr,
					       unsigned long *aligned)
{
	unsigned long up;

	if (check_add_overflow(addr, PAGE_SIZE - 1, &up))
		return false;
	*aligned = up & PAGE_MASK;
	return true;
}

/**
 * bmm_page_alloc() - own one page.
 * @gfp: how to allocate
 *
 * Context: As @gfp says.
 * Return: the page; @page is NULL when there is no memory.
 */
static inline struct bmm_page __must_check bmm_page_alloc(gfp_t gfp)
{
	return bmm_pages_alloc(gfp, 0);
}

/**
 * bmm_borrow() - see pages that somebody else owns.
 * @page: the first page
 * @nr: count, physically contiguous
 *
 * Context: Any. The owner keeps the pages while the result is used.
 * Return: the borrow.
 */
static inline struct bmm_borrowed bmm_borrow(struct page *page, unsigned int nr)
{
	return (struct bmm_borrowed) { page, nr };
}

/**
 * bmm_page_borrow() - see one's own pages as borrowed.
 * @p: the owner
 *
 * Context: Any.
 * Return: all the pages of @p; valid until they are freed.
 */
static inline struct bmm_borrowed bmm_page_borrow(const struct bmm_page *p)
{
	return bmm_borrow(p->page, p->page ? 1U << p->order : 0);
}

/**
 * bmm_page_as_raw() - the kernel's own pointer.
 * @p: a borrow
 *
 * Context: Any.
 * Return: the first page.
 */
static inline struct page *bmm_page_as_raw(struct bmm_borrowed p)
{
	return p.page;
}

/**
 * bmm_nid() - the memory node of a page.
 * @p: a borrow
 *
 * Context: Any.
 * Return: the node of the first page, as list_lru and others want it.
 */
static inline int bmm_nid(struct bmm_borrowed p)
{
	return page_to_nid(p.page);
}

/**
 * bmm_map() - make one page, or on a flat map a run, addressable.
 * @page: the page
 *
 * Local to the task; undone by bmm_unmap() in reverse order. Prefer the
 * functions below, which cannot forget it.
 *
 * Context: Any.
 * Return: the address of its first byte.
 */
static __always_inline void *bmm_map(struct page *page)
{
	void *at = kmap_local_page(page);

	bmm_map_note(at);
	return at;
}

/**
 * bmm_unmap() - undo the latest bmm_map() of this task.
 * @at: what bmm_map() returned
 *
 * Context: Any; the task that mapped.
 */
static __always_inline void bmm_unmap(void *at)
{
	if (bmm_map_forget(at))
		kunmap_local(at);
}

/* May @len bytes at @off be accessed? Never overflows. */
static __always_inline bool bmm_in_page(struct bmm_borrowed p, size_t off, size_t len)
{
	size_t size = (size_t)p.nr << PAGE_SHIFT;

	return off <= size && len <= size - off;
}

/* Is a physically contiguous run contiguous behind kmap_local_page() too? */
static __always_inline bool bmm_flat(void)
{
	return !IS_ENABLED(CONFIG_HIGHMEM) && !bmm_split_runs();
}

/**
 * typedef bmm_access_fn - what to do with one contiguous piece of a run.
 * @at: the first byte, valid until the function returns and on this task only
 * @len: bytes, > 0
 * @arg: from the caller of bmm_with_page()
 *
 * Return: 0 to go on with the next piece, anything else to stop.
 */
typedef int (*bmm_access_fn)(void *at, size_t len, void *arg);

/**
 * bmm_with_page() - run a function on bytes of pages.
 * @p: the pages
 * @off: bytes from the start of the first page
 * @len: bytes; for none @fn is not called
 * @fn: called in ascending order for each piece that is contiguous in the
 *      kernel's address space: one call on a flat map, else one for each page
 * @arg: for @fn
 *
 * The one place that maps and unmaps, hence unmaps in reverse order whatever
 * @fn does, also when it nests. With a constant @fn it compiles to a loop
 * without a call.
 *
 * Context: As @fn needs it.
 * Return: 0, -EINVAL when a byte lies outside of @p (@fn was not called), or
 *         the first value other than 0 that @fn returned.
 */
static __always_inline int bmm_with_page(struct bmm_borrowed p, size_t off, size_t len,
					 bmm_access_fn fn, void *arg)
{
	int ret = 0;

	if (unlikely(!bmm_in_page(p, off, len)))
		return bmm_beyond(p, off, len); /* LCOV_EXCL_LINE: only after a bug of the driver */

	while (len && !ret) {
		size_t piece = len;
		void *page;

		if (!bmm_flat()) {
			p.page = nth_page(p.page, off >> PAGE_SHIFT);
			off = offset_in_page(off);
			piece = min(len, PAGE_SIZE - off);
		}
		page = bmm_map(p.page);
		ret = fn(page + off, piece, arg);
		bmm_unmap(page);
		off += piece;
		len -= piece;
	}
	return ret;
}

/* The pieces of the functions below; each advances the other side. */
static __always_inline int bmm_piece_read(void *at, size_t len, void *arg)
{
	void **dst = arg;

	memcpy(*dst, at, len);
	*dst += len;
	return 0;
}

static __always_inline int bmm_piece_write(void *at, size_t len, void *arg)
{
	const void **src = arg;

	memcpy(at, *src, len);
	*src += len;
	return 0;
}

static __always_inline int bmm_piece_zero(void *at, size_t len, void *arg)
{
	memset(at, 0, len);
	return 0;
}

static __always_inline int bmm_piece_from_user(void *at, size_t len, void *arg)
{
	const void __user **src = arg;

	if (unlikely(copy_from_user(at, *src, len))) /* LCOV_EXCL_BR_LINE: refuses runs > 2 GiB */
		return -EFAULT;
	*src += len;
	return 0;
}

static __always_inline int bmm_piece_to_user(void *at, size_t len, void *arg)
{
	void __user **dst = arg;

	if (unlikely(copy_to_user(*dst, at, len)))
		return -EFAULT;
	*dst += len;
	return 0;
}

/**
 * bmm_read() - copy bytes out of pages.
 * @p: the pages
 * @off: bytes from the start of the first page
 * @dst: room for @len bytes
 * @len: bytes
 *
 * Context: Any.
 * Return: 0, or -EINVAL when a byte lies outside of @p.
 */
static __always_inline int __must_check bmm_read(struct bmm_borrowed p, size_t off,
						 void *dst, size_t len)
{
	return bmm_with_page(p, off, len, bmm_piece_read, &dst);
}

/**
 * bmm_write() - copy bytes into pages.
 * @p: the pages
 * @off: bytes from the start of the first page
 * @src: @len bytes
 * @len: bytes
 *
 * Context: Any.
 * Return: 0, or -EINVAL when a byte lies outside of @p.
 */
static __always_inline int __must_check bmm_write(struct bmm_borrowed p, size_t off,
						  const void *src, size_t len)
{
	return bmm_with_page(p, off, len, bmm_piece_write, &src);
}

/**
 * bmm_zero() - clear bytes of pages.
 * @p: the pages
 * @off: bytes from the start of the first page
 * @len: bytes
 *
 * Context: Any.
 * Return: 0, or -EINVAL when a byte lies outside of @p.
 */
static __always_inline int __must_check bmm_zero(struct bmm_borrowed p, size_t off,
						 size_t len)
{
	return bmm_with_page(p, off, len, bmm_piece_zero, NULL);
}

/**
 * bmm_copy_from_user() - copy user memory into pages.
 * @p: the pages
 * @off: bytes from the start of the first page
 * @src: address in the address space of the calling task
 * @len: bytes
 *
 * Context: Task; faults, hence sleeps and takes the mmap lock of the task.
 * Return: 0, -EINVAL when a byte lies outside of @p, or -EFAULT when one
 *         cannot be read; the bytes of @p from @off on are then undefined, but
 *         hold nothing that was not in @p or in the user memory before (the
 *         kernel may have cleared them).
 */
static __always_inline int __must_check bmm_copy_from_user(struct bmm_borrowed p, size_t off,
							   const void __user *src,
							   size_t len)
{
	return bmm_with_page(p, off, len, bmm_piece_from_user, &src);
}

/**
 * bmm_copy_to_user() - copy bytes of pages to user memory.
 * @dst: address in the address space of the calling task
 * @p: the pages
 * @off: bytes from the start of the first page
 * @len: bytes
 *
 * Context: Task; faults, hence sleeps and takes the mmap lock of the task.
 * Return: 0, -EINVAL when a byte lies outside of @p, or -EFAULT when one
 *         cannot be written; how many were is not known.
 */
static __always_inline int __must_check bmm_copy_to_user(void __user *dst,
							 struct bmm_borrowed p,
							 size_t off, size_t len)
{
	return bmm_with_page(p, off, len, bmm_piece_to_user, &dst);
}

/**
 * bmm_copy_from_reader() - copy the next bytes of a user buffer into pages.
 * @p: the pages
 * @off: bytes from the start of the first page
 * @reader: where to read; advanced by @len on success, else left as it is
 * @len: bytes
 *
 * Context: As bmm_copy_from_user().
 * Return: 0, -EINVAL when a byte lies outside of @p, or -EFAULT when one
 *         lies outside of @reader or cannot be read.
 */
static __always_inline int __must_check bmm_copy_from_reader(struct bmm_borrowed p, size_t off,
							     struct bmm_user_reader *reader,
							     size_t len)
{
	int ret;

	if (unlikely(len > reader->left))
		return -EFAULT;
	ret = bmm_copy_from_user(p, off, reader->src, len);
	if (!ret) {
		reader->src += len;
		reader->left -= len;
	}
	return ret;
}

#endif
