#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# Reports for browsers and paper: what others wrote stays text in them, both sides get the same bytes, and each stands by
# itself.  Two homes exchange by folders.
load pair

HEAD='# parley facts v1
first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence'
FOUND='# parley findings v1
fact,finding,count,first_seen,last_seen,upstream_ip,note'
TURN=$'\u202e'
AS_OF=(--as-of 2026-04-01T00:00:00Z)

# A claim whose title, text and facts are written to break out of a page, answered in part.
setup_file() {
    BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
    pair
    channel
    {
        echo "$HEAD"
        sort <<'END'
2026-03-01T06:01:00Z,2026-03-01T06:01:09Z,11.0.0.17,50022,203.0.113.5,22,,tcp,brute-force,40,
2026-03-01T06:02:00Z,2026-03-01T06:02:09Z,2001:db8::5,,,,"url:https://a.example/""><script>alert(1)</script>",tcp,phishing,2,
2026-03-01T06:03:00Z,2026-03-01T06:03:09Z,11.0.0.18,,,22,,tcp,brute-force,,
END
    } >sheet.csv
    parley claim --home N --to cert.south.example/abuse --facts sheet.csv --tlp AMBER+STRICT --quiet \
        --title '</title><script>alert(1)</script> & "hands"' --summary "One$TURN <img src=x onerror=alert(2)> two" \
        --own-number 'N-1/<2>' >case
    rest
    printf '%s\n' "$FOUND" '0,confirmed,38,,,,as <b>we</b> keep it' '1,refuted,,,,,not & never' >findings.csv
    parley answer --home S "$(cat case)" findings.csv --quiet
    rest
}
setup() {
    cd "$BATS_TEST_TMPDIR" || exit 1
    unset PARLEY_HOME PARLEY_PASSPHRASE_FILE
    cp -r "$BATS_FILE_TMPDIR"/{N,S,sheet.csv,case} .
    case=$(cat case)
}

check() { python3 "$BATS_TEST_DIRNAME/report.py" "$@"; }
# The cut that both hold, as options.
held() {
    parley show --home N "$case" --json | python3 -c 'import json, sys
cut = json.load(sys.stdin)["cut"]
print("--at", ",".join(str(cut[party]) for party in sorted(cut)))'
}

@test "a case prints the same on both sides, in each language, and nothing breaks out of it" {
    read -ra at <<<"$(held)"
    for language in en fr ru; do
        for home in N S; do
            LC_ALL=C.UTF-8 LANGUAGE=$language parley show --home $home "$case" "${at[@]}" "${AS_OF[@]}" --html >$home.html
        done
        cmp N.html S.html
        grep -q "<html lang=\"$language\">" N.html
        check N.html >text
    done
    LC_ALL=C parley show --home N "$case" "${at[@]}" "${AS_OF[@]}" --html >N.html
    run ! grep -q '<script' N.html
    run -0 check N.html
    [[ $output == *'TLP:AMBER+STRICT claim · N-1/<2> </title><script>alert(1)</script> & "hands"'* ]]
    [[ $output == *'One <img src=x onerror=alert(2)> two'* ]]
    [[ $output == *'url:https://a.example/"><script>alert(1)</script>'* ]]
    [[ $output == *'as <b>we</b> keep it'*'not & never'* ]]
    [[ $output == *"partial by the findings of cert.south.example, 2 of 3 facts answered"* ]]
    [[ $output == *"cert.north.example states cert.south.example finds"* ]]
    [[ $output == *"203.0.113.5 :22 tcp"*"confirmed 38 −2"* ]]
    [[ $output == *"Silent is neither agreement nor disagreement."* && $output == *"Held is not read"* ]]
    [[ $output == *"parley show $case ${at[*]} ${AS_OF[*]} --html"* ]]
    # The line that stands on each sheet of paper: level, number, cut, time, the sheet's name.
    [[ $output == *"TLP:AMBER+STRICT · N-1/<2> · cert.north.example "*", as of 2026-04-01T00:00:00Z · sheet $(sha256sum sheet.csv | cut -d ' ' -f 1)"* ]]
    run -2 --separate-stderr parley show --home N "$case" --html --json
    [[ $stderr == *"--html is a page of its own"* ]]
}

@test "of very many facts those that differ are printed, and what prints the rest" {
    {
        echo "$HEAD"
        seq 0 2000 | awk '{ printf "2026-03-01T%02d:%02d:%02dZ,2026-03-01T23:00:00Z,192.0.2.7,,203.0.113.5,22,,tcp,brute-force,5,\n", $1/3600, $1/60%60, $1%60 }'
    } >many.csv
    many=$(parley claim --home N --to cert.south.example/abuse --facts many.csv --tlp GREEN --title Many --quiet)
    rest
    printf '%s\n' "$FOUND" '0,confirmed,5,,,,' '7,confirmed,4,,,,' '9,refuted,,,,,' >few.csv
    parley answer --home S "$many" few.csv --quiet
    rest
    parley show --home N "$many" --html >many.html
    run -0 check many.html
    [[ $output == *"Facts: 2001. Printed here, for they are refuted or counted otherwise: 2."* ]]
    [[ $output =~ "parley show $many --at "[0-9]+,[0-9]+" --as-of "[0-9TZ:.-]+" --html --all" ]]
    [ "$(grep -c '<th scope="row" class="number">' many.html)" -eq 2 ]
    parley show --home N "$many" --html --all >all.html
    check all.html >text
    [ "$(grep -c '<th scope="row" class="number">' all.html)" -eq 2001 ]
}

@test "the cover of a dossier is what whoever verifies it gets, with no home" {
    run -0 --separate-stderr parley dossier --home N "$case" --all --yes -o case.dossier --cover cover.html
    eval "roots=(${output#*case.dossier})"
    parley verify case.dossier "${roots[@]}" --html --home none >verified.html
    cmp cover.html verified.html
    run -0 check cover.html
    [[ $output == *"TLP:AMBER+STRICT Dossier · cert.north.example · cert.south.example </title><script>"* ]]
    [[ $output == *"The dossier holds."* && $output == *"What is proved"*"What is not proved"* ]]
    [[ $output =~ "open: "[0-9]+", closed: "[0-9]+" Attachments open: 2, closed: 0, erased: 0" ]]
    [[ $output == *"Facts of sheet $(sha256sum sheet.csv | cut -d ' ' -f 1)"*'url:https://a.example/"><script>'*refuted*unanswered* ]]
    [[ $output == *"SHA-256 is $(sha256sum case.dossier | cut -d ' ' -f 1)"* ]]
    # One message alone: its sheet stays closed, and the page says so.
    id=$(parley show --home N "$case" --json | python3 -c 'import json, sys
print(next(m["id"] for m in json.load(sys.stdin)["messages"] if m["kind"] == "claim"))')
    parley dossier --home N "$case" --message "$id" --yes -o one.dossier --cover one.html --quiet >line
    run -0 check one.html
    [[ $output =~ "open: 1, closed: "[1-9] && $output =~ "Attachments open: 0, closed: "[1-9]", erased: 0" && $output != *"Facts of sheet"* ]]
    run -2 parley verify one.dossier "${roots[@]}" --html --json
    run -2 parley verify one.dossier "${roots[@]}" --all
}

@test "origins stand with their caveats, ranking and map, and those of a case with its level" {
    printf '%s\n' 11.0.0.0,11.0.0.17,AQ 11.0.0.18,11.0.0.255,BV >a.csv
    printf '%s\n' 11.0.0.0,11.0.0.255,AQ >b.csv
    parley territory compile --quiet --date 2026-03-01 --basis registry --credit 'Vendor <A>' -o a.table a.csv >made
    parley territory compile --quiet --date 2026-03-01 --basis geolocation -o b.table b.csv >made
    parley origins sheet.csv --territory a.table --html >one.html
    run -0 check one.html
    [[ $output == "Origins by country Origins by country sheet "* ]]
    [[ $output == *"The origin of traffic is not its author."* && $output == *"Vendor <A>"* ]]
    grep -q '<svg xmlns' one.html
    [ "$(grep -o '@page{' one.html | wc -l)" -eq 1 ]
    read -ra at <<<"$(held)"
    for home in N S; do
        parley origins --home $home "$case" --territory a.table --territory b.table --rank AQ "${at[@]}" --html >$home.html
    done
    cmp N.html S.html
    run -0 check N.html
    [[ $output == *"TLP:AMBER+STRICT $case Origins by country Antarctica: "* ]]
    [[ $output == *"B and A give different ranks to"* && $output == *"Table A"*"Table B"* ]]
    run -2 parley origins sheet.csv --territory a.table --html --json
    run -2 parley origins sheet.csv --territory a.table --all
}

@test "a review prints the same on both sides, under the level of the most restricted case" {
    read -ra at <<<"$(held)"
    parley review --home N cert.south.example "${at[@]}" "${AS_OF[@]}" --html >N.html
    parley review --home S cert.north.example "${at[@]}" "${AS_OF[@]}" --html >S.html
    cmp N.html S.html
    run -0 check N.html
    [[ $output == *"TLP:AMBER+STRICT Review: cert.north.example · cert.south.example"* ]]
    [[ $output == *"Silent is neither agreement nor disagreement."* ]]
}
