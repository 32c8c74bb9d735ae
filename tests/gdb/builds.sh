#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What depends most on what the compiler has made of the driver, on the other
# builds that there are: stopping at functions, finding their variables, naming
# the locks. Any script here runs on any build: BUILD=coverage tests/gdb/state.sh,
# and all of them: scripts/run-tests -b coverage gdb

. "$(dirname "$0")/lib.sh"

[ "$BUILD" = debug ] || { echo "the others are run from the debug build"; exit 4; }

for build in run coverage; do
	for name in steps follow middle; do
		if [ ! -x "$BUILD_DIR/$build/linux" ]; then
			tests=$((tests + 1))
			echo "ok $tests $build: $name # SKIP no build/$build/linux"
			continue
		fi
		status=0
		[ "$name" != steps ] ||
			"$TOP/scripts/build-kernel" $build >"$dir/$build.log" 2>&1
		BUILD=$build TEST_DIR=$dir/$build-$name INITRD=$usual \
			"$here/$name.sh" >"$dir/$build-$name.log" 2>&1 || status=$?
		check "$build: $name" same 0 $status
		[ $status = 0 ] || grep -B 9 '^not ok' "$dir/$build-$name.log" | sed 's/^/# /'
	done
done
finish
