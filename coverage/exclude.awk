# SPDX-License-Identifier: GPL-2.0
#
# exclude.awk EXCLUSIONS TRACEFILE: the tracefile without what does not count.
#
# See the head of "exclusions" for the rules, and for what is an error.

function complain(text)
{
	print "coverage/exclusions: " text > "/dev/stderr"
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

function read_rule(	field)
{
	if (split($0, field, "|") < 4) {
		complain("line " FNR ": four fields, separated by '|', not: " $0)
		return
	}
	# The pattern may have '|' in it: it is all between the second and last.
	n_rules++
	files[n_rules] = regex_of_glob(field[1])
	kind[n_rules] = field[2]
	pattern[n_rules] = $0
	sub(/^[^|]*\|[^|]*\|/, "", pattern[n_rules])
	sub(/\|[^|]*$/, "", pattern[n_rules])
	if (kind[n_rules] !~ /^(branches|line|function)$/)
		complain("line " FNR ": no such kind: " kind[n_rules])
	rule_line[n_rules] = FNR
}

# Find out for every line of a source file which rule takes it away.
function read_source(path, short,	text, n, r)
{
	for (r = 1; r <= n_rules; r++)
		applies[r] = short ~ files[r]
	n = 0
	while ((getline text < path) > 0) {
		n++
		ends[path, n] = text ~ /^}/
		for (r = 1; r <= n_rules; r++) {
			if (!applies[r] || text !~ pattern[r])
				continue
			if (kind[r] == "line")
				no_line[path, n] = r
			if (kind[r] == "branches")
				no_branch[path, n] = r
		}
	}
	close(path)
	length_of[path] = n
}

# A whole function: all lines from its name to its closing brace.
function take_function(r, name, start,	n)
{
	no_function[sf, name] = r
	for (n = start; n <= length_of[sf]; n++) {
		no_line[sf, n] = r
		if (ends[sf, n])
			break
	}
}

function find_function(name, start,	r)
{
	for (r = 1; r <= n_rules; r++)
		if (kind[r] == "function" && applies_to(r) &&
		    name ~ "^(" pattern[r] ")$")
			take_function(r, name, start)
}

function applies_to(r)
{
	return substr(sf, length(top) + 2) ~ files[r]
}

# Note that a rule was of use; and that it should not have been, if so.
function use(r, count, where)
{
	used[r] = 1
	if (count > 0 && kind[r] != "branches" && !((r, where) in told)) {
		told[r, where] = 1
		complain("line " rule_line[r] ": takes away " where \
			 ", which a test reaches")
	}
}

function here(line)
{
	return substr(sf, length(top) + 2) ":" line
}

BEGIN {
	top = ENVIRON["TOP"]
}

NR == FNR {
	if ($0 !~ /^#/ && $0 !~ /^[ \t]*$/)
		read_rule()
	next
}

/^SF:/ {
	sf = substr($0, 4)
	if (!(sf in length_of))
		read_source(sf, substr(sf, length(top) + 2))
	fnf = fnh = brf = brh = lf = lh = 0
	print
	next
}

/^FN:/ {
	split(substr($0, 4), f, ",")
	find_function(f[2], f[1])
	if (!((sf, f[2]) in no_function))
		print
	next
}

/^FNDA:/ {
	split(substr($0, 6), f, ",")
	if ((sf, f[2]) in no_function) {
		use(no_function[sf, f[2]], f[1], here(f[2]))
		next
	}
	fnf++
	fnh += f[1] > 0
	print
	next
}

/^BRDA:/ {
	split(substr($0, 6), f, ",")
	if ((sf, f[1]) in no_branch) {
		use(no_branch[sf, f[1]], 0, "")
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
	if ((sf, f[1]) in no_line) {
		use(no_line[sf, f[1]], f[2], here(f[1]))
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
			complain("line " rule_line[r] ": matches nothing any more")
	exit failed
}
