#!/usr/bin/env bash
# An honest counterparty's `sync` with a node, alone and beside each attack of bench/hostile.py, in one run.
#
#     bench/hostile.sh [--rounds N] [--bound RATIO] [ATTACK…]      (5 rounds; all attacks)
#
# A round is a claim of 20,000 facts (1.5 MB) by the honest one, not timed, and its sync, which is: the program's start,
# the handshake, the push, the receipt.  Prints the median beside each attack, its ratio to the median when nothing else
# goes on, and what the node has then: memory, threads, descriptors.  Attackers run with the lowest priority, as they
# would have machines of their own; what the node does for them has the node's own.  Ends with status 1 where a ratio is
# above RATIO, or the honest one was refused.  $PARLEY names the program.  It works in a new folder below $TMPDIR.
# shellcheck source=script/lib.sh
. "$(dirname "$0")/../script/lib.sh"
# shellcheck source=bench/parties.bash
. bench/parties.bash

rounds=5 bound=''
while [[ ${1-} == --* ]]; do
    case $1 in
    --rounds) rounds=$2 ;;
    --bound) bound=$2 ;;
    *) die "unknown option $1" ;;
    esac
    shift 2
done
: "${PARLEY:=$root/build/src/cli/parley}"
mapfile -t attacks < <("$root/bench/hostile.py" | cut -f 1)
[ $# = 0 ] || attacks=("$@")
dir=$(mktemp -d)
pids=()
end() {
    [ "${#pids[@]}" = 0 ] || kill -9 "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$dir"
}
trap end EXIT
cd "$dir"

port=$("$root/script/free-port")
party S south.example --listen "127.0.0.1:$port" --url "https://127.0.0.1:$port"
party N north.example
party E east.example
open_between N S
open_between E S
serve S
node=$started
pids+=("$node")
parley sync --home N --quiet >/dev/null
parley sync --home E --quiet >/dev/null
take_identity E
hash=$(hash_of_record E S)
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout X.key -out X.crt -days 2 -subj /CN=x 2>/dev/null
sheet 20000 >sheet.csv

sync_once() { # prints milliseconds
    local start
    claim N S sheet.csv
    start=$(now_ms)
    parley sync --home N --quiet >/dev/null
    echo $(($(now_ms) - start))
}
several() { for ((i = 0; i < rounds; i++)); do sync_once; done; }
median() { sort -g | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
of_node() { sed -n "s/^$1:[[:space:]]*\([0-9]*\).*/\1/p" "/proc/$node/status"; }
ticks() { awk '{print $14 + $15}' "/proc/$node/stat"; }

sync_once >/dev/null
quiet=$(several | median)
printf '| sync of 1.5 MB | alone | %d ms | %d MiB, %d threads | 1.00 |\n' "$quiet" $(($(of_node VmRSS) / 1024)) "$(of_node Threads)"
failed=0
for attack in "${attacks[@]}"; do
    who=E
    [ "$attack" != strange ] || who=X
    rm -f there
    nice -n 19 python3 "$root/bench/hostile.py" "$attack" "$port" "$who.crt" "$who.key" "$hash" >"$attack.log" 2>&1 &
    attacker=$!
    pids+=("$attacker")
    for ((i = 0; i < 200; i++)); do [ ! -e there ] || break && sleep 0.1; done
    before=$(ticks) since=$(now_ms)
    beside=$(several | median) || failed=1
    share=$((($(ticks) - before) * 100 * 1000 / $(getconf CLK_TCK) / ($(now_ms) - since)))
    files=("/proc/$node/fd/"*)
    printf '| sync of 1.5 MB | beside: %s | %d ms | %d MiB, %d threads, %d descriptors, %d %% of a core | %s |\n' "$attack" \
        "${beside:-0}" $(($(of_node VmRSS) / 1024)) "$(of_node Threads)" "${#files[@]}" "$share" \
        "$(awk -v a="$quiet" -v b="${beside:-0}" 'BEGIN { printf "%.2f", b / a }')"
    [ -z "$bound" ] || awk -v a="$quiet" -v b="${beside:-0}" -v bound="$bound" 'BEGIN { exit !(b > 0 && b <= bound * a) }' || failed=1
    kill -9 "$attacker" 2>/dev/null || true
    wait "$attacker" 2>/dev/null || true
done
kill -0 "$node" || die "the node did not live"
exit "$failed"
