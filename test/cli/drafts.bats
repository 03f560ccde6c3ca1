#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# Drafts and clearance: an analyst drafts, a lead clears, an auditor reads; the rules of the card; the TLP gate.
load helper

# One pair of homes for all tests, whose records go from one to the other in folders.
setup_file() {
    cd "$BATS_FILE_TMPDIR" || exit 1
    unset PARLEY_HOME PARLEY_PASSPHRASE_FILE
    parley init --home N --party cert.north.example --department incident --officer an.analyst --no-passphrase
    parley init --home S --party cert.south.example --department abuse --officer b.officer --no-passphrase
    parley officer add a.lead --roles officer,lead --home N --quiet
    parley officer remove an.analyst --home N --quiet
    parley officer add au.auditor --roles auditor --home N --quiet
    parley officer add b.lead --roles lead --home N --quiet
    parley officer add c.analyst --roles analyst --home N --quiet
    parley clearance add claim,answer,remark AMBER --home N --quiet
    parley clearance add minutes CLEAR --number 2 --roles lead --home N --quiet
    parley card publish --home N --quiet
    sed -i 's/^officer .*/officer a.lead/' N/config
    parley invite --home N -o n.invitation --quiet
    parley invite --home S -o s.invitation --quiet
    digits=$(parley compare --home N --quiet s.invitation)
    parley accept --home S n.invitation --safety-number "$digits" --quiet
    parley accept --home N s.invitation --safety-number "$digits" --quiet
}

setup() {
    cd "$BATS_TEST_TMPDIR" || exit 1
    unset PARLEY_HOME PARLEY_PASSPHRASE_FILE
    cp -r "$BATS_FILE_TMPDIR"/{N,S} .
    exchange
}

n() { parley "$@" --home N; }
s() { parley "$@" --home S; }
exchange() {
    rm -rf packs && mkdir packs
    local _
    for _ in 1 2; do
        n record export cert.south.example packs/n --quiet
        s record import packs/n --quiet >/dev/null
        s record export cert.north.example packs/s --quiet
        n record import packs/s --quiet >/dev/null
        rm -rf packs/n packs/s
    done
}
sheet() {
    echo '# parley facts v1'
    echo 'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence'
    echo "2026-03-01T06:01:00Z,2026-03-01T06:01:09Z,192.0.2.17,,,22,,tcp,brute-force,2,"
} >sheet.csv
member() { grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d'"' -f4; }
claims() { # OPTION…
    n claim --to cert.south.example/abuse --facts sheet.csv --title 'Scans' --tlp AMBER "$@"
}
size() { n status --json | sed 's/.*"own_size":\([0-9]*\).*/\1/'; }

@test "without a home each says how to get one" {
    run -3 --separate-stderr parley drafts --home none
    [[ $stderr == *"parley init"* ]]
    run -3 parley clear 1 --home none
    run -3 parley clearance --home none
    run -2 parley drafts read 1
    run -2 parley clear
    run -2 parley clearance add reply
}

@test "a claim that the card wants cleared is a draft, which a lead clears and the other side sees" {
    sheet
    before=$(size)
    head -c 300000 /dev/urandom >extra.bin
    run -0 --separate-stderr claims --attach extra.bin
    case=$output
    [[ $stderr == *"kept as draft"*"lead"*"parley clear"* ]]
    [ "$(size)" = "$before" ]
    run -0 n drafts
    [[ $output == *a.lead*cert.south.example/abuse*AMBER*"signatures asked for: 1 of lead"* ]]
    id=$(n drafts --json | member id)
    run -0 n drafts show "${id:0:6}"
    [[ $output == *"$case"*"facts.csv"*"extra.bin"* ]]
    run -0 n drafts save "$id" looked
    [[ ${lines[2]} == looked/2-file*extra.bin ]]
    cmp looked/1-facts sheet.csv
    cmp looked/2-file extra.bin
    grep -q '^kind claim$' looked/message
    # Not by its author, nor by one without the role.
    run -1 --separate-stderr n clear "$id" --yes
    [[ $stderr == *"a.lead wrote it"* ]]
    run -1 --separate-stderr n clear "$id" --officer c.analyst --yes
    run -1 --separate-stderr n clear "$id" --officer au.auditor --yes
    run -2 --separate-stderr n clear "$id" --officer b.lead
    [[ $stderr == *"--yes"* ]]
    [ "$(size)" = "$before" ]
    run -0 --separate-stderr n clear "$id" --officer b.lead --yes
    [ "$output" = "$case" ]
    [[ $stderr == *"facts.csv"*"entry"* ]]
    [ "$(n drafts --json)" = '{"drafts":[]}' ]
    exchange
    run -0 s show "$case"
    [[ $output == *Scans* ]]
    [[ $output != *"does not count"* ]]
    [ "$(s show "$case" --json | member case)" = "$case" ] || s show "$case" --json
}

@test "a draft is sent back with a reason, signed anew by its author, and dropped" {
    sheet
    claims --quiet
    id=$(n drafts --json | member id)
    n clear "$id" --officer b.lead --refuse 'Name the sensor.'
    run -0 n drafts show "$id"
    [[ $output == *"sent back"*"b.lead: Name the sensor."* ]]
    run -0 n drafts renew "$id" --quiet
    again=$(n drafts --json | member id)
    [ "$again" != "$id" ]
    run -0 n drafts show "$again"
    [[ $output != *"sent back"* ]]
    run -0 n drafts drop "$again"
    run -0 --separate-stderr n drafts
    [ -z "$output" ]
    run -3 n drafts show "$again"
}

@test "what was sent and left lying about is not sent again" {
    sheet
    claims --quiet
    id=$(n drafts --json | member id)
    cp -r N before
    n clear "$id" --officer b.lead --yes --quiet
    # As if the desk had been stopped between sending and dropping.
    python3 - <<'END'
import sqlite3
a, b = sqlite3.connect('before/node/parley.db'), sqlite3.connect('N/node/parley.db')
for row in a.execute('SELECT name, content FROM draft').fetchall():
    b.execute('INSERT INTO draft(name, content) VALUES(?, ?)', row)
b.commit()
END
    run -1 --separate-stderr n clear "$id" --officer b.lead --yes
    [[ $stderr == *"sent already"* ]]
    run -1 --separate-stderr n drafts renew "$id"
    run -0 n drafts drop "$id"
}

@test "two more signatures are two leads, each once" {
    n officer add d.lead --roles lead --quiet
    n card publish --quiet
    exchange
    case=$(n inquiry --to cert.south.example/abuse --title 'A question' --tlp GREEN 'Whose is it?')
    exchange
    echo text >en
    n minutes "$case" --text en=en --quiet
    id=$(n drafts --json | member id)
    run -0 --separate-stderr n clear "$id" --officer b.lead --yes
    [[ $stderr == *"kept as draft"* ]]
    run -1 --separate-stderr n clear "$id" --officer b.lead --yes
    [[ $stderr == *"signed it already"* ]]
    run -0 n drafts
    [[ $output == *"signatures asked for: 1 of lead"* ]]
    n clear "$id" --officer d.lead --yes --quiet
    run -0 n show "$case"
    [[ $output == *minutes* ]]
}

@test "an analyst drafts whatever the card asks, an auditor signs nothing, anybody drafts who wishes to" {
    run -0 --separate-stderr n inquiry --to cert.south.example/abuse --title Q --tlp CLEAR 'Whose?' --officer c.analyst
    [[ $stderr == *"kept as draft"* ]]
    case=$output
    id=$(n drafts --json | member id)
    run -1 --separate-stderr n inquiry --to cert.south.example/abuse --title Q --tlp CLEAR 'Whose?' --officer au.auditor
    [[ $stderr == *"auditors read"* ]]
    n clear "$id" --yes --quiet
    run -0 n show "$case"
    # An auditor sends nothing again, nor invites with a proposal; nor does an analyst.
    message=$(n outbox --all --json | member message)
    sed -i 's/^officer .*/officer au.auditor/' N/config
    run -1 --separate-stderr n resend "$message"
    [[ $stderr == *"auditors read"* ]]
    run -1 --separate-stderr n invite --to cert.west.example --propose 'Let us talk.' -o start
    [[ $stderr == *"auditors read"* ]]
    sed -i 's/^officer .*/officer c.analyst/' N/config
    run -1 --separate-stderr n invite --to cert.west.example --propose 'Let us talk.' -o start
    [[ $stderr == *"c.analyst drafts"* ]]
    sed -i 's/^officer .*/officer a.lead/' N/config
    run -0 --separate-stderr n close "$case" --draft
    [[ $stderr == *"kept as draft"* ]]
}

@test "a draft that was overtaken says so, and is signed anew" {
    case=$(n inquiry --to cert.south.example/abuse --title 'A question' --tlp GREEN 'Whose is it?')
    exchange
    n remark "$case" 'Still waiting.' --draft --quiet
    id=$(n drafts --json | member id)
    s remark "$case" 'A word.' --quiet
    s remark "$case" 'Restricted now.' --tlp AMBER --quiet
    exchange
    run -0 n drafts show "$id"
    [[ $output == *"messages that came in this case: 2"* ]]
    run -1 --separate-stderr n clear "$id" --officer b.lead --yes
    [[ $stderr == *"has stated TLP:AMBER"*renew* ]]
    # The level is the case's, which asks for a lead now.
    n drafts renew "$id" --quiet
    id=$(n drafts --json | member id)
    run -0 n drafts show "$id"
    [[ $output == *"TLP         AMBER"*"1 of lead"* ]]
    n clear "$id" --officer b.lead --yes --quiet
    [ "$(n drafts --json)" = '{"drafts":[]}' ]
    # Stated levels do not follow.
    n remark "$case" 'Green.' --tlp AMBER --draft --quiet
    s remark "$case" 'More restricted.' --tlp RED --quiet
    exchange
    id=$(n drafts --json | member id)
    run -1 --separate-stderr n clear "$id" --officer b.lead --yes
    [[ $stderr == *"has stated TLP:RED"* ]]
    run -2 --separate-stderr n drafts renew "$id"
    [[ $stderr == *"tlp lowered"* ]]
}

@test "rules of clearance are listed, replaced and taken away; one that nobody could meet is refused" {
    run -0 n clearance
    [[ $output == *claim,answer,remark*AMBER*1*lead* ]]
    n clearance add remark,answer,claim AMBER --number 2 --quiet
    [[ $(n clearance --json) == *'"number":2'* ]]
    run -1 --separate-stderr n clearance add reply GREEN --roles minister
    run -4 n clearance add no-such-kind GREEN
    run -2 n clearance add reply PURPLE
    n clearance remove claim,answer,remark AMBER --quiet
    run -3 n clearance remove claim,answer,remark AMBER
}

@test "RED goes to a department, and what is restricted leaves in a dossier only where somebody agrees" {
    run -1 --separate-stderr n propose cert.south.example 'A secret.' --tlp RED
    [[ $stderr == *"name a department"* ]]
    case=$(n propose cert.south.example/abuse 'A secret.' --tlp RED)
    exchange
    run -2 --separate-stderr n dossier "$case" -o it
    [[ $stderr == *TLP:RED*--yes* ]]
    [ ! -e it ]
    run -0 n dossier "$case" -o it --yes
    case=$(n inquiry --to cert.south.example/abuse --title 'A question' --tlp GREEN 'Whose is it?')
    exchange
    run -0 n dossier "$case" -o open
}

@test "whoever clears sees all that is signed: which offer, which attachments; and signs by the hash that was looked at" {
    run -0 --separate-stderr s propose cert.north.example 'Let us answer within a week.' --answer-within 7d
    case=$output
    exchange
    offer=$(n show "$case" --json | member id)
    run -0 --separate-stderr n reply "$case" accept --draft
    id=$(n drafts --json | member id)
    run -0 n drafts show "$id"
    [[ $output == *"states"*"offer: $offer"*"reply: accept"* ]]
    hash=$(n drafts --json | member hash)
    [[ $output == *"hash"*"$hash"* ]]
    run -0 n drafts show "$id" --json
    [[ $output == *"\"states\":{\"offer\":\"$offer\",\"reply\":\"accept\"}"* ]]
    # An insider may put another draft in its place under the same id.
    run -1 --separate-stderr n clear "$id" --officer b.lead --yes --hash "${hash//[0-7]/8}"
    [[ $stderr == *"another one"* ]]
    run -0 n clear "$id" --officer b.lead --yes --hash "$hash" --quiet

    sheet
    run -0 --separate-stderr claims
    case=$output
    run -0 n drafts show "$(n drafts --json | member id)"
    [[ $output == *"facts.csv ("*"SHA-256 $(sha256sum sheet.csv | cut -d' ' -f1))"* ]]
    n clear "$(n drafts --json | member id)" --officer b.lead --yes --quiet
    exchange
    run -0 --separate-stderr n erase "$case" facts --reason 'A name stood in it.' --yes --draft
    run -0 n drafts show "$(n drafts --json | member id)"
    sealed=$(sed -n 's/.*blobs: \["\([0-9a-f]\{64\}\)"\].*/\1/p' <<<"$output")
    [ -n "$sealed" ]
}
