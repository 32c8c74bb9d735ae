// SPDX-License-Identifier: GPL-2.0
/*
 * Pages: owning and borrowing them.
 */
#include <linux/vmalloc.h>

#include "mm/page.h"

/**
 * bmm_pages_alloc() - own 2^order physically contiguous pages.
 * @gfp: how to allocate; __GFP_COMP is added for @order > 0
 * @order: 0 to MAX_PAGE_ORDER
 *
 * Context: As @gfp says.
 * Return: the pages; @page is NULL when there is no memory or no such order.
 */
struct bmm_page bmm_pages_alloc(gfp_t gfp, unsigned int order)
{
	struct bmm_page p = { .order = order };

	if (order > MAX_PAGE_ORDER)
		return (struct bmm_page) { };
	if (order)
		gfp |= __GFP_COMP;
	p.page = alloc_pages(gfp, order);
	return p;
}

/**
 * bmm_pages_free() - end the ownership of pages.
 * @p: the owner; owns nothing afterwards. Nothing happens if it owns nothing.
 *
 * Pages that are still mapped in user space stay until they are unmapped.
 *
 * Context: Any.
 */
void bmm_pages_free(struct bmm_page *p)
{
	if (p->page)
		__free_pages(p->page, p->order);
	*p = (struct bmm_page) { };
}

/**
 * bmm_borrow_run() - see the longest contiguous start of an array as one.
 * @pages: pages that somebody else owns
 * @nr: how many, > 0
 *
 * Context: Any. The owner keeps the pages while the result is used.
 * Return: the pages from the first one on that are physically contiguous; at
 *         least one.
 */
struct bmm_borrowed bmm_borrow_run(struct page *const pages[], unsigned int nr)
{
	unsigned long pfn = page_to_pfn(pages[0]);
	unsigned int run = 1;

	while (run < nr && page_to_pfn(pages[run]) == pfn + run)
		run++;
	return bmm_borrow(pages[0], run);
}

/**
 * bmm_beyond() - report an access that leaves its pages.
 * @p: the pages
 * @off: bytes from the start of the first page
 * @len: bytes
 *
 * Here, because it is out of the way of the accesses that do not.
 *
 * Context: Any.
 * Return: -EINVAL, for the caller to pass on.
 */
int bmm_beyond(struct bmm_borrowed p, size_t off, size_t len)
{
	bmm_misuse("access to %zu bytes at %zu of %u pages", len, off, p.nr);
	return -EINVAL;
}

/**
 * bmm_vmalloc_iter() - visit the pages behind a vmalloc() area.
 * @addr: from vmalloc(), page aligned
 * @size: bytes of it, > 0
 *
 * Context: Any. The area is not freed while the borrowed pages are used.
 * Return: the iterator; empty, after a report, if @addr is nothing that
 *         vmalloc() returns.
 */
struct bmm_page_iter bmm_vmalloc_iter(const void *addr, size_t size)
{
	if (!is_vmalloc_addr(addr) || !PAGE_ALIGNED(addr)) {
		bmm_misuse("%ps is not a vmalloc area", addr);
		return (struct bmm_page_iter) { };
	}
	return (struct bmm_page_iter) { addr, DIV_ROUND_UP(size, PAGE_SIZE) };
}

/**
 * bmm_page_iter_next() - borrow the next page.
 * @it: the iterator; advanced
 * @p: the page; written only on success
 *
 * Context: Any.
 * Return: true; false at the end.
 */
bool bmm_page_iter_next(struct bmm_page_iter *it, struct bmm_borrowed *p)
{
	struct page *page;

	if (!it->left)
		return false;
	page = vmalloc_to_page(it->at);
	if (!page)
		return false;
	*p = bmm_borrow(page, 1);
	it->at += PAGE_SIZE;
	it->left--;
	return true;
}
