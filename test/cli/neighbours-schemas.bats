#!/usr/bin/env bats
# What leaves is held against what others wrote of their formats: the schemas of STIX, IODEF and X-ARF, the lists of names
# of IntelMQ and MISP.  The schemas of others are no part of the project: doc/developing.md says where they are looked for.
load pair

# One case in which every kind of message that belongs to a case is said, and two more for what a claim has no place for.
setup_file() {
    export BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
    pair
    channel
    printf 'Mar  1 06:5%d:46 host sshd[1]: Failed password for root from 192.0.2.%d port 40101 ssh2\n' 1 1 2 2 3 3 >auth.log
    parley facts auth.log --year 2026 -o facts.csv --evidence tree --quiet
    sheet_of >second.csv
    printf '%s\n' '2026-03-01T06:55:46Z,2026-03-01T06:58:00Z,192.0.2.17,4444,203.0.113.5,22,,tcp,brute-force,12,' \
        '2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,2001:db8::1,,,,url:https://login.example/ä?a=<1>,,phishing,1,' \
        '2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,2001:db8::1,,203.0.113.6,53,,udp,ddos,5000000000,' \
        '2026-03-01T07:01:00Z,2026-03-01T07:01:00Z,198.51.100.7,,203.0.113.6,,,icmp,,1,' \
        '2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,,,,,mail:someone@mail.example,,spam,1,' \
        '2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,,,,,domain:login.example,,c2-server,1,' \
        "2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,192.0.2.18,,,,sha256:$(printf 'a%.0s' {1..64}),,malware-distribution,1," \
        '2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,192.0.2.19,,,,account:root,,privileged-account-compromise,1,' \
        '2026-03-01T07:02:00Z,2026-03-01T07:02:00Z,,,,,url:http://x.example/,,phishing,7,' \
        '2026-03-01T07:02:00Z,2026-03-01T07:02:00Z,192.0.2.20,,,,mail:a@mail.example,tcp,spam,3,' | LC_ALL=C sort >>second.csv
    findings ours.csv confirmed not-seen no-records
    findings theirs.csv relayed confirmed refuted remediated insufficient not-ours not-seen no-records
    echo 'What we agree to.' >text
    say N claim --to cert.south.example/abuse --facts facts.csv --evidence tree --title Logins --tlp GREEN --summary 'Many.' \
        --severity high --state FR --sector energy --own-number N-1 --waive 'test addresses'
    local case covers='flow=2026-03-01T00:00:00Z/2026-03-02T00:00:00Z'
    case=$(the_case N)
    say S acknowledge "$case" --own-number S-17
    say S commit "$case" ours.csv 'Beforehand.'
    say S ask "$case" --rows 0-1 'Which lines?'
    say N disclose "$case" --evidence tree 'These.'
    say S reveal "$case" ours.csv
    say S answer "$case" ours.csv --covers "$covers"
    say N remark "$case" 'Thank you.'
    say N correct "$case" --facts second.csv --waive 'test addresses' 'More.'
    say S answer "$case" theirs.csv --covers "$covers"
    say N consult "$case" --time 2037-03-01T09:00:00Z/2037-03-01T10:00:00Z --place Hall --link https://meet.example/ \
        --agenda Facts --delegate 'A. N.:lead' --languages en,fr 'Shall we meet?'
    say N minutes "$case" --text en=text --agreed 0-1 --unverifiable 2-9 --why 'No records.' \
        --undertaking 'cert.south.example 2037-04-01 Clean the host.'
    say S agree "$case" --yes "$(parley show "$case" --home S --json | grep -o '"settlement":"[0-9a-f]*"' | head -n 1 | cut -d'"' -f4)"
    local asked offered
    asked=$(parley inquiry --home N --to cert.south.example/abuse --title Scans --tlp GREEN --by 2037-01-01T00:00:00Z --action investigate --json 'Whose is it?' | grep -o '/[0-9a-f]\{8\}' | head -n 1)
    asked=${asked#/}
    rest
    say N link "$case" same-campaign "$asked"
    say S transfer "$asked" --outside 'The other office'
    say S decline "$asked" --reason resources 'No time.'
    say N withdraw "$asked" 'Found.'
    say N reopen "$asked"
    say N close "$case"
    offered=$(parley propose --home N cert.south.example --answer-within 7d --blob-bytes 1048576 --tlp GREEN 'Terms.' --json | grep -o '/[0-9a-f]\{8\}' | head -n 1)
    offered=${offered#/}
    rest
    say S reply "$offered" counter --answer-within 14d 'Longer.'
    say N check-in cert.south.example 'Do you hear us?'
    printf '%s\n' "$case" "$asked" "$offered" >cases
    for format in stix intelmq intelmq-csv misp iodef xarf xarf-mail arf csv sheet; do
        parley export "$case" --home N --format "$format" -o "out.$format" --quiet --yes
    done
}
setup() { cd "$BATS_FILE_TMPDIR" || exit 1; }

say() { # HOME COMMAND…
    parley "${@:2}" --home "$1" --quiet >said 2>&1 || { echo "${*:2}" && cat said && return 1; }
    rest
}
findings() { # FILE FINDING…
    local row=0 word
    {
        echo '# parley findings v1'
        echo 'fact,finding,count,first_seen,last_seen,upstream_ip,note'
        for word in "${@:2}"; do
            echo "$((row++)),$word,,,,,"
        done
    } >"$1"
}
judged() { # ARGUMENT…: by other people's programs and schemas
    run node "$BATS_TEST_DIRNAME/../interop/$1" "${@:2}"
    [ "$status" != 77 ] || skip "$output"
    echo "$output"
    [ "$status" = 0 ]
}

@test "every kind of message that belongs to a case passes OASIS's schemas and parley's own" {
    local case
    while read -r case; do parley export "$case" --home S --format stix -o "$case.stix" --quiet --yes; done <cases
    judged stix_validate.mjs --files ./*.stix
    [[ $output == *'kinds: acknowledge agree answer ask claim close commit consult correct decline disclose fact facts finding inquiry link minutes proposal remark reopen reply reveal standing transfer withdraw' ]]
}

@test "a case as X-ARF passes the schemas of xarf-spec" {
    judged neighbours_validate.mjs xarf out.xarf
}

@test "a case as IntelMQ has the fields of its data format, and their types" {
    judged neighbours_validate.mjs intelmq out.intelmq
}

@test "a case as MISP has types, categories and templates of MISP" {
    judged neighbours_validate.mjs misp out.misp
}

@test "a case as IODEF validates against the schema of RFC 7970" {
    judged neighbours_validate.mjs iodef out.iodef
}

@test "facts come back from every format, or what did not is told" {
    for format in stix intelmq intelmq-csv misp iodef xarf xarf-mail arf csv sheet; do
        parley import "out.$format" -o "back.$format" --quiet
        parley export "$(head -n 1 cases)" --home N --format "$format" -o again --losses lost --quiet --yes
        cmp second.csv "back.$format" || grep -q '"field":"\(fact\|object\)' lost || { echo "$format" && false; }
    done
}
