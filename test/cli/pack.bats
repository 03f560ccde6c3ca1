#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# pack and unpack: two homes that exchange by archives alone, in parts and in any order; what is refused.
load ../e2e/helper

setup() {
    begin_test
    north N
    south S
    open_channel
    for _ in 1 2 3; do to_south && to_north; done
}

to_south() { parley pack --home N cert.south.example -o n.tar --quiet && parley unpack --home S n.tar; }
to_north() { parley pack --home S cert.north.example -o s.tar --quiet && parley unpack --home N s.tar; }

# A claim, with so many attachments of 700 KB each.
claim() {
    local attached=()
    for ((i = 0; i < ${1-0}; i++)); do
        head -c 700000 /dev/urandom >"attached-$i"
        attached+=(--attach "attached-$i")
    done
    printf '%s\n' '# parley facts v1' \
        'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence' \
        '2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,' >sheet.csv
    parley claim --home N --to cert.south.example/abuse --facts sheet.csv --title "Guessed passwords" --tlp AMBER \
        "${attached[@]}" --quiet >/dev/null
    case=$(parley cases --home N --json | sed 's/.*"case":"\([^"]*\)".*/\1/')
}
heard() { parley unpack --home N s.tar --quiet >/dev/null; } # the newest that was heard: now N may sign

@test "a claim goes to the other side in an archive, and its receipt comes back the same way" {
    claim
    heard
    run -0 --separate-stderr parley pack --home N cert.south.example -o n.tar
    [ -z "$stderr" ]
    [[ ${lines[1]} == "begins at entry "*": what comes before it was receipted" ]]
    [ "${lines[2]}" = n.tar ]
    run -0 tar -tf n.tar
    [ "${lines[0]}" = checkpoint ]
    [[ $output == *"tile/entries/000.p/"*blobs/*pack ]]
    run -0 parley unpack --home S n.tar
    [[ ${lines[0]} == "cert.north.example: got 1 entry, 2 blobs" ]]
    run -0 parley cases --home S
    [[ $output == *"Guessed passwords"* ]]
    to_north
    run -0 parley show --home N "$case"
    [[ $output == *delivered* ]]
    run -0 parley unpack --home S n.tar # once more
    [ ! -e S/node/packs ] || [ -z "$(ls S/node/packs)" ]
}

@test "parts come in any order and more than once, and the last one that was missing sets the exchange going" {
    claim 2
    heard
    run -0 parley pack --home N cert.south.example -o n.tar --part-size 1M --json
    [[ $output == *'"files":["n.tar.1","n.tar.2"'* ]]
    run -0 parley unpack --home S n.tar.2
    [[ $output == "n.tar.2: part 2 is put aside; "* ]]
    run -0 parley unpack --home S n.tar.2
    run -0 parley cases --home S
    [[ $output != *"Guessed passwords"* ]]
    run -0 parley unpack --home S n.tar.1 --json
    [[ $output == *'"got_blobs":'* ]]
    run -0 parley cases --home S
    [[ $output == *"Guessed passwords"* ]]
}

@test "the same entries and roots as in a folder" {
    claim
    heard
    parley pack --home N cert.south.example -o whole.tar --whole --quiet
    parley record export --home N cert.south.example folder --quiet
    mkdir unpacked && tar -xf whole.tar -C unpacked
    rm unpacked/pack
    diff -r unpacked folder
}

@test "a damaged part is named, and nothing of it is taken" {
    claim 2
    heard
    parley pack --home N cert.south.example -o n.tar --part-size 1M --quiet
    cp n.tar.2 good
    printf '\xff' | dd of=n.tar.2 bs=1 seek=2000 conv=notrunc status=none
    run -4 --separate-stderr parley unpack --home S n.tar.1 n.tar.2
    [[ $stderr == *"n.tar.2: part 2 is damaged"* ]]
    head -c 5000 good >n.tar.2
    run -4 --separate-stderr parley unpack --home S n.tar.2
    [[ $stderr == *"n.tar.2: "* ]]
    run -0 parley unpack --home S good
    [[ $output == *"got "* ]]
}

@test "what is no pack, of nobody, too old or begins too late is refused with the reason" {
    cp n.tar old
    claim
    heard
    parley pack --home N cert.south.example -o n.tar --quiet
    parley unpack --home S n.tar --quiet
    run -3 --separate-stderr parley unpack --home S old
    [[ $stderr == *"old: the folder is an old one"* ]]
    tar -cf plain.tar --format=ustar sheet.csv
    run -4 parley unpack --home S plain.tar
    run -4 parley unpack --home S sheet.csv
    parley init --home E --party cert.east.example --department x --officer e.officer --no-passphrase --quiet >/dev/null
    run -3 --separate-stderr parley unpack --home E n.tar
    [[ $stderr == *"belongs to no channel of this home"* ]]
    run -2 parley pack --home N cert.south.example
    run -2 parley pack --home N cert.south.example -o n.tar --part-size 10
    run -2 parley unpack --home N
}

@test "parts of which the rest never came go once the record came another way" {
    claim 2
    heard
    parley pack --home N cert.south.example -o parts --part-size 1M --quiet >/dev/null
    parley unpack --home S parts.2 >/dev/null
    [ -n "$(ls S/node/packs)" ]
    parley record --home N export cert.south.example carried --quiet >/dev/null
    [ -n "$(ls S/node/packs)" ] # nothing is known of it yet
    parley record --home S import carried >/dev/null
    parley status --home S >/dev/null
    [ -z "$(ls S/node/packs)" ]
}

@test "a pack takes no more memory for twenty times the entries" {
    heard
    peak() { python3 -c '
import subprocess, sys
p = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
most = 0
while p.poll() is None:
    try: most = max([most] + [int(l.split()[1]) for l in open(f"/proc/{p.pid}/status") if l.startswith("RssAnon")])
    except OSError: pass
print(most)
sys.exit(p.returncode)' "$PARLEY" "$@"; }
    local few=() many=()
    fill="${PARLEY%/src/cli/parley}/bench/bench-fill"
    "$fill" N/node 500
    to_north >/dev/null
    few+=("$(peak pack --home N cert.south.example -o n.tar)")
    few+=("$(peak unpack --home S n.tar)")
    to_north >/dev/null
    "$fill" N/node 10000
    to_north >/dev/null
    many+=("$(peak pack --home N cert.south.example -o n.tar)")
    many+=("$(peak unpack --home S n.tar)")
    echo "KiB: pack ${few[0]} ${many[0]}, unpack ${few[1]} ${many[1]}"
    for i in 0 1; do ((many[i] < few[i] + 4096)); done
    run -0 parley fsck --home S
}
