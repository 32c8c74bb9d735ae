// SPDX-License-Identifier: GPL-2.0
/*
 * The layout of what is shared with user space, as it has always been. It is the
 * same for 32-bit programs, which is why they need no translation.
 */
#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <uapi/linux/android/binder.h>
#include <uapi/linux/android/binderfs.h>

#define SIZE(type, size) static_assert(sizeof(struct type) == (size))
#define AT(type, field, at) static_assert(offsetof(struct type, field) == (at))

SIZE(binder_object_header, 4);
SIZE(flat_binder_object, 24);
AT(flat_binder_object, flags, 4);
AT(flat_binder_object, binder, 8);
AT(flat_binder_object, handle, 8);
AT(flat_binder_object, cookie, 16);
SIZE(binder_fd_object, 24);
AT(binder_fd_object, pad_flags, 4);
AT(binder_fd_object, pad_binder, 8);
AT(binder_fd_object, fd, 8);
AT(binder_fd_object, cookie, 16);
SIZE(binder_buffer_object, 40);
AT(binder_buffer_object, flags, 4);
AT(binder_buffer_object, buffer, 8);
AT(binder_buffer_object, length, 16);
AT(binder_buffer_object, parent, 24);
AT(binder_buffer_object, parent_offset, 32);
SIZE(binder_fd_array_object, 32);
AT(binder_fd_array_object, num_fds, 8);
AT(binder_fd_array_object, parent, 16);
AT(binder_fd_array_object, parent_offset, 24);
SIZE(binder_write_read, 48);
AT(binder_write_read, write_consumed, 8);
AT(binder_write_read, write_buffer, 16);
AT(binder_write_read, read_size, 24);
AT(binder_write_read, read_consumed, 32);
AT(binder_write_read, read_buffer, 40);
SIZE(binder_version, 4);
SIZE(binder_node_debug_info, 24);
AT(binder_node_debug_info, cookie, 8);
AT(binder_node_debug_info, has_strong_ref, 16);
AT(binder_node_debug_info, has_weak_ref, 20);
SIZE(binder_node_info_for_ref, 24);
AT(binder_node_info_for_ref, strong_count, 4);
AT(binder_node_info_for_ref, weak_count, 8);
AT(binder_node_info_for_ref, reserved1, 12);
SIZE(binder_freeze_info, 12);
AT(binder_freeze_info, enable, 4);
AT(binder_freeze_info, timeout_ms, 8);
SIZE(binder_frozen_status_info, 12);
AT(binder_frozen_status_info, sync_recv, 4);
AT(binder_frozen_status_info, async_recv, 8);
SIZE(binder_frozen_state_info, 16);
AT(binder_frozen_state_info, is_frozen, 8);
SIZE(binder_extended_error, 12);
AT(binder_extended_error, command, 4);
AT(binder_extended_error, param, 8);
SIZE(binder_transaction_data, 64);
AT(binder_transaction_data, cookie, 8);
AT(binder_transaction_data, code, 16);
AT(binder_transaction_data, flags, 20);
AT(binder_transaction_data, sender_pid, 24);
AT(binder_transaction_data, sender_euid, 28);
AT(binder_transaction_data, data_size, 32);
AT(binder_transaction_data, offsets_size, 40);
AT(binder_transaction_data, data.ptr.buffer, 48);
AT(binder_transaction_data, data.ptr.offsets, 56);
SIZE(binder_transaction_data_secctx, 72);
AT(binder_transaction_data_secctx, secctx, 64);
SIZE(binder_transaction_data_sg, 72);
AT(binder_transaction_data_sg, buffers_size, 64);
SIZE(binder_ptr_cookie, 16);
AT(binder_ptr_cookie, cookie, 8);
SIZE(binder_handle_cookie, 12);
AT(binder_handle_cookie, cookie, 4);
SIZE(binder_pri_desc, 8);
SIZE(binder_pri_ptr_cookie, 24);
SIZE(binderfs_device, 264);
AT(binderfs_device, major, 256);
AT(binderfs_device, minor, 260);
