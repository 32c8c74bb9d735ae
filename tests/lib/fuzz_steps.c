// SPDX-License-Identifier: GPL-2.0
/*
 * Plays: the steps.
 *
 * Two drivers are compared, so nothing is done of which DIFFERENCES.md says that
 * it differs on purpose: no address that faults is given, no read buffer is below
 * four bytes, and a thread reads all that it has before it exits.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "fuzz.h"

#define COMMANDS	3	/* in a write, at most */
#define HANDLES		7
#define COOKIES		3
#define DRAIN		200	/* reads until a thread has nothing left, at most */

/**
 * play_random() - a random number
 * @p: the play
 * @below: how many there are to choose from, above 0
 *
 * Return: 0 to @below - 1.
 */
u32 play_random(struct play *p, u32 below)
{
	p->random ^= p->random << 13;
	p->random ^= p->random >> 7;
	p->random ^= p->random << 17;
	return (p->random >> 16) % below;
}

/**
 * play_file() - the process that a client belongs to
 * @p: the play
 * @c: the client
 *
 * Return: its place in the play.
 */
struct play_file *play_file(struct play *p, struct client *c)
{
	size_t i;

	for (i = 0; i < PLAY_FILES; i++)
		if (p->file[i].f == c->f)
			return &p->file[i];
	test_abort("%s has no file", c->a->name);
}

/**
 * play_owes() - how many calls a client has not answered
 * @p: the play
 * @c: the client
 *
 * Return: the place of that number.
 */
unsigned int *play_owes(struct play *p, struct client *c)
{
	size_t i;

	for (i = 0; p->c[i] != c; i++)
		;
	return &p->owes[i];
}

/**
 * play_handle() - one of a client's handles, or one that it may not have
 * @p: the play
 * @c: the client
 *
 * Return: the handle; 0, the manager's, is everybody's but its own.
 */
u32 play_handle(struct play *p, struct client *c)
{
	u32 handles = play_file(p, c)->handles, handle = play_random(p, HANDLES), i;

	if (!play_random(p, 10))
		return handle;
	for (i = 0; i < HANDLES; i++, handle = (handle + 1) % HANDLES)
		if (handles & (1u << handle))
			return handle;
	return 0;
}

static u64 some_cookie(struct play *p)
{
	return 0xc0 + play_random(p, COOKIES);
}

/*
 * What else a thread is told while it waits for an answer comes with that, and is
 * lost by the kernel's own driver if the thread exits before (N_004_thread_exit).
 * So in half of the plays the second threads make no calls, and these exit.
 */
static bool makes_no_calls(struct play *p, struct client *c)
{
	return p->seed % 2 && c->a != c->a->leader;
}

/*
 * Commands: each appends one to a buffer, and tells it.
 */
static void put_message(struct play *p, struct client *c, struct wbuf *w, u32 cmd)
{
	static const u32 flags[] = {
		0, TF_ACCEPT_FDS, TF_ACCEPT_FDS, TF_ACCEPT_FDS | TF_CLEAR_BUF,
		TF_ONE_WAY, TF_ONE_WAY | TF_ACCEPT_FDS,
		TF_ONE_WAY | TF_UPDATE_TXN, TF_ONE_WAY | TF_ACCEPT_FDS | TF_UPDATE_TXN,
		TF_UPDATE_TXN, TF_STATUS_CODE | TF_ROOT_OBJECT,
	};
	struct msg m = {
		.handle = play_handle(p, c),
		.code = play_random(p, 3),
		.flags = flags[play_random(p, ARRAY_SIZE(flags))],
	};

	if (cmd == BC_TRANSACTION && makes_no_calls(p, c))
		m.flags |= TF_ONE_WAY;
	m.parcel = play_parcel(p, c, &m);
	play_say(p, " %s(%u code %u flags %#x: %zu bytes, %zu objects, %llu)",
		 cmd == BC_REPLY ? "REPLY" : "TRANSACTION", m.handle, m.code, m.flags,
		 m.parcel->size, m.parcel->n, (unsigned long long)m.sg);
	w_msg(w, cmd, &m);
}

static void put_transaction(struct play *p, struct client *c, struct wbuf *w)
{
	put_message(p, c, w, BC_TRANSACTION);
}

static void put_reply(struct play *p, struct client *c, struct wbuf *w)
{
	unsigned int *owes = play_owes(p, c);

	*owes -= !!*owes;
	put_message(p, c, w, BC_REPLY);
}

static void put_free(struct play *p, struct client *c, struct wbuf *w)
{
	struct play_file *f = play_file(p, c);
	u32 i;

	if (!f->nr_held || !play_random(p, 20)) {
		play_say(p, " FREE_BUFFER(none)");
		w_free(w, (binder_uintptr_t)c->f->map + 8 * PAGE + 4);
		return;
	}
	i = play_random(p, f->nr_held);
	play_say(p, " FREE_BUFFER(%u)", i);
	w_free(w, f->held[i]);
	f->held[i] = f->held[--f->nr_held];
}

static void put_ref(struct play *p, struct client *c, struct wbuf *w)
{
	static const u32 cmds[] = { BC_INCREFS, BC_ACQUIRE, BC_RELEASE, BC_DECREFS };
	static const char *const names[] = { "INCREFS", "ACQUIRE", "RELEASE", "DECREFS" };
	u32 i = play_random(p, ARRAY_SIZE(cmds)), handle = play_handle(p, c);

	play_say(p, " %s(%u)", names[i], handle);
	w_ref(w, cmds[i], handle);
}

static void put_done(struct play *p, struct client *c, struct wbuf *w)
{
	bool strong = play_random(p, 2);
	u64 ptr = 0x1000 * play_random(p, 5), cookie = ptr ? ptr + 0x100 : 0;

	play_say(p, " %s(%#llx)", strong ? "ACQUIRE_DONE" : "INCREFS_DONE",
		 (unsigned long long)ptr);
	w_node_cmd(w, strong ? BC_ACQUIRE_DONE : BC_INCREFS_DONE, ptr, cookie);
}

static void put_notice(struct play *p, struct client *c, struct wbuf *w)
{
	static const u32 cmds[] = {
		BC_REQUEST_DEATH_NOTIFICATION, BC_CLEAR_DEATH_NOTIFICATION,
		BC_REQUEST_FREEZE_NOTIFICATION, BC_CLEAR_FREEZE_NOTIFICATION,
	};
	static const char *const names[] = {
		"REQUEST_DEATH", "CLEAR_DEATH", "REQUEST_FREEZE", "CLEAR_FREEZE",
	};
	u32 i = play_random(p, ARRAY_SIZE(cmds)), handle = play_handle(p, c);
	u64 cookie = some_cookie(p);

	play_say(p, " %s(%u %#llx)", names[i], handle, (unsigned long long)cookie);
	w_handle_cmd(w, cmds[i], handle, cookie);
}

static void put_notice_done(struct play *p, struct client *c, struct wbuf *w)
{
	bool dead = play_random(p, 2);
	u64 cookie = some_cookie(p);

	play_say(p, " %s(%#llx)", dead ? "DEAD_BINDER_DONE" : "FREEZE_DONE",
		 (unsigned long long)cookie);
	w_cookie_cmd(w, dead ? BC_DEAD_BINDER_DONE : BC_FREEZE_NOTIFICATION_DONE, cookie);
}

static void put_looper(struct play *p, struct client *c, struct wbuf *w)
{
	static const u32 cmds[] = { BC_ENTER_LOOPER, BC_REGISTER_LOOPER, BC_EXIT_LOOPER };
	u32 i = play_random(p, ARRAY_SIZE(cmds));

	play_say(p, " LOOPER(%u)", i);
	w_u32(w, cmds[i]);
}

/* What no driver knows, or what is cut short. */
static void put_junk(struct play *p, struct client *c, struct wbuf *w)
{
	u32 i = play_random(p, 4);

	play_say(p, " JUNK(%u)", i);
	switch (i) {
	case 0:
		w_u32(w, 0x12345678);
		break;
	case 1:
		w_u32(w, BC_ATTEMPT_ACQUIRE);
		w_u64(w, 0);
		break;
	case 2:
		w_u32(w, BC_ACQUIRE_RESULT);
		w_u32(w, 0);
		break;
	default:
		w_u32(w, BR_NOOP);
	}
}

static const struct {
	u32 weight;
	void (*put)(struct play *p, struct client *c, struct wbuf *w);
} commands[] = {
	{ 30, put_transaction },
	{ 2, put_reply },
	{ 15, put_free },
	{ 12, put_ref },
	{ 6, put_done },
	{ 8, put_notice },
	{ 5, put_notice_done },
	{ 3, put_looper },
	{ 1, put_junk },
};

static void put_something(struct play *p, struct client *c, struct wbuf *w)
{
	u32 all = 0, pick;
	size_t i;

	if (*play_owes(p, c) && play_random(p, 2)) {
		put_reply(p, c, w);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		all += commands[i].weight;
	pick = play_random(p, all);
	for (i = 0; pick >= commands[i].weight; i++)
		pick -= commands[i].weight;
	commands[i].put(p, c, w);
}

/*
 * Steps
 */
static void step_write(struct play *p, struct client *c)
{
	u32 n = play_random(p, 3) ? 1 : 1 + play_random(p, COMMANDS);
	struct wbuf *w = wb(c);
	long ret;

	while (n--)
		put_something(p, c, w);
	ret = bc_write(c, w);
	play_say(p, "\n\t-> %s, %lld of %llu bytes, %s", errno_name(ret),
		 (long long)c->bwr.write_consumed, (unsigned long long)c->bwr.write_size,
		 bc_ee(c));
}

static void make_room(struct play *p, struct client *c)
{
	struct play_file *f = play_file(p, c);
	struct wbuf *w = wb(c);

	if (f->nr_held < PLAY_HELD)
		return;
	while (f->nr_held)
		w_free(w, f->held[--f->nr_held]);
	play_say(p, " frees all: %s", errno_name(bc_write(c, w)));
}

static void step_read(struct play *p, struct client *c)
{
	static const size_t sizes[] = { 4, 8, 12, 24, 40, 68, 72, 76, 80, 100, 150 };
	bool all = play_random(p, 4);
	size_t size = all ? BC_READ_SIZE : sizes[play_random(p, ARRAY_SIZE(sizes))];

	make_room(p, c);
	play_say(p, " reads %zu:", size);
	bc_read_size(c, size);
	play_say_read(p, c);
}

/* Read until there is nothing left. */
static void drain(struct play *p, struct client *c)
{
	u32 i;

	for (i = 0; i < DRAIN; i++) {
		make_room(p, c);
		bc_read(c);
		play_say_read(p, c);
		if (c->br.ret == -EAGAIN)
			return;
	}
	snprintf(p->trouble, sizeof(p->trouble), "step %u: %s is never done reading", p->step,
		 c->a->name);
}

static void step_thread_exit(struct play *p, struct client *c)
{
	if (!makes_no_calls(p, c)) {
		play_say(p, " stays");
		return;
	}
	play_say(p, " reads all, exits:");
	drain(p, c);
	play_say(p, "\n\t-> %s", errno_name(bc_u32_ioctl(c, BINDER_THREAD_EXIT, 0)));
}

static void step_freeze(struct play *p, struct client *c)
{
	struct client *whom = p->c[play_random(p, PLAY_CLIENTS)];
	struct binder_freeze_info *i = stage_scratch(sizeof(*i));

	*i = (struct binder_freeze_info) {
		.pid = whom->a->pid,
		.enable = play_random(p, 3) == 0,
	};
	play_say(p, " %s %s", i->enable ? "freezes" : "thaws", whom->a->leader->name);
	play_say(p, ": %s", errno_name(bc_ioctl(c, BINDER_FREEZE, i)));
}

static void step_frozen_info(struct play *p, struct client *c)
{
	struct client *whom = p->c[play_random(p, PLAY_CLIENTS)];
	struct binder_frozen_status_info *i = stage_scratch(sizeof(*i));
	long ret;

	*i = (struct binder_frozen_status_info) { .pid = whom->a->pid };
	ret = bc_ioctl(c, BINDER_GET_FROZEN_INFO, i);
	play_say(p, " asks whether %s is frozen: %s sync %u async %u",
		 whom->a->leader->name, errno_name(ret), i->sync_recv, i->async_recv);
}

static void step_node_info(struct play *p, struct client *c)
{
	struct binder_node_debug_info *i = stage_scratch(sizeof(*i));
	struct binder_node_info_for_ref *r = stage_scratch(sizeof(*r));
	long ret;

	*i = (struct binder_node_debug_info) { .ptr = 0x800 * play_random(p, 10) };
	ret = bc_ioctl(c, BINDER_GET_NODE_DEBUG_INFO, i);
	play_say(p, " node info: %s %#llx %#llx strong %u weak %u", errno_name(ret),
		 (unsigned long long)i->ptr, (unsigned long long)i->cookie,
		 i->has_strong_ref, i->has_weak_ref);
	*r = (struct binder_node_info_for_ref) { .handle = play_handle(p, c) };
	ret = bc_ioctl(c, BINDER_GET_NODE_INFO_FOR_REF, r);
	play_say(p, "; of %u: %s %u %u", r->handle, errno_name(ret), r->strong_count,
		 r->weak_count);
}

static void step_settings(struct play *p, struct client *c)
{
	u32 threads = play_random(p, 3), spam = play_random(p, 2);

	play_say(p, " max threads %u, spam detection %u: %s %s", threads, spam,
		 errno_name(bc_u32_ioctl(c, BINDER_SET_MAX_THREADS, threads)),
		 errno_name(bc_u32_ioctl(c, BINDER_ENABLE_ONEWAY_SPAM_DETECTION, spam)));
}

static long become_manager(struct client *c)
{
	struct flat_binder_object *o = stage_scratch(sizeof(*o));

	*o = (struct flat_binder_object) { .flags = BC_NODE_FLAGS };
	return bc_ioctl(c, BINDER_SET_CONTEXT_MGR_EXT, o);
}

static void step_manager(struct play *p, struct client *c)
{
	play_say(p, " wants to be the manager: %s", errno_name(become_manager(c)));
}

static void open_file(struct play *p, struct client *c)
{
	if (bc_open(c, BC_DEVICE, O_RDWR | O_CLOEXEC | O_NONBLOCK) < 0 ||
	    bc_map(c, PLAY_MAP, PROT_READ, MAP_PRIVATE, 0))
		test_abort("%s cannot open", c->a->name);
	if (p->crowd)
		become_manager(c);
	else if (c == p->c[0] && bc_manager(c, BC_NODE_FLAGS))
		test_abort("nobody can become manager");
}

/*
 * The process dies for the driver, and is born again. What is taken apart by a
 * worker is gone when the next one has been opened, used and taken apart, too.
 */
static void step_reopen(struct play *p, struct client *c)
{
	struct play_file *f = play_file(p, c);

	play_say(p, " closes and opens");
	bc_close(c);
	bc_unmap(c);
	sleep_ms(20);
	f->nr_held = 0;
	open_file(p, p->c[2 * (f - p->file)]);
	f->handles = f != p->file;
}

static const struct {
	u32 weight;
	void (*act)(struct play *p, struct client *c);
} steps[] = {
	{ 400, step_write },
	{ 600, step_read },
	{ 10, step_thread_exit },
	{ 20, step_freeze },
	{ 10, step_frozen_info },
	{ 20, step_node_info },
	{ 10, step_settings },
	{ 2, step_manager },
	{ 4, step_reopen },
};

/**
 * play_step() - do one thing
 * @p: the play
 */
void play_step(struct play *p)
{
	struct client *c = p->c[play_random(p, PLAY_CLIENTS)];
	u32 all = 0, pick;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(steps); i++)
		all += steps[i].weight;
	pick = play_random(p, all);
	for (i = 0; pick >= steps[i].weight; i++)
		pick -= steps[i].weight;
	play_say(p, "%llu.%u %s", (unsigned long long)p->seed, p->step, c->a->name);
	steps[i].act(p, c);
	play_say(p, "\n");
	p->step++;
}

/**
 * play_begin() - start the clients
 * @p: the play, to be filled in
 * @seed: what it is made of
 * @out: where it is told, NULL for nowhere
 * @crowd: it is not the only one
 */
void play_begin(struct play *p, u64 seed, FILE *out, bool crowd)
{
	static const char *const names[] = { "s", "s2", "a", "a2", "b", "b2" };
	size_t i;

	*p = (struct play) {
		.seed = seed,
		.random = (seed + 1) * 0x9e3779b97f4a7c15ULL,
		.out = out,
		.crowd = crowd,
	};
	for (i = 0; i < PLAY_CLIENTS; i += 2) {
		struct play_file *f = &p->file[i / 2];

		p->c[i] = bc_new(names[i]);
		open_file(p, p->c[i]);
		p->c[i + 1] = bc_thread(p->c[i], names[i + 1]);
		f->f = p->c[i]->f;
		f->handles = i != 0;
		f->pipe = bc_pipe(p->c[i]);
	}
}

/**
 * play_end() - let everybody go on until nothing is left to read
 * @p: the play
 */
void play_end(struct play *p)
{
	size_t i;

	for (i = 0; i < PLAY_CLIENTS; i++) {
		play_say(p, "%llu.end %s", (unsigned long long)p->seed, p->c[i]->a->name);
		drain(p, p->c[i]);
		play_say(p, "\n");
	}
	actors_end();
}
