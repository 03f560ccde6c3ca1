#!/bin/sh
# usage: completion.sh PROGRAM SCRIPT FOLDER: whether what FOLDER has for shells is what SCRIPT makes of PROGRAM's tables.
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cp "$3"/frame.* "$folder"
"$2" "$1" "$folder" || exit 1
diff -u "$3/parley.bash" "$folder/parley.bash" && diff -u "$3/_parley" "$folder/_parley" && exit 0
echo "$3 differs from what the tables give: run script/pages"
exit 1
