#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# shellcheck disable=SC2016 # pages hold backticks
# The manual: each page of doc/manual is played, all its commands in order; what it says one sees must come.
load helper

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    export PLAYED=$BATS_FILE_TMPDIR
    printf '%s\n' doc/manual/*.md | xargs -P "$(nproc)" -I{} sh -c '
        name=$(basename "$1" .md)
        timeout -k 5 300 test/manual/play "$1" >"$PLAYED/$name.said" 2>&1 </dev/null 3>&-
        echo "$?" >"$PLAYED/$name.status"' play {}
}

played() { # PAGE
    grep -B 40 '^FAILED' "$PLAYED/$1.said" || true
    [ "$(cat "$PLAYED/$1.status")" = 0 ]
}

@test "quick start for an analyst" { played analyst; }
@test "quick start for a lead" { played lead; }
@test "quick start for an administrator" { played administrator; }
@test "quick start for an arbiter" { played arbiter; }
@test "the key ceremony" { played ceremony; }
@test "backup and recovery" { played recovery; }
@test "upgrade" { played upgrade; }

@test "every page of the manual is played, and only what stands in a test has commands" {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    local page name
    for page in doc/manual/*.md; do
        name=$(basename "$page" .md)
        played "$name"
        ! grep -q '^```sh' "$page" || grep -q "{ played $name; }" "$BATS_TEST_FILENAME"
    done
}

@test "a page with a command that fails, or a line that does not come, is no page" {
    printf '```sh\nparley version\n```\n```text\nparley …\n```\n' >page.md
    run -0 "$BATS_TEST_DIRNAME/../manual/play" page.md
    printf '```sh\nparley version\n```\n```text\nparley 99.…\n```\n' >page.md
    run -1 "$BATS_TEST_DIRNAME/../manual/play" page.md
    [[ $output == *"FAILED page.md:4: this line did not come: parley 99."* ]]
    printf '```sh\nparley verfy\nparley version\n```\n' >page.md
    run -1 "$BATS_TEST_DIRNAME/../manual/play" page.md
    [[ $output == *"FAILED page.md:1: it ended with status 2"* ]]
    printf '<!-- names\nX1  [0-9]+\n-->\n```sh\necho 5\n```\n```text\nX1\n```\n```sh\necho 6\n```\n```text\nX1\n```\n' >page.md
    run -1 "$BATS_TEST_DIRNAME/../manual/play" page.md
    [[ $output == *"page.md:13: this line did not come: X1"* ]]
}

@test "each command line of the documentation has a command and options that there are" {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    run -0 test/manual/commands README.md CHANGELOG.md doc/*.md doc/manual/*.md
    cd "$BATS_TEST_TMPDIR" || exit 1
    printf 'By `parley cases --fnd X` and\n\n    cat x | parley prove y   # z\n\n`keys rotate --quick`\n' >page.md
    run -1 "$BATS_TEST_DIRNAME/../manual/commands" page.md
    [[ ${lines[0]} == "page.md:1: parley cases has no option --fnd: "* ]]
    [[ ${lines[1]} == "page.md:3: there is no command prove: "* ]]
    [[ ${lines[2]} == "page.md:5: parley keys has no option --quick: "* ]]
    [ "${#lines[@]}" -eq 3 ]
}
