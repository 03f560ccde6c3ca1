#!/usr/bin/env bash
# Logs to fact sheets on two threads, beside `wc -l` (the limit: it looks at each byte once), beside what one thread of
# plain C takes at least (ceiling.c), and beside what people do at the shell: counts by address, which read neither times
# nor rules and make no facts.
#
#     bench/facts.sh [MIB]     logs of 200 MiB, or of so many
#     bench/facts.sh memory    1, 4 and 16 GiB through standard input: the most memory
#
# What was planted must come out before anything is measured.  script/peers gets the other programs; those that are not
# there are left out.  goaccess and fail2ban read a part of the log alone, and their times are scaled.
# shellcheck disable=SC2016,SC2086 # the programs are awk's; $facts is several words
# shellcheck source=script/lib.sh
. "$(dirname "$0")/../script/lib.sh"

: "${PARLEY:?names the program to measure}"
generate=$root/build/release/bench/bench-generate ceiling=$root/build/release/bench/bench-ceiling
peers=$root/build/peers
work=$(mktemp -d "$root/build/bench/facts-XXXXXX")
trap 'rm -rf "$work"' EXIT
[ -x /usr/bin/time ] || die "this needs GNU time"
libraries=$(echo "$peers"/usr/lib/*-linux-gnu)
PATH=$PATH:$peers/usr/bin
facts="$PARLEY facts --quiet --year 2026 -o $work/sheet"

# ---- what was planted

expected() {
    echo '# parley facts v1'
    echo 'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence'
    "$generate" --events "$1" "$2" 1 2>/dev/null | awk -v window=3600 -v event="$3" -f bench/sheet.awk | sort -S 256M
}

# check_truth KIND LINES : the sheet of the log is what was planted, to the byte, at any number of threads.
check_truth() {
    local event threads
    for event in '' ddos; do
        LC_ALL=C expected "$1" "$2" "$event" >"$work/expected"
        for threads in 1 2 3; do
            $facts "$log" --threads $threads ${event:+--event $event}
            cmp -s "$work/sheet" "$work/expected" || die "$1, --threads $threads, ${event:-by rules}: not what was planted"
        done
    done
    rm "$work/expected"
}

# ---- measuring

# run NAME COMMAND… : appends its seconds, processor seconds and KiB of memory.
run() {
    local started=${EPOCHREALTIME/./} ended
    LD_LIBRARY_PATH=$libraries /usr/bin/time -o "$work/took" -f '%U %S %M' sh -c "$2" >"$work/out" 2>&1 ||
        die "$1: $(tail -n 3 "$work/out")"
    ended=${EPOCHREALTIME/./}
    awk -v name="$1" -v took=$((ended - started)) '{ print took / 1e6 "\t" $1 + $2 "\t" $3 "\t" name }' "$work/took" >>"$work/times"
}

# compare WORK BYTES : the ways are lines `ROUNDS TAB NAME TAB COMMAND`, the first of them the measure; interleaved.
compare() {
    local round rounds name command
    : >"$work/times"
    for round in 1 2 3 4 5; do
        while IFS=$'\t' read -r rounds name command; do
            [ "$rounds" -lt "$round" ] || run "$name" "$command"
        done <"$work/ways"
    done
    cut -f 2 "$work/ways" | awk -v work="$1" -v bytes="$2" -F '\t' '
        function middle(list, count, i, k, word, x) {
            count = split(list, x, " ")
            for (i = 2; i <= count; i++)
                for (k = i; k > 1 && x[k] + 0 < x[k - 1] + 0; k--) { word = x[k]; x[k] = x[k - 1]; x[k - 1] = word }
            return x[int((count + 1) / 2)]
        }
        FNR == NR { took[$4] = took[$4] " " $1; cpu[$4] = cpu[$4] " " $2; if ($3 > most[$4]) most[$4] = $3; next }
        {
            scale = match($0, /scaled by [0-9.]*/) ? substr($0, RSTART + 10, RLENGTH - 10) : 1
            seconds = middle(took[$0]) * scale
            if (!first) first = seconds
            printf "| %s | %s | %.3f s (processors %.2f s, %d MiB) | %.3g MB/s | %.1f |\n", work, $0, seconds,
                middle(cpu[$0]) * scale, most[$0] / 1024, bytes / seconds / 1e6, seconds / first
        }' "$work/times" -
}

# way ROUNDS NAME COMMAND ; peer ROUNDS PROGRAM NAME COMMAND : a way where the program is there.
way() { printf '%s\t%s\t%s\n' "$@" >>"$work/ways"; }
peer() { ! command -v "$2" >/dev/null || way "$1" "$3" "$4"; }

by_address() {
    case $1 in
    sshd) echo "$2 '/Failed password|Invalid user/ { for (i = NF; i > 1; i--) if (\$i == \"from\") { n[\$(i + 1)]++; break } } END { for (a in n) print n[a], a }' $log" ;;
    combined) echo "$2 '{ n[\$1]++ } END { for (a in n) print n[a], a }' $log" ;;
    esac
}
matching() {
    case $1 in
    sshd) echo 'sshd\[\d+\]: (?:Failed password for (?:invalid user )?\S* from|Invalid user \S* from) (\S+) port' ;;
    combined) echo '^(\S+) ' ;;
    esac
}

peers() {
    local awk duck=$peers/npm/node_modules/@duckdb
    for awk in mawk gawk; do peer 1 $awk "$awk, count by address" "LC_ALL=C $(by_address "$1" $awk)"; done
    peer 1 rg "ripgrep, addresses alone" "rg -o --no-unicode --no-line-number -a -r '\$1' '$(matching "$1")' $log"
    [ ! -d "$duck" ] || case $1 in
    sshd) peer 1 node "DuckDB, 2 threads, count by address" "node bench/duckdb.mjs $peers/npm 2 sshd $log" ;;
    combined)
        peer 1 node "DuckDB, 2 threads, count by address" "node bench/duckdb.mjs $peers/npm 2 addresses $log"
        peer 1 node "DuckDB, 2 threads, by address, hour and status" "node bench/duckdb.mjs $peers/npm 2 visits $log"
        ;;
    esac
}

# part BYTES : the lines at the start of the log.
part() { head -c "$1" "$log" | sed '$d' >"$work/part"; }
scaled() { awk -v all="$(stat -c %s "$log")" -v part="$(stat -c %s "$work/part")" 'BEGIN { printf "a part of it, scaled by %.2f", all / part }'; }

# These take hundreds of times as long as wc, and more: a part is enough to tell.
slow_peer() {
    case $1 in
    sshd)
        [ -f "$peers/usr/bin/fail2ban-regex" ] || return 0
        part 4194304
        way 1 "fail2ban's matcher, $(scaled)" "PYTHONPATH=$peers/usr/lib/python3/dist-packages python3 $peers/usr/bin/fail2ban-regex \
            -c $peers/etc/fail2ban $work/part $peers/etc/fail2ban/filter.d/sshd.conf"
        ;;
    combined)
        command -v goaccess >/dev/null || return 0
        part 33554432
        way 1 "goaccess, $(scaled)" "goaccess $work/part --log-format=COMBINED --no-progress --no-global-config -o $work/goaccess.json"
        ;;
    esac
}

check_facts() {
    $facts "$log" --threads 2
    { head -n 2 "$work/sheet" && tail -n +3 "$work/sheet" | awk -v rows="$(($(wc -l <"$work/sheet") - 2))" '
        { seen++; if (taken < 100000 && int(seen * 100000 / rows) > taken) { taken++; print } }'; } >"$work/some"
    : >"$work/ways"
    way 5 "parley facts, 2 threads" "$facts $log --threads 2"
    way 5 "parley check of $(($(wc -l <"$work/some") - 2)) facts, 2 threads" \
        "$PARLEY check $work/some --logs $log --year 2026 --quiet --threads 2 -o $work/findings"
    compare "check against $1 logs, $2 MiB" "$3"
    ! tail -n +3 "$work/findings" | grep -v confirmed || die "check did not confirm what facts found"
}

measure() {
    local kind=$1 lines=$2 bytes mib
    log=$work/$kind.log
    "$generate" "$kind" "$lines" 1 >"$log" 2>/dev/null
    check_truth "$kind" "$lines"
    bytes=$(stat -c %s "$log") mib=$(($(stat -c %s "$log") >> 20))
    gzip -1 -c "$log" >"$log.gz"
    : >"$work/ways"
    way 5 "wc -l" "wc -l $log"
    way 5 "plain C, 1 thread: line ends" "$ceiling newlines $log"
    case $kind in
    sshd) way 5 "plain C, 1 thread: count by address" "$ceiling sshd $log" ;;
    combined)
        way 5 "plain C, 1 thread: count by address" "$ceiling addresses $log"
        way 5 "plain C, 1 thread: that, times and status" "$ceiling visits $log"
        way 5 "parley facts --event ddos, 1 thread" "$facts $log --threads 1 --event ddos"
        way 5 "parley facts --event ddos, 2 threads" "$facts $log --threads 2 --event ddos"
        ;;
    esac
    way 5 "parley facts, 1 thread" "$facts $log --threads 1"
    way 5 "parley facts, 2 threads" "$facts $log --threads 2"
    way 3 "parley facts, 2 threads, with evidence" "$facts $log --threads 2 --evidence $work/tree"
    way 1 "gzip -dc" "gzip -dc $log.gz"
    way 1 "parley facts, 2 threads, of the log in gzip" "$facts $log.gz --threads 2"
    peers "$kind"
    slow_peer "$kind"
    compare "facts of $kind logs, $mib MiB" "$bytes"
    check_facts "$kind" "$mib" "$bytes"
    rm -f "$log" "$log.gz" "$work/tree" "$work/part"
}

# ---- memory

# through NAME GIB SOURCE… : a log through standard input; its facts grow with the days, or it is the same log anew.
through() {
    local name=$1 gib=$2 took most
    if ! "${@:3}" 2>/dev/null | /usr/bin/time -o "$work/took" -f '%e %M' $facts - --threads 2 >"$work/out" 2>&1; then
        echo "| $name, $gib GiB | $(tail -n 1 "$work/out") | | | |"
        return 0
    fi
    read -r took most <"$work/took"
    echo "| $name, $gib GiB | parley facts -, 2 threads: $(($(wc -l <"$work/sheet") - 2)) facts, $((most >> 10)) MiB | $took s | | |"
}
again() { local i; for ((i = 0; i < $1; i++)); do cat "$log"; done; }

memory() {
    local gib
    log=$work/log
    "$generate" sshd 9600000 1 >"$log" 2>/dev/null
    for gib in 1 4 16; do through "the same sshd log again and again" $gib again $gib; done
    rm "$log"
    for gib in 1 4 16; do
        through "sshd logs of $((3 * gib)) days" $gib "$generate" --days $((3 * gib)) sshd $((gib * 9600000)) 1
    done
}

case ${1-200} in
memory) memory ;;
*)
    measure sshd $((${1-200} * 9400))
    measure combined $((${1-200} * 5950))
    ;;
esac
