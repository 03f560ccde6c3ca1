#!/usr/bin/env bats
# inbox, cases, show, claim, answer: what they refuse and what they show of a home in which little was said yet.
# What a whole case looks like is seen in test/e2e.
# shellcheck disable=SC2154 # bats sets $stderr
load helper

sheet() {
    printf '%s\n' '# parley facts v1' \
        'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence' \
        '2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,' >sheet.csv
}

home() {
    parley init --party cert.north.example --department incident --officer a.officer --no-passphrase --quiet \
        --title "Incident response" </dev/null >/dev/null 2>&1
}

@test "without a home each says how to get one" {
    for command in inbox cases "show x"; do
        # shellcheck disable=SC2086 # two words are meant
        run -3 --separate-stderr parley $command
        [[ $stderr == *"parley init"* ]]
    done
}

@test "an empty home says how a channel begins" {
    home
    for command in inbox cases; do
        run -0 parley "$command"
        [[ $output == *"parley invite"* ]]
        run -0 parley "$command" --json
        [ "$output" = "[]" ]
    done
    run -0 parley inbox --json --came
    [ "$output" = '{"came":[],"closed":[],"waits":[]}' ]
    run -2 parley inbox --came
    run -3 --separate-stderr parley show 5b2c
    [[ $stderr == *"there is no case"*"5b2c"* ]]
}

@test "a proposal that nobody heard is shown as waiting for the other side" {
    home
    parley invite --to cert.south.example --propose "Shall we talk?" -o invitation
    run -0 parley inbox
    [[ $output == *"Waits for cert.south.example"*"Shall we talk?"* ]]
    [[ $output == *"Last contact never; 2 entries of ours have no receipt yet"* ]]
    # Title and deadline stand in one column.
    [[ $output =~ $'\n'(  [a-z]+ +)"Shall we talk?"$'\n'(\ +)"no deadline" ]]
    [ "${#BASH_REMATCH[1]}" -eq "${#BASH_REMATCH[2]}" ]
    run -0 parley cases --find talk
    [[ $output == *"Shall we talk?"* ]]
    run -0 parley cases --find nothing-like-it
    [[ $output == *"no cases"* ]]
    run -0 parley cases --json --brief
    [[ $output == *'"state":{"proposal":"offered"}'*'"waits_for":"cert.south.example","what":"reply"'* ]]
    run -0 parley cases --json --brief --first 1
    [[ $output == '{"as_of":"'*'"cases":[{'*'"count":1,"deadlines":[],"first":1,"joint":0,"waits":{"ours":{"by":{},"count":0,"lapsed":0},"theirs":{"by":{"reply":1},"count":1,"lapsed":0}}}' ]]
    run -2 parley cases --brief --first 1
    name=$(parley cases --json | sed 's/.*"case":"\([^"]*\)".*/\1/')
    run -0 parley show "$name"
    [[ $output == *"$name"*"TLP:"*"proposal by cert.north.example/incident (a.officer) to cert.south.example"* ]]
    run -0 parley show "${name#*/}" --json
    [[ $output == *"\"case\":\"$name\""* ]]
}

@test "a claim needs a channel that the other side has opened" {
    home
    sheet
    run -3 --separate-stderr parley claim --to cert.south.example/abuse --facts sheet.csv --title T --tlp AMBER
    [[ $stderr == *"there is no channel yet"* ]]
    parley invite --to cert.south.example --propose "Shall we talk?" -o invitation
    run -2 --separate-stderr parley claim --to cert.south.example/abuse --facts sheet.csv --title T --tlp AMBER
    [[ $stderr == *"cert.south.example has not accepted yet"* ]]
}

@test "a claim without a checkable fact, with a bad sheet or a bad level is refused, and nothing is said" {
    home
    sheet
    run -2 parley claim --to cert.south.example/abuse --facts sheet.csv --title T --tlp ORANGE
    [[ $output == *"ORANGE"* ]]
    sed 's/,192.0.2.17,/,192.0.2.017,/' sheet.csv >bad.csv
    run -4 parley claim --to cert.south.example/abuse --facts bad.csv --title T --tlp AMBER
    [[ $output == *"bad.csv"*"line 3"* ]]
    sed 's/^2026-03-01T06:55:46Z,2026-03-01T06:55:48Z/,/' sheet.csv >timeless.csv
    run -4 parley claim --to cert.south.example/abuse --facts timeless.csv --title T --tlp AMBER
    [[ $output == *"timeless.csv"*"check"* ]]
}

@test "an answer wants a case, and times that are times" {
    home
    run -3 parley answer 5b2c findings.csv
    run -2 parley cases --at 5
    [[ $output == *"--at"* ]]
    run -2 parley cases --as-of yesterday
    [[ $output == *"--as-of"* ]]
}

@test "where another process has the node, what to do is said" {
    home
    run -3 --separate-stderr flock "$PARLEY_HOME/node/lock" "$PARLEY" sync
    [[ $stderr == *"another process has this node in hand; \`parley status\`"* ]]
}

@test "where no index can be kept, lists are read all the same" {
    home
    parley invite --to cert.south.example --propose "Shall we talk?" -o invitation
    parley cases >kept
    rm -rf home/desk/index
    : >home/desk/index # no folder can be made there
    run -0 parley cases
    [ "${output//[0-9]/}" = "$(tr -d 0-9 <kept)" ]
    run -0 parley inbox
    [[ $output == *"Shall we talk?"* ]]
    rm home/desk/index
    run -0 parley cases
    [ -d home/desk/index ]
}
