#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# facts: logs to sheets and evidence; the same every time, with everything that was not read told.
load helper

# What sshd writes: five attempts by two sources, and lines that tell of nothing.
sshd_log() {
    cat <<'END'
Mar  1 06:55:46 gate sshd[14]: Failed password for root from 192.0.2.17 port 50022 ssh2
Mar  1 06:55:48 gate sshd[14]: Failed password for root from 192.0.2.17 port 50024 ssh2
Mar  1 06:56:00 gate sshd[14]: Server listening on 0.0.0.0 port 22.
Mar  1 07:10:00 gate sshd[15]: Failed password for invalid user admin from 198.51.100.3 port 40000 ssh2
Mar  1 07:30:00 gate CRON[99]: pam_unix(cron:session): session opened for user root by (uid=0)
Mar  1 09:00:00 gate sshd[15]: Failed password for root from 192.0.2.17 port 50100 ssh2
Mar  1 09:00:01 gate sshd[15]: Failed password for root from 192.0.2.17 port 50100 ssh2
END
}

sheet='# parley facts v1
first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence
2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,
2026-03-01T07:10:00Z,2026-03-01T07:10:00Z,198.51.100.3,40000,,22,,tcp,brute-force,1,
2026-03-01T09:00:00Z,2026-03-01T09:00:01Z,192.0.2.17,50100,,22,,tcp,brute-force,2,'

@test "a log becomes a sheet, and what was read is told beside it" {
    sshd_log >auth.log
    run -0 --separate-stderr parley facts auth.log --year 2026
    [ "$output" = "$sheet" ]
    [[ $stderr == *"auth.log: sshd, 7 lines"* ]]
    [[ $stderr == *"facts: 3, of 5 events by 2 sources"* ]]
    [[ $stderr == *"from 2026-03-01T06:55:46Z to 2026-03-01T09:00:01Z"* ]]
    [[ $stderr == *"auth.log:3: Mar  1 06:56:00 gate sshd[14]: Server listening"* ]]
    [[ $stderr == *"auth.log:5: "* ]]
    run -0 --separate-stderr parley facts --quiet auth.log --year 2026
    [ "$output" = "$sheet" ]
    [ -z "$stderr" ]
}

@test "times without a zone are UTC only with a word about it" {
    sshd_log >auth.log
    run -0 --separate-stderr parley facts auth.log --year 2026
    [[ $stderr == *"they are read as UTC; --timezone names another"* ]]
    run -0 parley facts auth.log --year 2026 -o sheet.csv --json
    [[ $output == *'"zoneless":true'* ]]
    for zone in UTC Europe/Paris; do
        run -0 --separate-stderr parley facts auth.log --year 2026 --timezone "$zone"
        [[ $stderr == *"facts: 3,"* && $stderr != *"read as UTC"* ]]
    done
    sed 's/^Mar  1 \([0-9:]*\)/2026-03-01T\1+01:00/' auth.log >zones.log
    run -0 --separate-stderr parley facts zones.log
    [[ $stderr == *"facts: 3,"* && $stderr != *"read as UTC"* ]]
}

@test "a sheet of megabytes takes the place of what stood there, wherever it was put aside before" {
    awk 'BEGIN { for (i = 0; i < 30000; i++) printf "Mar %2d %02d:%02d:%02d gate sshd[1]: Failed password for root from 10.%d.%d.%d port 7 ssh2\n",
        1 + i / 4000, i / 60 % 24, i % 60, i % 7 * 8, i % 251, i % 241, i % 239 }' >auth.log
    mkdir other
    echo old >there
    (umask 022 && parley facts --quiet auth.log --year 2026 -o there && parley facts --quiet auth.log --year 2026 -o other/there)
    TMPDIR=$PWD parley facts --quiet auth.log --year 2026 -o other/aside
    parley facts --quiet auth.log --year 2026 >printed
    [ "$(stat -c %s there)" -gt 2000000 ]
    [ "$(stat -c '%a %h' there)" = '644 1' ]
    cmp there printed
    cmp there other/there
    cmp there other/aside
    [ "$(find . -type f | wc -l)" = 5 ]
}

@test "two runs, any number of threads, standard input and gzip give the same bytes" {
    for _ in {1..3000}; do sshd_log; done >auth.log
    gzip -k auth.log
    parley facts auth.log --year 2026 -o one --quiet
    parley facts auth.log --year 2026 -o two --quiet
    parley facts auth.log --year 2026 -o three --threads 1
    parley facts auth.log --year 2026 -o four --threads 2
    parley facts - --year 2026 -o five <auth.log
    parley facts auth.log.gz --year 2026 -o six
    for other in two three four five six; do cmp one "$other"; done
    sed -n 3p one | grep -qF ',192.0.2.17,,,22,,tcp,brute-force,6000,'
    for threads in 1 2; do
        parley facts auth.log --year 2026 -o with-$threads --threads $threads --evidence tree-$threads --evidence-key <(printf '%064d\n' 7) --quiet
    done
    cmp with-1 with-2
    cmp tree-1 tree-2
}

@test "compressed logs are known by their content, and one behind the other they are one" {
    for _ in {1..300}; do sshd_log; done >auth.log
    parley facts auth.log --year 2026 -o one --quiet
    for packer in gzip zstd xz; do
        command -v $packer >/dev/null || continue
        { head -n 1000 auth.log | $packer -c && tail -n +1001 auth.log | $packer -c; } >packed
        parley facts packed --year 2026 -o two --quiet
        cmp one two
        parley facts - --year 2026 -o two --quiet <packed
        cmp one two
        head -c 300 packed >short
        run -0 --separate-stderr parley facts short --year 2026
        [[ $stderr == *"the compressed data ends too soon, at byte 300"* ]]
        { cat packed && echo more; } >long
        run -4 --separate-stderr parley facts long --year 2026
        [[ $stderr == *"long: "*"damaged at byte $(stat -c %s packed)"* ]]
    done
}

@test "the journal gives the same exported as in JSON" {
    record() {
        printf '__CURSOR=s=1;i=%s\n__REALTIME_TIMESTAMP=17723481460000%s\nSYSLOG_IDENTIFIER=sshd\n' "$1" "$1"
        printf 'MESSAGE\n\x3a\0\0\0\0\0\0\0Failed password for root from 192.0.2.%s port 4242 ssh2\n\nX\n_PID=1\n\n' "$1"
    }
    { record 10 && record 11; } >journal.export
    for i in 10 11; do
        printf '{"__CURSOR":"x","__REALTIME_TIMESTAMP":"17723481460000%s","SYSLOG_IDENTIFIER":"sshd",' "$i"
        printf '"MESSAGE":"Failed password for root from 192.0.2.%s port 4242 ssh2"}\n' "$i"
    done >journal.json
    parley facts journal.json -o one --quiet
    parley facts journal.export -o two --quiet
    [ "$(wc -l <one)" -eq 4 ]
    cmp one two
    parley facts - -o two --quiet <journal.export
    cmp one two
    head -c 300 journal.export >short
    run -0 --separate-stderr parley facts short
    [[ $stderr == *"ends too soon, at byte 300"* ]]
}

@test "a rotated set is read oldest first, and its years go on from file to file" {
    mkdir logs
    line() { echo "$1 12:00:00 gate sshd[1]: Failed password for root from $2 port 5 ssh2"; }
    { line "Nov 30" 192.0.2.1 && line "Dec 31" 192.0.2.2; } | gzip >logs/auth.log.2.gz
    line "Jan  1" 192.0.2.3 >logs/auth.log.1
    line "Feb  1" 192.0.2.4 >logs/auth.log
    parley facts logs --year 2025 -o one 2>told
    [ "$(tail -n +3 one | cut -c 1-10 | paste -s -d ' ')" = "2025-11-30 2025-12-31 2026-01-01 2026-02-01" ]
    grep -n logs/ told >order
    [[ $(<order) == *auth.log.2.gz*auth.log.1:*"goes on where the file before it ends"*auth.log:* ]]
    parley facts 'logs/*' --year 2025 -o two --quiet
    cmp one two
    parley facts logs/auth.log logs/auth.log.1 logs/auth.log.2.gz --year 2025 -o two --quiet
    cmp one two
    run -0 --separate-stderr parley facts logs logs/auth.log --year 2025
    [ "$output" = "$(<one)" ]
    [[ $stderr == *"read once"* ]]
    run -3 --separate-stderr parley facts 'logs/mail*'
    [[ $stderr == *"logs/mail*: "* ]]
}

@test "windows and events" {
    sshd_log >auth.log
    run -0 --separate-stderr parley facts auth.log --year 2026 --window 0
    [ "${#lines[@]}" -eq 7 ]
    run -0 --separate-stderr parley facts auth.log --year 2026 --window 3h
    [ "${#lines[@]}" -eq 4 ]
    run -0 --separate-stderr parley facts auth.log --year 2026 --event scanner
    [[ $output == *",scanner,"* && $output != *brute-force* ]]
    run -2 parley facts auth.log --year 2026 --window fast
    run -2 parley facts auth.log --year 2026 --event mischief
}

@test "only what is selected becomes a fact, and what is not is counted" {
    sshd_log >auth.log
    run -0 --separate-stderr parley facts auth.log --year 2026 --where 'src in 198.51.100.0/24 or user = guest'
    [ "${#lines[@]}" -eq 3 ]
    [[ ${lines[2]} == *,198.51.100.3,* ]]
    [[ $stderr == *"4  not selected by --where"*"auth.log:1: "* ]]
    # The selection is by what the rules say; what is asserted is said of what was selected.
    run -0 --separate-stderr parley facts auth.log --year 2026 --where 'event = brute-force and user = admin' --event ddos
    [ "${#lines[@]}" -eq 3 ]
    [[ ${lines[2]} == *,198.51.100.3,*,ddos,1, ]]
    printf 'port = 22 # ssh\nand srce = 1\n' >rule
    run -4 --separate-stderr parley facts auth.log --year 2026 --where @rule
    [[ $stderr == *"rule: line 2: column 5: expected a field"* ]]
    run -4 --separate-stderr parley facts auth.log --year 2026 --where 'port = '
    [[ $stderr == *"--where: line 1: column 8: expected a value"* ]]
    printf 'time,src,dst\n2026-03-01T00:00:00Z,192.0.2.1,198.51.100.1\n' >flow.csv
    run -2 --separate-stderr parley facts flow.csv --event dos --where 'user = root'
    [[ $stderr == *"flow.csv: "*"flow"* ]]
}

@test "an event is selected by the rules of an access log though another is asserted" {
    printf '192.0.2.%s - - [17/May/2026:10:05:03 +0000] "GET /%s HTTP/1.1" 404 1 "-" "-"\n' 1 .env 2 index.html >access.log
    run -0 --separate-stderr parley facts access.log --event ddos --where 'event = scanner'
    [ "${#lines[@]}" -eq 3 ]
    [[ ${lines[2]} == *,192.0.2.1,*,ddos,1, ]]
}

@test "hidden values are tokens in facts and lines, by a key beside the sheet" {
    sshd_log >auth.log
    parley facts auth.log --year 2026 -o sheet --evidence tree --hide user --quiet
    grep -q 'Failed password for hidden-[0-9a-f]* from 192.0.2.17' tree
    run ! grep -E 'root|admin' tree
    [ "$(stat -c %a sheet.hide-key)" = 600 ]
    parley facts auth.log --year 2026 -o one --evidence again --evidence-key tree --hide user --hide-key sheet.hide-key --threads 2 --quiet
    cmp sheet one
    cmp tree again
    printf 'time,src,dst\n2026-03-01T00:00:0%dZ,192.0.2.1,%s\n' 1 198.51.100.1 >flow.csv
    printf '2026-03-01T00:00:0%dZ,192.0.2.1,%s\n' 2 198.51.100.1 3 198.51.100.2 >>flow.csv
    run -0 --separate-stderr parley facts flow.csv --event dos --hide dst_ip --hide-key new
    [ "${#lines[@]}" -eq 4 ]
    [[ $output == *,192.0.2.1,,100::*,dos,2,*dos,1,* || $output == *,192.0.2.1,,100::*,dos,1,*dos,2,* ]]
    [ "$(stat -c %a new)" = 600 ]
    run -2 parley facts flow.csv --event dos --hide user --hide-key new
    run -2 parley facts flow.csv --event dos --hide src_ip --hide-key new
    run -2 parley facts flow.csv --event dos --hide dst_ip
    run -2 parley facts flow.csv --event dos --hide-key new
}

@test "a missing year is an error that names what gives it" {
    sshd_log >auth.log
    run -2 --separate-stderr parley facts auth.log -o sheet
    [[ $stderr == *"auth.log: line 1: "*"--year"*"--until"* ]]
    [ ! -e sheet ]
    run -0 --separate-stderr parley facts auth.log --until 2026-03-01T08:00:00Z
    [[ ${lines[2]} == 2025-03-01T09:00:00Z,* ]]
    [[ ${lines[3]} == 2026-03-01T06:55:46Z,* ]]
    run -2 parley facts auth.log --year 2026 --until 2026-03-01T08:00:00Z
}

@test "times are read in the zone that is given" {
    sshd_log >auth.log
    run -0 --separate-stderr parley facts auth.log --year 2026 --timezone Europe/Paris
    [[ ${lines[2]} == 2026-03-01T05:55:46Z,* ]]
    run -0 --separate-stderr parley facts auth.log --year 2026 --timezone=-03:30
    [[ ${lines[2]} == 2026-03-01T10:25:46Z,* ]]
    run -2 parley facts auth.log --year 2026 --timezone Europe/Nowhere
}

@test "a log that is cut off loses nothing, and says so" {
    sshd_log | head -c -1 >auth.log
    run -0 --separate-stderr parley facts auth.log --year 2026
    [ "$output" = "$sheet" ]
    [[ $stderr == *"auth.log: sshd, 7 lines; the end is cut off"* ]]
}

@test "CRLF is read as LF" {
    sshd_log | sed 's/$/\r/' >auth.log
    run -0 --separate-stderr parley facts auth.log --year 2026
    [ "$output" = "$sheet" ]
}

@test "broken lines are told by reason with their place, and listed; the others are read" {
    { sshd_log && printf 'Mar  1 10:00:00 gate sshd[1]: Failed \0 password\nwhat\e[2J?\nMar 32 10:00:00 gate sshd[1]: x\n'; } >auth.log
    run -0 --separate-stderr parley facts auth.log --year 2026 --rejects rejects
    [ "$output" = "$sheet" ]
    [[ $stderr == *"auth.log:8: "*"Failed \\x00 password"* ]]
    [[ $stderr == *"auth.log:9: what\\x1b[2J?"* ]]
    [ "$(wc -l <rejects)" -eq 3 ]
    grep -q '^auth.log:8: nul: ' rejects
    [ "$(stat -c %a rejects)" = 600 ]
}

@test "where nothing can be read there is no sheet" {
    printf 'once upon a time\nthere was a log\n' >prose
    run -4 --separate-stderr parley facts prose -o sheet
    [[ $stderr == *"prose: no log format fits"* ]]
    run -4 --separate-stderr parley facts prose --format sshd --year 2026 -o sheet
    [[ $stderr == *"prose:1: once upon a time"* ]]
    [[ $stderr == *"none of the lines could be read"* ]]
    [ ! -e sheet ]
    run -3 --separate-stderr parley facts absent
    [[ $stderr == *"absent: "* ]]
    run -2 parley facts
    run -2 parley facts prose --format nonsense
}

@test "an empty log gives an empty sheet" {
    : >empty
    run -0 --separate-stderr parley facts empty
    [ "${#lines[@]}" -eq 2 ]
    [[ $stderr == *"empty: empty"* ]]
}

@test "the lines behind the facts are kept as a secret, and a key repeats a tree" {
    sshd_log >auth.log
    parley facts auth.log --year 2026 -o sheet --evidence tree
    [ "$(stat -c %a tree)" = 600 ]
    grep -q "^sheet $(sha256sum sheet | cut -d' ' -f1)$" tree
    sed -n 3p sheet | grep -q ',brute-force,2,2$'
    grep -qF " Mar  1 07:10:00 gate sshd[15]: Failed password for invalid user admin" tree
    parley facts auth.log --year 2026 -o sheet2 --evidence tree2
    cmp sheet sheet2
    run ! cmp -s tree tree2
    parley facts auth.log --year 2026 -o sheet3 --evidence tree3 --evidence-key tree
    cmp tree tree3
    echo abc >key
    run -4 parley facts auth.log --year 2026 --evidence tree4 --evidence-key key
    run -2 parley facts auth.log --year 2026 --evidence-key tree
}

@test "the report is JSON with --json" {
    sshd_log >auth.log
    echo what >>auth.log
    run -0 --separate-stderr parley facts --json auth.log --year 2026 -o sheet --evidence tree
    [[ $output == '{"bytes":'*'"events":5,"evidence_root":"'*'"evidence_size":3,"facts":3,'* ]]
    [[ $output == *'"example":{"file":"auth.log","line":8,"text":"what"}'* ]]
    [[ $output == *"\"sheet\":\"$(sha256sum sheet | cut -d' ' -f1)\""* ]]
    run -2 --separate-stderr parley facts --json auth.log --year 2026
    [[ $stderr == *"-o"* ]]
}

@test "a full disk is told, and nothing half-written stays" {
    [ -c /dev/full ] || skip "there is no /dev/full here"
    sshd_log >auth.log
    onto_full() { parley facts auth.log --year 2026 >/dev/full; }
    run -3 --separate-stderr onto_full
    [[ $stderr == *"No space left on device"* ]]
    run -3 --separate-stderr parley facts auth.log --year 2026 -o /dev/full
    [[ $stderr == *"/dev/full: "*"No space left on device"* ]]
    [ -c /dev/full ]
    run -3 parley facts auth.log --year 2026 -o absent/sheet
}

@test "a log that is read and holds no fact gives an empty sheet" {
    printf '192.0.2.1 - - [01/Mar/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "x"\n' >quiet.log
    run -0 --separate-stderr parley facts quiet.log --format combined
    [ "${#lines[@]}" -eq 2 ]
    [[ ${lines[0]} == "# parley facts v1" ]]
}

@test "a map names the columns of a log that no format knows: typed, in a file, or by its name in the home" {
    printf '%s\n' '{"@timestamp":1772348146250,"client":{"ip":"192.0.2.17"},"tries":2}' \
        '{"@timestamp":1772348147250,"client":{"ip":"192.0.2.17"},"tries":0}' >proxy.json
    map=time=@timestamp,src=client.ip,count=tries
    run -0 --separate-stderr parley facts proxy.json --map "$map" --event brute-force
    [ "${lines[2]}" = "2026-03-01T06:55:46Z,2026-03-01T06:55:46Z,192.0.2.17,,,,,,brute-force,2," ]
    [[ $stderr == *"counts no event"* ]]
    printf '# ours\ntime=@timestamp\nsrc=client.ip\ncount=tries\n' >here.map
    mkdir -p home/maps
    cp here.map home/maps/proxy
    for of in ./here.map here.map proxy; do
        run -0 --separate-stderr parley facts proxy.json --map "$of" --event brute-force
        [[ ${lines[2]} == *,brute-force,2, ]]
    done
    run -3 --separate-stderr parley facts proxy.json --map elsewhere
    [[ $stderr == *home/maps* ]]
    run -4 --separate-stderr parley facts proxy.json --map time=@timestamp,colour=x
    [[ $stderr == *colour* ]]
    run -2 parley facts proxy.json --map "$map" --format sshd
    run -2 parley facts proxy.json --format mapped
}

@test "rules of one's own come first, from a file and from the home" {
    {
        echo 'Mar  1 06:55:46 gate app[1]: bad login of root at 198.51.100.2 by 192.0.2.17'
        echo 'Mar  1 06:55:47 gate other[1]: probe of 192.0.2.18'
        sshd_log
    } >mixed.log
    cat >app.rules <<'END'
# what our own program says
program app
event brute-force "bad login of <USER> at <DST> by <ADDR>"
program sshd
ignore "Failed password for invalid user admin <*>"
END
    mkdir -p "$PARLEY_HOME/rules"
    printf 'program other\nevent scanner "probe of <ADDR>"\n' >"$PARLEY_HOME/rules/other.rules"
    run -0 --separate-stderr parley facts mixed.log --format syslog --year 2026 --rules app.rules
    [[ $output == *"2026-03-01T06:55:46Z,2026-03-01T06:55:46Z,192.0.2.17,,198.51.100.2,,,,brute-force,1,"* ]]
    [[ $output == *"2026-03-01T06:55:47Z,2026-03-01T06:55:47Z,192.0.2.18,,,,,,scanner,1,"* ]]
    [[ $output == *"192.0.2.17,50100,,22,,tcp,brute-force,2,"* ]]
    [[ $output != *"198.51.100.3"* ]]
    # Who repeats a run needs them: they are named with their hashes, in the order in which they count.
    [[ $stderr == *"rules: app.rules, $(sha256sum <app.rules | cut -d ' ' -f 1)"* ]]
    printf 'text contains "gate"' >only.where
    run -0 --separate-stderr parley facts mixed.log --format syslog --year 2026 --rules app.rules --where @only.where -o out --json
    input() { echo "{\"kind\":\"$1\",\"name\":\"$2\",\"sha256\":\"$(sha256sum <"$2" | cut -d ' ' -f 1)\"}"; }
    [[ $output == *"\"inputs\":[$(input rules app.rules),$(input rules "$PARLEY_HOME/rules/other.rules"),$(input where only.where)]"* ]]
    echo 'event typo "x <ADDR>"' >>app.rules
    run -4 --separate-stderr parley facts mixed.log --year 2026 --rules app.rules
    [[ $stderr == *"app.rules: line 6: "*"typo"* ]]
    rm -r "$PARLEY_HOME/rules"
}

@test "a folder may hold what is no log: it is named, and its lines are counted" {
    mkdir many
    sshd_log >many/auth.log
    printf 'one\ntwo\n' >many/notes
    : >many/empty
    run -0 --separate-stderr parley facts many --year 2026 -o out
    [[ $stderr == *"many/notes: no log format fits its first lines, 2 lines are not read"* ]]
    [[ $stderr == *"many/empty: empty"* ]]
    parley facts many/auth.log --year 2026 -o alone --quiet
    cmp out alone
    parley facts 'many/*' --year 2026 -o out --quiet
    cmp out alone
    run -4 --separate-stderr parley facts many/notes -o out
    [[ $stderr == *"many/notes: no log format fits"* ]]
}

# Sums up the counts of facts that a follow wrote.
counted() { awk -F, 'NR > 2 { n += $10 } END { print n + 0 }' "$1"; }
failed_at() { printf '2026-03-01T%s+00:00 gate sshd[1]: Failed password for root from 192.0.2.%d port 5 ssh2\n' "$1" "$2"; }

@test "a log that is followed gives its facts as their windows close, and goes on where it was" {
    follow() { parley facts auth.log --follow --once --state state -o out --window 10m --slack 1m --quiet; }
    failed_at 08:00:00 1 >auth.log
    failed_at 08:05:00 1 >>auth.log
    follow
    [ "$(wc -l <out)" -eq 2 ]
    [ "$(stat -c %a state)" = 600 ]
    failed_at 08:30:00 2 | head -c 30 >>auth.log
    follow
    [ "$(wc -l <out)" -eq 2 ]
    failed_at 08:30:00 2 | tail -c +31 >>auth.log
    follow
    [ "$(sed -n 3p out)" = "2026-03-01T08:00:00Z,2026-03-01T08:05:00Z,192.0.2.1,5,,22,,tcp,brute-force,2," ]
    [ "$(wc -l <out)" -eq 3 ]
    # What a killed process wrote behind its last state is written again, not twice.
    cp state before
    cp out written
    failed_at 09:00:00 3 >>auth.log
    follow
    cp out all
    cp before state
    follow
    cmp out all
    # The facts are a log of facts, and become a sheet.
    parley facts out -o sheet --quiet
    [ "$(counted sheet)" -eq 3 ]
    run -3 --separate-stderr parley facts auth.log --follow --once --state state -o out --window 1h
    [[ $stderr == *"state: this state was kept with other logs or options"* ]]
    rm state
    run -3 parley facts auth.log --follow --once --state state -o out
    run -2 parley facts auth.log --follow --once --state state
    run -2 parley facts auth.log --once
}

@test "a followed log may be rotated, packed, copied and cut off: no line is lost or counted twice" {
    follow() { parley facts auth.log --follow --once --state state -o out --window 0 --slack 0 "$@"; }
    add() { failed_at "08:00:$1" 1 >>auth.log; }
    add 01
    add 02
    follow --quiet
    add 03
    mv auth.log auth.log.1
    add 04
    follow --quiet
    # Twice while nobody looks, and packed.
    add 05
    mv auth.log.1 auth.log.2
    gzip auth.log.2
    mv auth.log auth.log.1
    gzip auth.log.1
    add 06
    mv auth.log.2.gz auth.log.3.gz
    mv auth.log.1.gz auth.log.2.gz
    mv auth.log auth.log.1
    add 07
    follow --quiet
    # Copied and cut off, then shorter, then longer than before.
    add 08
    cp auth.log auth.log.0
    : >auth.log
    add 09
    follow --quiet
    rm auth.log.0
    add 10
    follow --quiet
    add 59
    follow --quiet
    [ "$(tail -n +3 out | cut -c 18-19 | paste -s -d ' ')" = "01 02 03 04 05 06 07 08 09 10" ]
    [ "$(counted out)" -eq 10 ]
    # What can't be found is told.
    add 59
    rm auth.log
    add 59
    follow --quiet
    failed_at 09:00:00 1 >fresh
    rm auth.log auth.log.*
    mv fresh auth.log
    run -0 --separate-stderr follow
    [[ $stderr == *"not found: lines may be missing"* ]]
}

@test "a writer, rotations and kills at any time lose no line and count none twice" {
    follow() { parley facts auth.log --follow --state state -o out --window 0 --slack 0 --evidence kept --rejects rejects --quiet "$@"; }
    write() { tee -a full.txt >>auth.log; }
    failed_at 00:00:00 1 | write
    (for i in {1..500}; do
        failed_at "$(printf '%02d:%02d:%02d' $((i / 200)) $((i / 4 % 50)) $((i % 60)))" $((i % 7)) | write
        if ((i % 9 == 0)); then echo "Mar  1 from $i" | write; fi
        if ((i % 260 == 130)); then mv auth.log "auth.log.$((9 - i / 130))"; fi
        if ((i % 260 == 0)); then cp auth.log "auth.log.$((9 - i / 130))" && : >auth.log; fi
        sleep 0.004
    done) 3>&- &
    writer=$!
    for _ in {1..8}; do
        PARLEY_HOME=$PARLEY_HOME timeout -s KILL "0.$((RANDOM % 4 + 1))" "$PARLEY" facts auth.log --follow --state state -o out \
            --window 0 --slack 0 --evidence kept --rejects rejects --quiet 3>&- || true
    done
    wait "$writer"
    failed_at 23:00:00 1 | write
    follow --once
    [ "$(counted out)" -eq 501 ]
    [ "$(wc -l <rejects)" -eq "$(grep -c '^Mar' full.txt)" ]
    [ "$(grep -o 'from .*' rejects)" = "$(grep '^Mar' full.txt | grep -o 'from .*')" ]
    # What was kept gives the sheet and the tree that the logs would give at once, and those of a period.
    printf '%064d\n' 7 >key
    make() { parley facts "$@" -o "$1.csv" --evidence "$1.tree" --evidence-key key --quiet; }
    make kept
    make full.txt
    cmp kept.csv full.txt.csv
    cmp kept.tree full.txt.tree
    make kept --where 'time < 2026-03-01T01:00:00Z'
    make full.txt --where 'time < 2026-03-01T01:00:00Z'
    cmp kept.tree full.txt.tree
    [ "$(counted kept.csv)" -eq 200 ]
}

@test "a followed log's lines are kept as they are hidden, and its report may be JSON" {
    follow() { parley facts auth.log --follow --once --state state -o out --hide user --evidence kept --json "$@"; }
    failed_at 08:00:00 1 >auth.log
    run -0 --separate-stderr follow
    [[ ${lines[0]} == '{"at":"'*'","end":false,"facts":0,"late":0,"lines":1,'* ]]
    [[ ${lines[1]} == *'"end":true'* ]]
    grep -q 'Failed password for hidden-' kept
    run -1 grep root kept
    [ "$(stat -c %a kept)" = 600 ]
    # Nobody's file is overwritten, and what can't be is refused.
    rm state out
    run -3 --separate-stderr follow
    [[ $stderr == *kept*"no state that says where it ends"* ]]
    run -2 parley facts auth.log --follow --once -o out --evidence -
    run -2 parley facts auth.log --follow --once -o out --evidence kept --evidence-key key
    run -2 parley facts auth.log --follow --once --json
}

# Some thousand sources, so many that little memory does not hold them.
many_sources() {
    awk 'BEGIN {
        for (i = 0; i < 40000; i++)
            printf "Mar  1 %02d:%02d:%02d gate sshd[7]: Failed password for root from 198.18.%d.%d port %d ssh2\n",
                i / 3600, i / 60 % 60, i % 60, i * 7 % 256, i * 13 / 256 % 256, 1024 + i % 9000
    }'
}

@test "memory does not show: what does not fit in it is put aside, and nothing stays behind" {
    many_sources >auth.log
    printf '%064d\n' 7 >key
    parley facts auth.log --year 2026 -o sheet --evidence tree --evidence-key key --quiet
    for threads in 1 2; do
        parley facts auth.log --year 2026 -o little --memory 8M --threads $threads --quiet
        cmp <(sed '3,$s/[0-9]*$//' sheet) little
        parley facts auth.log --year 2026 -o with --evidence lines --evidence-key key --memory 8M --threads $threads --quiet
        cmp sheet with
        cmp tree lines
    done
    mkdir aside
    TMPDIR=$PWD/aside parley facts - --year 2026 --format sshd --memory 8M --quiet <auth.log | cmp - little
    [ -z "$(ls -A aside)" ]
    run -2 parley facts auth.log --year 2026 --memory much
    [[ $output == *"--memory: expected a size as 512M or 2G, found "*"much"* ]]
    run -2 parley facts auth.log --year 2026 --memory 100K
    [[ $output == *"at least 8M are needed"* ]]
}

@test "a full disk where things are put aside ends the run, and leaves neither half a sheet nor anything else" {
    many_sources >auth.log
    mkdir full
    run -3 bash -c "trap '' XFSZ; ulimit -f 600; \"\$PARLEY\" facts auth.log --year 2026 -o full/sheet --memory 8M --threads 1"
    [[ $output == *"putting aside what does not fit in memory"* ]]
    [ -z "$(ls -A full)" ]
}

@test "a name that leads to standard output is written to, and not replaced" {
    echo 'Mar  1 06:55:46 h sshd[1]: Failed password for root from 192.0.2.17 port 22 ssh2' >auth.log
    parley facts auth.log --year 2026 -o whole.csv --quiet
    echo before >redirected
    parley facts auth.log --year 2026 -o /dev/stdout --quiet >>redirected
    parley facts auth.log --year 2026 -o /proc/self/fd/1 --quiet >>redirected
    cat <(echo before) whole.csv whole.csv | cmp - redirected
    parley import whole.csv -o /dev/stdout --quiet >again.csv
    cmp whole.csv again.csv
    [ -e /dev/stdout ]
    if [ -w /dev/shm ]; then # what is there is a file as any other
        memory=$(mktemp /dev/shm/parley-test-XXXXXX)
        for _ in 1 2; do parley import whole.csv -o "$memory" --quiet; done
        cmp whole.csv "$memory"
        rm "$memory"
    fi
}
