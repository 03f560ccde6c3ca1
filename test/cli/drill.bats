#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# Drills: begun in two commands beside a channel, marked wherever they show, and in no real count.
load pair

setup() { pair; }

@test "a drill begins beside a channel, and not before there is one" {
    run -3 --separate-stderr parley invite --home N --to cert.south.example --drill
    [[ $stderr == *"a drill begins beside a channel"* ]]
    channel
    parley invite --home N --to cert.south.example --drill -o drill --quiet
    parley init --home W --party cert.west.example --department abuse --officer w --no-passphrase >/dev/null
    run -4 parley accept --home W drill
    sed 's/^channel .*/channel cert.north.example\/to\/cert.west.example\/drill\/1/' drill >for-west
    run -3 --separate-stderr parley accept --home W for-west
    [[ $stderr == *"a drill begins beside a channel"* ]]
}

@test "two commands begin a drill, with no number compared again" {
    channel
    run -0 --separate-stderr parley invite --home N --to cert.south.example --drill -o drill
    [[ $stderr == *"nobody needs to compare anything again"* ]]
    run -0 --separate-stderr parley accept --home S drill
    [[ $stderr == *"The drill channel with cert.north.example is open."* ]]
    rest --drill
    run -0 parley inquiry --home N --drill --to cert.south.example/abuse --title Played --tlp AMBER 'Who was it?'
    rest --drill
    run -0 parley cases --home S
    [[ $output == *"no cases"*"Drills: nothing of what follows is real."*"cert.north.example (drill)"*Played* ]]
}

@test "both may begin it, without any file" {
    channel
    run -0 parley invite --home N --to cert.south.example --drill -o one
    run -0 parley invite --home S --to cert.north.example --drill -o two
    rest --drill
    run -0 parley inquiry --home S --drill --to cert.north.example/incident --title Played --tlp AMBER 'Who was it?'
    rest --drill
    run -0 parley cases --home N --drill
    [[ $output == *Played* ]]
}

@test "nothing of a drill enters what is counted" {
    channel
    parley invite --home N --to cert.south.example --drill -o one --quiet
    parley accept --home S one --quiet
    rest --drill
    parley inquiry --home N --drill --to cert.south.example/abuse --title Played --tlp AMBER 'Who was it?' --quiet
    rest --drill
    for command in cases inbox; do
        run -0 parley "$command" --home S --json
        [ "$output" = '[]' ]
        run -0 parley "$command" --home S --json --drill
        [[ $output == *'"case":"cert.north.example/'* ]]
    done
    run -0 parley inbox --home S
    [[ $output == *"Nothing waits for anybody."*"Drills: nothing of what follows is real."*acknowledge*Played* ]]
    run -0 parley peers --home S
    [[ $output == PARTY*"DRILL WITH"* ]]
    run -0 parley peers --home S --json
    [[ $output == *'"drill":false'*'"drill":true'* ]]
    run -0 parley status --home S
    [[ $output == *"a drill: nothing in it is real"* ]]
}

@test "a drill can itself go on in a successor" {
    channel
    parley invite --home N --to cert.south.example --drill -o one --quiet
    parley accept --home S one --quiet
    rest --drill
    parley invite --home N --to cert.south.example --drill --successor -o n2 --quiet
    grep -qx 'channel cert.north.example/to/cert.south.example/drill/2' n2
    run -0 parley accept --home S n2
    parley invite --home S --to cert.north.example --drill -o s2 --quiet
    run -0 parley accept --home N s2
    rest --drill
    run -0 parley inquiry --home N --drill --to cert.south.example/abuse --title Played --tlp AMBER 'Who was it?'
    rest --drill
    run -0 parley cases --home S --drill
    [[ $output == *Played* ]]
    [[ $(parley status --home N --json) == *'drill/1",'*'"state":"followed"'* ]]
}
