#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# Two nodes and a witness between them: the terms name it, the nodes have it cosign, and a history that one party shows to it
# alone freezes the channel at both.
load helper

# Homes of which the South has an address, a channel, and a witness that knows both logs.
begin() {
    local port
    port=$(free_port)
    north N
    south S --listen "127.0.0.1:$port" --url "https://127.0.0.1:$port"
    open_channel
    serve S
    parley sync --home N --quiet
    parley record export --home N cert.south.example carried-north --quiet
    parley record export --home S cert.north.example carried-south --quiet
    parley witness init W witness.example/w1 --no-passphrase >w.vkey
    parley witness add W --vkeys carried-north/vkeys --quiet
    parley witness add W --vkeys carried-south/vkeys --quiet
    port=$(free_port)
    at=http://127.0.0.1:$port
    start W.log "$PARLEY" witness serve W --listen "127.0.0.1:$port"
    until_listens W.log
}
# Terms with that witness, accepted, and handed to both nodes.
agree() {
    agree_on_witness "$(cat w.vkey) $at" "$@"
    parley sync --home N --quiet
    parley sync --home S --quiet
}

@test "the nodes have the witness of their terms cosign, and show how far" {
    begin
    run -0 parley status --home N
    [[ $output != *witness* ]]
    agree --quorum 1
    parley sync --home N --quiet
    for home in N S; do
        run -0 parley status --home "$home"
        [[ $output == *"witnesses: 1 of 1 must cosign"*"our record: witnessed to entry "*"their record: witnessed to entry "* ]]
        [[ $output != *"trouble"* ]]
    done
    run -0 parley status --home N --json
    [[ $output == *'"witnesses":{"named":1,"own":{"at":"20'*'"quorum":1,"theirs":{"at":"20'* ]]
    # What is kept, is sound; and the other witnesses of this world find it so.
    parley fsck --home N --quiet
    parley fsck --home S --quiet
    hash=$(sed -n 1p carried-north/checkpoint | tr -d '\n' | sha256sum | cut -c1-64)
    curl -sSf "$at/$hash/checkpoint" >seen
    parley note verify --all --key "$(head -1 carried-north/vkeys)" --key "$(cat w.vkey)" seen >/dev/null
}

@test "without its quorum nothing is witnessed, and the trouble is told" {
    begin
    parley note keygen other.example -o other.key >/dev/null
    parley witness init W2 witness.example/w2 --no-passphrase >w2.vkey
    agree --witness "$(cat w2.vkey) http://127.0.0.1:9" --quorum 2
    run -0 parley status --home N
    [[ $output == *"witnesses: 2 of 2 must cosign"*"our record: not witnessed"*"trouble with a witness: http://127.0.0.1:9"* ]]
    run -2 parley propose cert.south.example --home N --witness "$(head -1 carried-north/vkeys)" # signs, and cosigns nothing
    run -2 parley propose cert.south.example --home N --witness "$(cat w.vkey) ftp://w"
}

@test "a history that the witness alone was shown freezes the channel at both, with the proof" {
    begin
    agree
    # Somebody has the log key of the North.
    key=$(find N/node -name 'log*.key' | head -1)
    parley open -i N/node/unlock.txt "$key" >stolen
    sed -n 1p carried-north/checkpoint >text
    hash=$(tr -d '\n' <text | sha256sum | cut -c1-64)
    curl -sSf "$at/$hash/checkpoint" >seen
    size=$(sed -n 2p seen)
    printf '%s\n%s\n' "$size" "$(printf another | openssl dgst -sha256 -binary | base64)" >>text
    parley note sign --key stolen text >forged
    { printf 'old %s\n\n' "$size" && cat forged; } >asked
    [ "$(curl -sS -o body -w '%{http_code}' --data-binary @asked "$at/add-checkpoint")" = 422 ]
    run parley sync --home S
    run parley sync --home N
    for home in N S; do
        run -0 parley status --home "$home"
        [[ $output == *"(frozen)"*"contradictions: 1, of which 1 prove it by signatures"* ]]
    done
    run -0 parley status --home S --json
    [[ $output == *'parley equivocation v1'* ]]
    # Who has the proof and the key judges it alone.
    curl -sSf "$at/$hash/equivocation" >proof
    run -0 parley verify proof --log "$(head -1 carried-north/vkeys)"
    [[ ${lines[0]} == "proved: the log key of parley/"*" has signed two histories" ]]
    run -4 parley verify proof --log "$(head -1 carried-south/vkeys)"
    run -2 parley verify proof
}

@test "both nodes measure the clock of the other, the one that calls and the one that is called" {
    begin
    for home in N S; do
        run -0 parley status --home "$home" --json
        [[ $output =~ \"their_clock_ahead_seconds\":-?[0-9]+ ]]
        [[ ! $output =~ \"their_clock_ahead_seconds\":-?[0-9]{2} ]] # it is one machine
    done
}

@test "a dossier that opens the terms shows whose cosignatures their quorum has" {
    begin
    agree --quorum 1
    for _ in 1 2 3; do
        parley sync --home N --quiet
        parley sync --home S --quiet
    done
    terms=$(parley cases --home N --json | grep -o '"case":"[^"]*"' | head -1 | cut -d'"' -f4)
    roots=(--root "cert.north.example=$(parley fingerprint --home S n.invitation --quiet)"
        --root "cert.south.example=$(parley fingerprint --home N s.invitation --quiet)")
    parley dossier --home N "$terms" --yes -o open.dossier --quiet
    run -0 parley verify open.dossier "${roots[@]}"
    [[ $output == *"cosigned by a witness of the terms at 20"*"$(cat w.vkey)"*"1 of 1 have cosigned, 1 must: met"* ]]
    run -0 parley verify open.dossier "${roots[@]}" --json
    [[ $output == *'"met":true,"named":1,"needed":1'* ]]
    run -0 parley verify open.dossier "${roots[@]}" --html
    [[ $output == *"the quorum of the terms"*"is met"* ]]
    # Where the acceptance stays closed, nothing is said of witnesses: a policy of the writer's own counts for nothing.
    offer=$(parley outbox --home N --all | awk '$2 == "proposal" { print $3 }')
    parley dossier --home N "$terms" --message "$offer" --yes -o half.dossier --quiet
    run -0 parley verify half.dossier "${roots[@]}"
    [[ $output != *"witness"* ]]
}
