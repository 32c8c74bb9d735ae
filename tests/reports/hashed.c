// SPDX-License-Identifier: GPL-2.0
/*
 * state_hashed and transactions_hashed: the same as without "_hashed", but that
 * the addresses of nodes cannot be read from them. Only newer drivers have them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"

#include "logs.h"
#include "refs.h"
#include "system.h"

#define PTR	0x123456789abcULL
#define COOKIE	0xcba987654321ULL

FIXTURE(hashed) {
	struct client *s;
	struct client *c;
};

FIXTURE_SETUP(hashed)
{
	if (on_stock())
		SKIP(return, "the kernel's own driver has no such file");
	self->s = bc_server("S", BC_MAP_SIZE);
	self->c = bc_start("C", BC_DEVICE, BC_MAP_SIZE);
	bc_give(self->c, self->s, PTR, COOKIE, 0);
}

FIXTURE_TEARDOWN(hashed)
{
	if (!on_stock())
		actors_end();
}

/* A log file with the addresses of nodes taken out; how many there were. */
static const char *without_addresses(const char *name, unsigned int *nr)
{
	const char *text = log_text(log_path(name));
	char *out = stage_scratch(strlen(text) + 1), *to = out;

	*nr = 0;
	while (*text) {
		int len = 0;

		if (sscanf(text, " u%*16[0-9a-f] c%*16[0-9a-f] %n", &len) == 0 &&
		    len) {
			++*nr;
			text += len;
		} else {
			*to++ = *text++;
		}
	}
	*to = 0;
	return out;
}

static void expect_same(struct __test_metadata *_metadata, const char *name)
{
	const char *plain, *safe;
	char hashed[64];
	unsigned int n, m;

	snprintf(hashed, sizeof(hashed), "%s_hashed", name);
	plain = without_addresses(name, &n);
	safe = without_addresses(hashed, &m);
	EXPECT_LT(0, n);
	EXPECT_EQ(n, m);
	EXPECT_STREQ(plain, safe);
	EXPECT_NE(NULL, strstr(log_text(log_path(name)),
			       "u0000123456789abc c0000cba987654321"));
	EXPECT_EQ(NULL, strstr(log_text(log_path(hashed)), "123456789abc"));
	EXPECT_EQ(NULL, strstr(log_text(log_path(hashed)), "cba987654321"));
}

TEST_F(hashed, state)
{
	expect_same(_metadata, "state");
}

/* A node with a oneway message in work. */
TEST_F(hashed, transactions)
{
	struct client *s = self->s, *c = self->c;

	EXPECT_EQ(0, bc_oneway(s, .handle = 1));
	bc_take(c);
	expect_same(_metadata, "transactions");
}

TEST_HARNESS_MAIN
