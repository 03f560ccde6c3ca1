#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# shellcheck disable=SC2094 # `plain` is read on both ends of a pipe, and written on none
# seal and open: age files, both ways with age itself, and the test vectors of age.
load helper

# Three key pairs and something to say.
keys() {
    for name in a b c; do
        age-keygen -o "$name.key" 2>/dev/null
        age-keygen -y "$name.key" >"$name.pub"
    done
    printf 'a line of a log\n' >plain
}

# Changes one bit of a file at an offset.
flip() {
    local byte
    byte=$(dd if="$1" bs=1 skip="$2" count=1 status=none | od -An -tu1 | tr -d ' ')
    # shellcheck disable=SC2059
    printf "\\$(printf %03o $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

@test "age opens what seal seals, for each of several recipients" {
    keys
    run -0 parley seal -r "$(cat a.pub)" -r "$(cat b.pub)" -R <(printf '# one more\n\n%s\n' "$(cat c.pub)") -o sealed plain
    for name in a b c; do
        run -0 age -d -i "$name.key" sealed
        [ "$output" = "a line of a log" ]
    done
    [ "$(grep -ac '^-> X25519 ' sealed)" -eq 3 ]
    [ -z "$(find . -name '*.new-*')" ]
}

@test "open opens what age seals, and takes the key that fits" {
    keys
    age -r "$(cat a.pub)" -r "$(cat b.pub)" -o sealed plain
    run -0 parley open -i b.key sealed
    [ "$output" = "a line of a log" ]
    run -0 parley open -i c.key -i a.key -o opened sealed
    cmp plain opened
    [ "$(stat -c %a opened)" = 600 ]
    run -3 --separate-stderr parley open -i c.key -o not sealed
    [ ! -e not ]
    [[ $stderr == *sealed* ]]
}

@test "armor goes both ways and is recognised" {
    keys
    parley seal --armor -r "$(cat a.pub)" -o sealed plain
    [ "$(head -n 1 sealed)" = "-----BEGIN AGE ENCRYPTED FILE-----" ]
    age -d -i a.key sealed | cmp - plain
    age -a -r "$(cat a.pub)" plain | parley open -i a.key | cmp - plain
    parley seal -a -r "$(cat a.pub)" plain | age -d -i a.key | cmp - plain
}

@test "a dash is standard input and output" {
    keys
    parley seal -r "$(cat a.pub)" -o - - <plain | parley open -i a.key -o - - | cmp - plain
    parley seal -r "$(cat a.pub)" <plain | age -d -i a.key | cmp - plain
}

@test "nothing is padded, and an empty file is one" {
    keys
    : >empty
    parley seal -r "$(cat a.pub)" -o sealed empty
    parley open -i a.key -o opened sealed
    [ -f opened ] && [ ! -s opened ]
    age -d -i a.key sealed | cmp - empty
    printf 'x%.0s' {1..1000} >thousand
    [ "$(parley seal -r "$(cat a.pub)" thousand | wc -c)" -eq $(($(age -r "$(cat a.pub)" thousand | wc -c))) ]
}

@test "a passphrase seals and opens; another does not" {
    printf 'correct horse\nand a second line\n' >pass
    printf 'wrong horse\n' >wrong
    echo hello >plain
    run -0 parley seal --passphrase-file pass -o sealed plain
    run -0 parley open --passphrase-file pass -o opened sealed
    cmp plain opened
    run -3 parley open -p wrong -o not sealed
    [ ! -e not ]
    [[ $(sed -n 2p sealed) == "-> scrypt "* ]]
}

@test "a changed byte anywhere is refused and leaves no file" {
    keys
    head -c 200000 /dev/urandom >big
    parley seal -r "$(cat a.pub)" -o sealed big
    size=$(stat -c %s sealed)
    mac=$(grep -abo -m1 -- '^---' sealed | head -n 1 | cut -d: -f1)
    for at in 3 $((mac + 20)) $((mac + 60)) 70000 150000 $((size - 1)); do
        cp sealed changed
        flip changed "$at"
        run -4 --separate-stderr parley open -i a.key -o out changed
        [[ $stderr == *changed* ]]
        [ ! -e out ]
    done
    # A stanza that was changed fits no key.
    cp sealed changed
    flip changed 80
    run parley open -i a.key -o out changed
    [ "$status" -eq 3 ] || [ "$status" -eq 4 ]
    for cut in 10 $((mac + 10)) 65000 $((size - 1)); do
        head -c "$cut" sealed >short
        run -4 parley open -i a.key -o out short
        [ ! -e out ]
    done
    [ "$(find . -name 'out*' | wc -l)" -eq 0 ]
}

@test "what stood under the name stays when opening fails" {
    keys
    echo kept >out
    age -r "$(cat a.pub)" plain >sealed
    echo more >>sealed
    run -4 parley open -i a.key -o out sealed
    [ "$(cat out)" = kept ]
    parley open -i a.key -o out <(age -r "$(cat a.pub)" plain)
    cmp out plain
}

@test "a file may be sealed onto itself, and to a device" {
    keys
    cp plain same
    parley seal -r "$(cat a.pub)" -o same same
    age -d -i a.key same | cmp - plain
    parley open -i a.key -o /dev/null same
    [ -c /dev/null ]
}

@test "the file key alone opens, if it is the file's" {
    vectors=${PARLEY_AGE_VECTORS:-}
    [ -d "$vectors" ] || skip "PARLEY_AGE_VECTORS names no folder with the CCTV age vectors"
    sed '1,/^$/d' "$vectors/x25519" >sealed
    key=$(sed -n 's/^file key: //p' "$vectors/x25519")
    parley open --file-key "$key" -o opened sealed
    [ "$(sha256sum <opened | cut -d' ' -f1)" = "$(sed -n 's/^payload: //p' "$vectors/x25519")" ]
    run -4 parley open --file-key "${key/4/5}" -o not sealed
    [ ! -e not ]
    run -2 parley open --file-key "${key:2}" sealed
}

# A vector: lines `word: value`, an empty line, the file, perhaps compressed by zlib (RFC 1950).
take_vector() {
    sed -n '1,/^$/p' "$1" >header
    tail -c "+$(($(stat -c %s header) + 1))" "$1" >file
    if grep -q '^compressed: zlib' header; then
        { printf '\x1f\x8b\x08\0\0\0\0\0\0\0' && tail -c +3 file; } | gzip -dc >inflated 2>/dev/null || true
        mv inflated file
    fi
    grep '^identity: AGE-SECRET-KEY-1' header | cut -d' ' -f2 >identities
    sed -n 's/^passphrase: //p' header | tail -n 1 >pass
}

# Opens the vector in `file` to standard output with what it names.
open_vector() {
    local with=()
    [ ! -s identities ] || with+=(-i identities)
    [ ! -s pass ] || with+=(-p pass)
    [ -n "${with[*]}" ] || with=(-i a.key) # a vector of a header that nobody needs a key to refuse
    parley open "${with[@]}" "$@" file
}

@test "every vector of age gives what it says" {
    [ -d "${PARLEY_AGE_VECTORS:-}" ] || skip "PARLEY_AGE_VECTORS names no folder with the CCTV age vectors"
    local expect want payload status count=0
    keys
    for vector in "$PARLEY_AGE_VECTORS"/*; do
        case ${vector##*/} in hybrid* | mlkem* | tag* | p256* | armor_hybrid* | *.*) continue ;; esac
        take_vector "$vector"
        expect=$(sed -n 's/^expect: //p' header)
        case $expect in success) want=0 ;; "no match") want=3 ;; *) want=4 ;; esac
        status=0
        open_vector >opened 2>said || status=$?
        [ "$status" -eq "$want" ] || {
            echo "${vector##*/}: expected $expect, found status $status: $(cat said)"
            return 1
        }
        payload=$(sed -n 's/^payload: //p' header)
        [ -z "$payload" ] || [ "$(sha256sum <opened | cut -d' ' -f1)" = "$payload" ]
        rm -f out
        status=0
        open_vector -o out 2>/dev/null || status=$?
        [ "$status" -eq "$want" ]
        if [ "$want" -eq 0 ]; then cmp out opened; else [ ! -e out ]; fi
        count=$((count + 1))
    done
    [ "$count" -gt 100 ]
}

@test "memory does not grow with the file" {
    [ -x /usr/bin/time ] || skip "there is no /usr/bin/time"
    keys
    truncate -s 300M large
    /usr/bin/time -f %M -o sealing "$PARLEY" seal -r "$(cat a.pub)" -o sealed large
    /usr/bin/time -f %M -o opening "$PARLEY" open -i a.key -o opened sealed
    cmp large opened
    [ "$(cat sealing)" -lt 40000 ]
    [ "$(cat opening)" -lt 40000 ]
    rm -f large sealed opened
}

@test "wrong usage is told" {
    keys
    run -2 parley seal plain
    run -2 parley seal -r "$(cat a.pub)" -p pass plain
    run -4 parley seal -r age1nonsense plain
    run -4 parley seal -R plain plain
    run -3 parley seal -r "$(cat a.pub)" absent
    run -3 parley seal -r "$(cat a.pub)" -o absent/out plain
    run -2 parley open plain
    run -4 parley open -i plain plain
    run -4 parley open -i a.key plain
    run -3 parley open -i a.key absent
    run -2 parley seal -r "$(cat a.pub)" plain more
}
