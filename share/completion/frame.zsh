#compdef parley
# Completion of parley's commands for zsh.  Printed from the program's own tables; script/pages writes it anew.

@TABLES@

# Asks parley itself, for two seconds at most, about the home that was named on the line; it is given no terminal, and so
# never asks for a passphrase: a home whose keys it can't open has nothing to offer.
_parley_ask() {
    local -a home
    [[ -z ${opt_args[--home]-} ]] || home=(--home ${~${opt_args[--home]}})
    timeout 2 ${~_parley_program} "$@" $home --json 2>/dev/null </dev/null
}
# Titles are other people's words: only what can be seen of them is shown, and nothing in them is run.
_parley_cases() {
    local -a found
    found=(${(f)"$(_parley_ask cases --brief | sed 's/{"case"/\n&/g' |
        sed -nE 's|^\{?.*"case":"[a-z0-9.-]+/([0-9a-f]{8})[^"]*".*"title":"([^"]*)".*|\1:\2|p' | tr -d '\000-\010\013-\037')"})
    _describe -t cases case found
}
_parley_peers() { # party|department
    local -a found
    found=(${(f)"$(_parley_ask peers | grep -oE '"departments":\[[a-z0-9.,"-]*\]|"party":"[a-z0-9.-]+"' | tr -d '[]"' |
        awk -F: -v what=$1 '$1 == "departments" {count = split($2, list, ",")}
            $1 == "party" && what == "party" {print $2}
            $1 == "party" && what != "party" {for (i = 1; i <= count; i++) print $2 "/" list[i]}' | sort -u)"})
    _describe -t parties $1 found
}
_parley_drafts() {
    local -a found
    found=(${(f)"$(_parley_ask drafts | grep -oE '"id":"[0-9a-f]{8}' | cut -d'"' -f4)"})
    _describe -t drafts draft found
}

_parley_as() { # CHOICES: see script/completion
    local choice
    local -a literal list
    for choice in ${(s:|:)1}; do
        case $choice in
        '='*) literal+=(${choice#=}) ;;
        '@'*) list=(${(f)_parley_lists[${choice#@}]}) && _describe -t words word list ;;
        command) _describe -t commands command _parley_commands ;;
        file) _files ;;
        folder) _files -/ ;;
        case) _parley_cases ;;
        party | department) _parley_peers $choice ;;
        draft) _parley_drafts ;;
        esac
    done
    (( ! $#literal )) || _describe -t words word literal
}

# What may stand where the words that were typed before end, by each order of words that they fit.
_parley_place() { # COMMAND; $words begins with it
    local line i fits
    local -a order before
    for (( i = 2; i < CURRENT; i++ )); do
        if [[ $words[i] != -* ]]; then
            before+=($words[i])
        elif [[ $words[i] != *'='* && -n ${(M)${(f)_parley_options[$1]}:#(\*|)$words[i](=|)\[*\]:*} ]]; then
            (( i++ )) # its value
        fi
    done
    for line in ${(f)_parley_words[$1]}; do
        order=(${(s: :)line})
        fits=1
        for (( i = 1; i <= $#before && i <= $#order; i++ )); do
            [[ $order[i] != '='* || "|$order[i]|" == *"|=$before[i]|"* ]] || fits=0
        done
        i=$(( $#before + 1 ))
        if (( i > $#order )); then
            i=$#order
            [[ $order[i] == *+ ]] || fits=0
        fi
        (( ! fits )) || _parley_as ${order[i]%+}
    done
}

_parley() {
    local _parley_program=$words[1] command=$words[2]
    local -a specs
    local -A opt_args
    if (( CURRENT == 2 )); then
        _describe -t commands command _parley_commands
        return
    fi
    (( $+_parley_options[$command] )) || return 1
    specs=(${(f)_parley_options[$command]} '--help[explain it]')
    shift words
    (( CURRENT-- ))
    _arguments -S $specs "*:word: _parley_place $command"
}

_parley "$@"
