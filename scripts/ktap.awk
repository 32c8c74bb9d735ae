# SPDX-License-Identifier: GPL-2.0
#
# Read KTAP of two levels, programs (or KUnit suites) and their tests, and print
# a line a test: status, name, seconds of its program, reason, file with what
# the test said; separated by tabs. The status is pass, fail or skip.
#
# What is empty is a "-".
#
# -v suite=NAME	put before the name of a program that has no '/'
# -v dir=DIR	where to put what failed tests said
#
# A program that reports no tests of its own counts as one. It is a failure of
# the program if tests that it announced are missing, if it announced none at
# all but had some, or if it is said to have failed although its tests passed.

function full(name)
{
	return suite && index(name, "/") == 0 ? suite "/" name : name
}

function result(status, name, reason)
{
	file = ""
	if (status == "fail" && dir) {
		file = dir "/failure." ++failures
		printf "%s", said > file
		close(file)
	}
	before[++n] = status "\t" name
	after[n] = (reason == "" ? "-" : reason) "\t" (file == "" ? "-" : file)
	said = ""
}

# Strip "ok 1 - name # DIRECTIVE reason" to its parts.
function parse(line)
{
	good = line !~ /^not ok/
	sub(/^(not )?ok +[0-9]*( - | +|$)/, "", line)
	directive = reason = ""
	if (match(line, / *# *(SKIP|XFAIL|TODO|TIMEOUT|ERROR)?:? */)) {
		reason = substr(line, RSTART + RLENGTH)
		directive = substr(line, RSTART, RLENGTH)
		gsub(/[^A-Z]/, "", directive)
		line = substr(line, 1, RSTART - 1)
	}
	name = line
	if (directive == "SKIP")
		status = "skip"
	else
		status = good ? "pass" : "fail"
	if (directive == "XFAIL" || directive == "TODO")
		reason = "expected to fail: " reason
}

function begin(title)
{
	program = title
	plan = -1
	tests = bad = skipped_whole = 0
	said = whole_reason = ""
}

function end_program(line)
{
	parse(line)
	if (program == "")
		begin(name)
	title = full(name)
	if (status == "fail" && reason != "" && !bad)
		result("fail", title, reason)
	else if (plan > 0 && tests != plan)
		result("fail", title, "announced " plan " tests, reported " tests)
	else if (plan == 0 && !skipped_whole)
		result("fail", title, "announced no tests")
	else if (plan < 0 && tests)
		result("fail", title, "reported tests without announcing them")
	else if (plan == 0)
		result("skip", title, whole_reason)
	else if (status == "fail" && !bad)
		result("fail", title, reason)
	else if (!tests)
		result(status, title, reason)
	programs++
	program = ""
}

function flush_results(seconds,	i)
{
	for (i = 1; i <= n; i++)
		print before[i] "\t" (seconds == "" ? "-" : seconds) "\t" after[i]
	n = 0
}

BEGIN { total = -1; begin("") }

{ sub(/\r$/, "") }

/^1\.\.[0-9]+/		{ total = substr($1, 4); next }
/^# Subtest: /		{ flush_results(""); begin($3); next }
/^    # Subtest: /	{ if (program == "") begin($3); next }
/^(not )?ok /		{ end_program($0); next }
/^# time /		{ flush_results($4); next }
/^    1\.\.[0-9]+/	{
	plan = substr($1, 4) + 0
	if (match($0, /# *SKIP */)) {
		skipped_whole = 1
		whole_reason = substr($0, RSTART + RLENGTH)
	}
	next
}
/^    (not )?ok /	{
	tests++
	parse(substr($0, 5))
	bad += status == "fail"
	# A KUnit case with parameters: each of them has its own reason.
	if (status == "skip" && reason == "")
		reason = inner
	inner = ""
	result(status, full(program) "/" name, reason)
	next
}
/^        ok .*# SKIP /	{ inner = $0; sub(/.*# SKIP /, "", inner) }
{ said = said $0 "\n" }

END {
	if (program != "")
		result("fail", full(program), "did not come to its end")
	if (total >= 0 && programs < total)
		result("fail", suite "/(boot)", "ended after " programs + 0 \
			" of " total " programs")
	if (total < 0 && !programs)
		result("fail", suite "/(boot)", "reported nothing")
	flush_results("")
}
