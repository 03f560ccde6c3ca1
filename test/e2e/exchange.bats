#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# Two nodes on loopback, of which only one can be reached: entries and receipts both ways, and what can go wrong.
load helper

homes() { # of which the South has an address
    port=$(free_port)
    north N
    south S --listen "127.0.0.1:$port" --url "https://127.0.0.1:$port"
}
begin() {
    homes
    open_channel
}
say() { # HOME: something to exchange: a card, of which the second argument says how large
    local remits=() i
    for ((i = 0; i < ${2:-0}; i++)); do remits+=(--remit "domain:$RANDOM.$i.$(printf '%0180d' 0).example"); done
    parley department --home "$1" set "$(sed -n 's/^department \([^ ]*\) .*/\1/p' "$1/desk/card")" --title "Title $RANDOM$RANDOM" \
        "${remits[@]}" --quiet
    parley card --home "$1" publish --quiet
}

@test "one that can't be reached calls, and both have receipts for all that they said" {
    begin
    serve S
    say S
    say S
    say N
    run -0 --separate-stderr parley sync --home N
    [[ $output =~ ^'cert.south.example: sent '[0-9]+' entries, got '[0-9]+'; receipted '[0-9]+' of '[0-9]+' entries at 20' ]]
    run -0 parley sync --home N
    in_step
    run -0 parley sync --home S
    [[ $output == *"they call; receipted"* ]]
    [ "$(of S contacted_at)" != null ]
    [ "$(parley card --home N show cert.south.example)" = "$(parley card --home S show)" ]
    run -0 parley status --home S
    [[ $output == *"node: runs"* ]]
    stop "$started"
    grep -q stops S.log
}

@test "both run a node; what one says goes out by itself" {
    begin
    serve S
    serve N
    say N
    for _ in $(seq 100); do
        [ "$(of N own_size)" != "$(of N receipted_size)" ] || break
        sleep 0.1
    done
    in_step
    [ "$(parley card --home S show cert.north.example)" = "$(parley card --home N show)" ]
}

@test "a one-sided start reaches the other side with its proposal" {
    homes
    parley invite --home N --to cert.south.example --propose 'Let us talk.' -o start --quiet
    parley sync --home N --quiet
    digits=$(parley compare --home S start --quiet)
    parley accept --home S start --safety-number "$digits" --quiet
    parley invite --home S -o s.invitation --quiet
    parley accept --home N s.invitation --safety-number "$digits" --quiet
    serve S
    run -0 parley sync --home N
    in_step
    [ "$(of S their_size)" -ge 2 ]
}

@test "a changed address is told, and taken from then on" {
    begin
    serve S
    parley sync --home N
    stop "$started"
    other=$(free_port)
    sed -i "s|^url .*|url https://127.0.0.1:$other|" S/desk/card
    parley card --home S publish --quiet
    serve S "127.0.0.1:$port"
    parley sync --home N
    stop "$started"
    serve S "127.0.0.1:$other"
    run -0 parley sync --home N
    [[ $output == "cert.south.example: sent 0 entries, got 0; "* ]]
}

@test "a stranger gets nothing, with a certificate or without" {
    begin
    serve S
    url=https://127.0.0.1:$port
    run curl --silent --insecure --max-time 20 --write-out '%{http_code}' "$url/"
    [ "$status" -ne 0 ]
    [ "$output" = 000 ]
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=cert.north.example -days 2 \
        -keyout stranger.key -out stranger.crt 2>/dev/null
    run curl --silent --insecure --max-time 20 --write-out '%{http_code}' --cert stranger.crt --key stranger.key "$url/"
    [ "$status" -ne 0 ]
    [ "$output" = 000 ]
    run openssl s_client -connect "127.0.0.1:$port" -tls1_2 </dev/null
    [ "$status" -ne 0 ]
    # The pinned certificate alone makes the difference: with it an unknown path is answered, and says nothing.
    parley open -i N/node/unlock.txt N/node/tls.key >n.key
    run -0 curl --silent --insecure --max-time 20 --cert N/node/tls.crt --key n.key --write-out ' %{http_code}' "$url/"
    [[ $output == *" 404" ]]
    run -0 parley sync --home N
}

@test "a party without a channel is a stranger" {
    begin
    serve S
    parley init --home W --party cert.west.example --department abuse --officer w --no-passphrase >/dev/null
    parley accept --home W s.invitation --safety-number "$(parley compare --home W --quiet s.invitation)" --quiet
    run -3 --separate-stderr parley sync --home W
    [[ $stderr == *"cert.south.example: "* && $stderr == *"1 of 1 channel failed"* ]]
    [ "$(of W their_size)" -eq 0 ]
}

@test "an impostor at the address of the other side is refused and gets nothing" {
    begin
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=cert.south.example -days 2 \
        -keyout impostor.key -out impostor.crt 2>/dev/null
    start impostor.log openssl s_server -accept "127.0.0.1:$port" -key impostor.key -cert impostor.crt -www
    for _ in $(seq 100); do
        ! grep -q ACCEPT impostor.log || break
        sleep 0.05
    done
    run -3 --separate-stderr timeout 60 "$PARLEY" sync --home N
    [[ $stderr == *"cert.south.example: "* ]]
    run -1 grep -qE 'POST|GET|PUT' impostor.log
}

@test "one that takes connections and never answers ends in an error, and nothing is lost" {
    begin
    say N
    start silent.log python3 -c "import socket, time
s = socket.socket()
s.bind(('127.0.0.1', $port))
s.listen(8)
print('silent', flush=True)
held = []
while True: held.append(s.accept())"
    for _ in $(seq 100); do
        ! grep -q silent silent.log || break
        sleep 0.05
    done
    before=$SECONDS
    run -3 --separate-stderr timeout 100 "$PARLEY" sync --home N
    [ $((SECONDS - before)) -lt 45 ]
    [[ $stderr == *"cert.south.example: "* && $stderr == *"nothing is lost"* ]]
    [[ $(of N trouble) != *'{'* ]]
    kill -9 "$started"
    serve S
    run -0 parley sync --home N
    in_step
}

@test "a node that is not there is told at once" {
    begin
    before=$SECONDS
    run -3 --separate-stderr parley sync --home N
    [ $((SECONDS - before)) -lt 10 ]
    [[ $stderr == *"cert.south.example: "* ]]
    run -0 parley status --home N
    [[ $output == *"trouble: "* && $output == *"last contact: never"* ]]
}

@test "an address that is none, or is taken, is told" {
    begin
    run -2 --separate-stderr parley serve --home N --listen nowhere
    [[ $stderr == *"expected an address and a port"* ]]
    run -2 parley serve --home N --interval 0
    run -2 parley serve --home N --interval soon
    serve S
    run -3 --separate-stderr parley serve --home N --listen "127.0.0.1:$port"
    [[ $stderr == *"127.0.0.1:$port"* ]]
}

@test "a channel is opened through a node that runs" {
    homes
    serve S
    serve N
    open_channel
    [ "$(of N state)" = open ]
    for _ in $(seq 100); do
        [ "$(of N own_size)" != "$(of N receipted_size)" ] || break
        sleep 0.1
    done
    run -0 parley sync --home N
    in_step
}

@test "a second node, and a command beside a node that runs, do not get in its way" {
    begin
    serve S
    run -3 --separate-stderr timeout 60 "$PARLEY" serve --home S --listen 127.0.0.1:0
    [[ $stderr == *"could not start"* ]]
    run -0 parley department --home S set abuse --title 'Beside a node'
    run -0 parley card --home S publish
    run -0 parley sync --home N
    [ "$(parley card --home N show cert.south.example)" = "$(parley card --home S show)" ]
}

@test "a node killed while it takes entries loses nothing that it receipted" {
    begin
    serve S
    for round in 1 2 3 4 5 6; do
        say N 900
        ("$PARLEY" sync --home N >sync.log 2>&1 3>&- </dev/null || true) &
        sync=$!
        sleep "0.0$round"
        kill -9 "$started"
        wait "$sync" || true
        receipted=$(of N receipted_size)
        [ "$(of S cosigned_size)" -ge "$receipted" ]
        [ "$(of S their_size)" -ge "$receipted" ]
        serve S
    done
    run -0 parley sync --home N
    run -0 parley sync --home N
    in_step
    stop "$started"
    run -0 parley status --home S --json
    [[ $output == *'"contradictions":0'* && $output == *'"state":"open"'* ]]
}

@test "one killed while it calls goes on where it was" {
    begin
    serve S
    for round in 1 2 3 4; do
        say N 900
        say S 900
        start sync.log "$PARLEY" sync --home N
        sleep "0.0$((2 * round))"
        kill -9 "$started" 2>/dev/null || true
        [ "$(of S cosigned_size)" -le "$(of N own_size)" ]
    done
    run -0 parley sync --home N
    run -0 parley sync --home N
    in_step
    [ "$(of N state)" = open ]
}
