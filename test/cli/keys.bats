#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# Every kind of key: changed in good order, lost, stolen; and what the counterparty sees.  South changes, North watches.
load pair

setup() {
    pair
    channel
    ask Scans
    rest
}

theirs() { parley card --home N show cert.south.example; }
publish() { parley card --home S publish --quiet && rest; }
line_count() { theirs | grep -c "^$1 "; }
row() { parley keys --home S | grep "^$1 "; }

@test "every key is listed, with where it is and whether the card names it" {
    run -0 parley keys --home S
    for key in root officer department mirror tls log; do [[ $output == *$'\n'"$key "* ]]; done
    run -0 parley keys --home S --json
    [[ $output == *'{"card":"names it","key":"tls"'* ]]
    run -2 parley keys --home S rotate passport
    run -2 parley keys --home S turn tls
    run -2 parley keys --home S rotate
    run -1 --separate-stderr parley keys --home S retire tls
    [[ $stderr == *"no change of this key was begun"* ]]
}

@test "a node's key is announced beside the old one, and the old one goes once the card is receipted" {
    for key in mirror tls log; do
        [ "$(line_count "$key")" -eq 1 ]
        before=$(theirs | grep "^$key ")
        run -0 --separate-stderr parley keys --home S rotate "$key"
        [[ $stderr == *"the card names both"*"parley card publish"* ]]
        [[ $(row "$key") == *publish* ]]
        run -1 --separate-stderr parley keys --home S retire "$key"
        [[ $stderr == *"cert.north.example has no card with the new key yet"* ]]
        parley card --home S publish --quiet
        run -1 --separate-stderr parley keys --home S retire "$key"
        [[ $stderr == *"has not receipted the card with the new key yet"*"parley sync cert.north.example"* ]]
        rest
        [ "$(line_count "$key")" -eq 2 ]
        [[ $(row "$key") == *"names the old and the new one"* ]]
        run -0 parley keys --home S retire "$key"
        publish
        [ "$(line_count "$key")" -eq 1 ]
        [ "$(theirs | grep "^$key ")" != "$before" ]
        [[ $(row "$key") == *"names it" ]]
    done
    # What was receipted by the old mirror key, and signed by the old log key, stands.
    parley acknowledge --home S "$(the_case)" --quiet
    ask Again
    rest
    run -0 parley cases --home N
    [[ $output == *"raised · delivered"*Again* && $output == *"raised · acknowledged"*Scans* ]]
    for home in N S; do run -0 parley fsck --home "$home"; done
}

@test "an officer's new key signs as soon as the card names it, and the old one no more" {
    cp S/desk/officer-b.officer.key stolen
    run -0 parley officer --home S rotate b.officer
    [[ $(row officer) == *"waits for the next card"* ]]
    parley remark --home S "$(the_case)" 'By the old key.' --quiet
    publish
    parley remark --home S "$(the_case)" 'By the new key.' --quiet
    rest
    [ ! -e S/desk/officer-b.officer.next.key ]
    run -0 parley show --home N "$(the_case)"
    [[ $output == *"By the old key."* && $output == *"By the new key."* ]]
    # Whoever has the stolen key says nothing that counts.
    cp stolen S/desk/officer-b.officer.key
    run -2 --separate-stderr parley remark --home S "$(the_case)" 'By the thief.'
    [[ $stderr == *"would not count"* ]]
    run -3 parley officer --home S rotate nobody
}

@test "an officer whose key is lost gets another one; whom the card drops says nothing any more" {
    rm S/desk/officer-b.officer.key
    run -3 --separate-stderr parley acknowledge --home S "$(the_case)"
    [[ $stderr == *"there is no key of the officer b.officer"* ]]
    parley officer --home S rotate b.officer --quiet
    publish
    run -0 parley acknowledge --home S "$(the_case)"
    parley officer --home S add c.officer --quiet
    parley officer --home S remove b.officer --quiet
    publish
    run -2 --separate-stderr parley remark --home S "$(the_case)" 'No.'
    [[ $stderr == *"would not count"* ]]
    run -0 parley remark --home S "$(the_case)" 'Yes.' --officer c.officer
    rest
    run -0 parley show --home N "$(the_case)"
    [[ $output == *"Yes."* && $output != *"No."* ]]
}

@test "what was sealed to a lost identity stays closed until it is sealed anew" {
    parley department --home S rotate abuse --quiet
    publish
    parley acknowledge --home S "$(the_case)" --quiet
    run -0 parley show --home S "$(the_case)" # the old identity still opens what was sealed to it
    rm S/desk/department-abuse.1.key
    ask Lost
    rest
    run -0 parley inbox --home S
    [[ $output == *"Could not be opened here"* ]]
    parley department --home S rotate abuse --quiet
    publish
    run -0 parley unreadable --home S --party cert.north.example
    rest
    id=$(parley show --home N "$(parley cases --home N --find Lost --json | sed 's|.*"case":"[^/]*/\([0-9a-f]\{8\}\).*|\1|')" --json |
        grep -o '"id":"[0-9a-f]\{32\}"' | head -1 | cut -d'"' -f4)
    run -0 parley resend --home N "$id"
    rest
    run -0 parley cases --home S --find Lost
    [[ $output == *Lost* ]]
}

@test "a lost mirror key is replaced at once, and the receipts that it gave stand" {
    before=$(parley status --home N --json | grep -o '"receipted_size":[0-9]*')
    rm S/node/mirror.key
    [[ $(row mirror) == *"the key is lost: parley keys replace mirror"* ]]
    run -0 parley keys --home S replace mirror
    publish
    [ "$(line_count mirror)" -eq 1 ]
    ask Again
    rest
    [ "$(parley status --home N --json | grep -o '"receipted_size":[0-9]*')" != "$before" ]
    run -0 parley cases --home N
    [[ $output == *"raised · delivered"*Again* && $output == *"raised · delivered"*Scans* ]]
}

@test "a lost TLS key is replaced, and the card with the new one can be carried by hand" {
    before=$(theirs | grep ^tls)
    rm S/node/tls.key S/node/tls.crt
    [[ $(row tls) == *"parley keys replace tls"* ]]
    run -0 --separate-stderr parley keys --home S replace tls
    [[ $stderr == *"parley record export"* ]]
    publish
    [ "$(line_count tls)" -eq 1 ]
    [ "$(theirs | grep ^tls)" != "$before" ]
}

@test "a lost log key ends a record, and a successor begins with another" {
    rm S/node/log-*
    [[ $(row log) == *"parley invite --to cert.north.example --successor -o FILE" ]]
    run -3 --separate-stderr parley acknowledge --home S "$(the_case)"
    [[ $stderr == *"the log key of this record"*"is lost"*"--successor"* ]]
    run -2 --separate-stderr parley keys --home S replace log
    [[ $stderr == *"parley invite --to PARTY --successor"* ]]
    succeed S N cert.south.example cert.north.example
    rest
    run -0 parley acknowledge --home S "$(the_case)"
    rest
    run -0 parley cases --home N
    [[ $output == *"raised · acknowledged"* ]]
}

@test "a stolen log key that signs a second history freezes the channel, which goes on in a successor" {
    parley record --home N export cert.south.example before --quiet >/dev/null
    cp -r S thief
    parley acknowledge --home S "$(the_case)" --quiet
    rest
    # The thief says something else at the same place, and signs it with the log key that it stole.
    for text in One Two; do parley remark --home thief "$(the_case)" "$text" --quiet; done
    parley record --home thief import before
    parley record --home thief export cert.north.example forged --quiet
    run -3 parley record --home N import forged
    [ "$(states N)" = '"state":"frozen" ' ]
    run -0 parley status --home N
    [[ $output == *"contradictions: 1"*"parley invite --to cert.south.example --successor -o FILE"* ]]
    run -0 parley status --home N --json
    [[ $output == *'"found":[{"found_at":"'*'"of":"cert.south.example","proves":true,"record":"parley/'*'"text":"'* ]] # both notes, to be shown
    run -3 --separate-stderr parley remark --home N "$(the_case)" 'No.'
    [[ $stderr == *"--successor"* ]]
    succeed N S cert.north.example cert.south.example
    rest
    [ "$(states N)" = '"state":"followed" "state":"open" ' ]
    run -0 parley cases --home N
    [[ $output == *"raised · acknowledged"* ]]
    run -3 parley record --home N import forged # of a record that is over
}

@test "a root is kept elsewhere, and signs a card where it is shown" {
    printf 'a passphrase\n' >passphrase
    run -0 --separate-stderr parley keys --home S take-out root root.age --passphrase-file passphrase
    [[ $stderr == *"--root-key FILE"* ]]
    [ ! -e S/desk/root.key ]
    [[ $(head -c 18 root.age) == age-encryption.org && $(stat -c %a root.age) == 600 ]]
    [[ $(row root) == *elsewhere* ]]
    parley department --home S set abuse --title 'Another title' --quiet
    run -3 --separate-stderr parley card --home S publish
    [[ $stderr == *"--root-key FILE"* ]]
    run -3 parley card --home S publish --root-key nowhere
    printf 'another\n' >wrong
    run -3 parley card --home S publish --root-key root.age --passphrase-file wrong
    run -0 parley card --home S publish --root-key root.age --passphrase-file passphrase
    rest
    [[ $(theirs) == *"Another title"* ]]
    run -3 parley keys --home S take-out root again --no-passphrase
    parley keys --home N take-out root plain --no-passphrase --quiet
    grep -q '^PRIVATE+KEY+cert.north.example/root' plain
    run -0 parley invite --home N --to cert.south.example --drill --root-key plain
}

@test "a lost or stolen root is replaced: people compare anew, and cases go on" {
    run -0 parley keys --home S replace root
    run -0 parley status --home S
    [[ $output == *"parley invite --to cert.north.example --successor"* ]]
    parley invite --home S --to cert.north.example -o plain --quiet
    parley invite --home S --to cert.north.example --successor -o s2 --quiet
    run -1 --separate-stderr parley accept --home N s2 --safety-number "$digits"
    [[ $stderr == *"this is not the safety number"* ]]
    digits=$(parley compare --home N s2 --quiet)
    [ "$digits" = "$(parley compare --home S n.invitation --quiet)" ]
    parley accept --home N s2 --safety-number "$digits" --quiet
    parley invite --home N --to cert.south.example -o n2 --quiet
    parley accept --home S n2 --safety-number "$digits" --quiet
    rest
    parley acknowledge --home S "$(the_case)" --quiet
    rest
    run -0 parley cases --home N
    [[ $output == *"raised · acknowledged"* ]]
    [ "$(parley fingerprint --home N cert.south.example)" = "$(parley fingerprint --home S)" ]
}

@test "a desk from an older copy takes over the later cards of its records, so that no serial is given twice" {
    cp -r N/desk older
    parley officer --home N add c.officer --quiet
    parley card --home N publish --quiet
    parley officer --home N add d.officer --quiet
    parley card --home N publish --quiet
    rest
    rm -r N/desk
    cp -r older N/desk
    run -0 parley card --home N publish
    grep -q '^officer d.officer' N/desk/card
    # What was noted on the older card would take back what the later ones say.
    rm -r N/desk
    mv older N/desk
    parley officer --home N add e.officer --quiet
    run -3 --separate-stderr parley card --home N publish
    [[ $stderr == *"it has taken that one over"*"do it again"* ]]
    parley officer --home N add f.officer --quiet
    run -0 parley card --home N publish
    rest
    run -0 parley card --home S show cert.north.example
    [[ $output == *"officer c.officer "*"officer d.officer "*"officer f.officer "* ]]
}
