#!/bin/sh
# usage: man.sh PROGRAM FOLDER: whether the pages in FOLDER are what PROGRAM writes of its texts, no more and no fewer;
# whether their examples use options that there are; and, where mandoc is at hand, whether it finds nothing to complain of.
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
"$1" "$2" "$folder" || exit 1
cp "$2"/*.txt "$2/meson.build" "$folder"
diff -ru "$2" "$folder" || { echo "$2 differs from what the program writes: run script/pages" && exit 1; }
failed=0
for text in "$2"/*.txt; do # of a command that is gone
    name=$(basename "$text" .txt)
    [ -f "$2/$name.1" ] || [ -f "$2/$name.5" ] || [ -f "$2/$name.7" ] || [ -f "$2/parley-$name.1" ] || { echo "$text has no page" && failed=1; }
done

# COMMAND OPTION, of each line of the examples: after a pipe another program begins.
examples() {
    sed -e ':more' -e '/\\$/{N; s/\\\n//; b more' -e '}' "$2"/*.txt | sed -n 's/^    \(.*| *\)\{0,1\}parley /parley /p' |
        awk '{for (i = 3; i <= NF; i++) if ($i ~ /^--?[a-z]/) print $2, $i}' | sed 's/=.*//' | sort -u
}
examples "$@" >"$folder/examples"
while read -r command option; do
    escaped=$(printf '%s' "$option" | sed 's/-/\\\\-/g')
    [ "$option" = --help ] || grep -qE "^.fB$escaped.fR" "$folder/parley-$command.1" ||
        { echo "an example has parley $command $option, and there is no such option" && failed=1; }
done <"$folder/examples"

command -v mandoc >/dev/null || exit "$failed"
# The pages bear no date, so that they change only when the program does.
! mandoc -T lint -W warning "$folder"/*.[157] | grep -v 'missing date, using ""' || failed=1
exit "$failed"
