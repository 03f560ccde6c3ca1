# What `generate --events` planted, as the rows of the sheet that must come out, not yet in their order:
#
#     generate --events … | awk -v window=SECONDS [-v event=EVENT] -f bench/sheet.awk | LC_ALL=C sort
#
# It shares no code with parley and knows the promise alone: lines that agree make one fact, until a silence longer than
# the window ends it; with a window of 0 those of one second that agree in the port, too; a fact has a source port where
# all its lines have the same; an event that is asserted is that of every line that names a peer.  The events must come in
# order of time.
BEGIN { OFS = "," }

function known(word) { return word == "-" ? "" : word }

function print_fact(of, parts) {
    split(of, parts, SUBSEP)
    print first[of], last[of], parts[2], known(port[of]), known(parts[3]), known(parts[4]), "", "tcp", parts[1], count[of], ""
}

{
    kind = event == "" ? $3 : event
    if (kind == "-") next
    of = kind SUBSEP $4 SUBSEP $6 SUBSEP $7
    if (window == 0) of = of SUBSEP $5
    if (of in until && $1 > until[of]) {
        print_fact(of)
        delete until[of]
    }
    if (!(of in until)) {
        first[of] = $2
        port[of] = $5
        count[of] = 0
    }
    if (port[of] != $5) port[of] = "-"
    until[of] = $1 + window
    last[of] = $2
    count[of] += $8
}

END { for (of in until) print_fact(of) }
