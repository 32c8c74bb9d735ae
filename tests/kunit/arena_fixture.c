// SPDX-License-Identifier: GPL-2.0
/*
 * What the tests of driver/arena share.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/prandom.h>
#include <linux/sched/mm.h>
#include <linux/shrinker.h>
#include <linux/slab.h>

#include "arena_fixture.h"

/* How long the end of a test waits for its own thread to be gone, in jiffies. */
#define PATIENCE (10 * HZ)

/**
 * struct arenat_env - what one run of one test case has
 * @mm: its address space, with a reference of ours
 * @src: ARENAT_SRC_PAGES of anonymous memory
 * @shrinker: the driver's
 * @rxs: all receivers
 * @alive: those that have an arena
 */
struct arenat_env {
	struct mm_struct *mm;
	unsigned long src;
	struct shrinker *shrinker;
	struct list_head rxs;
	atomic_t alive;
};

static struct arenat_env *env_of(struct kunit *test)
{
	return test->priv;
}

static struct shrinker *find_shrinker(void)
{
#ifdef CONFIG_SHRINKER_DEBUG
	struct shrinker *shrinker;

	guard(mutex)(&shrinker_mutex);
	list_for_each_entry(shrinker, &shrinker_list, list) {
		if (!strcmp(shrinker->name, "android-binder"))
			return shrinker;
	}
#endif
	return NULL;
}

/**
 * arenat_init() - before each run of a case.
 * @test: the test
 *
 * Gives the thread of the test an address space, which is that of its senders
 * and of most receivers.
 *
 * Return: 0 or -ENOMEM.
 */
int arenat_init(struct kunit *test)
{
	struct arenat_env *env = kunit_kzalloc(test, sizeof(*env), GFP_KERNEL);

	if (!env)
		return -ENOMEM;
	if (!IS_ENABLED(CONFIG_SHRINKER_DEBUG))
		kunit_skip(test, "needs CONFIG_SHRINKER_DEBUG to find the shrinker");
	INIT_LIST_HEAD(&env->rxs);
	env->shrinker = find_shrinker();
	KUNIT_ASSERT_NOT_NULL(test, env->shrinker);
	bmmt_attach_mm(test);
	env->src = kunit_vm_mmap(test, NULL, 0, ARENAT_SRC_PAGES << PAGE_SHIFT,
				 PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, 0);
	KUNIT_ASSERT_NE(test, env->src, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(env->src));
	env->mm = current->mm;
	mmget(env->mm);
	test->priv = env;
	arenat_drain(test);
	return 0;
}

/**
 * arenat_init_lock_mode() - arenat_init() with one way to a vma.
 * @test: the test; @param_value is one of bmmt_lock_modes[], or NULL for either
 *
 * Return: 0 or -ENOMEM.
 */
int arenat_init_lock_mode(struct kunit *test)
{
	if (test->param_value)
		bmmt_lock_mode_init(test, test->param_value);
	return arenat_init(test);
}

/**
 * arenat_exit() - after each run of a case.
 * @test: the test
 *
 * Everything must be gone after it: arenas, and pages on the LRU.
 */
void arenat_exit(struct kunit *test)
{
	struct arenat_env *env = env_of(test);
	unsigned long end = jiffies + PATIENCE;
	struct arenat_rx *rx;

	if (!env)
		return;
	/* The thread of the test has ended, but it drops its mm after that. */
	while (atomic_read(&env->mm->mm_users) > 1 && time_before(jiffies, end))
		schedule_timeout_uninterruptible(1);
	KUNIT_EXPECT_EQ(test, atomic_read(&env->mm->mm_users), 1);
	list_for_each_entry(rx, &env->rxs, entry) {
		if (rx->mm && rx->mm != env->mm)
			arenat_die(rx);
		if (rx->file)
			fput(rx->file);
	}
	mmput(env->mm);
	flush_delayed_fput();
	KUNIT_EXPECT_EQ(test, atomic_read(&env->alive), 0);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 0);
}

static int rx_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct arenat_rx *rx = file->private_data;

	return arena_mmap(rx->a, vma);
}

static int rx_release(struct inode *inode, struct file *file)
{
	struct arenat_rx *rx = file->private_data;

	arena_destroy(rx->a);
	rx->a = NULL;
	atomic_dec(&env_of(rx->test)->alive);
	return 0;
}

static const struct file_operations rx_fops = {
	.owner = THIS_MODULE,
	.mmap = rx_mmap,
	.release = rx_release,
};

/**
 * arenat_open() - a receiver that is not mapped yet.
 * @test: whose
 * @mm: the address space that may map it
 *
 * Return: the receiver; gone at the end of the test if not before.
 */
struct arenat_rx *arenat_open(struct kunit *test, struct mm_struct *mm)
{
	struct arenat_rx *rx = kunit_kzalloc(test, sizeof(*rx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, rx);
	rx->test = test;
	rx->mm = mm;
	rx->a = arena_create(mm);
	KUNIT_ASSERT_NOT_NULL(test, rx->a);
	rx->file = anon_inode_getfile("binder_arena_test", &rx_fops, rx, O_RDWR);
	if (IS_ERR(rx->file)) {
		arena_destroy(rx->a);
		KUNIT_FAIL_AND_ABORT(test, "no file: %pe\n", rx->file);
	}
	atomic_inc(&env_of(test)->alive);
	list_add(&rx->entry, &env_of(test)->rxs);
	return rx;
}

/**
 * arenat_mmap() - what a receiver's mmap() comes to.
 * @rx: the receiver
 * @len: bytes
 * @prot: PROT_ flags
 * @flags: MAP_ flags
 *
 * Return: the user address or a negative errno.
 */
unsigned long arenat_mmap(struct arenat_rx *rx, size_t len, unsigned long prot,
			  unsigned long flags)
{
	unsigned long addr = vm_mmap(rx->file, 0, len, prot, flags, 0);

	if (!IS_ERR_VALUE(addr)) {
		rx->addr = addr;
		rx->len = len;
	}
	return addr;
}

/**
 * arenat_rx() - a receiver with a mapping in the address space of the test.
 * @test: whose
 * @len: bytes
 *
 * Return: the receiver.
 */
struct arenat_rx *arenat_rx(struct kunit *test, size_t len)
{
	struct arenat_rx *rx = arenat_open(test, current->mm);

	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(arenat_mmap(rx, len, PROT_READ, MAP_SHARED)));
	KUNIT_ASSERT_TRUE(test, arena_is_mapped(rx->a));
	return rx;
}

/* In a task that has no address space of its own. */
static void map_there(void *arg)
{
	struct arenat_rx *rx = arg;

	kthread_use_mm(rx->mm);
	arenat_mmap(rx, rx->len, PROT_READ, MAP_SHARED);
	kthread_unuse_mm(rx->mm);
}

/**
 * arenat_rx_dying() - a receiver with an address space of its own.
 * @test: whose
 * @len: bytes
 *
 * Return: the receiver, mapped; end its address space with arenat_die().
 */
struct arenat_rx *arenat_rx_dying(struct kunit *test, size_t len)
{
	struct mm_struct *mm = mm_alloc();
	struct arenat_rx *rx;

	KUNIT_ASSERT_NOT_NULL(test, mm);
	mm->task_size = TASK_SIZE;
	arch_pick_mmap_layout(mm, &current->signal->rlim[RLIMIT_STACK]);
	rx = arenat_open(test, mm);
	rx->len = len;
	bmmt_in_other_task(test, map_there, rx);
	KUNIT_ASSERT_NE(test, rx->addr, 0);
	KUNIT_ASSERT_TRUE(test, arena_is_mapped(rx->a));
	return rx;
}

/**
 * arenat_die() - the receiver's address space ends, its file stays open.
 * @rx: from arenat_rx_dying()
 */
void arenat_die(struct arenat_rx *rx)
{
	mmput(rx->mm);
	rx->mm = NULL;
	flush_delayed_fput();
}

/**
 * arenat_unmap() - the receiver takes its whole mapping away.
 * @rx: mapped in the address space of the test
 */
void arenat_unmap(struct arenat_rx *rx)
{
	KUNIT_ASSERT_EQ(rx->test, 0, vm_munmap(rx->addr, rx->len));
	flush_delayed_fput();
}

/**
 * arenat_close() - the receiver closes its file, and the arena is destroyed.
 * @rx: unmapped
 */
void arenat_close(struct arenat_rx *rx)
{
	fput(rx->file);
	rx->file = NULL;
	flush_delayed_fput();
	KUNIT_EXPECT_NULL(rx->test, rx->a);
}

/**
 * arenat_split() - the receiver does something to a part of its mapping.
 * @rx: mapped in the address space of the test
 * @slot: where the second of two vmas begins
 */
void arenat_split(struct arenat_rx *rx, size_t slot)
{
	unsigned long at = arena_slot_addr(rx->a, slot);
	struct vm_area_struct *vma;
	int advice;

	/* Something that is not so yet. */
	mmap_read_lock(current->mm);
	vma = vma_lookup(current->mm, at);
	advice = vma && vma->vm_flags & VM_RAND_READ ? MADV_SEQUENTIAL : MADV_RANDOM;
	mmap_read_unlock(current->mm);
	KUNIT_ASSERT_EQ(rx->test, 0, do_madvise(current->mm, at, rx->addr + rx->len - at, advice));
	mmap_read_lock(current->mm);
	vma = vma_lookup(current->mm, at);
	KUNIT_EXPECT_EQ(rx->test, vma ? vma->vm_start : 0, at);
	mmap_read_unlock(current->mm);
}

/* Each slot under a live range has a page once nobody is bringing any. */
static bool filled(struct arena *a)
{
	struct arena_range *r = NULL;
	size_t slot;

	while ((r = range_next(&a->ranges, r))) {
		for (slot = r->start >> PAGE_SHIFT;
		     slot <= (r->start + r->size - 1) >> PAGE_SHIFT; slot++) {
			if (a->slots[slot])
				continue;
			pr_err("no page in slot %zu under a live range\n", slot);
			return false;
		}
	}
	return true;
}

/**
 * arenat_settled() - is all well with an arena on which nobody is at work?
 * @a: the arena
 *
 * Return: true if it is valid, no page is on its way, and each page says
 * rightly whether it is on the LRU.
 */
bool arenat_settled(struct arena *a)
{
	size_t slot;

	if (!arena_validate(a))
		return false;

	guard(spinlock)(&a->lock);
	for (slot = 0; slot < arena_nr_slots(a); slot++) {
		struct arena_page *p = a->slots[slot];

		if (p && p->listed == list_empty(&p->lru)) {
			pr_err("page in slot %zu is on the LRU: %d\n", slot, !p->listed);
			return false;
		}
	}
	return !a->size || filled(a);
}

/**
 * arenat_counts() - are so many slots in each state?
 * @a: the arena
 * @in_use: expected
 * @idle: expected
 * @absent: expected
 *
 * Return: true if so; else false, and the log has what was found.
 */
bool arenat_counts(struct arena *a, size_t in_use, size_t idle, size_t absent)
{
	struct arena_slot_counts c;

	arena_count_slots(a, &c);
	if (c.in_use == in_use && c.idle == idle && c.absent == absent)
		return true;
	pr_err("slots: %zu in use, %zu idle, %zu absent\n", c.in_use, c.idle, c.absent);
	return false;
}

/**
 * arenat_mapped() - is the page of a slot in a page table?
 * @a: the arena
 * @slot: the slot; has a page
 *
 * Return: true if so.
 */
bool arenat_mapped(struct arena *a, size_t slot)
{
	return folio_mapcount(page_folio(a->slots[slot]->page)) > 0;
}

/**
 * arenat_event() - how often something has happened.
 * @a: the arena
 * @event: what
 *
 * Return: the count since the arena was made.
 */
long arenat_event(struct arena *a, enum arena_event event)
{
	return atomic_long_read(&a->events[event]);
}

/**
 * arenat_map_event() - which event counts the pages that a sender maps.
 * @test: the test; after arenat_init_lock_mode() if it has a parameter
 *
 * Return: the event.
 */
enum arena_event arenat_map_event(struct kunit *test)
{
	const struct bmmt_lock_mode *mode = test->param_value;

	if (mode)
		return mode->mmap_lock ? ARENA_MAP_MMAP_LOCK : ARENA_MAP_VMA_LOCK;
	return IS_ENABLED(CONFIG_PER_VMA_LOCK) ? ARENA_MAP_VMA_LOCK : ARENA_MAP_MMAP_LOCK;
}

/**
 * arenat_reserve() - a buffer for a message that is not oneway.
 * @rx: the receiver
 * @size: bytes
 *
 * Return: the buffer, reserved; its record lives as long as the test.
 */
struct arena_buf *arenat_reserve(struct arenat_rx *rx, size_t size)
{
	struct arena_buf *b = arenat_alloc(rx->test, sizeof(*b));

	KUNIT_ASSERT_EQ(rx->test, 0, arena_reserve(rx->a, b, size, false));
	KUNIT_EXPECT_TRUE(rx->test, arenat_settled(rx->a));
	return b;
}

/**
 * arenat_release() - give a buffer back.
 * @rx: the receiver
 * @b: the buffer
 */
void arenat_release(struct arenat_rx *rx, struct arena_buf *b)
{
	arena_release(rx->a, b);
	KUNIT_EXPECT_TRUE(rx->test, arenat_settled(rx->a));
}

/**
 * arenat_pages() - buffers of one page each.
 * @rx: a receiver that has none yet
 * @nr: how many
 *
 * Return: the buffers, that in slot 0 first.
 */
struct arena_buf **arenat_pages(struct arenat_rx *rx, size_t nr)
{
	struct arena_buf **b = arenat_alloc(rx->test, nr * sizeof(*b));
	size_t i;

	for (i = 0; i < nr; i++) {
		b[i] = arenat_reserve(rx, PAGE_SIZE);
		KUNIT_ASSERT_EQ(rx->test, b[i]->range.start, i << PAGE_SHIFT);
	}
	return b;
}

/**
 * arenat_alloc() - kernel memory of a test.
 * @test: the test
 * @size: bytes
 *
 * Return: zeroed memory that is gone at the end of the test.
 */
void *arenat_alloc(struct kunit *test, size_t size)
{
	void *p = kunit_kzalloc(test, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	return p;
}

/**
 * arenat_pattern() - bytes that do not occur by accident.
 * @buf: where
 * @len: how many
 * @seed: which
 */
void arenat_pattern(void *buf, size_t len, u32 seed)
{
	struct rnd_state state;

	prandom_seed_state(&state, seed);
	prandom_bytes_state(&state, buf, len);
}

/**
 * arenat_src() - memory of the sender.
 * @test: the test, which is the sender
 *
 * Return: user address of ARENAT_SRC_PAGES pages, readable and writable.
 */
unsigned long arenat_src(struct kunit *test)
{
	return env_of(test)->src;
}

/**
 * arenat_load() - write what is to be sent.
 * @test: the test
 * @off: bytes from arenat_src()
 * @buf: what
 * @len: bytes
 */
void arenat_load(struct kunit *test, size_t off, const void *buf, size_t len)
{
	void __user *to = (void __user *)(arenat_src(test) + off);

	KUNIT_ASSERT_EQ(test, 0, copy_to_user(to, buf, len));
}

/**
 * arenat_sees() - does user space read these bytes here?
 * @test: the test, in the receiver's address space
 * @addr: user address
 * @buf: expected, NULL for zeroes
 * @len: bytes
 *
 * Return: true if so; false if it reads others, or cannot read.
 */
bool arenat_sees(struct kunit *test, unsigned long addr, const void *buf, size_t len)
{
	u8 *got __free(kvfree) = kvmalloc(len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, got);
	if (copy_from_user(got, (void __user *)addr, len))
		return false;
	return buf ? !memcmp(got, buf, len) : !memchr_inv(got, 0, len);
}

/**
 * arenat_sees_now() - can user space read here without a page fault?
 * @addr: user address in the address space of the current task
 *
 * Return: true if so.
 */
bool arenat_sees_now(unsigned long addr)
{
	u8 byte;

	return !copy_from_user_nofault(&byte, (void __user *)addr, 1);
}

/**
 * arenat_sigbus() - does reading here end with SIGBUS?
 * @test: the test
 * @addr: user address, mapped, in the address space of the test
 *
 * Return: true if so.
 */
bool arenat_sigbus(struct kunit *test, unsigned long addr)
{
	struct vm_area_struct *vma;
	vm_fault_t fault = 0;

	mmap_read_lock(current->mm);
	vma = vma_lookup(current->mm, addr);
	if (vma)
		fault = handle_mm_fault(vma, addr, 0, NULL);
	mmap_read_unlock(current->mm);
	return fault == VM_FAULT_SIGBUS && !arenat_sees(test, addr, NULL, 1) &&
	       !arenat_sees_now(addr);
}

/**
 * arenat_scan() - call the registered shrinker as memory reclaim does.
 * @test: the test
 * @memcg: whose list, NULL for that of the root
 * @nr: pages to scan
 *
 * Return: pages freed.
 */
unsigned long arenat_scan(struct kunit *test, struct mem_cgroup *memcg, unsigned long nr)
{
	struct shrinker *shrinker = env_of(test)->shrinker;
	struct shrink_control sc = {
		.gfp_mask = GFP_KERNEL,
		.nid = first_online_node,
		.nr_to_scan = nr,
		.nr_scanned = nr,
		.memcg = memcg,
	};
	unsigned int flags = memalloc_noreclaim_save();
	unsigned long freed;

	/* For lockdep: what is held across an allocation must not be waited for. */
	fs_reclaim_acquire(GFP_KERNEL);
	freed = shrinker->scan_objects(shrinker, &sc);
	fs_reclaim_release(GFP_KERNEL);
	memalloc_noreclaim_restore(flags);
	return freed;
}

/**
 * arenat_listed() - what the registered shrinker counts.
 * @test: the test
 * @memcg: whose list, NULL for that of the root
 *
 * Return: pages on the LRU.
 */
unsigned long arenat_listed(struct kunit *test, struct mem_cgroup *memcg)
{
	struct shrinker *shrinker = env_of(test)->shrinker;
	struct shrink_control sc = {
		.gfp_mask = GFP_KERNEL,
		.nid = first_online_node,
		.memcg = memcg,
	};
	unsigned long nr = shrinker->count_objects(shrinker, &sc);

	/* 0 would mean that it cannot be told. */
	KUNIT_EXPECT_NE(test, nr, 0);
	return nr == SHRINK_EMPTY ? 0 : nr;
}

/**
 * arenat_drain() - reclaim all that can be.
 * @test: the test
 */
void arenat_drain(struct kunit *test)
{
	arenat_scan(test, NULL, LONG_MAX);
	KUNIT_EXPECT_EQ(test, arenat_listed(test, NULL), 0);
}
