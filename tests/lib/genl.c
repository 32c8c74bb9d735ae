// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink as tests use it; genl.h says what for.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "genl.h"

#define MESSAGE_SIZE	8192

struct request {
	struct nlmsghdr nl;
	struct genlmsghdr genl;
	struct nlattr attr;
	char name[GENL_NAMSIZ];
};

/**
 * genl_open() - a socket for generic netlink
 *
 * It belongs to the network namespace of the calling thread.
 *
 * Return: the descriptor.
 */
int genl_open(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		test_abort("no netlink socket: %m");
	return fd;
}

static const void *value(const struct nlattr *a)
{
	return (const char *)a + NLA_HDRLEN;
}

static size_t value_len(const struct nlattr *a)
{
	return a->nla_len - NLA_HDRLEN;
}

/* Attributes by type, of those that fit. */
static void sort_attrs(const void *p, size_t len, const struct nlattr **attr)
{
	memset(attr, 0, GENL_ATTRS * sizeof(*attr));
	while (len >= NLA_HDRLEN) {
		const struct nlattr *a = p;
		unsigned int type = a->nla_type & NLA_TYPE_MASK;
		size_t step = NLA_ALIGN(a->nla_len);

		if (a->nla_len < NLA_HDRLEN || a->nla_len > len)
			test_abort("attribute %u is %u bytes of %zu", type,
				   a->nla_len, len);
		if (type < GENL_ATTRS && attr[type])
			test_abort("attribute %u is there twice", type);
		if (type < GENL_ATTRS)
			attr[type] = a;
		if (step >= len)
			return;
		p = (const char *)p + step;
		len -= step;
	}
}

static const void *bytes_of(const struct nlattr *a, size_t len)
{
	if (!a || value_len(a) != len)
		test_abort("an attribute has %zd bytes, not %zu",
			   a ? (ssize_t)value_len(a) : -1, len);
	return value(a);
}

static u32 u32_of(const struct nlattr *a)
{
	u32 v;

	memcpy(&v, bytes_of(a, sizeof(v)), sizeof(v));
	return v;
}

static __u16 u16_of(const struct nlattr *a)
{
	__u16 v;

	memcpy(&v, bytes_of(a, sizeof(v)), sizeof(v));
	return v;
}

static const char *string_of(const struct nlattr *a)
{
	if (!a || !value_len(a) ||
	    strnlen(value(a), value_len(a)) != value_len(a) - 1)
		test_abort("an attribute is not a string");
	return value(a);
}

/**
 * genl_has() - is there such an attribute?
 * @m: the message
 * @type: of the attribute
 *
 * Return: true if there is, with or without a value.
 */
bool genl_has(const struct genl_msg *m, unsigned int type)
{
	return m->attr[type];
}

/**
 * genl_u32() - an attribute that is a number
 * @m: the message
 * @type: of the attribute; the test fails if it has not 4 bytes
 *
 * Return: the number.
 */
u32 genl_u32(const struct genl_msg *m, unsigned int type)
{
	return u32_of(m->attr[type]);
}

/**
 * genl_string() - an attribute that is text
 * @m: the message
 * @type: of the attribute; the test fails if it does not end with a NUL
 *
 * Return: the text, valid until the next message is received.
 */
const char *genl_string(const struct genl_msg *m, unsigned int type)
{
	return string_of(m->attr[type]);
}

static long socket_error(const struct nlmsghdr *nl, size_t len)
{
	const struct nlmsgerr *e = NLMSG_DATA(nl);

	if (len < NLMSG_LENGTH(sizeof(*e)))
		test_abort("an error message has %zu bytes", len);
	return e->error;
}

/**
 * genl_receive() - the next message
 * @fd: the socket
 * @timeout_ms: how long to wait for it; 0: it is here or it never comes
 * @m: where to store it, valid until the next call
 *
 * Return: 0; -EAGAIN if there is none; -ENOBUFS if messages were lost, once;
 * what the kernel answered, if that is an error.
 */
long genl_receive(int fd, unsigned int timeout_ms, struct genl_msg *m)
{
	static union {
		struct nlmsghdr nl;
		char bytes[MESSAGE_SIZE];
	} buffer;
	const struct nlmsghdr *nl = &buffer.nl;
	const struct genlmsghdr *genl = NLMSG_DATA(nl);
	struct pollfd poll_in = { .fd = fd, .events = POLLIN };
	ssize_t len;

	if (timeout_ms && poll(&poll_in, 1, timeout_ms) < 0)
		test_abort("poll: %m");
	len = recv(fd, &buffer, sizeof(buffer), MSG_DONTWAIT | MSG_TRUNC);
	if (len < 0)
		return -errno;
	if (len < NLMSG_HDRLEN || len > MESSAGE_SIZE || nl->nlmsg_len != len)
		test_abort("a message has %zd bytes", len);
	*m = (struct genl_msg) { .type = nl->nlmsg_type, .pid = nl->nlmsg_pid };
	if (nl->nlmsg_type == NLMSG_ERROR)
		return socket_error(nl, len);
	if (len < (ssize_t)NLMSG_LENGTH(GENL_HDRLEN))
		test_abort("a message has %zd bytes", len);
	m->cmd = genl->cmd;
	m->version = genl->version;
	sort_attrs((const char *)genl + GENL_HDRLEN,
		   len - NLMSG_LENGTH(GENL_HDRLEN), m->attr);
	return 0;
}

/* Groups are a list: the types of its entries are their places. */
static void read_groups(const struct nlattr *list, const char *name,
			struct genl_family_info *info)
{
	const struct nlattr *groups[GENL_ATTRS], *attr[GENL_ATTRS];
	size_t i;

	sort_attrs(value(list), value_len(list), groups);
	for (i = 0; i < GENL_ATTRS; i++) {
		if (!groups[i])
			continue;
		sort_attrs(value(groups[i]), value_len(groups[i]), attr);
		info->groups++;
		if (!strcmp(string_of(attr[CTRL_ATTR_MCAST_GRP_NAME]), name))
			info->group = u32_of(attr[CTRL_ATTR_MCAST_GRP_ID]);
	}
}

/**
 * genl_family() - what there is of a family
 * @fd: the socket, nothing else coming in
 * @family: its name
 * @group: name of the group that is looked for
 * @info: what there is
 *
 * Return: 0, or the negative errno: -ENOENT if there is no such family.
 */
long genl_family(int fd, const char *family, const char *group,
		 struct genl_family_info *info)
{
	struct request r = {
		.nl = {
			.nlmsg_len = sizeof(r),
			.nlmsg_type = GENL_ID_CTRL,
			.nlmsg_flags = NLM_F_REQUEST,
		},
		.genl = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 },
		.attr = {
			.nla_len = NLA_HDRLEN + GENL_NAMSIZ,
			.nla_type = CTRL_ATTR_FAMILY_NAME,
		},
	};
	struct genl_msg m;
	long ret;

	memcpy(r.name, family, strnlen(family, GENL_NAMSIZ - 1));
	if (send(fd, &r, sizeof(r), 0) != sizeof(r))
		test_abort("cannot ask for a family: %m");
	ret = genl_receive(fd, ACTOR_PATIENCE_MS, &m);
	if (ret)
		return ret;
	*info = (struct genl_family_info) {
		.id = u16_of(m.attr[CTRL_ATTR_FAMILY_ID]),
		.version = u32_of(m.attr[CTRL_ATTR_VERSION]),
		.has_ops = m.attr[CTRL_ATTR_OPS],
	};
	if (m.attr[CTRL_ATTR_MCAST_GROUPS])
		read_groups(m.attr[CTRL_ATTR_MCAST_GROUPS], group, info);
	return 0;
}

/**
 * genl_join() - listen to a multicast group
 * @fd: the socket
 * @group: number of the group
 *
 * Return: 0 or the negative errno.
 */
long genl_join(int fd, u32 group)
{
	return setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
			  sizeof(group)) ? -errno : 0;
}

/**
 * genl_room() - limit what can wait in a socket
 * @fd: the socket
 * @bytes: of memory of the kernel; it takes no less than some minimum
 */
void genl_room(int fd, int bytes)
{
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)))
		test_abort("cannot limit a socket: %m");
}
