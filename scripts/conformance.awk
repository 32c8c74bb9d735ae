# SPDX-License-Identifier: GPL-2.0
#
# conformance.awk: the table of scripts/conformance, and what is wrong with it.
#
# -v ours=BUILD		the build that is compared with stock
#
# Reads, each announced by input=: the checklist; the names of all tests;
# DIFFERENCES.md; and with build=, the results of run-tests on either build.
#
# Exit status: 1 if something is wrong.

BEGIN { FS = "\t" }

# "conf.T_014_weak" belongs to T-014, as does "T-014: without a security module",
# the name of a check in a script. "" if it belongs to no line.
function id_of(name)
{
	sub(/^[^\/]*\/[^\/]*\//, "", name)
	sub(/^[a-z0-9_]*\./, "", name)
	if (name !~ /^[A-Z][_-][0-9][0-9][0-9](_|:|$)/)
		return ""
	return substr(name, 1, 1) "-" substr(name, 3, 3)
}

function complain(what)
{
	complaints[++nr_complaints] = what
}

# The words of a space-separated list, in lines that are not too long.
function fold(prefix, list,	word, n, i, line)
{
	n = split(list, word, " ")
	line = prefix
	for (i = 1; i <= n; i++) {
		if (length(line) + length(word[i]) > 78) {
			print line
			line = "         "
		}
		line = line " " word[i]
	}
	print line
}

input == "checklist" && /^## /	{ section = substr($0, 4) }
input == "checklist" && /^- \*\*[A-Z]-[0-9][0-9][0-9]\*\* \| / {
	id = substr($0, 5, 5)
	if (id in section_of)
		complain(id " is there twice")
	else
		ids[++nr_ids] = id
	section_of[id] = section
	if (!(section in lines))
		sections[++nr_sections] = section
	lines[section]++
}

input == "tests" {
	split($0, part, "/")
	test = part[3]
	sub(/.*\./, "", test)
	# All the ways to name it; without its suite only those of this one.
	exists[$0]
	exists[part[1] "/" part[3]]
	exists[part[1] "/" test]
	if (part[1] == "conformance") {
		exists[part[3]]
		exists[test]
	}
}

input == "differences" && /^\|/ {
	split($0, column, "|")
	gsub(/[ `]/, "", column[2])
	if (column[2] == "Test" || column[2] ~ /^[-:]*$/)
		next
	n = split(column[2], name, ",")
	for (i = 1; i <= n; i++) {
		if (!(name[i] in exists)) {
			complain("DIFFERENCES.md names a test that does not exist: " \
				name[i])
			bad_names++
		} else if (id_of(name[i]) != "") {
			listed[id_of(name[i])]
		}
	}
}

# What a line's tests say together: one failure is a failure, and a test that
# is skipped takes nothing from one that passes.
input == "results" {
	id = id_of($2)
	if ($1 == "fail") {
		complain($2 " fails on " build ($4 == "-" ? "" : ": " $4))
		other_failures += id == ""
	}
	if (id == "")
		next
	if (!(id in section_of)) {
		if (!(id in unknown))
			complain($2 " tests a line that the checklist does not have")
		unknown[id]
		next
	}
	key = build SUBSEP id
	if ($1 == "fail" || state[key] == "fail")
		state[key] = "fail"
	else if ($1 == "pass" || state[key] == "pass")
		state[key] = "pass"
	else if ($4 != "-" && $4 != "")
		state[key] = "skip"
	if ($1 == "skip" && $4 != "-")
		reason[key] = $4
	tested[id]
}

function said(id, build,	key)
{
	key = build SUBSEP id
	if (state[key] == "pass")
		return "passes on " build
	if (state[key] == "fail")
		return "fails on " build
	if (state[key] == "skip")
		return "is skipped on " build " (" reason[key] ")"
	return "has no result on " build
}

# The verdict on one line: pass, fail, skip or missing.
function judge(id,	a, b)
{
	a = state[ours, id]
	b = state["stock", id]
	if (a == "" && b == "")
		return "missing"
	if (a == "fail" || b == "fail")
		return "fail"
	if (a == b)
		return a
	if (id in listed && a != "" && b != "")
		return "pass"
	complain(id " " said(id, ours) " and " said(id, "stock") \
		(id in listed ? "" : ", and DIFFERENCES.md does not say so"))
	return "fail"
}

function count(id,	s, verdict)
{
	s = section_of[id]
	verdict = judge(id)
	total[verdict]++
	passed_ours[s] += state[ours, id] == "pass"
	passed_stock[s] += state["stock", id] == "pass"
	differ[s] += id in listed
	nr_listed += id in listed
	if (state[ours, id] == "skip" || state["stock", id] == "skip") {
		skipped[s]++
		skips = skips sprintf("  skip    %s %s\n", id, \
			state[ours, id] != "skip" ? said(id, "stock") : \
			state["stock", id] != "skip" ? said(id, ours) : \
			"on both: " reason["stock", id])
	}
	if (verdict == "missing") {
		missing[s]++
		missing_ids = missing_ids " " id
	}
}

function row(title, n, a, b, d, k, m)
{
	printf "  %-38s %5d %7d %7d %7d %7d %7d\n", title, n, a, b, d, k, m
	sum_ours += a
	sum_stock += b
	sum_skipped += k
}

END {
	if (!nr_ids)
		complain("the checklist has no lines")
	for (i = 1; i <= nr_ids; i++)
		count(ids[i])
	printf "  %-38s %5s %7s %7s %7s %7s %7s\n", "section", "lines", ours,
		"stock", "differ", "skipped", "missing"
	for (i = 1; i <= nr_sections; i++) {
		s = sections[i]
		row(s, lines[s], passed_ours[s], passed_stock[s], differ[s],
			skipped[s], missing[s])
	}
	row("all", nr_ids, sum_ours, sum_stock, nr_listed, sum_skipped,
		total["missing"])
	printf "%s", skips
	for (i = 1; i <= nr_complaints; i++)
		print "  FAILED  " complaints[i]
	if (missing_ids != "")
		fold("  FAILED  no test and no reason why there is none:", missing_ids)
	failed = total["fail"] + total["missing"]
	printf "%d of %d lines accounted for, %d of them different on purpose\n",
		nr_ids - failed, nr_ids, nr_listed
	# What is wrong with no line in particular counts as well.
	for (id in unknown)
		failed++
	failed += bad_names + other_failures + !nr_ids
	printf "%d passed, %d failed, %d skipped\n", total["pass"], failed,
		total["skip"]
	exit nr_complaints || failed
}
