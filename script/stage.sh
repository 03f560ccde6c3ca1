# What scripts that play both sides share: how it is told, two homes with their nodes, and their end.  To be sourced after
# lib.sh; $stage is the folder in which everything is made, $PARLEY the program.
# shellcheck shell=bash disable=SC2154 # lib.sh and the script set them

act=0
act() {
    act=$((act + 1))
    printf '\n\033[1m%d. %s\033[0m\n' "$act" "$*"
}
tell() { printf '   %s\n' "$@"; }

# Shows a command as one would type it.
typed() {
    local side=$1 word
    shift
    printf '\033[2m   %s$\033[0m parley' "$side"
    for word in "$@"; do
        word=${word#"$root/build/"}
        [[ $word =~ ^[a-zA-Z0-9_./:=,#-]+$ ]] || word=${word@Q}
        printf ' %s' "$word"
    done
    printf '\n'
}
# as SIDE COMMAND…: runs a command of one side and shows it with what it prints, at most $most lines of it.
as() {
    typed "$@"
    local side=$1
    shift
    PARLEY_HOME=$stage/$side LANGUAGE=${language[$side]-} "$PARLEY" "$@" 2>&1 | shortened
}
shortened() {
    awk -v most="${most:-1000}" 'NR <= most { print "     " $0 } END { if (NR > most) print "     … (" NR - most " more lines)" }'
}
# The same without showing it, for what is needed further on.
quiet() {
    local side=$1
    shift
    PARLEY_HOME=$stage/$side "$PARLEY" "$@" --quiet 2>"$stage/last.log" || die "parley $*: $(cat "$stage/last.log")"
}
# The language of each side's screen; none: English.
declare -A language=()

script_json() { python3 "$root/script/demo-json" "$@"; }
fingerprint() { quiet "$1" fingerprint; }

# --- nodes

nodes=()
stop() {
    [ "${#nodes[@]}" = 0 ] || kill "${nodes[@]}" 2>/dev/null || true
    wait
}
trap stop EXIT

free_port() { "$root/script/free-port"; }
start_node() {
    local side=$1 tries
    PARLEY_HOME=$stage/$side "$PARLEY" serve >"$stage/$side.log" 2>&1 &
    nodes+=($!)
    for tries in $(seq 100); do
        [ ! -S "$stage/$side/node/socket" ] || return 0
        sleep 0.1
    done
    die "the node of $side did not start after $tries tries; see $stage/$side.log"
}
# The nodes talk by themselves; this waits until they have nothing more to say.
settle() {
    quiet north sync >/dev/null
    quiet south sync >/dev/null
}

# change_byte FILE OUT: a copy in which one byte is another.
change_byte() {
    python3 - "$1" "$2" <<'END'
import sys
whole = bytearray(open(sys.argv[1], "rb").read())
whole[len(whole) // 2] ^= 1
open(sys.argv[2], "wb").write(whole)
END
}
