#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# The directory: hours, holidays, RFC 2350 and security.txt on a card; which card was in force; contacts and their rota;
# where a fact belongs; check-ins.  The two homes exchange folders: no node runs.
load helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || exit 1
    unset PARLEY_HOME PARLEY_PASSPHRASE_FILE
    "$PARLEY" init --home N --party cert.north.example --department incident --officer a.officer --no-passphrase
    "$PARLEY" init --home S --party cert.south.example --department abuse --officer b.officer --no-passphrase
    "$PARLEY" invite --home N -o n.invitation --quiet
    "$PARLEY" invite --home S -o s.invitation --quiet
    digits=$("$PARLEY" compare --home N --quiet s.invitation)
    "$PARLEY" accept --home N s.invitation --safety-number "$digits" --quiet
    "$PARLEY" accept --home S n.invitation --safety-number "$digits" --quiet
    rest
}

setup() {
    cd "$BATS_TEST_TMPDIR" || exit 1
    unset PARLEY_HOME PARLEY_PASSPHRASE_FILE
    cp -r "$BATS_FILE_TMPDIR"/{N,S} .
}

n() { parley "$@" --home N; }
s() { parley "$@" --home S; }
carry() { # from one home to another: HOME PARTY HOME
    rm -rf folder
    "$PARLEY" record --home "$1" export "$2" folder --quiet
    "$PARLEY" record --home "$3" import folder --quiet >/dev/null
}
rest() {
    for _ in 1 2 3; do
        carry N cert.south.example S
        carry S cert.north.example N
    done
}
member() { grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d'"' -f4; }

@test "hours that can be computed say whether a department is open, in both zones" {
    n department set incident --hours 'Mo-Su 00:00-24:00 UTC' --quiet
    run -0 n department list --json
    [[ $output == *'"now":{"changes_at":null,"open":true,"zone":"UTC"}'* ]]
    n department set incident --hours 'Mo-Su 00:00-12:00 +05:00' --hours 'Mo-Su 12:00-24:00 +05:00' --quiet
    run -0 n department
    [[ ${lines[0]} == *NOW* && ${lines[1]} == *open* ]]
    n department set incident --hours 'whenever we are there' --quiet
    run -0 n department list --json
    [[ $output == *'"hours":["whenever we are there"]'* && $output != *'"now"'* ]]
    s department set abuse --hours 'Mo-Su 00:00-24:00 Asia/Kolkata' --quiet
    s department set abuse --holiday "$(date -u -d '-2 days' +%F)/$(date -u -d '+2 days' +%F) A feast" --quiet
    s card publish --quiet
    rest
    run -0 n card show cert.south.example --departments
    [[ $output == *"now         closed, opens at "*" 00:00 Asia/Kolkata ("*" 18:30 UTC)"* ]]
    [[ $output == *"closed      "*" A feast"* ]]
    s department set abuse --hours 'Mo-Su 00:00-24:00 Europe/Atlantis' --quiet
    s card publish --quiet
    rest
    run -0 n card show cert.south.example --departments
    [[ $output == *"unknown     Europe/Atlantis"* && $output != *"now  "* ]]
}

@test "what is no holiday, no section and no address is refused" {
    run -4 n department set incident --holiday 'Christmas'
    run -4 n department set incident --holiday '2026-12-25/2026-12-24'
    run -4 n department set incident --about 'Mission=We help.'
    run -4 n department set incident --about '3=We help.'
    run -4 n department set incident --about 'contact=security@north.example'
    run -4 n department set incident --about 'policy=http://north.example'
    run -4 n department set incident --about 'expires=tomorrow'
    run -3 n department set nowhere --about '3.1=We help.'
    run -3 n department set '*' --title 'All of us'
    run -0 n department set '*' --about '3.4=By law.'
    grep -qx 'about \* 3.4 By law.' N/desk/card
    run -0 n department set '*' --about '3.4='
    run -1 grep -q '^about' N/desk/card
}

@test "a card is written as RFC 2350 and read from it, and what is left out is told" {
    n department set incident --hours 'Mo-Fr 08:00-18:00 UTC' --holiday '2026-12-25 A feast' --title 'Incidents' \
        --about $'3.1=First.\nSecond.' --about '2.4=+00 0000' --remit network:192.0.2.0/24 --quiet
    n card publish --quiet
    n card show --rfc2350 --department incident >document
    grep -qx '3.1 Mission Statement' document
    run -0 --separate-stderr s department set abuse --rfc2350 document
    [[ $stderr == *"document: line 5 is left out: the card has a date of its own"* ]]
    [[ $stderr == *"keys are not taken from a text"* ]]
    grep -qx 'department abuse Incidents' S/desk/card
    grep -qx 'holiday abuse 2026-12-25 A feast' S/desk/card
    grep -qx 'about abuse 3.1 Second.' S/desk/card
    grep -qx 'about abuse 2.4 +00 0000' S/desk/card
    grep -qx 'remit abuse network:192.0.2.0/24' S/desk/card
    s card publish --quiet
    s card show --rfc2350 --department abuse >again
    [ "$(grep -v -e age1 -e /officer/ document)" = "$(grep -v -e age1 -e /officer/ again)" ]
    echo 'We are a team.' >text
    run -4 --separate-stderr s department set abuse --rfc2350 text
    [[ $stderr == *"text: "*"no section of RFC 2350 was found"* ]]
    run -3 n card show --rfc2350 --department nowhere
}

@test "security.txt needs a contact and an expiry, and says when it is stale" {
    run -3 --separate-stderr n card show --security-txt --department incident
    [[ $stderr == *"states no contact"* ]]
    n department set incident --about contact=mailto:a@north.example --quiet
    n card publish --quiet
    run -3 --separate-stderr n card show --security-txt --department incident
    [[ $stderr == *"expires"* ]]
    printf 'Contact: mailto:b@north.example\nExpires: 2020-01-01T01:00:00+01:00\nShoe-Size: 42\n' >security.txt
    run -0 --separate-stderr n department set incident --security-txt security.txt
    [[ $stderr == *"security.txt: line 3 is left out"* && $stderr == *"security.txt: it expired"* ]]
    n card publish --quiet
    run -0 --separate-stderr n card show --security-txt --department incident
    [[ $output == *"Contact: mailto:b@north.example"*"Expires: 2020-01-01T00:00:00Z"* && $output != *a@north* ]]
    [[ $stderr == *"It has expired"* ]]
    echo 'Contact: mailto:b@north.example' >security.txt
    run -4 n department set incident --security-txt security.txt
}

@test "who was competent on a date, with which key, by the record" {
    before=$(date -u +%FT%TZ)
    sleep 1
    s officer add c.lead --roles lead --quiet
    s card publish --quiet
    rest
    run -0 n card show cert.south.example --on "$before"
    [[ $output == *"from entry 0 of its record to entry "*"earliest receipt of the other side: "* ]]
    [[ $output == *"officer     b.officer (officer,lead), key cert.south.example/officer/b.officer+"* ]]
    [[ $output != *"c.lead"* ]]
    run -0 n card show cert.south.example --on "$(date -u +%F)"
    [[ $output == *"it is in force"*"c.lead (lead)"* ]]
    run -0 n card show cert.south.example --on "$(date -u +%F)" --json
    [[ $output == '{"cards":[{"card":{'*'"from_entry":0,'*'"to_entry":'*'"party":"cert.south.example"}' ]]
    run -0 n card show cert.south.example --own --on "$(date -u +%F)"
    [[ $output == "Card "*" of cert.north.example"* ]]
    run -1 --separate-stderr n card show cert.south.example --on 2020-01-01
    [[ $stderr == *"no card of cert.south.example was in force then"* ]]
    run -2 n card show cert.south.example --on yesterday
    run -2 n card show --on 2026-01-01
}

@test "publish says what became of the card in each channel; accept tells the others" {
    run -0 --separate-stderr n card publish
    [[ $stderr == *"cert.north.example/to/cert.south.example/1 (open): the card stands there already"* ]]
    parley init --home W --party cert.west.example --department abuse --officer w --no-passphrase >/dev/null
    parley invite --home W -o w.invitation --quiet
    digits=$(n compare w.invitation --quiet)
    run -0 --separate-stderr n accept w.invitation --safety-number "$digits"
    [[ $stderr == *"/to/cert.south.example/1 (open): the card is in force here"* ]]
    run -0 --separate-stderr n card publish --json
    [[ $output == '{"channels":[{"card":"there","channel":"cert.north.example/to/cert.south.example/1",'* ]]
}

@test "publish does not pass in silence over a channel that is frozen, nor over one that was followed" {
    parley invite --home N --to cert.south.example --successor -o n2 --quiet
    parley invite --home S --to cert.north.example --successor -o s2 --quiet
    parley accept --home N s2 --safety-number "$(n compare s2 --quiet)" --quiet
    run -0 --separate-stderr n card publish
    [[ $stderr == *"/to/cert.south.example/1 (followed): a successor took its place, and takes the cards"* ]]
    [[ $stderr == *"/to/cert.south.example/2 (open): the card stands there already"* ]]
    rm -rf N && cp -r "$BATS_FILE_TMPDIR/N" .
    cp -r S S2 # South tells two stories in one record
    s check-in cert.north.example 'One story.' --quiet
    parley check-in --home S2 cert.north.example 'Another.' --quiet
    "$PARLEY" record --home N export cert.south.example known --quiet
    for home in S S2; do
        "$PARLEY" record --home "$home" import known --quiet >/dev/null
        "$PARLEY" record --home "$home" export cert.north.example "told-$home" --quiet
    done
    "$PARLEY" record --home N import told-S --quiet >/dev/null
    run parley record --home N import told-S2 --quiet
    n officer add b.lead --roles lead --quiet
    run -3 --separate-stderr n card publish
    [[ $stderr == *"/to/cert.south.example/1 (frozen): nothing is appended: "* ]]
    [[ $stderr == *"the card is not in every channel"* ]]
}

@test "contacts are grouped, on duty by their rota, and stand on a ladder" {
    cat >contacts.csv <<X
name,point,phone,from,until,step,after_hours
Embassy,diplomatic,+1,,,3,7d
Night,duty,+2,2020-01-01T00:00:00Z,,1,
Past,duty,+3,,2020-01-01T00:00:00Z,1,
Head,authority,+4,,,2,24
X
    n contacts cert.south.example --name Former --quiet
    n contacts cert.south.example --file contacts.csv --quiet
    rest
    run -0 s contacts cert.north.example
    [[ $output == *"On duty now: Night, +2"*"Escalation"*"1. Night, +2"*"2. after 24 h without an answer: Head, +4"*"3. after 168 h"* ]]
    [[ $output == *"duty"*"Night  (on duty now)"*"authority"*"Head"*"diplomatic"*"Embassy"* && $output != *Former* ]]
    run -0 s contacts cert.north.example --json
    [[ $output == *'{"from":"2020-01-01T00:00:00Z","name":"Night","on_duty":true,"phone":"+2","point":"duty","step":1}'* ]]
    run -4 n contacts cert.south.example --name A --point king
    run -4 n contacts cert.south.example --name A --from noon
    run -4 n contacts cert.south.example --name A --step first
    printf 'name,step\nA,1\nB,x\n' >bad.csv
    run -4 --separate-stderr n contacts cert.south.example --file bad.csv
    [[ $stderr == *"bad.csv: line 3: step: expected a number"* ]]
}

@test "facts are routed to the competent department, the most specific remit first" {
    s department add law 'Law desk' --remit domain:south.example --remit sector:energy --quiet
    s department set abuse --remit network:192.0.2.0/24 --remit class:intrusion-attempts --quiet
    s card publish --quiet
    rest
    cat >sheet.csv <<X
# parley facts v1
first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence
2026-03-01T06:01:00Z,2026-03-01T06:01:09Z,192.0.2.17,,,22,,tcp,brute-force,2,
2026-03-01T06:02:00Z,2026-03-01T06:02:09Z,198.51.100.17,,,22,,tcp,brute-force,2,
2026-03-01T06:03:00Z,2026-03-01T06:03:09Z,198.51.100.17,,,,url:https://mail.south.example/x,,phishing,2,
2026-03-01T06:04:00Z,2026-03-01T06:04:09Z,198.51.100.17,,,22,,tcp,ddos,2,
X
    run -0 n route sheet.csv
    [[ $output == *"cert.south.example/abuse, abuse (rows 0-1)"*"network:192.0.2.0/24, by the source: 1 fact"* ]]
    [[ $output == *"cert.south.example/law, Law desk (rows 2)"*"no department is named (rows 3)"* ]]
    run -0 n route sheet.csv --to cert.south.example --json
    [[ $output == '{"parties":[{"party":"cert.south.example","routes":[{"department":"abuse",'*'"spans":[[0,1]]'* ]]
    run -0 n route --source 192.0.2.4
    [[ $output == *"cert.south.example/abuse"* ]]
    run -0 n route --sector energy
    [[ $output == *"cert.south.example/law"* ]]
    run -1 n route --event ddos
    [[ $output == *"no department is named"* ]]
    run -3 n route sheet.csv --to cert.west.example
    run -2 n route
    run -2 n route sheet.csv --source 192.0.2.4
    run -2 n route --source nowhere
    run -2 n route --object thing
    run -2 n route --event theft
    run -2 --separate-stderr n route --sector steel
    [[ $stderr == *"energy"* ]]
    run -4 s department set abuse --remit sector:steel
    run -4 n route /dev/null
    run -0 --separate-stderr n claim --to cert.south.example --facts sheet.csv --title T --tlp AMBER
    [[ $stderr == *"\`parley route\` says to which ones these facts belong"* ]]
    sed -i 4,6d sheet.csv
    run -0 --separate-stderr n claim --to cert.south.example --facts sheet.csv --title T --tlp AMBER
    [[ $stderr == *"these facts belong to cert.south.example/abuse."* ]]
    run -0 --separate-stderr n claim --to cert.south.example --facts sheet.csv --title T --tlp AMBER --sector energy
    [[ $stderr == *"these facts belong to cert.south.example/"* ]]
    run -0 --separate-stderr n inquiry --to cert.south.example --title T --tlp AMBER 'Who?'
    [[ $stderr == *"\`parley route\` finds the competent one"* ]]
}

@test "a check-in is answered by the node and by a person, and both times are shown" {
    run -0 n check-in
    [[ $output == *"no check-in either way, and no terms ask for one"* ]]
    id=$(n check-in cert.south.example 'Anybody there?' --json | member id)
    run -0 n check-in
    [[ $output == *"our last check-in: "*"no receipt yet; no person has answered yet"* ]]
    rest
    run -0 s inbox
    [[ $output == *"their check-in ${id:0:8} waits for a person: \`parley check-in cert.north.example --answer ${id:0:8}\`"* ]]
    run -0 s check-in cert.north.example --answer "${id:0:8}" 'Yes.'
    run -3 s check-in cert.north.example --answer last
    answer=$(s check-in --json | member waiting)
    [ -z "$answer" ]
    rest
    run -0 n check-in --json
    [[ $output == *"\"asked\":\"$id\""*'"node_latency_s":'*'"person_latency_s":'*'"stale":false'* ]]
    run -2 --separate-stderr n check-in cert.south.example --answer "$(n check-in --json | member answered)"
    [[ $stderr == *"is an answer, and asks for none"* ]]
    run -2 n check-in cert.south.example --answer "$id"
    run -0 s inbox
    [[ $output != *"waits for a person"* ]]
    run -2 n check-in --answer last
}

@test "a random check-in is drawn, kept to oneself, and sent when its moment has come" {
    run -2 --separate-stderr n check-in cert.south.example --random
    [[ $stderr == *"--every"* ]]
    run -0 --separate-stderr n check-in cert.south.example --random --every 1h
    [ -z "$output" ]
    [[ $stderr == *"Nothing was sent"* ]]
    drawn=$(cat N/desk/check-in/cert.south.example)
    n check-in cert.south.example --random --every 1h --quiet
    [ "$drawn" = "$(cat N/desk/check-in/cert.south.example)" ]
    echo '2020-01-01T00:00:00Z 2020-01-01T01:00:00Z' >N/desk/check-in/cert.south.example
    run -0 --separate-stderr n check-in cert.south.example --random --every 1h
    [[ $stderr == "check-in: message "* ]]
    run -0 --separate-stderr n check-in cert.south.example --random --every 1h
    [[ $stderr == *"Nothing was sent"* ]]
    run -2 n check-in cert.south.example --random --answer last
    run -2 n check-in cert.south.example --every 1h
}
