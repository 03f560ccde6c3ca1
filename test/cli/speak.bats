#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# What people say to each other: offers and replies, inquiries and what follows them, meetings, minutes, agreement, and
# the dossier that leaves.  North calls; South's node runs and is called.
load sides

# One pair of homes for all tests: North has proposed to talk before South knew of it, and both have accepted the other.
setup_file() {
    begin_sides
    parley invite --home N --to cert.south.example --propose 'Let us talk.' -o start --quiet
    parley proposals --home N >offered
    parley invite --home S -o s.invitation --quiet
    digits=$(parley compare --home N --quiet s.invitation)
    parley accept --home S start --safety-number "$digits" --quiet
    parley accept --home N s.invitation --safety-number "$digits" --quiet
}
setup() { take_sides; }

# Four facts.
sheet() {
    echo '# parley facts v1'
    echo 'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence'
    for minute in 01 02 03 04; do
        echo "2026-03-01T06:$minute:00Z,2026-03-01T06:$minute:09Z,192.0.2.17,,,22,,tcp,brute-force,2,"
    done
} >sheet.csv
entry() { sed -n 's/.*"entry":\([0-9]*\).*/\1/p'; }
# An inquiry of North, known to both.
ask_south() {
    n inquiry --to cert.south.example/abuse --title 'Scans of port 22' --tlp AMBER 'Whose is 192.0.2.17?' --json |
        member case
    exchange
}

without_home() {
    run -3 --separate-stderr "$@" --home none
    [[ $stderr == *"parley init"* ]]
}

@test "without a home each says how to get one" {
    echo text >text
    without_home parley propose cert.south.example 'Hello.'
    without_home parley reply case accept
    without_home parley proposals
    without_home parley inquiry --to cert.south.example/abuse --title T --tlp AMBER 'Which?'
    without_home parley acknowledge case
    without_home parley decline case --reason other
    without_home parley remark case 'Well.'
    without_home parley withdraw case
    without_home parley close case
    without_home parley reopen case
    without_home parley unreadable --party cert.south.example
    without_home parley resend ffff
    without_home parley contacts cert.south.example
    without_home parley consult case
    without_home parley minutes case --text en=text
    without_home parley agree case
    without_home parley dossier case -o file
}

@test "a one-sided offer is on record; accepted, both sides say so" {
    grep -q 'offered, no reply since 2' "$BATS_FILE_TMPDIR/offered"
    run -0 s proposals
    [[ $output == *"cert.north.example"*"dialogue"*"offered, no reply since"*"Let us talk."* ]]
    case=$(s proposals --json | member case)
    run -2 --separate-stderr n reply "$case" accept
    [[ $stderr == *"no offer of the other side stands here"* ]]
    run -0 --separate-stderr s reply "$(short "$case")" accept 'With pleasure.'
    [ "$output" = "$case" ]
    [[ $stderr == *"reply: message "*"the node sends it"* ]]
    exchange
    run -0 n proposals --json
    [[ $output == *'"state":"accepted"'* && $output == *'"text":"With pleasure."'* ]]
    refused "accepted already" s reply "$case" accept --offer "$(s proposals --json | member id)"
}

@test "an offer declined names its reason; one that lapsed can't be accepted" {
    case=$(n propose cert.south.example --answer-within 7d --acknowledge-within 24h --no-press 'Terms.' --json | member case)
    exchange
    run -2 --separate-stderr s reply "$case" decline --reason because
    [[ $stderr == *"unacceptable"* ]]
    run -2 s reply "$case" decline --answer-within 14d
    run -0 s reply "$case" decline --reason unacceptable 'Seven days are too short.'
    exchange
    run -0 n proposals
    [[ $output == *"terms"*"declined: unacceptable"* ]]
    [[ $output == *"hours to acknowledge: 24; hours to answer: 168; no press before both agree"* ]]
    until=$(date -u -d '+2 seconds' +%Y-%m-%dT%H:%M:%SZ)
    n propose cert.south.example --until "$until" 'Quickly.' --json >said
    exchange
    sleep 3
    run -0 n proposals
    [[ $output == *"$until"*"lapsed, no reply since"* ]]
    refused "the offer stood until $until" s reply "$(member case <said)" accept --offer "$(member id <said)"
    run -2 n propose cert.south.example --until 2020-01-01T00:00:00Z 'Too late.'
}

@test "an offer is countered, and the counter accepted: its terms hold for the next case" {
    case=$(n propose cert.south.example --answer-within 7d --json | member case)
    exchange
    run -2 s reply "$case" counter
    run -0 s reply "$case" counter --answer-within 14d --retain 90d --blob-bytes 1048576
    exchange
    run -0 n proposals
    [[ $output == *"countered"*"hours to answer: 336"*"days of retention: 90"* ]]
    run -0 n reply "$case" accept
    exchange
    ask_south
    run -0 s show "$case"
    run -0 s proposals --json
    [[ $output == *'"state":"accepted"'*'"answer_within_hours":336'* ]]
}

@test "sizes agreed on are held to by the desk, and by the node of the other side" {
    head -c 2000000 /dev/zero >large
    sheet
    case=$(n propose cert.south.example --blob-bytes 1048576 --json | member case)
    exchange
    s reply "$case" accept
    raise=(claim --to cert.south.example/abuse --facts sheet.csv --title T --tlp AMBER --attach large)
    n "${raise[@]}"
    run -3 --separate-stderr n sync
    [[ $stderr == *"beyond the limit"* ]]
    exchange || true
    run -4 --separate-stderr n "${raise[@]}"
    [[ $stderr == *"not sent: "*"large"*"takes 1048576"* ]]
    run -2 n propose cert.south.example --blob-bytes 1000
    run -2 --separate-stderr n propose cert.south.example --total-bytes 1000
    [[ $stderr == *"--total-bytes: at least 1048576"* ]]
    run -2 n propose cert.south.example --window 0
}

@test "what is proposed must be there, and be of its kind" {
    run -2 n propose cert.south.example
    run -2 n propose cert.south.example --about terms 'Which?'
    run -2 n propose cert.south.example --about statement 'Which?'
    run -2 n propose cert.south.example --about peace 'Which?'
    run -2 n propose cert.south.example --answer-within soon
    run -2 n propose cert.south.example --retain 12h
    run -2 n propose cert.south.example --witness nonsense
    run -2 n propose cert.south.example --quorum 1
    run -2 n propose cert.south.example --tlp WHITE 'Hello.'
    run -2 n propose cert.south.example/nowhere 'Hello.'
    run -3 n propose cert.west.example 'Hello.'
    echo 'We state together.' >statement
    run -0 n propose cert.south.example --statement statement --title 'A joint statement'
    exchange
    run -0 s proposals
    [[ $output == *"statement"*"A joint statement"* ]]
}

@test "an inquiry is acknowledged, remarked on, declined" {
    case=$(ask_south)
    run -0 s acknowledge "$(short "$case")" --own-number S-2026-17 'We look into it.'
    remark=$(n remark "$case" 'Thank you.' --json | member id)
    exchange
    run -0 s remark "$case" --on "${remark:0:8}" 'You are welcome.'
    run -0 n show "$case"
    run -2 --separate-stderr s decline "$case"
    [[ $stderr == *"not-competent"* ]]
    run -0 s decline "$case" --reason not-competent 'Ask somebody else.'
    exchange
    run -0 n cases
    [[ $output == *"declined"*"Scans of port 22"* ]]
}

@test "what would not count is not sent, and why is said" {
    case=$(ask_south)
    refused "not this party" n acknowledge "$case"
    refused "not this party" n decline "$case" --reason other
    refused "not this party" s withdraw "$case"
    refused "nothing before it" n reopen "$case"
    refused "tlp lowered" s acknowledge "$case" --tlp GREEN
    run -2 n remark "$case"
    run -3 n remark "$case" --on ffff 'On what?'
    run -3 --separate-stderr n remark no-such-case 'On what?'
    [[ $stderr == *"parley cases"* ]]
    refused "no minutes of the case offer that text" s agree "$case"
    run -2 s agree "$case" --yes
    [[ $output == *"needs the SHA-256"* ]]
    printf 'a\001b' >control
    run -4 n remark "$case" --text-file control
    run -2 n remark "$case" 'twice' --text-file control
    exchange
    for side in n s; do
        run -0 "$side" dossier "$case" --yes -o all.tar --json
        [[ $output == *'"messages":1,'* ]]
    done
}

@test "a level is lowered only with the other side's consent" {
    case=$(ask_south)
    n remark "$case" 'Ours may be told.' --consent GREEN
    exchange
    run -0 s acknowledge "$case" --tlp GREEN
}

@test "withdrawn, reopened, closed: each side its own" {
    case=$(ask_south)
    run -0 n withdraw "$case" 'A mistake of ours.'
    run -0 n cases --find withdrawn
    [[ $output == *"$case"* ]]
    run -0 n reopen "$case"
    run -0 n cases --find withdrawn
    [[ $output != *"$case"* ]]
    run -2 n close "$case" --reason boredom
    run -0 n close "$case" --reason answered
    exchange
    run -0 s cases --find closed
    [[ $output == *"$case"* ]]
}

@test "an inquiry needs an address, a title, a level and a question" {
    run -2 n inquiry --to cert.south.example/abuse --title T 'Which?'
    run -2 n inquiry --to cert.south.example/abuse --tlp AMBER 'Which?'
    run -2 n inquiry --title T --tlp AMBER 'Which?'
    run -2 n inquiry --to cert.south.example/abuse --title T --tlp AMBER
    run -2 n inquiry --to cert.south.example/abuse --title T --tlp AMBER --action shout 'Which?'
    run -2 n inquiry --to cert.south.example/nowhere --title T --tlp AMBER 'Which?'
    echo 'Whose is 192.0.2.17?' | run -0 n inquiry --to cert.south.example/abuse --title T --tlp AMBER \
        --action investigate --by 2030-01-01T00:00:00Z -
}

@test "contacts are told and listed" {
    run -1 --separate-stderr s contacts cert.north.example
    [[ $stderr == *"named no contacts"* ]]
    run -0 n contacts cert.south.example --name 'Duty officer' --phone '+00 0000 0000' --hours '24 h, UTC'
    exchange
    run -0 s contacts cert.north.example
    [[ $output == *"TLP:AMBER"*"Duty officer"*"+00 0000 0000"* ]]
    printf 'name,role,mail\nA. Officer,lead,"a@cert.north.example"\nB,duty,b@cert.north.example\n' >contacts.csv
    run -0 n contacts cert.south.example --file contacts.csv
    exchange
    run -0 s contacts cert.north.example --json
    [[ $output == '{"by":"a.officer",'*'"contacts":[{"mail":"a@cert.north.example","name":"A. Officer","role":"lead"},{'* ]]
    printf 'name,shoe size\nA,42\n' >bad.csv
    run -4 n contacts cert.south.example --file bad.csv
    printf 'name,role\nA\n' >bad.csv
    run -4 --separate-stderr n contacts cert.south.example --file bad.csv
    [[ $stderr == *"bad.csv: line 2: expected 2 fields, found 1"* ]]
    run -4 n contacts cert.south.example --file /dev/null
    run -2 n contacts cert.south.example --role lead
}

@test "a message is called unreadable, and sent again" {
    id=$(n inquiry --to cert.south.example/abuse --title T --tlp AMBER 'Which?' --json | tee said | member id)
    exchange
    run -1 --separate-stderr s unreadable --party cert.north.example
    [[ $stderr == *"opens here"* ]]
    run -2 s unreadable "$(entry <said)" --party cert.north.example
    refused "duplicate" n resend "$id"
    run -0 s unreadable "$(entry <said)" --party cert.north.example --reason seal
    exchange
    run -2 s resend "$id"
    run -0 n resend "${id:0:8}"
    run -3 n resend ffff
}

# Four facts of North; South confirms the first, refutes the second, has not seen the third and says nothing of the last.
dispute() {
    sheet
    printf '%s\n' '# parley findings v1' 'fact,finding,count,first_seen,last_seen,upstream_ip,note' \
        0,confirmed,,,,, 1,refuted,,,,, 2,not-seen,,,,, >findings.csv
    n claim --to cert.south.example/abuse --facts sheet.csv --title 'Guessed passwords' --tlp AMBER >/dev/null
    exchange
    s answer "$(s cases --json --find Guessed | member case)" findings.csv \
        --covers 'auth logs=2026-03-01T00:00:00Z/2026-03-02T00:00:00Z'
    exchange
}

@test "minutes take their outcomes from the findings, and ask for what these do not say" {
    case=$(dispute)
    echo 'We looked at four facts.' >en
    run -2 --separate-stderr n minutes "$case" --text en=en --preview
    [[ $stderr == *"no finding suggests an outcome for the facts 3:"* ]]
    run -2 --separate-stderr n minutes "$case" --text en=en --preview --agreed 3
    [[ $stderr == *"the facts 1 are disputed: give the wording of cert.north.example and that of cert.south.example"* ]]
    run -2 n minutes "$case" --text en=en --preview --agreed 3 --says cert.west.example=No
    run -2 --separate-stderr n minutes "$case" --text en=en --preview --agreed 0,3 --disputed 3
    [[ $stderr == *"two outcomes for the facts 3"* ]]
    run -2 --separate-stderr n minutes "$case" --text en=en --preview --unverifiable 3
    run -2 --separate-stderr n minutes "$case" --text en=en --preview --agreed 4
    [[ $stderr == *"the sheet has no fact 4"* ]]
    run -2 n minutes "$case" --text en=en --preview --agreed 3,0
    says=(--says 'cert.north.example=We logged it.' --says 'cert.south.example=It was another host.')
    run -0 n minutes "$case" --text en=en --preview --agreed 3 "${says[@]}"
    [[ $output == *"
outcome 0,3 agreed
outcome 1 disputed
says cert.north.example We logged it.
says cert.south.example It was another host.
outcome 2 unverifiable
why cert.south.example: not-seen
text en
| We looked at four facts."* ]]
    run -0 n minutes "$case" --text en=en --preview --disputed 1 --unverifiable 3 --why 'The logs are gone.' "${says[@]}"
    [[ $output == *"
outcome 2-3 unverifiable
why The logs are gone.
"* ]]
    run -2 --separate-stderr n minutes "$case" --preview
    [[ $stderr == *"--text"* ]]
    run -2 n minutes "$case" --text english --preview
    run -3 n minutes "$case" --text en=absent --preview
    run -3 n minutes "$case" --text en=en --preview --sheet ffff
}

@test "a later text supersedes an earlier one; which one is meant must be plain" {
    case=$(ask_south)
    echo 'The first draft.' >one
    echo 'The second draft.' >two
    n minutes "$case" --text en=one --quiet
    first=$(n minutes "$case" --text en=one --preview | sha256sum | cut -d' ' -f1)
    n minutes "$case" --text en=two --quiet
    run -2 --separate-stderr n agree "$case"
    [[ $stderr == *"several texts"*"${first:0:12}"* ]]
    echo 'The last draft.' >three
    run -2 n minutes "$case" --text en=three --supersedes ''
    run -3 n minutes "$case" --text en=three --supersedes ffff
    n minutes "$case" --text en=three --supersedes "${first:0:8}" --quiet
    run -0 --separate-stderr n agree "$case" "${first:0:8}" --yes
    [[ $stderr == *"supersedes it"* ]]
}

typing() {
    python3 "$BATS_TEST_DIRNAME/typing.py" "$PARLEY" "$@"
}

@test "on a terminal the text is shown, and nothing is agreed to without a yes" {
    case=$(ask_south)
    echo 'It has stopped.' >en
    n minutes "$case" --text en=en --quiet
    run -1 typing agree "$case" --home N <<<'Agree to this text|no'
    [[ $output == *"| It has stopped."*"nothing was done"* ]]
    run -0 typing agree "$case" --home N <<<'Agree to this text|yes'
    [[ $output == *"settled once cert.south.example has agreed"* ]]
}

@test "a dossier opens what was chosen and nothing else" {
    case=$(dispute)
    other=$(ask_south)
    claim=$(n show "$case" --json | grep -o '"id":"[0-9a-f]*"' | head -n 1 | cut -d'"' -f4)
    run -0 --separate-stderr n dossier "$case" --yes -o messages.tar
    [[ $stderr == *"messages 2, attachments 0 of 2; the most restricted level is TLP:AMBER"* ]]
    run -0 eval "$output"
    [[ $output == *"closed attachments: 2"* ]]

    run -0 --separate-stderr n dossier "$case" --all --yes -o all.tar
    [[ $stderr == *"messages 2, attachments 2 of 2"* ]]
    run -0 eval "$output"
    [[ $output == *"closed attachments: 0"* ]]
    run -0 --separate-stderr n dossier "$case" --message "${claim:0:8}" --attach "${claim:0:8}:facts" --yes -o one.tar
    [[ $stderr == *"messages 1, attachments 1 of 1"* ]]
    run -0 eval "$output"
    [[ $output == *"facts "*"facts.csv"*" open"* ]]
    run -0 --separate-stderr s dossier "$case" --attach "$(sha256sum sheet.csv | cut -c1-16)" --yes -o - --quiet
    run -3 n dossier "$case" --attach "${claim:0:8}:nothing" --yes -o no.tar
    run -3 n dossier "$case" --attach ffffffff --yes -o no.tar
    asked=$(n show "$other" --json | grep -o '"id":"[0-9a-f]*"' | head -n 1 | cut -d'"' -f4)
    run -2 --separate-stderr n dossier "$case" --message "$asked" --yes -o no.tar
    [[ $stderr == *"is of another case"* ]]
    run -2 n dossier "$case"
    [ ! -e no.tar ]
}

@test "a whole case ends in a text that both agree to, and in a dossier that verifies elsewhere" {
    case=$(ask_south)
    run -2 n consult "$case" --time tomorrow
    run -0 n consult "$case" --time 2030-03-05T10:00:00Z/2030-03-05T12:00:00Z --link https://meet.north.example/1 \
        --agenda 'Who answers for the network' --delegate 'A. Officer:lead' --languages en,fr 'Does this suit you?'
    exchange
    s consult "$case" 'It does.'
    printf 'Both sides have looked into it.\n\nIt has stopped.\n' >en
    printf 'Les deux parties ont examin\303\251 les faits.\n' >fr
    run -0 s minutes "$case" --text en=en --text fr=fr --held 2030-03-05T10:00:00Z --preview
    [ "${lines[0]}" = "parley minutes v1" ]
    [[ $output == *"| Both sides have looked into it."* ]]
    sha=$(s minutes "$case" --text en=en --text fr=fr --preview | sha256sum | cut -d' ' -f1)
    run -2 s minutes "$case"
    run -2 s minutes "$case" --text en=en --agreed all
    run -0 --separate-stderr s minutes "$case" --text en=en --text fr=fr 'Our draft.'
    [[ $stderr == *"$sha"* ]]
    exchange
    run -2 --separate-stderr n agree "$case"
    [[ $stderr == *"| It has stopped."* && $stderr == *"--yes"* ]]
    run -3 n agree "$case" ffffffff --yes
    run -0 n agree "$case" "$sha" --yes
    run -0 --separate-stderr s agree "$case" "${sha:0:8}" --yes
    refused "already" s agree "$case" "$sha" --yes
    exchange
    run -0 n cases --find settled
    [[ $output == *"$case"* ]]
    run -0 s cases --find settled
    [[ $output == *"$case"* ]]

    run -0 --separate-stderr n dossier "$case" --yes -o case.tar
    mkdir elsewhere
    mv case.tar elsewhere
    cd elsewhere
    line=$output
    [[ $line == "parley verify case.tar --root 'cert.north.example="*"' --root 'cert.south.example="*"'" ]]
    run -0 eval "$line"
    [[ $output == *"The dossier holds."*"settled"* ]]
    size=$(stat -c %s case.tar)
    for i in $(seq 1 20); do
        cp case.tar flipped.tar
        at=$((i * size / 21))
        byte=$(od -An -tu1 -j "$at" -N 1 case.tar)
        printf '%b' "\\0$(printf %o $((byte ^ 1)))" | dd of=flipped.tar bs=1 seek="$at" conv=notrunc status=none
        run eval "${line/case.tar/flipped.tar}"
        [ "$status" -eq 1 ] || [ "$status" -eq 4 ]
    done
}
