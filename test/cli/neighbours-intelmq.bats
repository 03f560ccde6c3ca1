#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# IntelMQ's events and CSV with a map: out of a case and back to the byte.
load pair

setup() {
    pair
    channel
    sheet_of '2026-03-01T06:55:46Z,2026-03-01T06:58:00Z,192.0.2.17,,203.0.113.5,22,,tcp,brute-force,12,' \
        '2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,,,,,url:https://login.example/,,phishing,1,' >facts.csv
    parley claim --home N --to cert.south.example/abuse --facts facts.csv --title 'Logins' --tlp GREEN --summary 'Many of them.' --waive 'test addresses' --quiet >/dev/null
    rest
    case=$(the_case N)
}

@test "events of IntelMQ go out of a case and come back to the byte" {
    for format in intelmq intelmq-csv; do
        run -0 parley export "$case" --home N --format "$format" -o out.events
        grep -q '2026-03-01T06:55:46+00:00' out.events
        run -0 parley import out.events -o back.csv
        cmp facts.csv back.csv
        run -0 parley import out.events --json
        [[ $output == *'"title":"Logins"'* && $output == *'"tlp":"GREEN"'* ]] || { echo "$output" && false; }
    done
}

@test "what an event has and a fact has not is told by name; a broken line is refused with its number" {
    printf '%s\n' '{"source.ip":"192.0.2.17","source.asn":64496}' '{"source.ip":"192.0.2.18"' >events.jsonl
    run -4 parley import --format intelmq events.jsonl
    [[ $output == *'events.jsonl'*2* ]]
    sed -i '2s/$/}/' events.jsonl
    run -0 --separate-stderr parley import events.jsonl -o back.csv
    [[ $stderr == *'dropped: source.asn = 64496'* ]]
    grep -q '^,,192.0.2.18,' back.csv
}

@test "a CSV is read by the map that facts takes, and written to be read back" {
    printf '%s\n' 'when;who;tries;shoe' '2026-03-01T06:55:46Z;192.0.2.17;3;42' >theirs.csv
    echo 'separator=semicolon,time=when,src=who,count=tries' >columns.txt
    run -0 --separate-stderr parley import theirs.csv --map columns.txt --event brute-force -o back.csv
    [[ $stderr == *'dropped: shoe = 42'* ]]
    run -0 parley facts theirs.csv --format mapped --map columns.txt --event brute-force --quiet -o same.csv
    cmp same.csv back.csv
    run -0 parley export "$case" --home N --format csv -o out.csv
    run -0 parley import out.csv -o back.csv
    cmp facts.csv back.csv
}
