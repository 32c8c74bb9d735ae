// SPDX-License-Identifier: GPL-2.0
/*
 * Touching memory that may not be there, and patterns to fill memory with.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "actor.h"

/* Where try_read() and try_write() come back to. */
struct landing {
	sigjmp_buf env;
};

static __thread struct landing *landing;
static __thread struct fault fault_seen;

static void on_fault(int sig, siginfo_t *info, void *ctx)
{
	(void)ctx;
	if (!landing) {
		signal(sig, SIG_DFL);
		return;
	}
	fault_seen = (struct fault){ sig, info->si_code };
	siglongjmp(landing->env, 1);
}

/**
 * fault_signals() - catch the faults of try_read() and try_write()
 *
 * Other faults end the process, as without this.
 */
void fault_signals(void)
{
	struct sigaction fault = {
		.sa_sigaction = on_fault,
		.sa_flags = SA_SIGINFO | SA_NODEFER,
	};

	sigaction(SIGBUS, &fault, NULL);
	sigaction(SIGSEGV, &fault, NULL);
}

/**
 * try_read() - copy memory that may not be readable
 * @dst: where to; NULL to read and forget
 * @src: where from
 * @len: bytes
 *
 * Context: an actor's thread.
 *
 * Return: the fault that ended the copy; .sig is 0 if there was none.
 */
struct fault try_read(void *dst, const void *src, size_t len)
{
	const u8 *from = src;
	u8 *to = dst;
	struct landing here;
	size_t i;

	fault_seen = (struct fault){ 0 };
	landing = &here;
	if (!sigsetjmp(here.env, 1)) {
		for (i = 0; i < len; i++) {
			u8 byte = __atomic_load_n(from + i, __ATOMIC_RELAXED);

			if (to)
				to[i] = byte;
		}
	}
	landing = NULL;
	return fault_seen;
}

/**
 * try_write() - store one byte where that may not be allowed
 * @dst: where to
 * @byte: what
 *
 * Context: an actor's thread.
 *
 * Return: the fault; .sig is 0 if there was none.
 */
struct fault try_write(void *dst, u8 byte)
{
	struct landing here;

	fault_seen = (struct fault){ 0 };
	landing = &here;
	if (!sigsetjmp(here.env, 1))
		__atomic_store_n((u8 *)dst, byte, __ATOMIC_RELAXED);
	landing = NULL;
	return fault_seen;
}

/**
 * fault_name() - a fault as text
 * @f: the fault
 *
 * Return: "ok", or signal and code, such as "SIGBUS BUS_ADRERR".
 */
const char *fault_name(struct fault f)
{
	static char other[32];

	if (!f.sig)
		return "ok";
	if (f.sig == SIGBUS && f.code == BUS_ADRERR)
		return "SIGBUS BUS_ADRERR";
	if (f.sig == SIGSEGV && f.code == SEGV_MAPERR)
		return "SIGSEGV SEGV_MAPERR";
	if (f.sig == SIGSEGV && f.code == SEGV_ACCERR)
		return "SIGSEGV SEGV_ACCERR";
	snprintf(other, sizeof(other), "signal %d code %d", f.sig, f.code);
	return other;
}

static u64 pattern_word(u64 seed, size_t i)
{
	u64 x = (seed + 1) * 0x9e3779b97f4a7c15ULL + i * 0xbf58476d1ce4e5b9ULL;

	x ^= x >> 29;
	/* No byte is 0: an untouched, zeroed page never passes for a message. */
	return x | 0x0101010101010101ULL;
}

/**
 * fill_pattern() - fill memory with bytes that depend on place and seed
 * @p: the memory
 * @len: bytes
 * @seed: different seeds give different contents
 */
void fill_pattern(void *p, size_t len, u64 seed)
{
	u8 *to = p;
	size_t i;

	for (i = 0; i < len; i += 8) {
		u64 word = pattern_word(seed, i / 8);

		memcpy(to + i, &word, len - i < 8 ? len - i : 8);
	}
}

/**
 * find_mismatch() - compare memory with a pattern
 * @p: the memory
 * @len: bytes
 * @seed: as given to fill_pattern()
 *
 * Return: offset of the first byte that differs, -1 if there is none.
 */
long find_mismatch(const void *p, size_t len, u64 seed)
{
	const u8 *from = p;
	size_t i, j;

	for (i = 0; i < len; i += 8) {
		u64 word = pattern_word(seed, i / 8);
		size_t n = len - i < 8 ? len - i : 8;

		if (!memcmp(from + i, &word, n))
			continue;
		for (j = 0; j < n; j++)
			if (from[i + j] != ((u8 *)&word)[j])
				return i + j;
	}
	return -1;
}
