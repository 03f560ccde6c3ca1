# Two homes that exchange by folders: N of cert.north.example, S of cert.south.example.
# shellcheck shell=bash
load helper

pair() {
    cd "$BATS_TEST_TMPDIR" || exit 1
    unset PARLEY_HOME PARLEY_PASSPHRASE_FILE
    parley init --home N --party cert.north.example --department incident --officer a.officer --no-passphrase >/dev/null
    parley init --home S --party cert.south.example --department abuse --officer b.officer --no-passphrase >/dev/null
    parley invite --home N -o n.invitation --quiet
    parley invite --home S -o s.invitation --quiet
    digits=$(parley compare --home N s.invitation --quiet)
}
channel() {
    parley accept --home N s.invitation --safety-number "$digits" --quiet
    parley accept --home S n.invitation --safety-number "$digits" --quiet
    rest
}

# What one side exports the other imports; options of the export may follow.
from_north() { parley record --home N export cert.south.example carried "$@" --quiet >/dev/null && parley record --home S import carried >/dev/null && rm -r carried; }
from_south() { parley record --home S export cert.north.example carried "$@" --quiet >/dev/null && parley record --home N import carried >/dev/null && rm -r carried; }
rest() { for _ in 1 2; do from_north "$@" && from_south "$@"; done; }

ask() { parley inquiry --home N --to cert.south.example/abuse --title "$1" --tlp AMBER 'Who was it?' --quiet >/dev/null; }
the_case() { parley cases --home "${1-S}" --json | sed 's|.*"case":"[^/]*/\([0-9a-f]\{8\}\).*|\1|'; }
succeed() { # INVITER ACCEPTER PARTY-OF-INVITER PARTY-OF-ACCEPTER
    parley invite --home "$1" --to "$4" --successor -o first.invitation --quiet
    parley accept --home "$2" first.invitation --safety-number "$digits" --quiet
    parley invite --home "$2" --to "$3" -o second.invitation --quiet
    parley accept --home "$1" second.invitation --safety-number "$digits" --quiet
}
sheet_of() { # ROW…
    printf '%s\n' '# parley facts v1' 'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence' "$@"
}
states() { parley status --home "$1" --json | grep -o '"state":"[a-z]*"' | tr '\n' ' '; }
