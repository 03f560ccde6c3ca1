#!/bin/sh
# Records of several sizes, and those that `parley record export` writes, verified by the Go program in
# test/interop/record; then with one byte changed at a time, which it must notice.  Records of the same sizes, checkpoints
# and proofs that the Go program makes, verified by parley; then with one bit turned at a time.
#
#     record.sh EXPORT-SAMPLE CHECK-SAMPLE PARLEY [SIZE…]
#
# With sizes: records of these alone, both ways, and the time that each step takes.
# Skipped (status 77) where go or golang.org/x/mod/sumdb, which Debian puts into /usr/share/gocode, is not installed.
set -eu
export_sample=$(realpath "$1") check_sample=$(realpath "$2") program=$(realpath "$3")
shift 3
here=$(cd "$(dirname "$0")" && pwd)
if ! command -v go >/dev/null || [ ! -d /usr/share/gocode/src/golang.org/x/mod/sumdb ]; then
    echo "skipped: there is no go with golang.org/x/mod/sumdb"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$here/record" && GO111MODULE=off GOFLAGS='' GOPATH=/usr/share/gocode GOCACHE="$work/cache" go build -o "$work/record" .)

timed() {
    begun=$(date +%s%N)
    "$@"
    [ "$sizes" = given ] || return 0
    echo "$(basename "$1") took $((($(date +%s%N) - begun) / 1000000)) ms"
}
sizes=given
[ $# != 0 ] || {
    sizes=''
    set -- 0 1 2 3 255 256 257 700 65535 65536 65537
}
for size in "$@"; do
    echo "== $size entries of parley"
    timed "$export_sample" "$size" "$work/$size"
    timed "$work/record" "$work/$size"
    [ "$size" != 0 ] || continue # x/mod knows no proofs of an empty record
    echo "== $size entries of Go"
    timed "$work/record" make "$size" "$work/go-$size"
    timed "$check_sample" "$work/go-$size"
    [ "$size" -le 700 ] || rm -r "${work:?}/$size" "$work/go-$size"
done
[ -z "$sizes" ] || exit 0

# Every bit of a small record, some of one that has tiles of each kind.
"$work/record" make 3 "$work/go-small"
"$check_sample" --flip 1 "$work/go-small"
"$check_sample" --flip 499 "$work/go-257"
"$check_sample" "$work/go-257"

# What two homes said to each other, exported at both ends: one's own record, and the mirror of it.
parley() { "$program" "$@" --quiet >>"$work/told" 2>&1; }
cd "$work"
parley init --home N --party cert.north.example --department incident --officer a.officer --no-passphrase
parley init --home S --party cert.south.example --department abuse --officer b.officer --no-passphrase
parley invite --home N -o n.invitation
parley invite --home S -o s.invitation
digits=$("$program" compare --home N s.invitation --quiet)
parley accept --home N s.invitation --safety-number "$digits"
parley accept --home S n.invitation --safety-number "$digits"
for _ in 1 2 3; do
    parley record export --home N cert.south.example north
    parley record import --home S north
    parley record export --home S cert.north.example south
    parley record import --home N south
done
parley record export --home N cert.south.example own
parley record export --home S cert.north.example --theirs mirror
for folder in own mirror south; do
    echo "== exported: $folder"
    "$work/record" "$work/$folder" | tee said
    grep -q '^checkpoint: parley/.* signed by its log' said
    grep -q '^blobs: [1-9][0-9]* named by entries, 0 absent, 0 that no entry names' said
    [ "$folder" = south ] || grep -q ', 1 cosignatures' said
done

# Changes one byte of a file of a record, and puts it back.
notices() {
    file=$work/$record/$1 at=$2
    cp "$file" "$work/kept"
    byte=$(dd if="$file" bs=1 skip="$at" count=1 2>/dev/null | od -An -tu1 | tr -d ' ')
    # shellcheck disable=SC2059
    printf "\\$(printf %03o $((byte ^ 1)))" | dd of="$file" bs=1 seek="$at" conv=notrunc 2>/dev/null
    if "$work/record" "$work/$record" >/dev/null 2>"$work/said"; then
        echo "byte $at of $1 was changed, and nobody noticed"
        exit 1
    fi
    echo "noticed: $(cat "$work/said")"
    cp "$work/kept" "$file"
}

# A byte near the end of the last line but `$2`: of a signature.
signature_of() {
    echo $(($(head -n "$2" "$1" | wc -c) - 20))
}

record=own
notices checkpoint 20
notices checkpoint "$(signature_of "$work/own/checkpoint" 5)"
notices checkpoint "$(signature_of "$work/own/checkpoint" 6)"
for file in "$work"/own/tile/0/000.p/* "$work"/own/tile/entries/000.p/* "$work"/own/blobs/*; do
    notices "${file#"$work"/own/}" 20
done

record=700
notices checkpoint 5
notices checkpoint 13
notices checkpoint "$(signature_of "$work/700/checkpoint" 5)"
notices checkpoint "$(signature_of "$work/700/checkpoint" 6)"
notices vkeys 30
notices tile/0/000 4000
notices tile/0/002.p/188 6000
notices tile/1/000.p/2 33
notices tile/entries/001 0
notices tile/entries/002.p/188 1000
notices proofs 2000
notices entry.tlog-proof "$(signature_of "$work/700/entry.tlog-proof" 5)"
notices equivocation 40
for blob in "$work"/700/blobs/*; do
    [ -s "$blob" ] || continue
    notices "blobs/$(basename "$blob")" 0
    break
done
mkdir "$work/700/tile/3" && : >"$work/700/tile/3/000"
if "$work/record" "$work/700" >/dev/null 2>&1; then
    echo "a tile that no such tree has was not noticed"
    exit 1
fi
