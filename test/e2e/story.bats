#!/usr/bin/env bats
bats_require_minimum_version 1.5.0

# The story as README tells it: a dialogue offered to no avail, then held; a claim each way, one of 10,000 facts; a ranking
# that both compute; a text that both sign; a statement that a stranger verifies.

@test "script/story plays the dialogue to its end, in three languages" {
    run timeout 300 "$BATS_TEST_DIRNAME/../../script/story"
    [ "$status" = 0 ] || { tail -n 5 <<<"$output" && false; }
    [[ $output == *"A dialogue is offered, to no avail"*"cert.south.example"* ]]
    # 4,000 confirmed, 5,000 relayed, 900 not seen, 100 not ours, whatever the words are called.
    for count in 4000 5000 900 100; do grep -q "^ .* $count   " <<<"$output"; done
    # Two documents of origins, by two tables: named where South recomputes them, and again where both are the same.
    [ "$(grep -oE '^     [0-9a-f]{64}' <<<"$output" | sort | uniq -d | wc -l)" = 2 ]
    [[ $output == *"+ cert.south.example/incident 2027-01-15T12:00:00Z"* ]]
    [[ $output == *"The dossier holds."*"One byte changed: refused."* ]]
    # Each side sees the program in its own language.
    [[ $output == *"в очереди"* && $output == *"en file d’attente"* ]]
}
