#!/usr/bin/env bats
# What is damaged or lost on one side comes back from the other, over the wire, verified; and nothing is signed twice.
# North's node is not running: its commands call South's, which is.
# shellcheck disable=SC2154 # bats sets $output and $lines
load ../cli/sides

setup_file() {
    make_sides
    : >pids
    serve_south
    exchange
    for i in 1 2 3; do
        n inquiry --to cert.south.example/abuse --title "Question $i" --tlp AMBER "Whose address is 192.0.2.$i?" --quiet >/dev/null
        exchange
    done
    s acknowledge "$(short "$(s cases --json | member case)")" --quiet >/dev/null
    exchange
    exchange
    n cases >/dev/null
    n fsck >/dev/null
    stop "$started"
}
setup() { take_sides; }

change() { # HOME SQL
    python3 -c '
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.executescript(sys.argv[2])
db.commit()' "$1/node/parley.db" "$2"
}

@test "entries and files that were damaged come back, each verified, and are named" {
    change N "UPDATE leaf SET bytes = zeroblob(90) WHERE record = 1 AND place = 2;
              DELETE FROM leaf WHERE record = 2 AND place = 0;
              UPDATE blob SET bytes = zeroblob(length(bytes)) WHERE length(bytes) > 0;
              DELETE FROM named WHERE record = 2"
    run -1 n fsck
    run -0 n fsck --repair
    [[ $output == *"mended: cert.north.example/to/cert.south.example/1: entry 2: its bytes are not those that were hashed"* ]]
    [[ $output == *"mended: cert.south.example/to/cert.north.example/1: entry 0 is missing"* ]]
    [[ $output == *"mended: cert.north.example/to/cert.south.example/1: blob "* ]]
    [ "${lines[-1]}" = "no faults" ]
    run -0 n fsck
    n cases >/dev/null
    n fsck --repair --json | grep -q '"mended":\[\],"put_back":0,"troubles":\[\]'
    n remark "$(short "$(n cases --json | member case)")" "All is here again." --quiet >/dev/null
    exchange
    in_step
}

@test "where nobody can be asked, what is derived is mended all the same, and the rest is left with why" {
    stop "$started"
    change N "UPDATE leaf SET bytes = zeroblob(90) WHERE record = 1 AND place = 2; DELETE FROM card WHERE record = 1"
    run -1 n fsck --repair
    [[ $output == *"in the way: cert.south.example: "* ]]
    [[ $output == *"mended: "*"the card of entry 0 takes effect, and is not kept as such"* ]]
    [ "${lines[-1]}" = "faults: 1" ]
    # A folder that the other side wrote serves as well.
    serve_south
    s record export cert.north.example --theirs carried --quiet >/dev/null
    stop "$started"
    run -0 n fsck --repair --from carried
    [ "${lines[-1]}" = "no faults" ]
}

count() { # HOME TABLE
    python3 -c '
import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM " + sys.argv[2]).fetchone()[0])' "$1/node/parley.db" "$2"
}

@test "signatures are kept while the cards that name their keys can't be read" {
    local checkpoints receipts
    checkpoints=$(count N checkpoint)
    receipts=$(count N receipt)
    stop "$started"
    change N "UPDATE leaf SET bytes = zeroblob(90) WHERE place = 0; DELETE FROM card"
    run -1 n fsck --repair
    [ "$(count N checkpoint)" = "$checkpoints" ]
    [ "$(count N receipt)" = "$receipts" ]
    serve_south
    run -0 n fsck --repair
    [ "${lines[-1]}" = "no faults" ]
    [ "$(count N checkpoint)" = "$checkpoints" ]
    [ "$(count N receipt)" = "$receipts" ]
}

@test "a receipt that an entry holds gets its root and its time from there" {
    local receipts
    receipts=$(count N receipt)
    stop "$started"
    change N "UPDATE receipt SET root = zeroblob(32), stamp = 0 WHERE record = 1 AND recorded IS NOT NULL"
    run -1 n fsck
    [[ $output == *"a receipt that it holds is not kept beside it"* ]]
    run n fsck --repair
    [ "${lines[-1]}" = "no faults" ]
    [ "$(count N receipt)" = "$receipts" ]
}

@test "a node that starts drops nothing that an entry names, whatever became of the list of names" {
    local blobs
    blobs=$(count N "blob WHERE state = 2")
    stop "$started"
    change N "DELETE FROM named"
    serve N
    stop "$started"
    [ "$(count N "blob WHERE state = 2")" = "$blobs" ]
    run n fsck --repair
    [ "${lines[-1]}" = "no faults" ]
}

@test "a store that was lost comes back from the other side; nothing is signed in it, and a successor goes on" {
    local before own_size
    own_size=$(of N own_size)
    before=$(n cases --json)
    rm -r N/node/parley.db* N/node/blobs N/desk/index
    run -3 --separate-stderr n cases
    [[ $stderr == *"the store of this node is empty, and channels were open"*"parley fsck --repair"* ]]
    run -3 n invite --to cert.south.example -o again
    run -1 n fsck
    [[ $output == *"the store is empty, and a channel was open with cert.south.example"* ]]
    run -0 n fsck --repair
    [[ $output == *"channels put back: 1; nothing is signed in them any more"* ]]
    [ "${lines[-1]}" = "no faults" ]
    [ "$(of N state)" = restored ]
    [ "$(of N own_size)" = "$own_size" ]
    [ "$(of N own_size)" = "$(of S their_size)" ]
    [ "$(of S own_size)" = "$(of N their_size)" ]
    [ "$(n cases --json)" = "$before" ]
    n show "$(short "$(n cases --json | member case)")" | grep -q "Whose address is 192.0.2."
    # Nothing can be signed there, whatever is tried.
    run -3 n remark "$(short "$(n cases --json | member case)")" "Once more."
    run n sync
    run n sync cert.south.example --failover
    run n sync
    [ "$(of N own_size)" = "$own_size" ]
    [ "$(of S their_size)" = "$own_size" ]
    s status --json | grep -q '"state":"open"'
    # The successor, with all that was said.
    digits=$(s compare <(n invite --to cert.south.example --successor -o first.invitation --quiet; cat first.invitation) --quiet 2>/dev/null) ||
        digits=$(s compare first.invitation --quiet)
    s accept first.invitation --safety-number "$digits" --quiet
    s invite --to cert.north.example -o second.invitation --quiet
    n accept second.invitation --safety-number "$digits" --quiet
    exchange
    exchange
    n status | grep -q "cert.north.example/to/cert.south.example/2 (open)"
    n remark "$(short "$(n cases --json | member case)")" "Said in the successor." --quiet >/dev/null
    exchange
    s show "$(short "$(s cases --json | member case)")" | grep -q "Said in the successor."
    run -0 n fsck
    run -0 s fsck
}

# Takes the first channel out of a store, as if it came from a backup from before that was opened.
forget_first_channel() { # HOME
    python3 -c '
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for table in [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = \"table\"")]:
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    if "record" in columns:
        db.execute(f"DELETE FROM {table} WHERE record IN (SELECT id FROM record WHERE channel = 1)")
for table in ("blob", "record"):
    db.execute(f"DELETE FROM {table} WHERE channel = 1")
db.execute("DELETE FROM channel WHERE id = 1")
db.execute("DELETE FROM meta WHERE name = \"failover 1\"")
db.commit()' "$1/node/parley.db"
}

@test "a channel that a backup is too old for comes back, too, and a damaged card takes no good one's place" {
    local own_size before digits
    own_size=$(of N own_size)
    parley init --home W --party cert.west.example --department incident --officer w.officer --no-passphrase >/dev/null
    parley invite --home W -o w.invitation --quiet
    n invite --to cert.west.example -o named --quiet
    digits=$(n compare w.invitation --quiet)
    n accept w.invitation --safety-number "$digits" --quiet
    change N "UPDATE card SET note = zeroblob(9)"
    run n cases
    before=$(sort N/node/channels)
    forget_first_channel N
    n status --quiet >/dev/null
    [ "$(sort N/node/channels)" = "$before" ]
    # Told before anything is repaired; another that is damaged is named, and keeps the sound one back no more.
    printf 'own-party cert.north.example\nparty cert.east.example\nnumber 7\n\n' | cat - N/node/channels >damaged
    cp damaged N/node/channels
    run -1 n fsck
    [[ $output == *"cert.north.example/to/cert.south.example/1: the store does not know this channel, which was open"* ]]
    [[ $output == *"channel 7 with "*cert.east.example*", which the store does not know, can't be put back: "* ]]
    run n fsck --repair
    [[ $output == *"channel 7 with "*cert.east.example* ]]
    [[ $output == *"mended: cert.north.example/to/cert.south.example/1: the store does not know this channel"* ]]
    [[ $output == *"channels put back: 1; "* ]]
    n status --json | grep -o '"own_size":[0-9]*' | grep -qx "\"own_size\":$own_size"
    n status | grep -q "cert.north.example/to/cert.south.example/1 (restored)"
    n fsck --repair --json | grep -q '"put_back":0'
}
