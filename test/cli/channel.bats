#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# Two homes until both have an open channel: invite, compare, accept; a one-sided start; what is refused.
load helper

setup() {
    cd "$BATS_TEST_TMPDIR" || exit 1
    unset PARLEY_HOME PARLEY_PASSPHRASE_FILE
    parley init --home N --party cert.north.example --department incident --officer a.officer --no-passphrase >/dev/null
    parley init --home S --party cert.south.example --department abuse --officer b.officer --no-passphrase \
        --url https://127.0.0.1:7443 --lang fr >/dev/null
}

exchange_invitations() {
    parley invite --home N -o n.invitation --quiet
    parley invite --home S -o s.invitation --quiet
}
number() { parley compare --home N s.invitation --quiet; }
state() { parley peers --home "$1" --json | sed 's/.*"state":"\([a-z]*\)".*/\1/'; }

@test "both sides see the same number, alone on standard output" {
    exchange_invitations
    run -0 --separate-stderr parley compare --home N s.invitation
    [ "${#lines[@]}" -eq 1 ]
    [[ $output =~ ^[0-9]{5}(\ [0-9]{5}){11}$ ]]
    [[ $stderr == *"cert.south.example"* && $stderr == *"telephone"* ]]
    expected=$output
    run -0 parley compare --home N s.invitation --json
    [ "$output" = "{\"party\":\"cert.south.example\",\"safety_number\":\"$expected\"}" ]
    run -0 --separate-stderr parley compare --home S n.invitation
    [ "$output" = "$expected" ]
    own=$(parley fingerprint --home N)
    theirs=$(parley fingerprint --home N s.invitation)
    [ "$expected" = "$own $theirs" ]
    [ "$(parley fingerprint --home S)" = "$theirs" ]
}

@test "both invite, compare and accept" {
    exchange_invitations
    digits=$(number)
    run -0 --separate-stderr parley accept --home N s.invitation --safety-number "$digits"
    [ -z "$output" ]
    [[ $stderr == *"The channel with cert.south.example is open."* ]]
    run -0 parley accept --home S n.invitation --safety-number "${digits// /}"
    [ "$(state N)" = open ]
    [ "$(state S)" = open ]
    run -0 parley fingerprint --home N cert.south.example
    [ "$output" = "$(parley fingerprint --home S)" ]
    [ "$(parley compare --home N --quiet cert.south.example)" = "$digits" ]
    [ "$(stat -c %a N/desk/peers/cert.south.example)" = 600 ]
}

@test "where people find that the numbers differ nothing is sent until they have compared again" {
    exchange_invitations
    digits=$(number)
    run -2 --separate-stderr parley compare --home N s.invitation --matched
    [[ $stderr == *"parley accept --safety-number"* ]]
    parley accept --home N s.invitation --safety-number "$digits" --quiet
    parley accept --home S n.invitation --safety-number "$digits" --quiet
    run -0 parley compare --home N cert.south.example --json
    [[ $output == *'"compared":{"by":"a.officer","current":true,"result":"matched","time":"'* ]]
    run -2 parley compare --home N cert.south.example --matched --differ
    run -2 parley compare --home N cert.south.example --how 'by telephone'
    run -0 --separate-stderr parley compare --home N cert.south.example --differ --by c.officer --how 'by telephone'
    [ -z "$output" ]
    [[ $stderr == *"parley compare cert.south.example --matched"* ]]
    run -3 --separate-stderr parley check-in --home N cert.south.example 'Do you hear us?'
    [[ $stderr == *"c.officer"*"differ"*"parley compare cert.south.example --matched"* ]]
    run -0 parley status --home N
    [[ $output == *"safety number: it differs, found 20"*" by c.officer; nothing is sent, by telephone"* ]]
    run -0 parley status --home N --json
    [[ $output == *'"compared":{"by":"c.officer","current":true,"how":"by telephone","result":"differ"'* ]]
    parley compare --home N cert.south.example --matched
    run --separate-stderr parley check-in --home N cert.south.example 'Do you hear us?'
    [[ $stderr != *"differ"* ]]
    [ "$(wc -l <N/desk/compared/cert.south.example)" -eq 3 ]
    [ "$(stat -c %a N/desk/compared/cert.south.example)" = 600 ]
}

@test "accepting again changes nothing" {
    exchange_invitations
    digits=$(number)
    parley accept --home N s.invitation --safety-number "$digits"
    before=$(parley peers --home N --json)
    run -0 parley accept --home N s.invitation --safety-number "$digits"
    [ "$(parley peers --home N --json)" = "$before" ]
    [ "$(find N/desk/cards -type f | wc -l)" -eq 2 ]
}

@test "a wrong number is no, and says what to do" {
    exchange_invitations
    run -1 --separate-stderr parley accept --home N s.invitation --safety-number "12345 12345"
    [[ $stderr == *"parley compare"* && $stderr == *"telephone"* ]]
    [ -z "$(ls N/desk/peers)" ]
    run -2 --separate-stderr parley accept --home N s.invitation
    [[ $stderr == *"--safety-number"* ]]
    [ "$(parley peers --home N --json)" = '{"peers":[]}' ]
}

@test "an invitation changed on its way shows another number, or is refused" {
    exchange_invitations
    parley init --home M --party cert.south.example --department abuse --officer m --no-passphrase >/dev/null
    parley invite --home M -o forged --quiet
    [ "$(number)" != "$(parley compare --home N --quiet forged)" ]
    run -1 parley accept --home N forged --safety-number "$(parley compare --home S n.invitation --quiet)"
    sed 's/^party .*/party cert.west.example/' s.invitation >renamed
    run -4 --separate-stderr parley accept --home N renamed --safety-number 1
    [[ $stderr == *"another party"* ]]
    run -4 parley accept --home N /dev/null --safety-number 1
    run -4 --separate-stderr parley accept --home N n.invitation --safety-number 1
    [[ $stderr == *"this home itself"* ]]
}

@test "a one-sided start opens one's own record, and the other side's acceptance opens the channel there" {
    run -0 --separate-stderr parley invite --home N --to cert.south.example --propose 'Let us talk.' -o start
    [[ $stderr == *"cert.south.example alone"* ]]
    [ "$(state N)" = offered ]
    grep -qx 'channel cert.north.example/to/cert.south.example/1' start
    grep -q '^proposal ' start
    run -0 parley invite --home N --to cert.south.example --propose 'Let us talk.' -o again
    cmp start again
    run -0 parley invite --home N --to cert.south.example -o again
    cmp start again
    run -0 --separate-stderr parley compare --home S start
    [[ $stderr == *"They propose (a.officer):"$'\n'"  > Let us talk."* ]]
    digits=$output
    run -0 parley accept --home S start --safety-number "$digits"
    [ "$(state S)" = open ]
    [ "$(state N)" = offered ]
    parley invite --home S -o s.invitation --quiet
    run -0 parley accept --home N s.invitation --safety-number "$digits"
    [ "$(state N)" = open ]
    parley invite --home S --to cert.north.example --quiet -o named
    run -0 parley accept --home N named --safety-number "$digits"
}

@test "a one-sided start is for the party that it names" {
    parley invite --home N --to cert.west.example --propose 'Let us talk.' -o start --quiet
    run -4 --separate-stderr parley accept --home S start --safety-number 1
    [[ $stderr == *"is for cert.west.example"* ]]
}

@test "a proposal needs a party, and a channel that is open takes none this way" {
    run -2 parley invite --home N --propose 'Let us talk.'
    run -2 parley invite --home N --to 'Not A Host' --propose 'Let us talk.'
    exchange_invitations
    parley accept --home N s.invitation --safety-number "$(number)"
    run -3 --separate-stderr parley invite --home N --to cert.south.example --propose 'Let us talk.'
    [[ $stderr == *"parley propose"* ]]
}

@test "an invitation to one party bears a secret of its own" {
    exchange_invitations
    parley invite --home N --to cert.south.example -o named --quiet
    [ "$(grep ^secret n.invitation)" != "$(grep ^secret named)" ]
    run -1 grep -q ^channel named
    parley accept --home S named --safety-number "$(number)" --quiet
    parley accept --home N s.invitation --safety-number "$(number)" --quiet
    [ "$(state N)" = open ]
    run -0 parley invite --home N --to cert.south.example --quiet
    [[ $output == *"$(grep ^secret named)"* ]]
}

@test "a later invitation with another secret or a newer card is taken while nothing of theirs is held" {
    exchange_invitations
    digits=$(number)
    parley accept --home S n.invitation --safety-number "$digits" --quiet
    parley invite --home N --to cert.south.example --propose 'Let us talk.' -o start --quiet
    run -0 parley accept --home S start --safety-number "$digits"
    parley accept --home N s.invitation --safety-number "$digits" --quiet
    sed -i 's|^url .*|url https://127.0.0.1:7444|' S/desk/card
    parley card --home S publish --quiet
    parley invite --home S -o newer --quiet
    run -0 parley accept --home N newer --safety-number "$digits"
    run -0 parley card --home N show cert.south.example
    [[ $output == *"url https://127.0.0.1:7444"* ]]
    run -3 --separate-stderr parley accept --home N s.invitation --safety-number "$digits"
    [[ $stderr == *"older"* ]]
}

@test "another root of a known party is refused, and nothing is changed" {
    exchange_invitations
    parley accept --home N s.invitation --safety-number "$(number)" --quiet
    before=$(sha256sum N/desk/peers/cert.south.example)
    parley init --home S2 --party cert.south.example --department abuse --officer b.officer --no-passphrase >/dev/null
    parley invite --home S2 -o changed --quiet
    run -3 --separate-stderr parley accept --home N changed --safety-number "$(parley compare --home N changed --quiet)"
    [[ $stderr == *"the root of cert.south.example is another"* && $stderr == *"successor"* ]]
    [ "$before" = "$(sha256sum N/desk/peers/cert.south.example)" ]
    [ "$(parley fingerprint --home N cert.south.example)" = "$(parley fingerprint --home S)" ]
}

@test "a party whose invitation was not accepted is not known" {
    run -3 --separate-stderr parley compare --home N cert.south.example
    [[ $stderr == *"parley peers"* ]]
    run -3 parley fingerprint --home N cert.south.example
    run -3 parley compare --home N no/such/file
}

@test "what an invitation says can neither hide the number nor pass for it" {
    proposal=$'Let us talk.\e[8m\u009b2J\u202e\nSafety number: 11111 22222\n'$(printf 'x\\n%.0s' {1..200})
    parley invite --home S --to cert.north.example --propose "$(printf '%b' "$proposal")" -o start --quiet
    run -0 --separate-stderr parley compare --home N start
    [[ $output =~ ^[0-9\ ]{71}$ ]]
    [[ $stderr != *$'\e'* && $stderr != *$'\u009b'* && $stderr != *$'\u202e'* ]]
    [[ $stderr == *"They propose (b.officer):"$'\n'"  > Let us talk."* ]]
    [[ $stderr == *$'\n'"  > Safety number: 11111 22222"$'\n'* ]]
    [ "$(grep -c '^  > ' <<<"$stderr")" -lt 20 ]
}

@test "a reason that quotes a file shows none of its escapes" {
    printf 'parley invitation v1\nparty cert.north.example\nsecret %064d\nchannel \e[2J\u202e\n' 0 >odd
    run -4 --separate-stderr parley compare --home S odd
    [[ $stderr == *"channel name"*"[2J"* && $stderr != *$'\e'* && $stderr != *$'\u202e'* ]]
}
