# What the blocks of the manual that nobody sees share: both sides' homes, their channel, their nodes.
# shellcheck shell=bash disable=SC2154 # test/manual/play sets the variables

at() { # SIDE COMMAND…: parley at one of the homes
    PARLEY_HOME=$PARLEY_STAGE/$1 parley "${@:2}"
}
node() { # SIDE start|stop|…
    SIDE=$1 PARLEY_HOME=$PARLEY_STAGE/$1 systemctl "$2" parley-node
}
# North calls, South listens; more options are South's.
homes() {
    at north init --party cert.north.example --department incident --officer a.officer --no-passphrase
    at south init --party cert.south.example --department abuse --officer b.officer --no-passphrase \
        --remit network:192.0.2.0/24 --listen "127.0.0.1:$port" --url "https://127.0.0.1:$port" "$@"
}
meet() {
    at north invite --to cert.south.example -o north.invitation
    at south invite --to cert.north.example -o south.invitation
    local digits
    digits=$(at north compare south.invitation --quiet)
    at north accept south.invitation --safety-number "$digits"
    at south accept north.invitation --safety-number "$digits"
    rm north.invitation south.invitation
}
exchange() { at north sync; }
# Both homes, their channel, and South's node, which North's commands reach.
begin() {
    homes "$@"
    meet
    node south start
    exchange
}
# A case of three facts that North has claimed; its eight characters are in the file `case`.
claimed() {
    at north facts "$data/auth.log" --year 2026 -o facts.csv --evidence facts.evidence
    at north claim --to cert.south.example/abuse --facts facts.csv --evidence facts.evidence --tlp AMBER \
        --title "Attempts on our mail hosts" --summary "Seen on 1 March." --waive "As documented." >claim.name
    cut -d/ -f2 claim.name | cut -c1-8 >case
    exchange
}
# … and South's answer to all of it.
answered() {
    local case
    case=$(cat case)
    at south acknowledge "$case"
    at south check "$case" --logs "$data/flows.csv" -o findings.csv --coverage coverage.json
    at south answer "$case" findings.csv --coverage coverage.json --waive "The upstream is behind our translation."
    exchange
}
# Back to nothing, for the next part of a page.
fresh() {
    local side
    for side in north south; do
        [ ! -f "$PARLEY_STAGE/pids/$side" ] || node "$side" stop
        rm -rf "${PARLEY_STAGE:?}/$side"
    done
    rm -rf "${PARLEY_STAGE:?}"/work/*
}
# … and a text that both agree to; the case is taken away whole in case.dossier.
settled() {
    local case hash
    case=$(cat case)
    echo "Both sides looked at the same facts." >text.en
    at north minutes "$case" --text en=text.en
    exchange
    hash=$(at north minutes "$case" --read | sha256sum | cut -c1-64)
    at north agree "$case" "$hash" --yes
    exchange
    at south agree "$case" "$hash" --yes
    exchange
    at north dossier "$case" --all --yes -o case.dossier
}
