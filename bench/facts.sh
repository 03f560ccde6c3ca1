#!/usr/bin/env bash
# Logs of some 200 MiB, or of as many as the argument says, to fact sheets, beside `wc -l` (the limit: it looks at each
# byte once) and beside what people do at the shell, a count by address with awk, which reads neither times nor rules
# and makes no facts.
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
read_logs() { "$PARLEY" facts "$log" --quiet --until 2026-12-31T00:00:00Z -o "$work/sheet" "$@"; }
facts() { read_logs --threads "$1"; }
asserting() { read_logs --threads "$1" --event ddos; }
with_evidence() { read_logs --threads "$1" --evidence "$work/tree"; }

# What was planted must come out, or the figures are of something else: expect EVENTS SOURCES OPTION…
expect() {
    read_logs --json "${@:3}" >"$work/report"
    grep -q "\"events\":$1,.*\"sources\":$2}" <(sed 's/,"sources":\([0-9]*\).*/,"sources":\1}/' "$work/report") ||
        die "expected $1 events by $2 sources, found $(grep -o '"events":[0-9]*\|"sources":[0-9]*' "$work/report" | tr '\n' ' ')"
}
truth() { sed -n "s/^$1 //p" "$work/truth"; }
check() {
    local threads
    for threads in 1 2 3; do expect "$(truth attempts)" "$(truth sources)" --threads "$threads"; done
    [ "$1" = sshd ] || expect "$(truth lines)" "$(truth visitors)" --event ddos
}

# The most memory that a way took, by GNU time, where it is installed.
memory() {
    [ -x /usr/bin/time ] || return 0
    /usr/bin/time -o "$work/memory" -f %M "$PARLEY" facts "$log" --quiet --until 2026-12-31T00:00:00Z -o "$work/sheet" "${@:2}"
    echo "| $1 | memory: ${*:2} | | $(($(cat "$work/memory") >> 10)) MiB | |"
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
    local kind=$1 lines=$2 awk ways=("wc -l: count_lines") name
    log=$work/$kind.log
    "$generate" "$kind" "$lines" 1 >"$log" 2>"$work/truth"
    check "$kind"
    name="facts of $kind logs, $(($(stat -c %s "$log") >> 20)) MiB"
    for awk in mawk gawk; do
        ! command -v "$awk" >/dev/null || ways+=("$awk, count by address: count_by_address_$kind $awk")
    done
    ways+=("parley facts, 1 thread: facts 1" "parley facts, 2 threads: facts 2")
    [ "$kind" = sshd ] || ways+=("the same, --event ddos: asserting 2")
    ways+=("parley facts, 2 threads, with evidence: with_evidence 2")
    compare "$name" "${ways[@]}"
    memory "$name" --threads 2
    memory "$name" --threads 2 --evidence "$work/tree"
    rm "$log"
}

size=${1-200} # MiB
measure sshd $((size * 10500))
measure combined $((size * 8300))
