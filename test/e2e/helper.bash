# What the tests of two parties share: homes with an open channel, nodes that run, and their end.
# shellcheck shell=bash
bats_require_minimum_version 1.5.0

parley() {
    "${PARLEY:?names the program to test}" "$@"
}

# A folder of the test's own, no home of the user's, and no process yet; for a setup that goes on from there, too.
begin_test() {
    cd "$BATS_TEST_TMPDIR" || exit 1
    unset PARLEY_HOME PARLEY_PASSPHRASE_FILE
    : >pids
}
setup() { begin_test; }

# Every process that a test starts is in the file `pids`, and none outlives it: should the test itself be killed, the
# kernel ends them.
teardown() {
    local pid
    while read -r pid; do
        kill -9 "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done <"$BATS_TEST_TMPDIR/pids"
}
start() { # LOG COMMAND…; the process id is in $started
    local log=$1
    shift
    setpriv --pdeathsig KILL -- "$@" >"$log" 2>&1 3>&- </dev/null &
    started=$!
    echo "$started" >>pids
}

free_port() { "${BASH_SOURCE[0]%/*}/../../script/free-port"; }

# north HOME and south HOME make a home; more options may follow.
north() { parley init --home "$@" --party cert.north.example --department incident --officer a.officer --no-passphrase >/dev/null; }
south() { parley init --home "$@" --party cert.south.example --department abuse --officer b.officer --no-passphrase >/dev/null; }

# Both invite, compare and accept.
open_channel() {
    parley invite --home N -o n.invitation --quiet
    parley invite --home S -o s.invitation --quiet
    local digits
    digits=$(parley compare --home N s.invitation --quiet)
    parley accept --home N s.invitation --safety-number "$digits" --quiet
    parley accept --home S n.invitation --safety-number "$digits" --quiet
}

# LOG of what was started last: until it says that it listens.
until_listens() {
    for _ in $(seq 100); do
        ! grep -q listens "$1" || return 0
        kill -0 "$started" || break
        sleep 0.05
    done
    cat "$1"
    return 1
}

# serve HOME [ADDRESS]: runs a node and waits until it listens; its process id is in $started.
serve() {
    start "$1.log" "$PARLEY" serve --home "$1" --interval 3600 ${2:+--listen "$2"}
    until_listens "$1.log"
}

# "VKEY URL" OPTION…: terms with that witness, accepted, and handed to both nodes.
agree_on_witness() {
    local offer witness=$1
    shift
    offer=$(parley propose cert.south.example --home N "A witness for both of us." --witness "$witness" "$@" --quiet)
    parley sync --home N --quiet
    parley reply --home S "$offer" accept --quiet
    parley sync --home N --quiet
    parley proposals --home N >/dev/null
    parley proposals --home S >/dev/null
}
stop() { # PID: as a service manager does
    kill -TERM "$1"
    wait "$1"
}

# of HOME WORD: a number or word of the only channel in its status.
of() { parley status --home "$1" --json | sed 's/.*"'"$2"'":"\?\([^,"}]*\).*/\1/'; }

# Both hold all that the other said, and both have receipts for all that they said.
in_step() {
    [ "$(of N own_size)" = "$(of N receipted_size)" ]
    [ "$(of S own_size)" = "$(of S receipted_size)" ]
    [ "$(of N own_size)" = "$(of S their_size)" ]
    [ "$(of S own_size)" = "$(of N their_size)" ]
}
