# Makes rules_own.c of the files of rules: each becomes a string.
BEGIN {
    print "/* Made of src/line/rules by rules_own.awk. */"
    print "#include \"line/rules.h\""
    print ""
    print "const struct rules_file rules_own[] = {"
}
FNR == 1 {
    if (NR > 1) print "    },"
    name = FILENAME
    sub(/.*\//, "", name)
    sub(/\.rules$/, "", name)
    print "    {\"" name "\","
}
{
    gsub(/\\/, "&&")
    gsub(/"/, "\\\\&")
    print "     \"" $0 "\\n\""
}
END {
    print "    },"
    print "};"
    print "const size_t rules_own_count = sizeof rules_own / sizeof *rules_own;"
}
