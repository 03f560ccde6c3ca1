#!/usr/bin/env bats
# Logs whose events are known (bench/generate.c), and the sheets that must come of them (bench/sheet.awk): every planted
# fact is found and none invented, however the log is cut and read.
load helper

setup_file() {
    local kind event window
    cd "$BATS_FILE_TMPDIR" || exit 1
    for kind in sshd combined; do
        "${PARLEY%/src/cli/parley}/bench/bench-generate" $kind 20000 7 >$kind.log 2>$kind.truth
        "${PARLEY%/src/cli/parley}/bench/bench-generate" --events $kind 20000 7 2>/dev/null >$kind.events
        for event in '' ddos; do
            for window in 0 600 3600; do expected "$kind" "$event" $window >"$kind-$event-$window"; done
        done
    done
}

# The sheet that must come of a kind, an event that is asserted, and a window in seconds.
expected() {
    echo '# parley facts v1'
    echo 'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence'
    awk -v window="$3" -v event="$2" -f "$BATS_TEST_DIRNAME/../../bench/sheet.awk" "$1.events" | LC_ALL=C sort
}

# compare KIND EVENT WINDOW OPTION-OR-FILE… : what is read is what was planted.
compare() {
    local expected=$BATS_FILE_TMPDIR/$1-$2-$3
    parley facts --quiet --year 2026 --window "$(($3 / 60))m" ${2:+--event "$2"} -o sheet "${@:4}" || return
    cmp sheet "$expected" || { diff sheet "$expected" | head -n 5 && return 1; }
}

# compare_all KIND OPTION-OR-FILE… : with each event and window.
compare_all() {
    local event window
    for event in '' ddos; do
        for window in 0 600 3600; do compare "$1" "$event" $window "${@:2}" || return; done
    done
}

# cut_log FILE COUNT NAME: at line ends, which are not where a part would end of itself, into a rotated set of logs, whose
# oldest file has the highest number.
cut_log() {
    awk -v count="$2" -v name="$3" -v lines="$(wc -l <"$1")" '
        BEGIN { srand(count); left = count - 1; file = name (left ? "." left : "") }
        left && rand() < count / lines { close(file); left--; file = name (left ? "." left : "") }
        { print > file }' "$1"
}

@test "the expected sheets are worth comparing with" {
    local kind
    cd "$BATS_FILE_TMPDIR"
    for kind in sshd combined; do
        [ "$(wc -l <$kind.log)" = 20000 ]
        # Windows and what is asserted make a difference; there is IPv6; there are events that no rule is about.
        [ "$(wc -l <$kind--0)" -gt "$(wc -l <$kind--600)" ]
        [ "$(wc -l <$kind--600)" -gt "$(wc -l <$kind--3600)" ]
        [ "$(wc -l <$kind--3600)" -gt 1500 ]
        [ "$(wc -l <$kind-ddos-3600)" -gt "$(wc -l <$kind--3600)" ]
        grep -q ',2001:db8:' $kind--3600
    done
    grep -q ',brute-force,7,$' sshd--0 # one of them repeated four times
    [ "$(cut -d, -f9 combined--3600 | tail -n +3 | sort -u | paste -s -d ' ')" = "brute-force exploit ids-alert scanner" ]
}

@test "every planted fact is found and none invented, at any number of threads" {
    local kind threads
    for kind in sshd combined; do
        for threads in 1 2 3 7; do
            compare_all $kind "$BATS_FILE_TMPDIR/$kind.log" --threads $threads
        done
    done
}

@test "the same from files cut at any line, packed or not, and from standard input" {
    local kind count
    for kind in sshd combined; do
        for count in 1 2 7; do
            mkdir $kind-$count
            cut_log "$BATS_FILE_TMPDIR/$kind.log" $count $kind-$count/log
            [ "$(find $kind-$count -type f | wc -l)" = $count ]
            compare $kind '' 3600 $kind-$count --threads 2
            compare $kind ddos 600 $kind-$count --threads 3
            gzip $kind-$count/*[0-9] 2>/dev/null || [ $count = 1 ]
            compare $kind '' 600 $kind-$count --threads 2
            gunzip $kind-$count/*.gz 2>/dev/null || [ $count = 1 ]
            ! command -v zstd >/dev/null || zstd -q --rm $kind-$count/*
            compare $kind ddos 0 $kind-$count --threads 3
        done
        compare $kind '' 0 - --threads 2 <"$BATS_FILE_TMPDIR/$kind.log"
        gzip -c "$BATS_FILE_TMPDIR/$kind.log" >packed
        compare $kind ddos 3600 - --threads 2 <packed
        compare $kind '' 3600 packed --threads 1
    done
}

@test "with evidence the same facts, each with as many lines as were planted" {
    local kind
    for kind in sshd combined; do
        parley facts --quiet --year 2026 "$BATS_FILE_TMPDIR/$kind.log" -o sheet --evidence tree --threads 2
        sed '/^20/s/[0-9]*$//' sheet | cmp - "$BATS_FILE_TMPDIR/$kind--3600"
        # A line that syslog says was repeated counts more than once; all others are a line an event.
        [ "$(awk -F, '/^20/ { sum += $11 } END { print sum }' sheet)" = "$(awk '$3 != "-"' "$BATS_FILE_TMPDIR/$kind.events" | wc -l)" ]
    done
}

@test "all lines that were not read are told, and no other" {
    local kind
    for kind in sshd combined; do
        parley facts --quiet --year 2026 "$BATS_FILE_TMPDIR/$kind.log" -o sheet --rejects rejects
        echo "unread $(wc -l <rejects)" | cmp - <(grep unread "$BATS_FILE_TMPDIR/$kind.truth")
        [ "$(wc -l <rejects)" -gt 20 ]
    done
}
