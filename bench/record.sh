#!/usr/bin/env bash
# What the record can do, in one run: rows of the programs below, then what was wanted of each and what was found.
# shellcheck source=script/lib.sh
. "$(dirname "$0")/../script/lib.sh"

rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
for name in tree append seal catchup; do "build/release/bench/bench-$name" | tee -a "$rows"; done

# wanted WORK FIRST WAY AT-LEAST WHAT: how many times as fast the way is as the first one.
wanted() {
    awk -F ' *[|] *' -v work="$1" -v first="$2" -v way="$3" -v least="$4" -v what="$5" '
        $2 == work && index($3, first) == 1 {base = $4 + 0}
        $2 == work && $3 == way {took = $4 + 0}
        END {
            if (!base) print "| " what " | " least " wanted | not measured: the other program is not there | | |"
            else printf "| %s | %s wanted | | found %.2f | %s |\n", what, least, base / took, base / took >= least ? "kept" : "missed"
        }' "$rows"
}
wanted "Merkle root of 1,000,000 records of 90 bytes" "Go" parley 5 "root, times as fast as Go's x/mod"
wanted "1,000 messages, one at a time" "write and fdatasync" "parley: signed, sealed, appended, each durable" 0.3 \
    "durable messages one at a time, of the rate of fdatasync"
wanted "1,000 messages in a batch" git "parley: signed, sealed, appended, durable together" 100 \
    "durable messages in a batch, times git's signed commits"
wanted "seal a file of 64 MiB and name it" age "parley, hashing what it writes" 1.6 "sealing and content address, times age then sha256sum"
wanted "1,000,000 entries behind, and caught up" writing parley 1 "catching up, of the speed of the disk"
