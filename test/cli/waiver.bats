#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# Doubtful addresses are shown before a claim or an answer is sent, and waived in words that the other side reads.
load pair

setup_file() {
    cd "$BATS_FILE_TMPDIR" || exit 1
    BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
    pair
    parley department set incident --remit network:12.0.0.0/8 --home N --quiet >/dev/null
    channel
}
setup() {
    cd "$BATS_TEST_TMPDIR" || exit 1
    unset PARLEY_HOME PARLEY_PASSPHRASE_FILE
    cp -r "$BATS_FILE_TMPDIR"/{N,S} .
}
n() { parley "$@" --home N; }
s() { parley "$@" --home S; }
sheet() {
    echo '# parley facts v1'
    echo 'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence'
    for source in "$@"; do
        echo "2026-03-01T06:00:00Z,2026-03-01T06:00:09Z,$source,,203.0.113.5,22,,tcp,brute-force,2,"
    done
} >sheet.csv
claim=(claim --to cert.south.example/abuse --facts sheet.csv --title T --tlp AMBER)

@test "a claim with doubtful sources is not sent without words" {
    sheet 10.0.0.1 11.0.0.9 12.0.0.5 192.0.2.1 8.8.8.8
    echo '11.0.0.0/24 a crawler' >known.txt
    run -2 --separate-stderr n "${claim[@]}" --known known.txt
    [[ $stderr == *"source 10.0.0.1: a special-purpose address (private use); 1 fact, first row 0"* ]]
    [[ $stderr == *"source 11.0.0.9: in a list of known ones (a crawler)"* ]]
    [[ $stderr == *"source 12.0.0.5: in one's own networks (incident)"* ]]
    [[ $stderr == *"source 192.0.2.1: an address for documentation"* ]]
    [[ $stderr == *"source 8.8.8.8: a public resolver"* ]]
    [[ $stderr == *"--waive"* ]]
    [[ $(n cases) == *"no cases"* ]]
    run -0 --separate-stderr n "${claim[@]}" --known known.txt --summary 'As seen.' --waive 'spoofed, we think' --quiet
    rest
    run -0 --separate-stderr s show "$(the_case)"
    [[ $output == *"As seen."* ]]
    [[ $output == *"Waived before sending: spoofed, we think"* ]]
    [[ $output == *"source 10.0.0.1, special-purpose (private use)"* ]]
    [[ $output != *"192.0.2.1, "* ]]
}

@test "addresses for documentation are told, and need no words" {
    sheet 192.0.2.1
    run -0 --separate-stderr n "${claim[@]}"
    [[ $stderr == *"source 192.0.2.1: an address for documentation"* ]]
    rest
    run -0 --separate-stderr s show "$(the_case)"
    [[ $output != *Waived* ]]
}

@test "an answer that names a doubtful upstream is waived in words, and check shows it before" {
    sheet 192.0.2.1
    n "${claim[@]}" --quiet >/dev/null
    rest
    case=$(the_case)
    s acknowledge "$case" --quiet >/dev/null
    cat >nat.csv <<'END'
start,end,src,sport,dst,dport,proto,upstream
2026-03-01T06:00:01Z,2026-03-01T06:00:02Z,192.0.2.1,3000,203.0.113.5,22,tcp,10.0.0.7
END
    run -0 --separate-stderr s check "$case" --logs nat.csv -o findings.csv
    [[ $stderr == *"upstream 10.0.0.7: a special-purpose address (private use)"* ]]
    run -0 --separate-stderr s check "$case" --logs nat.csv -o findings.csv --json
    [[ $output == *'"doubts":[{"address":"10.0.0.7","end":"upstream"'* ]]
    run -2 --separate-stderr s answer "$case" findings.csv
    [[ $stderr == *"upstream 10.0.0.7"*"--waive"* ]]
    run -0 --separate-stderr s answer "$case" findings.csv --waive 'our inside host, named on purpose' --quiet
    rest
    run -0 --separate-stderr n show "$case"
    [[ $output == *"Waived before sending: our inside host, named on purpose"* ]]
}
