# SPDX-License-Identifier: GPL-2.0
#
# diff.awk - TRACEFILE: what of a change was reached.
#
# Reads "git diff -U0" and then the tracefile, whose paths begin with the
# environment variable TOP. Exit status: 1 if a line that was changed and could
# be reached was not.

BEGIN { top = ENVIRON["TOP"] "/" }

# The side that is there now: "+++ b/driver/x.c", "@@ -1,2 +3,4 @@".
FILENAME == "-" && /^\+\+\+ / {
	file = substr($2, 3)
	next
}
FILENAME == "-" && /^@@ / {
	n = split(substr($3, 2), part, ",")
	line = part[1]
	left = n > 1 ? part[2] : 1
	next
}
FILENAME == "-" && left > 0 && /^\+/ {
	text[file, line++] = substr($0, 2)
	left--
	next
}
FILENAME == "-" { next }

/^SF:/ { file = substr($0, 4 + length(top)) }
/^DA:/ {
	split(substr($0, 4), part, ",")
	if (!((file, part[1]) in text))
		next
	# A file of several tests is there once, but a header may be twice.
	hits[file, part[1]] += part[2]
	if (!((file, part[1]) in seen)) {
		seen[file, part[1]]
		key[++nr] = file SUBSEP part[1]
	}
}

END {
	for (i = 1; i <= nr; i++) {
		if (hits[key[i]]) {
			reached++
			continue
		}
		split(key[i], part, SUBSEP)
		printf "%s:%d:%s\n", part[1], part[2], text[key[i]]
	}
	printf "%d of %d changed lines are reached\n", reached, nr
	exit reached + 0 != nr
}
