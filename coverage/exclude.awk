# SPDX-License-Identifier: GPL-2.0
#
# exclude.awk -v list=FILE -v most=PERCENT EXCLUSIONS TRACEFILE: the tracefile
# without what does not count.
#
# That is what is marked in the source, see README.md, and the branches of the
# lines that EXCLUSIONS names. What is marked is written to FILE. Fails if a
# mark is not what README.md asks of it, or more than PERCENT of all lines are
# marked. The configuration of the kernel is in the environment's CONFIG.

function complain(text)
{
	print "  EXCLUDED " text > "/dev/stderr"
	failed = 1
}

# A glob as a regular expression.
function regex_of_glob(glob)
{
	gsub(/[.+(){}|^$\\]/, "\\\\&", glob)
	gsub(/\*/, ".*", glob)
	gsub(/\?/, ".", glob)
	return "^" glob "$"
}

# files|pattern|reason: the pattern may have '|' in it.
function read_rule(	field, n)
{
	n = split($0, field, "|")
	if (n < 3 || field[n] ~ /^[ \t]*$/) {
		complain("exclusions:" FNR ": not files|pattern|reason: " $0)
		return
	}
	files[++n_rules] = regex_of_glob(field[1])
	pattern[n_rules] = substr($0, length(field[1]) + 2, \
		length($0) - length(field[1]) - length(field[n]) - 2)
	rule_line[n_rules] = FNR
}

function is_set(option,	line, found)
{
	while ((getline line < ENVIRON["CONFIG"]) > 0)
		if (line == option "=y" || line == option "=m")
			found = 1
	close(ENVIRON["CONFIG"])
	return found
}

# What stands behind the colon of a mark, and is it a reason?
function reason_of(text, where,	reason)
{
	reason = text
	if (!sub(/.*LCOV_EXCL_[A-Z_]+: */, "", reason))
		reason = ""
	sub(/ *\*\/.*/, "", reason)
	if (reason == "")
		complain(where ": no reason is given")
	if (reason ~ /^CONFIG_[A-Z0-9_]+ is not built/ && \
	    is_set(substr(reason, 1, index(reason, " ") - 1)))
		complain(where ": but it is: " reason)
	return reason
}

# Find out for every line of a source file what takes it away.
function read_source(path, short,	text, n, r, open)
{
	while ((getline text < path) > 0) {
		n++
		for (r = 1; r <= n_rules; r++)
			if (short ~ files[r] && text ~ pattern[r])
				no_branch[path, n] = r
		if (text ~ /LCOV_EXCL_START/) {
			if (open != "")
				complain(short ":" n ": LCOV_EXCL_START in another one")
			open = reason_of(text, short ":" n) " "
		}
		if (open != "")
			no_line[path, n] = open
		else if (text ~ /LCOV_EXCL_LINE/)
			no_line[path, n] = lone["LINE", path, n] = \
				reason_of(text, short ":" n)
		else if (text ~ /LCOV_EXCL_BR_LINE/)
			marked_branch[path, n] = lone["BRANCHES", path, n] = \
				reason_of(text, short ":" n)
		if (text ~ /LCOV_EXCL_STOP/)
			open = ""
	}
	close(path)
	if (open != "")
		complain(short ": LCOV_EXCL_START without LCOV_EXCL_STOP")
}

function note(kind, line, reason)
{
	if ((sf, line, kind) in noted)
		return
	noted[sf, line, kind] = 1
	printf "%-8s  %s:%d: %s\n", kind, short, line, reason > list
}

BEGIN {
	top = ENVIRON["TOP"]
	printf "" > list
}

NR == FNR {
	if ($0 !~ /^#/ && $0 !~ /^[ \t]*$/)
		read_rule()
	next
}

/^SF:/ {
	sf = substr($0, 4)
	short = substr(sf, length(top) + 2)
	if (!(sf in known))
		read_source(sf, short)
	known[sf] = 1
	fnf = fnh = brf = brh = lf = lh = 0
	print
	next
}

/^FN:/ {
	split(substr($0, 4), f, ",")
	if ((sf, f[1]) in no_line)
		no_function[sf, f[2]] = 1
	else
		print
	next
}

/^FNDA:/ {
	split(substr($0, 6), f, ",")
	if ((sf, f[2]) in no_function)
		next
	fnf++
	fnh += f[1] > 0
	print
	next
}

/^BRDA:/ {
	split(substr($0, 6), f, ",")
	if ((sf, f[1]) in no_branch) {
		used[no_branch[sf, f[1]]] = 1
		next
	}
	if ((sf, f[1]) in marked_branch) {
		note("BRANCHES", f[1], marked_branch[sf, f[1]])
		next
	}
	if ((sf, f[1]) in no_line)
		next
	brf++
	brh += f[4] > 0		# "-" is not reached
	print
	next
}

/^DA:/ {
	split(substr($0, 4), f, ",")
	if (!((sf, f[1]) in all_lines)) {
		all_lines[sf, f[1]] = 1
		n_lines++
		n_marked += (sf, f[1]) in no_line
	}
	if ((sf, f[1]) in no_line) {
		note("LINE", f[1], no_line[sf, f[1]])
		if (f[2] > 0 && !((sf, f[1]) in told)) {
			told[sf, f[1]] = 1
			complain(short ":" f[1] ": is marked, and a test reaches it")
		}
		next
	}
	lf++
	lh += f[2] > 0
	print
	next
}

/^FNF:/ { print "FNF:" fnf; next }
/^FNH:/ { print "FNH:" fnh; next }
/^BRF:/ { print "BRF:" brf; next }
/^BRH:/ { print "BRH:" brh; next }
/^LF:/ { print "LF:" lf; next }
/^LH:/ { print "LH:" lh; next }
{ print }

END {
	for (r = 1; r <= n_rules; r++)
		if (!used[r])
			complain("exclusions:" rule_line[r] ": matches nothing any more")
	for (key in lone) {
		split(key, f, SUBSEP)
		if (!((f[2], f[3], f[1]) in noted))
			complain(substr(f[2], length(top) + 2) ":" f[3] \
				 ": is marked, and there is nothing to count")
	}
	if (n_lines && 100 * n_marked / n_lines > most)
		complain(sprintf("%d of %d lines are marked: more than %s %%", \
				 n_marked, n_lines, most))
	printf "%d of %d lines do not count\n", n_marked, n_lines > list
	exit failed
}
