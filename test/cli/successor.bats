#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# Two homes that go on in a successor channel: proposed, accepted, refused with what is lacking; and what both see.
load pair

setup() {
    pair
    channel
}

@test "both accept, both records begin with the same two lines, and the case goes on" {
    ask Scans
    rest
    run -0 --separate-stderr parley invite --home N --to cert.south.example --successor -o n2
    [[ $stderr == *"they accept it"*"parley invite --to cert.north.example"* ]]
    grep -qx 'channel cert.north.example/to/cert.south.example/2' n2
    [ "$(grep -c ^follows n2)" -eq 2 ]
    [ "$(states N)" = '"state":"open" ' ]
    run -0 --separate-stderr parley accept --home S n2 --safety-number "$digits"
    [[ $stderr == *"The successor channel with cert.north.example is open"* ]]
    [ "$(states S)" = '"state":"followed" "state":"open" ' ]
    # One half is not a channel yet: the old records stand, and the program says what is missing.
    run -2 --separate-stderr parley acknowledge --home S "$(the_case)"
    [[ $stderr == *"not open on both sides yet"*"parley invite --to cert.north.example"* ]]
    run -0 parley invite --home S --to cert.north.example -o s2
    [ "$(grep ^follows s2)" = "$(grep ^follows n2)" ]
    run -0 parley accept --home N s2 --safety-number "$digits"
    rest
    run -0 parley acknowledge --home S "$(the_case)"
    rest
    for home in N S; do
        run -0 parley cases --home "$home"
        [[ $output == *"raised · acknowledged"*Scans* ]]
        run -0 parley peers --home "$home"
        [ "${#lines[@]}" -eq 2 ]
    done
    run -0 parley show --home N "$(the_case)"
    [[ $output == *"Who was it?"* && $output == *acknowledge* ]]
}

@test "the old records can still be exported, by the number of their channel" {
    ask Scans
    rest
    succeed N S cert.north.example cert.south.example
    run -0 parley record --home N export cert.south.example old --generation 1
    [ "$output" = "5 entries, 2 blobs" ]
    run -0 parley record --home S export cert.north.example theirs --theirs --generation 1
    run -3 --separate-stderr parley record --home N export cert.south.example none --generation 3
    [[ $stderr == *"no channel number 3 with cert.south.example"* ]]
    run -0 parley fsck --home N
}

@test "a draft for the old record is signed anew for the new one" {
    ask Scans
    rest
    parley remark --home N "$(the_case)" 'A word.' --draft --quiet
    succeed N S cert.north.example cert.south.example
    rest
    id=$(parley drafts --home N --json | grep -o '"id":"[0-9a-f]*"' | cut -d'"' -f4)
    run -0 parley drafts show "$id" --home N
    [[ $output == *"renew"* ]]
    parley officer add a.lead --roles lead --home N --quiet
    parley card publish --home N --quiet
    run -1 --separate-stderr parley clear "$id" --officer a.lead --yes --home N
    [[ $stderr == *"other record"*"renew"* ]]
    parley drafts renew "$id" --home N --quiet
    id=$(parley drafts --home N --json | grep -o '"id":"[0-9a-f]*"' | cut -d'"' -f4)
    run -0 parley clear "$id" --officer a.lead --yes --home N --quiet
    rest
    run -0 parley show --home S "$(the_case)"
    [[ $output == *"A word."* && $output != *"does not count"* ]]
}

@test "what they surely do not hold is not followed, and is said anew" {
    rest
    ask Late
    parley invite --home N --to cert.south.example --successor -o n2 --quiet
    grep -q '^follows cert.north.example/to/cert.south.example/1 [123] ' n2
    succeed N S cert.north.example cert.south.example
    rest
    run -0 parley cases --home N
    [[ $output == *"no cases"* ]]
    ask Late
    rest
    run -0 parley cases --home S
    [[ $output == *Late* ]]
}

@test "a restored home gets back what it had said and was told, and signs nothing" {
    ask Scans
    rest
    cp -r S backup
    parley acknowledge --home S "$(the_case)" --quiet
    rest
    parley remark --home N "$(the_case)" 'Thank you.' --quiet
    rest
    rm -r S
    mv backup S
    parley acknowledge --home S "$(the_case)" --quiet # waits unsigned, for nobody was heard yet
    parley record --home N export cert.south.example whole --quiet >/dev/null
    run -3 --separate-stderr parley record --home S import whole
    [[ $stderr == *"this store is behind"* ]]
    [ "$(states S)" = '"state":"restored" ' ]
    run -3 --separate-stderr parley remark --home S "$(the_case)" 'No.'
    [[ $stderr == *"parley invite --to cert.north.example --successor"* ]]
    run -0 parley status --home S
    [[ $output == *"what to do:"*"parley invite --to cert.north.example --successor -o FILE"* ]]
    parley invite --home N --to cert.south.example --successor -o n2 --quiet
    run -3 --separate-stderr parley accept --home S n2 --safety-number "$digits"
    [[ $stderr == *"parley record export cert.north.example --theirs"* || $stderr == *"parley record export cert.south.example --theirs"* ]]
    parley sync --home S cert.north.example --restored
    parley record --home N export cert.south.example mine --theirs --quiet >/dev/null
    run -3 --separate-stderr parley record --home S import mine
    [[ $stderr == *"came back from the counterparty"*"messages: 1"*"say it again"* ]]
    run -0 parley accept --home S n2 --safety-number "$digits"
    parley invite --home S --to cert.north.example -o s2 --quiet
    run -0 parley accept --home N s2 --safety-number "$digits"
    rest
    for home in N S; do
        run -0 parley cases --home "$home"
        [[ $output == *"raised · acknowledged"*Scans* ]]
        run -0 parley show --home "$home" "$(the_case)"
        [[ $output == *"Thank you."* ]]
        run -0 parley fsck --home "$home"
    done
}

@test "the side that lacks entries says which, what brings them, and what would do without them" {
    ask Scans
    rest
    cp -r S backup
    parley acknowledge --home S "$(the_case)" --quiet
    rest
    rm -r S
    mv backup S
    parley invite --home N --to cert.south.example --successor -o n2 --quiet
    run -3 --separate-stderr parley accept --home S n2 --safety-number "$digits"
    [[ $stderr == *"of cert."*"and this home holds"*"parley sync cert.north.example"*"parley record import"* ]]
    at=$(sed -n 's/.*--at \([0-9,]*\) .*/\1/p' <<<"$stderr")
    parley invite --home S --to cert.north.example --successor --at "$at" -o s2 --quiet
    # Of two invitations that crossed only one can count.
    run -3 --separate-stderr parley accept --home N s2 --safety-number "$digits"
    [[ $stderr == *"--successor --at $at"* ]]
    parley invite --home N --to cert.south.example --successor --at "$at" -o n2 --quiet
    run -0 parley accept --home N s2 --safety-number "$digits"
    run -0 parley accept --home S n2 --safety-number "$digits"
    rest
    run -0 parley cases --home N
    [[ $output == *"raised · delivered"*Scans* ]]
}

@test "sizes that are not held, or not closed, are refused with those that are" {
    ask Scans
    rest
    run -2 --separate-stderr parley invite --home N --to cert.south.example --successor --at 99,1
    [[ $stderr == *"has 5 entries here, not 99"* ]]
    run -2 --separate-stderr parley invite --home N --to cert.south.example --successor --at 5,1
    [[ $stderr == *"what is closed is 2,1"* ]]
    run -2 parley invite --home N --to cert.south.example --at 1,1
    run -2 parley invite --home N --successor
    run -3 parley invite --home N --to cert.west.example --successor
}

@test "a changed line is refused: the root is not that of what is held" {
    ask Scans
    rest
    parley invite --home N --to cert.south.example --successor -o n2 --quiet
    sed 's|^\(follows cert.south.example.* \).*|\1'"$(head -c 32 /dev/zero | base64)"'|' n2 >changed
    run -3 --separate-stderr parley accept --home S changed --safety-number "$digits"
    [[ $stderr == *"different entries in the first"*"cert.south.example/to/cert.north.example/1"*"--successor --at"* ]]
    sed '/^follows cert.south/d' n2 >short
    run -4 parley accept --home S short --safety-number "$digits"
    sed 's|/1 |/7 |' n2 >other
    run -4 --separate-stderr parley accept --home S other --safety-number "$digits"
    [[ $stderr == *"does not follow the two records before"* ]]
    [ "$(states S)" = '"state":"open" ' ]
    run -1 parley accept --home S n2 --safety-number 1
}
