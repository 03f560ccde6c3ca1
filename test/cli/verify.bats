#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# verify: a dossier that was made long ago, by the fingerprints of both roots.
load helper

vector() { echo "$BATS_TEST_DIRNAME/../vector/dossier/answered.tar"; }
north='cert.north.example=68628 69531 02289 68272 22971 07143'
south='cert.south.example=58571 85779 81725 03291 65455 33135'

@test "a dossier holds by the fingerprints of both roots" {
    run -0 parley verify "$(vector)" --root "$north" --root "$south"
    [[ ${lines[0]} == "The dossier holds." ]]
    [[ $output == *"corroborated by the findings of cert.south.example, 2 of 2 facts answered"* ]]
    [[ $output == *"closed messages: 1, closed attachments: 0"* ]]
}

@test "fingerprints may be typed without spaces" {
    run -0 parley verify "$(vector)" --root "${north// /}" --root "${south// /}"
}

@test "the report is JSON with --json" {
    run -0 parley verify --json "$(vector)" --root "$north" --root "$south"
    [[ $output == '{"closed_attachments":0,"closed_messages":1,'* ]]
}

@test "another root, or none, is no" {
    run -1 --separate-stderr parley verify "$(vector)" --root "$north" --root "cert.south.example=${north#*=}"
    [[ $stderr == *"the root of cert.south.example in the dossier is another"* ]]
    run -1 --separate-stderr parley verify "$(vector)" --root "$north"
    [[ $stderr == *"--root cert.south.example=FINGERPRINT"* ]]
    [ -z "$output" ]
}

@test "a changed byte is no, and a file that is no dossier is bad input" {
    cp "$(vector)" changed.tar
    printf 'X' | dd of=changed.tar bs=1 seek=9000 conv=notrunc status=none
    run parley verify changed.tar --root "$north" --root "$south"
    [ "$status" -eq 1 ] || [ "$status" -eq 4 ]
    echo hello >hello
    run -4 --separate-stderr parley verify hello --root "$north" --root "$south"
    [[ $stderr == "parley verify: hello: "* ]]
    : >empty
    run -4 parley verify empty --root "$north" --root "$south"
    run -3 parley verify absent --root "$north" --root "$south"
}

@test "wrong usage is told" {
    run -2 parley verify
    run -2 parley verify "$(vector)" --root nonsense
    run -2 --separate-stderr parley verify "$(vector)" --root "${north%43}" --root "$south"
    [[ $stderr == *"a fingerprint of 30 digits"* ]]
    run -2 parley verify "$(vector)" --root "$north" --as-of yesterday
}
