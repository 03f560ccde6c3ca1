#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# Keys between two nodes on loopback: TLS changed in good order and at once, a restored node, a drill.
load helper

setup() {
    begin_test
    port=$(free_port)
    north N
    south S --listen "127.0.0.1:$port" --url "https://127.0.0.1:$port"
    open_channel
    serve S
    parley sync --home N --quiet >/dev/null
}
again() { # starts the South's node again
    stop "$started"
    serve S
}

@test "a node's TLS key changes, and the counterparty that has both pins never stops reaching it" {
    parley keys --home S rotate tls --quiet
    parley card --home S publish --quiet
    run -1 parley keys --home S retire tls
    run -0 parley sync --home N
    run -0 --separate-stderr parley keys --home S retire tls
    grep -q 'has a new TLS key' S.log
    parley card --home S publish --quiet
    run -0 parley sync --home N
    [ "$(parley card --home N show cert.south.example | grep -c ^tls)" -eq 1 ]
    run -0 parley sync --home N
}

@test "a TLS key replaced at once shuts out who knows the old one, until the card is carried over" {
    parley keys --home S replace tls --quiet
    parley card --home S publish --quiet
    run -3 --separate-stderr parley sync --home N
    # A node that was started signs nothing before it has heard the counterparty: by folders, then.
    parley record --home N export cert.south.example there --quiet >/dev/null
    parley record --home S import there
    parley record --home S export cert.north.example back --quiet >/dev/null
    parley record --home N import back
    run -0 parley sync --home N
}

@test "a node restored from a backup gets back over the wire what it had said, and goes on in a successor" {
    parley inquiry --home N --to cert.south.example/abuse --title Scans --tlp AMBER 'Who was it?' --quiet
    parley sync --home N --quiet >/dev/null
    stop "$started"
    cp -r S backup
    serve S
    case=$(parley cases --home S --json | sed 's|.*"case":"[^/]*/\([0-9a-f]\{8\}\).*|\1|')
    parley acknowledge --home S "$case" --quiet
    parley sync --home N --quiet >/dev/null
    stop "$started"
    rm -r S
    mv backup S
    # The South can be called, not call: it learns of it from who calls.
    serve S
    run parley sync --home N
    [[ $(parley status --home S) == *"(restored)"*"--restored"* ]]
    stop "$started"
    digits=$(parley compare --home N s.invitation --quiet)
    parley invite --home N --to cert.south.example --successor -o n2 --quiet
    run -3 parley accept --home S n2 --safety-number "$digits"
    parley sync --home S cert.north.example --restored >/dev/null
    parley record --home N export cert.south.example mine --theirs --quiet >/dev/null
    run -3 parley record --home S import mine
    parley record --home N export cert.south.example whole --quiet >/dev/null
    run parley record --home S import whole
    run -0 parley accept --home S n2 --safety-number "$digits"
    parley invite --home S --to cert.north.example -o s2 --quiet
    run -0 parley accept --home N s2 --safety-number "$digits"
    serve S
    run -0 parley sync --home N
    run -0 parley cases --home N
    [[ $output == *"raised · acknowledged"*Scans* ]]
    run -0 parley cases --home S
    [[ $output == *"raised · acknowledged"*Scans* ]]
}

@test "a drill goes over the wire beside the channel" {
    parley invite --home N --to cert.south.example --drill -o drill --quiet
    parley accept --home S drill --quiet
    run -0 parley sync --home N
    run -0 parley inquiry --home N --drill --to cert.south.example/abuse --title Played --tlp AMBER 'Who was it?'
    run -0 parley sync --home N
    run -0 parley cases --home S --drill
    [[ $output == *Played* ]]
    [ "$(parley cases --home S --json)" = '[]' ]
}
