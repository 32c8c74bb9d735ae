/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A listener of a generic netlink family, with nothing but the socket.
 *
 * Messages of the kernel come in while whoever causes them is still in the system
 * call: once that has returned, a message that is not here never comes.
 */
#ifndef TESTS_LIB_GENL_H
#define TESTS_LIB_GENL_H

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "actor.h"

#define GENL_ATTRS	16	/* types of them that are looked at */

/**
 * struct genl_family_info - what the kernel says of a family
 * @id: the type of its messages
 * @version: its version
 * @has_ops: it can be asked for something
 * @groups: how many multicast groups it has
 * @group: the number of the one that was looked for, 0 if it has none such
 */
struct genl_family_info {
	u32 id;
	u32 version;
	bool has_ops;
	unsigned int groups;
	u32 group;
};

/**
 * struct genl_msg - a message that came in
 * @type: id of the family, or NLMSG_ERROR
 * @pid: netlink's number of the sender, 0 is the kernel
 * @cmd: what it is about
 * @version: of the family
 * @attr: its attributes by type, NULL where there is none
 */
struct genl_msg {
	u32 type;
	u32 pid;
	u8 cmd;
	u8 version;
	const struct nlattr *attr[GENL_ATTRS];
};

int genl_open(void);
long genl_family(int fd, const char *family, const char *group,
		 struct genl_family_info *info);
long genl_join(int fd, u32 group);
void genl_room(int fd, int bytes);
long genl_receive(int fd, unsigned int timeout_ms, struct genl_msg *m);
bool genl_has(const struct genl_msg *m, unsigned int type);
u32 genl_u32(const struct genl_msg *m, unsigned int type);
const char *genl_string(const struct genl_msg *m, unsigned int type);

#endif /* TESTS_LIB_GENL_H */
