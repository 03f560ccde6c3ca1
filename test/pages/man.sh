#!/bin/sh
# usage: man.sh PROGRAM FOLDER: whether the pages in FOLDER are what PROGRAM writes of its texts, no more and no fewer;
# and, where mandoc is at hand, whether it finds nothing to complain of.
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
"$1" "$2" "$folder" || exit 1
cp "$2"/*.txt "$folder"
diff -ru "$2" "$folder" || { echo "$2 differs from what the program writes: run script/pages" && exit 1; }
for text in "$2"/*.txt; do # of a command that is gone
    name=$(basename "$text" .txt)
    [ -f "$2/$name.1" ] || [ -f "$2/$name.7" ] || [ -f "$2/parley-$name.1" ] || { echo "$text has no page" && exit 1; }
done
command -v mandoc >/dev/null || exit 0
# The pages bear no date, so that they change only when the program does.
! mandoc -T lint -W warning "$folder"/*.[17] | grep -v 'missing date, using ""'
