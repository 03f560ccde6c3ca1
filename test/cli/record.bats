#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# record: two homes that exchange by folders alone; what is refused; note verify on what was exported.
load ../e2e/helper

setup() {
    begin_test
    north N
    south S
    open_channel
}

# One way: what N says goes to S, or the other way round.
to_south() { parley record export --home N cert.south.example north && parley record import --home S north; }
to_north() { parley record export --home S cert.north.example south && parley record import --home N south; }
rest() { for _ in 1 2 3; do to_south && to_north; done; }

claim() {
    printf '%s\n' '# parley facts v1' \
        'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence' \
        '2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,' >sheet.csv
    parley claim --home N --to cert.south.example/abuse --facts sheet.csv --title "Guessed passwords" --tlp AMBER
}

@test "a claim goes to the other side by folders, and its receipt comes back" {
    rest
    claim
    parley record import --home N south # the newest that was heard: now N may sign
    run -0 --separate-stderr parley record export --home N cert.south.example north
    [ -z "$stderr" ]
    run -0 parley record import --home S north
    [[ ${lines[0]} == "cert.north.example: got 1 entry, 2 blobs" ]]
    run -0 parley cases --home S
    [[ $output == *"Guessed passwords"* ]]
    to_north
    run -0 parley show --home N "$(parley cases --home N --json | sed 's/.*"case":"\([^"]*\)".*/\1/')"
    [[ $output == *delivered* ]]
    rest
    run -0 parley record import --home N south --json
    [[ $output == *'"got_blobs":0,"got_entries":0,"own_entries":'* ]]
    own=${output#*own_entries\":} receipted=${output#*receipted_entries\":}
    [ "${own%%,*}" = "${receipted%%,*}" ]
}

@test "before anything was heard nothing is signed, and the program says what to do" {
    run -0 --separate-stderr parley record export --home N cert.south.example north
    [ "$output" = "0 entries, 0 blobs" ]
    [[ $stderr == *"1 entry is held back"*"take the newest folder or pack of cert.south.example"* ]]
    [ ! -e north/checkpoint ]
    run -3 --separate-stderr parley record export --home N cert.south.example --theirs mirror
    [[ $stderr == *"nothing of the record of cert.south.example is held"* ]]
}

@test "what is exported verifies by the keys beside it, at both ends" {
    rest
    parley record export --home N cert.south.example north # now with the receipt
    run -0 --separate-stderr parley note verify --all --keys north/vkeys north/checkpoint
    [[ $stderr == *"signed by parley/"*"cosigned by cert.south.example/mirror at "* ]]
    parley record export --home S cert.north.example --theirs mirror
    run -0 parley note verify --all --keys mirror/vkeys mirror/checkpoint
    diff -r mirror/tile north/tile
    diff -r mirror/blobs north/blobs
    cmp mirror/checkpoint north/checkpoint
    for blob in north/blobs/*; do [ "$(sha256sum <"$blob" | cut -d' ' -f1)" = "${blob##*/}" ]; done
}

@test "the mirror that the counterparty exports carries its receipt" {
    to_south
    to_north
    to_south
    parley record export --home S cert.north.example --theirs mirror
    run -0 parley record import --home N mirror
    [[ ${lines[2]} == "own record: receipted to "* ]]
    [[ ${lines[2]} != *"to 0 of"* ]]
}

@test "a tampered entry, a swapped one and an old folder are refused with the reason" {
    rest
    cp -r north old
    claim
    parley record import --home N south
    parley record export --home N cert.south.example north
    cp -r north good
    bundle=$(echo north/tile/entries/000.p/*)
    printf '7' | dd of="$bundle" bs=1 seek=30 conv=notrunc status=none
    run -4 --separate-stderr parley record import --home S north
    [[ $stderr == *"north: entry 0 is not the one whose hash tile/0/000.p/"* ]]
    rm -r north && cp -r good north
    python3 - "$bundle" <<'END'
import struct, sys
whole = open(sys.argv[1], "rb").read()
entries = []
while whole:
    size, = struct.unpack(">H", whole[:2])
    entries.append(whole[:2 + size])
    whole = whole[2 + size:]
entries[0], entries[1] = entries[1], entries[0]
open(sys.argv[1], "wb").write(b"".join(entries))
END
    run -4 --separate-stderr parley record import --home S north
    [[ $stderr == *"entry 0 is not the one whose hash"* ]]
    rm -r north && cp -r good north
    run -0 parley record import --home S north
    run -3 --separate-stderr parley record import --home S old
    [[ $stderr == *"old: the folder is an old one: its record has "*" entries, and "*" are known already"* ]]
    run -0 parley record import --home S good
}

@test "folders of others are told apart" {
    rest
    mkdir else && touch else/thing
    run -3 parley record export --home N cert.south.example else
    run -3 parley record export --home N cert.south.example south
    run -3 parley record export --home N cert.east.example new
    [ ! -e new ]
    run -3 parley record import --home N absent
    run -3 parley record import --home N else
    parley init --home E --party cert.east.example --department x --officer e.officer --no-passphrase --quiet >/dev/null
    run -3 --separate-stderr parley record import --home E north
    [[ $stderr == *"belongs to no channel of this home"* ]]
    run -2 parley record
    run -2 parley record send --home N x
    run -2 parley record export --home N cert.south.example
    run -2 parley record import --home N
}

@test "a folder that came back with links in it is written into nowhere else" {
    rest
    claim
    to_north
    to_south
    echo precious >kept
    blob=$(find north/blobs -type f | head -n 1)
    ln -sf "$PWD/kept" "$blob"
    run -3 --separate-stderr parley record export --home N cert.south.example north
    [ -n "$stderr" ]
    [ "$(cat kept)" = precious ]
    rm "$blob"
    tile=$(find north/tile/entries -type f | head -n 1)
    ln -sf "$PWD/kept" "$tile"
    run -3 parley record export --home N cert.south.example north
    [ "$(cat kept)" = precious ]
    rm "$tile"
    to_south
}
