/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TESTS_DEMO_SHA256_H
#define TESTS_DEMO_SHA256_H

#include <stddef.h>
#include <linux/types.h>

#define SHA256_SIZE	32
#define SHA256_TEXT	(2 * SHA256_SIZE + 1)

void sha256(const void *data, size_t size, __u8 digest[SHA256_SIZE]);
void sha256_text(const __u8 digest[SHA256_SIZE], char text[SHA256_TEXT]);

#endif
