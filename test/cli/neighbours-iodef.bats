#!/usr/bin/env bats
# A case as an IODEF document, and back; libxml2's own tool reads it, too.
load pair

setup() {
    pair
    channel
    sheet_of '2026-03-01T06:55:46Z,2026-03-01T06:58:00Z,192.0.2.17,4444,203.0.113.5,22,,tcp,brute-force,12,' \
        '2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,,,,,url:https://login.example/?a=1&b=<2>,,phishing,1,' >facts.csv
    parley claim --home N --to cert.south.example/abuse --facts facts.csv --title 'Logins & more' --tlp AMBER+STRICT --summary 'Many.' --waive 'test addresses' --quiet >/dev/null
    rest
    case=$(the_case)
}

@test "facts, level and words come back; what was said is history, and a refusal RID's status" {
    parley decline --home S "$case" --reason resources 'No time' --quiet >/dev/null
    rest
    run -2 parley export "$case" --home N --format iodef -o case.xml
    parley export "$case" --home N --format iodef -o case.xml --yes --quiet
    xmllint --noout --nonet case.xml
    grep -q 'restriction="ext-value" ext-restriction="TLP:AMBER+STRICT"' case.xml
    grep -q '<iodef-rid:RequestStatus AuthorizationStatus="Denied" Justification="SystemResource"' case.xml
    parley import case.xml -o back.csv --quiet
    cmp facts.csv back.csv
    run -0 parley import case.xml --quiet
    [[ $output == *'AMBER+STRICT  2      cert.north.example/incident  Logins & more'* ]]
    run -0 parley import case.xml --home S --to cert.north.example/incident --waive 'test addresses' --quiet
    run -0 parley drafts --home S
    [[ $output == *claim* ]]
}

@test "a document type is refused before anything of it is read" {
    printf '<!DOCTYPE lolz [<!ENTITY a "lol">%s]><IODEF-Document xmlns="urn:ietf:params:xml:ns:iodef-2.0">&j;</IODEF-Document>' \
        "$(for c in b:a c:b d:c e:d f:e g:f h:g i:h j:i; do printf '<!ENTITY %s "&%s;&%s;&%s;&%s;&%s;&%s;&%s;&%s;&%s;&%s;">' "${c%:*}" "${c#*:}" "${c#*:}" "${c#*:}" "${c#*:}" "${c#*:}" "${c#*:}" "${c#*:}" "${c#*:}" "${c#*:}" "${c#*:}"; done)" >bomb.xml
    run -4 parley import bomb.xml
    [[ $output == *'a document type (DTD) is not taken'* ]]
    printf '<!DOCTYPE x SYSTEM "file:///etc/passwd"><IODEF-Document xmlns="urn:ietf:params:xml:ns:iodef-2.0"/>' >external.xml
    run -4 parley import external.xml
    [[ $output == *'a document type (DTD) is not taken'* ]]
}
