#!/usr/bin/env bash
# What many channels cost one node: N counterparties, each a node of its own on loopback, with whom it exchanges every
# minute.
#
#     bench/channels.sh [N [MINUTES [they]]]      (200 channels, 3 minutes)
#
# With `they` it is the counterparties that call, and the one node that is called.  Prints the share of a core, the most memory and the exchanges of the node, after the first exchange with everybody.
# $PARLEY names the program.  It works in a new folder below $TMPDIR, and takes ports from 21000 on.
# shellcheck source=script/lib.sh
. "$(dirname "$0")/../script/lib.sh"

channels=${1-200} minutes=${2-3} who=${3-hub} first=21000
intervals=(86400 60) # of the counterparties, of the node
[ "$who" != they ] || intervals=(60 86400)
: "${PARLEY:=$root/build/src/cli/parley}"
dir=$(mktemp -d)
pids=()
end() {
    [ "${#pids[@]}" = 0 ] || kill -9 "${pids[@]}" 2>/dev/null || true
    rm -rf "$dir"
}
trap end EXIT
cd "$dir"

quiet() { "$PARLEY" "$@" --quiet; }
make() { # HOME PARTY OPTION…
    local home=$1 party=$2
    shift 2
    quiet init --home "$home" --party "$party" --department incident --officer a.officer --no-passphrase "$@" >/dev/null
}
counterparty() { # NUMBER
    local party=c$1.example port=$((first + 1 + $1))
    make "C$1" "$party" --listen "127.0.0.1:$port" --url "https://127.0.0.1:$port"
    quiet invite --home "C$1" --to hub.example -o "$1.their" >/dev/null
}
open() { # NUMBER: by the hub's command alone, one at a time
    local digits
    quiet invite --home H --to "c$1.example" -o "$1.own" >/dev/null
    digits=$(quiet compare --home H "$1.their")
    quiet accept --home H "$1.their" --safety-number "$digits" >/dev/null
    quiet accept --home "C$1" "$1.own" --safety-number "$digits" >/dev/null
}
ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }
metric() { curl -s "http://127.0.0.1:$first/metrics" | sed -n "s/^$1 //p"; }

make H hub.example --listen "127.0.0.1:$((first + 1))" --url "https://127.0.0.1:$((first + 1))"
for ((i = 1; i <= channels; i++)); do spread counterparty "$i"; done
wait
for ((i = 1; i <= channels; i++)); do open "$i"; done
counterparties() {
    for ((i = 1; i <= channels; i++)); do
        "$PARLEY" serve --home "C$i" --interval "${intervals[0]}" --quiet >"C$i.log" 2>&1 &
        pids+=($!)
    done
}
node() {
    "$PARLEY" serve --home H --interval "${intervals[1]}" --metrics "127.0.0.1:$first" >H.log 2>&1 &
    hub=$!
    pids+=("$hub")
}
if [ "$who" = they ]; then
    node
    sleep 1
    counterparties
else
    counterparties
    sleep 5
    node
fi
exchanges() {
    if [ "$who" = they ]; then
        metric 'parley_connections_total{listener="peers"}'
    else
        metric 'parley_exchanges_total{result="done"}'
    fi
}
for ((i = 0; i < 600; i++)); do
    done_so_far=$(exchanges || true)
    [ "${done_so_far:-0}" -lt "$channels" ] || break
    sleep 0.5
done
[ "$who" != they ] || sleep 30 # what they all did at once is over
done_so_far=$(exchanges)
before=$(ticks "$hub")
started=$(now_ms)
sleep $((minutes * 60))
after=$(ticks "$hub")
took=$(($(now_ms) - started))
echo "channels: $channels, with all of them every 60 s, for $(seconds "$took") s on $(machine_note)"
echo "exchanges since: $(($(exchanges) - done_so_far)), failed:" \
    "$(metric 'parley_exchanges_total{result="failed"}')"
awk -v ticks=$((after - before)) -v per="$(getconf CLK_TCK)" -v ms="$took" \
    'BEGIN { printf "share of a core: %.1f %%\n", 100 * ticks / per / (ms / 1000) }'
awk '/^VmHWM/ { printf "most memory: %.0f MiB\n", $2 / 1024 }
     /^Threads/ { print "threads: " $2 }' "/proc/$hub/status"
