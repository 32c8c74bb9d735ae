// SPDX-License-Identifier: GPL-2.0
/*
 * What the tests of driver/mm share.
 */
#include <kunit/static_stub.h>
#include <linux/anon_inodes.h>
#include <linux/debugfs.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/mmu_context.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "mm_fixture.h"

/* How long another task waits for the test before it gives up, in jiffies. */
#define PATIENCE (10 * HZ)

static vm_fault_t map_fault(struct vm_fault *vmf)
{
	struct bmmt_map *map = vmf->vma->vm_private_data;
	struct bmm_vma v = bmm_vma_from_raw(vmf->vma);
	struct bmm_vma_mixed m;

	map->faults++;
	if (!map->fault_page || !bmm_vma_is(v, vmf->address, &map->id) ||
	    !bmm_vma_as_mixed(v, &m) ||
	    bmm_vma_insert_page(m, vmf->address & PAGE_MASK, map->fault_page))
		return VM_FAULT_SIGBUS;
	return VM_FAULT_NOPAGE;
}

static const struct vm_operations_struct map_vm_ops = {
	.fault = map_fault,
};

static int map_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct bmm_vma_new n = bmm_vma_new_from_raw(vma);
	struct bmmt_map *map = file->private_data;

	map->id = bmm_vma_new_bind(n, &map_vm_ops, map);
	if (!map->plain)
		bmm_vma_new_set_mixedmap(n);
	if (map->on_mmap)
		map->on_mmap(map, n);
	return 0;
}

static const struct file_operations map_fops = {
	.owner = THIS_MODULE,
	.mmap = map_mmap,
};

static void put_file(void *file)
{
	fput(file);
}

/**
 * bmmt_file() - a file that can be mapped.
 * @test: its owner
 *
 * Return: the file, not mapped yet; gone at the end of the test.
 */
struct bmmt_map *bmmt_file(struct kunit *test)
{
	struct bmmt_map *map = kunit_kzalloc(test, sizeof(*map), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, map);
	map->test = test;
	map->file = anon_inode_getfile("binder_mm_test", &map_fops, map, O_RDWR);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, map->file);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, put_file, map->file));
	return map;
}

/**
 * bmmt_attach_mm() - give the task that runs a test an address space.
 * @test: the test
 *
 * To be called before kunit_vm_mmap(), which would attach one itself and, in
 * 6.12, leak its struct: kthread_use_mm() takes a reference for the sake of
 * kthread_unuse_mm(), but a test ends by exiting, as a process does, which
 * knows of no such reference. Here it is dropped at once.
 */
void bmmt_attach_mm(struct kunit *test)
{
	struct mm_struct *mm;

	if (current->mm)
		return;
	mm = mm_alloc();
	KUNIT_ASSERT_NOT_NULL(test, mm);
	mm->task_size = TASK_SIZE;
	arch_pick_mmap_layout(mm, &current->signal->rlim[RLIMIT_STACK]);
	kthread_use_mm(mm);
	mmdrop(mm);
}

/**
 * bmmt_mmap() - map a file, in place of what is there.
 * @map: the file
 * @addr: user address, 0 for any
 * @pages: length
 * @prot: PROT_ flags
 * @pgoff: first page of the file
 *
 * The first call in a test gives it an address space, which ends with the task
 * that runs the test.
 */
void bmmt_mmap(struct bmmt_map *map, unsigned long addr, unsigned long pages,
	       unsigned long prot, unsigned long pgoff)
{
	unsigned long flags = MAP_SHARED | (addr ? MAP_FIXED : 0);

	bmmt_attach_mm(map->test);
	map->addr = kunit_vm_mmap(map->test, map->file, addr, pages << PAGE_SHIFT,
				  prot, flags, pgoff << PAGE_SHIFT);
	KUNIT_ASSERT_NE(map->test, map->addr, 0);
	KUNIT_ASSERT_FALSE(map->test, IS_ERR_VALUE(map->addr));
	KUNIT_ASSERT_TRUE(map->test, !addr || map->addr == addr);
	map->mm = current->mm;
}

/**
 * bmmt_map() - a file and a readable mapping of it.
 * @test: its owner
 * @pages: length
 *
 * Return: both.
 */
struct bmmt_map *bmmt_map(struct kunit *test, unsigned long pages)
{
	struct bmmt_map *map = bmmt_file(test);

	bmmt_mmap(map, 0, pages, PROT_READ, 0);
	return map;
}

/**
 * bmmt_user() - the address space of the test.
 * @test: a test that has mapped something
 *
 * Return: a view, not to be put.
 */
struct bmm_user bmmt_user(struct kunit *test)
{
	struct bmm_user u;

	KUNIT_ASSERT_TRUE(test, bmm_user_current(&u));
	return u;
}

static void free_page_action(void *page)
{
	__free_page(page);
}

/**
 * bmmt_page() - a page of the test.
 * @test: its owner
 * @fill: what each byte of it is
 *
 * Return: the page; the test's reference is dropped at its end.
 */
struct page *bmmt_page(struct kunit *test, u8 fill)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	memset(page_address(page), fill, PAGE_SIZE);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_page_action, page));
	return page;
}

/**
 * bmmt_user_sees() - is this page mapped here, as user space sees it?
 * @addr: user address of the page
 * @fill: what each byte of it should be
 *
 * Return: true if so; false if it has other bytes or none.
 */
bool bmmt_user_sees(unsigned long addr, u8 fill)
{
	u8 *buf __free(kfree) = kmalloc(PAGE_SIZE, GFP_KERNEL);

	if (!buf || copy_from_user(buf, (void __user *)addr, PAGE_SIZE))
		return false;
	return !memchr_inv(buf, fill, PAGE_SIZE);
}

static int writer_thread(void *arg)
{
	struct bmmt_writer *w = arg;
	unsigned long end = jiffies + PATIENCE;

	mmap_write_lock(w->mm);
	if (w->addr)
		vma_start_write(vma_lookup(w->mm, w->addr));
	complete(&w->locked);

	if (w->until_waited_for) {
		while (!mmap_lock_is_contended(w->mm) && time_before(jiffies, end))
			schedule_timeout_uninterruptible(1);
	} else {
		wait_for_completion_timeout(&w->release, PATIENCE);
	}
	mmap_write_unlock(w->mm);
	complete(&w->done);
	return 0;
}

/**
 * bmmt_writer_start() - let another task take the mmap write lock.
 * @test: the test
 * @w: @mm, @addr and @until_waited_for are set
 *
 * Returns when the lock is taken.
 */
void bmmt_writer_start(struct kunit *test, struct bmmt_writer *w)
{
	struct task_struct *task;

	init_completion(&w->locked);
	init_completion(&w->release);
	init_completion(&w->done);
	task = kthread_run(writer_thread, w, "bmmt_writer");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	wait_for_completion(&w->locked);
}

/**
 * bmmt_writer_stop() - let it leave.
 * @w: a started writer
 *
 * Returns when the lock is free.
 */
void bmmt_writer_stop(struct bmmt_writer *w)
{
	complete(&w->release);
	wait_for_completion(&w->done);
}

struct other_task {
	struct kunit *test;
	void (*fn)(void *arg);
	void *arg;
	struct completion done;
};

static int other_thread(void *arg)
{
	struct other_task *other = arg;

	current->kunit_test = other->test;
	other->fn(other->arg);
	complete(&other->done);
	return 0;
}

/**
 * bmmt_in_other_task() - run a function in another task of the same test.
 * @test: the test; static stubs and reports are its own there too
 * @fn: the function
 * @arg: its argument
 *
 * Returns when @fn has.
 */
void bmmt_in_other_task(struct kunit *test, void (*fn)(void *arg), void *arg)
{
	struct other_task other = { .test = test, .fn = fn, .arg = arg };
	struct task_struct *task;

	init_completion(&other.done);
	task = kthread_run(other_thread, &other, "bmmt_other");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	wait_for_completion(&other.done);
}

const struct bmmt_lock_mode bmmt_lock_modes[2] = {
	{ "per-VMA lock", false, BMM_LOCK_VMA },
	{ "mmap lock", true, BMM_LOCK_MMAP },
};

KUNIT_ARRAY_PARAM_DESC(lock_mode, bmmt_lock_modes, name);

/**
 * bmmt_lock_mode_gen_params() - run a case once for each of bmmt_lock_modes.
 * @prev: the parameter before, NULL for the first
 * @desc: where the name goes
 *
 * Return: the next parameter, NULL at the end.
 */
const void *bmmt_lock_mode_gen_params(const void *prev, char *desc)
{
	return lock_mode_gen_params(prev, desc);
}

#ifdef CONFIG_BINDER_IPC_DEBUG
static void reset_switches(void *unused)
{
	bmm_no_vma_lock = false;
	bmm_page_by_page = false;
}
#endif

/**
 * bmmt_no_vma_lock() - act as a kernel without per-VMA locks.
 * @test: until its end
 */
void bmmt_no_vma_lock(struct kunit *test)
{
#ifdef CONFIG_BINDER_IPC_DEBUG
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, reset_switches, NULL));
	bmm_no_vma_lock = true;
#else
	if (IS_ENABLED(CONFIG_PER_VMA_LOCK))
		kunit_skip(test, "needs CONFIG_BINDER_IPC_DEBUG to switch per-VMA locks off");
#endif
}

/**
 * bmmt_page_by_page() - act as a kernel with CONFIG_HIGHMEM.
 * @test: until its end
 */
void bmmt_page_by_page(struct kunit *test)
{
#ifdef CONFIG_BINDER_IPC_DEBUG
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, reset_switches, NULL));
	bmm_page_by_page = true;
#else
	if (!IS_ENABLED(CONFIG_HIGHMEM))
		kunit_skip(test, "needs CONFIG_BINDER_IPC_DEBUG to split runs of pages");
#endif
}

/**
 * bmmt_lock_mode_init() - make the kernel use one kind of lock.
 * @test: until its end; skipped if this kernel cannot
 * @mode: which kind
 */
void bmmt_lock_mode_init(struct kunit *test, const struct bmmt_lock_mode *mode)
{
	if (mode->mmap_lock)
		bmmt_no_vma_lock(test);
	else if (!IS_ENABLED(CONFIG_PER_VMA_LOCK))
		kunit_skip(test, "needs CONFIG_PER_VMA_LOCK");
}

#ifdef CONFIG_BINDER_IPC_DEBUG

static atomic_t misuse_count;
static char misuse_last[128];

static void count_misuse(const char *what)
{
	strscpy(misuse_last, what, sizeof(misuse_last));
	atomic_inc(&misuse_count);
}

/**
 * bmmt_count_misuse() - count broken rules instead of warning about them.
 * @test: until its end; skipped if nothing checks the rules
 */
void bmmt_count_misuse(struct kunit *test)
{
	atomic_set(&misuse_count, 0);
	misuse_last[0] = 0;
	kunit_activate_static_stub(test, bmm_misuse_report, count_misuse);
}

/**
 * bmmt_misuse_count() - how many rules have been broken?
 *
 * Return: reports since bmmt_count_misuse().
 */
unsigned int bmmt_misuse_count(void)
{
	return atomic_read(&misuse_count);
}

/**
 * bmmt_misuse_last() - which rule was broken?
 *
 * Return: the latest report.
 */
const char *bmmt_misuse_last(void)
{
	return misuse_last;
}

#else

void bmmt_count_misuse(struct kunit *test)
{
	kunit_skip(test, "needs CONFIG_BINDER_IPC_DEBUG to check the rules");
}

unsigned int bmmt_misuse_count(void)
{
	return 0;
}

const char *bmmt_misuse_last(void)
{
	return "";
}

#endif /* CONFIG_BINDER_IPC_DEBUG */

#if defined(CONFIG_FAIL_PAGE_ALLOC) && defined(CONFIG_FAULT_INJECTION_DEBUG_FS)

/* The value behind a file of a fault attribute. */
static void *knob(struct kunit *test, const char *attr, const char *name)
{
	struct dentry *dir, *file;
	void *value;

	dir = debugfs_lookup(attr, NULL);
	KUNIT_ASSERT_NOT_NULL(test, dir);
	file = debugfs_lookup(name, dir);
	dput(dir);
	KUNIT_ASSERT_NOT_NULL(test, file);
	value = d_inode(file)->i_private;
	dput(file);
	return value;
}

/* Values that the test changes, and what they were. */
static struct {
	bool *spare_sleepers, spare_sleepers_was;
	u32 *min_order, min_order_was;
	unsigned long *verbose[2], verbose_was[2];
} knobs;

static void reset_knobs(void *unused)
{
	int i;

	*knobs.spare_sleepers = knobs.spare_sleepers_was;
	*knobs.min_order = knobs.min_order_was;
	for (i = 0; i < 2; i++)
		*knobs.verbose[i] = knobs.verbose_was[i];
	knobs.spare_sleepers = NULL;
}

static void set_knobs(struct kunit *test)
{
	int i;

	knobs.verbose[0] = knob(test, "fail_page_alloc", "verbose");
	knobs.verbose[1] = IS_ENABLED(CONFIG_BINDER_IPC_DEBUG) ?
			   knob(test, "fail_binder_mm", "verbose") : knobs.verbose[0];
	knobs.min_order = knob(test, "fail_page_alloc", "min-order");
	knobs.min_order_was = *knobs.min_order;
	knobs.spare_sleepers = knob(test, "fail_page_alloc", "ignore-gfp-wait");
	knobs.spare_sleepers_was = *knobs.spare_sleepers;
	for (i = 0; i < 2; i++)
		knobs.verbose_was[i] = *knobs.verbose[i];

	*knobs.spare_sleepers = false;
	*knobs.min_order = 0;
	for (i = 0; i < 2; i++)
		*knobs.verbose[i] = 0;
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, reset_knobs, NULL));
}

/**
 * bmmt_fail_begin() - let an allocation of a page, or a site of ours, fail.
 * @test: the test; skipped if this kernel cannot
 * @nth: which one from here on, in this task; 1 is the next
 */
void bmmt_fail_begin(struct kunit *test, unsigned int nth)
{
	if (!knobs.spare_sleepers)
		set_knobs(test);
	current->fail_nth = nth;
}

/**
 * bmmt_fail_end() - end what bmmt_fail_begin() began.
 *
 * Return: true if something was made to fail.
 */
bool bmmt_fail_end(void)
{
	unsigned int left = current->fail_nth;

	current->fail_nth = 0;
	return !left;
}

#else

void bmmt_fail_begin(struct kunit *test, unsigned int nth)
{
	kunit_skip(test, "needs CONFIG_FAIL_PAGE_ALLOC and FAULT_INJECTION_DEBUG_FS");
}

bool bmmt_fail_end(void)
{
	return false;
}

#endif
