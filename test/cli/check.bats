#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# check: the facts of a sheet against one's own logs.
load helper

HEAD='# parley facts v1
first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence'

# sheet FILE: rows on standard input
sheet() {
    { echo "$HEAD" && LC_ALL=C sort; } >"$1"
}

# Six facts of one morning, each for another finding (rows from 0, in the order of the sheet).
prepare() {
    sheet sheet.csv <<'END'
2026-03-01T06:10:00Z,2026-03-01T06:12:00Z,192.0.2.1,,203.0.113.5,22,,tcp,brute-force,20,
2026-03-01T06:20:00Z,2026-03-01T06:22:00Z,192.0.2.2,,203.0.113.5,22,,tcp,brute-force,20,
2026-03-01T06:30:00Z,2026-03-01T06:32:00Z,192.0.2.3,,203.0.113.5,22,,tcp,brute-force,20,
2026-03-01T23:00:00Z,2026-03-01T23:01:00Z,192.0.2.4,,203.0.113.5,22,,tcp,brute-force,20,
,,192.0.2.5,,203.0.113.5,22,,tcp,brute-force,20,
END
    cat >flows.csv <<'END'
start,end,src,sport,dst,dport,proto,upstream
2026-03-01T06:00:00Z,2026-03-01T06:00:01Z,198.51.100.9,1000,203.0.113.5,443,tcp,
2026-03-01T06:10:30Z,2026-03-01T06:10:31Z,192.0.2.1,2000,203.0.113.5,22,tcp,
2026-03-01T06:11:30Z,2026-03-01T06:11:31Z,192.0.2.1,2001,203.0.113.5,22,tcp,
2026-03-01T06:15:00Z,2026-03-01T06:45:00Z,192.0.2.2,3000,203.0.113.5,22,tcp,10.0.0.7
2026-03-01T07:00:00Z,2026-03-01T07:00:01Z,198.51.100.9,1001,203.0.113.5,443,tcp,
END
}

# The word of each row: `words FILE`.
words() {
    tail -n +3 "$1" | cut -d , -f 2 | paste -s -d ' '
}

@test "each fact gets the finding that the flows give" {
    prepare
    run -0 --separate-stderr parley check sheet.csv --logs flows.csv -o findings.csv
    [ -z "$output" ]
    # Flows are what is looked at, and no lines to be told as passed over.
    [[ $stderr == *"flows.csv: flow, 6 lines"* && $stderr != *"names no event"* ]]
    head -n 2 findings.csv | diff - <(printf '# parley findings v1\nfact,finding,count,first_seen,last_seen,upstream_ip,note\n')
    [ "$(words findings.csv)" = "insufficient confirmed relayed not-seen no-records" ]
    grep -qx '1,confirmed,2,2026-03-01T06:10:30Z,2026-03-01T06:11:31Z,,' findings.csv
    grep -qx '2,relayed,1,2026-03-01T06:15:00Z,2026-03-01T06:45:00Z,10.0.0.7,"upstream by flows.csv, line 5"' findings.csv
    grep -qx '3,not-seen,,,,,' findings.csv
    [[ $stderr == *"flows.csv (flow): 2026-03-01T06:00:01Z/2026-03-01T07:00:01Z"* ]]
    [[ $stderr == *"a person answers"* ]]
    [[ $stderr =~ confirmed\ +1 ]]
}

@test "the object for programs has the findings where no file takes them" {
    prepare
    parley check sheet.csv --logs flows.csv --quiet >findings.csv
    parley check sheet.csv --logs flows.csv --quiet --json >whole.json
    python3 -c 'import json, sys; sys.stdout.write(json.load(open("whole.json"))["findings_sheet"])' | cmp - findings.csv
    parley check sheet.csv --logs flows.csv --quiet --json -o other.csv >less.json
    run -1 grep -q findings_sheet less.json
}

@test "two runs give the same bytes, whatever the threads and the order of files" {
    prepare
    mkdir reversed
    { head -n 1 flows.csv && tail -n +2 flows.csv | tac; } >reversed/flows.csv
    parley check sheet.csv --logs flows.csv --quiet >once.csv
    parley check sheet.csv --logs flows.csv --quiet >again.csv
    cmp once.csv again.csv
    parley check sheet.csv --logs reversed/flows.csv --quiet --threads 1 >again.csv
    diff <(sed 's/line 5/line 3/' once.csv) again.csv # the line that names the upstream stands elsewhere there
    { head -n 3 flows.csv; } >a.csv
    { head -n 1 flows.csv && tail -n +4 flows.csv; } >b.csv
    # two sources, of which neither covers the hour alone
    parley check sheet.csv --logs a.csv b.csv --quiet --threads 3 >ab.csv
    parley check sheet.csv --logs b.csv --logs a.csv --quiet --threads 2 >ba.csv
    cmp ab.csv ba.csv
    parley check sheet.csv --logs a.csv b.csv --quiet --coverage ab.json >/dev/null
    parley check sheet.csv --logs b.csv a.csv --quiet --coverage ba.json >/dev/null
    cmp ab.json ba.json
}

@test "a session to the host explains what it did, and its line is named" {
    sheet sheet.csv <<'END'
2026-03-01T06:10:00Z,2026-03-01T06:12:00Z,192.0.2.1,,203.0.113.5,22,,tcp,brute-force,20,
2026-03-01T06:30:00Z,2026-03-01T06:32:00Z,192.0.2.1,,203.0.113.5,22,,tcp,brute-force,20,
2026-03-01T06:50:00Z,2026-03-01T06:52:00Z,192.0.2.1,,203.0.113.5,22,,tcp,brute-force,20,
END
    cat >flows.csv <<'END'
start,end,src,sport,dst,dport,proto
2026-03-01T06:09:00Z,2026-03-01T06:31:00Z,198.51.100.9,40000,192.0.2.1,1080,tcp
2026-03-01T06:10:30Z,2026-03-01T06:10:31Z,192.0.2.1,50000,203.0.113.5,22,tcp
2026-03-01T06:10:30Z,2026-03-01T06:10:31Z,203.0.113.5,22,192.0.2.1,50000,tcp
2026-03-01T06:29:00Z,2026-03-01T06:31:00Z,198.51.100.8,40000,192.0.2.1,1080,tcp
2026-03-01T06:30:30Z,2026-03-01T06:30:31Z,192.0.2.1,50001,203.0.113.5,22,tcp
2026-03-01T06:50:30Z,2026-03-01T06:50:31Z,192.0.2.1,50002,203.0.113.5,22,tcp
END
    run -0 --separate-stderr parley check sheet.csv --logs flows.csv --quiet
    [[ ${lines[2]} == '0,relayed,1,'*',198.51.100.9,"upstream had a session to the source: flows.csv, line 2"' ]]
    [[ ${lines[3]} == '1,confirmed,1,'*',,"several had a session to the source, 198.51.100.8 among them: flows.csv, line 5"' ]]
    [[ ${lines[4]} == '2,confirmed,1,'*',,' ]]
}

@test "rotated files are one source" {
    prepare
    head -n 3 flows.csv >flow.log.1
    { head -n 1 flows.csv && tail -n +4 flows.csv; } >flow.log
    gzip flow.log.1
    run -0 --separate-stderr parley check sheet.csv --logs flow.log flow.log.1.gz
    diff <(echo "$output") <(parley check sheet.csv --logs flows.csv --quiet | sed 's/flows.csv, line 5/flow.log, line 3/')
    [[ $stderr == *"flow.log (flow): 2026-03-01T06:00:01Z/2026-03-01T07:00:01Z"* ]]
}

@test "a service's log confirms by events, and covers what it shows" {
    sheet sheet.csv <<'END'
2026-03-01T06:10:00Z,2026-03-01T06:12:00Z,192.0.2.1,,,22,,tcp,brute-force,20,
2026-03-01T06:10:00Z,2026-03-01T06:12:00Z,192.0.2.2,,,22,,tcp,brute-force,20,
2026-03-01T06:10:00Z,2026-03-01T06:12:00Z,192.0.2.3,,,443,,tcp,scanner,20,
END
    cat >auth.log <<'END'
Mar  1 06:00:00 host sshd[1]: Failed password for root from 198.51.100.7 port 1 ssh2
Mar  1 06:11:00 host sshd[2]: Failed password for root from 192.0.2.1 port 2 ssh2
Mar  1 06:11:30 host sshd[3]: Accepted password for anna from 192.0.2.2 port 3 ssh2
Mar  1 06:30:00 host sshd[4]: Failed password for root from 198.51.100.7 port 4 ssh2
END
    run -0 --separate-stderr parley check sheet.csv --logs auth.log --year 2026
    echo "$output" >findings.csv
    [ "$(words findings.csv)" = "confirmed not-seen no-records" ]
    # the same through another zone: nothing lies where the facts are
    run -0 --separate-stderr parley check sheet.csv --logs auth.log --year 2026 --timezone +05:00
    echo "$output" >findings.csv
    [ "$(words findings.csv)" = "no-records no-records no-records" ]
    # a year that is not said is not guessed
    run -2 --separate-stderr parley check sheet.csv --logs auth.log
    [[ $stderr == *--year* ]]
}

@test "access logs and sensors are read as well" {
    sheet sheet.csv <<'END'
2026-03-01T06:10:00Z,2026-03-01T06:12:00Z,192.0.2.1,,203.0.113.5,80,,tcp,scanner,2,
END
    echo '192.0.2.1 - - [01/Mar/2026:06:11:00 +0000] "GET /.env HTTP/1.1" 404 100 "-" "curl/8"' >access.log
    echo '{"timestamp":"2026-03-01T06:11:00.000000+0000","event_type":"http","src_ip":"192.0.2.1","src_port":4242,"dest_ip":"203.0.113.5","dest_port":80,"proto":"TCP"}' >eve.json
    for log in access.log eve.json; do
        run -0 --separate-stderr parley check sheet.csv --logs "$log" --event scanner
        echo "$output" >findings.csv
        [ "$(words findings.csv)" = confirmed ]
    done
}

@test "clocks may be apart by the skew, and a silence is covered up to the gap" {
    sheet sheet.csv <<'END'
2026-03-01T06:10:00Z,2026-03-01T06:10:00Z,192.0.2.1,,203.0.113.5,22,,tcp,brute-force,1,
2026-03-01T06:20:00Z,2026-03-01T06:20:00Z,192.0.2.2,,203.0.113.5,22,,tcp,brute-force,1,
END
    printf '%s\n' time,src,dst,dport 2026-03-01T06:10:09Z,192.0.2.1,203.0.113.5,22 2026-03-01T06:40:00Z,192.0.2.9,203.0.113.5,22 >flows.csv
    check() {
        parley check sheet.csv --logs flows.csv --quiet "$@" >findings.csv && words findings.csv
    }
    [ "$(check)" = "no-records not-seen" ]
    [ "$(check --skew 10s)" = "confirmed not-seen" ]
    [ "$(check --gap 10m)" = "no-records no-records" ]
}

@test "what a table places elsewhere is not ours, and the table is named" {
    sheet sheet.csv <<'END'
2026-03-01T06:10:00Z,2026-03-01T06:10:00Z,11.0.0.1,,12.0.0.1,22,,tcp,brute-force,1,
2026-03-01T06:10:00Z,2026-03-01T06:10:00Z,12.0.0.1,,12.0.0.2,22,,tcp,brute-force,1,
END
    printf '%s\n' 11.0.0.0,11.255.255.255,AQ 12.0.0.0,12.255.255.255,BV >c.csv
    parley territory compile --quiet --date 2026-03-01 -o c.table c.csv >/dev/null
    hash=$(parley territory show --json c.table | sed 's/.*"hash":"\([0-9a-f]*\)".*/\1/')
    printf '%s\n' time,src,dst,dport 2026-03-01T06:00:00Z,11.0.0.9,12.0.0.9,80 2026-03-01T06:20:00Z,11.0.0.9,12.0.0.9,80 >flows.csv
    run -0 --separate-stderr parley check sheet.csv --logs flows.csv --territory c.table --country AQ
    [[ ${lines[2]} == 0,not-seen,* ]]
    [[ ${lines[3]} == 1,not-ours,*c,*"$hash"* ]]
    run -2 parley check sheet.csv --logs flows.csv --territory c.table
    run -2 parley check sheet.csv --logs flows.csv --country AQ
    run -2 parley check sheet.csv --logs flows.csv --territory c.table --country Antarctica
}

@test "JSON gives totals and coverage, and the coverage is kept for the answer" {
    prepare
    run -0 --separate-stderr parley check sheet.csv --logs flows.csv --json -o findings.csv --coverage coverage.json
    [[ $output == *'"confirmed":1'*'"not-seen":1'* ]]
    [[ $output == *"\"sheet\":\"$(sha256sum sheet.csv | cut -d ' ' -f 1)\""* ]]
    [[ $output == *'"source":"flows.csv (flow)"'* ]]
    grep -q '"source":"flows.csv (flow)"' coverage.json
    grep -q '"version":1' coverage.json
    [ -s findings.csv ]
}

@test "what can't be checked is refused" {
    prepare
    run -2 parley check sheet.csv
    run -2 parley check --logs flows.csv
    run -2 parley check sheet.csv --logs flows.csv --skew soon
    run -2 parley check sheet.csv --logs flows.csv --format runes
    run -3 --separate-stderr parley check sheet.csv --logs none.csv
    [[ $stderr == *none.csv* ]]
    run -4 --separate-stderr parley check flows.csv --logs flows.csv
    [[ $stderr == *flows.csv* ]]
    printf 'what\nis this\n' >odd.log
    run -4 parley check sheet.csv --logs odd.log
    run -4 parley check sheet.csv --logs odd.log --format sshd --year 2026 -o findings.csv
    [ ! -e findings.csv ]
}

# The outside address is the source; the port and the time tell which inside host had it.
@test "sessions of a translator name the inside host" {
    sheet sheet.csv <<'END'
2026-03-01T06:10:00Z,2026-03-01T06:10:00Z,192.0.2.17,4242,203.0.113.5,22,,tcp,brute-force,1,
2026-03-01T06:20:00Z,2026-03-01T06:20:00Z,192.0.2.17,4243,203.0.113.5,22,,tcp,brute-force,1,
2026-03-01T06:30:00Z,2026-03-01T06:30:00Z,192.0.2.17,4242,203.0.113.5,22,,tcp,brute-force,1,
END
    cat >cgnat.csv <<'END'
start,end,inside_ip,inside_port,outside_ip,outside_port,dst_ip,dst_port,proto
2026-03-01T06:00:00Z,2026-03-01T06:00:01Z,10.0.0.6,5000,192.0.2.17,1024,198.51.100.9,443,tcp
2026-03-01T06:09:50Z,2026-03-01T06:12:00Z,10.0.0.7,5000,192.0.2.17,4242,203.0.113.5,22,tcp
2026-03-01T06:19:50Z,2026-03-01T06:22:00Z,10.0.0.8,5000,192.0.2.17,4243,203.0.113.5,22,tcp
2026-03-01T06:40:00Z,2026-03-01T06:40:01Z,10.0.0.6,5000,192.0.2.17,1025,198.51.100.9,443,tcp
END
    run -0 --separate-stderr parley check sheet.csv --logs cgnat.csv -o findings.csv
    [[ $stderr == *"cgnat.csv: nat, 5 lines"* ]]
    [ "$(words findings.csv)" = "relayed relayed not-seen" ]
    grep -qx '0,relayed,1,2026-03-01T06:09:50Z,2026-03-01T06:12:00Z,10.0.0.7,"upstream by cgnat.csv, line 3"' findings.csv
    grep -qx '1,relayed,1,2026-03-01T06:19:50Z,2026-03-01T06:22:00Z,10.0.0.8,"upstream by cgnat.csv, line 4"' findings.csv
    # The same with columns that the map names, and no header.
    tail -n +2 cgnat.csv >sessions
    printf 'start=1\nend=2\ninside=3\noutside=5\noutside-port=6\ndst=7\ndst-port=8\nprotocol=9\nrecords=traffic\n' >cgnat.map
    run -0 --separate-stderr parley check sheet.csv --logs sessions --map cgnat.map -o mapped.csv
    diff <(cut -d , -f 1-6 findings.csv) <(cut -d , -f 1-6 mapped.csv)
    grep -q 'upstream by sessions, line 2' mapped.csv
    # Blocks of ports show no traffic, and that nothing was there can't be said by them; but whose the port was, they say.
    printf '%s\n' start,end,inside_ip,outside_ip,port_start 2026-03-01T06:00:00Z,2026-03-01T07:00:00Z,10.0.0.7,192.0.2.17,4096 >blocks.csv
    run -0 --separate-stderr parley check sheet.csv --logs blocks.csv -o blocks
    [ "$(words blocks)" = "no-records no-records no-records" ]
    run -1 grep 'given out' blocks
    printf '%s\n' start,end,inside_ip,outside_ip,port_start,port_end \
        2026-03-01T06:00:00Z,2026-03-01T06:25:00Z,10.0.0.7,192.0.2.17,4097,4242 \
        2026-03-01T06:25:10Z,2026-03-01T07:00:00Z,10.0.0.9,192.0.2.17,4096,4351 \
        2026-03-01T06:00:00Z,2026-03-01T07:00:00Z,10.0.0.3,192.0.2.18,4096,4351 >blocks.csv
    run -0 --separate-stderr parley check sheet.csv --logs blocks.csv -o blocks
    [ "$(words blocks)" = "no-records no-records no-records" ]
    grep -qx '0,no-records,,,,,"the port was given out to 10.0.0.7: blocks.csv, line 2"' blocks
    grep -qx '1,no-records,,,,,' blocks # 4243 was nobody's then
    grep -qx '2,no-records,,,,,"the port was given out to 10.0.0.9: blocks.csv, line 3"' blocks
    # Where a flow shows the traffic, the block says from whom it came.
    printf '%s\n' start,end,src,sport,dst,dport,proto 2026-03-01T06:10:00Z,2026-03-01T06:10:01Z,192.0.2.17,4242,203.0.113.5,22,tcp >seen.csv
    run -0 --separate-stderr parley check sheet.csv --logs seen.csv blocks.csv --quiet
    [[ ${lines[2]} == '0,relayed,1,2026-03-01T06:10:00Z,2026-03-01T06:10:01Z,10.0.0.7,"the port was given out to 10.0.0.7: blocks.csv, line 2"' ]]
}

# Two inside hosts went out by one address: the fact was sent on, and nobody is picked.
@test "of several upstreams none is named" {
    sheet sheet.csv <<'END'
2026-03-01T06:10:00Z,2026-03-01T06:10:00Z,192.0.2.17,,203.0.113.5,22,,tcp,brute-force,1,
END
    cat >cgnat.csv <<'END'
start,end,inside_ip,inside_port,outside_ip,outside_port,dst_ip,dst_port,proto
2026-03-01T06:09:50Z,2026-03-01T06:12:00Z,10.0.0.8,5000,192.0.2.17,4242,203.0.113.5,22,tcp
2026-03-01T06:09:50Z,2026-03-01T06:12:00Z,10.0.0.7,5000,192.0.2.17,4243,203.0.113.5,22,tcp
END
    run -0 --separate-stderr parley check sheet.csv --logs cgnat.csv --quiet
    [[ ${lines[2]} == '0,relayed,2,'*',,"several upstreams: 10.0.0.7 by cgnat.csv, line 3, 10.0.0.8 by cgnat.csv, line 2"' ]]
}

# Half past six is in no file, and a silence of a quarter of an hour is allowed; so only the names tell that it is not
# covered, or the end of a compressed file that is cut short.
@test "what a missing or shortened file would show is not covered" {
    sheet sheet.csv <<'END'
2026-03-01T06:15:00Z,2026-03-01T06:15:00Z,192.0.2.1,,203.0.113.5,22,,tcp,brute-force,1,
2026-03-01T06:35:00Z,2026-03-01T06:35:00Z,192.0.2.1,,203.0.113.5,22,,tcp,brute-force,1,
2026-03-01T06:55:00Z,2026-03-01T06:55:00Z,192.0.2.1,,203.0.113.5,22,,tcp,brute-force,1,
END
    flows() {
        echo time,src,dst,dport
        for minute in "$@"; do echo "2026-03-01T06:$minute:00Z,198.51.100.9,203.0.113.5,443"; done
    }
    flows 00 10 20 30 >flow.log.3
    flows 40 50 >flow.log.1
    flows 56 58 >flow.log
    cover() {
        parley check sheet.csv --logs "$@" --quiet --coverage c.json >findings.csv && words findings.csv
    }
    [ "$(cover flow.log flow.log.1 flow.log.3)" = "not-seen no-records not-seen" ]
    grep -q 'less 0 silences longer than 3600 seconds and 1 where a file is missing or cut short: 2026-03-01T06:30:00Z/2026-03-01T06:40:00Z' c.json
    mv flow.log.3 flow.log.2
    [ "$(cover flow.log*)" = "not-seen not-seen not-seen" ]
    [ "$(cover flow.log flow.log.2)" = "not-seen no-records no-records" ]
    flows 00 10 20 30 34 | gzip | head -c -9 >flow.log.2.gz
    rm flow.log.2
    [ "$(cover flow.log flow.log.1 flow.log.2.gz)" = "not-seen no-records not-seen" ]
    # Any silence that is longer than allowed is seen in the stamps alone.
    [ "$(cover flow.log flow.log.1 --gap 1m)" = "no-records no-records no-records" ]
}

# Who repeats a check needs to know of what it was: the bytes of a log are named unpacked, so that it may be compressed.
@test "all that went in is named by its hash" {
    prepare
    printf '{"prefixes":[{"ip_prefix":"11.0.0.0/24","service":"NORTHCLOUD"}]}' >cloud.json
    sed -i 's/192\.0\.2\.1,/11.0.0.1,/' sheet.csv flows.csv
    { head -n 2 sheet.csv && tail -n +3 sheet.csv | LC_ALL=C sort; } >sorted && mv sorted sheet.csv
    printf '198.51.100.0/24 ; SBL1\n' >drop.txt
    log=$(sha256sum flows.csv | cut -d ' ' -f 1)
    gzip -k flows.csv
    hash() { sha256sum "$1" | cut -d ' ' -f 1; }
    for name in flows.csv flows.csv.gz; do
        run -0 --separate-stderr parley check sheet.csv --logs "$name" --known cloud.json --known drop.txt -o findings.csv
        [[ $stderr == *"sheet sheet.csv, $(hash sheet.csv)"*"log $name, $log"*"list cloud.json, $(hash cloud.json)"* ]]
        [[ $stderr == *"list drop.txt, $(hash drop.txt)"*"in a list of known ones (NORTHCLOUD)"* ]]
        run -0 --separate-stderr parley check sheet.csv --logs "$name" --known cloud.json --json -o findings.csv
        [[ $output == *"\"sha256\":\"$log\""* && $output == *"\"known\":[{\"name\":\"cloud.json\",\"sha256\":\"$(hash cloud.json)\"}]"* ]]
        [[ $output == *'"gap_seconds":3600'*'"skew_seconds":5'* ]]
    done
    run -0 --separate-stderr parley check sheet.csv --logs - -o findings.csv <flows.csv
    [[ $stderr == *"log -, $log"* ]]
    printf '{"prefixes":[]}' >none.json
    run -4 --separate-stderr parley check sheet.csv --logs flows.csv --known none.json
    [[ $stderr == *none.json* ]]
}
