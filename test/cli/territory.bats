#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# territory: tables are compiled, shown and looked into.
load helper

compile() {
    parley territory compile --date 2026-03-01 "$@"
}

@test "a table is compiled, shown and looked into" {
    printf '%s\n' 11.0.0.0,11.0.255.255,AQ 11.0.7.0,11.0.7.255,BV 2a00::,2a00:ffff:ffff:ffff:ffff:ffff:ffff:ffff,GS >countries.csv
    echo '11.0.0.0,11.0.255.255,64500,"A, network"' >networks.csv
    run -0 compile --basis registry --credit "A vendor, CC0 1.0" -o one.table countries.csv networks.csv
    run -0 parley territory show one.table
    [[ $output =~ name\ +one ]]
    [[ $output =~ date\ +2026-03-01T00:00:00Z ]]
    [[ $output =~ basis\ +registry ]]
    [[ $output =~ credit\ +A\ vendor,\ CC0\ 1.0 ]]
    [[ $output =~ source\ +$(sha256sum countries.csv | cut -d ' ' -f 1)\ +3\ +countries.csv ]]
    [[ $output =~ countries\ +3 ]]
    [[ $output =~ networks\ +1 ]]

    run -0 --separate-stderr parley territory lookup one.table 11.0.7.9 11.0.8.0 2a00::1 12.0.0.1 192.0.2.7 ::ffff:11.0.7.9
    [ "${lines[0]}" = $'11.0.7.9\tBV\tBouvet Island\t11.0.7.0-11.0.7.255\tAS64500\tA, network' ]
    [ "${lines[1]}" = $'11.0.8.0\tAQ\tAntarctica\t11.0.8.0-11.0.255.255\tAS64500\tA, network' ]
    [[ ${lines[2]} == $'2a00::1\tGS\tSouth Georgia'* ]]
    [[ ${lines[3]} == $'12.0.0.1\t-\tno territory\t'* ]]
    [[ ${lines[4]} == $'192.0.2.7\t-\tdocumentation\t'* ]]
    [[ ${lines[5]} == $'11.0.7.9\tBV\t'* ]]
}

@test "without a name all tables of the home are told, by the files one opens them with" {
    run -0 parley territory show
    [ -z "$output" ]
    mkdir -p home/territory
    echo 11.0.0.0,11.0.255.255,AQ >c.csv
    compile --basis registry --name one -o home/territory/b.table c.csv
    compile -o home/territory/a.table c.csv
    echo no table >home/territory/notes.txt
    run -0 --separate-stderr parley territory show --home home
    [ "${lines[0]}" = "a.table  unstated  2026-03-01T00:00:00Z  a" ]
    [ "${lines[1]}" = "b.table  registry  2026-03-01T00:00:00Z  one" ]
    [ "${#lines[@]}" -eq 2 ]
    run -0 --separate-stderr parley territory --json -- show
    [[ $output == *'"file":"a.table"'*'"file":"b.table"'*'"name":"one"'* ]]
}

@test "JSON says the same" {
    echo 11.0.0.0,11.0.255.255,AQ >c.csv
    compile -o c.table c.csv 2>/dev/null
    run -0 --separate-stderr parley territory lookup --json c.table 11.0.0.1 10.0.0.1
    [[ $output == '{"addresses":[{"address":"11.0.0.1","country":"AQ","country_name":"Antarctica","end":"11.0.255.255","start":"11.0.0.0"},{"address":"10.0.0.1",'* ]]
    [[ $output == *'"special":"private use"'* ]]
    [[ $output == *'"basis":"unstated"'*'"date":"2026-03-01T00:00:00Z"'* ]]
    run -0 --separate-stderr parley territory show --json c.table
    [[ $output == *"\"sha256\":\"$(sha256sum c.csv | cut -d ' ' -f 1)\""* ]]
}

@test "the hash is that of the canonical source, and of that alone" {
    printf '%s\n' 11.0.0.0,11.0.255.255,AQ 11.1.0.0,11.1.255.255,AQ 12.0.0.0,12.0.0.0,BV >a.csv
    printf '%s\n' 12.0.0.0,12.0.0.0,BV 184549376,184680447,AQ >b.csv # the same, otherwise
    printf '%s\n' start,end,country,asn,as_name 11.0.0.0,11.1.255.255,AQ,, 12.0.0.0,12.0.0.0,BV,, >canonical.csv
    hash=$(sha256sum canonical.csv | cut -d ' ' -f 1)
    for source in a b canonical; do
        run -0 --separate-stderr compile -o $source.table $source.csv
        [[ $output =~ hash\ +$hash ]]
    done
    run -0 --separate-stderr compile --name stream -o - - <a.csv
    cp a.table again.table
    compile --quiet -o a.table a.csv >/dev/null
    cmp a.table again.table
}

@test "a table is found by its name in the home" {
    mkdir -p "$PARLEY_HOME/territory"
    echo 11.0.0.0,11.0.255.255,AQ >c.csv
    compile --quiet -o "$PARLEY_HOME/territory/mine.table" c.csv >/dev/null
    run -0 parley territory lookup mine 11.0.0.1
    [[ $output == $'11.0.0.1\tAQ\t'* ]]
    run -0 parley territory lookup mine.table 11.0.0.1
    run -3 --separate-stderr parley territory lookup other 11.0.0.1
    [[ $stderr == *other*territory* ]]
}

@test "addresses come from standard input, and a bad one is named with its line" {
    echo 11.0.0.0,11.0.255.255,AQ >c.csv
    compile --quiet -o c.table c.csv >/dev/null
    run -0 parley territory lookup c.table - < <(printf '11.0.0.1\n12.0.0.1\n')
    [ "${#lines[@]}" = 2 ]
    run -4 --separate-stderr parley territory lookup c.table - < <(printf '11.0.0.1\n300.0.0.1\n')
    [[ $stderr == *"line 2"*300.0.0.1* ]]
    run -4 parley territory lookup c.table 11.0.0.01
}

@test "comments give date and credit; codes that are no country are told" {
    printf '%s\n' '# Generated: Thu, 25 Jun 2026 04:33:59 GMT' '# Vendor:    A Project' '# License:   CC BY-SA 4.0' \
        11.0.0.0,11.0.0.255,AQ 11.0.1.0,11.0.1.255,EU '11.0.2.0,11.0.2.255,??' >c.csv
    run -0 --separate-stderr parley territory compile -o c.table c.csv
    [[ $output =~ date\ +2026-06-25T04:33:59Z ]]
    [[ $output =~ credit\ +A\ Project,\ CC\ BY-SA\ 4.0 ]]
    [[ $stderr == *"2 rows"*"EU ??"* ]]
    run -0 --separate-stderr parley territory lookup c.table 11.0.1.7 '11.0.2.7'
    [ "${lines[0]}" = $'11.0.1.7\tEU\ta code of the sources that is no country\t11.0.1.0-11.0.1.255' ]
    [ "${lines[1]}" = $'11.0.2.7\t??\ta code of the sources that is no country\t11.0.2.0-11.0.2.255' ]
    run -0 --separate-stderr parley territory lookup --json c.table 11.0.1.7
    [[ $output == *'"address":"11.0.1.7","code":"EU"'* ]]
}

@test "what can't be a table is refused" {
    echo 11.0.0.0,11.0.255.255,AQ >c.csv
    run -2 parley territory compile -o c.table c.csv # no date anywhere
    run -2 compile -o c.table --basis guessed c.csv
    run -2 compile c.csv
    run -2 compile -o c.table
    run -2 compile -o c.table --date yesterday c.csv
    run -2 parley territory
    run -2 parley territory forget c.table
    [ ! -e c.table ]
    echo 11.0.0.0,11.0.255.255 >short.csv
    run -4 --separate-stderr compile -o c.table short.csv
    [[ $stderr == *short.csv*"line 1"* ]]
    printf '%s\n' 11.0.0.0,11.0.255.255,AQ 11.0.9.0,11.0.8.0,AQ >backwards.csv
    run -4 --separate-stderr compile -o c.table backwards.csv
    [[ $stderr == *"line 2"* ]]
    echo 11.0.0.0,11.0.0.255,EU >nothing.csv
    run -4 compile -o c.table nothing.csv
    run -3 compile -o c.table no-such-file.csv
    run -4 parley territory show c.csv
}

@test "a table whose content is not that of its hash is refused" {
    echo 11.0.0.0,11.0.255.255,AQ >c.csv
    compile --quiet -o c.table c.csv >/dev/null
    sed 's/AQ/BV/' c.table >d.table
    run -4 --separate-stderr parley territory show d.table
    [[ $stderr == *d.table*hash* ]]
    head -c -1 c.table >e.table
    run -4 parley territory show e.table
}

# The real tables, where script/setup has installed their sources.
real_tables() {
    here=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    for source in /usr/share/tor/geoip "$here"/build/npm/node_modules/@ip-location-db/asn{,-country}; do
        [ -e "$source" ] || skip "script/setup has not installed the sources of the tables"
    done
    "$here/script/territory" "$BATS_FILE_TMPDIR"
}

@test "the two default tables are made, credited, and agree with a plain search through their sources" {
    real_tables
    run -0 parley territory show "$BATS_FILE_TMPDIR/debian-tor-geoipdb.table"
    [[ $output =~ basis\ +registry ]]
    [[ $output == *"IPFire Project, CC BY-SA 4.0"* ]]
    run -0 parley territory show "$BATS_FILE_TMPDIR/asn-country.table"
    [[ $output == *"NRO (nro.net), CC BY 4.0"* ]]
    python3 "$BATS_TEST_DIRNAME/territory_lookups.py" "$PARLEY" \
        "$BATS_FILE_TMPDIR/debian-tor-geoipdb.table" /usr/share/tor/geoip /usr/share/tor/geoip6
    npm=$here/build/npm/node_modules/@ip-location-db/asn-country
    python3 "$BATS_TEST_DIRNAME/territory_lookups.py" "$PARLEY" "$BATS_FILE_TMPDIR/asn-country.table" \
        "$npm/asn-country-ipv4.csv" "$npm/asn-country-ipv6.csv"
}

@test "the two default tables give the countries that others found for the addresses of real logs" {
    [ -f "${PARLEY_DATA-}/territory/ip_country_three_tables.csv" ] || skip "PARLEY_DATA names no folder with the look-ups"
    [ -f "$BATS_FILE_TMPDIR/asn-country.table" ] || real_tables
    found() { # TABLE: address,country
        tail -n +2 "$PARLEY_DATA/territory/ip_country_three_tables.csv" | cut -d , -f 1 |
            parley territory lookup "$BATS_FILE_TMPDIR/$1" - | awk -F '\t' '{print $1 "," ($2 == "-" ? "" : $2)}'
    }
    for column in 2:asn-country.table 4:debian-tor-geoipdb.table; do
        tail -n +2 "$PARLEY_DATA/territory/ip_country_three_tables.csv" | cut -d , -f "1,${column%%:*}" | sed s/,EU$/,/ >theirs
        found "${column#*:}" >ours
        [ "$(wc -l <ours)" -gt 4000 ]
        diff theirs ours >differences || true
        # a package of another day may differ in a few
        [ "$(grep -c '^<' differences || true)" -le 20 ]
    done
}
