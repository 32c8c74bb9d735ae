/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fixture of the tests of reports by generic netlink: context manager S, client
 * C, and the test itself as the listener L.
 *
 * By the time a client's ioctl returns, its report has come, so that "no report"
 * needs no time to tell.
 */
#ifndef TESTS_REPORTS_REPORTS_H
#define TESTS_REPORTS_REPORTS_H

#include "conformance/conf.h"
#include "genl.h"
#include "parcel.h"
#include "text.h"

#define FAMILY	"binder"
#define GROUP	"report"
#define REPORT	1	/* the event */

enum {
	A_ERROR = 1, A_CONTEXT, A_FROM_PID, A_FROM_TID, A_TO_PID, A_TO_TID,
	A_IS_REPLY, A_FLAGS, A_CODE, A_DATA_SIZE, A_END,
};

FIXTURE(reports) {
	struct client *s;
	struct client *c;
	int l;
	struct genl_family_info info;
};

/*
 * The clients come first: what their setup fails in is not of interest, and they
 * are not to have L as well.
 */
FIXTURE_SETUP(reports)
{
	int fd = genl_open();
	long ret = genl_family(fd, FAMILY, GROUP, &self->info);

	close(fd);
	if (ret == -ENOENT && on_stock())
		SKIP(return, "there are no reports before 6.18");
	ASSERT_EQ(0, ret);
	self->s = bc_server("S", BC_MAP_SIZE);
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	self->l = genl_open();
	ASSERT_EQ(0, genl_join(self->l, self->info.group));
}

FIXTURE_TEARDOWN(reports)
{
	actors_end();
}

static inline void put_tasks(struct text *t, const char *name,
			     const struct genl_msg *m, unsigned int pid,
			     unsigned int tid)
{
	if (!genl_has(m, pid) && !genl_has(m, tid))
		return;
	text_put(t, " %s ", name);
	if (genl_has(m, pid))
		text_put_task(t, genl_u32(m, pid));
	text_put(t, ":");
	if (genl_has(m, tid))
		text_put_task(t, genl_u32(m, tid));
}

static inline const char *report_text(const struct genl_msg *m)
{
	struct text *t = text_new();
	unsigned int i;

	text_put(t, "%s %s", br_name(genl_u32(m, A_ERROR)),
		 genl_string(m, A_CONTEXT));
	put_tasks(t, "from", m, A_FROM_PID, A_FROM_TID);
	put_tasks(t, "to", m, A_TO_PID, A_TO_TID);
	if (genl_has(m, A_IS_REPLY))
		text_put(t, " reply");
	text_put(t, " flags %x code %u size %u", genl_u32(m, A_FLAGS),
		 genl_u32(m, A_CODE), genl_u32(m, A_DATA_SIZE));
	for (i = A_END; i < GENL_ATTRS; i++) {
		if (genl_has(m, i))
			text_put(t, " and attribute %u", i);
	}
	return text_end(t);
}

/*
 * The next report as text: "FR binder from C:C to S: flags 0 code 7 size 5" has
 * no to_tid. "none" if there is none, or the name of an errno.
 */
static inline const char *report_at(int l, const struct genl_family_info *info)
{
	struct genl_msg m;
	long ret = genl_receive(l, 0, &m);

	if (ret)
		return ret == -EAGAIN ? "none" : errno_name(ret);
	if (m.type != info->id || m.pid || m.cmd != REPORT || m.version != 1)
		test_abort("not a report: type %u from %u, command %u, version %u",
			   m.type, m.pid, m.cmd, m.version);
	return report_text(&m);
}

#define report()	report_at(self->l, &self->info)

/* By @by, or thaw it. */
static inline void set_frozen(struct client *by, struct client *target, u32 enable)
{
	struct binder_freeze_info *info = stage_scratch(sizeof(*info));
	long ret;

	*info = (struct binder_freeze_info) {
		.pid = target->a->pid,
		.enable = enable,
	};
	ret = bc_ioctl(by, BINDER_FREEZE, info);
	if (ret)
		test_abort("BINDER_FREEZE: %s", errno_name(ret));
}

#define PENDING	"PENDING_FROZEN binder from C:C to S: flags "

#endif /* TESTS_REPORTS_REPORTS_H */
