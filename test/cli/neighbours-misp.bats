#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# MISP's events: as files, and straight to and from a server with a key.
load pair

setup() {
    pair
    channel
    sheet_of '2026-03-01T06:55:46Z,2026-03-01T06:58:00Z,192.0.2.17,,203.0.113.5,22,,tcp,brute-force,12,' \
        '2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,,,,,url:https://login.example/,,phishing,1,' >facts.csv
    claim GREEN
    case=$(the_case N)
}
teardown() {
    [ ! -f server.pid ] || kill "$(cat server.pid)" 2>/dev/null || true
}
claim() { parley claim --home N --to cert.south.example/abuse --facts facts.csv --title 'Logins' --tlp "$1" --summary 'Many of them.' --waive 'test addresses' --quiet >/dev/null && rest; }
serve_misp() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=misp -addext subjectAltName=IP:127.0.0.1 -days 30 -keyout tls.key -out tls.pem 2>/dev/null
    python3 "$BATS_TEST_DIRNAME/misp_server.py" tls.pem tls.key . >server.log 2>&1 3>&- &
    echo $! >server.pid
    for _ in $(seq 200); do [ ! -f port ] || break; sleep 0.1; done
    at=https://127.0.0.1:$(cat port)
    echo the-key-of-the-test >key
}

@test "an event goes out of a case, with its level and types as tags, and comes back to the byte" {
    run -0 --separate-stderr parley export "$case" --home N --format misp -o event.json
    [[ $stderr == *'as-words: message'* ]] || { echo "$stderr" && false; }
    grep -q '"name":"tlp:green"' event.json
    grep -qF 'rsit:intrusion-attempts=\"brute-force\"' event.json
    grep -q '"name":"network-connection"' event.json
    parley export "$case" --home N --format misp -o again.json --quiet
    cmp event.json again.json
    run -0 parley import event.json -o back.csv
    cmp facts.csv back.csv
    run -0 parley import event.json --json
    [[ $output == *'"title":"Logins"'* && $output == *'"tlp":"GREEN"'* ]]
}

@test "what was found goes out as sightings and comes in as suggestions" {
    printf '%s\n' '# parley findings v1' 'fact,finding,count,first_seen,last_seen,upstream_ip,note' '0,refuted,,,,,' '1,remediated,,,,,' >findings.csv
    parley answer --home S "$case" findings.csv --covers 'flow=2026-03-01T00:00:00Z/2026-03-02T00:00:00Z' --quiet >/dev/null
    rest
    for format in misp intelmq intelmq-csv; do
        parley export "$case" --home N --format "$format" -o out.event --quiet
        rm -f form.csv
        run -0 --separate-stderr parley import out.event --findings form.csv -o back.csv
        cmp facts.csv back.csv
        grep -q '^0,?refuted,' form.csv
        grep -q '^1,?remediated,' form.csv
    done
    run -0 --separate-stderr parley import out.event -o back.csv
    [[ $stderr == *'--findings keeps them'* ]]
    run -3 parley import facts.csv --findings form.csv
}

@test "the types of the taxonomy are those that MISP has as tags" {
    tags=${PARLEY_DATA:-$BATS_TEST_DIRNAME/../../../shared/data}/taxonomy/rsit-machinetag.json
    [ -f "$tags" ] || skip "no ../shared/data/taxonomy"
    python3 - "$tags" <<'PYTHON' >event.json
import json
import sys

values = json.load(open(sys.argv[1]))["values"]
tags = ['rsit:%s="%s"' % (v["predicate"], e["value"]) for v in values for e in v["entry"]]
facts = [{"type": "url", "value": "http://%d.example/" % i, "Tag": [{"name": t}]} for i, t in enumerate(tags)]
print(json.dumps({"Event": {"info": "all types", "Attribute": facts}}))
PYTHON
    run -0 --separate-stderr parley import event.json -o all.csv
    [ -z "$stderr" ]
    [ "$(tail -n +3 all.csv | cut -d, -f9 | sort -u | wc -l)" = 39 ]
}

@test "an event goes to a server, is brought up to date there, and is fetched" {
    serve_misp
    run -0 --separate-stderr parley export "$case" --home N --misp "$at" --key-file key --ca tls.pem
    [ "$output" = "$at/events/view/7" ]
    run -0 --separate-stderr parley export "$case" --home N --misp "$at/" --key-file key --ca tls.pem --json
    [[ $output == *'"updated":true'* ]]
    grep -q '^POST /events/edit/' requests
    run -0 --separate-stderr parley import "misp+$at/events/view/7" --key-file key --ca tls.pem -o back.csv
    cmp facts.csv back.csv
    run -0 --separate-stderr parley import "misp+$at/events/restSearch?tags=tlp:green&last=7d" --key-file key --ca tls.pem -o back.csv
    cmp facts.csv back.csv
    [ "$(cat search)" = '{"last": "7d", "returnFormat": "json", "tags": "tlp:green"}' ]
}

@test "a server whose certificate, key or answer is not right gets or gives nothing" {
    serve_misp
    run -3 parley export "$case" --home N --misp "$at" --key-file key
    [ ! -e requests ]
    echo another >wrong
    run -3 parley export "$case" --home N --misp "$at" --key-file wrong --ca tls.pem
    [[ $output == *'Authentication failed'* ]]
    run -3 parley import "misp+$at/events/view/elsewhere" --key-file key --ca tls.pem
    [[ $output == *302* ]]
    [ "$(grep -c '/events/view' requests)" = 1 ]
    run -4 parley export "$case" --home N --misp http://127.0.0.1:1 --key-file key
    run -2 parley export "$case" --home N --misp "$at" --ca tls.pem
    run -2 parley import "misp+$at/users" --key-file key --ca tls.pem
}

@test "the gate stands before a server, too" {
    serve_misp
    parley remark "$case" --home N 'Between us.' --tlp AMBER --quiet >/dev/null
    parley remark "$case" --home N 'This may go further.' --tlp GREEN --quiet >/dev/null
    run -2 parley export "$case" --home N --misp "$at" --key-file key --ca tls.pem
    [[ $output == *AMBER* ]]
    [ ! -e requests ]
    run -0 parley export "$case" --home N --misp "$at" --key-file key --ca tls.pem --yes
    grep -q '^POST /events/add' requests
    run -0 --separate-stderr parley export "$case" --home N --format misp --yes -o event.json
    [[ $stderr == *'guessed: tlp = AMBER'* ]]
    grep -q '"name":"tlp:amber"' event.json
    run -0 --separate-stderr parley export "$case" --home N --format intelmq --yes -o events.jsonl
    grep -q '"tlp":"AMBER"' events.jsonl
}
