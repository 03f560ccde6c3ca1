#!/usr/bin/env bats
# The frame of the command line: help, version, languages, wrong usage.
load helper

@test "help lists every command, one a line" {
    run -0 parley help
    [[ ${lines[0]} == parley:* ]]
    [[ $output == *$'\n  help '* ]]
    [[ $output == *$'\n  version '* ]]
}

@test "no command is help" {
    run -0 parley help
    expected=$output
    run -0 parley
    [ "$output" = "$expected" ]
    run -0 parley --help
    [ "$output" = "$expected" ]
}

@test "every command that help lists explains itself" {
    for command in $(parley help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'); do
        run -0 parley "$command" --help
        [[ ${lines[0]} == "parley $command"* ]]
        expected=$output
        run -0 parley help "$command"
        [ "$output" = "$expected" ]
    done
}

@test "version is one line" {
    run -0 parley version
    [[ $output =~ ^parley\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
    expected=$output
    run -0 parley --version
    [ "$output" = "$expected" ]
}

@test "wrong usage is told on standard error, with exit status 2" {
    run -2 --separate-stderr parley no-such-command
    [ -z "$output" ]
    [ -n "$stderr" ]
    run -2 --separate-stderr parley help --no-such-option
    [ -z "$output" ]
    [[ $stderr == *--no-such-option* ]]
    run -2 --separate-stderr parley version more words
    [ -z "$output" ]
}

@test "LANGUAGE chooses the language in the locale C.UTF-8 and where no locale is set" {
    LC_ALL=C.UTF-8 LANGUAGE=fr run -0 parley help
    [[ $output == *"afficher la version"* ]]
    run -0 env -u LC_ALL -u LC_MESSAGES -u LANG LANGUAGE=ru "$PARLEY" help
    [[ $output == *"показать версию"* ]]
}

@test "a locale that the system lacks still gives its language" {
    run -0 env -u LANGUAGE LC_ALL=fr_FR.UTF-8 "$PARLEY" help
    [[ $output == *"afficher la version"* ]]
}

@test "the locale C is English, whatever LANGUAGE says" {
    LC_ALL=C LANGUAGE=fr run -0 parley help
    [[ $output == *"print the version"* ]]
}

@test "a page says whether there is --json, and it is so" {
    for command in $(parley help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'); do
        run -0 parley "$command" --help
        [[ ${lines[0]} != *" " ]]
        if [[ $output == *"  --json "* ]]; then continue; fi
        run -2 --separate-stderr parley "$command" --json
        [[ $stderr == *"no such option: --json"* ]]
    done
    [[ $(parley help show) == *"  --json "* && $(parley help init) != *"--json"* ]]
}

@test "what is missing is told with the words that a command takes" {
    run -2 --separate-stderr parley show
    [[ $stderr == *"something is missing: parley show CASE;"* ]]
    run -2 --separate-stderr parley help no-such-command
    [[ $stderr == *"\`parley help\` lists them"* ]]
}
