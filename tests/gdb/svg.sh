#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The pictures are XML, and show what the commands say in text.

. "$(dirname "$0")/lib.sh"

on_guest exec /guest slots <<END
stage
continue
continue
set \$receiver = \$named("slots-server")
echo <text>\\n
binder-arena \$receiver
echo <vmas>\\n
um-vmas \$receiver
echo <svg>\\n
binder-arena \$receiver --svg $dir/arena.svg
um-vmas --svg "$dir/the vmas.svg" \$receiver
continue
binder-arena \$receiver --svg $dir/freed.svg
continue
echo <end>\\n
delete
continue
END

check "the guest and gdb came to their end" same 0 "$status"
check "the guest was not disturbed" grep "^slots: done" "$console"
check "says where it is written" says svg "^written to $dir/arena.svg$"
check "also where that has a blank" says svg "^written to $dir/the vmas.svg$"

# count FILE CLASS: how many rectangles of a class an XML reader finds.
count()
{
	python3 - "$1" "$2" <<-'END'
		import sys
		import xml.etree.ElementTree as tree
		root = tree.parse(sys.argv[1]).getroot()
		assert root.tag == "{http://www.w3.org/2000/svg}svg", root.tag
		print(sum(r.get("class") == sys.argv[2] for r in
		          root.iter("{http://www.w3.org/2000/svg}rect")))
	END
}
check "arena: three slots in use" same 3 "$(count "$dir/arena.svg" in-use)"
check "arena: the others absent" same 253 "$(count "$dir/arena.svg" absent)"
check "arena: a range" same 1 "$(count "$dir/arena.svg" range)"
check "freed: three slots idle" same 3 "$(count "$dir/freed.svg" idle)"
check "freed: no range" same 0 "$(count "$dir/freed.svg" range)"
titles()
{
	grep -o '<title>slot [0-2], 0x[0-9a-f]*: in use, page frame 0x[0-9a-f]*</title>' "$1"
}
check "arena: each slot says what it is" same 3 "$(titles "$dir/arena.svg" | wc -l)"
wanted=$(section vmas | grep -c -v '^#')
drawn()
{
	grep -cE '>[0-9a-f]+-[0-9a-f]+</text>' "$dir/the vmas.svg"
}
check "vmas: one bar each" same "$wanted" "$(drawn)"
check "vmas: one is the arena" same 1 "$(count "$dir/the vmas.svg" arena)"
check "vmas: its name" grep -F "/dev/binder - arena of process" "$dir/the vmas.svg"
finish
