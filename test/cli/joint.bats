#!/usr/bin/env bats
# shellcheck disable=SC2154,SC2016 # bats sets $stderr; $kind is a name in JSON
# Origins that both sides compute: sent, recomputed, agreed to.  North calls; South's node runs and is called.
load sides

# One pair of homes for all tests, with a claim of North whose sources lie in two countries, and two tables.
setup_file() {
    make_sides
    printf '%s\n' 11.0.0.0,11.0.255.255,AQ 11.1.0.0,11.1.255.255,BV >a.csv
    printf '%s\n' 11.0.0.0,11.0.255.255,AQ 11.1.0.0,11.1.0.1,BV 11.1.0.2,11.1.255.255,GS >b.csv
    parley territory compile --quiet --date 2026-03-01 --basis registry -o a.table a.csv >/dev/null
    parley territory compile --quiet --date 2025-03-01 --basis geolocation -o b.table b.csv >/dev/null
    {
        echo '# parley facts v1'
        echo 'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence'
        for source in 11.0.0.1 11.1.0.1 11.1.0.2; do
            echo "2026-03-01T06:00:00Z,2026-03-01T06:00:09Z,$source,,203.0.113.5,22,,tcp,brute-force,4,"
        done
    } >sheet.csv
    printf '%s\n' '# parley findings v1' 'fact,finding,count,first_seen,last_seen,upstream_ip,note' \
        0,relayed,,,,, 1,not-seen,,,,, >findings.csv
}

setup() {
    take_sides sheet.csv findings.csv a.table b.table
    mkdir -p {N,S}/territory
    case=$(n claim --to cert.south.example/abuse --facts sheet.csv --title 'Guessed passwords' --tlp AMBER --json | member case)
    exchange
    s answer "$case" findings.csv --covers 'auth logs=2026-03-01T00:00:00Z/2026-03-02T00:00:00Z' --quiet
    exchange
    exchange
}


@test "of a case the events are split by the findings of its answers" {
    run -0 --separate-stderr n origins "$case" --territory a.table --unit events
    [[ $output == "case "*"$case"*"cut "*"cert.north.example"* ]]
    [[ $output =~ 1\ +BV\ +Bouvet\ Island\ +2\ +8\ +1\ +66\.6\ %\ +0\ +0\ +4\ +4 ]]
    [[ $output =~ 2\ +AQ\ +Antarctica\ +1\ +4\ +1\ +33\.3\ %\ +4\ +0\ +0\ +0 ]]
    run -0 --separate-stderr n origins "$case" --territory a.table --json --shared
    [[ $output == *"\"case\":\"$case\""*'"cut":{"cert.north.example":'*',"cert.south.example":'*'"findings":{"not-seen":4,"unanswered":4}'* ]]
    once=$output
    run -0 --separate-stderr s origins "$case" --territory a.table --json --shared
    [ "$output" = "$once" ]
    run -2 n origins "$case" --territory a.table --findings findings.csv
    run -3 n origins ffffffff --territory a.table
    run -3 --separate-stderr parley origins ffffffff --territory a.table --home none
    [[ $stderr == *"no home"* ]]
}

@test "what one side sent the other recomputes byte for byte, and it is joint once both have sent it" {
    cp a.table S/territory/
    run -3 n origins "$case" --joint
    run -1 n origins "$case" --joint --json
    [[ $output == *'"alike":[],"apart":[]'* ]]
    run -3 s origins "$case" --compare
    n origins "$case" --territory a.table --send --quiet
    run -0 --separate-stderr n origins "$case" --territory a.table --send
    [[ $stderr == *"was sent already"* ]]
    exchange
    sha=$(s show "$case" --json | grep -o '"document":"[0-9a-f]*"' | cut -d'"' -f4)
    run -0 s show "$case"
    [[ $output == *"Origins
  ${sha:0:12}  sources by country; basis registry; table a of 2026-03-01T00:00:00Z
    sent by cert.north.example alone"* ]]
    run -1 s origins "$case" --joint
    run -0 --separate-stderr s origins "$case" --compare
    [[ $output == *"$sha"*"the same: recomputed byte for byte"* ]]
    # More is said: the document still stands at its own cut, and that is what South sends.
    n remark "$case" 'And more.' --quiet
    exchange
    exchange
    run -0 s origins "$case" --compare --json
    [[ $output == *'"differences":[],"reasons":[],"same":true'* ]]
    s origins "$case" --territory a.table --send --quiet
    run -0 --separate-stderr s origins "$case" --territory a.table --send
    [[ $stderr == *"was sent already"* ]]
    exchange
    for who in n s; do
        run -0 "$who" origins "$case" --joint
        [[ $output == *"computed alike by both"*"1     BV "*"2 / 8 / 1"* ]]
        run -0 "$who" show "$case"
        [[ $output == *"computed alike by both"* ]]
        run -0 "$who" origins "$case" --joint --json
        [[ $output == '{"$kind":"parley joint origins v1","alike":[{"document":"'"$sha"*'"origin-is-not-author"'*'"apart":[]'* ]]
    done
}

@test "another table, another cut: both stand, with the difference and why" {
    n origins "$case" --territory a.table --send --quiet
    exchange
    run -3 --separate-stderr s origins "$case" --compare
    [[ $output == *"not recomputed:"*"territory table"*"is not in"* ]]
    run -1 --separate-stderr s origins "$case" --compare --territory b.table
    [[ $output == *"not the same:"*"another territory table was used"*"BV "*"2 / 8 / 1"*"1 / 4 / 1"*"GS "*"- "* ]]
    s answer "$case" <(sed 's/^1,not-seen/1,confirmed/' findings.csv) --quiet
    exchange
    exchange
    s origins "$case" --territory a.table --send --quiet
    exchange
    run -1 n origins "$case" --joint
    [[ $output == *"What the last of each say differently:"*"the findings are those of another cut"*"the findings differ"* ]]
    run -1 n origins "$case" --joint --json
    [[ $output == *'"last_compared":{"differences":[{"cert.north.example":{'* ]]
    run -2 n origins "$case" --joint --compare
    run -2 n origins "$case" --send
}

@test "a text may name origins, which are recomputed before it is signed" {
    echo 'We agree on the counts.' >en
    run -3 n minutes "$case" --text en=en --agreed all --origins ffff --preview
    n origins "$case" --territory a.table --send --quiet
    exchange
    sha=$(n show "$case" --json | grep -o '"document":"[0-9a-f]*"' | cut -d'"' -f4)
    run -0 --separate-stderr n minutes "$case" --text en=en --agreed all --origins "${sha:0:10}" --preview
    [[ $output == *"
origins $sha
text en"* && $stderr == *"sent by one side alone so far"* ]]
    n minutes "$case" --text en=en --agreed all --origins "${sha:0:10}" --quiet
    exchange
    text=$(n show "$case" --json | grep -o '"text":"[0-9a-f]\{64\}"' | head -n 1 | cut -d'"' -f4)
    run -3 --separate-stderr s agree "$case" "$text" --yes
    [[ $stderr == *"not agreed: the origins ${sha:0:12}"*"--unchecked"* ]]
    run -0 --separate-stderr n agree "$case" "$text" --yes --unchecked
    [[ $stderr == *"were not checked"* ]]
    cp a.table S/territory/
    run -0 --separate-stderr s agree "$case" "$text" --yes
    [[ $stderr == *"were recomputed here: the same"* ]]
}
