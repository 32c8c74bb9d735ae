# SPDX-License-Identifier: GPL-2.0
"""What the commands need to know of the kernel itself.

Tasks come from the kernel's own helpers (scripts/gdb/linux). Here is what those
lack: maple tree ranges, page tables, open files, path names, and walks over
lists and trees that end also where these are broken.
"""

import struct

import gdb
from linux import mapletree, tasks, utils, xarray

PAGE_SHIFT = 12
PAGE_SIZE = 1 << PAGE_SHIFT


def type_of(name):
    """The type of that name; gdb caches it."""
    return gdb.lookup_type(name)


def pointer(address, type_name):
    """The address, a number, as a pointer to that type."""
    return gdb.Value(int(address)).cast(type_of(type_name).pointer())


def is_pointer_to(value, type_name):
    """Whether a value points to an object of that type, const or not."""
    t = value.type.strip_typedefs()
    if t.code != gdb.TYPE_CODE_PTR:
        return False
    return str(t.target().unqualified()) == type_name


class Memo:
    """What has been found out in the course of one command.

    Nothing changes while gdb looks. Outside of a command nothing is remembered.
    """

    found = None

    @classmethod
    def begin(cls):
        """A command begins."""
        cls.found = {}

    @classmethod
    def end(cls):
        """It is over."""
        cls.found = None

    @classmethod
    def of(cls, key, function):
        """What the function returns, from the last time if there was one."""
        if cls.found is None:
            return function()
        if key not in cls.found:
            cls.found[key] = function()
        return cls.found[key]


class Broken(Exception):
    """A structure of the kernel is not what it has to be."""


def offset_of(type_name, member):
    """offsetof(), in bytes."""
    return type_of(type_name)[member].bitpos // 8


def _address(value):
    """Of a structure, or what a pointer to it points to."""
    if value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR:
        return int(value)
    return int(value.address)


def read_ulong(address):
    """One number straight from memory."""
    return read_ulongs(address, 1)[0]


def list_nodes(head):
    """The addresses of what is on a list_head.

    Follows next alone, which is right at any moment of an insertion or removal.
    """
    start = _address(head)
    seen = {start}
    node = read_ulong(start)
    while node != start:
        if not node:
            raise Broken(f"the list at {start:#x} was never set up, or has "
                         "been cleared")
        if node in seen:
            raise Broken(f"the list at {start:#x} runs in a circle: it comes "
                         f"to {node:#x} again, not to its head")
        seen.add(node)
        yield node
        node = read_ulong(node)


def entries(head, type_name, member):
    """The entries of a list_head, as pointers."""
    offset = offset_of(type_name, member)
    for node in list_nodes(head):
        yield pointer(node - offset, type_name)


def tree_entries(root, type_name, member):
    """The entries of a struct rb_root in order, as pointers."""
    offset = offset_of(type_name, member)
    right, left = (offset_of("struct rb_node", name)
                   for name in ("rb_right", "rb_left"))
    node, above, seen = int(root['rb_node']), [], set()
    while node or above:
        while node:
            if node in seen:
                raise Broken(f"the tree at {_address(root):#x} comes to the "
                             f"node {node:#x} twice")
            seen.add(node)
            above.append(node)
            node = read_ulong(node + left)
        node = above.pop()
        yield pointer(node - offset, type_name)
        node = read_ulong(node + right)


def xarray_entries(xa):
    """The entries of a struct xarray as (index, address)."""
    yield from _xarray_walk(int(xa['xa_head']), 0, None)


def _xarray_walk(entry, index, above):
    if entry & 3 != 2 or entry < 4096:
        if entry & 3 == 0 and entry:
            yield index, entry
        return
    node = pointer(entry - 2, "struct xa_node")
    shift = int(node['shift'])
    if above is not None and shift >= above:
        raise Broken(f"the xarray node {entry - 2:#x} does not fit into its "
                     "parent")
    low, high = node['slots'].type.range()
    for slot in range(low, high + 1):
        yield from _xarray_walk(int(node['slots'][slot]),
                                index + (slot << shift), shift)


def read_ulongs(address, count):
    """Numbers straight from memory: much faster than gdb.Value."""
    data = gdb.selected_inferior().read_memory(int(address), 8 * count)
    return struct.unpack(f"<{count}Q", data)


def mm_users(mm):
    """The thread group leaders that use an address space."""
    return [t for t in all_tasks()
            if t['mm'] == mm and t['pid'] == t['tgid']]


def all_tasks():
    """All threads of all processes, but not the idle task."""
    return Memo.of("tasks", lambda: [t for t in tasks.task_lists()
                                     if int(t['pid'])])


def task_by_pid(pid):
    """The thread with that pid in the initial namespace, or None."""
    for task in all_tasks():
        if int(task['pid']) == pid:
            return task
    return None


def current_task():
    """The task that the kernel stopped in."""
    # As $lx_current(), for whose expression gdb searches everything.
    return pointer(gdb.lookup_global_symbol("cpu_tasks").value()[0]['task'],
                   "struct task_struct")


def open_files(task):
    """The struct file pointers in a task's table."""
    files = task['files']
    if not files:
        return
    fdt = files['fdt']
    for address in read_ulongs(fdt['fd'], int(fdt['max_fds'])):
        if address:
            yield pointer(address, "struct file")


def _path_inside(dentry, mnt_root):
    names = []
    while dentry not in (mnt_root, dentry['d_parent']):
        names.append(dentry['d_name']['name'].string())
        dentry = dentry['d_parent']
    return names


def _is_unlinked(dentry):
    """d_unlinked(): hashed nowhere, and not a root."""
    return not dentry['d_hash']['pprev'] and dentry != dentry['d_parent']


def path_name(path):
    """A struct path as d_path() prints it to a process in the root."""
    dentry, vfsmnt = path['dentry'], path['mnt']
    name = dentry['d_name']['name'].string()
    # Files of no file system have names that a function makes up; those of
    # shared memory, the only ones that can be mapped, look like this.
    if dentry['d_op'] and dentry['d_op']['d_dname'] and \
            dentry == dentry['d_parent']:
        return f"/{name} (deleted)"
    deleted = " (deleted)" if _is_unlinked(dentry) else ""
    names = []
    mount_type = type_of("struct mount").pointer()
    mount = utils.container_of(vfsmnt, mount_type, "mnt")
    while True:
        names += _path_inside(dentry, mount['mnt']['mnt_root'])
        if mount == mount['mnt_parent']:
            break
        dentry, mount = mount['mnt_mountpoint'], mount['mnt_parent']
    return "/" + "/".join(reversed(names)) + deleted


def maple_entries(tree):
    """The entries of a maple tree in ascending order, as numbers.

    Nodes are replaced, not changed, where readers may be, so that a walk from
    the root meets a consistent tree wherever the kernel stopped; but for what
    the task that it stopped in was writing at that moment.
    """
    root = tree['ma_root']
    if not root:
        return
    if not xarray.xa_is_node(root):
        yield int(root)
        return
    yield from _maple_walk(mapletree.mte_safe_root(root), (1 << 64) - 1)


def _maple_last_slot(node, kind, max_index):
    """ma_data_end(): the last slot of a node that holds anything."""
    nr_pivots = mapletree.mt_pivots(kind)
    top = int(mapletree.ma_pivots(node, kind)[nr_pivots - 1])
    if not top:
        name = "ma64" if kind == mapletree.maple_arange_64 else "mr64"
        return int(node[name]['meta']['end'])
    return nr_pivots - 1 if top == max_index else nr_pivots


def _maple_walk(enode, max_index):
    node = mapletree.mte_to_node(enode)
    kind = int(mapletree.mte_node_type(enode))
    slots = mapletree.ma_slots(node, kind)
    pivots = mapletree.ma_pivots(node, kind)
    last = _maple_last_slot(node, kind, max_index)
    for offset in range(last + 1):
        entry = slots[offset]
        if not entry:
            continue
        if mapletree.ma_is_leaf(kind):
            yield int(entry)
        else:
            end = int(pivots[offset]) if offset < last else max_index
            yield from _maple_walk(entry, end)


def pfn_of(page):
    """The page frame number of a struct page (flat memory model)."""
    return int(page - gdb.parse_and_eval("mem_map"))


def page_of(pfn):
    """The struct page of a frame, or None if it is no memory of the kernel."""
    if pfn >= int(gdb.parse_and_eval("max_mapnr")):
        return None
    return gdb.parse_and_eval("mem_map") + pfn


def page_address(page):
    """Where the kernel sees a page: its memory is one linear mapping."""
    return physical_base() + (pfn_of(page) << PAGE_SHIFT)


def physical_base():
    """The kernel's address of physical address 0."""
    return int(gdb.parse_and_eval("uml_physmem"))


# Bits of a page table entry, arch/um/include/asm/pgtable.h.
_PAGE_PRESENT = 0x001
_PAGE_PROTNONE = 0x010
_TABLE_BITS = 9


def _page_table_levels():
    """(name, shift) of the levels above the last, from the top.

    A level that is folded away is a struct around the level above it.
    """
    levels = []
    for name, shift in (("pmd", 21), ("pud", 30), ("p4d", 39)):
        if type_of(name + "_t").fields()[0].name == name:
            levels.insert(0, (name, shift))
    # The pgd is always there, one level above the highest real one.
    top = (levels[0][1] if levels else PAGE_SHIFT) + _TABLE_BITS
    return [("pgd", top)] + levels


def has_page_table(mm):
    """It goes with the last user of the address space."""
    return int(mm['mm_users']['counter']) > 0


def page_table(mm):
    """The page table of an address space that has one."""
    return Memo.of(("page table", int(mm)), lambda: PageTable(mm))


class PageTable:
    """The page table of an address space, for looking up many addresses."""

    def __init__(self, mm):
        self._base = physical_base()
        self._pgd = int(mm['pgd'])
        self._levels = _page_table_levels()
        self._tables = {}

    def _entry(self, table, address, shift):
        index = address >> shift & (1 << _TABLE_BITS) - 1
        if table not in self._tables:
            self._tables[table] = read_ulongs(table, 1 << _TABLE_BITS)
        return index, self._tables[table][index]

    def walk(self, address):
        """(level, where, entry) from the top, as far as there are tables."""
        table = self._pgd
        for name, shift in self._levels:
            index, entry = self._entry(table, address, shift)
            yield name, table + 8 * index, entry
            if not entry & _PAGE_PRESENT:
                return
            table = self._base + (entry & ~(PAGE_SIZE - 1))
        index, entry = self._entry(table, address, PAGE_SHIFT)
        yield "pte", table + 8 * index, entry

    def pfn(self, address):
        """The page frame mapped at a user address, or None."""
        level, entry = None, 0
        for level, _, entry in self.walk(address):
            pass
        if level != "pte" or not entry & (_PAGE_PRESENT | _PAGE_PROTNONE):
            return None
        return entry >> PAGE_SHIFT

    def addresses(self, pfn):
        """The user addresses at which a page frame is mapped."""
        shifts = [shift for _, shift in self._levels] + [PAGE_SHIFT]
        yield from self._search(self._pgd, 0, shifts, pfn)

    def _search(self, table, base, shifts, pfn):
        for index, entry in enumerate(read_ulongs(table, 1 << _TABLE_BITS)):
            address = base + (index << shifts[0])
            if len(shifts) == 1:
                if entry & (_PAGE_PRESENT | _PAGE_PROTNONE) and \
                        entry >> PAGE_SHIFT == pfn:
                    yield address
            elif entry & _PAGE_PRESENT:
                below = self._base + (entry & ~(PAGE_SIZE - 1))
                yield from self._search(below, address, shifts[1:], pfn)
