#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# Desks on other machines: an analyst, a lead and an auditor of one party, each with a home that has no node, over TLS.
load helper

sheet() {
    echo '# parley facts v1'
    echo 'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence'
    echo "2026-03-01T06:01:00Z,2026-03-01T06:01:09Z,192.0.2.17,,,22,,tcp,brute-force,2,"
} >sheet.csv
member() { grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d'"' -f4; }

# enrol HOME OFFICER ROLES: the three steps, with what people read out to each other.
enrol() {
    local digits root
    digits=$(parley join request --home "$1" --party cert.north.example --department incident --officer "$2" \
        --no-passphrase -o "$1.request" --quiet)
    parley join admit "$1.request" --home N --fingerprint "$digits" --roles "$3" \
        --node "https://127.0.0.1:$desks" -o "$1.answer" --quiet >line
    root=$(sed "s/.*--root '\(.*\)'/\1/" line)
    sed -i "1a # written by hand" "$1/config"
    parley join open "$1.answer" --home "$1" --root "$root" --quiet
}

begin() {
    port=$(free_port)
    desks=$(free_port)
    north N
    south S --listen "127.0.0.1:$port" --url "https://127.0.0.1:$port"
    enrol A an.analyst analyst
    enrol L b.lead lead
    enrol U au.auditor auditor
    parley clearance add claim,remark CLEAR --home N --quiet
    open_channel
    parley card publish --home N --quiet
    serve S
    start N.log "$PARLEY" serve --home N --interval 3600 --desk-listen "127.0.0.1:$desks"
    node=$started
    for _ in $(seq 100); do
        ! grep -q 'other machines' N.log || break
        sleep 0.05
    done
    parley sync --home N --quiet
}

@test "an analyst drafts on one machine, a lead clears on another, the counterparty has both signatures" {
    begin
    sheet
    grep -qx '# written by hand' A/config # which the program has written since
    run -0 --separate-stderr parley claim --home A --to cert.south.example/abuse --facts sheet.csv --title Scans --tlp AMBER
    case=$output
    [[ $stderr == *"kept as draft"* ]]
    run -0 parley drafts --home U
    [[ $output == *an.analyst*AMBER*lead* ]]
    run -0 parley inbox --home L
    [[ $output == *"wait to be cleared: 1;"* ]]
    id=$(parley drafts --json --home L | member id)
    # Neither the analyst's own desk nor the auditor's sends it.
    run -1 --separate-stderr parley clear "$id" --home A --yes
    run -1 --separate-stderr parley clear "$id" --home U --yes
    run -0 --separate-stderr parley clear "$id" --home L --yes
    [ "$output" = "$case" ]
    parley sync --home N --quiet
    run -0 --separate-stderr parley show "$case" --home S
    [[ $output == *Scans*"(b.lead: cleared it)"* ]]
    [[ $output != *"does not count"* ]]
    run -0 parley show "$case" --home S --json
    [[ $output == *'"by":"an.analyst","cleared_by":["b.lead"]'* ]]
    run -0 parley dossier "$case" --home S --yes -o it.tar --quiet
    [ "$(parley drafts --home A --json)" = '{"drafts":[]}' ]

    # The auditor reads, everywhere, and the desk says why it sends nothing; nor would the node take it.
    run -0 parley show "$case" --home U
    run -0 parley inbox --home U
    run -0 parley status --home U
    run -1 --separate-stderr parley remark "$case" 'A word.' --home U
    [[ $stderr == *"auditors read"* ]]
    run -1 --separate-stderr parley sync --home U
    [[ $stderr == *"roles on the card"* ]]
    # A desk whose program is another gets no further than the node's table.
    raw() { # HOME METHOD PATH: the status
        parley open -i "$1/desk/unlock.txt" "$1/desk/tls.key" | tr -d '\000' >"$1.pem"
        curl --silent --insecure --output /dev/null --write-out '%{http_code}' --cert "$1/desk/tls.crt" --key "$1.pem" \
            --request "$2" ${4:+--data-binary "$4"} "https://127.0.0.1:$desks/desk/$3"
    }
    [ "$(raw U GET channels)" = 200 ]
    [ "$(raw U PUT draft/x y)" = 403 ]
    [ "$(raw A PUT draft/x y)" = 200 ]
    [ "$(raw A POST c/0/submit y)" != 200 ]
    hash=$(awk '/^log /{printf "%s", $2}' N/desk/card | sha256sum | cut -d' ' -f1)
    [ "$(raw A POST "c/$hash/submit" y)" = 403 ]
    for path in open import log-key drop-desk; do [ "$(raw L POST $path y)" = 403 ]; done
    [ "$(raw L PUT desk y)" = 403 ]
    [ "$(raw L GET fsck)" = 403 ]
}

@test "nobody gets in without a pin, and who was dropped by a card is out with it" {
    begin
    run parley status --home L
    [[ $output == *cert.south.example* ]]
    # No certificate, and that of a stranger.
    run ! curl --silent --insecure --max-time 5 "https://127.0.0.1:$desks/desk/public"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout x.key -out x.crt -subj /CN=x 2>/dev/null
    run ! curl --silent --insecure --max-time 5 --cert x.crt --key x.key "https://127.0.0.1:$desks/desk/public"
    # The counterparty's node is none of the desks.
    run ! curl --silent --insecure --max-time 5 --cert S/node/tls.crt --key x.key "https://127.0.0.1:$desks/desk/public"
    # A desk takes no other node than that of the card.
    cp -r L M
    sed -i "s/127.0.0.1:$desks/127.0.0.1:$port/" M/config
    run -3 --separate-stderr parley peers --home M

    parley officer remove b.lead --home N --quiet
    run -0 parley peers --home L
    parley card publish --home N --quiet
    run -3 --separate-stderr parley peers --home L
    [[ $stderr == *"no card in its records names"* ]]
    run -0 parley peers --home A
    run -0 --separate-stderr parley join list --home N
    [[ $output == *b.lead*"not on the card"* ]]
    pin=$(parley join list --home N --json | sed 's/.*"officer":"an.analyst","pin":"\([0-9a-f]*\)".*/\1/')
    parley join drop "${pin:0:12}" --home N
    run -3 parley peers --home A
    stop "$node"
}

@test "a desk does not take another root of a counterparty from its node" {
    begin
    run -0 parley peers --home L
    grep -q '^cert.south.example cert.south.example/root+' L/desk/roots
    # As if the node had shown another one before: that it shows this one now is not believed.
    sed -i "s|^cert.south.example .*|cert.south.example $(grep '^root ' N/desk/card | cut -d' ' -f2)|" L/desk/roots
    run -4 --separate-stderr parley peers --home L
    [[ $stderr == *"another root of cert.south.example"* ]]
    sheet
    run -4 parley claim --home L --to cert.south.example/abuse --facts sheet.csv --title Scans --tlp AMBER
    # People have compared, and open the answer again.
    parley join open L.answer --home L --quiet \
        --root "$(sed "s/.*--root '\(.*\)'/\1/" line)"
    run -0 parley peers --home L
}

@test "what was read out must agree, on both sides" {
    port=1 desks=2
    north N
    digits=$(parley join request --home L --party cert.north.example --department incident --officer b.lead \
        --no-passphrase -o l.request --quiet)
    other=$(parley join request --home M --party cert.north.example --department incident --officer b.lead \
        --no-passphrase -o m.request --quiet)
    run -3 --separate-stderr parley peers --home L
    [[ $stderr == *"parley join open"* ]]
    admit() { parley join admit "$@" --home N --node https://127.0.0.1:7444 -o answer --quiet; }
    run -1 --separate-stderr admit l.request --fingerprint "$other" --roles lead
    run -2 --separate-stderr admit l.request --fingerprint "$digits"
    [[ $stderr == *--roles* ]]
    run -0 --separate-stderr admit l.request --fingerprint "$digits" --roles lead
    [[ $output == "parley join open answer --root '"*"'" ]]
    root=${output#*--root \'}
    root=${root%\'}
    run -3 --separate-stderr admit m.request --fingerprint "$other" --roles lead
    [[ $stderr == *"another key"* ]]
    run -1 --separate-stderr parley join open answer --home L --root "$digits"
    run -3 --separate-stderr parley join open answer --home M --root "$root"
    run -0 parley join open answer --home L --root "$root"
    run -1 --separate-stderr parley invite --home L -o x
    [[ $stderr == *"where the node is"* ]]
    run -2 --separate-stderr parley serve --home L
    [[ $stderr == *"its node is https://127.0.0.1:7444"* ]]
    # A second time, as after a new identity of the department.
    parley department rotate incident --home N --quiet
    parley card publish --home N --quiet
    run -0 admit l.request --fingerprint "$digits"
    run -0 parley join open answer --home L --root "$root"
    [ "$(find L/desk -name 'department-*' | wc -l)" = 2 ]
    run -2 parley join
    run -2 parley join guess
    run -2 parley join open answer --home L
}
