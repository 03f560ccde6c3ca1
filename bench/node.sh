#!/usr/bin/env bash
# Requests a second of a node and of nginx that serves the same bytes as files: TLS 1.3, client certificates, 32
# connections that stay open, on loopback.
#
#     bench/node.sh [SECONDS [ROUNDS]]      (3 seconds each, 3 rounds)
#
# The servers are bound to one core and the load to another.  wrk has no client certificates, so the load is
# bench-load, the same for both.  The node serves a counterparty's own channel, its limits of requests and bytes
# switched off; nginx has one worker, keeps the files open, and verifies that certificate against itself.  $PARLEY
# names the program, $PARLEY_LOAD the load.  It works in a new folder below $TMPDIR.
# shellcheck source=script/lib.sh
. "$(dirname "$0")/../script/lib.sh"
# shellcheck source=bench/parties.bash
. bench/parties.bash

seconds=${1-3} rounds=${2-3}
: "${PARLEY:=$root/build/release/src/cli/parley}" "${PARLEY_LOAD:=$root/build/release/bench/bench-load}"
command -v nginx >/dev/null || die "nginx is not installed"
dir=$(mktemp -d)
pids=()
end() {
    [ "${#pids[@]}" = 0 ] || kill "${pids[@]}" 2>/dev/null || true
    wait
    rm -rf "$dir"
}
trap end EXIT
cd "$dir"

serving() { taskset -c 0 "$@"; }
asking() { taskset -c 1 "$PARLEY_LOAD" "$@"; }

port=$("$root/script/free-port") web=$("$root/script/free-port")
party H hub.example --listen "127.0.0.1:$port" --url "https://127.0.0.1:$port"
party C c.example
open_between H C
printf '%s\n' 'requests-per-minute 0' 'bytes-per-minute 0' 'peer-connections 64' >>H/config
# A record with a full tile: entries are cards, which are the quickest to say.
serve H
hub=$started
parley sync --home C --quiet >/dev/null
kill "$hub"
wait "$hub" || true
for ((i = 0; i < 260; i++)); do
    parley department --home H set incident --title "Title $i" --quiet >/dev/null
    parley card --home H publish --quiet >/dev/null
done
pinned='taskset -c 0' serve H
pids+=("$started")
hub=$started
parley sync --home C --quiet >/dev/null
take_identity C
take_identity H
hash=$(hash_of_record H C)

mkdir -p web/logs "web/$hash/tile/0" "web/$hash/tile/entries"
fetch() { "$PARLEY_LOAD" "$port" C.crt C.key 0 1 "/$hash/$1" "${@:2}"; }
fetch checkpoint >"web/$hash/checkpoint"
fetch tile/0/000 >"web/$hash/tile/0/000"
fetch tile/entries/000 >"web/$hash/tile/entries/000"
fetch tile/entries/000 'Accept-Encoding: gzip' >"web/$hash/tile/entries/000.gz"
zcat "web/$hash/tile/entries/000.gz" | cmp - "web/$hash/tile/entries/000"
cat >nginx.conf <<END
daemon off; pid $dir/web/pid; worker_processes 1; error_log $dir/web/logs/error;
$([ "$(id -u)" != 0 ] || echo 'user root;')
events { worker_connections 1024; }
http {
    access_log off; keepalive_requests 1000000000; open_file_cache max=100; sendfile on; gzip_static on;
    default_type application/octet-stream;
    client_body_temp_path $dir/web/a; proxy_temp_path $dir/web/b; fastcgi_temp_path $dir/web/c;
    uwsgi_temp_path $dir/web/d; scgi_temp_path $dir/web/e;
    server {
        listen 127.0.0.1:$web ssl; root $dir/web;
        ssl_protocols TLSv1.3; ssl_certificate $dir/H.crt; ssl_certificate_key $dir/H.key;
        ssl_verify_client on; ssl_client_certificate $dir/C.crt; ssl_session_tickets off;
    }
}
END
taskset -c 0 nginx -c "$dir/nginx.conf" -e "$dir/web/logs/error" &
pids+=($!)
sleep 0.5
web_worker=$(pgrep -P "${pids[-1]}")

median() { sort -g | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }
# measure PID PORT PATH [HEADER]: requests/s, median and 99th percentile in microseconds, size, errors, and microseconds
# of processor time that the server took for each request
measure() {
    local before line
    before=$(ticks "$1")
    line=$(asking "$2" C.crt C.key "$seconds" 32 "$3" "${@:4}")
    awk -v line="$line" -v ticks=$(($(ticks "$1") - before)) -v per="$(getconf CLK_TCK)" -v s="$seconds" \
        'BEGIN { split(line, of, " "); print line, 1e6 * ticks / per / (of[1] * s) }'
}
rows() { # WHAT PATH [HEADER]
    local what=$1 path=/$hash/$2 i
    shift 2
    rm -f a b
    for ((i = 0; i < rounds; i++)); do
        measure "$web_worker" "$web" "$path" "$@" >>a
        measure "$hub" "$port" "$path" "$@" >>b
    done
    local size
    size=$(awk 'NR == 1 {print $4}' b)
    row() { # FILE NAME RATIO-OF
        printf '| %s of %s bytes | %s: %.0f us of the processor each | median %d us, 99 %% below %d | %d requests/s | %s |\n' \
            "$what" "$size" "$2" "$(cut -d' ' -f6 "$1" | median)" "$(cut -d' ' -f2 "$1" | median)" \
            "$(cut -d' ' -f3 "$1" | median)" "$(median <"$1")" \
            "$(awk -v a="$(median <a)" -v b="$(median <"$1")" 'BEGIN { printf "%.2f", b / a }')"
    }
    row a 'nginx, static files'
    row b parley
}
rows 'a checkpoint' checkpoint
rows 'a tile' tile/0/000
rows 'a bundle' tile/entries/000
rows 'a bundle in gzip form' tile/entries/000 'Accept-Encoding: gzip'
# The same while the store changes: each commit makes all that is kept void.
(while :; do parley check-in c.example --home H --quiet >/dev/null 2>&1 || true; done) &
writer=$!
rows 'a bundle, while the node takes messages' tile/entries/000
kill "$writer"
wait "$writer" 2>/dev/null || true
awk '/^VmHWM/ { printf "most memory of the node: %.0f MiB\n", $2 / 1024 } /^Threads/ { print "threads: " $2 }' "/proc/$hub/status" >&2
