#!/usr/bin/env bats
# What may befall a home: a backup put back, a disk that is full; and that both sides say the same of one cut.
# shellcheck disable=SC2154 # bats sets $stderr
load helper

sheet() {
    printf '%s\n' '# parley facts v1' \
        'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence' \
        '2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,' >sheet.csv
}
claim() { parley claim --home N --to cert.south.example/abuse --facts sheet.csv --title "$1" --tlp AMBER --quiet "${@:2}"; }

# A channel whose records both hold, with South's node running.
begin() {
    local address
    address=127.0.0.1:$(free_port)
    north N
    south S --url "https://$address"
    open_channel
    serve S "$address"
    sheet
    parley sync --home N >/dev/null # their card
    claim "The first" >first
    parley sync --home N >/dev/null
}

# state HOME: what the cases come to at the last cut that both recorded, at one moment.
state() { parley cases --home "$1" --shared --as-of 2030-01-01T00:00:00Z --json | sed 's/"with":"[^"]*",\{0,1\}//g'; }

@test "both sides derive the same state at the same cut" {
    begin
    claim "The second" >/dev/null
    parley acknowledge --home S "$(cat first)" --quiet >/dev/null
    parley sync --home N >/dev/null
    parley sync --home N >/dev/null
    [[ $(state N) == *'"acknowledged"'* ]]
    [ "$(state N)" = "$(state S)" ]
}

@test "a review gives both sides the same numbers," {
    begin
    parley acknowledge --home S "$(cat first)" --quiet >/dev/null
    parley sync --home N >/dev/null
    parley sync --home N >/dev/null
    run -0 parley review cert.south.example --home N --as-of 2030-01-01T00:00:00Z
    north=$output
    [[ $north =~ claims\ +0\ +1 ]]
    [[ $north =~ "facts to be checked"\ +0\ +1 ]]
    # shellcheck disable=SC2206 # words are meant
    again=(${north##*: })
    run -0 parley review cert.north.example --home S "${again[@]}"
    [ "$output" = "$north" ]
    run -0 parley review cert.south.example --home N "${again[@]}" --json
    json=$output
    run -0 parley review cert.north.example --home S "${again[@]}" --json
    [ "$output" = "$json" ]
    [[ $json == *'"drill":false'* ]]
    run -0 parley review cert.south.example --home N --html
    [[ $output == "<!doctype html>"*"<svg"*"</html>" ]]
    run -2 parley review cert.south.example --home N --html --json
    run -3 parley review cert.east.example --home N
}

@test "a home put back from a backup signs nothing, says so, and keeps all" {
    begin
    cp -a N backup
    claim "The second" >/dev/null
    parley sync --home N >/dev/null
    told=$(of S their_size)
    rm -rf N
    mv backup N
    run -3 parley sync --home N
    [[ $output == *"backup"* || $output == *"behind"* ]]
    run -3 claim "The third"
    [[ $output == *"restored"* ]]
    [ "$(of S their_size)" = "$told" ]
    [ "$(of S state)" != frozen ]
    run -0 parley cases --home N
    [[ $output == *"The first"* ]]
    run -0 parley status --home N
    [[ $output == *"restored"* ]]
}

# Mounting needs root; the mount is gone with the shell that made it.
@test "a full disk is told, loses nothing, and is over when there is space again" {
    [ "$(id -u)" = 0 ] || skip "mounting a small disk needs root"
    unshare -m true 2>/dev/null || skip "no mount namespace can be made here"
    begin
    head -c 12000000 /dev/urandom >large
    export -f parley claim of
    # shellcheck disable=SC2016 # for the inner shell
    run unshare -m bash -ec '
        mkdir small
        mount -t tmpfs -o size=8m tmpfs small
        cp -a N/. small/
        mount --bind small N
        before=$(of N own_size)
        claim "Too large" --attach large >out 2>&1 && exit 1
        cat out
        grep -q "space" out
        [ "$(of N own_size)" = "$before" ]
        claim "Small" >/dev/null
        parley sync --home N
        parley fsck --home N
        rm -rf copy && mkdir copy && cp -a N/. copy/
    '
    echo "$output"
    [ "$status" = 0 ]
    echo "$output"
    run -0 parley cases --home copy
    [[ $output == *"Small"* && $output != *"Too large"* ]]
}
