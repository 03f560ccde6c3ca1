#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# note: keys, signing and verifying, both ways with Go's x/mod/sumdb/note.
load helper

# The Go program, built once for the file.
setup_file() {
    if command -v go >/dev/null && [ -d /usr/share/gocode/src/golang.org/x/mod/sumdb ]; then
        cd "$BATS_TEST_DIRNAME/../interop/note" || return 1
        GO111MODULE=off GOFLAGS='' GOPATH=/usr/share/gocode GOCACHE="$BATS_FILE_TMPDIR/cache" \
            go build -o "$BATS_FILE_TMPDIR/note" .
    fi
}

need_go() {
    go_note=$BATS_FILE_TMPDIR/note
    [ -x "$go_note" ] || skip "there is no go with golang.org/x/mod/sumdb"
}

keys() {
    a=$(parley note keygen a.example -o a.key)
    b=$(parley note keygen b.example/officer/x -o b.key)
    printf 'One line.\n\nAnother, of a state: état.\n' >text
}

@test "a new key goes to a file of mode 0600 that is never overwritten" {
    keys
    [ "$(stat -c %a a.key)" = 600 ]
    [[ $(cat a.key) == PRIVATE+KEY+a.example+* ]]
    [[ $a == a.example+* ]]
    run -3 parley note keygen a.example -o a.key
    run -0 --separate-stderr parley note keygen c.example
    [[ $output == PRIVATE+KEY+c.example+* ]]
    [[ $stderr == c.example+* ]]
    run -4 parley note keygen "two words"
}

@test "what one key signed another has not" {
    keys
    parley note sign --key a.key -o note text
    run -0 --separate-stderr parley note verify --key "$a" note
    [ "$output" = "$(cat text)" ]
    [ "$stderr" = "signed by a.example" ]
    run -1 --separate-stderr parley note verify --key "$b" note
    [ -z "$output" ]
    [[ $stderr == *"no known key has signed this"* ]]
    run -0 parley note verify --key "$b" --key "$a" note
    run -1 parley note verify --all --key "$b" --key "$a" note
    [[ $output == *"b.example/officer/x has not signed this"* ]]
}

@test "several keys sign at once or one after the other, to the same bytes" {
    keys
    parley note sign --key a.key --key b.key text >both
    parley note sign --key a.key <text | parley note sign --add --key b.key >added
    cmp both added
    printf '%s\n%s\n' "$a" "$b" >vkeys
    run -0 parley note verify --all --keys vkeys added
    run -3 parley note sign --add --key a.key added
    [[ $output == *"has signed this already"* ]]
}

@test "a changed text or signature is no, and a file that is no note is bad input" {
    keys
    parley note sign --key a.key -o note text
    sed 's/One/Two/' note >changed
    run -1 --separate-stderr parley note verify --key "$a" changed
    [[ $stderr == *"changed: the signature of a.example does not verify"* ]]
    [ -z "$output" ]
    run -4 parley note verify --key "$a" text
    printf 'no end' >open
    run -4 parley note sign --key a.key open
    printf 'a bell \a\n' >bell
    run -4 parley note sign --key a.key bell
    run -4 parley note sign --key text text
    run -3 parley note sign --key absent text
    run -4 parley note verify --key nonsense note
}

@test "the report is JSON with --json" {
    keys
    parley note sign --key a.key -o note text
    run -0 --separate-stderr parley note verify --json --key "$a" note
    [ "$output" = '{"signed_by":[{"name":"a.example"}],"text":"One line.\n\nAnother, of a state: état.\n"}' ]
}

@test "Go verifies what parley signs, by a key that parley made" {
    keys
    need_go
    parley note sign --key a.key --key b.key -o note text
    run -0 --separate-stderr "$go_note" verify "$a" "$b" <note
    [ "$output" = "$(cat text)" ]
    [ "${stderr_lines[0]}" = "signed by a.example" ]
    [ "${stderr_lines[1]}" = "signed by b.example/officer/x" ]
    run -1 "$go_note" verify "$a" < <(sed 's/One/Two/' note)
}

@test "parley verifies what Go signs, and signs with a key that Go made, to the same bytes" {
    keys
    need_go
    g=$("$go_note" keygen go.example go.key)
    "$go_note" sign go.key a.key <text >note
    run -0 parley note verify --all --key "$g" --key "$a" note
    parley note sign --key go.key --key a.key text | cmp - note
}

@test "wrong usage is told" {
    keys
    run -2 parley note
    run -2 parley note read text
    run -2 parley note sign text
    run -2 parley note verify text
    run -2 parley note keygen
}
