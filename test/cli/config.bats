#!/usr/bin/env bats
# shellcheck disable=SC2154,SC1111 # bats sets $stderr; the program prints such quotes
# config: what a home's config says, every fault in it, and the example that explains each word.
load helper

home() { parley init --party cert.north.example --department incident --officer a.officer --no-passphrase --quiet >/dev/null; }

@test "shows each setting, and what is so by default" {
    home
    printf 'requests-per-minute 77\n' >>home/config
    run -0 parley config
    [[ $output == *"party                cert.north.example"* ]]
    [[ $output == *"requests-per-minute  77"* && $output != *"77  (as by default)"* ]]
    [[ $output == *"interval             180  (as by default)"* ]]
    run -0 parley config show --json
    [[ $output == *'"requests-per-minute":77'* && $output == *'"party":"cert.north.example"'* ]]
}

@test "finds nothing wrong with a config that init has made" {
    home
    run -0 parley config check
    [ "$output" = "the config is in order" ]
    run -0 parley config check --json
    [ "$output" = '{"faults":[],"ok":true}' ]
}

@test "tells every fault with its line" {
    home
    last=$(wc -l <home/config)
    cat >>home/config <<'END'
listne 127.0.0.1:7443
listen somewhere
requests-per-minute many
interval 0
metrics 192.0.2.1:9464
officer b.officer
log yaml
alone
END
    run -1 --separate-stderr parley config check
    [[ $stderr == *"parley config example"* ]]
    [ "${#lines[@]}" -eq 8 ]
    [[ ${lines[0]} == "$PARLEY_HOME/config:$((last + 1)): no such setting: “listne”" ]]
    [[ ${lines[1]} == *":$((last + 2)): expected an address and a port"*"“somewhere”" ]]
    [[ ${lines[2]} == *":$((last + 3)): requests-per-minute: expected a number from 0 to"* ]]
    [[ ${lines[3]} == *":$((last + 4)): interval: expected a number from 1 to 86400, found “0”" ]]
    [[ ${lines[4]} == *":$((last + 5)): "*"this machine alone"* ]]
    [[ ${lines[5]} == *":$((last + 6)): “officer” stands in line "*" already" ]]
    [[ ${lines[6]} == *":$((last + 7)): expected one of text, json, found “yaml”" ]]
    [[ ${lines[7]} == *":$((last + 8)): expected a word and its value" ]]
    run -1 parley config check --json
    [[ $output == *'"line":'"$((last + 1))"',"text":"no such setting'* && $output == *'"ok":false'* ]]
}

@test "tells ports that are the same, and folders that are not there" {
    home
    printf 'listen 127.0.0.1:7443\nmetrics 127.0.0.1:7443\n' >>home/config
    rmdir home/territory
    mv home/node away
    run -1 --separate-stderr parley config check
    [[ $output == *"listen and metrics have the same port, 7443"* ]]
    [[ $output == *"there is no folder $PARLEY_HOME/node"* ]]
}

@test "the example is the one in doc, and in order once its words are in force" {
    home
    parley config example >example.txt
    diff example.txt "$BATS_TEST_DIRNAME/../../doc/config.example"
    sed -n 's/^#\([a-z][a-z-]* [^ ]*\)$/\1/p' example.txt | grep -vE '^(node|lang) ' >>home/config
    run -0 parley config check
    cp example.txt home/config
    run -0 parley config check
}

@test "what people write into the config stays when the program writes it" {
    home
    sed -i '1a # why we listen nowhere: ask the administrator\ninterval 60' home/config
    cp home/config before
    run -3 parley config check --home nowhere
    run -2 parley config mend
    run -0 parley config show
    [[ $output == *"interval             60"* ]]
    diff before home/config
}
