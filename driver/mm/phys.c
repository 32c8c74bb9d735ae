// SPDX-License-Identifier: GPL-2.0
/*
 * Pages by physical address.
 */
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/memblock.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <kunit/static_stub.h>

#include "mm/phys.h"

/*
 * What bmm_pages_into_phys() leaves in page->private, which is the owner's to
 * use, for bmm_pages_from_phys() to find.
 */
#define INTO_PHYS_MAGIC 0xb1de0000UL

/**
 * bmm_pfn_is_ram() - is there memory behind a page frame?
 * @pfn: page frame number
 *
 * Context: Any.
 * Return: true if so; false for a device, a hole, or firmware.
 */
bool bmm_pfn_is_ram(unsigned long pfn)
{
	KUNIT_STATIC_STUB_REDIRECT(bmm_pfn_is_ram, pfn);

	/* UML registers no "System RAM"; its devices lie behind its memory. */
	if (IS_ENABLED(CONFIG_UML))
		return pfn < max_low_pfn;
	return page_is_ram(pfn);
}

/**
 * bmm_page_phys() - where pages are.
 * @p: a borrow
 *
 * Context: Any.
 * Return: physical address of the first byte.
 */
phys_addr_t bmm_page_phys(struct bmm_borrowed p)
{
	return page_to_phys(p.page);
}

/**
 * bmm_pages_into_phys() - turn ownership into a number.
 * @p: the owner, of at least one page; owns nothing afterwards
 *
 * Context: Any.
 * Return: physical address of the first byte. The pages leak unless it comes
 *         back through bmm_pages_from_phys(). 0, after a report, if @p owned
 *         nothing.
 */
phys_addr_t bmm_pages_into_phys(struct bmm_page *p)
{
	struct page *page = p->page;

	if (!page) {
		bmm_misuse("nothing owned to take the address of");
		return 0;
	}
	if (IS_ENABLED(CONFIG_BINDER_IPC_DEBUG))
		set_page_private(page, INTO_PHYS_MAGIC | p->order);
	*p = (struct bmm_page) { };
	return page_to_phys(page);
}

/* What pfn_to_page() makes of an address that is none must not be looked at. */
static bool was_owned(phys_addr_t phys, unsigned int order)
{
	return pfn_valid(PHYS_PFN(phys)) && PAGE_ALIGNED(phys) &&
	       page_private(pfn_to_page(PHYS_PFN(phys))) == (INTO_PHYS_MAGIC | order);
}

/**
 * bmm_pages_from_phys() - turn the number back into ownership.
 * @phys: from bmm_pages_into_phys(), not used for this before
 * @order: of the pages
 *
 * Context: Any.
 * Return: the owner; none (@page is NULL), after a report, if @phys is not the
 *         address of pages of @order that were turned into it.
 */
struct bmm_page bmm_pages_from_phys(phys_addr_t phys, unsigned int order)
{
	struct page *page;

	if (IS_ENABLED(CONFIG_BINDER_IPC_DEBUG) && !was_owned(phys, order)) {
		bmm_misuse("%pap is not an owned address of order %u", &phys, order);
		return (struct bmm_page) { };
	}
	page = pfn_to_page(PHYS_PFN(phys));
	if (IS_ENABLED(CONFIG_BINDER_IPC_DEBUG))
		set_page_private(page, 0);
	return (struct bmm_page) { page, order };
}

static bool ram_with_struct_page(unsigned long pfn)
{
	return pfn_to_online_page(pfn) && bmm_pfn_is_ram(pfn);
}

/**
 * bmm_borrow_phys() - see the pages at a physical address.
 * @phys: physical address, page aligned
 * @nr: how many pages, > 0
 * @p: the pages; written only on success
 *
 * Context: Any. Somebody keeps the pages while the result is used; memory that
 *          could be taken out of the system must be pinned or in use.
 * Return: true; false if @phys is not aligned or one of the pages is not RAM,
 *         has no struct page, or is offline.
 */
bool bmm_borrow_phys(phys_addr_t phys, unsigned int nr, struct bmm_borrowed *p)
{
	unsigned long pfn = PHYS_PFN(phys);
	unsigned int i;

	if (!nr || !PAGE_ALIGNED(phys))
		return false;
	/* The last page frame of all is not RAM: the sum does not overflow. */
	for (i = 0; i < nr; i++) {
		if (!ram_with_struct_page(pfn + i))
			return false;
	}
	*p = bmm_borrow(pfn_to_page(pfn), nr);
	return true;
}

/**
 * bmm_borrow_phys_unchecked() - bmm_borrow_phys() where one knows.
 * @phys: physical address, page aligned, of RAM with a struct page
 * @nr: how many pages, > 0
 *
 * Context: Any. As bmm_borrow_phys().
 * Return: the pages.
 */
struct bmm_borrowed bmm_borrow_phys_unchecked(phys_addr_t phys, unsigned int nr)
{
	return bmm_borrow(pfn_to_page(PHYS_PFN(phys)), nr);
}
