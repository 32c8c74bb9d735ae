/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trace events, under the names and with the fields that tools know.
 *
 * Where pages are concerned the events of a pair may lie apart: pages are
 * brought and unmapped many at a time, and each has its events then. Those of the
 * lock that the driver had long ago never come.
 *
 * binder_arena_event is this driver's own: it comes with each count of
 * binder_arena/ in debugfs, and so tells when and in whom a page was mapped by a
 * fault, or passed over by the shrinker.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM binder

#if !defined(BINDER_REPORT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define BINDER_REPORT_TRACE_H

#include <linux/tracepoint.h>

struct arena;
struct binder_attempt;
struct binder_node;
struct binder_ref_name;
struct binder_txn;

/* System calls */

TRACE_EVENT(binder_ioctl,
	    TP_PROTO(unsigned int cmd, unsigned long arg),
	    TP_ARGS(cmd, arg),
	    TP_STRUCT__entry(__field(unsigned int, cmd)
			     __field(unsigned long, arg)),
	    TP_fast_assign(__entry->cmd = cmd;
			   __entry->arg = arg;),
	    TP_printk("cmd=0x%x arg=0x%lx", __entry->cmd, __entry->arg));

DECLARE_EVENT_CLASS(binder_done,
		    TP_PROTO(int ret),
		    TP_ARGS(ret),
		    TP_STRUCT__entry(__field(int, ret)),
		    TP_fast_assign(__entry->ret = ret;),
		    TP_printk("ret=%d", __entry->ret));

#define DEFINE_BINDER_DONE(name) \
	DEFINE_EVENT(binder_done, name, TP_PROTO(int ret), TP_ARGS(ret))

DEFINE_BINDER_DONE(binder_ioctl_done);
DEFINE_BINDER_DONE(binder_write_done);
DEFINE_BINDER_DONE(binder_read_done);

DECLARE_EVENT_CLASS(binder_code,
		    TP_PROTO(uint32_t cmd),
		    TP_ARGS(cmd),
		    TP_STRUCT__entry(__field(uint32_t, cmd)),
		    TP_fast_assign(__entry->cmd = cmd;),
		    TP_printk("cmd=0x%x %s", __entry->cmd,
			      binder_br_name(__entry->cmd)));

DEFINE_EVENT(binder_code, binder_return, TP_PROTO(uint32_t cmd), TP_ARGS(cmd));
DEFINE_EVENT_PRINT(binder_code, binder_command,
		   TP_PROTO(uint32_t cmd), TP_ARGS(cmd),
		   TP_printk("cmd=0x%x %s", __entry->cmd,
			     binder_bc_name(__entry->cmd)));

TRACE_EVENT(binder_wait_for_work,
	    TP_PROTO(bool proc_work, bool transaction_stack, bool thread_todo),
	    TP_ARGS(proc_work, transaction_stack, thread_todo),
	    TP_STRUCT__entry(__field(bool, proc_work)
			     __field(bool, transaction_stack)
			     __field(bool, thread_todo)),
	    TP_fast_assign(__entry->proc_work = proc_work;
			   __entry->transaction_stack = transaction_stack;
			   __entry->thread_todo = thread_todo;),
	    TP_printk("proc_work=%d transaction_stack=%d thread_todo=%d",
		      __entry->proc_work, __entry->transaction_stack,
		      __entry->thread_todo));

/* Transactions */

TRACE_EVENT(binder_transaction,
	    TP_PROTO(const struct binder_txn *t),
	    TP_ARGS(t),
	    TP_STRUCT__entry(__field(int, debug_id)
			     __field(int, target_node)
			     __field(int, to_proc)
			     __field(int, to_thread)
			     __field(int, reply)
			     __field(unsigned int, code)
			     __field(unsigned int, flags)),
	    TP_fast_assign(__entry->debug_id = t->id;
			   __entry->target_node = t->node ? t->node->id : 0;
			   __entry->to_proc = t->to->pid;
			   __entry->to_thread = READ_ONCE(t->to_tid);
			   __entry->reply = binder_txn_is_reply(t);
			   __entry->code = t->code;
			   __entry->flags = t->flags;),
	    TP_printk("transaction=%d dest_node=%d dest_proc=%d dest_thread=%d reply=%d flags=0x%x code=0x%x",
		      __entry->debug_id, __entry->target_node, __entry->to_proc,
		      __entry->to_thread, __entry->reply, __entry->flags,
		      __entry->code));

DECLARE_EVENT_CLASS(binder_buffer,
		    TP_PROTO(const struct binder_txn *t),
		    TP_ARGS(t),
		    TP_STRUCT__entry(__field(int, debug_id)
				     __field(size_t, data_size)
				     __field(size_t, offsets_size)
				     __field(size_t, extra_buffers_size)),
		    TP_fast_assign(__entry->debug_id = t->id;
				   __entry->data_size = t->data_size;
				   __entry->offsets_size = t->offsets_size;
				   __entry->extra_buffers_size = t->extra_size;),
		    TP_printk("transaction=%d data_size=%zd offsets_size=%zd extra_buffers_size=%zd",
			      __entry->debug_id, __entry->data_size,
			      __entry->offsets_size, __entry->extra_buffers_size));

#define DEFINE_BINDER_BUFFER(name) \
	DEFINE_EVENT(binder_buffer, name, \
		     TP_PROTO(const struct binder_txn *t), TP_ARGS(t))

DEFINE_BINDER_BUFFER(binder_transaction_alloc_buf);
DEFINE_BINDER_BUFFER(binder_transaction_buffer_release);
DEFINE_BINDER_BUFFER(binder_transaction_failed_buffer_release);
DEFINE_BINDER_BUFFER(binder_transaction_update_buffer_release);

TRACE_EVENT(binder_transaction_received,
	    TP_PROTO(const struct binder_txn *t),
	    TP_ARGS(t),
	    TP_STRUCT__entry(__field(int, debug_id)),
	    TP_fast_assign(__entry->debug_id = t->id;),
	    TP_printk("transaction=%d", __entry->debug_id));

/* The two last values have always been the other way round. */
TRACE_EVENT(binder_txn_latency_free,
	    TP_PROTO(const struct binder_txn *t),
	    TP_ARGS(t),
	    TP_STRUCT__entry(__field(int, debug_id)
			     __field(int, from_proc)
			     __field(int, from_thread)
			     __field(int, to_proc)
			     __field(int, to_thread)
			     __field(unsigned int, code)
			     __field(unsigned int, flags)),
	    TP_fast_assign(__entry->debug_id = t->id;
			   __entry->from_proc = t->from_pid;
			   __entry->from_thread = t->from_tid;
			   __entry->to_proc = t->to->pid;
			   __entry->to_thread = READ_ONCE(t->to_tid);
			   __entry->code = t->flags;
			   __entry->flags = t->code;),
	    TP_printk("transaction=%d from %d:%d to %d:%d flags=0x%x code=0x%x",
		      __entry->debug_id, __entry->from_proc, __entry->from_thread,
		      __entry->to_proc, __entry->to_thread, __entry->flags,
		      __entry->code));

/* Whatever netlink.c reports, also if nobody listens there. */
TRACE_EVENT(binder_netlink_report,
	    TP_PROTO(const struct binder_attempt *a, const char *context,
		     uint32_t error),
	    TP_ARGS(a, context, error),
	    TP_STRUCT__entry(__string(context, context)
			     __field(uint32_t, error)
			     __field(int, from_proc)
			     __field(int, from_thread)
			     __field(int, to_proc)
			     __field(int, to_thread)
			     __field(bool, is_reply)
			     __field(unsigned int, flags)
			     __field(unsigned int, code)
			     __field(size_t, data_size)),
	    TP_fast_assign(__assign_str(context);
			   __entry->error = error;
			   __entry->from_proc = a->from_pid;
			   __entry->from_thread = a->from_tid;
			   __entry->to_proc = a->to_pid;
			   __entry->to_thread = a->to_tid;
			   __entry->is_reply = a->kind == BINDER_ATTEMPT_REPLY;
			   __entry->flags = a->flags;
			   __entry->code = a->code;
			   __entry->data_size = a->data_size;),
	    TP_printk("context=%s error=%s from %d:%d to %d:%d is_reply=%d flags=0x%x code=0x%x data_size=%zd",
		      __get_str(context), binder_br_name(__entry->error),
		      __entry->from_proc, __entry->from_thread,
		      __entry->to_proc, __entry->to_thread, __entry->is_reply,
		      __entry->flags, __entry->code, __entry->data_size));

/* Objects */

TRACE_EVENT(binder_transaction_node_to_ref,
	    TP_PROTO(const struct binder_txn *t, const struct binder_node *node,
		     const struct binder_ref_name *dest),
	    TP_ARGS(t, node, dest),
	    TP_STRUCT__entry(__field(int, debug_id)
			     __field(int, node_debug_id)
			     __field(binder_uintptr_t, node_ptr)
			     __field(int, ref_debug_id)
			     __field(uint32_t, ref_desc)),
	    TP_fast_assign(__entry->debug_id = t->id;
			   __entry->node_debug_id = node->id;
			   __entry->node_ptr = node->ptr;
			   __entry->ref_debug_id = dest->id;
			   __entry->ref_desc = dest->handle;),
	    TP_printk("transaction=%d node=%d src_ptr=0x%016llx ==> dest_ref=%d dest_desc=%d",
		      __entry->debug_id, __entry->node_debug_id,
		      (u64)__entry->node_ptr, __entry->ref_debug_id,
		      __entry->ref_desc));

TRACE_EVENT(binder_transaction_ref_to_node,
	    TP_PROTO(const struct binder_txn *t, const struct binder_node *node,
		     const struct binder_ref_name *src),
	    TP_ARGS(t, node, src),
	    TP_STRUCT__entry(__field(int, debug_id)
			     __field(int, ref_debug_id)
			     __field(uint32_t, ref_desc)
			     __field(int, node_debug_id)
			     __field(binder_uintptr_t, node_ptr)),
	    TP_fast_assign(__entry->debug_id = t->id;
			   __entry->ref_debug_id = src->id;
			   __entry->ref_desc = src->handle;
			   __entry->node_debug_id = node->id;
			   __entry->node_ptr = node->ptr;),
	    TP_printk("transaction=%d node=%d src_ref=%d src_desc=%d ==> dest_ptr=0x%016llx",
		      __entry->debug_id, __entry->node_debug_id,
		      __entry->ref_debug_id, __entry->ref_desc,
		      (u64)__entry->node_ptr));

TRACE_EVENT(binder_transaction_ref_to_ref,
	    TP_PROTO(const struct binder_txn *t, const struct binder_node *node,
		     const struct binder_ref_name *src,
		     const struct binder_ref_name *dest),
	    TP_ARGS(t, node, src, dest),
	    TP_STRUCT__entry(__field(int, debug_id)
			     __field(int, node_debug_id)
			     __field(int, src_ref_debug_id)
			     __field(uint32_t, src_ref_desc)
			     __field(int, dest_ref_debug_id)
			     __field(uint32_t, dest_ref_desc)),
	    TP_fast_assign(__entry->debug_id = t->id;
			   __entry->node_debug_id = node->id;
			   __entry->src_ref_debug_id = src->id;
			   __entry->src_ref_desc = src->handle;
			   __entry->dest_ref_debug_id = dest->id;
			   __entry->dest_ref_desc = dest->handle;),
	    TP_printk("transaction=%d node=%d src_ref=%d src_desc=%d ==> dest_ref=%d dest_desc=%d",
		      __entry->debug_id, __entry->node_debug_id,
		      __entry->src_ref_debug_id, __entry->src_ref_desc,
		      __entry->dest_ref_debug_id, __entry->dest_ref_desc));

DECLARE_EVENT_CLASS(binder_fd,
		    TP_PROTO(const struct binder_txn *t, int fd, size_t offset),
		    TP_ARGS(t, fd, offset),
		    TP_STRUCT__entry(__field(int, debug_id)
				     __field(int, fd)
				     __field(size_t, offset)),
		    TP_fast_assign(__entry->debug_id = t->id;
				   __entry->fd = fd;
				   __entry->offset = offset;),
		    TP_printk("transaction=%d dest_fd=%d offset=%zu",
			      __entry->debug_id, __entry->fd, __entry->offset));

DEFINE_EVENT(binder_fd, binder_transaction_fd_recv,
	     TP_PROTO(const struct binder_txn *t, int fd, size_t offset),
	     TP_ARGS(t, fd, offset));
DEFINE_EVENT_PRINT(binder_fd, binder_transaction_fd_send,
		   TP_PROTO(const struct binder_txn *t, int fd, size_t offset),
		   TP_ARGS(t, fd, offset),
		   TP_printk("transaction=%d src_fd=%d offset=%zu",
			     __entry->debug_id, __entry->fd, __entry->offset));

/* Pages */

TRACE_EVENT(binder_update_page_range,
	    TP_PROTO(const struct arena *arena, bool allocate, size_t offset,
		     size_t size),
	    TP_ARGS(arena, allocate, offset, size),
	    TP_STRUCT__entry(__field(int, proc)
			     __field(bool, allocate)
			     __field(size_t, offset)
			     __field(size_t, size)),
	    TP_fast_assign(__entry->proc = arena->pid;
			   __entry->allocate = allocate;
			   __entry->offset = offset;
			   __entry->size = size;),
	    TP_printk("proc=%d allocate=%d offset=%zu size=%zu", __entry->proc,
		      __entry->allocate, __entry->offset, __entry->size));

DECLARE_EVENT_CLASS(binder_page,
		    TP_PROTO(const struct arena *arena, size_t page_index),
		    TP_ARGS(arena, page_index),
		    TP_STRUCT__entry(__field(int, proc)
				     __field(size_t, page_index)),
		    TP_fast_assign(__entry->proc = arena->pid;
				   __entry->page_index = page_index;),
		    TP_printk("proc=%d page_index=%zu", __entry->proc,
			      __entry->page_index));

#define DEFINE_BINDER_PAGE(name) \
	DEFINE_EVENT(binder_page, name, \
		     TP_PROTO(const struct arena *arena, size_t page_index), \
		     TP_ARGS(arena, page_index))

DEFINE_BINDER_PAGE(binder_alloc_lru_start);
DEFINE_BINDER_PAGE(binder_alloc_lru_end);
DEFINE_BINDER_PAGE(binder_free_lru_start);
DEFINE_BINDER_PAGE(binder_free_lru_end);
DEFINE_BINDER_PAGE(binder_alloc_page_start);
DEFINE_BINDER_PAGE(binder_alloc_page_end);
DEFINE_BINDER_PAGE(binder_unmap_user_start);
DEFINE_BINDER_PAGE(binder_unmap_user_end);
DEFINE_BINDER_PAGE(binder_unmap_kernel_start);
DEFINE_BINDER_PAGE(binder_unmap_kernel_end);

TRACE_EVENT(binder_arena_event,
	    TP_PROTO(const struct arena *arena, int event, long nr),
	    TP_ARGS(arena, event, nr),
	    TP_STRUCT__entry(__field(int, proc)
			     __field(int, event)
			     __field(long, nr)),
	    TP_fast_assign(__entry->proc = arena->pid;
			   __entry->event = event;
			   __entry->nr = nr;),
	    TP_printk("proc=%d event=%s nr=%ld", __entry->proc,
		      arena_event_name(__entry->event), __entry->nr));

/* The lock that there was once */

DECLARE_EVENT_CLASS(binder_lock_class,
		    TP_PROTO(const char *tag),
		    TP_ARGS(tag),
		    TP_STRUCT__entry(__field(const char *, tag)),
		    TP_fast_assign(__entry->tag = tag;),
		    TP_printk("tag=%s", __entry->tag));

#define DEFINE_BINDER_LOCK(name) \
	DEFINE_EVENT(binder_lock_class, name, \
		     TP_PROTO(const char *tag), TP_ARGS(tag))

DEFINE_BINDER_LOCK(binder_lock);
DEFINE_BINDER_LOCK(binder_locked);
DEFINE_BINDER_LOCK(binder_unlock);

#endif

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH report
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
