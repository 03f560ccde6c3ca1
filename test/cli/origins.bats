#!/usr/bin/env bats
# shellcheck disable=SC2154,SC2016 # bats sets $stderr; $kind is a name in JSON
# origins: counts by territory, never without their caveats.
load helper

HEAD='# parley facts v1
first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence'
AUTHOR='The origin of traffic is not its author'

# Two tables that disagree, and a sheet: AQ has most events, BV most sources.
prepare() {
    printf '%s\n' 11.0.0.0,11.0.255.255,AQ 11.1.0.0,11.1.255.255,BV >a.csv
    printf '%s\n' 11.0.0.0,11.0.255.255,AQ 11.1.0.0,11.1.0.1,BV 11.1.0.2,11.1.255.255,GS >b.csv
    echo '11.0.0.0,11.1.255.255,64500,"A, network"' >n.csv
    parley territory compile --quiet --date 2026-03-01 --basis registry --credit "Vendor A, CC0 1.0" -o a.table a.csv n.csv >/dev/null
    parley territory compile --quiet --date 2025-03-01 --basis geolocation -o b.table b.csv >/dev/null
    {
        echo "$HEAD"
        sort <<'END'
2026-03-01T06:00:00Z,2026-03-01T06:00:08Z,11.0.0.1,,203.0.113.5,22,,tcp,brute-force,40,
2026-03-01T06:00:00Z,2026-03-01T06:00:09Z,11.1.0.1,,203.0.113.5,22,,tcp,brute-force,2,
2026-03-01T06:00:01Z,2026-03-01T06:00:09Z,11.1.0.2,,203.0.113.6,22,,tcp,brute-force,2,
2026-03-01T06:00:01Z,2026-03-01T06:00:09Z,192.0.2.9,,203.0.113.6,22,,tcp,brute-force,1,
2026-03-01T06:00:01Z,2026-03-01T06:00:09Z,13.0.0.9,,203.0.113.6,22,,udp,ddos,1,
END
    } >sheet.csv
}

@test "one table: ranks, counts and bars, with what no count is shown without" {
    prepare
    run -0 --separate-stderr parley origins sheet.csv --territory a.table
    [[ $output == *"$(sha256sum sheet.csv | cut -d ' ' -f 1)"* ]]
    [[ $output =~ unit\ counted\ +sources ]]
    [[ $output =~ total\ +sources:\ 5,\ events:\ 46,\ targets:\ 2\;\ facts:\ 5 ]]
    hash=$(parley territory show --json a.table | sed 's/.*"hash":"\([0-9a-f]*\)".*/\1/')
    [[ $output == *"a, basis registry, of 2026-03-01T00:00:00Z, $hash"* ]]
    [[ $output =~ 1\ +BV\ +Bouvet\ Island\ +2\ +4\ +2\ +40\.0\ %\ +█ ]]
    [[ $output =~ 2\ +AQ\ +Antarctica\ +1\ +40\ +1\ +20\.0\ % ]]
    [[ $output =~ -\ +-\ +not\ placed\ by\ the\ table\ +1\ +1\ +1 ]]
    [[ $output =~ -\ +-\ +special-purpose\ addresses\ +1\ +1\ +1 ]]
    [[ $output == *"$AUTHOR"* ]]
    [[ $output == *"where addresses are registered"* ]]
    [[ $output == *UDP* ]]
    [[ $output == *"fewer than 100 sources"* ]]
    [[ $output == *"Vendor A, CC0 1.0"* ]]

    run -0 --separate-stderr parley origins sheet.csv --territory a.table --unit events
    [[ $output =~ 1\ +AQ\ +Antarctica ]]
    [[ $output == *"more than half of the events"* ]]
}

@test "columns stand in every language, and no line ends in spaces" {
    prepare
    for language in en fr ru; do
        LC_ALL=C.UTF-8 LANGUAGE=$language run -0 --separate-stderr parley origins sheet.csv --territory a.table
        [[ $output != *" "$'\n'* ]]
        # The values of sheet, unit, total, period and table begin in one column, two spaces after the longest name.
        starts=$(head -n 5 <<<"$output" | python3 -c 'import re, sys
print(*sorted({re.search("  +(?=[^ ])", line).end() for line in sys.stdin}))')
        [[ $starts =~ ^[0-9]+$ ]]
    done
}

@test "in a narrow terminal names are cut, bars are short and marks are numbers that are told below" {
    prepare
    cat >narrow.py <<'END'
import fcntl, os, pty, struct, sys, termios
pid, terminal = pty.fork()
if not pid:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, int(sys.argv[1]), 0, 0))
    os.execv(sys.argv[2], sys.argv[2:])
shown = b""
try:
    while part := os.read(terminal, 4096):
        shown += part
except OSError:
    pass
sys.stdout.buffer.write(shown.replace(b"\r", b""))
END
    for width in 72 80 200; do
        run -0 --separate-stderr python3 narrow.py $width "$PARLEY" origins sheet.csv --territory a.table --by as
        head=$(grep '^rank' <<<"$output") row=$(grep AS64500 <<<"$output")
        [ "$(LC_ALL=C.UTF-8 wc -m <<<"$head")" -le $((width + 1)) ]
        [ "$(LC_ALL=C.UTF-8 wc -m <<<"$row")" -le $((width + 1)) ]
    done
    [[ $row =~ █\ +few ]]
    run -0 --separate-stderr python3 narrow.py 64 "$PARLEY" origins sheet.csv --territory a.table
    [[ $output =~ special-p…\ +1\ +1\  ]]
    [[ $output =~ BV\ .*40\.0\ %\ +4\ 6$'\n' ]]
    [[ $output == *"  4  few: fewer than 10 sources"* ]]
}

@test "two tables stand side by side, with the differences of their ranks" {
    prepare
    run -0 --separate-stderr parley origins sheet.csv --territory a.table --territory b.table
    [[ $output =~ A\ +a,\ basis\ registry ]]
    [[ $output =~ B\ +b,\ basis\ geolocation ]]
    [[ $output =~ BV\ +Bouvet\ Island\ +1\ +2\ +40\.0\ %\ +1\ +1\ +20\.0\ %\ += ]]
    [[ $output =~ AQ\ +Antarctica\ +2\ +1\ +20\.0\ %\ +1\ +1\ +20\.0\ %\ +-1 ]]
    [[ $output =~ GS\ +South\ Georgia.*-\ +0\ +-\ +1\ +1\ +20\.0\ %\ +-$'\n' ]]
    [[ $output == *"different ranks to 2 of 3 origins"* ]]
    [[ $output == *"$AUTHOR"* ]]
    [[ $output == *"estimates of where the machines stand. (B)"* ]]
    [[ $output == *"older than the last of the data. (B)"* ]]
}

@test "the object repeats byte for byte, and says unit, basis, hash, date and caveats" {
    prepare
    run -0 --separate-stderr parley origins --json sheet.csv --territory a.table
    once=$output
    [[ $once == '{"$kind":"parley origins v1","by":"country","caveats":["origin-is-not-author",'* ]]
    [[ $once == *'"basis":"registry"'*'"date":"2026-03-01T00:00:00Z","hash":"'*'"unit":"sources"}' ]]
    [[ $once == *'"origin":"BV","rank":1,"share_ppm":400000,"sources":2,"targets":2'* ]]
    run -0 --separate-stderr parley origins --json sheet.csv --territory a.table
    [ "$output" = "$once" ]
    run -0 --separate-stderr parley origins --json sheet.csv --territory a.table --territory b.table
    [[ $output == "[$once,"*']' ]]
}

@test "networks are counted as well" {
    prepare
    run -0 --separate-stderr parley origins sheet.csv --territory a.table --by as
    [[ $output =~ 1\ +AS64500\ +A,\ network\ +3\ +44 ]]
    run -0 --separate-stderr parley origins sheet.csv --territory a.table --by as --rank AS64500
    [[ $output == *"A, network: first in sources, first in events, first in targets with the table a; no measure"* ]]
    [[ $output == *"AS64500: rank 1 of 1 by sources (3, 60.0 %), by the table a"* ]]
    run -2 parley origins sheet.csv --territory a.table --by as --rank AQ
}

@test "one rank is asked for, and the answer may be no" {
    prepare
    run -0 --separate-stderr parley origins sheet.csv --territory a.table --territory b.table --rank GS
    [[ $output == *"South Georgia"*": not among the origins with table A (a); first in sources (shared), second in events (shared), first in targets (shared) with table B (b);"* ]]
    [[ $output == *"stands between first and second, and has no rank by some table."* ]]
    [[ $output == *"GS: rank 1 of 3 by sources (1, 20.0 %), by the table b"* ]]
    [[ $output == *"$AUTHOR"* ]]
    run -1 --separate-stderr parley origins sheet.csv --territory a.table --rank GS
    [[ $output == *"$AUTHOR"* ]]
    run -0 --separate-stderr parley origins --json sheet.csv --territory a.table --rank AQ
    [[ $output == '{"$kind":"parley origins rank v1","asked":"AQ"'*'"row":{'*'"rank":2'* ]]
    [[ $output == *'"origin-is-not-author"'* ]]
}

@test "one sentence says how far a rank hangs on measure and table" {
    prepare
    run -0 --separate-stderr parley origins sheet.csv --territory a.table --territory b.table --rank AQ
    [[ $output == *"Antarctica: second in sources, first in events, second in targets with table A (a); first in sources (shared), first in events, first in targets (shared) with table B (b); by measure and table it stands between first and second."* ]]
    run -0 --separate-stderr parley origins --json sheet.csv --territory a.table --rank AQ
    [[ $output == *'"ranks":{"events":1,"sources":2,"targets":2}'* ]]
}

@test "lists of relays and of shared addresses mark the rows, and are named" {
    prepare
    printf '%s\n' 'ExitNode 00' 'ExitAddress 11.0.0.1 2026-03-01 00:00:00' >exits.txt
    echo '11.1.0.0/31 a carrier' >carriers.txt
    run -0 --separate-stderr parley origins sheet.csv --territory a.table --relays exits.txt --cgnat carriers.txt
    [[ $output =~ AQ\ +Antarctica.*█\ +relay,\ few,\ unplaced ]]
    [[ $output =~ BV\ +Bouvet\ Island.*█\ +shared,\ few,\ unplaced ]]
    [[ $output =~ not\ placed.*\ forged$'\n' ]]
    [[ $output == *"known relays or exits: who used them came from elsewhere"* ]]
    [[ $output == *"Relays and exits by the list exits.txt, $(sha256sum exits.txt | cut -d ' ' -f 1)"* ]]
    run -0 --separate-stderr parley origins --json sheet.csv --territory a.table --relays exits.txt
    [[ $output == *'"caveats":["known-relay","small-numbers","unknown-share"]'*'"origin":"AQ"'* ]]
    [[ $output == *"\"lists\":{\"relays\":{\"entries\":1,\"name\":\"exits.txt\",\"sha256\":\"$(sha256sum exits.txt | cut -d ' ' -f 1)\"}}"* ]]
    echo 11.1.0.1/16 >carriers.txt
    run -4 --separate-stderr parley origins sheet.csv --territory a.table --cgnat carriers.txt
    [[ $stderr == *carriers.txt*11.1.0.1/16* ]]
    run -2 --separate-stderr parley origins 5b2c --territory a.table --send --relays exits.txt
}

@test "origins with few sources are put together on request, and that is said" {
    prepare
    run -0 --separate-stderr parley origins sheet.csv --territory b.table --suppress 2
    [[ $output =~ -\ +-\ +origins\ with\ few\ sources\ +3\ +44\ +2 ]]
    [[ $output != *Antarctica* ]]
    [[ $output == *"put together on request"* ]]
    [[ $output == *"asked for below 2 sources: 3"* ]]
    run -0 --separate-stderr parley origins --json sheet.csv --territory b.table --suppress 2
    [[ $output == *'"put_together":{"below":2,"origins":3}'* ]]
    run -0 --separate-stderr parley origins --json sheet.csv --territory a.table --suppress 1
    [[ $output == *'"put_together":{"below":1,"origins":0}'* ]]
}

@test "a report has ranking and map as SVG, with all that no number is shown without" {
    prepare
    run -0 --separate-stderr parley origins sheet.csv --territory a.table --territory b.table --rank AQ --svg out.svg
    [[ $output == *"$AUTHOR"* ]]
    python3 - out.svg <<'END'
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
svg = "{http://www.w3.org/2000/svg}"
assert [child.tag for child in root][:2] == [svg + "title", svg + "desc"] and root.get("role") == "img"
assert not any("script" in element.tag for element in root.iter())
assert float(root.get("width")[:-2]) <= 190 and float(root.get("height")[:-2]) <= 277, "more than A4"
texts = [("".join(text.itertext()), text.get("class")) for text in root.iter(svg + "text")]
words = [text for text, _ in texts]
first = [text for text, kind in texts if kind == "first"]
assert len(first) == 1 and first[0].startswith("The origin of traffic is not its author. "), first
# The slope: the one asked for is told apart, changes are in words, and what has no territory has its own row.
ways = [way.get("class") for way in root.iter(svg + "path") if (way.get("class") or "").startswith("way")]
assert sorted(ways) == ["way", "way asked", "way moved"], ways
assert {"same", "2 → 1", "– → 1", "no territory"} <= set(words), words
assert ("Antarctica", "asked") in texts and ("Bouvet Island", "asked") not in texts
# Each count has letters behind it: the unit, all, its marks and its table.
ups = {text for text, kind in texts if kind == "up"}
assert ups and all(up[:2] == "ab" and up[-1] in "AB" for up in ups), ups
circles = {(c.get("class"), c.find(svg + "title").text): float(c.get("r"))
           for c in root.iter(svg + "circle") if c.find(svg + "title") is not None}
if circles:  # built with the shapes of countries: areas are counts, one measure for both tables
    assert len(circles) == 5, circles
    aq, bv = "Antarctica: table A 1, table B 1", "Bouvet Island: table A 2, table B 1"
    gs = "South Georgia and the South Sandwich Islands: table A 0, table B 1"
    assert abs(circles["a", bv] ** 2 / circles["a", aq] ** 2 - 2) < 0.001
    assert circles["b", aq] == circles["a", aq] == circles["b differ", bv] == circles["b differ", gs]
    assert any("say nothing about whose a territory is" in word for word in words)
page = " ".join(words)
for needed in ("Unit: sources", "basis registry", "basis geolocation", "2026-03-01", "2025-03-01",
               "Vendor A, CC0 1.0", "few: fewer than 10 sources", "estimates of where the machines stand"):
    assert needed in page, needed
END
    run -0 --separate-stderr parley origins sheet.csv --territory a.table --by as --svg -
    [[ $output == '<svg '* ]]
    [[ $output == *"A, network"* ]]
    [[ $output != *'<use'* ]]
    [[ $output == *'class="bar"'* ]]
}

@test "a code that is no country is shown as such" {
    prepare
    printf '%s\n' 11.0.0.0,11.0.255.255,EU 11.1.0.0,11.1.255.255,BV >eu.csv
    parley territory compile --quiet --date 2026-03-01 -o eu.table eu.csv >/dev/null
    run -0 --separate-stderr parley origins sheet.csv --territory eu.table
    [[ $output =~ -\ +EU\ +by\ the\ table\ a\ code\ that\ is\ no\ country\ +1\ +40\ +1 ]]
    [[ $output =~ -\ +-\ +not\ placed\ by\ the\ table\ +1\ +1\ +1 ]]
    run -0 --separate-stderr parley origins --json sheet.csv --territory eu.table
    [[ $output == *'"origin":"none-EU"'* ]]
}

@test "findings split the events" {
    prepare
    cat >findings.csv <<'END'
# parley findings v1
fact,finding,count,first_seen,last_seen,upstream_ip,note
0,relayed,,,,,
2,refuted,,,,,
END
    run -0 --separate-stderr parley origins sheet.csv --territory a.table --unit events --findings findings.csv
    [[ $output =~ rank.*supported\ +refuted\ +silent\ +unanswered ]]
    [[ $output =~ 1\ +AQ\ +Antarctica\ +1\ +40\ +1\ +86\.9\ %\ +40\ +0\ +0\ +0 ]]
    run -0 --separate-stderr parley origins --json sheet.csv --territory a.table --findings findings.csv
    [[ $output == *"\"findings_sheet\":\"$(sha256sum findings.csv | cut -d ' ' -f 1)\""* ]]
    sed -i 's/^2,/9,/' findings.csv
    run -4 --separate-stderr parley origins sheet.csv --territory a.table --findings findings.csv
    [[ $stderr == *findings.csv*9* ]]
}

@test "countries have names in the reader's language" {
    prepare
    LC_ALL=C.UTF-8 LANGUAGE=fr run -0 --separate-stderr parley origins sheet.csv --territory a.table
    [[ $output == *"Antarctique"* ]]
}

@test "what can't be counted is refused" {
    prepare
    run -2 parley origins sheet.csv
    run -2 parley origins --territory a.table
    run -2 parley origins sheet.csv --territory a.table --by city
    run -2 parley origins sheet.csv --territory a.table --unit attacks
    run -2 parley origins sheet.csv --territory a.table --rank Antarctica
    run -3 parley origins sheet.csv --territory c.table
    run -3 parley origins no-such-sheet.csv --territory a.table
    run -4 --separate-stderr parley origins a.csv --territory a.table
    [[ $stderr == *a.csv* ]]
    run -4 parley origins sheet.csv --territory a.csv
}
