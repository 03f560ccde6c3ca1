#!/usr/bin/env bats
# shellcheck disable=SC2154,SC2016 # bats sets $stderr; $kind is a name in JSON
# A joint statement: offered in languages, accepted, published with the dossier that proves it.
# North calls; South's node runs and is called.
load sides

setup_file() {
    make_sides
    printf 'Both sides have looked into it.\n\nIt has stopped.\n' >en
    echo 'Les deux parties ont examiné les faits.' >fr
}
setup() { take_sides en fr; }

offer() { # OPTIONS…: a statement of North, known to both
    n propose cert.south.example --statement en=en --statement fr=fr --title 'What we say' "$@" --json | member case
    exchange
}

@test "without a home it says how to get one" {
    run -3 --separate-stderr parley statement case --dossier file --home none
    [[ $stderr == *"parley init"* ]]
}

@test "what both accepted at TLP:CLEAR is published with the hash of its dossier, and verifies elsewhere" {
    case=$(offer --tlp CLEAR)
    s reply "$case" accept --quiet
    exchange
    n dossier "$case" --all -o proof.tar --quiet >/dev/null
    run -2 n statement "$case"
    run -3 n statement "$case" --dossier absent.tar
    run -0 n statement "$case" --dossier proof.tar -o statement.txt
    sha=$(sha256sum proof.tar | cut -d' ' -f1)
    published=$(cat statement.txt)
    [[ $published == "Joint statement of cert.north.example and cert.south.example
TLP:CLEAR

[en]
Both sides have looked into it.

It has stopped.

[fr]
Les deux parties ont examiné les faits.

Offered by cert.north.example on 2"*", accepted by cert.south.example on 2"*"
SHA-256 of the dossier that proves it (proof.tar, "*" bytes): $sha
"* ]]
    run -0 eval "$(tail -n 1 statement.txt)"
    [[ $output == *"The dossier holds."*"accepted"* ]]
    run -0 s statement "$case" --dossier proof.tar --json
    [[ $output == '{"$kind":"parley joint statement v1","accepted":"'*'"accepted_by":"cert.south.example"'*"\"sha256\":\"$sha\""* ]]
    [[ $output == *'"texts":[{"lang":"en","text":"Both sides have looked into it.\n\nIt has stopped."},{"lang":"fr"'*'"tlp":"CLEAR"}' ]]
    # The statement that both accepted is one text of both languages.
    printf 'parley statement v1\ntext en\n| Both sides have looked into it.\n|\n| It has stopped.\ntext fr\n| Les deux parties ont examiné les faits.\n' >whole
    [[ $published == *"as both accepted it: $(sha256sum whole | cut -d' ' -f1)"* ]]
}

@test "what is not agreed on, or not CLEAR, is not published, and says why" {
    run -4 n propose cert.south.example --statement en=en --statement en=fr
    case=$(offer --tlp CLEAR)
    n dossier "$case" --all -o early.tar --quiet >/dev/null
    run -1 --separate-stderr n statement "$case" --dossier early.tar
    [[ $stderr == *"cert.south.example has not accepted the statement, so it is not a joint one"* ]]
    # With terms that forbid it.
    terms=$(n propose cert.south.example --answer-within 7d --no-press --json | member case)
    exchange
    s reply "$terms" accept --quiet
    exchange
    run -1 --separate-stderr n statement "$case" --dossier early.tar
    [[ $stderr == *"by the terms in force nothing is published before both agree"* ]]
    run -3 --separate-stderr n statement "$terms" --dossier early.tar
    [[ $stderr == *"offers no joint statement"* ]]
    s reply "$case" accept --quiet
    exchange
    # The dossier is older than the acceptance, or of another case, or does not open the text.
    run -1 --separate-stderr n statement "$case" --dossier early.tar
    [[ $stderr == *"does not show that both have accepted"*"parley dossier $case --all"* ]]
    n dossier "$case" -o closed.tar --quiet >/dev/null
    run -1 n statement "$case" --dossier closed.tar
    echo nonsense >nonsense.tar
    run -4 n statement "$case" --dossier nonsense.tar
    n remark "$case" --tlp AMBER 'Between us.' --quiet
    run -3 --separate-stderr n dossier "$case" --all --yes -o more.tar
    [[ $stderr == *"run \`parley sync\`"* ]]
    exchange
    n dossier "$case" --all --yes -o more.tar --quiet >/dev/null
    run -1 --separate-stderr n statement "$case" --dossier more.tar
    [[ $stderr == *"opens the message"*"TLP:AMBER"* ]]
    other=$(offer)
    s reply "$other" accept --quiet
    exchange
    n dossier "$other" --all --yes -o amber.tar --quiet >/dev/null
    run -1 --separate-stderr n statement "$other" --dossier amber.tar
    [[ $stderr == *"agreed on at TLP:AMBER"*"--tlp CLEAR"* ]]
}
