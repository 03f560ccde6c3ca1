# What the tests of commands share: a folder and a home for each test, and the program under its name.
# shellcheck shell=bash
bats_require_minimum_version 1.5.0

# Each test has a folder and a home of its own.
setup() {
    cd "$BATS_TEST_TMPDIR" || exit 1
    export PARLEY_HOME=$BATS_TEST_TMPDIR/home
}

parley() {
    "${PARLEY:?names the program to test}" "$@"
}
