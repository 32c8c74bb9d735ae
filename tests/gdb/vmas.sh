#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What um-vmas says of any process is what /proc/PID/maps said in the guest.

. "$(dirname "$0")/lib.sh"

# Stopped in the copy loop, where the lists of other processes are as they are.
on_guest exec /guest maps <<'END'
binder-break-copy
run
echo <receiver>\n
um-vmas
python
from binder import kernel, vmas
for name in ("init", "guest", "maps-server", "maps-cut"):
    show(name, f"um-vmas {pid(name)}")
number = pid("maps-server")
show("task", "um-vmas (struct task_struct *)"
     f"{int(kernel.task_by_pid(number))}")
show("proc", f"um-vmas $binder_proc({number})")
show("arena", "um-vmas $binder_arena()")
show("mm", "um-vmas $binder_arena()->mm.mm")
last = list(vmas.vmas(gdb.parse_and_eval("$binder_arena()->mm.mm")))[-1]
gdb.set_convenience_variable("vma", last)
show("vma", "um-vmas $vma")
for bad in ("99999", "&init_task.flags + 0", "(char *)0"):
    show(f"bad {bad}", f"um-vmas {bad}")
show("kthread", "um-vmas 2")
end
echo <end>\n
continue
END

tr -d '\r' <"$console" >"$dir/guest.log"

# The maps that the guest printed, in the order of its output.
guest_maps()
{
	awk -v nth="$1" '/^MAPS [0-9]/ { n++; in_it = 1; next }
		/^MAPS END/ { in_it = 0 } in_it && n == nth' "$dir/guest.log"
}

# compare SECTION NTH
compare()
{
	guest_maps "$2" >"$dir/guest"
	section "$1" | grep -v '^#' >"$dir/gdb"
	[ -s "$dir/guest" ] && diff -u "$dir/guest" "$dir/gdb"
}

# The flags and operations that stand below each area, as smaps has the flags.
guest_flags()
{
	awk -v nth="$1" '/^SMAPS [0-9]/ { n++ }
		/^VmFlags:/ && n == nth { sub(/^VmFlags: */, "")
			sub(/ +$/, ""); print }' "$dir/guest.log"
}

flags()
{
	guest_flags "$2" >"$dir/guest"
	section "$1" | sed -n 's/^#   \([a-z ]*\), \(no ops\|ops [a-z_]*\)$/\1/p' \
		>"$dir/gdb"
	[ -s "$dir/guest" ] && diff -u "$dir/guest" "$dir/gdb"
}

# Below each area that is of the device, and no other, stands whose it is.
marked()
{
	section "$1" | awk -v want="$2" -v name="$3" '
		/\/dev\/binder$/ { devices++ }
		/^#   [^^]/ { next }
		/^#   \^ arena of/ { if (last !~ /\/dev\/binder$/) bad = 1
				     if (index($0, "(" name ")")) marks++ }
		{ last = $0 }
		END { print devices, "areas of the device,", marks, "marked"
		      exit bad || marks != want || devices != want }'
}

at_least()
{
	echo "$1"
	[ "$1" -ge "$2" ]
}

check "the guest and gdb came to their end" same 0 "$status"
check "the guest was not disturbed" grep "^maps: done" "$console"
compare_names=(init guest maps-server maps-cut)
for i in "${!compare_names[@]}"; do
	n=${compare_names[i]}
	check "$n: as in /proc/PID/maps" compare "$n" $((i + 1))
	check "$n: flags as in /proc/PID/smaps" flags "$n" $((i + 1))
done
guest_maps 3 >"$dir/server"
check "maps-server: of so many areas that the tree has levels" \
	at_least "$(wc -l <"$dir/server")" 400
for what in "/tmp/removed (deleted)" "/memfd:memfile (deleted)" "[heap]" \
	"/dev/zero (deleted)" "[stack]" "[vdso]" "/tmp/dir/file" \
	"/tmp/a-name-that-does-not-fit-into-the-dentry-itself"; do
	check "maps-server: there is $what" grep -F "$what" "$dir/server"
done
for n in receiver task proc arena mm vma; do
	check "maps-server, by $n" compare "$n" 3
done
check "one area is marked as the arena of maps-server" marked maps-server 1 maps-server
check "both parts of one that was cut are marked" marked maps-cut 2 maps-cut
check "the operations of the arena" says maps-cut \
	"^#   rd mr me dc mm.*, ops arena_vm_ops$"
check "no such process" says "bad 99999" "^error: .*no process 99999"
check "not a pointer to anything" says "bad (char \*)0" "^error: .*neither a pid"
check "a kernel thread has no memory" says kthread "^error: .*no address space"
finish
