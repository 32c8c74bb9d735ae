# SPDX-License-Identifier: GPL-2.0
#
# bench-summary.awk: the tables of scripts/bench, from its CSV files.
#
# Exit status: 2 if a figure that has to be there is not; with strict=1, 1 if a
# target is missed.

FNR == 1 { next }

$2 == "run" || $2 == "stock" {
	key = $4 "," $5
	if (!(key in seen))
		trips[++nr_trips] = key
	seen[key]
	time[$1, $2, key] = $6
	if ($1 > runs)
		runs = $1
	next
}

{
	key = $1 "," $2 "," $3
	median[key] = $4
	low[key] = $5
	high[key] = $6
	if ($1 == "range" && $2 ~ /_/ && !($2 in have)) {
		have[$2]
		impl = substr($2, 1, index($2, "_") - 1)
		if (!(impl in is_impl)) {
			is_impl[impl]
			impls[++nr_impls] = impl
		}
	}
}

function fail(what)
{
	print "no figure for " what
	broken = 1
	exit 2
}

function get(key)
{
	if (!(key in median))
		fail(key)
	return median[key]
}

function bytes(n)
{
	if (n >= 1048576)
		return n / 1048576 " MiB"
	if (n >= 1024)
		return n / 1024 " KiB"
	return n " B"
}

function ns(t)
{
	return t >= 10000 ? sprintf("%.1f us", t / 1000) : sprintf("%.0f ns", t)
}

function spread(key)
{
	get(key)
	return sprintf("%.3f [%.3f-%.3f]", median[key], low[key], high[key])
}

function target(what, value, limit, unit)
{
	printf "  %-58s %7.2f  limit %5.2f%s  %s\n", what, value, limit, unit,
		value <= limit ? "met" : "MISSED"
	missed += value > limit
}

function copy_table(  n)
{
	print "\nThe one copy of a message, and copy_from_user() of the same bytes"
	printf "  %9s %12s %12s %12s   %-22s %s\n", "", "plain", "copy",
		"message", "copy/plain [p10-p90]", "message/plain"
	for (n = 64; n <= 4194304; n *= 4)
		printf "  %9s %12s %12s %12s   %-22s %s\n", bytes(n),
			ns(get("copy,plain," n)), ns(get("copy,arena," n)),
			ns(get("copy,message," n)), spread("copy,arena_ratio," n),
			spread("copy,message_ratio," n)
	print "  copy: into a reserved range; message: reserve, copy, release"
}

# What is left of the ratio without what both have to do in any case.
function beyond_alloc(n,  alloc, at_once, one_by_one)
{
	alloc = get("install,alloc_only," n)
	at_once = get("install,at_once," n) - alloc
	one_by_one = get("install,one_by_one," n) - alloc
	return at_once / one_by_one
}

function install_table(  n)
{
	print "\nPages that have to be brought"
	printf "  %9s %12s %12s %12s %12s   %s\n", "pages", "there", "at once",
		"one by one", "alloc only", "at once/one by one [p10-p90]"
	for (n = 1; n <= 1024; n *= 4)
		printf "  %9d %12s %12s %12s %12s   %s\n", n,
			ns(get("install,present," n)),
			ns(get("install,at_once," n)),
			ns(get("install,one_by_one," n)),
			ns(get("install,alloc_only," n)),
			spread("install,ratio," n)
	printf "  256 pages, without their allocation and clearing: %.3f\n",
		beyond_alloc(256)
}

function reclaim_table(  n)
{
	print "\nIdle pages that the shrinker takes"
	printf "  %9s %12s %12s %12s\n", "pages", "in order", "for each",
		"shuffled"
	for (n = 1; n <= 1024; n *= 4)
		printf "  %9d %12s %12s %12s\n", n,
			ns(get("reclaim,in_order," n)),
			ns(get("reclaim,in_order," n) / n),
			ns(get("reclaim,shuffled," n))
}

function range_table(title, what,  i, n)
{
	print "\n" title
	printf "  %9s", ""
	for (n = 1; n <= 10000; n *= 10)
		printf " %10d", n
	print " live"
	for (i = 1; i <= nr_impls; i++) {
		printf "  %9s", impls[i]
		for (n = 1; n <= 10000; n *= 10)
			printf " %10.1f", get("range," impls[i] "_" what "," n)
		print i == 1 ? " ns, the one in use" : ""
	}
}

# By the tenth percentiles: 10,000 records are more than the nearer caches hold,
# and what else runs on the machine takes its part of those.
function range_growth(what,  n, least, most, cost)
{
	for (n = 10; n <= 10000; n *= 10) {
		get("range," impls[1] "_" what "," n)
		cost = low["range," impls[1] "_" what "," n]
		if (!least || cost < least)
			least = cost
		if (cost > most)
			most = cost
	}
	return most / least
}

# The time of a boot that was disturbed least, for each of the two, and how much
# the boots differ that ran one after the other.
function trip_row(trip,  r, ours, stock, ratio, best, part)
{
	for (r = 1; r <= runs; r++) {
		if (!((r, "run", trip) in time) || !((r, "stock", trip) in time))
			fail(trip " in run " r)
		ours = time[r, "run", trip]
		stock = time[r, "stock", trip]
		ratio = ours / stock
		if (r == 1 || ours < best["ours"])
			best["ours"] = ours
		if (r == 1 || stock < best["stock"])
			best["stock"] = stock
		if (r == 1 || ratio < best["least"])
			best["least"] = ratio
		if (r == 1 || ratio > best["most"])
			best["most"] = ratio
	}
	split(trip, part, ",")
	fastest[trip] = best["ours"]
	printf "  %-9s %9s %12s %12s   %.3f [%.3f-%.3f]\n", part[1],
		part[1] == "handle" ? part[2] : part[2] + 0 ? bytes(part[2]) : "", ns(best["ours"]),
		ns(best["stock"]), best["ours"] / best["stock"],
		best["least"], best["most"]
}

function trip_table(  i)
{
	printf "\nEnd to end, this driver and the kernel's own: the best of %d boots of each\n",
		runs
	printf "  %-9s %9s %12s %12s   %s\n", "", "", "ours", "kernel's",
		"ours/kernel's [pairs of boots: least-most]"
	for (i = 1; i <= nr_trips; i++)
		trip_row(trips[i])
	print "  ioctl and pipe do not touch the driver: what differs there is noise"
}

END {
	if (broken)
		exit 2
	if (!nr_impls)
		fail("range")
	if (!nr_trips)
		fail("roundtrip")
	copy_table()
	install_table()
	reclaim_table()
	range_table("A range reserved, found and released, beside other live ones", "hot")
	range_table("A random live range replaced by one of another size", "random")
	printf "\nMemory: %.1f bytes a page slot that was never used, %.0f more a page that is there,\n" \
		"  %.0f for a region of one slot, its file and its vma\n",
		get("metadata,slot,1024"), get("metadata,page,1024"),
		get("metadata,region,1")
	trip_table()
	print "\nTargets"
	target("a message of 1 MiB / copy_from_user()",
	       get("copy,message_ratio,1048576"), 1.1)
	target("a range, 10 to 10,000 live, dearest / cheapest: hot",
	       range_growth("hot"), 2)
	target("a range, 10 to 10,000 live, dearest / cheapest: random",
	       range_growth("random"), 2)
	target("256 pages at once / 256 times one",
	       get("install,ratio,256"), 0.5)
	target("a handle beside 100,000 others / beside 1,000",
	       fastest["handle,100000"] / fastest["handle,1000"], 1.5)
	target("metadata of a page slot that was never used",
	       get("metadata,slot,1024"), 16, " bytes")
	if (missed && strict == 1)
		exit 1
}
