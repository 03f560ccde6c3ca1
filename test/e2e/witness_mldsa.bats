#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# Cosignatures by ML-DSA-44 that a program in JavaScript makes with @noble/post-quantum: under notes, and by a witness that
# the terms name.  Skipped, saying so, where script/setup has not put that package into build/npm.
load helper

setup() {
    begin_test
    interop=$BATS_TEST_DIRNAME/../interop
    modules=${PARLEY_NPM:-$BATS_TEST_DIRNAME/../../build/npm}/node_modules
    [ -d "$modules/@noble/post-quantum" ] || skip "there is no @noble/post-quantum: script/setup installs it"
}

# cosign NAME: its key into NAME.vkey, its line under the note `note`.
cosign() {
    node "$interop/mldsa_cosign.mjs" "$modules" "$1" 1679315147 <note >cosigned
    head -n 1 cosigned >"${1##*/}.vkey"
    tail -n 1 cosigned >>note
}

@test "note verify holds ML-DSA-44 cosignatures, and wants another's signature on extension lines" {
    parley note keygen log.example/a -o log.key >log.vkey
    printf 'log.example/a\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n' >text
    parley note sign --key log.key -o note text
    cosign witness.example/w1
    cosign witness.example/w2
    parley note verify --all --keys log.vkey --keys w1.vkey note >/dev/null
    run -0 --separate-stderr parley note verify --keys w2.vkey note
    [[ $stderr == *"cosigned by witness.example/w2 at 2023-03-20T12:25:47Z"* ]]
    for change in 's/20852163/20852164/' 's/CsUY/CsUZ/' 's/^log.example/log.exampl3/'; do
        sed "$change" note >other
        run -1 parley note verify --keys w1.vkey other
        [[ $output == *"the cosignature of witness.example/w1 does not verify"* ]]
    done
    head -n -1 note >without
    run -1 parley note verify --keys w2.vkey without
    [[ $output == *"no known key has signed this"* ]]
    # Of extension lines it says nothing.
    echo "an extension" >>text
    parley note sign --key log.key -o note text
    cosign witness.example/w1
    run -1 parley note verify --keys w1.vkey note
    [[ $output == *"no known key has signed the extension lines"* ]]
    parley note verify --all --key "$(cat log.vkey)" --keys w1.vkey note >/dev/null
}

@test "a witness that cosigns with ML-DSA-44 meets the quorum of the terms, at the nodes and in a dossier" {
    port=$(free_port)
    north N
    south S --listen "127.0.0.1:$port" --url "https://127.0.0.1:$port"
    open_channel
    serve S
    parley sync --home N --quiet
    port=$(free_port)
    start witness.log node "$interop/mldsa_witness.mjs" "$modules" "$port" witness.example/js
    until_listens witness.log
    vkey=$(head -n 1 witness.log)
    agree_on_witness "$vkey http://127.0.0.1:$port" --quorum 1
    for _ in 1 2 3; do
        parley sync --home N --quiet
        parley sync --home S --quiet
    done
    for home in N S; do
        run -0 parley status --home "$home"
        [[ $output == *"witnesses: 1 of 1 must cosign"*"our record: witnessed to entry "*"their record: witnessed to entry "* ]]
        [[ $output != *trouble* ]]
        parley fsck --home "$home" --quiet
    done
    terms=$(parley cases --home N --json | grep -o '"case":"[^"]*"' | head -1 | cut -d'"' -f4)
    roots=(--root "cert.north.example=$(parley fingerprint --home S n.invitation --quiet)"
        --root "cert.south.example=$(parley fingerprint --home N s.invitation --quiet)")
    parley dossier --home N "$terms" --yes -o open.dossier --quiet
    run -0 parley verify open.dossier "${roots[@]}"
    [[ $output == *"cosigned by a witness of the terms at 20"*"1 of 1 have cosigned, 1 must: met"* ]]
    # With one other character in the cosignature the dossier does not hold.
    before=' witness.example/js .\{2000\}'
    LC_ALL=C sed "s,\($before\)[^+],\1+,; t; s,\($before\)+,\1/," open.dossier >other.dossier
    [ "$(stat -c %s open.dossier)" = "$(stat -c %s other.dossier)" ]
    run -1 parley verify other.dossier "${roots[@]}"
    [[ $output == *"the signature of the witness witness.example/js"* ]]
}
