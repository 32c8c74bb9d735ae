# SPDX-License-Identifier: GPL-2.0
"""binder-transactions: who waits for whom, and where each message is."""

import gdb

from binder import arena as arenas
from binder import command, kernel, nodes, objects

_TF_ONE_WAY = 0x01
# _IO('r', 1): a macro.
BR_OK = 0x7201


def stack(thread):
    """The transactions that a thread is in, innermost first.

    Pairs of (struct binder_txn *, True if the thread itself made the call and
    waits for the reply).
    """
    txn, seen = thread['stack'], set()
    while txn:
        if int(txn) in seen:
            raise kernel.Broken(f"the stack of thread {int(thread['pid'])} "
                                f"comes to {int(txn):#x} twice")
        seen.add(int(txn))
        own = txn['from'] == thread
        yield txn, own
        txn = txn['from_below'] if own else txn['to_below']


def server_of(txn):
    """The thread that has to answer a transaction, or None."""
    for thread in objects.threads(txn['to']):
        for incoming, own in stack(thread):
            if incoming == txn and not own:
                return thread
    return None


def _is_queued_on(txn, head):
    work = txn['work'].address
    return any(w == work for w in
               kernel.entries(head, "struct binder_work", "entry"))


def whereabouts(txn):
    """Where a transaction is that no thread has taken up yet."""
    proc = txn['to']
    if _is_queued_on(txn, proc['todo']):
        return f"queued for any thread of {objects.describe_proc(proc)}"
    for thread in objects.threads(proc):
        if _is_queued_on(txn, thread['todo']):
            return f"queued for {objects.describe_thread(thread)}"
    return f"on its way to {objects.describe_proc(proc)}"


def kind(txn):
    """What it is, in a word or two."""
    if str(txn['work']['type']) == "BINDER_WORK_REPLY":
        return "reply"
    return "oneway message" if int(txn['flags']) & _TF_ONE_WAY else "call"


def describe(txn):
    """A transaction in one line."""
    target = ""
    if txn['node']:
        target = f" to node {int(txn['node']['id'])}"
    return (f"{kind(txn)} {int(txn['id'])} {int(txn):#x}{target}: code "
            f"{int(txn['code'])}, {int(txn['data_size'])} bytes")


def _queued(head):
    for work in kernel.entries(head, "struct binder_work", "entry"):
        if str(work['type']) in ("BINDER_WORK_TRANSACTION",
                                 "BINDER_WORK_REPLY"):
            yield objects.container(work, "struct binder_txn", "work")


def places(proc):
    """(transaction, where it is) of all that a process receives.

    The same transaction may come more than once: it is in a buffer, too.
    """
    for txn in _queued(proc['todo']):
        yield txn, "queued for any thread"
    for thread in objects.threads(proc):
        tid = int(thread['pid'])
        for txn in _queued(thread['todo']):
            yield txn, f"queued for thread {tid}"
        for txn, own in stack(thread):
            if not own:
                yield txn, f"thread {tid} has to answer"
    for node in nodes.nodes(proc):
        for txn in _queued(node['oneway_todo']):
            yield txn, f"waits for its turn at node {int(node['id'])}"
    if proc['arena'] and int(proc['arena']['size']):
        for buf in arenas.ranges(proc['arena']):
            yield arenas.txn_of(buf), (
                "received, buffer not freed"
                if int(buf['with_user']['counter'])
                else "sender at work, or receiver reading")


def all_txns():
    """{address: (transaction, where it is)} of all messages."""
    found = {}
    for proc in objects.all_procs():
        for txn, where in places(proc):
            found.setdefault(int(txn), (txn, where))
    return found


def waiting_for(thread):
    """The call whose reply a thread waits for, or None."""
    for txn, own in stack(thread):
        if own:
            return txn
        break
    return _waiting_elsewhere(thread)


def _waiting_elsewhere(thread):
    """The same for a task that has made the call in another context."""
    for other in objects.all_threads():
        if other['pid'] == thread['pid'] and other != thread:
            for txn, own in stack(other):
                if own:
                    return txn
                break
    return None


def chain(thread):
    """Follow replies that are waited for, from thread to thread.

    Triples of (thread, transaction it waits for or None, thread that has to
    answer that or None); after a circle (thread that comes again, None, the
    same).
    """
    seen = set()
    while thread is not None and int(thread) not in seen:
        seen.add(int(thread))
        txn = waiting_for(thread)
        server = server_of(txn) if txn is not None else None
        yield thread, txn, server
        thread = server
    if thread is not None:
        yield thread, None, thread


def _write_chain(thread):
    indent = ""
    for link, txn, server in chain(thread):
        who = objects.describe_thread(link)
        if txn is None and server is not None:
            gdb.write(f"{indent}{who}: a CIRCLE, nobody in it can go on\n")
            break
        if txn is None:
            gdb.write(f"{indent}{who} waits for nobody\n")
            break
        gdb.write(f"{indent}{who} waits for the reply to\n"
                  f"{indent}  {describe(txn)}\n")
        indent += "  "
        if server is None:
            gdb.write(f"{indent}which is {whereabouts(txn)}\n")
        else:
            gdb.write(f"{indent}which is with\n")


def _write_debts(thread):
    for txn, own in stack(thread):
        if own:
            continue
        caller = "nobody any more"
        if txn['from']:
            caller = objects.describe_thread(txn['from'])
        gdb.write(f"  owes {caller} an answer to {describe(txn)}\n")


def _wanted_threads(arg):
    """The threads named; without a name those that are in a transaction."""
    if not arg.strip():
        return [t for t in objects.all_threads() if t['stack']]
    value = objects.evaluate(arg)
    if kernel.is_pointer_to(value, "struct binder_thread"):
        return [value]
    if value.type.strip_typedefs().code == gdb.TYPE_CODE_INT:
        tid = int(value)
        found = [t for t in objects.all_threads()
                 if tid in (int(t['pid']), int(t['proc']['pid']))]
        if not found:
            raise gdb.GdbError(f"no binder file has a record of a thread or "
                               f"process {tid}")
        return found
    return [t for proc in objects.wanted_procs(arg)
            for t in objects.threads(proc)]


def _buffer(txn):
    """Where the receiver sees it."""
    arena = txn['to']['arena']
    if not arena or not int(txn['buf']['range']['size']):
        return "-"
    offset = int(txn['buf']['range']['start'])
    return f"{int(arena['id']['start']) + offset:#x}"


def _message_row(txn, where):
    return (int(txn['id']), kind(txn),
            f"{int(txn['from_pid'])}:{int(txn['from_tid'])}",
            f"{int(txn['to']['pid'])}:{int(txn['to_tid']) or '-'}",
            int(txn['code']), int(txn['data_size']), _buffer(txn), where,
            f"{int(txn):#x}")


_HEAD = ("ID", "KIND", "FROM", "TO", "CODE", "BYTES", "BUFFER", "WHERE",
         "BINDER_TXN")


def _show_all():
    gdb.write("messages:\n")
    found = sorted(all_txns().values(), key=lambda pair: int(pair[0]['id']))
    if found:
        command.table(_HEAD, (_message_row(*pair) for pair in found), "  ")
    else:
        gdb.write("  none is on its way or received and not freed\n")


class BinderTransactions(command.Command):
    """Show who waits for whom.

binder-transactions [TID | PID | EXPRESSION]

For each thread the chain of calls from it to the thread that has to do
something, and what the thread itself has to answer. Without an argument
all threads that are in a transaction, and then all messages and where they
are. EXPRESSION points to a struct binder_thread, or to anything that um-vmas
takes."""

    NAME = "binder-transactions"

    def pids(self):
        return (int(t['pid']) for t in objects.all_threads())

    def run(self, arg, from_tty):
        found = _wanted_threads(arg)
        if not found:
            gdb.write("no thread is in a transaction\n")
        for thread in found:
            _write_chain(thread)
            _write_debts(thread)
        if not arg.strip():
            _show_all()


BinderTransactions()
