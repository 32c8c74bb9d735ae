# SPDX-License-Identifier: GPL-2.0
"""binder-txn: who waits for whom."""

import gdb

from binder import kernel, objects

_TF_ONE_WAY = 0x01


def stack(thread):
    """The transactions that a thread is in, innermost first.

    Pairs of (struct binder_txn *, True if the thread itself made the call and
    waits for the reply).
    """
    txn = thread['stack']
    while txn:
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


def describe(txn):
    """A transaction in one line."""
    kind = "oneway message" if int(txn['flags']) & _TF_ONE_WAY else "call"
    target = ""
    if txn['node']:
        target = f" to node {int(txn['node']['ptr']):#x}"
    return (f"{kind} {int(txn):#x}{target}: code {int(txn['code'])}, "
            f"{int(txn['data_size'])} bytes")


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
    answer that or None).
    """
    seen = set()
    while thread is not None and int(thread) not in seen:
        seen.add(int(thread))
        txn = waiting_for(thread)
        server = server_of(txn) if txn is not None else None
        yield thread, txn, server
        thread = server


def _write_chain(thread):
    indent = ""
    for link, txn, server in chain(thread):
        who = objects.describe_thread(link)
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
    value = gdb.parse_and_eval(arg)
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


class BinderTxn(gdb.Command):
    """Show who waits for whom.

binder-txn [TID | PID | EXPRESSION]

For each thread the chain of calls from it to the thread that has to do
something, and what the thread itself has to answer. Without an argument
all threads that are in a transaction. EXPRESSION points to a struct
binder_thread, or to anything that binder-vmas takes."""

    def __init__(self):
        super().__init__("binder-txn", gdb.COMMAND_DATA,
                         gdb.COMPLETE_EXPRESSION)

    def invoke(self, arg, from_tty):
        """Called by gdb."""
        found = _wanted_threads(arg)
        if not found:
            gdb.write("no thread is in a transaction\n")
        for thread in found:
            _write_chain(thread)
            _write_debts(thread)


BinderTxn()
