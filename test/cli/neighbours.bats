#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# The neighbours' formats: a case out of parley, other tools' words in; what did not come through is told.
load pair

setup() {
    pair
    channel
    sheet_of '2026-03-01T06:55:46Z,2026-03-01T06:58:00Z,192.0.2.17,,203.0.113.5,22,,tcp,brute-force,12,' \
        '2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,,,,,url:https://login.example/,,phishing,1,' >facts.csv
}
claim() { parley claim --home N --to cert.south.example/abuse --facts facts.csv --title 'Logins' --tlp "$1" --summary 'Many of them.' --waive 'test addresses' --quiet >/dev/null && rest; }
one() { the_case N; }

@test "a sheet goes out of a case to the byte, and what it can't hold is told" {
    claim GREEN
    run -0 --separate-stderr parley export "$(one)" --home N --format sheet -o out.csv
    cmp facts.csv out.csv
    [[ $stderr == *'dropped: title = Logins (a sheet holds facts alone)'* ]]
    run -0 parley export "$(one)" --home N --format sheet -o out.csv --losses losses.json --json
    [[ $output == *'"facts":2'* && $output == *'"field":"title"'* ]]
    grep -q '"field":"tlp","loss":"dropped"' losses.json
}

@test "the gate stands before an export" {
    claim AMBER
    run -2 parley export "$(one)" --home N --format sheet -o out.csv
    [ ! -e out.csv ]
    run -0 parley export "$(one)" --home N --format sheet -o out.csv --yes
    cmp facts.csv out.csv
}

@test "an import shows, makes a sheet, or a draft that is no message" {
    run -0 parley import facts.csv
    [[ ${lines[1]} =~ ^-\ +2 ]]
    parley import facts.csv facts.csv -o both.csv
    [ "$(sed -n 3,4p both.csv | cut -d, -f10 | tr '\n' ' ')" = '24 2 ' ] || { cat both.csv; false; }
    run -2 parley import --home N facts.csv --to cert.south.example/abuse --title Logins
    [[ $output == *'--tlp is needed'* ]]
    run -0 parley import --home N facts.csv --to cert.south.example/abuse --title Logins --tlp AMBER --waive 'test addresses'
    [ "$(parley cases --home N --json | grep -c '"case"')" = 0 ]
    run -0 parley drafts --home N
    [[ $output == *claim* ]]
}

@test "what is of no known format is refused with the way out" {
    echo 'just words' >words.txt
    run -4 parley import words.txt
    [[ $output == *'--format names one'* ]]
}
