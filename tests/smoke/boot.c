// SPDX-License-Identifier: GPL-2.0
/*
 * The least that must be so for any other test to mean something: the devices
 * are there, they answer as Binder, and the guest has what tests rely on.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/android/binder.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <kselftest_harness.h>

#define MAP_SIZE	(128 * 1024)

FIXTURE(device) {
	int fd;
};

FIXTURE_VARIANT(device) {
	const char *path;
};

FIXTURE_VARIANT_ADD(device, binder) { "/dev/binder" };
FIXTURE_VARIANT_ADD(device, hwbinder) { "/dev/hwbinder" };
FIXTURE_VARIANT_ADD(device, vndbinder) { "/dev/vndbinder" };

FIXTURE_SETUP(device)
{
	self->fd = open(variant->path, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd) {
		TH_LOG("%s: %s", variant->path, strerror(errno));
	}
}

FIXTURE_TEARDOWN(device)
{
	close(self->fd);
}

TEST_F(device, speaks_protocol_8)
{
	struct binder_version v = { .protocol_version = -1 };

	ASSERT_EQ(0, ioctl(self->fd, BINDER_VERSION, &v));
	EXPECT_EQ(8, v.protocol_version);
}

TEST_F(device, maps_and_shows_zeroes_or_nothing)
{
	void *p = mmap(NULL, MAP_SIZE, PROT_READ, MAP_PRIVATE, self->fd, 0);

	ASSERT_NE(MAP_FAILED, p);
	EXPECT_EQ(0, munmap(p, MAP_SIZE));
}

TEST(guest_has_debugfs)
{
	EXPECT_EQ(0, access("/sys/kernel/debug/shrinker", X_OK));
}

TEST(guest_has_cgroup2_with_memcg)
{
	char buf[256] = "";
	int fd = open("/sys/fs/cgroup/cgroup.controllers", O_RDONLY);

	ASSERT_LE(0, fd);
	ASSERT_LT(0, read(fd, buf, sizeof(buf) - 1));
	EXPECT_NE(NULL, strstr(buf, "memory"));
	close(fd);
}

TEST_HARNESS_MAIN
