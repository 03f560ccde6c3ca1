#!/usr/bin/env bats
bats_require_minimum_version 1.5.0

# The demo on a log of one's own: the whole way, from log lines to a dossier that a stranger verifies, between two nodes.

log() {
    local i
    for i in 1 2 3 4 5 6 7 8; do
        echo "2026-03-01T0$i:55:46+00:00 mail sshd[$((1000 + i))]: Failed password for root from 192.0.2.$i port 4010$i ssh2"
    done
    echo "2026-03-01T09:01:02+00:00 mail sshd[2001]: Accepted publickey for a.user from 198.51.100.7 port 40200 ssh2"
}

@test "script/demo FILE plays a case to its end" {
    log >"$BATS_TEST_TMPDIR/auth.log"
    run -0 timeout 300 "$BATS_TEST_DIRNAME/../../script/demo" "$BATS_TEST_TMPDIR/auth.log"
    [[ $output == *"offered, no reply since"* ]]
    [[ $output == *"facts: 8, of 8 events by 8 sources"* ]]
    [[ $output == *"suggested for 8 facts"*"no-records"* ]]
    [[ $output == *"raised · answered · settled"* ]]
    [[ $output == *"The dossier holds."* ]]
    [[ $output == *"One byte of it is changed"*"Refused."* ]]
}
