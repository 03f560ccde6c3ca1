#!/usr/bin/env bats
# shellcheck disable=SC2016 # what is run by others
# What bash and zsh complete after `parley`: commands, options, words of lists, files, parties, cases.
load pair

setup_file() {
    cd "$BATS_FILE_TMPDIR" || exit 1
    BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR pair >/dev/null 2>&1
    channel >/dev/null 2>&1
    ask 'Scans: $(touch injected) [x]'
    parley cases --home N --json | grep -o '/[0-9a-f]\{8\}' | head -n 1 | tr -d / >case
}
setup() {
    cd "$BATS_TEST_TMPDIR" || exit 1
    export PARLEY_HOME=$BATS_FILE_TMPDIR/N
    share=$BATS_TEST_DIRNAME/../../share/completion
    case=$(cat "$BATS_FILE_TMPDIR/case")
    mkdir -p bin folder
    ln -s "$(realpath "$PARLEY")" bin/parley
    PATH=$PWD/bin:$PATH
    touch facts.csv findings.csv
}

# complete WORD…: what bash offers in the place of the last word.
complete_bash() {
    bash -c '. "$1/parley.bash"; shift; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _parley; printf "%s\n" "${COMPREPLY[@]}"' \
        bash "$share" parley "$@" | sort
}
offers() { # WANTED WORD…: just these, in the order of sort
    local found
    found=$(complete_bash "${@:2}" | tr '\n' ' ')
    [ "${found% }" = "$1" ] || { echo "offered: $found" && return 1; }
}

@test "bash: commands and options, of every command" {
    offers 'check check-in' check
    offers 'verify version' ver
    offers '--evidence --event --evidence-key' facts --ev || offers '--event --evidence --evidence-key' facts --ev
    local command
    for command in $(parley help | awk '/^  / {print $1}'); do
        parley "$command" --help | awk '/^  -/ {print $1}' | cat - <(echo --help) | sort -u >there
        complete_bash "$command" - >offered
        diff there offered
    done
}

@test "bash: words of closed lists" {
    offers 'AMBER AMBER+STRICT' claim --tlp AM
    offers 'AMBER AMBER+STRICT' claim --tlp = AM
    offers 'CLEAR GREEN AMBER AMBER+STRICT RED' claim --tlp = || offers 'AMBER AMBER+STRICT CLEAR GREEN RED' claim --tlp =
    offers 'not-competent' decline 5b2c --reason not-c
    offers 'brute-force' facts --event brute
    offers 'sshd' facts a.log --format ssh
    offers 'accept counter decline' reply 5b2c ''
    offers 'accepted' undertakings 5b2c 1 ac
    offers 'country' origins facts.csv --by c
    offers 'tls' keys rotate t
    offers 'fr' init --lang f
    offers 'check' config c
    offers 'admit' join a
}

@test "bash: files, folders, parties, departments and cases" {
    offers 'facts.csv findings.csv' claim --facts f || offers 'facts.csv findings.csv folder' claim --facts f
    offers 'folder' record export cert.south.example f
    offers "$case" show "${case:0:3}"
    offers "$case" reply ''
    offers "$case" answer --officer a.officer ''
    offers 'cert.south.example' sync c
    offers 'cert.south.example/abuse' claim --to cert
    local home=$PARLEY_HOME
    export PARLEY_HOME=/nowhere
    offers "$case" show --home "$home" ''
    offers '' show ''
    [ ! -e injected ]
}

@test "bash: the file is clean, and completes by bash-completion's way of loading it, within a function" {
    bash -n "$share/parley.bash"
    if command -v shellcheck >/dev/null; then shellcheck "$share/parley.bash"; fi
    run -0 bash -c 'load() { . "$1"; }; load "$1/parley.bash"; COMP_WORDS=(parley versi) COMP_CWORD=1; _parley; echo "${COMPREPLY[0]}"' bash "$share"
    [ "$output" = version ]
}

@test "zsh: commands with what they do, options, lists, cases with their titles" {
    command -v zsh >/dev/null || skip "there is no zsh"
    run -0 timeout 60 zsh "$BATS_TEST_DIRNAME/complete.zsh" "$share" 'parley check'
    [[ $output == *check-in* && $output == *"seek the facts of a case"* ]]
    run -0 timeout 60 zsh "$BATS_TEST_DIRNAME/complete.zsh" "$share" 'parley claim --sev'
    [[ $output == *--severity* ]]
    run -0 timeout 60 zsh "$BATS_TEST_DIRNAME/complete.zsh" "$share" 'parley decline 5b2c --reason '
    [[ $output == *not-competent* ]]
    run -0 timeout 60 zsh "$BATS_TEST_DIRNAME/complete.zsh" "$share" 'parley reply '
    [[ $output == *"$case"* ]]
    run -0 timeout 60 zsh "$BATS_TEST_DIRNAME/complete.zsh" "$share" 'parley reply 5b2c ac'
    [[ $output == *accept* ]]
    run -0 timeout 60 zsh "$BATS_TEST_DIRNAME/complete.zsh" "$share" 'parley claim --to cert'
    [[ $output == *cert.south.example/abuse* ]]
    [ ! -e injected ]
}
