# Completion of parley's commands for bash 4.2 and later.  Printed from the program's own tables; script/pages writes it
# anew.
# shellcheck shell=bash

@TABLES@

# Asks parley itself, for two seconds at most, about the home that was named on the line; it is given no terminal, and so
# never asks for a passphrase: a home whose keys it can't open has nothing to offer.
_parley_ask() {
    local i home=()
    for ((i = 2; i < COMP_CWORD; i++)); do
        if [[ ${COMP_WORDS[i]} == --home ]]; then
            home=(--home "${COMP_WORDS[i + 1]}")
            [[ ${home[1]} != = ]] || home[1]=${COMP_WORDS[i + 2]}
            home[1]=${home[1]/#\~\//$HOME/}
        fi
    done
    timeout 2 "${COMP_WORDS[0]/#\~\//$HOME/}" "$@" "${home[@]}" --json 2>/dev/null </dev/null
}
# The names of cases, parties and drafts hold nothing but these characters: what else came is not offered.
_parley_names() { # WHAT
    case $1 in
    case) _parley_ask cases --brief | grep -oE '"case":"[a-z0-9.-]+/[0-9a-f]{8}' | sed 's|.*/||' ;;
    party) _parley_ask peers | grep -oE '"party":"[a-z0-9.-]+"' | cut -d'"' -f4 | sort -u ;;
    department)
        _parley_ask peers | grep -oE '"departments":\[[a-z0-9.,"-]*\]|"party":"[a-z0-9.-]+"' | tr -d '[]"' | awk -F: '
            $1 == "departments" {count = split($2, list, ",")}
            $1 == "party" {for (i = 1; i <= count; i++) print $2 "/" list[i]}' | sort -u
        ;;
    draft) _parley_ask drafts | grep -oE '"id":"[0-9a-f]{8}' | cut -d'"' -f4 ;;
    esac
}

_parley_offer() { # those of the words that begin with what is typed
    local word
    for word in "$@"; do
        [[ $word != "$current"* ]] || COMPREPLY+=("$word")
    done
}

_parley_as() { # CHOICES: see script/completion
    local choice names
    local IFS=$' \t\n'
    for choice in ${1//|/ }; do
        # shellcheck disable=SC2086 # lists of words
        case $choice in
        =*) _parley_offer "${choice#=}" ;;
        @*) _parley_offer ${_parley_lists[${choice#@}]} ;;
        command) _parley_offer "${!_parley_options[@]}" ;;
        file)
            mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current")
            compopt -o filenames 2>/dev/null
            ;;
        folder)
            mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -- "$current")
            compopt -o filenames 2>/dev/null
            ;;
        case | party | department | draft)
            mapfile -t names < <(_parley_names "$choice")
            _parley_offer "${names[@]}"
            ;;
        esac
    done
    [[ $1 != department ]] || compopt -o nospace 2>/dev/null
}

# What may stand where the words that were typed before end, by each order of words that they fit.
_parley_place() { # COMMAND WORD…
    local order place i fits words=("${@:2}")
    while read -r -a order; do
        fits=1
        for ((i = 0; i < ${#words[@]} && i < ${#order[@]}; i++)); do
            [[ ${order[i]} != =* || "|${order[i]}|" == *"|=${words[i]}|"* ]] || fits=0
        done
        i=${#words[@]}
        if ((i >= ${#order[@]})); then
            i=$((${#order[@]} - 1))
            [[ $i -ge 0 && ${order[i]} == *+ ]] || fits=0
        fi
        if ((fits)); then
            place=${order[i]%+}
            _parley_as "$place"
        fi
    done <<<"${_parley_words[$1]-}"
}

_parley() {
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} words=()
    local option takes i
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        _parley_offer "${!_parley_options[@]}"
        return
    fi
    [[ -n ${_parley_options[$command]-} ]] || return 0
    local -A values=()
    while read -r option takes; do values[$option]=$takes; done <<<"${_parley_options[$command]}"
    # `--option=value` comes as three words.
    if [[ $current == = ]]; then
        current=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if [[ -n ${values[$before]-} && ${values[$before]} != - ]]; then
        _parley_as "${values[$before]}"
        return
    fi
    if [[ $current == -* ]]; then
        _parley_offer "${!values[@]}" --help
        return
    fi
    for ((i = 2; i < COMP_CWORD; i++)); do
        option=${COMP_WORDS[i]}
        if [[ $option == -* ]]; then
            [[ ${COMP_WORDS[i + 1]} != = ]] || i=$((i + 1))
            [[ ${values[$option]--} == - ]] || i=$((i + 1))
        else
            words+=("$option")
        fi
    done
    _parley_place "$command" "${words[@]}"
}

complete -F _parley parley
