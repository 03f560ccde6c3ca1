#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# witness: a process that cosigns, asked by another program (curl), status by status (c2sp.org/tlog-witness).
load ../e2e/helper

hash() { openssl dgst -sha256 -binary; }
leaf() { { printf '\0'; printf %s "$1"; } | hash; } # RFC 6962: a leaf's hash
pair() { { printf '\1'; cat "$1" "$2"; } | hash; }

# checkpoint SIZE ROOT-FILE [KEY]: as the log signs it.
checkpoint() {
    printf 'log.example/one\n%s\n%s\n' "$1" "$(base64 -w0 <"$2")" | parley note sign --key "${3:-log.key}"
}
# ask OLD CHECKPOINT [PROOF-FILE…]: the status is $status, the body $body, its type $type.
ask() {
    local old=$1 checkpoint=$2
    shift 2
    {
        printf 'old %s\n' "$old"
        for file in "$@"; do base64 -w0 <"$file"; echo; done
        echo
        cat "$checkpoint"
    } >asked
    status=$(curl -sS -o body -w '%{http_code}' -D head --data-binary @asked -H 'Content-Type:' "$at/add-checkpoint")
    body=$(cat body)
    type=$(sed -n 's/^Content-Type: \(.*\)\r$/\1/p' head)
}

# A log of two leaves, and its witness.
begin() {
    leaf a >l0
    leaf b >l1
    pair l0 l1 >r2
    leaf other >x1
    pair l0 x1 >x2
    printf '' | hash >r0
    parley note keygen log.example/one -o log.key >log.vkey
    checkpoint 1 l0 >c1
    checkpoint 2 r2 >c2
    checkpoint 2 x2 >fork
    parley witness init W witness.example/w1 --no-passphrase >w.vkey
    parley witness add W "$(cat log.vkey)" --quiet
    run_witness
}
run_witness() {
    local port
    port=$(free_port)
    at=http://127.0.0.1:$port
    start w.log "$PARLEY" witness serve W --listen "127.0.0.1:$port" "$@"
    for _ in $(seq 100); do
        ! grep -q listens w.log || return 0
        sleep 0.05
    done
    cat w.log
    return 1
}

@test "a witness cosigns what follows, tells sizes, and serves what it cosigned" {
    begin
    ask 0 c1
    [ "$status" = 200 ]
    cp body line
    cat c1 line | parley note verify --all --key "$(cat w.vkey)" --key "$(cat log.vkey)"
    [ "$(wc -l <line)" = 1 ]
    ask 1 c2 l1
    [ "$status" = 200 ]
    cat c2 body | parley note verify --all --key "$(cat w.vkey)" --key "$(cat log.vkey)"
    ask 2 c2 # the same again, for whoever lost the answer
    [ "$status" = 200 ]
    ask 0 c2
    [ "$status $type $body" = "409 text/x.tlog.size 2" ]
    ask 1 c1
    [ "$status $type $body" = "409 text/x.tlog.size 2" ]
    hash=$(printf log.example/one | sha256sum | cut -c1-64)
    curl -sSf "$at/$hash/checkpoint" | parley note verify --all --key "$(cat w.vkey)" --key "$(cat log.vkey)" >text
    [ "$(sed -n 2p text)" = 2 ]
    [[ $(parley witness list W) == "log.example/one: seen to size 2" ]]
    [[ $(parley witness list W --json) == *'"equivocated":false'*'"size":2'* ]]
}

@test "what is refused, each with its status" {
    begin
    ask 2 c1
    [ "$status" = 400 ] # above the checkpoint
    ask 00 c1
    [ "$status" = 400 ]
    echo nonsense >asked
    [ "$(curl -sS -o body -w '%{http_code}' --data-binary @asked "$at/add-checkpoint")" = 400 ]
    for _ in $(seq 64); do echo l1; done >hashes
    mapfile -t many <hashes
    ask 1 c2 "${many[@]}"
    [ "$status" = 400 ] # more than 63 hashes
    parley note keygen log.example/one -o other.key >/dev/null
    checkpoint 1 l0 other.key >by_other
    ask 0 by_other
    [ "$status" = 403 ] # a key that is not known
    sed 's/^1$/2/' c1 >broken
    ask 0 broken
    [ "$status" = 403 ] # a known key, and another text
    printf 'log.example/two\n1\n%s\n' "$(base64 -w0 <l0)" | parley note sign --key log.key >unknown
    ask 0 unknown
    [ "$status" = 404 ]
    checkpoint 0 l0 >empty
    ask 0 empty
    [ "$status" = 422 ] # no root of the empty tree
    ask 0 c2 l1
    [ "$status" = 422 ] # a proof from nothing
    checkpoint 0 r0 >empty
    ask 0 empty
    [ "$status" = 200 ]
    ask 0 c1
    [ "$status" = 200 ]
    ask 1 c2 x1
    [ "$status" = 422 ]
    ask 1 c2
    [ "$status" = 422 ]
    [ "$(curl -sS -o body -w '%{http_code}' -X PUT --data x "$at/add-checkpoint")" = 405 ]
    head -c 600000 /dev/zero >large
    [ "$(curl -sS -o body -w '%{http_code}' --data-binary @large "$at/add-checkpoint")" = 413 ]
    [ "$(curl -sS -o body -w '%{http_code}' "$at/$(printf 0%.0s $(seq 64))/checkpoint")" = 404 ]
    [ "$(curl -sS -o body -w '%{http_code}' --path-as-is "$at/../vkey")" = 404 ]
}

@test "a fork is refused and kept as a proof; what was seen outlives the process" {
    begin
    ask 0 c2
    [ "$status" = 200 ]
    stop "$started"
    run_witness
    ask 0 fork
    [ "$status $body" = "409 2" ] # not by the way of one who begins anew either
    ask 2 fork
    [ "$status" = 422 ]
    hash=$(printf log.example/one | sha256sum | cut -c1-64)
    curl -sSf "$at/$hash/equivocation" >proof
    [ "$(head -1 proof)" = "parley equivocation v1" ]
    [[ $(parley witness list W) == *"the proof is kept" ]]
    ask 2 c2
    [ "$status" = 200 ] # it goes on on its branch
    parley witness drop W log.example/one
    ask 2 c2
    [ "$status" = 404 ]
}

@test "two keys while one changes; too much in a minute; one process a folder; a passphrase" {
    begin
    parley note keygen log.example/one -o new.key >new.vkey
    printf '%s\n%s\n' "$(cat new.vkey)" "$(cat w.vkey)" >vkeys
    parley witness add W --vkeys vkeys --quiet
    checkpoint 1 l0 new.key >by_new
    ask 0 by_new
    [ "$status" = 200 ]
    run -3 parley witness serve W --listen 127.0.0.1:0
    stop "$started"
    run_witness --requests-per-minute 2
    ask 1 c2 l1
    ask 2 c2
    ask 2 c2
    [ "$status" = 429 ]
    run -4 parley witness add W "$(cat w.vkey)" # no log's key
    echo secret >pass
    PARLEY_PASSPHRASE_FILE=pass parley witness init W2 witness.example/w2 >/dev/null
    [ -e W2/unlock.age ]
    run -2 parley witness serve W
    run -2 parley witness init W3
}
