#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A core file of the guest tells what the guest itself told: each command says
# the same on both.

. "$(dirname "$0")/lib.sh"

cat >"$dir/look.gdb" <<'END'
python
server, owner = pid("state-server"), pid("state-owner")
for command in ("um-procs -a", f"um-vmas {server}", f"um-vmas {owner}",
                f"um-pte {server} 0x40001000", f"um-pte {owner} 0x40000000",
                "binder-procs", "binder-threads", "binder-nodes",
                "binder-refs", "binder-transactions", "binder-locks",
                "binder-lru", f"binder-arena {server}",
                f"binder-arena {owner}", f"binder-page {server} 1",
                "binder-validate"):
    show(command, command)
gdb.write("<end>\n")
end
END

on_guest mem=256M exec /guest state <<END
stage
source $dir/look.gdb
um-core $dir/core
echo <written>\\n
delete
continue
END
check "the guest and gdb came to their end" same 0 "$status"
check "a core file is written" grep -F "Saved corefile $dir/core" "$log"
check "the guest was not disturbed" grep "^state: done" "$console"
sed -n '/^<um-procs -a>$/,/^<end>$/p' "$log" >"$dir/live"
mv "$log" "$dir/live.log"

status=0
timeout -k 10 "$limit" gdb -nx -q -batch -x "$TOP/scripts/gdb/um.gdb" \
	-ex 'backtrace 4' -ex "source $here/lib.py" -ex "source $dir/look.gdb" \
	-ex 'binder-break-copy' -ex 'binder-copy' \
	"$BUILD_DIR/$BUILD/linux" "$dir/core" >"$log" 2>&1 </dev/null || status=$?
sed -n '/^<um-procs -a>$/,/^<end>$/p' "$log" >"$dir/dead"
check "gdb shows where the guest was" grep -E '^#0 .*__set_task_comm' "$log"

# The only difference: nobody can be called in a core.
asked()
{
	sed 's/; arena_validate() agrees$/; X/
		s/; the kernel was not asked: .*/; X/' "$1"
}
no_difference()
{
	[ -s "$dir/live" ] && diff -u <(asked "$dir/live") <(asked "$dir/dead")
}
check "it says the same in both" no_difference
for c in "um-procs -a" binder-procs binder-threads binder-nodes binder-refs \
	binder-transactions binder-lru; do
	check "$c: says something" test "$(section "$c" | wc -l)" -ge 3
done
check "binder-validate: checks, but does not call" says binder-validate \
	"nothing wrong; the kernel was not asked: there is no process, only its remains$"
check "binder-validate: and finds nothing" says binder-validate "^all books agree$"
check "no Python traceback" same 0 "$(grep -c Traceback "$log")"
rm -f "$dir/core"
finish
