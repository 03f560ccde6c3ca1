#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# Two histories of one channel, from copies of both homes that went on apart: told where they part, proved, frozen at both
# sides, and gone on from in a successor.
load helper

sync_quietly() { parley sync --home "$1" --quiet; }

# Homes N and S with an open case; copies N2 and S2 that go on another way, by one entry more.
begin() {
    local port
    port=$(free_port)
    south_at=127.0.0.1:$port
    north N
    south S --listen "$south_at" --url "https://$south_at"
    open_channel
    serve S
    sync_quietly N
    the_case=$(parley inquiry --home N --to cert.south.example/abuse --title "An open case" --tlp AMBER "A question." --quiet)
    sync_quietly N
    sync_quietly N
    stop "$started"
    common=$(of N own_size)
    cp -r N N2
    cp -r S S2
    serve S
    parley remark --home N "$the_case" "The first history." --quiet
    sync_quietly N
    parley record export --home N cert.south.example one --quiet
    stop "$started"
    serve S2
    parley remark --home N2 "$the_case" "Another history." --quiet
    parley remark --home N2 "$the_case" "And it goes on." --quiet
    sync_quietly N2
    parley record export --home N2 cert.south.example other --quiet
    parley pack --home N2 cert.south.example -o other.pack --whole --quiet
    stop "$started"
    log=$(head -1 one/vkeys)
}

@test "the entry at which two histories part is named, and proved by one key" {
    begin
    run -0 parley verify --fork one other --log "$log" -o proof
    [ "${lines[0]}" = "the histories part at entry $common: before it both hold the same" ]
    [[ $output == *"proved: one log key has signed both histories" ]]
    run -0 parley verify --fork other one --log "$log" --json
    [[ $output == *'"index":'"$common"',"origin":"parley/'*'"parts":true,"proof":"parley equivocation v1'* ]]
    run -0 parley verify proof --log "$log"
    [[ $output == *"what was signed last holds another root at the smaller size" ]]
    run -1 --separate-stderr parley verify --fork one one --log "$log"
    [[ $stderr == *"one history"* ]]
    # A record that is the front of another is no fork.
    parley record export --home N2 cert.south.example more --quiet
    run -1 parley verify --fork other more --log "$log"
    run -2 parley verify --fork one --log "$log"
    run -2 parley verify --fork one other
    run -2 parley verify one other --log "$log"
    parley record export --home S cert.north.example south --quiet
    run -4 parley verify --fork one south --log "$log"
    # What was damaged on its way is no other history.
    tile=$(find other/tile/0 -type f | head -1)
    printf '\1' | dd of="$tile" bs=1 seek=40 conv=notrunc 2>/dev/null
    run -4 --separate-stderr parley verify --fork one other --log "$log"
    [[ $stderr == *other* ]]
}

@test "a contradiction freezes both sides with the proof, and a successor carries the case on" {
    begin
    serve S
    run -3 --separate-stderr parley sync --home N2
    [[ $stderr == *"the counterparty signed two histories of its record"* ]]
    for home in N2 S; do
        run -0 parley status --home "$home"
        [[ $output == *"contradictions: 1, of which 1 prove it by signatures"*"--successor"* ]]
    done
    run -3 parley sync --home N
    run -0 parley status --home N
    [[ $output == *"(frozen)"* ]]
    # Who stayed in the first history goes on with it, and with the case.
    digits=$(parley compare --home N cert.south.example --quiet)
    parley invite --home N --to cert.south.example --successor -o n2 --quiet
    parley accept --home S n2 --safety-number "$digits" --quiet
    parley invite --home S --to cert.north.example -o s2 --quiet
    parley accept --home N s2 --safety-number "$digits" --quiet
    sync_quietly N
    sync_quietly N
    parley acknowledge --home S "$the_case" "We go on." --quiet
    sync_quietly N
    for home in N S; do
        run -0 parley show --home "$home" "$the_case"
        [[ $output == *"A question."*"The first history."*"We go on."* ]]
        [[ $output != *"Another history."* ]]
    done
}

@test "a pack with another history is proved at once, at a larger size, with the entry where it parts" {
    begin
    serve S
    run -4 parley unpack --home S other.pack
    run -0 parley status --home S --json
    [[ $output == *'"state":"frozen"'* ]]
    [[ $output == *"the histories part at entry $common"* ]]
    [[ $output == *'parley equivocation v1'* ]]
    run -3 parley sync --home N
    run -0 parley status --home N
    [[ $output == *"the counterparty holds the proof that one's own log key signed two histories"*"of which 1 prove it"* ]]
}
