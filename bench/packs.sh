#!/usr/bin/env bash
# What it costs to carry a long record in a pack: N entries of one's own, each with a small file, packed whole, unpacked by
# the other side, and its receipts packed back.
#
#     bench/packs.sh [N [PART-SIZE]]      (500000; one archive)
#
# Prints time, bytes and the most memory of each command: all of it, and what of it is the command's own and no file that
# the kernel may drop.  $PARLEY names the program.  It works in a new folder below $TMPDIR.
# shellcheck source=script/lib.sh
. "$(dirname "$0")/../script/lib.sh"

count=${1-500000} part=${2-}
: "${PARLEY:=$root/build/src/cli/parley}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

quiet() { "$PARLEY" "$@" --quiet; }
# Runs a command; prints its words, seconds, and the most memory, sampled every 20 ms.
measure() { # NAME COMMAND…
    python3 -c '
import subprocess, sys, threading, time
name, words = sys.argv[1], sys.argv[2:]
most = {"VmHWM": 0, "RssAnon": 0}
begun = time.monotonic()
p = subprocess.Popen(words, stdout=subprocess.DEVNULL)
while p.poll() is None:
    try:
        for line in open(f"/proc/{p.pid}/status"):
            key, _, value = line.partition(":")
            if key in most: most[key] = max(most[key], int(value.split()[0]))
    except OSError: pass
    time.sleep(0.02)
took = time.monotonic() - begun
print(f"{name}: {took:.1f} s, most memory {most['"'VmHWM'"'] / 1024:.1f} MiB, its own {most['"'RssAnon'"'] / 1024:.1f} MiB", flush=True)
sys.exit(p.returncode)' "$@"
}
archives() { du -cb "$1"* | tail -n 1 | cut -f1; }

quiet init --home N --party cert.north.example --department incident --officer a.officer --no-passphrase >/dev/null
quiet init --home S --party cert.south.example --department abuse --officer b.officer --no-passphrase >/dev/null
quiet invite --home N -o n.invitation >/dev/null
quiet invite --home S -o s.invitation >/dev/null
digits=$(quiet compare --home N s.invitation)
quiet accept --home N s.invitation --safety-number "$digits" >/dev/null
quiet accept --home S n.invitation --safety-number "$digits" >/dev/null
carry() { # FROM TO PARTY
    quiet pack --home "$1" "$3" -o carried.tar >/dev/null
    quiet unpack --home "$2" carried.tar >/dev/null
    rm carried.tar
}
for _ in 1 2; do
    carry N S cert.south.example
    carry S N cert.north.example
done
"${PARLEY%/src/cli/parley}/bench/bench-fill" N/node "$count"
quiet pack --home S cert.north.example -o s.tar >/dev/null
measure "sign, after a pack of theirs" "$PARLEY" unpack --home N s.tar
measure "pack $count entries" "$PARLEY" pack --home N cert.south.example -o n.tar ${part:+--part-size "$part"}
echo "bytes of the archives: $(archives n.tar)"
for file in n.tar*; do
    measure "unpack $file" "$PARLEY" unpack --home S "$file"
done
measure "pack the receipt" "$PARLEY" pack --home S cert.north.example -o back.tar
measure "unpack it" "$PARLEY" unpack --home N back.tar
"$PARLEY" status --home N --json | sed 's/.*"own_size":\([0-9]*\).*"receipted_size":\([0-9]*\).*/entries: \1, receipted: \2/'
[ -z "$(ls S/node/packs 2>/dev/null)" ]
