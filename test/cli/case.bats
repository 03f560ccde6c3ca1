#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# What a case goes through: passed on, linked, corrected, filed under both sides' numbers; what counts now, and the
# refusal of each wrong step.  North claims; South's node runs and is called.
load sides

# One pair of homes for all tests; South has two departments.
setup_file() {
    begin_sides
    parley department add police 'Cyber police' --home S
    open_channel
}
setup() { take_sides; }

header() {
    echo '# parley facts v1'
    echo 'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence'
}
# SHEET MINUTE…: one fact a minute.
sheet() {
    header
    for minute in "$@"; do
        echo "2026-03-01T06:$minute:00Z,2026-03-01T06:$minute:09Z,192.0.2.17,,198.51.100.$((10#$minute)),22,,tcp,brute-force,2,"
    done
}
claim_south() {
    sheet 01 02 03 >sheet.csv
    n claim --to cert.south.example/abuse --facts sheet.csv --title 'Login attempts' --tlp AMBER "$@" --json |
        member case
    exchange
}
inquire() {
    n inquiry --to cert.south.example/abuse --title 'Scans' --tlp AMBER 'Whose is 192.0.2.17?' "$@" --json | member case
    exchange
}

without_home() {
    run -3 --separate-stderr "$@" --home none
    [[ $stderr == *"parley init"* ]]
}

@test "passed on to another department: what follows goes there" {
    case=$(claim_south)
    run -2 --separate-stderr s transfer "$case" nobody
    [[ $stderr == *'no department “nobody”, but abuse, police'* ]]
    run -2 s transfer "$case"
    run -2 s transfer "$case" police --domestic 'One word too many.'
    run -2 s transfer "$case" --outside cert.east.example/abuse
    s transfer "$case" police 'They are competent.' --own-number S-7
    exchange
    run -0 n show "$case"
    [[ $output == *"Number      S-7, in the files of cert.south.example"*"transferred"*"cert.south.example/police"* ]]
    n remark "$case" 'For the police.'
    exchange
    run -0 s show "$case" --json
    [[ $output == *'"kind":"remark"'*'"to":"cert.south.example/police"'* ]]
    s transfer "$case" --domestic
    exchange
    run -0 n show "$case"
    [[ $output == *"to a domestic body that is not named"* ]]
    n remark "$case" 'For whoever it is.' --json
    exchange
    run -0 s show "$case" --json
    [[ $output == *'"kind":"remark"'*'"to":"cert.south.example/abuse"'* ]]
    run -0 s transfer "$case" --outside 'Ministry of Posts' 'By letter.'
}

@test "linked with another case, which is known or not" {
    case=$(inquire)
    other=$(inquire)
    run -2 --separate-stderr s link "$case" friend-of "$other"
    [[ $stderr == *"same-campaign"* ]]
    run -2 --separate-stderr s link "$case" duplicate-of "$case"
    [[ $stderr == *"with itself"* ]]
    run -3 s link "$case" duplicate-of ffffffff
    s link "$(short "$case")" duplicate-of "$(short "$other")" 'The same scans.'
    run -0 --separate-stderr s link "$case" same-campaign cert.west.example/11111111-2222-4333-8444-555555555555
    [[ $stderr == *"not known here"* ]]
    exchange
    run -0 n show "$case"
    [[ $output == *"duplicate-of; $other"*"The same scans."*"same-campaign; cert.west.example/1111"* ]]
}

@test "a claim is corrected: what differs is shown, and the answer is to the new sheet" {
    case=$(claim_south)
    run -2 --separate-stderr n correct "$case" --facts sheet.csv
    [[ $stderr == *"nothing to correct"* ]]
    sheet 01 02 04 | sed 's/,2,$/,5,/;/06:01/s/,5,$/,2,/' >new.csv
    run -0 n correct "$case" --facts new.csv --check-only
    [ "${lines[0]}" = "same 1, changed 1, gone 1, new 1" ]
    [[ $output == *"- 2026-03-01T06:02"*"tcp,brute-force,2,"*"+ 2026-03-01T06:02"*"tcp,brute-force,5,"* ]]
    run -0 n correct "$case" --facts new.csv --check-only --json
    [[ $output == *'"changed":1'*'"gone":1'*'"new":1'*'"rows":[{"after":1,"before":1},{"before":2},{"after":2}]'*'"same":1'* ]]
    run -0 n show "$case" --json
    [[ $output != *'"kind":"correct"'* ]]
    run -0 --separate-stderr n correct "$case" --facts new.csv 'Counted anew.'
    [[ $stderr == *"same 1, changed 1, gone 1, new 1"* ]]
    exchange
    printf '# parley findings v1\nfact,finding,count,first_seen,last_seen,upstream_ip,note\n2,not-seen,,,,,\n' >findings.csv
    s answer "$case" findings.csv
    exchange
    run -0 n show "$case"
    [[ $output == *"corrected · partial"*"not-seen"* ]]
}

@test "both sides give the numbers of their files, and later ones take the place of earlier ones" {
    case=$(claim_south --own-number N-1)
    s acknowledge "$case" --own-number S-1
    s remark "$case" --own-number S-2
    exchange
    for side in n s; do
        run -0 "$side" show "$case" --json
        [[ $output == *'"numbers":{"cert.north.example":"N-1","cert.south.example":"S-2"}'* ]]
        run -0 "$side" show "$case"
        [[ $output == *"N-1, in the files of cert.north.example"*"S-2, in the files of cert.south.example"* ]]
    done
}

@test "a request is answered by what was done" {
    case=$(inquire --action block-host --own-number N-9)
    run -0 s show "$case"
    [[ $output == *"asks: block-host"* ]]
    run -2 s answer "$case" --done perhaps --text 'Well.'
    run -4 s answer "$case" "--done=done" --reason no-legal-basis --text 'Well.'
    s answer "$case" --done not-done --reason no-legal-basis --text 'A court must order it.' --own-number S-3
    exchange
    run -0 n show "$case"
    [[ $output == *"not-done; no-legal-basis"*"A court must order it."* ]]
    run -0 n show "$case" --json
    [[ $output == *'"says":{"action":"block-host","own_number":"N-9"}'* ]]
    [[ $output == *'"says":{"done":"not-done","own_number":"S-3","reason":"no-legal-basis"}'* ]]
}

@test "help says what each word of a list means" {
    run -0 parley decline --help
    [[ $output == *"not-competent"*"outside of this department's remit"* ]]
    run -0 parley inquiry --help
    [[ $output == *"block-host"*"block traffic from the host"* ]]
    run -0 parley claim --help
    [[ $output == *"monitoring-of-persons"*"energy"* ]]
}

@test "without a home each says how to get one" {
    header >sheet.csv
    echo '2026-03-01T06:01:00Z,2026-03-01T06:01:09Z,192.0.2.17,,,22,,tcp,brute-force,2,' >>sheet.csv
    without_home parley transfer case abuse
    without_home parley link case duplicate-of other
    without_home parley correct case --facts sheet.csv
}

# REASON WORDS COMMANDS COMMAND…: refused with the reason, the words, the state of the case and what would count.
instead() {
    run -2 --separate-stderr "${@:4}"
    [[ $stderr == *"not sent: it would not count ($1): "*"$2"* ]]
    [[ $stderr == *"The case stands at: "*"what counts now: \`parley $3 "* ]]
}
THEIRS="not this party's to say"
BEFORE='nothing before it'

@test "each step out of order is refused with what can be done instead" {
    printf '# parley findings v1\nfact,finding,count,first_seen,last_seen,upstream_ip,note\n0,not-seen,,,,,\n' >findings
    echo Text. >text
    case=$(claim_south)
    # Who opened it can't do what is for who was addressed, and the other way round.
    opener='remark|link|correct|withdraw|close|consult|minutes'
    for command in acknowledge 'transfer X incident' 'decline X --reason other' 'ask X --rows 0' \
        'answer X findings' 'commit X findings' 'reveal X findings'; do
        read -ra words <<<"$command"
        instead "$THEIRS" 'for the side that was addressed' "$opener" \
            n "${words[0]}" "$(short "$case")" "${words[@]:2}"
    done
    answerer='acknowledge|decline|transfer|answer|ask|remark|link|close|consult|minutes|commit'
    instead "$THEIRS" 'for the side that opened the case' "$answerer" s withdraw "$case"
    sheet 05 >other.csv
    instead "$THEIRS" 'for the side that opened the case' "$answerer" s correct "$case" --facts other.csv
    header >tree
    instead "$THEIRS" 'for the side that opened the case' "$answerer" s disclose "$case" --evidence tree
    # What must stand before it does not.
    instead "$BEFORE" 'nobody has asked' "$opener" n disclose "$case" --evidence tree
    instead "$BEFORE" 'committed to nothing' "$answerer" s reveal "$case" findings
    instead "$BEFORE" 'neither withdrawn nor closed' "$opener" n reopen "$case"
    instead "$BEFORE" 'no minutes of the case offer that text' "$answerer" s agree "$case"
    instead "$BEFORE" 'no offer of the other side stands here' "$answerer" s reply "$case" accept
    # Once it is declined, the rest is still open to who was addressed; once withdrawn, little is.
    s decline "$case" --reason not-competent
    instead "$BEFORE" 'committed to nothing' 'transfer|answer|ask|remark|link|close|consult|minutes' s reveal "$case" findings
    n withdraw "$case"
    exchange
    instead "$BEFORE" 'neither withdrawn nor closed' 'remark|link|close' s reopen "$case"
    instead "$THEIRS" 'addressed' 'remark|link|reopen' n acknowledge "$case"
}

@test "what counts at an odd time is said, and what it does is told" {
    printf '# parley findings v1\nfact,finding,count,first_seen,last_seen,upstream_ip,note\n0,not-seen,,,,,\n' >findings
    case=$(claim_south)
    s decline "$case" --reason too-old
    run -0 --separate-stderr s answer "$case" findings
    [[ $stderr == *"You declined this case: the answer takes the place of that."* ]]
    run -0 --separate-stderr s acknowledge "$case"
    [[ $stderr == *"changes nothing any more"* ]]
    run -0 --separate-stderr s decline "$case" --reason secrecy
    [[ $stderr == *"the findings stay"* ]]
    n withdraw "$case"
    exchange
    run -0 --separate-stderr s acknowledge "$case"
    [[ $stderr == *"nobody waits for it"* ]]
    run -0 --separate-stderr s remark "$case" 'Well.'
    [[ $stderr != *"nobody waits"* ]]
}

@test "a proposal is replied to, and an inquiry has no facts" {
    printf '# parley findings v1\nfact,finding,count,first_seen,last_seen,upstream_ip,note\n0,not-seen,,,,,\n' >findings
    case=$(n propose cert.south.example 'Let us talk.' --json | member case)
    exchange
    kinds='reply|remark|link|close|consult|minutes'
    for command in acknowledge 'transfer X police' 'decline X --reason other' 'ask X --rows 0' 'answer X findings' \
        'commit X findings'; do
        read -ra words <<<"$command"
        instead "$BEFORE" '' "$kinds" s "${words[0]}" "$case" "${words[@]:2}"
    done
    instead "$BEFORE" 'only a claim has facts to correct' 'remark|link|withdraw|close|consult|minutes' \
        n correct "$case" --facts <(sheet 01)
    case=$(inquire)
    instead "$BEFORE" 'only a claim has facts to correct' 'remark|link|withdraw|close|consult|minutes' \
        n correct "$case" --facts <(sheet 01)
}

@test "a case that is shown says what one can do now, and at an earlier cut it does not" {
    case=$(claim_south)
    run -0 s show "$case"
    [[ $output == *"What you can do now"*"parley acknowledge|decline|transfer|answer|ask|remark|"*" $(short "$case")"* ]]
    s acknowledge "$case"
    run -0 s show "$case" --json
    [[ $output == *'"possible":["acknowledge","decline",'*'"useful":["decline","transfer","answer",'* ]]
    [[ $output =~ \"cut\":\{\"cert.north.example\":([0-9]+),\"cert.south.example\":([0-9]+)\} ]]
    run -0 s show "$case" --at "${BASH_REMATCH[1]},$((BASH_REMATCH[2] - 1))"
    [[ $output != *"What you can do now"* ]]
}

@test "a claim of objects alone is made by hand, shown, and answered by hand" {
    cat >objects.csv <<'END'
first_seen,last_seen,object,event,count
2026-03-01T06:00:00Z,2026-03-01T07:00:00Z,url:https://login.south.example/bank,phishing,3
2026-03-01T06:00:00Z,2026-03-01T07:00:00Z,domain:evil.example,c2-server,1
2026-03-01T06:00:00Z,2026-03-01T07:00:00Z,sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,malware-distribution,1
2026-03-01T06:00:00Z,2026-03-01T07:00:00Z,account:social.example/@voice,harmful-speech,40
2026-03-01T06:00:00Z,2026-03-01T07:00:00Z,mail:boss@north.example,phishing,2
END
    parley facts --format csv objects.csv -o sheet.csv --quiet
    case=$(n claim --to cert.south.example/abuse --facts sheet.csv --title 'A campaign' --tlp AMBER \
        --class influence-campaign --state FR --severity medium --summary 'Accounts and sites.' --json | member case)
    exchange
    run -0 s show "$case"
    [[ $output == *"Severity    medium: may affect"*"Class       influence-campaign: "*"States      France"* ]]
    [[ $output == *"5 facts"*"medium; influence-campaign; FR"* ]]
    for object in account:social.example/@voice domain:evil.example mail:boss@north.example sha256:aaaa \
        url:https://login.south.example/bank; do
        [[ $output == *"$object"* ]]
    done
    [[ $output == *"Not there, and useful to check it: account-or-place (in 2 of 5 facts), evidence"* ]]
    {
        echo '# parley findings v1'
        echo 'fact,finding,count,first_seen,last_seen,upstream_ip,note'
        echo '0,confirmed,12,,,,It was opened in March.'
        echo '1,remediated,,,,,The name is gone.'
        echo '2,no-records,,,,,'
        echo '3,not-ours,,,,,'
        echo '4,confirmed,2,,,,'
    } >findings.csv
    s answer "$case" findings.csv --text 'By hand.'
    exchange
    run -0 n show "$case" --json
    [[ $output == *'"object":"account:social.example/@voice"'* && $output == *'"answer":{"count":12,"finding":"confirmed","note":"It was opened in March."}'* ]]
    run -0 n show "$case"
    [[ $output == *"5 of 5 facts answered"* ]]
}

@test "what a claim's classes ask for is listed, and nothing is refused for it" {
    sheet 01 02 >sheet.csv
    run -1 --separate-stderr n claim --check-only --facts sheet.csv --class critical-infrastructure --sector energy
    [[ $output == *"[x] sectors"*"[ ] severity"* || $output == *"[ ] states"*"[x] sectors"* ]]
    [[ $output == *"[ ] source-port"*"(missing in 2 of 2 facts)"*"[?] upstream"* ]]
    run -1 --separate-stderr n claim --check-only --facts sheet.csv --json
    [[ $output == *'{"facts":2,"item":"source-port","lacking":2,"state":"missing"}'* ]]
    run -2 n claim --check-only
    run -2 n claim --check-only --facts sheet.csv --sector astrology
    run -2 n claim --check-only --facts sheet.csv --state XX
    run -2 n claim --check-only --facts sheet.csv --severity dire
    run -0 --separate-stderr n claim --to cert.south.example/abuse --facts sheet.csv --title T --tlp AMBER
    [[ $stderr == *"would need to check it"*"source-port"* ]]
}

@test "an action that is asked for stands in every list, and cases are found by a number" {
    case=$(inquire --action block-host --own-number N-2026-4)
    run -0 s cases
    [[ $output == *"Scans (asks: block-host)"* ]]
    run -0 s inbox
    [[ $output == *"Scans (asks: block-host)"* ]]
    run -0 s cases --find N-2026-4 --json
    [[ $output == *'"action":"block-host"'*'"numbers":{"cert.north.example":"N-2026-4"}'* ]]
}

@test "facts as columns: one array each, as long as the sheet, and the same as the facts" {
    case=$(claim_south)
    { echo '# parley findings v1'; echo 'fact,finding,count,first_seen,last_seen,upstream_ip,note'; echo '1,relayed,3,,,198.51.100.9,by a proxy'; } >findings.csv
    s answer "$case" findings.csv
    exchange
    run -2 --separate-stderr n show "$case" --columns
    [[ $stderr == *"--columns is a form of --json"* ]]
    n show "$case" --json --columns >columns.json
    n show "$case" --json >facts.json
    python3 - <<'CHECK'
import json
sheet = json.load(open("columns.json"))["sheets"][0]
facts = json.load(open("facts.json"))["sheets"][0]["facts"]
columns = sheet["columns"]
assert sheet["rows"] == len(facts) == 3 and "facts" not in sheet
assert all(len(column) == 3 for column in columns.values())
for name in ("src_ip", "dst_ip", "dst_port", "event", "protocol", "count"):
    assert columns[name] == [fact[name] for fact in facts], name
assert columns["first_seen"] == [1772344860, 1772344920, 1772344980]
assert columns["finding"] == [None, "relayed", None] and columns["found_count"] == [None, 3, None]
assert columns["upstream_ip"][1] == "198.51.100.9" and columns["note"][1] == "by a proxy"
assert "asked" not in columns and "object" not in columns and "shown" not in columns and sheet["lines"] == []
assert "findings" not in json.load(open("columns.json"))["state"]["sheets"][0]
CHECK
}
