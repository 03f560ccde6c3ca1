# Shell functions that the scripts share; to be sourced, with the project root as the current folder afterwards.
# shellcheck shell=bash

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export LC_ALL=C.UTF-8
unset LANGUAGE TZ CDPATH

# Ends the script with a sentence.
die() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# Runs a command as root: as it is where one is root, else through sudo.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "this needs root, and there is no sudo: $*"
    fi
}

# The first line of the comment block below the shebang and what follows, without the hashes: the script's own help.
usage() {
    sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$0"
}

# Milliseconds since some fixed moment.
now_ms() {
    echo "$(($(date +%s%N) / 1000000))"
}

# Milliseconds as seconds with one decimal.
seconds() {
    printf '%d.%d' "$(($1 / 1000))" "$(($1 % 1000 / 100))"
}

# The commit of the checkout, marked where files differ from it; the page that figures go to does not count.
commit_name() {
    local name
    name=$(git rev-parse --short=12 HEAD 2>/dev/null) || { echo unknown && return; }
    git diff --quiet HEAD -- . ':!doc/measured.md' || name+=-dirty
    echo "$name"
}

# One line about the machine, for measurements.
machine_note() {
    local model memory
    model=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
    memory=$(awk '/^MemTotal/ {printf "%.0f", $2 / 1048576}' /proc/meminfo)
    echo "$(nproc) cores (${model:-$(uname -m)}), $memory GiB of memory, Linux $(uname -r | cut -d. -f1-2)," \
        "$(. /etc/os-release && echo "$PRETTY_NAME")"
}

# Runs a command in the background as soon as fewer jobs than cores are running; `wait` waits for the last ones.
spread() {
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
    "$@" &
}
