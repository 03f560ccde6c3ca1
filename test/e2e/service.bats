#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# The node as a service: what it tells its manager and Prometheus, settings that change while it runs, hostile company.
load helper

setup() {
    cd "$BATS_TEST_TMPDIR" || exit 1
    unset PARLEY_HOME PARLEY_PASSPHRASE_FILE NOTIFY_SOCKET WATCHDOG_USEC JOURNAL_STREAM CREDENTIALS_DIRECTORY
    : >pids
    port=$(free_port)
    numbers=$(free_port)
    north N
    south S --listen "127.0.0.1:$port" --url "https://127.0.0.1:$port"
    printf 'metrics 127.0.0.1:%s\n' "$numbers" >>S/config
}

begin() {
    open_channel
    serve S
}

metric() { curl -sS "http://127.0.0.1:$numbers/metrics" | sed -n "s/^$1 //p"; }

# until CONDITION…: true within some seconds.
until_true() {
    for _ in $(seq 100); do
        ! "$@" || return 0
        sleep 0.05
    done
    return 1
}

times() { [ "$(grep -c "$2" "$3")" -eq "$1" ]; } # COUNT PATTERN FILE

claim() { # FACTS: a claim with a sheet that is as large as that
    awk -v count="$1" 'BEGIN {
        print "# parley facts v1"
        print "first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence"
        for (i = 0; i < count; i++)
            printf "2026-03-%02dT%02d:%02d:%02dZ,2026-03-%02dT%02d:%02d:%02dZ,192.0.2.17,,,22,,tcp,brute-force,2,\n",
                i / 86400 + 1, i / 3600 % 24, i / 60 % 60, i % 60, i / 86400 + 1, i / 3600 % 24, i / 60 % 60, i % 60 }' >sheet.csv
    parley claim --home N --to cert.south.example/abuse --facts sheet.csv --title Scans --tlp AMBER --quiet
}

# A manager: writes what it is told into the file `told`.
manager() {
    cat >manager.py <<'END'
import os, socket, sys
at = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
at.bind(sys.argv[1])
while True:
    with open("told", "ab") as f:
        f.write(at.recv(4096).rstrip(b"\n") + b"\n")
END
    start manager.log python3 manager.py "$PWD/notify"
    until_true test -S notify
    export NOTIFY_SOCKET=$PWD/notify
}

@test "tells its manager that it is ready, alive, reloads and stops" {
    manager
    export WATCHDOG_USEC=600000
    serve S
    node=$started
    until_true grep -qx 'READY=1' told
    until_true grep -qx 'WATCHDOG=1' told
    kill -HUP "$node"
    until_true grep -qx 'RELOADING=1' told
    grep -q '^MONOTONIC_USEC=[0-9]*$' told
    until_true times 2 'READY=1' told
    stop "$node"
    until_true grep -qx 'STOPPING=1' told
}

@test "one that is not well enough to start does not say that it is ready" {
    manager
    printf 'metrics 192.0.2.1:9464\n' >>N/config
    run -2 --separate-stderr parley serve --home N
    [[ $stderr == *"this machine alone"* ]]
    [ ! -s told ]
}

@test "tells numbers and health on loopback, and names nobody unless asked" {
    begin
    parley sync --home N --quiet >/dev/null
    run -0 curl -sS "http://127.0.0.1:$numbers/health"
    [ "$output" = '{"channels":1,"disk":"ok","frozen":0,"late":0,"listening":true,"status":"ok","store":true}' ]
    curl -sS "http://127.0.0.1:$numbers/metrics" >metrics.txt
    run ! grep -q cert. metrics.txt
    [ "$(metric 'parley_answers_total{listener="peers",class="2xx"}')" -gt 3 ]
    [ "$(metric 'parley_answers_total{listener="peers",class="5xx"}')" -eq 0 ]
    own=$(of S own_size)
    grep -qE '^parley_channel_own_entries\{channel="[0-9a-f]{16}"\} '"$own" metrics.txt
    grep -qE '^parley_channel_lag_entries\{channel="[0-9a-f]{16}"\} 0' metrics.txt
    # Every metric has its help, its type, and its line in the manual.
    while read -r name; do
        grep -q "^# HELP $name " metrics.txt
        grep -q "^# TYPE $name " metrics.txt
        grep -q "\`$name\`" "$BATS_TEST_DIRNAME/../../doc/node.md"
    done < <(sed -n 's/^\([a-z_]*\)[{ ].*/\1/p' metrics.txt | sort -u)
    run -0 curl -sS -o /dev/null -w '%{http_code}' "http://127.0.0.1:$numbers/"
    [ "$output" = 404 ]
    run -0 curl -sS -o /dev/null -w '%{http_code}' -d x "http://127.0.0.1:$numbers/metrics"
    [ "$output" != 200 ]
    stop "$started"
    printf 'metrics-names yes\n' >>S/config
    serve S
    curl -sS "http://127.0.0.1:$numbers/metrics" | grep -q 'party="cert.north.example"'
}

@test "takes new limits on SIGHUP while connections stay, and keeps the old ones where the config is wrong" {
    begin
    node=$started
    parley sync --home N --quiet >/dev/null
    printf 'requests-per-minute 1\n' >>S/config
    kill -HUP "$node"
    until_true grep -q 'has read its settings' S.log
    run -3 --separate-stderr parley sync --home N
    [[ $stderr == *429* ]]
    [ "$(metric 'parley_refusals_total{listener="peers",reason="rate"}')" -ge 1 ]
    sed -i '$d' S/config
    printf 'requests-per-minute lots\n' >>S/config
    kill -HUP "$node"
    until_true grep -q 'goes on as before' S.log
    run -3 parley sync --home N
    sed -i '$d' S/config
    kill -HUP "$node"
    until_true times 2 'has read its settings' S.log
    run -0 parley sync --home N
    kill -0 "$node"
}

@test "an exchange under way outlives a reload" {
    begin
    node=$started
    parley sync --home N --quiet >/dev/null
    claim 200000
    parley sync --home N >synced 2>&1 &
    waiting=$!
    for _ in 1 2 3 4 5; do
        kill -HUP "$node"
        sleep 0.1
    done
    wait "$waiting"
    in_step
}

@test "a file beyond the node's quota is refused, whatever the terms say, and the next setting lets it through" {
    begin
    node=$started
    parley sync --home N --quiet >/dev/null
    claim 60000
    printf 'quota-file-bytes 1048576\n' >>S/config
    kill -HUP "$node"
    until_true grep -q 'has read its settings' S.log
    parley sync --home N || true
    [ "$(of S their_size)" != "$(of N own_size)" ] || [ "$(of N own_size)" != "$(of N receipted_size)" ]
    sed -i '$d' S/config
    kill -HUP "$node"
    until_true times 2 'has read its settings' S.log
    run -0 parley sync --home N
    in_step
}

# Connections that say nothing, half a handshake, or half a request; as many as asked for.
crowd() {
    cat >crowd.py <<'END'
import socket, sys, time
port, count = int(sys.argv[1]), int(sys.argv[2])
held = []
for i in range(count):
    s = socket.socket()
    s.settimeout(2)
    try:
        s.connect(("127.0.0.1", port))
        s.send([b"", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\n\r\n"][i % 3])
        if i % 7 == 0:
            s.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    held.append(s)
open("there", "w").close()
time.sleep(60)
END
    start crowd.log python3 crowd.py "$port" "$1"
    for _ in $(seq 400); do
        [ ! -e there ] || return 0
        sleep 0.05
    done
    return 1
}

@test "a thousand connections of nobody cost a bounded number of threads, and an honest exchange goes on" {
    begin
    node=$started
    parley sync --home N --quiet >/dev/null
    crowd 1000
    run -0 timeout 20 "$PARLEY" sync --home N
    [ "$(metric 'parley_handshakes{listener="peers"}')" -le 64 ]
    [ "$(metric 'parley_refusals_total{listener="peers",reason="handshakes"}')" -ge 500 ]
    [ "$(sed -n 's/^Threads:[[:space:]]*//p' "/proc/$node/status")" -lt 200 ]
    [ "$(sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$node/status")" -lt 204800 ]
    in_step
}

@test "one counterparty that never answers does not keep the node from the others" {
    # The North calls two: one that takes the connection and is silent, and the South.
    silent=$(free_port)
    cat >silent.py <<'END'
import socket, sys, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", int(sys.argv[1])))
s.listen(64)
held = []
open("silent.there", "w").close()
while True:
    held.append(s.accept())
END
    start silent.log python3 silent.py "$silent"
    until_true test -e silent.there
    parley init --home E --party cert.east.example --department ops --officer e.officer --no-passphrase --url "https://127.0.0.1:$silent" >/dev/null
    parley invite --home N --to cert.east.example -o ne.invitation --quiet
    parley invite --home E --to cert.north.example -o e.invitation --quiet
    parley accept --home N e.invitation --safety-number "$(parley compare --home N e.invitation --quiet)" --quiet
    begin
    serve N
    parley acknowledge --home N x 2>/dev/null || true
    SECONDS=0
    parley sync cert.south.example --home N --quiet >/dev/null
    [ "$SECONDS" -lt 8 ]
}

@test "works behind nginx that passes TLS on" {
    command -v nginx >/dev/null || skip "nginx is not installed"
    module=$(find /usr/lib/nginx/modules -name ngx_stream_module.so 2>/dev/null | head -n 1)
    [ -n "$module" ] || skip "nginx has no module stream"
    inner=$(free_port)
    # As in the manual, but for the addresses.
    mkdir -p proxy
    {
        printf 'load_module %s;\ndaemon off;\npid proxy/pid;\nerror_log proxy/log;\nevents { }\n' "$module"
        sed -n '/^    stream {/,/^    }/s/^    //p' "$BATS_TEST_DIRNAME/../../doc/node.md" |
            sed "s/127.0.0.1:7443/127.0.0.1:$inner/; s/192.0.2.10:7443/127.0.0.1:$port/"
    } >proxy/nginx.conf
    sed -i "s/^listen .*/listen 127.0.0.1:$inner/" S/config
    parley config check --home S
    open_channel
    serve S
    run -3 parley sync --home N # the proxy is not there yet
    start nginx.log nginx -p "$PWD" -e proxy/log -c "$PWD/proxy/nginx.conf"
    until_true bash -c "exec 3<>/dev/tcp/127.0.0.1/$port" 2>/dev/null
    run -0 parley sync --home N
    in_step
    [ "$(metric 'parley_answers_total{listener="peers",class="2xx"}')" -gt 3 ]
    # A stranger does not get through it, either.
    run ! curl -sk --max-time 5 "https://127.0.0.1:$port/"
}

@test "a passphrase comes as a credential of the service manager" {
    printf 'correct horse battery staple\n' >secret
    parley init --home P --party cert.west.example --department ops --officer w.officer --passphrase-file secret >/dev/null
    run -3 --separate-stderr parley serve --home P
    [[ $stderr == *passphrase* ]]
    mkdir credentials
    cp secret credentials/parley-passphrase
    export CREDENTIALS_DIRECTORY=$PWD/credentials
    start P.log "$PARLEY" serve --home P --log json
    until_true grep -q '"event":"listens","level":"info"' P.log
}

@test "the log fits the journal, or programs" {
    start S.log env "$PARLEY" serve --home S --log json
    until_true grep -q '"event":"listens"' S.log
    stop "$started"
    python3 -c 'import json,sys; [json.loads(l) for l in open("S.log")]'
    cat >journal.py <<'END'
import os, sys
f = os.open("journal.log", os.O_CREAT | os.O_WRONLY, 0o600)
os.dup2(f, 2)
about = os.fstat(2)
os.environ["JOURNAL_STREAM"] = f"{about.st_dev}:{about.st_ino}"
os.execvp(sys.argv[1], sys.argv[1:])
END
    start wrapper.log python3 journal.py "$PARLEY" serve --home S
    until_true grep -q listens journal.log
    grep -qx '<6>listens on 127.0.0.1:'"$port" journal.log
    stop "$started"
    grep -qx '<5>stops' journal.log
}
