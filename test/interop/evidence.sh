#!/bin/sh
# Evidence trees of several sizes, computed again by evidence.py, which then must notice a changed line.
#
#     evidence.sh PARLEY
set -eu
program=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Sources take turns, so facts have from one line to many.
write_log() {
    awk -v lines="$1" 'BEGIN { for (i = 0; i < lines; i++)
        printf "2026-03-01T%02d:%02d:%02d+00:00 gate sshd[7]: Failed password for root from 192.0.2.%d port %d ssh2\n",
            i / 180 % 24, i / 3 % 60, i % 60, i * i % 17, 1024 + i }'
}

for lines in 1 2 3 40 700 3000; do
    write_log "$lines" >log
    "$program" facts log --quiet -o sheet --evidence tree --json >report
    root=$(python3 "$here/evidence.py" sheet tree)
    grep -q "\"evidence_root\":\"$root\"" report || { echo "$lines lines: $root is not in $(cat report)" && exit 1; }
    echo "$lines lines: $root"
done
sed 's/port 1030/port 1031/' tree >changed
if python3 "$here/evidence.py" sheet changed; then
    echo "a changed line was not noticed"
    exit 1
fi
