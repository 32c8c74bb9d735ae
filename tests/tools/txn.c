// SPDX-License-Identifier: GPL-2.0
/*
 * A line of the logs about a message:
 *
 *	    outgoing transaction 7: 00000000a1 from 5:5 to 3:0 code 1 flags 10
 *	    pri 0 r1 elapsed 3ms node 2 size 4:0 offset 0
 */
#include <stdio.h>
#include <string.h>

#include "info.h"
#include "model.h"

static const char *const kinds[] = {
	[TXN_OUTGOING]		= "outgoing transaction ",
	[TXN_INCOMING]		= "incoming transaction ",
	[TXN_PENDING]		= "pending transaction ",
	[TXN_PENDING_ASYNC]	= "pending async transaction ",
};

/**
 * read_txn() - understand such a line
 * @line: the line
 * @t: where to store what it says
 *
 * Return: false if it is another kind of line.
 */
bool read_txn(const char *line, struct txn *t)
{
	const char *p = line + strspn(line, " "), *at;
	size_t i;

	*t = (struct txn) {};
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!strncmp(p, kinds[i], strlen(kinds[i])))
			break;
	}
	if (i == ARRAY_SIZE(kinds))
		return false;
	t->kind = i;
	if (sscanf(p + strlen(kinds[i]),
		   "%u: %*s from %d:%d to %d:%d code %x flags %x", &t->id,
		   &t->from_pid, &t->from_tid, &t->to_pid, &t->to_tid, &t->code,
		   &t->flags) != 7)
		return false;
	at = strstr(p, " elapsed ");
	if (at)
		sscanf(at, " elapsed %lums", &t->ms);
	at = strstr(p, " size ");
	t->has_size = at && sscanf(at, " size %llu:", &t->size) == 1;
	return true;
}
