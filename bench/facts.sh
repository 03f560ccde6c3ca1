#!/usr/bin/env bash
# Logs of some 200 MiB to fact sheets, beside `wc -l` (the limit: it looks at each byte once) and beside what people do
# at the shell, a count by address with awk, which reads neither times nor rules and makes no facts.
# shellcheck disable=SC2016 # the programs are awk's
# shellcheck source=script/lib.sh
. "$(dirname "$0")/../script/lib.sh"

: "${PARLEY:?names the program to measure}"
generate=$root/build/release/bench/bench-generate
work=$(mktemp -d "$root/build/bench/facts-XXXXXX")
trap 'rm -rf "$work"' EXIT

count_lines() { wc -l <"$log"; }
count_by_address_sshd() {
    "$1" '/Failed password/ { for (i = 9; i < NF; i++) if ($i == "from") { c[$(i + 1)]++; break } } END { for (a in c) print a, c[a] }' "$log"
}
count_by_address_combined() { "$1" '$9 == 401 { c[$1]++ } END { for (a in c) print a, c[a] }' "$log"; }
facts() { "$PARLEY" facts "$log" --quiet --until 2026-12-31T00:00:00Z --threads "$1" -o "$work/sheet"; }
with_evidence() {
    "$PARLEY" facts "$log" --quiet --until 2026-12-31T00:00:00Z --threads "$1" -o "$work/sheet" --evidence "$work/tree"
}

# What was planted must come out, or the figures are of something else.
check() {
    "$PARLEY" facts "$log" --quiet --until 2026-12-31T00:00:00Z -o "$work/sheet" --json >"$work/report"
    local attempts sources
    attempts=$(sed -n 's/^attempts //p' "$work/truth") sources=$(sed -n 's/^sources //p' "$work/truth")
    grep -q "\"events\":$attempts,.*\"sources\":$sources}" <(sed 's/,"sources":\([0-9]*\).*/,"sources":\1}/' "$work/report") ||
        die "expected $attempts events by $sources sources, found $(grep -o '"events":[0-9]*\|"sources":[0-9]*' "$work/report" | tr '\n' ' ')"
}

microseconds() { echo "${EPOCHREALTIME/./}"; }

# compare WORK WAY COMMAND… : each way is a name and a command in one word; five rounds of all, interleaved.
compare() {
    local work_name=$1 ways=("${@:2}") i started bytes
    bytes=$(stat -c %s "$log")
    for _ in 1 2 3 4 5; do
        for i in "${!ways[@]}"; do
            started=$(microseconds)
            ${ways[i]#*: } >/dev/null
            echo "$i $(($(microseconds) - started))" >>"$work/times"
        done
    done
    for i in "${!ways[@]}"; do
        echo "$(sed -n "s/^$i //p" "$work/times" | sort -n | sed -n 3p) ${ways[i]%%: *}"
    done | awk -v work="$work_name" -v bytes="$bytes" '{
        took = $1 / 1e6; sub(/^[0-9]* /, ""); if (!first) first = took
        printf "| %s | %s | %.3f s | %.3g MB/s | %.2f |\n", work, $0, took, bytes / took / 1e6, took / first
    }'
    rm "$work/times"
}

measure() {
    local kind=$1 lines=$2 awk awks=()
    log=$work/$kind.log
    "$generate" "$kind" "$lines" 1 >"$log" 2>"$work/truth"
    check
    for awk in mawk gawk; do
        ! command -v "$awk" >/dev/null || awks+=("$awk, count by address: count_by_address_$kind $awk")
    done
    compare "facts of $kind logs, $(($(stat -c %s "$log") >> 20)) MiB" "wc -l: count_lines" "${awks[@]}" \
        "parley facts, 1 thread: facts 1" "parley facts, $(nproc) threads: facts $(nproc)" \
        "the same, with evidence: with_evidence $(nproc)"
    rm "$log"
}

measure sshd 2100000
measure combined 1850000
