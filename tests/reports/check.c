// SPDX-License-Identifier: GPL-2.0
/*
 * binder-info check: it finds what is missing, and what it says to do helps.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>

#include "conformance/conf.h"
#include "binderfs.h"
#include "command.h"
#include "logs.h"
#include "refs.h"

#define INFO	"/bin/binder-info"

/* S may manage the device, which is the only one that is looked at. */
FIXTURE(check) {
	const char *dir;
	const char *device;
	struct client *s;
};

FIXTURE_SETUP(check)
{
	bfs_private();
	self->dir = bfs_new(NULL);
	self->device = bfs_path(self->dir, "binder");
	self->s = bc_start("S", self->device, BC_MAP_SIZE);
	ASSERT_EQ(0, chmod(self->device, 0666));
}

FIXTURE_TEARDOWN(check)
{
	actors_end();
}

/* The lines about something, with one blank between words. */
static const char *about(const char *what, const struct said *said)
{
	char *all = strdup(said->text), *line, *rest = NULL;
	char *found = stage_scratch(strlen(all) + 1);
	char verdict[16], is[16];
	int pos;

	found[0] = 0;
	for (line = strtok_r(all, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (sscanf(line, "%15s %15s %n", verdict, is, &pos) != 2)
			test_abort("not a finding: %s", line);
		if (!strcmp(is, what))
			sprintf(found + strlen(found), "%s %s\n", verdict,
				line + pos);
	}
	free(all);
	return found;
}

/* What such a line says is to be done. */
static const char *advice(const char *lines)
{
	const char *at = strstr(lines, "; ");

	return at ? stage_text("%.*s", (int)strcspn(at + 2, "\n"), at + 2) : "";
}

static struct said look(const char *device)
{
	return command(stage_text(INFO " check %s", device));
}

TEST_F(check, all_is_well)
{
	struct said said;

	ASSERT_EQ(0, bc_manager(self->s, 0));
	said = look(self->device);
	EXPECT_EQ(0, said.status);
	EXPECT_STREQ("ok binder\n", about("filesystem", &said));
	EXPECT_STREQ(stage_text("ok %s\n", self->device), about("device", &said));
	EXPECT_STREQ(stage_text("ok %s: check %d\n", self->device, self->s->a->pid),
		     about("manager", &said));
	EXPECT_STREQ("ok /sys/kernel/debug/binder; see: binder-info logs\n",
		     about("logs", &said));
	EXPECT_EQ(NULL, strstr(said.text, "missing"));
	EXPECT_EQ(NULL, strstr(said.text, "warning"));
	EXPECT_NE(NULL, strstr(about("mount", &said), self->dir));
	EXPECT_EQ(0, strncmp("ok Linux 6.", about("driver", &said), 11));
}

#define START_ONE	"start a program that becomes its context manager\n"

TEST_F(check, no_manager)
{
	struct said said = look(self->device);

	EXPECT_EQ(1, said.status);
	EXPECT_STREQ(stage_text("ok %s\n", self->device), about("device", &said));
	EXPECT_STREQ(stage_text("missing %s has none; " START_ONE, self->device),
		     about("manager", &said));
}

TEST_F(check, dead_manager)
{
	struct client *d = bc_start("D", self->device, BC_MAP_SIZE);
	struct said said;

	ASSERT_EQ(0, bc_manager(d, 0));
	EXPECT_EQ(0, look(self->device).status);
	actor_kill(d->a);
	bc_await_no_manager(self->s);
	said = look(self->device);
	EXPECT_EQ(1, said.status);
	EXPECT_EQ(0, strncmp("missing ", about("manager", &said), 8));
}

/* It reads nothing of it, its counts are as before, and nothing has failed. */
TEST_F(check, manager_does_not_notice)
{
	struct client *s = self->s;
	const char *node, *failed;
	int i;

	ASSERT_EQ(0, bc_manager(s, 0));
	EXPECT_STREQ("EAGAIN", bc_read(s));
	node = log_node(s, 0);
	EXPECT_STRNE("none", node);
	failed = log_text(log_path("failed_transaction_log"));
	for (i = 0; i < 10; i++)
		EXPECT_EQ(0, look(self->device).status);
	EXPECT_STREQ("EAGAIN", bc_read(s));
	/* What a process had is given back soon after its end, not at once. */
	for (i = 0; i < 2000 && strcmp(node, log_node(s, 0)); i++)
		sleep_ms(1);
	EXPECT_STREQ(node, log_node(s, 0));
	EXPECT_STREQ(failed, log_text(log_path("failed_transaction_log")));
	EXPECT_TRUE(bc_works(s, bc_start("C", self->device, BC_MAP_SIZE)));
}

/* Whoever asks is not taken for the manager afterwards. */
TEST_F(check, nobody_becomes_manager)
{
	EXPECT_EQ(1, look(self->device).status);
	EXPECT_EQ(0, bc_manager(self->s, 0));
}

TEST_F(check, not_there)
{
	struct said said;

	ASSERT_EQ(0, unlink(self->device));
	said = look(self->device);
	EXPECT_EQ(1, said.status);
	EXPECT_NE(NULL, strstr(about("device", &said),
			       " is not there, but /dev/binderfs/binder; "));
	EXPECT_EQ(0, strncmp("missing ", about("device", &said), 8));
	EXPECT_STREQ("", about("manager", &said));
}

#define ROOT_ONLY	"has mode 0600 and belongs to 0:0; "

/* For users there is nothing, and what is advised is enough for them. */
TEST_F(check, permission)
{
	char *line = strdup(stage_text(INFO " check %s", self->device));
	struct said said;

	ASSERT_EQ(0, bc_manager(self->s, 0));
	ASSERT_EQ(0, chmod(self->dir, 0755));
	ASSERT_EQ(0, chmod(self->device, 0600));
	said = look(self->device);
	EXPECT_EQ(0, said.status);
	EXPECT_STREQ(stage_text("warning %s " ROOT_ONLY "for everybody: chmod 666 %s\n",
				self->device, self->device), about("device", &said));
	said = command_as(1000, line);
	EXPECT_EQ(1, said.status);
	EXPECT_STREQ(stage_text("missing %s is not for user 1000: it " ROOT_ONLY "chmod 666 %s\n",
				self->device, self->device), about("device", &said));
	EXPECT_EQ(0, strncmp("warning not for user 1000",
			     about("logs", &said), 25));
	EXPECT_EQ(0, command(advice(about("device", &said))).status);
	said = command_as(1000, line);
	EXPECT_EQ(0, said.status);
	EXPECT_STREQ(stage_text("ok %s\n", self->device), about("device", &said));
	EXPECT_NE(NULL, strstr(about("manager", &said), ": somebody"));
}

TEST_F(check, something_else)
{
	struct said said = look("/dev/null");

	EXPECT_EQ(1, said.status);
	EXPECT_NE(NULL, strstr(about("device", &said),
			       "/dev/null belongs to another driver"));
	said = look("/bin/busybox");
	EXPECT_EQ(1, said.status);
	EXPECT_NE(NULL, strstr(about("device", &said),
			       "/bin/busybox is not a device"));
	said = look("/bin/busybox/x");
	EXPECT_EQ(1, said.status);
	EXPECT_NE(NULL, strstr(about("device", &said), "Not a directory"));
}

/* A number that belongs to nobody, under a name that the driver has, or not. */
TEST_F(check, stale_number)
{
	struct said said;

	ASSERT_EQ(0, mknod("/tmp/binder", S_IFCHR | 0666, makedev(10, 254)));
	ASSERT_EQ(0, mknod("/tmp/other", S_IFCHR | 0666, makedev(10, 254)));
	said = look("/tmp/other");
	EXPECT_EQ(1, said.status);
	EXPECT_NE(NULL, strstr(about("device", &said),
			       "/tmp/other cannot be opened: No such device"));
	said = look("/tmp/binder");
	EXPECT_EQ(1, said.status);
	if (!on_stock()) {
		EXPECT_NE(NULL, strstr(about("device", &said),
				       "/tmp/binder leads to no driver"));
		EXPECT_EQ(0, command(advice(about("device", &said))).status);
		said = look("/tmp/binder");
		EXPECT_NE(NULL, strstr(about("device", &said),
				       " /tmp/binder has mode"));
	}
	EXPECT_EQ(0, unlink("/tmp/binder"));
	EXPECT_EQ(0, unlink("/tmp/other"));
}

/* A /dev with nothing in it, and whatever is advised, until nothing is missing. */
TEST_F(check, empty_dev)
{
	struct said said;
	const char *line;
	char *end;
	int i;

	ASSERT_EQ(0, umount2("/dev/binderfs", MNT_DETACH));
	ASSERT_EQ(0, umount2(self->dir, MNT_DETACH));
	ASSERT_EQ(0, mount("tmpfs", "/dev", "tmpfs", 0, NULL));
	said = command(INFO);
	EXPECT_EQ(1, said.status);
	EXPECT_EQ(0, strncmp(on_stock() ? "missing" : "warning",
			     about("mount", &said), 7));
	EXPECT_EQ(0, strncmp("missing /dev/binder is not there",
			     about("device", &said), 32));
	/* First the mount, then what is missing for lack of it. */
	EXPECT_EQ(0, command(advice(about("mount", &said))).status);
	for (i = 0; i < 6; i++) {
		said = command(INFO);
		line = about("device", &said);
		end = strstr(line, " is not there");
		if (!end)
			break;
		while (end > line && end[-1] != '\n')
			end--;
		line = strstr(end, ": ln -sf") ? strstr(end, ": ln -sf") + 2 :
						 advice(end);
		EXPECT_EQ(0, command(stage_text("%.*s", (int)strcspn(line, "\n"),
						line)).status);
	}
	EXPECT_EQ(NULL, strstr(said.text, " is not there"));
	EXPECT_TRUE(bfs_works("/dev/binder"));
	EXPECT_TRUE(bfs_works("/dev/hwbinder"));
	EXPECT_TRUE(bfs_works("/dev/vndbinder"));
	EXPECT_EQ(NULL, strstr(about("device", &said), "missing"));
}

TEST_F(check, dangling_link)
{
	struct said said;

	ASSERT_EQ(0, mount("tmpfs", "/dev", "tmpfs", 0, NULL));
	ASSERT_EQ(0, symlink("binderfs/binder", "/dev/binder"));
	said = look("/dev/binder");
	EXPECT_EQ(0, strncmp("missing /dev/binder is not there",
			     about("device", &said), 32));
}

/* As if the kernel had been built without the driver. */
TEST_F(check, no_driver)
{
	struct said said;

	ASSERT_EQ(0, mount("tmpfs", "/sys/module", "tmpfs", 0, NULL));
	ASSERT_EQ(0, mount("/dev/null", "/proc/filesystems", NULL, MS_BIND,
			   NULL));
	ASSERT_EQ(0, mount("/dev/null", "/proc/misc", NULL, MS_BIND, NULL));
	said = command(INFO);
	EXPECT_EQ(1, said.status);
	EXPECT_NE(NULL, strstr(about("driver", &said), "has none; build one"));
	EXPECT_EQ(strlen(said.text), strcspn(said.text, "\n") + 1);
}

/* The driver, but no file system. */
TEST_F(check, no_filesystem)
{
	struct said said;

	ASSERT_EQ(0, mount("/dev/null", "/proc/filesystems", NULL, MS_BIND,
			   NULL));
	said = look(self->device);
	EXPECT_EQ(0, strncmp(on_stock() ? "missing binder is not in" :
					  "ok none, and none ",
			     about("filesystem", &said), 18));
}

TEST_F(check, logs)
{
	struct said said;

	ASSERT_EQ(0, umount2("/sys/kernel/debug", MNT_DETACH));
	said = look(self->device);
	EXPECT_EQ(0, strncmp("warning none; mount", about("logs", &said), 19));
	self->dir = bfs_new("stats=global");
	said = look(self->device);
	EXPECT_STREQ(stage_text("ok %s/binder_logs; see: binder-info logs\n",
				self->dir), about("logs", &said));
}

TEST_F(check, empty_instance)
{
	struct said said;

	ASSERT_EQ(0, unlink(self->device));
	ASSERT_EQ(0, unlink(bfs_path(self->dir, "hwbinder")));
	ASSERT_EQ(0, unlink(bfs_path(self->dir, "vndbinder")));
	said = command(INFO " check");
	EXPECT_NE(NULL, strstr(about("mount", &said),
			       stage_text("warning %s has no devices", self->dir)));
}

TEST_F(check, usage)
{
	struct said said = command(INFO " --help");

	EXPECT_EQ(0, said.status);
	EXPECT_EQ(0, strncmp("binder-info [check", said.text, 18));
	EXPECT_EQ(2, command(INFO " nonsense").status);
	EXPECT_EQ(2, command(INFO " logs x").status);
	EXPECT_EQ(2, command(INFO " logs -1").status);
	EXPECT_EQ(2, command(INFO " logs 1 2").status);
	EXPECT_EQ(2, command(INFO " logs -d").status);
}

TEST_HARNESS_MAIN
