// SPDX-License-Identifier: GPL-2.0
/*
 * 70 binderfs, section 10: trace events.
 */
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "parcel.h"
#include "refs.h"
#include "traces.h"

/* Which fields an event has, and its text. */
struct format {
	const char *event;
	const char *is;
};

#define DONE	"int ret @8+4s\nret=%d\n"
#define BUFFER \
	"int debug_id @8+4s\n" \
	"size_t data_size @16+8\n" \
	"size_t offsets_size @24+8\n" \
	"size_t extra_buffers_size @32+8\n" \
	"transaction=%d data_size=%zd offsets_size=%zd extra_buffers_size=%zd\n"
#define DESCRIPTOR(text) \
	"int debug_id @8+4s\n" \
	"int fd @12+4s\n" \
	"size_t offset @16+8\n" \
	"transaction=%d " text "=%d offset=%zu\n"
#define ON_PAGE \
	"int proc @8+4s\n" \
	"size_t page_index @16+8\n" \
	"proc=%d page_index=%zu\n"
#define SENT_TEXT \
	"transaction=%d dest_node=%d dest_proc=%d dest_thread=%d reply=%d flags=0x%x code=0x%x\n"
#define LOCK	"const char * tag @8+8\ntag=%s\n"

static const struct format formats[] = {
	{ "binder_ioctl",
	  "unsigned int cmd @8+4\n"
	  "unsigned long arg @16+8\n"
	  "cmd=0x%x arg=0x%lx\n" },
	{ "binder_ioctl_done", DONE },
	{ "binder_write_done", DONE },
	{ "binder_read_done", DONE },
	{ "binder_command", "uint32_t cmd @8+4\ncmd=0x%x %s\n" },
	{ "binder_return", "uint32_t cmd @8+4\ncmd=0x%x %s\n" },
	{ "binder_wait_for_work",
	  "bool proc_work @8+1\n"
	  "bool transaction_stack @9+1\n"
	  "bool thread_todo @10+1\n"
	  "proc_work=%d transaction_stack=%d thread_todo=%d\n" },
	{ "binder_transaction",
	  "int debug_id @8+4s\n"
	  "int target_node @12+4s\n"
	  "int to_proc @16+4s\n"
	  "int to_thread @20+4s\n"
	  "int reply @24+4s\n"
	  "unsigned int code @28+4\n"
	  "unsigned int flags @32+4\n"
	  SENT_TEXT },
	{ "binder_transaction_alloc_buf", BUFFER },
	{ "binder_transaction_buffer_release", BUFFER },
	{ "binder_transaction_failed_buffer_release", BUFFER },
	{ "binder_transaction_update_buffer_release", BUFFER },
	{ "binder_transaction_node_to_ref",
	  "int debug_id @8+4s\n"
	  "int node_debug_id @12+4s\n"
	  "binder_uintptr_t node_ptr @16+8\n"
	  "int ref_debug_id @24+4s\n"
	  "uint32_t ref_desc @28+4\n"
	  "transaction=%d node=%d src_ptr=0x%016llx ==> dest_ref=%d dest_desc=%d\n" },
	{ "binder_transaction_ref_to_node",
	  "int debug_id @8+4s\n"
	  "int ref_debug_id @12+4s\n"
	  "uint32_t ref_desc @16+4\n"
	  "int node_debug_id @20+4s\n"
	  "binder_uintptr_t node_ptr @24+8\n"
	  "transaction=%d node=%d src_ref=%d src_desc=%d ==> dest_ptr=0x%016llx\n" },
	{ "binder_transaction_ref_to_ref",
	  "int debug_id @8+4s\n"
	  "int node_debug_id @12+4s\n"
	  "int src_ref_debug_id @16+4s\n"
	  "uint32_t src_ref_desc @20+4\n"
	  "int dest_ref_debug_id @24+4s\n"
	  "uint32_t dest_ref_desc @28+4\n"
	  "transaction=%d node=%d src_ref=%d src_desc=%d ==> dest_ref=%d dest_desc=%d\n" },
	{ "binder_transaction_fd_send", DESCRIPTOR("src_fd") },
	{ "binder_transaction_fd_recv", DESCRIPTOR("dest_fd") },
	{ "binder_transaction_received",
	  "int debug_id @8+4s\ntransaction=%d\n" },
	{ "binder_txn_latency_free",
	  "int debug_id @8+4s\n"
	  "int from_proc @12+4s\n"
	  "int from_thread @16+4s\n"
	  "int to_proc @20+4s\n"
	  "int to_thread @24+4s\n"
	  "unsigned int code @28+4\n"
	  "unsigned int flags @32+4\n"
	  "transaction=%d from %d:%d to %d:%d flags=0x%x code=0x%x\n" },
	{ "binder_update_page_range",
	  "int proc @8+4s\n"
	  "bool allocate @12+1\n"
	  "size_t offset @16+8\n"
	  "size_t size @24+8\n"
	  "proc=%d allocate=%d offset=%zu size=%zu\n" },
	{ "binder_alloc_lru_start", ON_PAGE },
	{ "binder_alloc_lru_end", ON_PAGE },
	{ "binder_free_lru_start", ON_PAGE },
	{ "binder_free_lru_end", ON_PAGE },
	{ "binder_alloc_page_start", ON_PAGE },
	{ "binder_alloc_page_end", ON_PAGE },
	{ "binder_unmap_user_start", ON_PAGE },
	{ "binder_unmap_user_end", ON_PAGE },
	{ "binder_unmap_kernel_start", ON_PAGE },
	{ "binder_unmap_kernel_end", ON_PAGE },
	{ "binder_lock", LOCK },
	{ "binder_locked", LOCK },
	{ "binder_unlock", LOCK },
};

TEST(B_067)
{
	size_t i;

	EXPECT_EQ(33, ARRAY_SIZE(formats));
	for (i = 0; i < ARRAY_SIZE(formats); i++)
		EXPECT_STREQ(formats[i].is, trace_format(formats[i].event));
}

/* The kernel's driver has forgotten who sent what is over. */
#define SENT_BY(who)	(on_stock() ? "0:0" : who ":" who)

static const char trace_of_call[] =
	"C binder_ioctl: cmd=0xc0306201 arg=ADDR\n"
	"C binder_command: cmd=0x40406300 BC_TRANSACTION\n"
	"C binder_transaction: transaction=#1 dest_node=#2 dest_proc=S dest_thread=0 reply=0 flags=0x0 code=0x7\n"
	"C binder_transaction_alloc_buf: transaction=#1 data_size=5 offsets_size=0 extra_buffers_size=0\n"
	"C binder_write_done: ret=0\n"
	"C binder_ioctl_done: ret=0\n"
	"S binder_ioctl: cmd=0xc0306201 arg=ADDR\n"
	"S binder_wait_for_work: proc_work=1 transaction_stack=0 thread_todo=0\n"
	"S binder_transaction_received: transaction=#1\n"
	"S binder_return: cmd=0x80407202 BR_TRANSACTION\n"
	"S binder_read_done: ret=0\n"
	"S binder_ioctl_done: ret=0\n"
	"S binder_ioctl: cmd=0xc0306201 arg=ADDR\n"
	"S binder_command: cmd=0x40406301 BC_REPLY\n"
	"S binder_transaction: transaction=#3 dest_node=0 dest_proc=C dest_thread=C reply=1 flags=0x0 code=0x9\n"
	"S binder_transaction_alloc_buf: transaction=#3 data_size=4 offsets_size=0 extra_buffers_size=0\n"
	"S binder_txn_latency_free: transaction=#1 from %s to S:S flags=0x7 code=0x0\n"
	"S binder_write_done: ret=0\n"
	"S binder_ioctl_done: ret=0\n"
	"S binder_ioctl: cmd=0xc0306201 arg=ADDR\n"
	"S binder_wait_for_work: proc_work=0 transaction_stack=0 thread_todo=1\n"
	"S binder_return: cmd=0x7206 BR_TRANSACTION_COMPLETE\n"
	"S binder_read_done: ret=0\n"
	"S binder_ioctl_done: ret=0\n"
	"S binder_ioctl: cmd=0xc0306201 arg=ADDR\n"
	"S binder_command: cmd=0x40086303 BC_FREE_BUFFER\n"
	"S binder_transaction_buffer_release: transaction=#1 data_size=5 offsets_size=0 extra_buffers_size=0\n"
	"S binder_write_done: ret=0\n"
	"S binder_ioctl_done: ret=0\n"
	"C binder_ioctl: cmd=0xc0306201 arg=ADDR\n"
	"C binder_wait_for_work: proc_work=0 transaction_stack=0 thread_todo=1\n"
	"C binder_return: cmd=0x7206 BR_TRANSACTION_COMPLETE\n"
	"C binder_transaction_received: transaction=#3\n"
	"C binder_return: cmd=0x80407203 BR_REPLY\n"
	"C binder_txn_latency_free: transaction=#3 from %s to C:C flags=0x9 code=0x0\n"
	"C binder_read_done: ret=0\n"
	"C binder_ioctl_done: ret=0\n";

TEST_F(conf, B_068)
{
	struct client *s = self->s, *c = self->c;
	binder_uintptr_t buffer;

	trace_begin("binder_ioctl", "binder_ioctl_done", "binder_write_done",
		    "binder_read_done", "binder_command", "binder_return",
		    "binder_wait_for_work", "binder_transaction",
		    "binder_transaction_alloc_buf",
		    "binder_transaction_buffer_release",
		    "binder_transaction_failed_buffer_release",
		    "binder_transaction_update_buffer_release",
		    "binder_transaction_node_to_ref",
		    "binder_transaction_ref_to_node",
		    "binder_transaction_ref_to_ref",
		    "binder_transaction_fd_send", "binder_transaction_fd_recv",
		    "binder_transaction_received", "binder_txn_latency_free");
	EXPECT_EQ(0, bc_send(c, .code = 7, .data = "12345", .size = 5));
	buffer = bc_take(s).data.ptr.buffer;
	EXPECT_EQ(0, bc_reply(s, .code = 9, .data = "1234", .size = 4));
	EXPECT_STREQ("NOOP TC", bc_read(s));
	EXPECT_EQ(0, bc_free(s, buffer));
	EXPECT_STREQ("NOOP TC REPLY", bc_read(c));
	EXPECT_STREQ(stage_text(trace_of_call, SENT_BY("C"), SENT_BY("S")),
		     trace_end());
}

static const char trace_of_objects[] =
	"C binder_transaction_node_to_ref: transaction=#1 node=#2 src_ptr=0x0000000000001000 ==> dest_ref=#3 dest_desc=1\n"
	"S binder_transaction_ref_to_ref: transaction=#4 node=#2 src_ref=#3 src_desc=1 ==> dest_ref=#5 dest_desc=1\n"
	"S binder_transaction_ref_to_node: transaction=#6 node=#2 src_ref=#3 src_desc=1 ==> dest_ptr=0x0000000000001000\n"
	"C binder_transaction_fd_send: transaction=#7 src_fd=1 offset=8\n"
	"S binder_transaction_fd_recv: transaction=#7 dest_fd=%d offset=8\n";

/* A node, a handle, the way back, and a descriptor. */
TEST_F(conf, B_068_objects)
{
	struct client *s = self->s, *c = self->c;
	struct client *d = bc_start("D", BC_DEVICE, BC_MAP_SIZE);
	struct parcel *p = parcel(), *own = parcel();
	const int *fd;
	u32 handle;

	trace_begin("binder_transaction_node_to_ref",
		    "binder_transaction_ref_to_node",
		    "binder_transaction_ref_to_ref",
		    "binder_transaction_fd_send", "binder_transaction_fd_recv");
	handle = bc_give(c, s, 0x1000, 0x2000, 0);
	bc_receive(d, s, handle);
	p_handle(own, handle);
	bc_fetch(c, s, own);
	p_fd(p, 1, 0);
	EXPECT_EQ(0, bc_oneway(c, .parcel = p));
	fd = bc_peek(s, bc_take(s).data.ptr.buffer + 8, sizeof(*fd));
	EXPECT_STREQ(stage_text(trace_of_objects, *fd), trace_end());
}

static const char trace_of_failures[] =
	"C binder_command: cmd=0x40406300 BC_TRANSACTION\n"
	"C binder_write_done: ret=0\n"
	"C binder_command: cmd=0x40406300 BC_TRANSACTION\n"
	"C binder_transaction: transaction=#1 dest_node=#2 dest_proc=S dest_thread=0 reply=0 flags=0x0 code=0x0\n"
	"C binder_txn_latency_free: transaction=#1 from C:C to S:0 flags=0x0 code=0x0\n"
	"C binder_write_done: ret=0\n"
	"C binder_command: cmd=0x40406300 BC_TRANSACTION\n"
	"C binder_transaction: transaction=#3 dest_node=#2 dest_proc=S dest_thread=0 reply=0 flags=0x0 code=0x0\n"
	"C binder_transaction_alloc_buf: transaction=#3 data_size=10 offsets_size=0 extra_buffers_size=0\n"
	"C binder_transaction_failed_buffer_release: transaction=#3 data_size=10 offsets_size=0 extra_buffers_size=0\n"
	"C binder_txn_latency_free: transaction=#3 from C:C to S:0 flags=0x0 code=0x0\n"
	"C binder_write_done: ret=0\n";

/* Attempts that fail in different places. */
TEST_F(conf, B_068_failed)
{
	struct client *c = self->c;

	trace_begin("binder_command", "binder_transaction",
		    "binder_transaction_alloc_buf",
		    "binder_transaction_failed_buffer_release",
		    "binder_txn_latency_free", "binder_write_done");
	EXPECT_STREQ("NOOP FR, FR EINVAL", bc_outcome(c, .handle = 22));
	EXPECT_STREQ("NOOP FR, FR ENOSPC",
		     bc_outcome(c, .data = BAD_POINTER, .size = 4 * BC_MAP_SIZE,
				.raw = true));
	EXPECT_STREQ("NOOP FR, FR EFAULT",
		     bc_outcome(c, .data = BAD_POINTER, .size = 10, .raw = true));
	EXPECT_STREQ(trace_of_failures, trace_end());
}

/* What is no command has no name, or that of the one with its number. */
TEST_F(conf, B_068_unknown_commands)
{
	struct client *c = self->c;

	trace_begin("binder_command", "binder_write_done");
	EXPECT_EQ(-EINVAL, bc_cmd(c, _IO('c', 4)));
	EXPECT_EQ(-EINVAL, bc_cmd(c, _IO('c', 99)));
	EXPECT_STREQ("C binder_command: cmd=0x6304 BC_INCREFS\n"
		     "C binder_write_done: ret=-22\n"
		     "C binder_command: cmd=0x6363 unknown\n"
		     "C binder_write_done: ret=-22\n", trace_end());
}

#define MADE(n) \
	"C binder_transaction_alloc_buf: transaction=#" #n " " \
	"data_size=0 offsets_size=0 extra_buffers_size=0\n"

/* A oneway message that a newer one takes the place of. */
TEST_F(conf, B_068_superseded)
{
	const u32 flags = TF_ONE_WAY | TF_UPDATE_TXN;
	struct client *s = self->s, *c = self->c;
	struct binder_freeze_info *info = stage_scratch(sizeof(*info));
	int i;

	*info = (struct binder_freeze_info) { .pid = s->a->pid, .enable = 1 };
	EXPECT_EQ(0, bc_ioctl(c, BINDER_FREEZE, info));
	trace_begin("binder_transaction_alloc_buf",
		    "binder_transaction_buffer_release",
		    "binder_transaction_update_buffer_release");
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, bc_send(c, .code = 1, .flags = flags, .size = 0));
		bc_read(c);
	}
	EXPECT_STREQ(MADE(1) MADE(2) MADE(3)
		"C binder_transaction_update_buffer_release: transaction=#2 data_size=0 offsets_size=0 extra_buffers_size=0\n",
		trace_end());
	info->enable = 0;
	EXPECT_EQ(0, bc_ioctl(c, BINDER_FREEZE, info));
}

/* Pages: new, idle, in use again, reclaimed. */
TEST_F(conf, B_068_pages)
{
	struct client *s = self->s, *c = self->c;
	binder_uintptr_t buffer;

	trace_begin("binder_alloc_page_start", "binder_alloc_page_end",
		    "binder_alloc_lru_start", "binder_alloc_lru_end",
		    "binder_free_lru_start", "binder_free_lru_end");
	EXPECT_EQ(0, bc_oneway(c, .data = stage_scratch(PAGE), .size = PAGE));
	buffer = bc_take(s).data.ptr.buffer;
	EXPECT_EQ(0, bc_free(s, buffer));
	EXPECT_EQ(0, bc_oneway(c));
	EXPECT_STREQ("C binder_alloc_page_start: proc=S page_index=0\n"
		     "C binder_alloc_page_end: proc=S page_index=0\n"
		     "S binder_free_lru_start: proc=S page_index=0\n"
		     "S binder_free_lru_end: proc=S page_index=0\n"
		     "C binder_alloc_lru_start: proc=S page_index=0\n"
		     "C binder_alloc_lru_end: proc=S page_index=0\n",
		     trace_end());
	buffer = bc_take(s).data.ptr.buffer;
	EXPECT_EQ(0, bc_free(s, buffer));

	trace_begin("binder_unmap_user_start", "binder_unmap_user_end");
	reclaim(ANY_GROUP, 1);
	EXPECT_STREQ("kernel binder_unmap_user_start: proc=S page_index=0\n"
		     "kernel binder_unmap_user_end: proc=S page_index=0\n",
		     trace_end());
	EXPECT_EQ(0, bc_oneway(c));
	buffer = bc_take(s).data.ptr.buffer;
	EXPECT_EQ(0, bc_free(s, buffer));
	trace_begin("binder_unmap_kernel_start", "binder_unmap_kernel_end");
	reclaim(ANY_GROUP, 1);
	EXPECT_STREQ("kernel binder_unmap_kernel_start: proc=S page_index=0\n"
		     "kernel binder_unmap_kernel_end: proc=S page_index=0\n",
		     trace_end());
}

TEST_HARNESS_MAIN
