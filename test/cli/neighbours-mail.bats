#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# X-ARF and mail: for departments that only have a mailbox.
load pair

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    export PARLEY_HOME=$BATS_TEST_TMPDIR/home
    samples="$BATS_TEST_DIRNAME/../../../shared/data"
}
home() {
    pair
    channel
    {
        echo '# parley facts v1'
        echo 'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence'
        echo '2026-03-01T06:55:46Z,2026-03-01T06:58:00Z,192.0.2.17,4711,203.0.113.5,22,,tcp,brute-force,12,'
        echo '2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,,,,,url:https://login.example/,,phishing,1,'
    } >facts.csv
}
claim() {
    parley claim --home N --to cert.south.example/abuse --facts facts.csv --title 'Logins' --tlp "$1" --summary 'Many of them.' --waive 'test addresses' --quiet >/dev/null
    rest
}
one() { parley cases --home N --json | sed 's|.*"case":"[^/]*/\([0-9a-f]\{8\}\).*|\1|'; }

@test "a case goes out as X-ARF, a report a fact, and comes back to the bit" {
    home
    claim GREEN
    run -0 --separate-stderr parley export "$(one)" --home N --format xarf -o out.json
    [ "$(grep -c '"report_id"' out.json)" = 2 ]
    grep -q '"category":"connection".*"source_identifier":"192.0.2.17".*"tags":\["tlp:green","rsit:brute-force"' out.json
    [[ $stderr == *'dropped: message'* ]]
    parley import out.json -o back.csv
    cmp facts.csv back.csv
    run -0 parley import out.json --json
    [[ $output == *'"losses":[]'*'"tlp":"GREEN"'* ]]
}

@test "all samples of X-ARF give their facts" {
    [ -d "$samples/xarf" ] || skip "no samples at ../shared/data/xarf"
    parley import "$samples"/xarf/samples/v?/*.json -o all.csv --quiet
    [ "$(sed 1,2d all.csv | wc -l)" = 35 ]
    grep -qx '2025-01-11T06:17:20Z,2025-01-11T12:17:20Z,198.51.100.77,45621,203.0.113.22,22,,tcp,brute-force,2847,' all.csv
    grep -qx '2024-01-15T08:15:45Z,2024-01-15T08:15:45Z,172.16.254.10,53,203.0.113.100,80,,udp,ddos,1,' all.csv
}

@test "a case goes out as mails with a feedback report, or as a letter with X-ARF" {
    home
    claim GREEN
    run -0 --separate-stderr parley export "$(one)" --home N --format arf -o out.mbox
    [ "$(grep -c '^Feedback-Type: ' out.mbox)" = 2 ]
    grep -q '^Source-IP: 192.0.2.17$' out.mbox
    grep -q '^TLP: GREEN$' out.mbox
    parley import out.mbox -o back.csv
    cmp facts.csv back.csv
    parley export "$(one)" --home N --format xarf-mail -o out.eml --quiet
    parley import - -o back.csv <out.eml
    cmp facts.csv back.csv
}

@test "all samples of feedback reports give their facts, and what is none is told" {
    [ -d "$samples/arf" ] || skip "no samples at ../shared/data/arf"
    run -0 --separate-stderr parley import "$samples"/arf/*.eml -o all.csv
    [ "$(sed 1,2d all.csv | wc -l)" = 12 ]
    grep -qx '2009-04-29T00:00:00Z,2009-04-29T00:00:00Z,192.0.2.89,,,,mail:abuse@example.ed.jp,,spam,1,' all.csv
    grep -qx '2015-04-29T14:34:45Z,2015-04-29T14:34:45Z,203.0.113.2,,,,mail:sironeko@neko.example.com,,masquerade,1,' all.csv
    [[ $stderr == *'dropped: mail × 4'* ]]
}
