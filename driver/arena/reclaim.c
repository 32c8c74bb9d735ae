// SPDX-License-Identifier: GPL-2.0
/*
 * The LRU of idle pages, and the shrinker that takes them.
 *
 * Idle pages of all arenas are on one list_lru, a list for each node and memory
 * cgroup, oldest first. Reclaim comes from the list, against the lock order, so
 * it only tries: whatever is held by somebody else is skipped and counted.
 *
 * Pages leave in batches. The first page met decides the arena: for it the
 * address space is pinned, its vma (or mmap) lock and map_mutex are taken, all
 * without sleeping. Every further page of that arena is then taken off the list
 * and out of its slot without dropping the list's lock. A page of another arena
 * ends the batch. Only then, with no spinlock held, are the pages unmapped and
 * freed, and the walk goes on with the next arena. Until the batch is done
 * map_mutex keeps any new page from being mapped at those addresses.
 *
 *   list lock -> mm alive? -> map_mutex (try) -> vma lock or mmap lock (try)
 *	-> arena->lock (try) -> slot absent, off the list
 *   no lock   -> zap -> unlock -> free
 */
#include <linux/jiffies.h>
#include <linux/list_lru.h>
#include <linux/memcontrol.h>
#include <linux/shrinker.h>
#include <linux/slab.h>

#include "arena/page.h"

static struct list_lru arena_lru;
static struct shrinker *arena_shrinker;
static struct kmem_cache *arena_page_cache;

/**
 * arena_page_alloc_records() - records for pages
 * @records: out: zeroed records that are on no list
 * @nr: how many, at least 1
 * @gfp: how to allocate, with __GFP_ACCOUNT; charged to the active memory cgroup
 *
 * The first one also makes the list of that memory cgroup, so that
 * arena_lru_idle() need not.
 *
 * Context: as @gfp says.
 * Return: 0, or -ENOMEM, and then there is none.
 */
int arena_page_alloc_records(struct arena_page **records, unsigned int nr,
			     gfp_t gfp)
{
	unsigned int i;

	gfp |= __GFP_ZERO;
	records[0] = kmem_cache_alloc_lru(arena_page_cache, &arena_lru, gfp);
	if (!records[0])
		return -ENOMEM;
	if (nr > 1 && !kmem_cache_alloc_bulk(arena_page_cache, gfp, nr - 1,
					     (void **)&records[1])) {
		arena_page_free_record(records[0]);
		return -ENOMEM;
	}
	for (i = 0; i < nr; i++)
		INIT_LIST_HEAD(&records[i]->lru);
	return 0;
}

/**
 * arena_page_free_record() - free the record of a page
 * @p: on no list
 *
 * Context: any.
 */
void arena_page_free_record(struct arena_page *p)
{
	kmem_cache_free(arena_page_cache, p);
}

static void lru_add(struct arena_page *p)
{
	guard(rcu)();
	list_lru_add(&arena_lru, &p->lru, page_to_nid(p->page),
		     mem_cgroup_from_slab_obj(p));
	p->listed = true;
}

static void lru_del(struct arena_page *p)
{
	guard(rcu)();
	list_lru_del(&arena_lru, &p->lru, page_to_nid(p->page),
		     mem_cgroup_from_slab_obj(p));
	p->listed = false;
}

/**
 * arena_lru_idle() - a page became idle: it is now the youngest on the LRU
 * @p: the page
 *
 * Context: arena->lock held.
 */
void arena_lru_idle(struct arena_page *p)
{
	lockdep_assert_held(&p->arena->lock);

	if (p->listed)
		lru_del(p);
	lru_add(p);
}

/**
 * arena_lru_forget() - take a page off the LRU for good
 * @p: the page
 *
 * Context: arena->lock held.
 */
void arena_lru_forget(struct arena_page *p)
{
	lockdep_assert_held(&p->arena->lock);

	if (p->listed)
		lru_del(p);
}

/*
 * A batch of pages of one arena on their way out.
 *
 * @arena: whose pages, with a reference; NULL before the first
 * @mm: its address space, if @mm_alive
 * @vma: the lock, if @mapped: there is still a mapping to unmap them from
 * @pages: out of their slots, off the list
 * @other: a page of another arena ended the batch
 */
struct batch {
	struct arena *arena;
	struct bmm_user mm;
	struct bmm_vma_guard vma;
	bool mm_alive;
	bool mapped;
	bool other;
	unsigned long nr;
	unsigned long delisted;
	struct list_head pages;
};

static void unlock_mapping(struct batch *b)
{
	if (b->mapped)
		bmm_vma_unlock(&b->vma);
	/* Reclaim must not tear an address space down: it may be in anything. */
	if (b->mm_alive)
		bmm_put_async(bmm_into_async(b->mm));
}

/*
 * A dead address space maps nothing any more that anybody could look at, and
 * neither does one in which our vma is gone: then there is nothing to unmap,
 * and the page can go all the same. In between, while an address space is being
 * torn down, it still has our vma: that passes, the pages can wait for it.
 */
static bool lock_mapping(struct batch *b, struct arena_page *p)
{
	struct arena *a = p->arena;
	int err = -ENOENT;

	b->mm_alive = bmm_get_not_zero(a->mm, &b->mm);
	if (b->mm_alive)
		err = bmm_vma_lock(&b->vma, b->mm,
				   arena_slot_addr(a, p->index), &a->id,
				   BMM_TRY_ZAP);
	else if (arena_is_mapped(a))
		err = -EAGAIN;
	b->mapped = !err;
	if (err != -EAGAIN)
		return true;
	unlock_mapping(b);
	arena_count(a, ARENA_SKIP_VMA_LOCK, 1);
	return false;
}

static bool batch_start(struct batch *b, struct arena_page *p)
{
	struct arena *a = p->arena;

	if (!mutex_trylock(&a->map_mutex)) {
		arena_count(a, ARENA_SKIP_MAP_MUTEX, 1);
		return false;
	}
	if (!lock_mapping(b, p)) {
		mutex_unlock(&a->map_mutex);
		return false;
	}
	/*
	 * The list's lock keeps the arena in memory as long as a page of it is
	 * listed, but its last user may be on the way to that page to free it.
	 */
	if (!kref_get_unless_zero(&a->ref)) {
		unlock_mapping(b);
		mutex_unlock(&a->map_mutex);
		return false;
	}
	b->arena = a;
	return true;
}

/*
 * The batch's lock covers one vma; what else is mapped of a mapping that was
 * split, or cut, needs a batch of its own.
 */
static bool batch_covers(struct batch *b, struct arena_page *p)
{
	struct bmm_vma vma;
	unsigned long addr;

	if (p->arena != b->arena)
		return false;
	if (!b->mapped)
		return !b->mm_alive;
	vma = bmm_guard_vma(&b->vma);
	addr = arena_slot_addr(p->arena, p->index);
	return addr >= bmm_vma_start(vma) && addr < bmm_vma_end(vma);
}

static enum lru_status take_page(struct batch *b, struct arena_page *p,
				 struct list_lru_one *list)
{
	struct arena *a = p->arena;

	lockdep_assert_held(&a->map_mutex);
	lockdep_assert_held(&a->lock);

	p->listed = false;
	if (p->in_use) {
		list_lru_isolate(list, &p->lru);
		arena_count(a, ARENA_DELISTED_IN_USE, 1);
		b->delisted++;
		return LRU_REMOVED;
	}
	WRITE_ONCE(a->slots[p->index], NULL);
	list_lru_isolate_move(list, &p->lru, &b->pages);
	b->nr++;
	return LRU_REMOVED;
}

static enum lru_status isolate(struct list_head *item, struct list_lru_one *list,
			       spinlock_t *list_lock, void *arg)
	__must_hold(list_lock)
{
	struct arena_page *p = container_of(item, struct arena_page, lru);
	struct arena *a = p->arena;
	struct batch *b = arg;
	enum lru_status status;

	lockdep_assert_held(list_lock);

	if (!b->arena) {
		if (!batch_start(b, p))
			return LRU_SKIP;
	} else if (!batch_covers(b, p)) {
		b->other = true;
		return LRU_STOP;
	}
	if (!spin_trylock(&a->lock)) {
		arena_count(a, ARENA_SKIP_LOCK, 1);
		return LRU_SKIP;
	}
	status = take_page(b, p, list);
	spin_unlock(&a->lock);
	return status;
}

/* Unmaps runs of neighbouring slots together: oldest first is often in order. */
static void zap_pages(struct batch *b)
{
	struct arena_page *p, *first = NULL;
	unsigned long nr = 0;

	list_for_each_entry(p, &b->pages, lru) {
		if (nr && p->index == first->index + nr) {
			nr++;
			continue;
		}
		if (nr)
			bmm_vma_zap(bmm_guard_vma(&b->vma),
				    arena_slot_addr(b->arena, first->index),
				    nr << PAGE_SHIFT);
		first = p;
		nr = 1;
	}
	if (nr)
		bmm_vma_zap(bmm_guard_vma(&b->vma),
			    arena_slot_addr(b->arena, first->index),
			    nr << PAGE_SHIFT);
}

static void unmap_pages(struct batch *b)
{
	struct arena_page *p;

	list_for_each_entry(p, &b->pages, lru)
		trace_binder_unmap_user_start(b->arena, p->index);
	zap_pages(b);
	list_for_each_entry(p, &b->pages, lru)
		trace_binder_unmap_user_end(b->arena, p->index);
}

static void free_pages_of(struct batch *b)
{
	struct arena_page *p, *next;

	list_for_each_entry_safe(p, next, &b->pages, lru) {
		size_t index = p->index;

		trace_binder_unmap_kernel_start(b->arena, index);
		arena_page_free(p);
		trace_binder_unmap_kernel_end(b->arena, index);
	}
}

static void batch_end(struct batch *b)
{
	struct arena *a = b->arena;

	if (!a)
		return;
	if (b->mapped)
		unmap_pages(b);
	unlock_mapping(b);
	mutex_unlock(&a->map_mutex);
	free_pages_of(b);
	arena_count(a, ARENA_RECLAIMED, b->nr);
	arena_put(a);
}

/*
 * One walk, one batch. Pages that were listed but in use do not count against
 * what the caller asked to scan, nor does the page that ended the batch.
 */
static unsigned long scan_batch(struct shrink_control *sc, bool *more)
{
	struct batch b = { .pages = LIST_HEAD_INIT(b.pages) };

	list_lru_shrink_walk(&arena_lru, sc, isolate, &b);
	batch_end(&b);
	sc->nr_to_scan += b.delisted + b.other;
	*more = b.delisted || b.other;
	return b.nr;
}

static unsigned long scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	unsigned long freed = 0;
	bool more;

	do {
		freed += scan_batch(sc, &more);
	} while (more);
	return freed;
}

static unsigned long count(struct shrinker *shrinker, struct shrink_control *sc)
{
	return list_lru_shrink_count(&arena_lru, sc) ?: SHRINK_EMPTY;
}

#if IS_ENABLED(CONFIG_BINDER_IPC_BENCH)
/**
 * arena_shrink() - run the shrinker now, for benchmarks
 * @nr: pages to look at, the oldest of the root memory cgroup on node 0
 *
 * Context: task context, no lock held, may sleep.
 * Return: pages freed.
 */
unsigned long arena_shrink(unsigned long nr)
{
	struct shrink_control sc = {
		.gfp_mask = GFP_KERNEL,
		.nr_to_scan = nr,
	};

	return scan(arena_shrinker, &sc);
}
#endif

/**
 * arena_reclaim_init() - set up the LRU and register the shrinker
 *
 * Context: at boot, may sleep.
 * Return: 0 or -ENOMEM.
 */
int __init arena_reclaim_init(void)
{
	int err;

	arena_shrinker = shrinker_alloc(SHRINKER_NUMA_AWARE |
					SHRINKER_MEMCG_AWARE, "android-binder");
	if (!arena_shrinker)
		return -ENOMEM;
	err = list_lru_init_memcg(&arena_lru, arena_shrinker);
	if (err)
		goto free_shrinker;
	arena_page_cache = KMEM_CACHE(arena_page, SLAB_ACCOUNT);
	if (!arena_page_cache) {
		err = -ENOMEM;
		goto destroy_lru;
	}
	arena_shrinker->count_objects = count;
	arena_shrinker->scan_objects = scan;
	arena_shrinker->seeks = DEFAULT_SEEKS;
	shrinker_register(arena_shrinker);
	return 0;

destroy_lru:
	list_lru_destroy(&arena_lru);
free_shrinker:
	shrinker_free(arena_shrinker);
	return err;
}

/**
 * arena_reclaim_exit() - undo arena_reclaim_init()
 *
 * Context: at boot, when there is no arena; may sleep.
 */
void __init arena_reclaim_exit(void)
{
	shrinker_free(arena_shrinker);
	list_lru_destroy(&arena_lru);
	kmem_cache_destroy(arena_page_cache);
}
