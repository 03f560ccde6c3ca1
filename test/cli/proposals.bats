#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# Offers to several parties at once, what counters change, and the terms in force with who holds to them.
load helper

setup() {
    cd "$BATS_TEST_TMPDIR" || exit 1
    unset PARLEY_HOME PARLEY_PASSPHRASE_FILE
    home north incident N
    home south abuse S
    home west duty W
    join N S south
    join N W west
}
home() { # NAME DEPARTMENT HOME
    parley init --home "$3" --party "cert.$1.example" --department "$2" --officer "$1.officer" --no-passphrase >/dev/null
    parley invite --home "$3" -o "$3.invitation" --quiet
}
join() { # HOME HOME NAME
    local digits
    digits=$(parley compare --home "$1" "$2.invitation" --quiet)
    parley accept --home "$1" "$2.invitation" --safety-number "$digits" --quiet
    parley accept --home "$2" "$1.invitation" --safety-number "$digits" --quiet
    carry "$1" "$2" "$3"
}
carry() { # HOME HOME NAME [--drill]: both records, there and back, until all is receipted
    for _ in 1 2; do
        parley record --home "$1" export "cert.$3.example" carried "${@:4}" --quiet >/dev/null
        parley record --home "$2" import carried >/dev/null && rm -r carried
        parley record --home "$2" export cert.north.example carried "${@:4}" --quiet >/dev/null
        parley record --home "$1" import carried >/dev/null && rm -r carried
    done
}
# What a command says with --json: the first member of that name.
member() { grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d'"' -f4; }
n() { parley "$@" --home N; }
s() { parley "$@" --home S; }
w() { parley "$@" --home W; }

@test "one text goes to several parties, each in a case of its own, and none tells of another" {
    run -0 --separate-stderr n propose cert.south.example,cert.west.example/duty 'Let us talk about scans.'
    [ "${#lines[@]}" = 2 ]
    [ "${lines[0]}" != "${lines[1]}" ]
    carry N S south
    carry N W west
    s proposals --json >south
    w proposals --json >west
    for file in south west; do
        run -0 member text <"$file"
        [ "$output" = "Let us talk about scans." ]
    done
    [ "$(member case <south)" != "$(member case <west)" ]
    [ "$(member id <south)" != "$(member id <west)" ]
    [ "$(member to <south)" = cert.south.example ]
    [ "$(member to <west)" = cert.west.example/duty ]
    run ! grep -q west south
    run ! grep -q south west
}

@test "what fails for one party stands beside what went to the others" {
    run -3 --separate-stderr n propose cert.south.example,cert.nowhere.example,cert.west.example 'Let us talk.'
    [ "${#lines[@]}" = 2 ]
    [[ $stderr == *"cert.nowhere.example: nothing was sent: "* ]]
    [[ $stderr == *"1 of the proposals was not sent; the others stand"* ]]
    run -3 --separate-stderr n propose cert.nowhere.example,cert.west.example 'Let us talk.' --json
    [[ $output == '{"proposals":[{"error":'*'"to":"cert.nowhere.example"'*'"to":"cert.west.example"}]}' ]]
    run -0 n proposals
    [ "$(grep -c 'offered, no reply since' <<<"$output")" = 3 ]
}

@test "a party is named once, and each name is one" {
    run -2 --separate-stderr n propose cert.south.example,cert.south.example/abuse 'Let us talk.'
    [[ $stderr == *"cert.south.example is named twice"* ]]
    run -2 n propose cert.south.example, 'Let us talk.'
    run -2 n propose ,cert.south.example 'Let us talk.'
    run -0 n proposals
    [ "$output" = "nothing was ever offered" ]
}

@test "a counter shows which terms it changes, and what is accepted is in force" {
    run -0 n proposals --terms
    [[ $output == *"cert.south.example: no terms are in force: nothing has a deadline"* ]]
    case=$(n propose cert.south.example --answer-within 7d --acknowledge-within 24h --no-press --json | member case)
    carry N S south
    s reply "$case" counter --answer-within 14d --acknowledge-within 24h --retain 90d --blob-bytes 2097152 --quiet
    carry N S south
    run -0 n proposals
    [[ $output == *"instead of "*": hours to answer: 168 → 336; bytes of a blob at most: none → 2097152; days of retention: none → 90; no press before both agree: yes → none"* ]]
    run -0 n proposals --json
    [[ $output == *'"changes":{"answer_within_hours":[168,336],"blob_bytes_max":[null,2097152],"no_press":[true,false],"retain_days":[null,90]}'* ]]
    n reply "$case" accept --quiet
    carry N S south
    for side in n s; do
        run -0 "$side" proposals
        [[ $output == *"    in force"* ]]
        run -0 "$side" proposals --terms
        [[ $output == *"terms in force since 2"*", offered by cert.south.example (offer "* ]]
        [[ $output == *"  hours to answer: 336"$'\n'"      the rules mark what is late"* ]]
        [[ $output == *"  days of retention: 90"$'\n'"      binds people"* ]]
    done
    run -0 n proposals --terms cert.south.example --json
    [[ $output == *'"held_by":{"acknowledge_within_hours":"rules","answer_within_hours":"rules","blob_bytes_max":"desk","retain_days":"people"}'* ]]
    [[ $output == *'"since":"2'*'"with":"cert.south.example"'* ]]
    run -0 n proposals --terms cert.west.example --json
    [ "$output" = '[{"drill":false,"with":"cert.west.example"}]' ]
    run -3 n proposals --terms cert.nowhere.example
}

@test "what is offered in a drill stands apart" {
    n invite --to cert.south.example --drill -o drill --quiet
    s accept drill --quiet
    carry N S south --drill
    run -0 n propose cert.south.example --drill 'Played.'
    run -0 n proposals
    [[ $output == "Drills: nothing of what follows is real."*"Played."* ]]
    run -0 n proposals --json
    [[ $output == *'"drill":true'* ]]
}
