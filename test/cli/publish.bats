#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# What is public, as a folder that any web server can serve.  North calls; South's node runs and is called.
load sides

setup_file() {
    make_sides
    printf 'Both sides have looked into it.\n' >en
    printf '%s\n' 11.0.0.0,11.0.255.255,AQ 11.1.0.0,11.1.255.255,BV >a.csv
    parley territory compile --quiet --date 2026-03-01 --basis registry -o a.table a.csv >/dev/null
    {
        echo '# parley facts v1'
        echo 'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence'
        echo "2026-03-01T06:00:00Z,2026-03-01T06:00:09Z,11.0.0.1,,203.0.113.5,22,,tcp,brute-force,4,"
    } >sheet.csv
}
setup() { take_sides en a.table sheet.csv; }

hashes() { grep -o '"[^"]*":"[0-9a-f]\{64\}"' manifest.json | sed 's/"\([^"]*\)":"\(.*\)"/\2  \1/'; }

@test "without a home it says how to get one" {
    run -3 --separate-stderr parley publish site --home none
    [[ $stderr == *"parley init"* ]]
}

@test "the card is published for people, for programs and as others read it" {
    run -0 --separate-stderr n publish site --json
    [[ $stderr == *"security.txt is left out: "*"--about contact="* ]] # the card has none
    [[ $output == '{"files":["card.txt","identity.json",'*'"manifest.json"]'* ]]
    n card show | cmp - site/card.txt
    n card show --rfc2350 | cmp - site/rfc2350.txt
    [[ $(cat site/card.json) == *'"party":"cert.north.example"'* ]]
    grep -q 'href="card.html"' site/index.html || { cat site/index.html; false; }
    (cd site && hashes | sha256sum -c --quiet)
    # The same card gives the same bytes.
    cp -r site before
    n publish site --quiet >/dev/null
    diff -r before site
}

@test "a security.txt is there while it holds, and left out once it has expired" {
    n department set '*' --about contact=mailto:cert@north.example --about expires=2031-01-01T00:00:00Z --quiet
    n card publish --quiet
    n publish site --quiet >/dev/null
    grep -q '^Contact: mailto:cert@north.example' site/.well-known/security.txt
    n department set '*' --about expires=2020-01-01T00:00:00Z --quiet
    n card publish --quiet
    run -0 --separate-stderr n publish site
    [[ $stderr == *'security.txt is left out'* ]]
    [ ! -e site/.well-known/security.txt ]
}

@test "a joint statement goes out with the dossier that proves it, and goes when it is no longer named" {
    case=$(n propose cert.south.example --statement en=en --title 'What we say' --tlp CLEAR --json | member case)
    exchange
    n dossier "$case" --all -o early.tar --quiet >/dev/null
    run -1 --separate-stderr n publish site --dossier early.tar
    [[ $stderr == *'early.tar proves no joint statement'* ]]
    [ ! -e site ]
    s reply "$case" accept --quiet
    exchange
    n dossier "$case" --all -o proof.tar --quiet >/dev/null
    # A dossier does not take the place of a page, nor of another dossier.
    for name in index.html statement.txt statement.json stix.json; do
        mkdir -p named
        cp proof.tar "named/$name"
        run -3 --separate-stderr n publish site --dossier "named/$name"
        [[ $stderr == *"/$name would be written twice"* ]]
    done
    run -3 --separate-stderr n publish site --dossier proof.tar --dossier proof.tar
    [ ! -e site ]
    run -0 n publish site --dossier proof.tar
    [[ $output == *'joint statements 1'* ]]
    page=(site/statements/*/index.html)
    grep -q 'Both sides have looked into it.' "${page[0]}"
    cmp proof.tar "${page[0]%index.html}proof.tar"
    (cd "${page[0]%index.html}" && eval "$(grep -o "parley verify.*" statement.txt)") >verified
    grep -q 'The dossier holds' verified
    n publish site --quiet >/dev/null
    [ ! -e "${page[0]}" ]
}

@test "origins that both computed alike are published where they are CLEAR, else told" {
    mkdir -p {N,S}/territory
    cp a.table S/territory/
    for tlp in AMBER CLEAR; do
        case=$(n claim --to cert.south.example/abuse --facts sheet.csv --title 'Guessed passwords' --tlp "$tlp" --json | member case)
        exchange
        n origins "$case" --territory a.table --send --quiet
        exchange
        s origins "$case" --territory a.table --send --quiet
        exchange
        exchange
    done
    run -0 --separate-stderr n publish site
    [[ $stderr == *'1 table of origins is more restricted than TLP:CLEAR and left out'* ]]
    [[ $output == *'tables of origins 1'* ]]
    table=(site/origins/*/origins.json)
    [[ ${table[0]} == "site/origins/$(sha256sum "${table[0]}" | cut -c1-16)/origins.json" ]]
    grep -q 'without its owner' "${table[0]%origins.json}index.html"
    # Both sides publish the same.
    s publish theirs --quiet >/dev/null
    diff -r site/origins theirs/origins
}

@test "a folder of somebody else's is left alone" {
    mkdir -p site
    echo mine >site/notes.txt
    run -3 --separate-stderr n publish site
    [[ $stderr == *'is no site of parley'* ]]
    [ "$(ls site)" = notes.txt ]
    echo '{}' >site/manifest.json
    run -3 n publish site
    # Nor does a manifest lead anywhere else.
    echo precious >precious
    rm -r site
    mkdir site
    # shellcheck disable=SC2016 # a name in JSON
    echo '{"$kind":"parley site v1","files":{"../precious":"","notes.txt":""}}' >site/manifest.json
    n publish site --quiet >/dev/null
    [ "$(cat precious)" = precious ]
}
