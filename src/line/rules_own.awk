# Makes rules_own.c of the files of rules: each becomes the names of its programs, but for `*` alone, and a string.
function flush() {
    if (name != "") printf "    {\"%s\", \"%s\",\n%s    },\n", name, names, lines
}
BEGIN {
    print "/* Made of src/line/rules by rules_own.awk. */"
    print "#include \"line/rules.h\""
    print ""
    print "const struct rules_file rules_own[] = {"
}
FNR == 1 {
    flush()
    name = FILENAME
    sub(/.*\//, "", name)
    sub(/\.rules$/, "", name)
    names = lines = ""
}
$1 == "program" {
    for (i = 2; i <= NF; i++)
        if ($i != "*") names = names $i " "
}
{
    gsub(/\\/, "&&")
    gsub(/"/, "\\\\&")
    lines = lines "     \"" $0 "\\n\"\n"
}
END {
    flush()
    print "};"
    print "const size_t rules_own_count = sizeof rules_own / sizeof *rules_own;"
}
