/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pages by physical address.
 *
 * A page table that hardware walks holds physical addresses, so its owner
 * keeps the tables below it in that form: bmm_pages_into_phys() turns an owner
 * into a number and bmm_pages_from_phys() turns the number back, exactly once.
 * In between the pages are looked at with a borrow. bmm_borrow_phys() checks
 * that the number names RAM with a struct page; it cannot know who owns it.
 */
#ifndef BINDER_MM_PHYS_H
#define BINDER_MM_PHYS_H

#include "mm/page.h"

/* phys.c APIs: */
phys_addr_t bmm_page_phys(struct bmm_borrowed p);
phys_addr_t __must_check bmm_pages_into_phys(struct bmm_page *p);
struct bmm_page __must_check bmm_pages_from_phys(phys_addr_t phys, unsigned int order);
bool __must_check bmm_borrow_phys(phys_addr_t phys, unsigned int nr,
				  struct bmm_borrowed *p);
struct bmm_borrowed bmm_borrow_phys_unchecked(phys_addr_t phys, unsigned int nr);
bool bmm_pfn_is_ram(unsigned long pfn);

#endif
