// SPDX-License-Identifier: GPL-2.0
/*
 * SHA-256 as FIPS 180-4 has it.
 *
 * Its constants are the first bits behind the point of square and cube roots of
 * primes, and are computed from that, in integers: a digest that the guest's
 * sha256sum agrees with has no table to mistype.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "sha256.h"

#define BLOCK	64
#define ROUNDS	64

static __u32 k[ROUNDS], first[8];

static bool is_prime(unsigned int n)
{
	for (unsigned int d = 2; d * d <= n; d++)
		if (n % d == 0)
			return false;
	return true;
}

/* The first 32 bits of the fraction of the square or cube root of @n. */
static __u32 root_fraction(unsigned int n, int power)
{
	unsigned __int128 want = (unsigned __int128)n << (32 * power);
	__u64 root = 0;

	/* The largest integer whose power is not above n * 2^(32 * power). */
	for (int bit = 36; bit >= 0; bit--) {
		unsigned __int128 r = root | 1ULL << bit;

		if (r * r * (power == 3 ? r : 1) <= want)
			root = r;
	}
	return root;
}

static void make_constants(void)
{
	unsigned int n = 2;

	if (k[0])
		return;
	for (int i = 0; i < ROUNDS; n++) {
		if (!is_prime(n))
			continue;
		if (i < 8)
			first[i] = root_fraction(n, 2);
		k[i++] = root_fraction(n, 3);
	}
}

static __u32 ror(__u32 x, int n)
{
	return x >> n | x << (32 - n);
}

static void expand(const __u8 *block, __u32 w[ROUNDS])
{
	for (int i = 0; i < 16; i++, block += 4)
		w[i] = (__u32)block[0] << 24 | block[1] << 16 |
		       block[2] << 8 | block[3];
	for (int i = 16; i < ROUNDS; i++) {
		__u32 a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + (ror(a, 7) ^ ror(a, 18) ^ a >> 3) +
		       w[i - 7] + (ror(b, 17) ^ ror(b, 19) ^ b >> 10);
	}
}

static void add_block(__u32 h[8], const __u8 *block)
{
	__u32 w[ROUNDS], s[8];

	expand(block, w);
	memcpy(s, h, sizeof(s));
	for (int i = 0; i < ROUNDS; i++) {
		__u32 a = s[0], e = s[4];
		__u32 t1 = s[7] + (ror(e, 6) ^ ror(e, 11) ^ ror(e, 25)) +
			      ((e & s[5]) ^ (~e & s[6])) + k[i] + w[i];
		__u32 t2 = (ror(a, 2) ^ ror(a, 13) ^ ror(a, 22)) +
			      ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));

		memmove(s + 1, s, 7 * sizeof(s[0]));
		s[4] += t1;
		s[0] = t1 + t2;
	}
	for (int i = 0; i < 8; i++)
		h[i] += s[i];
}

/**
 * sha256() - the digest of some bytes
 * @data: the bytes
 * @size: how many
 * @digest: out
 */
void sha256(const void *data, size_t size, __u8 digest[SHA256_SIZE])
{
	__u8 last[2 * BLOCK] = { };
	size_t rest = size % BLOCK, end = rest < BLOCK - 8 ? BLOCK : 2 * BLOCK;
	const __u8 *p = data;
	__u32 h[8];

	make_constants();
	memcpy(h, first, sizeof(h));
	for (size_t n = size / BLOCK; n; n--, p += BLOCK)
		add_block(h, p);
	/* What is left, a one bit, zeroes, and the length in bits. */
	memcpy(last, p, rest);
	last[rest] = 0x80;
	for (int i = 0; i < 8; i++)
		last[end - 1 - i] = (__u64)size * 8 >> 8 * i;
	for (p = last; p < last + end; p += BLOCK)
		add_block(h, p);
	for (int i = 0; i < SHA256_SIZE; i++)
		digest[i] = h[i / 4] >> (24 - i % 4 * 8);
}

/**
 * sha256_text() - a digest as people read it
 * @digest: the digest
 * @text: out: hexadecimal digits
 */
void sha256_text(const __u8 digest[SHA256_SIZE], char text[SHA256_TEXT])
{
	for (int i = 0; i < SHA256_SIZE; i++)
		sprintf(text + 2 * i, "%02x", digest[i]);
}
