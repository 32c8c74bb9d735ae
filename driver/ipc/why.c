// SPDX-License-Identifier: GPL-2.0
/*
 * The reasons of why.h, in words.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>

#include "ipc/why.h"

struct reason {
	const char *name;
	const char *text;
};

static const struct reason reasons[] = {
	[BINDER_WHY_NONE] = { "none", "it did not fail" },

	[BINDER_WHY_NO_CALL] = { "no_call",
		"there is no call that the thread could reply to" },
	[BINDER_WHY_NOT_NOW] = { "not_now",
		"the thread waits for a reply, or has not read what it was sent" },

	[BINDER_WHY_NO_MANAGER] = { "no_manager",
		"the context has no manager" },
	[BINDER_WHY_OWN_MANAGER] = { "own_manager",
		"the sender is the context manager itself" },
	[BINDER_WHY_NO_HANDLE] = { "no_handle",
		"the sender has no such handle, or only a weak one" },
	[BINDER_WHY_TARGET_DEAD] = { "target_dead",
		"the process of the target is dead" },
	[BINDER_WHY_CALLER_DEAD] = { "caller_dead",
		"who waited for the reply is gone" },
	[BINDER_WHY_FORBIDDEN] = { "forbidden",
		"the security module forbids to call this process" },
	[BINDER_WHY_FROZEN] = { "frozen",
		"the process of the target is frozen" },

	[BINDER_WHY_NO_MEMORY] = { "no_memory",
		"the kernel is out of memory" },
	[BINDER_WHY_NO_SECCTX] = { "no_secctx",
		"the target wants a security context, and there is none" },
	[BINDER_WHY_NOT_MAPPED] = { "not_mapped",
		"the receiver has no mapping, has unmapped a part of it, or is exiting" },
	[BINDER_WHY_SIZES] = { "sizes",
		"the sizes add up to more than there are numbers" },
	[BINDER_WHY_NO_SPACE] = { "no_space",
		"the receiver's mapping has no free range that large" },
	[BINDER_WHY_NO_ONEWAY_SPACE] = { "no_oneway_space",
		"the half of the mapping that is for oneway messages is taken" },
	[BINDER_WHY_NO_PAGES] = { "no_pages",
		"no memory for the receiver's pages, or its memory cgroup is full" },

	[BINDER_WHY_OFFSETS_FAULT] = { "offsets_fault",
		"the offsets array cannot be read" },
	[BINDER_WHY_OFFSETS_SIZE] = { "offsets_size",
		"offsets_size or buffers_size is no multiple of 8" },
	[BINDER_WHY_DATA_FAULT] = { "data_fault",
		"the data cannot be read" },
	[BINDER_WHY_ORDER] = { "order",
		"objects overlap, or the offsets do not ascend" },

	[BINDER_WHY_OBJECT_OFFSET] = { "object_offset",
		"an offset is outside of the data, or no multiple of 4" },
	[BINDER_WHY_OBJECT_FAULT] = { "object_fault",
		"an object cannot be read" },
	[BINDER_WHY_OBJECT_TYPE] = { "object_type",
		"an object is of no known type" },
	[BINDER_WHY_OBJECT_CUT] = { "object_cut",
		"an object extends beyond the data" },
	[BINDER_WHY_OBJECT_COOKIE] = { "object_cookie",
		"a binder object has another cookie than before" },
	[BINDER_WHY_OBJECT_HANDLE] = { "object_handle",
		"an object has a handle that the sender does not have" },
	[BINDER_WHY_OBJECT_FORBIDDEN] = { "object_forbidden",
		"the security module forbids to pass on a binder" },
	[BINDER_WHY_FD_UNWANTED] = { "fd_unwanted",
		"the receiver does not accept file descriptors" },
	[BINDER_WHY_FD_BAD] = { "fd_bad",
		"a file descriptor is not open in the sender" },
	[BINDER_WHY_FD_FORBIDDEN] = { "fd_forbidden",
		"the security module forbids to pass on a file" },
	[BINDER_WHY_PTR_SIZE] = { "ptr_size",
		"what PTR objects point to is longer than buffers_size" },
	[BINDER_WHY_PTR_PARENT] = { "ptr_parent",
		"the parent of a PTR object is no PTR object before it" },
	[BINDER_WHY_PTR_PLACE] = { "ptr_place",
		"the place for a pointer is outside of its parent, taken, or unaligned" },
	[BINDER_WHY_PTR_FAULT] = { "ptr_fault",
		"what a PTR object points to cannot be read" },
	[BINDER_WHY_FDA_PARENT] = { "fda_parent",
		"the parent of an FDA object is no PTR object before it" },
	[BINDER_WHY_FDA_PLACE] = { "fda_place",
		"an array of file descriptors is outside of its parent, or unaligned" },
	[BINDER_WHY_FDA_FAULT] = { "fda_fault",
		"an array of file descriptors cannot be read" },
};

static_assert(ARRAY_SIZE(reasons) == BINDER_NR_WHY);

/**
 * binder_why_name() - a reason as one word, for scripts
 * @why: the reason
 *
 * Context: any.
 * Return: the word.
 */
const char *binder_why_name(enum binder_why why)
{
	return reasons[why].name;
}

/**
 * binder_why_text() - a reason as a sentence, for people
 * @why: the reason
 *
 * Context: any.
 * Return: the sentence, without a full stop.
 */
const char *binder_why_text(enum binder_why why)
{
	return reasons[why].text;
}
