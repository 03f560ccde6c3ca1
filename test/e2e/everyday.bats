#!/usr/bin/env bats
# What people look at every day, on both sides of one case under terms: outbox, handover, calendar, watch.
# shellcheck disable=SC2154 # bats sets $stderr
load helper

# Terms are in force, North has claimed something, and South holds it.
begin() {
    local address offer
    address=127.0.0.1:$(free_port)
    north N
    south S --url "https://$address"
    open_channel
    serve S "$address"
    both
    offer=$(parley propose cert.south.example --home N "A week for answers." --acknowledge-within 24h --answer-within 7d --tlp AMBER --quiet)
    both
    parley reply --home S "$offer" accept --quiet >/dev/null
    both
    printf '%s\n' '# parley facts v1' \
        'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence' \
        '2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,' >sheet.csv
    claim=$(parley claim --home N --to cert.south.example/abuse --facts sheet.csv --title "Guessed passwords" --tlp "${1:-AMBER}" --severity high --quiet)
    both
}
both() { parley sync --home N --quiet >/dev/null; }

@test "what is said is queued, then receipted" {
    begin
    parley remark --home N "$claim" "One more word." --quiet >/dev/null
    run -0 parley outbox --home N
    [[ $output == *"remark"*"queued"* && $output == *"claim"*"receipted"* ]]
    both
    run -0 parley outbox --home N --json
    [[ $output != *'"stage":"queued"'* && $output == *'"kind":"remark"'* ]]
}

@test "a handover tells what changed, what is due and from whom" {
    begin
    run -0 parley handover --home S
    [[ $output == *"Changed"*"claim"*"Guessed passwords"*"Due and promised"*"acknowledge"*"Guessed passwords"*"ours to do, due "* ]]
    run -0 parley handover --home N --since 1h --json
    [[ $output == *'"waits_for":"cert.south.example"'* && $output == *'"now":"raised · delivered"'* ]]
    run -2 parley handover --home N --since 2099-01-01T00:00:00Z
    run -2 parley handover --home N --since yesterday
}

@test "the state before and after stands in a handover" {
    begin
    sleep 1.1 # times are whole seconds
    since=$(date -u +%Y-%m-%dT%H:%M:%SZ)
    sleep 1.1
    parley acknowledge --home S "$claim" --quiet >/dev/null
    run -0 parley handover --home S --since "$since"
    [[ $output == *"raised · delivered → raised · acknowledged"* ]]
}

@test "a calendar says when something is due, and what only where it is asked for" {
    begin
    run -0 parley calendar --home S
    [[ $output == "BEGIN:VCALENDAR"*"BEGIN:VTODO"*"DUE:"*"BEGIN:VALARM"*"END:VCALENDAR"* ]]
    [[ $output != *"Guessed"* && $output != *"cert."* ]]
    [ "$output" = "$(parley calendar --home S)" ]
    run -0 parley calendar --home N
    [[ $output != *"VTODO"* ]] # South owes it
    run -0 parley calendar --home N --theirs --details -o all.ics
    [[ $(tr -d '\r' <all.ics) == *"Guessed passwords"* ]]
    run -0 parley calendar --home S --details
    [[ $output == *"Guessed passwords"* ]]
}

@test "what is RED stands in no calendar unless somebody agrees" {
    begin RED
    run -0 parley calendar --home S
    run -2 --separate-stderr parley calendar --home S --details
    [[ $stderr == *"TLP:RED"*"--yes"* ]]
    run -0 parley calendar --home S --details --yes
    [[ $output == *"Guessed passwords"* ]]
}

@test "watch tells of a message that came between two looks" {
    begin
    # shellcheck disable=SC2016 # the hook expands them
    printf '#!/bin/sh\necho "$PARLEY_NOTICE $PARLEY_SEVERITY"\n' >hook
    chmod +x hook
    run -0 parley watch --home S --once
    parley remark --home N "$claim" "One more word." --quiet >/dev/null
    both
    cp S/desk/notices before
    run -0 parley watch --home S --once --quiet --hook ./hook
    [ "$output" = "arrived high" ]
    cp before S/desk/notices
    run -0 parley watch --home S --once
    [[ $output == *"a message came: remark, cert.north.example"*"Guessed passwords"* ]]
    run -0 parley watch --home S --once
    [ -z "$output" ]
}

@test "an ask waits for its addressee until the evidence is shown" {
    begin
    printf '%s\n' 'Mar  1 06:55:46 gate sshd[14]: Failed password for root from 192.0.2.17 port 50022 ssh2' >auth.log
    parley facts auth.log --year 2026 --timezone UTC -o more.csv --evidence tree --quiet
    claim=$(parley claim --home N --to cert.south.example/abuse --facts more.csv --evidence tree --title "More" --tlp AMBER --quiet)
    both
    parley ask --home S "$claim" --rows 0 --quiet >/dev/null
    both
    run -0 parley inbox --home N
    [[ $output == *"Waits for cert.north.example"*"disclose"*"More"*"parley disclose"* ]]
    parley disclose --home N "$claim" --evidence tree --quiet >/dev/null
    run -0 parley inbox --home N
    [[ $output != *"parley disclose"* ]]
    both
    run -0 parley inbox --home S
    [[ $output != *"disclose"*"More"*"since"* ]]
}
