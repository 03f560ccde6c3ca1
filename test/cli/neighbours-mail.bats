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
    sheet_of '2026-03-01T06:55:46Z,2026-03-01T06:58:00Z,192.0.2.17,4711,203.0.113.5,22,,tcp,brute-force,12,' \
        '2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,,,,,url:https://login.example/,,phishing,1,' >facts.csv
}
claim() {
    parley claim --home N --to cert.south.example/abuse --facts facts.csv --title 'Logins' --tlp "$1" --summary 'Many of them.' --waive 'test addresses' --quiet >/dev/null
    rest
}
one() { the_case N; }

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

mail() { parley claim --home N --to mailto:abuse@host.example --facts facts.csv --title 'Logins' --summary 'Many of them.' --waive 'test addresses' "$@"; }

@test "a claim to a mailbox is a mail for one's own mail program, and stays on one's own side" {
    home
    run -0 --separate-stderr mail --tlp GREEN --mail-from incident@cert.north.example -o claim.eml
    [[ $stderr == *'written, not sent'*'parley mailed'* ]]
    grep -qx 'To: abuse@host.example' claim.eml
    grep -qx 'TLP: GREEN' claim.eml
    grep -q '^Subject: \[TLP:GREEN\] Logins \[[0-9a-f]\{8\}\]$' claim.eml
    parley import claim.eml -o back.csv
    cmp facts.csv back.csv
    [ "$(parley cases --home N --json | grep -c '"case"')" = 0 ]
    id=$(sed -n 's/^Subject: .*\[\([0-9a-f]*\)\]$/\1/p' claim.eml)
    run -0 parley mailed --home N
    [[ ${lines[1]} == "$id"*GREEN*written*abuse@host.example*Logins ]]
    run ! grep -rl 'host.example' N/desk/mailed
    parley mailed --home N "$id" answered 'Ticket 4711'
    run -0 parley mailed --home N "$id"
    [[ $output == *answered*a.officer*'Ticket 4711'* ]]
    run -0 parley mailed --home N --json
    [[ $output == *'"facts":2'*'"word":"written"'*'"word":"answered"'* ]]
    parley mailed --home N "$id" -o again.eml
    cmp claim.eml again.eml
    run -2 parley mailed --home N "$id" lost
    run -3 parley mailed --home N zzzz
}

@test "the gate, the card's rules and the mailbox are asked before a mail is written" {
    home
    run -2 mail --tlp AMBER -o claim.eml
    [ ! -e claim.eml ]
    run -0 mail --tlp AMBER -o claim.eml --yes --format arf
    [ "$(grep -c '^Subject: \[TLP:AMBER\]' claim.eml)" = 2 ]
    run -2 parley claim --home N --to 'mailto:not a mailbox' --facts facts.csv --title 'Logins' --tlp GREEN --waive 'test addresses'
    run -2 mail --tlp GREEN --draft
    run -2 mail --tlp GREEN --lang $'fr\nBcc: x'
    [[ $output == *'of one line'* ]]
    run -2 mail --tlp GREEN --mail-from nobody
    run -2 parley claim --home N --to cert.south.example/abuse --facts facts.csv --title 'Logins' --tlp GREEN --waive 'test addresses' --format arf
    parley officer --home N add c.lead --roles lead >/dev/null
    parley clearance --home N add claim GREEN --roles lead >/dev/null
    run -1 mail --tlp GREEN -o other.eml
    [[ $output == *'needs another signature'* ]]
    [ ! -e other.eml ]
}
