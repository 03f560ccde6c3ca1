# Two homes with an open channel, made once a file and copied for each test: N of cert.north.example, who calls, and S of
# cert.south.example, whose node runs and is called.
# shellcheck shell=bash
load ../e2e/helper

# For setup_file; more options are South's.  What else a file needs it makes afterwards, in the same folder.
make_sides() {
    begin_sides "$@"
    open_channel
}
begin_sides() { # the same, and no channel yet
    cd "$BATS_FILE_TMPDIR" || exit 1
    unset PARLEY_HOME PARLEY_PASSPHRASE_FILE
    free_port >port
    north N
    south S --url "https://127.0.0.1:$(cat port)" "$@"
}

# For setup: both homes, and files that setup_file made.
take_sides() {
    begin_test
    local file
    for file in N S "$@"; do cp -r "$BATS_FILE_TMPDIR/$file" .; done
    serve_south
    exchange
}
serve_south() { serve S "127.0.0.1:$(cat "$BATS_FILE_TMPDIR/port")"; }

n() { parley "$@" --home N; }
s() { parley "$@" --home S; }
exchange() { n sync --quiet >/dev/null; }

# What a command says with --json: the first member of that name.
member() { grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d'"' -f4; }
# The first characters of a case's UUID.
short() { cut -d/ -f2 <<<"$1" | cut -c1-8; }
refused() { # WORDS COMMAND…
    run -2 --separate-stderr "${@:2}"
    # shellcheck disable=SC2154 # bats sets it
    [[ $stderr == *"not sent: "*"$1"* ]]
}
