#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# Witnesses and clients of witnesses that others' libraries make: the nodes are cosigned by a Go program, and a Go program
# has our witness cosign its log.  Skipped, saying so, where Go or its x/mod/sumdb is not installed.
load helper

setup_file() {
    local here="$BATS_TEST_DIRNAME/../interop/witness"
    if command -v go >/dev/null && [ -d /usr/share/gocode/src/golang.org/x/mod/sumdb/note ]; then
        (cd "$here" && GO111MODULE=off GOFLAGS='' GOPATH=/usr/share/gocode GOCACHE="$BATS_FILE_TMPDIR/cache" \
            go build -o "$BATS_FILE_TMPDIR/witness" .)
    fi
}
setup() {
    [ -x "$BATS_FILE_TMPDIR/witness" ] || skip "there is no go with golang.org/x/mod/sumdb"
    go_witness=$BATS_FILE_TMPDIR/witness
    begin_test
}

@test "a witness made with Go cosigns our records, and its cosignatures meet the quorum of the terms" {
    port=$(free_port)
    north N
    south S --listen "127.0.0.1:$port" --url "https://127.0.0.1:$port"
    open_channel
    serve S
    parley sync --home N --quiet
    parley record export --home N cert.south.example north --quiet
    parley record export --home S cert.north.example south --quiet
    port=$(free_port)
    start go.log "$go_witness" serve "127.0.0.1:$port" witness.example/go "$(head -1 north/vkeys)" "$(head -1 south/vkeys)"
    until_listens go.log
    agree_on_witness "$(head -1 go.log) http://127.0.0.1:$port" --quorum 1
    for _ in 1 2; do
        parley sync --home N --quiet
        parley sync --home S --quiet
    done
    run -0 parley status --home N
    [[ $output == *"witnesses: 1 of 1 must cosign"*"our record: witnessed to entry "* ]]
    [[ $output != *trouble* ]]
    run -0 parley status --home S
    [[ $output == *"our record: witnessed to entry "* ]]
    parley fsck --home N --quiet
}

@test "a log made with Go is cosigned by our witness, which refuses another history of it" {
    parley witness init W witness.example/w1 --no-passphrase >w.vkey
    port=$(free_port)
    start W.log "$PARLEY" witness serve W --listen "127.0.0.1:$port"
    until_listens W.log
    mkfifo go_on
    "$go_witness" client "http://127.0.0.1:$port" "$(cat w.vkey)" >client.log 2>&1 <go_on 3>&- &
    client=$!
    echo "$client" >>pids
    exec 9>go_on
    for _ in $(seq 100); do
        [ ! -s client.log ] || break
        sleep 0.05
    done
    parley witness add W "$(head -1 client.log)" --quiet
    echo >&9
    exec 9>&-
    wait "$client"
    [[ $(parley witness list W) == "log.example/go: seen to size 1000; it signed two roots at one size: the proof is kept" ]]
}
