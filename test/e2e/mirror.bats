#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# A neutral mirror between two nodes: one of them is away, the mirror receipts in its stead, and hands over what it missed.
load helper

# Both nodes run; the South's card names the mirror, which holds what the North says to the South.
begin() {
    local port
    port=$(free_port)
    south_at=127.0.0.1:$port
    north N
    south S --listen "$south_at" --url "https://$south_at"
    open_channel
    serve S
    south_node=$started
    serve N
    north_node=$started
    parley sync --home N --quiet
    port=$(free_port)
    parley mirror init M mirror.example --url "https://127.0.0.1:$port" --no-passphrase >line
    cmp line M/neutral
    parley card show --home N >n.card
    parley card show --home S >s.card
    parley mirror add M n.card s.card --quiet
    start M.log "$PARLEY" mirror serve M --listen "127.0.0.1:$port"
    mirror=$started
    until_listens M.log
    parley card neutral "$(cat M/neutral)" --home S --quiet
    parley card publish --home S --quiet
    parley sync --home N --quiet
}

@test "who is away is receipted for by its mirror, and fetches from there what it missed" {
    begin
    stop "$south_node"
    inquiry=$(parley inquiry --home N --to cert.south.example/abuse --title "Still there?" --tlp AMBER "A plain question." --quiet)
    run -3 --separate-stderr parley sync --home N
    [[ $stderr == *"the mirror mirror.example/mirror receipts in their stead, up to "* ]]
    [ "$(of N own_size)" = "$(of N receipted_size)" ]
    run -0 parley status --home N
    [[ $output == *"trouble: "*"the mirror mirror.example/mirror receipts in their stead"* ]]
    run -0 parley outbox --home N --all
    [[ $output == *"inquiry "*"receipted "* ]]
    held=$(of N own_size)
    run -0 parley mirror list M
    [ "$output" = "cert.north.example to cert.south.example: entries held: $held, receipted to $held" ]
    # What it holds is sealed.
    run -1 grep -rqaE "Still there|plain question" M
    # The North's node goes away as well: all that the South now gets is the mirror's.
    stop "$north_node"
    serve S "$south_at"
    run -0 parley sync --home S
    [ "$(of S their_size)" = "$held" ]
    run -0 parley show "$inquiry" --home S
    [[ $output == *"A plain question."* ]]
    # Back together: both sides hold all, and the debtor's clock runs from the mirror's receipt on.
    serve N
    parley sync --home N --quiet
    in_step
    parley fsck --home N --quiet
    parley fsck --home S --quiet
    stop "$mirror"
}

@test "a mirror off the card counts no more; what is said wrongly is refused" {
    begin
    run -0 parley card show --home S --json
    [[ $output == *'"neutrals":[{"name":"mirror.example/mirror"'* ]]
    run -3 parley card neutral --drop other.example/mirror --home S
    parley card neutral --drop mirror.example/mirror --home S --quiet
    parley card publish --home S --quiet
    run -0 parley card show --home S --json
    [[ $output != *neutrals* ]]
    [[ $output != *mirror.example/mirror+* ]]
    parley sync --home N --quiet
    stop "$south_node"
    parley remark --help >/dev/null
    parley inquiry --home N --to cert.south.example/abuse --title "Still there?" --tlp AMBER "A plain question." --quiet
    run -3 --separate-stderr parley sync --home N
    [[ $stderr != *mirror.example* ]]
    run -2 parley card neutral --home S
    run -4 parley card neutral "nonsense" --home S
    run -4 parley card neutral "$(parley keys list --home S --json | grep -o 'cert.south.example/mirror+[^"]*' | head -1) $(cut -d' ' -f2- M/neutral)" --home S
    run -2 parley mirror init M2 mirror.example
    run -2 parley mirror serve M
    run -2 parley mirror nothing M
    run -3 parley mirror add M2 n.card s.card
    run -4 parley mirror add M n.card s.card --origin parley/0
    run -0 parley mirror list M --json
    [[ $output == *'"from":"cert.north.example"'*'"state":"mirrored","to":"cert.south.example"'* ]]
}
