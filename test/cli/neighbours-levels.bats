#!/usr/bin/env bats
# Every exit at every TLP level: what is above GREEN leaves only after a person has agreed, and what leaves says its level, or
# is told to have lost it.
load pair

setup() {
    pair
    channel
    sheet_of '2026-03-01T06:55:46Z,2026-03-01T06:58:00Z,192.0.2.17,4444,203.0.113.5,22,,tcp,brute-force,12,' >facts.csv
}
# The case is in $case.
claim() {
    case=$(parley claim --home N --to cert.south.example/abuse --facts facts.csv --title Logins --tlp "$1" --summary Many. \
        --waive 'test addresses' --quiet --json | grep -o '/[0-9a-f]\{8\}' | head -n 1)
    case=${case#/}
}
# COMMAND… writes the file `out` where the level is CLEAR or GREEN; else it refuses, and writes nothing.
gated() { # LEVEL COMMAND…
    rm -f out
    case $1 in
        CLEAR | GREEN) run -0 "${@:2}" && [ -s out ] ;;
        *) run -2 "${@:2}" && [ ! -e out ] ;;
    esac
}

@test "each format leaves at each level as the gate says, and bears the level" {
    for level in CLEAR GREEN AMBER AMBER+STRICT RED; do
        claim "$level"
        for format in stix intelmq intelmq-csv misp iodef xarf xarf-mail arf csv sheet; do
            echo "$level $format"
            gated "$level" parley export "$case" --home N --format "$format" -o out --quiet
            parley export "$case" --home N --format "$format" -o out --quiet --yes --losses lost
            case $format in
                csv | sheet) grep -q '"field":"tlp"' lost ;;
                *) parley import out --json --quiet | grep -qF "\"tlp\":\"$level\"" ;;
            esac
        done
        echo "$level mail"
        gated "$level" parley claim --home N --to mailto:abuse@host.example --facts facts.csv --title Logins --tlp "$level" \
            --waive 'test addresses' -o out --quiet
    done
}
