#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# How a case comes to its end: meetings with times, agenda and delegations; texts that are amended; what was undertaken.
# North calls; South's node runs and is called.
load sides

setup_file() { make_sides; }
setup() {
    export TZ=UTC
    take_sides
}


# A claim of North with four facts, known to both.
claim() {
    {
        echo '# parley facts v1'
        echo 'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence'
        for minute in 01 02 03 04; do
            echo "2026-03-01T06:$minute:00Z,2026-03-01T06:$minute:09Z,192.0.2.17,,,22,,tcp,brute-force,2,"
        done
    } >sheet.csv
    n claim --to cert.south.example/abuse --facts sheet.csv --title 'Guessed passwords' --tlp AMBER --json | member case
    exchange
}

@test "without a home it says how to get one" {
    run -3 --separate-stderr parley undertakings --home none
    [[ $stderr == *"parley init"* ]]
}

@test "a meeting is confirmed at the one time that both name, and shown on both clocks" {
    n department set incident --hours 'Mo-Fr 08:00-18:00 Europe/Paris' --quiet
    n card publish --quiet
    s department set abuse --hours 'Mo-Fr 08:00-18:00 Asia/Tokyo' --quiet
    s card publish --quiet
    case=$(claim)
    n consult "$case" --quiet --time 2030-03-05T22:00:00Z/2030-03-05T23:00:00Z --time 2030-03-06T10:00:00Z/2030-03-06T11:00:00Z \
        --agenda "What stands behind $(short "$case")#0-1" --delegate 'A. Officer:lead' --delegate interpreter \
        --link https://meet.north.example/1
    exchange
    run -0 s show "$case"
    [[ $output == *"offered by cert.north.example: 2030-03-05T22:00:00Z/2030-03-05T23:00:00Z
      2030-03-05 23:00–2030-03-06 00:00 +01:00  Europe/Paris, cert.north.example
      2030-03-06 07:00–08:00 +09:00  Asia/Tokyo, cert.south.example"* ]]
    [[ $output == *"for cert.north.example: lead (A. Officer), interpreter"* ]]
    [[ $output == *"  - What stands behind $case#0-1
    $case: Guessed passwords
      0  2026-03-01T06:01:00Z  192.0.2.17  brute-force × 2
      1  "* ]]
    run -3 --separate-stderr s consult "$case" --ics meeting.ics
    [[ $stderr == *"both must name the same one"* ]]
    # Both of them suit South: that fixes none.
    s consult "$case" --quiet --time 2030-03-05T22:00:00Z/2030-03-05T23:00:00Z --time 2030-03-06T10:00:00Z/2030-03-06T11:00:00Z
    exchange
    run -0 n show "$case"
    [[ $output == *"suits both, as others do; confirm one: 2030-03-05T22"* && $output != *"confirmed by both"* ]]
    s consult "$case" --quiet --time 2030-03-06T10:00:00Z/2030-03-06T11:00:00Z --delegate lead
    exchange
    for who in n s; do
        run -0 "$who" show "$case"
        [[ $output == *"confirmed by both: 2030-03-06T10:00:00Z/2030-03-06T11:00:00Z
      2030-03-06 11:00–12:00 +01:00  Europe/Paris"* ]]
        run -0 "$who" show "$case" --json
        [[ $output == *'"consultations":[{'*'"confirmed":{"from":"2030-03-06T10:00:00Z"'* ]]
    done
}

@test "consult without a case lists the meetings and texts of all cases" {
    run -0 n consult
    [ "$output" = "no meeting and no text was offered in any case" ]
    case=$(claim)
    n consult "$case" --quiet --time 2030-03-06T10:00:00Z/2030-03-06T11:00:00Z
    run -0 n consult --json
    [[ $output == '[{"case":"'"$case"'","consultations":[{'*'"texts":[],"title":"Guessed passwords",'*'"with":"cert.south.example"}]' ]]
    run -0 n consult
    [[ $output == "$case"*"offered by cert.north.example: 2030-03-06T10:00:00Z"* ]]
    run -2 --separate-stderr n consult --place 'Room 1'
    [[ $stderr == *"a case is missing"* ]]
}

@test "show leaves out what is known of a sheet's facts" {
    case=$(claim)
    sheet=$(n show "$case" --json --columns | member sheet)
    run -0 n show "$case" --json --columns --known "$sheet"
    [[ $output == *'"known":true'* && $output != *'"src_ip":'* ]]
    run -0 n show "$case" --json --columns --known "${sheet//[0-9a-f]/0}"
    [[ $output == *'"src_ip":'* ]]
    run -2 n show "$case" --json --known "$sheet"
}

@test "the calendar tells when, and no more unless it is asked to" {
    case=$(claim)
    time=2030-03-06T10:00:00Z/2030-03-06T11:00:00Z
    n consult "$case" --quiet --time "$time" --title 'Sources; and, relays' --place 'Room Ж, ground floor' --link https://meet.north.example/1 \
        --agenda 'Ce qui se trouve derrière les adresses, et à qui elles appartiennent depuis le début'
    s sync --quiet >/dev/null || true
    exchange
    s consult "$case" --quiet --time "$time"
    exchange
    n consult "$case" --ics bare.ics
    s consult "$case" --ics other.ics
    cmp bare.ics other.ics
    run ! grep -qiE 'sources|meet|room|guessed|north|south|agenda' bare.ics
    grep -q $'^SUMMARY:consultation\\\\, parley\r$' bare.ics
    grep -q $'^DTSTART:20300306T100000Z\r$' bare.ics
    run -0 --separate-stderr n consult "$case" --ics full.ics --details
    [[ $stderr == *"TLP:AMBER"* ]]
    python3 - <<'END'
for name in ("bare.ics", "full.ics"):
    data = open(name, "rb").read()
    assert data.endswith(b"\r\n") and b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode()
text = open("full.ics", "rb").read().replace(b"\r\n ", b"").decode()
assert "SUMMARY:Sources\\; and\\, relays\r\n" in text, text
assert "LOCATION:Room Ж\\, ground floor\r\n" in text
END
    # Another program reads the same; Debian's Python has the Debian package.
    /usr/bin/python3 - <<'END'
from datetime import datetime, timezone
from icalendar import Calendar
for name, summary in (("bare.ics", "consultation, parley"), ("full.ics", "Sources; and, relays")):
    events = Calendar.from_ical(open(name, "rb").read()).walk("VEVENT")
    assert len(events) == 1
    event = events[0]
    assert event["SUMMARY"] == summary and event["STATUS"] == "CONFIRMED"
    assert event["DTSTART"].dt == datetime(2030, 3, 6, 10, tzinfo=timezone.utc)
    assert event["DTEND"].dt == datetime(2030, 3, 6, 11, tzinfo=timezone.utc)
assert "depuis le début" in event["DESCRIPTION"] and "Guessed passwords" in event["DESCRIPTION"]
END
    # Cancelled, the same event takes itself back.
    s consult "$case" --quiet --cancel 'Something came up.'
    exchange
    run -0 n show "$case"
    [[ $output == *"cert.south.example comes at no time named before"* && $output != *"confirmed by both"* ]]
    n consult "$case" --ics gone.ics
    grep -q $'^STATUS:CANCELLED\r$' gone.ics
    [ "$(grep UID: gone.ics)" = "$(grep UID: bare.ics)" ]
    [ "$(grep SEQUENCE: gone.ics)" != "$(grep SEQUENCE: bare.ics)" ]
    run -2 n consult "$case" --cancel --time "$time"
    run -2 n consult "$case" --details
    run -2 n consult "$case" --ics x.ics --title T
}

@test "times may be given on the clock of a zone, if it says them once" {
    case=$(claim)
    n consult "$case" --time 2030-03-05T11:00/2030-03-05T12:30:00 --time 2030-07-05T08:00:00Z/2030-07-05T11:00 \
        --zone Europe/Paris --quiet
    run -0 n show "$case"
    [[ $output == *"2030-03-05T10:00:00Z/2030-03-05T11:30:00Z"*"2030-07-05T08:00:00Z/2030-07-05T09:00:00Z"* ]]
    run -2 --separate-stderr n consult "$case" --time 2030-03-31T02:30/2030-03-31T04:00 --zone Europe/Paris
    [[ $stderr == *"2030-03-31T02:30 comes twice or never"* ]]
    run -2 n consult "$case" --time 2030-10-27T02:30/2030-10-27T04:00 --zone Europe/Paris
    run -2 n consult "$case" --time 2030-03-05T11:00/2030-03-05T12:30
    run -2 n consult "$case" --time 2030-03-05T12:00/2030-03-05T11:00 --zone Europe/Paris
    run -2 n consult "$case" --time 2030-03-05T11:00 --zone Europe/Paris
    run -2 n consult "$case" --time 2030-03-05T11:00/2030-03-05T12:00 --zone Europe/Atlantis
}

@test "an agenda names cases and facts that there are, a delegation roles" {
    case=$(claim)
    run -2 --separate-stderr n consult "$case" --agenda "About $(short "$case")#4"
    [[ $stderr == *"has no fact 4"* ]]
    run -2 n consult "$case" --agenda "About $(short "$case")#x"
    run -3 n consult "$case" --agenda 'About ffffffff#0'
    run -2 n consult "$case" --delegate 'A. Officer:'
    run -0 n consult "$case" --agenda 'About ffffffff, which is no case of ours' --quiet
}

@test "an amended text is shown by what differs, by fact and by line" {
    case=$(claim)
    printf 'We looked.\nIt goes on.\n' >one
    printf 'We looked.\nIt has stopped.\n' >two
    echo 'Nous avons regardé.' >fr
    n minutes "$case" --text en=one --agreed all --undertaking 'cert.north.example 2030-04-01 Keep the logs' --quiet
    first=$(n show "$case" --json | grep -o '"text":"[0-9a-f]\{64\}"' | head -n 1 | cut -d'"' -f4)
    exchange
    run -3 --separate-stderr s minutes "$case" --diff
    [[ $stderr == *"supersedes none"* ]]
    s minutes "$case" --text en=two --text fr=fr --agreed 0-1,3 --unverifiable 2 --why 'No records.' --supersedes "$first" \
        --undertaking 'cert.north.example 2030-05-01 Keep the logs' --quiet
    exchange
    run -0 n minutes "$case" --diff
    [[ $output == *"What differs from the text ${first:0:12}"*"
@ outcomes
- "*"… 2 agreed
+ "*"… 2 unverifiable: No records.
@ undertakings
- cert.north.example 2030-04-01T23:59:59Z en: Keep the logs
+ cert.north.example 2030-05-01T23:59:59Z en: Keep the logs
@ text en
  We looked.
- It goes on.
+ It has stopped.
@ text fr
+ Nous avons regardé." ]]
    run -0 n minutes "$case" --diff --json
    [[ $output == *'"lines":[{"line":"It goes on.","sign":"-"}'* ]]
    run -0 n minutes "$case" --read
    [[ $output == "parley minutes v1"*"| It has stopped."* ]]
    run -0 n minutes "$case" "$first" --read --json
    [[ $output == '{"settlement":"'"$first"'","text":"parley minutes v1'*"It goes on."* ]]
    run -2 --separate-stderr n agree "$case"
    [[ $stderr == *"- It goes on."*"--yes"* ]]
    run -0 n show "$case"
    [[ $output == *"another text that was offered supersedes it"*"it supersedes the text ${first:0:12}"* ]]
    [[ $output == *"agreed to by nobody yet"* ]]
}

@test "what was undertaken is said to be done by its owner, and accepted by the other" {
    case=$(claim)
    echo 'Both act.' >en
    run -2 n minutes "$case" --text en=en --agreed all --undertaking 'cert.south.example soon Block it' --preview
    run -2 n minutes "$case" --text en=en --agreed all --undertaking-in '1 fr Bloquer' --preview
    run -4 n minutes "$case" --text en=en --agreed all --undertaking 'cert.west.example 2030-04-01 Block it' --preview
    n minutes "$case" --text en=en --agreed all --undertaking 'cert.south.example/abuse 2030-04-01 Block the host' \
        --undertaking 'cert.north.example 2020-04-01T00:00:00Z Keep the logs' \
        --undertaking-in '1 fr Bloquer la machine' --quiet
    sha=$(n show "$case" --json | grep -o '"text":"[0-9a-f]\{64\}"' | head -n 1 | cut -d'"' -f4)
    exchange
    run -0 s undertakings
    [[ $output == *"nothing was undertaken"* ]]
    s agree "$case" "$sha" --yes --quiet
    n agree "$case" "$sha" --yes --quiet
    exchange
    run -0 n undertakings
    [[ $output == *"waits for cert.north.example
  2 cert.north.example, due 2020-04-01T00:00:00Z: Keep the logs (open, lapsed)"* ]]
    [[ $output == *"waits for cert.south.example
  1 cert.south.example/abuse, due 2030-04-01T23:59:59Z: Block the host (open)"* ]]
    refused "only its owner" n undertakings "$case" 1 'done'
    refused "has not said that it is done" n undertakings "$case" 1 accepted
    run -3 s undertakings "$case" 3 'done'
    run -2 s undertakings "$case" 1 finished
    run -2 s undertakings "$case" 1
    s undertakings "$case" 1 'done' 'Since this morning.' --quiet
    refused "said already" s undertakings "$case" 1 'done'
    refused "not its owner" s undertakings "$case" 1 accepted
    exchange
    run -0 n show "$case"
    [[ $output == *"Undertaken"*"Block the host (done 20"* && $output == *"undertaking 1: done"*"Since this morning."* ]]
    n undertakings "$case" 1 disputed 'It still answers.' --quiet
    exchange
    run -0 s undertakings "$case"
    [[ $output == *"waits for cert.south.example"*"(disputed 20"* ]]
    s undertakings "$case" 1 'done' --quiet
    exchange
    n undertakings "$case" 1 accepted --quiet
    n undertakings "$case" 2 'done' --quiet
    exchange
    run -0 s undertakings --json
    [[ $output == '[{"case":"'*'"lapsed":true'*'"owner":"cert.north.example"'*'"state":"done"'*'"undertaking":2'*'}]' ]]
    run -0 s undertakings "$case" --json
    [[ $output == *'"state":"accepted"'*'"fr":"Bloquer la machine"'* ]]
    # Both sides print the same of it, the text in its languages with what was undertaken.
    exchange
    exchange
    cut=$(n show "$case" --json | python3 -c 'import json, sys
cut = json.load(sys.stdin)["cut"]
print(",".join(str(cut[party]) for party in sorted(cut)))')
    for side in n s; do "$side" show "$case" --at "$cut" --as-of 2031-01-01T00:00:00Z --html >$side.html; done
    cmp n.html s.html
    python3 "$BATS_TEST_DIRNAME/report.py" n.html >text
    grep -q 'Settled: both have agreed to the text.*undertaken by.*Bloquer la machine' text
}
