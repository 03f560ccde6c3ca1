#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # bats sets $stderr, and runs each test alone
# What is asked for and shown of the evidence behind facts, findings that were committed to, attachments that were
# erased, and answers written in an editor.  North calls; South's node runs and is called.
load sides

sshd_log() {
    cat <<'END'
Mar  1 06:55:46 gate sshd[14]: Failed password for root from 192.0.2.17 port 50022 ssh2
Mar  1 06:55:48 gate sshd[14]: Failed password for root from 192.0.2.17 port 50024 ssh2
Mar  1 07:10:00 gate sshd[15]: Failed password for invalid user admin from 198.51.100.3 port 40000 ssh2
Mar  1 09:00:00 gate sshd[15]: Failed password for root from 192.0.2.17 port 50100 ssh2
Mar  1 09:00:01 gate sshd[15]: Failed password for root from 192.0.2.17 port 50100 ssh2
END
}

# One pair of homes for all tests, with a claim about three facts that both hold; its name is in `case`.
setup_file() {
    make_sides
    : >pids
    sshd_log >auth.log
    parley facts auth.log --year 2026 --timezone UTC -o sheet.csv --evidence tree --quiet
    serve_south
    exchange
    n claim --to cert.south.example/abuse --facts sheet.csv --evidence tree --title 'Guessed passwords' \
        --tlp AMBER --quiet >case
    exchange
    stop "$started"
}
setup() {
    take_sides sheet.csv tree case
    case=$(cat case)
}

refused() { # STATUS WORDS COMMAND…
    run "-$1" --separate-stderr "${@:3}"
    [[ $stderr == *"$2"* ]]
}

without_home() {
    run -3 --separate-stderr "$@" --home none
    [[ $stderr == *"parley init"* ]]
}

@test "without a home each says how to get one" {
    without_home parley ask case --rows 0
    without_home parley disclose case --evidence tree
    without_home parley commit case findings
    without_home parley reveal case findings
}

@test "facts are asked for, and lines shown that the other side verifies" {
    refused 2 "--rows is needed" s ask "$case"
    refused 2 "the sheet has no fact 3" s ask "$case" --rows 0-3
    refused 2 "expected facts as 0-3,7" s ask "$case" --rows 2,1
    refused 2 "not sent: it would not count" n ask "$case" --rows 0
    refused 2 "nobody has asked" n disclose "$case" --evidence tree
    run -0 --separate-stderr s ask "$case" --rows 0,2 'May we see these?'
    [ "$output" = "$case" ]
    exchange
    run -0 n show "$case"
    [[ $output == *" ask "*"facts 0,2"* && $output == *"asked for"* && $output == *"May we see these?"* ]]

    sshd_log | tail -n 2 >other.log
    parley facts other.log --year 2026 --timezone UTC -o other.csv --evidence other.tree --quiet
    refused 4 "is of another sheet" n disclose "$case" --evidence other.tree
    sed 's/root from 192.0.2.17/toor from 192.0.2.17/' <(sshd_log) >other.log
    parley facts other.log --year 2026 --timezone UTC -o other.csv --evidence other.tree --quiet
    refused 4 "does not give the root" n disclose "$case" --evidence other.tree
    run -0 --separate-stderr n disclose "$case" --evidence tree --lines 0:1 --preview
    [ "${lines[0]}" = "parley disclosure v1" ]
    [[ $stderr == *"facts shown: 2; lines shown: 3 of 4"* ]]
    run -0 --separate-stderr n disclose "$case" --evidence tree --lines 0:1 'Here they are.'
    exchange
    run -0 s show "$case"
    [[ $output == *"1 of 2 verified"* && $output == *"2 of 2 verified"* ]]
    [[ $output == *"facts disclosed: 2; lines: 3, each verified"* && $output == *"as asked for by"* ]]
    run -0 s show "$case" --json
    [[ $output == *'"evidence":{"asked":true,"committed":2,"lines_verified":1,"shown":true}'* ]]
    [[ $output == *'"evidence":{"asked":false,"committed":1,"shown":false}'* ]]
    run -0 s show "$case" --evidence
    [[ $output == *"lines shown: 1 of 2, verified"*"     1  Mar  1 06:55:48 gate"* && $output != *"06:55:46 gate"* ]]
    run -0 s show "$case" --evidence -o lines
    diff lines <(sshd_log | sed -n '2p;4,5p')
    run -2 s show "$case" --evidence --json
    run -2 s show "$case" -o lines
}

@test "of a fact, none of the lines, the first, or those that are named" {
    s ask "$case" --rows all --quiet
    exchange
    run -0 --separate-stderr n disclose "$case" --evidence tree --first 1 --lines 2:none --preview
    [[ $stderr == *"facts shown: 3; lines shown: 2 of 5"* ]]
    run -0 --separate-stderr n disclose "$case" --evidence tree --rows 1 --preview
    [[ $stderr == *"facts shown: 1; lines shown: 1 of 1"* ]]
    refused 2 "has lines 0 to 1" n disclose "$case" --evidence tree --lines 0:2 --preview
    refused 2 "not among those" n disclose "$case" --evidence tree --rows 1 --lines 0:1 --preview
    refused 2 "expected FACT:LINES" n disclose "$case" --evidence tree --lines 0 --preview
    refused 3 "no ask about that sheet begins with" n disclose "$case" --evidence tree --ask ffff --preview
    n disclose "$case" --evidence tree --first 1 --lines 2:none --quiet
    n disclose "$case" --evidence tree --rows 0 --quiet
    exchange
    run -0 s show "$case"
    [[ $output == *"2 of 2 verified"*"1 of 1 verified"*"0 of 2 verified"* ]]
}

@test "a tree that was changed is refused before anything is sent" {
    s ask "$case" --rows 0 --quiet
    exchange
    sed 's/06:55:48 gate sshd/06:55:48 Gate sshd/' tree >changed
    refused 4 "the lines don't give the root" n disclose "$case" --evidence changed
    sed '/^key /s/[0-9a-f]$/x/' tree >bad
    run -4 n disclose "$case" --evidence bad
    run -3 n disclose "$case" --evidence absent
}

@test "a sheet without evidence has none to ask for" {
    sed 's/,[0-9]*$/,/' sheet.csv | sed '2s/.*/first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence/' >bare.csv
    bare=$(n claim --to cert.south.example/abuse --facts bare.csv --title Bare --tlp AMBER --quiet)
    exchange
    refused 2 "commits to no evidence" s ask "$bare" --rows 0
}

@test "an inquiry is asked back in words" {
    inquiry=$(n inquiry --to cert.south.example/abuse --title Whose --tlp AMBER 'Whose is 192.0.2.17?' --quiet)
    exchange
    refused 2 "no facts" s ask "$inquiry" --rows 0
    refused 2 "what is asked is missing" s ask "$inquiry"
    run -0 s ask "$inquiry" 'At what time?'
}

findings() { # FILE FACT,WORD…
    {
        echo '# parley findings v1'
        echo 'fact,finding,count,first_seen,last_seen,upstream_ip,note'
        printf '%s,,,,,\n' "${@:2}"
    } >"$1"
}

@test "findings are committed to before the evidence is opened, and revealed after it" {
    findings ours 0,confirmed 1,not-seen
    refused 2 "not sent: it would not count" n commit "$case" ours
    refused 2 "this side has committed to nothing" s reveal "$case" ours
    findings far 0,confirmed 3,not-seen
    refused 4 "the sheet has only 3" s commit "$case" far
    run -0 --separate-stderr s commit "$case" ours
    [[ $stderr == *"parley reveal $case ours"* ]]
    salt=$(echo S/desk/commit-*.salt)
    [ "$(stat -c %a "$salt")" = 600 ]
    grep -q 'age-encryption.org' "$salt"
    s ask "$case" --rows 0 --quiet
    exchange
    run -0 n show "$case"
    [[ $output == *"findings committed to: nothing is disclosed yet; not revealed yet"* ]]
    n disclose "$case" --evidence tree --quiet
    exchange

    findings theirs 0,refuted 1,not-seen
    refused 4 "is not what was committed to" s reveal "$case" theirs
    run -0 --separate-stderr s reveal "$case" ours 'As promised.'
    [[ $stderr == *"parley answer $case ours"* ]]
    refused 2 "revealed already" s reveal "$case" ours
    exchange
    run -0 n show "$case"
    [[ $output == *"findings committed to: before anything was disclosed; revealed by "*"they are what was committed to"* ]]
    [[ $output == *"(revealed: confirmed)"*"(revealed: not-seen)"* ]]
    run -0 n show "$case" --json
    [[ $output == *'"matches":true,"order":"before-disclosure"'* && $output == *'"revealed":{"finding":"confirmed"}'* ]]
    s answer "$case" theirs --quiet
    exchange
    run -0 n show "$case"
    [[ $output == *"refuted (revealed: confirmed)"* ]]
}

@test "a commit after the evidence is shown as that" {
    findings ours 0,confirmed
    s ask "$case" --rows 0 --quiet
    exchange
    n disclose "$case" --evidence tree --quiet
    exchange
    run -0 --separate-stderr s commit "$case" ours
    [[ $stderr == *"the commit comes after them"* ]]
    exchange
    run -0 n show "$case"
    [[ $output == *"findings committed to: after lines were disclosed"* ]]
}

@test "a commit and a disclosure that cross are shown as that" {
    findings ours 0,confirmed
    s ask "$case" --rows 0 --quiet
    exchange
    n disclose "$case" --evidence tree --quiet
    s commit "$case" ours --quiet
    exchange
    run -0 s show "$case"
    [[ $output == *"neither it nor a disclosure had seen the other"* ]]
}

@test "only the desk that committed can reveal" {
    findings ours 0,confirmed
    s commit "$case" ours --quiet
    mv S/desk/commit-*.salt .
    refused 3 "the salt is not on this desk" s reveal "$case" ours
}

checked() { # HOME
    run -0 parley fsck --home "$1"
}

@test "what one has attached is erased with a reason that both read, and the rest stays right" {
    without_home parley erase case facts --reason 'A name stood in it.'
    terms=$(n propose cert.south.example --answer-within 7d --json | member case)
    exchange
    s reply "$terms" accept --quiet
    exchange
    n claim --to cert.south.example/abuse --facts sheet.csv --evidence tree --title Later --tlp AMBER --quiet >later
    case=$(cat later)
    exchange
    run -0 s show "$case"
    [[ $output == *"to answer: 2"* ]]
    s ask "$case" --rows 0 --quiet
    exchange
    n disclose "$case" --evidence tree --quiet
    exchange

    refused 2 "--reason is needed" n erase "$case" evidence
    refused 2 "which attachment" n erase "$case" --reason 'No.'
    refused 2 "--yes erases without being asked" n erase "$case" evidence --reason 'A name stood in it.'
    refused 3 "there is no attachment findings" n erase "$case" findings --reason 'No.' --yes
    refused 2 "attached by the other side" s erase "$case" evidence --reason 'No.' --yes
    refused 3 "there is no case" n erase ffffffff evidence --reason 'No.' --yes
    run -0 --separate-stderr n erase "$case" evidence --reason 'A name stood in it.' --yes
    [[ $stderr == *"the other side may keep its copy"* && $stderr != *"no deadline"* ]]
    refused 2 "is gone already: erased by its sender on 2" n erase "$case" evidence --reason 'Again.' --yes
    exchange
    checked N
    checked S
    run -0 n show "$case"
    [[ $output == *"evidence.txt (evidence): erased by its sender on 2"*": A name stood in it."* ]]
    [[ $output == *"what it discloses does not count"* ]]
    run -0 s show "$case"
    [[ $output == *"evidence.txt (evidence): erased by its sender on 2"*": A name stood in it."* ]]
    [[ $output == *"2 of 2 verified"* ]]
    run -0 --separate-stderr s erase --theirs cert.north.example
    [[ $stderr == *"had erased: 1"* ]]
    checked S
    run -0 s show "$case"
    [[ $output == *"what it discloses does not count: erased by its sender"* ]]
    run -0 s show "$case" --json
    [[ $output == *'"erased":[{"name":"evidence.txt","reason":"A name stood in it.","role":"evidence"'* ]]
}

@test "a sheet that its sender erased is shown as that, and has no deadline" {
    terms=$(n propose cert.south.example --answer-within 7d --json | member case)
    exchange
    s reply "$terms" accept --quiet
    exchange
    head -n 4 sheet.csv >part.csv
    n claim --to cert.south.example/abuse --facts part.csv --title Later --tlp AMBER --json >said
    case=$(member case <said)
    exchange
    run -0 --separate-stderr n erase "$(member id <said | cut -c1-12)" facts --reason 'The wrong network.' --yes
    [[ $stderr == *"no deadline"* ]]
    exchange
    for who in N S; do
        run -0 parley show "$case" --home "$who"
        [[ $output == *"to answer: none, for its sender erased"* && $output != *"to answer: 2"* ]]
    done
    s erase --theirs cert.north.example --quiet
    run -0 s show "$case"
    [[ $output == *"the sheet can't be shown: erased by its sender on 2"*": The wrong network."* ]]
    checked N
    checked S
    run -0 --separate-stderr s dossier "$case" --all --yes -o case.tar
    run -0 eval "$output"
    [[ $output == *"erased by its sender"* ]]
}

@test "what was erased before it was sent never leaves" {
    head -n 4 sheet.csv >part.csv
    n claim --to cert.south.example/abuse --facts part.csv --title Hasty --tlp AMBER --json >said
    n erase "$(member case <said)" facts --reason 'The wrong network.' --yes --quiet
    exchange
    exchange
    run -0 s show "$(member case <said)"
    [[ $output == *"the sheet can't be shown: erased by its sender on 2"* ]]
    checked N
    checked S
    run -0 n show "$(member case <said)"
    [[ $output == *"Receipts"*"cert.south.example for our record"* ]]
}

# An editor: a script that is given the file.
editor() { # SCRIPT
    printf '#!/bin/sh\n%s\n' "$1" >editor.sh
    chmod +x editor.sh
    export EDITOR=$PWD/editor.sh
    unset VISUAL
}
left_over() { find S/desk -name 'editing-*'; }

@test "an answer is written in an editor, beside what is answered" {
    # shellcheck disable=SC2016
    editor 'cp "$1" form; stat -c %a "$1" "$(dirname "$1")" >modes
        sed -i -e "s/^0,,/0, confirmed ,/" -e "s/^2,,,.*/2,not-seen,,,,,\"kept for a week, not longer\"\r/" "$1"; touch "$1~"'
    refused 2 "--yes sends what the editor leaves" s answer "$case" --edit
    refused 2 "--edit" s answer "$case"
    run -0 --separate-stderr s answer "$case" --edit --yes
    [ "$output" = "$case" ]
    [[ $stderr == *"facts answered: 2 of 3"*"confirmed"*"not-seen"*"not answered by this: facts: 1"* ]]
    [[ $stderr == *"--covers"* ]]
    [ "$(cat modes)" = "600
700" ]
    grep -qx '# 0: 2026-03-01T06:55:46Z to 2026-03-01T06:55:48Z; from 192.0.2.17; to :22; tcp; brute-force; count 2' form
    grep -qx '0,,,,,,' form
    [ -z "$(left_over)" ]
    exchange
    run -0 n show "$case"
    [[ $output == *"2 of 3 facts answered"*"not-seen: kept for a week, not longer"* ]]
    # shellcheck disable=SC2016
    editor 'cp "$1" form; false'
    run -3 s answer "$case" --edit --yes
    grep -qx '# answered before: confirmed' form
}

@test "nothing is sent where nothing was written, and nothing is lost where the editor fails" {
    editor true
    refused 1 "nothing was changed" s answer "$case" --edit --yes
    [ -z "$(left_over)" ]
    # shellcheck disable=SC2016
    editor 'echo "# a thought" >>"$1"'
    refused 1 "no fact is answered" s answer "$case" --edit --yes
    rm -r S/desk/editing-*
    # shellcheck disable=SC2016
    editor 'sed -i "s/^1,,/1,refuted,/" "$1"; exit 7'
    refused 3 "the editor ended with the status 7" s answer "$case" --edit --yes
    [[ $stderr == *"What was written is kept; to go on with it: parley answer $case S/desk/editing-"* ]]
    kept=$(echo S/desk/editing-*/findings.csv)
    grep -q '^1,refuted,' "$kept"
    # shellcheck disable=SC2016
    editor 'grep -q "^1,refuted," "$1" && sed -i "s/^0,,/0,confirmed,/" "$1"'
    run -0 --separate-stderr s answer "$case" "$kept" --edit --yes
    [[ $stderr == *"facts answered: 2 of 3"* ]]
    [ -z "$(left_over)" ]
    editor absent-editor
    run -3 s answer "$case" --edit --yes
}

@test "what can't be read is told by line" {
    # shellcheck disable=SC2016
    editor 'sed -i -e "s/^0,,/0,perhaps,/" -e "s/^1,,,/1,not-seen,many,/" -e "s/^2,/9,not-seen/" "$1"; cp "$1" form'
    run -4 --separate-stderr s answer "$case" --edit --yes
    for fact in 0,perhaps 1,not-seen 9,not-seen; do
        line=$(grep -n "^$fact" form | cut -d: -f1)
        [[ $stderr == *"findings.csv:$line: "* ]]
    done
    [[ $stderr == *"the sheet has no fact 9"* && $stderr == *"What was written is kept"* ]]
}

@test "on a terminal: faults open the editor again, and a person says yes before anything is sent" {
    # shellcheck disable=SC2016
    editor 'if [ -f again ]; then sed -i "s/^0,perhaps,/0,confirmed,/" "$1"; else sed -i "s/^0,,/0,perhaps,/" "$1"; fi; touch again'
    printf '%s\n' 'Open it again|no' >answers
    run -1 python3 "$BATS_TEST_DIRNAME/typing.py" "$PARLEY" answer "$case" --home S <answers
    [[ $output == *"expected a finding"*"What was written is kept"* ]]
    rm -r S/desk/editing-* again
    printf '%s\n' 'Open it again|yes' 'Send this answer|no' >answers
    run -1 python3 "$BATS_TEST_DIRNAME/typing.py" "$PARLEY" answer "$case" --home S <answers
    [[ $output == *"facts answered: 1 of 3"* ]]
    rm -r S/desk/editing-* again
    run -0 s show "$case"
    [[ $output == *"0 of 3 facts answered"* ]]
    printf '%s\n' 'Open it again|yes' 'Send this answer|yes' >answers
    run -0 python3 "$BATS_TEST_DIRNAME/typing.py" "$PARLEY" answer "$case" --home S <answers
    [ -z "$(left_over)" ]
    run -0 s show "$case"
    [[ $output == *"1 of 3 facts answered"* ]]
}

@test "what check suggests is sent only where a person has confirmed it" {
    {
        echo 'start,end,src,sport,dst,dport,proto'
        echo '2026-03-01T06:55:47Z,2026-03-01T06:55:47Z,192.0.2.17,50022,203.0.113.5,22,tcp'
        echo '2026-03-01T12:00:00Z,2026-03-01T12:00:00Z,192.0.2.99,50022,203.0.113.5,22,tcp'
    } >flows.csv
    editor true
    refused 1 "nothing was changed" s answer "$case" --logs flows.csv --format flow --yes
    # shellcheck disable=SC2016
    editor 'cp "$1" form; sed -i "s/^0,?/0,/" "$1"'
    run -0 --separate-stderr s answer "$case" --logs flows.csv --format flow --yes
    grep -q '^0,?confirmed,1,' form
    grep -q 'take the mark away' form
    [[ $stderr == *"facts answered: 1 of 3"*"suggestions that nobody confirmed, and that are not sent: 2"* ]]
    [[ $stderr == *"looked at: flows.csv (flow) 2026-03-01"*"what you send is your answer"* ]]
    exchange
    run -0 n show "$case"
    [[ $output == *"1 of 3 facts answered"*"looked at flows.csv"* ]]
}

@test "a dossier opens what was disclosed of a fact, and verify holds it against the claim" {
    refused 3 "no line of the fact 1 was disclosed" n dossier "$case" --fact 1 --yes -o none.tar
    refused 2 "the sheet has no fact 3" n dossier "$case" --fact 3 --yes -o none.tar
    findings ours 0,confirmed
    s commit "$case" ours --quiet
    s ask "$case" --rows 0-1 --quiet
    exchange
    n disclose "$case" --evidence tree --rows 0 --quiet
    n disclose "$case" --evidence tree --rows 1 --quiet
    exchange
    s reveal "$case" ours --quiet
    exchange
    run -0 --separate-stderr s dossier "$case" --fact 1 --yes -o one.tar
    [[ $stderr == *"open as a whole: facts 1"*"messages 2, attachments 1 of 2"* ]]
    run -0 eval "$output"
    [[ $output == *"facts: 1, lines: 1; each was committed to by the claim "* ]]
    run -0 --separate-stderr s dossier "$case" --all --yes -o all.tar
    line=$output
    run -0 eval "$line"
    [[ $output == *"facts: 1, lines: 2; each was"*"facts: 1, lines: 1; each was"*"committed to by the message "* ]]
    run -0 eval "$line --json"
    [[ $output == *'"note":"facts: 1, lines: 2; each was committed to by the claim '* && $output != *'"flaw"'* ]]
    id=$(s show "$case" --json | grep -o '"id":"[0-9a-f]*","kind":"disclose"' | head -n 1 | cut -d'"' -f4)
    reveal=$(s show "$case" --json | grep -o '"id":"[0-9a-f]*","kind":"reveal"' | cut -d'"' -f4)
    run -0 --separate-stderr s dossier "$case" --attach "$id:evidence" --attach "$reveal:findings" \
        --message "$id" --yes -o closed.tar
    run -0 eval "$output"
    [[ $output == *"not checked: the claim that commits to it is not opened"*"not checked: the commit before it is not opened"* ]]
}

@test "what is erased in a draft goes when the draft is cleared" {
    parley officer add c.analyst --roles analyst --home N --quiet
    parley card publish --home N --quiet
    s ask "$case" --rows 0 --quiet
    exchange
    n disclose "$case" --evidence tree --quiet
    run -0 --separate-stderr n erase "$case" evidence --reason 'A name stood in it.' --officer c.analyst --yes
    [[ $stderr == *"kept as draft"* ]]
    run -0 n show "$case"
    [[ $output == *"2 of 2 verified"* && $output != *"erased by its sender"* ]]
    n clear "$(n drafts --json | member id)" --yes --quiet
    exchange
    for who in N S; do
        run -0 parley show "$case" --home "$who"
        [[ $output == *"erased by its sender on 2"*": A name stood in it."* ]]
        checked "$who"
    done
}
