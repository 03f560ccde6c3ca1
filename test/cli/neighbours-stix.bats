#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# STIX 2.1: a case out as a bundle that others' schemas take, bundles in as facts.
load pair

setup() {
    pair
    channel
    sheet_of '2026-03-01T06:55:46Z,2026-03-01T06:58:00Z,192.0.2.17,,203.0.113.5,22,,tcp,brute-force,12,' \
        '2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,,,,,"url:https://login.example/ä?a=b, c",,phishing,1,' \
        '2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,2001:db8::1,,,,domain:login.example,udp,ddos,5000000000,' >facts.csv
    {
        echo '# parley findings v1'
        echo 'fact,finding,count,first_seen,last_seen,upstream_ip,note'
        echo '0,relayed,12,2026-03-01T06:55:46Z,2026-03-01T06:58:02Z,198.51.100.7,our proxy'
        echo '1,not-seen,,,,,'
        echo '2,refuted,,,,,'
    } >findings.csv
    parley claim --home N --to cert.south.example/abuse --facts facts.csv --title 'Logins' --tlp GREEN \
        --summary 'Many of them.' --severity high --waive 'test addresses' --quiet >/dev/null
    rest
}
one() { the_case N; }
answered() {
    parley answer --home S "$(one)" findings.csv --covers 'flow=2026-03-01T00:00:00Z/2026-03-02T00:00:00Z' --quiet >/dev/null
    rest
}

@test "a case is a bundle, and its facts come back to the bit" {
    answered
    run -0 --separate-stderr parley export "$(one)" --home N --format stix -o out.json
    [[ $stderr == *'as-words: number_observed'* ]]
    for says in '"finding":"relayed"' '"upstream":"198.51.100.7"' '"opinion":"neutral"' '"number_observed":12' \
        'rsit:intrusion-attempts=\"brute-force\"' 'marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb' \
        'https://login.example/%C3%A4?a=b,%20c'; do
        grep -qF -e "$says" out.json || { echo "$says"; false; }
    done
    parley export "$(one)" --home N --format stix -o again.json --quiet
    cmp out.json again.json
    parley import out.json -o back.csv
    cmp facts.csv back.csv
    run -0 parley import out.json --json
    [[ $output == *'"from":"cert.north.example/incident"'* && $output == *'"title":"Logins"'* && $output == *'"tlp":"GREEN"'* ]]
}

@test "a bundle passes the schemas of OASIS and parley's own" {
    answered
    parley export "$(one)" --home N --format stix -o out.json
    run node "$BATS_TEST_DIRNAME/../interop/stix_validate.mjs" --files out.json
    [ "$status" != 77 ] || skip "$output"
    echo "$output"
    [ "$status" = 0 ]
    [[ $output == *'kinds: answer claim fact facts finding standing'* ]]
}

@test "indicators, sightings and observed data of others are facts, the rest is told" {
    cat >in.json <<'EOF'
{"type":"bundle","id":"bundle--1","objects":[
 {"type":"indicator","spec_version":"2.1","id":"indicator--1","pattern_type":"stix",
  "pattern":"[domain-name:value = 'a.example' OR network-traffic:dst_ref.value = '203.0.113.5' AND network-traffic:dst_port = 22]",
  "object_marking_refs":["marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"]},
 {"type":"indicator","spec_version":"2.1","id":"indicator--2","pattern_type":"stix","pattern":"[file:name LIKE 'x%']"},
 {"type":"sighting","spec_version":"2.1","id":"sighting--1","sighting_of_ref":"indicator--1","count":7,
  "first_seen":"2026-03-01T07:00:00.123Z","last_seen":"2026-03-01T08:00:00Z"},
 {"type":"malware","spec_version":"2.1","id":"malware--1","name":"worm"}]}
EOF
    run -0 --separate-stderr parley import in.json -o facts2.csv
    [[ $stderr == *"indicator.pattern = [file:name LIKE 'x%']"* && $stderr == *'malware = worm'* ]]
    run -0 tail -n 2 facts2.csv
    [ "${lines[0]}" = '2026-03-01T07:00:00Z,2026-03-01T08:00:00Z,,,,,domain:a.example,,,7,' ]
    [ "${lines[1]}" = '2026-03-01T07:00:00Z,2026-03-01T08:00:00Z,,,203.0.113.5,22,,,,7,' ]
    run -0 parley import in.json --to cert.south.example/abuse --home N --title Seen --waive 'test addresses'
    [ "$(parley cases --home N --json | grep -o '"case":' | wc -l)" = 1 ]
    run -0 parley drafts --home N
    [[ $output == *claim* ]]
}

@test "the examples of OASIS have their facts" {
    folder=${PARLEY_DATA:-$BATS_TEST_DIRNAME/../../../shared/data}/stix
    [ -d "$folder" ] || skip "there is no folder $folder"
    parley import "$folder/examples/indicator-for-c2-ip-address.json" -o c2.csv
    [ "$(tail -n 1 c2.csv)" = ',,10.0.0.0,,,,,,,,' ]
    parley import "$folder/sco-examples-bundle.json" -o sco.csv
    grep -q '^2006-10-17T13:09:00Z\|domain:example.com,tcp' sco.csv || { cat sco.csv; false; }
    parley import "$folder/examples/threat-reports/poisonivy.json" -o ivy.csv
    [ "$(grep -c domain: ivy.csv)" -ge 20 ]
    run -4 parley import --format stix "$folder/validator-tests/invalid_comma.json"
    [[ $output == *'offset 263'* ]]
}

@test "an object alone that is no fact is read as STIX, and that nothing in it is a fact is said" {
    printf '%s\n' '{"type":"directory","id":"directory--93c0a9b0-520d-545d-9094-1a08ddf46b05","path":"C:\\Windows"}' >directory.json
    run -0 --separate-stderr parley import directory.json
    [[ $stderr == *'dropped: directory'* && $stderr == *'Nothing in it is a fact.'* ]]
}
