#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# fsck: a home in which nothing is wrong, and one byte changed at a time in its database and beside it.
load helper

setup() {
    cd "$BATS_TEST_TMPDIR" || exit 1
    unset PARLEY_HOME PARLEY_PASSPHRASE_FILE
    parley init --home N --party cert.north.example --department incident --officer a.officer --no-passphrase --quiet >told
    parley invite --home N --to cert.south.example --propose "Shall we talk?" -o invitation --quiet
}

# Flips one bit of the file, 20 bytes after the first place where the pattern stands.
flip() {
    python3 - "$1" "$2" <<'END'
import sys
path, pattern = sys.argv[1], sys.argv[2].encode()
whole = bytearray(open(path, "rb").read())
at = whole.find(pattern)
assert at >= 0
whole[at + 20] ^= 1
open(path, "wb").write(whole)
END
}

@test "a home in which nothing is wrong" {
    run -0 parley fsck --home N
    [[ ${lines[0]} == "checked: records: 1, entries: 2, "*" blobs: 2, "* ]]
    [ "${lines[1]}" = "no faults" ]
    run -0 parley fsck --home N --json
    [[ $output == '{"checked":{"blob_bytes":'*'"fault_count":0,"faults":[]}' ]]
}

@test "a byte of an entry is named, with what would mend it" {
    flip N/node/parley.db "parley entry v1"
    run -1 parley fsck --home N
    [[ ${lines[0]} =~ ^cert.north.example/to/cert.south.example/1:\ entry\ [01]:\ its\ bytes\ are\ not\ those ]]
    [[ ${lines[1]} == *"what would mend it: the counterparty holds it"* ]]
    [ "${lines[-1]}" = "faults: 1" ]
    run -1 parley fsck --home N --json
    [[ $output == *'"fault_count":1,"faults":[{"kind":"entry","mend":"'*'"record":"cert.north.example/to/cert.south.example/1"'* ]]
}

@test "a byte of a blob in the database is named" {
    flip N/node/parley.db "parley message v1"
    run -1 parley fsck --home N
    [[ ${lines[0]} == *"blob "*" of entry 1: its bytes do not hash to its name" ]]
    [ "${lines[-1]}" = "faults: 1" ]
}

@test "an index that does not open is named; the next command makes it anew" {
    parley cases --home N >/dev/null
    [ -e N/desk/index/cert.south.example ]
    run -0 parley fsck --home N
    [ "${lines[1]}" = "cases in the desk's index: 1" ]
    python3 - N/desk/index/cert.south.example <<'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
table = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()[-1][0]
column = [c[1] for c in db.execute(f"PRAGMA table_info({table})") if c[2].upper() == "BLOB"][0]
db.execute(f"UPDATE {table} SET {column} = zeroblob(length({column}))")
db.commit()
END
    run -1 parley fsck --home N
    [[ ${lines[0]} == "desk/index/cert.south.example: "* ]]
    [[ ${lines[1]} == *"what would mend it: it can be made anew from the records" ]]
    [ "${lines[-1]}" = "faults: 1" ]
    parley cases --home N >/dev/null
    run -0 parley fsck --home N
}

@test "a database that is none is bad input, and a home without a node is told" {
    head -c 4096 /dev/urandom >N/node/parley.db
    rm -f N/node/parley.db-*
    run -4 parley fsck --home N
    run -3 parley fsck --home absent
    run -2 parley fsck --home N more
}
