#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# department, officer, card: the working copy, signed cards, and the way into the records.
load helper

setup() {
    cd "$BATS_TEST_TMPDIR" || exit 1
    unset PARLEY_HOME PARLEY_PASSPHRASE_FILE
    parley init --home N --party cert.north.example --department incident --officer a.officer --no-passphrase >/dev/null
}
open_channel() {
    parley init --home S --party cert.south.example --department abuse --officer b.officer --no-passphrase >/dev/null
    parley invite --home N -o n.invitation --quiet
    parley invite --home S -o s.invitation --quiet
    digits=$(parley compare --home N s.invitation --quiet)
    parley accept --home N s.invitation --safety-number "$digits" --quiet
    parley accept --home S n.invitation --safety-number "$digits" --quiet
}
entries() { parley status --home N --json | sed 's/.*"own_size":\([0-9]*\).*/\1/'; }

@test "departments are listed, added and described" {
    run -0 parley department --home N
    [[ ${lines[0]} == DEPARTMENT* ]]
    [[ ${lines[1]} == incident* ]]
    run -0 --separate-stderr parley department --home N add abuse 'Abuse desk' --languages en,fr --hours 'Mo-Fr 8-18 UTC'
    [[ $stderr == *"parley card publish"* ]]
    parley department --home N set abuse --remit class:malicious-code --remit network:2001:db8::/32 --quiet
    run -0 parley department --home N list --json
    [[ $output == *'"hours":["Mo-Fr 8-18 UTC"],"id":"abuse","languages":["en,fr"]'* ]]
    [[ $output == *'"remit":["class:malicious-code","network:2001:db8::/32"]'* ]]
    parley department --home N set abuse --remit '' --title 'Abuse' --quiet
    run -0 parley department --home N list --json
    [[ $output == *'"remit":[],"title":"Abuse"'* ]]
}

@test "what a department can't say is refused, and the card stays" {
    before=$(sha256sum N/desk/card)
    run -4 parley department --home N set incident --remit class:no-such-class
    run -4 parley department --home N set incident --remit network:192.0.2.0/33
    run -4 parley department --home N set incident --languages english
    run -4 parley department --home N set incident --title $'two\nlines'
    run -4 parley department --home N add 'In Cident' Title
    run -3 parley department --home N add incident Title
    run -3 parley department --home N set nowhere --title Title
    run -3 parley department --home N rotate nowhere
    run -2 parley department --home N set incident
    run -2 parley department --home N add incident
    run -2 parley department --home N paint
    [ "$before" = "$(sha256sum N/desk/card)" ]
}

@test "a rotated department has a new recipient, and keeps the old identity" {
    old=$(grep ^recipient N/desk/card)
    parley department --home N rotate incident --quiet
    new=$(grep ^recipient N/desk/card)
    [ "$old" != "$new" ]
    [ -f N/desk/department-incident.0.key ]
    [ -f N/desk/department-incident.1.key ]
}

@test "officers come, serve two departments, and go" {
    parley department --home N add abuse 'Abuse desk' --quiet
    run -0 parley officer --home N add b.lead --department abuse --roles lead,officer
    parley officer --home N add a.officer --department abuse --quiet
    [ "$(grep -c '^officer a.officer' N/desk/card)" -eq 2 ]
    [ "$(grep '^officer a.officer' N/desk/card | sed 's/.* //' | sort -u | wc -l)" -eq 1 ]
    run -0 parley officer --home N
    [[ $output == *"b.lead"*"abuse"*"lead,officer"*"on this desk"* ]]
    run -3 parley officer --home N add b.lead --department abuse
    run -3 parley officer --home N add c --department nowhere
    run -4 parley officer --home N add 'C Officer'
    run -0 parley officer --home N remove b.lead
    run -3 parley officer --home N remove b.lead
    run -3 --separate-stderr parley officer --home N add b.lead --department abuse
    [[ $stderr == *"choose another name"* ]]
}

@test "an officer's key may be made elsewhere" {
    parley init --home E --party cert.north.example --department incident --officer c.officer --no-passphrase >/dev/null
    key=$(sed -n 's/^officer c.officer .* //p' E/desk/card)
    parley officer --home N add c.officer --key "$key" --quiet
    run -0 parley officer --home N list --json
    [[ $output == *"\"key\":\"$key\",\"key_is_here\":false"* ]]
    run -4 parley officer --home N add d.officer --key "$key"
}

@test "show prints the last signed card, and says that the desk has another" {
    run -0 --separate-stderr parley card --home N show
    [ "$output" = "$(cat N/desk/cards/0)" ]
    [ -z "$stderr" ]
    parley department --home N set incident --title 'Incident response' --quiet
    run -0 --separate-stderr parley card --home N show
    [[ $output != *"Incident response"* && $stderr == *"parley card publish"* ]]
    run -0 --separate-stderr parley card --home N show --json
    [[ $output == *'"party":"cert.north.example"'*'"serial":0'* ]]
    run -3 parley card --home N show cert.south.example
    run -2 parley card --home N paint
}

@test "publish signs the next card, appends it to each channel once, and nothing where nothing changed" {
    open_channel
    before=$(entries)
    run -0 parley card --home N publish
    [ "$(entries)" -eq "$before" ]
    parley officer --home N add b.lead --roles lead --quiet
    run -0 --separate-stderr parley card --home N publish
    [ -z "$output" ]
    [ "$(entries)" -eq $((before + 1)) ]
    grep -q '^officer b.lead' N/desk/cards/2
    grep -qx "previous $(sha256sum <N/desk/cards/1 | cut -d' ' -f1)" N/desk/cards/2
    run -0 parley card --home N publish
    [ "$(entries)" -eq $((before + 1)) ]
    run -0 parley card --home N show cert.south.example
    [ "$output" = "$(cat S/desk/cards/0)" ]
}

@test "a channel that was opened later begins with the card in force, and the first gets what it lacks" {
    open_channel
    parley init --home W --party cert.west.example --department abuse --officer w --no-passphrase >/dev/null
    parley invite --home W -o w.invitation --quiet
    parley accept --home N w.invitation --safety-number "$(parley compare --home N w.invitation --quiet)" --quiet
    parley card --home N publish --quiet
    run -0 parley status --home N --json
    [[ $output == *'"channel":"cert.north.example/to/cert.south.example/1"'*'"own_size":2'* ]]
    [[ $output == *'"channel":"cert.north.example/to/cert.west.example/1"'*'"own_size":1'* ]]
    grep -c ^log N/desk/cards/2
}

@test "status and sync say how things stand" {
    run -0 parley status --home N
    [[ ${lines[0]} == "cert.north.example/incident, officer a.officer" ]]
    [[ $output == *"node: does not run"* && $output == *"no channel is open yet"* ]]
    run -0 --separate-stderr parley sync --home N
    [[ $stderr == *"nobody to exchange with yet"* ]]
    run -3 parley sync --home N cert.south.example
    open_channel
    run -0 parley sync --home N cert.south.example
    [[ $output == *"their card gives no address, they call; no receipt yet"* ]]
    run -0 parley status --home N
    [[ $output == *"cert.north.example/to/cert.south.example/1 (open)"* && $output == *"last contact: never"* ]]
    [[ $output != *"trouble"* ]]
    run -0 parley peers --home N
    [[ ${lines[0]} == PARTY* && ${lines[1]} == cert.south.example*abuse*open*never ]]
}

@test "a home whose root key is elsewhere can't sign, and says so" {
    parley department --home N set incident --title 'Incident response' --quiet
    mv N/desk/root.key .
    run -3 --separate-stderr parley card --home N publish
    [[ $stderr == *"the root key is not on this desk"* ]]
    run -0 parley card --home N show
    [ ! -e N/desk/cards/1 ]
}
