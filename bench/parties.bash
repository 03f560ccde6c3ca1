# What measurements of a node share: homes, open channels, and what a counterparty's program needs to be another one.
# shellcheck shell=bash

parley() { "${PARLEY:?names the program}" "$@"; }

party() { # HOME PARTY OPTION…
    local home=$1 party=$2
    shift 2
    parley init --home "$home" --party "$party" --department incident --officer a.officer --no-passphrase --quiet "$@" \
        >/dev/null
}
party_of() { sed -n 's/^party //p' "$1/desk/card"; }

# Both invite, compare and accept.
open_between() { # HOME HOME
    local digits
    parley invite --home "$1" --to "$(party_of "$2")" -o "$1-$2.invitation" --quiet
    parley invite --home "$2" --to "$(party_of "$1")" -o "$2-$1.invitation" --quiet
    digits=$(parley compare --home "$1" "$2-$1.invitation" --quiet)
    parley accept --home "$1" "$2-$1.invitation" --safety-number "$digits" --quiet >/dev/null
    parley accept --home "$2" "$1-$2.invitation" --safety-number "$digits" --quiet >/dev/null
}

sheet() { # FACTS: a sheet of so many, on standard output
    awk -v count="$1" 'BEGIN {
        print "# parley facts v1"
        print "first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence"
        for (i = 0; i < count; i++) {
            at = sprintf("2026-03-%02dT%02d:%02d:%02dZ", i / 86400 + 1, i / 3600 % 24, i / 60 % 60, i % 60)
            printf "%s,%s,192.0.2.17,,,22,,tcp,brute-force,2,\n", at, at } }'
}
claim() { # HOME HOME SHEET: the first claims it of the second
    parley claim --home "$1" --to "$(party_of "$2")/incident" --facts "$3" --title Scans --tlp AMBER --quiet >/dev/null
}

# The key and certificate of a home's node as files, HOME.key and HOME.crt.
take_identity() { # HOME
    parley open -i "$1/node/unlock.txt" "$1/node/tls.key" >"$1.key"
    cp "$1/node/tls.crt" "$1.crt"
}
# The name in paths of the record that the first says to the second.
hash_of_record() { # HOME HOME
    parley record export "$(party_of "$2")" "$1-$2.record" --home "$1" --quiet >/dev/null
    head -n 1 "$1-$2.record/checkpoint" | tr -d '\n' | sha256sum | cut -d ' ' -f 1
}

# serve HOME OPTION…: runs a node, by the words in $pinned, and waits until it listens; its process id is in $started.
serve() {
    local home=$1
    shift
    ${pinned-} "$PARLEY" serve --home "$home" --interval 86400 "$@" >"$home.log" 2>&1 &
    started=$!
    for _ in $(seq 200); do
        ! grep -q listens "$home.log" || return 0
        kill -0 "$started" 2>/dev/null || break
        sleep 0.05
    done
    cat "$home.log" >&2
    return 1
}
