# SPDX-License-Identifier: GPL-2.0
#
# figures.awk -v mode=MODE ...: what a tracefile says, in figures.
#
#   floors TRACEFILE		a table of the folders of driver/
#   check THRESHOLDS TRACEFILE	what is below its threshold; fails if anything is
#   uncovered TRACEFILE		the lines that were not reached, with their text
#   suites TRACEFILE RUN...	how much each run reaches, and what no other does;
#				of a run NAME__VARIANT only NAME is told
#
# Paths in tracefiles begin with the environment variable TOP.

function short(path)
{
	return substr(path, length(top) + 2)
}

# read_source(): the text of a file, and where its functions end.
function read_source(path,	text, n)
{
	n = 0
	while ((getline text < path) > 0)
		source[path, ++n] = text
	close(path)
	length_of[path] = n
}

# What of FILE, FILE:FUNCTION or FOLDER a count belongs to: all its keys.
function count_for(what, metric, hit)
{
	found[what, metric]++
	reached[what, metric] += hit
}

function floor_of(path,	part)
{
	split(short(path), part, "/")
	return part[1] "/" part[2]
}

function count_everywhere(path, line, metric, hit)
{
	count_for("driver", metric, hit)
	count_for(floor_of(path), metric, hit)
	count_for(short(path), metric, hit)
	if (metric != "functions" && (path, line) in inside)
		count_for(short(path) ":" inside[path, line], metric, hit)
}

function percent(what, metric)
{
	if (!found[what, metric])
		return -1
	return 100 * reached[what, metric] / found[what, metric]
}

# All records of all test names have been read: add up.
function add_up(	key, part, n)
{
	for (key in functions) {
		split(key, part, SUBSEP)
		for (n = functions[key]; n <= length_of[part[1]]; n++) {
			inside[part[1], n] = part[2]
			if (source[part[1], n] ~ /^}/)
				break
		}
	}
	for (key in functions) {
		split(key, part, SUBSEP)
		count_everywhere(part[1], 0, "functions", called[key] > 0)
	}
	for (key in lines) {
		split(key, part, SUBSEP)
		count_everywhere(part[1], part[2], "lines", lines[key] > 0)
	}
	for (key in branches) {
		split(key, part, SUBSEP)
		count_everywhere(part[1], part[2], "branches", branches[key] > 0)
	}
}

function cell(what, metric,	p)
{
	p = percent(what, metric)
	return p < 0 ? sprintf("%19s", "-") : \
		sprintf("%6.1f %% %4d/%-5d", p, reached[what, metric], \
			found[what, metric])
}

function show_floors(	i, name, n)
{
	printf "  %-14s %18s  %18s  %18s\n", "", "lines     ", "functions   ", \
		"branches    "
	n = split("mm arena ipc dev fs report", name, " ")
	for (i = 1; i <= n; i++)
		if (found["driver/" name[i], "lines"])
			printf "  %-14s %s %s %s\n", "driver/" name[i], \
				cell("driver/" name[i], "lines"), \
				cell("driver/" name[i], "functions"), \
				cell("driver/" name[i], "branches")
}

function check(	i, p)
{
	for (i = 1; i <= n_thresholds; i++) {
		p = percent(what[i], metric[i])
		if (p < 0)
			printf "  BELOW   %s has no %s: is it still there?\n", \
				what[i], metric[i]
		else if (p < least[i])
			printf "  BELOW   %s: %.1f %% of the %s, not %s %%\n", \
				what[i], p, metric[i], least[i]
		failed += p < least[i]
	}
}

# A function that is put into others wherever it is called has no name here.
function title(path, n)
{
	return short(path) ((path, n) in inside ? \
			    ", " inside[path, n] "()" : "")
}

# Neighbours of one function stand together, if no line that was reached parts
# them.
function show_uncovered(	i, n, path, open)
{
	for (i = 1; i <= n_files; i++) {
		path = file[i]
		open = ""
		for (n = 1; n <= length_of[path]; n++) {
			if (!((path, n) in lines))
				continue
			if (lines[path, n] > 0) {
				open = ""
				continue
			}
			if (open != title(path, n))
				print "\n" title(path, n)
			open = title(path, n)
			printf "%6d  %s\n", n, source[path, n]
		}
	}
}

function show_suites(	key, t, i, only, total)
{
	for (key in by) {
		if (!(key in lines))
			continue
		n_by = split(by[key], t, " ")
		for (i = 1; i <= n_by; i++)
			total[t[i]]++
		if (n_by == 1)
			only[t[1]]++
	}
	printf "%-28s %10s %20s\n", "run", "lines", "reached by no other"
	for (i = 1; i <= n_tests; i++)
		printf "%-28s %10d %20d\n", test[i], total[test[i]], only[test[i]]
}

BEGIN {
	top = ENVIRON["TOP"]
	if (mode !~ /^(floors|check|uncovered|suites)$/)
		exit 2
}

mode == "check" && NR == FNR {
	sub(/#.*/, "")
	if (NF && $2 != "marked") {
		what[++n_thresholds] = $1
		metric[n_thresholds] = $2
		least[n_thresholds] = $3
	}
	next
}

FNR == 1 {
	nth_tracefile++
}

/^TN:/ {
	name = substr($0, 4)
	sub(/__.*/, "", name)
}

/^SF:/ {
	sf = substr($0, 4)
	if (!(sf in length_of)) {
		read_source(sf)
		file[++n_files] = sf
	}
}

# The runs of mode "suites", behind the first file.
nth_tracefile > 1 {
	if (/^DA:/) {
		split(substr($0, 4), f, ",")
		if (f[2] > 0 && !((name, sf, f[1]) in noted)) {
			noted[name, sf, f[1]] = 1
			by[sf, f[1]] = by[sf, f[1]] " " name
		}
		if (!(name in is_test)) {
			is_test[name] = 1
			test[++n_tests] = name
		}
	}
	next
}

/^FN:/ {
	split(substr($0, 4), f, ",")
	functions[sf, f[2]] = f[1] + 0
}

/^FNDA:/ {
	split(substr($0, 6), f, ",")
	called[sf, f[2]] += f[1]
}

/^DA:/ {
	split(substr($0, 4), f, ",")
	lines[sf, f[1] + 0] += f[2]
}

/^BRDA:/ {
	split(substr($0, 6), f, ",")
	branches[sf, f[1] + 0, f[2], f[3]] += f[4] == "-" ? 0 : f[4]
}

END {
	add_up()
	if (mode == "floors")
		show_floors()
	if (mode == "check")
		check()
	if (mode == "uncovered")
		show_uncovered()
	if (mode == "suites")
		show_suites()
	exit failed > 0
}
